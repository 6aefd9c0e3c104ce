//! `form` or `url`: visitors respond in a form of the page, or at another service.

use super::outward;
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::form::Form;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::{Entries, YamlReader};

#[derive(Clone, Debug)]
pub enum FormOrUrl {
    Form(Form),
    Url(Located<OutwardUrl>),
}

/// The message and the help for neither of the keys, and for both.
pub(super) struct Messages {
    pub neither: (&'static str, &'static str),
    pub both: (&'static str, &'static str),
}

impl FormOrUrl {
    /// Reads the keys `form` and `url`, of which exactly one is allowed.
    pub(super) fn read(reader: &mut YamlReader, entries: &mut Entries, messages: &Messages) -> Option<FormOrUrl> {
        let form = entries.read(reader, "form", Form::read);
        let url = entries.read(reader, "url", outward::url);
        match entries.given()[..] {
            ["form"] => form.map(FormOrUrl::Form),
            ["url"] => url.map(FormOrUrl::Url),
            [] if reader.partial || entries.has_unknown_key() => None,
            ref given => {
                let (message, help) = if given.is_empty() { messages.neither } else { messages.both };
                let label = "exactly one of `form` and `url` is expected here";
                reader.error_with_help(Rule::BadCtaKind, entries.first_line(reader), message, label, help);
                None
            }
        }
    }

    pub fn form(&self) -> Option<&Form> {
        match self {
            FormOrUrl::Form(form) => Some(form),
            FormOrUrl::Url(_) => None,
        }
    }

    pub fn url(&self) -> Option<&Located<OutwardUrl>> {
        match self {
            FormOrUrl::Form(_) => None,
            FormOrUrl::Url(url) => Some(url),
        }
    }

    /// Returns the web address, to which parameters can be added.
    pub fn web_url(&self) -> Option<(&WebUrl, Span)> {
        let url = self.url()?;
        Some((url.value.web()?, url.span))
    }
}
