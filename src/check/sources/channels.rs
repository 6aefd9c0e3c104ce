//! Channels that split reports, because their names are spelt differently, or that no campaign uses.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::context::CheckContext;
use crate::diagnostics::{Diagnostic, list};
use crate::model::channel::Channel;
use crate::model::slug::Slug;
use crate::resolve::Site;
use crate::rules::Rule;
use crate::source::Located;

/// Reports sources and media of several channels that differ only in case or punctuation.
pub fn inconsistent_spellings(context: &CheckContext) -> Vec<Diagnostic> {
    let channels = &context.site.config.channels;
    let sources = channels.values().map(|channel| &channel.source);
    let media = channels.values().map(|channel| &channel.medium);
    spellings(context.site, "sources", sources.collect())
        .chain(spellings(context.site, "media", media.collect()))
        .collect()
}

/// Reports channels that no campaign runs on, no page counts as, and no visit can be recognized as.
pub fn unused_channels(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    if site.is_partly_read || site.campaigns.is_empty() || context.is_reported(Rule::UnknownChannel) {
        return Vec::new();
    }
    let fronts = || site.pages.iter().map(|page| &page.page.front);
    let named = fronts().flat_map(|front| front.channels.iter().chain(&front.rare().counts_as));
    let used: BTreeSet<&Slug> = named.map(|channel| &channel.value).collect();
    let is_recognized = |channel: &Channel| {
        !(channel.sources.is_empty() && channel.referrers.is_empty() && channel.click_ids.is_empty())
    };
    let is_unused = |channel: &&Channel| !used.contains(&channel.id) && !is_recognized(channel);
    let unused: Vec<&Channel> = site.config.channels.values().filter(is_unused).collect();
    let message = match &unused[..] {
        [] => return Vec::new(),
        [one] => format!("no campaign runs on the channel `{}`", one.id),
        several => {
            format!("no campaign runs on the channels {}", list(several.iter().map(|channel| channel.id.as_str())))
        }
    };
    let diagnostic = unused.iter().fold(Diagnostic::warning(Rule::UnusedChannel, message), |diagnostic, channel| {
        diagnostic.at(&site.config.source, channel.span, "no page names it")
    });
    vec![
        diagnostic
            .help("add it to the `channels` of a campaign, so that `tagline links` makes a link for it")
            .help("or delete it, if none of its links is published"),
    ]
}

/// Reports the texts that are equal except for case and punctuation.
fn spellings<'s>(
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
        let message = format!("analytics counts {names} as {} different {what}", spellings.len());
        let diagnostic = Diagnostic::warning(Rule::InconsistentSpelling, message);
        let diagnostic =
            spellings.iter().fold(diagnostic, |diagnostic, text| diagnostic.at(&site.config.source, text.span, ""));
        diagnostic.help("use one spelling everywhere; most tools write lower case")
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
