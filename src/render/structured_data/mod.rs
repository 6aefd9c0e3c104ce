//! JSON-LD in the vocabulary of schema.org, for search engines. All variants of a page have the data of the landing
//! page.
//!
//! schema.org and Google define the required properties:
//! <https://developers.google.com/search/docs/appearance/structured-data/search-gallery>.

mod event;
mod json;
mod organization;
mod product;
mod questions;

use serde_json::{Value, json};

use crate::model::body::Body;
use crate::model::date::When;
use crate::model::site_path::SitePath;
use crate::resolve::{Site, SitePage, State, Target};
use json::{image, script_safe, set};
pub use product::has_expired as price_has_expired;
use questions::Question;

/// Returns the JSON-LD of a page. Empty for an ended campaign.
pub fn of_page(site: &Site, page: &SitePage, body: &Body) -> String {
    if page.state == State::Ended {
        return String::new();
    }
    let mut graph = about_page(site, page, body);
    graph.extend(breadcrumbs(site, page));
    graph.extend(product::of_page(site, page));
    graph.extend(event::of_page(site, page));
    script_safe(&json!({ "@context": "https://schema.org", "@graph": graph }))
}

/// Returns the page itself and its questions. A `FAQPage` is a `WebPage`, so these two are one node. The home page and
/// articles have other types, and their questions are a node of their own.
fn about_page(site: &Site, page: &SitePage, body: &Body) -> Vec<Value> {
    let title = &page.page.front.title.value;
    let questions = questions(&questions::of_page(site, page, body));
    let mut about = match () {
        () if page.path == SitePath::home() => vec![web_site(site, page), organization::complete(site)],
        () if page.layout == "article" => vec![article(site, page)],
        () => {
            let kind = if questions.is_some() { "FAQPage" } else { "WebPage" };
            let mut web_page = with_page_facts(site, page, json!({ "@type": kind, "name": title }));
            web_page["publisher"] = organization::reference(site);
            set(&mut web_page, "mainEntity", questions);
            return vec![web_page];
        }
    };
    about.extend(questions.map(|questions| json!({ "@type": "FAQPage", "mainEntity": questions })));
    about
}

/// Search results take the site's name from `name` and `url`:
/// <https://developers.google.com/search/docs/appearance/site-names>.
fn web_site(site: &Site, page: &SitePage) -> Value {
    let mut web_site = with_page_facts(
        site,
        page,
        json!({ "@type": "WebSite", "name": site.config.title_in(site.language_of(page)) }),
    );
    web_site["publisher"] = organization::reference(site);
    web_site
}

/// No property of an article is required; these are recommended:
/// <https://developers.google.com/search/docs/appearance/structured-data/article>.
fn article(site: &Site, page: &SitePage) -> Value {
    let front = &page.page.front;
    let mut article = with_page_facts(site, page, json!({ "@type": "Article", "headline": front.title.value }));
    article["publisher"] = organization::named_reference(site);
    set(&mut article, "datePublished", front.date.map(|date| instant_or_day(site, date).into()));
    set(
        &mut article,
        "author",
        front.rare().author.as_ref().map(|author| json!({ "@type": "Person", "name": author })),
    );
    article
}

fn with_page_facts(site: &Site, page: &SitePage, mut about: Value) -> Value {
    about["url"] = site.config.base_url.absolute(&site.as_written(page).path).into();
    about["inLanguage"] = site.language_tag(page).into();
    set(&mut about, "description", page.page.front.summary().map(Value::from));
    set(&mut about, "image", image(site, page));
    about
}

/// A time needs a time zone, so it is written as an instant.
fn instant_or_day(site: &Site, date: When) -> String {
    let instant = date.time.and_then(|_| date.end(&site.config.timezone));
    instant.map_or_else(|| date.day.to_string(), |instant| instant.to_string())
}

/// Each question needs a text, and one answer with a text:
/// <https://developers.google.com/search/docs/appearance/structured-data/faqpage>.
fn questions(questions: &[Question]) -> Option<Value> {
    let entries = questions.iter().map(|Question { question, answer }| {
        json!({ "@type": "Question", "name": question, "acceptedAnswer": { "@type": "Answer", "text": answer } })
    });
    (!questions.is_empty()).then(|| entries.collect())
}

/// Breadcrumbs need at least two entries. The last entry is this page, so it needs no address:
/// <https://developers.google.com/search/docs/appearance/structured-data/breadcrumb>.
fn breadcrumbs(site: &Site, page: &SitePage) -> Option<Value> {
    let trail = site.trail(page);
    let entries = trail.iter().enumerate().map(|(index, page)| {
        let mut entry = json!({ "@type": "ListItem", "position": index + 1, "name": short_name(site, page) });
        if index + 1 < trail.len() {
            entry["item"] = site.config.base_url.absolute(&site.as_written(page).path).into();
        }
        entry
    });
    (trail.len() > 1).then(|| json!({ "@type": "BreadcrumbList", "itemListElement": entries.collect::<Value>() }))
}

/// Returns a page's label in the navigation, or its title. The home page has the site's title.
fn short_name<'s>(site: &'s Site, page: &'s SitePage) -> &'s str {
    let in_navigation = site.navigation(site.language_of(page)).find(|(_, target)| match target {
        Target::Page { page: target, after } if after.anchor().is_none() => site.pages[*target].path == page.path,
        _ => false,
    });
    match in_navigation {
        Some((entry, _)) => &entry.label,
        None if page.path == site.home_in(site.language_of(page)) => site.config.title_in(site.language_of(page)),
        None => &page.page.front.title.value,
    }
}
