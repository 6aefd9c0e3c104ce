//! Whether other places answer: the addresses that pages, calls to action and the menu lead out to. Asked only where
//! `tagline check --external` wants it, each address once, and none that answered within the last day.

mod ask;
mod cache;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

use super::pages::shown;
use crate::diagnostics::Diagnostic;
use crate::model::address::{OutwardUrl, is_reserved_for_examples};
use crate::model::cta::{Booking, BookingBy, Cta, CtaOffer};
use crate::model::site::NavigationTarget;
use crate::model::tag;
use crate::render::Progress;
use crate::resolve::{Site, Target};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::sync;
use ask::{Client, HostState};
use cache::Cache;

/// Hosts that are asked at the same time.
const AT_ONCE: usize = 8;
/// Addresses that one run asks; the answers of a day are kept, so the next run asks the others.
const MOST: usize = 1000;

/// How addresses are asked.
pub struct Asking<'p> {
    /// For one request, from the look-up of the name to the head of the answer.
    pub timeout: Duration,
    /// Between two requests to one host.
    pub pause: Duration,
    pub progress: Progress<'p>,
}

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Good,
    /// Visitors would not get there either; why, as a predicate: `answers 404`.
    Dead(String),
    /// Visitors may get there all the same; why.
    Unclear(String),
}

/// Where an address stands.
struct Place<'c> {
    source: &'c Arc<SourceText>,
    span: Span,
}

/// Addresses without their fragments, each with its places.
type Addresses<'c> = BTreeMap<Url, Vec<Place<'c>>>;

/// Asks every address that leads out of the site. `root` is the site's folder, which keeps the answers.
pub fn ask(site: &Site, root: &Path, asking: &Asking) -> anyhow::Result<Vec<Diagnostic>> {
    let addresses = addresses(site);
    let mut cache = Cache::read(root);
    let mut answers: BTreeMap<&Url, Answer> =
        addresses.keys().filter_map(|url| Some((url, cache.answer(url)?))).collect();
    let unknown: Vec<&Url> = addresses.keys().filter(|url| !answers.contains_key(url)).collect();
    let (now, later) = unknown.split_at(unknown.len().min(MOST));
    if !now.is_empty() {
        let named = addresses.keys().map(ask::host_and_port).collect();
        answers.extend(answers_of(now, named, asking)?);
    }
    for (url, answer) in &answers {
        cache.keep(url, answer);
    }
    cache.write(root);
    Ok(told(&addresses, &answers, later.len()))
}

fn addresses(site: &Site) -> Addresses<'_> {
    let config = &site.config;
    let mut addresses = Addresses::new();
    let mut add = |url: &Url, source, span| {
        let mut url = url.clone();
        url.set_fragment(None);
        // The site's own host has the site as it was last published, and names for examples have nothing.
        let leads_out = !config.base_url.same_host(&url) && !is_reserved_for_examples(&url);
        if leads_out && !config.trusted.iter().any(|trusted| trusted.covers(&url)) {
            addresses.entry(url).or_default().push(Place { source, span });
        }
    };
    for item in &config.navigation {
        if let NavigationTarget::Url(url) = &item.to {
            add(url.value.url(), &config.source, url.span);
        }
    }
    for page in shown(site) {
        let source = &page.page.source;
        for (target, link) in page.links.iter().zip(&page.page.body.links) {
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
        }
    }
    addresses
}

/// The address that a call to action leads to, with the code of visitors from no known place. It is asked as its author
/// wrote it: without a lead tag, which would count as a visit there.
fn address_of(cta: &Cta) -> Option<(OutwardUrl, Span)> {
    match &cta.offer {
        CtaOffer::Coupon(coupon) => Some((cta.url(&tag::direct())?, coupon.url.span)),
        CtaOffer::Booking(Booking { by: BookingBy::Scheduler(url), .. }) => Some((url.value.clone(), url.span)),
        CtaOffer::Booking(_) | CtaOffer::Download(_) | CtaOffer::Contact(_) => None,
    }
}

/// Asks several hosts at the same time, and the addresses of each one after the other.
fn answers_of<'u>(
    urls: &[&'u Url],
    named: HashSet<String>,
    asking: &Asking,
) -> anyhow::Result<BTreeMap<&'u Url, Answer>> {
    let certificates = ask::certificates();
    anyhow::ensure!(
        !certificates.is_empty() || urls.iter().all(|url| url.scheme() == "http"),
        "this machine has no certificates to know other hosts by; on Debian they are in the package `ca-certificates`"
    );
    let client = Client::new(asking, &certificates, named);
    let mut by_host: BTreeMap<String, Vec<&Url>> = BTreeMap::new();
    for url in urls {
        by_host.entry(ask::host_and_port(url)).or_default().push(url);
    }
    let hosts = Mutex::new(by_host.into_values().collect::<VecDeque<_>>());
    let answers = Mutex::new(BTreeMap::new());
    let done = AtomicUsize::new(0);
    let tell = |url: &'u Url, answer: Answer| {
        sync::lock(&answers).insert(url, answer);
        (asking.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, urls.len());
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    // The lock is given back before the host is asked.
                    let next = sync::lock(&hosts).pop_front();
                    let Some(urls) = next else { break };
                    ask_host(&client, &urls, &tell);
                }
            });
        }
    });
    Ok(sync::into_inner(answers))
}

/// Asks the addresses of one host, until it is plain that there is no use in asking more.
fn ask_host<'u>(client: &Client, urls: &[&'u Url], tell: &impl Fn(&'u Url, Answer)) {
    for (index, url) in urls.iter().enumerate() {
        let (answer, state) = client.ask(url);
        let of_others = match state {
            HostState::Up => None,
            HostState::Gone => Some(answer.clone()),
            HostState::Silent => Some(Answer::Unclear("was not asked, since its host did not answer".to_owned())),
        };
        tell(url, answer);
        if let Some(answer) = of_others {
            urls[index + 1..].iter().for_each(|url| tell(url, answer.clone()));
            return;
        }
    }
}

/// The most places and addresses that one problem shows.
const MAX_SHOWN: usize = 10;

/// Each dead address at its places, and what stayed unclear in one problem for all.
fn told(addresses: &Addresses, answers: &BTreeMap<&Url, Answer>, later: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut unclear = Vec::new();
    for (url, places) in addresses {
        match answers.get(url) {
            Some(Answer::Dead(why)) => found.push(dead(url, why, places)),
            Some(Answer::Unclear(why)) => unclear.push(format!("`{}` {why}", shortened(url))),
            Some(Answer::Good) | None => {}
        }
    }
    if later > 0 {
        unclear.push(format!("{later} more were left for the next run, since one asks {MOST} at most"));
    }
    found.extend(summary(unclear));
    found
}

fn dead(url: &Url, why: &str, places: &[Place]) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(Rule::BrokenExternalLink, format!("`{}` {why}", shortened(url)));
    for (index, place) in places.iter().take(MAX_SHOWN).enumerate() {
        let label = if index == 0 { "visitors get nowhere by this" } else { "nor by this" };
        diagnostic = diagnostic.at(place.source, place.span, label);
    }
    if places.len() > MAX_SHOWN {
        diagnostic = diagnostic.help(format!("and {} places more", places.len() - MAX_SHOWN));
    }
    diagnostic.help("link to where it is now, or take the link out")
}

fn summary(unclear: Vec<String>) -> Option<Diagnostic> {
    let message = match unclear.len() {
        0 => return None,
        1 => "an address could not be looked at".to_owned(),
        count => format!("{count} addresses could not be looked at"),
    };
    let more = unclear.len().saturating_sub(MAX_SHOWN);
    let mut diagnostic = Diagnostic::warning(Rule::UnverifiedExternalLink, message);
    for line in unclear.into_iter().take(MAX_SHOWN) {
        diagnostic = diagnostic.help(line);
    }
    if more > 0 {
        diagnostic = diagnostic.help(format!("and {more} more"));
    }
    let cure =
        "look at them in a browser, and list what is right in site.yaml: `check: { external: { allow: [host] } }`";
    Some(diagnostic.help(cure))
}

/// An address for people.
fn shortened(url: &Url) -> String {
    match url.as_str().char_indices().nth(100) {
        Some((at, _)) => format!("{}…", &url.as_str()[..at]),
        None => url.as_str().to_owned(),
    }
}
