//! JSON-LD in schema.org's words. Every text goes through the JSON writer, and `<` never stands in it as
//! itself, so no text can end the script element.
//!
//! What each type has to have is schema.org's and Google's to say:
//! <https://developers.google.com/search/docs/appearance/structured-data/search-gallery>. A page is told about once, at its
//! landing page's address, whatever the channel.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::faq::{self, Question};
use super::picture;
use crate::model::address::SitePath;
use crate::model::cta::CtaOffer;
use crate::model::date::When;
use crate::resolve::{Site, SitePage, State, Target};

/// The JSON-LD of a page; empty for one that is over.
pub fn of_page(site: &Site, page: &SitePage) -> String {
    if page.state == State::Ended {
        return String::new();
    }
    let mut graph = about_page(site, page);
    graph.extend(breadcrumbs(site, page));
    graph.extend(product(site, page));
    script_safe(&json!({ "@context": "https://schema.org", "@graph": graph }))
}

/// The page itself. A `FAQPage` is a `WebPage`, so one node is both; the home page and articles are something else, and
/// have their questions beside them.
fn about_page(site: &Site, page: &SitePage) -> Vec<Value> {
    let title = &page.page.front.title.value;
    let questions = questions(&faq::questions(site, page));
    let mut about = match () {
        () if page.path == SitePath::home() => vec![web_site(site, page), organization(site)],
        () if page.layout == "article" => vec![article(site, page)],
        () => {
            let kind = if questions.is_some() { "FAQPage" } else { "WebPage" };
            let mut web_page = with_facts(site, page, json!({ "@type": kind, "name": title }));
            web_page["publisher"] = organization_id(site);
            set(&mut web_page, "mainEntity", questions);
            return vec![web_page];
        }
    };
    about.extend(questions.map(|questions| json!({ "@type": "FAQPage", "mainEntity": questions })));
    about
}

/// `name` and `url` make the site's name in search results:
/// <https://developers.google.com/search/docs/appearance/site-names>.
fn web_site(site: &Site, page: &SitePage) -> Value {
    let mut web_site = with_facts(site, page, json!({ "@type": "WebSite", "name": site.config.title }));
    web_site["publisher"] = organization_id(site);
    web_site
}

/// Nothing is required, and all that we know is recommended:
/// <https://developers.google.com/search/docs/appearance/structured-data/article>.
fn article(site: &Site, page: &SitePage) -> Value {
    let front = &page.page.front;
    let mut article = with_facts(site, page, json!({ "@type": "Article", "headline": front.title.value }));
    // Named, for those who read no other page.
    article["publisher"] =
        json!({ "@type": "Organization", "@id": id_of_organization(site), "name": name_of_organization(site) });
    set(&mut article, "datePublished", front.date.map(|date| instant_or_day(site, date).into()));
    set(&mut article, "author", front.author.as_ref().map(|author| json!({ "@type": "Person", "name": author })));
    article
}

fn with_facts(site: &Site, page: &SitePage, mut about: Value) -> Value {
    about["url"] = site.config.base_url.absolute(&page.path).into();
    about["inLanguage"] = site.config.language.value.as_str().into();
    set(&mut about, "description", page.page.front.summary().map(Value::from));
    set(&mut about, "image", image(site, page));
    about
}

fn image(site: &Site, page: &SitePage) -> Option<Value> {
    Some(site.config.base_url.absolute(picture::shared(page.image.as_ref()?).0).into())
}

/// A time needs its zone, so it is told as an instant.
fn instant_or_day(site: &Site, date: When) -> String {
    let instant = date.time.and_then(|_| date.end(&site.config.timezone));
    instant.map_or_else(|| date.day.to_string(), |instant| instant.to_string())
}

/// `logo` and `url` are what search results show of it:
/// <https://developers.google.com/search/docs/appearance/structured-data/organization>. Only the home page has all of it,
/// the others refer to it by its `@id`.
fn organization(site: &Site) -> Value {
    let base_url = &site.config.base_url;
    let organization = site.config.organization.as_ref();
    let mut data = json!({
        "@type": "Organization",
        "@id": id_of_organization(site),
        "name": name_of_organization(site),
        "url": base_url.absolute(&SitePath::home()),
    });
    set(&mut data, "logo", site.logo.as_ref().map(|logo| base_url.absolute(logo).into()));
    set(&mut data, "email", organization.and_then(|organization| organization.email.as_deref()).map(Value::from));
    set(&mut data, "telephone", organization.and_then(|organization| organization.phone.as_deref()).map(Value::from));
    data
}

fn organization_id(site: &Site) -> Value {
    json!({ "@id": id_of_organization(site) })
}

fn id_of_organization(site: &Site) -> String {
    format!("{}#organization", site.config.base_url.absolute(&SitePath::home()))
}

fn name_of_organization(site: &Site) -> &str {
    site.config.organization.as_ref().map_or(&site.config.title, |organization| &organization.name)
}

/// Each question needs its text and one answer with a text:
/// <https://developers.google.com/search/docs/appearance/structured-data/faqpage>.
fn questions(questions: &[Question]) -> Option<Value> {
    let each = questions.iter().map(|Question { question, answer }| {
        json!({ "@type": "Question", "name": question, "acceptedAnswer": { "@type": "Answer", "text": answer } })
    });
    (!questions.is_empty()).then(|| each.collect())
}

/// At least two entries, of which the last may be without an address, since it is this page's:
/// <https://developers.google.com/search/docs/appearance/structured-data/breadcrumb>.
fn breadcrumbs(site: &Site, page: &SitePage) -> Option<Value> {
    let trail = site.trail(page);
    let entries = trail.iter().enumerate().map(|(index, page)| {
        let mut entry = json!({ "@type": "ListItem", "position": index + 1, "name": short_name(site, page) });
        if index + 1 < trail.len() {
            entry["item"] = site.config.base_url.absolute(&page.path).into();
        }
        entry
    });
    (trail.len() > 1).then(|| json!({ "@type": "BreadcrumbList", "itemListElement": entries.collect::<Value>() }))
}

/// What the navigation calls a page, else its title; the home page is the site.
fn short_name<'s>(site: &'s Site, page: &'s SitePage) -> &'s str {
    let in_navigation = site.config.navigation.iter().zip(&site.navigation).find(|(_, target)| match target {
        Target::Page { page: target, anchor: None, .. } => site.pages[*target].path == page.path,
        _ => false,
    });
    match in_navigation {
        Some((entry, _)) => &entry.label,
        None if page.path == SitePath::home() => &site.config.title,
        None => &page.page.front.title.value,
    }
}

/// A product needs a name and an offer, which needs a price and its currency; in shopping results it needs a picture too:
/// <https://developers.google.com/search/docs/appearance/structured-data/product-snippet> and
/// <https://developers.google.com/search/docs/appearance/structured-data/merchant-listing>. There is none once its price is
/// over.
fn product(site: &Site, page: &SitePage) -> Option<Value> {
    let front = &page.page.front;
    let product = &front.product.as_ref()?.value;
    let until = last_day_of_price(page);
    if until.is_some_and(|day| day < site.options.today) {
        return None;
    }
    let mut offer = json!({
        "@type": "Offer",
        "url": site.config.base_url.absolute(&page.path),
        "price": product.price.as_str(),
        "priceCurrency": product.currency.code(),
        "availability": "https://schema.org/InStock",
        "seller": organization_id(site),
    });
    set(&mut offer, "priceValidUntil", until.map(|day| day.to_string().into()));
    let mut data = json!({ "@type": "Product", "name": product.name });
    set(&mut data, "description", front.summary().map(Value::from));
    set(&mut data, "image", image(site, page));
    set(&mut data, "brand", product.brand.as_ref().map(|brand| json!({ "@type": "Brand", "name": brand })));
    data["offers"] = offer;
    Some(data)
}

/// The campaign's last day, or that of a coupon of it that expires before.
fn last_day_of_price(page: &SitePage) -> Option<Date> {
    let front = &page.page.front;
    let expiries = front.ctas.values().filter_map(|cta| match &cta.offer {
        CtaOffer::Coupon(coupon) => coupon.expires,
        CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) => None,
    });
    expiries.chain(front.ends).map(|last| last.value.day).min()
}

fn set(data: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        data[key] = value;
    }
}

/// JSON for the inside of a script element, which only a `<` could end or make a comment of.
fn script_safe(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_script() {
        let json = script_safe(&json!({ "name": "</script><script>alert(1)</script> & <!--" }));
        assert!(!json.contains('<'), "{json}");
        assert_eq!(
            serde_json::from_str::<Value>(&json)
                .ok()
                .and_then(|data| data["name"].as_str().map(str::to_owned))
                .as_deref(),
            Some("</script><script>alert(1)</script> & <!--")
        );
    }
}
