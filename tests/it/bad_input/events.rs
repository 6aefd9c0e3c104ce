//! Events that cannot take place as written: each an error at its place, with what to write.

use crate::support::{CAMPAIGN, Site, assert_each_rejected, invalid};

const EVENT: &str = "event: { starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, online: true, form: [email, name] }";

fn site() -> Site {
    Site::new().edit(CAMPAIGN, "booking:\n      url: https://cal.example.com/kazi", EVENT)
}

#[test]
#[rustfmt::skip]
fn invalid_event_is_an_error_at_its_place() {
    const BAD: &str = "bad-event";
    let times = "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00";
    let whole = "{ starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, online: true, form: [email, name] }";
    assert_each_rejected(
        &site(),
        &[
            invalid(CAMPAIGN, "ends: 2027-03-18 11:00", "ends: «2027-03-18 09:00", "dates-reversed", "write `ends: 2027-03-19 09:00`"),
            invalid(CAMPAIGN, "ends: 2027-03-18 11:00", "ends: «2027-03-17 11:00", "dates-reversed", "from another day"),
            invalid(CAMPAIGN, "ends: 2027-03-18 11:00", "ends: «2027-03-18 10:00", "dates-reversed", "ends when it starts"),
            invalid(CAMPAIGN, times, "starts: 2027-03-18, ends: «2027-03-17", "dates-reversed", "ends before it starts"),
            invalid(CAMPAIGN, times, "starts: «2027-03-18 10:00", BAD, "add `ends: 2027-03-18 11:00`"),
            invalid(CAMPAIGN, "ends: 2027-03-18 11:00", "ends: «2027-03-18", BAD, "the end of this event has no time"),
            invalid(CAMPAIGN, times, "starts: «2027-03-18, ends: 2027-03-18 11:00", BAD, "the start of this event has no time"),
            invalid(CAMPAIGN, "starts: 2027-03-18 10:00", "starts: «18/03/2027 10:00", "bad-date", "write 2027-03-18 10:00"),
            invalid(CAMPAIGN, whole, "«{ online: true, form: [email, name] }", BAD, "this event has no start"),
            invalid(CAMPAIGN, whole, "«{ starts: 2027-03-18, form: [email, name] }", BAD, "`place: …`"),
            invalid(CAMPAIGN, "online: true", "«online: false", BAD, "this event has no place"),
            invalid(CAMPAIGN, "online: true", "online: «yes", "wrong-type", "write `true`"),
            invalid(CAMPAIGN, whole, "«{ starts: 2027-03-18, online: true }", "bad-cta-kind", "visitors cannot register"),
            invalid(CAMPAIGN, whole, "«{ starts: 2027-03-18, online: true, form: [email], url: \"https://tickets.example.com/\" }", "bad-cta-kind", "both a form and the address"),
            invalid(CAMPAIGN, "form: [email, name]", "url: \"https://tickets.example.com/\", «join: \"https://meet.example.com/\"", BAD, "everybody would see it"),
            invalid(CAMPAIGN, "online: true", "online: true, join: «meet.example.com", "bad-url", "https://"),
            invalid(CAMPAIGN, "online: true", "online: true, state: «moved", BAD, "the old one as `moved_from`"),
            invalid(CAMPAIGN, "online: true", "online: true, state: «canceled", BAD, "write `cancelled`"),
            invalid(CAMPAIGN, "online: true", "online: true, state: «tomorrow", BAD, "`cancelled` and `sold_out`"),
            invalid(CAMPAIGN, "online: true", "online: true, «status: cancelled", "unknown-key", "did you mean `state`?"),
            invalid(CAMPAIGN, "online: true", "online: true, «location: Nairobi", "unknown-key", "did you mean `place`?"),
            invalid(CAMPAIGN, "online: true", "online: true, moved_from: «2027-03-18 10:00", BAD, "moved to the time that it had"),
            invalid(CAMPAIGN, "online: true", "online: true, timezone: «Nairobi", "bad-timezone", "Africa/Nairobi"),
            invalid(CAMPAIGN, "online: true", "online: true, timezone: «CEST", "bad-timezone", "write `Europe/Berlin`"),
            invalid(CAMPAIGN, "online: true", "online: true, recording: «/nothing.md", "broken-link", "no page"),
            invalid(CAMPAIGN, "online: true", "online: true, recording: «mailto:a@kazi.example", BAD, "is not a recording"),
            invalid(CAMPAIGN, times, &format!("«starts: 2027-03-18 10:00, dates: [{{ {times} }}]"), BAD, "both `dates` and `starts`"),
            invalid(CAMPAIGN, times, "dates: «[]", "empty-value", "write a date"),
            invalid(CAMPAIGN, times, "dates: [{ «ends: 2027-03-18 }]", "missing-key", "`starts: …`"),
            invalid(CAMPAIGN, times, "dates: [{ starts: 2027-03-18 }, { starts: «2027-03-18 }]", BAD, "start at the same time"),
            invalid(CAMPAIGN, times, "dates: [{ starts: 2027-03-18, «place: Nairobi }]", "unknown-key", "two calls to action"),
            invalid(CAMPAIGN, "[email, name]", "«[name]", "bad-form-fields", "neither `email` nor `phone`"),
            invalid(CAMPAIGN, "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00", "starts: «9999-12-31", "bad-date", "beyond the calendar"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn time_that_the_clocks_skip_is_an_error_with_the_next_one() {
    let skipped = |zone: &str, from: &str, to: &str| format!("timezone: {zone}, starts: {from}, ends: {to}");
    let times = "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00";
    let berlin = skipped("Europe/Berlin", "«2027-03-28 02:30", "2027-03-28 04:00");
    let berlin_end = skipped("Europe/Berlin", "2027-03-28 01:00", "«2027-03-28 02:00");
    let cairo = skipped("Africa/Cairo", "«2027-04-30 00:30", "2027-04-30 02:00");
    let santiago = skipped("America/Santiago", "«2027-09-05 00:00", "2027-09-05 02:00");
    let sydney = skipped("Australia/Sydney", "«2027-10-03 02:59", "2027-10-03 05:00");
    let lord_howe = skipped("Australia/Lord_Howe", "«2027-10-03 02:10", "2027-10-03 05:00");
    const RULE: &str = "bad-date";
    assert_each_rejected(
        &site(),
        &[
            invalid(CAMPAIGN, times, &berlin, RULE, "write `2027-03-28 03:30`"),
            invalid(CAMPAIGN, times, &berlin_end, RULE, "there is no 02:00 on 2027-03-28 in Europe/Berlin"),
            invalid(CAMPAIGN, times, &cairo, RULE, "write `2027-04-30 01:30`"),
            invalid(CAMPAIGN, times, &santiago, RULE, "write `2027-09-05 01:00`"),
            invalid(CAMPAIGN, times, &sydney, RULE, "write `2027-10-03 03:59`"),
            invalid(CAMPAIGN, times, &lord_howe, RULE, "write `2027-10-03 02:40`"),
        ],
    );
}

#[test]
fn time_of_the_sites_zone_is_checked_too() {
    let site = site().edit("site.yaml", "Africa/Nairobi", "Europe/Berlin").edit(
        CAMPAIGN,
        "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00",
        "starts: 2027-03-28 02:30, ends: 2027-03-28 04:00",
    );
    assert_eq!(site.build().error().rule, "bad-date");
}

#[test]
fn legitimate_events_have_no_problem() {
    let times = "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, online: true";
    for keys in [
        "starts: 2027-03-18, online: true",
        "starts: 2027-03-18, ends: 2027-03-18, place: Nairobi",
        "starts: 2027-03-18, ends: 2027-03-20, place: Nairobi, online: true",
        "starts: 2027-03-18 22:00, ends: 2027-03-19 01:00, online: true",
        "starts: 2027-03-18T10:00, ends: 2027-03-18T11:00, online: false, place: Nairobi",
        // Without `online: true`, the address says so.
        "starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, join: https://meet.kazi.example/",
        // In an hour that comes twice, the first one is meant.
        "timezone: Europe/Berlin, starts: 2027-10-31 02:30, ends: 2027-10-31 03:00, online: true",
        // An event in the past, and one after the end of its campaign.
        "starts: 2027-03-01, online: true",
        "starts: 2027-06-01, online: true",
        "dates: [{ starts: 2027-03-18 }, { starts: 2027-03-19, state: sold_out }], state: cancelled, online: true",
        "dates: [{ starts: 2027-03-18 }], online: true",
        "starts: 2027-03-25, moved_from: 2027-03-18 10:00, online: true",
        "starts: 2027-03-18, online: true, recording: https://video.kazi.example/x",
        "starts: 2027-03-18, online: true, recording: /prices.md#teams",
    ] {
        let site = site().edit(CAMPAIGN, times, keys);
        let run = site.check();
        assert_eq!((run.code, &*run.stderr), (Some(0), ""), "{keys}");
    }
}
