//! Calendar files of events: times written by hand around the days on which clocks change, and what calendars compare.

use std::collections::BTreeMap;

use crate::support::{Run, Site};
use serde_json::Value;

/// The lines of a calendar file without folds, each with its name before the first `:`.
fn properties(file: &str) -> BTreeMap<String, String> {
    let unfolded = file.replace("\r\n ", "");
    let lines = unfolded.split_terminator("\r\n").filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A text as RFC 5545 (3.3.11) escapes it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n")
}

/// `20270318T070000Z` for `2027-03-18T07:00:00Z`, `20270318` for a day.
fn compact(time: &str) -> String {
    time.replace(['-', ':'], "")
}

/// The calendar files of a build, by their paths.
fn calendar_files(run: &Run) -> BTreeMap<String, String> {
    let files = run.public_files().into_iter().filter(|file| file.ends_with(".ics"));
    files.map(|file| (file.clone(), run.public(&file))).collect()
}

#[test]
fn times_around_clock_changes_are_those_written_by_hand() {
    let site = Site::from_dir("calendars");
    let run = site.build().clean();
    let table = std::fs::read_to_string("tests/sites/calendars/times.json").unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_str(&table).unwrap();
    let files = calendar_files(&run);
    let path = |name: &str| format!("clocks/thanks/{name}.ics");
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), {
        let mut paths: Vec<String> = expected.keys().map(|name| path(name)).collect();
        paths.sort();
        paths
    });
    for (name, expected) in &expected {
        let properties = properties(&files[&path(name)]);
        let text = |key: &str| expected[key].as_str();
        let (start, end) = (text("start").unwrap(), text("end").unwrap());
        let suffix = if start.contains('T') { "" } else { ";VALUE=DATE" };
        assert_eq!(properties[&format!("DTSTART{suffix}")], compact(start), "{name}");
        assert_eq!(properties[&format!("DTEND{suffix}")], compact(end), "{name}");
        assert_eq!(properties["STATUS"], text("status").unwrap_or("CONFIRMED"), "{name}");
        assert_eq!(properties["SEQUENCE"], expected["sequence"].as_u64().unwrap_or(0).to_string(), "{name}");
        assert_eq!(properties["SUMMARY"], escaped(text("summary").unwrap_or("Clocks")), "{name}");
        assert_eq!(properties.get("LOCATION").cloned(), text("location").map(escaped), "{name}");
        let id = name.split('/').next().unwrap();
        let uid = format!("clocks_{id}@clocks.example");
        assert_eq!(properties["UID"], text("uid").unwrap_or(&uid), "{name}");
    }
}

#[test]
fn lines_end_in_crlf_and_have_at_most_75_bytes() {
    let long = "A hall, with ü; and 日本語 ".repeat(40);
    let site =
        Site::from_dir("calendars").edit("content/clocks.md", "place: Messe Berlin", &format!("place: \"{long}\""));
    let run = site.build().clean();
    check_lines(&run);
}

#[track_caller]
fn check_lines(run: &Run) {
    for (file, text) in calendar_files(run) {
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{file}: {text:?}");
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{file}: {line}");
        }
        let (begins, ends) = (text.matches("\r\nBEGIN:").count(), text.matches("\r\nEND:").count());
        assert_eq!((begins, ends), (1, 2), "{file}: {text}");
    }
}

#[test]
fn file_is_the_same_on_every_day_until_the_event_changes() {
    let site = Site::from_dir("calendars");
    const FILE: &str = "clocks/thanks/nairobi/nairobi.ics";
    let first = site.build().clean().public(FILE);
    assert_eq!(properties(&first)["DTSTAMP"], "20270315T000000Z");
    let build_on = |day: &str| site.build_on(day).clean().public(FILE);
    assert_eq!(build_on("2027-03-17"), first);
    let page = "content/clocks.md";
    let text = site.read(page);
    site.write(
        page,
        text.replacen(
            "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00",
            "starts: 2027-03-25 10:00, ends: 2027-03-25 11:00",
            1,
        ),
    );
    let moved = properties(&build_on("2027-03-17"));
    assert_eq!(
        (&*moved["DTSTART"], &*moved["DTSTAMP"], &*moved["SEQUENCE"]),
        ("20270325T070000Z", "20270317T000000Z", "1")
    );
    let calendar_id = |properties: &BTreeMap<String, String>| properties["UID"].clone();
    assert_eq!(calendar_id(&moved), calendar_id(&properties(&first)));
    let text = site.read(page);
    site.write(
        page,
        text.replacen("ends: 2027-03-25 11:00, online", "ends: 2027-03-25 11:00, state: cancelled, online", 1),
    );
    let cancelled = properties(&build_on("2027-03-18"));
    assert_eq!((&*cancelled["STATUS"], &*cancelled["SEQUENCE"]), ("CANCELLED", "2"));
}

#[test]
fn moved_date_of_several_keeps_its_id() {
    let site = Site::from_dir("calendars").edit(
        "content/clocks.md",
        "- { starts: 2027-03-20 }",
        "- { starts: 2027-03-21, moved_from: 2027-03-20 }",
    );
    let file = properties(&site.build().clean().public("clocks/thanks/choice/choice-2027-03-21.ics"));
    assert_eq!(file["UID"], "clocks_choice_2027-03-20@clocks.example");
    assert_eq!(file["DTSTART;VALUE=DATE"], "20270321");
}
