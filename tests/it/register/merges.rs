//! A register that two people changed: git merges, row order, duplicate rows and damage.

use std::path::Path;
use std::process::Command;

use super::fixtures::issued;
use crate::support::{CAMPAIGN_TEXT, REGISTER, Site};

/// Runs git in a site.
#[track_caller]
fn git(site: &Site, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(site.root()).args(["-c", "user.name=Test", "-c", "user.email=test@kazi.example"]).args(args);
    // Hooks and settings of this machine must not apply.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap_or_else(|error| panic!("this test needs git: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "git {args:?}\n{stdout}{stderr}");
    stdout.into_owned()
}

fn add_campaign(site: &Site, id: &str) {
    let page = CAMPAIGN_TEXT.replace("file: guide.pdf", "file: spring/guide.pdf");
    site.write(&format!("content/{id}.md"), page);
    site.tags().clean();
    git(site, &["add", "."]);
    git(site, &["commit", "-qm", id]);
}

#[test]
fn two_branches_that_add_campaigns_merge_without_a_conflict() {
    let site = Site::new()
        .file(".gitattributes", include_str!("../../../.gitattributes"))
        .file(".gitignore", "/public/\n/sales/\n");
    site.tags().clean();
    git(&site, &["init", "-q", "-b", "main", "."]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-qm", "base"]);
    // The new rows are all before or after the existing ones, where a line merge would conflict.
    git(&site, &["switch", "-qc", "theirs"]);
    for id in ["summer", "august"] {
        add_campaign(&site, id);
    }
    git(&site, &["switch", "-q", "main"]);
    for id in ["winter", "april"] {
        add_campaign(&site, id);
    }
    git(&site, &["merge", "-q", "--no-edit", "theirs"]);
    assert_eq!(git(&site, &["status", "--porcelain"]), "");

    // It builds unchanged, even with `--locked`.
    let merged = site.read(REGISTER);
    assert_eq!(merged.lines().skip(1).count(), 60);
    site.run(&["build", "--locked"]).clean();
    assert_eq!(site.read(REGISTER), merged);
    site.tags().clean();
    let sorted = site.read(REGISTER);
    assert!(sorted.lines().skip(1).map(|line| line.split(',').next()).is_sorted());
    site.run(&["build", "--locked"]).clean();
    assert_eq!(site.read(REGISTER), sorted);
    assert_eq!(site.register().len(), 60);
}

#[test]
fn unsorted_rows_are_sorted_by_tags_and_kept_by_a_locked_build() {
    let site = issued();
    let right = site.read(REGISTER);
    let mut lines: Vec<&str> = right.lines().collect();
    lines[1..].reverse();
    let mixed = lines.join("\n") + "\n";
    site.write(REGISTER, &mixed);
    for command in ["build", "tags", "check"] {
        site.run(&[command, "--locked"]).clean();
        assert_eq!(site.read(REGISTER), mixed, "{command}");
    }
    site.tags().clean();
    assert_eq!(site.read(REGISTER), right);
}

#[test]
fn row_added_by_both_sides_of_a_merge_counts_once() {
    let site = issued();
    let right = site.read(REGISTER);
    let line = right.lines().nth(1).unwrap();
    site.write(REGISTER, right.replacen(line, &format!("{line}\n{line}"), 1));
    site.run(&["tags", "--locked"]).clean();
    site.tags().clean();
    assert_eq!(site.read(REGISTER), right);
}

#[test]
fn windows_line_endings_do_not_change_the_register() {
    let site = issued();
    let crlf = site.read(REGISTER).replace('\n', "\r\n");
    site.write(REGISTER, &crlf);
    for command in ["build", "tags", "check"] {
        site.run(&[command, "--locked"]).clean();
        assert_eq!(site.read(REGISTER), crlf, "{command}");
    }
}

#[test]
fn damaged_register_is_an_error_for_every_command() {
    let right = issued().read(REGISTER);
    let with = |old: &str, new: &str| right.replacen(old, new, 1);
    let line = right.lines().nth(1).unwrap();
    for (damaged, place) in [
        (with("tag,campaign", "lead,campaign"), "lead-tags.csv:1:1"),
        (with("spring_guide_acme,spring,guide", "spring_guide_acme,spring,save"), "lead-tags.csv:2:26"),
        (with(",download,acme", ",upload,acme"), "lead-tags.csv:2:32"),
        (with("2027-03-01,", "01.03.2027,"), "lead-tags.csv:2:"),
        (with("2027-03-01,\n", "2027-03-01,2027-02-01\n"), "lead-tags.csv:2:"),
        (with(&line[line.len() - 22..line.len() - 12], "0000000001"), "lead-tags.csv:2:"),
        (with(line, &format!("{line}\n{}", line.replace("guide.pdf", "other.pdf"))), "lead-tags.csv:3:"),
        (with(line, &format!("<<<<<<< HEAD\n{line}")), "lead-tags.csv:2:1"),
        (with(line, &format!("\"{line}")), "lead-tags.csv:2:1"),
        (String::new(), "lead-tags.csv"),
    ] {
        let site = Site::new().file(REGISTER, &damaged);
        for command in [&["build"][..], &["tags"], &["check"], &["links"], &["explain", "spring_save_acme"]] {
            let run = site.run(command).failed(1);
            assert_eq!(run.stdout, "", "{command:?}");
            let problems = run.problems();
            assert!(
                problems.iter().all(|problem| problem.is_error && problem.rule == "bad-register"),
                "{}",
                run.stderr
            );
            assert!(problems[0].place.starts_with(place), "{command:?} with {damaged}: {}", run.stderr);
            assert_eq!(site.read(REGISTER), damaged, "{command:?}");
            assert_eq!(site.output().len(), 1, "{command:?}");
        }
    }
}

#[test]
fn example_register_has_the_union_merge_driver() {
    let attributes = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".gitattributes")).unwrap();
    assert!(attributes.lines().any(|line| line == "lead-tags.csv merge=union"), "{attributes}");
}
