//! `--verify` and `--changed`.

use std::fs;

use super::{Published, tree};

/// Nothing listens on the port, so the check fails. What was published is known anyway.
#[test]
fn failed_check_comes_after_the_result_and_the_changed_addresses() {
    let published = Published::new();
    let list = published.site.path("changed.txt");
    let options = ["publish", "--base-url", "http://127.0.0.1:9/", "--verify", "--changed", list.to_str().unwrap()];
    let run = published.site.run(&options).failed(2);
    assert!(run.stdout.starts_with("published the site to file:///"), "{}", run.stdout);
    assert!(!run.stdout.contains("verified") && run.stderr.contains("could not be fetched"), "{run:?}");
    assert!(fs::read_to_string(&list).unwrap().contains("http://127.0.0.1:9/prices/\n"));
    assert!(published.current().join("prices/index.html").exists());
}

#[test]
fn release_is_compared_with_its_manifest_also_if_nothing_changed() {
    let published = Published::new();
    published.site.write("static/note.txt", "one");
    published.publish(&[]).clean();
    let run = published.publish(&["--verify"]).clean();
    assert!(run.stdout.ends_with("verified 0 addresses\n"), "{}", run.stdout);
    // The time of the file says that nobody wrote it, so only its content gives it away.
    let note = published.current().join("note.txt");
    let written = fs::metadata(&note).unwrap().modified().unwrap();
    fs::write(&note, "two").unwrap();
    let earlier = written - std::time::Duration::from_secs(60);
    fs::File::options().write(true).open(&note).unwrap().set_modified(earlier).unwrap();
    let run = published.publish(&["--verify"]).failed(2);
    assert!(run.stderr.contains("1 file is missing or not as published: `note.txt`"), "{}", run.stderr);
}

#[test]
fn changed_file_that_cannot_be_written_is_refused_before_publishing() {
    let published = Published::new();
    let run = published.publish(&["--changed", "none/changed.txt"]).failed(2);
    assert!(run.stderr.contains("cannot write `none/changed.txt`"), "{}", run.stderr);
    assert!(!published.folder().exists());
}

#[test]
fn dry_run_does_not_take_changed() {
    let published = Published::new();
    published.publish(&[]).clean();
    let before = tree(&published.site.root());
    let list = published.site.path("changed.txt");
    let run = published.publish(&["--dry-run", "--changed", list.to_str().unwrap()]).failed(2);
    assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
    assert_eq!(tree(&published.site.root()), before);
}

/// Logs and summaries of CI are public in a public repository.
#[test]
fn no_output_names_files_behind_forms_or_thank_you_pages() {
    let published = Published::new();
    let secret = |text: &str| text.contains("get/") || text.contains("thanks/");
    let report = published.report(&["--dry-run"]);
    let new: Vec<&str> = report["new"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let hidden = new.iter().filter(|name| name.starts_with("(a file behind")).count();
    assert!(hidden > 1 && !secret(&report.to_string()), "{report}");
    let counted = format!("not named here: {hidden} files behind forms or of thank-you pages\n");
    let text = published.publish(&["--dry-run"]).clean().stdout;
    assert!(text.contains(&format!("+ {counted}")) && !secret(&text), "{text}");
    let markdown = published.publish(&["--dry-run", "--format", "markdown"]).clean().stdout;
    assert!(markdown.contains(&format!("<summary>New: {}</summary>", new.len())), "{markdown}");
    assert!(markdown.contains(&format!("- {counted}")) && !secret(&markdown), "{markdown}");
    assert_eq!(markdown.lines().filter(|line| line.starts_with("- `")).count(), new.len() - hidden);
    // The files themselves are published.
    published.publish(&[]).clean();
    assert!(tree(&published.current()).iter().any(|(path, _)| path.starts_with("get/")));
}

/// Nothing listens on the port.
#[test]
fn failed_check_does_not_name_files_behind_forms_or_thank_you_pages() {
    let published = Published::new();
    let at = ["publish", "--base-url", "http://127.0.0.1:9/"];
    published.site.run(&at).clean();
    let current = tree(&published.current());
    let gated = current.iter().find(|(path, _)| path.starts_with("get/")).unwrap();
    let sources = tree(&published.site.path("content"));
    let (source, mut bytes) = sources.into_iter().find(|(_, bytes)| *bytes == gated.1).unwrap();
    // The size stays, so no public page changes.
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(published.site.path("content").join(source), bytes).unwrap();
    let run = published.site.run(&[&at[..], &["--verify"]].concat()).failed(2);
    let named = "(a file behind a form or a thank-you page) could not be fetched";
    assert!(run.stderr.contains(named), "{}", run.stderr);
    assert!(!run.stderr.contains("get/") && !run.stderr.contains("thanks/"), "{}", run.stderr);
}
