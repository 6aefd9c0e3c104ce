//! Sources and aliases that would be published at the same path, and reserved file names.

use crate::support::{
    CAMPAIGN, PAGE, PAGE_TEXT, Site, assert_each_rejected, assert_only_error, invalid, place_of_mark,
};

/// Asserts that two sources of one path are an error that names both.
#[track_caller]
fn assert_clash(site: Site, one: &str, other: &str) {
    let run = site.build().failed(1);
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    assert_eq!(problems[0].rule, "path-clash");
    for source in [one, other] {
        assert!(problems[0].text.contains(&format!("`{source}`")), "`{source}` in {}", run.stderr);
    }
    assert!(problems[0].text.contains("rename one of the two"), "{}", run.stderr);
    assert!(site.output().is_empty(), "something was written");
}

/// Adds a page or another file to the site, unless it exists.
fn add_page(site: Site, path: &str) -> Site {
    let text = if path.ends_with(".pdf") { "%PDF-1.7" } else { "---\ntitle: T\n---\n" };
    if site.path(path).exists() { site } else { site.file(path, text) }
}

#[test]
fn two_sources_of_one_path_are_an_error_that_names_both() {
    let both = |one: &str, other: &str| {
        let site = [one, other].into_iter().fold(Site::new(), add_page);
        assert_clash(site, one, other);
    };
    both("content/a.md", "content/a/index.md");
    both("content/été.md", "content/e\u{301}te\u{301}.md");
    both("content/été.md", "content/ete.md");
    both("content/b/x y.md", "content/b/x-y.md");
    both("static/spring/index.html", CAMPAIGN);
    both("static/spring/via/acme/index.html", CAMPAIGN);
    both("static/spring/thanks/guide/index.html", CAMPAIGN);
}

#[test]
fn paths_that_differ_only_in_case_or_unicode_form_clash() {
    let both = |one: &str, other: &str| {
        let site = [one, other].into_iter().fold(Site::new(), add_page);
        // On some file systems both names are the same file, so there is only one source.
        if site.path(one).canonicalize().unwrap() != site.path(other).canonicalize().unwrap() {
            assert_clash(site, one, other);
        }
    };
    both("content/offer.md", "content/Offer.md");
    both("static/terms.pdf", "static/TERMS.pdf");
    both("static/café.pdf", "static/cafe\u{301}.pdf");
    both("static/É.txt", "static/e\u{301}.txt");
    both("static/Docs/a.txt", "static/docs");
    both("static/SPRING/index.html", CAMPAIGN);
}

#[test]
#[rustfmt::skip]
fn alias_of_a_path_in_use_is_an_error() {
    let rows = [
        ("[«/spring/]", "content/spring/index.md"),
        ("[«/Spring]", "content/spring/index.md"),
        ("[«/spring/via/acme/]", "content/spring/index.md"),
        ("[«/prices/]", "content/prices.md"),
        ("[/old/, «/OLD/]", "an alias in `content/prices.md`"),
        ("[/e\u{301}/, «/é/]", "an alias in `content/prices.md`"),
        ("[«/sitemap.xml]", "the sitemap"),
        ("[«/go/x/]", "the folder of short links"),
        ("[«/theme/]", "the folder of the theme's files"),
    ];
    let new = rows.map(|(aliases, _)| format!("title: Prices\naliases: {aliases}"));
    let edits: Vec<_> = rows
        .iter()
        .zip(&new)
        .map(|((_, text), new)| invalid(PAGE, "title: Prices", new, "path-clash", text))
        .collect();
    assert_each_rejected(&Site::new(), &edits);
    let site = Site::new().file("content/third.md", "---\ntitle: T\naliases: [/old/]\n---\n");
    let new = "title: Prices\naliases: [«/old]";
    let run = site
        .edit(PAGE, "title: Prices", "title: Prices\naliases: [/old]")
        .build();
    // Either of the two may be marked, and both are named.
    assert_eq!(run.problems().len(), 1, "{}", run.stderr);
    for place in [
        place_of_mark(PAGE, &PAGE_TEXT.replace("title: Prices", new)),
        "content/third.md:3:11".to_owned(),
    ] {
        assert!(run.stderr.contains(&place), "{}", run.stderr);
    }
    for outside in ["/../etc/", "https://kazi.example/x", "/a//b/", "/x?y"] {
        let new = format!("title: Prices\naliases: [\"«{outside}\"]");
        assert_each_rejected(
            &Site::new(),
            &[invalid(PAGE, "title: Prices", &new, "bad-url", "write the old path")],
        );
    }
}

#[test]
fn file_name_reserved_for_languages_is_an_error() {
    let site = Site::new().file("content/offer.de.md", "---\ntitle: T\n---\n");
    assert_only_error(
        &site.build(),
        "reserved-name",
        "content/offer.de.md",
        "add the language to `languages` in site.yaml",
    );
}
