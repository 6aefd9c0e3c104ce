//! The headers that hosts send with every page, as files for the hosts that read some: they lie in `public/`, so that the
//! hashes in them always are those of the pages beside them.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::csp::Seen;
use crate::diagnostics::Diagnostic;
use crate::model::address::{BaseUrl, SitePath};
use crate::model::policy::{Directive, Source, Sources};
use crate::model::site::Analytics;
use crate::resolve::Site;
use crate::rules::Rule;
use crate::sink::Sink;
use crate::theme::Theme;

/// The longest line of `_headers` that Cloudflare takes, in characters
/// (<https://developers.cloudflare.com/pages/configuration/headers/>).
const MAX_LINE: usize = 2_000;
/// The longest argument that we give to nginx, which takes 4,096 bytes.
const MAX_ARGUMENT: usize = 1_000;

/// One directive of the policy: `img-src`, and where pictures come from.
struct Line {
    name: &'static str,
    sources: Vec<String>,
}

type Header = (&'static str, &'static str);

const POLICY: &str = "Content-Security-Policy";

/// A kind of host, by the file that it reads.
#[derive(Clone, Copy)]
enum Host {
    /// Netlify, Cloudflare Pages, and others after them.
    Pages,
    Nginx,
    Caddy,
}

/// Writes the files, but for those that the site has of its own in `static/`.
pub fn write(site: &Site, theme: &Theme, seen: Seen, sink: &dyn Sink) -> anyhow::Result<Vec<Diagnostic>> {
    let policy = policy(site, &seen.sources(site, theme));
    let headers = headers(site, &policy);
    let mut found = Vec::new();
    for host in [Host::Pages, Host::Nginx, Host::Caddy] {
        let path = SitePath::fixed(host.file_name());
        if site.static_files.iter().any(|(own, _)| *own == path) {
            continue;
        }
        let text = match host {
            Host::Pages => for_pages(&policy, &headers, &site.config.base_url),
            Host::Nginx => for_nginx(&policy, &headers),
            Host::Caddy => for_caddy(&policy, &headers),
        };
        if matches!(host, Host::Pages) {
            found.extend(text.lines().map(|line| line.chars().count()).max().and_then(too_long));
        }
        sink.put(&path, text.into_bytes())?;
    }
    Ok(found)
}

fn too_long(length: usize) -> Option<Diagnostic> {
    (length > MAX_LINE).then(|| {
        let message = format!("the policy is a line of {length} characters in `_headers`");
        Diagnostic::warning(Rule::PolicyTooLong, message)
            .in_file("site.yaml")
            .help(format!("Cloudflare takes {MAX_LINE}, and leaves it out: pages with the same blocks share a hash"))
            .help("where the site is published elsewhere, write `rules: { policy-too-long: allow }`")
    })
}

/// Everything is forbidden but what is let in.
fn policy(site: &Site, sources: &Sources) -> Vec<Line> {
    let mut policy = vec![Line { name: "default-src", sources: vec!["'none'".to_owned()] }];
    policy.extend(Directive::ALL.into_iter().filter_map(|directive| line(site, sources, directive)));
    policy.push(Line { name: "base-uri", sources: vec!["'none'".to_owned()] });
    if site.config.base_url.is_encrypted() {
        policy.push(Line { name: "upgrade-insecure-requests", sources: Vec::new() });
    }
    policy
}

/// A directive's line; none where `default-src` says it all.
fn line(site: &Site, sources: &Sources, directive: Directive) -> Option<Line> {
    let measured = measured(site, directive).iter().map(|source| (*source).to_owned());
    let listed = sources.get(&directive).into_iter().flatten().map(Source::to_string);
    let listed: BTreeSet<String> = measured.chain(listed).collect();
    let frames_itself = sources.get(&Directive::Frame).is_some_and(|frames| frames.contains(&Source::own()));
    let first = match directive {
        Directive::Frame | Directive::Worker if listed.is_empty() => return None,
        Directive::Frame | Directive::Worker => None,
        Directive::FrameAncestors if listed.is_empty() && !frames_itself => Some("'none'".to_owned()),
        Directive::FrameAncestors
        | Directive::Script
        | Directive::Style
        | Directive::Image
        | Directive::Font
        | Directive::Connect
        | Directive::Media
        | Directive::Manifest
        | Directive::FormAction => Some(Source::own().to_string()),
    };
    Some(Line { name: directive.name(), sources: first.into_iter().chain(listed).collect() })
}

/// What the site's analytics need, as their own documentation has it
/// (<https://developers.google.com/tag-platform/security/guides/csp>).
fn measured(site: &Site, directive: Directive) -> &'static [&'static str] {
    const ANALYTICS: &str = "https://*.google-analytics.com";
    const MANAGER: &str = "https://*.googletagmanager.com";
    match (site.measured_by(), directive) {
        (Some(Analytics::Plausible(_)), Directive::Script | Directive::Connect) => &["https://plausible.io"],
        (Some(Analytics::Gtm(_)), Directive::Script) => &[MANAGER],
        (Some(Analytics::Gtm(_)), Directive::Image) => &[ANALYTICS, MANAGER],
        (Some(Analytics::Gtm(_)), Directive::Connect) => &["https://*.analytics.google.com", ANALYTICS, MANAGER],
        (Some(Analytics::Plausible(_) | Analytics::Gtm(_)) | None, _) => &[],
    }
}

/// All headers but the policy itself.
fn headers(site: &Site, policy: &[Line]) -> Vec<Header> {
    let mut headers = Vec::new();
    if site.config.base_url.is_encrypted() {
        headers.push(("Strict-Transport-Security", "max-age=31536000"));
    }
    headers.push(("X-Content-Type-Options", "nosniff"));
    // Other hosts are told which site a visitor came from, and no more: their statistics tell channels apart by it.
    headers.push(("Referrer-Policy", "strict-origin-when-cross-origin"));
    headers.push(("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    // What `frame-ancestors` says, for browsers that don't know it. It has no word for some hosts.
    let ancestors = policy.iter().find(|line| line.name == Directive::FrameAncestors.name());
    if ancestors.is_none_or(|line| line.sources == ["'none'"]) {
        headers.push(("X-Frame-Options", "DENY"));
    }
    // Tag Manager's preview talks to the page from the tab that opened it.
    if !matches!(site.config.analytics, Some(Analytics::Gtm(_))) {
        headers.push(("Cross-Origin-Opener-Policy", "same-origin"));
    }
    headers
}

impl Host {
    fn file_name(self) -> &'static str {
        match self {
            Host::Pages => "_headers",
            Host::Nginx => "_headers.nginx",
            Host::Caddy => "_headers.caddy",
        }
    }
}

impl Line {
    fn text(&self) -> String {
        std::iter::once(self.name).chain(self.sources.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }
}

fn in_one_line(policy: &[Line]) -> String {
    policy.iter().map(Line::text).collect::<Vec<_>>().join("; ")
}

/// A rule is a path and the headers of all below it.
fn for_pages(policy: &[Line], headers: &[Header], base_url: &BaseUrl) -> String {
    let mut text = format!("{}*\n  {POLICY}: {}\n", base_url.path(), in_one_line(policy));
    for (name, value) in headers {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}: {value}");
    }
    text
}

/// For a `server` or a `location`. The policy is put together piece by piece, for an argument has its limit, too.
fn for_nginx(policy: &[Line], headers: &[Header]) -> String {
    let mut text = String::from(
        "# include this file in a `server`, or in the `location` of the site, and reload nginx whenever the site is published\n",
    );
    for (number, (which, text_of_piece)) in policy.iter().flat_map(pieces).enumerate() {
        let before = match (number, which) {
            (0, _) => "",
            (_, Piece::First) => "${tagline_policy}; ",
            (_, Piece::More) => "${tagline_policy} ",
        };
        let _ = writeln!(text, "set $tagline_policy \"{before}{text_of_piece}\";");
    }
    let _ = writeln!(text, "add_header {POLICY} $tagline_policy always;");
    for (name, value) in headers {
        let _ = writeln!(text, "add_header {name} \"{value}\" always;");
    }
    text.push_str("location ~ /_headers(\\.nginx|\\.caddy)?$ {\n    return 404;\n}\n");
    text
}

/// Which piece of a directive.
enum Piece {
    First,
    More,
}

/// A directive in pieces that nginx takes, the first with its name.
fn pieces(line: &Line) -> Vec<(Piece, String)> {
    let mut pieces = vec![(Piece::First, line.name.to_owned())];
    for source in &line.sources {
        match pieces.last_mut().filter(|(_, piece)| piece.len() + source.len() < MAX_ARGUMENT) {
            Some((_, piece)) => piece.extend([" ", source]),
            None => pieces.push((Piece::More, source.clone())),
        }
    }
    pieces
}

/// For the block of a site. Nothing in a policy has quotes of this kind or braces.
fn for_caddy(policy: &[Line], headers: &[Header]) -> String {
    let mut text = format!(
        "# import this file in the block of the site, and reload Caddy whenever the site is published\n\
         header {{\n\t{POLICY} \"{}\"\n",
        in_one_line(policy)
    );
    for (name, value) in headers {
        let _ = writeln!(text, "\t{name} \"{value}\"");
    }
    text.push_str(
        "}\n@tagline_headers path */_headers */_headers.nginx */_headers.caddy\nerror @tagline_headers 404\n",
    );
    text
}
