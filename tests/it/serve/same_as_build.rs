//! `serve` serves what a build would write: after each of many random edits, all files in memory are compared
//! with a fresh build.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::edited_site::{EditedSite, Tree, read_tree};
use crate::support::random_cases;
use tagline::model::address::SitePath;
use tagline::pipeline::session::{Changed, Refresh, Session};
use tagline::pipeline::{self, Request};
use tagline::sink::memory::StoredFile;

const HOST: &str = "127.0.0.1:4000";
const EDITS: usize = 250;
const SEED: u64 = 20_270_315;

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
    let base_url = tagline::model::address::BaseUrl::parse(&format!("http://{HOST}/")).ok();
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

#[test]
fn served_files_equal_a_fresh_build_after_every_edit() {
    let mut bench = EditedSite::new(SEED);
    let root: PathBuf = bench.site.root();
    let mut session = Session::new(Request { served_at: Some(HOST.to_owned()), ..request(&root) });
    session.refresh(&Changed::Anything, &|_, _| {}).unwrap();
    let mut good = built(&root).unwrap();
    assert_same(&served(&session, false), &good, "the start");
    let (mut texts, mut sites, mut refused) = (0, 0, 0);
    let edits = random_cases(EDITS);
    for _ in 0..edits {
        // A site with errors is repaired soon, as people do.
        let undo = !session.diagnostics().is_empty() && bench.rng.bool();
        let (edit, changed) = if undo { bench.undo_all() } else { bench.edit() };
        let redone = session.refresh(&changed, &|_, _| {}).unwrap();
        match redone {
            Refresh::Texts { .. } => texts += 1,
            Refresh::Site { .. } => sites += 1,
            Refresh::Refused => refused += 1,
            Refresh::Nothing => {}
        }
        match built(&root) {
            Some(tree) => {
                assert_ne!(redone, Refresh::Refused, "refused after {edit}: {:?}", session.diagnostics());
                good = tree;
            }
            None => assert_eq!(redone, Refresh::Refused, "after {edit}"),
        }
        assert_same(&served(&session, redone == Refresh::Refused), &good, &edit);
    }
    println!("{texts} edits of texts alone, {sites} of more, {refused} refused");
    let is_varied = texts * 13 > edits && sites * 4 > edits && refused * 13 > edits;
    assert!(is_varied, "{texts} {sites} {refused}");
}
