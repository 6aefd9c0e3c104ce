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
use super::status::Problem;
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
    is_refused: bool,
    problems: &'s [Problem],
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
        let hash = page_hash(&listener.0, query.path.clone()).await;
        let is_changed = hash.is_some_and(|hash| hash != query.page);
        let problems = if sends_problems { current.problems.as_slice() } else { &[] };
        let data = StatusEvent { number: current.number, is_changed, is_refused: current.is_refused, problems };
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

/// Returns the hash of the page at a URL path, or `None` if the path is not a page of the site.
async fn page_hash(state: &ServerState, path: String) -> Option<String> {
    match state.with_site(move |built| files::look_up(built, &path)).await.ok()? {
        Lookup::File { file: StoredFile::Bytes(bytes), .. } | Lookup::NotFound(Some(StoredFile::Bytes(bytes))) => {
            Some(files::hash(&bytes))
        }
        _ => None,
    }
}
