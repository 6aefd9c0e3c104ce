//! Pages in several languages: translations, their addresses, their lead tags, and links between languages.

use std::collections::BTreeMap;

use crate::support::html::Element;
use crate::support::{SITE, Site, assert_each_rejected, invalid};
use tagline::model::variant::Language;

const GERMAN: &str = "content/spring/index.de.md";
const GERMAN_TEXT: &str = "\
---
title: Stellen in Tagen besetzen
summary: Preise im Frühling.
slug: fruehling
ctas:
  save: { label: 20 % sparen, coupon: { code: FRUEHLING20 } }
  guide: { label: Leitfaden laden }
---

# Stellen in Tagen besetzen

[Holen](cta:save) [](cta:guide) \"Jetzt\" [](cta:trial)

Siehe [Preise](/prices.md) und [Start](/start.md).
";

const LANGUAGES: &str = "\
rules: { missing-translation: allow, untranslated-page: allow }
languages:
  de:
    label: Deutsch
    title: Kazi Deutschland
    navigation: [{ label: Preise, page: /prices.md }, { label: Start, page: /start.md }]
    leads: { consent: { text: Ich stimme zu., version: 2027-01 } }
  ar: { label: العربية }
channels:
";

/// The small site with a German campaign and price list, an Arabic price list, and a page in English alone.
fn site() -> Site {
    Site::edited(SITE, "channels:\n", LANGUAGES)
        .file(GERMAN, GERMAN_TEXT)
        .file(
            "content/prices.de.md",
            "---\ntitle: Preise\nsummary: Was es kostet.\n---\n\n# Preise\n\n## Teams\n\n[](cta:spring/save)\n",
        )
        .file("content/prices.ar.md", "---\ntitle: الأسعار\nsummary: الأسعار.\n---\n\n# الأسعار\n\n[](cta:spring/save)\n")
        .file("content/start.md", "---\ntitle: Start\nsummary: Begin here.\n---\n\n# Start\n\nText\n")
}

fn without_quotes(html: &str) -> String {
    html.replace('"', "")
}

#[test]
fn translation_is_a_page_in_its_language_with_lead_tags_of_its_own() {
    let site = site();
    let run = site.build().clean();
    let page = run.page("de/fruehling/");
    assert_eq!(page.the("html").attributes["lang"], "de");
    assert!(page.the("title").text.ends_with("| Kazi Deutschland"), "{}", page.the("title").text);
    assert!(page.text().contains("„Jetzt“"), "{}", page.text());
    let html = without_quotes(&run.public("de/fruehling/"));
    for expected in [
        "spring_save_direct_de",
        "coupon=FRUEHLING20",
        "FRUEHLING20",
        "value=spring_guide_direct_de",
        "name=page value=https://kazi.example/de/fruehling/",
        "name=redirect value=https://kazi.example/de/fruehling/thanks/guide/",
        "name=language value=de",
        "name=version value=a",
        "Ich stimme zu.",
        "31. März 2027",
        "Leitfaden laden",
        "Book a trial",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    let english = without_quotes(&run.public("spring/"));
    for expected in ["spring_save_direct ", "SPRING20", "name=language value=en", "31 March 2027", "I agree."] {
        assert!(english.contains(expected), "{expected} in {english}");
    }
    assert!(!english.contains("_de"), "{english}");
}

#[test]
fn channel_page_of_a_translation_has_its_lead_tags_and_leads_to_the_same_channel_in_the_other_language() {
    let site = site();
    let run = site.build().clean();
    let html = run.public("de/fruehling/via/newsletter/");
    assert!(html.contains("spring_save_newsletter_de") && !html.contains("spring_save_newsletter\""), "{html}");
    assert_eq!(run.page("de/fruehling/via/newsletter/").link("English"), "/spring/via/newsletter/");
    assert_eq!(run.page("spring/via/newsletter/").link("Deutsch"), "/de/fruehling/via/newsletter/");
    assert_eq!(run.page("spring/").link("Deutsch"), "/de/fruehling/");
}

#[test]
fn page_names_its_languages_in_its_head_and_in_the_sitemap() {
    let site = site();
    let run = site.build().clean();
    let expected = [
        ("en", "https://kazi.example/prices/"),
        ("x-default", "https://kazi.example/prices/"),
        ("ar", "https://kazi.example/ar/prices/"),
        ("de", "https://kazi.example/de/prices/"),
    ];
    for path in ["prices/", "de/prices/", "ar/prices/"] {
        let page = run.page(path);
        let links = page.all("link").filter(|link| link.attributes.get("rel").is_some_and(|rel| rel == "alternate"));
        let links: Vec<_> = links.map(|link| (&*link.attributes["hreflang"], &*link.attributes["href"])).collect();
        assert_eq!(links, expected, "{path}");
    }
    let sitemap = run.public("sitemap.xml");
    assert_eq!(sitemap.matches("hreflang=\"x-default\" href=\"https://kazi.example/prices/\"").count(), 3, "{sitemap}");
    assert!(!run.public("start/").contains("hreflang"), "one language");
}

#[test]
fn right_to_left_language_has_its_direction() {
    let site = site();
    let run = site.build().ok();
    let page = run.page("ar/prices/");
    let html = page.the("html");
    assert_eq!((&*html.attributes["lang"], &*html.attributes["dir"]), ("ar", "rtl"));
}

#[test]
fn links_lead_to_the_translation_or_else_to_the_main_language_with_its_name() {
    let site = site();
    let run = site.build().clean();
    let html = run.public("de/fruehling/");
    assert!(html.contains("<a href=\"/de/prices/\">Preise</a>"), "{html}");
    assert!(html.contains("<a href=\"/start/\" hreflang=en>Start</a>"), "{html}");
    // The German price list offers the German campaign, the Arabic one the English campaign.
    assert!(run.public("de/prices/").contains("spring_save_direct_de"));
    let arabic = run.public("ar/prices/");
    assert!(arabic.contains("spring_save_direct") && !arabic.contains("spring_save_direct_"), "{arabic}");
}

#[test]
fn texts_of_the_main_language_say_so_on_other_pages() {
    let site = site().edit(SITE, "navigation:\n", "announcement: { text: Closed in May }\nnavigation:\n");
    let arabic = "---\ntitle: الربيع\nslug: rabi\n---\n\n# الربيع\n\n[](cta:guide)\n";
    let site = site.file("content/spring/index.ar.md", arabic);
    let run = site.build().ok();
    let html = |page: &str| without_quotes(&run.public(page));
    for (page, menu, footer, announcement, consent) in [
        ("spring/", ">Prices</a>", ">Privacy</a>", "<p>Closed in May</p>", ">I agree.</label>"),
        (
            "de/fruehling/",
            "<a href=/de/prices/>Preise</a>",
            " lang=en>Privacy</a>",
            "<p lang=en>Closed in May</p>",
            ">Ich stimme zu.</label>",
        ),
        (
            "ar/rabi/",
            "<a href=/ar/prices/ lang=en>Prices</a>",
            " lang=en>Privacy</a>",
            "<p lang=en>Closed in May</p>",
            "<span lang=en>I agree.</span></label>",
        ),
    ] {
        let html = html(page);
        for text in [menu, footer, announcement, consent] {
            assert!(html.contains(text), "{page}: `{text}` is not in {html}");
        }
    }
    assert!(!html("spring/").contains(" lang=en>P"), "{}", html("spring/"));
}

#[test]
fn register_and_codes_have_a_row_for_each_language() {
    let site = site();
    let run = site.build().clean();
    let rows = site.register();
    let row = |tag: &str| rows.iter().find(|row| row[0] == tag).unwrap_or_else(|| panic!("{tag}: {rows:?}")).clone();
    let (german, english) = (row("spring_save_acme_de"), row("spring_save_acme"));
    assert_eq!((&*german[5], &*german[6], &*german[7]), ("20 % sparen", "ACME20", "/de/fruehling/"));
    assert_eq!((&*english[5], &*english[7]), ("Get 20 % off", "/spring/"));
    assert_ne!(german[8], english[8]);
    let redirect = run.public(&format!("go/{}/", german[8]));
    assert!(redirect.contains("url=/de/fruehling/via/acme/?utm_source=acme"), "{redirect}");
    site.build().clean();
    assert_eq!(site.register(), rows, "a second build changes nothing");
}

#[test]
fn lead_tag_of_a_removed_translation_is_explained_and_stays_in_the_register() {
    let site = site();
    site.build().clean();
    let explained = site.run(&["explain", "spring_save_acme_de"]).ok();
    for fact in ["Call to action  20 % sparen\n", "ACME20", "Promised        Preise im Frühling.\n"] {
        assert!(explained.stdout.contains(fact), "{fact}: {}", explained.stdout);
    }
    let site = site.remove(GERMAN);
    site.build_on("2027-03-20").ok();
    assert_eq!(site.offers_of("spring_save_acme_de"), ["ACME20 2027-03-15 2027-03-20"]);
    let explained = site.run(&["explain", "spring_save_acme_de", "--date", "2027-03-20"]).ok();
    assert!(explained.stdout.contains("20 March 2027"), "{}", explained.stdout);
}

#[test]
fn each_language_has_a_feed() {
    let article = "---\ntitle: A\nlayout: article\ndate: 2027-03-01\nsummary: x\n---\n\n# A\n\nText\n";
    let site = site()
        .file("content/a.md", article)
        .file("content/a.de.md", "---\ntitle: Ein Artikel\nsummary: x\n---\n\n# B\n\nText\n");
    let run = site.build().ok();
    let (german, english) = (run.public("de/feed.xml"), run.public("feed.xml"));
    assert!(
        german.contains("Ein Artikel") && german.contains("xml:lang=\"de\"") && !german.contains("<title>A</title>"),
        "{german}"
    );
    assert!(english.contains("<title>A</title>") && !english.contains("Ein Artikel"), "{english}");
}

#[test]
#[rustfmt::skip]
fn what_a_translation_cannot_change_is_an_error_at_its_place() {
    const RULE: &str = "bad-translation";
    assert_each_rejected(
        &site(),
        &[
            invalid(GERMAN, "slug: fruehling", "«campaign: fruehling", RULE, "remove this key"),
            invalid(GERMAN, "slug: fruehling", "«ends: 2027-04-30", RULE, "remove this key"),
            invalid(GERMAN, "slug: fruehling", "«channels: [acme]", RULE, "remove this key"),
            invalid(GERMAN, "coupon: { code: FRUEHLING20 }", "«download: { file: guide.pdf }", RULE, "a coupon in the original"),
            invalid(GERMAN, "coupon: { code: FRUEHLING20 }", "coupon: { «expires: 2027-04-30 }", RULE, "days are the same"),
            invalid(GERMAN, "  guide: {", "  «guid: {", RULE, "did you mean `guide`?"),
            invalid(GERMAN, "title: Stellen", "«titel: Stellen", "unknown-key", "did you mean `title`?"),
            invalid(SITE, "  ar:", "  «EN:", "bad-language", "main language"),
            invalid(SITE, "  ar:", "  «jp:", "bad-language", "write `ja`"),
            invalid(SITE, "  ar:", "  «DE:", "duplicate-key", "compared without case"),
        ],
    );
}

#[test]
fn translation_without_an_original_a_text_or_a_declared_language_is_an_error() {
    site().file("content/offer.de.md", "---\ntitle: x\n---\nText\n").build().error().assert(
        "bad-translation",
        "content/offer.de.md",
        &["translates `offer.md`, which does not exist"],
    );
    let empty = GERMAN_TEXT.split_once("\n---\n").unwrap().0.to_owned() + "\n---\n\n";
    site().file(GERMAN, &empty).build().error().assert("bad-translation", GERMAN, &["has no text"]);
    site().file("content/prices.fr.md", "---\ntitle: x\n---\nText\n").build().error().assert(
        "reserved-name",
        "content/prices.fr.md",
        &["add the language to `languages`"],
    );
}

#[test]
fn site_without_languages_has_no_trace_of_them() {
    let plain = Site::new();
    plain.build().clean();
    for (path, bytes) in plain.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("hreflang") && !text.contains("xhtml"), "{}", path.display());
    }
}

#[test]
fn sales_see_the_words_of_the_translation_and_its_notes() {
    let notes =
        "# Fragen\n\nWie viele Leute suchen Sie?\n\n## First message (save)\n\n> Guten Tag, Ihr Code ist {code}.\n";
    let site = site().file("content/spring/sales.de.md", notes);
    let run = site.build().clean();
    let desk = run.sales("index.html");
    for expected in [
        "spring_save_newsletter_de",
        "Stellen in Tagen besetzen",
        "Wie viele Leute suchen Sie?",
        "Guten Tag, Ihr Code ist",
        "<p class=promised>Preise im Frühling.",
        "<p class=label>20 % sparen",
    ] {
        assert!(desk.contains(expected), "{expected}");
    }
    let explained = site.run(&["explain", "spring_save_newsletter_de", "--format", "json"]).clean();
    let answer: serde_json::Value = serde_json::from_str(&explained.stdout).unwrap();
    assert_eq!(answer["title"], "Stellen in Tagen besetzen");
    assert_eq!(answer["page"], "https://kazi.example/de/fruehling/via/newsletter/");
    assert_eq!(answer["is_as_today"], true);
    assert_eq!(answer["first_message"], "Guten Tag, Ihr Code ist FRUEHLING20.");
    let english = site.run(&["explain", "spring_save_newsletter", "--format", "json"]).clean();
    assert!(!english.stdout.contains("Guten Tag, Ihr Code ist SPRING20"), "{}", english.stdout);
}

#[test]
fn sales_see_what_visitors_of_a_translation_read() {
    let fields =
        "fields: { budget: { label: Budget, type: choice, options: [Low, High], help: A guess. } }\nchannels:\n";
    let site = site()
        .edit(SITE, "channels:\n", fields)
        .edit(
            SITE,
            "    label: Deutsch\n",
            "    label: Deutsch\n    fields: { budget: { label: Rahmen, options: [Klein, Groß], help: Grob. } }\n",
        )
        .edit("content/spring/index.md", "form: [name, email", "form: [budget, name, email")
        .edit(
            GERMAN,
            "guide: { label: Leitfaden laden }",
            "guide: { label: Leitfaden laden, note: Als PDF., thanks: { title: Danke sehr, text: Bis bald. } }",
        );
    let run = site.build().clean();
    let form = without_quotes(&run.public("de/fruehling/"));
    for shown in ["Rahmen", "value=High", "Groß", "Grob."] {
        assert!(form.contains(shown), "{shown} in {form}");
    }
    assert!(!form.contains("A guess.") && without_quotes(&run.public("spring/")).contains("A guess."));
    let desk = run.sales("index.html");
    for shown in [
        "<p class=said><i>Variant</i> Deutsch",
        "<p class=said><i>Said beside it</i> Als PDF.",
        "<p class=said><i>The form asked for</i> Rahmen, name, email",
        "<p class=said><i>Consent</i> Ich stimme zu.",
        "<i>The thank-you page said</i> Danke sehr\nBis bald.",
    ] {
        assert!(desk.contains(shown), "{shown} in {desk}");
    }
    let explained = site.run(&["explain", "spring_guide_newsletter_de", "--format", "json"]).clean();
    let answer: serde_json::Value = serde_json::from_str(&explained.stdout).unwrap();
    let expected = serde_json::json!({
        "language": "Deutsch",
        "promised": "Preise im Frühling.",
        "note": "Als PDF.",
        "form": ["Rahmen", "name", "email"],
        "consents": ["Ich stimme zu."],
        "thanks_title": "Danke sehr",
        "thanks_text": "Bis bald.",
    });
    assert_eq!(answer["variant"], expected);
    let english = site.run(&["explain", "spring_guide_newsletter", "--format", "json"]).clean();
    let answer: serde_json::Value = serde_json::from_str(&english.stdout).unwrap();
    assert!(answer.get("variant").is_none() && answer["cta"]["form"][0] == "Budget", "{answer}");
    let text = site.run(&["explain", "spring_guide_newsletter_de"]).clean().stdout;
    for shown in [
        "Variant         Deutsch\n",
        "Leitfaden laden. Als PDF.",
        "Rahmen, name, email",
        "Ich stimme zu.",
        "Danke sehr Bis bald.",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
}

#[test]
#[rustfmt::skip]
fn wrong_texts_of_fields_are_errors_at_their_place() {
    const RULE: &str = "bad-field";
    let site = site()
        .edit(SITE, "channels:\n", "fields: { size: { label: Size, type: choice, options: [S, L] }, from: { type: hidden, value: x } }\nchannels:\n")
        .edit(SITE, "    label: Deutsch\n", "    label: Deutsch\n    fields: { size: { label: Größe, options: [K, G] } }\n");
    site.build().ok();
    assert_each_rejected(
        &site,
        &[
            invalid(SITE, "fields: { size: { label: Größe", "fields: { «sise: { label: Größe", RULE, "did you mean `size`?"),
            invalid(SITE, "fields: { size: { label: Größe, options: [K, G] } }", "fields: { «from: { label: x } }", RULE, "remove it here"),
            invalid(SITE, "fields: { size: { label: Größe, options: [K, G] } }", "fields: { «email: { label: x } }", RULE, "the theme's strings"),
            invalid(SITE, "options: [K, G]", "options: «[K, G, H]", RULE, "in the same order: S, L"),
            invalid(SITE, "options: [K, G]", "«value: K", "unknown-key", "a field of a language"),
            invalid(SITE, "  de:\n", "  «xx:\n", "bad-language", "write it as in `en`"),
        ],
    );
}

#[test]
fn languages_without_their_tag_are_one_error() {
    let text = "languages:\n  label: Deutsch\n  title: x\nchannels:\n";
    let run = Site::edited(SITE, "channels:\n", text).build();
    run.error().assert("bad-language", "site.yaml:8:3", &["`label` is a key of one language", "as in `de:`"]);
}

#[test]
fn texts_of_kinds_and_lost_calls_to_action_are_reported() {
    let site = site()
        .edit(
            SITE,
            "rules: { missing-translation: allow, untranslated-page: allow }\n",
            "rules: { untranslated-page: allow }\n",
        )
        .edit(
            "content/spring/index.md",
            "  trial:\n",
            "  seat:\n    label: Seat\n    event: { starts: 2027-03-28, place: Hall, form: [email] }\n  trial:\n",
        )
        .edit("content/spring/index.md", "[](cta:guide)", "[](cta:guide) [](cta:seat)");
    let untranslated =
        |site: &Site| site.check().ok().problems().into_iter().map(|problem| problem.text).collect::<String>();
    let text = untranslated(&site);
    assert!(text.contains("ctas.seat.event.place"), "{text}");
    assert!(text.contains("this translation does not show `seat`, which its original shows"), "{text}");
    let site = site.edit(GERMAN, "  guide: {", "  seat: { label: Platz, event: { place: Halle } }\n  guide: {").edit(
        GERMAN,
        "[](cta:guide)",
        "[](cta:guide) [](cta:seat)",
    );
    let text = untranslated(&site);
    assert!(!text.contains("ctas.seat") && !text.contains("does not show"), "{text}");
}

/// Reads the alternates of every page: each one that a page names answers with the same list, which names the page itself.
#[test]
fn every_alternate_links_back_in_pages_and_in_the_sitemap() {
    for (site, main) in [(site(), "en"), (Site::example(), "en")] {
        let run = site.build().ok();
        let mut of_pages = BTreeMap::new();
        for file in run.public_files().into_iter().filter(|file| file.ends_with("index.html")) {
            let page = run.page(&file);
            let is_alternate =
                |link: &&Element| link.has("rel", "alternate") && link.attributes.contains_key("hreflang");
            let links = page.all("link").filter(is_alternate);
            let links: BTreeMap<String, String> =
                links.map(|link| (link.get("hreflang").to_owned(), link.get("href").to_owned())).collect();
            if !links.is_empty() {
                of_pages.insert(page.canonical().to_owned(), (page.the("html").get("lang").to_owned(), links));
            }
        }
        assert!(of_pages.len() >= 2);
        for (address, (language, links)) in &of_pages {
            assert_eq!(&links[language], address);
            assert_eq!(links["x-default"], links[main], "{address}");
            for (language, other) in links.iter().filter(|(language, _)| *language != "x-default") {
                assert!(Language::parse(language).is_some_and(|parsed| parsed.tag() == *language), "{language}");
                let (of_other, back) = &of_pages[other];
                assert_eq!((of_other, back), (language, links), "{other} answers {address}");
            }
        }
        let sitemap = run.public("sitemap.xml");
        for (address, (_, links)) in &of_pages {
            let (_, entry) = sitemap.split_once(&format!("<loc>{address}</loc>")).unwrap();
            let entry = entry.split_once("</url>").unwrap().0;
            assert_eq!(entry.matches("hreflang=").count(), links.len(), "{address}");
            for (language, other) in links {
                assert!(
                    entry.contains(&format!("hreflang=\"{language}\" href=\"{other}\"")),
                    "{language} of {address}"
                );
            }
        }
    }
}

#[test]
fn code_and_address_of_a_translation_are_explained_as_such() {
    let site = site();
    site.build().clean();
    let rows = site.register();
    let code = &rows.iter().find(|row| row[0] == "spring_save_acme_de").unwrap()[8];
    for question in [code.as_str(), "https://kazi.example/de/fruehling/via/acme/"] {
        let explained = site.run(&["explain", question, "--format", "json"]).clean();
        let answer: serde_json::Value = serde_json::from_str(&explained.stdout).unwrap();
        let tags: Vec<_> =
            answer["sources"].as_array().unwrap().iter().map(|source| source["tag"].as_str().unwrap()).collect();
        assert_eq!(tags, ["spring_save_acme_de", "spring_guide_acme_de", "spring_trial_acme_de"], "{question}");
    }
}

#[test]
fn links_and_qr_codes_lead_to_each_language() {
    let site = site();
    let folder = site.path("qr");
    site.run(&["links", "spring", "--qr", folder.to_str().unwrap()]).ok();
    assert!(folder.join("spring_acme.svg").exists() && folder.join("spring_acme_de.svg").exists());
    let run = site.run(&["links", "spring", "--format", "json"]).clean();
    assert!(run.stdout.contains("\"https://kazi.example/de/fruehling/via/acme/?utm_source=acme"), "{}", run.stdout);
    assert!(run.stdout.contains("\"variant\": \"de\""), "{}", run.stdout);
}

#[test]
fn new_translation_has_the_text_of_the_original_in_comments() {
    let site = site().remove(GERMAN);
    let run = site.run(&["new", "spring", "--language", "de"]).ok();
    assert!(run.stdout.starts_with("created content/spring/index.de.md\n"), "{}", run.stdout);
    let text = site.read(GERMAN);
    for line in [
        "title: \"Hire in days\"",
        "draft: true",
        "# ctas:",
        "#     label: Get 20 % off",
        "# Read the [prices](/prices.md#teams).",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    site.build().ok();
    site.run(&["new", "spring", "--language", "de"]).failed(2);
    let unknown = site.run(&["new", "spring", "--language", "fr"]).failed(2);
    assert!(unknown.stderr.contains("site.yaml has no language `fr`"), "{}", unknown.stderr);
    let missing = site.run(&["new", "summer", "--language", "de"]).failed(2);
    assert!(missing.stderr.contains("there is no page to translate"), "{}", missing.stderr);
}

#[test]
fn consents_menu_and_footer_in_another_language_are_reported() {
    let site = site().edit(SITE, "rules: { missing-translation: allow, untranslated-page: allow }\n", "");
    let untranslated = |site: &Site| {
        let problems = site.check().ok().problems();
        let mut of_settings = problems.into_iter().filter(|problem| problem.text.contains("main language there"));
        let (german, other) = (of_settings.next().unwrap(), of_settings.next());
        assert!(german.text.contains("`de`") && other.is_none_or(|arabic| arabic.text.contains("`ar`")));
        german.text
    };
    assert!(untranslated(&site).contains("]: `footer` is not translated into `de`"), "{}", untranslated(&site));
    let site = site.edit(SITE, "    leads: { consent: { text: Ich stimme zu., version: 2027-01 } }\n", "");
    let text = untranslated(&site);
    assert!(text.contains("]: `leads.consents` and `footer` are not translated into `de`"), "{text}");
    assert!(text.contains("`leads: { consent: { text: …, version: … } }`"), "{text}");
}

#[test]
fn check_lists_what_is_not_translated_and_what_is_outdated() {
    let site = site()
        .edit(SITE, "rules: { missing-translation: allow, untranslated-page: allow }\n", "")
        .edit(SITE, "  ar: { label: العربية }\n", "")
        .remove("content/prices.ar.md");
    let run = site.check().ok();
    let problems = run.problems();
    let texts: Vec<&str> = problems.iter().map(|problem| problem.text.as_str()).collect();
    assert!(texts.iter().any(|text| text.contains("`start.md` is not translated into `de`")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("`ctas.trial.label` is not translated into `de`")), "{texts:?}");
    let site = site.remove(GERMAN);
    site.run(&["new", "spring", "--language", "de"]).ok();
    let site = site.edit(GERMAN, "draft: true\n", "");
    assert!(!site.check().ok().rules().contains(&"outdated-translation".to_owned()));
    let site = site.edit("content/spring/index.md", "Get 20 % off", "Get 25 % off");
    let run = site.check().ok();
    let outdated = run.problems().into_iter().find(|problem| problem.rule == "outdated-translation").unwrap();
    assert!(outdated.text.contains("then write `original: "), "{}", outdated.text);
}

#[test]
fn build_over_an_earlier_one_follows_edits_of_originals_and_translations() {
    let site = site().file("content/index.md", "---\ntitle: Home\nsummary: Home.\n---\n\n# Home\n\nText\n");
    site.build().clean();
    for (file, old, new) in [
        ("content/spring/index.md", "Book a trial", "Try it"),
        (GERMAN, "# Stellen", "# Mehr Stellen"),
        (GERMAN, "slug: fruehling", "slug: lenz"),
    ] {
        site.write(file, site.read(file).replacen(old, new, 1));
        assert_same_as_fresh(&site, new);
    }
    site.write("content/index.de.md", "---\ntitle: Start\n---\n\n# Start\n\nText\n");
    assert_same_as_fresh(&site, "a home page");
}

/// Asserts that a build over an earlier one writes what a build into empty folders does.
#[track_caller]
pub fn assert_same_as_fresh(site: &Site, edit: &str) {
    site.build().ok();
    let over_earlier = site.output();
    for folder in ["public", "sales", ".tagline"] {
        std::fs::remove_dir_all(site.path(folder)).unwrap();
    }
    site.build().ok();
    let fresh = site.output();
    assert_eq!(over_earlier.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>(), "{edit}");
    for (path, bytes) in &fresh {
        assert!(over_earlier[path] == *bytes, "{} differs after {edit}", path.display());
    }
}
