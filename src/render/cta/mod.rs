//! Calls to action as templates see them: the link with its lead tag, and the details of each kind.

pub mod event;
mod fields;
mod form;
mod page_cta;
mod url;

use tera::Value;

use self::event::Registration;
use super::context::RenderContext;
use super::slots::{Slot, SlotCta, Slots};
use super::view::{BookingView, ContactView, CouponView, CtaView, DownloadView, UntilView};
use crate::lead_tags::codes_to_quote;
use crate::model::cta::{Booking, ContactBy, Coupon, Cta, CtaOffer};
use crate::model::file::file_format;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::model::variant::Variant;
use crate::resolve::{PublishedFile, Site, SiteCta};
use crate::theme::strings::Strings;
use crate::theme::value::value;
pub use page_cta::PageCta;

/// Returns the calls to action of a page's own campaign as templates see them, in the author's order.
pub fn views<'s>(context: &RenderContext<'s>, index: usize, channel: &Slug, slots: &mut Slots<'s>) -> Vec<Value> {
    let ctas = context.site.pages[index].page.front.ctas.values();
    ctas.map(|cta| value(&view(PageCta { context, on: index, of: index, cta, channel, on_thanks: false }, slots)))
        .collect()
}

pub fn view<'s>(shown: PageCta<'s, '_>, slots: &mut Slots<'s>) -> CtaView<'s> {
    let PageCta { cta, .. } = shown;
    let page = shown.campaign_page();
    let Some((campaign, state)) = page.campaign.as_ref().zip(page.ctas.get(&cta.id.value)) else {
        return view_without_link(cta);
    };
    let variant = page.variant();
    let number = slots.cta(SlotCta { campaign, variant, cta });
    let view = view_without_link(cta);
    let view = match &cta.offer {
        CtaOffer::Coupon(coupon) => CtaView { coupon: Some(coupon_view(coupon, state, shown.channel)), ..view },
        CtaOffer::Download(_) => CtaView { download: download_view(state, shown.strings()), ..view },
        CtaOffer::Booking(booking) => CtaView { booking: Some(booking_view(booking)), ..view },
        CtaOffer::Contact(by) => CtaView { contact: Some(contact_view(shown, by, campaign, number, slots)), ..view },
        CtaOffer::Event(event) => {
            let state = state.event.as_deref();
            CtaView { event: state.map(|state| event::view(shown, event, state, slots)), ..view }
        }
    };
    CtaView {
        url: url::of(shown, state, number, slots),
        lead_tag: slots.mark(Slot::LeadTag { cta: number }),
        own_urls: url::of_channels(shown, state, campaign),
        until: until(shown, state),
        primary: page.page.front.ctas.keys().next() == Some(&cta.id.value),
        form: cta
            .form()
            .filter(|_| shown.is_on_campaign_page() && is_open(cta, state))
            .map(|form| form::view(shown, form, number, slots)),
        ..view
    }
}

/// Returns the fields that do not depend on the site and the page.
fn view_without_link(cta: &Cta) -> CtaView<'_> {
    CtaView {
        id: cta.id.value.as_str(),
        anchor: format!("cta-{}", cta.id.value),
        kind: cta.kind().as_str(),
        label: &cta.label,
        note: cta.note.as_deref().unwrap_or_default(),
        primary: false,
        url: String::new(),
        lead_tag: String::new(),
        own_urls: Vec::new(),
        until: None,
        coupon: None,
        download: None,
        booking: None,
        contact: None,
        event: None,
        form: None,
    }
}

/// Returns whether visitors can take the offer today. Of the kinds, only events can be cancelled or sold out.
fn is_open(cta: &Cta, state: &SiteCta) -> bool {
    let event = cta.event().zip(state.event.as_deref());
    !state.expired && event.is_none_or(|(event, state)| Registration::of(event, state) == Registration::Open)
}

/// Returns the end of the campaign or of the offer, whichever is first.
fn until(shown: PageCta, state: &SiteCta) -> Option<UntilView> {
    let timezone = &shown.site().config.timezone;
    let expires = shown.cta.valid_until().filter(|_| !state.expired);
    let ends = [shown.campaign_page().page.front.ends, expires].into_iter().flatten().map(|when| when.value);
    let ends = ends.filter_map(|when| Some((when.end(timezone)?, when)));
    let event = shown.cta.event().zip(state.event.as_deref()).filter(|_| is_open(shown.cta, state));
    let event = event.and_then(|(event, state)| event::until(event, state, timezone));
    let (instant, when) = ends.chain(event).min()?;
    Some(UntilView { instant: instant.to_string(), date: when.to_string() })
}

fn coupon_view<'s>(coupon: &'s Coupon, state: &SiteCta, channel: &Slug) -> CouponView<'s> {
    CouponView {
        code: if state.expired { "" } else { coupon.code_for(channel) },
        expires: coupon.expires.map(|expires| expires.value.to_string()),
        expired: state.expired,
    }
}

fn download_view(state: &SiteCta, strings: &Strings) -> Option<DownloadView> {
    let PublishedFile { name, length, .. } = state.file.as_deref()?;
    Some(DownloadView {
        file_name: name.clone(),
        format: file_format(name),
        size: *length,
        size_text: strings.size(*length),
    })
}

fn booking_view(booking: &Booking) -> BookingView<'_> {
    BookingView { trial_length: booking.trial_length.as_deref().unwrap_or_default() }
}

fn contact_view<'s>(
    shown: PageCta<'s, '_>,
    by: &'s ContactBy,
    campaign: &Slug,
    number: usize,
    slots: &mut Slots,
) -> ContactView<'s> {
    match by.number() {
        Some(phone) => ContactView {
            by: by.key(),
            number: phone.written(),
            code: slots.mark(Slot::Code { cta: number }),
            codes: codes(shown.site(), campaign, shown.campaign_page().variant()),
        },
        None => ContactView { by: by.key(), number: "", code: String::new(), codes: String::new() },
    }
}

/// Returns each channel that visitors can arrive from with its code, as a query. Channels and codes need no encoding.
fn codes(site: &Site, campaign: &Slug, variant: Option<&Variant>) -> String {
    let can_arrive = |channel: &Slug| tag::is_reserved(channel) || site.active_channels.contains(channel);
    let codes = codes_to_quote(site, campaign, variant).filter(|(_, channel)| can_arrive(channel));
    codes.map(|(code, channel)| format!("{channel}={code}")).collect::<Vec<_>>().join("&")
}
