//! Sites with issued lead tags, and with renamed ids.

use std::process::Command;

use crate::support::{CAMPAIGN, Site};

/// The small site, built on 1 March.
pub fn issued() -> Site {
    let site = Site::new();
    site.build_on("2027-03-01").clean();
    site
}

/// The same site with another campaign id, also in the links to it.
pub fn renamed(front_matter: &str) -> Site {
    let site = issued().edit(CAMPAIGN, "title: Hire", &format!("{front_matter}title: Hire"));
    let id = front_matter.lines().find_map(|line| line.strip_prefix("campaign: ")).unwrap();
    let prices = site.read("content/prices.md").replace("cta:spring/", &format!("cta:{id}/"));
    site.file("content/prices.md", &prices)
}

/// The site with the call to action `save` renamed to `coupon-20`. `more` is a line below its id.
pub fn renamed_cta(site: Site, more: &str) -> Site {
    let page = site.read(CAMPAIGN).replace("cta:save", "cta:coupon-20");
    let page = page.replace("  save:\n", &format!("  coupon-20:\n{more}"));
    let prices = site.read("content/prices.md").replace("/save)", "/coupon-20)");
    site.file(CAMPAIGN, &page).file("content/prices.md", &prices)
}

/// Runs git in a site.
#[track_caller]
pub fn git(site: &Site, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(site.root()).args(["-c", "user.name=Test", "-c", "user.email=test@kazi.example"]).args(args);
    // Hooks and settings of this machine must not apply.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap_or_else(|error| panic!("this test needs git: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "git {args:?}\n{stdout}{stderr}");
    stdout.into_owned()
}

/// The site as the first commit of a repository, with the files for git of this repository.
pub fn committed(site: Site) -> Site {
    let site = site
        .file(".gitattributes", include_str!("../../../.gitattributes"))
        .file(".gitignore", "/public/\n/sales/\n/.public.*\n/.sales.*\n/.tagline/\n");
    git(&site, &["init", "-q", "-b", "main", "."]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-qm", "base"]);
    site
}
