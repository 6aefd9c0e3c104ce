//! Errors in templates: each is reported once, at its place in the template, with the nearest name that exists.

use std::fmt::Write;

use crate::support::{PAGE, Site};

const HERO: &str = "themes/launch/blocks/hero.html";

/// A template with `«` where the error is, the message, and a part of the help.
type Case<'a> = (&'a str, &'a str, &'a str);

#[track_caller]
fn assert_reported(cases: &[Case]) {
    let mut failures = String::new();
    for (template, message, help) in cases {
        let site = site_with_hero_blocks().file(HERO, &template.replace('«', ""));
        let run = site.check();
        let before = template.split('«').next().unwrap();
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let place = format!("{HERO}:{}:{column}", before.matches('\n').count() + 1);
        let is_reported = match run.problems().as_slice() {
            [problem] => {
                let first = problem.text.lines().next().unwrap_or_default();
                problem.rule == "template-error"
                    && problem.place == place
                    && first.contains(message)
                    && problem.text.contains(help)
            }
            _ => false,
        };
        if !is_reported || run.code != Some(1) {
            let _ = write!(failures, "\n=== {template}\nexpected `{message}` at {place} with `{help}`\n{}", run.stderr);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// A site with the block on two pages, where an error could be reported twice.
fn site_with_hero_blocks() -> Site {
    Site::new().edit(PAGE, "# Prices", "::: hero\n# Prices\n:::").edit(
        "content/spring/index.md",
        "# Hire in days",
        "::: hero\n# Hire in days\n:::",
    )
}

#[test]
#[rustfmt::skip]
fn unknown_name_is_reported_with_the_nearest_one() {
    assert_reported(&[
        ("{{ «boddy }}\n", "variable `boddy` is not defined", "did you mean `body`?"),
        ("{{ «visitor }}\n", "variable `visitor` is not defined", "available variables: backdrop, block, body"),
        ("<p>\n{{ page.«titel }}\n", "field `titel` is not defined", "did you mean `title`?"),
        ("{{ page.«titel.x }}\n", "field `titel` is not defined", "while rendering `content/"),
        ("{% if page.«colour.x %}{% endif %}\n", "field `colour` is not defined", "available fields: after_end, alternates, author"),
        ("{{ page[\"«titel\"] }}\n".replace("page[\"«", "«page[\"").as_str(), "variable that is undefined", "is defined"),
        ("{{ body | «uper }}\n", "unknown filter `uper`", "did you mean `upper`?"),
        ("{{ body | «slugify }}\n", "unknown filter `slugify`", ""),
        ("{{ «aset(path=\"x\") }}\n", "unknown function `aset`", "did you mean `asset`?"),
        ("{{ «now() }}\n", "unknown function `now`", ""),
        ("{% if body is «strng %}{% endif %}\n", "unknown test `strng`", "did you mean `string`?"),
        ("{% include \"«parts/haeder.html\" %}\n", "unknown template `parts/haeder.html`", "did you mean `parts/header.html`?"),
        ("{% extends \"«parts/bass.html\" %}\n", "unknown template `parts/bass.html`", "did you mean `parts/base.html`?"),
        ("{% extends \"parts/base.html\" %}\n{% block «man %}{% endblock %}\n", "block `man` is not defined in any parent template", "did you mean `main`?"),
        ("{{ <«card title=\"x\" /> }}\n", "unknown component `card`", ""),
        ("{% component card(title) %}{{ title }}{% endcomponent card %}\n{{ <«crad title=\"x\" /> }}\n", "unknown component `crad`", "did you mean `card`?"),
        ("{% component card(title) %}{{ title }}{% endcomponent card %}\n{{ <card «titel=\"x\" /> }}\n", "unknown argument(s) `titel`", "did you mean `title`?"),
        ("{% component card() %}{{ «page.title }}{% endcomponent card %}\n{{ <card /> }}\n", "variable `page` is not defined", "`{% component name(@page) %}`"),
        ("{{ «asset(path=\"favicn.svg\") }}\n", "the theme has no file `assets/favicn.svg`", "did you mean `favicon.svg`?"),
        ("{{ strings.coupon.«copi }}\n", "field `copi` is not defined", "did you mean `copy`?"),
        ("{{ strings.cta.ended | «fill(dat=page.title) }}\n", "missing keyword argument `date`", "write `date` instead of `dat`"),
        ("{{ «asset(pth=\"favicon.svg\") }}\n", "missing keyword argument `path`", "write `path` instead of `pth`"),
    ]);
}

#[test]
#[rustfmt::skip]
fn unclosed_and_unknown_tags_are_reported_at_the_tag() {
    assert_reported(&[
        ("<p>\n{% «if body %}\n</p>\n", "`if` is not closed", "`{% endif %}`"),
        ("{% «for x in page.ctas %}{% if x %}{% endif %}\n", "`for` is not closed", "`{% endfor %}`"),
        ("{% «endif %}\n", "`endif` without `if`", "`{% if … %}`"),
        ("{% «iff body %}{% endif %}\n", "unknown tag `iff`", "did you mean `if`?"),
        ("{% «macro x() %}{% endmacro %}\n", "unknown tag `macro`", "`{% component card(title) %}"),
        ("{% «import \"x.html\" as x %}\n", "unknown tag `import`", "components need no import"),
        ("<p>{{ body «</p>\n", "expected }}", ""),
        ("{{ asset(«\"favicon.svg\") }}\n", "expected identifier", "`asset(path=\"favicon.svg\")`"),
        ("{% include \"«blocks/hero.html\" %}\n", "include one another in a circle", "`blocks/hero.html` → `blocks/hero.html`"),
    ]);
}

#[test]
fn broken_base_template_hides_no_other_error_and_causes_none() {
    let site = site_with_hero_blocks()
        .file("themes/launch/parts/base.html", "{% block main %}{{ x\n")
        .file("themes/launch/parts/footer.html", "{{ x | uper }}\n")
        .edit(PAGE, "cta:spring/save", "cta:spring/sav");
    let run = site.check().failed(1);
    let reported: Vec<_> = run.problems().into_iter().map(|problem| (problem.rule, problem.place)).collect();
    let expected = [
        ("unknown-cta", "content/prices.md:12:10"),
        ("template-error", "themes/launch/parts/base.html:1:17"),
        ("template-error", "themes/launch/parts/footer.html:1:8"),
    ];
    assert_eq!(reported, expected.map(|(rule, place)| (rule.to_owned(), place.to_owned())), "{}", run.stderr);
}

#[test]
fn component_defined_in_two_templates_is_marked_in_both() {
    let component = "{% component card() %}x{% endcomponent card %}\n";
    let site = site_with_hero_blocks().file(HERO, component).file("themes/launch/blocks/faq.html", component);
    let run = site.check().failed(1);
    assert_eq!(run.problems().len(), 1, "{}", run.stderr);
    for text in ["component `card` is defined in both", "blocks/hero.html:1:14", "blocks/faq.html:1:14"] {
        assert!(run.stderr.contains(text), "{text}: {}", run.stderr);
    }
}
