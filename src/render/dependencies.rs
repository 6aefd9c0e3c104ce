//! Fingerprints of what a rendered page depends on. A page with unchanged fingerprints renders to the same bytes, in the same
//! program.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::structured_data;
use crate::body_store::StoredBody;
use crate::digest::{self, FastHasher, fast_hasher};
use crate::model::slug::Slug;
use crate::resolve::{PlacedPage, PublishedFile, Site, SitePage, Target};
use crate::theme::Theme;

/// Returns the fingerprint of everything that the files of a page depend on; `None` if no later build can use it. `of_site`
/// is the [`site_fingerprint`].
pub fn fingerprint(of_site: u64, site: &Site, page: &SitePage, body: &StoredBody) -> Option<u128> {
    let text = body.text?;
    let mut hash = Sha256::new();
    hash.update(of_site.to_le_bytes());
    hash.update(page_fingerprint(site, page).to_le_bytes());
    hash.update(text.to_le_bytes());
    Some(digest::finished_number(hash))
}

/// Returns the fingerprint of what all pages depend on: `site.yaml` and its links, the theme, and the build options.
/// What the day changes is in the [`page_fingerprint`].
pub fn site_fingerprint(site: &Site, theme: &Theme) -> u64 {
    let mut hasher = fast_hasher();
    let options = &site.options;
    (options.preview, options.rehearsal, options.minify).hash(&mut hasher);
    site.config.source.text.hash(&mut hasher);
    site.config.base_url.to_string().hash(&mut hasher);
    for channel in site.config.channels.keys().filter(|channel| site.active_channels.contains(*channel)) {
        channel.hash(&mut hasher);
    }
    // The scripts depend on them.
    (site.has_variants(), site.has_splits()).hash(&mut hasher);
    site.logo.hash(&mut hasher);
    site.icon.hash(&mut hasher);
    let translated = site
        .languages
        .iter()
        .flat_map(|language| language.links.iter().chain(language.consents.iter().flat_map(|consent| &consent.links)));
    let main = site.links.iter().chain(site.consents.iter().flat_map(|consent| &consent.links));
    for target in main.chain(translated) {
        hash_target(&mut hasher, site, target);
    }
    for language in site.config.languages.iter().map(Some).chain([None]) {
        // It is in `site.yaml`, but not on every day on the pages.
        site.announcement(language).is_some().hash(&mut hasher);
    }
    for language in &site.config.languages {
        site.home_in(Some(language)).hash(&mut hasher);
    }
    theme.hash.hash(&mut hasher);
    hasher.finish()
}

/// Returns the fingerprint of everything a page depends on besides its own file and the [`site_fingerprint`]: its
/// state, and the pages and files that it refers to.
pub fn page_fingerprint(site: &Site, page: &SitePage) -> u64 {
    let mut hasher = fast_hasher();
    for (variant, index) in site.variants.get(&page.original()).into_iter().flatten() {
        // The other languages of the page are linked in its head.
        let other = &site.pages[*index];
        (variant, &other.path, other.state.name()).hash(&mut hasher);
    }
    let SitePage { placed, above: _, links, image, after_end, ctas: _, forms_at_end, headings: _ } = page;
    let PlacedPage { index: _, page: _, path, state, layout, campaign, variant_of } = placed;
    variant_of.as_ref().map(|(variant, original)| (variant, &site.pages[*original].path)).hash(&mut hasher);
    (path, state.name(), layout, campaign, forms_at_end).hash(&mut hasher);
    image.hash(&mut hasher);
    structured_data::price_has_expired(site, page).hash(&mut hasher);
    hash_link_to_page(&mut hasher, site, *after_end);
    for ancestor in site.trail(page) {
        (&ancestor.path, &ancestor.page.front.title.value).hash(&mut hasher);
    }
    hash_ctas(&mut hasher, site, page);
    for target in links {
        hash_target(&mut hasher, site, target);
    }
    hasher.finish()
}

fn hash_target(hasher: &mut FastHasher, site: &Site, target: &Target) {
    std::mem::discriminant(target).hash(hasher);
    match target {
        Target::Page { page, after } => (&site.pages[*page].path, after).hash(hasher),
        Target::File { path, after } => (path, after).hash(hasher),
        Target::Picture(picture) => picture.hash(hasher),
        Target::Web(url) => url.hash(hasher),
        Target::Contact(url) => url.hash(hasher),
        Target::Cta { page, cta } => {
            let page = &site.pages[*page];
            (cta, &page.path, page.state.name(), &page.campaign, page.page.front_hash).hash(hasher);
            hash_ctas(hasher, site, page);
        }
        Target::Ended { campaign } => hash_link_to_page(hasher, site, site.pages[*campaign].after_end),
        Target::Text => {}
    }
}

/// Hashes a page whose title is the text of a link.
fn hash_link_to_page(hasher: &mut FastHasher, site: &Site, index: Option<usize>) {
    let page = index.map(|index| &site.pages[index]);
    page.map(|page| (&page.path, &page.page.front.title.value)).hash(hasher);
}

fn hash_ctas(hasher: &mut FastHasher, site: &Site, page: &SitePage) {
    for (id, cta) in &page.ctas {
        let file = cta.file.as_deref().map(|PublishedFile { path, name, length }| (path, name, length));
        let over = cta.event.as_deref().map(|event| &event.over);
        let facts: (&Slug, bool, _, _) = (id, cta.expired, file, over);
        facts.hash(hasher);
        if let Some(recording) = cta.event.as_deref().and_then(|event| event.recording.as_ref()) {
            hash_target(hasher, site, recording);
        }
    }
}
