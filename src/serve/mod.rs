//! `tagline serve`: builds a site in memory, updates it when files change, and serves it to browsers.
//!
//! The main thread updates the site, one change after another. Other threads watch the files and answer requests. They
//! share the site as far as it has no errors, and the status that open pages display.

mod events;
mod files;
mod http;
mod listener;
mod origin;
mod pages;
mod peers;
mod poll;
mod signal;
mod state;
mod status;
mod submissions;
mod timed_stream;
mod watch;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::watch as channel;

use self::origin::OriginCheck;
use self::signal::Signal;
use self::state::ServerState;
use self::status::{Condition, SiteStatus};
use self::submissions::Submissions;
use self::watch::Watcher;
use crate::diagnostics::Diagnostic;
use crate::pipeline::Request;
use crate::pipeline::session::{Changed, Refresh, Session};
use crate::render::Progress;

pub use self::listener::PORT;
pub use self::watch::WatchMode;

/// How often the date is checked. A new day can start or end campaigns.
const DATE_CHECK_INTERVAL: Duration = Duration::from_secs(30);

pub struct ServeOptions {
    pub request: Request,
    pub host: IpAddr,
    /// `None`: [`PORT`], or the next free port.
    pub port: Option<u16>,
    pub watch_mode: WatchMode,
    /// Only this computer may open the overview, the test leads and the lead desk.
    pub private_pages_local_only: bool,
}

/// Reports the server's progress to the user.
pub trait Reporter {
    /// The server is listening at `url`. `default_port_in_use`: it had to choose another port.
    fn listening(&self, url: &str, default_port_in_use: bool);
    /// The site was updated after a change.
    fn updated(&self, update: &Update);
    /// Files could not be read. The last version of the site stays.
    fn failed(&self, error: &anyhow::Error);
}

/// The result of a change.
pub struct Update<'u> {
    pub changed: &'u Changed,
    pub refresh: &'u Refresh,
    pub diagnostics: &'u [Diagnostic],
    pub duration: Duration,
}

/// Serves a site until Ctrl-C is pressed.
///
/// # Errors
///
/// If the port is in use, or if a folder cannot be read or watched.
pub fn run(mut options: ServeOptions, reporter: &dyn Reporter, progress: Progress) -> anyhow::Result<()> {
    let listener = listener::listen(options.host, options.port)?;
    let address = listener.local_addr()?;
    let authority = listener::authority(address);
    options.request.served_at = Some(authority.clone());

    let (signals, received) = mpsc::channel();
    // Watching begins before the first build, so that no change is missed in between.
    let mut watcher = Watcher::start(&options.request.root, options.watch_mode, signals.clone())?;
    let mut session = Session::new(options.request.clone());
    let (publish_status, status) = channel::channel(Arc::new(SiteStatus::default()));
    update(&mut session, &Changed::Anything, &publish_status, reporter, progress)?;
    watcher.follow_links(session.scan())?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    runtime.spawn(stop_on_ctrl_c(signals));
    listener.set_nonblocking(true)?;
    runtime.spawn(listener::accept(listener, http::router(state(&options, &session, status, address)?)));
    let default_port_in_use = options.port.is_none() && address.port() != PORT;
    reporter.listening(&format!("http://{authority}{}", base_path(&session)), default_port_in_use);

    while let Some(changed) = next_change(&received, &session) {
        watcher.watch_new_folders()?;
        if let Err(error) = update(&mut session, &changed, &publish_status, reporter, &|_, _| {}) {
            reporter.failed(&error);
        }
        watcher.follow_links(session.scan())?;
    }
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(())
}

fn state(
    options: &ServeOptions,
    session: &Session,
    status: channel::Receiver<Arc<SiteStatus>>,
    address: std::net::SocketAddr,
) -> anyhow::Result<Arc<ServerState>> {
    Ok(Arc::new(ServerState {
        served: session.shared(),
        status,
        submissions: Submissions::default(),
        origin_check: OriginCheck { address },
        root: options.request.root.canonicalize()?,
        private_pages_local_only: options.private_pages_local_only,
        listeners: AtomicUsize::new(0),
    }))
}

fn base_path(session: &Session) -> String {
    session.shared().get().as_ref().map_or_else(|| "/".to_owned(), |built| built.site.config.base_url.path().to_owned())
}

/// Updates the site after a change, and informs open pages and the user.
fn update(
    session: &mut Session,
    changed: &Changed,
    status: &channel::Sender<Arc<SiteStatus>>,
    reporter: &dyn Reporter,
    progress: Progress,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let refresh = session.refresh(changed, progress)?;
    let number = status.borrow().number + 1;
    if refresh != Refresh::Nothing {
        let condition = match refresh {
            Refresh::Refused => Condition::LastGood,
            Refresh::Unavailable => Condition::Unavailable,
            Refresh::Nothing | Refresh::Texts { .. } | Refresh::Site { .. } => Condition::Current,
        };
        status.send_replace(Arc::new(SiteStatus::new(number, session.diagnostics(), condition)));
    }
    reporter.updated(&Update {
        changed,
        refresh: &refresh,
        diagnostics: session.diagnostics(),
        duration: started.elapsed(),
    });
    Ok(())
}

/// Waits for a change and merges all changes that have arrived by then. Returns `None` when the server should stop.
fn next_change(signals: &Receiver<Signal>, session: &Session) -> Option<Changed> {
    let mut changed = loop {
        match signals.recv_timeout(DATE_CHECK_INTERVAL) {
            Ok(Signal::Changed(changed)) => break changed,
            Err(RecvTimeoutError::Timeout) if session.is_another_day() => break Changed::Anything,
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
        }
    };
    loop {
        match signals.try_recv() {
            Ok(Signal::Changed(more)) => changed = changed.and(more),
            Ok(Signal::Stop) => return None,
            Err(_) => return Some(changed),
        }
    }
}

async fn stop_on_ctrl_c(signals: Sender<Signal>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        // Without a receiver, the main loop has already ended.
        let _ = signals.send(Signal::Stop);
    }
}
