//! The first message to a lead, for sales to copy: from the notes, or else a generic one.

use crate::model::cta::Cta;
use crate::parse::notes::FirstMessage;
use crate::resolve::{SitePage, State};

/// The heading of a generic message.
pub const DEFAULT_HEADING: &str = "First message";

/// Returns the message for a lead who saw this call to action. `written` is the message of the notes, `offer` what
/// the lead was offered, and `is_as_today` whether the content still offers it.
pub fn first_message(
    page: &SitePage,
    cta: &Cta,
    written: Option<&FirstMessage>,
    offer: &str,
    is_as_today: bool,
) -> String {
    let is_over = page.state == State::Ended || page.cta(&cta.id.value).is_some_and(|(_, state)| state.expired);
    match written {
        // The code is no longer valid.
        Some(message) if is_over && message.text.contains("{code}") => after_end(page),
        Some(message) => message.text.replace("{code}", offer),
        None if is_over => after_end(page),
        None if !is_as_today => for_earlier_offer(page),
        None => generic(page, cta, offer),
    }
}

/// For an offer that is over.
fn after_end(page: &SitePage) -> String {
    let title = &page.page.front.title.value;
    format!(
        "Hi {{first name}}, you were looking at “{title}”. That offer is over. May I tell you what we have for you now?"
    )
}

/// For an earlier offer, which only the register still has.
fn for_earlier_offer(page: &SitePage) -> String {
    let title = &page.page.front.title.value;
    format!("Hi {{first name}}, you were looking at “{title}”. Did you get what you were looking for?")
}

/// For a campaign without notes: a message that is true for any campaign.
fn generic(page: &SitePage, cta: &Cta, offer: &str) -> String {
    let title = &page.page.front.title.value;
    let message = cta.offering().first_message(offer);
    format!("Hi {{first name}}, you were looking at “{title}”: {message}")
}
