//! Addresses: the targets of links and of calls to action.

use std::fmt;

use percent_encoding::utf8_percent_encode;
use url::Url;

use super::base_url::{is_loopback, is_reserved_for_examples};
use super::character_reference::{character_reference, without_character_references};
use super::host::Host;
use super::url_encoding::{PATH, query_value};
use crate::characters::{Spaces, first_hidden};

/// The address of a link as its author wrote it, by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `cta:save` or `cta:spring-hiring/save`.
    Cta {
        campaign: Option<String>,
        cta: String,
    },
    Web(WebUrl),
    /// `mailto:` or `tel:`, as written.
    Contact(String),
    /// A file or page of the site. Path and anchor are percent-decoded. The path is empty for `#anchor`.
    Local {
        path: String,
        anchor: Option<String>,
        query: Option<String>,
    },
}

/// Why an address is invalid.
#[derive(Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// The scheme, as browsers parse it, is not https, http, mailto or tel.
    Scheme(String),
    Unreadable,
    /// `//host/path`: the scheme would be that of the page.
    NoScheme,
    /// A coupon's code would be part of the host.
    CodeInHost,
    /// A user or a password before the host, which everyone could read.
    Password,
    /// The host has characters that no host has.
    Host,
    /// `mailto:` or `tel:`, but a web address is required.
    NotWeb(String),
    /// A character that nobody sees.
    Hidden(Spaces),
    /// A character reference of HTML, such as `&amp;`. `meant` is the whole address without it.
    CharacterReference {
        reference: String,
        meant: String,
    },
    /// A file of one computer: `C:\Users\…`, `\\server\…`, `file:///…`.
    ComputerFile,
    /// A path with `\` between its folders.
    Backslash,
    /// Written in a way that browsers read as something else. `meant` is the whole address.
    Misspelt {
        meant: String,
    },
    /// `\n` or another escape in double quotes, where a folder and a file were meant.
    Escape,
}

impl Address {
    pub fn parse(text: &str) -> Result<Address, BadAddress> {
        if let Some(target) = text.strip_prefix("cta:") {
            let (campaign, cta) = match target.split_once('/') {
                Some((campaign, cta)) => (Some(campaign.to_owned()), cta.to_owned()),
                None => (None, target.to_owned()),
            };
            return Ok(Address::Cta { campaign, cta });
        }
        // Browsers ignore tabs, line ends and leading spaces, so `java\tscript:` is a script. The `url` crate does the
        // same.
        match Url::parse(text) {
            Ok(url) => match url.scheme() {
                "https" | "http" => {
                    check_characters(text, Spaces::Plain)?;
                    if matches!(url.host_str(), Some("https" | "http")) {
                        let rest = url.path().trim_start_matches('/');
                        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
                        return Err(BadAddress::Misspelt { meant: format!("https://{rest}{query}") });
                    }
                    WebUrl::of(url).map(Address::Web)
                }
                "mailto" | "tel" => {
                    check_characters(text, Spaces::Plain)?;
                    match url.as_str().split_once("://") {
                        Some((scheme, rest)) => Err(BadAddress::Misspelt { meant: format!("{scheme}:{rest}") }),
                        None => Ok(Address::Contact(url.into())),
                    }
                }
                _ if is_computer_file(text) => Err(BadAddress::ComputerFile),
                // A host and a port: `kazi.example:8080/x`.
                host if host.contains('.') || host == "localhost" => Err(BadAddress::NoScheme),
                scheme => Err(BadAddress::Scheme(scheme.to_owned())),
            },
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                check_characters(text, Spaces::Any)?;
                Address::local(text.trim())
            }
            Err(_) => check_characters(text, Spaces::Plain).and(Err(BadAddress::Unreadable)),
        }
    }

    fn local(text: &str) -> Result<Address, BadAddress> {
        let stripped: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        if stripped.starts_with("//") {
            return Err(BadAddress::NoScheme);
        }
        if let Some(reason) = bad_path(&stripped) {
            return Err(reason);
        }
        let (rest, anchor) = match stripped.split_once('#') {
            Some((rest, anchor)) => (rest, Some(decoded(anchor)?)),
            None => (&*stripped, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        Ok(Address::Local { path: decoded(path)?, anchor, query })
    }
}

/// Returns why a text cannot be the path of a file or page: it has backslashes, or is a file of one computer.
pub fn bad_path(text: &str) -> Option<BadAddress> {
    match () {
        () if is_computer_file(text) => Some(BadAddress::ComputerFile),
        () if text.contains('\\') => Some(BadAddress::Backslash),
        () => None,
    }
}

/// Returns true for `C:\…`, `C:/…` and `\\server\…`.
fn is_computer_file(text: &str) -> bool {
    let text = text.trim_start();
    let mut characters = text.chars();
    let has_drive = characters.next().is_some_and(|c| c.is_ascii_alphabetic()) && characters.next() == Some(':');
    has_drive && matches!(characters.next(), Some('\\' | '/')) || text.starts_with("\\\\")
}

/// Refuses characters that nobody sees, and character references of HTML.
pub fn check_characters(text: &str, spaces: Spaces) -> Result<(), BadAddress> {
    if first_hidden(text.trim_matches(' '), spaces).is_some() {
        return Err(BadAddress::Hidden(spaces));
    }
    match text.contains('&').then(|| character_reference(text)).flatten() {
        Some(reference) => Err(BadAddress::CharacterReference {
            reference: reference.to_owned(),
            meant: without_character_references(text),
        }),
        None => Ok(()),
    }
}

fn decoded(text: &str) -> Result<String, BadAddress> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8().map_err(|_| BadAddress::Unreadable)?;
    Ok(text.into_owned())
}

/// An absolute https or http address, on another host or the site's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebUrl(Url);

impl WebUrl {
    fn of(url: Url) -> Result<WebUrl, BadAddress> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Password);
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(BadAddress::Unreadable);
        }
        if Host::of_url(&url).is_some() { Ok(WebUrl(url)) } else { Err(BadAddress::Host) }
    }

    pub fn parse(text: &str) -> Result<WebUrl, BadAddress> {
        match OutwardUrl::parse(text) {
            Ok(OutwardUrl::Web(url)) => Ok(url),
            Ok(OutwardUrl::Contact(url)) => Err(BadAddress::NotWeb(url)),
            // A mail address, to which `mailto:` would not help.
            Err(BadAddress::NoScheme) if text.contains('@') && !text.contains('/') => {
                Err(BadAddress::NotWeb(text.to_owned()))
            }
            Err(reason) => Err(reason),
        }
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Returns true if visitors cannot reach the address: it is on this machine, or its domain is reserved for
    /// examples.
    pub fn is_example(&self) -> bool {
        is_loopback(&self.0) || is_reserved_for_examples(&self.0)
    }

    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https" || is_loopback(&self.0)
    }

    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub fn has_parameter(&self, name: &str) -> bool {
        self.value_of(name).is_some()
    }

    /// Returns the first value of a parameter, decoded.
    pub fn value_of(&self, name: &str) -> Option<String> {
        self.0.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Returns the decoded parts of the path. The last one is empty if the path ends in `/`.
    pub fn path_parts(&self) -> Vec<String> {
        let parts = self.0.path_segments().into_iter().flatten();
        parts.map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
    }

    /// Returns the address with one more parameter at the end of the query. Slashes in its value remain readable.
    pub fn and_parameter(&self, name: &str, value: &str) -> WebUrl {
        let mut url = self.0.clone();
        let own = url.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&")).unwrap_or_default();
        url.set_query(Some(&format!("{own}{}={}", query_value(name), query_value(value).replace("%2F", "/"))));
        WebUrl(url)
    }

    /// Returns the address with another path. The parts are encoded here.
    pub fn at_path(&self, parts: &[&str]) -> WebUrl {
        let mut url = self.0.clone();
        let path: String = parts.iter().map(|part| format!("/{}", utf8_percent_encode(part, PATH))).collect();
        url.set_path(&path);
        WebUrl(url)
    }

    /// Returns the parameters with these names as they are written: `name=value`.
    pub fn parameters(&self, names: &[&str]) -> Vec<&str> {
        let pairs = self.0.query().unwrap_or_default().split('&');
        pairs.filter(|pair| names.contains(&pair.split('=').next().unwrap_or_default())).collect()
    }

    /// Splits the address at the position where parameters can be added. Parameters with a name in `without` are
    /// removed.
    pub fn open(&self, without: &[&str]) -> OpenUrl {
        let mut base = self.0.clone();
        base.set_fragment(None);
        base.set_query(None);
        let retained: Vec<&str> = self
            .0
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !without.contains(&pair.split('=').next().unwrap_or_default()))
            .collect();
        let before = if retained.is_empty() { base.to_string() } else { format!("{base}?{}", retained.join("&")) };
        OpenUrl {
            before,
            has_query: !retained.is_empty(),
            fragment: self.0.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default(),
        }
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The target of a call to action: a web address, or a mail address or telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutwardUrl {
    Web(WebUrl),
    /// `mailto:` or `tel:`. It carries no lead tag.
    Contact(String),
}

impl OutwardUrl {
    pub fn parse(text: &str) -> Result<OutwardUrl, BadAddress> {
        match Address::parse(text)? {
            Address::Web(url) => Ok(OutwardUrl::Web(url)),
            Address::Contact(url) => Ok(OutwardUrl::Contact(url)),
            Address::Cta { .. } => Err(BadAddress::Scheme("cta".to_owned())),
            Address::Local { .. } => Err(BadAddress::NoScheme),
        }
    }

    pub fn web(&self) -> Option<&WebUrl> {
        match self {
            OutwardUrl::Web(url) => Some(url),
            OutwardUrl::Contact(_) => None,
        }
    }

    /// Returns a short name for people: the host, the mail address, the telephone number.
    pub fn short_name(&self) -> &str {
        match self {
            OutwardUrl::Web(url) => url.host(),
            OutwardUrl::Contact(url) => {
                let address = url.split_once(':').map_or(url.as_str(), |(_, rest)| rest);
                address.split('?').next().unwrap_or(address)
            }
        }
    }
}

/// An address to which parameters can be added.
pub struct OpenUrl {
    /// Everything before the new parameters.
    pub before: String,
    /// Whether `before` contains a query.
    pub has_query: bool,
    /// The fragment with its `#`, or an empty text.
    pub fragment: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_is_parsed_as_browsers_do() {
        for bad in [
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "  javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
        ] {
            assert!(matches!(Address::parse(bad), Err(BadAddress::Scheme(_))), "{bad:?}");
        }
        for bad in ["//evil.example/x", " //evil.example", "/\t/evil.example"] {
            assert_eq!(Address::parse(bad), Err(BadAddress::NoScheme), "{bad:?}");
        }
        assert!(Address::parse("\\\\evil.example").is_err());
    }

    #[test]
    fn local_link_is_percent_decoded() {
        assert_eq!(
            Address::parse("../caf%C3%A9.md#%C3%A9t%C3%A9"),
            Ok(Address::Local { path: "../café.md".into(), anchor: Some("été".into()), query: None })
        );
    }

    #[test]
    fn open_url_keeps_the_authors_query_and_fragment() {
        let open = |url: &str| {
            WebUrl::parse(url)
                .map(|url| url.open(&["utm_source"]))
                .map(|open| (open.before, open.has_query, open.fragment))
        };
        assert_eq!(open("https://x.example/a?b=c#d"), Ok(("https://x.example/a?b=c".into(), true, "#d".into())));
        assert_eq!(open("https://x.example?utm_source=q"), Ok(("https://x.example/".into(), false, String::new())));
    }
}
