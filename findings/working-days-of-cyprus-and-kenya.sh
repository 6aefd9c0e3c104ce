#!/bin/sh
# A package that counts working days celebrates the Easter of another church in Cyprus, and mourns every year in Kenya.
#
# Versions: workalendar 17.0.0, holidays 0.109, python-dateutil 2.9.0.post0, all of PyPI. Seen on 2026-12-01.
#
# - Cyprus keeps the Orthodox Easter, which is on 2 May 2027: Good Friday is 30 April, and Monday 3 May is a holiday. workalendar derives all
#   days from the Western Easter, 28 March, so its Good Friday is 26 March. It has the right Easter for Greece. And it has
#   the Dormition, 15 August in both countries, on 15 July.
# - In Kenya, 11 February 2020 was a holiday once, for the funeral of a former president. workalendar repeats it every year, and adds 31 December, which
#   is not in the schedule of the Public Holidays Act, Cap. 110.
# holidays and dateutil have the right days.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check workalendar==17.0.0 holidays==0.109 python-dateutil==2.9.0.post0

cat > days.py <<'PY'
import datetime
import warnings

import holidays
from dateutil.easter import EASTER_ORTHODOX, easter
from workalendar.africa import Kenya
from workalendar.europe import Cyprus, Greece

# It warns that Islamic days are estimates. They are not looked at here.
warnings.simplefilter("ignore")
day = datetime.date.fromisoformat
print("Orthodox Easter of dateutil", easter(2027, EASTER_ORTHODOX))
for name, calendar, code, days in [
    ("Greece", Greece(), "GR", ["2027-04-30", "2027-05-03"]),
    ("Cyprus", Cyprus(), "CY", ["2027-03-26", "2027-04-30", "2027-05-03", "2027-07-15"]),
    ("Kenya", Kenya(), "KE", ["2027-02-11", "2027-12-31"]),
]:
    official = holidays.country_holidays(code, years=2027)
    for text in days:
        words = ["works" if calendar.is_working_day(day(text)) else "rests", "rests" if day(text) in official else "works"]
        print(name, text, "workalendar", words[0], "holidays", words[1])
for name, calendar, asked in [("Cyprus", Cyprus(), "2027-04-29"), ("Kenya", Kenya(), "2027-02-10")]:
    print(name, "one working day after", asked, "workalendar", calendar.add_working_days(day(asked), 1))
PY

python/bin/python days.py | tee answers.txt

cat > expected.txt <<'TEXT'
Orthodox Easter of dateutil 2027-05-02
Greece 2027-04-30 workalendar rests holidays rests
Greece 2027-05-03 workalendar rests holidays rests
Cyprus 2027-03-26 workalendar rests holidays works
Cyprus 2027-04-30 workalendar works holidays rests
Cyprus 2027-05-03 workalendar works holidays rests
Cyprus 2027-07-15 workalendar rests holidays works
Kenya 2027-02-11 workalendar rests holidays works
Kenya 2027-12-31 workalendar rests holidays works
Cyprus one working day after 2027-04-29 workalendar 2027-04-30
Kenya one working day after 2027-02-10 workalendar 2027-02-12
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Who promises an answer within a working day promises one for Good Friday in Cyprus, and a lead in Kenya waits a day longer than needed.'
