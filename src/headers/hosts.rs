//! Writes the headers of a site as files for hosts. They are part of `public/`, so that the hashes in them are always
//! those of the pages beside them.

use std::fmt::Write;

use super::csp::{self, PolicyLine};
use super::page_sources::SourceCollector;
use crate::diagnostics::Diagnostic;
use crate::model::address::{BaseUrl, SitePath};
use crate::model::site::Analytics;
use crate::resolve::Site;
use crate::rules::Rule;
use crate::sink::Sink;
use crate::theme::Theme;

/// The longest line of `_headers` that Cloudflare accepts, in characters
/// (<https://developers.cloudflare.com/pages/configuration/headers/>).
const MAX_LINE: usize = 2_000;
/// The longest argument in nginx files, in bytes. nginx accepts 4,096.
const MAX_ARGUMENT: usize = 1_000;

type Header = (&'static str, &'static str);

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
    let headers = other_headers(site, &policy);
    let mut diagnostics = Vec::new();
    for format in [HostFormat::Pages, HostFormat::Nginx, HostFormat::Caddy] {
        let path = SitePath::fixed(format.file_name());
        if site.static_files.iter().any(|(own, _)| *own == path) {
            continue;
        }
        let text = match format {
            HostFormat::Pages => for_pages(&policy, &headers, &site.config.base_url),
            HostFormat::Nginx => for_nginx(&policy, &headers),
            HostFormat::Caddy => for_caddy(&policy, &headers),
        };
        if matches!(format, HostFormat::Pages) {
            let longest = text.lines().map(|line| line.chars().count()).max();
            diagnostics.extend(longest.filter(|length| *length > MAX_LINE).map(too_long));
        }
        sink.put(&path, text.into_bytes())?;
    }
    Ok(diagnostics)
}

impl HostFormat {
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
        headers.push(("Strict-Transport-Security", "max-age=31536000"));
    }
    headers.push(("X-Content-Type-Options", "nosniff"));
    // Other hosts receive the site's origin, so that their statistics can tell channels apart, and nothing more.
    headers.push(("Referrer-Policy", "strict-origin-when-cross-origin"));
    headers.push(("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    // For browsers without `frame-ancestors`. The header cannot list hosts.
    if csp::forbids_framing(policy) {
        headers.push(("X-Frame-Options", "DENY"));
    }
    // The preview mode of Tag Manager communicates with the page through the tab that opened it.
    if !matches!(site.config.analytics, Some(Analytics::Gtm(_))) {
        headers.push(("Cross-Origin-Opener-Policy", "same-origin"));
    }
    headers
}

/// A rule is a path with the headers of everything below it.
fn for_pages(policy: &[PolicyLine], headers: &[Header], base_url: &BaseUrl) -> String {
    let mut text = format!("{}*\n  {}: {}\n", base_url.path(), csp::HEADER, csp::in_one_line(policy));
    for (name, value) in headers {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}: {value}");
    }
    text
}

/// For a `server` or a `location`. The policy is assembled from several variables, because arguments have a limit.
fn for_nginx(policy: &[PolicyLine], headers: &[Header]) -> String {
    let mut text = String::from(
        "# include this file in a `server`, or in the `location` of the site, and reload nginx whenever the site is published\n",
    );
    for (number, (position, piece)) in policy.iter().flat_map(pieces).enumerate() {
        let before = match (number, position) {
            (0, _) => "",
            (_, PiecePosition::First) => "${tagline_policy}; ",
            (_, PiecePosition::Later) => "${tagline_policy} ",
        };
        let _ = writeln!(text, "set $tagline_policy \"{before}{piece}\";");
    }
    let _ = writeln!(text, "add_header {} $tagline_policy always;", csp::HEADER);
    for (name, value) in headers {
        let _ = writeln!(text, "add_header {name} \"{value}\" always;");
    }
    text.push_str("location ~ /_headers(\\.nginx|\\.caddy)?$ {\n    return 404;\n}\n");
    text
}

/// The position of a piece within its directive.
enum PiecePosition {
    First,
    Later,
}

/// Splits a directive into pieces that nginx accepts. The first has the directive's name.
fn pieces(line: &PolicyLine) -> Vec<(PiecePosition, String)> {
    let mut pieces = vec![(PiecePosition::First, line.name.to_owned())];
    for source in &line.sources {
        match pieces.last_mut().filter(|(_, piece)| piece.len() + source.len() < MAX_ARGUMENT) {
            Some((_, piece)) => piece.extend([" ", source]),
            None => pieces.push((PiecePosition::Later, source.clone())),
        }
    }
    pieces
}

/// For the block of a site. A policy contains no double quotes and no braces.
fn for_caddy(policy: &[PolicyLine], headers: &[Header]) -> String {
    let mut text = format!(
        "# import this file in the block of the site, and reload Caddy whenever the site is published\n\
         header {{\n\t{} \"{}\"\n",
        csp::HEADER,
        csp::in_one_line(policy)
    );
    for (name, value) in headers {
        let _ = writeln!(text, "\t{name} \"{value}\"");
    }
    text.push_str(
        "}\n@tagline_headers path */_headers */_headers.nginx */_headers.caddy\nerror @tagline_headers 404\n",
    );
    text
}
