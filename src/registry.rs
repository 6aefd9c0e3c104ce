//! The registry of lead tags: every offer of a site under its tag. What the tag register is held against.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::code::ShortCode;
use crate::model::offer::Offer;
use crate::model::tag::{self, LeadTag};
use crate::register::Issued;
use crate::resolve::{Site, State};
use crate::word::diagnostic::{Diagnostic, Rule};
use crate::word::slug::Slug;

/// The offers of a site by their lead tags. Each stands for one offer.
pub struct TagRegistry<'s> {
    offers: BTreeMap<LeadTag, &'s Offer>,
    site: &'s Site,
}

impl<'s> TagRegistry<'s> {
    /// Of two offers of one lead tag the first counts: they are the same one, offered on two pages.
    pub fn from_offers(site: &'s Site) -> (TagRegistry<'s>, Vec<Diagnostic>) {
        let mut offers = BTreeMap::new();
        for offer in &site.offers {
            let tag =
                LeadTag { campaign: offer.campaign.clone(), cta: offer.cta.clone(), channel: offer.channel.clone() };
            offers.entry(tag).or_insert(offer);
        }
        let registry = TagRegistry { offers, site };
        let found = registry.code_clashes();
        (registry, found)
    }

    pub fn len(&self) -> usize {
        self.offers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// What the register should say of each lead tag today.
    pub fn issued(&self) -> impl Iterator<Item = Issued<'s>> {
        let site = self.site;
        self.offers.values().filter_map(move |offer| issued(site, offer))
    }

    /// Two campaigns and channels of one code: one in 35 million million pairs.
    fn code_clashes(&self) -> Vec<Diagnostic> {
        let mut known: BTreeMap<ShortCode, (&Slug, &Slug)> = BTreeMap::new();
        let mut found = Vec::new();
        for tag in self.offers.keys() {
            let Some(code) = ShortCode::of(tag) else { continue };
            let pair = (&tag.campaign, &tag.channel);
            match known.entry(code) {
                Entry::Vacant(entry) => {
                    entry.insert(pair);
                }
                Entry::Occupied(entry) if *entry.get() != pair => {
                    let (campaign, channel) = entry.get();
                    let message = format!(
                        "`{campaign}` on `{channel}` and `{}` on `{}` have the same short code `{code}`",
                        pair.0, pair.1
                    );
                    found.push(
                        Diagnostic::error(Rule::CodeClash, message)
                            .help("give one of the campaigns another `campaign: …` id"),
                    );
                }
                Entry::Occupied(_) => {}
            }
        }
        found
    }
}

/// What the register should say of an offer today. None where the content has no such call to action.
pub fn issued<'s>(site: &'s Site, offer: &Offer) -> Option<Issued<'s>> {
    let Offer { campaign, cta, channel, offered_on: _ } = offer;
    let tag = LeadTag { campaign: campaign.clone(), cta: cta.clone(), channel: channel.clone() };
    let page = &site.pages[*site.campaigns.get(campaign)?];
    let cta = page.page.front.ctas.get(cta)?;
    Some(Issued {
        code: ShortCode::of(&tag),
        tag,
        kind: cta.kind(),
        label: Cow::Borrowed(&cta.label),
        offer: Cow::Owned(cta.offer_for(channel)),
        landing_page: Cow::Owned(format!("/{}", page.path.as_str())),
    })
}

/// The same for any lead tag whose three parts are known, whether or not some page issues it: a visitor from each of the
/// site's channels can arrive at every page. None where a part is unknown or the page is a draft.
pub fn derived<'s>(site: &'s Site, tag: &LeadTag) -> Option<Issued<'s>> {
    let index = *site.campaigns.get(&tag.campaign)?;
    let is_channel = tag::is_reserved(&tag.channel) || site.config.channels.contains_key(&tag.channel);
    let is_draft = site.pages[index].state == State::Draft && !site.options.preview;
    let LeadTag { campaign, cta, channel } = tag.clone();
    (is_channel && !is_draft).then(|| issued(site, &Offer { campaign, cta, channel, offered_on: index })).flatten()
}
