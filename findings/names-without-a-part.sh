#!/bin/sh
# Three packages that split a full name into first and last name leave one of the two empty.
#
# Versions: humanparser 2.7.0 and parse-full-name 1.2.7 of npm, nameparser 2.6.0 of PyPI. Seen on 2026-12-01. The people are invented.
#
# - humanparser takes the family name Ma, one of the most frequent in China, for the degree M.A., and the family name Junior of Brazil for a suffix.
# - parse-full-name takes the first names Van, Le and Della for particles of the family name.
# - nameparser takes the first name Prince for a title, and the family name for the first one.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit --ignore-scripts humanparser@2.7.0 parse-full-name@1.2.7
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check nameparser==2.6.0

cat > names.cjs <<'JS'
const { parseName } = require("humanparser");
const { parseFullName } = require("parse-full-name");
const show = (first, last) => `${first || "(none)"}, ${last || "(none)"}`;
for (const name of ["Amina Kamau", "Xin Ma", "Paulo Junior"]) {
  const { firstName, lastName } = parseName(name);
  console.log(`humanparser: ${name}: ${show(firstName, lastName)}`);
}
for (const name of ["Amina Kamau", "Van Tran", "Le Nguyen", "Della Achieng"]) {
  const { first, last } = parseFullName(name);
  console.log(`parse-full-name: ${name}: ${show(first, last)}`);
}
JS
cat > names.py <<'PY'
from nameparser import HumanName

for name in ["Amina Kamau", "Prince Mwangi", "Queen Achieng"]:
    parsed = HumanName(name)
    print(f"nameparser: {name}: {parsed.first or '(none)'}, {parsed.last or '(none)'}")
PY
{ node names.cjs; env/bin/python names.py; } | tee answers.txt

cat > expected.txt <<'TEXT'
humanparser: Amina Kamau: Amina, Kamau
humanparser: Xin Ma: Xin, (none)
humanparser: Paulo Junior: Paulo, (none)
parse-full-name: Amina Kamau: Amina, Kamau
parse-full-name: Van Tran: (none), Van Tran
parse-full-name: Le Nguyen: (none), Le Nguyen
parse-full-name: Della Achieng: (none), Della Achieng
nameparser: Amina Kamau: Amina, Kamau
nameparser: Prince Mwangi: Mwangi, (none)
nameparser: Queen Achieng: Achieng, (none)
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'A CRM that requires a last name refuses such leads, and a message greets the wrong name. Ask for first and last name in two fields.'
