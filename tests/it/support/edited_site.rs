//! The example site under random edits, as authors and theme authors make them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fastrand::Rng;
use tagline::pipeline::session::Changed;

use super::Site;

/// The content of every file by its path.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A copy of the example site that is edited at random.
pub struct EditedSite {
    pub site: Site,
    /// The original content of the files, to undo edits.
    originals: BTreeMap<String, Vec<u8>>,
    pub rng: Rng,
    number: usize,
}

impl EditedSite {
    pub fn new(seed: u64) -> EditedSite {
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
        self.files(".md").into_iter().filter(|name| !name.contains("sales.")).collect()
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
    pub fn edit(&mut self) -> (String, Changed) {
        self.number += 1;
        let number = self.number;
        let pages = self.pages();
        let page = self.one_of(&pages);
        match self.rng.u8(..22) {
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
            // These lead to pages with errors, so they are more frequent.
            11 | 20 => {
                fs::remove_file(self.site.path(&page)).unwrap();
                (format!("{page} deleted"), paths([&*page]))
            }
            12 | 21 => {
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
    pub fn undo_all(&self) -> (String, Changed) {
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

/// Adds all files below a folder, by their paths below the root.
pub fn read_tree(root: &Path, folder: &Path, tree: &mut Tree) {
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

fn paths<'p>(paths: impl IntoIterator<Item = &'p str>) -> Changed {
    Changed::Paths(paths.into_iter().map(str::to_owned).collect())
}
