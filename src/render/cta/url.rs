//! The address of a call to action, with its lead tag as a slot.

use super::page_cta::PageCta;
use crate::lead_tags::{cta_url, with_query};
use crate::model::address::OutwardUrl;
use crate::model::cta::{ContactBy, CtaOffer};
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::render::slots::{Slot, Slots};
use crate::render::view::OwnUrlView;
use crate::resolve::SiteCta;

/// Returns the address of a call to action's link. Empty for an expired coupon, and for an event without
/// registration.
pub fn of(shown: PageCta, state: &SiteCta, number: usize, slots: &mut Slots) -> String {
    let PageCta { cta, channel, .. } = shown;
    let base_url = &shown.site().config.base_url;
    if !super::is_open(cta, state) {
        return String::new();
    }
    let via = Slot::TagQuery { cta: number, own_host: true, is_first: true };
    if cta.form().is_some() {
        let anchor = format!("#cta-{}", cta.id.value);
        return match shown.is_on_campaign_page() {
            true => anchor,
            // Back from its thank-you page: the visitor's channel stays as it is.
            false if shown.on == shown.of => format!("{}{anchor}", base_url.rooted(&shown.campaign_page().path)),
            false => format!("{}{}{anchor}", base_url.rooted(&shown.campaign_page().path), slots.mark(via)),
        };
    }
    if let CtaOffer::Contact(by) = &cta.offer {
        return contact(shown, by, number, slots);
    }
    match (cta.url(channel), &state.file) {
        (Some(OutwardUrl::Web(url)), _) => with_query(shown.site(), &url, |own_host, is_first| {
            slots.mark(Slot::TagQuery { cta: number, own_host, is_first })
        }),
        (Some(OutwardUrl::Contact(url)), _) => url,
        (None, Some(file)) => format!("{}{}", base_url.rooted(&file.path), slots.mark(via)),
        (None, None) => String::new(),
    }
}

/// Returns a WhatsApp or telephone link. A WhatsApp message quotes the title that visitors see, and ends with the code.
fn contact(shown: PageCta, by: &ContactBy, number: usize, slots: &mut Slots) -> String {
    let front = &shown.campaign_page().page.front;
    let own = front.rare().per_channel.get(shown.channel).filter(|_| shown.is_on_campaign_page());
    let own_title = own.and_then(|own| own.value.title.as_ref());
    match by {
        ContactBy::Whatsapp(whatsapp) => {
            let before_code = whatsapp.link_before_code(own_title.unwrap_or(&front.title.value));
            format!("{before_code}{}", slots.mark(Slot::Code { cta: number }))
        }
        ContactBy::Phone(phone) => phone.link(),
        ContactBy::Form(_) => String::new(),
    }
}

/// Returns the addresses of a coupon for the channels that have their own code, if another campaign's page shows it.
/// The arrival script finds out the visitor's channel, but it cannot make the address. On the campaign's own page, the
/// script redirects to the channel page instead.
pub fn of_channels<'s>(shown: PageCta<'s, '_>, state: &SiteCta, campaign: &Slug) -> Vec<OwnUrlView<'s>> {
    let PageCta { cta, .. } = shown;
    let CtaOffer::Coupon(coupon) = &cta.offer else { return Vec::new() };
    let channels = coupon.codes.keys().filter(|_| !shown.is_on_campaign_page() && !state.expired);
    let urls = channels.filter_map(|channel| {
        let url = cta.url(channel)?;
        let tag = LeadTag::new(campaign, &cta.id.value, channel, shown.campaign_page().variant());
        Some(OwnUrlView { channel: channel.as_str(), url: cta_url(shown.site(), url.web()?, &tag, cta) })
    });
    urls.collect()
}
