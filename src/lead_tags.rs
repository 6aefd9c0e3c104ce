//! The registry of lead tags: every offer of a site under its tag. What the tag register is held against.

use std::borrow::Cow;
use std::cmp::Ordering;

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Rule};
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::offer::Offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag, compare_closed};
use crate::register::IssuedTag;
use crate::resolve::{Site, State};

/// The offers of a site, sorted by their lead tags. Each tag stands for one offer.
pub struct LeadTags<'s> {
    offers: Vec<&'s Offer>,
    site: &'s Site,
}

impl<'s> LeadTags<'s> {
    /// Of two offers of one lead tag the first counts: they are the same one, offered on two pages.
    pub fn from_offers(site: &'s Site) -> (LeadTags<'s>, Vec<Diagnostic>) {
        let mut offers: Vec<&Offer> = site.offers.iter().collect();
        offers.par_sort_by(|a, b| by_tag(a, b));
        offers.dedup_by(|later, first| by_tag(later, first).is_eq());
        let lead_tags = LeadTags { offers, site };
        let found = lead_tags.code_clashes();
        (lead_tags, found)
    }

    pub fn len(&self) -> usize {
        self.offers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// What the register should say of each lead tag today, sorted.
    pub fn issued(&self) -> Vec<IssuedTag<'s>> {
        let campaigns: Vec<&[&Offer]> = self.by_campaign().collect();
        campaigns.par_iter().flat_map_iter(|offers| issued_of_campaign(self.site, offers)).collect()
    }

    fn by_campaign(&self) -> impl Iterator<Item = &[&'s Offer]> {
        self.offers.chunk_by(|a, b| a.campaign == b.campaign)
    }

    /// Two campaigns and channels of one code: one in 35 million million pairs.
    fn code_clashes(&self) -> Vec<Diagnostic> {
        let campaigns: Vec<&[&Offer]> = self.by_campaign().collect();
        let mut codes: Vec<(ShortCode, &Slug, Slug)> =
            campaigns.par_iter().flat_map_iter(|offers| all_codes_of_campaign(self.site, offers)).collect();
        codes.par_sort();
        codes.dedup();
        let clashes = codes.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let told = clashes.map(|pair| {
            let [(code, campaign, channel), (_, other_campaign, other_channel)] = [&pair[0], &pair[1]];
            let message = format!(
                "`{campaign}` on `{channel}` and `{other_campaign}` on `{other_channel}` have the same short code `{code}`"
            );
            Diagnostic::error(Rule::CodeClash, message).help("give one of the campaigns another `campaign: …` id")
        });
        told.collect()
    }
}

/// In the order of the lead tags' texts.
fn by_tag(a: &Offer, b: &Offer) -> Ordering {
    compare_closed(&a.campaign, &b.campaign)
        .then_with(|| compare_closed(&a.cta, &b.cta))
        .then_with(|| a.channel.cmp(&b.channel))
}

/// The codes of one campaign's offers, each once.
fn codes_of_campaign<'s>(offers: &[&'s Offer]) -> Vec<(ShortCode, &'s Slug, &'s Slug)> {
    let mut channels: Vec<&Slug> = offers.iter().map(|offer| &offer.channel).collect();
    channels.sort();
    channels.dedup();
    let campaign = offers.first().map(|offer| &offer.campaign);
    let linked = channels.into_iter().filter(|channel| !tag::is_reserved(channel));
    linked.filter_map(|channel| Some((ShortCode::derive(campaign?, channel), campaign?, channel))).collect()
}

/// The same, and those that its visitors quote in a message or a call.
fn all_codes_of_campaign<'s>(site: &'s Site, offers: &[&'s Offer]) -> Vec<(ShortCode, &'s Slug, Slug)> {
    let mut codes: Vec<(ShortCode, &Slug, Slug)> = codes_of_campaign(offers)
        .into_iter()
        .map(|(code, campaign, channel)| (code, campaign, channel.clone()))
        .collect();
    let id = offers.first().map(|offer| &offer.campaign);
    let quoting = id.filter(|id| {
        let page = site.campaigns.get(*id).map(|&index| &site.pages[index]);
        page.is_some_and(|page| page.page.front.ctas.values().any(Cta::quotes_a_code))
    });
    codes.extend(quoting.into_iter().flat_map(|id| site.codes_to_quote(id).map(move |(code, on)| (code, id, on))));
    codes
}

/// A hash makes a code, so each is made once and not for every call to action.
fn issued_of_campaign<'s>(site: &'s Site, offers: &[&'s Offer]) -> Vec<IssuedTag<'s>> {
    let codes = codes_of_campaign(offers);
    let code = |offer: &Offer| codes.iter().find(|(.., channel)| **channel == offer.channel).map(|(code, ..)| *code);
    offers.iter().filter_map(|offer| with_code(site, offer, code(offer))).collect()
}

/// What the register should say of an offer today. None where the content has no such call to action.
pub fn issued<'s>(site: &'s Site, offer: &Offer) -> Option<IssuedTag<'s>> {
    let code = (!tag::is_reserved(&offer.channel)).then(|| ShortCode::derive(&offer.campaign, &offer.channel));
    with_code(site, offer, code)
}

fn with_code<'s>(site: &'s Site, offer: &Offer, code: Option<ShortCode>) -> Option<IssuedTag<'s>> {
    let Offer { campaign, cta, channel, offered_on: _ } = offer;
    let page = &site.pages[*site.campaigns.get(campaign)?];
    let cta = page.page.front.ctas.get(cta)?;
    Some(IssuedTag {
        tag: LeadTag { campaign: campaign.clone(), cta: cta.id.value.clone(), channel: channel.clone() },
        kind: cta.kind(),
        label: Cow::Borrowed(&cta.label),
        offer: Cow::Owned(cta.offer_for(channel)),
        landing_page: Cow::Owned(format!("/{}", page.path.as_str())),
        code,
    })
}

/// The same for any lead tag whose three parts are known, whether or not some page issues it: a visitor from each of the
/// site's channels can arrive at every page. None where a part is unknown or the page is a draft.
pub fn derived<'s>(site: &'s Site, tag: &LeadTag) -> Option<IssuedTag<'s>> {
    let index = *site.campaigns.get(&tag.campaign)?;
    let is_channel = tag::is_reserved(&tag.channel) || site.config.channels.contains_key(&tag.channel);
    let is_draft = site.pages[index].state == State::Draft && !site.options.preview;
    let LeadTag { campaign, cta, channel } = tag.clone();
    (is_channel && !is_draft).then(|| issued(site, &Offer { campaign, cta, channel, offered_on: index })).flatten()
}
