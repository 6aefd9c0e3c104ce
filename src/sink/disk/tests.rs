//! Replacing, reusing and refusing output folders. `kill_tests` covers killed builds.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::staging::{CHUNK, copy_with_mtime};
use super::*;
use crate::sink::Origin;

pub(super) type Tree = BTreeMap<String, String>;

pub(super) fn tree_of(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect()
}

pub(super) fn build(folder: &Path, files: &Tree, stamp: &str) -> anyhow::Result<FileCounts> {
    let staging = Target::open(folder)?.stage("test")?;
    files.par_iter().try_for_each(|(path, text)| staging.put(path, text.as_bytes(), None))?;
    staging.seal()?.swap(stamp)
}

pub(super) fn read(folder: &Path) -> Tree {
    scan_paths(folder).map(|path| (path.clone(), fs::read_to_string(folder.join(path)).unwrap())).collect()
}

fn scan_paths(folder: &Path) -> impl Iterator<Item = String> {
    let scan = tree::scan(folder, "").unwrap();
    assert!(scan.others.is_empty(), "{:?}", scan.others);
    scan.files.into_iter().map(|file| file.path.into())
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns the path of `public` in a new folder.
fn public_in_new_folder() -> (tempfile::TempDir, PathBuf) {
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

/// Returns the error's message and causes in one line.
fn refusal<T>(result: anyhow::Result<T>) -> String {
    format!("{:#}", result.err().expect("an error"))
}

#[test]
fn new_tree_replaces_the_old_one_which_becomes_the_previous() {
    let (dir, folder) = public_in_new_folder();
    let first = build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(first, FileCounts { files: 3, unchanged: 0, removed: 0 });
    assert_eq!(read(&folder), old_tree());

    let second = build(&folder, &new_tree(), "two").unwrap();
    assert_eq!(second, FileCounts { files: 3, unchanged: 1, removed: 1 });
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
fn unchanged_file_keeps_its_inode_and_mtime_and_the_folder_its_permissions() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let (_dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
    let metadata = |path| fs::metadata(folder.join(path)).unwrap();
    let (index, spring) = (metadata("index.html"), metadata("spring/index.html"));

    build(&folder, &new_tree(), "two").unwrap();
    assert_eq!(metadata("index.html").ino(), index.ino());
    assert_eq!(metadata("index.html").modified().unwrap(), index.modified().unwrap());
    assert_ne!(metadata("spring/index.html").ino(), spring.ino());
    assert_eq!(metadata("").mode() & 0o777, 0o700);
}

#[cfg(unix)]
#[test]
fn build_without_changes_writes_only_the_stamp() {
    use std::os::unix::fs::MetadataExt;
    let (dir, folder) = public_in_new_folder();
    build(&folder, &new_tree(), "one").unwrap();
    build(&folder, &old_tree(), "two").unwrap();
    let state = || {
        let folder_metadata = fs::metadata(&folder).unwrap();
        let index = fs::metadata(folder.join("index.html")).unwrap();
        (folder_metadata.ino(), folder_metadata.modified().unwrap(), index.ino(), index.ctime_nsec(), index.nlink())
    };
    let before = state();

    let written = build(&folder, &old_tree(), "three").unwrap();
    assert_eq!(written, FileCounts { files: 3, unchanged: 3, removed: 0 });
    assert_eq!(state(), before);
    assert_eq!(read(&dir.path().join(".public.previous")), new_tree());
    assert_eq!(Target::open(&folder).unwrap().intact_stamp(), Some("three"));

    let manifest = || fs::metadata(dir.path().join(".public.manifest")).unwrap().ino();
    let before = manifest();
    build(&folder, &old_tree(), "three").unwrap();
    assert_eq!(manifest(), before);
}

#[test]
fn stamp_is_valid_only_while_every_file_is_as_built() {
    let (_dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    let stamp = || Target::open(&folder).unwrap().intact_stamp().map(str::to_owned);
    assert_eq!(stamp().as_deref(), Some("one"));

    let index = folder.join("index.html");
    let touched = SystemTime::now() - Duration::from_secs(60);
    File::options().write(true).open(&index).unwrap().set_modified(touched).unwrap();
    assert_eq!(stamp(), None);
    build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(stamp().as_deref(), Some("one"), "same bytes, new mtime in the manifest");

    fs::write(&index, "edited by hand").unwrap();
    assert_eq!(stamp(), None);
    build(&folder, &old_tree(), "one").unwrap();
    assert_eq!(read(&folder), old_tree());

    fs::remove_file(&index).unwrap();
    assert_eq!(stamp(), None);
}

#[test]
fn folder_with_other_files_is_refused() {
    let (dir, folder) = public_in_new_folder();
    fs::create_dir_all(folder.join("photos")).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let message = refusal(Target::open(&folder));
    assert!(message.contains("Tagline did not create: `notes.txt`, `photos/`;"), "{message}");
    assert!(message.contains("`static/`"), "{message}");
    assert_eq!(names(dir.path()), ["public"], "no lock file is created");
}

#[test]
fn other_file_in_a_built_folder_is_refused_and_stays() {
    let (_dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    fs::write(folder.join("spring/.DS_Store"), "desktop settings").unwrap();
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
fn link_is_refused_as_the_folder_and_inside_it() {
    use std::os::unix::fs::symlink;
    let (dir, folder) = public_in_new_folder();
    fs::create_dir(dir.path().join("elsewhere")).unwrap();
    symlink("elsewhere", &folder).unwrap();
    assert!(refusal(Target::open(&folder)).contains("is a link"));
    assert!(refusal(Target::open(dir.path().join("public/"))).contains("is a link"));

    fs::remove_file(&folder).unwrap();
    build(&folder, &old_tree(), "one").unwrap();
    fs::remove_file(folder.join("index.html")).unwrap();
    symlink("/etc/hostname", folder.join("index.html")).unwrap();
    assert!(refusal(Target::open(&folder)).contains("did not create: `index.html`"));
}

#[test]
fn empty_folder_is_accepted() {
    let (_dir, folder) = public_in_new_folder();
    fs::create_dir(&folder).unwrap();
    build(&folder, &new_tree(), "one").unwrap();
    assert_eq!(read(&folder), new_tree());
}

#[test]
fn second_simultaneous_build_is_refused() {
    let (_dir, folder) = public_in_new_folder();
    let first = Target::open(&folder).unwrap().stage("test").unwrap();
    let message = refusal(Target::open(&folder));
    assert_eq!(message, format!("another build is writing `{}`", folder.display()));
    drop(first);
    build(&folder, &new_tree(), "one").unwrap();
}

#[test]
fn dropped_build_leaves_only_the_old_tree() {
    let (dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    let before = names(dir.path());
    let staging = Target::open(&folder).unwrap().stage("test").unwrap();
    staging.put("spring/index.html", b"new", None).unwrap();
    drop(staging);
    let staging = Target::open(&folder).unwrap().stage("test").unwrap();
    staging.put("spring/index.html", b"new", None).unwrap();
    drop(staging.seal().unwrap());
    assert_eq!(names(dir.path()), before);
    assert_eq!(read(&folder), old_tree());
    assert_eq!(Target::open(&folder).unwrap().intact_stamp(), Some("one"));
}

#[test]
fn unwritable_file_is_named_and_the_old_tree_stays() {
    let (dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    let before = names(dir.path());
    let long = "x".repeat(300);
    for path in ["a/b", &long, "two\nlines"] {
        let tree = tree_of(&[("a", "a file where a folder is needed"), (path, "text")]);
        let staging = Target::open(&folder).unwrap().stage("test").unwrap();
        let put = tree.iter().try_for_each(|(path, text)| staging.put(path, text.as_bytes(), None));
        let message = refusal(put);
        assert!(message.contains(&path.escape_debug().to_string()), "{message}");
        drop(staging);
        assert_eq!(names(dir.path()), before);
        assert_eq!(read(&folder), old_tree());
    }
}

#[test]
fn path_written_twice_is_an_error() {
    let (_dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    for (first, second) in [("home", "home"), ("home", "other"), ("one", "other")] {
        let staging = Target::open(&folder).unwrap().stage("test").unwrap();
        let twice = staging.put("index.html", first.as_bytes(), None);
        let twice = twice.and_then(|()| staging.put("index.html", second.as_bytes(), None));
        assert!(refusal(twice.and_then(|()| staging.seal())).contains("index.html"));
    }
    assert_eq!(read(&folder), old_tree());
}

#[test]
fn unwritable_parent_is_named() {
    // The parent is a file, because tests may run as root, which can write to any folder.
    let (dir, _) = public_in_new_folder();
    fs::write(dir.path().join("site"), "").unwrap();
    let message = refusal(Target::open(dir.path().join("site/public")));
    assert!(message.contains("site"), "{message}");
    let message = refusal(Target::open(dir.path().join("site")));
    assert!(message.contains("site` is a file, not a folder"), "{message}");
    #[cfg(target_os = "linux")]
    assert!(refusal(Target::open("/proc/public")).contains("cannot write `/proc/.public.lock`"));
}

#[test]
fn folder_with_a_manifest_in_another_format_is_replaced() {
    for format in ["tagline manifest 1", "tagline manifest 99"] {
        let (dir, folder) = public_in_new_folder();
        let manifest = dir.path().join(".public.manifest");
        build(&folder, &old_tree(), "one").unwrap();
        let written = fs::read_to_string(&manifest).unwrap();
        let (_, rest) = written.split_once('\n').unwrap();
        fs::write(&manifest, format!("{format}\n{rest}")).unwrap();
        let target = Target::open(&folder).unwrap();
        assert!(target.intact_stamp().is_none() && !target.has_files_to_keep("test"));
        drop(target);
        build(&folder, &new_tree(), "two").unwrap();
        assert_eq!(read(&folder), new_tree());

        // Files that it does not list are still refused.
        fs::write(&manifest, format!("{format}\n{rest}")).unwrap();
        assert!(refusal(Target::open(&folder)).contains("`a/b/c.txt`"));
        assert_eq!(read(&folder), new_tree());
    }
}

#[test]
fn incomplete_manifest_is_reported_with_help() {
    let (dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    fs::write(dir.path().join(".public.manifest"), "tagline manifest 99\n").unwrap();
    let message = refusal(Target::open(&folder));
    assert!(message.contains(".public.manifest`; delete it and"), "{message}");
    assert_eq!(read(&folder), old_tree());
}

#[test]
fn copy_has_the_bytes_of_its_source_and_is_reused_while_they_are_unchanged() {
    let (dir, folder) = public_in_new_folder();
    let source = dir.path().join("guide.pdf");
    let mut bytes: Vec<u8> = (0..3 * CHUNK + 5).map(|i| i as u8).collect();
    let copy = |bytes: &[u8]| {
        fs::write(&source, bytes).unwrap();
        let staging = Target::open(&folder).unwrap().stage("test").unwrap();
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

    let staging = Target::open(&folder).unwrap().stage("test").unwrap();
    let missing = dir.path().join("missing.pdf");
    assert!(refusal(staging.put_copy("b", &missing)).contains("missing.pdf"));
}

#[test]
fn file_in_pieces_is_reused_while_its_bytes_are_unchanged() {
    let (_dir, folder) = public_in_new_folder();
    let put = |bytes: &[u8]| {
        let staging = Target::open(&folder).unwrap().stage("test").unwrap();
        let pieces = || bytes.chunks(1000);
        staging
            .put_pieces("a/list.csv", None, &mut |out| pieces().try_for_each(|piece| Ok(out.write_all(piece)?)))
            .unwrap();
        let counts = staging.seal().unwrap().swap("stamp").unwrap();
        assert_eq!(fs::read(folder.join("a/list.csv")).unwrap(), bytes);
        counts.unchanged
    };
    let mut bytes: Vec<u8> = (0..200_005).map(|i| i as u8).collect();
    assert_eq!(put(&bytes), 0);
    assert_eq!(put(&bytes), 1);
    bytes[200_004] ^= 1;
    assert_eq!(put(&bytes), 0, "the last byte differs");
    bytes.push(1);
    assert_eq!(put(&bytes), 0, "longer");
    bytes.truncate(64 * 1024);
    assert_eq!(put(&bytes), 0, "shorter");
    bytes[0] ^= 1;
    assert_eq!(put(&bytes), 0, "the first byte differs");
    assert_eq!(put(&[]), 0, "empty");
    assert_eq!(put(&[]), 1);
}

#[test]
fn error_while_pieces_are_made_leaves_the_old_tree() {
    let (_dir, folder) = public_in_new_folder();
    build(&folder, &old_tree(), "one").unwrap();
    let staging = Target::open(&folder).unwrap().stage("test").unwrap();
    let failed = staging.put_pieces("index.html", None, &mut |out| {
        out.write_all(b"other")?;
        anyhow::bail!("no more pieces")
    });
    assert_eq!(refusal(failed), "no more pieces");
    let failed = staging.put_pieces("two\nlines", None, &mut |out| Ok(out.write_all(b"text")?));
    assert!(refusal(failed).contains("line break"));
    drop(staging);
    assert_eq!(read(&folder), old_tree());
}

#[test]
fn copy_keeps_the_mtime() {
    let (dir, _) = public_in_new_folder();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    fs::write(&from, "text").unwrap();
    let before = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(&from).unwrap().set_modified(before).unwrap();
    let metadata = copy_with_mtime(&from, &to).unwrap();
    assert_eq!(metadata.modified().unwrap(), fs::metadata(&from).unwrap().modified().unwrap());
    assert_eq!(fs::read_to_string(&to).unwrap(), "text");
}

fn with_many_files(files: &[(&str, &str)]) -> Tree {
    let mut tree = tree_of(files);
    tree.extend((0..40).map(|number| (format!("p{number}/index.html"), number.to_string())));
    tree
}

#[cfg(unix)]
#[test]
fn previous_tree_becomes_the_new_one_if_few_files_differ() {
    use std::os::unix::fs::MetadataExt;
    let (dir, folder) = public_in_new_folder();
    let trees = [
        with_many_files(&[("index.html", "home"), ("gone/a/x", ""), ("file", "")]),
        with_many_files(&[("index.html", "HOME"), ("gone/a/x", "")]),
        with_many_files(&[("index.html", "Home"), ("file/index.html", ""), ("new/b/y", "")]),
        with_many_files(&[("index.html", "Home"), ("file/index.html", ""), ("p7/index.html", "other")]),
    ];
    build(&folder, &trees[0], "0").unwrap();
    build(&folder, &trees[1], "1").unwrap();
    for (number, two) in trees.windows(2).enumerate().skip(1) {
        let previous = dir.path().join(".public.previous");
        let inodes =
            |folder: &Path| ["", "p3", "p3/index.html"].map(|path| fs::metadata(folder.join(path)).unwrap().ino());
        let before = inodes(&previous);
        build(&folder, &two[1], &number.to_string()).unwrap();
        assert_eq!(inodes(&folder), before, "{number}: the tree was not reused");
        assert_eq!(read(&folder), two[1], "{number}");
        assert_eq!(read(&previous), two[0], "{number}");
        assert!(!folder.join("gone").exists(), "{number}: an empty folder stayed");
        let left = [".public.lock", ".public.manifest", ".public.previous", "public"];
        assert_eq!(names(dir.path()), left);
    }
}

#[test]
fn previous_tree_that_was_changed_does_not_get_into_the_new_one() {
    let (dir, folder) = public_in_new_folder();
    let trees = ["0", "1", "2"].map(|text| with_many_files(&[("index.html", text)]));
    build(&folder, &trees[0], "0").unwrap();
    build(&folder, &trees[1], "1").unwrap();
    let previous = dir.path().join(".public.previous");
    fs::remove_file(previous.join("p1/index.html")).unwrap();
    fs::remove_file(previous.join("p2/index.html")).unwrap();
    fs::write(previous.join("p2/index.html"), "2?").unwrap();
    fs::write(previous.join("own.html"), "").unwrap();
    build(&folder, &trees[2], "2").unwrap();
    assert_eq!(read(&folder), trees[2]);
}

#[test]
fn file_is_kept_by_its_origin_until_it_is_changed_or_made_by_another_program() {
    let (_dir, folder) = public_in_new_folder();
    let origin = Origin { fingerprint: u128::MAX - 1, note: "img-src data:".into() };
    let stage = |program| Target::open(&folder).unwrap().stage(program).unwrap();
    let staging = stage("one");
    staging.put("a b/index.html", b"text", Some(&origin)).unwrap();
    staging.put("other", b"", None).unwrap();
    staging.seal().unwrap().swap("stamp").unwrap();

    let staging = stage("one");
    assert_eq!(staging.last_origin("a b/index.html"), Some(&origin));
    assert_eq!(staging.last_origin("other"), None);
    staging.keep("a b/index.html");
    let counts = staging.seal().unwrap().swap("stamp").unwrap();
    assert_eq!(counts, FileCounts { files: 1, unchanged: 1, removed: 1 });
    assert_eq!(stage("one").last_origin("a b/index.html"), Some(&origin));
    assert!(!stage("one").keep_all(origin.fingerprint + 1));
    assert!(stage("one").keep_all(origin.fingerprint));
    assert_eq!(stage("two").last_origin("a b/index.html"), None);

    fs::write(folder.join("a b/index.html"), "longer").unwrap();
    assert_eq!(stage("one").last_origin("a b/index.html"), None);
    assert!(!stage("one").keep_all(origin.fingerprint));
}
