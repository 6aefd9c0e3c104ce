//! The state that all request handlers share.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::origin::OriginCheck;
use super::pages;
use super::status::SiteStatus;
use super::submissions::Submissions;
use crate::pipeline::session::{ServedSite, SharedSite};

pub struct ServerState {
    pub served: Arc<SharedSite>,
    pub status: watch::Receiver<Arc<SiteStatus>>,
    pub submissions: Submissions,
    pub origin_check: OriginCheck,
    /// The site's folder, with symbolic links resolved.
    pub root: PathBuf,
    /// Only this computer may open the overview, the test leads and the lead desk.
    pub private_pages_local_only: bool,
    /// Number of pages that listen for events.
    pub listeners: AtomicUsize,
}

/// The handlers' argument for the state.
pub type SharedState = State<Arc<ServerState>>;

impl ServerState {
    /// Whether a client may see unpublished content: source lines in diagnostics, leads, the lead desk.
    pub fn may_see_private_pages(&self, peer: SocketAddr) -> bool {
        !self.private_pages_local_only || peer.ip().to_canonical().is_loopback()
    }

    /// Calls a function with the last version of the site, on a thread where it may block.
    ///
    /// # Errors
    ///
    /// Returns the response to send instead: the function failed, or there is no version without errors yet.
    pub async fn with_site<T: Send + 'static>(
        &self,
        read: impl FnOnce(&ServedSite) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Response> {
        let served = Arc::clone(&self.served);
        let result = tokio::task::spawn_blocking(move || served.get().as_ref().map(read)).await;
        match result {
            Ok(Some(Ok(value))) => Ok(value),
            Ok(Some(Err(error))) => Err(internal_error(&error)),
            Ok(None) => Err(html(StatusCode::SERVICE_UNAVAILABLE, pages::no_site_yet())),
            Err(panic) => Err(internal_error(&anyhow::Error::new(panic))),
        }
    }
}

pub fn html(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// The response for an error that is not the client's.
pub fn internal_error(error: &anyhow::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response()
}
