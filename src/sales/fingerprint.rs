//! A fingerprint of everything that the files for sales are made from.

use std::hash::{Hash, Hasher};

use super::notes::SalesNotes;
use crate::digest::{FastHasher, fast_hasher};
use crate::model::body::Heading;
use crate::register::Register;
use crate::resolve::{PlacedPage, Site, SiteCta, SitePage};

/// Returns a number that changes with everything that the lead desk and the exports show. Of the texts of pages,
/// only the headings are part of it.
pub fn fingerprint(site: &Site, register: &Register, notes: &SalesNotes) -> u128 {
    let mut hasher = fast_hasher();
    site.config.source.text.hash(&mut hasher);
    site.config.base_url.to_string().hash(&mut hasher);
    (site.options.preview, site.next_change).hash(&mut hasher);
    for page in &site.pages {
        hash_page(&mut hasher, page);
    }
    site.shown_elsewhere.hash(&mut hasher);
    register.rows().hash(&mut hasher);
    notes.hash(&mut hasher);
    site.figures.hash(&mut hasher);
    hasher.finish().into()
}

fn hash_page(hasher: &mut FastHasher, page: &SitePage) {
    let SitePage { placed, above: _, links: _, image: _, after_end, ctas, forms_at_end: _, headings } = page;
    let PlacedPage { index: _, page, path, state, layout, campaign, variant_of } = placed;
    (&page.file, page.front_hash, path, state.name(), layout, campaign, variant_of, after_end).hash(hasher);
    for Heading { level, text, span: _ } in headings.iter() {
        (level, text).hash(hasher);
    }
    for (id, SiteCta { expired, file, event: _ }) in ctas {
        (id, expired).hash(hasher);
        file.as_ref().map(|file| (&file.path, &file.name, file.length)).hash(hasher);
    }
}
