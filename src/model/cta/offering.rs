//! The trait that every kind of call to action implements.

use std::borrow::Cow;

use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::form::Form;
use crate::model::slug::Slug;
use crate::source::{Located, Span};

/// The offer of a call to action. No method has a default, so that a new kind has to define each.
pub trait Offering {
    fn form(&self) -> Option<&Form>;

    /// Returns true if visitors are asked to quote a short code, because a message or a call carries no lead tag.
    fn quotes_a_code(&self) -> bool;

    /// Returns the address that the link leads to for visitors of a channel. Returns `None` for files, forms and
    /// contacts; links of contacts carry only a short code.
    fn url(&self, channel: &Slug) -> Option<OutwardUrl>;

    /// Returns the web address as the author wrote it, to which parameters can be added. A placeholder has an example
    /// value.
    fn written_url(&self) -> Option<(&WebUrl, Span)>;

    /// Returns the offer's name in the tag register.
    fn register_name(&self, channel: &Slug) -> Cow<'_, str>;

    /// Returns the last day or minute on which the offer is valid.
    fn valid_until(&self) -> Option<Located<When>>;

    /// Returns the channels for which the offer differs, with their locations in front matter.
    fn own_channels(&self) -> Vec<(&Slug, Span)>;

    /// Returns the path of the file that visitors get, as the author wrote it.
    fn file(&self) -> Option<&Located<String>>;

    /// Returns true if somebody has to answer the lead.
    fn needs_follow_up(&self) -> bool;

    /// Returns the target of the link, for people. It is empty for files and forms.
    fn destination_text(&self) -> String;

    /// Returns a first message to a lead, without a greeting, that fits every campaign. `offer` is the name in the tag
    /// register.
    fn first_message(&self, offer: &str) -> String;
}

/// The texts of a kind for a row of the tag register. The functions get the row's `offer`.
pub struct RegisterText {
    /// Returns what the kind can offer, for people, if it cannot have this offer.
    pub check: fn(&str) -> Result<(), &'static str>,
    /// Describes the offer: `the code ACME20`.
    pub offer: fn(&str) -> String,
    /// Completes "saw this page and …". The second argument lists the fields of the form, if there is one.
    pub action: fn(&str, Option<&str>) -> String,
    /// Returns true if a lead with this offer quotes a short code.
    pub quotes_a_code: fn(&str) -> bool,
    /// Returns true if a text that somebody looks up means this offer.
    pub is_meant_by: fn(&str, &str) -> bool,
}
