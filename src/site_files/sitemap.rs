//! `sitemap.xml`: the pages that search engines may index (<https://www.sitemaps.org/protocol.html>).

use std::io;

use quick_xml::Writer;

use super::xml::{document, text_element};
use crate::model::variant::Version;
use crate::resolve::{Site, SitePage, State};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Writes the languages of a page: <https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap>.
fn alternates(writer: &mut Writer<Vec<u8>>, site: &Site, page: &SitePage) -> io::Result<()> {
    let pages = site.alternates(page);
    let main = pages.first().map(|page| ("x-default", *page));
    let languages = pages.iter().map(|page| (site.language_tag(page), *page));
    for (language, page) in languages.chain(main) {
        let address = site.config.base_url.absolute(&page.path);
        let attributes = [("rel", "alternate"), ("hreflang", language), ("href", &address)];
        writer.create_element("xhtml:link").with_attributes(attributes).write_empty()?;
    }
    Ok(())
}

/// Returns the sitemap. In a preview it is empty.
pub fn sitemap(site: &Site) -> io::Result<Vec<u8>> {
    document(|writer| {
        let urlset = writer.create_element("urlset").with_attribute(("xmlns", NAMESPACE));
        let has_languages = !site.config.languages.is_empty();
        let urlset = if has_languages { urlset.with_attribute(("xmlns:xhtml", XHTML)) } else { urlset };
        urlset.write_inner_content(|writer| {
            let is_indexed = |page: &&SitePage| page.state == State::Live && page.page.version == Version::A;
            let indexed = site.pages.iter().filter(|page| is_indexed(page) && !site.options.preview);
            for page in indexed {
                let address = site.config.base_url.absolute(&page.path);
                writer.create_element("url").write_inner_content(|writer| {
                    text_element(writer, "loc", &address)?;
                    alternates(writer, site, page)
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}
