//! The origin check: decides which requests the server answers. Pages of other sites that are open in the same browser
//! must not read from the server or post to it, whatever host name they use (DNS rebinding).

use std::net::{IpAddr, SocketAddr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri, header};

#[derive(Clone, Copy, Debug)]
pub struct OriginCheck {
    /// The address that the server listens on.
    pub address: SocketAddr,
}

/// Why a request is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The host is not this server's. Any host name can resolve to this computer (DNS rebinding).
    Host,
    /// The request comes from a page of another site.
    Origin,
}

impl Rejection {
    pub fn message(self) -> &'static str {
        match self {
            Rejection::Host => "the request is for another host\n",
            Rejection::Origin => "the request comes from another site\n",
        }
    }
}

impl OriginCheck {
    /// Checks the host and the origin of a request.
    ///
    /// # Errors
    ///
    /// Returns why the request is rejected.
    pub fn check(self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Rejection> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Rejection::Host) };
        let host = host.to_str().ok().and_then(|host| host.parse().ok()).filter(|host| self.is_own_host(host));
        let Some(host) = host else { return Err(Rejection::Host) };
        if uri.authority().is_some_and(|authority| *authority != host) {
            return Err(Rejection::Host);
        }
        if is_same_origin_or_visit(method, headers, &host) { Ok(()) } else { Err(Rejection::Origin) }
    }

    /// Accepts IP addresses, which no other site can use as its host name, and `localhost`, which browsers resolve
    /// without DNS.
    fn is_own_host(self, host: &Authority) -> bool {
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
}

/// Browsers send `Origin` with everything except plain links and loads, and `Sec-Fetch-Site` with all requests (Fetch
/// Metadata). Links from other sites are allowed; their loads, posts and event streams are not.
fn is_same_origin_or_visit(method: &Method, headers: &HeaderMap, host: &Authority) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text("sec-fetch-site");
    let is_same = site == Some("same-origin");
    match text("origin") {
        Some(origin) if origin == format!("http://{host}") => {}
        // Pages with the referrer policy `no-referrer` send `null`.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listens: &str, method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<(), Rejection> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let check = OriginCheck { address: listens.parse().unwrap() };
        check.check(&method.parse().unwrap(), &uri.parse().unwrap(), &map)
    }

    #[test]
    fn only_ip_addresses_and_localhost_are_accepted_as_host() {
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
            assert_eq!(check(listens, "GET", "/", &[("host", host)]).is_ok(), expected, "{host} on {listens}");
        }
        assert_eq!(check(LOOPBACK, "GET", "/", &[]), Err(Rejection::Host));
        let twice = [("host", "127.0.0.1:4000"), ("host", "evil.example")];
        assert_eq!(check(LOOPBACK, "GET", "/", &twice), Err(Rejection::Host));
        let absolute = "http://evil.example/";
        assert_eq!(check(LOOPBACK, "GET", absolute, &[("host", "127.0.0.1:4000")]), Err(Rejection::Host));
    }

    #[test]
    fn other_sites_may_link_to_the_server_but_not_load_or_post() {
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
            let result = check("127.0.0.1:4000", method, "/", &headers);
            assert_eq!(result.is_ok(), *expected, "{method} {headers:?}");
        }
    }
}
