//! The fields that a form sends besides the visible ones.

use super::form::Field;
use super::hidden_field::HiddenField;

/// The checkbox.
pub const CONSENT: &str = "consent";

/// The CRM's own name for the channel of a lead. Only forms whose destination accepts it have this field.
pub const CRM_SOURCE: &str = "crm_source";

/// The address of the thank-you page.
pub const REDIRECT: &str = HiddenField::Redirect.name();

/// The field that people never see, so only machines fill it in.
pub const HONEYPOT: &str = "leave_empty";

/// All fields that are facts of a lead, visible or not. `redirect` only leads the browser.
pub fn lead_facts() -> impl Iterator<Item = &'static str> {
    let hidden = HiddenField::ALL.into_iter().map(HiddenField::name).filter(|name| *name != REDIRECT);
    Field::ALL.into_iter().map(Field::name).chain(hidden).chain([CONSENT])
}

/// The longest value of a field that no form can shorten, in characters. Visible fields have a `maxlength`, and the
/// arrival script cuts the values that it writes to `script_limit`.
pub fn max_length(field: &str, script_limit: u32) -> u32 {
    match field {
        // Three ids of at most 40 characters.
        "lead_tag" => 122,
        "campaign" | "cta" | "channel" | "first_channel" => 40,
        // `More than 1000`.
        "team_size" => 14,
        CONSENT => 3,
        _ if Field::ALL.iter().any(|visible| visible.name() == field) => 0,
        _ => script_limit,
    }
}
