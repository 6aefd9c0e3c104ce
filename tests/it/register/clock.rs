//! Days that are not today: `--date` leaves the register alone, and rows of days to come are errors.

use super::fixtures::issued;
use crate::support::{CAMPAIGN, CHECKSUMS, REGISTER, Run, Site};

/// A day after every day on which these tests may run.
const FAR: &str = "2999-01-01";

/// Runs a command without `--write-register`.
fn run(site: &Site, args: &[&str]) -> Run {
    site.finish(&mut site.undated(args))
}

/// Asserts that the only error is at a row. The campaign has not started, so there may be warnings.
#[track_caller]
fn assert_error(run: &Run, rule: &str, texts: &[&str]) {
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let mut problems = run.problems();
    problems.retain(|problem| problem.is_error);
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    let problem = problems.remove(0);
    assert!(problem.place.starts_with("lead-tags.csv:"), "{}", problem.text);
    let place = problem.place.clone();
    problem.assert(rule, &place, texts);
}

#[test]
fn another_day_than_today_leaves_the_register_alone_and_says_so() {
    for command in ["build", "tags"] {
        let site = Site::new();
        let first = run(&site, &[command, "--date", FAR]).ok();
        let left = "the tag register was left alone, because `--date` is not today: 12 lead tags opened; \
                    `--write-register` writes it\n";
        assert!(first.stdout.ends_with(left), "{}", first.stdout);
        assert!(!site.path(REGISTER).exists() && !site.path(CHECKSUMS).exists(), "{command}");
        assert_eq!(site.path("public").exists(), command == "build");

        run(&site, &[command]).ok();
        let before = site.read(REGISTER);
        let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
        for day in [FAR, "2020-01-01"] {
            let again = run(&site, &[command, "--date", day, "--format", "json"]).ok();
            let result: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
            assert!(result["register"].is_null(), "{result}");
            let note = result["register_note"].as_str().unwrap();
            assert!(note.contains("3 lead tags with a new offer"), "{note}");
            assert_eq!(site.read(REGISTER), before, "{command} on {day}");
        }
    }
}

#[test]
fn todays_date_is_no_other_day() {
    let site = Site::new();
    run(&site, &["tags"]).ok();
    let today = site.register()[0][9].clone();
    let site = Site::new();
    let written = run(&site, &["tags", "--date", &today]).ok();
    // The clock may have passed midnight in between.
    let left = written.stdout.contains("left alone");
    assert_eq!(site.register().len(), if left { 0 } else { 12 });
}

#[test]
fn another_day_without_a_change_needs_no_note() {
    let site = Site::new();
    run(&site, &["build"]).ok();
    let same = run(&site, &["tags", "--date", FAR]).ok();
    assert_eq!(same.stdout, "the tag register is up to date: 12 lead tags\n");
    let same = run(&site, &["build", "--date", FAR]).ok();
    assert!(!same.stdout.contains("register"), "{}", same.stdout);
    let site = site.remove(CHECKSUMS);
    let unlisted = run(&site, &["tags", "--date", FAR]).ok();
    let note = "because `--date` is not today: `lead-tags.sum` does not list all rows; `--write-register` writes it\n";
    assert!(unlisted.stdout.ends_with(note), "{}", unlisted.stdout);
    assert!(!site.path(CHECKSUMS).exists());
}

#[test]
fn row_of_a_day_to_come_is_an_error_with_its_fix() {
    let site = Site::new();
    run(&site, &["build"]).ok();
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    // A wrong clock.
    site.run(&["build", "--date", FAR]).ok();
    let falsified = site.read(REGISTER);
    let site = site.edit(CAMPAIGN, "code: SPRING30", "code: SPRING40");
    for command in [&["build"][..], &["tags"], &["check"], &["check", "--locked"], &["links"], &["explain", "spring"]] {
        let texts = ["6 rows of the tag register begin or end after ", "`tagline tags --restore`", "correct the clock"];
        assert_error(&run(&site, command), "future-rows", &texts);
        assert_eq!(site.read(REGISTER), falsified, "{command:?}");
    }
}

#[test]
fn rows_of_a_wrong_clock_are_taken_back() {
    let site = Site::new();
    run(&site, &["build"]).ok();
    let right = [REGISTER, CHECKSUMS].map(|file| site.read(file));
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.run(&["build", "--date", FAR]).ok();
    let restored = run(&site, &["tags", "--restore"]).ok();
    assert_eq!(restored.stdout, "restored the tag register: 6 rows of days to come were taken back\n");
    assert_eq!([REGISTER, CHECKSUMS].map(|file| site.read(file)), right);
    run(&site, &["build"]).ok();
    let offers = site.offers_of("spring_save_direct");
    assert_eq!(offers.len(), 2);
    assert!(offers[1].starts_with("SPRING30 ") && !offers[1].contains("2999"), "{offers:?}");
}

#[test]
fn rows_of_a_wrong_clock_can_be_corrected_by_hand() {
    let site = Site::new();
    run(&site, &["tags"]).ok();
    let today = site.register()[0][9].clone();
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.run(&["tags", "--date", FAR]).ok();
    let dated = site.read(REGISTER).replace(FAR, &today);
    site.write(REGISTER, dated);
    let texts = ["3 closed rows of the tag register were changed", "delete the line of"];
    assert_error(&run(&site, &["tags"]), "lost-rows", &texts);
    let kept: String =
        site.read(CHECKSUMS).lines().filter(|line| !line.contains(&today)).map(|line| format!("{line}\n")).collect();
    site.write(CHECKSUMS, kept);
    run(&site, &["tags"]).ok();
    run(&site, &["check", "--locked"]).ok();
}

#[test]
fn past_day_can_be_shown_although_the_register_is_newer() {
    let site = Site::new();
    run(&site, &["build"]).ok();
    for command in ["build", "check", "tags", "links"] {
        run(&site, &[command, "--date", "2027-03-15"]).ok();
    }
    // A past day cannot be recorded after a later one.
    let texts = ["12 rows of the tag register begin or end after 2020-01-01, the day of this build"];
    assert_error(&site.run(&["tags", "--date", "2020-01-01"]), "future-rows", &texts);
}

#[test]
fn days_can_be_recorded_one_after_another() {
    let site = issued().edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.run(&["tags", "--date", "2027-03-10"]).ok();
    assert_eq!(site.offers_of("spring_save_direct"), ["SPRING20 2027-03-01 2027-03-10", "SPRING30 2027-03-10"]);
    for option in ["--locked", "--preview"] {
        let run = run(&site, &["build", "--write-register", option]).failed(2);
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
    }
}
