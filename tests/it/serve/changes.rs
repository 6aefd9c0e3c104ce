//! Changes on disk while the site is served: every way to save, move or delete a file is noticed.

use std::fs;
use std::path::Path;

use super::edits::{page_with_heading, save, site_with_guide, wait_for_marker};
use crate::support::server::wait_for;
use crate::support::{PAGE_TEXT, SITE_TEXT, Site};

#[test]
fn saved_page_is_served_and_reported_in_the_terminal() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    server.wait_for_text("/prices/", "Crews");
    wait_for("the line of the change", || {
        server.updates().first().cloned().filter(|line| line.contains("content/prices.md: "))
    });
    assert!(server.updates()[0].ends_with("ms") || server.updates()[0].ends_with('s'), "{:?}", server.updates());
    assert_eq!(server.stderr(), "");
}

/// The way that an editor saves a file.
type Save = fn(&Path, &str);

fn write_in_place(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// Like vim: renames the old file to a backup, writes a new one, and removes the backup.
fn write_with_backup(path: &Path, text: &str) {
    let probe = path.with_file_name("4913");
    fs::write(&probe, "").unwrap();
    fs::remove_file(&probe).unwrap();
    let backup = path.with_extension("md~");
    fs::rename(path, &backup).unwrap();
    fs::write(path, text).unwrap();
    fs::remove_file(&backup).unwrap();
}

/// Like most editors: writes a new file and renames it over the old one.
fn write_by_rename(path: &Path, text: &str) {
    let staged = path.with_file_name(".index.md.tmp");
    fs::write(&staged, text).unwrap();
    fs::rename(&staged, path).unwrap();
}

fn delete_and_write(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn every_way_of_saving_is_noticed_repeatedly() {
    let site = site_with_guide();
    let server = site.serve();
    let ways: [(&str, Save); 4] = [
        ("in place", write_in_place),
        ("with a backup", write_with_backup),
        ("by rename", write_by_rename),
        ("deleted and written", delete_and_write),
    ];
    for round in 0..3 {
        for (name, save) in ways {
            let text = format!("Saved {name}, {round}.");
            save(&site.path("content/guide/index.md"), &page_with_heading("The guide", &text));
            server.wait_for_text("/guide/", &text);
        }
    }
    assert_eq!(server.stderr(), "");
}

#[test]
fn new_and_deleted_files_and_folders_are_noticed() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/new/deep/er/index.md", page_with_heading("Deep", "In a new folder."));
    server.wait_for_text("/new/deep/er/", "In a new folder.");
    save(&site, "content/new/deep/er/index.md", page_with_heading("Deep", "Changed in a new folder."));
    server.wait_for_text("/new/deep/er/", "Changed in a new folder.");
    save(&site, "content/new/deep/other.md", page_with_heading("Other", "Beside it."));
    server.wait_for_text("/new/deep/other/", "Beside it.");
    fs::remove_file(site.path("content/new/deep/other.md")).unwrap();
    server.wait_for_status("/new/deep/other/", 404);
    fs::remove_dir_all(site.path("content/new")).unwrap();
    server.wait_for_status("/new/deep/er/", 404);
    save(&site, "content/new/deep/er/index.md", page_with_heading("Deep", "There again."));
    server.wait_for_text("/new/deep/er/", "There again.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn moved_folder_moves_its_pages_and_is_still_watched() {
    let site = site_with_guide();
    let server = site.serve();
    fs::rename(site.path("content/guide"), site.path("content/handbook")).unwrap();
    server.wait_for_text("/handbook/", "How we hire.");
    server.wait_for_status("/guide/", 404);
    save(&site, "content/handbook/index.md", page_with_heading("The guide", "Edited where it is now."));
    server.wait_for_text("/handbook/", "Edited where it is now.");
    // Out of the site and back under another name.
    fs::rename(site.path("content/handbook"), site.root().with_file_name("aside")).unwrap();
    server.wait_for_status("/handbook/", 404);
    fs::rename(site.root().with_file_name("aside"), site.path("content/manual")).unwrap();
    server.wait_for_text("/manual/", "Edited where it is now.");
    save(&site, "content/manual/index.md", page_with_heading("The guide", "And edited again."));
    server.wait_for_text("/manual/", "And edited again.");
}

#[test]
fn replaced_content_folder_is_noticed() {
    let site = site_with_guide();
    let server = site.serve();
    for round in 0..3 {
        let text = format!("Content {round}.");
        let other = site.root().with_file_name("other");
        fs::create_dir_all(other.join("guide")).unwrap();
        fs::write(other.join("guide/index.md"), page_with_heading("The guide", &text)).unwrap();
        for name in ["prices.md", "spring"] {
            fs::rename(site.path("content").join(name), other.join(name)).unwrap();
        }
        fs::remove_dir_all(site.path("content")).unwrap();
        fs::rename(&other, site.path("content")).unwrap();
        server.wait_for_text("/guide/", &text);
        let edited = format!("Edited {round}.");
        save(&site, "content/guide/index.md", page_with_heading("The guide", &edited));
        server.wait_for_text("/guide/", &edited);
    }
}

#[cfg(unix)]
#[test]
fn symlink_targets_are_watched() {
    use std::os::unix::fs::symlink;
    let site = site_with_guide()
        .file("shared/terms.md", &page_with_heading("Terms", "First terms."))
        .file("lib/note.txt", "First note.");
    symlink("../shared", site.path("content/legal")).unwrap();
    fs::create_dir_all(site.path("static")).unwrap();
    symlink("../lib/note.txt", site.path("static/note.txt")).unwrap();
    // The same file under two paths.
    symlink("guide", site.path("content/copy")).unwrap();
    let server = site.serve();
    server.wait_for_text("/legal/terms/", "First terms.");

    save(&site, "shared/terms.md", page_with_heading("Terms", "Second terms."));
    server.wait_for_text("/legal/terms/", "Second terms.");
    write_by_rename(&site.path("shared/terms.md"), &page_with_heading("Terms", "Third terms."));
    server.wait_for_text("/legal/terms/", "Third terms.");
    save(&site, "shared/more.md", page_with_heading("More", "A new page there."));
    server.wait_for_text("/legal/more/", "A new page there.");

    save(&site, "content/guide/index.md", page_with_heading("The guide", "In both places."));
    for path in ["/guide/", "/copy/"] {
        server.wait_for_text(path, "In both places.");
    }
    fs::remove_file(site.path("content/copy")).unwrap();
    server.wait_for_status("/copy/", 404);
    save(&site, "content/guide/index.md", page_with_heading("The guide", "In one place again."));
    server.wait_for_text("/guide/", "In one place again.");

    // A file that is published unchanged is served from the disk, and its change is still reported.
    let updates = server.updates().len();
    write_by_rename(&site.path("lib/note.txt"), "Second note.");
    wait_for("the line of a link's target", || (server.updates().len() > updates).then_some(()));
    server.wait_for_text("/note.txt", "Second note.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn hundreds_of_changed_files_are_all_noticed() {
    const PAGES: usize = 300;
    let site = Site::new();
    let server = site.serve();
    let write_all = |text: &str| {
        for number in 0..PAGES {
            let path = format!("content/many/{}/page-{number}.md", number % 10);
            save(&site, &path, page_with_heading(&format!("Page {number}"), text));
        }
    };
    for text in ["As on main.", "As on a branch."] {
        write_all(text);
        for number in 0..PAGES {
            server.wait_for_text(&format!("/many/{}/page-{number}/", number % 10), text);
        }
    }
    // Back to the old state, in the order of a checkout: deletions first, then changed files.
    fs::remove_dir_all(site.path("content/many")).unwrap();
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    server.wait_for_status("/many/9/page-299/", 404);
    server.wait_for_text("/prices/", "Crews");
    // A scan of a partial state may have reported errors, which the next scan corrects.
    assert!(!server.get("/__tagline/").ok().text().contains("error["), "{}", server.stderr());
}

#[test]
fn changes_of_every_kind_of_file_are_noticed() {
    let site = Site::new()
        .file("content/guide/index.md", &page_with_heading("The guide", "[The list](list.txt)"))
        .file("content/guide/list.txt", "First list.")
        .file("content/spring/sales.md", "# Say\n\nFirst notes.\n");
    let server = site.serve();
    save(&site, "content/guide/list.txt", "Second list.");
    server.wait_for_text("/guide/list.txt", "Second list.");

    // The folder did not exist before.
    save(&site, "static/film.txt", "First film.");
    server.wait_for_text("/film.txt", "First film.");
    save(&site, "static/film.txt", "Second film.");
    server.wait_for_text("/film.txt", "Second film.");

    save(&site, "content/spring/sales.md", "# Say\n\nSecond notes.\n");
    server.wait_for_text("/__tagline/desk/", "Second notes.");

    save(&site, "site.yaml", SITE_TEXT.replace("title: Kazi\n", "title: Kazi & Daughters\n"));
    server.wait_for_text("/prices/", "Kazi &amp; Daughters");

    // One template of the built-in theme, which did not exist in the site before.
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch");
    let footer = fs::read_to_string(templates.join("parts/footer.html")).unwrap();
    save(&site, "themes/launch/parts/footer.html", format!("{footer}\n<p>First theme.</p>"));
    server.wait_for_text("/prices/", "First theme.");
    save(&site, "themes/launch/parts/footer.html", format!("{footer}\n<p>Second theme.</p>"));
    server.wait_for_text("/prices/", "Second theme.");
    let style = fs::read_to_string(templates.join("styles/base.css")).unwrap();
    save(&site, "themes/launch/styles/base.css", format!("{style}\nbody {{ outline-color: #123456; }}\n"));
    server.wait_for_text("/prices/", "#123456");
    assert_eq!(server.stderr(), "");
}

#[test]
fn polling_notices_several_changes_within_a_second() {
    let site = site_with_guide().file("content/spring/sales.md", "# Say\n\nFirst notes.\n");
    let server = site.serve_with(&["--poll"]);
    for number in 0..6 {
        // All edits have the same length.
        let text = format!("Edit number {number}.");
        save(&site, "content/guide/index.md", page_with_heading("The guide", &text));
        server.wait_for_text("/guide/", &text);
    }
    // A file with an older modification time replaces it, as `mv` and `cp -p` do.
    let old = site.root().with_file_name("old.md");
    fs::write(&old, page_with_heading("The guide", "From the archive.")).unwrap();
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    fs::File::options().write(true).open(&old).unwrap().set_modified(past).unwrap();
    fs::rename(&old, site.path("content/guide/index.md")).unwrap();
    server.wait_for_text("/guide/", "From the archive.");
    save(&site, "content/new/index.md", page_with_heading("New", "In a new folder."));
    server.wait_for_text("/new/", "In a new folder.");
    fs::remove_dir_all(site.path("content/new")).unwrap();
    server.wait_for_status("/new/", 404);
    save(&site, "content/spring/sales.md", "# Say\n\nSecond notes.\n");
    server.wait_for_text("/__tagline/desk/", "Second notes.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn register_and_build_output_do_not_trigger_a_rebuild() {
    for options in [&[][..], &["--poll"]] {
        let site = Site::new();
        let server = site.serve_with(options);
        site.build().ok();
        fs::write(site.path("lead-tags.csv"), site.read("lead-tags.csv").replace("Book a trial", "Book")).unwrap();
        site.tags().ok();
        save(&site, "content/spring/.index.md.swp", "vim");
        save(&site, "content/spring/index.md~", "a backup");
        save(&site, "notes.txt", "beside the site");
        let before: Vec<String> = server.updates();
        wait_for_marker(&site, &server);
        let lines: Vec<String> = server.updates();
        assert!(before.is_empty(), "{options:?}: {before:?}");
        let others: Vec<&String> = lines.iter().filter(|line| !line.contains("mark.md")).collect();
        assert!(others.is_empty(), "{options:?}: {others:?}");
    }
}
