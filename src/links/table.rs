//! Share links as text for a terminal: a heading for each campaign, then two lines for each channel.

use std::fmt::Write;

use jiff::civil::Date;

use super::duration::{self, Expected};
use super::share_link::{CampaignLinks, ShareLink};
use crate::model::date;
use crate::resolve::State;

/// Returns the table. Each link has its own line, because it is longer than most terminals are wide, and a triple click
/// then selects the link and nothing else.
pub fn table(campaigns: &[CampaignLinks], expected: Expected, today: Date) -> String {
    let links = || campaigns.iter().flat_map(|campaign| &campaign.links);
    let label_width = links().map(|link| link.label.chars().count()).max().unwrap_or(0);
    let group_width = links().map(|link| link.ga4_group.name().len()).max().unwrap_or(0);
    let section = |campaign| section(campaign, label_width, group_width, expected, today);
    let sections: Vec<String> = campaigns.iter().map(section).collect();
    sections.join("\n\n")
}

fn section(
    campaign: &CampaignLinks,
    label_width: usize,
    group_width: usize,
    expected: Expected,
    today: Date,
) -> String {
    let CampaignLinks { page, id, links } = campaign;
    // Writing to a string cannot fail.
    let variant = page.variant().map(|variant| format!(" ({variant})")).unwrap_or_default();
    let mut out = format!("{}\n{id}{variant}, {}\n", page.page.front.title.value, period(campaign));
    if let Some(test) = duration::of_test(campaign, expected, today) {
        let _ = writeln!(out, "{test}");
    }
    for link in links {
        let ShareLink { label, ga4_group, short_link, link, .. } = link;
        let group = ga4_group.name();
        let _ = write!(out, "\n  {label:label_width$}   GA4: {group:group_width$}   {short_link}\n  {link}\n");
    }
    if links.is_empty() {
        out.push_str("\n  no channels; add `channels: [...]` to its page to get links\n");
    }
    out
}

/// `live until 31 March 2027`
fn period(campaign: &CampaignLinks) -> String {
    let page = campaign.page;
    let in_words = |when: crate::source::Located<date::When>| date::in_words(when.value);
    let (starts, ends) = (page.page.front.starts.map(in_words), page.page.front.ends.map(in_words));
    match (page.state, starts, ends) {
        (State::Draft, ..) => "a draft".to_owned(),
        (State::Scheduled, Some(starts), _) => format!("starts on {starts}"),
        (State::Scheduled, None, _) => "not started".to_owned(),
        (State::Ended, _, Some(ends)) => format!("ended on {ends}"),
        (State::Ended, _, None) => "ended".to_owned(),
        (State::Live, _, Some(ends)) => format!("live until {ends}"),
        (State::Live, _, None) => "live".to_owned(),
    }
}
