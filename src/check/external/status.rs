//! The result of a request, and the options for requests.

use std::time::Duration;

use crate::render::Progress;

pub struct LinkCheckOptions<'p> {
    /// For one request, from the look-up of the name to the head of the answer.
    pub timeout: Duration,
    /// Between two requests to the same host.
    pub pause: Duration,
    pub progress: Progress<'p>,
}

/// Whether visitors can follow a link. A reason reads as the rest of a sentence: `answers 404`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkStatus {
    Working,
    Broken(String),
    /// The link may work in a browser.
    Unverified(String),
    /// It was not requested, so the next run requests it.
    Skipped(String),
}

/// What an answer says about the other addresses of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostState {
    Up,
    /// No address of the host can be reached.
    Unreachable,
    /// Each request would run into the timeout.
    TimedOut,
}
