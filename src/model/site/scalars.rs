//! Single values of `site.yaml`: base address and language.

use serde_json::json;

use crate::model::base_url::{BaseUrl, NotABaseUrl};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::values::text;
use crate::yaml::{Node, Shape, YamlReader};

pub(super) const BASE_URL: Shape = Shape::value("address", |_| {
    let local = "http://(?:(?:[a-z0-9-]+\\.)*localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?";
    json!({ "type": "string", "pattern": format!("^(?:https://[^/?#@]+|{local})(?:/[^/?#!$&'()*+,;=:@|^\\[\\]]+)*/?$") })
});
pub(super) const LANGUAGE: Shape =
    Shape::value("language tag", |_| json!({ "type": "string", "pattern": "^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*$" }));

pub(super) fn base_url(reader: &mut YamlReader, node: &Node) -> Option<BaseUrl> {
    let text = text(reader, node)?;
    match BaseUrl::parse(&text) {
        Ok(url) => Some(url),
        Err(error) => {
            let (label, help) = base_url_help(&error);
            let message = format!("`{text}` cannot be the site's address");
            reader.error_with_help(Rule::BadUrl, node.span, message, label, help);
            None
        }
    }
}

/// Returns what is wrong with a base URL, and what to write instead.
pub fn base_url_help(error: &NotABaseUrl) -> (&'static str, &'static str) {
    match error {
        NotABaseUrl::Unreadable => ("not a whole address", "write it as in `https://kazi.example/`"),
        NotABaseUrl::Scheme => ("neither https nor http on this machine", "write `https://`"),
        NotABaseUrl::Path => (
            "the path has characters with a meaning for hosts",
            "use letters, digits, `-`, `.`, `_` and `~` in the path",
        ),
        NotABaseUrl::EmptyFolder => ("the path has `//`", "write one `/` between folders"),
        NotABaseUrl::TooMuch => ("more than scheme, host and path", "leave out user, query and fragment"),
    }
}

/// Reads a language tag in the form of RFC 5646: letters, then parts of up to eight letters or digits.
pub(super) fn language(reader: &mut YamlReader, node: &Node) -> Option<Located<String>> {
    let text = text(reader, node)?;
    let mut parts = text.split('-');
    let is_language = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if parts.next().is_some_and(is_language) && parts.all(is_subtag) {
        return Some(Located { value: text, span: node.span });
    }
    let message = format!("`{text}` is not a language tag");
    reader.error(Rule::BadLanguage, node.span, message, "write it as in `en`, `de` or `pt-BR`");
    None
}
