//! A build over an earlier one writes the same files as a build into empty folders, whatever was edited in between.

use std::fs::{self, File};
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use tagline::pipeline::{self, Request};

use crate::support::edited_site::{EditedSite, Tree, read_tree};
use crate::support::{NOTES, PAGE, SITE, Site, random_cases};

const EDITS: usize = 150;
const SEED: u64 = 20_270_316;

fn request(root: &Path, output: &Path, date: Date) -> Request {
    Request {
        output: output.join("public"),
        sales: output.join("sales"),
        date: Some(date),
        write_register: true,
        ..Request::new(root)
    }
}

/// Builds a site, and returns everything that it wrote; nothing if the site has errors.
fn built(root: &Path, output: &Path, date: Date) -> Option<Tree> {
    pipeline::build(&request(root, output, date), &|_, _| {}).unwrap().summary?;
    let mut tree = Tree::new();
    for folder in ["public", "sales"] {
        read_tree(output, &output.join(folder), &mut tree);
    }
    Some(tree)
}

#[test]
fn build_over_an_earlier_one_equals_a_build_into_empty_folders() {
    let mut bench = EditedSite::new(SEED);
    let root = bench.site.root();
    let folder = root.parent().unwrap().to_owned();
    let mut date: Date = "2027-03-15".parse().unwrap();
    let (mut compared, edits) = (0, random_cases(EDITS));
    for _ in 0..edits {
        let (edit, _) = if bench.rng.u8(..4) == 0 { bench.undo_all() } else { bench.edit() };
        if bench.rng.u8(..4) == 0 {
            date += i64::from(bench.rng.u8(1..20)).days();
        }
        let Some(tree) = built(&root, &folder, date) else { continue };
        let empty = folder.join("empty");
        let fresh = built(&root, &empty, date).unwrap();
        let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&tree), names(&fresh), "after {edit} on {date}");
        for (name, bytes) in &fresh {
            assert!(tree[name] == *bytes, "{name} differs after {edit} on {date}");
        }
        fs::remove_dir_all(&empty).unwrap();
        compared += 1;
    }
    assert!(compared * 2 > edits, "only {compared} of {edits} could be built");
}

/// Replaces the last byte of a file, which keeps its length and time.
fn mark(path: &Path) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() = b'#';
    fs::write(path, bytes).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

fn is_marked(path: &Path) -> bool {
    fs::read(path).unwrap().ends_with(b"#")
}

/// Builds the small site, marks its pages and its lead desk, makes an edit and builds it again. Returns which of them are
/// still those of the first build: the page, the campaign and the lead desk.
fn kept_after(edit: impl FnOnce(&Site)) -> [bool; 3] {
    let site = Site::new();
    let folder = site.root().parent().unwrap().to_owned();
    let date = "2027-03-15".parse().unwrap();
    built(&site.root(), &folder, date).unwrap();
    let files =
        ["public/prices/index.html", "public/spring/index.html", "sales/index.html"].map(|file| folder.join(file));
    files.iter().for_each(|file| mark(file));
    edit(&site);
    built(&site.root(), &folder, date).unwrap();
    files.map(|file| is_marked(&file))
}

#[test]
fn pages_and_the_lead_desk_are_kept_while_nothing_that_they_depend_on_changes() {
    let append =
        |path: &'static str, text: &'static str| move |site: &Site| site.write(path, &(site.read(path) + text));
    assert_eq!(kept_after(append(PAGE, "\nMore.\n")), [false, true, true]);
    assert_eq!(kept_after(|site: &Site| site.write("static/note.txt", "text")), [true, true, true]);
    assert_eq!(kept_after(append(NOTES, "\nMore.\n")), [true, true, false]);
    let retitle = |site: &Site| site.write(SITE, site.read(SITE).replace("title: Kazi", "title: Kazo"));
    assert_eq!(kept_after(retitle), [false, false, false]);
}
