//! `--html`, `--explain-rows` and `--save-figures` write over nothing but what they wrote themselves.

use super::fixtures::{report_files, report_text, site};
use crate::support::Site;

const ROWS: &str = "Lead tag,Status\nspring_save_acme,Won\n";

/// Runs a report of `leads.csv`, and asserts that it changes nothing and says why.
#[track_caller]
fn refused(site: &Site, options: &[&str], message: &str) {
    let before = site.read("leads.csv");
    let run = report_text(site, ROWS, options).failed(2);
    assert_eq!((run.stdout.as_str(), site.read("leads.csv")), ("", before));
    assert!(run.stderr.contains(message), "{message} is not in {}", run.stderr);
}

#[test]
fn outputs_over_inputs_and_files_of_the_site_are_refused() {
    let site = site();
    site.write("leads.csv", ROWS);
    site.write("costs.csv", "channel,month,amount\nacme,2027-03,5\n");
    let path = |name: &str| site.path(name).to_str().unwrap().to_owned();
    let costs = path("costs.csv");
    for option in ["--html", "--explain-rows"] {
        refused(&site, &[option, &path("leads.csv")], "which is read; write to another file");
        refused(&site, &[option, &path("content/../leads.csv")], "which is read");
        refused(&site, &[option, &costs, "--costs", &costs], "which is read");
        for name in ["site.yaml", "lead-tags.csv", "lead-tags.sum", "lead-figures.csv"] {
            let before = site.path(name).exists().then(|| site.read(name));
            refused(&site, &[option, &path(name)], &format!("would replace `{name}` of the site"));
            assert_eq!(site.path(name).exists().then(|| site.read(name)), before);
        }
        for name in ["content/rows.html", "new/../content/rows.csv", "static/new/rows.csv", "themes/x/page.html"] {
            refused(&site, &[option, &path(name)], "which is a source of the site");
            assert!(!site.path(name).exists(), "{name}");
        }
        refused(&site, &[option, &path("content")], "which is a source of the site");
        refused(&site, &[option, site.root().to_str().unwrap()], "is no file");
    }
    let both = path("new.csv");
    refused(&site, &["--html", &both, "--explain-rows", &both], "are the same file");
    site.write("lead-figures.csv", ROWS);
    let run = report_files(&site, &[path("lead-figures.csv")], &["--save-figures"]).failed(2);
    assert!(run.stderr.contains("which is read"), "{}", run.stderr);
    assert_eq!(site.read("lead-figures.csv"), ROWS);
}

#[test]
fn only_files_of_earlier_reports_are_replaced() {
    let site = site();
    site.write("leads.csv", ROWS);
    let path = |name: &str| site.path(name).to_str().unwrap().to_owned();
    for text in ["", "my notes\n", "file,line\n", "<!doctype html>\n<html><head><title>Mine</title>\n"] {
        for (option, name) in [("--html", "mine.html"), ("--explain-rows", "mine.csv")] {
            site.write(name, text);
            refused(&site, &[option, &path(name)], "exists, and was not written by this option");
            assert_eq!(site.read(name), text);
        }
    }
    let options = ["--html", &path("page.html"), "--explain-rows", &path("rows.csv")];
    report_text(&site, ROWS, &options).ok();
    let first = (site.read("page.html"), site.read("rows.csv"));
    report_text(&site, &format!("{ROWS}spring_save_acme,Lost\n"), &options).ok();
    let second = (site.read("page.html"), site.read("rows.csv"));
    assert!(first.0 != second.0 && first.1 != second.1, "both are written again");
    // Each option knows only its own files.
    site.write("leads.csv", ROWS);
    refused(&site, &["--html", &path("rows.csv")], "exists, and was not written by this option");
    refused(&site, &["--explain-rows", &path("page.html")], "exists, and was not written by this option");
}

#[cfg(unix)]
#[test]
fn link_to_a_file_of_the_site_is_no_way_around() {
    let site = site();
    site.write("leads.csv", ROWS);
    std::os::unix::fs::symlink(site.path("lead-tags.csv"), site.path("link.csv")).unwrap();
    let link = site.path("link.csv").to_str().unwrap().to_owned();
    refused(&site, &["--explain-rows", &link], "would replace `lead-tags.csv` of the site");
}
