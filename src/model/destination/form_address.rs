//! The address of a form that a service generates.

use crate::model::address::WebUrl;
use crate::model::bad_address::bad_address;
use crate::rules::Rule;
use crate::yaml::values::text;
use crate::yaml::{Node, YamlReader};

/// What the address of a service's forms looks like.
pub(super) struct FormAddress {
    pub title: &'static str,
    pub is_form: fn(&WebUrl) -> bool,
    /// An example, for a label.
    pub expected: &'static str,
    pub help: &'static str,
}

pub(super) fn read(reader: &mut YamlReader, node: &Node, rules: &FormAddress) -> Option<WebUrl> {
    let written = text(reader, node)?;
    // The generated HTML has `&amp;`.
    let url = match WebUrl::parse(&written.replace("&amp;", "&")) {
        Ok(url) => url,
        Err(reason) => {
            reader.diagnostics.push(bad_address(reader.source, node.span, &written, &reason));
            return None;
        }
    };
    if url.url().scheme() == "https" && (rules.is_form)(&url) {
        return Some(url);
    }
    let message = format!("this is not the address of a form at {}", rules.title);
    let label = format!("{} is expected here", rules.expected);
    reader.error_with_help(Rule::BadDestinationAccount, node.span, message, label, rules.help);
    None
}

/// Returns the help for a name that should have capitals.
pub(super) fn upper_case_help(text: &str, is_name: fn(&str) -> bool, where_shown: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = text.trim_matches(['*', '|']).chars().map(allowed).collect();
    match is_name(&name) {
        true => format!("perhaps `{name}`: {where_shown}"),
        false => where_shown.to_owned(),
    }
}
