//! Versions of campaigns that are tested against each other.

use std::collections::BTreeMap;

use super::count::{Stats, Sums};
use super::statistics::{needed_per_version, probability_better};
use super::tags::{SourceDays, TagIndex};
use crate::model::variant::Version;

/// With fewer leads of a version, nothing is said about which one is better.
const MIN_LEADS: u64 = 30;
/// The probability from which a version counts as better.
const DECIDED: f64 = 0.95;

/// The comparison of one version with version `a`, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionTest {
    pub campaign: String,
    /// Empty for the main language.
    pub language: String,
    pub version: String,
    /// Leads and won leads of version `a` on the days on which both could be seen.
    pub a: (u64, u64),
    /// Leads and won leads of the version.
    pub b: (u64, u64),
    /// Leads of the page from other days, which are not compared.
    pub left_out: u64,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Too few leads or wins. How many leads each version still needs, if the data say it.
    TooFewData {
        missing: Option<u64>,
    },
    /// The probability that the version is better than `a`.
    Undecided {
        probability: f64,
        missing: Option<u64>,
    },
    Better {
        probability: f64,
    },
    Worse {
        probability: f64,
    },
}

type LeadsAndWon = (u64, u64);

/// The leads of a campaign in one language.
#[derive(Default)]
struct Group {
    /// Leads of the page, with the versions that they can be compared with: all of them without a timeline.
    of_page: Vec<(Option<Vec<Version>>, LeadsAndWon)>,
    versions: BTreeMap<Version, LeadsAndWon>,
}

/// Compares the versions of each campaign. A lead of the page is compared with the versions that were tested on its day, and
/// only if it saw version `a`.
pub fn compare(sums: &Sums, tags: &TagIndex, days: &[SourceDays]) -> Vec<VersionTest> {
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for (number, stats) in (0_u32..).zip(&sums.by_source).filter(|(_, stats)| stats.leads > 0) {
        let source = tags.source(number);
        let language = source.variant.as_ref().and_then(|variant| variant.language()).unwrap_or_default().to_owned();
        let version = source.variant.as_ref().map_or(Version::A, |variant| variant.version());
        let group = groups.entry((source.campaign.to_string(), language)).or_default();
        match days.get(number as usize).and_then(|days| days.timeline.as_ref()) {
            _ if version != Version::A => add(group.versions.entry(version).or_default(), stats),
            None => group.of_page.push((None, (stats.leads, stats.won))),
            Some(timeline) => {
                let parts = sums.by_part.iter().filter(|((source, _), _)| *source == number);
                let of_part = |((_, part), stats): (&(u32, u16), &Stats)| {
                    let part = timeline.part(*part);
                    let tested = if part.shown == Version::A { part.tested.clone() } else { Vec::new() };
                    (Some(tested), (stats.leads, stats.won))
                };
                group.of_page.extend(parts.map(of_part));
            }
        }
    }
    groups.into_iter().flat_map(|(key, group)| group.tests(key)).collect()
}

fn add((leads, won): &mut (u64, u64), stats: &Stats) {
    (*leads, *won) = (*leads + stats.leads, *won + stats.won);
}

impl Group {
    fn tests(self, (campaign, language): (String, String)) -> Vec<VersionTest> {
        let all: u64 = self.of_page.iter().map(|(_, (leads, _))| leads).sum();
        let test = |(version, b): (Version, (u64, u64))| {
            let is_compared = |tested: &Option<Vec<Version>>| tested.as_ref().is_none_or(|all| all.contains(&version));
            let compared = self.of_page.iter().filter(|(tested, _)| is_compared(tested));
            let a = compared.fold((0, 0), |(leads, won), (_, more)| (leads + more.0, won + more.1));
            let (campaign, language, version) = (campaign.clone(), language.clone(), version.to_string());
            VersionTest { campaign, language, version, a, b, left_out: all - a.0, verdict: verdict(a, b) }
        };
        self.versions.clone().into_iter().map(test).collect()
    }
}

/// Leads and wins of both versions.
fn verdict(a: (u64, u64), b: (u64, u64)) -> Verdict {
    let needed = needed_per_version((a.1, a.0), (b.1, b.0));
    let missing = needed.map(|needed| needed.saturating_sub(a.0.min(b.0)));
    if a.0.min(b.0) < MIN_LEADS || a.1 + b.1 == 0 {
        let missing = missing.map(|missing| missing.max(MIN_LEADS.saturating_sub(a.0.min(b.0))));
        return Verdict::TooFewData { missing };
    }
    let probability = probability_better((a.1, a.0), (b.1, b.0));
    match probability {
        DECIDED.. => Verdict::Better { probability },
        _ if probability <= 1.0 - DECIDED => Verdict::Worse { probability },
        _ => Verdict::Undecided { probability, missing },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_few_leads() {
        assert!(matches!(verdict((29, 1), (100, 30)), Verdict::TooFewData { .. }));
        assert!(matches!(verdict((100, 0), (100, 0)), Verdict::TooFewData { missing: None }));
        assert!(matches!(verdict((1000, 50), (1000, 100)), Verdict::Better { .. }));
        assert!(matches!(verdict((1000, 100), (1000, 50)), Verdict::Worse { .. }));
        let Verdict::Undecided { missing, .. } = verdict((200, 10), (200, 14)) else { panic!("it is decided") };
        assert!(missing.is_some_and(|missing| missing > 500), "{missing:?}");
    }
}
