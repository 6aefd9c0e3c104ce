//! Every kind of mistake in a template: told once, at its place in the template, with the nearest known name.

use std::fmt::Write;

use crate::support::Site;

const HERO: &str = "themes/launch/blocks/hero.html";
const PAGE: &str = "content/prices.md";

/// A template, with `«` where the mark belongs, and what is told.
type Mistake<'a> = (&'a str, &'a str, &'a str);

#[track_caller]
fn each_is_told(mistakes: &[Mistake]) {
    let mut surprises = String::new();
    for (template, message, help) in mistakes {
        let site = site().file(HERO, &template.replace('«', ""));
        let run = site.check();
        let before = template.split('«').next().unwrap();
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let place = format!("{HERO}:{}:{column}", before.matches('\n').count() + 1);
        let told = match run.problems().as_slice() {
            [problem] => {
                let first = problem.text.lines().next().unwrap_or_default();
                problem.rule == "template-error"
                    && problem.place == place
                    && first.contains(message)
                    && problem.text.contains(help)
            }
            _ => false,
        };
        if !told || run.code != Some(1) {
            let _ =
                write!(surprises, "\n=== {template}\nexpected `{message}` at {place} with `{help}`\n{}", run.stderr);
        }
    }
    assert!(surprises.is_empty(), "{surprises}");
}

/// Two pages with the block, so that what is told once could be told twice.
fn site() -> Site {
    Site::new().edit(PAGE, "# Prices", "::: hero\n# Prices\n:::").edit(
        "content/spring/index.md",
        "# Hire in days",
        "::: hero\n# Hire in days\n:::",
    )
}

#[test]
#[rustfmt::skip]
fn unknown_names_are_told_with_the_nearest_one() {
    each_is_told(&[
        ("{{ «boddy }}\n", "there is no variable `boddy`", "did you mean `body`?"),
        ("{{ «visitor }}\n", "there is no variable `visitor`", "the variables here are"),
        ("<p>\n{{ page.«titel }}\n", "there is no field `titel`", "did you mean `title`?"),
        ("{{ page.«titel.x }}\n", "there is no field `titel`", "while drawing `content/"),
        ("{% if page.«colour.x %}{% endif %}\n", "there is no field `colour`", "the fields here are"),
        ("{{ page[\"«titel\"] }}\n".replace("page[\"«", "«page[\"").as_str(), "has no value", "is defined"),
        ("{{ body | «uper }}\n", "there is no filter `uper`", "did you mean `upper`?"),
        ("{{ body | «slugify }}\n", "there is no filter `slugify`", "the filters here are"),
        ("{{ «aset(path=\"x\") }}\n", "there is no function `aset`", "did you mean `asset`?"),
        ("{{ «now() }}\n", "there is no function `now`", "the functions here are"),
        ("{% if body is «strng %}{% endif %}\n", "there is no test `strng`", "did you mean `string`?"),
        ("{% include \"«parts/haeder.html\" %}\n", "there is no template `parts/haeder.html`", "did you mean `parts/header.html`?"),
        ("{% extends \"«parts/bass.html\" %}\n", "there is no template `parts/bass.html`", "did you mean `parts/base.html`?"),
        ("{% extends \"parts/base.html\" %}\n{% block «man %}{% endblock %}\n", "there is no block `man`", "did you mean `main`?"),
        ("{{ <«card title=\"x\" /> }}\n", "there is no component `card`", "no template has a component"),
        ("{% component card(title) %}{{ title }}{% endcomponent card %}\n{{ <«crad title=\"x\" /> }}\n", "there is no component `crad`", "did you mean `card`?"),
        ("{% component card(title) %}{{ title }}{% endcomponent card %}\n{{ <card «titel=\"x\" /> }}\n", "there is no argument `titel`", "did you mean `title`?"),
        ("{% component card() %}{{ «page.title }}{% endcomponent card %}\n{{ <card /> }}\n", "there is no variable `page`", "`{% component name(@page) %}`"),
        ("{{ «asset(path=\"favicn.svg\") }}\n", "the theme has no file `assets/favicn.svg`", "did you mean `favicon.svg`?"),
        ("{{ words.coupon.«copi }}\n", "there is no field `copi`", "did you mean `copy`?"),
        ("{{ words.cta.ended | «fill(dat=page.title) }}\n", "missing keyword argument `date`", "write `date=…` where `dat=…` stands"),
        ("{{ «asset(pth=\"favicon.svg\") }}\n", "missing keyword argument `path`", "write `path=…` where `pth=…` stands"),
    ]);
}

#[test]
#[rustfmt::skip]
fn tags_that_are_open_or_unknown_are_told_at_the_tag() {
    each_is_told(&[
        ("<p>\n{% «if body %}\n</p>\n", "`if` is opened and not closed", "`{% endif %}`"),
        ("{% «for x in page.ctas %}{% if x %}{% endif %}\n", "`for` is opened and not closed", "`{% endfor %}`"),
        ("{% «endif %}\n", "`endif` closes nothing", "`{% if … %}`"),
        ("{% «iff body %}{% endif %}\n", "there is no tag `iff`", "did you mean `if`?"),
        ("{% «macro x() %}{% endmacro %}\n", "there is no tag `macro`", "`{% component card(title) %}"),
        ("{% «import \"x.html\" as x %}\n", "there is no tag `import`", "components need no import"),
        ("<p>{{ body «</p>\n", "expected }}", "ends with `}}`"),
        ("{{ asset(«\"favicon.svg\") }}\n", "expected identifier", "`asset(path=\"favicon.svg\")`"),
        ("{% include \"«blocks/hero.html\" %}\n", "include each other in a circle", "`blocks/hero.html` → `blocks/hero.html`"),
    ]);
}

#[test]
fn a_broken_frame_hides_no_other_mistake_and_invents_none() {
    let site = site()
        .file("themes/launch/parts/base.html", "{% block main %}{{ x\n")
        .file("themes/launch/parts/footer.html", "{{ x | uper }}\n")
        .edit(PAGE, "cta:spring/save", "cta:spring/sav");
    let run = site.check().failed(1);
    let told: Vec<_> = run.problems().into_iter().map(|problem| (problem.rule, problem.place)).collect();
    let expected = [
        ("unknown-cta", "content/prices.md:12:10"),
        ("template-error", "themes/launch/parts/base.html:1:17"),
        ("template-error", "themes/launch/parts/footer.html:1:8"),
    ];
    assert_eq!(told, expected.map(|(rule, place)| (rule.to_owned(), place.to_owned())), "{}", run.stderr);
}

#[test]
fn a_component_of_two_templates_is_told_at_both() {
    let component = "{% component card() %}x{% endcomponent card %}\n";
    let site = site().file(HERO, component).file("themes/launch/blocks/faq.html", component);
    let run = site.check().failed(1);
    assert_eq!(run.problems().len(), 1, "{}", run.stderr);
    for words in ["`card` is defined twice", "blocks/hero.html:1:14", "blocks/faq.html:1:14"] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
}
