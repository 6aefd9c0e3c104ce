//! Downloads: a file, open to everyone or behind a form.

use std::borrow::Cow;

use super::offering::{Offering, RegisterText};
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::form::{FORM, Form};
use crate::model::slug::Slug;
use crate::model::values::file_path;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::FILE;
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

#[derive(Clone, Debug)]
pub struct Download {
    /// The path as the author wrote it.
    pub file: Located<String>,
    pub form: Option<Form>,
}

pub static KEYS: Mapping = Mapping::new(
    "a download",
    &[
        Key::required(
            "file",
            FILE,
            "A file beside the page, or with a leading `/` from `content/`, then from `static/`.",
        )
        .rules(&[Rule::BrokenLink]),
        Key::optional(
            "form",
            FORM,
            "What a visitor fills in to get the file, with `email` or `phone`. Left out: a direct link.",
        )
        .rules(&[Rule::BadFormFields, Rule::MissingDestination]),
    ],
);

pub(super) const REGISTER_TEXT: RegisterText = RegisterText {
    check: |offer| if offer.is_empty() { Err("the name of a file") } else { Ok(()) },
    offer: str::to_owned,
    action: |file, form| match form {
        None => format!("downloaded {file}"),
        Some(fields) => format!("left {fields} to download {file}"),
    },
    quotes_a_code: |_| false,
    is_meant_by: |file, text| file.eq_ignore_ascii_case(text),
};

impl Download {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Download> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let file = entries.read(reader, "file", file_path);
        let has_form = entries.has("form");
        let form = entries.read(reader, "form", Form::read);
        entries.finish(reader);
        if has_form && form.is_none() {
            return None;
        }
        Some(Download { file: file?, form })
    }
}

impl Offering for Download {
    fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    fn quotes_a_code(&self) -> bool {
        false
    }

    fn url(&self, _: &Slug) -> Option<OutwardUrl> {
        None
    }

    fn written_url(&self) -> Option<(&WebUrl, Span)> {
        None
    }

    fn register_name(&self, _: &Slug) -> Cow<'_, str> {
        let path = &self.file.value;
        path.rsplit('/').next().unwrap_or(path).into()
    }

    fn valid_until(&self) -> Option<Located<When>> {
        None
    }

    fn own_channels(&self) -> Vec<(&Slug, Span)> {
        Vec::new()
    }

    fn file(&self) -> Option<&Located<String>> {
        Some(&self.file)
    }

    fn needs_follow_up(&self) -> bool {
        self.form.is_some()
    }

    fn destination_text(&self) -> String {
        String::new()
    }

    fn first_message(&self, offer: &str) -> String {
        match self.form {
            Some(_) => format!("you asked us for {offer}. Did it reach you, and did it answer your question?"),
            None => format!("you downloaded {offer}. Did it answer your question?"),
        }
    }
}
