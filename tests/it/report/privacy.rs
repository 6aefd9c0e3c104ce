//! Nothing personal is in the output: a mark is put into every cell of every export that is no lead tag, no day, no amount and
//! no word of the CRM, and must not appear anywhere.

use std::fs;

use super::fixtures::{export, report_files, site};
use crate::support::Site;

/// Columns that are shown on purpose: statuses that several rows share, and reasons that three leads share.
const MARK: &str = "zqx";

/// Returns an export with the mark in one column, in every row.
fn marked(name: &str, column: usize) -> String {
    let bytes = fs::read(export(name)).unwrap();
    let text =
        String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().iter().map(|&b| char::from(b)).collect());
    let delimiter = if text.starts_with("Name;") { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    for (line, record) in reader.records().map(Result::unwrap).enumerate() {
        let cells: Vec<String> = record
            .iter()
            .enumerate()
            .map(|(index, cell)| match index == column && line > 0 {
                true => format!("{MARK} {MARK}{line} {cell}"),
                false => cell.to_owned(),
            })
            .collect();
        writer.write_record(&cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn files_below(site: &Site) -> Vec<(String, String)> {
    let all =
        walkdir::WalkDir::new(site.root()).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let texts = all.map(|entry| {
        (entry.path().display().to_string(), String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned())
    });
    texts.filter(|(path, _)| !path.ends_with("marked.csv")).collect()
}

#[test]
fn nothing_of_a_column_is_in_the_output_the_folder_or_the_errors() {
    let exports = [
        ("hubspot-contacts.csv", 11),
        ("hubspot-deals.csv", 9),
        ("salesforce-leads.csv", 10),
        ("salesforce-opportunities.csv", 8),
        ("pipedrive-deals.csv", 13),
        ("zoho-leads.csv", 9),
        ("zoho-deals.csv", 10),
        ("netlify-forms.csv", 12),
        ("sheet-german.csv", 7),
    ];
    let site = site();
    let leads = export("hubspot-contacts.csv").to_str().unwrap().to_owned();
    for (name, columns) in exports {
        for column in 0..columns {
            let text = marked(name, column);
            assert!(text.contains(MARK), "{name} has no column {column}");
            site.write("marked.csv", &text);
            let files = [site.path("marked.csv").to_str().unwrap().to_owned(), leads.clone()];
            let (rows, page) = (site.path("rows.csv"), site.path("report.html"));
            let saved = ["--explain-rows", rows.to_str().unwrap(), "--html", page.to_str().unwrap(), "--save-figures"];
            for format in ["text", "json"] {
                let run = report_files(&site, &files, &[&["--format", format], &saved[..]].concat());
                for (what, text) in [("the result", &run.stdout), ("the errors", &run.stderr)] {
                    assert!(!text.contains(MARK), "{what} of {name}, column {column}:\n{text}");
                }
            }
            for (path, text) in files_below(&site) {
                assert!(!text.contains(MARK), "{path}: {name}, column {column}");
            }
        }
    }
}
