//! External links: each address that pages, calls to action and the menu link to is requested once, and broken ones are
//! reported. Only `tagline check --external` does this. Answers are cached for a day.

mod cache;
mod client;
mod resolver;
mod status;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use url::Url;

use self::cache::Cache;
use self::client::{Client, host_and_port};
pub use self::status::LinkCheckOptions;
use self::status::{HostState, LinkStatus};
use super::context::visible_pages;
use crate::diagnostics::Diagnostic;
use crate::model::address::OutwardUrl;
use crate::model::base_url::is_reserved_for_examples;
use crate::model::body::Outline;
use crate::model::cta::Cta;
use crate::model::site::LinkTarget;
use crate::model::tag;
use crate::resolve::{Site, Target};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::sync;
use crate::web_client;

/// Hosts that are requested at the same time.
const MAX_HOSTS: usize = 8;
/// Addresses that one run requests. Answers are cached for a day, so the next run requests the others.
const MAX_ADDRESSES: usize = 1000;
/// A diagnostic shows at most this many places or addresses.
const MAX_SHOWN: usize = 10;

/// Where a link is written.
struct LinkLocation<'c> {
    source: &'c Arc<SourceText>,
    span: Span,
}

/// Addresses without their fragments, each with its locations.
type Addresses<'c> = BTreeMap<Url, Vec<LinkLocation<'c>>>;

/// Requests every external address and reports those that are broken or could not be verified. The cache is in the site's
/// folder `root`.
pub fn check_links(
    site: &Site,
    outlines: &[Arc<Outline>],
    root: &Path,
    options: &LinkCheckOptions,
) -> anyhow::Result<Vec<Diagnostic>> {
    let addresses = addresses(site, outlines);
    let mut cache = Cache::read(root);
    let mut statuses: BTreeMap<&Url, LinkStatus> =
        addresses.keys().filter_map(|url| Some((url, cache.status(url)?))).collect();
    let unknown: Vec<&Url> = addresses.keys().filter(|url| !statuses.contains_key(url)).collect();
    let (now, later) = unknown.split_at(unknown.len().min(MAX_ADDRESSES));
    if !now.is_empty() {
        let named = addresses.keys().map(host_and_port).collect();
        statuses.extend(request_all(now, named, options)?);
    }
    for (url, status) in &statuses {
        cache.add(url, status);
    }
    cache.write(root);
    Ok(diagnostics(&addresses, &statuses, later.len()))
}

fn addresses<'c>(site: &'c Site, outlines: &'c [Arc<Outline>]) -> Addresses<'c> {
    let config = &site.config;
    let mut addresses = Addresses::new();
    let mut add = |url: &Url, source, span| {
        let mut url = url.clone();
        url.set_fragment(None);
        // The site's own host still has the site as it was last published. Example hosts have nothing.
        let is_external = !config.base_url.same_host(&url) && !is_reserved_for_examples(&url);
        if is_external && !config.trusted.iter().any(|trusted| trusted.covers(&url)) {
            addresses.entry(url).or_default().push(LinkLocation { source, span });
        }
    };
    let links = config.links().filter_map(|link| match &link.to {
        LinkTarget::Url(url) => Some(url),
        LinkTarget::Page(_) => None,
    });
    for url in links.chain(config.footer.social.iter().map(|profile| &profile.url)) {
        add(url.value.url(), &config.source, url.span);
    }
    for page in visible_pages(site) {
        let source = &page.page.source;
        for (target, link) in page.links.iter().zip(&outlines[page.index].links) {
            if let Target::Web(url) = target
                && let Ok(url) = Url::parse(url)
            {
                add(&url, source, link.span);
            }
        }
        for cta in page.page.front.ctas.values() {
            if let Some((OutwardUrl::Web(url), span)) = address_of(cta) {
                add(url.url(), source, span);
            }
            let recording = cta.event().and_then(|event| event.recording.as_ref());
            if let Some((Ok(url), recording)) = recording.map(|recording| (Url::parse(&recording.value), recording)) {
                add(&url, source, recording.span);
            }
        }
    }
    addresses
}

/// The address of a call to action for visitors from no known channel. It has no lead tag, because the other site would
/// count a request with one as a visit.
fn address_of(cta: &Cta) -> Option<(OutwardUrl, Span)> {
    let (_, span) = cta.written_url()?;
    Some((cta.url(&tag::direct())?, span))
}

/// Requests several hosts at the same time, and the addresses of each host one after the other.
fn request_all<'u>(
    urls: &[&'u Url],
    named: HashSet<String>,
    options: &LinkCheckOptions,
) -> anyhow::Result<BTreeMap<&'u Url, LinkStatus>> {
    let certificates = web_client::certificates();
    anyhow::ensure!(
        !certificates.is_empty() || urls.iter().all(|url| url.scheme() == "http"),
        "this machine has no root certificates; on Debian they are in the package `ca-certificates`"
    );
    let client = Client::new(options, &certificates, named);
    let mut by_host: BTreeMap<String, Vec<&Url>> = BTreeMap::new();
    for url in urls {
        by_host.entry(host_and_port(url)).or_default().push(url);
    }
    let hosts = Mutex::new(by_host.into_values().collect::<VecDeque<_>>());
    let statuses = Mutex::new(BTreeMap::new());
    let done = AtomicUsize::new(0);
    let add = |url: &'u Url, status: LinkStatus| {
        sync::lock(&statuses).insert(url, status);
        (options.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, urls.len());
    };
    thread::scope(|scope| {
        for _ in 0..MAX_HOSTS {
            scope.spawn(|| {
                loop {
                    // The lock is released before the host is requested.
                    let next = sync::lock(&hosts).pop_front();
                    let Some(urls) = next else { break };
                    request_host(&client, &urls, &add);
                }
            });
        }
    });
    Ok(sync::into_inner(statuses))
}

/// Requests the addresses of one host until it is clear that more requests are useless.
fn request_host<'u>(client: &Client, urls: &[&'u Url], add: &impl Fn(&'u Url, LinkStatus)) {
    for (index, url) in urls.iter().enumerate() {
        let (status, host) = client.request(url);
        let status_of_others = match host {
            HostState::Up => None,
            HostState::Unreachable => Some(status.clone()),
            HostState::TimedOut => {
                Some(LinkStatus::Skipped("was not requested, because its host did not answer".to_owned()))
            }
        };
        add(url, status);
        if let Some(status) = status_of_others {
            urls[index + 1..].iter().for_each(|url| add(url, status.clone()));
            return;
        }
    }
}

/// Reports each broken address with its locations, and all addresses that could not be verified together.
fn diagnostics(addresses: &Addresses, statuses: &BTreeMap<&Url, LinkStatus>, later: usize) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut unverified = Vec::new();
    for (url, locations) in addresses {
        match statuses.get(url) {
            Some(LinkStatus::Broken(why)) => diagnostics.push(broken(url, why, locations)),
            Some(LinkStatus::Unverified(why) | LinkStatus::Skipped(why)) => {
                unverified.push(format!("`{}` {why}", shortened(url)))
            }
            Some(LinkStatus::Working) | None => {}
        }
    }
    if later > 0 {
        unverified.push(format!("{later} more are left for the next run; one run requests at most {MAX_ADDRESSES}"));
    }
    diagnostics.extend(summary(unverified));
    diagnostics
}

fn broken(url: &Url, why: &str, locations: &[LinkLocation]) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(Rule::BrokenExternalLink, format!("`{}` {why}", shortened(url)));
    for (index, location) in locations.iter().take(MAX_SHOWN).enumerate() {
        let label = if index == 0 { "a broken link" } else { "also here" };
        diagnostic = diagnostic.at(location.source, location.span, label);
    }
    if locations.len() > MAX_SHOWN {
        diagnostic = diagnostic.help(format!("and {} more places", locations.len() - MAX_SHOWN));
    }
    diagnostic.help("link to its new address, or remove the link")
}

fn summary(unverified: Vec<String>) -> Option<Diagnostic> {
    let message = match unverified.len() {
        0 => return None,
        1 => "an external address could not be verified".to_owned(),
        count => format!("{count} external addresses could not be verified"),
    };
    let more = unverified.len().saturating_sub(MAX_SHOWN);
    let mut diagnostic = Diagnostic::warning(Rule::UnverifiedExternalLink, message);
    for line in unverified.into_iter().take(MAX_SHOWN) {
        diagnostic = diagnostic.help(line);
    }
    if more > 0 {
        diagnostic = diagnostic.help(format!("and {more} more"));
    }
    let help =
        "open them in a browser, and list those that work in site.yaml: `check: { external: { allow: [host] } }`";
    Some(diagnostic.help(help))
}

/// The beginning of a long address, for people.
fn shortened(url: &Url) -> String {
    match url.as_str().char_indices().nth(100) {
        Some((at, _)) => format!("{}…", &url.as_str()[..at]),
        None => url.as_str().to_owned(),
    }
}
