//! Calls to action as templates see them: the link with its lead tag, and what is on offer.

use super::form;
use super::slots::{Slot, Slots};
use super::view::{BookingView, CouponView, CtaView, DownloadView};
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::cta::{Cta, CtaOffer};
use crate::model::file::{format_of, size_in_words};
use crate::resolve::{Site, SiteCta};
use crate::word::slug::Slug;

/// The parameters that carry a lead source; an author's own would fight with ours.
const CARRIED: [&str; 4] = ["utm_source", "utm_medium", "utm_campaign", "utm_content"];

/// A call to action as one page shows it to one channel's visitors.
#[derive(Clone, Copy)]
pub struct Shown<'s, 'c> {
    pub site: &'s Site,
    /// The page that shows it, by its index.
    pub on: usize,
    /// The page of its campaign.
    pub of: usize,
    pub cta: &'s Cta,
    pub channel: &'c Slug,
}

/// The calls to action of a page's own campaign.
pub fn views<'s>(site: &'s Site, index: usize, channel: &Slug, slots: &mut Slots<'s>) -> Vec<CtaView<'s>> {
    let own = site.pages[index].page.front.ctas.values();
    own.map(|cta| view(Shown { site, on: index, of: index, cta, channel }, slots)).collect()
}

pub fn view<'s>(shown: Shown<'s, '_>, slots: &mut Slots<'s>) -> CtaView<'s> {
    let Shown { site, on, of, cta, channel } = shown;
    let page = &site.pages[of];
    let Some((campaign, state)) = page.campaign.as_ref().zip(page.ctas.get(&cta.id.value)) else { return nothing(cta) };
    let number = slots.cta(campaign, cta);
    let (coupon, download, booking) = match &cta.offer {
        CtaOffer::Coupon(coupon) => {
            let code = if state.expired { "" } else { coupon.code_for(channel) };
            let expires = coupon.expires.map(|expires| expires.value.to_string());
            (Some(CouponView { code, expires, expired: state.expired }), None, None)
        }
        CtaOffer::Download(_) => (None, state.file.as_ref().map(|file| download_view(&file.name, file.length)), None),
        CtaOffer::Booking(booking) => {
            let trial_length = booking.trial_length.as_deref().unwrap_or_default();
            (None, None, Some(BookingView { trial_length }))
        }
    };
    CtaView {
        url: url(shown, state, number, slots),
        lead_tag: slots.mark(Slot::LeadTag { cta: number }),
        primary: page.page.front.ctas.keys().next() == Some(&cta.id.value),
        coupon,
        download,
        booking,
        form: cta.form().filter(|_| on == of).map(|form| form::view(shown, form, number, slots)),
        ..nothing(cta)
    }
}

fn nothing(cta: &Cta) -> CtaView<'_> {
    CtaView {
        id: cta.id.value.as_str(),
        anchor: format!("cta-{}", cta.id.value),
        kind: cta.kind().as_str(),
        label: &cta.label,
        note: cta.note.as_deref().unwrap_or_default(),
        primary: false,
        url: String::new(),
        lead_tag: String::new(),
        coupon: None,
        download: None,
        booking: None,
        form: None,
    }
}

fn download_view(name: &str, length: u64) -> DownloadView {
    DownloadView { file_name: name.to_owned(), format: format_of(name), size: length, size_text: size_in_words(length) }
}

/// Where a call to action's link leads, with its lead tag.
fn url(shown: Shown, state: &SiteCta, number: usize, slots: &mut Slots) -> String {
    let Shown { site, on, of, cta, channel } = shown;
    if state.expired {
        return String::new();
    }
    let base_url = &site.config.base_url;
    let by_lead_tag = Slot::Carried { cta: number, own_host: true, first: true };
    if cta.form().is_some() {
        let anchor = format!("#cta-{}", cta.id.value);
        return match on == of {
            true => anchor,
            false => format!("{}{}{anchor}", base_url.rooted(&site.pages[of].path), slots.mark(by_lead_tag)),
        };
    }
    match (cta.url(channel), &state.file) {
        (Some(OutwardUrl::Web(web)), _) => outward(site, &web, number, slots),
        (Some(OutwardUrl::Contact(url)), _) => url,
        (None, Some(file)) => format!("{}{}", base_url.rooted(&file.path), slots.mark(by_lead_tag)),
        (None, None) => String::new(),
    }
}

fn outward(site: &Site, url: &WebUrl, number: usize, slots: &mut Slots) -> String {
    let own_host = site.config.base_url.same_host(url.url());
    let open = if own_host { url.open(&["via"]) } else { url.open(&CARRIED) };
    let carried = slots.mark(Slot::Carried { cta: number, own_host, first: !open.has_query });
    format!("{}{carried}{}", open.before, open.fragment)
}
