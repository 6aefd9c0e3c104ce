//! Sends the requests of `object_store` with the HTTP client of this program, and counts them.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use ureq::Agent;
use ureq::http::Response;

use crate::web_client;

const USER_AGENT: &str = concat!("Tagline/", env!("CARGO_PKG_VERSION"));
/// The longest answer, in bytes. The manifest of a million files is shorter.
const MAX_ANSWER: u64 = 512 * 1024 * 1024;

/// Connects to stores. Clones count together.
#[derive(Clone, Debug)]
pub struct Connector {
    agent: Agent,
    requests: Arc<AtomicUsize>,
}

impl Connector {
    /// `connections` is how many requests are sent at the same time, and `timeout` the longest time that one may take.
    pub fn new(connections: usize, timeout: Duration) -> Connector {
        let config = web_client::config(&web_client::certificates(), timeout)
            .user_agent(USER_AGENT)
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .build();
        Connector { agent: Agent::new_with_config(config), requests: Arc::default() }
    }

    /// Returns the number of requests so far, repeated ones included.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (parts, body) = request.into_parts();
        let body = match body.as_bytes() {
            Some(bytes) => bytes.clone(),
            None => body.collect().await?.to_bytes(),
        };
        let agent = self.agent.clone();
        let answer = tokio::task::spawn_blocking(move || send(&agent, ureq::http::Request::from_parts(parts, body)));
        answer.await.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?
    }
}

fn send(agent: &Agent, request: ureq::http::Request<Bytes>) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    // A `GET` or `DELETE` with an empty body is sent without one.
    let answer = match body.is_empty() && !matches!(parts.method.as_str(), "PUT" | "POST") {
        true => agent.run(ureq::http::Request::from_parts(parts, ())),
        false => agent.run(ureq::http::Request::from_parts(parts, &body[..])),
    };
    let (parts, mut body) = answer.map_err(http_error)?.into_parts();
    let mut bytes = Vec::new();
    let read = body.with_config().limit(MAX_ANSWER).reader().read_to_end(&mut bytes);
    read.map_err(|error| HttpError::new(HttpErrorKind::Request, error))?;
    Ok(Response::from_parts(parts, HttpResponseBody::from(bytes)))
}

/// Lost requests and lost answers are sent again, whatever was requested: all writes but the lock can be repeated, and who writes
/// the lock looks whether an earlier attempt arrived.
fn http_error(error: ureq::Error) -> HttpError {
    let kind = match &error {
        ureq::Error::Timeout(_) | ureq::Error::Io(_) | ureq::Error::Protocol(_) => HttpErrorKind::Request,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
