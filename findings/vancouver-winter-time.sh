#!/bin/sh
# Packages for calendar files disagree about the hour of a webinar in Vancouver, and one changes events of last winter.
#
# Versions: @touch4it/ical-timezones 1.9.0, timezones-ical-library 2.3.2, @js-joda/timezone 2.25.2, moment-timezone 0.6.6, tzdata 2026.6 of
# Python. Seen on 2026-11-30.
#
# British Columbia keeps summer time, UTC-7, from 2026 on; the zone database has that since this year (2026f here). An event of 10:00 in
# January 2027 is at 17:00 UTC, one of 10:00 in January 2026 was at 18:00 UTC. tzdata and moment-timezone say so.
# - ical-timezones, which the README of ical-generator names, still goes back to UTC-8 every November: 18:00 UTC in 2027.
# - js-joda says the same.
# - timezones-ical-library knows the new rule, and has forgotten the old one: its zone has one offset since 1970, so an event of January 2026
#   moves by an hour in the calendar of everybody who opens its file again.
# Zones are read from the VTIMEZONE by ical.js 2.2.1, as a calendar would.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit @touch4it/ical-timezones@1.9.0 timezones-ical-library@2.3.2 @js-joda/core@6.3.2 \
  @js-joda/timezone@2.25.2 moment-timezone@0.6.6 ical.js@2.2.1
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tzdata==2026.6

cat > hours.mjs <<'JS'
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const ICAL = (await import("ical.js")).default;
const { getVtimezoneComponent } = require("@touch4it/ical-timezones");
const { tzlib_get_ical_block: block } = require("timezones-ical-library");
const joda = require("@js-joda/core");
require("@js-joda/timezone");
const moment = require("moment-timezone");
const ZONE = "America/Vancouver";
/** The hour in UTC that a calendar shows for 10:00 on a day. */
function byCalendar(zone, day) {
  const file = `BEGIN:VCALENDAR\r\n${zone.trim().replace(/\r?\n/g, "\r\n")}\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=${ZONE}:${day.replaceAll("-", "")}T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const calendar = new ICAL.Component(ICAL.parse(file));
  const start = calendar.getFirstSubcomponent("vevent").getFirstPropertyValue("dtstart");
  start.zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
  return new Date(start.toUnixTime() * 1000).toISOString().slice(11, 13);
}
for (const day of ["2026-01-15", "2027-01-15"]) {
  console.log(day, "ical-timezones", byCalendar(getVtimezoneComponent(ZONE), day));
  console.log(day, "timezones-ical-library", byCalendar(block(ZONE)[0], day));
  const inJoda = joda.ZonedDateTime.of(joda.LocalDateTime.parse(`${day}T10:00`), joda.ZoneId.of(ZONE));
  console.log(day, "js-joda", inJoda.toInstant().toString().slice(11, 13));
  console.log(day, "moment-timezone", moment.tz(`${day} 10:00`, ZONE).toISOString().slice(11, 13));
}
JS
cat > hours.py <<'PY'
import datetime
import zoneinfo

zoneinfo.reset_tzpath(to=[])  # The package, and not the zones of the system.
for year in (2026, 2027):
    start = datetime.datetime(year, 1, 15, 10, tzinfo=zoneinfo.ZoneInfo("America/Vancouver"))
    print(start.date(), "tzdata", start.astimezone(datetime.timezone.utc).strftime("%H"))
PY

{ node hours.mjs; python/bin/python hours.py; } | sort | tee answers.txt

sort > expected.txt <<'TEXT'
2026-01-15 ical-timezones 18
2026-01-15 js-joda 18
2026-01-15 moment-timezone 18
2026-01-15 timezones-ical-library 17
2026-01-15 tzdata 18
2027-01-15 ical-timezones 18
2027-01-15 js-joda 18
2027-01-15 moment-timezone 17
2027-01-15 timezones-ical-library 17
2027-01-15 tzdata 17
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Hours in UTC of 10:00 in Vancouver: 18 was right in January 2026, 17 is right in January 2027. Write events in UTC into calendar files.'
