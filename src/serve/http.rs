//! Routes and handlers. The site is served at its own paths; the server's own pages are below `/__tagline/`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Serialize;
use tower_http::timeout::TimeoutLayer;
use url::form_urlencoded;

use super::files::{self, Lookup, RequestHead};
use super::state::{ServerState, SharedState, html};
use super::submissions::{PagePath, TestSubmission};
use super::{events, pages};
use crate::model::site_path::SitePath;
use crate::pipeline::session::ServedSite;
use crate::render::Variation;

/// The maximum size of a request body in bytes. A form with the longest allowed texts is a tenth of it.
const MAX_BODY: usize = 256 * 1024;
/// Time limit for a response. Event streams are exempt, because their response has started by then.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(20);

const LIVE_SCRIPT: &str = include_str!("live.js");

pub fn router(state: Arc<ServerState>) -> Router {
    let private = Router::new()
        .route("/__tagline/", get(overview))
        .route("/__tagline/leads", get(leads))
        .route("/__tagline/looks", get(looks))
        .route("/__tagline/looks/{look}/", get(home_in_look))
        .route("/__tagline/looks/{look}/{*path}", get(page_in_look))
        .route("/__tagline/blocks", get(blocks))
        .route("/__tagline/blocks/{block}/", get(block_of_home))
        .route("/__tagline/blocks/{block}/{*path}", get(block_of_page))
        .route("/__tagline/desk/", get(desk_index))
        .route("/__tagline/desk/{*path}", get(desk))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), require_private_access));
    Router::new()
        .merge(private)
        .route("/__tagline", get(|| async { Redirect::temporary("/__tagline/") }))
        .route("/__tagline/desk", get(|| async { Redirect::temporary("/__tagline/desk/") }))
        .route("/__tagline/live.js", get(live_script))
        .route("/__tagline/events", get(events::stream))
        .route("/__tagline/leads", post(add_submission))
        .fallback(site)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, RESPONSE_TIMEOUT))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), check_origin))
        .with_state(state)
}

/// Rejects requests of other sites and adds the security headers that all responses have.
async fn check_origin(State(state): SharedState, request: Request, next: Next) -> Response {
    let mut response = match state.origin_check.check(request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(rejection) => (StatusCode::FORBIDDEN, rejection.message()).into_response(),
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // A form that is submitted without the live script cannot send a lead to its destination either.
        (header::CONTENT_SECURITY_POLICY, "form-action 'self'; frame-ancestors 'self'"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn require_private_access(
    State(state): SharedState,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if !state.may_see_private_pages(peer) {
        let message =
            "only the computer that runs the server can open this page; `--preview` opens it to the network\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    next.run(request).await
}

async fn live_script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], LIVE_SCRIPT).into_response()
}

async fn overview(State(state): SharedState) -> Response {
    let status = state.status.borrow().clone();
    let page = state.with_site(move |built| pages::overview(built, &status)).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

async fn leads(State(state): SharedState) -> Response {
    let submissions = state.submissions.newest_first();
    let page = state.with_site(move |built| pages::leads(built, &submissions)).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

/// Shows a page in every look: `?page=/spring-hiring/`.
async fn looks(State(state): SharedState, uri: Uri) -> Response {
    let requested = parameter(&uri, "page");
    let page = state.with_site(move |built| pages::looks(built, requested.as_deref())).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

async fn home_in_look(state: SharedState, Path(look): Path<String>) -> Response {
    page_in_look(state, Path((look, String::new()))).await
}

async fn page_in_look(State(state): SharedState, Path((look, path)): Path<(String, String)>) -> Response {
    varied(state, path, Some(look), None).await
}

/// Shows every block of the theme, in a look: `?look=bold`.
async fn blocks(State(state): SharedState, uri: Uri) -> Response {
    let look = parameter(&uri, "look");
    let page = state.with_site(move |built| pages::blocks(built, look.as_deref())).await;
    page.map_or_else(|response| response, |page| html(StatusCode::OK, page))
}

async fn block_of_home(state: SharedState, Path(block): Path<String>, uri: Uri) -> Response {
    block_of_page(state, Path((block, String::new())), uri).await
}

async fn block_of_page(State(state): SharedState, Path((block, path)): Path<(String, String)>, uri: Uri) -> Response {
    varied(state, path, parameter(&uri, "look"), Some(block)).await
}

/// Sends a page of the site in another look, or one block of it.
async fn varied(state: Arc<ServerState>, path: String, look: Option<String>, block: Option<String>) -> Response {
    let Some(path) = SitePath::parse(&path) else { return StatusCode::NOT_FOUND.into_response() };
    // The header and the footer of the site are no part of a block.
    let hidden = if block.is_some() { "<style>body>header,body>footer{display:none}</style>" } else { "" };
    let render = move |built: &ServedSite| {
        built.page_varied(&path, Variation { look: look.as_deref(), block: block.as_deref() })
    };
    match state.with_site(render).await {
        Ok(Some(page)) => html(StatusCode::OK, format!("{}{hidden}", String::from_utf8_lossy(&page))),
        Ok(None) => (StatusCode::NOT_FOUND, "the site has no such page, look or block\n").into_response(),
        Err(response) => response,
    }
}

/// Returns a parameter of the query.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

async fn desk_index(state: SharedState, uri: Uri, headers: HeaderMap) -> Response {
    desk(state, Path("index.html".to_owned()), uri, headers).await
}

async fn desk(State(state): SharedState, Path(path): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(path) = SitePath::parse(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let requested = path.clone();
    let file = match state.with_site(move |built| built.sales_file(&requested)).await {
        Ok(Some(file)) => file,
        Ok(None) => return (StatusCode::NOT_FOUND, "the lead desk has no such page\n").into_response(),
        Err(response) => return response,
    };
    files::send(&state, file, &path.file(), StatusCode::OK, RequestHead { uri: &uri, headers: &headers }).await
}

#[derive(Serialize)]
struct SubmissionNumber {
    number: usize,
}

async fn add_submission(State(state): SharedState, request: Request) -> Response {
    let Ok(body) = to_bytes(request.into_body(), MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match serde_json::from_slice::<TestSubmission>(&body) {
        Ok(submission) => {
            let number = state.submissions.add(submission);
            axum::Json(SubmissionNumber { number }).into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("invalid test lead: {error}\n")).into_response(),
    }
}

async fn site(State(state): SharedState, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match parts.method {
        Method::GET | Method::HEAD => {}
        Method::POST => return form_post(&state, &parts.uri, &parts.headers, body).await,
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response(),
    }
    let head = RequestHead { uri: &parts.uri, headers: &parts.headers };
    let path = parts.uri.path().to_owned();
    match state.with_site(move |built| files::look_up(built, &path)).await {
        Ok(Lookup::File { path, file }) => files::send(&state, file, &path.file(), StatusCode::OK, head).await,
        Ok(Lookup::Redirect(path)) => {
            let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{path}{query}"))]).into_response()
        }
        Ok(Lookup::Errors(_)) => html(StatusCode::SERVICE_UNAVAILABLE, pages::page_with_errors()),
        Ok(Lookup::NotFound(Some(page))) => files::send(&state, page, "404.html", StatusCode::NOT_FOUND, head).await,
        Ok(Lookup::NotFound(None)) => StatusCode::NOT_FOUND.into_response(),
        Err(response) => response,
    }
}

/// Handles a form that a browser without JavaScript posts to the site's host. Stores the lead and redirects, as a
/// form endpoint does.
async fn form_post(state: &ServerState, uri: &Uri, headers: &HeaderMap, body: Body) -> Response {
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let body = String::from_utf8_lossy(&body).into_owned();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let redirect = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "redirect");
    // Only the path is used, so that a posted URL cannot redirect to another host.
    let path = redirect.and_then(|(_, url)| url::Url::parse(&url).ok()).and_then(|url| PagePath::parse(url.path()));
    let path = path.map_or_else(|| "/__tagline/leads".to_owned(), |path| path.to_string());
    let Some(page) = PagePath::parse(uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    state.submissions.add(TestSubmission::from_post(page, content_type.to_owned(), body));
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}
