//! Builds that are killed at each step, in separate processes, and the recovery by the next build.

use std::env;
use std::path::Path;
use std::process::Command;

use super::hooks::{KILL_AT, KILLED, NO_EXCHANGE};
use super::tests::{Tree, build, names, read, tree_of};
use super::*;

const FOLDER: &str = "TAGLINE_TEST_FOLDER";
/// The environment variable with the number of files that no build changes.
const SAME_FILES: &str = "TAGLINE_TEST_SAME_FILES";
/// With so many, the previous tree becomes the new one.
const MANY_FILES: usize = 40;

/// The steps of a build, in order.
const STEPS: [&str; 10] = [
    "staging created",
    "previous moved to trash",
    "file written",
    "previous is staging",
    "sealed",
    "manifest written",
    "old tree moved",
    "swapped",
    "old tree is previous",
    "finished",
];

fn old_tree(same_files: usize) -> Tree {
    with_same_files(same_files, &[("index.html", "home"), ("spring/index.html", "old"), ("gone/x", "")])
}

fn new_tree(same_files: usize) -> Tree {
    let large = "x".repeat(9000);
    with_same_files(same_files, &[("index.html", "home"), ("spring/index.html", "new"), ("new/x", &large)])
}

fn with_same_files(count: usize, files: &[(&str, &str)]) -> Tree {
    let mut tree = tree_of(files);
    tree.extend((0..count).map(|number| (format!("same/{number}/index.html"), number.to_string())));
    tree
}

/// Not a real test: the other tests run it in a process that is killed.
#[test]
fn build_in_a_separate_process() {
    if let Some(folder) = env::var_os(FOLDER) {
        let same_files = env::var(SAME_FILES).unwrap().parse().unwrap();
        build(Path::new(&folder), &new_tree(same_files), "new").unwrap();
    }
}

/// Returns the command for this test binary that runs only that build.
fn build_command(folder: &Path) -> (PathBuf, Vec<String>, (&'static str, PathBuf)) {
    let (_, module) = module_path!().split_once("::").unwrap();
    let name = format!("{module}::build_in_a_separate_process");
    let arguments = vec![name, "--exact".to_owned(), "--nocapture".to_owned()];
    (env::current_exe().unwrap(), arguments, (FOLDER, folder.to_owned()))
}

/// Returns whether the build reached the step and was killed there.
fn kill_at(folder: &Path, step: &str, exchange: bool, same_files: usize) -> bool {
    let (program, arguments, (key, value)) = build_command(folder);
    let mut command = Command::new(program);
    command.args(arguments).env(key, value).env(KILL_AT, step).env(SAME_FILES, same_files.to_string());
    if !exchange {
        command.env(NO_EXCHANGE, "1");
    }
    let out = command.output().unwrap();
    match out.status.code() {
        Some(KILLED) => true,
        Some(0) => false,
        _ => panic!("{step}: {}", String::from_utf8_lossy(&out.stderr)),
    }
}

/// Opens the folder like the next build and checks the recovered tree.
fn assert_recovered(folder: &Path, case: &str, same_files: usize) -> Tree {
    let stamp = Target::open(folder).expect(case).intact_stamp().map(str::to_owned);
    let current = if folder.exists() { read(folder) } else { Tree::new() };
    let expected = match stamp.as_deref() {
        Some("old") => old_tree(same_files),
        Some("new") => new_tree(same_files),
        _ => Tree::new(),
    };
    assert_eq!(current, expected, "{case}: the stamp {stamp:?} belongs to another tree");
    for name in names(folder.parent().unwrap()) {
        let ends = [".staging", ".trash", ".next"];
        assert!(!ends.iter().any(|end| name.ends_with(end)), "{case}: {name} was not removed");
    }
    current
}

fn kill_at_each_step(first_build: bool, exchange: bool, same_files: usize) -> Vec<&'static str> {
    let mut reached = Vec::new();
    for step in STEPS {
        let case = format!("{step}, first build {first_build}, exchange {exchange}, {same_files} same files");
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("public");
        let oldest = with_same_files(same_files, &[("oldest.html", "")]);
        if !first_build {
            build(&folder, &oldest, "oldest").unwrap();
            build(&folder, &old_tree(same_files), "old").unwrap();
        }
        if kill_at(&folder, step, exchange, same_files) {
            reached.push(step);
        }
        // The folder is the old or the new tree. It is missing only between two renames.
        let visible = folder.exists().then(|| read(&folder));
        let gap = step == "old tree moved" && !exchange;
        match &visible {
            Some(tree) => {
                assert!([old_tree(same_files), new_tree(same_files)].contains(tree), "{case}: {tree:?}");
            }
            None => assert!(first_build || gap, "{case}: the folder is missing"),
        }

        let current = assert_recovered(&folder, &case, same_files);
        if let Some(visible) = visible {
            assert_eq!(current, visible, "{case}: recovery changed what was visible");
        }
        let last = tree_of(&[("index.html", "home"), ("last.html", "")]);
        build(&folder, &last, "last").expect(&case);
        assert_eq!(read(&folder), last, "{case}");
        if !current.is_empty() {
            assert_eq!(read(&dir.path().join(".public.previous")), current, "{case}");
        }
    }
    reached
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn build_killed_at_any_step_leaves_a_complete_tree() {
    let reached = kill_at_each_step(false, true, 0);
    let skipped = ["previous is staging", "old tree moved"];
    assert_eq!(reached, STEPS.into_iter().filter(|step| !skipped.contains(step)).collect::<Vec<_>>());
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn build_of_few_changes_killed_at_any_step_leaves_a_complete_tree() {
    let reached = kill_at_each_step(false, true, MANY_FILES);
    let skipped = ["previous moved to trash", "old tree moved"];
    assert_eq!(reached, STEPS.into_iter().filter(|step| !skipped.contains(step)).collect::<Vec<_>>());
}

#[test]
fn next_build_completes_two_renames_without_exchange() {
    let reached = kill_at_each_step(false, false, 0);
    let skipped = ["previous is staging", "old tree is previous"];
    assert_eq!(reached, STEPS.into_iter().filter(|step| !skipped.contains(step)).collect::<Vec<_>>());
}

#[test]
fn first_build_killed_at_any_step_leaves_nothing_or_a_complete_tree() {
    let reached = kill_at_each_step(true, true, 0);
    assert_eq!(reached.len(), STEPS.len() - 3);
}

#[test]
fn incomplete_manifest_and_partly_deleted_trash_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("public");
    build(&folder, &old_tree(0), "old").unwrap();
    assert!(kill_at(&folder, "manifest written", true, 0));
    let next = dir.path().join(".public.manifest.next");
    let text = fs::read_to_string(&next).unwrap();
    fs::create_dir_all(dir.path().join(".public.trash/half")).unwrap();
    for len in [0, 5, text.len() / 2, text.len() - 1] {
        fs::write(&next, &text[..len]).unwrap();
        assert_eq!(assert_recovered(&folder, "incomplete manifest", 0), old_tree(0));
    }
}

/// A limit on the file size simulates a full disk: a write fails in the middle.
#[cfg(unix)]
#[test]
fn full_disk_is_reported_and_leaves_the_old_tree() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("public");
    build(&folder, &old_tree(0), "old").unwrap();
    let before = names(dir.path());
    let (program, arguments, (key, value)) = build_command(&folder);
    // Shells use blocks of 512 or 1024 bytes; `new/x` is larger than the limit. Output goes through pipes.
    let script = r#"trap '' XFSZ; ulimit -f 4; exec "$@""#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(program).args(arguments).env(key, value).env(SAME_FILES, "0");
    let out = command.output().unwrap();
    let output = String::from_utf8_lossy(&out.stderr) + String::from_utf8_lossy(&out.stdout);
    assert!(!out.status.success(), "{output}");
    assert!(output.contains("cannot write `") && output.contains("new/x`"), "{output}");
    assert_eq!(names(dir.path()), before);
    assert_eq!(assert_recovered(&folder, "full disk", 0), old_tree(0));
}
