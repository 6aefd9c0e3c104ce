//! An HTTP client that is considerate: HEAD before GET, few redirects, few tries, one request to a host at a time, and never
//! by a redirect into a private network.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::CertificateError;
use ureq::http::HeaderMap;
use ureq::tls::Certificate;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Error, Proxy};
use url::{Host, Url};

use super::resolver::{GuardedResolver, ResolveError, is_public};
use super::status::{HostState, LinkCheckOptions, LinkStatus};
use crate::sync;
use crate::web_client;

/// Names the program, so that the owner of a host can identify it.
const USER_AGENT: &str = concat!("Tagline/", env!("CARGO_PKG_VERSION"), " (link checker)");
const MAX_REDIRECTS: usize = 5;
/// How often an address is requested that does not answer, or answers that there are too many requests.
const MAX_TRIES: u32 = 3;
/// The longest wait before the next try that a host can demand.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Requests addresses, from several threads at once.
pub struct Client {
    agent: Agent,
    pause: Duration,
    named: Arc<HashSet<String>>,
    /// The time of the last request to each host. A thread that requests a host holds its lock.
    last_requests: Mutex<HashMap<String, Arc<Mutex<Option<Instant>>>>>,
}

/// The result of one try.
struct Reply {
    status: LinkStatus,
    host: HostState,
    retry: Retry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retry {
    Useless,
    Useful,
    /// The host says how long to wait.
    After(Duration),
}

impl Client {
    /// `named` are the hosts that the site itself names, in the form of [`host_and_port`]. Only these can be private.
    pub fn new(
        options: &LinkCheckOptions,
        certificates: &[Certificate<'static>],
        mut named: HashSet<String>,
    ) -> Client {
        let proxy = Proxy::try_from_env();
        named.extend(proxy.iter().map(|proxy| format!("{}:{}", proxy.host(), proxy.port())));
        let named = Arc::new(named);
        let config = web_client::config(certificates, options.timeout).user_agent(USER_AGENT).build();
        let resolver = GuardedResolver { named: Arc::clone(&named), resolver: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Client { agent, pause: options.pause, named, last_requests: Mutex::new(HashMap::new()) }
    }

    /// Requests an address, several times if that is useful.
    pub fn request(&self, url: &Url) -> (LinkStatus, HostState) {
        let mut tries = 1;
        loop {
            let Reply { status, host, retry } = self.follow(url);
            let wait = match retry {
                Retry::After(wait) => wait,
                Retry::Useful => self.pause * 2u32.pow(tries),
                Retry::Useless => return (status, host),
            };
            if tries == MAX_TRIES || wait > MAX_WAIT {
                return (status, host);
            }
            thread::sleep(wait);
            tries += 1;
        }
    }

    /// Requests an address and follows its redirects.
    fn follow(&self, url: &Url) -> Reply {
        let mut current = url.clone();
        for redirects in 0..=MAX_REDIRECTS {
            let (status, headers) = match self.head_or_get(&current) {
                Ok(answer) => answer,
                Err(error) if redirects == 0 => return reply_of_error(&error, &current),
                // The host of `url` has answered, so its other addresses may work.
                Err(error) => return Reply { host: HostState::Up, ..reply_of_error(&error, &current) },
            };
            let location = headers.get("location").and_then(|location| location.to_str().ok());
            let Some(location) = location.filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308)) else {
                return reply_of_status(status, &headers);
            };
            let next = current.join(location).ok().filter(|next| matches!(next.scheme(), "http" | "https"));
            match next {
                Some(next) if self.is_allowed(&next) => current = next,
                Some(next) => {
                    let origin = next.origin().ascii_serialization();
                    return Reply::broken(format!("redirects to `{origin}`, which visitors cannot reach"));
                }
                None => return Reply::unverified(format!("redirects to `{}`", location.escape_debug())),
            }
            current.set_fragment(None);
        }
        // Some hosts redirect again and again to a client without cookies.
        Reply::unverified(format!("still redirects after {MAX_REDIRECTS} redirects"))
    }

    /// The status and the headers of an answer. Many hosts refuse HEAD or answer it wrongly, so an error counts only after
    /// GET. The body is not read.
    fn head_or_get(&self, url: &Url) -> Result<(u16, HeaderMap), Box<Error>> {
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

    /// Sends a request when no other thread requests the host, after the pause since the last request.
    fn in_turn<T>(&self, host: &str, send: impl FnOnce() -> T) -> T {
        let turn = Arc::clone(sync::lock(&self.last_requests).entry(host.to_owned()).or_default());
        let mut last = sync::lock(&turn);
        if let Some(last) = *last {
            thread::sleep(self.pause.saturating_sub(last.elapsed()));
        }
        let answer = send();
        *last = Some(Instant::now());
        answer
    }

    /// Whether a redirect can lead to this address: its host is named by the site, or is not private by its name. The
    /// [`GuardedResolver`] checks the address behind a name.
    fn is_allowed(&self, url: &Url) -> bool {
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
    fn broken(why: String) -> Reply {
        Reply { status: LinkStatus::Broken(why), host: HostState::Up, retry: Retry::Useless }
    }

    fn unverified(why: String) -> Reply {
        Reply { status: LinkStatus::Unverified(why), host: HostState::Up, retry: Retry::Useless }
    }

    fn unreachable(why: String) -> Reply {
        Reply { host: HostState::Unreachable, ..Reply::broken(why) }
    }

    fn with_retry(self) -> Reply {
        Reply { retry: Retry::Useful, ..self }
    }
}

/// `kazi.example:443`.
pub fn host_and_port(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

fn reply_of_status(status: u16, headers: &HeaderMap) -> Reply {
    let seconds = headers.get("retry-after").and_then(|after| after.to_str().ok()?.trim().parse().ok());
    let retry = seconds.map_or(Retry::Useful, |seconds| Retry::After(Duration::from_secs(seconds)));
    match status {
        ..400 => Reply { status: LinkStatus::Working, host: HostState::Up, retry: Retry::Useless },
        404 => Reply::broken("answers 404: the page does not exist".to_owned()),
        410 => Reply::broken("answers 410: the page was removed".to_owned()),
        429 => Reply { retry, ..Reply::unverified("answers 429: too many requests".to_owned()) },
        500..600 => Reply { retry, ..Reply::broken(format!("answers {status}: the server has an error")) },
        // A host may refuse programs and still accept browsers.
        _ => Reply::unverified(format!("answers {status}")),
    }
}

fn reply_of_error(error: &Error, url: &Url) -> Reply {
    let host = url.host_str().unwrap_or_default();
    let no_host = || Reply::unreachable(format!("is broken: the host `{host}` does not exist"));
    match error {
        Error::Timeout(_) => {
            Reply { host: HostState::TimedOut, ..Reply::broken("does not answer in time".to_owned()).with_retry() }
        }
        Error::HostNotFound => no_host(),
        Error::Other(other) => match other.downcast_ref() {
            Some(ResolveError::NoHost) => no_host(),
            Some(ResolveError::NameService) => {
                Reply::unverified(format!("could not be requested: the look-up of `{host}` failed")).with_retry()
            }
            Some(ResolveError::Private) => Reply::broken(format!("redirects to `{host}`, which visitors cannot reach")),
            None => Reply::unverified(format!("could not be requested: {other}")),
        },
        Error::Rustls(error) => reply_of_tls_error(error),
        Error::Tls(why) => Reply::unreachable(format!("cannot be trusted: {why}")),
        Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(error) => reply_of_tls_error(error),
            None if error.kind() == ErrorKind::ConnectionRefused => {
                Reply::unreachable(format!("is broken: `{host}` refuses the connection")).with_retry()
            }
            None => Reply::broken("closes the connection without an answer".to_owned()).with_retry(),
        },
        other => Reply::unverified(format!("could not be requested: {other}")),
    }
}

/// Browsers show a warning instead of such a page.
fn reply_of_tls_error(error: &rustls::Error) -> Reply {
    let why = match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate belongs to another host"
            }
            CertificateError::UnknownIssuer => "the issuer of its certificate is unknown",
            _ => "its certificate is not valid",
        },
        _ => "no encrypted connection is possible",
    };
    Reply::unreachable(format!("cannot be trusted: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statuses_that_visitors_would_get_too_are_broken() {
        let reply = |status| reply_of_status(status, &HeaderMap::new());
        for working in [200, 204, 301, 304] {
            assert_eq!(reply(working).status, LinkStatus::Working, "{working}");
        }
        for broken in [404, 410, 500, 503] {
            assert!(matches!(reply(broken).status, LinkStatus::Broken(_)), "{broken}");
        }
        for unverified in [400, 401, 403, 405, 429, 451, 999] {
            assert!(matches!(reply(unverified).status, LinkStatus::Unverified(_)), "{unverified}");
        }
        for (status, retried) in [(404, false), (403, false), (429, true), (500, true), (200, false)] {
            assert_eq!(reply(status).retry != Retry::Useless, retried, "{status}");
        }
    }
}
