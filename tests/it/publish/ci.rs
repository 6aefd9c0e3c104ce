//! `tagline init --ci` in the folder of a site.

use std::process::Command;

use crate::support::{Run, SITE, Site};

fn init(site: &Site) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagline"));
    site.finish(command.args(["init", "--ci", "github"]).arg(site.root()))
}

#[test]
fn site_yaml_with_errors_is_reported_and_nothing_is_written() {
    let site = Site::edited(SITE, "destinations:\n", "publish: { live: { site: s4://kazi } }\ndestinations:\n");
    let run = init(&site).failed(1);
    assert!(
        run.stderr.contains("`s4://` is not a kind") && run.stderr.contains("nothing was written"),
        "{}",
        run.stderr
    );
    assert!(!site.path(".github").exists());
}

#[test]
fn missing_targets_are_named_in_notes() {
    let site = Site::edited(SITE, "destinations:\n", "publish: { live: { site: s3://kazi } }\ndestinations:\n");
    let run = init(&site).ok();
    assert!(run.stderr.contains("note: site.yaml has no bucket for previews"), "{}", run.stderr);
    assert!(run.stderr.contains("add `preview: { site: s3://BUCKET }` to `publish`"), "{}", run.stderr);
    assert!(!site.path(".github/workflows/tagline-preview-end.yml").exists());
    assert!(!site.read(".github/workflows/tagline-check.yml").contains("preview:"));
    assert!(site.read(".github/workflows/tagline-publish.yml").contains("tagline publish live"));
    let again = init(&site).failed(2);
    assert!(again.stderr.contains("already exist"), "{}", again.stderr);
}
