//! Links in the documentation lead to files and headings that exist, and every dependency has its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README, CONTRIBUTING, CHANGELOG and all of `docs/`, with their text.
fn pages() -> BTreeMap<PathBuf, String> {
    let mut files: Vec<PathBuf> = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "benches/README.md",
        "tests/web/README.md",
        "findings/README.md",
        "fuzz/README.md",
    ]
    .map(PathBuf::from)
    .into();
    for folder in ["docs", "docs/destinations"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let names =
            entries.map(|entry| entry.unwrap().file_name()).filter(|name| name.to_string_lossy().ends_with(".md"));
        files.extend(names.map(|name| Path::new(folder).join(name)));
    }
    // A missing page is reported by the links to it.
    files.retain(|file| root().join(file).exists());
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(root().join(&file)).unwrap())).collect()
}

/// The lines of a page outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

/// The anchors that GitHub gives to the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
    };
    headings.map(anchor).collect()
}

/// The targets of Markdown links that are not on the web.
fn links(text: &str) -> Vec<String> {
    let text: Vec<&str> = prose(text).collect();
    // Every second part is between backticks, where a link is only an example.
    let outside_of_code = text.join("\n").split('`').step_by(2).collect::<Vec<_>>().join("`");
    let text = outside_of_code.replace("``", "");
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.contains("://") && !target.starts_with("cta:") && !target.is_empty());
    local.map(|target| target.replace('\n', "")).collect()
}

#[test]
fn links_in_the_docs_lead_to_files_and_headings() {
    let pages = pages();
    let mut broken = Vec::new();
    let mut checked = 0;
    for (page, text) in &pages {
        // Examples of what an author writes link to pages of the example site.
        for link in links(text).iter().filter(|link| !link.starts_with('/')) {
            checked += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.clone(),
                file => normal(&page.parent().unwrap().join(file)),
            };
            let exists = root().join(&target).exists();
            let has_anchor = anchor.is_empty() || pages.get(&target).is_some_and(|text| anchors(text).contains(anchor));
            if !exists || !has_anchor {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(checked > 300, "only {checked} links were found");
    assert_eq!(broken, [""; 0]);
}

/// Without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut parts: Vec<_> = Vec::new();
    for part in path.components() {
        if part.as_os_str() == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.into_iter().collect()
}

#[test]
fn every_direct_dependency_has_a_reason_in_the_docs() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut dependencies = BTreeSet::new();
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies && let Some((name, _)) = line.split_once(" = ") {
            dependencies.insert(name.to_owned());
        }
    }
    assert!(dependencies.len() > 50, "only {} dependencies were found", dependencies.len());
    let docs = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let tables = docs.split("## Parsers of untrusted input").next().unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| `"));
    let names =
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split(',')).map(|name| name.trim().trim_matches('`'));
    let documented: BTreeSet<String> = names.map(str::to_owned).collect();
    assert_eq!(documented, dependencies);
}

/// The table of parsers is read again whenever one of them changes.
#[test]
fn parsers_of_untrusted_input_are_listed_with_the_versions_in_use() {
    let docs = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let section = docs.split("## Parsers of untrusted input").nth(1).unwrap().split("\n## ").next().unwrap();
    let cells = section.lines().filter(|line| line.starts_with("| `")).map(|row| row.split('|').nth(1).unwrap());
    let crates: Vec<&str> = cells.flat_map(|cell| cell.split(',')).collect();
    assert!(crates.len() > 20, "{crates:?}");
    for listed in crates {
        let (name, version) = listed.trim().trim_start_matches('`').split_once("` ").unwrap();
        let package = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&package), "{name} {version} is not in Cargo.lock: look at its upkeep again");
    }
}
