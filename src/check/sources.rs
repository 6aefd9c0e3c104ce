//! Where leads come from: what would put one visit under two names, or a lead under none.

use std::collections::{BTreeMap, BTreeSet};

use super::Checked;
use crate::diagnostics::{Diagnostic, list};
use crate::model::address::BaseUrl;
use crate::model::channel::Channel;
use crate::model::cta::Cta;
use crate::model::provider::UTM;
use crate::model::site::NavigationTarget;
use crate::model::slug::Slug;
use crate::register::Changes;
use crate::resolve::{Site, SitePage, Target};
use crate::rules::Rule;
use crate::source::Located;

/// Sources, or media, of several channels that differ in case or punctuation alone.
pub fn spellings(checked: &Checked) -> Vec<Diagnostic> {
    let channels = &checked.site.config.channels;
    let sources = channels.values().map(|channel| &channel.source);
    let media = channels.values().map(|channel| &channel.medium);
    differently_spelt(checked.site, "source", sources.collect())
        .chain(differently_spelt(checked.site, "medium", media.collect()))
        .collect()
}

fn differently_spelt<'s>(
    site: &'s Site,
    what: &'s str,
    written: Vec<&'s Located<String>>,
) -> impl Iterator<Item = Diagnostic> + 's {
    let mut by_letters: BTreeMap<String, Vec<&Located<String>>> = BTreeMap::new();
    for text in written {
        let spellings = by_letters.entry(letters(&text.value)).or_default();
        if spellings.iter().all(|other| other.value != text.value) {
            spellings.push(text);
        }
    }
    let several = by_letters.into_iter().filter(|(letters, spellings)| !letters.is_empty() && spellings.len() > 1);
    several.map(move |(_, spellings)| {
        let names = list(spellings.iter().map(|text| text.value.as_str()));
        let message = format!("{names} are one {what} to people, and {} to analytics", spellings.len());
        let diagnostic = Diagnostic::warning(Rule::InconsistentSpelling, message);
        let diagnostic =
            spellings.iter().fold(diagnostic, |diagnostic, text| diagnostic.at(&site.config.source, text.span, ""));
        diagnostic.help("spell it in one way everywhere; lower case is what most tools write")
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `utm_*` on links within the site: in texts, in the navigation, and of calls to action.
pub fn utm_within_site(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let base_url = &site.config.base_url;
    let mut found = Vec::new();
    for page in &site.pages {
        let source = &page.page.source;
        // Where links were let go of there is nothing to tell them by.
        for (link, target) in page.page.body.links.iter().zip(&page.links) {
            found.extend(utm_of(base_url, target).map(|names| within_site(&names).at(source, link.span, NEW_VISIT)));
        }
        for (url, span) in page.page.front.ctas.values().filter_map(Cta::written_url) {
            let names = utm_names(url.url().query().filter(|_| base_url.same_host(url.url())));
            found.extend(names.map(|names| within_site(&names).at(source, span, NEW_VISIT)));
        }
    }
    for item in &site.config.navigation {
        let NavigationTarget::Url(url) = &item.to else { continue };
        let names = utm_names(url.value.url().query().filter(|_| base_url.same_host(url.value.url())));
        found.extend(names.map(|names| within_site(&names).at(&site.config.source, url.span, NEW_VISIT)));
    }
    found
}

const NEW_VISIT: &str = "analytics would begin a new visit here";

fn within_site(names: &str) -> Diagnostic {
    Diagnostic::warning(Rule::UtmOnInternalLink, format!("{names} on a link within the site"))
        .help("leave `utm_*` out: a visit keeps its source by itself, and Tagline carries the lead's")
}

/// The names of `utm_*` in a target within the site, if there are any.
fn utm_of(base_url: &BaseUrl, target: &Target) -> Option<String> {
    match target {
        Target::Page { query, .. } | Target::File { query, .. } => utm_names(query.as_deref()),
        Target::Web(url) if url.contains("utm_") => {
            let url = url::Url::parse(url).ok()?;
            utm_names(url.query().filter(|_| base_url.same_host(&url)))
        }
        Target::Web(_) | Target::Picture(_) | Target::Contact(_) => None,
        Target::Cta { .. } | Target::Ended { .. } | Target::Text => None,
    }
}

/// `` `utm_source` and `utm_medium` ``
fn utm_names(query: Option<&str>) -> Option<String> {
    let names = query?.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    let utm: Vec<&str> = names.filter(|name| name.starts_with("utm_")).collect();
    (!utm.is_empty()).then(|| list(utm))
}

/// `utm_*` of an author's own on a call to action that leads to another host, where Tagline writes its own.
pub fn own_utm(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let of_page = |page: &SitePage| -> Vec<Diagnostic> {
        let urls = page.page.front.ctas.values().filter_map(Cta::written_url);
        let outward = urls.filter(|(url, _)| !site.config.base_url.same_host(url.url()));
        let with_names = outward.filter_map(|(url, span)| {
            let names: Vec<&str> = UTM.into_iter().filter(|name| url.has_parameter(name)).collect();
            (!names.is_empty()).then(|| (list(names), span))
        });
        let told = with_names.map(|(names, span)| {
            Diagnostic::warning(Rule::OverriddenUtm, format!("this address has {names} of its own"))
                .at(&page.page.source, span, "give way to those of each channel")
                .help("leave `utm_*` out: Tagline writes channel, campaign and lead tag there")
        });
        told.collect()
    };
    site.pages.iter().flat_map(of_page).collect()
}

/// Channels that no campaign runs on, no page counts as, and nobody is known to come from.
pub fn unused_channels(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    if site.is_partly_read || site.campaigns.is_empty() || checked.is_told(Rule::UnknownChannel) {
        return Vec::new();
    }
    let fronts = || site.pages.iter().map(|page| &page.page.front);
    let named = fronts().flat_map(|front| front.channels.iter().chain(&front.counts_as));
    let used: BTreeSet<&Slug> = named.map(|channel| &channel.value).collect();
    let is_recognized = |channel: &Channel| {
        !(channel.sources.is_empty() && channel.referrers.is_empty() && channel.click_ids.is_empty())
    };
    let unused: Vec<&Channel> = site
        .config
        .channels
        .values()
        .filter(|channel| !used.contains(&channel.id) && !is_recognized(channel))
        .collect();
    let message = match &unused[..] {
        [] => return Vec::new(),
        [one] => format!("no campaign runs on the channel `{}`", one.id),
        several => {
            format!("no campaign runs on the channels {}", list(several.iter().map(|channel| channel.id.as_str())))
        }
    };
    let diagnostic = unused.iter().fold(Diagnostic::warning(Rule::UnusedChannel, message), |diagnostic, channel| {
        diagnostic.at(&site.config.source, channel.place, "no page names it")
    });
    vec![
        diagnostic
            .help("add it to the `channels` of a campaign, so that `tagline links` makes a link for it")
            .help("or take it out, if no link with it is in the market"),
    ]
}

/// What the next build will do to the tag register.
pub fn register_outdated(checked: &Checked) -> Vec<Diagnostic> {
    checked.changes.and_then(Changes::outdated_warning).into_iter().collect()
}
