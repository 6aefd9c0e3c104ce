//! `sitemap.xml`: the pages that search engines may index (<https://www.sitemaps.org/protocol.html>).

use std::io;

use super::xml::{document, text_element};
use crate::resolve::{Site, State};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Returns the sitemap. In a preview it is empty.
pub fn sitemap(site: &Site) -> io::Result<Vec<u8>> {
    document(|writer| {
        writer.create_element("urlset").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
            let indexed = site.pages.iter().filter(|page| page.state == State::Live && !site.options.preview);
            for page in indexed {
                let address = site.config.base_url.absolute(&page.path);
                writer.create_element("url").write_inner_content(|writer| text_element(writer, "loc", &address))?;
            }
            Ok(())
        })?;
        Ok(())
    })
}
