#!/bin/sh
# ical-generator writes the hours of the machine that runs it, and labels them with the zone of the event.
#
# Version: ical-generator 10.2.0. Seen on 2026-11-29.
#
# An event gets a start, here 09:00 in Nairobi as a JavaScript date, and `timezone: "Africa/Nairobi"`. The date is an exact moment, so
# one expects `DTSTART;TZID=Africa/Nairobi:20270315T090000`. On a machine in Nairobi that is what comes out. On a build server in UTC it is
# `TZID=Africa/Nairobi:20270315T060000`: whoever saves the webinar of a landing page in their calendar is three hours early.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit ical-generator@10.2.0
cat > event.mjs <<'JS'
import ical from "ical-generator";
const calendar = ical();
calendar.createEvent({
  summary: "Webinar",
  start: new Date("2027-03-15T09:00:00+03:00"),
  end: new Date("2027-03-15T10:00:00+03:00"),
  timezone: "Africa/Nairobi",
});
console.log(calendar.toString().match(/^DTSTART.*/m)[0]);
JS

for zone in Africa/Nairobi UTC America/New_York; do
  printf '%-17s %s\n' "$zone" "$(TZ=$zone node event.mjs | tr -d '\r')"
done | tee answers.txt

cat > expected.txt <<'TEXT'
Africa/Nairobi    DTSTART;TZID=Africa/Nairobi:20270315T090000
UTC               DTSTART;TZID=Africa/Nairobi:20270315T060000
America/New_York  DTSTART;TZID=Africa/Nairobi:20270315T020000
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Three machines wrote three different times for one moment. Run it with TZ set to the zone of the event, or pass a Luxon date.'
