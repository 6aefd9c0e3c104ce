//! The registry of lead tags: every offer of a site under its tag. What the tag register is held against.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::code::ShortCode;
use crate::model::offer::Offer;
use crate::model::tag::LeadTag;
use crate::register::Issued;
use crate::resolve::Site;
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
        self.offers.iter().filter_map(move |(tag, offer)| {
            let page = &site.pages[*site.campaigns.get(&offer.campaign)?];
            let cta = page.page.front.ctas.get(&offer.cta)?;
            Some(Issued {
                code: ShortCode::of(tag),
                tag: tag.clone(),
                kind: cta.kind(),
                label: Cow::Borrowed(&cta.label),
                offer: Cow::Owned(cta.offer_for(&offer.channel)),
                landing_page: Cow::Owned(format!("/{}", page.path.as_str())),
            })
        })
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
