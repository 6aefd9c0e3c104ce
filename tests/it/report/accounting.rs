//! Each row ends in exactly one category, and the numbers follow from the rows.

use serde_json::json as value;

use super::fixtures::{account, counts, json, report_files, report_text, row, site};

const HEADER: &str = "Email,Created,Status,Amount,Lost reason,Lead tag\n";

fn export(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

#[test]
fn every_kind_of_row_has_its_category() {
    let rows = "\
a@x.example,2027-03-16,Won,100,,spring_save_acme
a@x.example,2027-03-17,New,,,spring_save_acme
a@x.example,2027-03-18,New,,,spring_guide_acme
b@x.example,2027-03-16,New,,, spring_save_acme 
c@x.example,2027-03-16,New,,,Spring_Save_Acme
d@x.example,2027-03-16,New,,,summer_save_acme
e@x.example,2027-03-16,New,,,
f@x.example,2027-01-16,New,,,spring_save_acme
Email,Created,Status,Amount,Lost reason,Lead tag
g@x.example,2027-03-16,New,,,spring_save_acme,surplus
h@x.example,2027-03-16,New
,,,,,
i@x.example,2027-03-16,New,,,spring_save_acme
Total,9
The end
";
    let site = site();
    let explained = site.path("rows.csv");
    let options = ["--format", "json", "--from", "2027-02-01", "--explain-rows", explained.to_str().unwrap()];
    let report = json(report_text(&site, &export(rows), &options));
    let expected = [
        ("counted", 4),
        ("repaired", 1),
        ("duplicate", 1),
        ("unknown_tag", 1),
        ("not_a_lead", 3),
        ("outside_period", 1),
        ("repeated_header", 1),
        ("too_many_cells", 1),
        ("empty", 1),
        ("footer", 1),
    ];
    let expected: Vec<(String, u64)> =
        expected.iter().map(|(category, rows)| ((*category).to_owned(), *rows)).collect();
    assert_eq!(account(&report, 0), expected);
    assert_eq!(report["files"][0]["rows"], 15);
    assert_eq!(report["unknown_lead_tags"], value!([]), "one row could be about one person");
    let explained = site.read("rows.csv");
    let lines: Vec<&str> = explained.lines().collect();
    assert_eq!(lines.len(), 16, "{explained}");
    assert!(
        lines[2]
            .ends_with(",3,duplicate,\"the same person with the same lead tag, in an earlier row\",spring_save_acme"),
        "{}",
        lines[2]
    );
    assert!(lines[6].contains(",7,unknown_tag,the site never had this lead tag,"), "{}", lines[6]);
    assert!(!explained.contains('@'));
}

#[test]
fn damaged_lead_tags_are_repaired_and_counted_apart() {
    let site = site();
    let code = site.code("spring", "acme");
    let damaged = [
        ("SPRING_SAVE_ACME", "upper case"),
        ("spring save acme", "other separators"),
        ("Spring / Save / Acme", "other separators"),
        ("spring_trial_newsl", "cut off"),
        ("https://kazi.example/x?utm_content=spring_save_acme", "in a link"),
        ("https%3A%2F%2Fkazi.example%2F%3Fvia%3Dspring_guide_acme", "in a link"),
        ("\"\"\"spring_save_acme\"\"\"", "in a longer text"),
        ("Lead: spring_save_acme (web)", "in a longer text"),
        ("sprng_save_acme", "a typing error"),
        ("spring_save_newslettre", "a typing error"),
        (&code, "a short code"),
    ];
    for (text, repair) in damaged {
        let report = json(report_text(
            &site,
            &export(&format!("a@x.example,2027-03-16,New,,,spring_save_direct\nb@x.example,2027-03-16,New,,,{text}\n")),
            &["--format", "json"],
        ));
        assert_eq!(report["files"][0]["repairs"], value!({ repair: 1 }), "{text}");
    }
    for text in ["spring_save_", "spring_s", "spring_save_acme spring_guide_acme", "winter_save_acme", "Ada Lovelace"] {
        let report = json(report_text(
            &site,
            &export(&format!("a@x.example,2027-03-16,New,,,spring_save_direct\nb@x.example,2027-03-16,New,,,{text}\n")),
            &["--format", "json"],
        ));
        assert_eq!(report["files"][0]["accounts"]["unknown_tag"], 1, "{text}");
    }
}

#[test]
fn lead_tags_of_renamed_campaigns_count_for_the_present_one() {
    let site = site().edit(
        "content/spring/index.md",
        "title: Hire in days\nsummary",
        "title: Hire in days\ncampaign: spring-2\nwas: [spring]\nsummary",
    );
    site.run(&["tags", "--date", "2027-03-20"]).ok();
    let report =
        json(report_text(&site, &export("a@x.example,2027-03-16,Won,,,spring_save_acme\n"), &["--format", "json"]));
    assert_eq!(counts(row(&report["campaigns"], "spring-2")), [1, 1, 1, 0, 0]);
    assert_eq!(report["files"][0]["repairs"], value!({ "a former id": 1 }));
}

#[test]
fn furthest_outcome_of_duplicates_counts_with_the_day_of_the_first_row() {
    let rows = "a@x.example,2027-03-16,New,,,spring_save_acme\na@x.example,2027-03-20,Won,250,,spring_save_acme\n";
    let report = json(report_text(&site(), &export(rows), &["--format", "json", "--by", "week"]));
    assert_eq!(counts(&report["total"]), [1, 1, 1, 0, 0]);
    assert_eq!(report["total"]["value"][0]["amount"], "250.00");
    assert_eq!(row(&report["table"], "2027-W11")["won"], 1);
}

#[test]
fn groups_are_crossed_and_lost_reasons_are_shared_by_three_leads() {
    let mut rows = String::new();
    for number in 0..6 {
        let (channel, reason) =
            if number % 2 == 0 { ("acme", "Price") } else { ("newsletter", "Secret of one person") };
        let reason = if number == 1 || number % 2 == 0 { reason } else { "" };
        rows.push_str(&format!("p{number}@x.example,2027-03-16,Lost,,{reason},spring_save_{channel}\n"));
    }
    let run = report_text(&site(), &export(&rows), &["--format", "json", "--by", "campaign,channel"]);
    assert!(!run.stdout.contains("Secret"), "{}", run.stdout);
    let report = json(run);
    let table = report["table"]["rows"].as_array().unwrap();
    assert_eq!(table.len(), 2);
    assert_eq!((&table[0]["campaign"], &table[0]["leads"]), (&value!("spring"), &value!(3)));
    let expected = value!([{ "campaign": "spring", "reasons": [{ "reason": "Price", "leads": 3 }, { "reason": "other", "leads": 3 }] }]);
    assert_eq!(report["lost_reasons"], expected);
}

#[test]
fn costs_count_for_their_campaign_and_month_and_the_period_before_is_compared() {
    let site = site();
    let rows = "a@x.example,2027-03-16,Won,,,spring_save_acme\nb@x.example,2027-03-20,New,,,spring_save_acme\nc@x.example,2027-03-10,New,,,spring_save_acme\n";
    site.write("costs.csv", "campaign,channel,month,amount,currency\nspring,acme,2027-03,310,KES\n");
    let costs = site.path("costs.csv");
    let options = [
        "--format",
        "json",
        "--from",
        "2027-03-15",
        "--until",
        "2027-03-24",
        "--compare",
        "previous",
        "--costs",
        costs.to_str().unwrap(),
    ];
    let report = json(report_text(&site, &export(rows), &options));
    let campaign = row(&report["campaigns"], "spring");
    // Ten of 31 days.
    assert_eq!(
        (&campaign["cost"], &campaign["cost_per_win"], &campaign["cost_per_lead"]),
        (&value!("100.00"), &value!("100.00"), &value!("50.00"))
    );
    assert_eq!(campaign["previous"], value!({ "leads": 1, "won": 0 }));
    assert_eq!(report["previous_period"], value!({ "from": "2027-03-05", "until": "2027-03-14" }));
    assert_eq!(report["outside_register_time"], value!([]));
}

#[test]
fn lead_tags_outside_of_their_time_and_never_issued_ones_are_reported() {
    let site = site().edit("site.yaml", "  acme:", "  expo: { label: Expo, source: expo, medium: print }\n  acme:");
    let rows = "a@x.example,2027-03-10,Won,,,spring_save_acme\nb@x.example,2027-03-20,New,,,spring_save_expo\n";
    let report = json(report_text(&site, &export(rows), &["--format", "json"]));
    assert_eq!(report["outside_register_time"], value!([{ "lead_tag": "spring_save_acme", "rows": 1 }]));
    assert_eq!(report["never_issued"], value!([{ "lead_tag": "spring_save_expo", "rows": 1 }]));
    assert_eq!(report["total"]["leads"], 2);
}

#[test]
fn ambiguous_days_are_decided_by_any_day_of_the_column() {
    let mut rows = "a@x.example,03/04/2027,New,,,spring_save_acme\n".repeat(3000);
    rows.push_str("b@x.example,25/03/2027,New,,,spring_save_acme\n");
    let report = json(report_text(&site(), &export(&rows), &["--format", "json", "--from", "2027-04-01"]));
    assert_eq!(report["total"]["leads"], 1, "3 April");
    assert_eq!(report["files"][0]["accounts"]["duplicate"], 2999);
}

#[test]
fn text_fits_the_terminal_and_csv_has_the_main_table() {
    let site = site();
    let rows = export(
        "a@x.example,2027-03-16,Won,1234.5,,spring_save_acme\nb@x.example,2027-03-16,Lost,,,spring_guide_newsletter\n",
    );
    site.write("leads.csv", &rows);
    for width in ["40", "60", "80", "120"] {
        let leads = site.path("leads.csv");
        let run = site.finish(site.command(&["report", leads.to_str().unwrap()]).env("COLUMNS", width)).clean();
        let longest = run
            .stdout
            .lines()
            .filter(|line| line.starts_with("Campaign") || line.starts_with("spring"))
            .map(|line| line.chars().count());
        assert!(longest.max().unwrap() <= width.parse().unwrap(), "{}", run.stdout);
    }
    let csv = report_text(&site, &rows, &["--format", "csv", "--by", "channel"]).ok().stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "channel,leads,qualified,won,lost,open,conversion,conversion_low,conversion_high,value,median_days_to_win,cost,cost_per_lead,cost_per_win"
    );
    assert!(lines[1].starts_with("acme,1,1,1,0,0,1.000000,0.206"), "{csv}");
    assert!(lines[1].contains(",1234.50,"), "{csv}");
}

#[test]
fn same_numbers_whatever_the_order_and_number_of_files() {
    let site = site();
    let row = |number: u32| {
        format!(
            "p{}@x.example,2027-03-{:02},{},{},,spring_save_{}\n",
            number % 70,
            15 + number % 10,
            ["New", "Won", "Lost"][number as usize % 3],
            number,
            ["acme", "newsletter"][number as usize % 2]
        )
    };
    let all: String = (0..200).map(row).collect();
    let (first, second): (String, String) = ((0..90).map(row).collect(), (90..200).map(row).collect());
    for (name, rows) in [("all.csv", &all), ("first.csv", &first), ("second.csv", &second)] {
        site.write(name, export(rows));
    }
    let path = |name: &str| site.path(name).to_str().unwrap().to_owned();
    let whole = json(report_files(&site, &[path("all.csv")], &["--format", "json"]));
    let parts = json(report_files(&site, &[path("first.csv"), path("second.csv")], &["--format", "json"]));
    assert_eq!(whole["total"], parts["total"]);
    assert_eq!(whole["channels"], parts["channels"]);
    assert_eq!(whole["total"]["leads"], 70);
}
