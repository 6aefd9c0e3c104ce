//! Which way modules import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up. A module may import from its own floor and those below.
const FLOORS: &[&[&str]] = &[
    &["digest", "diagnostics", "rules", "source", "spreadsheet", "sync"],
    &["yaml"],
    &["model"],
    &["images", "cache_dir"],
    &[
        "check",
        "explain",
        "headers",
        "html",
        "init",
        "lead_tags",
        "links",
        "load",
        "parse",
        "printer",
        "register",
        "render",
        "resolve",
        "sales",
        "schema",
        "scripts",
        "sink",
        "site_files",
        "theme",
    ],
    &["pipeline"],
    &["serve"],
    &["cli"],
];

/// What the two lower floors must not know: files, and the template engine.
const FORBIDDEN_BELOW: [&str; 5] = ["std::fs", "std::io", "tera::", "walkdir", "crate::sink"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The modules of the floor of passes that each of them imports.
fn imports_among_passes(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let passes = FLOORS.iter().copied().find(|floor| floor.contains(&"load")).unwrap();
    let mut files = Vec::new();
    sources(root, &mut files);
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &files {
        let module = module_of(file, root);
        let text = fs::read_to_string(file).unwrap();
        let others = imported(&text).filter(|other| passes.contains(&&**other) && *other != module);
        let others: Vec<String> = others.collect();
        if passes.contains(&&*module) {
            imports.entry(module).or_default().extend(others);
        }
    }
    imports
}

fn module_of(file: &Path, root: &Path) -> String {
    let below = file.strip_prefix(root).unwrap();
    below.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "")
}

/// The modules that lines of code name by `crate::`.
fn imported(text: &str) -> impl Iterator<Item = String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|import| import.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn modules_import_downwards_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut upwards = Vec::new();
    for file in &files {
        let below = file.strip_prefix(&root).unwrap();
        let module = module_of(file, &root);
        let Some(floor) = floor_of(&module) else {
            assert!(matches!(&*module, "lib" | "main"), "`{module}` stands on no floor: add it to FLOORS");
            continue;
        };
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for imported in imported(line) {
                if floor_of(&imported).is_some_and(|other| other > floor) {
                    upwards.push(format!("{}: {}", below.display(), line.trim()));
                }
            }
            if floor < 3 && FORBIDDEN_BELOW.iter().any(|forbidden| line.contains(forbidden)) {
                upwards.push(format!("{}: {}", below.display(), line.trim()));
            }
        }
    }
    assert_eq!(upwards, [""; 0]);
}

#[test]
fn no_pass_imports_another_that_imports_it() {
    let mut left = imports_among_passes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(left["resolve"].contains("load"), "the imports were not found: {left:?}");
    // Those that import no other that is left can be taken away, until none is left or only circles are.
    while let Some(last) = left.iter().find(|(_, others)| others.iter().all(|other| !left.contains_key(other))) {
        let last = last.0.clone();
        left.remove(&last);
    }
    assert!(left.is_empty(), "there is a circle among {left:?}");
}
