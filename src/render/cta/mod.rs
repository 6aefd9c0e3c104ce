//! Calls to action as templates see them: the link with its lead tag, and what is on offer.

use jiff::tz::TimeZone;

use crate::render::Renderer;
mod form;
use crate::lead_tags::{codes_to_quote, cta_url, with_query};
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::contact::ContactBy;
use crate::model::cta::{Cta, CtaOffer};
use crate::model::date::When;
use crate::model::file::format_of;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::render::slots::{Slot, Slots};
use crate::render::view::{BookingView, ContactView, CouponView, CtaView, DownloadView, OwnUrlView, UntilView};
use crate::resolve::{Site, SiteCta};
use crate::theme::strings::Strings;

/// A call to action as one page shows it to one channel's visitors.
#[derive(Clone, Copy)]
pub struct Shown<'s, 'c> {
    pub site: &'s Site,
    pub words: &'s Strings,
    /// The page that shows it, by its index.
    pub on: usize,
    /// The page of its campaign.
    pub of: usize,
    pub cta: &'s Cta,
    pub channel: &'c Slug,
}

/// The calls to action of a page's own campaign.
pub fn views<'s>(renderer: &Renderer<'s>, index: usize, channel: &Slug, slots: &mut Slots<'s>) -> Vec<CtaView<'s>> {
    let (site, words) = (renderer.site, &*renderer.theme.strings);
    let own = site.pages[index].page.front.ctas.values();
    own.map(|cta| view(Shown { site, words, on: index, of: index, cta, channel }, slots)).collect()
}

pub fn view<'s>(shown: Shown<'s, '_>, slots: &mut Slots<'s>) -> CtaView<'s> {
    let Shown { site, words, on, of, cta, channel } = shown;
    let page = &site.pages[of];
    let Some((campaign, state)) = page.campaign.as_ref().zip(page.ctas.get(&cta.id.value)) else { return nothing(cta) };
    let number = slots.cta(campaign, cta);
    let plain = nothing(cta);
    let kind = match &cta.offer {
        CtaOffer::Coupon(coupon) => {
            let code = if state.expired { "" } else { coupon.code_for(channel) };
            let expires = coupon.expires.map(|expires| expires.value.to_string());
            CtaView { coupon: Some(CouponView { code, expires, expired: state.expired }), ..plain }
        }
        CtaOffer::Download(_) => {
            let file = state.file.as_ref();
            CtaView { download: file.map(|file| download_view(&file.name, file.length, words)), ..plain }
        }
        CtaOffer::Booking(booking) => {
            let trial_length = booking.trial_length.as_deref().unwrap_or_default();
            CtaView { booking: Some(BookingView { trial_length }), ..plain }
        }
        CtaOffer::Contact(by) => {
            let codes = by.number().map(|_| codes(site, campaign)).unwrap_or_default();
            CtaView { contact: Some(ContactView { codes, ..contact_view(by, number, slots) }), ..plain }
        }
    };
    CtaView {
        url: url(shown, state, number, slots),
        lead_tag: slots.mark(Slot::LeadTag { cta: number }),
        own_urls: own_urls(shown, state, campaign),
        until: until(shown, state),
        primary: page.page.front.ctas.keys().next() == Some(&cta.id.value),
        form: cta.form().filter(|_| on == of).map(|form| form::view(shown, form, number, slots)),
        ..kind
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
        own_urls: Vec::new(),
        until: None,
        coupon: None,
        download: None,
        booking: None,
        contact: None,
        form: None,
    }
}

/// When the campaign ends or the coupon expires, whichever is first.
fn until(shown: Shown, state: &SiteCta) -> Option<UntilView> {
    let Shown { site, of, cta, .. } = shown;
    let expires = match &cta.offer {
        CtaOffer::Coupon(coupon) => coupon.expires.filter(|_| !state.expired),
        CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) => None,
    };
    let ends = [site.pages[of].page.front.ends, expires].into_iter().flatten().map(|when| when.value);
    let ends = ends.filter_map(|when| Some((when.end(&site.config.timezone)?, when)));
    let (_, when) = ends.min()?;
    until_view(when, &site.config.timezone)
}

/// The end of a day or a minute; none past the last day that can be counted.
pub fn until_view(when: When, zone: &TimeZone) -> Option<UntilView> {
    Some(UntilView { instant: when.end(zone)?.to_string(), date: when.to_string() })
}

fn download_view(name: &str, length: u64, words: &Strings) -> DownloadView {
    DownloadView { file_name: name.to_owned(), format: format_of(name), size: length, size_text: words.size(length) }
}

fn contact_view<'s>(by: &'s ContactBy, number: usize, slots: &mut Slots) -> ContactView<'s> {
    let plain = ContactView { by: by.key(), number: "", code: String::new(), codes: String::new() };
    match by.number() {
        Some(called) => ContactView { number: called.written(), code: slots.mark(Slot::Code { cta: number }), ..plain },
        None => plain,
    }
}

/// Each channel with its code, as a query: neither has a character that would have to be encoded.
fn codes(site: &Site, campaign: &Slug) -> String {
    let codes = codes_to_quote(site, campaign).map(|(code, channel)| format!("{channel}={code}"));
    codes.collect::<Vec<_>>().join("&")
}

/// The link of a contact that is no form. The title is the page's as its visitors see it.
fn contact_url(shown: Shown, by: &ContactBy, number: usize, slots: &mut Slots) -> String {
    let Shown { site, on, of, channel, .. } = shown;
    let front = &site.pages[of].page.front;
    let own = front.per_channel.get(channel).filter(|_| on == of).and_then(|own| own.value.title.as_ref());
    match by {
        ContactBy::Whatsapp(whatsapp) => {
            let before = whatsapp.link_before_code(own.unwrap_or(&front.title.value));
            format!("{before}{}", slots.mark(Slot::Code { cta: number }))
        }
        ContactBy::Phone(called) => called.link(),
        ContactBy::Form(_) => String::new(),
    }
}

/// Where a call to action's link leads, with its lead tag.
fn url(shown: Shown, state: &SiteCta, number: usize, slots: &mut Slots) -> String {
    let Shown { site, on, of, cta, channel, .. } = shown;
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
    if let CtaOffer::Contact(by) = &cta.offer {
        return contact_url(shown, by, number, slots);
    }
    match (cta.url(channel), &state.file) {
        (Some(OutwardUrl::Web(web)), _) => outward(site, &web, number, slots),
        (Some(OutwardUrl::Contact(url)), _) => url,
        (None, Some(file)) => format!("{}{}", base_url.rooted(&file.path), slots.mark(by_lead_tag)),
        (None, None) => String::new(),
    }
}

fn outward(site: &Site, url: &WebUrl, number: usize, slots: &mut Slots) -> String {
    with_query(site, url, |own_host, first| slots.mark(Slot::Carried { cta: number, own_host, first }))
}

/// Where another campaign's coupon leads whose channels have codes of their own: the arrival script knows the visitor's
/// channel, and not the code. On the campaign's own page it leads on to the channel's page instead.
fn own_urls<'s>(shown: Shown<'s, '_>, state: &SiteCta, campaign: &Slug) -> Vec<OwnUrlView<'s>> {
    let Shown { site, on, of, cta, .. } = shown;
    let CtaOffer::Coupon(coupon) = &cta.offer else { return Vec::new() };
    let channels = coupon.codes.keys().filter(|_| on != of && !state.expired);
    let urls = channels.filter_map(|channel| {
        let url = cta.url(channel)?;
        let tag = LeadTag::new(campaign, &cta.id.value, channel);
        let url = cta_url(site, url.web()?, &tag, cta);
        Some(OwnUrlView { channel: channel.as_str(), url })
    });
    urls.collect()
}
