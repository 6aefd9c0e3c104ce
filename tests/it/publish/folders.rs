//! Releases in a folder.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::{Published, tree};
use crate::support::{PAGE, TODAY};

#[test]
fn release_has_the_files_of_the_site_and_a_manifest() {
    let published = Published::new();
    let run = published.publish(&[]).clean();
    assert!(run.stdout.starts_with("published the site to file:///"), "{}", run.stdout);
    let mut files = tree(&published.current());
    files.retain(|(path, _)| path != "tagline-manifest.json");
    assert_eq!(files, tree(&published.site.path("public")));
}

#[test]
fn second_publish_writes_nothing_and_a_change_makes_a_release_of_links() {
    let published = Published::new();
    published.publish(&[]).clean();
    let first = fs::read_link(published.current()).unwrap();
    let run = published.publish(&[]).clean();
    assert!(run.stdout.starts_with("nothing changed"), "{}", run.stdout);
    assert_eq!(fs::read_link(published.current()).unwrap(), first);
    let inode = |path: &str| fs::metadata(published.current().join(path)).unwrap().ino();
    let before = (inode("prices/index.html"), inode("spring/index.html"));
    let text = published.site.read(PAGE).replace("or read", "or see");
    published.site.write(PAGE, text);
    let report = published.report(&[]);
    assert_eq!(report["changed"], serde_json::json!(["prices/index.html"]), "{report}");
    assert_ne!(inode("prices/index.html"), before.0);
    assert_eq!(inode("spring/index.html"), before.1);
}

#[test]
fn dry_run_writes_nothing_and_shows_the_plan_in_three_formats() {
    let published = Published::new();
    let text = published.publish(&["--dry-run"]).clean().stdout;
    assert!(text.contains("+ prices/index.html\n") && text.contains("would publish"), "{text}");
    let markdown = published.publish(&["--dry-run", "--format", "markdown"]).clean().stdout;
    assert!(markdown.contains("- `prices/index.html`") && !markdown.contains("get/"), "{markdown}");
    let report = published.report(&["--dry-run"]);
    assert_eq!((&report["is_done"], &report["unchanged"]), (&false.into(), &0.into()));
    assert!(!published.folder().exists());
}

#[test]
fn rollback_shows_the_release_before_and_status_marks_it() {
    let published = Published::with(", keep: 2");
    published.publish(&[]).clean();
    let first = tree(&published.current());
    for name in ["one", "two"] {
        published.site.write("static/note.txt", name);
        published.publish(&[]).clean();
    }
    let releases = fs::read_dir(published.folder().join("releases")).unwrap().count();
    assert_eq!(releases, 2);
    published.publish(&["--rollback"]).clean();
    assert_eq!(fs::read_to_string(published.current().join("note.txt")).unwrap(), "one");
    assert_ne!(tree(&published.current()), first);
    let status = published.publish(&["--status"]).clean().stdout;
    assert!(status.contains("\n  * ") && status.contains(" of https://kazi.co.ke/\n"), "{status}");
    let refused = published.publish(&["--rollback"]).failed(2);
    assert!(refused.stderr.contains("has no release before"), "{}", refused.stderr);
    // A release that was rolled back from is published again.
    published.publish(&[]).clean();
    assert_eq!(fs::read_to_string(published.current().join("note.txt")).unwrap(), "two");
}

#[test]
fn files_of_open_pages_stay_for_some_days_and_pages_do_not() {
    let published = Published::with(", max_delete: 100%");
    published.site.write("static/old.txt", "old");
    published.site.write("content/extra.md", "---\ntitle: Extra\n---\nMore.\n");
    published.publish(&[]).clean();
    let site = &published.site;
    for path in ["static/old.txt", "content/extra.md"] {
        fs::remove_file(site.path(path)).unwrap();
    }
    let report = published.report(&[]);
    assert_eq!((&report["kept"], &report["deleted"]), (&1.into(), &serde_json::json!(["extra/index.html"])));
    assert!(published.current().join("old.txt").exists() && !published.current().join("extra/index.html").exists());
    let on = |day: &str| {
        let run = site.run(&["publish", "--base-url", "https://kazi.co.ke/", "--date", day]);
        run.ok();
        published.current().join("old.txt").exists()
    };
    assert!(on("2027-03-21"));
    assert!(!on("2027-03-22"), "{TODAY} and seven days");
}

#[test]
fn desk_is_published_to_its_own_folder() {
    let desk = tempfile::tempdir().unwrap();
    let published = Published::with(&format!(", desk: \"file://{}/desk\"", desk.path().display()));
    let run = published.publish(&[]).clean();
    assert!(run.stdout.contains("published the desk to file:///"), "{}", run.stdout);
    assert!(desk.path().join("desk/current/index.html").exists());
    let public = tree(&published.folder());
    assert!(!public.iter().any(|(path, _)| path.ends_with("campaigns.csv")), "{public:?}");
}

#[test]
fn no_published_file_but_the_thank_you_page_names_a_file_behind_a_form() {
    let published = Published::new();
    published.publish(&[]).clean();
    let files = tree(&published.current());
    let gated = files.iter().find(|(path, _)| path.starts_with("get/")).unwrap().0.clone();
    let folder = gated.split('/').nth(1).unwrap();
    for (path, bytes) in &files {
        let names_it = bytes.windows(folder.len()).any(|window| window == folder.as_bytes());
        assert!(!names_it || path.contains("/thanks/"), "{path} names {gated}");
    }
    let manifest = fs::read_to_string(published.current().join("tagline-manifest.json")).unwrap();
    assert!(!manifest.contains("thanks") && manifest.contains("prices/index.html"), "{manifest}");
}

#[test]
fn changed_addresses_are_listed_for_a_cache() {
    let published = Published::new();
    let list = published.site.path("changed.txt");
    let changed = |text: &str| {
        published.site.write("static/note.txt", text);
        published.publish(&["--changed", list.to_str().unwrap()]).clean();
        fs::read_to_string(&list).unwrap()
    };
    let all = changed("one");
    assert!(all.contains("https://kazi.co.ke/prices/\n") && !all.contains("/get/"), "{all}");
    assert_eq!(changed("two"), "https://kazi.co.ke/note.txt\n");
    assert_eq!(changed("two"), "");
}

#[test]
fn prefix_is_refused_for_folders() {
    let published = Published::new();
    published.publish(&[]).clean();
    let before = tree(&published.folder());
    for options in [&["--preview", "--prefix", "pr-12"][..], &["--prefix", "pr-12", "--remove"]] {
        let run = published.publish(options).failed(2);
        assert!(run.stderr.contains("`--prefix` is for buckets"), "{}", run.stderr);
        assert!(run.stderr.contains("/srv-pr-12\" }`"), "{}", run.stderr);
    }
    assert_eq!(tree(&published.folder()), before);
    assert!(published.publish(&["--remove"]).failed(2).stderr.contains("--prefix"));
}
