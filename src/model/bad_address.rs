//! The diagnostics for addresses: unreadable, unsafe or not encrypted.

use std::sync::Arc;

use super::address::{BadAddress, WebUrl};
use super::phone::PhoneNumber;
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
        BadAddress::Scheme(scheme) if meant_scheme(scheme).is_some() => {
            let meant = meant_scheme(scheme).unwrap_or_default();
            let rest = written.trim_start().get(scheme.len()..).unwrap_or_default();
            error(format!("`{scheme}:` is no scheme of addresses"), "browsers cannot follow it")
                .help(format!("write `{}`", excerpt(&format!("{meant}{rest}"))))
                .replace(written, format!("{meant}{rest}"))
        }
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
                .replace(written, meant)
        }
        BadAddress::Escape => {
            error("this path has a line break or a tab".to_owned(), "in double quotes, `\\n` is a line break")
                .help("write `/` between folders")
        }
        BadAddress::CharacterReference { reference, meant } => {
            error(format!("`{reference}` is HTML, and browsers do not decode it here"), "part of the address as it is")
                .help(format!("write `{}`", excerpt(meant)))
                .replace(written, meant.as_str())
        }
        BadAddress::Misspelt { meant } => {
            error(format!("`{text}` is not the address that was meant"), "browsers read this as another address")
                .help(format!("write `{}`", excerpt(meant)))
                .replace(written, meant.as_str())
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
            let diagnostic = error(format!("`{text}` has no scheme"), "not a whole address");
            diagnostic.help(match whole_address(&text) {
                Some(whole) => format!("write `{whole}`"),
                None => "write the whole address, with `https://` and the host in front".to_owned(),
            })
        }
    }
}

/// Returns an address without a scheme as a whole one, if it is clear what was meant: a host, a mail address or a telephone
/// number.
pub fn whole_address(text: &str) -> Option<String> {
    if is_mail_address(text) {
        return Some(format!("mailto:{text}"));
    }
    if let Ok(number) = PhoneNumber::parse(text) {
        return Some(number.link());
    }
    let bare = text.trim_start_matches('<').trim_end_matches('>');
    let scheme = ["https", "http", "htps", "htts"].into_iter().find_map(|scheme| bare.strip_prefix(scheme));
    // `https//kazi.example` and `https:kazi.example`.
    let bare = scheme.filter(|rest| rest.starts_with([':', '/'])).unwrap_or(bare).trim_start_matches([':', '/']);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "0"));
    if port.parse::<u16>().is_err() {
        return None;
    }
    let (_, last) = host.rsplit_once('.')?;
    let is_file = bare.len() == host.len() && FILE_ENDINGS.iter().any(|ending| ending.eq_ignore_ascii_case(last));
    let is_host = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic()) && !host.contains(' ');
    let is_path = text.starts_with('/') && !text.starts_with("//");
    (is_host && !is_file && !is_path).then(|| format!("https://{bare}"))
}

/// Endings of files that authors take for addresses. No top-level domain has one of these names, except `zip` and `md`.
const FILE_ENDINGS: [&str; 9] = ["md", "html", "htm", "pdf", "zip", "jpg", "jpeg", "png", "docx"];

/// Returns true for `sales@kazi.example`, without a scheme.
pub fn is_mail_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        let is_plain =
            |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@/:<>".contains(c));
        is_plain(name) && is_plain(host) && host.contains('.') && !host.ends_with('.')
    })
}

/// Returns the scheme that was meant by a misspelt one: `htps`, `mail`.
fn meant_scheme(scheme: &str) -> Option<&'static str> {
    const MISSPELT: [(&str, &str); 11] = [
        ("htps", "https"),
        ("htpps", "https"),
        ("httpss", "https"),
        ("ttps", "https"),
        ("hhttps", "https"),
        ("htts", "https"),
        ("hxxps", "https"),
        ("mailt", "mailto"),
        ("mail", "mailto"),
        ("email", "mailto"),
        ("phone", "tel"),
    ];
    MISSPELT.iter().find(|(wrong, _)| *wrong == scheme).map(|(_, right)| *right)
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
