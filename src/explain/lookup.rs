//! Looks up codes, pages and ids by name.

use std::collections::BTreeSet;

use super::context::ExplainContext;
use crate::lead_tags::codes_to_quote;
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::Variant;
use crate::resolve::{Site, SitePage};

/// A code with its campaign, its channel and its variant.
pub type KnownCode<'k> = (ShortCode, &'k Slug, Slug, Option<&'k Variant>);

/// Returns every code with its campaign, channel and variant: codes in the register, codes that the next build adds, and
/// codes that visitors quote to a contact.
pub fn codes<'k>(context: &'k ExplainContext) -> impl Iterator<Item = KnownCode<'k>> {
    let rows = context.register.rows().chunk_by(|a, b| a.tag == b.tag);
    let registered = rows.filter_map(|rows| {
        let LeadTag { campaign, channel, variant, .. } = &rows[0].tag;
        Some((rows[0].code?, campaign, channel.clone(), variant.as_ref()))
    });
    let pages = context.site.campaigns.keys().flat_map(|id| context.site.variants_of(id).map(move |page| (id, page)));
    let today = pages.flat_map(|(id, page)| {
        let (channels, variant) = (context.site.channel_pages(page), page.variant());
        channels
            .filter_map(move |channel| Some((ShortCode::of_link(id, channel, variant)?, id, channel.clone(), variant)))
    });
    let quoted = campaigns_with_quoted_codes(context).into_iter();
    let quoted = quoted.flat_map(|(id, variant)| {
        codes_to_quote(context.site, id, variant).map(move |(code, channel)| (code, id, channel, variant))
    });
    registered.chain(today).chain(quoted)
}

/// Returns the campaigns and their variants that have, or had, a contact to whom visitors quote a code.
fn campaigns_with_quoted_codes<'k>(context: &'k ExplainContext) -> BTreeSet<(&'k Slug, Option<&'k Variant>)> {
    let quotes = |page: &&SitePage| page.page.front.ctas.values().any(Cta::quotes_a_code);
    let ids = context.site.campaigns.keys();
    let today = ids.flat_map(|id| context.site.variants_of(id).filter(quotes).map(move |page| (id, page.variant())));
    let rows = context.register.rows().iter().filter(|row| row.kind.quotes_a_code(&row.offer));
    today.chain(rows.map(|row| (&row.tag.campaign, row.tag.variant.as_ref()))).collect()
}

/// Returns the page at a path below the base path, and the channel of a channel page. Also finds thank-you pages and
/// aliases.
pub fn page_at(site: &Site, path: &str) -> Option<(usize, Option<Slug>)> {
    let path = path.trim_end_matches('/');
    if let Some(index) = exact_page(site, path).or_else(|| exact_page(site, &path.to_lowercase())) {
        return Some((index, None));
    }
    let path = &*path.to_lowercase();
    let (rest, last) = path.rsplit_once('/').unwrap_or(("", path));
    match (rest.strip_suffix("via").map(|page| page.trim_end_matches('/')), rest.strip_suffix("thanks")) {
        (Some(page), _) => {
            let channel = Slug::parse(last).ok()?;
            let index = exact_page(site, page).filter(|&index| site.pages[index].campaign.is_some())?;
            let is_known = tag::is_reserved(&channel) || site.config.channels.contains_key(&channel);
            is_known.then_some((index, Some(channel)))
        }
        (None, Some(page)) => {
            let index = exact_page(site, page.trim_end_matches('/'))?;
            site.pages[index].forms().any(|cta| cta.id.value.as_str() == last).then_some((index, None))
        }
        (None, None) => None,
    }
}

fn exact_page(site: &Site, path: &str) -> Option<usize> {
    let pages = || site.pages.iter().position(|page| page.path.as_str().trim_end_matches('/') == path);
    let aliases = || site.aliases.iter().find(|(alias, _)| alias.as_str().trim_end_matches('/') == path);
    pages().or_else(|| aliases().map(|(_, index)| *index))
}

/// Returns the ids of all campaigns: present, former and removed.
pub fn campaigns<'k>(context: &'k ExplainContext) -> Vec<&'k Slug> {
    let site = context.site.campaigns.keys().chain(context.site.former_campaigns.keys());
    let rows = context.register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign);
    let mut ids: Vec<&Slug> = site.chain(rows.map(|rows| &rows[0].tag.campaign)).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Returns the ids of a campaign's calls to action: present, former and removed.
pub fn ctas<'k>(context: &'k ExplainContext, campaign: &Slug) -> Vec<&'k Slug> {
    let page = context.site.campaign_page(campaign).map(|index| &context.site.pages[index]);
    let present = page.into_iter().flat_map(|page| page.page.front.ctas.values());
    let present =
        present.flat_map(|cta| std::iter::once(&cta.id.value).chain(cta.was.iter().map(|former| &former.value)));
    let registered = context.register.rows_of_campaign(campaign).iter().map(|row| &row.tag.cta);
    let mut ids: Vec<&Slug> = present.chain(registered).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Returns the variants of a campaign: present and removed.
pub fn variants<'k>(context: &'k ExplainContext, campaign: &Slug) -> Vec<&'k Variant> {
    let present = context.site.campaign_page(campaign).and_then(|index| context.site.variants.get(&index));
    let present = present.into_iter().flatten().map(|(variant, _)| variant);
    let registered = context.register.rows_of_campaign(campaign).iter().filter_map(|row| row.tag.variant.as_ref());
    let mut variants: Vec<&Variant> = present.chain(registered).collect();
    variants.sort();
    variants.dedup();
    variants
}

/// Returns the ids of all channels, with `direct` and `other`.
pub fn channels(context: &ExplainContext) -> Vec<Slug> {
    context.site.config.channels.keys().cloned().chain([tag::direct(), tag::other()]).collect()
}
