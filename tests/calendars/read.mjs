// Prints the event of each calendar file, as ical.js reads it, the library of Thunderbird.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../web/package.json", import.meta.url));
const ICAL = require("ical.js").default ?? require("ical.js");

/** A day, or an instant in UTC. */
const time = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString().replace(".000Z", "Z"));

for (const path of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  const components = calendar.getAllSubcomponents("vevent");
  if (components.length !== 1) throw new Error(`${path} has ${components.length} events`);
  const value = (name) => components[0].getFirstPropertyValue(name);
  const event = new ICAL.Event(components[0]);
  console.log(
    JSON.stringify({
      start: time(event.startDate),
      end: time(event.endDate),
      stamp: time(value("dtstamp")),
      uid: event.uid,
      status: value("status"),
      sequence: event.sequence,
      summary: event.summary,
      location: event.location ?? "",
      description: event.description,
      url: value("url"),
    }),
  );
}
