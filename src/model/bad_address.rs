//! The diagnostics for addresses: unreadable, unsafe or not encrypted.

use std::sync::Arc;

use super::address::{BadAddress, WebUrl};
use crate::diagnostics::{Diagnostic, hidden_character};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::values::excerpt;

/// Returns the error for a text that is not an address.
pub fn bad_address(source: &Arc<SourceText>, span: Span, text: &str, reason: &BadAddress) -> Diagnostic {
    if let BadAddress::Hidden(spaces) = reason
        && let Some(diagnostic) = hidden_character(source, span, text.trim_matches(' '), *spaces)
    {
        return diagnostic;
    }
    let written = text;
    let text = excerpt(text);
    let error = |message: String, label: &str| Diagnostic::error(Rule::BadUrl, message).at(source, span, label);
    match reason {
        BadAddress::Scheme(scheme) => {
            let diagnostic = Diagnostic::error(Rule::UnsafeScheme, format!("`{scheme}:` addresses are not allowed"))
                .at(source, span, "browsers read this scheme here")
                .help("only `https`, `http`, `mailto` and `tel` addresses are safe to click");
            match scheme.as_str() {
                "file" => diagnostic.help(format!("copy the file into `content/`, and write `{}`", last_part(written))),
                _ => diagnostic,
            }
        }
        BadAddress::ComputerFile => error("this is a file on one computer".to_owned(), "visitors cannot open it")
            .help(format!("copy the file into `content/`, beside the page, and write `{}`", last_part(written))),
        BadAddress::Backslash => {
            let meant = written.replace('\\', "/");
            error("this path has backslashes".to_owned(), "`/` is expected between folders")
                .help(format!("write `{meant}`"))
        }
        BadAddress::Escape => {
            error("this path has a line break or a tab".to_owned(), "in double quotes, `\\n` is a line break")
                .help("write `/` between folders")
        }
        BadAddress::CharacterReference { reference, meant } => {
            error(format!("`{reference}` is HTML, and browsers do not decode it here"), "part of the address as it is")
                .help(format!("write `{}`", excerpt(meant)))
        }
        BadAddress::Hidden(_) | BadAddress::Unreadable => {
            error(format!("`{text}` is not an address"), "browsers cannot follow it")
        }
        BadAddress::CodeInHost => {
            error("a coupon's code cannot be part of the host".to_owned(), "every code would lead to another host")
                .help("put `{code}` into the path or the query")
        }
        BadAddress::Password => {
            error("this address contains a user name or a password".to_owned(), "everyone could read it")
                .help("leave out the part before the `@`")
        }
        BadAddress::Host => error(format!("`{text}` has no valid host"), "no host has these characters")
            .help("a host has letters, digits, `-` and `.`; the path begins at the first `/` after it"),
        BadAddress::NotWeb(url) => {
            error(format!("`{url}` is not a web address"), "an `https:` address is expected here")
        }
        BadAddress::NoScheme => {
            error(format!("`{text}` has no scheme"), "not a whole address").help(match text.strip_prefix("//") {
                Some(rest) => format!("write `https://{rest}`"),
                None if text.starts_with('/') => {
                    "write the whole address, with `https://` and the host in front".to_owned()
                }
                None => format!("write `https://{text}`"),
            })
        }
    }
}

/// Returns the name of a file in a path with `/` or `\`.
fn last_part(path: &str) -> &str {
    path.trim_end_matches(['\\', '/']).rsplit(['\\', '/']).next().unwrap_or(path)
}

/// Returns the warning for plain http.
pub fn insecure_url(source: &Arc<SourceText>, span: Span, url: &WebUrl) -> Diagnostic {
    Diagnostic::warning(Rule::InsecureUrl, format!("`{url}` is not encrypted"))
        .at(source, span, "plain http")
        .help("write `https://` if the server supports it")
}
