//! The page, the saved mapping, the figures of the lead desk, and plans.

use std::fmt::Write;

use serde_json::json as value;

use super::fixtures::{REPORT_DAY, json, report_text, site};
use crate::support::Site;

/// An export with leads of two channels: `acme` wins a quarter of forty, `newsletter` none of thirty.
fn leads() -> String {
    let mut text = "Email,Created,Closed,Status,Amount,Lost reason,Lead tag\n".to_owned();
    for number in 0..70 {
        let (channel, status) = match number {
            0..10 => ("acme", "Won"),
            10..30 => ("acme", "Lost"),
            30..40 => ("acme", "New"),
            40..65 => ("newsletter", "Lost"),
            _ => ("newsletter", "New"),
        };
        let (amount, reason) =
            (if status == "Won" { "1000" } else { "" }, if status == "Lost" { "Price <b>" } else { "" });
        let closed = if status == "Won" { "2027-03-28" } else { "" };
        let day = 15 + number % 7;
        let _ = writeln!(
            text,
            "p{number}@x.example,2027-03-{day},{closed},{status},{amount},{reason},spring_save_{channel}"
        );
    }
    text
}

#[test]
fn page_has_each_chart_with_its_table_and_no_network() {
    let site = site();
    let page = site.path("out/report.html");
    let costs = site.path("costs.csv");
    site.write("costs.csv", "channel,month,amount,currency\nacme,2027-03,310,KES\n");
    let run =
        report_text(&site, &leads(), &["--html", page.to_str().unwrap(), "--costs", costs.to_str().unwrap()]).ok();
    assert!(run.stderr.starts_with("wrote `"), "{}", run.stderr);
    let html = site.read("out/report.html");
    for title in ["Leads and wins by week", "Channels by conversion", "Lost reasons by campaign", "Cost per win"] {
        let section = html.split("<section").find(|section| section.contains(&format!(">{title}</h2>"))).unwrap();
        assert!(section.contains("<svg") && section.contains("<table"), "{title}");
    }
    assert!(html.contains("spring: Price &#60;b&#62;") && !html.contains("Price <b>"), "escaped");
    assert!(html.contains("<td>25.0 %</td>"), "conversion");
    for network in ["src=", "url(", "@import", "<script", "http://", "https://"] {
        assert!(!html.contains(network), "{network}");
    }
}

#[test]
fn groups_under_five_leads_have_no_numbers_on_the_page() {
    let site = site();
    let page = site.path("report.html");
    let rows = "Lead tag,Status\nspring_save_acme,Won\nspring_save_acme,Won\n";
    report_text(&site, rows, &["--html", page.to_str().unwrap()]).ok();
    let html = site.read("report.html");
    let row = html.split("<tr>").find(|row| row.contains("<th scope=\"row\">acme</th>")).unwrap();
    assert!(row.contains("<td>not shown</td>") && !row.contains("<td>2</td>"), "{row}");
    assert!(html.contains("<dd>under 5 <small>too few for numbers</small></dd>"), "the total says no more");
}

#[test]
fn mapping_is_written_once_and_other_settings_are_left_alone() {
    let site = site();
    let rows = "Kennung,Stand,Email\nspring_save_acme,Won,a@x.example\n";
    let before = site.read("site.yaml");
    report_text(&site, rows, &["--save-mapping"]).ok();
    let saved = "\nreport:\n  columns:\n    lead_tag: \"Kennung\"\n    email: \"Email\"\n";
    assert_eq!(site.read("site.yaml"), format!("{before}{saved}"));
    report_text(&site, rows, &["--save-mapping"]).ok();
    assert_eq!(site.read("site.yaml"), format!("{before}{saved}"));
    let site = site.edit("site.yaml", "report:\n", "report:\n  currency: KES\n").edit(
        "site.yaml",
        "    email: \"Email\"\n",
        "",
    );
    let run = report_text(&site, rows, &["--save-mapping"]).failed(1);
    assert!(run.stderr.contains("it has settings for reports already, so nothing was written"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn settings_name_columns_and_words() {
    let settings = "report: { columns: { lead_tag: Kennung, status: [Stand, Lage] }, won: [Unterschrieben], lost: [Weg], qualified: [Termin] }\nfooter:";
    let site = site().edit("site.yaml", "footer:", settings);
    let rows = "Kennung,Lage\nspring_save_acme,Unterschrieben\nspring_guide_acme,weg\nspring_trial_acme,Termin\n";
    let report = json(report_text(&site, rows, &["--format", "json"]));
    let total = &report["total"];
    assert_eq!(
        (&total["won"], &total["lost"], &total["qualified"], &total["open"]),
        (&value!(1), &value!(1), &value!(2), &value!(1))
    );
}

#[test]
fn lead_desk_shows_what_became_of_the_leads_after_the_next_build() {
    let site = site();
    report_text(&site, &leads(), &["--save-figures"]).ok();
    let figures = site.read("lead-figures.csv");
    assert!(figures.contains("spring_save_acme,40,10,10,20,\"Price <b>: 20\",2027-04-05"), "{figures}");
    assert!(!figures.contains('@'));
    let run = site.run(&["build", "--date", "2027-03-16"]).ok();
    let desk = run.sales("index.html");
    assert!(
        desk.contains("40 leads: 10 qualified, 10 won, 20 lost, 10 open; lost for Price &#60;b&#62; (20)"),
        "{desk}"
    );
    assert!(desk.contains("70 leads: 10 qualified, 10 won, 45 lost, 15 open"), "the campaign");
    // The files for sales depend on the figures.
    site.write("lead-figures.csv", figures.replace("spring_save_acme,40,", "spring_save_acme,41,"));
    let run = site.run(&["build", "--date", "2027-03-16"]).ok();
    assert!(run.sales("index.html").contains("41 leads:"));
}

#[test]
fn insights_need_data() {
    let report = json(report_text(&site(), &leads(), &["--format", "json"]));
    assert_eq!(report["insights"], value!([]), "one campaign and one call to action");
    let few = "Lead tag,Status\nspring_save_acme,Won\nspring_guide_acme,Lost\n";
    assert_eq!(json(report_text(&site(), few, &["--format", "json"]))["insights"], value!([]));
    let better = leads().replace("spring_save_newsletter", "spring_guide_newsletter");
    let report = json(report_text(&site(), &better, &["--format", "json"]));
    let sentence =
        "`spring/save` wins more often than the other offers: 10 of 40 leads (25.0 %), against 0 of 30 (0.0 %).";
    assert_eq!(report["insights"], value!([sentence]));
}

fn plan(site: &Site, text: &str, options: &[&str]) -> crate::support::Run {
    site.write("leads.csv", text);
    let leads = site.path("leads.csv");
    site.run(&[&["plan", leads.to_str().unwrap(), "--date", REPORT_DAY], options].concat())
}

#[test]
fn plan_says_how_many_leads_a_goal_takes_and_what_is_missing() {
    let site = site();
    let run = plan(&site, &leads(), &["--goal", "50000", "--until", "2027-04-11", "--format", "json"]);
    let plan_json = json(run);
    let acme = &plan_json["channels"][0];
    // A quarter of the leads, 1,000 each.
    assert_eq!(
        (&acme["name"], &acme["leads_needed"], &acme["value_per_win"]),
        (&value!("acme"), &value!(200), &value!("1000.00"))
    );
    assert_eq!(acme["capacity"], 40, "one week");
    assert_eq!(plan_json["mix"][0]["leads"], 40);
    assert_eq!(plan_json["missing"], "40000.00");
    let text = plan(&site, &leads(), &["--goal", "50000", "--until", "2027-04-11"]).clean().stdout;
    assert!(text.contains("40,000 of 50,000 are missing"), "{text}");
    assert!(text.contains("too few wins with a value to plan with: newsletter"), "{text}");
}

#[test]
fn plan_without_data_is_refused() {
    let site = site();
    let goal = ["--goal", "50000", "--until", "2027-06-30"];
    for (text, options, message) in [
        ("Lead tag\nspring_save_acme\n", &goal[..], "no lead was won yet, so there is nothing to plan from"),
        ("Lead tag,Status\nspring_save_acme,Won\n", &goal, "no won lead has a value in any currency"),
        (&leads(), &["--goal", "5", "--until", "2027-01-01"], "the day of `--until` is over"),
        (
            "Lead tag,Status,Amount\nspring_save_acme,Won,5 €\nspring_guide_acme,Won,KSh 5\n",
            &goal,
            "won leads have values in",
        ),
        (
            "Lead tag,Status,Amount\nspring_save_acme,Won,5 €\n",
            &["--goal", "5", "--until", "2027-06-30", "--currency", "usd"],
            "no won lead has a value in USD",
        ),
    ] {
        let run = plan(&site, text, options).failed(1);
        assert!(run.stderr.starts_with(&format!("error: {message}")), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    plan(&site, &leads(), &["--goal", "-5", "--until", "2027-06-30"]).failed(2);
}
