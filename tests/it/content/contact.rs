//! Contacts: front matter, rendered links and codes, the register, `explain` and the desk.

use crate::support::html::{Element, Page};
use crate::support::{CAMPAIGN, PAGE, Site};
use serde_json::Value;
use tagline::model::code::ShortCode;
use tagline::model::slug::Slug;
use url::Url;

/// The small site with all three kinds of contact, in running text and as cards. Another page links to them, too.
fn contact_site() -> Site {
    Site::new()
        .edit(
            CAMPAIGN,
            "  trial:\n",
            "  chat:\n    label: Ask on WhatsApp\n    contact: { whatsapp: \"+254 700-000000\", text: \"Hello! What is 20 % of R&D?\" }\n\
             \x20 line:\n    label: Call us\n    contact: { phone: \"+254 (711) 000 000\" }\n\
             \x20 ask:\n    label: Ask a question\n    contact: { form: [name, email, message] }\n\
             \x20 trial:\n",
        )
        .edit(
            CAMPAIGN,
            "Read the",
            "[Write to us](cta:chat), [ring](cta:line) or [ask](cta:ask).\n\n::: offer chat\nWe answer.\n:::\n\n\
             ::: offer line\nWe pick up.\n:::\n\nRead the",
        )
        .edit(PAGE, "[Get it]", "[Chat](cta:spring/chat) [Ring](cta:spring/line) [Form](cta:spring/ask) [Get it]")
}

fn code(campaign: &str, channel: &str) -> String {
    ShortCode::to_quote(&Slug::parse(campaign).unwrap(), &Slug::parse(channel).unwrap(), None).to_string()
}

/// The code of every channel, in the format of the arrival script.
fn codes(campaign: &str) -> String {
    let channels = ["direct", "other", "newsletter", "acme"];
    channels.map(|channel| format!("{channel}={}", code(campaign, channel))).join("&")
}

/// The text that WhatsApp shows.
fn whatsapp_text(href: &str) -> String {
    let url = Url::parse(href).unwrap();
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    assert_eq!(query.len(), 1, "{href}");
    assert_eq!((url.host_str(), &*query[0].0), (Some("wa.me"), "text"), "{href}");
    query[0].1.clone()
}

fn elements_with_codes(page: &Page) -> Vec<&Element> {
    page.elements.iter().filter(|element| element.attributes.contains_key("data-codes")).collect()
}

#[test]
fn whatsapp_message_ends_with_the_code_of_campaign_and_channel() {
    let site = contact_site();
    let run = site.build().clean();
    for (path, text, channel) in [
        ("spring/", "Write to us", "direct"),
        ("spring/via/newsletter/", "Write to us", "newsletter"),
        ("spring/via/acme/", "Write to us", "acme"),
        ("spring/via/acme/", "Ask on WhatsApp", "acme"),
        ("prices/", "Chat", "direct"),
    ] {
        let page = run.page(path);
        let link = page.all("a").find(|link| link.text == text).unwrap();
        let (href, code) = (link.get("href"), code("spring", channel));
        assert!(href.starts_with("https://wa.me/254700000000?text=") && href.ends_with(&code), "{path}: {href}");
        assert_eq!(whatsapp_text(href), format!("Hello! What is 20 % of R&D? {code}"), "{path}");
        assert_eq!(link.get("data-lead-tag"), format!("spring_chat_{channel}"), "{path}");
        assert_eq!(link.get("data-codes"), codes("spring"), "{path}");
        assert!(!href.contains("utm_") && !href.contains("spring_chat"), "{href}");
    }
}

#[test]
fn default_whatsapp_message_names_the_page_title() {
    let site = contact_site().edit(CAMPAIGN, ", text: \"Hello! What is 20 % of R&D?\"", "");
    let run = site.build().clean();
    for (path, title, channel) in
        [("spring/", "Hire in days", "direct"), ("spring/via/acme/", "Acme customers save 20 %", "acme")]
    {
        let page = run.page(path);
        let expected = format!("Hello, I have a question about “{title}”. My code: {}", code("spring", channel));
        assert_eq!(whatsapp_text(page.link("Write to us")), expected, "{path}");
    }
}

#[test]
fn phone_number_is_shown_with_the_code_to_mention() {
    let site = contact_site();
    let run = site.build().clean();
    for (path, channel) in [("spring/", "direct"), ("spring/via/acme/", "acme"), ("prices/", "direct")] {
        let page = run.page(path);
        let links: Vec<&Element> = page.all("a").filter(|link| link.get("href").starts_with("tel:")).collect();
        assert!(!links.is_empty());
        for link in links {
            assert_eq!(link.get("href"), "tel:+254711000000", "{path}");
            assert_eq!(link.get("data-lead-tag"), format!("spring_line_{channel}"), "{path}");
        }
        let quoted: Vec<&Element> =
            elements_with_codes(&page).into_iter().filter(|element| element.name == "code").collect();
        assert!(!quoted.is_empty());
        for element in quoted {
            assert_eq!((&*element.text, element.get("data-codes")), (&*code("spring", channel), &*codes("spring")));
        }
        assert!(page.text().contains("+254 (711) 000 000"), "{path}");
    }
    let card = run.page("spring/via/newsletter/");
    let card = card.with("id", "cta-line");
    for words in ["We pick up.", "+254 (711) 000 000", &format!("Please mention {}", code("spring", "newsletter"))] {
        assert!(card.text.contains(words), "{words}: {}", card.text);
    }
}

#[test]
fn contact_on_another_page_has_the_code_of_that_pages_channel() {
    let site = contact_site().edit(PAGE, "title: Prices", "title: Prices\ncounts_as: newsletter");
    let page = site.build().clean().page("prices/");
    assert!(page.link("Chat").ends_with(&code("spring", "newsletter")));
    assert!(page.text().contains(&format!("code {}", code("spring", "newsletter"))), "{}", page.text());
}

#[test]
fn contact_form_has_lead_source_and_thank_you_page() {
    let site = contact_site();
    let run = site.build().clean();
    let page = run.page("spring/via/acme/");
    let card = page.with("id", "cta-ask");
    assert!(card.text.starts_with("Ask a question"), "{}", card.text);
    let tags: Vec<&str> =
        page.hidden_fields().into_iter().filter(|(name, _)| *name == "lead_tag").map(|(_, tag)| tag).collect();
    assert_eq!(tags, ["spring_guide_acme", "spring_ask_acme"]);
    assert!(page.hidden_fields().contains(&("offer", "form")));
    assert_eq!(page.link("ask"), "#cta-ask");
    assert_eq!(run.page("prices/").link("Form"), "/spring/?via=spring_ask_direct#cta-ask");
    assert_eq!(run.page("spring/thanks/ask/").meta("robots"), "noindex");
    assert!(page.all("textarea").any(|field| field.has("name", "message")));
}

#[test]
fn contact_disappears_when_its_campaign_ends() {
    let site = contact_site();
    let run = site.build_on("2027-04-01").ok();
    for path in ["spring/", "spring/via/acme/", "prices/"] {
        let html = run.public(&format!("{path}index.html"));
        assert!(!html.contains("wa.me") && !html.contains("tel:") && !html.contains("data-codes"), "{path}");
    }
}

#[test]
fn register_lists_contact_numbers() {
    let site = contact_site();
    site.build().clean();
    let contacts: Vec<String> = site
        .register()
        .into_iter()
        .filter(|row| row[3] == "contact" && ["acme", "direct"].contains(&&*row[4]))
        .map(|row| [&*row[0], &row[6], &row[8]].join(" "))
        .collect();
    let acme = code("spring", "acme");
    assert_eq!(
        contacts,
        [
            format!("spring_ask_acme form {acme}"),
            "spring_ask_direct form ".to_owned(),
            format!("spring_chat_acme wa.me/254700000000 {acme}"),
            "spring_chat_direct wa.me/254700000000 ".to_owned(),
            format!("spring_line_acme +254711000000 {acme}"),
            "spring_line_direct +254711000000 ".to_owned(),
        ]
    );
    // A number in another notation is the same offer. Another number is another offer.
    let site = site.edit(CAMPAIGN, "+254 700-000000", "+254700000000");
    assert_eq!(site.tags().clean().stdout, "the tag register is up to date: 24 lead tags\n");
    let site = site.edit(CAMPAIGN, "+254700000000", "+254 700 000001");
    site.run(&["tags", "--date", "2027-03-16"]).clean();
    let rows = site.register().into_iter().filter(|row| row[0] == "spring_chat_direct");
    let rows: Vec<String> = rows.map(|row| row[6].clone()).collect();
    assert_eq!(rows, ["wa.me/254700000000", "wa.me/254700000001"]);
}

#[test]
fn code_of_direct_or_other_has_no_short_link() {
    let site = contact_site();
    let run = site.build().clean();
    for channel in ["direct", "other"] {
        assert!(!run.has(&format!("go/{}/index.html", code("spring", channel))), "{channel}");
    }
}

#[track_caller]
fn explained(site: &Site, query: &str) -> String {
    let run = site.run(&["explain", query, "--format", "json"]).clean();
    let explanation: Value = serde_json::from_str(&run.stdout).unwrap();
    format!(
        "{} on {}",
        explanation["campaign"].as_str().unwrap_or("none"),
        explanation["channel"].as_str().unwrap_or("all")
    )
}

#[test]
fn explain_finds_every_code_that_a_visitor_can_quote() {
    let site = contact_site().edit(
        CAMPAIGN,
        "channels: [newsletter, acme]\nper_channel:\n  acme: { title: Acme customers save 20 % }",
        "channels: [newsletter]",
    );
    let site = site.edit(CAMPAIGN, "      codes: { acme: ACME20 }\n", "");
    site.build().clean();
    for channel in ["direct", "other", "newsletter", "acme"] {
        let code = code("spring", channel);
        assert_eq!(explained(&site, &code), format!("spring on {channel}"));
        assert_eq!(explained(&site, &format!("Hello! What is 20 % of R&D? {code}.")), format!("spring on {channel}"));
    }
    assert_eq!(explained(&site, "+254 711 000000"), "spring on all");
    assert_eq!(explained(&site, "+254700000000"), "spring on all");
    let other = code("spring", "other");
    let run = site.run(&["explain", &other]).clean();
    for words in [
        "spring on other",
        "spring_chat_other",
        "WhatsApp, +254700000000",
        &format!("Quotes code     {other}"),
        "tagline explain spring_chat_other\n",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let mut misspelt = other.clone();
    misspelt.replace_range(..1, if other.starts_with('z') { "y" } else { "z" });
    let run = site.run(&["explain", &misspelt]).failed(1);
    assert!(run.stderr.contains(&format!("did you mean `{other}`, `spring` on `other`?")), "{}", run.stderr);
}

#[test]
fn only_phone_and_whatsapp_contacts_have_codes_without_a_link() {
    let site = Site::new();
    site.build().clean();
    let direct = code("spring", "direct");
    let error = |site: &Site| site.run(&["explain", &direct]).failed(1).stderr;
    assert!(error(&site).contains("no campaign has the code"));
    let site =
        site.edit(CAMPAIGN, "    booking:\n      url: https://cal.example.com/kazi", "    contact: { form: [email] }");
    site.build().clean();
    assert!(error(&site).contains("no campaign has the code"));
}

#[test]
fn explain_finds_codes_of_removed_contacts() {
    let with = contact_site();
    with.build_on("2027-03-02").clean();
    let direct = code("spring", "direct");
    // After the campaign is renamed.
    let site = with.edit(CAMPAIGN, "title: Hire", "campaign: spring-2027\nwas: [spring]\ntitle: Hire");
    let site = ["save", "guide", "chat", "line", "ask"]
        .iter()
        .fold(site, |site, cta| site.edit(PAGE, &format!("cta:spring/{cta}"), &format!("cta:spring-2027/{cta}")));
    site.build().ok();
    assert_eq!(explained(&site, &direct), "spring-2027 on direct");
    assert_eq!(explained(&site, &code("spring-2027", "direct")), "spring-2027 on direct");
    // After the campaign is removed.
    let site = site.remove("content/spring").file(PAGE, "---\ntitle: Prices\n---\n");
    site.build().ok();
    assert_eq!(explained(&site, &direct), "spring on direct");
}

#[test]
fn desk_finds_every_code_and_describes_the_lead() {
    let site = contact_site();
    let run = site.build().clean();
    let page = run.desk();
    // What only this lead tag has is in the element after its paragraph, which contains a link.
    let own = |card: &str| {
        let position = page.elements.iter().position(|element| element.has("id", card)).unwrap();
        page.elements.get(position + 2).filter(|own| own.has("class", "x")).map_or("", |own| &own.text)
    };
    for (card, words) in [
        ("spring_chat_acme", "Acme customers save 20 %"),
        ("spring_chat_other", &format!("Code they quote {}", code("spring", "other"))),
        ("spring_line_acme", &format!("Code they quote {}", code("spring", "acme"))),
    ] {
        assert!(own(card).contains(words), "{card}: {words}: {}", own(card));
    }
    assert!(!own("spring_ask_other").contains("Code they quote"));
    let text = page.text();
    for words in [
        "asked on WhatsApp",
        "called +254711000000",
        "left name, email and message to ask a question",
        "Leads to WhatsApp, +254 700-000000",
        "Leads to +254 (711) 000 000",
        "thank you for your call",
        "thank you for your message on WhatsApp",
        "thank you for your question",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let data: Value = serde_json::from_str(&page.with("id", "desk_data").text).unwrap();
    // The sixth field of the campaign has each code with its channel.
    let campaign = data["campaigns"][0].as_str().unwrap().lines().next().unwrap();
    let words: Vec<&str> = campaign.split('\t').nth(5).unwrap().split(' ').collect();
    let mut searched: Vec<String> = words.chunks(2).map(|pair| format!("{}={}", pair[1], pair[0])).collect();
    searched.sort();
    let codes = codes("spring");
    let mut expected: Vec<&str> = codes.split('&').collect();
    expected.sort_unstable();
    assert_eq!(searched, expected);
}
