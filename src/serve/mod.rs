//! `tagline serve`: a site that is built in memory, kept up to date while its files change, and shown to browsers.
//!
//! One thread brings the site up to date, change by change; others watch the files and answer requests. What they share is
//! the last good site and what is told to open pages.

mod http;
mod origin;
mod pages;
mod poll;
mod submissions;
mod told;
mod watch;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::Context;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Semaphore, watch as channel};
use tower::ServiceExt;

use self::http::Shared;
use self::origin::Gate;
use self::told::Told;
use self::watch::Watch;
use crate::diagnostics::Diagnostic;
use crate::pipeline::Request;
use crate::pipeline::session::{Changed, Refresh, Session};
use crate::render::Progress;

pub use self::watch::How;

/// The port where none is asked for.
pub const PORT: u16 = 4000;
/// How many ports after it are tried where it is taken.
const MORE_PORTS: u16 = 20;
/// Connections that are open at once; more wait.
const MAX_CONNECTIONS: usize = 512;
/// How long a browser may take to ask.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How often the day is looked at.
const DAY_EVERY: Duration = Duration::from_secs(30);

/// What is asked for.
pub struct Serve {
    pub request: Request,
    pub host: IpAddr,
    /// None: [`PORT`], or the next one that is free.
    pub port: Option<u16>,
    pub how: How,
    /// Pages about the site, the leads tried and the lead desk are for this machine alone.
    pub keeps_private: bool,
}

/// Something happened that the site's thread has to look at.
pub enum Signal {
    Changed(Changed),
    /// Ctrl-C.
    Stop,
}

/// What the command line says on the way.
pub trait Tell {
    /// The site is shown at `url`; `moved` where another port was taken than the usual one.
    fn listening(&self, url: &str, moved: bool);
    /// The site was brought up to date.
    fn refreshed(&self, update: &Update);
    /// The environment failed; the last good site stays.
    fn failed(&self, error: &anyhow::Error);
}

/// What a change led to.
pub struct Update<'u> {
    pub changed: &'u Changed,
    pub redone: &'u Refresh,
    pub found: &'u [Diagnostic],
    pub took: Duration,
    pub is_first: bool,
}

/// Serves a site until Ctrl-C.
///
/// # Errors
///
/// Where the environment fails: a port that is taken, a folder that cannot be read or watched.
pub fn run(mut serve: Serve, tell: &dyn Tell, progress: Progress) -> anyhow::Result<()> {
    let listener = listen(serve.host, serve.port)?;
    let address = listener.local_addr()?;
    let authority = authority(address);
    serve.request.served_at = Some(authority.clone());
    let (signals, signalled) = mpsc::channel();
    // Before the first reading, so that no change falls between the two.
    let mut watch = Watch::begin(&serve.request.root, serve.how, signals.clone())?;
    let mut session = Session::new(serve.request.clone());
    let (tell_pages, told) = channel::channel(Arc::new(Told::default()));
    refresh(&mut session, &Changed::Anything, &tell_pages, tell, progress)?;
    watch.follow(session.scan())?;
    let shared = Arc::new(Shared {
        served: session.shared(),
        told,
        leads: submissions::Leads::default(),
        gate: Gate { address },
        root: serve.request.root.canonicalize()?,
        keeps_private: serve.keeps_private,
        listeners: AtomicUsize::new(0),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    runtime.spawn(stop_at_ctrl_c(signals));
    listener.set_nonblocking(true)?;
    runtime.spawn(answer(listener, shared));
    let moved = serve.port.is_none() && address.port() != PORT;
    tell.listening(&format!("http://{authority}{}", base_path(&session)), moved);
    while let Some(changed) = next(&signalled, &session) {
        watch.renew()?;
        if let Err(error) = refresh(&mut session, &changed, &tell_pages, tell, &|_, _| {}) {
            tell.failed(&error);
        }
        watch.follow(session.scan())?;
    }
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(())
}

fn base_path(session: &Session) -> String {
    session.shared().get().as_ref().map_or_else(|| "/".to_owned(), |built| built.site.config.base_url.path().to_owned())
}

fn refresh(
    session: &mut Session,
    changed: &Changed,
    told: &channel::Sender<Arc<Told>>,
    tell: &dyn Tell,
    progress: Progress,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let redone = session.refresh(changed, progress)?;
    let number = told.borrow().number + 1;
    if redone != Refresh::Nothing {
        told.send_replace(Arc::new(Told::of(number, session.diagnostics(), redone == Refresh::Refused)));
    }
    tell.refreshed(&Update {
        changed,
        redone: &redone,
        found: session.diagnostics(),
        took: started.elapsed(),
        is_first: number == 1,
    });
    Ok(())
}

/// Waits for what has changed, all of it that is known by then; none at the end.
fn next(signalled: &Receiver<Signal>, session: &Session) -> Option<Changed> {
    let mut changed = loop {
        match signalled.recv_timeout(DAY_EVERY) {
            Ok(Signal::Changed(changed)) => break changed,
            Err(RecvTimeoutError::Timeout) if session.is_another_day() => break Changed::Anything,
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
        }
    };
    loop {
        match signalled.try_recv() {
            Ok(Signal::Changed(more)) => changed = changed.and(more),
            Ok(Signal::Stop) => return None,
            Err(_) => return Some(changed),
        }
    }
}

/// The port that is asked for, or else the first free one.
fn listen(host: IpAddr, port: Option<u16>) -> anyhow::Result<TcpListener> {
    if let Some(port) = port {
        return TcpListener::bind((host, port)).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => anyhow::anyhow!("port {port} is taken; name another one with `--port`"),
            _ => anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")),
        });
    }
    let mut last = None;
    for port in PORT..=PORT + MORE_PORTS {
        match TcpListener::bind((host, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => {
                return Err(anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")));
            }
        }
    }
    let last = last.map(anyhow::Error::new).unwrap_or_else(|| anyhow::anyhow!("no port was tried"));
    Err(last.context(format!("ports {PORT} to {} are taken; name another one with `--port`", PORT + MORE_PORTS)))
}

/// How browsers reach an address: `127.0.0.1:4000`. Of one that stands for all addresses of this machine, the one that it
/// has in its network.
fn authority(address: SocketAddr) -> String {
    let ip = if address.ip().is_unspecified() { in_network(address.ip()) } else { address.ip() };
    match address.port() {
        80 if ip.is_ipv6() => format!("[{ip}]"),
        80 => ip.to_string(),
        port => SocketAddr::new(ip, port).to_string(),
    }
}

/// The address that this machine would send from; nothing is sent. The peers are of the ranges that are kept for documents
/// (RFC 5737, RFC 3849).
fn in_network(unspecified: IpAddr) -> IpAddr {
    let (peer, loopback): (&str, IpAddr) = match unspecified {
        IpAddr::V4(_) => ("192.0.2.1:9", Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => ("[2001:db8::1]:9", Ipv6Addr::LOCALHOST.into()),
    };
    let found = UdpSocket::bind((unspecified, 0)).and_then(|socket| {
        socket.connect(peer)?;
        socket.local_addr()
    });
    found.map_or(loopback, |address| address.ip())
}

async fn stop_at_ctrl_c(signals: Sender<Signal>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        // The site's thread has ended already if nobody receives it.
        let _ = signals.send(Signal::Stop);
    }
}

/// Accepts connections, each with a limit for how long its browser may take to ask.
async fn answer(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let router = http::router(shared);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file handles, most likely: some become free.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let service = router.clone().map_request(move |mut request: axum::http::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
            request.map(axum::body::Body::new)
        });
        tokio::spawn(async move {
            // Nothing is waited for to find out the version: that would have no limit.
            let mut builder = Builder::new(TokioExecutor::new()).http1_only();
            builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
            // A connection that breaks off is the browser's business.
            let _ = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await;
            drop(place);
        });
    }
}

impl Changed {
    /// Both together.
    fn and(self, other: Changed) -> Changed {
        match (self, other) {
            (Changed::Paths(mut paths), Changed::Paths(more)) => {
                paths.extend(more);
                Changed::Paths(paths)
            }
            (Changed::Anything, _) | (_, Changed::Anything) => Changed::Anything,
        }
    }
}
