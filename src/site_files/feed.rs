//! `feed.xml`: the articles as an Atom feed (RFC 4287), newest first.

use std::io;

use quick_xml::Writer;

use super::xml::{document, text_element};
use crate::model::date::When;
use crate::model::site::SiteLanguage;
use crate::model::site_path::SitePath;
use crate::model::variant::Version;
use crate::resolve::{Site, SitePage, State};

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";

type XmlWriter = Writer<Vec<u8>>;

/// Returns the path of the feed in a language: `de/feed.xml`. `None` is the main language.
pub fn path(language: Option<&SiteLanguage>) -> Option<SitePath> {
    match language {
        None => Some(SitePath::fixed("feed.xml")),
        Some(language) => SitePath::parse(&format!("{}/feed.xml", language.language)),
    }
}

/// Returns the feed in a language.
pub fn feed(site: &Site, language: Option<&SiteLanguage>) -> io::Result<Vec<u8>> {
    let config = &site.config;
    let home = config.base_url.absolute(&site.home_in(language));
    let own = path(language).map(|path| config.base_url.absolute(&path)).unwrap_or_default();
    let (title, tag) = (config.title_in(language), language.map_or(&config.language, |language| &language.tag));
    let author = config.organization.as_ref().map_or(title, |organization| &organization.name);
    let articles = articles(site, language);
    let updated =
        articles.first().map_or_else(|| "2000-01-01T00:00:00Z".to_owned(), |(date, _)| timestamp(site, *date));
    document(|writer| {
        let feed = writer.create_element("feed");
        let feed = feed.with_attributes([("xmlns", NAMESPACE), ("xml:lang", tag.value.as_str())]);
        feed.write_inner_content(|writer| {
            text_element(writer, "title", title)?;
            text_element(writer, "id", &home)?;
            writer.create_element("link").with_attribute(("href", home.as_str())).write_empty()?;
            writer.create_element("link").with_attributes([("rel", "self"), ("href", own.as_str())]).write_empty()?;
            text_element(writer, "updated", &updated)?;
            author_element(writer, author)?;
            articles.iter().try_for_each(|(date, page)| entry(writer, site, *date, page))
        })?;
        Ok(())
    })
}

fn articles<'s>(site: &'s Site, language: Option<&SiteLanguage>) -> Vec<(When, &'s SitePage)> {
    let is_listed = |page: &SitePage| {
        site.language_of(page).map(|language| &language.language) == language.map(|language| &language.language)
            && page.page.version == Version::A
    };
    let mut articles: Vec<_> = site
        .published()
        .filter(|(_, page)| page.layout == "article" && page.state == State::Live && is_listed(page))
        .filter_map(|(_, page)| Some((page.page.front.date?, page)))
        .collect();
    articles.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
    articles
}

/// Formats a date. Without a time it is the start of the day in the site's time zone.
fn timestamp(site: &Site, when: When) -> String {
    let time = when.time.unwrap_or(jiff::civil::Time::midnight());
    let zoned = when.day.to_datetime(time).to_zoned(site.config.timezone.clone());
    zoned.map(|zoned| zoned.timestamp().to_string()).unwrap_or_else(|_| format!("{}T00:00:00Z", when.day))
}

fn entry(writer: &mut XmlWriter, site: &Site, date: When, page: &SitePage) -> io::Result<()> {
    let front = &page.page.front;
    let url = site.config.base_url.absolute(&page.path);
    writer.create_element("entry").write_inner_content(|writer| {
        text_element(writer, "title", &front.title.value)?;
        text_element(writer, "id", &url)?;
        writer.create_element("link").with_attribute(("href", url.as_str())).write_empty()?;
        text_element(writer, "updated", &timestamp(site, date))?;
        if let Some(author) = &front.rare().author {
            author_element(writer, author)?;
        }
        front.summary().map_or(Ok(()), |summary| text_element(writer, "summary", summary))
    })?;
    Ok(())
}

fn author_element(writer: &mut XmlWriter, name: &str) -> io::Result<()> {
    writer.create_element("author").write_inner_content(|writer| text_element(writer, "name", name))?;
    Ok(())
}
