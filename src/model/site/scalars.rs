//! Single values of `site.yaml`: base address, language and time zone.

use serde_json::json;

use crate::diagnostics::Diagnostic;
use crate::model::address::{BaseUrl, NotABaseUrl};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Node, Shape, YamlReader};

pub(super) const BASE_URL: Shape = Shape::value("address", |_| {
    let local = "http://(?:(?:[a-z0-9-]+\\.)*localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?";
    json!({ "type": "string", "pattern": format!("^(?:https://[^/?#@]+|{local})(?:/[^?#!$&'()*+,;=:@|^\\[\\]]*)?$") })
});
pub(super) const LANGUAGE: Shape =
    Shape::value("language tag", |_| json!({ "type": "string", "pattern": "^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*$" }));
pub(super) const TIMEZONE: Shape = Shape { name: "IANA name", kind: TEXT.kind };

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

pub(super) fn timezone(reader: &mut YamlReader, node: &Node) -> Option<jiff::tz::TimeZone> {
    let text = text(reader, node)?;
    if let Ok(zone) = jiff::tz::TimeZone::get(&text) {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let diagnostic = Diagnostic::error(Rule::BadTimezone, format!("unknown time zone `{text}`"))
        .at(reader.source, node.span, "write it as in `Africa/Nairobi` or `UTC`")
        .suggest(&text, known.iter().map(String::as_str));
    let is_city = |name: &&String| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&text));
    reader.diagnostics.push(match known.iter().find(is_city) {
        Some(name) => diagnostic.or_help(format!("did you mean `{name}`?")),
        None => diagnostic,
    });
    None
}
