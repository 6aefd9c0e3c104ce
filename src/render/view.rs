//! What a template may see: borrowed structs, one place, every field always present. Their prose
//! twin for theme authors is `docs/themes.md`.
//!
//! Values that differ between the channel pages of one landing page are [slots](super::slots) here:
//! text that stands for the value until the page is minified. A template prints them as they are.

use serde::Serialize;

/// `site`: the same on every page.
#[derive(Serialize)]
pub struct SiteView<'a> {
    pub title: &'a str,
    /// The language tag of `site.yaml`, for `<html lang>`.
    pub language: &'a str,
    /// `ltr` or `rtl`, for `<html dir>`.
    pub direction: &'static str,
    /// Root-relative address of the home page, with the base path.
    pub home_url: String,
    pub navigation: Vec<NavigationView<'a>>,
    pub organization: OrganizationView<'a>,
    /// `theme_options` of `site.yaml`, with the theme's defaults.
    pub theme_options: &'a serde_json::Value,
    /// How soon a lead is answered, for people: `1 hour`; empty where the site does not say.
    pub respond_within: String,
    /// A preview shows drafts and scheduled pages, and its forms send nothing.
    pub preview: bool,
}

#[derive(Serialize)]
pub struct NavigationView<'a> {
    pub label: &'a str,
    pub url: String,
}

/// Each field but `name` is empty where `site.yaml` leaves it out; `name` falls back to the title.
#[derive(Serialize)]
pub struct OrganizationView<'a> {
    pub name: &'a str,
    pub logo_url: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
}

/// `page`: the page being drawn.
#[derive(Serialize)]
pub struct PageView<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    /// Root-relative address, with the base path.
    pub url: String,
    /// Absolute address for `<link rel="canonical">`; of a channel page, its landing page's.
    pub canonical_url: String,
    /// Absolute address of this very page, for `og:url`.
    pub og_url: String,
    /// For `<meta name="robots">`: `noindex` or `index, follow`.
    pub robots: String,
    /// `landing`, `page`, `article`, `ended`, `thanks`, `404` or the theme's own.
    pub layout: &'a str,
    /// `live`, `ended`, `scheduled` or `draft`; the last two only in a preview.
    pub state: &'a str,
    /// The body has an `h1`; without one the template draws `title`.
    pub has_h1: bool,
    pub image: Option<ImageView<'a>>,
    pub author: &'a str,
    /// Dates are ISO 8601; the filter `date` writes them for people.
    pub date: Option<String>,
    pub starts: Option<String>,
    pub ends: Option<String>,
    /// When the campaign ends; null where it has no end.
    pub until: Option<UntilView>,
    /// Where visitors of an ended campaign are pointed to.
    pub after_end: Option<LinkView>,
    /// The campaign's id; empty on a page that is no campaign.
    pub campaign: &'a str,
    /// The campaign's calls to action in their order; the first is the primary one.
    pub ctas: Vec<CtaView<'a>>,
    /// Ready JSON-LD for `<script type="application/ld+json">`.
    pub structured_data: String,
    /// `extra` of the front matter, as written.
    pub extra: &'a serde_json::Value,
}

#[derive(Serialize)]
pub struct ImageView<'a> {
    /// Root-relative address of the file for browsers without WebP.
    pub url: String,
    /// The same in WebP, for `srcset`; empty where there is one file only.
    pub srcset: String,
    pub alt: &'a str,
    /// Pixels; null for a format whose size is unknown.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Absolute address for previews of shared links: at most 1200 pixels wide.
    pub shared_url: String,
    pub shared_width: Option<u32>,
    pub shared_height: Option<u32>,
}

#[derive(Serialize)]
pub struct LinkView {
    pub title: String,
    pub url: String,
}

/// `cta` in `cta/*.html` and `blocks/offer.html`, and each of `page.ctas`.
#[derive(Serialize)]
pub struct CtaView<'a> {
    pub id: &'a str,
    /// The HTML id that a link to this call to action jumps to: `cta-guide`.
    pub anchor: String,
    /// `coupon`, `download`, `booking` or `contact`.
    pub kind: &'a str,
    pub label: &'a str,
    pub note: &'a str,
    /// The campaign's first call to action.
    pub primary: bool,
    /// Where its link leads, lead tag included: another host, a file, or the form's anchor; a contact's with its
    /// short code in place of the lead tag. Empty for an expired coupon.
    pub url: String,
    pub lead_tag: String,
    /// The addresses for channels that have a code of their own, on other campaigns' pages: for `data-href-<channel>`.
    pub own_urls: Vec<OwnUrlView<'a>>,
    /// From when on it is over, because its campaign ends or its coupon expires; null where it has no end.
    pub until: Option<UntilView>,
    pub coupon: Option<CouponView<'a>>,
    pub download: Option<DownloadView>,
    pub booking: Option<BookingView<'a>>,
    pub contact: Option<ContactView<'a>>,
    /// Present where the call to action is behind a form; `cta/form.html` draws it then.
    pub form: Option<FormView<'a>>,
}

#[derive(Serialize)]
pub struct OwnUrlView<'a> {
    pub channel: &'a str,
    pub url: String,
}

/// When an offer is over. A page that is open, or that was built before, ends it by the script that goes by `data-until`.
#[derive(Serialize)]
pub struct UntilView {
    /// For `data-until`: the instant from which it is over, in UTC: `2027-03-31T21:00:00Z`.
    pub instant: String,
    /// The last day, or a minute of it, in the site's time zone: `2027-03-31`. The filter `date` writes it for people.
    pub date: String,
}

#[derive(Serialize)]
pub struct CouponView<'a> {
    /// Empty once expired.
    pub code: &'a str,
    /// The last day it is valid, ISO 8601, or null.
    pub expires: Option<String>,
    pub expired: bool,
}

#[derive(Serialize)]
pub struct DownloadView {
    /// `hiring-guide.pdf`
    pub file_name: String,
    /// `PDF`: the extension in capitals, empty where there is none.
    pub format: String,
    /// Bytes, and the same for people: `240 kB`.
    pub size: u64,
    pub size_text: String,
}

#[derive(Serialize)]
pub struct BookingView<'a> {
    /// `14 days`, or empty.
    pub trial_length: &'a str,
}

#[derive(Serialize)]
pub struct ContactView<'a> {
    /// `whatsapp`, `phone` or `form`.
    pub by: &'static str,
    /// As the author wrote it: `+254 700 000000`. Empty for a form, as are the two below.
    pub number: &'a str,
    /// The short code to quote. A link to WhatsApp ends with it already.
    pub code: String,
    /// `direct=…&other=…&newsletter=…`, for `data-codes`: the code of each channel that may turn out at arrival.
    pub codes: String,
}

#[derive(Serialize)]
pub struct FormView<'a> {
    /// Where it posts to; empty in a preview, where nothing is sent.
    pub action: String,
    /// What else stands in the form's tag, by destination; none in a preview.
    pub attributes: Vec<AttributeView>,
    pub fields: Vec<FieldView<'a>>,
    /// The hidden fields in their documented order, then what only the destination asks for.
    pub hidden: Vec<HiddenView>,
    /// A field that people never see.
    pub honeypot: HoneypotView,
    /// Null where the site asks for no consent.
    pub consent: Option<ConsentView<'a>>,
    /// For the message that shows where a form could not be sent.
    pub failure: Option<FailureView<'a>>,
}

#[derive(Serialize)]
pub struct AttributeView {
    pub name: &'static str,
    pub value: String,
}

/// `name` and `field` are those of a [`HiddenView`].
#[derive(Serialize)]
pub struct HoneypotView {
    /// Unique on the page.
    pub id: String,
    pub name: &'static str,
    pub field: &'static str,
}

#[derive(Serialize)]
pub struct FailureView<'a> {
    /// Who follows up, or the organization.
    pub email: &'a str,
    /// `mailto:` with a subject.
    pub url: String,
}

#[derive(Serialize)]
pub struct FieldView<'a> {
    /// The field's name in the form's data, as its destination calls it: `email`.
    pub name: &'a str,
    /// Our name for it, for `data-field`; empty where `name` is the same.
    pub field: &'static str,
    /// Unique on the page, since no heading's id has an underscore: `guide_email`.
    pub id: String,
    pub label: &'a str,
    /// `text`, `email`, `tel`, `textarea` or `select`.
    pub control: &'static str,
    /// The token of HTML's autofill list, or `off`.
    pub autocomplete: &'static str,
    /// What a phone's keyboard is chosen by; empty where `control` says it already.
    pub inputmode: &'static str,
    pub required: bool,
    /// Longest text taken, in UTF-16 units, as HTML counts.
    pub maxlength: u32,
    /// Choices of a `select`.
    pub options: Vec<&'a str>,
}

#[derive(Serialize)]
pub struct HiddenView {
    /// The name that the field is sent by; empty where the destination has none, and nothing is sent.
    pub name: String,
    /// Our name for it, for `data-field`; empty where `name` is the same.
    pub field: &'static str,
    pub value: String,
}

/// `name` and `field` are those of a [`HiddenView`].
#[derive(Serialize)]
pub struct ConsentView<'a> {
    pub text: &'a str,
    /// Unique on the page.
    pub id: String,
    pub name: &'a str,
    pub field: &'static str,
}

/// `block` in `blocks/*.html`. Beside it templates see the block's texts, whole and in [parts](crate::html::sections).
#[derive(Serialize)]
pub struct BlockView<'a> {
    pub name: &'a str,
    /// The how many-th block of its name on the page this is, from 1.
    pub number: usize,
    /// 1 for a block that stands in no other.
    pub depth: usize,
    /// `key="value"` and bare words as text, flags as `true`.
    pub attributes: serde_json::Value,
}

/// `thanks` in `thanks.html`.
#[derive(Serialize)]
pub struct ThanksView {
    /// The file that the form was for, or null where someone gets in touch instead.
    pub download_url: Option<String>,
    /// For people: `1 hour`; empty where the site does not say.
    pub respond_within: String,
    /// Back to the landing page.
    pub back_url: String,
}
