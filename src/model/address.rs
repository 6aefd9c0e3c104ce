//! Addresses: the base URL of the site, paths of pages in it, and the targets of links.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use super::character_reference::{character_reference, without_character_references};
use super::code::ShortCode;
use super::host::Host;
use super::slug::Slug;
use crate::characters::{Spaces, first_hidden};
use crate::source::is_one_line;

/// Characters that are encoded in paths: the path percent-encode set of the URL standard, `%`, `'` and `&`.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'\'')
    .add(b'&');
/// Characters that are encoded in values of a query.
const QUERY_VALUE: &AsciiSet = &PATH
    .add(b'+')
    .add(b'=')
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'@')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b',')
    .add(b'!')
    .add(b'$')
    .add(b'(')
    .add(b')')
    .add(b'*');

/// Returns a percent-encoded value for a query.
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY_VALUE).to_string()
}

/// The address of the built site: https, or http on this machine. Its path ends in `/`, and has only letters, digits, `-`,
/// `.`, `_`, `~` and percent-encoded characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
}

/// Why a text is not a base URL.
#[derive(Debug, PartialEq, Eq)]
pub enum NotABaseUrl {
    Unreadable,
    /// Neither https, nor http on this machine.
    Scheme,
    /// A query, a fragment, a user or a password.
    TooMuch,
    /// The path has characters with a meaning in the configuration of hosts.
    Path,
    /// The path has `//`. At the beginning of an address, browsers take what follows for a host.
    EmptyFolder,
}

impl BaseUrl {
    pub fn parse(text: &str) -> Result<BaseUrl, NotABaseUrl> {
        let mut url = Url::parse(text).map_err(|_| NotABaseUrl::Unreadable)?;
        if Host::of_url(&url).is_none() {
            return Err(NotABaseUrl::Unreadable);
        }
        if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
            return Err(NotABaseUrl::Scheme);
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(NotABaseUrl::TooMuch);
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
        if !url.path().bytes().all(is_plain) {
            return Err(NotABaseUrl::Path);
        }
        if url.path().contains("//") {
            return Err(NotABaseUrl::EmptyFolder);
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(BaseUrl { url })
    }

    /// Returns the base URL for a server on this machine, with the same path. `authority` is host and port:
    /// `127.0.0.1:4000`.
    pub fn served_at(&self, authority: &str) -> BaseUrl {
        let url = Url::parse(&format!("http://{authority}{}", self.url.path()));
        url.map_or_else(|_| self.clone(), |url| BaseUrl { url })
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns true for https.
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the path of the home page on its host: `/`, or `/base/`.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns a root-relative address: `/spring-hiring/`, or `/base/spring-hiring/` with a base path.
    pub fn rooted(&self, path: &SitePath) -> String {
        format!("{}{}", self.url.path(), path.relative())
    }

    pub fn absolute(&self, path: &SitePath) -> String {
        format!("{}{}", self.url, path.relative())
    }

    /// Returns true for sites that are only for trying Tagline: on this machine, or with a domain reserved for
    /// examples.
    pub fn is_example(&self) -> bool {
        is_loopback(&self.url) || is_reserved_for_examples(&self.url)
    }

    /// Returns true if an address has the site's host and port. The schemes may differ.
    pub fn same_host(&self, url: &Url) -> bool {
        url.host() == self.url.host() && url.port() == self.url.port()
    }
}

/// Returns true for addresses on this machine: 127.0.0.0/8 and ::1 (RFC 6890), `localhost` and its subdomains (RFC
/// 6761).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns true for hosts that nobody can register: `.example`, `.test` and `.invalid`, and `example.com`, `.net` and
/// `.org` (RFC 2606, RFC 6761).
pub fn is_reserved_for_examples(url: &Url) -> bool {
    let Some(url::Host::Domain(name)) = url.host() else { return false };
    let mut labels = name.trim_end_matches('.').rsplit('.');
    matches!(
        (labels.next(), labels.next()),
        (Some("example" | "test" | "invalid"), _) | (Some("com" | "net" | "org"), Some("example"))
    )
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

/// The folder of a theme's files in the built site.
pub const THEME_FOLDER: &str = "theme";

/// An unencoded path in the built site: `` for the home page, `spring-hiring/`, `robots.txt`. It has no empty, `.` or
/// `..` part and no backslash, so it cannot leave the output folder. It has no character that texts may not have, and no
/// tab or line end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SitePath(Box<str>);

impl SitePath {
    pub fn home() -> SitePath {
        SitePath(Box::default())
    }

    /// Makes a path from a literal.
    ///
    /// # Panics
    ///
    /// Panics if the literal is not a valid path. That is a bug which every build would show.
    pub fn fixed(path: &'static str) -> SitePath {
        SitePath::parse(path).unwrap_or_else(|| panic!("`{path}` is not a path of a site"))
    }

    /// Parses a path with `/` between its parts. Returns `None` if a part could leave the site.
    pub fn parse(path: &str) -> Option<SitePath> {
        let bare = path.strip_suffix('/').unwrap_or(path);
        let safe = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\') && is_one_line(part);
        (path.is_empty() || bare.split('/').all(safe)).then(|| SitePath(path.into()))
    }

    /// Returns the path of a page below this one: `via/` and a channel below `spring-hiring/`.
    pub fn page(&self, folder: &'static str, id: &impl PathPart) -> SitePath {
        SitePath(format!("{}{folder}/{id}/", self.0).into())
    }

    /// Returns the path of a file in a folder, or `None` if that is no valid path.
    pub fn in_folder(folder: &'static str, file: &str) -> Option<SitePath> {
        SitePath::parse(&format!("{folder}/{file}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of the file on disk. For a page, this is `index.html` in the page's folder.
    pub fn file(&self) -> String {
        match self.0.is_empty() || self.0.ends_with('/') {
            true => format!("{}index.html", self.0),
            false => self.0.to_string(),
        }
    }

    /// Returns the percent-encoded path without a leading `/`.
    pub fn relative(&self) -> String {
        utf8_percent_encode(&self.0, PATH).to_string()
    }
}

/// An id that is a valid part of every path.
pub trait PathPart: fmt::Display {}

impl PathPart for Slug {}
impl PathPart for ShortCode {}

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
                    WebUrl::of(url).map(Address::Web)
                }
                "mailto" | "tel" => {
                    check_characters(text, Spaces::Plain)?;
                    Ok(Address::Contact(url.into()))
                }
                _ if is_computer_file(text) => Err(BadAddress::ComputerFile),
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
        match OutwardUrl::parse(text)? {
            OutwardUrl::Web(url) => Ok(url),
            OutwardUrl::Contact(url) => Err(BadAddress::NotWeb(url)),
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
    fn base_url_is_https_or_local_and_ends_in_a_slash() {
        for (text, parsed) in [
            ("https://kazi.example", "https://kazi.example/"),
            ("https://kazi.example/a/b", "https://kazi.example/a/b/"),
            ("http://localhost:4000/", "http://localhost:4000/"),
            ("http://preview.localhost/", "http://preview.localhost/"),
            ("http://127.0.0.2:8080", "http://127.0.0.2:8080/"),
            ("http://[::1]/", "http://[::1]/"),
            ("https://kazi.example/é {a}/", "https://kazi.example/%C3%A9%20%7Ba%7D/"),
        ] {
            assert_eq!(BaseUrl::parse(text).map(|url| url.to_string()), Ok(parsed.to_owned()));
        }
        for (text, error) in [
            ("http://kazi.example/", NotABaseUrl::Scheme),
            ("kazi.example", NotABaseUrl::Unreadable),
            ("ftp://kazi.example/", NotABaseUrl::Scheme),
            ("https://kazi.example/?a=b", NotABaseUrl::TooMuch),
            ("https://u:p@kazi.example/", NotABaseUrl::TooMuch),
            ("https://kazi.example/*/", NotABaseUrl::Path),
            ("https://kazi.example/:a/", NotABaseUrl::Path),
            ("https://kazi.example/$a;b/", NotABaseUrl::Path),
            ("https://kazi.example//shop/", NotABaseUrl::EmptyFolder),
            ("https://kazi.example/\\shop/", NotABaseUrl::EmptyFolder),
            ("https://kazi.example/shop//", NotABaseUrl::EmptyFolder),
            ("https:kazi://shop/", NotABaseUrl::EmptyFolder),
            ("https://a;b.example/", NotABaseUrl::Unreadable),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn path_cannot_leave_the_site() {
        for bad in ["../x", "a/../b", "/etc", "a//b", "a\\b", ".", "a/./b", "a\nb", "a\tb", "\0", "a\u{1b}", "\u{fdd0}"]
        {
            assert_eq!(SitePath::parse(bad), None, "{bad}");
        }
        assert_eq!(SitePath::parse("a/b/").map(|path| path.file()), Some("a/b/index.html".into()));
    }

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
