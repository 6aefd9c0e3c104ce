//! What every kind of call to action has to define.

use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::form::Form;
use crate::model::slug::Slug;
use crate::source::{Located, Span};

/// The offer of a call to action. No method has a default: a new kind decides about each.
pub trait Offering {
    fn form(&self) -> Option<&Form>;

    /// Whether visitors are asked to quote a short code. In a message or a call nothing else carries the lead source.
    fn quotes_a_code(&self) -> bool;

    /// The address that the link leads to for visitors of a channel. `None` for files and forms, and for contacts,
    /// whose links carry only a short code.
    fn url(&self, channel: &Slug) -> Option<OutwardUrl>;

    /// The web address as the author wrote it, which can get parameters. A placeholder is filled with any value.
    fn written_url(&self) -> Option<(&WebUrl, Span)>;

    /// The offer's name in the tag register.
    fn register_name(&self, channel: &Slug) -> String;

    /// The last day or minute on which the offer is valid.
    fn valid_until(&self) -> Option<Located<When>>;

    /// The channels for which the offer differs, where front matter names them.
    fn own_channels(&self) -> Vec<(&Slug, Span)>;

    /// The file that visitors get, as the author wrote its path.
    fn file(&self) -> Option<&Located<String>>;

    /// Whether somebody has to answer the lead.
    fn needs_follow_up(&self) -> bool;

    /// Where the link leads, for people. Empty for files and forms.
    fn destination_text(&self) -> String;

    /// A first message to a lead that is true for every campaign, without its greeting. `offer` is the name in the
    /// tag register.
    fn first_message(&self, offer: &str) -> String;
}

/// How people read a row of the tag register. The functions get the row's `offer`.
pub struct RegisterText {
    /// `the code ACME20`
    pub offer: fn(&str) -> String,
    /// Completes "saw this page and …". The second argument lists the fields of the form, if there is one.
    pub action: fn(&str, Option<&str>) -> String,
    /// Whether a lead with this offer quotes a short code.
    pub quotes_a_code: fn(&str) -> bool,
    /// Whether a text that somebody looks up is this offer.
    pub is_meant_by: fn(&str, &str) -> bool,
}
