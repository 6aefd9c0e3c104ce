//! `serve` serves what a build would write: after each of many random edits, all files in memory are compared with a fresh
//! build. If pages have errors, it is a build of a copy in which these pages are as they were without.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::edited_site::{EditedSite, Tree, read_tree};
use crate::support::{SITE, Site, random_cases};
use tagline::model::site_path::SitePath;
use tagline::pipeline::session::{Changed, Refresh, Session};
use tagline::pipeline::{self, Request};
use tagline::sink::memory::StoredFile;

const HOST: &str = "127.0.0.1:4000";
const EDITS: usize = 250;
const SEED: u64 = 1;

fn request(root: &Path) -> Request {
    let beside = root.parent().unwrap();
    Request {
        output: beside.join("public"),
        sales: beside.join("sales"),
        date: "2027-03-15".parse().ok(),
        write_register: true,
        ..Request::new(root)
    }
}

/// What a build writes now, or nothing if the site has errors.
fn built(root: &Path) -> Option<Tree> {
    let base_url = tagline::model::base_url::BaseUrl::parse(&format!("http://{HOST}/")).ok();
    let request = Request { base_url, ..request(root) };
    pipeline::build(&request, &|_, _| {}).unwrap().summary?;
    let mut tree = Tree::new();
    read_tree(&request.output, &request.output, &mut tree);
    tree.retain(|name, _| !is_for_hosts(name));
    Some(tree)
}

/// Whether a file is for hosts only and never served to visitors.
fn is_for_hosts(name: &str) -> bool {
    name.starts_with("_headers")
}

/// Everything that a session serves, by path. Files that are published unchanged are read from the disk. If the current
/// state has errors (`refused`), they may be missing, so their bytes are left out.
fn served(session: &Session, refused: bool) -> Tree {
    let served = session.shared();
    let built = served.get();
    let built = built.as_ref().unwrap();
    let mut paths: Vec<SitePath> = built.all_files().unwrap().into_keys().collect();
    paths.retain(|path| !is_for_hosts(path.as_str()));
    paths.sort();
    let bytes = |path: &SitePath| {
        let stored = match path.as_str() {
            "404.html" => built.not_found().unwrap(),
            _ => built.file(path).unwrap(),
        };
        match stored.unwrap_or_else(|| panic!("/{} is not served", path.as_str())) {
            StoredFile::Bytes(bytes) => bytes.to_vec(),
            StoredFile::Source(_) | StoredFile::Image(_) if refused => Vec::new(),
            StoredFile::Source(from) => fs::read(from).unwrap(),
            StoredFile::Image(making) => session.shared().images.content(&making).unwrap(),
        }
    };
    paths.iter().map(|path| (path.file(), bytes(path))).collect()
}

#[track_caller]
fn assert_same(served: &Tree, built: &Tree, edit: &str) {
    let names = |tree: &Tree| tree.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(served), names(built), "after {edit}");
    for (name, bytes) in built.iter().filter(|(name, _)| !served[*name].is_empty()) {
        assert!(served[name] == *bytes, "{name} differs after {edit}");
    }
}

/// The texts of pages when they were last shown as they are.
type GoodTexts = Tree;

/// Stores the texts of the pages that are shown as they are now. Returns whether all others can be shown as they were.
fn update_texts(session: &Session, root: &Path, good: &mut GoodTexts) -> bool {
    let served = session.shared();
    let served = served.get();
    let stale: Vec<_> = served.as_ref().unwrap().stale_pages();
    let stale: BTreeSet<&str> = stale.iter().map(|(file, ..)| *file).collect();
    let mut tree = Tree::new();
    read_tree(root, &root.join("content"), &mut tree);
    good.retain(|name, _| tree.contains_key(name));
    good.extend(tree.into_iter().filter(|(name, _)| name.ends_with(".md") && !stale.contains(name.as_str())));
    stale.iter().all(|file| good.contains_key(*file))
}

/// What a build writes of a site whose pages have these texts.
fn built_with(root: &Path, texts: &GoodTexts) -> Option<Tree> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("site");
    let mut tree = Tree::new();
    read_tree(root, root, &mut tree);
    tree.extend(texts.clone());
    for (name, bytes) in tree {
        let path = copy.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    built(&copy)
}

#[derive(Debug, Default)]
struct Counted {
    texts: usize,
    sites: usize,
    refused: usize,
    /// Edits that left pages with errors, and how many of these were compared.
    partial: usize,
    compared: usize,
}

#[test]
fn served_files_equal_a_fresh_build_after_every_edit() {
    let mut bench = EditedSite::new(SEED);
    let root: PathBuf = bench.site.root();
    let mut session = Session::new(Request { served_at: Some(HOST.to_owned()), ..request(&root) });
    session.refresh(&Changed::Anything, &|_, _| {}).unwrap();
    let mut last = built(&root).unwrap();
    assert_same(&served(&session, false), &last, "the start");
    let mut good_texts = GoodTexts::new();
    update_texts(&session, &root, &mut good_texts);
    let mut counted = Counted::default();
    let edits = random_cases(EDITS);
    for _ in 0..edits {
        // A site with errors is repaired soon, as people do.
        let undo = !session.diagnostics().is_empty() && bench.rng.bool();
        let (edit, changed) = if undo { bench.undo_all() } else { bench.edit() };
        let refresh = session.refresh(&changed, &|_, _| {}).unwrap();
        let fresh = built(&root);
        println!("{edit}: {refresh:?}");
        let is_partial = matches!(refresh, Refresh::Site { stale: 1.., .. });
        let has_errors = is_partial || refresh == Refresh::Refused;
        assert_eq!(fresh.is_none(), has_errors, "{refresh:?} after {edit}: {:?}", session.diagnostics());
        match refresh {
            Refresh::Texts { .. } => counted.texts += 1,
            Refresh::Site { .. } if is_partial => counted.partial += 1,
            Refresh::Site { .. } => counted.sites += 1,
            Refresh::Refused | Refresh::Unavailable => counted.refused += 1,
            Refresh::Nothing => {}
        }
        let now = served(&session, has_errors);
        if refresh == Refresh::Refused {
            assert_same(&now, &last, &edit);
            continue;
        }
        let can_compare = update_texts(&session, &root, &mut good_texts);
        let expected = if is_partial && can_compare { built_with(&root, &good_texts) } else { fresh };
        if let Some(expected) = &expected {
            assert_same(&now, expected, &edit);
            counted.compared += usize::from(is_partial);
        }
        last = now;
    }
    println!("{counted:?}");
    let Counted { texts, sites, refused, partial, compared } = counted;
    let is_varied = texts * 13 > edits && sites * 5 > edits && refused > 0 && partial > 0;
    assert!(is_varied, "{counted:?}");
    // A short run has few pages with errors, and few of these are followed by an edit.
    assert!(edits < EDITS || partial * 25 > edits && compared * 5 > partial, "{counted:?}");
}

#[test]
fn edits_of_originals_and_translations_are_served_in_all_languages() {
    let site = Site::edited(SITE, "channels:\n", "languages: { de: { label: Deutsch } }\nchannels:\n")
        .file("content/prices.de.md", "---\ntitle: Preise\n---\n\n# Preise\n\n## Teams\n\n[](cta:spring/save)\n")
        .file("content/spring/index.de.md", "---\ntitle: In Tagen\n---\n\n# In Tagen\n\n[](cta:save) [](cta:guide)\n");
    let root = site.root();
    let mut session = Session::new(Request { served_at: Some(HOST.to_owned()), ..request(&root) });
    session.refresh(&Changed::Anything, &|_, _| {}).unwrap();
    assert_same(&served(&session, false), &built(&root).unwrap(), "the start");
    let german = "content/spring/index.de.md";
    for (file, old, new, is_text) in [
        ("content/spring/index.md", "Get 20 % off", "Get 25 % off", false),
        (german, "[](cta:guide)", "Oder: [](cta:guide)", true),
        (german, "title: In Tagen", "title: In Tagen\nslug: tage", false),
        ("content/prices.md", "# Prices", "# All prices", false),
        ("content/spring/index.md", "Read the", "Please read the", true),
        (german, "Oder", "Siehe die [Preise](/prices.md#teams). Oder", true),
        ("content/spring/index.md", "label: Book a trial", "label: Try it", false),
        (german, "Siehe", "Siehe auch", true),
        ("content/prices.md", "[Get it]", "Now: [Get it]", true),
        (german, "title: In Tagen", "title: In Tagen\ndraft: true", false),
        (SITE, "label: Deutsch", "label: German", false),
    ] {
        let text = site.read(file);
        assert!(text.contains(old), "{old}");
        site.write(file, text.replacen(old, new, 1));
        let refresh = session.refresh(&Changed::Paths([file.to_owned()].into()), &|_, _| {}).unwrap();
        assert_eq!(refresh == Refresh::Texts { pages: 1 }, is_text, "{refresh:?} after {new}");
        assert_same(&served(&session, false), &built(&root).unwrap(), new);
    }
}
