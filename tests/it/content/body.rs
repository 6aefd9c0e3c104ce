//! Rendering of a page's body: Markdown, links, calls to action and blocks.

use crate::support::html::Page;
use crate::support::{CAMPAIGN, PAGE, Run, Site};

/// Builds the page `/text/` with this body, without warnings.
#[track_caller]
fn page(body: &str) -> Page {
    let (_site, run) = with_body(body);
    assert_eq!(run.stderr, "");
    run.page("text/")
}

#[track_caller]
fn with_body(body: &str) -> (Site, Run) {
    let site = Site::new().file("content/text.md", &format!("---\ntitle: A title\n---\n{body}\n"));
    let run = site.build().ok();
    (site, run)
}

#[track_caller]
fn main_html(body: &str) -> String {
    let (_site, run) = with_body(body);
    let html = run.public("text/");
    let (_, main) = html.split_once("<main id=\"_main\">").or_else(|| html.split_once("<main id=_main>")).unwrap();
    main.split_once("</main>").unwrap().0.to_owned()
}

#[test]
fn page_without_a_heading_shows_its_title() {
    assert_eq!(page("# Mine\n\ntext").the("h1").text, "Mine");
    assert_eq!(page("## Smaller").the("h1").text, "A title");
    assert_eq!(page("::: hero\n# In a block\n:::").the("h1").text, "In a block");
}

#[test]
fn tables_task_lists_footnotes_and_smart_punctuation_are_supported() {
    let page = page(
        "| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n~~old~~ \"quoted\" -- dash... [^n]\n\n[^n]: The note.\n\n## Own {#mine}\n",
    );
    assert_eq!(page.all("td").map(|cell| &*cell.text).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(page.all("input").filter(|input| input.has("type", "checkbox")).count(), 2);
    assert_eq!(page.the("del").text, "old");
    assert!(page.text().contains("“quoted” – dash…"), "{}", page.text());
    assert!(page.text().contains("The note."));
    assert_eq!(page.with("id", "mine").name, "h2");
    assert!(
        page.elements.iter().all(|element| element.get("style").is_empty()),
        "a content policy forbids style attributes"
    );
}

#[test]
fn raw_html_is_shown_as_text_with_a_warning() {
    let (_site, run) = with_body("A <b>bold</b> word.\n\n<div class=\"x\">block</div>\n");
    let reported: Vec<_> =
        run.problems().into_iter().map(|problem| (problem.is_error, problem.rule, problem.place)).collect();
    let warning = |place: &str| (false, "raw-html".to_owned(), place.to_owned());
    assert_eq!(
        reported,
        [warning("content/text.md:4:3"), warning("content/text.md:4:10"), warning("content/text.md:6:1")]
    );
    let page = run.page("text/");
    for text in ["A <b>bold</b> word.", "<div class=\"x\">block</div>"] {
        assert!(page.text().contains(text), "{}", page.text());
    }
    assert_eq!(page.all("b").count(), 0);
}

#[test]
fn raw_html_is_published_if_the_site_allows_it() {
    let site = Site::new().edit("site.yaml", "title: Kazi", "title: Kazi\nmarkdown: { raw_html: true }").edit(
        PAGE,
        "## Teams",
        "A <b>bold</b> word.\n\n## Teams",
    );
    let run = site.build().clean();
    assert_eq!(run.page("prices/").the("b").text, "bold");
}

#[test]
fn html_comments_are_dropped_silently() {
    let html = main_html("Before<!-- secret one --> after.\n\n<!-- secret\ntwo -->\n\nEnd.\n");
    assert!(!html.contains("secret"), "{html}");
    assert!(html.contains("Before after."), "{html}");
    page("<!-- quiet -->\n");
}

#[test]
fn page_links_name_the_source_file() {
    let (_site, run) = with_body(
        "[a](prices.md) [b](/prices.md#teams) [c](spring/index.md#hire-in-days) [d](prices.md?x=1) [e](#own)\n\n# Own\n",
    );
    let page = run.page("text/");
    for (text, to) in [
        ("a", "/prices/"),
        ("b", "/prices/#teams"),
        ("c", "/spring/#hire-in-days"),
        ("d", "/prices/?x=1"),
        ("e", "#own"),
    ] {
        assert_eq!(page.link(text), to);
    }
}

#[test]
fn links_are_percent_decoded_before_the_lookup() {
    let site = Site::new().file("content/Été 2027.md", "---\ntitle: Summer\n---\n\n## Où?\n").edit(
        PAGE,
        "## Teams",
        "[a](%C3%89t%C3%A9%202027.md#ou) [b](<Été 2027.md>) [c](/Été%202027.md)\n\n## Teams",
    );
    let run = site.build().clean();
    let page = run.page("prices/");
    assert_eq!((page.link("a"), page.link("b"), page.link("c")), ("/ete-2027/#ou", "/ete-2027/", "/ete-2027/"));
}

#[test]
fn cta_link_without_text_shows_the_label() {
    let site = Site::new();
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.link("Download the guide"), "#cta-guide");
    let text = page.all("a").find(|link| link.text == "Get it").unwrap();
    assert!(text.get("class").contains("button"), "{text:?}");
}

#[test]
fn linked_form_without_a_block_is_rendered_at_the_end_of_its_page() {
    let site = Site::new();
    let run = site.build().clean();
    let html = run.public("spring/");
    assert!(html.find("cta-guide-title").unwrap() > html.find("Read the").unwrap());
    assert_eq!(run.page("spring/").all("form").count(), 1);
    // A link on another page is enough to render the form. Without any link it is left out.
    let site = site.edit(CAMPAIGN, "[](cta:guide) ", "");
    assert_eq!(site.build().clean().page("spring/").all("form").count(), 1);
    let site = site.edit(PAGE, "and [the guide](cta:spring/guide)", "");
    assert_eq!(site.build().clean().page("spring/").all("form").count(), 0);
}

#[test]
fn offer_block_renders_the_cta_once_below_its_text() {
    let site = Site::new().edit(
        CAMPAIGN,
        "[Get it]",
        "::: offer guide\nThe tables alone **save** you a week.\n:::\n\n[Get it]",
    );
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.all("form").count(), 1);
    assert!(page.with("id", "cta-guide").text.contains("The tables alone save you a week."));
    let html = run.public("spring/");
    assert!(html.find("cta-guide-title").unwrap() < html.find("Read the").unwrap());
}

#[test]
fn every_built_in_block_renders_its_markdown() {
    let body = "::: hero\n# Hero *text*\n:::\n\n::: features\n## F\n\n### One\n:::\n\n::: steps\n1. A\n2. B\n:::\n\n\
                ::: quote by=\"Amina O.\" role=\"Head of People\"\nWe *filled* it.\n:::\n\n::: faq\n## Q\n\n### Why?\n\nSo.\n:::\n\n\
                :::: columns boxed\n::: column\nLeft\n:::\n::: column\nRight\n:::\n::::\n";
    let page = page(body);
    for class in ["hero", "features", "steps", "quote", "faq", "columns", "column"] {
        let rendered = page.elements.iter().any(|element| element.get("class").split(' ').any(|own| own == class));
        assert!(rendered, "{class}");
    }
    assert_eq!(page.the("blockquote").text, "We filled it.");
    assert_eq!(page.the("figcaption").text.replace(' ', ""), "AminaO.HeadofPeople");
    assert_eq!(page.all("em").count(), 2);
}

#[test]
fn block_markers_in_code_or_within_a_line_are_text() {
    let page = page("```\n::: hero\n```\n\na ::: hero\n\n ::: quote\n\n~~~\n:::\n~~~\n");
    assert_eq!(page.all("code").map(|code| code.text.trim()).collect::<Vec<_>>(), ["::: hero", ":::"]);
    for text in ["a ::: hero", "::: quote"] {
        assert!(page.text().contains(text), "{}", page.text());
    }
}

#[test]
fn reference_definitions_apply_to_the_whole_page() {
    let page = page(
        "::: hero\n[inside][one] [two]\n:::\n\n[after][ONE]\n\n::: quote\n[one]: /prices.md \"A title\"\n:::\n\n[two]: https://two.example/\n",
    );
    for (text, to) in [("inside", "/prices/"), ("after", "/prices/"), ("two", "https://two.example/")] {
        assert_eq!(page.link(text), to);
    }
    assert_eq!(page.all("a").find(|link| link.text == "inside").unwrap().get("title"), "A title");
}

#[test]
fn footnotes_belong_to_their_block_and_are_numbered_per_page() {
    let page = page(
        "First[^a].\n\n[^a]: One.\n\n::: quote\nSecond[^a] and third[^b].\n\n[^a]: Two.\n\n[^b]: Three.\n:::\n\nFourth[^c].\n\n[^c]: Four.\n",
    );
    let references: Vec<_> =
        page.all("sup").filter(|sup| sup.get("id").starts_with("fnref-")).map(|sup| &*sup.text).collect();
    assert_eq!(references, ["1", "2", "3", "4"]);
    for (number, text) in [("1", "One."), ("2", "Two."), ("3", "Three."), ("4", "Four.")] {
        assert_eq!(page.with("id", &format!("fn-{number}")).text, format!("{number} {text}"));
    }
}

#[test]
fn headings_with_the_same_text_have_different_ids() {
    let page = page("## Same\n\n## Same\n\n::: hero\n## Same\n:::\n");
    let ids: Vec<_> = page.all("h2").map(|heading| heading.get("id")).collect();
    assert_eq!(ids, ["same", "same-2", "same-3"]);
}

#[test]
fn image_has_alt_text_and_size() {
    let mut gif = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut gif, image::ImageFormat::Gif).unwrap();
    let site = Site::new().bytes("content/spring/team.gif", gif.get_ref()).edit(
        CAMPAIGN,
        "Read the",
        "![A *team*](team.gif \"Us\") Read the",
    );
    let run = site.build().clean();
    let page = run.page("spring/");
    let image = page.with("alt", "A team");
    assert_eq!((image.get("width"), image.get("height"), image.get("title")), ("3", "2", "Us"));
}

#[test]
fn theme_file_of_the_site_overrides_the_built_in_one() {
    let site = Site::new()
        .file(
            "themes/launch/blocks/hero.html",
            "<section class=\"mine\">{{ body }} {{ block.attributes.eyebrow }}</section>\n",
        )
        .file("themes/launch/blocks/pricing.html", "<aside>{{ body }}</aside>\n")
        .edit(PAGE, "# Prices", "::: hero eyebrow=\"Well < said\"\n# Prices\n:::\n\n::: pricing\nCheap.\n:::");
    let run = site.build().clean();
    let page = run.page("prices/");
    assert_eq!(page.with("class", "mine").text, "Prices Well < said");
    assert_eq!(page.the("aside").text, "Cheap.");
    assert!(page.all("header").count() == 1, "the other templates are the built-in ones");
}

#[test]
fn site_can_have_its_own_theme() {
    let html = "<!doctype html><html lang=\"{{ site.language }}\"><head><title>{{ page.title }}</title><link rel=stylesheet href=\"{{ asset(path=\"a.css\") }}\"></head><body>{{ body }}</body></html>";
    let mut site = Site::new()
        .edit("site.yaml", "title: Kazi", "title: Kazi\ntheme: mine")
        .file("themes/mine/assets/a.css", "body { background: url(\"dots.png\") }")
        .bytes("themes/mine/assets/dots.png", b"not really an image");
    for template in ["landing", "page", "ended", "thanks", "404"] {
        site = site.file(&format!("themes/mine/{template}.html"), html);
    }
    for cta in ["coupon", "download", "booking", "contact", "event", "form", "link"] {
        site = site.file(&format!("themes/mine/cta/{cta}.html"), "<i>{{ cta.label }}</i>");
    }
    let run = site.build().clean();
    let page = run.page("prices/");
    assert_eq!(page.the("title").text, "Prices");
    let style = page.with("rel", "stylesheet").get("href").to_owned();
    assert!(style.starts_with("/theme/a.") && style.ends_with(".css") && style.len() > "/theme/a.css".len(), "{style}");
    let css = run.public(style.trim_start_matches('/'));
    let image = run.public_files().into_iter().find(|file| file.ends_with(".png")).unwrap();
    assert!(css.contains(&format!("/{image}")), "{css} names {image}");
    assert_ne!(image, "theme/dots.png", "the published name has a hash");
}

#[test]
fn template_missing_from_a_theme_is_an_error() {
    let site = Site::new()
        .edit("site.yaml", "title: Kazi", "title: Kazi\ntheme: mine")
        .file("themes/mine/landing.html", "<p>{{ body }}</p>");
    let run = site.build().failed(1);
    assert!(run.problems().iter().all(|problem| problem.rule == "missing-template"), "{}", run.stderr);
    for name in ["page.html", "404.html", "thanks.html", "cta/link.html"] {
        assert!(run.stderr.contains(&format!("the theme has no template `{name}`")), "{name}: {}", run.stderr);
    }
    assert!(site.output().is_empty());
}

#[test]
fn commented_out_block_is_not_published() {
    let text = "---\ntitle: Other\n---\nA\n\n<!--\n::: quote by=Old\nSECRET\n\n:::\n-->\n\nB\n";
    let page = Site::new().file("content/other.md", text).build().clean().public("other/index.html");
    let (_, main) = page.split_once("<main").unwrap();
    assert!(main.contains("<p>B</p>") && !page.contains("SECRET") && !main.contains("--"), "{page}");
}

#[test]
fn footnote_syntax_in_code_is_text() {
    let text = "---\ntitle: Other\n---\n```\n[^a-z]+\n[^1]: x\n```\n";
    Site::new().file("content/other.md", text).build().clean();
}

#[test]
fn unclosed_elements_end_with_the_page() {
    for end in ["<pre>\nx", "```\nx", "[a][b", "> c[^y", "<script>"] {
        let text = format!("---\ntitle: Other\n---\n[^y]: t\n\n::: hero\nb\n:::\n\nc[^y]\n\n{end}");
        let run = Site::new().file("content/other.md", &text).build();
        // The open element may hide the text of the footnote from the parser, which is then reported.
        assert!(run.code == Some(0) || run.problems()[0].rule == "missing-footnote", "{end}: {}", run.stderr);
    }
}
