//! Events: their pages, thank-you pages, states, structured data, register and desk.

use crate::support::html::Page;
use crate::support::{CAMPAIGN, PAGE, Run, SITE, Site};
use serde_json::{Value, json};

const JOIN: &str = "https://meet.kazi.example/spring";

/// The small site with a webinar in a form, and with a fair at a ticket service.
fn event_site() -> Site {
    with_event(
        "starts: 2027-03-18 10:00\n      ends: 2027-03-18 11:00\n      online: true\n      \
         join: https://meet.kazi.example/spring\n      form: [name, email]\n      recording: /prices.md",
    )
}

/// The small site with the event `seat`, whose keys are given, and the event `fair`.
fn with_event(keys: &str) -> Site {
    Site::new()
        .edit(
            CAMPAIGN,
            "  trial:\n",
            &format!(
                "  seat:\n    label: Save my seat\n    event:\n      {keys}\n  \
                 fair:\n    label: Visit us\n    event: {{ starts: 2027-05-01, ends: 2027-05-03, place: \"Hall 4, Nairobi\", \
                 url: \"https://tickets.example.com/fair\" }}\n  trial:\n"
            ),
        )
        .edit(CAMPAIGN, "ends: 2027-03-31\n", "")
        .edit(CAMPAIGN, "Read the", "[](cta:seat) [](cta:fair)\n\n::: offer seat\nCome.\n:::\n\n::: offer fair\nCome.\n:::\n\nRead the")
}

fn card<'p>(page: &'p Page, id: &str) -> &'p str {
    &page.with("id", &format!("cta-{id}")).text
}

fn events(run: &Run, page: &str) -> Vec<Value> {
    let data = run.page(page).json_ld();
    let graph = data["@graph"].as_array().cloned().unwrap_or_default();
    graph.into_iter().filter(|node| node["@type"] == "Event").collect()
}

#[test]
fn card_says_when_and_where_and_has_the_form() {
    let run = event_site();
    let run = run.build().clean();
    let page = run.page("spring/");
    let text = card(&page, "seat");
    for words in [
        "Thursday, 18 March 2027, 10:00–11:00",
        "Nairobi time (UTC+3)",
        "Online",
        "Come.",
        "until 18 March 2027, 11:00",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(page.link("Save my seat").contains("#cta-seat"));
    let hidden: std::collections::BTreeMap<_, _> = {
        let forms = page.all("input").filter(|input| input.has("type", "hidden"));
        forms.map(|input| (input.get("name").to_owned(), input.get("value").to_owned())).collect()
    };
    assert!(hidden.contains_key("lead_tag"));
    let offers: Vec<_> = page.hidden_fields().into_iter().filter(|(name, _)| *name == "offer").collect();
    assert!(offers.contains(&("offer", "2027-03-18T10:00")), "{offers:?}");
    let fair = card(&page, "fair");
    assert!(fair.contains("Saturday, 1 May 2027 to Monday, 3 May 2027") && fair.contains("Hall 4, Nairobi"), "{fair}");
}

#[test]
fn line_for_the_visitors_time_has_the_instants_and_loads_its_script() {
    let site = event_site();
    let run = site.build().clean();
    let page = run.page("spring/");
    let line = page.with("data-starts", "2027-03-18T07:00:00Z");
    assert_eq!((line.get("data-ends"), line.get("data-offset"), &*line.text), ("2027-03-18T08:00:00Z", "180", ""));
    let scripts = |page: &str| {
        let page = run.page(page);
        page.all("script").map(|script| script.get("src").to_owned()).collect::<Vec<_>>()
    };
    let has_times = |page: &str| scripts(page).iter().any(|script| script.starts_with("/theme/times."));
    assert!(has_times("spring/") && has_times("spring/thanks/seat/") && !has_times("prices/"));
}

#[test]
fn link_to_join_is_only_on_the_thank_you_page_and_in_the_calendar_file() {
    let site = event_site();
    let run = site.build().clean();
    let text = |file: &String| {
        String::from_utf8_lossy(&std::fs::read(run.root.join("public").join(file)).unwrap()).replace("\r\n ", "")
    };
    let naming: Vec<String> =
        run.public_files().into_iter().filter(|file| text(file).contains("meet.kazi.example")).collect();
    assert_eq!(naming, ["spring/thanks/seat/index.html", "spring/thanks/seat/seat.ics"]);
    let thanks = run.page("spring/thanks/seat/");
    assert_eq!(thanks.link(JOIN), JOIN);
    assert_eq!(thanks.meta("robots"), "noindex");
    // Search engines learn of the addresses from no page.
    assert!(!run.public("sitemap.xml").contains("thanks"));
}

#[test]
fn thank_you_page_links_the_calendar_file_and_calendars_on_the_web() {
    let site = event_site();
    let run = site.build().clean();
    let page = run.page("spring/thanks/seat/");
    assert_eq!(page.link("Calendar file"), "/spring/thanks/seat/seat.ics");
    assert!(run.has("spring/thanks/seat/seat.ics"));
    for (name, host, expected) in [
        (
            "Google",
            "calendar.google.com",
            &[("dates", "20270318T070000Z/20270318T080000Z"), ("text", "Hire in days")][..],
        ),
        (
            "Outlook.com",
            "outlook.live.com",
            &[("startdt", "2027-03-18T07:00:00Z"), ("enddt", "2027-03-18T08:00:00Z"), ("allday", "false")],
        ),
        ("Microsoft 365", "outlook.office.com", &[("subject", "Hire in days"), ("location", JOIN)]),
        ("Yahoo", "calendar.yahoo.com", &[("st", "20270318T070000Z"), ("et", "20270318T080000Z")]),
    ] {
        let url = url::Url::parse(page.link(name)).unwrap();
        assert_eq!(url.host_str(), Some(host));
        let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        for (key, value) in expected {
            assert_eq!(query.get(*key).map(String::as_str), Some(*value), "{name}: {url}");
        }
    }
}

#[test]
fn whole_days_end_where_each_calendar_expects_it() {
    let site = event_site();
    let run = site.build().clean();
    let page = run.page("spring/");
    let value = |name: &str, key: &str| {
        let url = url::Url::parse(page.link(name)).unwrap();
        let found = url.query_pairs().find(|(own, _)| own == key).map(|(_, value)| value.into_owned());
        found.unwrap_or_default()
    };
    assert_eq!(value("Google", "dates"), "20270501/20270504");
    assert_eq!(
        (value("Outlook.com", "startdt"), value("Outlook.com", "enddt")),
        ("2027-05-01".into(), "2027-05-04".into())
    );
    assert_eq!(
        (value("Yahoo", "st"), value("Yahoo", "et"), value("Yahoo", "dur")),
        ("20270501".into(), "20270503".into(), "allday".into())
    );
    // An event at a service has its calendar file on its own page.
    assert_eq!(page.link("Calendar file"), "/spring/thanks/fair/fair.ics");
    assert!(run.has("spring/thanks/fair/fair.ics") && !run.has("spring/thanks/fair/index.html"));
}

#[test]
fn one_of_several_dates_is_chosen_in_the_form() {
    let site = with_event(
        "dates:\n        - { starts: 2027-03-18 10:00, ends: 2027-03-18 11:00 }\n        \
         - { starts: 2027-03-25 10:00, ends: 2027-03-25 11:00 }\n        \
         - { starts: 2027-03-26 10:00, ends: 2027-03-26 11:00, state: sold_out }\n        \
         - { starts: 2027-03-10 10:00, ends: 2027-03-10 11:00 }\n      online: true\n      form: [email]",
    );
    let run = site.build().clean();
    let page = run.page("spring/");
    let radios: Vec<_> = page.all("input").filter(|input| input.has("type", "radio")).collect();
    let values: Vec<_> = radios.iter().map(|radio| (radio.get("name"), radio.get("value"))).collect();
    assert_eq!(values, [("event_date", "2027-03-18T10:00"), ("event_date", "2027-03-25T10:00")]);
    assert!(radios.iter().all(|radio| radio.attributes.contains_key("required")));
    let text = card(&page, "seat");
    assert!(
        text.contains("Sold out") && text.contains("Over") && text.contains("until 25 March 2027, 11:00"),
        "{text}"
    );
    let files = run.public_files().into_iter().filter(|file| file.ends_with(".ics") && file.contains("/seat/"));
    assert_eq!(files.count(), 4);
    let links: Vec<_> =
        run.page("spring/thanks/seat/").all("a").filter(|link| link.text == "Calendar file").cloned().collect();
    assert_eq!(links.len(), 3, "a date that is over has no links");
    // Several dates have one lead tag for each channel.
    let rows = site.offers_of("spring_seat_acme");
    assert_eq!(rows, ["2027-03-18T10:00 2027-03-25T10:00 2027-03-26T10:00 2027-03-10T10:00 2027-03-15"]);
}

#[test]
fn chosen_date_without_a_field_at_the_destination_is_an_error() {
    let dates = "dates:\n        - { starts: 2027-03-18 }\n        - { starts: 2027-03-19 }\n      online: true\n      form: [name, email]";
    let hubspot = |fields: &str| {
        format!(
            "{{ hubspot: {{ portal: 12345678, form: 0f8fad5b-d9cb-469f-a165-70867728950e, region: eu1{fields} }} }}"
        )
    };
    let site = with_event(dates).edit(SITE, "{ endpoint: https://forms.kazi.example/leads }", &hubspot(""));
    let problem = site.build().error();
    problem.assert(
        "bad-destination-field",
        "content/spring/index.md:25:7",
        &["for the date that a visitor chooses", "fields: { event_date: … }"],
    );
    let site = with_event(dates).edit(
        SITE,
        "{ endpoint: https://forms.kazi.example/leads }",
        &hubspot(", fields: { event_date: webinar_date }"),
    );
    let run = site.build().ok();
    let page = run.page("spring/");
    let radio = page.all("input").find(|input| input.has("type", "radio")).unwrap().clone();
    assert_eq!((radio.get("name"), radio.get("data-field")), ("webinar_date", "event_date"));
}

#[test]
fn event_ends_in_the_site_and_offers_its_recording() {
    let site = event_site();
    let run = site.build_on("2027-03-18").clean();
    assert!(run.stdout.contains("next change on 2027-03-19"), "{}", run.stdout);
    assert!(card(&run.page("spring/"), "seat").contains("You can register"));
    let run = site.build_on("2027-03-19").clean();
    let page = run.page("spring/");
    let text = card(&page, "seat");
    assert!(text.contains("This event is over.") && !text.contains("Your name"), "{text}");
    assert!(page.all("a").filter(|link| link.text == "Watch the recording").all(|link| link.get("href") == "/prices/"));
    assert_eq!(run.page("spring/via/acme/").link("Watch the recording"), "/prices/?via=acme");
    // The thank-you page remains, without the link to join.
    let thanks = run.page("spring/thanks/seat/");
    assert_eq!(thanks.link("Watch the recording"), "/prices/");
    assert!(!run.public("spring/thanks/seat/").contains("meet.kazi.example"));
    assert_eq!(events(&run, "spring/").len(), 1, "only the fair is to come");
    let site =
        with_event("starts: 2027-03-18 10:00\n      ends: 2027-03-18 11:00\n      online: true\n      form: [email]");
    let run = site.build_on("2027-03-19").clean();
    assert!(run.page("spring/").text().contains("Save my seat (over)"));
}

/// Neither place changes its clocks any more, which the zones of an older system do not know.
#[test]
fn zones_are_those_of_the_program_and_not_of_the_system() {
    for (zone, starts) in [("America/Vancouver", "17"), ("America/Edmonton", "16"), ("Europe/Berlin", "09")] {
        let keys = format!(
            "starts: 2028-01-15 10:00\n      ends: 2028-01-15 11:00\n      timezone: {zone}\n      place: Hall 4\n      form: [email]"
        );
        let site = with_event(&keys);
        let run = site.build().clean();
        let file = run.public("spring/thanks/seat/seat.ics");
        assert!(file.contains(&format!("\r\nDTSTART:20280115T{starts}0000Z\r\n")), "{zone}: {file}");
    }
}

#[test]
fn day_of_an_event_ends_in_its_own_time_zone() {
    let keys = "starts: 2027-03-18 22:00\n      ends: 2027-03-18 23:00\n      timezone: America/Los_Angeles\n      online: true\n      form: [email]";
    let site = with_event(keys);
    // In Nairobi it is the morning of 19 March.
    let over = |day: &str| {
        let run = site.build_on(day).clean();
        card(&run.page("spring/"), "seat").contains("is over")
    };
    assert!(!over("2027-03-18") && !over("2027-03-19") && over("2027-03-20"));
}

#[test]
fn cancelled_and_sold_out_events_have_no_form_and_say_so() {
    for (state, text, link, status, availability) in [
        ("cancelled", "This event is cancelled.", "Save my seat (cancelled)", "EventCancelled", "SoldOut"),
        ("sold_out", "This event is sold out.", "Save my seat (sold out)", "EventScheduled", "SoldOut"),
    ] {
        let keys = format!(
            "starts: 2027-03-18 10:00\n      ends: 2027-03-18 11:00\n      state: {state}\n      online: true\n      join: {JOIN}\n      form: [email]"
        );
        let site = with_event(&keys);
        let run = site.build().clean();
        let page = run.page("spring/");
        assert!(card(&page, "seat").contains(text) && page.text().contains(link), "{state}");
        assert!(page.all("form").all(|form| form.get("aria-labelledby") != "cta-seat-title"), "{state}");
        let data = events(&run, "spring/");
        assert_eq!(data[0]["eventStatus"], format!("https://schema.org/{status}"));
        assert_eq!(data[0]["offers"]["availability"], format!("https://schema.org/{availability}"));
        // Those who registered for a full event still get in.
        assert_eq!(run.public("spring/thanks/seat/").contains("meet.kazi.example"), state == "sold_out");
        assert!(run.has("spring/thanks/seat/seat.ics"), "{state}");
        // Its lead tags stay open.
        assert_eq!(site.offers_of("spring_seat_acme"), ["2027-03-18T10:00 2027-03-15"]);
    }
}

#[test]
fn moved_event_tells_its_former_start() {
    let site = with_event(
        "starts: 2027-03-25 10:00\n      ends: 2027-03-25 11:00\n      moved_from: 2027-03-18 10:00\n      place: Hall 4\n      form: [email]",
    );
    let run = site.build().clean();
    assert!(card(&run.page("spring/"), "seat").contains("Moved from Thursday, 18 March 2027, 10:00"));
    let data = &events(&run, "spring/")[0];
    assert_eq!(data["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(data["previousStartDate"], "2027-03-18T10:00:00+03:00");
}

#[test]
fn structured_data_has_times_with_their_offset_and_no_link_to_join() {
    let run = event_site();
    let run = run.build().clean();
    let data = events(&run, "spring/");
    assert_eq!(data.len(), 2);
    let seat = &data[0];
    assert_eq!(
        (&seat["startDate"], &seat["endDate"]),
        (&json!("2027-03-18T10:00:00+03:00"), &json!("2027-03-18T11:00:00+03:00"))
    );
    assert_eq!(seat["location"], json!({ "@type": "VirtualLocation", "url": "https://kazi.example/spring/" }));
    assert_eq!(seat["eventAttendanceMode"], "https://schema.org/OnlineEventAttendanceMode");
    let fair = &data[1];
    assert_eq!((&fair["startDate"], &fair["endDate"]), (&json!("2027-05-01"), &json!("2027-05-03")));
    assert_eq!(fair["location"], json!({ "@type": "Place", "name": "Hall 4, Nairobi", "address": "Hall 4, Nairobi" }));
    let site = with_event(
        "starts: 2027-03-18 10:00\n      ends: 2027-03-18 11:00\n      online: true\n      place: Hall 4\n      form: [email]",
    );
    let both = &events(&site.build().clean(), "spring/")[0];
    assert_eq!(both["eventAttendanceMode"], "https://schema.org/MixedEventAttendanceMode");
    assert_eq!(both["location"].as_array().map(Vec::len), Some(2));
}

#[test]
fn countdown_counts_to_the_start_of_an_event() {
    let countdown = "::: countdown to=seat\n## Soon\n:::\n\n::: offer seat";
    let site = event_site().edit(CAMPAIGN, "::: offer seat", countdown);
    site.check().clean();
    let run = site.build().clean();
    let clock = run.page("spring/");
    let clock = clock.with("role", "timer");
    assert_eq!((clock.get("data-end"), clock.get("data-over")), ("2027-03-18T07:00:00Z", "It has begun."));
    let run = site.build_on("2027-03-19").clean();
    assert!(!run.public("spring/").contains("data-end="), "nothing to count to");
    for (id, help) in [("saet", "did you mean `seat`?"), ("guide", "its events are `seat` and `fair`")] {
        let site = event_site().edit(CAMPAIGN, "::: offer seat", &countdown.replace("to=seat", &format!("to={id}")));
        let problem = site.build().error();
        assert_eq!(problem.rule, "unknown-cta");
        assert!(
            problem.text.contains(&format!("this page has no event `{id}`")) && problem.text.contains(help),
            "{}",
            problem.text
        );
    }
}

#[test]
fn register_explain_and_desk_know_events() {
    let site = event_site();
    let run = site.build().clean();
    assert_eq!(site.offers_of("spring_seat_acme"), ["2027-03-18T10:00 2027-03-15"]);
    assert_eq!(site.offers_of("spring_fair_direct"), ["2027-05-01 2027-03-15"]);
    let explained = site.run(&["explain", "spring_seat_acme"]).clean().stdout;
    for words in [
        "left name and email to register for the event on 18 March 2027, 10:00",
        "18 March 2027, 10:00 to 11:00 (Africa/Nairobi)",
        "online",
        JOIN,
        "/prices.md",
        "you registered for our event on 18 March 2027, 10:00",
    ] {
        let plain = explained.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(words), "{words}: {explained}");
    }
    let json: Value =
        serde_json::from_str(&site.run(&["explain", "spring_seat_acme", "--format", "json"]).clean().stdout).unwrap();
    let text = json.to_string();
    assert!(text.contains("\"timezone\":\"Africa/Nairobi\"") && text.contains("\"kind\":\"event\""), "{text}");
    let desk = run.desk();
    for words in ["18 March 2027, 10:00 to 11:00 (Africa/Nairobi)", "1 May 2027 to 3 May 2027", JOIN] {
        assert!(desk.text().contains(words), "{words}");
    }
    let sources: Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
    assert_eq!(sources["campaigns"]["spring"]["periods"][0]["ctas"]["seat"]["offer"], "2027-03-18T10:00");
    assert!(
        run.sales("lead-sources.csv")
            .contains("spring_seat_acme,spring,seat,acme,event,Save my seat,2027-03-18T10:00,")
    );
    // A changed start is another offer.
    let text = site.read(CAMPAIGN).replace("2027-03-18 1", "2027-03-25 1");
    site.write(CAMPAIGN, text);
    site.build_on("2027-03-16").clean();
    assert_eq!(
        site.offers_of("spring_seat_acme"),
        ["2027-03-18T10:00 2027-03-15 2027-03-16", "2027-03-25T10:00 2027-03-16"]
    );
    let explained =
        site.run(&["explain", "spring_seat_acme", "--date", "2027-03-16", "--on", "2027-03-15"]).clean().stdout;
    assert!(explained.contains("the event on 18 March 2027, 10:00"), "{explained}");
}

#[test]
fn another_page_can_offer_an_event() {
    let site = event_site().edit(PAGE, "[Get it]", "[Come](cta:spring/seat) [Get it]");
    let run = site.build().clean();
    assert_eq!(run.page("prices/").link("Come"), "/spring/?via=spring_seat_direct#cta-seat");
    assert!(!run.public("prices/").contains("meet.kazi.example"));
}

#[test]
fn event_is_written_in_each_language_of_the_theme() {
    for (language, period, zone) in [
        ("de", "Donnerstag, 18. März 2027, 10:00–11:00 Uhr", "Ortszeit Nairobi (UTC+3)"),
        ("es", "jueves, 18 de marzo de 2027, 10:00–11:00 h", "hora de Nairobi (UTC+3)"),
        ("fr", "jeudi 18 mars 2027 à 10:00–11:00", "heure de Nairobi (UTC+3)"),
        ("pt", "quinta-feira, 18 de março de 2027, 10:00–11:00", "horário de Nairobi (UTC+3)"),
        ("sw", "Alhamisi, 18 Machi 2027, 10:00–11:00", "saa za Nairobi (UTC+3)"),
    ] {
        let site = event_site().edit(SITE, "timezone:", &format!("language: {language}\ntimezone:"));
        let run = site.build().clean();
        let page = run.page("spring/");
        let text = card(&page, "seat");
        assert!(text.contains(period) && text.contains(zone), "{text}");
    }
}

#[test]
fn hostile_text_of_an_event_stays_text() {
    let evil = "\\\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;&{{ 1 }}, ; \\\\ \\nEND:VEVENT";
    let keys = format!(
        "name: \"{evil}\"\n      starts: 2027-03-18 10:00\n      ends: 2027-03-18 11:00\n      place: \"{evil}\"\n      \
         join: 'https://meet.kazi.example/?\"><script>&a=1'\n      form: [name, email]"
    );
    let site = with_event(&keys).edit(CAMPAIGN, "label: Save my seat", &format!("label: \"{evil}\""));
    let run = site.build().ok();
    for path in ["spring/", "spring/via/acme/", "spring/thanks/seat/"] {
        let page = run.page(path);
        for element in &page.elements {
            let is_own = element.name != "script"
                || element.has("type", "application/ld+json")
                || element.get("src").starts_with("/theme/");
            assert!(is_own && !element.has("src", "x"), "{path}: {element:#?}");
            assert!(element.attributes.keys().all(|key| !key.starts_with("on")), "{path}: {element:#?}");
        }
        assert!(page.text().contains("{{ 1 }}"), "{path}");
    }
    let text = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;&{{ 1 }}, ; \\ \nEND:VEVENT";
    assert_eq!(events(&run, "spring/")[0]["name"], text);
    assert_eq!(events(&run, "spring/")[0]["location"][0]["address"], text);
    let google = url::Url::parse(run.page("spring/thanks/seat/").link("Google")).unwrap();
    let query: std::collections::HashMap<_, _> = google.query_pairs().into_owned().collect();
    assert_eq!((&*query["text"], &*query["location"]), (text, text));
    let file = run.public("spring/thanks/seat/seat.ics");
    assert_eq!(file.matches("\r\nEND:VEVENT\r\n").count(), 1, "{file}");
}
