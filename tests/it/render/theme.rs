//! The built-in theme and how a site changes it: options, strings, stylesheets. Also builds the examples in
//! `docs/themes.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::html::Page;
use crate::support::{Run, SITE_TEXT, Site, files_below};
use tagline::model::block;
use tagline::source::SourceText;
use tagline::yaml::YamlReader;

/// The small site with a line `theme_options: { … }`.
fn with_options(options: &str) -> Site {
    Site::new().file("site.yaml", &format!("{SITE_TEXT}theme_options: {{ {options} }}\n"))
}

/// The content of a page's style element.
fn styles(run: &Run, page: &str) -> String {
    run.page(page).the("style").text.clone()
}

// The guide for theme authors

#[test]
fn every_example_of_the_guide_builds_without_a_problem() {
    let examples = examples();
    for (section, files) in &examples {
        let mut site = Site::new();
        for (path, text) in files {
            let text = if path == "site.yaml" { format!("{SITE_TEXT}{text}") } else { text.clone() };
            site = site.file(path, &text);
        }
        // Renders every kind of page and card.
        site = site
            .edit("content/spring/index.md", "    booking:\n      url: https://cal.example.com/kazi\n", CONTACTS)
            .edit("content/spring/index.md", "[Book](cta:trial)", "[Book](cta:trial) [](cta:line) [](cta:chat)");
        site.check().clean();
        let run = site.build().clean();
        assert_eq!(run.page("spring/").all("h1").count(), 1, "{section}");
    }
    assert_eq!(examples.len(), 6);
}

const CONTACTS: &str = "    booking:
      url: https://cal.example.com/kazi
  line:
    label: Call us
    contact: { phone: \"+254 700 000000\" }
  chat:
    label: Write to us
    contact: { whatsapp: \"+254 700 000000\", text: \"Hello. My code is\" }
";

/// The fenced examples that name a file, ```` ```html themes/mine/page.html ````, by section of the guide.
fn examples() -> BTreeMap<String, BTreeMap<String, String>> {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/themes.md")).unwrap();
    let mut examples: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let (mut section, mut fence): (String, Option<Option<String>>) = (String::new(), None);
    for line in guide.lines() {
        match (&fence, line.strip_prefix("```")) {
            (None, Some(info)) => fence = Some(info.split_once(' ').map(|(_, path)| path.to_owned())),
            (Some(_), Some(_)) => fence = None,
            (Some(Some(path)), None) => {
                let text = examples.entry(section.clone()).or_default().entry(path.clone()).or_default();
                text.push_str(&format!("{line}\n"));
            }
            (Some(None), None) => {}
            (None, None) => section = line.strip_prefix("## ").map_or(section, str::to_owned),
        }
    }
    examples
}

#[test]
fn sites_own_hero_and_own_block_are_rendered() {
    let files: BTreeMap<String, String> = examples().into_values().flatten().collect();
    let own = [
        "themes/launch/blocks/hero.html",
        "content/award.md",
        "themes/launch/blocks/itinerary.html",
        "themes/launch/blocks/itinerary.css",
        "content/itinerary.md",
    ];
    let site = own.into_iter().fold(Site::new(), |site, path| site.file(path, &files[path]));
    let run = site.build().clean();
    assert_eq!(run.page("award/").with("class", "award").text, "Product of the year 2027");
    let headings: Vec<String> = run.page("itinerary/").all("h3").map(|heading| heading.text.clone()).collect();
    assert_eq!(headings, ["9:00", "9:30"]);
    assert!(styles(&run, "itinerary/").contains(".itinerary li"));
    assert!(!styles(&run, "award/").contains(".itinerary"));
}

// Stylesheets

#[test]
fn page_has_only_the_styles_of_its_blocks() {
    let site =
        Site::new().edit("content/prices.md", "# Prices", "::: faq\n## Questions\n\n### Why?\n\nSo.\n:::\n\n# Prices");
    let run = site.build().clean();
    let (campaign, prices) = (styles(&run, "spring/"), styles(&run, "prices/"));
    assert!(prices.contains(".faq summary") && !prices.contains(".coupon") && !prices.contains(".hero h1"));
    assert!(campaign.contains(".rail") && !campaign.contains(".faq summary"));
    for page in ["404.html", "spring/thanks/guide/"] {
        assert!(styles(&run, page).contains(".notice"), "{page}");
    }
    assert!(!run.page("spring/").all("link").any(|link| link.has("rel", "stylesheet")), "no request for styles");
}

#[test]
fn stylesheet_of_a_class_is_on_pages_with_the_class() {
    let site = Site::new()
        .file("themes/launch/blocks/notice.html", "<div class=\"band own-note\">{{ body }}</div>\n")
        .file("themes/launch/classes/own-note.css", ".own-note { border: 3px solid teal; }\n")
        .file("themes/launch/classes/site-footer.css", ".site-footer { outline: 3px solid teal; }\n")
        .edit("content/prices.md", "# Prices", "::: notice\nSoon.\n:::\n\n# Prices own-note");
    let run = site.build().clean();
    assert!(styles(&run, "prices/").ends_with(".own-note{border:3px solid teal}.site-footer{outline:3px solid teal}"));
    // The template of a page counts, too. A word in a text does not.
    let site = site.edit("content/prices.md", "::: notice\nSoon.\n:::\n", "");
    let other = site.build().clean();
    assert!(!styles(&other, "prices/").contains(".own-note"));
    assert!(styles(&other, "prices/").contains("outline:3px"));
    assert!(styles(&other, "404.html").contains("outline:3px"));
}

#[test]
fn channel_pages_have_the_same_style_element_as_their_landing_page() {
    let site = Site::new();
    let run = site.build().clean();
    assert_eq!(styles(&run, "spring/"), styles(&run, "spring/via/newsletter/"));
    assert_eq!(styles(&run, "spring/"), styles(&run, "spring/via/acme/"), "rendered separately");
}

#[test]
fn script_of_a_block_is_only_on_pages_with_the_block() {
    let site = Site::from_dir("gallery");
    let run = site.build().ok();
    let has = |page: &str, text: &str| {
        run.page(page).all("script").any(|script| script.has("type", "module") && script.text.contains(text))
    };
    let (countdown, video, copy) = ("[data-end]", "[data-play]", "[data-copies]");
    assert!(has("", countdown) && has("", video) && !has("", copy));
    assert!(has("ctas/", copy) && !has("ctas/", countdown));
}

#[test]
fn large_scripts_and_those_of_themes_that_print_no_texts_are_files() {
    let long = format!("/* {} */", "long ".repeat(300));
    let loads = |site: Site, name: &str| {
        let site = site.edit("content/prices.md", "# Prices", "::: notice\nSoon.\n:::\n\n# Prices");
        let run = site.build().ok();
        run.page("prices/")
            .all("script")
            .any(|script| script.get("src").contains(name) && script.attributes.contains_key("defer"))
    };
    let with_script = |text: &str| {
        let site = Site::new().file("themes/launch/blocks/notice.html", "<div>{{ body }}</div>\n");
        site.file("themes/launch/blocks/notice.js", text)
    };
    assert!(!loads(with_script("let a = 1;"), "/notice."));
    assert!(loads(with_script(&long), "/notice."));
    assert!(loads(with_script("let a = '</script>';"), "/notice."));
    let base = include_str!("../../../themes/launch/parts/base.html");
    let (before, rest) = base.split_once("{% for script in small_scripts %}").unwrap();
    let former = format!("{before}{}", rest.split_once("{% endfor %}").unwrap().1);
    assert!(loads(with_script("let a = 1;").file("themes/launch/parts/base.html", &former), "/notice."));
}

#[test]
fn pages_have_no_inline_styles_or_handlers() {
    let site = Site::from_dir("gallery");
    let run = site.build().ok();
    for page in ["", "ctas/", "winter/", "text/", "404.html", "ctas/thanks/guide/"] {
        for element in &run.page(page).elements {
            let inline: Vec<_> =
                element.attributes.keys().filter(|key| *key == "style" || key.starts_with("on")).collect();
            assert!(inline.is_empty(), "{page}: <{}> has {inline:?}", element.name);
        }
    }
}

/// WebKitGTK 2.50.6 crashed on the thank-you page of an event with `text-wrap: pretty`.
#[test]
fn no_stylesheet_of_ours_ends_a_page_in_webkit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = ["themes/launch", "src"].iter().flat_map(|folder| files_below(&root.join(folder))).collect();
    let styles: Vec<_> = files.iter().filter(|file| file.extension().is_some_and(|end| end == "css")).collect();
    assert!(styles.len() > 30, "{styles:?}");
    for file in styles {
        assert!(!fs::read_to_string(file).unwrap().contains("pretty"), "{}", file.display());
    }
}

#[test]
fn broken_stylesheet_of_a_template_is_reported_at_its_place() {
    let site = Site::new().file("themes/launch/blocks/hero.css", ".hero { color: red }\n} .x {}\n");
    let run = site.check().failed(1);
    assert!(
        run.stderr.contains("error[css-syntax]") && run.stderr.contains("themes/launch/blocks/hero.css:2:1"),
        "{}",
        run.stderr
    );
}

// Options

#[test]
fn options_change_the_page() {
    let site =
        with_options("accent: \"#b3261e\", font: serif, radius: round, header: focus, footer: plain, scheme: light");
    let run = site.build().clean();
    let css = styles(&run, "spring/");
    assert!(
        css.contains("--fill:#b3261e") && css.contains("Palatino") && !css.contains("prefers-color-scheme"),
        "{css}"
    );
    let page = run.page("spring/");
    assert_eq!(page.all("nav").count(), 0);
    assert!(!page.the("footer").text.contains('@'));
    assert_eq!(run.page("prices/").all("nav").count(), 1, "a page without offers keeps its menu");
}

#[test]
fn wrong_option_is_reported_at_its_place_with_help() {
    for (options, message, mark, help) in [
        ("acent: teal", "unknown option `acent`", "acent", "did you mean `accent`?"),
        ("accent: 0b6e4f", "`0b6e4f` is not a colour", "0b6e4f", "write `\"#0b6e4f\"`, with the quotes"),
        ("accent: gren", "`gren` is not a colour", "gren", "`teal`"),
        ("radius: rond", "unknown radius `rond`", "rond", "did you mean `round`?"),
        ("colour: red", "unknown option `colour`", "colour", "the options are `accent`, `second`, `neutral`"),
    ] {
        let run = with_options(options).check().failed(1);
        let problems = run.problems();
        assert_eq!(problems.len(), 1, "{}", run.stderr);
        assert_eq!(problems[0].rule, "bad-theme-option");
        assert!(run.stderr.contains(message) && run.stderr.contains(help), "{}", run.stderr);
        let line = SITE_TEXT.lines().count() + 1;
        let column = "theme_options: { ".len() + options.find(mark).unwrap() + 1;
        assert!(run.stderr.contains(&format!("site.yaml:{line}:{column}")), "{}", run.stderr);
    }
}

#[test]
fn stylesheet_in_options_adds_a_choice() {
    let css = "@font-face { font-family: Brand; src: url(\"brand.woff2\"); }\n:root { --font: Brand, system-ui; }\n";
    let site = with_options("font: brand")
        .file("themes/launch/options/font/brand.css", css)
        .file("themes/launch/assets/brand.woff2", "a font");
    let run = site.build().clean();
    let css = styles(&run, "prices/");
    assert!(css.contains("--font:Brand") && css.contains("/theme/brand."), "{css}");
}

/// Each is a pair that a parser may merge, convert or drop, because it takes one for an older form of the other.
#[test]
fn declarations_of_a_stylesheet_are_published_in_the_order_and_form_of_their_author() {
    for css in [
        "backdrop-filter:blur(4px);-webkit-backdrop-filter:blur(4px)",
        "-webkit-backdrop-filter:blur(4px);backdrop-filter:blur(4px)",
        "translate:10px 0;transform:rotate(90deg)",
        "transform:rotate(90deg);scale:2;rotate:45deg",
        "width:50",
        "width:fit-content;width:-moz-fit-content",
        "height:100vh;height:100dvh",
        "color:red;color:color(display-p3 1 0 0);color:oklch(70% .3 30)",
        "mask:url(#a) center;-webkit-mask:url(#a) center",
        "-webkit-user-select:none;user-select:none",
        "background:red;background-image:none;background:blue",
        "display:-webkit-box;display:flex;-webkit-line-clamp:3",
        "margin:0;margin-inline:auto;margin-left:1px",
        "unknown-property:some thing;color:#FFFFFF",
    ] {
        let rule = format!(".own{{{css}}}");
        let site = Site::new().file("themes/launch/styles/own.css", &rule);
        let run = site.build().ok();
        assert!(styles(&run, "spring/").contains(&rule), "{rule}");
    }
}

#[test]
fn error_in_theme_yaml_is_reported_at_its_place() {
    for (yaml, message) in [
        ("options:\n  accent: { color: red }\n", "unknown key `color`"),
        ("options:\n  accent: { colour: red, text: x }\n", "an option is a `colour`, a `choice` or a `text`"),
        ("options:\n  header: { choice: [] }\n", "this option has no choices"),
    ] {
        let run = Site::new().file("themes/launch/theme.yaml", yaml).check().failed(1);
        assert!(run.stderr.contains(message) && run.stderr.contains("themes/launch/theme.yaml:2:"), "{}", run.stderr);
    }
}

// Strings

#[test]
fn site_can_replace_a_single_string() {
    let site = Site::new().file("themes/launch/strings/en.yaml", "coupon: { copy: Copy this }\n").edit(
        "content/spring/index.md",
        "Read the",
        "::: offer save\n:::\n\nRead the",
    );
    let run = site.build().clean();
    let card = run.page("spring/").with("id", "cta-save").text.clone();
    assert!(card.contains("Copy this") && card.contains("Your code"), "{card}");
}

#[test]
fn wrong_string_is_reported_at_its_place_with_help() {
    for (yaml, at, message, help) in [
        ("coupon: { coppy: Copy }\n", "1:11", "unknown string `coupon.coppy`", "did you mean `copy`?"),
        ("cta: { ended: \"Over on {dat}.\" }\n", "1:24", "unknown placeholder `{dat}`", "this text can have `{date}`"),
        ("months: [Jan, Feb]\n", "1:9", "`months` must be a list of 12 texts", ""),
        ("coupon: Copy\n", "1:9", "`coupon` must be written as `key: text` lines", ""),
        ("guarantee: Money back\n", "1:1", "unknown string `guarantee`", "`own:`"),
        ("coupon: { copy: }\n", "1:11", "`coupon.copy` has no text", ""),
    ] {
        let run = Site::new().file("themes/launch/strings/en.yaml", yaml).check().failed(1);
        assert_eq!(run.problems().len(), 1, "{}", run.stderr);
        let at = format!("themes/launch/strings/en.yaml:{at}");
        for text in ["error[bad-theme-string]", &at, message, help] {
            assert!(run.stderr.contains(text), "{text}: {}", run.stderr);
        }
    }
}

#[test]
fn sites_own_strings_reach_its_templates() {
    let site = Site::new()
        .file("themes/launch/strings/en.yaml", "own: { guarantee: \"Money back for {count} days\" }\n")
        .file(
            "themes/launch/blocks/promise.html",
            "<p class=\"promise\">{{ strings.own.guarantee | fill(count=30) }}</p>\n",
        )
        .edit("content/prices.md", "# Prices", "# Prices\n\n::: promise\n:::\n");
    assert_eq!(site.build().clean().page("prices/").with("class", "promise").text, "Money back for 30 days");
}

#[test]
fn missing_translations_are_warnings() {
    let dutch = || Site::new().file("site.yaml", &format!("{SITE_TEXT}language: nl\n"));
    let warning = dutch().check().warning();
    assert_eq!(warning.rule, "missing-translation");
    let some = dutch().file("themes/launch/strings/nl.yaml", "coupon: { copy: Kopiëren }\n").check();
    assert_eq!(some.warning().rule, "missing-translation");
    assert!(some.stderr.contains("`date`, `first_day`") && some.stderr.contains("more"), "{}", some.stderr);
}

#[test]
fn every_language_of_the_theme_is_complete() {
    let with_imprint = SITE_TEXT.replace("label: Privacy,", "label: Datenschutz & Impressum,");
    for language in ["de", "fr", "es", "pt", "pt-BR", "sw", "DE"] {
        Site::new().file("site.yaml", &format!("{with_imprint}language: {language}\n")).check().clean();
    }
}

#[test]
fn dates_follow_the_language() {
    for (language, date) in [
        ("en", "1 March 2027"),
        ("de", "1. März 2027"),
        ("fr", "1er mars 2027"),
        ("es", "1 de marzo de 2027"),
        ("pt", "1 de março de 2027"),
        ("sw", "1 Machi 2027"),
    ] {
        let site = Site::new().file("site.yaml", &format!("{SITE_TEXT}language: {language}\n"));
        let site = site.edit("content/prices.md", "title: Prices", "title: Prices\nlayout: article\ndate: 2027-03-01");
        assert_eq!(site.build().clean().page("prices/").with("datetime", "2027-03-01").text, date);
    }
}

#[test]
fn right_to_left_language_sets_the_direction() {
    let site = Site::new().file("site.yaml", &format!("{SITE_TEXT}language: ar\n"));
    assert_eq!(site.build().ok().page("prices/").the("html").get("dir"), "rtl");
    assert!(!Site::new().build().ok().page("prices/").the("html").attributes.contains_key("dir"));
}

/// Names that are the same in every language.
const NAMES: [&str; 8] = ["WhatsApp", "LinkedIn", "PDF", "pdf", "kB", "TXT", "txt", "com"];

/// A site in Swahili with every kind of page, call to action and block that has strings.
fn swahili() -> Site {
    let site = "\
title: Bustani
base_url: https://bustani.example/
language: sw
organization: { name: Bustani, email: habari@bustani.example }
navigation:
  - { label: Makala, page: /makala.md }
channels:
  barua: { label: Barua, source: barua, medium: email }
destinations:
  crm: { endpoint: https://fomu.bustani.example/ }
leads:
  deliver_to: crm
  respond_within: 2h
  consent: { text: Nakubali., version: 2027-01 }
";
    let campaign = "\
---
title: Bustani yako
summary: Mpango wa bustani.
campaign: mpango
channels: [barua]
ends: 2027-03-31
ctas:
  kuponi: { label: Pata punguzo, coupon: { code: BUSTANI, url: \"https://duka.bustani.example/\", expires: 2027-04-02 } }
  zamani: { label: Pata chungu, coupon: { code: CHUNGU, url: \"https://duka.bustani.example/\", expires: 2027-03-01 } }
  kitabu: { label: Pata kitabu, download: { file: kitabu.pdf, form: [name, email, company, phone, role, team_size, country, message] } }
  orodha: { label: Pata orodha, download: { file: orodha.txt } }
  ziara: { label: Panga ziara, booking: { url: \"https://kalenda.bustani.example/\", trial_length: saa mbili } }
  piga: { label: Tukupigie, booking: { form: [name, phone, preferred_time] } }
  uliza: { label: Uliza, contact: { whatsapp: \"+254 700 000000\", text: \"Habari, msimbo wangu\" } }
  simu: { label: Tupigie, contact: { phone: \"+254 700 000000\" } }
---

# Bustani yako

[](cta:kuponi) [](cta:zamani) [](cta:simu)

::: countdown
:::

::: video
[![Bustani](https://picha.bustani.example/bustani.jpg)](https://video.bustani.example/bustani.mp4)
:::
";
    let offers = ["kuponi", "zamani", "kitabu", "orodha", "ziara", "piga", "uliza", "simu"];
    let offers: String = offers.iter().map(|id| format!("\n::: offer {id}\nBustani.\n:::\n")).collect();
    let article = "---\ntitle: Makala\nlayout: article\nauthor: Juma\ndate: 2027-03-01\n---\n\nBustani.\n";
    Site::new()
        .remove("content/prices.md")
        .remove("content/spring/index.md")
        .remove("content/spring/guide.pdf")
        .file("site.yaml", site)
        .file("content/index.md", "---\ntitle: Bustani\n---\n\nBustani.\n")
        .file("content/bustani/index.md", &format!("{campaign}{offers}"))
        .file("content/bustani/kitabu.pdf", "%PDF-1.7 kitabu")
        .file("content/bustani/orodha.txt", "nyanya")
        .file("content/makala.md", article)
}

/// The words of all texts that a visitor sees or hears.
fn visible_words(run: &Run, page: &str) -> BTreeSet<String> {
    let html = run.public(page);
    let page = Page::read(&html);
    let spoken = ["aria-label", "alt", "title", "placeholder", "data-ended", "data-copied", "data-over", "data-play"];
    let attributes = page.elements.iter().flat_map(|element| spoken.iter().map(|key| element.get(key)));
    let description = page.all("meta").filter(|meta| meta.has("name", "description")).map(|meta| meta.get("content"));
    let heard: Vec<&str> = attributes.chain(description).chain([page.the("title").text.as_str()]).collect();
    // Tags and entities are removed. A text ends where an element begins.
    let (_, body) = html.split_once("<body").unwrap();
    let seen: Vec<&str> = body.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text)).collect();
    let seen =
        seen.join(" ").split('&').map(|part| part.split_once(';').map_or(part, |(_, text)| text)).collect::<String>();
    split(&format!("{} {seen}", heard.join(" ")))
}

fn split(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '’');
    // Codes have digits.
    words.filter(|word| word.chars().count() > 1 && !word.contains(char::is_numeric)).map(str::to_owned).collect()
}

#[test]
fn site_in_swahili_has_no_english_words() {
    let site = swahili();
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch/strings/sw.yaml");
    let mut known = split(&fs::read_to_string(theme).unwrap());
    for file in ["site.yaml", "content/index.md", "content/bustani/index.md", "content/makala.md"] {
        known.extend(split(&site.read(file)));
    }
    known.extend(NAMES.map(str::to_owned));
    // These are keys of the YAML files. As words on a page they would be English.
    for key in ["name", "copy", "code", "offer", "email", "page", "menu", "form", "next", "preview", "live"] {
        known.remove(key);
    }
    let live = site.build().ok();
    let unknown = |run: &Run, page: &str| -> Vec<String> {
        visible_words(run, page).into_iter().filter(|word| !known.contains(word)).collect()
    };
    let pages =
        ["", "bustani/", "bustani/via/barua/", "bustani/thanks/kitabu/", "bustani/thanks/piga/", "makala/", "404.html"];
    for page in pages {
        assert_eq!(unknown(&live, page), [""; 0], "{page}");
    }
    assert!(live.page("404.html").text().contains("Hatuupati ukurasa huo"));
    assert_eq!(unknown(&site.build_on("2027-04-05"), "bustani/"), [""; 0], "after its end");
}

/// A site with a block `notice` of its own, with this declaration.
fn site_with_notice(declaration: &str, body: &str) -> Site {
    Site::new()
        .file("themes/launch/blocks/notice.html", "<aside class=\"{{ block.name }}\">{{ body }}</aside>\n")
        .file("themes/launch/blocks/notice.yaml", declaration)
        .file("content/notice.md", &format!("---\ntitle: Notice\nsummary: A notice.\n---\n\n{body}\n"))
}

#[test]
fn block_of_a_site_is_checked_as_it_declares() {
    let declaration = "attributes:\n  tone: [calm, loud]\n  left: { type: flag, not_with: [right] }\n  right: flag\n";
    let build =
        |attributes: &str| site_with_notice(declaration, &format!("::: notice {attributes}\nHello.\n:::")).build();
    for attributes in ["", "tone=loud left", "right", "tone=\"calm\""] {
        build(attributes).ok();
    }
    for (attributes, message) in [
        ("tone=lout", "did you mean `loud`?"),
        ("tone=green", "it can be `calm` and `loud`"),
        ("loud", "did you mean `tone=loud`?"),
        ("left right", "`left` and `right` contradict each other"),
        ("right left", "`right` and `left` contradict each other"),
    ] {
        let run = build(attributes).failed(1);
        assert!(run.stderr.contains(message), "{attributes}: {}", run.stderr);
        assert_eq!(run.problems().len(), 1, "{}", run.stderr);
    }
}

#[test]
fn own_template_of_a_built_in_block_takes_any_attributes_until_it_declares_them() {
    let own = Site::new()
        .file("themes/launch/blocks/hero.html", "<div>{% if block.attributes.award %}Won{% endif %}{{ body }}</div>\n")
        .file("content/award.md", "---\ntitle: Award\nsummary: S.\n---\n\n::: hero award=\"Best\"\nHello.\n:::\n");
    own.build().ok();
    let declared = own.file("themes/launch/blocks/hero.yaml", "attributes: { prize: text }\n");
    declared.build().failed(1);
}

#[test]
fn wrong_declaration_of_a_block_is_an_error_in_its_file() {
    for (declaration, message) in [
        ("attributes: { tone: txt }\n", "`txt` is no type of attribute"),
        ("attributes: { tone: [] }\n", "no choices"),
        ("attributes: { tone: { with: tune } }\n", "unknown attribute `tune`"),
        ("needs: [pictures]\n", "did you mean `picture`?"),
        ("inside: pricng\n", "did you mean `pricing`?"),
        ("atributes: { tone: text }\n", "did you mean `attributes`?"),
        ("attributes: tone\n", "`name: text` lines"),
    ] {
        let run = site_with_notice(declaration, "Hello.").build().failed(1);
        assert!(run.stderr.contains(message), "{declaration}: {}", run.stderr);
        assert!(run.stderr.contains("themes/launch/blocks/notice.yaml:"), "{}", run.stderr);
    }
    let run = Site::new().file("themes/launch/blocks/notice.yaml", "needs: [list]\n").build().failed(1);
    assert!(run.stderr.contains("there is no block `notice`"), "{}", run.stderr);
}

#[test]
fn blocks_of_the_theme_declare_the_attributes_that_their_templates_use() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch/blocks");
    let used = regex::Regex::new(r"block\.attributes\.([a-z_]+)").unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let template = fs::read_to_string(&path).unwrap();
        let mut used: BTreeSet<_> = used.captures_iter(&template).map(|found| found[1].to_owned()).collect();
        let source = SourceText::new("a.yaml", fs::read_to_string(path.with_extension("yaml")).unwrap());
        let (root, mut reader) = YamlReader::parse(&source, 0..source.text.len());
        let declared = block::read(&mut reader, &root.unwrap()).unwrap();
        let mut names: BTreeSet<_> = declared.attributes.keys().cloned().collect();
        if declared.is_band {
            // `bands` in `theme.yaml` declares it. A block can have fewer values of it.
            used.remove("ground");
            names.remove("ground");
        }
        assert_eq!(names, used, "{}", path.display());
    }
}
