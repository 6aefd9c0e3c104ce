//! Which modules may import which: layers import downwards, and neither phases nor the files of a folder import one another
//! in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers from the ground up. A module may import from its own layer and from those below.
const LAYERS: &[&[&str]] = &[
    &["characters", "digest", "diagnostics", "months", "rules", "source", "spreadsheet", "sync"],
    &["yaml"],
    &["model"],
    &["images", "fonts", "body_store", "cache_dir", "pieces", "web_client"],
    &[
        "calendar",
        "check",
        "diff",
        "explain",
        "headers",
        "html",
        "init",
        "lead_tags",
        "links",
        "load",
        "parse",
        "printer",
        "publish",
        "register",
        "render",
        "report",
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

/// The layers of `model` and below do not use files and the template engine.
const PURE_LAYERS: usize = 3;
const FORBIDDEN_IN_PURE_LAYERS: [&str; 5] = ["std::fs", "std::io", "tera::", "walkdir", "crate::sink"];

/// Each module with the modules that it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn layers_import_downwards_only() {
    let mut upwards = Vec::new();
    for file in source_files(&root()) {
        let module = module_of(&file);
        let Some(layer) = layer_of(&module) else {
            assert!(matches!(&*module, "lib" | "main"), "`{module}` is in no layer: add it to LAYERS");
            continue;
        };
        for line in code(&file).lines() {
            let imports_upwards = imported(line).any(|other| layer_of(&other).is_some_and(|other| other > layer));
            let is_impure =
                layer < PURE_LAYERS && FORBIDDEN_IN_PURE_LAYERS.iter().any(|forbidden| line.contains(forbidden));
            if imports_upwards || is_impure {
                upwards.push(format!("{}: {}", file.display(), line.trim()));
            }
        }
    }
    assert_eq!(upwards, [""; 0]);
}

#[test]
fn phases_do_not_import_one_another_in_a_circle() {
    let phases = LAYERS.iter().copied().find(|layer| layer.contains(&"load")).unwrap();
    let mut imports = Imports::new();
    for file in source_files(&root()) {
        let module = module_of(&file);
        if phases.contains(&&*module) {
            let code = code(&file);
            let others = imported(&code).filter(|other| phases.contains(&&**other) && *other != module);
            let others: Vec<String> = others.collect();
            imports.entry(module).or_default().extend(others);
        }
    }
    assert!(imports["resolve"].contains("load"), "the imports were not found: {imports:?}");
    assert_eq!(circle(imports), Imports::new());
}

#[test]
fn files_of_a_folder_do_not_import_one_another_in_a_circle() {
    let mut circles = Vec::new();
    for folder in folders(&root()) {
        let imports = imports_in(&folder);
        let name = folder.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if name == "resolve" {
            assert!(imports["links"].contains("references"), "the imports were not found: {imports:?}");
        }
        let circle = circle(imports);
        if !circle.is_empty() {
            circles.push((name, circle));
        }
    }
    assert_eq!(circles, []);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder).into_iter().partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| source_files(folder));
    files.into_iter().filter(|file| is_rust(file)).chain(below).collect()
}

/// The folders below a folder that have source files.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let below = entries(folder).into_iter().filter(|path| path.is_dir() && !source_files(path).is_empty());
    below.flat_map(|path| folders(&path).into_iter().chain([path.clone()]).collect::<Vec<_>>()).collect()
}

/// The code of a file without comments and unit tests.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

fn module_of(file: &Path) -> String {
    let below = file.strip_prefix(root()).unwrap();
    below.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "")
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules that code names by `crate::`.
fn imported(code: &str) -> impl Iterator<Item = String> {
    code.split("crate::").skip(1).map(identifier)
}

fn identifier(code: &str) -> String {
    code.chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_').collect()
}

/// The imports among the modules of one folder, by `super::` and by `crate::`. `mod.rs` may import all of them.
fn imports_in(folder: &Path) -> Imports {
    let below = folder.strip_prefix(root()).unwrap();
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let absolute = format!("crate::{}::", parts.join("::"));
    let mut imports = Imports::new();
    for path in entries(folder) {
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        let files = match path.is_dir() {
            true => source_files(&path),
            false if is_rust(&path) && module != "mod" => vec![path.clone()],
            false => continue,
        };
        for file in files {
            let depth = file.strip_prefix(folder).unwrap().components().count();
            let depth = if file.ends_with("mod.rs") { depth - 1 } else { depth };
            let relative = "super::".repeat(depth);
            let code = code(&file);
            let names = [absolute.as_str(), &relative].into_iter().flat_map(|prefix| named_after(&code, prefix));
            imports.entry(module.clone()).or_default().extend(names.filter(|name| *name != module));
        }
    }
    let modules: BTreeSet<String> = imports.keys().cloned().collect();
    imports.values_mut().for_each(|names| names.retain(|name| modules.contains(name)));
    imports
}

/// The names that follow a prefix, also in braces: `super::{a, b::C}`.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        // `super::super::a` has the prefix `super::`, but names a module of another folder.
        if code[..at].ends_with("::") {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(list.split(';').next().unwrap().split(',').map(|name| identifier(name.trim()))),
            None => names.push(identifier(rest)),
        }
    }
    names
}

/// Removes modules that import no remaining module, until only circles are left.
fn circle(mut left: Imports) -> Imports {
    while let Some(last) = left.iter().find(|(_, others)| others.iter().all(|other| !left.contains_key(other))) {
        let last = last.0.clone();
        left.remove(&last);
    }
    left
}
