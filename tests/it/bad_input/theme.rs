//! Errors in templates and stylesheets of a theme.

use crate::support::{CAMPAIGN, PAGE, Site, assert_only_error};

#[test]
fn template_error_names_template_line_and_page_once() {
    let hero = "themes/launch/blocks/hero.html";
    let site = Site::new().edit(PAGE, "# Prices", "::: hero\n# Prices\n:::").edit(
        CAMPAIGN,
        "# Hire in days",
        "::: hero\n# Hire in days\n:::",
    );
    site.build().clean();
    let before = site.output();
    let site = site.file(hero, "<div>\n{{ body }}\n{{ page.titel.x }}\n</div>\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:3:9"), "while rendering `content/");
    let site = site.file(hero, "<div>\n{{ body }\n</div>\n");
    let run = site.build().failed(1);
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    assert_eq!(problems[0].rule, "template-error");
    assert!(problems[0].place.starts_with(&format!("{hero}:2:")), "{}", run.stderr);
    let site = site.file(hero, "<div>\n{{ body | shout }}\n</div>\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:2:11"), "shout");
    let site = site.file(hero, "<img src=\"{{ asset(path=\"her.jpg\") }}\">\n");
    assert_only_error(
        &site.build(),
        "template-error",
        &format!("{hero}:1:14"),
        "the theme has no file `assets/her.jpg`",
    );
    let site = site.file(hero, "{% extends \"hreo.html\" %}\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:1:13"), "unknown template `hreo.html`");
    assert_eq!(site.output(), before);
}

#[test]
fn two_broken_templates_are_both_reported() {
    let site =
        Site::new().file("themes/launch/blocks/hero.html", "{{ body }\n").file("themes/launch/page.html", "{% if %}\n");
    let run = site.build().failed(1);
    for template in ["themes/launch/blocks/hero.html:1:", "themes/launch/page.html:1:"] {
        assert!(run.problems().iter().any(|problem| problem.place.starts_with(template)), "{}", run.stderr);
    }
}

#[test]
fn stylesheet_that_refers_to_a_missing_file_is_an_error() {
    let css = "themes/launch/assets/more.css";
    let site = Site::new().file(css, "a { color: red }\nb { background: url(paper.png) }\n");
    assert_only_error(&site.build(), "missing-asset", &format!("{css}:2:21"), "no file `assets/paper.png`");
    let site = site.file(css, "a { color: red }\n} b { color: red }\n");
    let run = site.build().failed(1);
    assert!(run.problems()[0].place.starts_with(&format!("{css}:2:")), "{}", run.stderr);
}
