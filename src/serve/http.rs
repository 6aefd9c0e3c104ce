//! Answers requests: the site's files, and below `/__tagline/` what helps to write it.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tower::ServiceExt;
use tower_http::services::ServeFile;
use tower_http::timeout::TimeoutLayer;
use url::form_urlencoded;

use super::origin::Gate;
use super::pages;
use super::submissions::{Leads, PagePath, Tried};
use super::told::{Problem, Told};
use crate::model::address::SitePath;
use crate::pipeline::session::{ServedSite, SharedSite};
use crate::sink::memory::Stored;

/// The largest body that is read, in bytes: a form with its longest texts has a tenth of it.
const MAX_BODY: usize = 256 * 1024;
/// How long the whole answer to a request may take, but for event streams, which have begun by then.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pages that may listen for changes at once.
const MAX_LISTENERS: usize = 128;

const LIVE_SCRIPT: &str = include_str!("live.js");

/// What every answer is made from.
pub struct Shared {
    pub served: Arc<SharedSite>,
    pub told: watch::Receiver<Arc<Told>>,
    pub leads: Leads,
    pub gate: Gate,
    /// The site's folder, without links in its path.
    pub root: PathBuf,
    /// Pages about the site, leads and the lead desk are for this machine alone.
    pub keeps_private: bool,
    pub listeners: AtomicUsize,
}

impl Shared {
    /// Whether somebody may see what is not published: drafts' mistakes, leads, the lead desk.
    fn trusts(&self, peer: SocketAddr) -> bool {
        !self.keeps_private || peer.ip().to_canonical().is_loopback()
    }
}

type Asked = State<Arc<Shared>>;

pub fn router(shared: Arc<Shared>) -> Router {
    let private = Router::new()
        .route("/__tagline/", get(overview))
        .route("/__tagline/leads", get(leads))
        .route("/__tagline/desk/", get(desk_index))
        .route("/__tagline/desk/{*path}", get(desk))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), for_this_machine));
    Router::new()
        .merge(private)
        .route("/__tagline", get(|| async { Redirect::temporary("/__tagline/") }))
        .route("/__tagline/desk", get(|| async { Redirect::temporary("/__tagline/desk/") }))
        .route("/__tagline/live.js", get(live_script))
        .route("/__tagline/events", get(events))
        .route("/__tagline/leads", post(try_lead))
        .fallback(site)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), admitted))
        .with_state(shared)
}

/// Refuses strangers, and says to browsers what no page of this server may do.
async fn admitted(State(shared): Asked, request: Request, next: Next) -> Response {
    let mut response = match shared.gate.admit(request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => (StatusCode::FORBIDDEN, refusal.message()).into_response(),
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // A form that no script has taken over goes nowhere either.
        (header::CONTENT_SECURITY_POLICY, "form-action 'self'; frame-ancestors 'self'"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn for_this_machine(
    State(shared): Asked,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if !shared.trusts(peer) {
        let message = "this page is for the machine that serves it; `--preview` opens it to the network\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    next.run(request).await
}

/// A failure that is no visitor's: it is told, and the server goes on.
fn failed(error: &anyhow::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response()
}

/// Looks at the last good site, on a thread that may take its time.
async fn look<T: Send + 'static>(
    shared: &Arc<Shared>,
    at: impl FnOnce(&ServedSite) -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Response> {
    let served = Arc::clone(&shared.served);
    let looked = tokio::task::spawn_blocking(move || served.get().as_ref().map(at)).await;
    match looked {
        Ok(Some(Ok(found))) => Ok(found),
        Ok(Some(Err(error))) => Err(failed(&error)),
        Ok(None) => Err(html(StatusCode::SERVICE_UNAVAILABLE, pages::nothing_yet())),
        Err(panic) => Err(failed(&anyhow::Error::new(panic))),
    }
}

fn html(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

async fn live_script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], LIVE_SCRIPT).into_response()
}

async fn overview(State(shared): Asked) -> Response {
    let told = shared.told.borrow().clone();
    let page = look(&shared, move |built| pages::overview(built, &told)).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

async fn leads(State(shared): Asked) -> Response {
    let stored = shared.leads.all();
    let page = look(&shared, move |built| pages::leads(built, &stored)).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

async fn desk_index(state: Asked, uri: Uri, headers: HeaderMap) -> Response {
    desk(state, Path("index.html".to_owned()), uri, headers).await
}

async fn desk(State(shared): Asked, Path(path): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(path) = SitePath::parse(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let named = path.clone();
    let stored = match look(&shared, move |built| built.sales_file(&named)).await {
        Ok(Some(stored)) => stored,
        Ok(None) => return (StatusCode::NOT_FOUND, "the lead desk has no such page\n").into_response(),
        Err(response) => return response,
    };
    send(&shared, stored, &path.file(), StatusCode::OK, &uri, &headers).await
}

#[derive(Serialize)]
struct Number {
    number: usize,
}

async fn try_lead(State(shared): Asked, request: Request) -> Response {
    let Ok(body) = to_bytes(request.into_body(), MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match serde_json::from_slice::<Tried>(&body) {
        Ok(tried) => axum::Json(Number { number: shared.leads.keep(tried) }).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, format!("this is no lead: {error}\n")).into_response(),
    }
}

#[derive(Deserialize)]
struct Listening {
    /// The address of the page, as the browser has it.
    path: String,
    /// The hash that was sent with it.
    page: String,
}

/// What an open page is told.
#[derive(Serialize)]
struct News<'t> {
    number: u64,
    /// The page has other bytes than those that it was opened with.
    is_changed: bool,
    is_refused: bool,
    problems: &'t [Problem],
}

/// Counts the pages that listen, also where one goes away in the middle of an answer.
struct Listener(Arc<Shared>);

impl Listener {
    fn enter(shared: &Arc<Shared>) -> Option<Listener> {
        let listener = Listener(Arc::clone(shared));
        (shared.listeners.fetch_add(1, Ordering::Relaxed) < MAX_LISTENERS).then_some(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Tells a page of every change: whether it is another one now, and what is wrong with the site.
async fn events(
    State(shared): Asked,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(listening): Query<Listening>,
) -> Response {
    // Problems have lines of sources in them.
    let tells_problems = shared.trusts(peer);
    let Some(listener) = Listener::enter(&shared) else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many pages are open\n").into_response();
    };
    let mut told = shared.told.clone();
    told.mark_changed();
    let news = stream::unfold((listener, told, listening), move |(listener, mut told, listening)| async move {
        told.changed().await.ok()?;
        let now = told.borrow_and_update().clone();
        let hash = hash_of_page(&listener.0, listening.path.clone()).await;
        let is_changed = hash.is_some_and(|hash| hash != listening.page);
        let problems = if tells_problems { now.problems.as_slice() } else { &[] };
        let news = News { number: now.number, is_changed, is_refused: now.is_refused, problems };
        let event = Event::default().event("news").json_data(news).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), (listener, told, listening)))
    });
    Sse::new(news).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

/// The hash of what an address would be answered with now; none where that is no page of ours.
async fn hash_of_page(shared: &Arc<Shared>, path: String) -> Option<String> {
    let answer = look(shared, move |built| answer(built, &path)).await.ok()?;
    match answer {
        Answer::File { stored: Stored::Bytes(bytes), .. } | Answer::Missing(Some(Stored::Bytes(bytes))) => {
            Some(hash(&bytes))
        }
        _ => None,
    }
}

/// What an address of the site leads to.
enum Answer {
    File {
        path: SitePath,
        stored: Stored,
    },
    /// Another address, below the site's host.
    Elsewhere(String),
    /// Nothing, and the page that says so.
    Missing(Option<Stored>),
}

/// `path` as it came, percent-encoded.
fn answer(built: &ServedSite, path: &str) -> anyhow::Result<Answer> {
    let base_url = &built.site.config.base_url;
    let Some(below) = path.strip_prefix(base_url.path()) else {
        let is_above = path == "/" || format!("{path}/") == base_url.path();
        return Ok(match is_above {
            true => Answer::Elsewhere(base_url.path().to_owned()),
            false => Answer::Missing(built.not_found()?),
        });
    };
    let decoded = percent_decode_str(below).decode_utf8().ok();
    let folder = decoded.as_deref().map(|path| path.strip_suffix("index.html").unwrap_or(path));
    let is_file = |path: &&str| path.is_empty() || path.ends_with('/') || Some(*path) == decoded.as_deref();
    let Some(path) = folder.filter(is_file).and_then(SitePath::parse) else {
        return Ok(Answer::Missing(built.not_found()?));
    };
    if let Some(stored) = built.file(&path)? {
        return Ok(Answer::File { path, stored });
    }
    // A folder without its `/`, as hosts of static files answer it.
    if let Some(folder) = SitePath::parse(&format!("{}/", path.as_str())).filter(|_| !path.as_str().ends_with('/'))
        && built.file(&folder)?.is_some()
    {
        return Ok(Answer::Elsewhere(base_url.rooted(&folder)));
    }
    Ok(Answer::Missing(built.not_found()?))
}

async fn site(State(shared): Asked, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match parts.method {
        Method::GET | Method::HEAD => {}
        Method::POST => return posted(&shared, &parts.uri, &parts.headers, body).await,
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response(),
    }
    let path = parts.uri.path().to_owned();
    match look(&shared, move |built| answer(built, &path)).await {
        Ok(Answer::File { path, stored }) => {
            send(&shared, stored, &path.file(), StatusCode::OK, &parts.uri, &parts.headers).await
        }
        Ok(Answer::Elsewhere(path)) => {
            let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{path}{query}"))]).into_response()
        }
        Ok(Answer::Missing(Some(stored))) => {
            send(&shared, stored, "404.html", StatusCode::NOT_FOUND, &parts.uri, &parts.headers).await
        }
        Ok(Answer::Missing(None)) => StatusCode::NOT_FOUND.into_response(),
        Err(response) => response,
    }
}

/// A form that the browser posts to the site's own host, without a script: kept, and answered as an endpoint would.
async fn posted(shared: &Arc<Shared>, uri: &Uri, headers: &HeaderMap, body: Body) -> Response {
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let body = String::from_utf8_lossy(&body).into_owned();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let redirect = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "redirect");
    // Only the path, so that nothing that is posted leads away from here.
    let path = redirect.and_then(|(_, url)| url::Url::parse(&url).ok()).and_then(|url| PagePath::parse(url.path()));
    let path = path.map_or_else(|| "/__tagline/leads".to_owned(), |path| path.to_string());
    let Some(page) = PagePath::parse(uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    shared.leads.keep(Tried::posted(page, content_type.to_owned(), body));
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// Sends what is stored: pages with the script that keeps them up to date, files in the ranges that were asked for.
async fn send(
    shared: &Arc<Shared>,
    stored: Stored,
    file: &str,
    status: StatusCode,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let content_type = content_type(file);
    match stored {
        Stored::Bytes(bytes) => {
            let is_page = content_type.starts_with("text/html") && !uri.path().starts_with("/__tagline/");
            let body = if is_page { with_live_script(&bytes) } else { bytes.to_vec() };
            (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        Stored::File(path) => match own_file(shared, path).await {
            Some(path) => send_file(path, content_type, headers).await,
            None => (StatusCode::NOT_FOUND, "this file is not there any more\n").into_response(),
        },
        Stored::Made(making) => {
            let served = Arc::clone(&shared.served);
            // Not while the site is looked at, so that it can change meanwhile.
            let made = tokio::task::spawn_blocking(move || {
                served.images.file(&making).map_err(|failure| failure.unexpected(&making))
            });
            match made.await {
                Ok(Ok(path)) => send_file(path, content_type, headers).await,
                Ok(Err(error)) => failed(&error),
                Err(panic) => failed(&anyhow::Error::new(panic)),
            }
        }
    }
}

/// By the name of a file, as hosts of static files do; all texts are UTF-8.
fn content_type(file: &str) -> String {
    let mime = mime_guess::from_path(file).first_or_octet_stream();
    let is_text = mime.type_() == mime_guess::mime::TEXT || mime.subtype() == mime_guess::mime::XML;
    if is_text { format!("{mime}; charset=utf-8") } else { mime.to_string() }
}

/// Where a file of the last good site lies, unless something else has taken its place since that leads out of the site.
async fn own_file(shared: &Shared, path: PathBuf) -> Option<PathBuf> {
    let found = tokio::task::spawn_blocking(move || path.canonicalize().ok()).await.ok()??;
    found.starts_with(&shared.root).then_some(found)
}

async fn send_file(path: PathBuf, content_type: String, headers: &HeaderMap) -> Response {
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers.clone();
    // The clock of the file system is too coarse to tell two saves apart.
    request.headers_mut().remove(header::IF_MODIFIED_SINCE);
    let mut response = match ServeFile::new(path).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status().is_success()
        && let Ok(content_type) = HeaderValue::try_from(content_type)
    {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response
}

/// A page with one more script at its end, which knows the page's hash.
fn with_live_script(page: &[u8]) -> Vec<u8> {
    let tag = format!("<script src=\"/__tagline/live.js\" data-page=\"{}\" defer></script>", hash(page));
    const END: &[u8] = b"</body>";
    let at = page.windows(END.len()).rposition(|window| window == END).unwrap_or(page.len());
    [&page[..at], tag.as_bytes(), &page[at..]].concat()
}

/// The same for the same bytes while the server runs.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
