//! Trees replaced, kept and refused. What a killed build leaves is in `killed`.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::*;

pub(super) type Tree = BTreeMap<String, String>;

pub(super) fn tree_of(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect()
}

pub(super) fn build(folder: &Path, files: &Tree, stamp: &str) -> anyhow::Result<Written> {
    let staging = Target::open(folder)?.stage()?;
    files.par_iter().try_for_each(|(path, text)| staging.put(path, text.as_bytes()))?;
    staging.seal()?.swap(stamp)
}

pub(super) fn read(folder: &Path) -> Tree {
    let listed = scan_paths(folder);
    listed.map(|path| (path.clone(), fs::read_to_string(folder.join(path)).unwrap())).collect()
}

fn scan_paths(folder: &Path) -> impl Iterator<Item = String> {
    let found = tree::scan(folder, "").unwrap();
    assert!(found.others.is_empty(), "{:?}", found.others);
    found.files.into_iter().map(|file| file.path.into())
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A place for `public` in a new folder.
fn place() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("public");
    (dir, folder)
}

fn old_tree() -> Tree {
    tree_of(&[("index.html", "home"), ("spring/index.html", "old"), ("gone/index.html", "x")])
}

fn new_tree() -> Tree {
    tree_of(&[("index.html", "home"), ("spring/index.html", "new"), ("a/b/c.txt", "deep")])
}

/// The message and what caused it, in one line.
fn refusal<T>(result: anyhow::Result<T>) -> String {
    format!("{:#}", result.err().expect("an error"))
}

#[test]
fn a_new_tree_replaces_the_old_one_which_stays_as_the_previous() {
    let (dir, folder) = place();
    let first = build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(first, Written { files: 3, unchanged: 0, removed: 0 });
    assert_eq!(read(&folder), old_tree());

    let second = build(&folder, &new_tree(), "two").unwrap();
    assert_eq!(second, Written { files: 3, unchanged: 1, removed: 1 });
    assert_eq!(read(&folder), new_tree());
    assert_eq!(read(&dir.path().join(".public.previous")), old_tree());

    build(&folder, &tree_of(&[]), "three").unwrap();
    assert_eq!(read(&dir.path().join(".public.previous")), new_tree());
    let left = [".public.lock", ".public.manifest", ".public.previous", "public"];
    assert_eq!(names(dir.path()), left);
    assert!(names(&folder).is_empty());
}

#[cfg(unix)]
#[test]
fn an_unchanged_file_keeps_its_inode_and_mtime_and_the_folder_its_permissions() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let (_dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
    let look = |path| fs::metadata(folder.join(path)).unwrap();
    let (index, spring) = (look("index.html"), look("spring/index.html"));

    build(&folder, &new_tree(), "two").unwrap();
    assert_eq!(look("index.html").ino(), index.ino());
    assert_eq!(look("index.html").modified().unwrap(), index.modified().unwrap());
    assert_ne!(look("spring/index.html").ino(), spring.ino());
    assert_eq!(look("").mode() & 0o777, 0o700);
}

#[cfg(unix)]
#[test]
fn a_build_that_changes_nothing_touches_nothing_but_the_stamp() {
    use std::os::unix::fs::MetadataExt;
    let (dir, folder) = place();
    build(&folder, &new_tree(), "one").unwrap();
    build(&folder, &old_tree(), "two").unwrap();
    let look = || {
        let meta = fs::metadata(&folder).unwrap();
        let index = fs::metadata(folder.join("index.html")).unwrap();
        (meta.ino(), meta.modified().unwrap(), index.ino(), index.ctime_nsec(), index.nlink())
    };
    let before = look();

    let written = build(&folder, &old_tree(), "three").unwrap();
    assert_eq!(written, Written { files: 3, unchanged: 3, removed: 0 });
    assert_eq!(look(), before);
    assert_eq!(read(&dir.path().join(".public.previous")), new_tree());
    assert_eq!(Target::open(&folder).unwrap().intact_stamp(), Some("three"));

    let manifest = || fs::metadata(dir.path().join(".public.manifest")).unwrap().ino();
    let listed = manifest();
    build(&folder, &old_tree(), "three").unwrap();
    assert_eq!(manifest(), listed);
}

#[test]
fn the_stamp_holds_only_while_each_file_is_as_it_was_built() {
    let (_dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    let stamp = || Target::open(&folder).unwrap().intact_stamp().map(str::to_owned);
    assert_eq!(stamp().as_deref(), Some("one"));

    let index = folder.join("index.html");
    let touched = SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(&index).unwrap().set_modified(touched).unwrap();
    assert_eq!(stamp(), None);
    build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(stamp().as_deref(), Some("one"), "the same bytes, listed with the new mtime");

    fs::write(&index, "edited by hand").unwrap();
    assert_eq!(stamp(), None);
    build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(read(&folder), old_tree());

    fs::remove_file(&index).unwrap();
    assert_eq!(stamp(), None);
}

#[test]
fn a_folder_that_tagline_did_not_make_is_refused() {
    let (dir, folder) = place();
    fs::create_dir_all(folder.join("photos")).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let message = refusal(Target::open(&folder));
    assert!(message.contains("tagline did not make: `notes.txt`, `photos/`;"), "{message}");
    assert!(message.contains("`static/`"), "{message}");
    assert_eq!(names(dir.path()), ["public"], "no lock file beside it");
}

#[test]
fn a_foreign_file_in_a_built_folder_is_refused_and_stays() {
    let (_dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    fs::write(folder.join("spring/.DS_Store"), "the desktop's, of no worth").unwrap();
    build(&folder, &new_tree(), "two").unwrap();

    for name in ["CNAME", "a/b/x", "spring/y", "z"] {
        fs::write(folder.join(name), "mine").unwrap();
    }
    let before = read(&folder);
    let message = refusal(build(&folder, &old_tree(), "three"));
    assert!(message.contains("`CNAME`, `a/b/x`, `spring/y` and 1 more"), "{message}");
    assert_eq!(read(&folder), before);
}

#[cfg(unix)]
#[test]
fn a_link_is_refused_as_the_folder_and_in_it() {
    use std::os::unix::fs::symlink;
    let (dir, folder) = place();
    fs::create_dir(dir.path().join("elsewhere")).unwrap();
    symlink("elsewhere", &folder).unwrap();
    assert!(refusal(Target::open(&folder)).contains("is a link"));
    assert!(refusal(Target::open(dir.path().join("public/"))).contains("is a link"));

    fs::remove_file(&folder).unwrap();
    build(&folder, &old_tree(), "one").unwrap();
    fs::remove_file(folder.join("index.html")).unwrap();
    symlink("/etc/hostname", folder.join("index.html")).unwrap();
    assert!(refusal(Target::open(&folder)).contains("did not make: `index.html`"));
}

#[test]
fn an_empty_folder_is_accepted() {
    let (_dir, folder) = place();
    fs::create_dir(&folder).unwrap();
    build(&folder, &new_tree(), "one").unwrap();
    assert_eq!(read(&folder), new_tree());
}

#[test]
fn of_two_builds_at_once_the_second_is_told_so() {
    let (_dir, folder) = place();
    let first = Target::open(&folder).unwrap().stage().unwrap();
    let message = refusal(Target::open(&folder));
    assert_eq!(message, format!("another build is writing `{}`", folder.display()));
    drop(first);
    build(&folder, &new_tree(), "one").unwrap();
}

#[test]
fn a_dropped_build_leaves_the_old_tree_and_nothing_else() {
    let (dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    let before = names(dir.path());
    let staging = Target::open(&folder).unwrap().stage().unwrap();
    staging.put("spring/index.html", b"new").unwrap();
    drop(staging);
    let staging = Target::open(&folder).unwrap().stage().unwrap();
    staging.put("spring/index.html", b"new").unwrap();
    drop(staging.seal().unwrap());
    assert_eq!(names(dir.path()), before);
    assert_eq!(read(&folder), old_tree());
    assert_eq!(Target::open(&folder).unwrap().intact_stamp(), Some("one"));
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_the_old_tree_stays() {
    let (dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    let before = names(dir.path());
    let long = "x".repeat(300);
    for path in ["a/b", &long, "two\nlines"] {
        let tree = tree_of(&[("a", "a file where a folder is needed"), (path, "text")]);
        let staging = Target::open(&folder).unwrap().stage().unwrap();
        let put = tree.iter().try_for_each(|(path, text)| staging.put(path, text.as_bytes()));
        let message = refusal(put);
        assert!(message.contains(&path.escape_debug().to_string()), "{message}");
        drop(staging);
        assert_eq!(names(dir.path()), before);
        assert_eq!(read(&folder), old_tree());
    }
}

#[test]
fn a_path_that_is_written_twice_is_an_error() {
    let (_dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    for (first, second) in [("home", "home"), ("home", "other"), ("one", "other")] {
        let staging = Target::open(&folder).unwrap().stage().unwrap();
        let twice = staging.put("index.html", first.as_bytes());
        let twice = twice.and_then(|()| staging.put("index.html", second.as_bytes()));
        assert!(refusal(twice.and_then(|()| staging.seal())).contains("index.html"));
    }
    assert_eq!(read(&folder), old_tree());
}

#[test]
fn a_parent_that_cannot_be_written_is_named() {
    // A file where the parent should be: root, which tests may run as, can write anywhere else.
    let (dir, _) = place();
    fs::write(dir.path().join("site"), "").unwrap();
    let message = refusal(Target::open(dir.path().join("site/public")));
    assert!(message.contains("site"), "{message}");
    let message = refusal(Target::open(dir.path().join("site")));
    assert!(message.contains("site` is a file, not a folder"), "{message}");
    #[cfg(target_os = "linux")]
    assert!(refusal(Target::open("/proc/public")).contains("cannot write `/proc/.public.lock`"));
}

#[test]
fn a_manifest_of_another_version_is_named_with_the_cure() {
    let (dir, folder) = place();
    build(&folder, &old_tree(), "one").unwrap();
    fs::write(dir.path().join(".public.manifest"), "tagline manifest 99\n").unwrap();
    let message = refusal(Target::open(&folder));
    assert!(message.contains(".public.manifest`; delete it and"), "{message}");
    assert_eq!(read(&folder), old_tree());
}

#[test]
fn a_copy_has_the_bytes_of_its_source_and_is_kept_while_they_stay() {
    let (dir, folder) = place();
    let source = dir.path().join("guide.pdf");
    let mut bytes: Vec<u8> = (0..3 * CHUNK + 5).map(|i| i as u8).collect();
    let copy = |bytes: &[u8]| {
        fs::write(&source, bytes).unwrap();
        let staging = Target::open(&folder).unwrap().stage().unwrap();
        staging.put_copy("a/guide.pdf", &source).unwrap();
        let written = staging.seal().unwrap().swap("stamp").unwrap();
        assert_eq!(fs::read(folder.join("a/guide.pdf")).unwrap(), bytes);
        written.unchanged
    };
    assert_eq!(copy(&bytes), 0);
    assert_eq!(copy(&bytes), 1);
    bytes[3 * CHUNK + 4] ^= 1;
    assert_eq!(copy(&bytes), 0, "the last byte differs");
    bytes.pop();
    assert_eq!(copy(&bytes), 0, "shorter");
    assert_eq!(copy(&[]), 0);

    let staging = Target::open(&folder).unwrap().stage().unwrap();
    let missing = dir.path().join("missing.pdf");
    assert!(refusal(staging.put_copy("b", &missing)).contains("missing.pdf"));
}

#[test]
fn where_links_cannot_be_had_a_copy_keeps_the_mtime() {
    let (dir, _) = place();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    fs::write(&from, "text").unwrap();
    let before = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(&from).unwrap().set_modified(before).unwrap();
    let meta = copy_with_mtime(&from, &to).unwrap();
    assert_eq!(meta.modified().unwrap(), fs::metadata(&from).unwrap().modified().unwrap());
    assert_eq!(fs::read_to_string(&to).unwrap(), "text");
}
