//! What the content offers under a lead tag today. The tag register is compared with it.

use arcstr::ArcStr;

use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::offer::Offer;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::Version;
use crate::resolve::{Site, State};

/// A lead tag that the content defines today, and what it offers.
///
/// Lead tags of one campaign share equal texts, because a site can have hundreds of thousands of lead tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    pub tag: LeadTag,
    pub kind: CtaKind,
    pub label: ArcStr,
    /// The coupon's code, the file's name, the scheduler's host, a phone number or `form`.
    pub offer: ArcStr,
    /// The path, without the base path.
    pub landing_page: ArcStr,
    /// [`ShortCode::of_tag`] of the lead tag. The register rejects any other code.
    pub code: Option<ShortCode>,
    /// The version that became the page. Its lead tags close that day, and those of the page open again.
    pub winner: Option<Version>,
}

/// Returns what an offer's lead tag offers today. `None` if the content has no such call to action.
pub fn issued(site: &Site, offer: &Offer) -> Option<Issued> {
    let code = ShortCode::of_link(&offer.campaign, &offer.channel, offer.variant.as_ref());
    issued_after(site, offer, code, None)
}

/// Returns the same as [`issued`] for an offer whose short code is known already. It shares the texts of the previous one.
pub fn issued_after(site: &Site, offer: &Offer, code: Option<ShortCode>, previous: Option<&Issued>) -> Option<Issued> {
    let Offer { campaign, cta, channel, variant, offered_on: _ } = offer;
    let page = &site.pages[site.in_variant(*site.campaigns.get(campaign)?, variant.as_ref())?];
    let cta = page.page.front.ctas.get(cta)?;
    Some(Issued {
        tag: LeadTag::new(campaign, &cta.id.value, channel, variant.as_ref()),
        kind: cta.kind(),
        label: shared(previous.map(|previous| &previous.label), &cta.label),
        offer: shared(previous.map(|previous| &previous.offer), &cta.offer_for(channel)),
        landing_page: shared(previous.map(|previous| &previous.landing_page), &format!("/{}", page.path.as_str())),
        code,
        winner: page.page.front.versions.as_deref().and_then(|versions| versions.winner).map(|winner| winner.value),
    })
}

fn shared(previous: Option<&ArcStr>, text: &str) -> ArcStr {
    match previous.filter(|previous| ***previous == *text) {
        Some(previous) => ArcStr::clone(previous),
        None => text.into(),
    }
}

/// Returns what a lead tag offers today, even if no page of the site issues it: visitors of every channel can reach
/// every page. `None` if a part of the tag is unknown or the page is a draft.
pub fn issued_on_any_channel(site: &Site, tag: &LeadTag) -> Option<Issued> {
    let index = site.in_variant(*site.campaigns.get(&tag.campaign)?, tag.variant.as_ref())?;
    let is_channel = tag::is_reserved(&tag.channel) || site.config.channels.contains_key(&tag.channel);
    let is_draft = site.pages[index].state == State::Draft && !site.options.preview;
    let LeadTag { campaign, cta, channel, variant } = tag.clone();
    let offer = Offer { campaign, cta, channel, variant, offered_on: index };
    (is_channel && !is_draft).then(|| issued(site, &offer)).flatten()
}

/// Returns a lead tag with the current ids of its campaign and call to action. `None` if the content no longer has
/// them.
pub fn current_tag(site: &Site, tag: &LeadTag) -> Option<LeadTag> {
    let variant = tag.variant.as_ref();
    let page = &site.pages[site.in_variant(site.campaign_page(&tag.campaign)?, variant)?];
    let cta = page.present_cta(&tag.cta)?;
    Some(LeadTag::new(page.campaign.as_ref()?, &cta.id.value, &tag.channel, variant))
}
