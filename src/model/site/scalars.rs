//! Single values of `site.yaml`: base address and language.

use serde_json::json;

use crate::model::bad_address::whole_address;
use crate::model::base_url::{BaseUrl, NotABaseUrl};
use crate::rules::Rule;
use crate::yaml::values::value;
use crate::yaml::{Node, Shape, YamlReader};

pub(super) const BASE_URL: Shape = Shape::value("address", |_| {
    let local = "http://(?:(?:[a-z0-9-]+\\.)*localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?";
    json!({ "type": "string", "pattern": format!("^(?:https://[^/?#@]+|{local})(?:/[^/?#!$&'()*+,;=:@|^\\[\\]]+)*/?$") })
});
pub(super) const LANGUAGE: Shape =
    Shape::value("language tag", |_| json!({ "type": "string", "pattern": "^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*$" }));

pub(super) fn base_url(reader: &mut YamlReader, node: &Node) -> Option<BaseUrl> {
    let text = value(reader, node)?;
    match BaseUrl::parse(&text) {
        Ok(url) => Some(url),
        Err(error) => {
            let (label, help) = base_url_help(&error);
            let message = format!("`{text}` cannot be the site's address");
            let meant = whole_address(&text).filter(|_| error == NotABaseUrl::Unreadable);
            let help = match meant.and_then(|meant| BaseUrl::parse(&meant).ok()) {
                Some(url) => format!("write `{url}`"),
                None => help.to_owned(),
            };
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
        NotABaseUrl::File => ("the path ends with a file", "leave out the name of the file"),
        NotABaseUrl::EmptyFolder => ("the path has `//`", "write one `/` between folders"),
        NotABaseUrl::TooMuch => ("more than scheme, host and path", "leave out user, query and fragment"),
    }
}
