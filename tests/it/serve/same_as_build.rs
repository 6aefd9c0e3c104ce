//! `serve` serves what a build would write: after each of many random edits, all files in memory are compared
//! with a fresh build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Site, random_cases};
use fastrand::Rng;
use tagline::model::address::SitePath;
use tagline::pipeline::session::{Changed, Refresh, Session};
use tagline::pipeline::{self, Request};
use tagline::sink::memory::StoredFile;

const HOST: &str = "127.0.0.1:4000";
const EDITS: usize = 250;
const SEED: u64 = 20_270_315;

/// The content of every file by its path in the output.
type Tree = BTreeMap<String, Vec<u8>>;

struct EditedSite {
    site: Site,
    /// The original content of the files, to undo edits.
    originals: BTreeMap<String, Vec<u8>>,
    rng: Rng,
    number: usize,
}

fn request(root: &Path) -> Request {
    Request {
        root: root.to_owned(),
        output: root.parent().unwrap().join("public"),
        sales: root.parent().unwrap().join("sales"),
        base_url: None,
        date: "2027-03-15".parse().ok(),
        preview: false,
        served_at: None,
        minify: true,
        locked: false,
        deny_warnings: false,
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

fn read_tree(root: &Path, folder: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read_tree(root, &path, tree),
            false => {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                tree.insert(name, fs::read(&path).unwrap());
            }
        }
    }
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

impl EditedSite {
    fn new(seed: u64) -> EditedSite {
        let site = Site::example();
        let mut originals = BTreeMap::new();
        read_tree(&site.root(), &site.root(), &mut originals);
        EditedSite { site, originals, rng: Rng::with_seed(seed), number: 0 }
    }

    fn files(&self, ending: &str) -> Vec<String> {
        let mut tree = Tree::new();
        read_tree(&self.site.root(), &self.site.root(), &mut tree);
        tree.into_keys().filter(|name| name.starts_with("content/") && name.ends_with(ending)).collect()
    }

    fn pages(&self) -> Vec<String> {
        self.files(".md").into_iter().filter(|name| !name.ends_with("sales.md")).collect()
    }

    fn one_of(&mut self, names: &[String]) -> String {
        names[self.rng.usize(..names.len())].clone()
    }

    fn write(&self, path: &str, text: &str) -> Changed {
        self.site.write(path, text);
        paths([path])
    }

    fn change(&self, path: &str, edit: impl Fn(&str) -> String) -> Changed {
        self.write(path, &edit(&self.site.read(path)))
    }

    /// Makes a random edit. Returns a description, and the paths that the system would report.
    fn edit(&mut self) -> (String, Changed) {
        self.number += 1;
        let number = self.number;
        let pages = self.pages();
        let page = self.one_of(&pages);
        match self.rng.u8(..20) {
            0..=6 => {
                let text =
                    format!("\nA sentence of edit **{number}**, to [some place](https://place.example/{number}).\n");
                (format!("a text in {page}"), self.change(&page, |old| format!("{old}{text}")))
            }
            7 => (format!("a heading in {page}"), self.change(&page, |old| format!("{old}\n## Heading {number}\n"))),
            8 => {
                let title = format!("title: Title of edit {number}");
                let edited = |old: &str| {
                    old.lines()
                        .map(|line| if line.starts_with("title:") { &title } else { line })
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                (format!("the title of {page}"), self.change(&page, edited))
            }
            9 => {
                (format!("a draft of {page}"), self.change(&page, |old| old.replacen("---\n", "---\ndraft: true\n", 1)))
            }
            10 => {
                let path = format!("content/articles/edit-{number}.md");
                let text = format!(
                    "---\ntitle: Article {number}\nsummary: Of edit {number}.\nlayout: article\ndate: 2027-03-0{}\n---\n\nIt names [a trial](cta:free-trial/trial).\n",
                    1 + number % 9
                );
                (format!("a new page {path}"), self.write(&path, &text))
            }
            11 => {
                fs::remove_file(self.site.path(&page)).unwrap();
                (format!("{page} deleted"), paths([&*page]))
            }
            12 => {
                let to = format!("content/moved-{number}");
                let from = Path::new(&page).parent().unwrap().to_str().unwrap().to_owned();
                if from == "content" {
                    return self.edit();
                }
                fs::rename(self.site.path(&from), self.site.path(&to)).unwrap();
                (format!("{from} moved to {to}"), paths([&*from, &*to]))
            }
            13 => {
                let text = format!("<p>A footer of edit {number}</p>\n");
                (format!("the theme's footer {number}"), self.write("themes/launch/parts/footer.html", &text))
            }
            14 => {
                let css = format!("body {{ outline-width: {number}px; }}\n");
                ("a style sheet".to_owned(), self.write("themes/launch/styles/own.css", &css))
            }
            15 => {
                let label = format!("label: Newsletter {number}");
                (
                    "a label in site.yaml".to_owned(),
                    self.change("site.yaml", |old| old.replacen("label: Monthly newsletter", &label, 1)),
                )
            }
            16 => {
                let images = self.files(".jpg");
                let image = self.one_of(&images);
                let mut bytes = fs::read(self.site.path(&image)).unwrap();
                bytes.push(number as u8);
                fs::write(self.site.path(&image), bytes).unwrap();
                (format!("the picture {image}"), paths([&*image]))
            }
            17 => {
                let path = format!("static/file-{number}.txt");
                (format!("a new file {path}"), self.write(&path, "plain"))
            }
            18 => {
                let page = "content/spring-hiring/index.md";
                if !self.site.path(page).exists() {
                    return self.edit();
                }
                (
                    "a coupon's code".to_owned(),
                    self.change(page, |old| old.replacen("code: SPRING", &format!("code: E{number}SPRING"), 1)),
                )
            }
            _ => (format!("an error in {page}"), self.change(&page, |old| old.replacen("title:", "titel:", 1))),
        }
    }

    /// Restores the original files.
    fn undo_all(&self) -> (String, Changed) {
        let mut present = Tree::new();
        read_tree(&self.site.root(), &self.site.root(), &mut present);
        let mut touched = Vec::new();
        present.retain(|name, _| name != "lead-tags.csv" && !name.starts_with(".tagline/"));
        for name in present.keys().filter(|name| !self.originals.contains_key(*name)) {
            fs::remove_file(self.site.path(name)).unwrap();
            touched.push(name.clone());
        }
        for (name, bytes) in &self.originals {
            if present.get(name) != Some(bytes) {
                self.site.write(name, bytes);
                touched.push(name.clone());
            }
        }
        ("all edits undone".to_owned(), paths(touched.iter().map(String::as_str)))
    }
}

fn paths<'p>(paths: impl IntoIterator<Item = &'p str>) -> Changed {
    Changed::Paths(paths.into_iter().map(str::to_owned).collect())
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
