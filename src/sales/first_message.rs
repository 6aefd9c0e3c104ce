//! The first message to a lead, for sales to copy: from the notes, or else a general one.

use crate::model::cta::{Cta, CtaKind};
use crate::parse::notes::FirstMessage;
use crate::resolve::{SitePage, State};

/// The heading of a general message.
pub const DEFAULT_HEADING: &str = "First message";

/// The placeholder for the campaign's title in a general message.
pub const TITLE_PLACEHOLDER: &str = "{title}";

/// Where the first message to a lead comes from.
#[derive(Clone, Copy)]
pub enum MessageSource<'n> {
    /// The notes for sales.
    Notes(&'n FirstMessage),
    General(GeneralMessage),
}

/// The general messages: they are the same for all campaigns except for the title and the offer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GeneralMessage {
    /// For today's offer.
    Today,
    /// For an offer that is over.
    AfterEnd,
    /// For an earlier offer, which only the register still has.
    EarlierOffer,
}

/// Returns the source of the message for a lead who saw this call to action. `written` is the message of the notes,
/// and `is_as_today` is whether the content still has the lead's offer.
pub fn message_source<'n>(
    page: &SitePage,
    cta: &Cta,
    written: Option<&'n FirstMessage>,
    is_as_today: bool,
) -> MessageSource<'n> {
    let is_over = page.state == State::Ended || page.cta(&cta.id.value).is_some_and(|(_, state)| state.expired);
    match written {
        // The code is no longer valid.
        Some(message) if is_over && message.text.contains("{code}") => MessageSource::General(GeneralMessage::AfterEnd),
        Some(message) => MessageSource::Notes(message),
        None if is_over => MessageSource::General(GeneralMessage::AfterEnd),
        None if !is_as_today => MessageSource::General(GeneralMessage::EarlierOffer),
        None => MessageSource::General(GeneralMessage::Today),
    }
}

impl MessageSource<'_> {
    /// Returns the message to a lead who saw this title and offer.
    pub fn text(&self, cta: &Cta, title: &str, offer: &str) -> String {
        match self {
            MessageSource::Notes(message) => message.text.replace("{code}", offer),
            MessageSource::General(general) => general.text(cta, title, offer),
        }
    }
}

impl GeneralMessage {
    /// Returns the message with [`TITLE_PLACEHOLDER`] and the placeholder of the kind in it.
    pub fn with_placeholders(self, cta: &Cta) -> String {
        let offer = match cta.kind() {
            CtaKind::Coupon => "{code}",
            CtaKind::Download => "{file}",
            // These messages do not contain the offer.
            CtaKind::Booking | CtaKind::Contact | CtaKind::Event => "",
        };
        self.text(cta, TITLE_PLACEHOLDER, offer)
    }

    fn text(self, cta: &Cta, title: &str, offer: &str) -> String {
        let rest = match self {
            GeneralMessage::Today => format!(": {}", cta.offering().first_message(offer)),
            GeneralMessage::AfterEnd => ". That offer is over. May I tell you what we have for you now?".to_owned(),
            GeneralMessage::EarlierOffer => ". Did you get what you were looking for?".to_owned(),
        };
        format!("Hi {{first name}}, you were looking at “{title}”{rest}")
    }
}
