//! Rows that are missing from the tag register, or were changed, are noticed from the checksums beside it.

use std::collections::BTreeSet;

use super::fixtures::issued;
use crate::support::{CAMPAIGN, CHECKSUMS, REGISTER, Run, SITE, Site, random_cases};
use tagline::source::first_forbidden;

/// The small site with a history: on 10 March two offers changed and a channel was removed.
fn with_history() -> Site {
    let site =
        issued().edit(CAMPAIGN, "code: SPRING20", "code: SPRING30").edit(CAMPAIGN, "[newsletter, acme]", "[acme]");
    site.build_on("2027-03-10").ok();
    site
}

/// What a fresh clone has: no output and no cache.
fn cloned(site: &Site) -> Site {
    let clone = Site::new();
    for file in ["site.yaml", CAMPAIGN, "content/prices.md", REGISTER, CHECKSUMS] {
        clone.write(file, site.read(file));
    }
    clone
}

/// Asserts that every command stops with an error, and leaves the files alone.
#[track_caller]
fn assert_refused(site: &Site, rule: &str, texts: &[&str]) -> Run {
    let before = [REGISTER, CHECKSUMS].map(|file| std::fs::read(site.path(file)).ok());
    let commands: [&[&str]; 8] = [
        &["build"],
        &["build", "--locked"],
        &["check"],
        &["check", "--locked"],
        &["tags"],
        &["tags", "--locked"],
        &["links"],
        &["explain", "spring_save_acme"],
    ];
    let mut last = None;
    for command in commands {
        let run = site.run(command).failed(1);
        let problems = run.problems();
        let problem = problems.iter().find(|problem| problem.rule == rule && problem.is_error);
        let problem = problem.unwrap_or_else(|| panic!("{command:?}: {}", run.stderr));
        for text in texts {
            assert!(problem.text.contains(text), "`{text}` is not in {}", problem.text);
        }
        assert_eq!([REGISTER, CHECKSUMS].map(|file| std::fs::read(site.path(file)).ok()), before, "{command:?}");
        last = Some(run);
    }
    last.unwrap()
}

#[test]
fn lost_rows_are_an_error_that_names_campaign_day_and_number() {
    let site = with_history();
    let right = site.read(REGISTER);
    let header = right.lines().next().unwrap();
    let without = |lost: &dyn Fn(&str) -> bool| {
        let kept: Vec<&str> = right.lines().filter(|line| !lost(line)).collect();
        kept.join("\n") + "\n"
    };
    for (damaged, texts) in [
        (
            format!("{header}\n"),
            &["14 rows are missing", "12 rows that began on 2027-03-01", "2 rows that began on 2027-03-10"][..],
        ),
        (
            without(&|line| line.starts_with("spring_save_acme,")),
            &["1 row is missing", "campaign `spring`: 1 row that began on 2027-03-01"],
        ),
        (without(&|line| line.contains(",download,")), &["4 rows are missing"]),
        // A spreadsheet that saves a filtered table: only what is still open.
        (without(&|line| line.ends_with('0')), &["5 rows are missing"]),
    ] {
        let site = cloned(&site).file(REGISTER, &damaged);
        let texts: Vec<&str> = texts.iter().copied().chain(["`tagline tags --restore`"]).collect();
        assert_refused(&site, "lost-rows", &texts);
    }
    assert_refused(&cloned(&site).remove(REGISTER), "lost-rows", &["14 rows are missing"]);
}

#[test]
fn changed_cell_of_a_row_is_an_error_at_the_row() {
    let site = with_history();
    for (old, new, text) in [
        ("ACME20,/spring/", "ACME2O,/spring/", "this row is not in `lead-tags.sum`: was a cell changed?"),
        ("Get 20 % off,SPRING20", "Get 25 % off,SPRING20", "its label, landing page or last day is not what it was"),
        ("2027-03-01,2027-03-10", "2027-03-01,2027-03-09", "its label, landing page or last day is not what it was"),
        ("2027-03-01,2027-03-10", "2027-03-01,", "it was closed, and has no last day any more"),
    ] {
        assert_refused(&cloned(&site).edit(REGISTER, old, new), "lost-rows", &[text, "lead-tags.csv:"]);
    }
}

#[test]
fn damaged_checksums_are_an_error_at_their_line() {
    let site = with_history();
    let text = site.read(CHECKSUMS);
    for damaged in [
        text.replacen("2027-03-01", "2027-03-02", 1),
        text.replacen("spring", "string", 1),
        text[..text.len() - 5].to_owned(),
        text.replacen("\n", "\nab\n", 1),
    ] {
        let site = cloned(&site).file(CHECKSUMS, &damaged);
        assert_refused(
            &site,
            "bad-register",
            &["a line of `lead-tags.sum` is damaged", "lead-tags.sum:", "git checkout HEAD"],
        );
    }
    let site = cloned(&site).file(CHECKSUMS, &format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n"));
    assert_refused(&site, "bad-register", &["`lead-tags.sum` has a merge conflict", "merge=union"]);
}

#[test]
fn no_random_damage_is_accepted_silently() {
    // No page runs on the channel `newsletter` any more.
    let site = cloned(&with_history()).edit(SITE, "timezone:", "rules: { unused-channel: allow }\ntimezone:");
    let right = site.read(REGISTER).into_bytes();
    let mut rng = fastrand::Rng::with_seed(15);
    for case in 0..random_cases(300) {
        let mut damaged = right.clone();
        match case % 3 {
            0 => damaged.truncate(rng.usize(..right.len() - 1)),
            1 => damaged[rng.usize(..right.len())] ^= 1 << rng.u8(..8),
            _ => drop(damaged.drain(rng.usize(..right.len() / 2)..right.len() / 2)),
        }
        site.write(REGISTER, &damaged);
        let run = site.run(&["check", "--locked", "--date", "2027-03-10"]);
        let expected = expected_rules(&right, &damaged);
        let rules: BTreeSet<String> = run.rules().into_iter().collect();
        let is_right = rules.len() <= 1 && expected.contains(&rules.first().map_or("", String::as_str));
        let is_error = run.code == Some(1);
        let is_damage = rules.iter().all(|rule| rule != "outdated-register") && !rules.is_empty();
        let text = String::from_utf8_lossy(&damaged);
        assert!(is_right && is_error == is_damage, "{rules:?}, expected {expected:?}\n{text}\n{}", run.stderr);
    }
}

/// The rules of which one reports a damaged register. An empty one stands for none.
fn expected_rules(right: &[u8], damaged: &[u8]) -> &'static [&'static str] {
    let Ok(text) = std::str::from_utf8(damaged) else { return &["not-utf8"] };
    if first_forbidden(text).is_some() {
        return &["forbidden-character"];
    }
    let rows = |text: &[u8]| -> Vec<Vec<String>> {
        let text = String::from_utf8_lossy(text).into_owned();
        text.split('\n').map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let (right, damaged) = (rows(right), rows(damaged));
    let mut differing = BTreeSet::new();
    for (right, damaged) in right.iter().zip(&damaged) {
        let cells = right.iter().zip(damaged).zip(HEADER.split(','));
        differing.extend(cells.filter(|((right, damaged), _)| right != damaged).map(|(_, name)| name));
    }
    let has_all_cells = right.len() == damaged.len() && right.iter().zip(&damaged).all(|(a, b)| a.len() == b.len());
    let only = |names: &[&str]| differing.iter().all(|name| names.contains(name));
    match has_all_cells && right[0] == damaged[0] {
        // People type codes in any case.
        true if only(&["code"]) => &["", "bad-register"],
        // The label and the landing page of an open row follow the content, which the next build writes again.
        true if only(&["label", "landing_page"]) => &["outdated-register", "lost-rows", "bad-register"],
        true => &["lost-rows", "bad-register"],
        // A whole row can be missing.
        false => &["bad-register", "lost-rows"],
    }
}

/// The columns of the register.
const HEADER: &str = "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until";

#[test]
fn old_site_without_checksums_gets_them_with_a_note() {
    let site = with_history().remove(CHECKSUMS);
    let register = site.read(REGISTER);
    for command in [&["check"][..], &["check", "--locked"], &["build", "--locked"]] {
        let run = site.run(command).ok();
        let problem = run.problems().into_iter().find(|problem| problem.rule == "outdated-register").unwrap();
        problem.assert(
            "outdated-register",
            "lead-tags.sum",
            &["without `lead-tags.sum`, nobody notices when rows of the tag register are lost", "run `tagline tags`"],
        );
        assert!(!site.path(CHECKSUMS).exists());
    }
    let run = site.build().clean();
    assert!(
        run.stdout.ends_with(
            "\nwrote `lead-tags.sum`, which lists the 14 present rows, so that lost rows are noticed from now on: commit it\n"
        ),
        "{}",
        run.stdout
    );
    assert_eq!(site.read(REGISTER), register);
    assert_eq!(site.read(CHECKSUMS), with_history().read(CHECKSUMS));
    assert!(!site.check().ok().rules().contains(&"outdated-register".to_owned()));
    assert!(!site.build().clean().stdout.contains("lead-tags.sum"));
}

#[test]
fn row_that_is_not_listed_is_a_warning_also_when_locked_and_listed_by_the_next_build() {
    let site = issued();
    let before = site.read(CHECKSUMS);
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.build_on("2027-03-10").ok();
    let right = site.read(CHECKSUMS);
    // As after a power cut between the two files.
    site.write(CHECKSUMS, before);
    for command in ["check", "build"] {
        let run = site.run(&[command, "--locked"]);
        let words = ["6 rows of the tag register are not in `lead-tags.sum`"];
        run.warning().assert("outdated-register", "lead-tags.sum", &words);
    }
    site.check().warning().assert("outdated-register", "lead-tags.sum", &["run `tagline tags`"]);
    let run = site.tags().clean();
    assert!(run.stdout.ends_with("\n`lead-tags.sum` did not list 6 rows, and does now\n"), "{}", run.stdout);
    assert_eq!(site.read(CHECKSUMS), right);
}

#[test]
fn new_site_writes_both_files_and_an_unchanged_one_none() {
    let site = Site::new();
    let run = site.build().clean();
    assert!(!run.stdout.contains("lead-tags.sum"), "{}", run.stdout);
    let text = site.read(CHECKSUMS);
    let (header, lines) = text.split_once('\n').unwrap();
    assert!(header.starts_with("# The rows of lead-tags.csv"), "{text}");
    assert_eq!(lines.lines().count(), 1);
    assert_eq!(lines.split(' ').nth(1), Some("spring"));
    assert_eq!(lines.split(' ').count(), 3 + 12);
    let changed = || [REGISTER, CHECKSUMS].map(|file| std::fs::metadata(site.path(file)).unwrap().modified().unwrap());
    let before = changed();
    site.tags().clean();
    site.run(&["build", "--date", "2027-04-02"]).ok();
    assert_eq!(changed(), before);
}

#[test]
fn no_temporary_file_stays_beside_the_register() {
    let site = issued().file(".lead-tags.csv.k1ll3d", "half of a reg");
    site.build_on("2027-03-10").clean();
    assert!(site.path(".lead-tags.csv.k1ll3d").exists(), "nothing was written");
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.build_on("2027-03-10").clean();
    let names = std::fs::read_dir(site.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.filter(|name| name.contains("lead-tags")).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}
