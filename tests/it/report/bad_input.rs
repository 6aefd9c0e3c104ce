//! Exports that cannot be counted: a clear message with the file and the line, status 1, and no partial output.

use super::fixtures::{report_bytes, report_files, report_on, report_text, site};
use crate::support::{Run, Site};

/// The start of a message, its place, and texts that the message contains.
#[track_caller]
fn refused(run: Run, message: &str, place: &str, help: &str) {
    let run = run.failed(1);
    assert_eq!(run.stdout, "", "partial output");
    assert!(run.stderr.starts_with(&format!("error: {message}")), "{}", run.stderr);
    assert!(run.stderr.contains(place), "{place} is not in {}", run.stderr);
    assert!(run.stderr.contains(help), "{help} is not in {}", run.stderr);
}

#[test]
fn file_without_lead_tags_names_the_nearest_column() {
    let run = report_text(&site(), "Email,Lead source\na@x.example,web\n", &[]);
    refused(run, "no column of this file has lead tags of the site", "leads.csv:1", "the nearest is `Lead source`");
    let run = report_text(&site(), "Email,Name\na@x.example,Ada\n", &[]);
    refused(run, "no column of this file", "leads.csv:1", "the columns are `Email` and `Name`");
}

#[test]
fn two_columns_with_different_lead_tags_are_an_error_and_with_the_same_a_note() {
    let run = report_text(
        &site(),
        "First,Last\nspring_save_acme,spring_save_acme\nspring_save_acme,spring_guide_acme\n",
        &[],
    );
    refused(
        run,
        "the columns `First` and `Last` have different lead tags",
        "leads.csv:3",
        "report: { columns: { lead_tag: \"First\" } }",
    );
    let run = report_text(&site(), "First,Last\nspring_save_acme,SPRING_SAVE_ACME\n", &[]).ok();
    assert!(run.stdout.contains("`Last` has the same lead tags as `First`, which was taken"), "{}", run.stdout);
}

#[test]
fn ambiguous_and_contradicting_days_are_errors() {
    let text = "Lead tag,Created\nspring_save_acme,03/04/2027\n";
    refused(
        report_text(&site(), text, &[]),
        "`03/04/2027` in the column `Created` can be two days",
        "leads.csv:2",
        "--days dmy",
    );
    report_text(&site(), text, &["--days", "mdy"]).ok();
    let text = "Lead tag,Created\nspring_save_acme,25/04/2027\nspring_save_acme,04/25/2027\n";
    refused(
        report_text(&site(), text, &[]),
        "the days of the column `Created` have the day first",
        "leads.csv:3",
        "export again",
    );
}

#[test]
fn repeated_headers_and_ragged_rows_are_reported() {
    let text = "Lead tag,Email,Email\nspring_save_acme,a@x.example,\nLead tag,Email,Email\nspring_save_acme,b@x.example\nspring_save_acme,c@x.example,,d\n";
    let run = report_text(&site(), text, &[]).ok();
    assert!(run.stdout.contains("2 columns are named `Email`; the first one was taken"), "{}", run.stdout);
    assert!(run.stdout.contains("4 rows: 2 counted, 1 repeated header, 1 with too many cells"), "{}", run.stdout);
}

#[test]
fn unclosed_quote_is_an_error_at_the_quote() {
    let text = "Lead tag,Note\nspring_save_acme,x\nspring_save_acme,\"open\nspring_save_acme,y\n";
    refused(
        report_text(&site(), text, &[]),
        "a quotation mark opens a cell here, and no other one closes it",
        "leads.csv:3",
        "close it",
    );
}

#[test]
fn other_kinds_of_files_are_named() {
    let site = site();
    let cases: [(&[u8], &str); 7] = [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "this is an HTML page, and no CSV file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "this is a spreadsheet in the old format `.xls`"),
        (b"PK\x03\x04 no zip", "this spreadsheet cannot be read"),
        (b"{\"leads\": []}", "this is neither a CSV file nor a spreadsheet"),
        (b"", "this file is empty"),
        (b"a\0b", "this is neither a CSV file nor a spreadsheet"),
        (b"\n\n", "this file is empty"),
    ];
    for (bytes, message) in cases {
        refused(report_bytes(&site, "leads.csv", bytes, &[]), message, "leads.csv", "help: ");
    }
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    protected.resize(300_000, 1);
    protected.extend(name);
    refused(
        report_bytes(&site, "leads.xlsx", &protected, &[]),
        "this spreadsheet is protected by a password",
        "leads.xlsx",
        "remove the password",
    );
}

#[test]
fn formulas_as_text_are_refused_and_texts_that_only_look_like_one_are_read() {
    let text = "Lead tag,Amount\nspring_save_acme,=B2*1.2\n";
    refused(
        report_text(&site(), text, &[]),
        "the column `Amount` has a formula in place of its value",
        "leads.csv:2",
        "values instead of formulas",
    );
    let run = report_text(&site(), "Lead tag\n\"=\"\"spring_save_acme\"\"\"\n", &[]).ok();
    assert!(run.stdout.contains("1 counted after repair"), "{}", run.stdout);
}

/// The program that wrote the sheet does not calculate, so the cell of the formula has no value.
#[test]
fn formula_without_a_value_in_a_spreadsheet_is_refused() {
    refused(
        report_on(&site(), &["formulas.xlsx"], &[]),
        "the column `Amount` has a formula in place of its value",
        "formulas.xlsx:2",
        "save it with values instead of formulas",
    );
}

#[test]
fn costs_with_errors_are_refused() {
    let site = site();
    let costs = |text: &str| {
        site.write("costs.csv", text);
        let costs = site.path("costs.csv");
        report_text(&site, "Lead tag\nspring_save_acme\n", &["--costs", costs.to_str().unwrap()])
    };
    refused(
        costs("campaign,month,amount\nsprng,2027-03,5\n"),
        "unknown campaign `sprng`",
        "costs.csv:2",
        "did you mean `spring`?",
    );
    refused(
        costs("channel,month,amount\nacme,2027-03,5 €\nacme,2027-03,KSh 5\n"),
        "this amount is in KES, and that of line 2 in EUR",
        "costs.csv:3",
        "add a column `currency`",
    );
    refused(costs("channel,month,amount\nacme,soon,5\n"), "`soon` is not a month", "costs.csv:2", "2027-03");
    refused(costs("channel,month,amount\nacme,2027-03,x\n"), "`x` is not an amount", "costs.csv:2", "1250.00");
    refused(costs("month,amount\n2027-03,5\n"), "the column `campaign` is missing", "costs.csv:1", "`month`");
}

#[test]
fn missing_file_is_a_failure_and_a_bad_period_an_error() {
    let site = site();
    let run = report_files(&site, &["missing.csv".to_owned()], &[]).failed(2);
    assert!(run.stderr.contains("cannot read `missing.csv`"), "{}", run.stderr);
    let text = "Lead tag\nspring_save_acme\n";
    refused(
        report_text(&site, text, &["--from", "2027-04-01", "--until", "2027-03-01"]),
        "`--from` is after `--until`",
        "",
        "",
    );
    refused(report_text(&site, text, &["--compare", "previous"]), "`--compare previous` needs a period", "", "--from");
}

/// The limit is 16 MB for a row. The program reads little more than that of the file.
#[test]
fn file_on_one_line_is_refused_in_little_memory() {
    let site = site();
    let path = site.path("long.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut file, b"Lead tag,Note\nspring_save_acme,").unwrap();
    let block = vec![b'x'; 1 << 20];
    (0..24).for_each(|_| std::io::Write::write_all(&mut file, &block).unwrap());
    // The rest of the gigabyte is a hole, which reads as zeros.
    file.set_len(1 << 30).unwrap();
    let run = report_files(&site, &[path.to_str().unwrap().to_owned()], &[]);
    refused(run, "this line is longer than 16 MB", "long.csv:2", "a line for each record");
}

#[test]
fn errors_of_the_site_are_reported_first() {
    let site = Site::edited(
        "site.yaml",
        "title: Kazi",
        "title: Kazi\nreport: { columns: { lead_tagg: X }, currency: ABC, days: ymd, decimals: dot }",
    );
    let run = report_text(&site, "Lead tag\nspring_save_acme\n", &[]).failed(1);
    assert_eq!(run.rules(), ["unknown-key", "wrong-type", "wrong-type", "wrong-type"], "{}", run.stderr);
}
