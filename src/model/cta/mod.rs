//! Calls to action. Each kind has its own file with its keys, its reader and everything that depends on the kind. This
//! file has the parts that all kinds share, and the `match`es over the kinds.

pub mod booking;
pub mod contact;
pub mod coupon;
pub mod download;
pub mod event;
pub mod event_date;
mod form_or_url;
pub mod offering;
mod outward;
pub mod thanks;

use std::borrow::Cow;
use std::fmt;

pub use booking::Booking;
pub use contact::ContactBy;
pub use coupon::{CodeUrl, Coupon};
pub use download::Download;
pub use event::{DateState, Event, EventDate};
pub use form_or_url::FormOrUrl;
pub use offering::{Offering, RegisterText};
pub use thanks::Thanks;

use super::address::{OutwardUrl, WebUrl};
use super::date::When;
use super::elsewhere;
use super::form::Form;
use super::provider::Provider;
use super::values::{DESTINATION, ID, IDS, by_id, id, ids};
use crate::diagnostics::list;
use crate::model::slug::{ById, Slug};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, Value, YamlReader};

#[derive(Clone, Debug)]
pub struct Cta {
    pub id: Located<Slug>,
    pub label: String,
    pub note: Option<String>,
    /// Former ids.
    pub was: Vec<Located<Slug>>,
    pub deliver_to: Option<Located<Slug>>,
    /// The author's texts of its thank-you page.
    pub thanks: Option<Box<Thanks>>,
    pub offer: CtaOffer,
    /// The scheduler or checkout that the link leads to.
    pub provider: Provider,
}

#[derive(Clone, Debug)]
pub enum CtaOffer {
    Coupon(Box<Coupon>),
    Download(Box<Download>),
    Booking(Box<Booking>),
    Contact(Box<ContactBy>),
    Event(Box<Event>),
}

/// The kinds, by their names in front matter and in the tag register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CtaKind {
    Coupon,
    Download,
    Booking,
    Contact,
    Event,
}

pub static KEYS: Mapping = Mapping::new(
    "a call to action",
    &[
        Key::required("label", TEXT, "The text of the button."),
        Key::optional("note", TEXT, "The small print beside the button."),
        Key::optional("was", IDS, "[Ids that it had before](channels.md#renaming): their lead tags lead to this one.")
            .rules(&[Rule::BadId]),
        Key::optional("deliver_to", DESTINATION, "The destination of its form.")
            .default_text("`leads.deliver_to`")
            .rules(&[Rule::UnknownDestination]),
        Key::optional("thanks", Shape::mapping(&thanks::KEYS), "[What its thank-you page says](#thank-you-pages).")
            .rules(&[Rule::BadThanks]),
        Key::optional("coupon", Shape::mapping(&coupon::KEYS), "A code, and where it is used.")
            .rules(&[Rule::BadCtaKind]),
        Key::optional("download", Shape::mapping(&download::KEYS), "A file, as a direct link or behind a form.")
            .rules(&[Rule::BadCtaKind]),
        Key::optional("booking", Shape::mapping(&booking::KEYS), "A time with you: a scheduler, or a form.")
            .rules(&[Rule::BadCtaKind]),
        Key::optional("contact", Shape::mapping(&contact::KEYS), "A question: on WhatsApp, by telephone or in a form.")
            .rules(&[Rule::BadCtaKind]),
        Key::optional(
            "event",
            Shape::mapping(&event::KEYS),
            "A webinar, a fair or a workshop, with its day and place.",
        )
        .rules(&[Rule::BadCtaKind]),
    ],
)
.one_of(&["coupon", "download", "booking", "contact", "event"])
.elsewhere(elsewhere::CTA);

const CTA: Shape = Shape::mapping(&KEYS);
/// `ctas` of a page.
pub const CTAS: Shape = Shape::filled_map("id to call to action", &ID, &CTA);

impl CtaOffer {
    fn offering(&self) -> &dyn Offering {
        match self {
            CtaOffer::Coupon(coupon) => &**coupon,
            CtaOffer::Download(download) => &**download,
            CtaOffer::Booking(booking) => &**booking,
            CtaOffer::Contact(contact) => &**contact,
            CtaOffer::Event(event) => &**event,
        }
    }

    fn kind(&self) -> CtaKind {
        match self {
            CtaOffer::Coupon(_) => CtaKind::Coupon,
            CtaOffer::Download(_) => CtaKind::Download,
            CtaOffer::Booking(_) => CtaKind::Booking,
            CtaOffer::Contact(_) => CtaKind::Contact,
            CtaOffer::Event(_) => CtaKind::Event,
        }
    }
}

impl CtaKind {
    pub const ALL: [CtaKind; 5] =
        [CtaKind::Coupon, CtaKind::Download, CtaKind::Booking, CtaKind::Contact, CtaKind::Event];

    pub fn as_str(self) -> &'static str {
        match self {
            CtaKind::Coupon => "coupon",
            CtaKind::Download => "download",
            CtaKind::Booking => "booking",
            CtaKind::Contact => "contact",
            CtaKind::Event => "event",
        }
    }

    /// Returns the kind with exactly this name.
    pub fn parse(text: &str) -> Option<CtaKind> {
        CtaKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Returns the texts for a row of the tag register.
    pub fn register_text(self) -> &'static RegisterText {
        match self {
            CtaKind::Coupon => &coupon::REGISTER_TEXT,
            CtaKind::Download => &download::REGISTER_TEXT,
            CtaKind::Booking => &booking::REGISTER_TEXT,
            CtaKind::Contact => &contact::REGISTER_TEXT,
            CtaKind::Event => &event::REGISTER_TEXT,
        }
    }

    /// Checks the offer of a row of the tag register. The error is what the kind can offer, for people.
    pub fn check_offer(self, offer: &str) -> Result<(), &'static str> {
        (self.register_text().check)(offer)
    }

    /// Returns true if a lead with this offer quotes a short code, because a message or a call carries no lead tag.
    pub fn quotes_a_code(self, offer: &str) -> bool {
        (self.register_text().quotes_a_code)(offer)
    }
}

impl fmt::Display for CtaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Cta {
    pub fn kind(&self) -> CtaKind {
        self.offer.kind()
    }

    /// Returns the offer as the trait that every kind implements.
    pub fn offering(&self) -> &dyn Offering {
        self.offer.offering()
    }

    pub fn form(&self) -> Option<&Form> {
        self.offering().form()
    }

    /// Returns true for a contact by a form with only an e-mail address, as for a newsletter.
    pub fn is_signup(&self) -> bool {
        self.kind() == CtaKind::Contact && self.form().is_some_and(Form::has_only_email)
    }

    pub fn quotes_a_code(&self) -> bool {
        self.offering().quotes_a_code()
    }

    pub fn url(&self, channel: &Slug) -> Option<OutwardUrl> {
        self.offering().url(channel)
    }

    pub fn written_url(&self) -> Option<(&WebUrl, Span)> {
        self.offering().written_url()
    }

    /// Returns the offer's name in the tag register.
    pub fn offer_for(&self, channel: &Slug) -> Cow<'_, str> {
        self.offering().register_name(channel)
    }

    pub fn valid_until(&self) -> Option<Located<When>> {
        self.offering().valid_until()
    }

    pub fn booking(&self) -> Option<&Booking> {
        match &self.offer {
            CtaOffer::Booking(booking) => Some(booking),
            CtaOffer::Coupon(_) | CtaOffer::Download(_) | CtaOffer::Contact(_) | CtaOffer::Event(_) => None,
        }
    }

    pub fn coupon(&self) -> Option<&Coupon> {
        match &self.offer {
            CtaOffer::Coupon(coupon) => Some(coupon),
            CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) | CtaOffer::Event(_) => None,
        }
    }

    pub fn event(&self) -> Option<&Event> {
        match &self.offer {
            CtaOffer::Event(event) => Some(event),
            CtaOffer::Coupon(_) | CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) => None,
        }
    }
}

/// Reads `ctas`.
pub fn read_all(reader: &mut YamlReader, node: &Node) -> Option<ById<Cta>> {
    let ctas = by_id(reader, node, "call to action", read)?;
    if matches!(&node.value, Value::Map(entries) if entries.is_empty()) {
        let message = "`ctas` has no call to action";
        reader.error(Rule::EmptyValue, node.span, message, "add one, or leave `ctas` out");
        return None;
    }
    Some(ctas)
}

fn read(reader: &mut YamlReader, cta_id: &Located<Slug>, node: &Node) -> Option<Cta> {
    let mut entries = Entries::of(reader, node, &KEYS)?;
    let label = entries.read(reader, "label", text);
    let note = entries.read(reader, "note", text);
    let was = entries.read(reader, "was", ids).unwrap_or_default();
    let deliver_to = entries.read(reader, "deliver_to", id);
    let thanks = entries.read(reader, "thanks", Thanks::read).map(Box::new);
    // All kinds are read, so that the errors of each are reported.
    let offers = [
        entries.read(reader, "coupon", Coupon::read).map(|coupon| CtaOffer::Coupon(Box::new(coupon))),
        entries.read(reader, "download", Download::read).map(|download| CtaOffer::Download(Box::new(download))),
        entries.read(reader, "booking", Booking::read).map(|booking| CtaOffer::Booking(Box::new(booking))),
        entries.read(reader, "contact", ContactBy::read).map(|contact| CtaOffer::Contact(Box::new(contact))),
        entries.read(reader, "event", Event::read).map(|event| CtaOffer::Event(Box::new(event))),
    ];
    let has_one_kind = check_kind(reader, &entries, cta_id);
    let thanks_span = entries.key_span("thanks");
    entries.finish(reader);
    let offer = offers.into_iter().flatten().next().filter(|_| has_one_kind)?;
    if let Some(span) = thanks_span.filter(|_| offer.offering().form().is_none()) {
        let message = "`thanks` is for forms, and this call to action has none";
        reader.error(Rule::BadThanks, span, message, "remove this key");
    }
    let provider = offer.offering().written_url().map_or(Provider::Other, |(url, _)| Provider::of(url));
    Some(Cta { id: cta_id.clone(), label: label?, note, was, deliver_to, thanks, offer, provider })
}

fn check_kind(reader: &mut YamlReader, entries: &Entries, id: &Located<Slug>) -> bool {
    let label = "a call to action has exactly one kind";
    match entries.given()[..] {
        [_] => return true,
        // The unknown key is probably a misspelt kind.
        [] if reader.partial || entries.has_unknown_key() => {}
        [] => {
            let message = format!("`{}` offers nothing", id.value);
            let help = format!("add one of {}", list(KEYS.one_of.iter().copied()));
            reader.error_with_help(Rule::BadCtaKind, id.span, message, label, help);
        }
        ref given @ [_, second, ..] => {
            let message = format!("`{}` offers {} at once", id.value, list(given.iter().copied()));
            let span = entries.key_span(second).unwrap_or(id.span);
            reader.error_with_help(Rule::BadCtaKind, span, message, label, "split it into two calls to action");
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_is_parsed_from_its_own_name() {
        for kind in CtaKind::ALL {
            assert_eq!(CtaKind::parse(kind.as_str()), Some(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
        }
        for other in ["", "Coupon", "coupons", "form"] {
            assert_eq!(CtaKind::parse(other), None, "{other}");
        }
    }

    #[test]
    fn every_kind_is_a_key() {
        assert_eq!(KEYS.one_of, CtaKind::ALL.map(CtaKind::as_str));
    }
}
