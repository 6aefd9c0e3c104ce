//! Who may ask the server: browsers that show its own pages, and programs of this machine. Pages of other sites that are
//! open in the same browser may not, whatever name they gave this machine.

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri, header};

/// Where the server listens.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    pub address: SocketAddr,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is meant for another host. A name that leads here need not be ours: DNS rebinding.
    Host,
    /// It comes from a page of another site.
    Origin,
}

impl Refusal {
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Host => "this server answers for its own address only\n",
            Refusal::Origin => "this server answers to its own pages only\n",
        }
    }
}

impl Gate {
    /// Whether a request may be answered.
    ///
    /// # Errors
    ///
    /// Why it may not.
    pub fn admit(self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Refusal::Host) };
        let host = host.to_str().ok().and_then(|host| host.parse().ok()).filter(|host| self.is_own(host));
        let Some(host) = host else { return Err(Refusal::Host) };
        if uri.authority().is_some_and(|named| *named != host) {
            return Err(Refusal::Host);
        }
        if self.comes_from_here(method, headers, &host) { Ok(()) } else { Err(Refusal::Origin) }
    }

    /// An address, since no other site can have that for its name; or `localhost`, which browsers don't ask anyone about.
    fn is_own(self, host: &Authority) -> bool {
        if host.as_str().contains('@') || host.port_u16().unwrap_or(80) != self.address.port() {
            return false;
        }
        let name = host.host();
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        match bare.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || !self.address.ip().is_loopback(),
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }

    /// Browsers name the origin of everything but plain links and loads, and say of the rest where it comes from (Fetch
    /// Metadata). A visit by a link from elsewhere is welcome; what a foreign page loads, posts or listens to is not.
    fn comes_from_here(self, method: &Method, headers: &HeaderMap, host: &Authority) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
        let site = text("sec-fetch-site");
        let is_same = site == Some("same-origin");
        match text("origin") {
            Some(origin) if origin == format!("http://{host}") => {}
            // A page that tells no referrer names no origin either.
            Some("null") if is_same => {}
            Some(_) => return false,
            None if *method != Method::GET && *method != Method::HEAD && !is_same => return false,
            None => {}
        }
        match site {
            None | Some("same-origin" | "none") => true,
            Some(_) => {
                let is_visit = text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document");
                is_visit && *method == Method::GET
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(listens: &str, method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let gate = Gate { address: listens.parse().unwrap() };
        gate.admit(&method.parse().unwrap(), &uri.parse().unwrap(), &map)
    }

    #[test]
    fn only_addresses_and_localhost_are_hosts_of_this_server() {
        const LOOPBACK: &str = "127.0.0.1:4000";
        for (listens, host, expected) in [
            (LOOPBACK, "127.0.0.1:4000", true),
            (LOOPBACK, "localhost:4000", true),
            (LOOPBACK, "LOCALHOST:4000", true),
            (LOOPBACK, "[::1]:4000", true),
            (LOOPBACK, "127.0.0.1", false),
            (LOOPBACK, "127.0.0.1:4001", false),
            (LOOPBACK, "192.168.1.5:4000", false),
            (LOOPBACK, "evil.example:4000", false),
            (LOOPBACK, "localhost.evil.example:4000", false),
            (LOOPBACK, "127.0.0.1.evil.example:4000", false),
            (LOOPBACK, "evil@127.0.0.1:4000", false),
            (LOOPBACK, "", false),
            ("0.0.0.0:4000", "192.168.1.5:4000", true),
            ("0.0.0.0:4000", "laptop.example:4000", false),
            ("[::]:80", "[2001:db8::1]", true),
        ] {
            assert_eq!(admit(listens, "GET", "/", &[("host", host)]).is_ok(), expected, "{host} on {listens}");
        }
        assert_eq!(admit(LOOPBACK, "GET", "/", &[]), Err(Refusal::Host));
        let twice = [("host", "127.0.0.1:4000"), ("host", "evil.example")];
        assert_eq!(admit(LOOPBACK, "GET", "/", &twice), Err(Refusal::Host));
        let absolute = "http://evil.example/";
        assert_eq!(admit(LOOPBACK, "GET", absolute, &[("host", "127.0.0.1:4000")]), Err(Refusal::Host));
    }

    #[test]
    fn other_sites_may_link_here_and_nothing_else() {
        let own = "http://127.0.0.1:4000";
        let visit = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let frame = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
        let image = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
        type Headers = [(&'static str, &'static str)];
        let cases: &[(&str, &Headers, bool)] = &[
            ("GET", &[], true),
            ("GET", &visit, true),
            ("GET", &frame, false),
            ("GET", &image, false),
            ("GET", &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")], false),
            ("GET", &[("origin", own)], true),
            ("GET", &[("origin", "http://localhost:4000")], false),
            ("GET", &[("origin", "https://evil.example")], false),
            ("GET", &[("origin", "null")], false),
            ("POST", &[("origin", own)], true),
            ("POST", &[("origin", own), ("sec-fetch-site", "same-origin")], true),
            ("POST", &[("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            ("POST", &[("origin", "null"), ("sec-fetch-site", "cross-site")], false),
            ("POST", &[("origin", "https://127.0.0.1:4000")], false),
            ("POST", &[], false),
            ("POST", &visit, false),
            ("DELETE", &[], false),
        ];
        for (method, headers, expected) in cases {
            let headers: Vec<_> = [("host", "127.0.0.1:4000")].iter().chain(*headers).copied().collect();
            let admitted = admit("127.0.0.1:4000", method, "/", &headers);
            assert_eq!(admitted.is_ok(), *expected, "{method} {headers:?}");
        }
    }
}
