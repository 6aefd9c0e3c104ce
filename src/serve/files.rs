//! The site's files: finds the file of a URL path, and sends it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::state::{ServerState, internal_error};
use crate::model::site_path::SitePath;
use crate::pipeline::session::{ServedSite, Shown};
use crate::sink::memory::StoredFile;

/// The result of a look-up.
pub enum Lookup {
    File {
        path: SitePath,
        file: StoredFile,
    },
    /// Another path on this host.
    Redirect(String),
    /// A page with errors that cannot be shown.
    Errors(SitePath),
    /// The site's 404 page.
    NotFound(Option<StoredFile>),
}

impl Lookup {
    /// The path of a page or file that is in the site.
    pub fn page(&self) -> Option<&SitePath> {
        match self {
            Lookup::File { path, .. } | Lookup::Errors(path) => Some(path),
            Lookup::Redirect(_) | Lookup::NotFound(_) => None,
        }
    }
}

/// The parts of a request that a response depends on.
#[derive(Clone, Copy)]
pub struct RequestHead<'r> {
    pub uri: &'r Uri,
    pub headers: &'r HeaderMap,
}

/// Finds the file of a percent-encoded URL path.
///
/// # Errors
///
/// If a page cannot be rendered.
pub fn look_up(built: &ServedSite, url_path: &str) -> anyhow::Result<Lookup> {
    let base_url = &built.site.config.base_url;
    let Some(below) = url_path.strip_prefix(base_url.path()) else {
        let is_above = url_path == "/" || format!("{url_path}/") == base_url.path();
        return Ok(match is_above {
            true => Lookup::Redirect(base_url.path().to_owned()),
            false => Lookup::NotFound(built.not_found()?),
        });
    };
    let decoded = percent_decode_str(below).decode_utf8().ok();
    let folder = decoded.as_deref().map(|path| path.strip_suffix("index.html").unwrap_or(path));
    let is_file = |path: &&str| path.is_empty() || path.ends_with('/') || Some(*path) == decoded.as_deref();
    let Some(path) = folder.filter(is_file).and_then(SitePath::parse) else {
        return Ok(Lookup::NotFound(built.not_found()?));
    };
    if let Some(file) = built.file(&path)? {
        return Ok(Lookup::File { path, file });
    }
    let has_errors = |path: &SitePath| built.shown(path).0 == Shown::Errors;
    if has_errors(&path) {
        return Ok(Lookup::Errors(path));
    }
    // Static hosts redirect `/folder` to `/folder/`.
    if let Some(folder) = SitePath::parse(&format!("{}/", path.as_str())).filter(|_| !path.as_str().ends_with('/'))
        && (built.file(&folder)?.is_some() || has_errors(&folder))
    {
        return Ok(Lookup::Redirect(base_url.rooted(&folder)));
    }
    Ok(Lookup::NotFound(built.not_found()?))
}

/// Sends a file. The live script is added to pages; files on disk support range requests. `name` decides the content
/// type.
pub async fn send(
    state: &ServerState,
    file: StoredFile,
    name: &str,
    status: StatusCode,
    head: RequestHead<'_>,
) -> Response {
    let content_type = content_type(name);
    match file {
        StoredFile::Bytes(bytes) => {
            let is_page = content_type.starts_with("text/html") && !head.uri.path().starts_with("/__tagline/");
            let body = if is_page { with_live_script(&bytes) } else { bytes.to_vec() };
            (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        StoredFile::Source(path) => match path_in_site(state, path).await {
            Some(path) => send_from_disk(path, content_type, head.headers).await,
            None => (StatusCode::NOT_FOUND, "this file no longer exists\n").into_response(),
        },
        StoredFile::Image(image) => {
            let served = Arc::clone(&state.served);
            // The site is not locked meanwhile, so that it can be updated.
            let created = tokio::task::spawn_blocking(move || {
                served.images.content(&image).map_err(|error| error.unexpected(&image))
            });
            match created.await {
                Ok(Ok(content)) => (status, [(header::CONTENT_TYPE, content_type)], content).into_response(),
                Ok(Err(error)) => internal_error(&error),
                Err(panic) => internal_error(&anyhow::Error::new(panic)),
            }
        }
    }
}

/// Returns a hash that is stable while the server runs.
pub fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Returns the content type for a file name, as static hosts do. All text is UTF-8.
fn content_type(name: &str) -> String {
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = mime.type_() == mime_guess::mime::TEXT || mime.subtype() == mime_guess::mime::XML;
    if is_text { format!("{mime}; charset=utf-8") } else { mime.to_string() }
}

/// Adds a script tag with the page's hash at the end of a page.
fn with_live_script(page: &[u8]) -> Vec<u8> {
    let tag = format!("<script src=\"/__tagline/live.js\" data-page=\"{}\" defer></script>", hash(page));
    const END: &[u8] = b"</body>";
    let at = page.windows(END.len()).rposition(|window| window == END).unwrap_or(page.len());
    [&page[..at], tag.as_bytes(), &page[at..]].concat()
}

/// Resolves the path of a source file. Returns `None` if it was replaced meanwhile by a link out of the site.
async fn path_in_site(state: &ServerState, path: PathBuf) -> Option<PathBuf> {
    let resolved = tokio::task::spawn_blocking(move || path.canonicalize().ok()).await.ok()??;
    resolved.starts_with(&state.root).then_some(resolved)
}

async fn send_from_disk(path: PathBuf, content_type: String, headers: &HeaderMap) -> Response {
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers.clone();
    // Modification times have whole seconds here. Two saves in one second would look the same.
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
