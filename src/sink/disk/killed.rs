//! Builds that die at each step, in processes of their own, and what the next build makes of it.

use std::env;
use std::process::{self, Command};

use super::tests::{Tree, build, names, read, tree_of};
use super::*;

const FOLDER: &str = "TAGLINE_TEST_FOLDER";
const DIE_AT: &str = "TAGLINE_TEST_DIE_AT";
const NO_EXCHANGE: &str = "TAGLINE_TEST_NO_EXCHANGE";
const DIED: i32 = 99;

/// Every step of a build, in its order.
const STEPS: [&str; 9] = [
    "staging made",
    "previous retired",
    "file written",
    "sealed",
    "manifest written",
    "old tree aside",
    "swapped",
    "previous kept",
    "finished",
];

/// Ends the process as a kill does: nothing is dropped, nothing cleared up.
pub(in super::super) fn step(name: &str) {
    if env::var(DIE_AT).is_ok_and(|step| step == name) {
        process::exit(DIED);
    }
}

pub(super) fn may_exchange() -> bool {
    env::var_os(NO_EXCHANGE).is_none()
}

fn old_tree() -> Tree {
    tree_of(&[("index.html", "home"), ("spring/index.html", "old"), ("gone/x", "")])
}

fn new_tree() -> Tree {
    tree_of(&[("index.html", "home"), ("spring/index.html", "new"), ("new/x", &"x".repeat(9000))])
}

/// Not a test of its own: the other tests run it in a process that they let die.
#[test]
fn a_build_in_a_process_of_its_own() {
    if let Some(folder) = env::var_os(FOLDER) {
        build(Path::new(&folder), &new_tree(), "new").unwrap();
    }
}

/// This test binary, told to run nothing but that build.
fn child(folder: &Path) -> (PathBuf, Vec<String>, (&'static str, PathBuf)) {
    let (_, module) = module_path!().split_once("::").unwrap();
    let name = format!("{module}::a_build_in_a_process_of_its_own");
    let arguments = vec![name, "--exact".to_owned(), "--nocapture".to_owned()];
    (env::current_exe().unwrap(), arguments, (FOLDER, folder.to_owned()))
}

fn die(folder: &Path, step: &str, exchange: bool) -> bool {
    let (program, arguments, (key, value)) = child(folder);
    let mut command = Command::new(program);
    command.args(arguments).env(key, value).env(DIE_AT, step);
    if !exchange {
        command.env(NO_EXCHANGE, "1");
    }
    let out = command.output().unwrap();
    match out.status.code() {
        Some(DIED) => true,
        Some(0) => false,
        _ => panic!("{step}: {}", String::from_utf8_lossy(&out.stderr)),
    }
}

/// Opens the folder as the next build does and checks that all is in order.
fn assert_recovered(folder: &Path, case: &str) -> Tree {
    let stamp = Target::open(folder).expect(case).intact_stamp().map(str::to_owned);
    let present = if folder.exists() { read(folder) } else { Tree::new() };
    let whole = match stamp.as_deref() {
        Some("old") => old_tree(),
        Some("new") => new_tree(),
        _ => Tree::new(),
    };
    assert_eq!(present, whole, "{case}: the stamp {stamp:?} is of another tree");
    for name in names(folder.parent().unwrap()) {
        let ends = [".staging", ".trash", ".next"];
        assert!(!ends.iter().any(|end| name.ends_with(end)), "{case}: {name} is left");
    }
    present
}

fn kill_at_each_step(first_build: bool, exchange: bool) -> Vec<&'static str> {
    let mut reached = Vec::new();
    for step in STEPS {
        let case = format!("{step}, first build {first_build}, exchange {exchange}");
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("public");
        let oldest = tree_of(&[("oldest.html", "")]);
        if !first_build {
            build(&folder, &oldest, "oldest").unwrap();
            build(&folder, &old_tree(), "old").unwrap();
        }
        if die(&folder, step, exchange) {
            reached.push(step);
        }
        // Between two renames there is no folder; at any other instant it is the old or the new.
        let seen = folder.exists().then(|| read(&folder));
        let gap = step == "old tree aside" && !exchange;
        match &seen {
            Some(tree) => assert!([old_tree(), new_tree()].contains(tree), "{case}: {tree:?}"),
            None => assert!(first_build || gap, "{case}: the folder is gone"),
        }

        let present = assert_recovered(&folder, &case);
        if let Some(seen) = seen {
            assert_eq!(present, seen, "{case}: recovery changed what was visible");
        }
        let last = tree_of(&[("index.html", "home"), ("last.html", "")]);
        build(&folder, &last, "last").expect(&case);
        assert_eq!(read(&folder), last, "{case}");
        if !present.is_empty() {
            assert_eq!(read(&dir.path().join(".public.previous")), present, "{case}");
        }
    }
    reached
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn a_build_killed_at_any_step_leaves_a_whole_tree() {
    let reached = kill_at_each_step(false, true);
    let all: Vec<_> = STEPS.into_iter().filter(|&step| step != "old tree aside").collect();
    assert_eq!(reached, all);
}

#[test]
fn without_exchange_the_next_build_completes_two_renames() {
    let reached = kill_at_each_step(false, false);
    let all: Vec<_> = STEPS.into_iter().filter(|&step| step != "previous kept").collect();
    assert_eq!(reached, all);
}

#[test]
fn a_first_build_killed_at_any_step_leaves_nothing_or_a_whole_tree() {
    let reached = kill_at_each_step(true, true);
    assert_eq!(reached.len(), STEPS.len() - 2);
}

#[test]
fn half_a_manifest_and_half_deleted_trash_are_cleared_away() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("public");
    build(&folder, &old_tree(), "old").unwrap();
    assert!(die(&folder, "manifest written", true));
    let next = dir.path().join(".public.manifest.next");
    let text = fs::read_to_string(&next).unwrap();
    fs::create_dir_all(dir.path().join(".public.trash/half")).unwrap();
    for len in [0, 5, text.len() / 2, text.len() - 1] {
        fs::write(&next, &text[..len]).unwrap();
        assert_eq!(assert_recovered(&folder, "half a manifest"), old_tree());
    }
}

/// A limit on the size of files stands in for a full disk: the write fails in the middle.
#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_and_leaves_the_old_tree() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("public");
    build(&folder, &old_tree(), "old").unwrap();
    let before = names(dir.path());
    let (program, arguments, (key, value)) = child(&folder);
    // Blocks of 512 bytes or of 1024, by shell; `new/x` is larger. Output goes through pipes.
    let script = r#"trap '' XFSZ; ulimit -f 4; exec "$@""#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(program).args(arguments).env(key, value);
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr) + String::from_utf8_lossy(&out.stdout);
    assert!(!out.status.success(), "{said}");
    assert!(said.contains("cannot write `") && said.contains("new/x`"), "{said}");
    assert_eq!(names(dir.path()), before);
    assert_eq!(assert_recovered(&folder, "full disk"), old_tree());
}
