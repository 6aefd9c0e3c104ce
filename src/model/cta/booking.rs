//! Bookings: an appointment, made with an external scheduler or a form.

use std::borrow::Cow;

use super::form_or_url::{FormOrUrl, Messages};
use super::offering::{Offering, RegisterText};
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::form::{FORM, Form};
use crate::model::slug::Slug;
use crate::model::values::OUTWARD_URL;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

#[derive(Clone, Debug)]
pub struct Booking {
    /// `Url`: the address of a scheduler.
    pub by: FormOrUrl,
    /// For people: `14 days`.
    pub trial_length: Option<String>,
}

pub static KEYS: Mapping = Mapping::new(
    "a booking",
    &[
        Key::optional("url", OUTWARD_URL, "The address of a scheduler.").rules(&[
            Rule::BadCtaKind,
            Rule::ReservedUtmContent,
            Rule::ReservedLeadTagParameter,
            Rule::DroppedByProvider,
        ]),
        Key::optional("form", FORM, "Instead of a scheduler: what a visitor fills in, with `email` or `phone`.")
            .rules(&[Rule::BadCtaKind, Rule::BadFormFields, Rule::MissingDestination]),
        Key::optional("trial_length", TEXT, "The length of a trial, for people: `14 days`."),
    ],
)
.one_of(&["url", "form"]);

/// The offer of a booking by form in the tag register.
const BY_FORM: &str = "form";

pub(super) const REGISTER_TEXT: RegisterText = RegisterText {
    check: |offer| if offer.is_empty() { Err("the host of a scheduler, or `form`") } else { Ok(()) },
    offer: |offer| match offer {
        BY_FORM => "a booking by form".to_owned(),
        scheduler => format!("a booking at {scheduler}"),
    },
    action: |offer, form| match form {
        Some(fields) => format!("left {fields} to book a time"),
        None if offer == BY_FORM => "asked for a booking".to_owned(),
        None => format!("went on to {offer} to book a time"),
    },
    quotes_a_code: |_| false,
    is_meant_by: |_, _| false,
};

const MESSAGES: Messages = Messages {
    neither: ("this booking has no way to book", "add the `url` of a scheduler, or `form: [name, email]`"),
    both: ("this booking has both a scheduler and a form", "remove `url` or `form`"),
};

impl Booking {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Booking> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let by = FormOrUrl::read(reader, &mut entries, &MESSAGES);
        let trial_length = entries.read(reader, "trial_length", text);
        entries.finish(reader);
        Some(Booking { by: by?, trial_length })
    }
}

impl Offering for Booking {
    fn form(&self) -> Option<&Form> {
        self.by.form()
    }

    fn quotes_a_code(&self) -> bool {
        false
    }

    fn url(&self, _: &Slug) -> Option<OutwardUrl> {
        self.by.url().map(|url| url.value.clone())
    }

    fn written_url(&self) -> Option<(&WebUrl, Span)> {
        self.by.web_url()
    }

    fn register_name(&self, _: &Slug) -> Cow<'_, str> {
        match &self.by {
            FormOrUrl::Url(url) => url.value.short_name().into(),
            FormOrUrl::Form(_) => BY_FORM.into(),
        }
    }

    fn valid_until(&self) -> Option<Located<When>> {
        None
    }

    fn own_channels(&self) -> Vec<(&Slug, Span)> {
        Vec::new()
    }

    fn file(&self) -> Option<&Located<String>> {
        None
    }

    fn needs_follow_up(&self) -> bool {
        true
    }

    fn destination_text(&self) -> String {
        match &self.by {
            FormOrUrl::Url(url) => url.value.short_name().to_owned(),
            FormOrUrl::Form(_) => String::new(),
        }
    }

    fn first_message(&self, _: &str) -> String {
        let message = match &self.by {
            FormOrUrl::Url(_) => "thank you for booking a time with us. What would you like to get out of it?",
            FormOrUrl::Form(_) => {
                "you asked us for a time to talk. When does it suit you, and what would you like to get out of it?"
            }
        };
        message.to_owned()
    }
}
