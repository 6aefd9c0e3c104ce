//! Links as people read them in a terminal: a heading for each campaign, then two lines for each channel.

use std::fmt::Write;

use super::{CampaignLinks, Link};
use crate::model::date;
use crate::resolve::State;

/// The table. A link stands on a line of its own, since it is longer than most terminals are wide, and one click on
/// the line takes all of it and nothing else.
pub fn table(campaigns: &[CampaignLinks]) -> String {
    let links = || campaigns.iter().flat_map(|campaign| &campaign.links);
    let label = links().map(|link| link.label.chars().count()).max().unwrap_or(0);
    let group = links().map(|link| link.ga4_group.name().len()).max().unwrap_or(0);
    let drawn: Vec<String> = campaigns.iter().map(|campaign| of_campaign(campaign, label, group)).collect();
    drawn.join("\n\n")
}

fn of_campaign(campaign: &CampaignLinks, label: usize, group: usize) -> String {
    let CampaignLinks { page, id, links } = campaign;
    // Writing to a string cannot fail.
    let mut out = format!("{}\n{id}, {}\n", page.page.front.title.value, when(campaign));
    for link in links {
        let Link { label: name, ga4_group, short_link, link, .. } = link;
        let _ = write!(out, "\n  {name:label$}   GA4: {:group$}   {short_link}\n  {link}\n", ga4_group.name());
    }
    if links.is_empty() {
        out.push_str("\n  on no channel; write `channels: [...]` on its page to get links\n");
    }
    out
}

/// `live until 31 March 2027`
fn when(campaign: &CampaignLinks) -> String {
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
