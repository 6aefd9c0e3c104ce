//! The diagnostics for addresses: unreadable, unsafe or not encrypted.

use std::sync::Arc;

use super::address::{BadAddress, WebUrl};
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::values::excerpt;

/// Returns the error for a text that is not an address.
pub fn bad_address(source: &Arc<SourceText>, span: Span, text: &str, reason: &BadAddress) -> Diagnostic {
    let text = excerpt(text);
    let error = |message: String, label: &str| Diagnostic::error(Rule::BadUrl, message).at(source, span, label);
    match reason {
        BadAddress::Scheme(scheme) => {
            Diagnostic::error(Rule::UnsafeScheme, format!("`{scheme}:` addresses are not allowed"))
                .at(source, span, "browsers read this scheme here")
                .help("only `https`, `http`, `mailto` and `tel` addresses are safe to click")
        }
        BadAddress::Unreadable => error(format!("`{text}` is not an address"), "browsers cannot follow it"),
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

/// Returns the warning for plain http.
pub fn insecure_url(source: &Arc<SourceText>, span: Span, url: &WebUrl) -> Diagnostic {
    Diagnostic::warning(Rule::InsecureUrl, format!("`{url}` is not encrypted"))
        .at(source, span, "plain http")
        .help("write `https://` if the server supports it")
}
