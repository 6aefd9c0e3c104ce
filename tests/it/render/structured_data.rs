//! The structured data of pages, read from their HTML.

use crate::support::{CAMPAIGN, Run, Site};
use serde_json::{Value, json};

/// The properties that a node of each type must have. Google requires them
/// (<https://developers.google.com/search/docs/appearance/structured-data/search-gallery>), or recommends them and every
/// site has them. Other types are not written.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "WebSite" => &["name", "url", "inLanguage", "publisher"],
        "WebPage" => &["name", "url", "inLanguage", "publisher"],
        "Organization" => &["@id", "name"],
        "Article" => &["headline", "url", "inLanguage", "publisher"],
        "Person" | "Brand" => &["name"],
        "FAQPage" => &["mainEntity"],
        "Question" => &["name", "acceptedAnswer"],
        "Answer" => &["text"],
        "BreadcrumbList" => &["itemListElement"],
        "ListItem" => &["position", "name"],
        "Product" => &["name", "offers"],
        // That of a product needs a price and a seller.
        "Offer" => &["availability", "url"],
        "Event" => &["name", "startDate", "endDate", "location", "eventStatus", "eventAttendanceMode", "offers", "url"],
        "VirtualLocation" => &["url"],
        "Place" => &["name", "address"],
        other => panic!("nobody has looked up what a {other} needs"),
    }
}

/// Every node with a type, including nested ones.
fn nodes_with_type<'d>(data: &'d Value, found: &mut Vec<&'d Value>) {
    if data["@type"].is_string() {
        found.push(data);
    }
    match data {
        Value::Array(items) => items.iter().for_each(|item| nodes_with_type(item, found)),
        Value::Object(keys) => keys.values().for_each(|value| nodes_with_type(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The errors in the data of one page.
fn errors_in(data: &Value) -> Vec<String> {
    let mut nodes = Vec::new();
    nodes_with_type(data, &mut nodes);
    let lacks = |node: &Value, key: &str| match &node[key] {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    let mut errors_in = Vec::new();
    for node in nodes {
        let kind = node["@type"].as_str().unwrap();
        let missing = required(kind).iter().filter(|key| lacks(node, key));
        errors_in.extend(missing.map(|key| format!("a {kind} without `{key}`: {node}")));
        let of_product = ["price", "priceCurrency", "seller"].into_iter().filter(|_| kind == "Product");
        let missing = of_product.filter(|key| lacks(&node["offers"], key));
        errors_in.extend(missing.map(|key| format!("an offer of a product without `{key}`: {node}")));
        for key in ["@id", "url", "image", "logo", "item", "availability"] {
            if let Some(address) = node[key].as_str().filter(|address| url::Url::parse(address).is_err()) {
                errors_in.push(format!("`{key}` of a {kind} is not absolute: {address}"));
            }
        }
    }
    errors_in
}

/// The node of this type on a page.
#[track_caller]
fn node(run: &Run, page: &str, kind: &str) -> Value {
    let data = run.page(page).json_ld();
    let nodes: Vec<&Value> = data["@graph"].as_array().unwrap().iter().filter(|node| node["@type"] == kind).collect();
    assert!(nodes.len() <= 1, "{nodes:#?}");
    nodes.first().map_or(Value::Null, |node| (*node).clone())
}

/// The names and URLs of a page's breadcrumbs, sorted by position.
#[track_caller]
fn breadcrumbs(run: &Run, page: &str) -> Vec<(String, String)> {
    let list = node(run, page, "BreadcrumbList");
    let entries = list["itemListElement"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for (index, entry) in entries.iter().enumerate() {
        assert_eq!(entry["position"], json!(index + 1));
    }
    entries.iter().map(|entry| (text(&entry["name"]), text(&entry["item"]))).collect()
}

fn pairs(breadcrumbs: &[(&str, &str)]) -> Vec<(String, String)> {
    breadcrumbs.iter().map(|(name, item)| ((*name).to_owned(), (*item).to_owned())).collect()
}

fn with_home(site: Site) -> Site {
    site.file("content/index.md", "---\ntitle: Hire with Kazi\nsummary: One list.\n---\n")
}

#[test]
fn every_node_of_the_example_has_its_required_properties() {
    let site = Site::example();
    let run = site.build().ok();
    let mut kinds = std::collections::BTreeSet::new();
    for file in run.public_files().into_iter().filter(|file| file.ends_with(".html")) {
        let page = run.page(&file);
        let scripts: Vec<_> = page.all("script").filter(|script| script.has("type", "application/ld+json")).collect();
        assert!(scripts.len() <= 1, "{file}");
        let data = page.json_ld();
        assert_eq!(errors_in(&data), Vec::<String>::new(), "{file}");
        let mut nodes = Vec::new();
        nodes_with_type(&data, &mut nodes);
        kinds.extend(nodes.iter().map(|node| node["@type"].as_str().unwrap().to_owned()));
    }
    for kind in ["WebSite", "WebPage", "Organization", "Article", "FAQPage", "BreadcrumbList", "Product"] {
        assert!(kinds.contains(kind), "{kind} is on no page: {kinds:?}");
    }
}

#[test]
fn home_page_describes_the_organization_and_others_refer_to_it() {
    let site = with_home(Site::new())
        .edit("site.yaml", "email: hello@", "phone: \"+254 700 000000\", logo: logo.svg, email: hello@")
        .file("static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let run = site.build().ok();
    let organization = node(&run, "", "Organization");
    assert_eq!(organization["name"], "Kazi Ltd");
    assert_eq!(organization["url"], "https://kazi.example/");
    assert_eq!(organization["email"], "hello@kazi.example");
    assert_eq!(organization["telephone"], "+254 700 000000");
    assert!(organization["logo"].as_str().unwrap().starts_with("https://kazi.example/logo."));
    let id = json!({ "@id": organization["@id"] });
    assert_eq!(node(&run, "", "WebSite")["publisher"], id);
    assert_eq!(node(&run, "prices/", "WebPage")["publisher"], id);
    assert_eq!(node(&run, "prices/", "Organization"), Value::Null);
}

#[test]
fn article_has_author_dates_and_publisher() {
    let article = "---\ntitle: News\nsummary: S.\nlayout: article\nauthor: Wanjiru M.\ndate: 2027-02-20 18:00\n---\n";
    let site = Site::new().file("content/news.md", article);
    let run = site.build().clean();
    let article = node(&run, "news/", "Article");
    assert_eq!(article["headline"], "News");
    assert_eq!(article["author"], json!({ "@type": "Person", "name": "Wanjiru M." }));
    // Six in the evening in Nairobi.
    assert_eq!(article["datePublished"], "2027-02-20T15:00:00Z");
    assert_eq!(article["publisher"]["name"], "Kazi Ltd");
}

#[test]
fn breadcrumbs_use_the_labels_of_the_navigation() {
    let page = |title: &str| format!("---\ntitle: {title}\nsummary: About {title}.\n---\n");
    let site = with_home(Site::new())
        .edit("site.yaml", "  - { label: Prices", "  - { label: Guides, page: /guides/index.md }\n  - { label: Prices")
        .file("content/guides/index.md", &page("All our guides to hiring"))
        .file("content/guides/cv/reading.md", &page("Reading a CV"));
    let run = site.build().clean();
    assert_eq!(breadcrumbs(&run, ""), []);
    let expected =
        [("Kazi", "https://kazi.example/"), ("Guides", "https://kazi.example/guides/"), ("Reading a CV", "")];
    assert_eq!(breadcrumbs(&run, "guides/cv/reading/"), pairs(&expected));
    assert_eq!(breadcrumbs(&run, "prices/"), pairs(&[("Kazi", "https://kazi.example/"), ("Prices", "")]));
}

#[test]
fn breadcrumbs_skip_unpublished_pages() {
    let site = Site::new()
        .file("content/guides/index.md", "---\ntitle: Guides\ndraft: true\n---\n")
        .file("content/guides/cv.md", "---\ntitle: CVs\nsummary: S.\n---\n");
    let run = site.build().clean();
    assert_eq!(breadcrumbs(&run, "guides/cv/"), []);
}

#[test]
fn all_faq_blocks_of_a_page_become_one_faq_page() {
    let faq = "
::: faq
## Before you ask

### What does *Team* cost?

See the [prices](/prices.md), or [](cta:save)
today.[^1]

- A plan: \"Team\" & more
- Ça va

[^1]: In spring.

### Nobody knows
:::

:::: columns
::: faq
### </script><script>?

Read **on**.
:::
::::
";
    let site = Site::new().edit(CAMPAIGN, "Read the [prices](/prices.md#teams).", faq);
    let run = site.build().ok();
    let page = node(&run, "spring/", "FAQPage");
    let questions: Vec<(&str, &str)> = page["mainEntity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| {
            assert_eq!(
                (&question["@type"], &question["acceptedAnswer"]["@type"]),
                (&json!("Question"), &json!("Answer"))
            );
            (question["name"].as_str().unwrap(), question["acceptedAnswer"]["text"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("What does Team cost?", "See the prices, or Get 20 % off today.\nA plan: “Team” & more\nÇa va"),
        ("</script><script>?", "Read on."),
    ];
    assert_eq!(questions, expected);
    assert_eq!(page["name"], "Hire in days");
    assert_eq!(node(&run, "spring/", "WebPage"), Value::Null);
}

#[test]
fn faq_without_an_answer_has_no_questions() {
    let faq = "::: faq\n## Questions\n\n### Why?\n\n### When?\n\n![](/team.png)\n:::\n";
    let site = Site::new().file("content/faq.md", &format!("---\ntitle: Ask\nsummary: S.\n---\n\n{faq}"));
    let site = site.bytes("content/team.png", &image_of_one_pixel());
    let run = site.build().ok();
    assert_eq!(node(&run, "faq/", "FAQPage"), Value::Null);
    assert_eq!(node(&run, "faq/", "WebPage")["name"], "Ask");
}

fn image_of_one_pixel() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(1, 1).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

const PRODUCT: &str = "product: { name: Kazi Team, price: 49.90, currency: EUR, brand: Kazi }\nctas:\n";

#[test]
fn product_offer_ends_with_the_campaign_or_the_coupon() {
    let site = Site::new().edit(CAMPAIGN, "ctas:\n", PRODUCT);
    let run = site.build().clean();
    let product = node(&run, "spring/", "Product");
    assert_eq!((&product["name"], &product["brand"]["name"]), (&json!("Kazi Team"), &json!("Kazi")));
    let offer = &product["offers"];
    assert_eq!((&offer["price"], &offer["priceCurrency"]), (&json!("49.90"), &json!("EUR")));
    assert_eq!(offer["availability"], "https://schema.org/InStock");
    assert_eq!(offer["priceValidUntil"], "2027-03-31");
    for page in ["spring/", "spring/via/newsletter/", "spring/via/acme/"] {
        assert_eq!(node(&run, page, "Product")["offers"]["url"], "https://kazi.example/spring/", "{page}");
    }
    let site = site.with_early_coupon();
    let run = site.build().ok();
    assert_eq!(node(&run, "spring/", "Product")["offers"]["priceValidUntil"], "2027-03-25");
}

#[test]
fn product_without_a_valid_price_is_left_out() {
    let site = Site::new();
    let run = site.build().clean();
    assert_eq!(node(&run, "spring/", "Product"), Value::Null);
    let site = Site::new().edit(CAMPAIGN, "ctas:\n", PRODUCT).with_early_coupon();
    let run = site.build_on("2027-03-26").ok();
    assert_eq!(node(&run, "spring/", "Product"), Value::Null);
    let run = site.build_on("2027-04-01").ok();
    assert_eq!(run.page("spring/").json_ld(), Value::Null);
}

#[test]
fn urls_are_absolute_below_a_base_path() {
    let site = with_home(Site::new()).edit(CAMPAIGN, "ctas:\n", PRODUCT);
    let site = site.edit("site.yaml", "https://kazi.example/\n", "https://kazi.example/jobs/\n");
    let run = site.build().clean();
    for page in ["", "spring/", "prices/"] {
        assert_eq!(errors_in(&run.page(page).json_ld()), Vec::<String>::new(), "{page}");
    }
    assert_eq!(node(&run, "", "Organization")["@id"], "https://kazi.example/jobs/#organization");
    assert_eq!(node(&run, "spring/", "Product")["offers"]["url"], "https://kazi.example/jobs/spring/");
    assert_eq!(breadcrumbs(&run, "prices/")[0].1, "https://kazi.example/jobs/");
}
