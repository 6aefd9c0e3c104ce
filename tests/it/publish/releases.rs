//! Releases that somebody changed by hand, that a killed publish left, or that cannot be shown again.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::{Published, tree};

/// The releases of a folder, the oldest first.
fn releases(published: &Published) -> Vec<PathBuf> {
    let entries = fs::read_dir(published.folder().join("releases")).unwrap();
    let mut releases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    releases.sort();
    releases
}

/// Publishes a note with each of the texts.
fn publish_each(published: &Published, texts: &[&str]) {
    for text in texts {
        published.site.write("static/note.txt", text);
        published.publish(&[]).clean();
    }
}

#[test]
fn files_removed_or_changed_by_hand_are_published_again() {
    let published = Published::new();
    publish_each(&published, &["one"]);
    let before = tree(&published.current());
    let page = published.current().join("prices/index.html");
    fs::remove_file(&page).unwrap();
    fs::write(published.current().join("note.txt"), "longer").unwrap();
    let report = published.report(&["--dry-run"]);
    assert_eq!((&report["new"], &report["changed"]), (&json!(["prices/index.html"]), &json!(["note.txt"])));
    assert!(!page.exists());
    published.publish(&[]).clean();
    let files =
        |tree: Vec<(String, Vec<u8>)>| tree.into_iter().filter(|(path, _)| !path.ends_with("manifest.json")).collect();
    let (before, after): (Vec<_>, Vec<_>) = (files(before), files(tree(&published.current())));
    assert_eq!(after, before);
    // The same size, written after the manifest.
    fs::write(published.current().join("note.txt"), "two").unwrap();
    published.publish(&[]).clean();
    assert_eq!(fs::read_to_string(published.current().join("note.txt")).unwrap(), "one");
    assert!(published.publish(&[]).clean().stdout.starts_with("nothing changed"));
}

#[test]
fn rollback_onto_a_release_that_is_not_whole_names_the_one_before() {
    for damage in ["missing", "cut", "page"] {
        let published = Published::new();
        publish_each(&published, &["one", "two", "three"]);
        let all = releases(&published);
        let name = |release: &PathBuf| release.file_name().unwrap().to_str().unwrap().to_owned();
        let manifest = all[1].join("tagline-manifest.json");
        let message = match damage {
            "missing" => {
                fs::remove_file(&manifest).unwrap();
                "is missing"
            }
            "cut" => {
                fs::write(&manifest, "{").unwrap();
                "is damaged"
            }
            _ => {
                fs::remove_file(all[1].join("prices/index.html")).unwrap();
                "1 file is missing or not as published: `prices/index.html`"
            }
        };
        let run = published.publish(&["--rollback"]).failed(2);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("release `{}` is whole", name(&all[0]))), "{}", run.stderr);
        assert_eq!(fs::read_to_string(published.current().join("note.txt")).unwrap(), "three");
        fs::remove_dir_all(&all[1]).unwrap();
        published.publish(&["--rollback"]).clean();
        assert_eq!(fs::read_to_string(published.current().join("note.txt")).unwrap(), "one");
    }
}

#[test]
fn rollback_with_no_whole_release_says_so() {
    let published = Published::new();
    publish_each(&published, &["one", "two"]);
    fs::remove_file(releases(&published)[0].join("tagline-manifest.json")).unwrap();
    let run = published.publish(&["--rollback"]).failed(2);
    assert!(run.stderr.contains("no release before it is whole"), "{}", run.stderr);
}

#[test]
fn releases_that_a_killed_publish_left_are_removed_although_nothing_changed() {
    let published = Published::with(", keep: 2");
    publish_each(&published, &["one", "two"]);
    let old = published.folder().join("releases/20200101T000000Z");
    let staging = published.folder().join("releases/.next");
    fs::create_dir(&old).unwrap();
    fs::create_dir(&staging).unwrap();
    let dry_run = published.publish(&["--dry-run"]).clean();
    assert!(dry_run.stdout.contains("0 bytes") && old.exists() && staging.exists(), "{}", dry_run.stdout);
    let run = published.publish(&[]).clean();
    assert!(run.stdout.starts_with("nothing changed"), "{}", run.stdout);
    assert!(!old.exists() && !staging.exists());
    assert_eq!(releases(&published).len(), 2);
}

#[test]
fn files_behind_forms_stay_for_some_days_too() {
    let published = Published::with(", max_delete: 100%");
    published.publish(&[]).clean();
    let files = tree(&published.current());
    let gated: Vec<String> = files.into_iter().map(|(path, _)| path).filter(|path| path.starts_with("get/")).collect();
    let site = &published.site;
    let changed = fs::read(site.path("public").join(&gated[0])).unwrap();
    let source = crate::support::bytes_below(&site.path("content")).into_iter().find(|(_, bytes)| *bytes == changed);
    let (source, bytes) = source.unwrap();
    fs::write(site.path("content").join(source), [&bytes[..], b"\n% changed\n"].concat()).unwrap();
    published.publish(&[]).ok();
    let after = tree(&published.current());
    let kept = |path: &String| after.iter().any(|(after, _)| after == path);
    assert!(gated.iter().all(kept), "{gated:?}");
    assert!(after.iter().filter(|(path, _)| path.starts_with("get/")).count() > gated.len());
}
