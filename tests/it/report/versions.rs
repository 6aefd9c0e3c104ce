//! The versions of a test in a report.

use crate::report::fixtures::{counts, json, report_text, row};
use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, Site};

/// The small site with a version `b`, whose lead tags were issued on 15 March 2027.
fn site() -> Site {
    let text =
        CAMPAIGN_TEXT.replacen("ctas:\n", "versions: { b: { title: In 19 days } }\nsplit: { b: 50 }\nctas:\n", 1);
    let site = Site::new().file(CAMPAIGN, &text);
    site.tags().ok();
    site
}

/// An export in which so many of the leads of a lead tag were won.
fn leads(lists: &[(&str, usize, usize)]) -> String {
    let mut text = "Email,Lead Tag,Create Date,Status\n".to_owned();
    for (list, (tag, all, won)) in lists.iter().enumerate() {
        for number in 0..*all {
            let status = if number < *won { "Won" } else { "Open" };
            text += &format!("p{list}-{number}@x.example,{tag},2027-03-20,{status}\n");
        }
    }
    text
}

#[test]
fn versions_of_a_campaign_are_counted_and_compared() {
    let text =
        leads(&[("spring_save_acme", 200, 10), ("spring_save_acme_b", 100, 14), ("spring_trial_direct_b", 100, 16)]);
    let report = json(report_text(&site(), &text, &["--by", "variant", "--format", "json"]));
    assert_eq!(counts(row(&report["table"], "b")), [200, 30, 30, 0, 170]);
    let test = &report["versions"][0];
    assert_eq!((&test["campaign"], &test["version"]), (&"spring".into(), &"b".into()));
    let probability = test["probability_better"].as_f64().unwrap();
    assert!(probability > 0.99, "{test:#}");
    let text = report_text(&site(), &text, &[]).ok().stdout;
    assert!(text.contains("a won 10 of 200, b won 30 of 200; b is better"), "{text}");
}

#[test]
fn few_leads_of_a_version_decide_nothing() {
    let text = leads(&[("spring_save_acme", 60, 6), ("spring_save_acme_b", 20, 4)]);
    let report = json(report_text(&site(), &text, &["--format", "json"]));
    let test = &report["versions"][0];
    assert!(
        test["probability_better"].is_null()
            && test["missing_leads_each"].as_u64().is_some_and(|missing| missing >= 10),
        "{test:#}"
    );
}

#[test]
fn damaged_lead_tags_of_a_version_are_repaired() {
    let rows =
        leads(&[("SPRING_SAVE_ACME_B", 1, 0), ("https://kazi.example/?utm_content=spring_guide_acme_b&x=1", 1, 0)]);
    let report = json(report_text(&site(), &rows, &["--by", "variant", "--format", "json"]));
    assert_eq!(report["files"][0]["accounts"]["repaired"], 2);
    assert_eq!(counts(row(&report["table"], "b"))[0], 2);
}

#[test]
fn lead_of_a_version_that_won_counts_for_the_version() {
    let site = site();
    let decided = site.read(CAMPAIGN).replacen("split: { b: 50 }", "winner: b", 1);
    let site = site.file(CAMPAIGN, &decided);
    site.run(&["tags", "--date", "2027-03-25"]).ok();
    let report =
        json(report_text(&site, &leads(&[("spring_save_acme_b", 3, 1)]), &["--by", "variant", "--format", "json"]));
    assert_eq!(counts(row(&report["table"], "b")), [3, 1, 1, 0, 2]);
}

/// The day on which `b` of the small site won.
const DECISION: &str = "2027-03-25";

fn decided() -> Site {
    let site = site();
    let decided = site.read(CAMPAIGN).replacen("split: { b: 50 }", "winner: b", 1);
    let site = site.file(CAMPAIGN, &decided);
    site.run(&["tags", "--date", DECISION]).ok();
    site
}

/// Leads of one lead tag on one day, of which some were won.
fn on_day(tag: &str, day: &str, all: usize, won: usize) -> String {
    let status = |number: usize| if number < won { "Won" } else { "Open" };
    let row = |number: usize| format!("p{number}-{tag}-{day}@x.example,{tag},{day},{}\n", status(number));
    (0..all).map(row).collect()
}

#[test]
fn leads_after_a_decision_saw_the_winner() {
    let rows = [
        on_day("spring_save_acme", "2027-03-20", 100, 5),
        on_day("spring_save_acme_b", "2027-03-20", 100, 20),
        on_day("spring_save_acme", DECISION, 7, 7),
        on_day("spring_save_acme", "2027-03-30", 60, 30),
        on_day("spring_save_acme", "2027-03-01", 9, 0),
    ];
    let text = format!("Email,Lead Tag,Create Date,Status\n{}", rows.concat());
    let report = json(report_text(&decided(), &text, &["--by", "variant", "--format", "json"]));
    // Those of the day of the decision can have seen either, and count for the page as written.
    assert_eq!(counts(row(&report["table"], "b")), [160, 50, 50, 0, 110]);
    assert_eq!(counts(row(&report["table"], "")), [116, 12, 12, 0, 104]);
    let test = &report["versions"][0];
    assert_eq!(test["a"], serde_json::json!({ "leads": 100, "won": 5 }), "those of the days of the test");
    assert_eq!(test["b"], serde_json::json!({ "leads": 100, "won": 20 }));
    assert_eq!(test["left_out"], 76);
    let weeks = json(report_text(&decided(), &text, &["--by", "variant,week", "--format", "json"]));
    let of_last_week = weeks["table"]["rows"].as_array().unwrap().iter().find(|row| row["week"] == "2027-W13").unwrap();
    assert_eq!((&of_last_week["variant"], &of_last_week["leads"]), (&"b".into(), &60.into()));
    let text = report_text(&decided(), &text, &[]).ok().stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("76 leads of the page from other days are left out"), "{text}");
}

#[test]
fn leads_without_a_day_count_by_their_lead_tag() {
    let text = "Email,Lead Tag\na@x.example,spring_save_acme\nb@x.example,spring_save_acme_b\n";
    let report = json(report_text(&decided(), text, &["--format", "json"]));
    assert_eq!(report["versions"][0]["a"]["leads"], 1);
    assert_eq!(report["versions"][0]["left_out"], 0);
}
