//! The address of the built site, and hosts that visitors cannot reach.

use std::fmt;

use url::Url;

use super::host::Host;
use super::site_path::SitePath;

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
    /// The path ends with a file, such as `index.html`.
    File,
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
        let is_file = |ending: &&str| url.path().to_ascii_lowercase().ends_with(*ending);
        if [".html", ".htm", ".php"].iter().any(is_file) {
            return Err(NotABaseUrl::File);
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
        path.after(self.url.path())
    }

    pub fn absolute(&self, path: &SitePath) -> String {
        path.after(self.url.as_str())
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
pub fn is_loopback(url: &Url) -> bool {
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
}
