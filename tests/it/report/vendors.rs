//! The exports of vendors, from the file to the numbers.

use serde_json::{Value, json as value};

use super::fixtures::{account, counts, json, report_on, row, site};

fn accounts(report: &Value, file: usize) -> Vec<(String, u64)> {
    account(report, file)
}

fn owned(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(category, rows)| ((*category).to_owned(), *rows)).collect()
}

#[test]
fn hubspot_deals_are_joined_with_contacts_by_record_id() {
    let report = json(report_on(&site(), &["hubspot-contacts.csv", "hubspot-deals.csv"], &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [4, 2, 1, 2, 1]);
    assert_eq!(report["total"]["value"], value!([{ "currency": "KES", "amount": "102500.50" }]));
    let expected = [("counted", 2), ("repaired", 2), ("duplicate", 1), ("not_a_lead", 1)];
    assert_eq!(accounts(&report, 0), owned(&expected));
    assert_eq!(accounts(&report, 1), owned(&[("joined_deal", 3), ("unjoined_deal", 1)]));
    assert_eq!(report["files"][0]["repairs"], value!({ "upper case": 1, "in a link": 1 }));
    // Two deals of Ben: the first win counts.
    assert_eq!(report["total"]["median_days_to_win"], 7);
    assert_eq!(counts(row(&report["channels"], "acme")), [2, 1, 0, 1, 1]);
}

#[test]
fn salesforce_opportunities_are_joined_by_converted_id_and_trailing_lines_are_notes() {
    let report =
        json(report_on(&site(), &["salesforce-leads.csv", "salesforce-opportunities.csv"], &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [4, 2, 1, 1, 2]);
    assert_eq!(accounts(&report, 0), owned(&[("counted", 4), ("footer", 5)]));
    assert_eq!(accounts(&report, 1), owned(&[("joined_deal", 2)]));
    assert_eq!(report["total"]["value"], value!([{ "currency": "KES", "amount": "12500.00" }]));
    let weeks: Vec<&str> =
        report["weeks"].as_array().unwrap().iter().map(|week| week["week"].as_str().unwrap()).collect();
    assert_eq!(weeks, ["2027-03-15", "2027-03-22", "2027-03-29"], "3 and 4 April, the day first");
}

#[test]
fn pipedrive_says_what_became_of_a_deal_in_its_status() {
    let report = json(report_on(&site(), &["pipedrive-deals.csv"], &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [3, 2, 1, 1, 1]);
    assert_eq!(report["total"]["value"], value!([{ "currency": "KES", "amount": "12500.00" }]));
    assert_eq!(report["total"]["median_days_to_win"], 10);
}

/// Two days are dates of the spreadsheet, and two are plain serial numbers. A title is above the header, and a row is empty.
#[test]
fn spreadsheet_has_the_same_numbers_as_the_csv_file() {
    let site = site();
    let csv = json(report_on(&site, &["pipedrive-deals.csv"], &["--format", "json"]));
    let sheet = json(report_on(&site, &["pipedrive-deals.xlsx"], &["--format", "json"]));
    for part in ["total", "channels", "weeks"] {
        assert_eq!(sheet[part], csv[part], "{part}");
    }
    assert_eq!(accounts(&sheet, 0), owned(&[("counted", 3)]));
    let explained = site.path("rows.csv");
    report_on(&site, &["pipedrive-deals.xlsx"], &["--explain-rows", explained.to_str().unwrap()]).ok();
    let text = site.read("rows.csv");
    let lines: Vec<&str> = text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(lines, ["4", "5", "7"], "the rows of the sheet");
}

#[test]
fn zoho_deals_are_joined_by_email() {
    let report = json(report_on(&site(), &["zoho-leads.csv", "zoho-deals.csv"], &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [3, 2, 1, 2, 0]);
    assert_eq!(accounts(&report, 1), owned(&[("joined_deal", 2)]));
}

#[test]
fn submissions_of_netlify_are_open_leads_and_their_day_is_that_of_the_site() {
    let report = json(report_on(&site(), &["netlify-forms.csv"], &["--format", "json", "--until", "2027-03-17"]));
    // 22:30 in UTC is the next day in Nairobi.
    assert_eq!(counts(&report["total"]), [1, 0, 0, 0, 1]);
    assert_eq!(accounts(&report, 0), owned(&[("counted", 1), ("outside_period", 1)]));
}

#[test]
fn sheet_in_german_is_read_with_its_own_headers() {
    let site = site().edit("site.yaml", "footer:", "report: { columns: { status: Stand } }\nfooter:");
    let report = json(report_on(&site, &["sheet-german.csv"], &["--format", "json"]));
    assert_eq!(counts(&report["total"]), [3, 1, 1, 1, 1]);
    assert_eq!(report["total"]["value"], value!([{ "currency": "EUR", "amount": "1234.56" }]));
    assert_eq!(report["files"][0]["repairs"], value!({ "other separators": 1, "a typing error": 1 }));
}
