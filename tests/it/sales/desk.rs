//! The lead desk: one card for every lead tag, escaped text, several pages if it is large, and the same bytes every
//! day.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::support::html::{Element, Page};
use crate::support::{CAMPAIGN, NOTES, Site, bytes_below, yaml_string};
use serde_json::Value;

/// The small site with sales notes, built on 1 March.
fn desk_site() -> Site {
    let site = Site::new()
        .edit("site.yaml", "  owner:", "  desk_url: https://desk.kazi.example/\n  respond_within: 1h\n  owner:")
        .edit(CAMPAIGN, "label: Get 20 % off\n", "label: Get 20 % off\n    note: New customers only.\n")
        .file(
            NOTES,
            "# What to know\n\nNjeri approves every discount.\n\n## First message\n\n> Hi {first name}, shall we talk?\n\n\
             ## First message (guide)\n\n> Hi {first name}, did the guide help?\n\n\
             ## First message to copy (save)\n\n> Hi {first name}, did {code} work?\n\n\
             ## Materials\n\n- [The sheet](sheet.csv), for a proposal\n- [The guide](guide.pdf)\n- [Help](https://help.example/x)\n",
        )
        .file("content/spring/sheet.csv", "a,b\n1,2\n");
    site.build_on("2027-03-01").clean();
    site
}

/// The lead tags that have a card.
fn lead_cards(page: &Page) -> Vec<&str> {
    page.all("p").map(|lead| lead.get("id")).filter(|id| id.matches('_').count() >= 2).collect()
}

/// The part of a lead card that only this lead tag has: its paragraph and the element after it, if it has one.
#[track_caller]
fn lead(page: &Page, tag: &str) -> String {
    let position = page.elements.iter().position(|element| element.has("id", tag)).unwrap_or_else(|| panic!("{tag}"));
    // The paragraph contains a link, and nothing else.
    let own = page.elements.get(position + 2).filter(|element| element.has("class", "x"));
    format!("{} {}", page.elements[position].text, own.map(|own| &*own.text).unwrap_or_default())
}

/// The call to action with this label.
#[track_caller]
fn cta<'p>(page: &'p Page, label: &str) -> &'p Element {
    let mut ctas = page.all("li").filter(|item| item.text.starts_with(label) && item.text.contains("_direct"));
    let cta = ctas.next().unwrap_or_else(|| panic!("no call to action `{label}`"));
    assert!(ctas.next().is_none(), "two calls to action `{label}`");
    cta
}

/// The first message of a card that has the general one of its call to action: with placeholders.
#[track_caller]
fn general_message<'p>(page: &'p Page, label: &str) -> &'p str {
    let class = cta(page, label).get("class");
    let is_shown = |section: &&Element| section.get("class").split(' ').eq(["first", class]);
    &page.all("section").find(is_shown).unwrap_or_else(|| panic!("no message {class} for `{label}`")).text
}

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
}

#[test]
fn every_lead_tag_of_the_register_has_one_card() {
    for site in [desk_site(), Site::example()] {
        let run = site.build().clean();
        let mut cards: Vec<String> = lead_cards(&run.desk()).into_iter().map(str::to_owned).collect();
        let tags: BTreeSet<String> = site.register().into_iter().map(|row| row[0].clone()).collect();
        cards.sort();
        assert_eq!(cards, tags.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn ids_on_the_desk_are_unique() {
    let page = Site::example().build().clean().desk();
    let mut seen = BTreeSet::new();
    for element in page.elements.iter().filter(|element| !element.get("id").is_empty()) {
        assert!(seen.insert(element.get("id")), "{} twice", element.get("id"));
    }
    for link in page.all("a").filter_map(|link| link.get("href").strip_prefix('#')) {
        assert!(link.is_empty() || seen.contains(link), "#{link} leads nowhere");
    }
}

#[test]
fn lead_card_describes_what_the_lead_saw_and_who_follows_up() {
    let site = desk_site();
    let page = site.build().clean().desk();
    let campaign = &page.with("id", "campaign_spring").text;
    assert_contains(
        campaign,
        &[
            "Hire in days",
            "live",
            "runs from 1 March 2027 until 31 March 2027",
            "Spring pricing.",
            "Prices",
            "Njeri approves every discount.",
            "The sheet CSV, 8 bytes · not on the web · for a proposal",
            "The guide PDF, 16 bytes",
            "Help Web page",
        ],
    );
    let save = &cta(&page, "Get 20 % off").text;
    assert_contains(
        save,
        &[
            "New customers only.",
            "took the coupon code SPRING20",
            "Code valid until 31 March 2027",
            "shop.example.com",
            "Hi {first name}, did SPRING20 work?",
        ],
    );
    assert_eq!(page.with("class", "follow").text, "sales@kazi.example within 1 hour");
    let short = format!("https://kazi.example/go/{}/", site.code("spring", "acme"));
    assert_contains(
        &lead(&page, "spring_save_acme"),
        &[
            "spring_save_acme Partner: Acme",
            "Acme customers save 20 %",
            "took the coupon code ACME20",
            &short,
            "Hi {first name}, did ACME20 work?",
        ],
    );
    let seen = page.all("a").find(|link| link.text == "Acme customers save 20 %").unwrap();
    assert_eq!(seen.get("href"), "https://kazi.example/spring/via/acme/");
    assert_eq!(lead(&page, "spring_save_direct"), "spring_save_direct no known place ");
    assert_contains(campaign, &["Issued on 1 March 2027"]);
    assert_contains(
        &cta(&page, "Download the guide").text,
        &[
            "left name and email to download guide.pdf",
            "guide.pdf (PDF, 16 bytes)",
            "The form asked for name, email",
            "Hi {first name}, did the guide help?",
        ],
    );
    assert_contains(&cta(&page, "Book a trial").text, &["cal.example.com", "Hi {first name}, shall we talk?"]);
}

/// The items of the outlines on the desk, with their classes.
fn outlines(page: &Page) -> Vec<(&str, &str)> {
    let positions = page.elements.iter().enumerate().filter(|(_, element)| element.name == "details");
    let inside = positions.flat_map(|(at, outline)| {
        let items = page.elements[at..].iter().skip_while(|element| element.name != "li");
        items.take_while(|item| item.name == "li" && outline.text.contains(&item.text))
    });
    inside.map(|item| (item.get("class"), &*item.text)).collect()
}

#[test]
fn desk_has_the_headings_of_the_page_that_leads_saw() {
    let text = "Read the\n\n# Fill it *in days*\n\n## What it costs\n\n### Small & \"large\" teams\n\n#### Details\n\nRead the";
    let site = desk_site().edit(CAMPAIGN, "Read the", text);
    let page = site.build_on("2027-03-01").clean().desk();
    let expected = [("h1", "Fill it in days"), ("", "What it costs"), ("h3", "Small & “large” teams")];
    assert_eq!(outlines(&page), expected);
    // The title is on the card already.
    let site = site.edit(CAMPAIGN, "# Fill it *in days*", "# Hire in days");
    assert_eq!(outlines(&site.build_on("2027-03-01").clean().desk()), expected[1..]);
    // A page that offers the call to action to visitors of another channel.
    let article =
        "---\ntitle: Salaries\nlayout: article\ncounts_as: linkedin\n---\n## Who earns what\n\n[](cta:spring/guide)\n";
    let site = site
        .edit(
            "site.yaml",
            "channels:\n",
            "channels:\n  linkedin: { label: LinkedIn, source: linkedin, medium: social }\n",
        )
        .file("content/salaries.md", article);
    let page = site.build_on("2027-03-01").clean().desk();
    let all = outlines(&page);
    assert_eq!(all, [&expected[1..], &[("", "Who earns what")]].concat());
    assert_contains(&lead(&page, "spring_guide_linkedin"), &["Salaries"]);
}

#[test]
fn links_on_the_desk_lead_to_existing_pages_and_files() {
    let site = Site::example();
    let run = site.build().clean();
    for link in run.desk().all("a").map(|link| link.get("href")) {
        if let Some(path) = link.strip_prefix("https://kazi.example/") {
            let path = path.split(['#', '?']).next().unwrap();
            let file =
                if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
            assert!(run.has(&file), "{link}");
        } else if !link.contains(':') && !link.starts_with('#') {
            assert!(site.path("sales").join(link).is_file(), "{link}");
        }
    }
}

/// The distinct first messages on the desk.
fn messages(page: &Page) -> BTreeSet<&str> {
    page.all("blockquote").map(|quote| &*quote.text).filter(|text| text.starts_with("Hi ")).collect()
}

#[test]
fn each_kind_has_a_default_first_message() {
    let site = Site::new().remove(NOTES);
    let page = site.build().clean().desk();
    assert_contains(
        general_message(&page, "Get 20 % off"),
        &["you were looking at “{title}”: your code is {code}. It is good until 31 March 2027."],
    );
    // The card has another code, and the same message.
    assert!(!page.with("id", "spring_save_acme").get("class").contains("own"));
    assert_contains(general_message(&page, "Download the guide"), &["you asked us for {file}. Did it reach you"]);
    assert_contains(general_message(&page, "Book a trial"), &["thank you for booking a time with us"]);

    let direct = Site::new().edit(CAMPAIGN, "      form: [name, email]\n", "").edit(
        CAMPAIGN,
        "[](cta:guide)",
        "[Guide](cta:guide)",
    );
    let page = direct.build().clean().desk();
    assert_contains(general_message(&page, "Download the guide"), &["you downloaded {file}."]);
    let form = Site::new().edit(CAMPAIGN, "url: https://cal.example.com/kazi", "form: [name, email]");
    let page = form.build().clean().desk();
    assert_contains(general_message(&page, "Book a trial"), &["you asked us for a time to talk"]);
}

#[test]
fn general_messages_are_on_a_page_once() {
    let site = large();
    site.build().clean();
    let page = Page::read(&site.read("sales/cards/0.html"));
    let messages: Vec<&str> = page.all("blockquote").map(|quote| &*quote.text).collect();
    assert_eq!(messages.len(), messages.iter().collect::<BTreeSet<_>>().len(), "{messages:?}");
    assert_eq!(messages.len(), 3);
}

#[test]
fn first_message_does_not_mention_expired_offers() {
    let site = Site::new().with_early_coupon().remove(NOTES);
    let page = site.build_on("2027-03-26").ok().desk();
    let save = cta(&page, "Get 20 % off");
    assert_contains(&save.text, &["Code expired on 25 March 2027"]);
    assert_contains(general_message(&page, "Get 20 % off"), &["That offer is over."]);
    assert!(!page.text().contains("your code is"), "{}", save.text);
    assert_contains(general_message(&page, "Download the guide"), &["you asked us for {file}"]);

    let page = site.build_on("2027-04-01").ok().desk();
    let messages = messages(&page);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages.iter().all(|message| message.contains("That offer is over.") && !message.contains("20")));
    assert_contains(&page.with("id", "campaign_spring").text, &["ended", "Visitors are now pointed to Prices"]);
}

#[test]
fn lead_card_lists_earlier_offers() {
    let site =
        desk_site().edit(CAMPAIGN, "code: SPRING20", "code: SPRING30").edit(CAMPAIGN, "Get 20 % off", "Get 30 % off");
    let page = site.build_on("2027-03-10").clean().desk();
    assert_contains(
        &lead(&page, "spring_save_direct"),
        &["Issued on 10 March 2027", "Until 10 March 2027: SPRING20 Get 20 % off"],
    );
    assert_contains(&cta(&page, "Get 30 % off").text, &["took the coupon code SPRING30"]);
    assert_contains(&page.with("id", "campaign_spring").text, &["Issued on 1 March 2027"]);
    assert_contains(&lead(&page, "spring_save_acme"), &["ACME20"]);
    assert!(!lead(&page, "spring_save_acme").contains("Issued"));
    assert!(!lead(&page, "spring_save_acme").contains("Until"));
}

#[test]
fn closed_lead_tags_stay_on_the_desk_and_are_marked() {
    let site = desk_site().edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]");
    let page = site.build_on("2027-03-10").clean().desk();
    assert_contains(&lead(&page, "spring_save_newsletter"), &["Closed on 10 March 2027"]);
    assert!(!lead(&page, "spring_save_newsletter").contains("now "));

    let site = site.remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n");
    let page = site.build_on("2027-03-20").ok().desk();
    assert_contains(
        &page.with("id", "campaign_spring").text,
        &["gone", "left the site on 20 March 2027", "not on the site today", "went on to cal.example.com"],
    );
    assert_contains(&lead(&page, "spring_save_acme"), &["Closed on 20 March 2027", "ACME20"]);
    assert_eq!(lead_cards(&page).len(), 12);
}

#[test]
fn content_library_lists_every_published_page_and_material() {
    let site = desk_site().file("content/secret.md", "---\ntitle: A draft\ndraft: true\n---\n");
    let page = site.build().clean().desk();
    let library = &page.with("id", "library").text;
    assert_contains(
        library,
        &[
            "Hire in days",
            "Landing page",
            "Prices",
            "The sheet CSV, 8 bytes · not on the web",
            "The guide",
            "Help Link",
        ],
    );
    assert!(!library.contains("A draft"), "{library}");
}

/// Text that could end an attribute, an element, a comment, a script or a template.
const EVIL: &str = "\"'><script>alert(1)</script></style></title><!--&amp;-->{{ 1 }}</script><b>x</b>";

fn hostile() -> Site {
    let evil = yaml_string(EVIL);
    let notes = "# <script>alert(2)</script>\n\nA <img src=x onerror=alert(2)> word.\n\n<script>alert(3)</script>\n\n\
                 ## First message\n\n> Hi <script>alert(4)</script> {code} &lt;b&gt;\n\n\
                 ## Materials\n\n- [a <b>b</b>](https://x.example/?a=\"&b=<script> \"<script>t</script>\"), <i>note</i>\n";
    let notes = notes.replace("?a=\"&b=<script>", "?a=%22&b=%3Cscript%3E");
    Site::new()
        .edit("site.yaml", "title: Kazi\n", &format!("title: {evil}\n"))
        .edit("site.yaml", "\"Partner: Acme\"", &evil)
        .edit(CAMPAIGN, "title: Hire in days", &format!("title: {evil}"))
        .edit(CAMPAIGN, "summary: Spring pricing.", &format!("summary: {evil}"))
        .edit(CAMPAIGN, "title: Acme customers save 20 %", &format!("title: {evil}"))
        .edit(CAMPAIGN, "label: Get 20 % off", &format!("label: {evil}\n    note: {evil}"))
        .edit(CAMPAIGN, "code: SPRING20", "code: \"<script>\"")
        .file(NOTES, &notes)
}

/// Asserts that a page of the desk has no scripts, handlers or elements except its own.
fn assert_only_own_elements(page: &Page) {
    for script in page.all("script") {
        let is_ours =
            script.has("id", "desk_data") || script.get("src").ends_with(".js") || !script.text.contains("alert(");
        assert!(is_ours, "{script:#?}");
    }
    assert!(page.all("img").next().is_none());
    // The desk has such elements, but not with the texts of the hostile ones.
    assert!(page.all("b").all(|bold| bold.text != "x") && page.all("i").all(|label| label.text != "note"));
    for element in &page.elements {
        assert!(element.attributes.keys().all(|key| !key.starts_with("on")), "{element:#?}");
    }
}

#[test]
fn hostile_text_is_escaped_on_the_desk() {
    let site = hostile();
    for day in ["2027-03-15", "2027-04-01"] {
        let run = site.build_on(day).ok();
        let html = run.sales("index.html");
        let page = Page::read(&html);
        assert_only_own_elements(&page);
        assert_eq!(page.all("script").count(), 3);
        assert_eq!(lead_cards(&page).len(), 12);
        // The HTML reader collapses spaces.
        let title = EVIL.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.all("h2").any(|heading| heading.text == title));
        assert!(lead(&page, "spring_save_acme").contains(&title));
        let data = &page.with("id", "desk_data").text;
        let data: Value = serde_json::from_str(data).unwrap();
        let campaigns = data["campaigns"][0].as_str().unwrap();
        assert!(campaigns.starts_with(&format!("spring\t{EVIL}\t")), "{campaigns}");
        assert!(campaigns.contains(&format!("\nsave\t{EVIL}\t=")), "{campaigns}");
        assert_eq!(data["channels"]["acme"]["label"], EVIL);
    }
}

#[test]
fn raw_html_in_notes_is_shown_as_text() {
    let page = hostile().build().ok().desk();
    let campaign = &page.with("id", "campaign_spring").text;
    assert_contains(
        campaign,
        &["<script>alert(2)</script>", "<img src=x onerror=alert(2)>", "<script>alert(3)</script>", "<b>b</b>"],
    );
    let link = page.all("a").find(|link| link.get("href").starts_with("https://x.example/")).unwrap();
    assert_eq!(link.get("href"), "https://x.example/?a=%22&b=%3Cscript%3E");
}

#[test]
fn unsafe_link_in_notes_is_an_error() {
    for address in ["javascript:alert(1)", "data:text/html,x", "vbscript:x"] {
        let site = Site::new().file(NOTES, &format!("[a](<{address}>)\n"));
        let run = site.build().failed(1);
        assert!(run.problems()[0].place.starts_with("content/spring/sales.md:1:"), "{}", run.stderr);
        assert!(site.output().is_empty());
    }
}

/// A site with too many lead tags for one page: 60 campaigns with 3 calls to action on 8 channels.
fn large() -> Site {
    let mut channels = String::from("channels:\n");
    for number in 0..8 {
        let _ = writeln!(channels, "  c{number}: {{ label: Channel {number}, source: s{number}, medium: email }}");
    }
    let base = Site::new();
    let text = base.read("site.yaml");
    let (before, rest) = text.split_once("channels:\n").unwrap();
    let (_, after) = rest.split_once("destinations:").unwrap();
    let config = format!("{before}{channels}destinations:{after}");
    let page = base
        .read(CAMPAIGN)
        .replace("channels: [newsletter, acme]", "channels: [c0, c1, c2, c3, c4, c5, c6, c7]")
        .replace("per_channel:\n  acme: { title: Acme customers save 20 % }\n", "")
        .replace("      codes: { acme: ACME20 }\n", "")
        .replace("file: guide.pdf", "file: /guide.pdf");
    let mut site = base
        .remove("content/spring")
        .file("site.yaml", &config)
        .file("content/prices.md", "---\ntitle: Prices\n---\n\n## Teams\n")
        .file("content/guide.pdf", "%PDF-1.7 a guide");
    for number in 0..60 {
        let page = page.replace("title: Hire in days", &format!("title: Campaign {number}"));
        site = site.file(&format!("content/k{number}/index.md"), &page);
    }
    site.file("content/k7/sales.md", "## Materials\n\n- [Seven](seven.csv)\n").file("content/k7/seven.csv", "7\n")
}

fn pages_of(site: &Site) -> BTreeMap<String, String> {
    let files = bytes_below(&site.path("sales")).into_iter();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let named = files.map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes));
    named
        .filter(|(path, _)| path.ends_with(".html") || path.ends_with(".js") || path.ends_with(".css"))
        .map(|(path, bytes)| (path, text(bytes)))
        .collect()
}

#[test]
fn large_desk_has_several_pages_with_each_card_once() {
    let site = large();
    site.build().clean();
    let files = pages_of(&site);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "cards/0.html",
            "cards/1.html",
            "desk-data.js",
            "desk.css",
            "desk.js",
            "index.html",
            "library.html",
            "search.js"
        ]
    );

    let mut at: BTreeMap<String, String> = BTreeMap::new();
    let mut count = 0;
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = Page::read(text);
        if name.starts_with("cards/") {
            assert!(lead_cards(&page).len() <= 1000, "{name}");
            assert!(page.all("link").any(|link| link.has("href", "../desk.css")));
            assert!(page.all("script").any(|script| script.has("src", "../desk.js")));
        }
        for tag in lead_cards(&page) {
            count += 1;
            assert!(at.insert(tag.to_owned(), name.clone()).is_none(), "{tag} twice");
        }
        for link in page.all("a").map(|link| link.get("href")) {
            assert_leads_somewhere(&site, &files, name, link);
        }
    }
    assert_eq!(count, 60 * 3 * 10);
    let tags: BTreeSet<String> = site.register().into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(at.keys().cloned().collect::<BTreeSet<_>>(), tags);

    for (index, page) in search_texts(&files["desk-data.js"]).into_iter().enumerate() {
        for tag in lead_tags_in(page) {
            assert_eq!(at.remove(&tag), Some(format!("cards/{index}.html")), "{tag}");
        }
    }
    assert!(at.is_empty(), "missing anchor: {at:?}");
}

/// The texts of `desk-data.js`, one for each page of lead cards. These have no characters that need escapes.
fn search_texts(script: &str) -> Vec<&str> {
    let (_, list) = script.split_once("window.deskData.campaigns = [\n`").unwrap();
    list.strip_suffix("`\n];\n").unwrap().split("`,\n`").collect()
}

/// The lead tags in a text of the search data, which must be open and have no former ids.
fn lead_tags_in(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for campaign in text.trim_end().split("\n\n") {
        let mut lines = campaign.lines();
        let id = lines.next().unwrap().split('\t').next().unwrap();
        let mut channels = "";
        for line in lines {
            let mut fields = line.split('\t');
            let cta = fields.next().unwrap();
            for list in fields.filter_map(|field| field.strip_prefix('=')) {
                channels = if list.is_empty() { channels } else { list };
                tags.extend(channels.split(' ').map(|channel| format!("{id}_{cta}_{channel}")));
            }
        }
    }
    tags
}

#[test]
fn each_lead_tag_takes_few_bytes() {
    let site = large();
    site.build().clean();
    let files = bytes_below(&site.path("sales"));
    let bytes = |path: &str| files[std::path::Path::new(path)].len();
    let lead_tags = 60 * 3 * 10;
    let limits = [("desk-data.js", 60), ("lead-sources.csv", 240), ("lead-sources.json", 60)];
    for (file, limit) in limits {
        assert!(bytes(file) / lead_tags < limit, "{file}: {} bytes for {lead_tags} lead tags", bytes(file));
    }
    let cards = bytes("cards/0.html") + bytes("cards/1.html");
    assert!(cards / lead_tags < 330, "{cards} bytes for {lead_tags} lead tags");
}

/// Asserts that a link on a page of the desk leads to a page with that anchor or to a file.
#[track_caller]
fn assert_leads_somewhere(site: &Site, files: &BTreeMap<String, String>, page: &str, link: &str) {
    if link.contains(':') {
        return;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let file = match (path, path.strip_prefix("../"), page.rsplit_once('/')) {
        ("", ..) => page.to_owned(),
        (_, Some(above), Some(_)) => above.to_owned(),
        (_, None, Some((folder, _))) => format!("{folder}/{path}"),
        (_, _, None) => path.to_owned(),
    };
    assert!(site.path("sales").join(&file).is_file(), "{link} on {page}");
    let is_there = || files[&file].contains(&format!("id={anchor}>"));
    assert!(anchor.is_empty() || is_there(), "{link} on {page}");
}

#[test]
fn small_desk_is_one_file() {
    let site = desk_site();
    site.build().clean();
    assert_eq!(pages_of(&site).into_keys().collect::<Vec<_>>(), ["index.html"]);
    let page = Page::read(&site.read("sales/index.html"));
    assert!(page.all("link").all(|link| link.get("href").starts_with("data:")), "nothing is loaded");
    assert!(page.all("script").all(|script| script.get("src").is_empty()));
    assert!(page.meta("robots").contains("noindex"));
}

#[test]
fn hostile_text_is_escaped_on_a_desk_of_several_pages() {
    let evil = yaml_string(EVIL);
    let site = large().edit("content/k7/index.md", "title: Campaign 7", &format!("title: {evil}")).edit(
        "content/k7/index.md",
        "label: Get 20 % off",
        &format!("label: {evil}"),
    );
    site.build().ok();
    let files = pages_of(&site);
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = Page::read(text);
        assert_only_own_elements(&page);
        assert!(page.all("footer").any(|footer| footer.has("class", "foot")), "{name} is whole");
    }
}

/// The pages of the desk that a build on this day writes.
fn built_on(site: &Site, day: &str) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let out = site.root().with_file_name(format!("out-{day}"));
    let (public, sales) = (out.join("public"), out.join("sales"));
    std::fs::create_dir_all(&out).unwrap();
    let places = ["--output", public.to_str().unwrap(), "--sales", sales.to_str().unwrap()];
    site.run(&[&["build", "--date", day][..], &places].concat()).ok();
    bytes_below(&sales)
}

#[test]
fn sales_files_change_only_with_the_content() {
    let site = desk_site().with_early_coupon();
    let first = built_on(&site, "2027-03-10");
    assert!(first.len() > 5);
    for day in ["2027-03-11", "2027-03-25"] {
        let later = built_on(&site, day);
        let differ: Vec<_> =
            later.iter().filter(|(path, bytes)| first.get(*path) != Some(bytes)).map(|(path, _)| path).collect();
        assert!(differ.is_empty() && later.len() == first.len(), "on {day}: {differ:?}");
    }
    assert_ne!(built_on(&site, "2027-03-26"), first, "the coupon has expired");
    assert_ne!(built_on(&site, "2027-04-01"), first, "the campaign has ended");
}

#[test]
fn preview_desk_shows_drafts_and_keeps_the_register() {
    let links = "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).";
    let site = desk_site()
        .edit("content/prices.md", links, "")
        .edit(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire")
        .file("content/never/index.md", "---\ntitle: Never issued\nsummary: s\ndraft: true\nctas:\n  call:\n    label: Call\n    booking: { url: \"https://cal.example.com/x\" }\n---\n");
    let register = site.read("lead-tags.csv");
    let run = site.run(&["build", "--preview"]).ok();
    assert_eq!(site.read("lead-tags.csv"), register);
    let page = run.desk();
    assert_eq!(lead_cards(&page).len(), 12);
    assert_contains(&page.with("id", "campaign_spring").text, &["draft", "Hire in days"]);
    assert!(lead_cards(&page).iter().all(|tag| !tag.starts_with("never_")));
}

#[test]
fn desk_of_a_site_without_campaigns_explains_that() {
    let site = Site::new().remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n");
    let page = site.build().clean().desk();
    assert_contains(page.text(), &["There is no campaign yet.", "0 campaigns, 0 lead tags"]);
}

#[test]
fn desk_shows_what_runs_and_what_changes() {
    let started = "Last change: 1 March 2027, “Hire in days” started.";
    let ends = "Next change: 1 April 2027, “Hire in days” is over.";
    for (day, lines) in [
        ("2027-02-28", &["No campaign runs"][..]),
        ("2027-03-01", &["1 campaign runs", started, ends]),
        // The same bytes every day.
        ("2027-03-15", &["1 campaign runs", started, ends]),
        ("2027-04-01", &["No campaign runs", "Last change: 1 April 2027, “Hire in days” is over."]),
    ] {
        let site = Site::new();
        let page = Page::read(&site.build_on(day).ok().sales("index.html"));
        let runs = page.all("div").find(|part| part.get("class") == "runs").unwrap();
        for line in lines {
            assert!(runs.text.contains(line), "{day}: {}", runs.text);
        }
    }
}

#[test]
fn notes_are_searched_on_a_desk_of_several_pages() {
    let notes = "# If they hesitate\n\n- *\"It is too\n  expensive.\"* Show `one` day.\n";
    let data = large().file("content/k0/sales.md", notes).build().ok().sales("desk-data.js");
    assert!(data.contains(r#"If they hesitate - \"It is too expensive.\" Show one day."#), "{}", &data[..2000]);
}
