//! Server-sent events: every open page receives the site's status, and whether the page itself has changed.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use super::files::{self, Lookup};
use super::state::{ServerState, SharedState};
use super::status::{Condition, PageProblem};
use crate::pipeline::session::{ServedSite, Shown};
use crate::sink::memory::StoredFile;

/// Pages that may listen at the same time.
const MAX_LISTENERS: usize = 128;

#[derive(Deserialize)]
pub struct EventsQuery {
    /// The URL path of the open page.
    path: String,
    /// The hash of the page as it was opened.
    page: String,
}

/// The data of an event. `live.js` reads it.
#[derive(Serialize)]
struct StatusEvent<'s> {
    number: u64,
    /// The page has changed since it was opened.
    is_changed: bool,
    shown: Shown,
    problems: Vec<PageProblem<'s>>,
}

/// Sends an event at once, and another after every update of the site.
pub async fn stream(
    State(state): SharedState,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(query): Query<EventsQuery>,
) -> Response {
    // Problems quote lines of the sources.
    let sends_problems = state.may_see_private_pages(peer);
    let Some(listener) = Listener::register(&state) else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many open pages\n").into_response();
    };
    let mut status = state.status.clone();
    status.mark_changed();
    let events = stream::unfold((listener, status, query), move |(listener, mut status, query)| async move {
        status.changed().await.ok()?;
        let current = status.borrow_and_update().clone();
        let page = page_state(&listener.0, query.path.clone()).await;
        let is_changed = page.hash.is_some_and(|hash| hash != query.page);
        let shown = match current.condition {
            Condition::Current => page.shown,
            Condition::LastGood => Shown::LastGood,
            Condition::Unavailable => Shown::Errors,
        };
        let problems = if sends_problems { current.of_page(page.file.as_deref()) } else { Vec::new() };
        let data = StatusEvent { number: current.number, is_changed, shown, problems };
        let event = Event::default().event("news").json_data(data).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), (listener, status, query)))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

/// Counts a listening page until it is dropped, which also happens when the browser closes the connection.
struct Listener(Arc<ServerState>);

impl Listener {
    /// Returns `None` if too many pages are listening.
    fn register(state: &Arc<ServerState>) -> Option<Listener> {
        let listener = Listener(Arc::clone(state));
        (state.listeners.fetch_add(1, Ordering::Relaxed) < MAX_LISTENERS).then_some(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The page at a URL path.
struct PageState {
    /// `None` if the path is not a page of the site.
    hash: Option<String>,
    shown: Shown,
    file: Option<String>,
}

async fn page_state(state: &ServerState, path: String) -> PageState {
    let read = move |built: &ServedSite| {
        let lookup = files::look_up(built, &path)?;
        let (shown, file) = lookup.page().map_or((Shown::Current, None), |page| built.shown(page));
        let hash = match &lookup {
            Lookup::File { file: StoredFile::Bytes(bytes), .. } | Lookup::NotFound(Some(StoredFile::Bytes(bytes))) => {
                Some(files::hash(bytes))
            }
            _ => None,
        };
        Ok(PageState { hash, shown, file: file.map(str::to_owned) })
    };
    let none = PageState { hash: None, shown: Shown::Errors, file: None };
    state.with_site(read).await.unwrap_or(none)
}
