//! `docs/problems.md` is generated from `src/rules/`, and the examples there fail and pass as they say.

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use tagline::rules::{self, ExamplesIn, Rule};

use crate::support::{CAMPAIGN_TEXT, SITE_TEXT, Site};

const BEGIN: &str = "<!-- rules: generated from src/rules/ by `UPDATE_DOCS=1 cargo test docs_list_every_rule` -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn docs_list_every_rule() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/problems.md");
    let docs = fs::read_to_string(&path).unwrap();
    let (before, rest) = docs.split_once(BEGIN).expect("docs/problems.md has lost the mark where rules begin");
    let (_, after) = rest.split_once(END).expect("docs/problems.md has lost the mark where rules end");
    let expected = format!("{before}{BEGIN}\n{}\n{END}{after}", rules::markdown());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).unwrap();
        return;
    }
    assert!(docs == expected, "docs/problems.md is out of date: run the command that it names");
}

#[test]
fn examples_fail_and_pass_as_they_say() {
    let wrong: Vec<String> = Rule::ALL.par_iter().filter_map(|&rule| wrong_example(rule)).collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// What is wrong with the examples of a rule, if they are parts of a site and anything is.
fn wrong_example(rule: Rule) -> Option<String> {
    let definition = rule.definition();
    let [(_, failing), (_, passing)] = definition.examples();
    let run = |example: &str| Some(site_with(definition.examples_in, example)?.check());
    let is_reported = |stderr: &str| stderr.contains(&format!("[{}]", rule.id()));
    let (failing, passing) = (run(&failing)?, run(&passing)?);
    if !is_reported(&failing.stderr) {
        return Some(format!("=== {}: the failing example passes\n{}\n", rule.id(), failing.stderr));
    }
    is_reported(&passing.stderr).then(|| format!("=== {}: the passing example fails\n{}\n", rule.id(), passing.stderr))
}

fn site_with(examples_in: ExamplesIn, example: &str) -> Option<Site> {
    match examples_in {
        ExamplesIn::Site => Some(Site::new().file("site.yaml", &with_keys(SITE_TEXT, example))),
        ExamplesIn::FrontMatter => {
            let (front, body) = front_and_body();
            Some(campaign(&with_keys(front, example), body))
        }
        ExamplesIn::Body => Some(campaign(front_and_body().0, example)),
        ExamplesIn::Other(_) => None,
    }
}

fn front_and_body() -> (&'static str, &'static str) {
    CAMPAIGN_TEXT.strip_prefix("---\n").unwrap().split_once("---\n").unwrap()
}

fn campaign(front: &str, body: &str) -> Site {
    Site::new().file("content/spring/index.md", &format!("---\n{front}---\n\n{body}\n"))
}

/// Some YAML with the keys of an example in place of its own.
fn with_keys(yaml: &str, example: &str) -> String {
    let key_of = |line: &str| line.split_once(':').map(|(key, _)| key.to_owned()).filter(|key| !key.starts_with(' '));
    let keys: Vec<String> = example.lines().filter_map(key_of).collect();
    let mut is_replaced = false;
    let mut out = String::new();
    for line in yaml.lines() {
        is_replaced = key_of(line).map_or(is_replaced, |key| keys.contains(&key));
        if !is_replaced {
            out.push_str(&format!("{line}\n"));
        }
    }
    format!("{out}{example}\n")
}
