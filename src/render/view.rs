//! What templates see: borrowed structs in which every field is always present. `docs/themes.md` documents them for
//! theme authors.
//!
//! A value that differs between the variants of a page is the mark of a [slot](super::slots) here. Templates print
//! marks like other texts, and the values replace them after the page is minified.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde::Serialize;
use tera::Value;

use crate::model::date::When;

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
    pub navigation: Vec<LabelledLink<'a>>,
    pub footer: FooterView<'a>,
    /// Null without one, and after its end.
    pub announcement: Option<AnnouncementView<'a>>,
    /// The site's own icon. Empty if it has none.
    pub icons: Vec<IconView>,
    pub organization: OrganizationView<'a>,
    /// The look of the page. Empty if the theme has no looks.
    pub look: &'a str,
    /// `theme_options` of `site.yaml` and of the page, with the defaults of the look and of the theme.
    pub theme_options: &'a serde_json::Value,
    /// How soon a lead is answered, for people: `1 hour`. Empty if the site does not say.
    pub respond_within: String,
    /// A preview shows drafts and scheduled pages, and its forms send nothing.
    pub preview: bool,
    /// Storing and measuring need the consent of visitors.
    pub requires_consent: bool,
    /// The privacy page, as `site.yaml` links it. Empty if it does not.
    pub privacy_url: String,
}

/// `site.announcement`: a line at the top of every page.
#[derive(Serialize)]
pub struct AnnouncementView<'a> {
    pub text: &'a str,
    /// The language of the text, if it is not that of the page. Empty otherwise.
    pub lang: &'a str,
    /// Empty if it leads nowhere.
    pub url: String,
    /// The language of the page that it leads to, if it is another one. Empty otherwise.
    pub hreflang: &'a str,
    /// When it ends. Null if it has no end.
    pub until: Option<UntilView>,
}

/// An entry of `site.navigation`, and a link of `site.footer`.
#[derive(Serialize)]
pub struct LabelledLink<'a> {
    pub label: &'a str,
    /// The language of the label, if it is not that of the page. Empty otherwise.
    pub lang: &'a str,
    pub url: String,
    /// The language of a page in another language than this one. Empty for all others.
    pub hreflang: &'a str,
}

/// An entry of `site.icons`, for `<link>`.
#[derive(Serialize)]
pub struct IconView {
    /// `icon` or `apple-touch-icon`.
    pub rel: &'static str,
    pub url: String,
    pub media_type: &'static str,
    /// `32x32`, or `any` for an SVG.
    pub sizes: String,
}

/// `site.footer`. The lists are empty if `site.yaml` does not set them.
#[derive(Serialize)]
pub struct FooterView<'a> {
    pub columns: Vec<FooterColumnView<'a>>,
    pub legal: Vec<LabelledLink<'a>>,
    /// Profiles, labelled with the names of the networks.
    pub social: Vec<LabelledLink<'a>>,
    /// The lines of the postal address.
    pub address: Vec<&'a str>,
}

#[derive(Serialize)]
pub struct FooterColumnView<'a> {
    pub title: &'a str,
    /// The language of the title, if it is not that of the page. Empty otherwise.
    pub lang: &'a str,
    pub links: Vec<LabelledLink<'a>>,
}

/// `name` defaults to the site's title. The other fields are empty if `site.yaml` does not set them.
#[derive(Serialize)]
pub struct OrganizationView<'a> {
    pub name: &'a str,
    pub logo_url: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
    /// The `tel:` link, or empty.
    pub phone_url: String,
}

/// `page`: the page being rendered.
#[derive(Serialize)]
pub struct PageView<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    /// Root-relative address, with the base path.
    pub url: String,
    /// Absolute address for `<link rel="canonical">`. On a channel page and in a version, that of the landing page.
    pub canonical_url: String,
    /// Absolute address of this variant, for `og:url`.
    pub og_url: String,
    /// The page in each language that it is published in, itself included; the main language first. Empty for a page in one
    /// language, and on thank-you pages.
    pub alternates: Vec<AlternateView<'a>>,
    /// The version of the campaign: `a` for the page as written.
    pub version: String,
    /// Absolute address to share with others: of the landing page, also on its channel pages and thank-you pages.
    pub share_url: String,
    /// For `<meta name="robots">`: `noindex` or `index, follow`.
    pub robots: String,
    /// `landing`, `page`, `article`, `ended`, `thanks`, `404`, or a layout of the theme.
    pub layout: &'a str,
    /// `live`, `ended`, `scheduled` or `draft`. The last two occur only in a preview.
    pub state: &'a str,
    /// The body has an `h1`. Without one, the template renders `title`.
    pub has_h1: bool,
    pub image: Option<ImageView<'a>>,
    pub author: &'a str,
    /// Dates are ISO 8601. The filter `date` formats them for people.
    pub date: Option<String>,
    pub starts: Option<String>,
    pub ends: Option<String>,
    /// When the campaign ends. Null without an end.
    pub until: Option<UntilView>,
    /// The page that an ended campaign refers its visitors to.
    pub after_end: Option<LinkView>,
    /// The campaign's id. Empty if the page is not a campaign.
    pub campaign: &'a str,
    /// The campaign's calls to action in the author's order. The first is the primary one.
    /// Each is a [`CtaView`], converted once for the page and its body.
    pub ctas: Vec<Value>,
    /// Complete JSON-LD for `<script type="application/ld+json">`.
    pub structured_data: Value,
    /// `extra` of the front matter, unchanged.
    pub extra: &'a serde_json::Value,
}

/// An entry of `page.alternates`.
#[derive(Serialize)]
pub struct AlternateView<'a> {
    /// The language tag, for `hreflang` and `lang`: `pt-BR`.
    pub language: &'a str,
    /// The name of the language, in that language.
    pub label: &'a str,
    /// Root-relative address for visitors. On a channel page, that of the channel page.
    pub url: String,
    /// Absolute address of the page, for `<link rel="alternate">`.
    pub absolute_url: String,
    /// The page that is rendered.
    pub is_current: bool,
}

#[derive(Serialize)]
pub struct ImageView<'a> {
    /// Root-relative address of the file for browsers without WebP.
    pub url: String,
    /// The WebP files, for `srcset`. Empty if the image has only one file.
    pub srcset: String,
    pub alt: &'a str,
    /// Pixels. Null if the size is unknown.
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

/// `cta` in `cta/*.html` and `blocks/offer.html`, and each entry of `page.ctas`.
#[derive(Serialize)]
pub struct CtaView<'a> {
    pub id: &'a str,
    /// The HTML id that links to this call to action jump to: `cta-guide`.
    pub anchor: String,
    /// `coupon`, `download`, `booking`, `contact` or `event`.
    pub kind: &'a str,
    pub label: &'a str,
    pub note: &'a str,
    /// The campaign's first call to action.
    pub primary: bool,
    /// The address of its link with the lead tag: another host, a file, or the form's anchor. The link of a contact has
    /// the short code instead of the lead tag. Empty for an expired coupon, and for an event that is cancelled, sold out or
    /// over.
    pub url: String,
    pub lead_tag: String,
    /// On pages of other campaigns: the addresses for channels that have their own code, for `data-href-<channel>`.
    pub own_urls: Vec<OwnUrlView<'a>>,
    /// When the campaign ends or the coupon expires, whichever is first. Null without an end.
    pub until: Option<UntilView>,
    pub coupon: Option<CouponView<'a>>,
    pub download: Option<DownloadView>,
    pub booking: Option<BookingView<'a>>,
    pub contact: Option<ContactView<'a>>,
    pub event: Option<EventView<'a>>,
    /// Present if the call to action has a form. `cta/form.html` renders it.
    pub form: Option<FormView<'a>>,
}

#[derive(Serialize)]
pub struct OwnUrlView<'a> {
    pub channel: &'a str,
    pub url: String,
}

/// When an offer ends. A script ends it at that time, in open pages and between two builds.
#[derive(Serialize)]
pub struct UntilView {
    /// For `data-until`: the end as an instant in UTC, `2027-03-31T21:00:00Z`.
    pub instant: String,
    /// The last day, or a minute of it, in the site's time zone: `2027-03-31`. The filter `date` formats it for people.
    pub date: String,
}

impl UntilView {
    /// Returns the end of a day or a minute. `None` if the calendar cannot represent it.
    pub fn of(when: When, zone: &TimeZone) -> Option<UntilView> {
        Some(UntilView { instant: when.end(zone)?.to_string(), date: when.to_string() })
    }
}

#[derive(Serialize)]
pub struct CouponView<'a> {
    /// Empty once expired.
    pub code: &'a str,
    /// The last valid day, ISO 8601, or null.
    pub expires: Option<String>,
    pub expired: bool,
}

#[derive(Serialize)]
pub struct DownloadView {
    /// `hiring-guide.pdf`
    pub file_name: String,
    /// The extension in capitals: `PDF`. Empty without an extension.
    pub format: String,
    /// Bytes.
    pub size: u64,
    /// The size for people: `240 kB`.
    pub size_text: String,
}

#[derive(Serialize)]
pub struct BookingView<'a> {
    /// `14 days`, or empty.
    pub trial_length: &'a str,
}

/// An event on the day of the build.
#[derive(Serialize)]
pub struct EventView<'a> {
    /// Its own name, or the title of its page.
    pub name: &'a str,
    /// `open`, `sold_out`, `cancelled` or `over`. Of several dates: `open` if one is, `over` if all are.
    pub state: &'static str,
    /// May be empty.
    pub place: &'a str,
    /// Visitors can take part online.
    pub online: bool,
    /// The time zone of its times: `Africa/Nairobi`.
    pub timezone: &'a str,
    /// At least one, in the author's order.
    pub dates: Vec<EventDateView>,
    /// The start of the first date that is neither cancelled nor over. Null without one.
    pub next: Option<UntilView>,
    /// The field of the form in which visitors choose one of several dates. Null without a choice.
    pub choice: Option<EventChoiceView<'a>>,
    /// What visitors can watch when all dates are over. Empty before, and without a recording.
    pub recording_url: String,
    /// The links for calendars, if visitors register at another service. Empty for a form: its thank-you page has them.
    pub calendars: Vec<CalendarView>,
}

/// One date of an event.
#[derive(Clone, Serialize)]
pub struct EventDateView {
    /// The start, ISO 8601 in the event's time zone: `2027-03-18T10:00`, or a day. The value of the form's field.
    pub value: String,
    /// The end, or the last day.
    pub ends: String,
    /// The period for people: `Thursday, 18 March 2027, 10:00–11:00`.
    pub text: String,
    /// The time zone for people: `Nairobi time (UTC+3)`. Empty for whole days.
    pub zone: String,
    /// `open`, `sold_out`, `cancelled` or `over`.
    pub state: &'static str,
    /// The former start for people. Null if it was not moved.
    pub moved_from: Option<String>,
    /// It ends on another day than it starts.
    pub over_days: bool,
    /// Start and end as instants in UTC, for the script that shows the visitor's time. Empty for whole days.
    pub starts_instant: String,
    pub ends_instant: String,
    /// The difference of the event's time from UTC at the start, in minutes.
    pub offset: i32,
}

/// `name` and `field` are as in [`HiddenView`].
#[derive(Serialize)]
pub struct EventChoiceView<'a> {
    pub name: Cow<'a, str>,
    pub field: &'a str,
    /// The beginning of ids that are unique on the page.
    pub id: String,
}

/// How to put one date of an event into a calendar.
#[derive(Serialize)]
pub struct CalendarView {
    pub date: EventDateView,
    /// The calendar file.
    pub file_url: String,
    pub google_url: String,
    /// Outlook.com.
    pub outlook_url: String,
    /// Outlook of Microsoft 365.
    pub office_url: String,
    pub yahoo_url: String,
}

/// `number`, `code` and `codes` are empty for a form.
#[derive(Serialize)]
pub struct ContactView<'a> {
    /// `whatsapp`, `phone` or `form`.
    pub by: &'static str,
    /// As the author wrote it: `+254 700 000000`.
    pub number: &'a str,
    /// The short code that visitors quote. The link to WhatsApp contains it.
    pub code: String,
    /// The code of each channel, for `data-codes`: `direct=…&other=…&newsletter=…`. The arrival script chooses one.
    pub codes: String,
}

#[derive(Serialize)]
pub struct FormView<'a> {
    /// The address that it posts to. Empty in a preview, which sends nothing.
    pub action: String,
    /// Further attributes of the form's tag. None in a preview.
    pub attributes: Vec<AttributeView>,
    pub fields: Vec<FieldView<'a>>,
    /// The hidden fields in their documented order, then the fields that only the destination needs.
    pub hidden: Vec<HiddenView<'a>>,
    /// A field that people never see.
    pub honeypot: HoneypotView<'a>,
    /// The checkboxes for what visitors agree to.
    pub consents: Vec<ConsentView>,
    /// A contact whose only field is the e-mail address. Nobody gets in touch.
    pub is_signup: bool,
    /// For the message that a form shows if sending fails.
    pub failure: Option<FailureView<'a>>,
}

#[derive(Serialize)]
pub struct AttributeView {
    pub name: &'static str,
    pub value: String,
}

/// `name` and `field` are as in [`HiddenView`].
#[derive(Serialize)]
pub struct HoneypotView<'a> {
    /// Unique on the page.
    pub id: String,
    pub name: &'a str,
    pub field: &'static str,
}

#[derive(Serialize)]
pub struct FailureView<'a> {
    /// The owner of the campaign, or the organization.
    pub email: &'a str,
    /// `mailto:` with a subject.
    pub url: String,
}

#[derive(Serialize)]
pub struct FieldView<'a> {
    /// The destination's name for the field: `email`.
    pub name: Cow<'a, str>,
    /// Our name for it, for `data-field`. Empty if `name` is the same.
    pub field: &'a str,
    /// Unique on the page, because the ids of headings contain no underscore: `guide_email`.
    pub id: String,
    pub label: &'a str,
    /// A line below the field, or empty.
    pub help: &'a str,
    /// `text`, `email`, `tel`, `url`, `number`, `date`, `textarea`, `select`, `radio` (one of the options) or `checkbox`
    /// (any of them).
    pub control: &'static str,
    /// A token of HTML's autofill list, or `off`.
    pub autocomplete: &'static str,
    /// Selects the keyboard of a phone. Empty if `control` does so.
    pub inputmode: &'static str,
    pub required: bool,
    /// The maximum length in UTF-16 units, as HTML counts. 0 for controls without one.
    pub maxlength: u32,
    /// The choices of a `select`, `radio` or `checkbox`.
    pub options: Vec<OptionView<'a>>,
}

/// An answer to choose.
#[derive(Serialize)]
pub struct OptionView<'a> {
    /// Unique on the page: `guide_budget_1`.
    pub id: String,
    /// What is sent.
    pub value: &'a str,
    pub label: &'a str,
}

#[derive(Serialize)]
pub struct HiddenView<'a> {
    /// The destination's name for the field. Empty if the destination has none; the field is not sent then.
    pub name: String,
    /// Our name for it, for `data-field`. Empty if `name` is the same.
    pub field: Cow<'a, str>,
    pub value: String,
}

/// `name` and `field` are as in [`HiddenView`].
#[derive(Serialize)]
pub struct ConsentView {
    /// The sentence as HTML.
    pub html: String,
    /// The language of the sentence, if it is not that of the page. Empty otherwise.
    pub lang: String,
    /// Unique on the page.
    pub id: String,
    pub name: String,
    pub field: String,
    pub required: bool,
    /// Further attributes of the checkbox, for the sending script.
    pub attributes: Vec<AttributeView>,
}

/// `block` in `blocks/*.html`. Templates of blocks also see the block's body, whole and in
/// [parts](crate::html::sections).
#[derive(Serialize)]
pub struct BlockView<'a> {
    pub name: &'a str,
    /// Counts the blocks of this name on the page, from 1.
    pub number: usize,
    /// 1 for a top-level block.
    pub depth: usize,
    /// `key="value"` and bare words as text, flags as `true`.
    pub attributes: serde_json::Value,
    /// The classes of its attributes that all bands have, each with a space before it: ` ground-deep tight`.
    pub classes: String,
}

/// `thanks` in `thanks.html`.
#[derive(Serialize)]
pub struct ThanksView<'a> {
    /// The author's heading, or empty. The author's text is `body`, empty if there is none.
    pub title: &'a str,
    /// The file that the form unlocks. Null if someone contacts the visitor instead.
    pub download_url: Option<String>,
    /// The form has only an e-mail address, so nobody gets in touch.
    pub is_signup: bool,
    /// For people: `1 hour`. Empty if the site does not say, and after a sign-up.
    pub respond_within: String,
    /// The address of the landing page.
    pub back_url: String,
    /// The event that the visitor registered for. Null for other calls to action.
    pub event: Option<ThanksEventView>,
}

/// `thanks.event`: what only those who registered see.
#[derive(Serialize)]
pub struct ThanksEventView {
    /// The address at which it takes place online. Empty without one, and when the event is cancelled or over.
    pub join_url: String,
    /// The links for calendars, for each date that is not over.
    pub calendars: Vec<CalendarView>,
}
