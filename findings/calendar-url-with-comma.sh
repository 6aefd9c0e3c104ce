#!/bin/sh
# Three of five calendar libraries put backslashes into the address of an event.
#
# Versions: ics 0.7.3, vobject 0.9.9, icalendar 7.3.2 (PyPI), ical-generator 10.2.0, ical.js 2.2.1 (npm). Seen on 2026-11-29.
#
# The value of URL is a URI, in which RFC 5545 (3.3.13) has nothing to escape; only texts such as LOCATION have their commas and
# semicolons escaped. ics, vobject and ical-generator escape them in addresses, too. ical.js, which Thunderbird uses, then reads an address
# with a backslash: a link with `utm_content=morning,blue` arrives with another content, or nowhere. icalendar undoes the backslashes
# when it reads, so a test that writes and reads in Python finds nothing.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet ics==0.7.3 vobject==0.9.9 icalendar==7.3.2
npm init --yes > npm.log
npm install --silent --no-fund --no-audit ical-generator@10.2.0 ical.js@2.2.1

cat > write.py <<'PYTHON'
import datetime
import re

import ics
import icalendar
import vobject

URL = "https://kazi.example/fair/?utm_content=morning,blue"
START = datetime.datetime(2027, 3, 15, 9, tzinfo=datetime.timezone.utc)


def address(text):
    return re.search(r"^URL[^:\n]*:(.*?)\r?$", text, re.M).group(1)


event = icalendar.Event()
event.add("url", URL)
print("icalendar     ", address(event.to_ical().decode()))
written = ics.Event(name="Fair", begin=START, url=URL).serialize()
print("ics           ", address(written))
calendar = vobject.iCalendar()
calendar.add("vevent").add("url").value = URL
calendar.vevent.add("dtstart").value = START.replace(tzinfo=None)
print("vobject       ", address(calendar.serialize()))

text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{written}\r\nEND:VCALENDAR\r\n"
open("ics.ics", "w", newline="").write(text)
print("icalendar reads", icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["URL"])
PYTHON
cat > write.mjs <<'JS'
import fs from "node:fs";
import ical from "ical-generator";
import ICAL from "ical.js";
const url = "https://kazi.example/fair/?utm_content=morning,blue";
const address = (text) => text.match(/^URL[^:\n]*:(.*?)\r?$/m)[1];
const calendar = ical();
calendar.createEvent({ summary: "Fair", start: new Date("2027-03-15T09:00:00Z"), url });
console.log("ical-generator", address(calendar.toString()));
const event = new ICAL.Component("vevent");
event.addPropertyWithValue("url", url);
console.log("ical.js       ", address(event.toString()));
const read = new ICAL.Component(ICAL.parse(fs.readFileSync("ics.ics", "utf8"))).getFirstSubcomponent("vevent");
console.log("ical.js reads  ", read.getFirstPropertyValue("url"));
JS
{ venv/bin/python write.py; node write.mjs; } | tee answers.txt

cat > expected.txt <<'TEXT'
icalendar      https://kazi.example/fair/?utm_content=morning,blue
ics            https://kazi.example/fair/?utm_content=morning\,blue
vobject        https://kazi.example/fair/?utm_content=morning\,blue
icalendar reads https://kazi.example/fair/?utm_content=morning,blue
ical-generator https://kazi.example/fair/?utm_content=morning\,blue
ical.js        https://kazi.example/fair/?utm_content=morning,blue
ical.js reads   https://kazi.example/fair/?utm_content=morning\,blue
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Percent-encode commas and semicolons in the addresses of events.'
