//! `tagline tags --restore` puts lost rows back from the history of git.

use std::fs;

use super::fixtures::{committed, git, issued};
use crate::support::{CAMPAIGN, CHECKSUMS, REGISTER, Site};

/// A repository in which rows were opened, closed and committed on two days.
fn repository() -> Site {
    let site = committed(issued()).edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.run(&["tags", "--date", "2027-03-10"]).ok();
    git(&site, &["commit", "-qam", "another code"]);
    site
}

/// Commits a damaged register, so that the last commit is of no help.
fn with_register(site: Site, text: &str) -> Site {
    let site = site.file(REGISTER, text);
    git(&site, &["commit", "-qam", "damage"]);
    site
}

#[test]
fn lost_and_changed_rows_come_back_from_the_history() {
    let right = repository().read(REGISTER);
    let lines: Vec<&str> = right.lines().collect();
    let without = |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().join("\n") + "\n";
    for (damaged, done) in [
        (format!("{}\n", lines[0]), "15 rows were put back"),
        (without(1, 2), "1 row was put back"),
        (without(10, 16), "6 rows were put back"),
        (lines[..8].join("\n") + ",tail", "9 rows were put back; damaged lines were removed"),
        (String::new(), "15 rows were put back"),
        (right.replacen("tag,campaign", "lead,campaign", 1), "15 rows were put back; damaged lines were removed"),
        (right.replacen("SPRING20", "SPRING2O", 1), "1 row was put back"),
        (right.replacen("2027-03-01,2027-03-10", "2027-03-01,", 1), "1 row was put back"),
        (right.replacen("Get 20 % off,SPRING20", "Get 25 % off,SPRING20", 1), "1 row was put back"),
        (
            format!("{}\n<<<<<<< HEAD\n{}\n=======\n>>>>>>> theirs\n", lines[0], lines[1..7].join("\n")),
            "9 rows were put back; damaged lines were removed",
        ),
        (
            format!("{}\n<<<<<<< HEAD\n=======\n{}\n>>>>>>> theirs\n", lines[0], lines[1..].join("\n")),
            "damaged lines were removed",
        ),
    ] {
        let site = with_register(repository(), &damaged);
        site.run(&["check", "--locked"]).failed(1);
        let run = site.run(&["tags", "--restore"]).clean();
        assert_eq!(run.stdout, format!("restored the tag register: {done}\n"), "{damaged}");
        assert_eq!(site.read(REGISTER), right, "{damaged}");
        site.run(&["check", "--locked"]).clean();
        let run = site.run(&["tags", "--restore"]).clean();
        assert_eq!(run.stdout, "no row is missing from the tag register\n");
    }
}

#[test]
fn deleted_register_comes_back() {
    let site = repository();
    let right = site.read(REGISTER);
    let site = site.remove(REGISTER);
    git(&site, &["commit", "-qam", "deleted"]);
    let run = site.run(&["tags", "--restore", "--format", "json"]).clean();
    let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&result["ok"], &result["register"]), (&true.into(), &"15 rows were put back".into()));
    assert_eq!(site.read(REGISTER), right);
}

#[test]
fn rows_come_back_from_another_branch_and_in_a_folder_of_the_repository() {
    let site = issued();
    let right = site.read(REGISTER);
    // The repository is the folder above the site.
    fs::rename(site.root(), site.root().with_extension("moved")).unwrap();
    fs::create_dir(site.root()).unwrap();
    fs::rename(site.root().with_extension("moved"), site.path("campaigns")).unwrap();
    git(&site, &["init", "-q", "-b", "main", "."]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-qm", "base"]);
    git(&site, &["switch", "-q", "--orphan", "other"]);
    git(&site, &["checkout", "-q", "main", "--", "campaigns"]);
    fs::write(site.path("campaigns/lead-tags.csv"), right.lines().next().unwrap()).unwrap();
    let root = site.path("campaigns");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tagline"));
    let run = site.finish(command.args(["tags", "--restore", "--date", "2027-03-15", "--root"]).arg(&root)).clean();
    assert_eq!(run.stdout, "restored the tag register: 12 rows were put back\n");
    assert_eq!(fs::read_to_string(root.join(REGISTER)).unwrap(), right);
}

#[test]
fn rows_that_the_history_does_not_have_are_an_error_and_nothing_is_written() {
    let site = repository().edit(CAMPAIGN, "code: SPRING30", "code: SPRING40");
    site.run(&["tags", "--date", "2027-03-12"]).ok();
    let right = [REGISTER, CHECKSUMS].map(|file| site.read(file));
    let header = right[0].lines().next().unwrap().to_owned();
    let site = site.file(REGISTER, &header);
    let problem = site.run(&["tags", "--restore", "--date", "2027-03-12"]).error();
    problem.assert(
        "lost-rows",
        "lead-tags.csv",
        &["6 lost rows of the tag register are not in the history of git", "`git checkout HEAD --"],
    );
    assert_eq!(site.read(REGISTER), header);
    // The help works.
    git(&site, &["checkout", "-q", "HEAD", "--", REGISTER, CHECKSUMS]);
    site.run(&["tags", "--date", "2027-03-12"]).ok();
    assert_eq!([REGISTER, CHECKSUMS].map(|file| site.read(file)), right);
}

#[test]
fn shallow_clone_names_the_command_that_fetches_the_history() {
    let full = with_register(repository(), "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until\n");
    let clone = Site::new().remove("content").remove("site.yaml");
    let from = format!("file://{}", full.root().display());
    git(&clone, &["clone", "-q", "--depth", "1", &from, "."]);
    let problem = clone.run(&["tags", "--restore"]).error();
    problem.assert("lost-rows", "lead-tags.csv", &["15 lost rows", "`git fetch --unshallow`"]);
}

#[test]
fn without_git_or_a_repository_the_message_says_so() {
    let site = issued();
    site.write(REGISTER, site.read(REGISTER).lines().next().unwrap());
    // Temporary folders may be in a repository.
    let mut command = site.command(&["tags", "--restore"]);
    let run = site.finish(command.env("GIT_CEILING_DIRECTORIES", site.root().parent().unwrap())).failed(2);
    assert!(run.stderr.contains("is in no git repository to restore them from"), "{}", run.stderr);
    let mut command = site.command(&["tags", "--restore"]);
    let run = site.finish(command.env("PATH", "/nowhere")).failed(2);
    assert!(run.stderr.contains("the program `git`, which has its history, is not installed"), "{}", run.stderr);
    // If nothing is missing, git is not needed.
    let site = issued();
    let mut command = site.command(&["tags", "--restore"]);
    let run = site.finish(command.env("PATH", "/nowhere")).clean();
    assert_eq!(run.stdout, "no row is missing from the tag register\n");
}

#[test]
fn without_checksums_nothing_says_what_is_missing() {
    let site = repository().remove(CHECKSUMS);
    let run = site.run(&["tags", "--restore"]).failed(2);
    assert!(run.stderr.contains("`git checkout HEAD -- lead-tags.sum`"), "{}", run.stderr);
}
