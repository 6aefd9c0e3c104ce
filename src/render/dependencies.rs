//! What a drawn page depends on, as numbers: a page whose numbers stayed the same would be drawn as the same bytes.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::slug::Slug;
use crate::resolve::{PublishedFile, Site, SitePage, Target};
use crate::theme::Theme;

/// What all pages depend on: `site.yaml` and where its links lead, the theme, the day, and how the site is shown.
pub fn shared(site: &Site, theme: &Theme) -> u64 {
    let mut hasher = DefaultHasher::new();
    let options = &site.options;
    (options.today, options.preview, options.rehearsal, options.minify).hash(&mut hasher);
    site.config.source.text.hash(&mut hasher);
    site.config.base_url.to_string().hash(&mut hasher);
    site.logo.hash(&mut hasher);
    for target in &site.navigation {
        hash_target(&mut hasher, site, target);
    }
    theme.hash.hash(&mut hasher);
    hasher.finish()
}

/// What one page depends on beyond its own file and what is [`shared`]: its state, and the pages and files that it refers
/// to.
pub fn beyond(site: &Site, page: &SitePage) -> u64 {
    let mut hasher = DefaultHasher::new();
    let SitePage { page: _, path, state, layout, campaign, links, image, after_end, above: _, ctas: _, forms_at_end } =
        page;
    (path, state.name(), layout, campaign, forms_at_end).hash(&mut hasher);
    image.hash(&mut hasher);
    hash_page(&mut hasher, site, *after_end);
    for above in site.trail(page) {
        (&above.path, &above.page.front.title.value).hash(&mut hasher);
    }
    hash_ctas(&mut hasher, page);
    for target in links {
        hash_target(&mut hasher, site, target);
    }
    hasher.finish()
}

fn hash_target(hasher: &mut DefaultHasher, site: &Site, target: &Target) {
    std::mem::discriminant(target).hash(hasher);
    match target {
        Target::Page { page, anchor, query } => (&site.pages[*page].path, anchor, query).hash(hasher),
        Target::File { path, anchor, query } => (path, anchor, query).hash(hasher),
        Target::Picture(picture) => picture.hash(hasher),
        Target::Web(url) => url.hash(hasher),
        Target::Contact(url) => url.hash(hasher),
        Target::Cta { page, cta } => {
            let page = &site.pages[*page];
            (cta, &page.path, page.state.name(), &page.campaign, page.page.front_hash).hash(hasher);
            hash_ctas(hasher, page);
        }
        Target::Ended { instead } => hash_page(hasher, site, *instead),
        Target::Text => {}
    }
}

/// A page that is linked by its title.
fn hash_page(hasher: &mut DefaultHasher, site: &Site, index: Option<usize>) {
    let page = index.map(|index| &site.pages[index]);
    page.map(|page| (&page.path, &page.page.front.title.value)).hash(hasher);
}

fn hash_ctas(hasher: &mut DefaultHasher, page: &SitePage) {
    for (id, cta) in &page.ctas {
        let file = cta.file.as_ref().map(|PublishedFile { path, name, length }| (path, name, length));
        let facts: (&Slug, bool, _) = (id, cta.expired, file);
        facts.hash(hasher);
    }
}
