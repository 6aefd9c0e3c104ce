//! Writes the headers of a site as files for hosts. They are part of `public/`, so that the hashes in them are always
//! those of the pages beside them.

use super::config_file::{BasePath, ConfigFile};
use super::csp::{self, PolicyLine};
use super::page_sources::SourceCollector;
use super::value::{Header, HeaderName, HeaderValue};
use crate::diagnostics::Diagnostic;
use crate::model::gate::GATED_FOLDER;
use crate::model::site::{Analytics, WebHost};
use crate::model::site_path::SitePath;
use crate::resolve::Site;
use crate::rules::Rule;
use crate::sink::Sink;
use crate::theme::Theme;

/// The longest line of `_headers` that Cloudflare accepts, in characters
/// (<https://developers.cloudflare.com/pages/configuration/headers/>).
const MAX_LINE: usize = 2_000;
/// The longest argument in nginx files, in bytes. nginx accepts 4,096.
const MAX_ARGUMENT: usize = 1_000;

/// The types of files that Caddy sends without a type where the system does not list them, as in a container.
const FILE_TYPES: [(&str, &str); 3] = [
    ("csv", "text/csv; charset=utf-8"),
    ("ics", "text/calendar; charset=utf-8"),
    ("webmanifest", "application/manifest+json"),
];

const POLICY: HeaderName = "Content-Security-Policy";
const ROBOTS: HeaderName = "X-Robots-Tag";
const NO_INDEX: HeaderValue = HeaderValue::fixed("noindex");

/// What hosts send.
struct SiteHeaders<'s> {
    site: &'s Site,
    policy: Vec<PolicyLine>,
    /// The other headers of every file.
    headers: Vec<Header>,
}

/// A file format for headers.
#[derive(Clone, Copy)]
enum HostFormat {
    /// Netlify, Cloudflare Pages, and hosts that adopted their format.
    Pages,
    Nginx,
    Caddy,
}

/// Writes one file for each format, except those that the site has in `static/`.
pub fn write(
    site: &Site,
    theme: &Theme,
    collector: SourceCollector,
    sink: &dyn Sink,
) -> anyhow::Result<Vec<Diagnostic>> {
    let policy = csp::policy(site, &collector.finish(site, theme));
    let headers = SiteHeaders { site, headers: other_headers(site, &policy), policy };
    let mut diagnostics = Vec::new();
    for format in [HostFormat::Pages, HostFormat::Nginx, HostFormat::Caddy] {
        let path = SitePath::fixed(format.file_name());
        if site.has_static_file(format.file_name()) || !format.is_wanted(site.config.hosts.as_deref()) {
            continue;
        }
        let file = match format {
            HostFormat::Pages => headers.for_pages(),
            HostFormat::Nginx => headers.for_nginx(),
            HostFormat::Caddy => headers.for_caddy(),
        };
        if matches!(format, HostFormat::Pages) && file.longest_line() > MAX_LINE {
            diagnostics.push(too_long(file.longest_line()));
        }
        sink.put(&path, file.into_bytes())?;
    }
    Ok(diagnostics)
}

impl HostFormat {
    /// Whether the site names a host that reads this format, or names none at all.
    fn is_wanted(self, hosts: Option<&[WebHost]>) -> bool {
        hosts.is_none_or(|hosts| {
            hosts.iter().any(|host| match self {
                HostFormat::Pages => matches!(host, WebHost::Netlify | WebHost::Cloudflare),
                HostFormat::Nginx => *host == WebHost::Nginx,
                HostFormat::Caddy => *host == WebHost::Caddy,
            })
        })
    }

    fn file_name(self) -> &'static str {
        match self {
            HostFormat::Pages => "_headers",
            HostFormat::Nginx => "_headers.nginx",
            HostFormat::Caddy => "_headers.caddy",
        }
    }
}

fn too_long(length: usize) -> Diagnostic {
    let message = format!("the policy is a line of {length} characters in `_headers`");
    Diagnostic::warning(Rule::PolicyTooLong, message)
        .in_file("site.yaml")
        .help(format!("Cloudflare ignores lines of more than {MAX_LINE}: pages with the same blocks share a hash"))
        .help("if the site is published elsewhere, write `rules: { policy-too-long: allow }`")
}

/// Returns all headers except the policy.
fn other_headers(site: &Site, policy: &[PolicyLine]) -> Vec<Header> {
    let mut headers = Vec::new();
    if site.config.base_url.is_encrypted() {
        headers.push(("Strict-Transport-Security", HeaderValue::fixed("max-age=31536000")));
    }
    headers.push(("X-Content-Type-Options", HeaderValue::fixed("nosniff")));
    // Other hosts receive the site's origin, so that their statistics can tell channels apart, and nothing more.
    headers.push(("Referrer-Policy", HeaderValue::fixed("strict-origin-when-cross-origin")));
    let permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    headers.push(("Permissions-Policy", HeaderValue::fixed(permissions)));
    // For browsers without `frame-ancestors`. The header cannot list hosts.
    if csp::forbids_framing(policy) {
        headers.push(("X-Frame-Options", HeaderValue::fixed("DENY")));
    }
    // The preview mode of Tag Manager communicates with the page through the tab that opened it.
    if !matches!(site.config.analytics, Some(Analytics::Gtm(_))) {
        headers.push(("Cross-Origin-Opener-Policy", HeaderValue::fixed("same-origin")));
    }
    // `robots.txt` closes a preview too, but search engines also list addresses that they may not read.
    if site.options.preview {
        headers.push((ROBOTS, NO_INDEX));
    }
    headers
}

impl SiteHeaders<'_> {
    /// A rule is a path with the headers of everything below it. A file gets the headers of all rules for it.
    fn for_pages(&self) -> ConfigFile {
        let base_path = BasePath(&self.site.config.base_url);
        let mut file = ConfigFile::default();
        file.line(&[&base_path, &"*"]);
        file.line(&[&"  ", &POLICY, &": ", &HeaderValue::of_policy(&self.policy)]);
        for (name, value) in &self.headers {
            file.line(&[&"  ", name, &": ", value]);
        }
        if self.marks_gated_files() {
            file.line(&[&base_path, &GATED_FOLDER, &"/*"]);
            file.line(&[&"  ", &ROBOTS, &": ", &NO_INDEX]);
        }
        file
    }

    /// For a `server` or a `location`. The policy is assembled from several variables, because arguments have a limit.
    fn for_nginx(&self) -> ConfigFile {
        let mut file = ConfigFile::default();
        file.line(&[
            &"# include this file in a `server`, or in the `location` of the site, and reload nginx whenever the site is published",
        ]);
        for (number, line) in self.policy.iter().enumerate() {
            for (position, piece) in HeaderValue::pieces_of_directive(line, MAX_ARGUMENT).iter().enumerate() {
                let before = match (number, position) {
                    (0, 0) => "",
                    (_, 0) => "${tagline_policy}; ",
                    _ => "${tagline_policy} ",
                };
                file.line(&[&"set $tagline_policy \"", &before, piece, &"\";"]);
            }
        }
        file.line(&[&"add_header ", &POLICY, &" $tagline_policy always;"]);
        for (name, value) in &self.headers {
            file.line(&[&"add_header ", name, &" \"", value, &"\" always;"]);
        }
        if self.marks_gated_files() {
            // A header with an empty value is not sent. A `location` would lose the other headers.
            file.line(&[&"set $tagline_robots \"\";"]);
            file.line(&[&"if ($uri ~ \"/", &GATED_FOLDER, &"/[0-9a-f]{32}/\") {"]);
            file.line(&[&"    set $tagline_robots \"", &NO_INDEX, &"\";"]);
            file.line(&[&"}"]);
            file.line(&[&"add_header ", &ROBOTS, &" $tagline_robots always;"]);
        }
        file.line(&[&"location ~ /_headers(\\.nginx|\\.caddy)?$ {"]);
        file.line(&[&"    return 404;"]);
        file.line(&[&"}"]);
        file
    }

    /// For the block of a site.
    fn for_caddy(&self) -> ConfigFile {
        let mut file = ConfigFile::default();
        file.line(&[&"# import this file in the block of the site, and reload Caddy whenever the site is published"]);
        file.line(&[&"header {"]);
        file.line(&[&"\t", &POLICY, &" \"", &HeaderValue::of_policy(&self.policy), &"\""]);
        for (name, value) in &self.headers {
            file.line(&[&"\t", name, &" \"", value, &"\""]);
        }
        file.line(&[&"}"]);
        if self.marks_gated_files() {
            file.line(&[&"@tagline_gated path ", &BasePath(&self.site.config.base_url), &GATED_FOLDER, &"/*"]);
            file.line(&[&"header @tagline_gated ", &ROBOTS, &" \"", &NO_INDEX, &"\""]);
        }
        // Caddy before 2.8 redirects from `/offer?via=acme` to `/offer/`, and drops the query.
        file.line(&[&"@tagline_folder {"]);
        file.line(&[&"\tvars_regexp tagline {http.request.orig_uri} ^(/(?:[^/?\\\\][^?]*)?[^/?])\\?(.+)$"]);
        file.line(&[&"\tfile {path}/index.html"]);
        file.line(&[&"}"]);
        file.line(&[&"redir @tagline_folder {re.tagline.1}/?{re.tagline.2} 308"]);
        set_types(&mut file);
        file.line(&[&"@tagline_headers path */_headers */_headers.nginx */_headers.caddy"]);
        file.line(&[&"error @tagline_headers 404"]);
        file
    }

    /// Whether files behind forms need a header of their own. In a preview, every file has it.
    fn marks_gated_files(&self) -> bool {
        let is_gated = |path: &SitePath| path.as_str().split('/').next() == Some(GATED_FOLDER);
        self.site.files.keys().any(is_gated) && !self.site.options.preview
    }
}

/// Sets the types of files for Caddy. Only of files that exist, because the page of an error is HTML.
fn set_types(file: &mut ConfigFile) {
    for (extension, kind) in FILE_TYPES {
        file.line(&[&"@tagline_", &extension, &" {"]);
        file.line(&[&"\tpath *.", &extension]);
        file.line(&[&"\tfile"]);
        file.line(&[&"}"]);
        file.line(&[&"header @tagline_", &extension, &" Content-Type \"", &kind, &"\""]);
    }
}
