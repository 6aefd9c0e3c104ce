//! The fields that a form sends besides a site's own ones, and the lengths of their values.

use super::field::Field;
use super::hidden_field::HiddenField;

pub use super::hidden_field::{CONSENT, CRM_SOURCE, HONEYPOT};

/// The start of the date that a visitor chooses, for an event with several dates.
pub const EVENT_DATE: &str = "event_date";

/// The address of the thank-you page.
pub const REDIRECT: &str = HiddenField::Redirect.name();

/// Returns all fields that describe a lead, visible or not. `redirect` is excluded, because only the browser needs it.
pub fn lead_facts() -> impl Iterator<Item = &'static str> {
    let hidden = HiddenField::ALL.into_iter().map(HiddenField::name).filter(|name| *name != REDIRECT);
    Field::ALL.into_iter().map(Field::name).chain(hidden).chain([CONSENT, EVENT_DATE])
}

/// Returns the number of characters that a destination must accept in a field. Visible fields return 0, because a form
/// limits them by `maxlength`. The arrival script truncates its values to `script_limit`.
pub fn max_length(field: &str, script_limit: u32) -> u32 {
    match field {
        // Three ids of at most 40 characters, a language of at most 20, and a version.
        "lead_tag" => 145,
        // The main language may have a longer tag than those of `languages`.
        "language" => 35,
        "version" => 1,
        "campaign" | "cta" | "channel" | "first_channel" => 40,
        // `More than 1000`.
        "team_size" => 14,
        CONSENT => 3,
        // `2027-03-18T10:00`.
        EVENT_DATE => 16,
        _ if Field::ALL.iter().any(|visible| visible.name() == field) => 0,
        _ => script_limit,
    }
}
