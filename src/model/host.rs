//! Hosts: names in the domain name system, and IP addresses.

use std::fmt;

use url::Url;

/// A host in the form of the URL standard: `kazi.example`, `127.0.0.1`, `[::1]`. It contains only letters, digits, `-`, `_`
/// and `.`, or an IPv6 address in brackets. URLs may have hosts with `;`, `$`, `{` and others, which have a meaning in
/// response headers and in the configuration of servers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(Box<str>);

impl Host {
    /// Parses a host as it is written in an address, in upper or lower case.
    pub fn parse(text: &str) -> Option<Host> {
        let host = match url::Host::parse(text).ok()? {
            url::Host::Domain(name) => is_name(&name).then_some(name)?,
            address @ (url::Host::Ipv4(_) | url::Host::Ipv6(_)) => address.to_string(),
        };
        Some(Host(host.into()))
    }

    /// Returns the host of an address, or `None` if the address has no host that exists.
    pub fn of_url(url: &Url) -> Option<Host> {
        match url.host()? {
            url::Host::Domain(name) if !is_name(name) => None,
            host => Some(Host(host.to_string().into())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true for the domain itself and its subdomains.
    pub fn is_in(&self, domain: &str) -> bool {
        self.0.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_has_no_character_with_a_meaning_elsewhere() {
        for (text, host) in [
            ("Kazi.example", "kazi.example"),
            ("a_b.kazi-1.example", "a_b.kazi-1.example"),
            ("127.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(Host::parse(text).as_ref().map(Host::as_str), Some(host));
        }
        for c in (0..=0x7f_u8).map(char::from).filter(|c| !c.is_ascii_alphanumeric() && !"-._".contains(*c)) {
            assert_eq!(Host::parse(&format!("a{c}b.example")), None, "{c:?}");
        }
        for text in ["", "a b", "[::1]x", "a.example:80", "%3b.example"] {
            assert_eq!(Host::parse(text), None, "{text}");
        }
    }

    #[test]
    fn domain_contains_its_subdomains_only() {
        let host = Host::parse("www.youtube.com").unwrap();
        assert!(host.is_in("youtube.com") && host.is_in("www.youtube.com"));
        assert!(!host.is_in("tube.com") && !host.is_in("example"));
    }
}
