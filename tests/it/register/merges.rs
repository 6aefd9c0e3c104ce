//! A register that two people changed: git merges, row order, duplicate rows and damage.

use std::path::Path;

use super::fixtures::{committed, git, issued};
use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, CHECKSUMS, REGISTER, Site};

fn add_campaign(site: &Site, id: &str) {
    let page = CAMPAIGN_TEXT.replace("file: guide.pdf", "file: spring/guide.pdf");
    site.write(&format!("content/{id}.md"), page);
    site.tags().clean();
    git(site, &["add", "."]);
    git(site, &["commit", "-qm", id]);
}

#[test]
fn two_branches_that_add_campaigns_merge_without_a_conflict() {
    let site = Site::new();
    site.tags().clean();
    let site = committed(site);
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

/// Commits the site on two branches and merges them. `ours` and `theirs` are edits of the campaign and the day of each.
fn merged(ours: (&str, &str, &str), theirs: (&str, &str, &str)) -> Site {
    let site = committed(issued());
    let commit = |(old, new, day): (&str, &str, &str)| {
        let page = site.read(CAMPAIGN);
        assert!(page.contains(old), "{old}");
        site.write(CAMPAIGN, page.replacen(old, new, 1));
        site.run(&["tags", "--date", day]).ok();
        git(&site, &["commit", "-qam", new]);
    };
    git(&site, &["switch", "-qc", "theirs"]);
    commit(theirs);
    git(&site, &["switch", "-q", "main"]);
    commit(ours);
    git(&site, &["merge", "-q", "--no-edit", "theirs"]);
    site
}

#[test]
fn branches_that_close_and_open_rows_of_one_day_merge_without_a_conflict() {
    // Both change rows that began on 1 March, so both change the same line of the checksums.
    for (ours, theirs) in [
        (("SPRING20", "SPRING30", "2027-03-10"), ("https://cal.example.com", "https://call.example.com", "2027-03-11")),
        (("SPRING20", "SPRING30", "2027-03-10"), ("[newsletter, acme]", "[acme]", "2027-03-10")),
        (("Get 20 % off", "Get 20 % now", "2027-03-10"), ("code: SPRING20", "code: SPRING30", "2027-03-11")),
        (("ACME20", "ACME30", "2027-03-10"), ("label: Book a trial", "label: Try it", "2027-03-10")),
    ] {
        let site = merged(ours, theirs);
        let before = site.register();
        site.run(&["check", "--date", "2027-03-12"]).ok();
        site.run(&["tags", "--date", "2027-03-12"]).ok();
        let lost: Vec<_> = before
            .iter()
            .filter(|row| !site.register().iter().any(|now| (&now[0], &now[6], &now[9]) == (&row[0], &row[6], &row[9])))
            .collect();
        assert_eq!(lost, Vec::<&Vec<String>>::new(), "{ours:?} {theirs:?}");
        site.run(&["tags", "--locked", "--date", "2027-03-12"]).clean();
    }
}

#[test]
fn both_files_may_come_in_another_order_and_twice() {
    let site = issued();
    let right = [REGISTER, CHECKSUMS].map(|file| site.read(file));
    for file in [REGISTER, CHECKSUMS] {
        let text = site.read(file);
        let (header, lines) = text.split_once('\n').unwrap();
        let mut lines: Vec<&str> = lines.lines().chain(lines.lines()).collect();
        lines.reverse();
        site.write(file, format!("{header}\n{}\n", lines.join("\n")));
    }
    site.run(&["check", "--locked"]).clean();
    site.tags().clean();
    assert_eq!([REGISTER, CHECKSUMS].map(|file| site.read(file)), right);
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
fn register_has_the_union_merge_driver_in_the_example_and_in_new_sites() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in [".gitattributes", "src/init/common/dot-gitattributes"] {
        let attributes = std::fs::read_to_string(root.join(path)).unwrap();
        for file in [REGISTER, CHECKSUMS] {
            assert!(attributes.lines().any(|line| line == format!("{file} merge=union")), "{attributes}");
        }
    }
}
