//! One address asked as a careful visitor would: HEAD before GET, a few redirects, a few tries, one request to a host
//! at a time, and never by detour into a private network.

use std::collections::{HashMap, HashSet};
use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::CertificateError;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, Proxy};
use url::{Host, Url};

use super::{Answer, Asking};
use crate::sync;

/// Who asks. It names the program, so that whoever runs a host can tell what it is.
const USER_AGENT: &str = concat!("Tagline/", env!("CARGO_PKG_VERSION"), " (looks whether a page's links answer)");
const MAX_REDIRECTS: usize = 5;
/// How often an address is asked that gives no answer, or asks for patience.
const TRIES: u32 = 3;
/// The longest that a host may let us wait before the next try.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// What an answer says of the other addresses of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostState {
    Up,
    /// None of them can be reached.
    Gone,
    /// Asking them would mean to wait for each.
    Silent,
}

/// Asks addresses, from several threads at once.
pub struct Client {
    agent: Agent,
    pause: Duration,
    named: Arc<HashSet<String>>,
    /// When each host was last asked; who holds its lock is asking it.
    turns: Mutex<HashMap<String, Arc<Mutex<Option<Instant>>>>>,
}

/// One answer, and whether it is the last word.
struct Reply {
    answer: Answer,
    host: HostState,
    /// Another try may help; after so long, where the host says how long.
    again: Option<Option<Duration>>,
}

impl Client {
    /// `named` are the hosts that the site itself names, as [`host_and_port`] has them: these may be anywhere.
    pub fn new(asking: &Asking, certificates: &[Certificate<'static>], mut named: HashSet<String>) -> Client {
        let proxy = Proxy::try_from_env();
        named.extend(proxy.iter().map(|proxy| format!("{}:{}", proxy.host(), proxy.port())));
        let named = Arc::new(named);
        let config = Agent::config_builder()
            .proxy(proxy)
            .tls_config(tls(certificates))
            .timeout_global(Some(asking.timeout))
            .user_agent(USER_AGENT)
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        let resolver = Guarded { named: Arc::clone(&named), resolver: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Client { agent, pause: asking.pause, named, turns: Mutex::new(HashMap::new()) }
    }

    pub fn ask(&self, url: &Url) -> (Answer, HostState) {
        let mut tries = 1;
        loop {
            let Reply { answer, host, again } = self.follow(url);
            let wait = match again {
                Some(Some(asked_for)) => asked_for,
                Some(None) => self.pause * 2u32.pow(tries),
                None => return (answer, host),
            };
            if tries == TRIES || wait > MAX_WAIT {
                return (answer, host);
            }
            thread::sleep(wait);
            tries += 1;
        }
    }

    /// Asks an address, and where it leads on to.
    fn follow(&self, url: &Url) -> Reply {
        let mut at = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let (status, headers) = match self.request(&at) {
                Ok(answer) => answer,
                Err(error) => return of_error(&error, &at),
            };
            let location = headers.get("location").and_then(|location| location.to_str().ok());
            let Some(location) = location.filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308)) else {
                return of_status(status, &headers);
            };
            let next = at.join(location).ok().filter(|next| matches!(next.scheme(), "http" | "https"));
            match next {
                Some(next) if self.may_ask(&next) => at = next,
                Some(next) => {
                    return Reply::dead(format!(
                        "leads on to `{}`, where visitors cannot go",
                        next.origin().ascii_serialization()
                    ));
                }
                None => return Reply::unclear(format!("leads on to `{}`", location.escape_debug())),
            }
            at.set_fragment(None);
        }
        // So do places that give cookies, which nobody carries here.
        Reply::unclear(format!("still leads on after {MAX_REDIRECTS} redirects"))
    }

    /// The status and the head of an answer. HEAD is refused, or answered wrongly, by so many places that only what GET
    /// says counts against an address; the body is not read.
    fn request(&self, url: &Url) -> Result<(u16, HeaderMap), Box<Error>> {
        let request = |send: &dyn Fn() -> Result<ureq::http::Response<ureq::Body>, Error>| {
            self.in_turn(&host_and_port(url), || {
                send().map(|response| (response.status().as_u16(), response.headers().clone()))
            })
        };
        let (status, headers) = request(&|| self.agent.head(url.as_str()).call())?;
        if status < 400 || status == 429 {
            return Ok((status, headers));
        }
        Ok(request(&|| self.agent.get(url.as_str()).call())?)
    }

    /// Waits until nobody else asks a host, and for the pause after the last who did.
    fn in_turn<T>(&self, host: &str, ask: impl FnOnce() -> T) -> T {
        let turn = Arc::clone(sync::lock(&self.turns).entry(host.to_owned()).or_default());
        let mut last = sync::lock(&turn);
        if let Some(last) = *last {
            thread::sleep(self.pause.saturating_sub(last.elapsed()));
        }
        let answer = ask();
        *last = Some(Instant::now());
        answer
    }

    /// Whether a redirect may lead there: to a host that the site names, or to one that is no address of this machine or
    /// network by its very name. What other names stand for, [`Guarded`] sees.
    fn may_ask(&self, url: &Url) -> bool {
        let is_public = match url.host() {
            Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            None => false,
        };
        is_public || self.named.contains(&host_and_port(url))
    }
}

impl Reply {
    fn dead(why: String) -> Reply {
        Reply { answer: Answer::Dead(why), host: HostState::Up, again: None }
    }

    fn unclear(why: String) -> Reply {
        Reply { answer: Answer::Unclear(why), host: HostState::Up, again: None }
    }
}

/// The certificates by which this machine knows others, so that those of a company's own count too.
pub fn certificates() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    found.certs.iter().map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned()).collect()
}

fn tls(certificates: &[Certificate<'static>]) -> TlsConfig {
    TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(certificates))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// `kazi.example:443`.
pub fn host_and_port(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

fn of_status(status: u16, headers: &HeaderMap) -> Reply {
    let seconds = headers.get("retry-after").and_then(|after| after.to_str().ok()?.trim().parse().ok());
    let again = Some(seconds.map(Duration::from_secs));
    match status {
        ..400 => Reply { answer: Answer::Good, host: HostState::Up, again: None },
        404 => Reply::dead("answers 404: there is no such page".to_owned()),
        410 => Reply::dead("answers 410: the page is gone for good".to_owned()),
        429 => Reply { again, ..Reply::unclear("answers 429: too many requests".to_owned()) },
        500..600 => Reply { again, ..Reply::dead(format!("answers {status}: its host is in trouble")) },
        // Who is not let in here may be let in with a browser.
        _ => Reply::unclear(format!("answers {status}")),
    }
}

fn of_error(error: &Error, url: &Url) -> Reply {
    let host = url.host_str().unwrap_or_default();
    let gone = |why: String| Reply { host: HostState::Gone, ..Reply::dead(why) };
    let again = |reply: Reply| Reply { again: Some(None), ..reply };
    match error {
        Error::Timeout(_) => {
            Reply { host: HostState::Silent, ..again(Reply::dead("does not answer in time".to_owned())) }
        }
        Error::HostNotFound => gone(format!("leads nowhere: there is no host `{host}`")),
        Error::Other(other) => match other.downcast_ref() {
            Some(Refused::NoHost) => gone(format!("leads nowhere: there is no host `{host}`")),
            Some(Refused::NameService) => {
                again(Reply::unclear(format!("could not be asked: looking `{host}` up failed")))
            }
            Some(Refused::Private) => Reply::dead(format!("leads on to `{host}`, where visitors cannot go")),
            None => Reply::unclear(format!("could not be asked: {other}")),
        },
        Error::Rustls(error) => of_tls(error),
        Error::Tls(why) => gone(format!("cannot be trusted: {why}")),
        Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(error) => of_tls(error),
            None if error.kind() == ErrorKind::ConnectionRefused => Reply {
                host: HostState::Gone,
                ..again(Reply::dead(format!("leads nowhere: nobody answers at `{host}`")))
            },
            None => again(Reply::dead("breaks the connection off".to_owned())),
        },
        other => Reply::unclear(format!("could not be asked: {other}")),
    }
}

/// What browsers would warn of before they show anything.
fn of_tls(error: &rustls::Error) -> Reply {
    let why = match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is that of another host"
            }
            CertificateError::UnknownIssuer => "nobody known has issued its certificate",
            _ => "its certificate is not valid",
        },
        _ => "no encrypted connection can be made",
    };
    Reply { host: HostState::Gone, ..Reply::dead(format!("cannot be trusted: {why}")) }
}

/// Looks names up, and lets through what may be asked.
#[derive(Debug)]
struct Guarded {
    named: Arc<HashSet<String>>,
    resolver: DefaultResolver,
}

/// Why a name leads to nothing that may be asked.
#[derive(Debug)]
enum Refused {
    NoHost,
    /// The look-up itself failed, and says nothing of the name.
    NameService,
    Private,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::NoHost => "there is no such host",
            Refused::NameService => "names cannot be looked up",
            Refused::Private => "this is no public address",
        })
    }
}

impl StdError for Refused {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.resolver.resolve(uri, config, timeout).map_err(of_look_up)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let is_named = self.named.contains(&format!("{}:{port}", uri.host().unwrap_or_default()));
        let mut allowed = self.empty();
        addresses
            .iter()
            .filter(|address| is_named || is_public(address.ip()))
            .for_each(|address| allowed.push(*address));
        if allowed.is_empty() { Err(Error::Other(Box::new(Refused::Private))) } else { Ok(allowed) }
    }
}

/// An error of looking a name up. The standard library has no kind for it, and says "temporary" as the system does
/// (`EAI_AGAIN`) where the look-up failed and not the name.
fn of_look_up(error: Error) -> Error {
    match error {
        Error::Io(error) if error.to_string().contains("emporary failure") => {
            Error::Other(Box::new(Refused::NameService))
        }
        Error::Io(_) | Error::HostNotFound => Error::Other(Box::new(Refused::NoHost)),
        other => other,
    }
}

/// Whether an address can be reached by everyone: none of this machine, a private network or a special use
/// (the registries of special-purpose addresses of IANA, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let is_special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || matches!((a, b, c), (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _) | (224.., ..));
    !is_special
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    // Of all that is given out today the first three bits are 001 (RFC 4291, 2.4); 2001:db8::/32 is for documents.
    let [first, second, ..] = v6.segments();
    first & 0xe000 == 0x2000 && (first, second) != (0x2001, 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_what_visitors_would_not_get_either_counts_against_an_address() {
        let of = |status| of_status(status, &HeaderMap::new());
        for good in [200, 204, 301, 304] {
            assert_eq!(of(good).answer, Answer::Good, "{good}");
        }
        for dead in [404, 410, 500, 503] {
            assert!(matches!(of(dead).answer, Answer::Dead(_)), "{dead}");
        }
        for unclear in [400, 401, 403, 405, 429, 451, 999] {
            assert!(matches!(of(unclear).answer, Answer::Unclear(_)), "{unclear}");
        }
        for (status, again) in [(404, false), (403, false), (429, true), (500, true), (200, false)] {
            assert_eq!(of(status).again.is_some(), again, "{status}");
        }
    }
}
