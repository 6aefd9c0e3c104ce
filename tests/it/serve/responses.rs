//! The responses of `tagline serve`: content types, ranges, redirects, drafts and the overview. It writes no file.

use super::edits::{page_with_heading, save, site_with_guide};
use crate::support::{CAMPAIGN_TEXT, PAGE_TEXT, Site, bytes_below};

const DRAFT: &str = "---\ntitle: Not yet\ndraft: true\n---\n\n# Not yet\n";

#[test]
fn files_have_the_usual_content_types() {
    let names = [
        ("notes.txt", "text/plain; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("code.js", "text/javascript; charset=utf-8"),
        ("data.json", "application/json"),
        ("list.csv", "text/csv; charset=utf-8"),
        ("more.html", "text/html; charset=utf-8"),
        ("drawing.svg", "image/svg+xml"),
        ("photo.jpg", "image/jpeg"),
        ("photo.webp", "image/webp"),
        ("guide.pdf", "application/pdf"),
        ("film.mp4", "video/mp4"),
        ("letters.woff2", "font/woff2"),
        ("thing.unheard-of", "application/octet-stream"),
    ];
    let mut site = Site::new();
    for (name, _) in names {
        site = site.file(&format!("static/{name}"), "Grüße");
    }
    let server = site.serve();
    let made = [
        ("prices/", "text/html; charset=utf-8"),
        ("spring/via/acme/", "text/html; charset=utf-8"),
        ("sitemap.xml", "text/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
    ];
    for (name, expected) in names.into_iter().chain(made) {
        let response = server.get(&format!("/{name}")).ok();
        assert_eq!(response.header("content-type"), expected, "{name}");
        assert_eq!(response.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(response.header("cache-control"), "no-store", "{name}");
        assert!(!response.headers.iter().any(|(header, _)| header.starts_with("access-control-")), "{name}");
        assert_eq!(server.request("HEAD", &format!("/{name}"), &[], "").ok().body, b"", "{name}");
    }
    assert_eq!(server.get("/notes.txt").text(), "Grüße");
}

#[test]
fn unknown_path_gets_the_404_page() {
    let site = Site::new();
    let server = site.serve();
    for path in ["/nothing/", "/spring/via/nobody/", "/spring/thanks/save/", "/nothing.pdf", "/go/0000000000/", "/%FF"]
    {
        let response = server.get(path);
        assert_eq!((response.status, response.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(response.text().contains("/__tagline/live.js"), "{path}: {}", response.text());
        assert_ne!(response.page().the("h1").text, "");
    }
}

#[test]
fn looks_show_a_page_in_each_look() {
    let site = Site::new();
    let server = site.serve();
    let looks = server.get("/__tagline/looks?page=/spring/").ok().page();
    let frames: Vec<&str> = looks.all("iframe").map(|frame| frame.get("src")).collect();
    let names = ["product", "editorial", "bold", "dark", "local"];
    let expected: Vec<String> = names.iter().map(|name| format!("/__tagline/looks/{name}/spring/")).collect();
    assert_eq!(frames, expected);
    // Nothing in a frame runs or is sent.
    assert!(looks.all("iframe").all(|frame| frame.has("sandbox", "allow-same-origin")));
    let fonts = ["Figtree", "Newsreader", "Archivo", "Geist", "Nunito"];
    for (frame, font) in frames.iter().zip(fonts) {
        let page = server.get(frame).ok();
        assert!(page.text().contains(&format!("--font:{font}")), "{frame}");
        // No page of the site has these fonts, and still they are there.
        let preload = page.page();
        let preload = preload.all("link").find(|link| link.has("as", "font")).unwrap().get("href").to_owned();
        assert_eq!(server.get(&preload).ok().header("content-type"), "font/woff2");
    }
    for missing in ["/__tagline/looks/loud/spring/", "/__tagline/looks/bold/missing/"] {
        assert_eq!(server.get(missing).status, 404, "{missing}");
    }
    assert!(server.get("/__tagline/looks").ok().text().contains("/__tagline/looks/dark/"), "without a page");
}

#[test]
fn blocks_are_shown_alone_and_in_each_look() {
    let text = "::: quote by=\"Amina O.\"\nGood.\n:::\n\nBetween.\n\n::: stats\n- **19 days** to hire\n:::\n";
    let site = Site::new().file("content/said.md", &page_with_heading("Said", text));
    let server = site.serve();
    let blocks = server.get("/__tagline/blocks").ok().page();
    let frames: Vec<&str> = blocks.all("iframe").map(|frame| frame.get("src")).collect();
    assert!(blocks.all("iframe").all(|frame| frame.has("sandbox", "allow-same-origin")));
    let of_page: Vec<&&str> = frames.iter().filter(|frame| frame.ends_with("/said/")).collect();
    assert_eq!(of_page, [&"/__tagline/blocks/quote/said/", &"/__tagline/blocks/stats/said/"]);
    let quote = server.get("/__tagline/blocks/quote/said/").ok().text();
    assert!(quote.contains("Amina O.") && !quote.contains("Between.") && !quote.contains("19 days"), "{quote}");
    // A block that no page has yet, with its attributes; one that belongs into another block is not listed.
    let text = server.get("/__tagline/blocks").ok().text();
    assert!(text.contains("<code>::: rating value=&#34;…&#34;"), "{text}");
    assert!(!text.contains("::: column<"), "{text}");

    let in_bold = server.get("/__tagline/blocks?look=bold").ok().page();
    let frame = in_bold.all("iframe").map(|frame| frame.get("src")).find(|src| src.contains("/quote/said/")).unwrap();
    assert_eq!(frame, "/__tagline/blocks/quote/said/?look=bold");
    assert!(server.get(frame).ok().text().contains("--font:Archivo"));
    for missing in
        ["/__tagline/blocks/logos/said/", "/__tagline/blocks/quote/gone/", "/__tagline/blocks/quote/said/?look=loud"]
    {
        assert_eq!(server.get(missing).status, 404, "{missing}");
    }
    assert!(!server.get("/__tagline/blocks?look=loud").ok().text().contains("look=loud"));
}

#[test]
fn short_link_redirects() {
    let site = Site::new();
    let server = site.serve();
    let overview = server.get("/__tagline/").ok().page();
    let short: Vec<&str> =
        overview.links().iter().map(|(_, href)| *href).filter(|href| href.contains("/go/")).collect();
    assert_eq!(short.len(), 2, "{short:?}");
    let response = server.get(short[0]).ok();
    assert!(response.text().contains("/spring/via/newsletter/"), "{}", response.text());
    assert!(response.page().elements.iter().any(|element| element.has("http-equiv", "refresh")));
}

#[test]
fn media_support_range_requests() {
    let site = Site::new()
        .bytes("static/film.mp4", b"0123456789")
        .file("content/guide/index.md", &page_with_heading("The guide", "[The list](list.txt)"))
        .file("content/guide/list.txt", "abcdefghij");
    let server = site.serve();
    for (path, whole) in [("/film.mp4", "0123456789"), ("/guide/list.txt", "abcdefghij")] {
        assert_eq!(server.get(path).ok().header("accept-ranges"), "bytes");
        for (range, from, to) in [("bytes=2-4", 2, 5), ("bytes=7-", 7, 10), ("bytes=-3", 7, 10), ("bytes=8-99", 8, 10)]
        {
            let response = server.request("GET", path, &[("Range", range)], "");
            assert_eq!((response.status, response.text().as_str()), (206, &whole[from..to]), "{path} {range}");
            assert_eq!(response.header("content-range"), format!("bytes {from}-{}/10", to - 1));
        }
        let beyond = server.request("GET", path, &[("Range", "bytes=10-")], "");
        assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */10"));
    }
}

#[test]
fn folder_without_a_trailing_slash_redirects() {
    let site = Site::new();
    let server = site.serve();
    for (path, to) in [
        ("/spring", "/spring/"),
        ("/spring/via/acme", "/spring/via/acme/"),
        ("/spring?utm_source=a&b=%20c", "/spring/?utm_source=a&b=%20c"),
        ("/__tagline", "/__tagline/"),
        ("/__tagline/desk", "/__tagline/desk/"),
    ] {
        let response = server.get(path);
        assert_eq!((response.status, response.header("location")), (307, to), "{path}");
    }
    assert_eq!(server.get("/prices/index.html").ok().text(), server.get("/prices/").text());
}

#[test]
fn path_of_the_base_url_is_kept() {
    let site = Site::new().edit("site.yaml", "kazi.example/", "kazi.example/offers/");
    let server = site.serve();
    assert_eq!(server.url, format!("http://{}/offers/", server.address));
    let text = server.get("/offers/prices/").ok().text();
    assert!(text.contains("/offers/spring/via/") || text.contains("/offers/spring/"), "{text}");
    assert!(!text.contains("kazi.example/"), "{text}");
    for path in ["/", "/offers"] {
        assert_eq!(server.get(path).header("location"), "/offers/", "{path}");
    }
    for path in ["/prices/", "/offersprices/", "/offers/../prices/"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    server.get("/__tagline/").ok();
    let mut events = server.listen("/offers/prices/");
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    events.wait_for("the page as a changed one", |news| news["is_changed"] == true);
}

#[test]
fn drafts_are_shown_and_marked_unless_live() {
    let site = Site::new().file("content/later.md", DRAFT).file(
        "content/coming/index.md",
        &CAMPAIGN_TEXT.replace("2027-03-01", "2027-03-20").replace("guide.pdf", "/spring/guide.pdf"),
    );
    let server = site.serve();
    for (path, state) in [("/later/", "draft"), ("/coming/", "scheduled for"), ("/coming/via/acme/", "scheduled for")] {
        let ribbon = server.get(path).ok().page().with("aria-label", "Preview").text.clone();
        assert!(ribbon.contains(state), "{path}: {ribbon}");
    }
    let overview = server.get("/__tagline/").text();
    assert!(overview.contains(">draft</span>") && overview.contains(">scheduled</span>"), "{overview}");
    drop(server);
    let live = site.serve_with(&["--live"]);
    for path in ["/later/", "/coming/", "/coming/via/acme/"] {
        assert_eq!(live.get(path).status, 404, "{path}");
    }
    let overview = live.get("/__tagline/").ok().text();
    assert!(!overview.contains("Not yet") && !overview.contains("coming"), "{overview}");
}

#[test]
fn date_option_sets_the_day() {
    let site = Site::new();
    let server = site.serve_with(&["--date", "2027-04-01"]);
    assert!(server.get("/spring/").ok().text().contains("ended"));
}

#[test]
fn overview_lists_campaigns_links_channels_and_dates() {
    let site = site_with_guide();
    let server = site.serve();
    let overview = server.get("/__tagline/").ok().page();
    let text = overview.text();
    for needed in [
        "Hire in days",
        "spring",
        "1 March 2027",
        "31 March 2027",
        "Monthly newsletter",
        "Partner: Acme",
        "referral",
        "content/spring/index.md",
        "content/prices.md",
        "15 March 2027",
        "Next change on",
    ] {
        assert!(text.contains(needed), "`{needed}` is not in {text}");
    }
    let links = overview.links();
    let local: Vec<&str> = links.iter().map(|(_, href)| *href).filter(|href| href.starts_with('/')).collect();
    for needed in ["/spring/", "/prices/", "/guide/", "/__tagline/leads", "/__tagline/desk/"] {
        assert!(local.contains(&needed), "{needed} is not in {local:?}");
    }
    assert!(local.iter().any(|href| href.starts_with("/spring/via/acme/?")), "{local:?}");
    for href in local {
        let path = href.split('#').next().unwrap();
        assert_eq!(server.get(path).status, 200, "{href}");
    }
}

#[test]
fn serve_writes_nothing() {
    let site = site_with_guide();
    site.tags().ok();
    // Its lead tags are not in the register yet.
    save(&site, "content/fresh/index.md", CAMPAIGN_TEXT.replace("guide.pdf", "/spring/guide.pdf"));
    let around = site.root().parent().unwrap().to_owned();
    let before = bytes_below(&around);
    let server = site.serve();
    let pages =
        ["/spring/", "/spring/via/acme/", "/fresh/", "/__tagline/", "/__tagline/leads", "/__tagline/desk/", "/nothing"];
    for path in pages {
        server.get(path);
    }
    server.request(
        "POST",
        "/spring/",
        &[("Origin", &format!("http://{}", server.address))],
        "lead_tag=spring_guide_acme",
    );
    save(&site, "content/guide/index.md", page_with_heading("The guide", "Now in colour."));
    server.wait_for_text("/guide/", "in colour");
    save(&site, "content/guide/index.md", page_with_heading("The guide", "How we hire."));
    server.wait_for_text("/guide/", "How we hire.");
    assert_eq!(bytes_below(&around), before);
}

#[test]
fn former_channel_page_redirects_as_in_the_build() {
    let site = Site::new();
    site.build().ok();
    let text = site.read(crate::support::CAMPAIGN);
    let text = text
        .replace("[newsletter, acme]", "[newsletter]")
        .replace("per_channel:\n  acme: { title: Acme customers save 20 % }\n", "");
    site.write(crate::support::CAMPAIGN, text.replace("      codes: { acme: ACME20 }\n", ""));
    let server = site.serve();
    assert!(server.get("/spring/via/acme/").ok().text().contains("http-equiv=\"refresh\""), "{}", server.stderr());
}
