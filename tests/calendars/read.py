"""Prints the event of each calendar file, as the library icalendar reads it."""

import datetime
import json
import sys

import icalendar


def time(value):
    """A day, or an instant in UTC."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    (event,) = calendar.walk("VEVENT")
    if event.errors or calendar.errors:
        sys.exit(f"{path}: {event.errors} {calendar.errors}")
    print(
        json.dumps(
            {
                "start": time(event.decoded("DTSTART")),
                "end": time(event.decoded("DTEND")),
                "stamp": time(event.decoded("DTSTAMP")),
                "uid": str(event["UID"]),
                "status": str(event["STATUS"]),
                "sequence": int(event["SEQUENCE"]),
                "summary": str(event["SUMMARY"]),
                "location": str(event.get("LOCATION", "")),
                "description": str(event["DESCRIPTION"]),
                "url": str(event["URL"]),
            }
        )
    )
