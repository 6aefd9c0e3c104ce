//! Looks and options, of a site and of a page, and their fonts.

use crate::support::html::Page;
use crate::support::{CAMPAIGN, PAGE, Run, SITE, SITE_TEXT, Site};

/// The small site with lines at the end of `site.yaml`.
fn with(lines: &str) -> Site {
    Site::new().file(SITE, &format!("{SITE_TEXT}{lines}\n"))
}

fn styles(page: &Page) -> &str {
    &page.the("style").text
}

/// The fonts that a page preloads, without their hashes.
fn preloaded(page: &Page) -> Vec<String> {
    let fonts = page.all("link").filter(|link| link.has("rel", "preload") && link.has("as", "font"));
    fonts.map(|font| name_of(font.get("href"))).collect()
}

fn name_of(path: &str) -> String {
    path.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap().to_owned()
}

fn published_fonts(run: &Run) -> Vec<String> {
    let files = run.public_files().into_iter().filter(|file| file.ends_with(".woff2"));
    files.map(|file| name_of(&file)).collect()
}

/// The styles of a page of the small site with lines at the end of `site.yaml`.
fn css(lines: &str) -> String {
    let site = with(lines);
    let run = site.build().clean();
    styles(&run.page("prices/")).to_owned()
}

#[test]
fn look_of_a_site_is_on_all_pages_with_its_options() {
    let site = with("look: editorial");
    let run = site.build().clean();
    for page in ["spring/", "prices/", "404.html", "spring/thanks/guide/", "spring/via/acme/"] {
        let page = run.page(page);
        let css = styles(&page);
        assert!(css.contains("--font:Newsreader") && css.contains("--ground:#fbf7ef"), "{css}");
        assert_eq!(preloaded(&page), ["newsreader-italic", "newsreader"]);
    }
    let fonts = ["newsreader-ext", "newsreader-italic-ext", "newsreader-italic", "newsreader"];
    assert_eq!(published_fonts(&run), fonts);
}

#[test]
fn look_and_options_of_a_page_hold_for_its_channel_and_thank_you_pages_only() {
    let own = "title: Hire in days\nlook: bold\ntheme_options: { accent: \"#b3261e\" }\n";
    let site =
        with("theme_options: { accent: \"#0b6e4f\", footer: plain }").edit(CAMPAIGN, "title: Hire in days\n", own);
    let run = site.build().clean();
    for page in ["spring/", "spring/thanks/guide/", "spring/via/acme/", "spring/via/newsletter/"] {
        let page = run.page(page);
        let css = styles(&page);
        assert!(css.contains("--fill:#b3261e") && css.contains("--display:\"Archivo Wide\""), "{css}");
        assert_eq!(preloaded(&page), ["archivo-wide", "archivo"]);
        assert!(!page.the("footer").text.contains('@'), "an option of the site holds where the page has none");
    }
    let prices = run.page("prices/");
    assert!(styles(&prices).contains("--fill:#0b6e4f") && !styles(&prices).contains("Archivo"));
    assert_eq!(preloaded(&prices), ["figtree"]);
    let fonts = ["archivo-ext", "archivo-wide-ext", "archivo-wide", "archivo", "figtree-ext", "figtree"];
    assert_eq!(published_fonts(&run), fonts);
}

#[test]
fn options_of_the_site_win_over_those_of_the_look() {
    let (dark, light) = (css("look: dark"), css("look: dark\ntheme_options: { scheme: light, font: system }"));
    assert!(dark.contains("color-scheme:dark") && dark.contains("@font-face"));
    assert!(light.contains("color-scheme:light") && !light.contains("@font-face"));
}

#[test]
fn version_can_have_another_look() {
    let site = Site::new().edit(
        CAMPAIGN,
        "title: Hire in days\n",
        "title: Hire in days\ntheme_options: { accent: \"#0b6e4f\", footer: plain }\nversions: { b: { look: local, theme_options: { accent: \"#b3261e\" } } }\n",
    );
    let run = site.build().clean();
    assert!(styles(&run.page("spring/")).contains("--font:Figtree"));
    let version = run.page("spring/v/b/");
    assert!(styles(&version).contains("--font:Nunito") && styles(&version).contains("--fill:#b3261e"));
    assert!(!version.the("footer").text.contains('@'));
}

#[test]
fn stylesheet_of_a_look_follows_that_of_the_theme_or_takes_its_place() {
    let site = with("look: acme")
        .file("themes/launch/looks/acme/blocks/hero.css", "@layer blocks { .hero { outline: 1px solid; } }")
        .file("themes/launch/looks/acme/instead/blocks/faq.css", ".faq { outline: 2px solid; }")
        .file("themes/launch/looks/acme/styles/own.css", "@layer base { main { outline: 3px solid; } }")
        .edit(PAGE, "# Prices", "::: hero\n# Prices\n:::\n\n::: faq\n## Questions\n\n### Why?\n\nSo.\n:::");
    let run = site.build().clean();
    let page = run.page("prices/");
    let css = styles(&page);
    let place = |text: &str| css.find(text).unwrap_or_else(|| panic!("`{text}` is not in {css}"));
    assert!(place(".hero h1") < place(".hero{outline:1px solid}"));
    assert!(place("outline:3px") < place("@layer blocks"));
    assert!(css.contains(".faq{outline:2px solid}") && !css.contains(".faq summary"));
    assert!(!styles(&run.page("404.html")).contains("outline:1px"));
    assert_eq!(css.matches("@layer base{").count(), 1, "{css}");
}

/// A `theme.yaml` without looks, with the options that every page of `launch` needs.
const LEAST: &str =
    "options:\n  accent: { colour: red }\n  neutral: { choice: [warm] }\n  scheme: { choice: [auto] }\n";

#[test]
fn unknown_look_is_reported_with_the_nearest_one() {
    let run = with("look: editoral").check();
    run.error().assert("bad-theme-option", "site.yaml:18:7", &["unknown look `editoral`", "did you mean `editorial`?"]);
    let run = Site::new().edit(PAGE, "title: Prices\n", "title: Prices\nlook: loud\n").check();
    run.error().assert(
        "bad-theme-option",
        "content/prices.md:3:7",
        &["`product`, `editorial`, `bold`, `dark` and `local`"],
    );
    let run =
        with("theme: mine\nlook: dark").file("themes/mine/page.html", "<h1>{{ page.title }}</h1>{{ body }}").check();
    assert!(run.stderr.contains("the theme has no looks"), "{}", run.stderr);
}

#[test]
fn theme_yaml_without_looks_keeps_those_of_the_built_in_theme() {
    for (line, expected) in [("", "--wide:clamp(70rem,"), ("look: dark", "--shadow:0 0 0 1px")] {
        let site = with(line).file("themes/launch/theme.yaml", LEAST);
        let run = site.build().ok();
        assert!(styles(&run.page("prices/")).contains(expected), "{line}");
    }
}

#[test]
fn wrong_option_of_a_page_is_reported_in_the_page() {
    for (options, message, help) in [
        ("{ acent: teal }", "unknown option `acent`", "did you mean `accent`?"),
        ("{ second: gren }", "`gren` is not a colour", "`teal`"),
        ("{ density: loose }", "unknown density `loose`", "`normal`, `airy` and `tight`"),
    ] {
        let front = format!("title: Prices\ntheme_options: {options}\n");
        let run = Site::new().edit(PAGE, "title: Prices\n", &front).check().failed(1);
        assert_eq!(run.problems().len(), 1, "{}", run.stderr);
        assert!(run.stderr.contains(message) && run.stderr.contains(help), "{}", run.stderr);
        assert!(run.stderr.contains("content/prices.md:3:"), "{}", run.stderr);
    }
}

#[test]
fn wrong_look_of_a_page_with_versions_is_reported_once() {
    let front = "title: Hire in days\nlook: loud\nversions: { b: { title: Hire now } }\n";
    let run = Site::new().edit(CAMPAIGN, "title: Hire in days\n", front).build();
    run.error().assert("bad-theme-option", "content/spring/index.md:3:7", &["unknown look `loud`"]);
}

#[test]
fn another_look_of_a_page_is_built_over_an_earlier_build() {
    let site = Site::new().edit(PAGE, "title: Prices\n", "title: Prices\nlook: bold\n");
    let run = site.build().clean();
    assert!(styles(&run.page("prices/")).contains("Archivo Wide"));
    let site = site.edit(PAGE, "look: bold", "look: local");
    let run = site.build().clean();
    assert!(styles(&run.page("prices/")).contains("Nunito"));
    assert_eq!(published_fonts(&run), ["figtree-ext", "figtree", "nunito-ext", "nunito"]);
}

#[test]
fn wrong_options_of_a_look_are_reported_in_the_theme() {
    let yaml = "looks:\n  loud: { options: { acent: red } }\noptions:\n  accent: { colour: red }\n";
    let run = Site::new().file("themes/launch/theme.yaml", yaml).check().failed(1);
    assert!(run.stderr.contains("unknown option `acent`"), "{}", run.stderr);
    assert!(run.stderr.contains("themes/launch/theme.yaml:2:22"), "{}", run.stderr);
}

#[test]
fn second_colour_and_ground_change_the_palette() {
    let two = css("theme_options: { second: \"#ffd400\", ground: black, scheme: dark }");
    assert!(two.contains("--second:") && two.contains("--ground:#0"), "{two}");
    let plain = css("theme_options: { scheme: dark }");
    assert!(!plain.contains("--second:"), "{plain}");
    let ground = |css: &str| css.split("--ground:").nth(1).and_then(|rest| rest.split(';').next()).map(str::to_owned);
    assert_ne!(ground(&two), ground(&plain));
}

// Fonts

fn bundled_font(name: &str) -> Vec<u8> {
    let theme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch/assets/fonts");
    std::fs::read(theme.join(format!("{name}.woff2"))).unwrap()
}

#[test]
fn font_of_the_site_is_preloaded() {
    let site = with("theme_options: { font: fonts/brand.woff2, display: big.woff2 }")
        .bytes("static/fonts/brand.woff2", &bundled_font("newsreader"))
        .bytes("static/big.woff2", &bundled_font("archivo-wide"));
    let run = site.build().clean();
    let page = run.page("prices/");
    assert_eq!(preloaded(&page), ["big", "brand"]);
    let css = styles(&page);
    assert!(css.contains("url(\"/fonts/brand.woff2\")") && css.contains("--font:own-font,"), "{css}");
    assert!(css.contains("--display:own-display,") && !css.contains("Figtree"), "{css}");
    // Until they arrive, fonts of the system have their size.
    assert!(
        css.contains("font-family:like-font;src:local(\"Times New Roman\")") && css.contains("like-font,Georgia,serif"),
        "{css}"
    );
    assert!(
        css.contains("font-family:like-display;src:local(\"Arial\")") && css.contains("size-adjust:134.2%"),
        "{css}"
    );
    assert_eq!(published_fonts(&run), ["big", "brand"]);
}

#[test]
fn wrong_font_file_is_an_error() {
    let site = || with("theme_options: { font: brand.woff2 }");
    let run = site().file("static/brnd.woff2", "wOF2 and more").check();
    run.error().assert(
        "bad-theme-option",
        "site.yaml:18:24",
        &["no file `static/brand.woff2`", "did you mean `brnd.woff2`?"],
    );
    let run = site().check();
    run.error().assert("bad-theme-option", "site.yaml:18:24", &["put the file into `static/`"]);
    let run = with("theme_options: { font: brand.ttf }").file("static/brand.ttf", "\0\x01\0\0 and more").check();
    run.error().assert("bad-theme-option", "site.yaml:18:24", &["`brand.ttf` is not a `.woff2` file"]);
    let run = site().file("static/brand.woff2", "<!doctype html><title>Sign in</title>").build().failed(1);
    assert!(
        run.stderr.contains("error[bad-theme-option]: `static/brand.woff2` is an HTML page, not a font"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("convert"), "{}", run.stderr);
    assert!(run.stderr.contains("site.yaml:18:24"), "{}", run.stderr);
    // One that begins as a font, one that is cut off, and several in one file.
    let mut collection = bundled_font("geist");
    collection[4..8].copy_from_slice(b"ttcf");
    for (bytes, message) in [
        (&b"wOF2 and more"[..], "`static/brand.woff2` is damaged"),
        (&bundled_font("geist")[..9000], "`static/brand.woff2` is a font without its end"),
        (&b"\x89PNG\r\n\x1a\nand more"[..], "convert the file to `woff2`"),
        (&collection, "`static/brand.woff2` is a collection of fonts"),
    ] {
        let problems = site().bytes("static/brand.woff2", bytes).check().problems();
        let error = problems.into_iter().find(|problem| problem.rule == "bad-theme-option").expect(message);
        error.assert("bad-theme-option", "site.yaml:18:24", &[message]);
    }
}

#[test]
fn changed_font_file_changes_the_pages() {
    let site = with("theme_options: { font: brand.woff2 }").bytes("static/brand.woff2", &bundled_font("geist"));
    let adjusted =
        |css: &str| css.split(";size-adjust:").nth(1).and_then(|rest| rest.split(';').next()).map(str::to_owned);
    let before = adjusted(styles(&site.build().clean().page("prices/")));
    site.write("static/brand.woff2", bundled_font("archivo-wide"));
    let after = adjusted(styles(&site.build().clean().page("prices/")));
    assert!(before.is_some() && after.as_deref() == Some("134.2%"), "{before:?} {after:?}");
}

#[test]
fn page_names_the_font_for_more_letters_only_if_it_has_them() {
    let site = Site::new().edit(PAGE, "# Prices", "# Prices in Łódź");
    let run = site.build().clean();
    assert!(styles(&run.page("prices/")).contains("figtree-ext."));
    assert!(!styles(&run.page("spring/")).contains("figtree-ext."));
}

#[test]
fn pages_in_other_scripts_preload_no_font() {
    for (language, fonts) in [("ar", 0), ("el", 0), ("sr-Latn", 1), ("pl", 1)] {
        let site = with(&format!("language: {language}"));
        let run = site.build().ok();
        assert_eq!(preloaded(&run.page("prices/")).len(), fonts, "{language}");
    }
}

#[test]
fn bundled_fonts_are_small_and_have_their_licences() {
    use std::fs;
    let theme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch");
    let mut count = 0;
    for file in fs::read_dir(theme.join("assets/fonts")).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        let bytes = fs::read(file.path()).unwrap();
        assert!(bytes.starts_with(b"wOF2") && bytes.len() <= 30_000, "{name}: {} bytes", bytes.len());
        let family = [".woff2", "-ext", "-wide", "-italic"].iter().fold(&*name, |name, end| name.trim_end_matches(end));
        let licence = fs::read_to_string(theme.join(format!("fonts/OFL-{family}.txt"))).expect(&name);
        assert!(licence.contains("SIL OPEN FONT LICENSE Version 1.1"), "{name}");
        count += 1;
    }
    assert!(count >= 10, "{count}");
}
