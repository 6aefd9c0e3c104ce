//! Checks the channels that pages use: the site has them, and a campaign runs on those it has settings for. Finds the
//! channels that are in use today.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::site::{Options, PlacedPage};
use crate::diagnostics::{Diagnostic, Replacement};
use crate::model::page::Page;
use crate::model::site::SiteConfig;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::rules::Rule;
use crate::source::Located;

/// Reports unknown channels.
pub fn check(pages: &[PlacedPage], config: &SiteConfig) -> Vec<Diagnostic> {
    pages.par_iter().flat_map_iter(|page| check_page(&page.page, config)).collect()
}

fn check_page(page: &Page, config: &SiteConfig) -> Vec<Diagnostic> {
    let used = page.front.channels.iter().chain(&page.front.rare().counts_as);
    let mut diagnostics: Vec<Diagnostic> = used.filter_map(|channel| unknown_channel(page, channel, config)).collect();
    if !page.broken {
        diagnostics.extend(channels_of_others(page, config));
    }
    diagnostics
}

/// Returns the channels that visitors can arrive from today: all but those that only drafts and scheduled pages name, which
/// nobody may know yet.
pub fn active(pages: &[PlacedPage], config: &SiteConfig, options: &Options) -> HashSet<Slug> {
    let (published, others): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.state.is_published(options.preview));
    let channels_of = |pages: Vec<&PlacedPage>| -> HashSet<Slug> {
        pages.into_iter().flat_map(PlacedPage::channels_of_variants).collect()
    };
    let (published, others) = (channels_of(published), channels_of(others));
    let is_active = |channel: &&Slug| published.contains(*channel) || !others.contains(*channel);
    config.channels.keys().filter(is_active).cloned().collect()
}

fn unknown_channel(page: &Page, channel: &Located<Slug>, config: &SiteConfig) -> Option<Diagnostic> {
    if config.channels.contains_key(&channel.value) || tag::is_reserved(&channel.value) {
        return None;
    }
    let diagnostic = Diagnostic::error(Rule::UnknownChannel, format!("unknown channel `{}`", channel.value))
        .at(&page.source, channel.span, "not in site.yaml")
        .suggest(channel.value.as_str(), config.channels.keys().map(Slug::as_str));
    Some(diagnostic.or_help("add it to `channels` in site.yaml"))
}

/// Reports settings for channels on which the campaign does not run.
fn channels_of_others(page: &Page, config: &SiteConfig) -> Vec<Diagnostic> {
    let front = &page.front;
    let runs_on: BTreeSet<&Slug> = front.channels.iter().map(|channel| &channel.value).collect();
    let own_pages = front.rare().per_channel.iter().map(|(id, own)| (id, own.span));
    let own_codes = front.ctas.values().flat_map(|cta| cta.offering().own_channels());
    let others = own_pages.chain(own_codes).filter(|(id, _)| !runs_on.contains(id));
    let diagnostics = others.map(|(id, span)| {
        let diagnostic = Diagnostic::error(Rule::UnknownChannel, format!("this campaign does not run on `{id}`"))
            .at(&page.source, span, "not in its `channels`")
            .suggest(id.as_str(), runs_on.iter().map(|id| id.as_str()));
        // The misspelt one may be that in its `channels`.
        let is_misspelt = |name: &str| !config.channels.keys().any(|channel| channel.as_str() == name);
        let is_certain = |fix: &Replacement| is_misspelt(&fix.written) && !is_misspelt(&fix.text);
        let diagnostic = match &diagnostic.replacement {
            Some(replacement) if !is_certain(replacement) => diagnostic.without_replacement(),
            _ => diagnostic,
        };
        diagnostic.or_help(format!("add `{id}` to `channels` above"))
    });
    diagnostics.collect()
}
