//! Sentences about what the numbers say, only where they say it.

use std::collections::BTreeMap;

use super::count::{Stats, Sums};
use super::interner::Interner;
use super::statistics::{p_value, wilson};
use super::tables::{Dimension, Table};
use super::tags::TagIndex;
use super::values::day::DayNumber;

/// The most sentences of one kind.
const MAX_OF_A_KIND: usize = 3;
/// With fewer leads, nothing is said.
const MIN_LEADS: u64 = 20;
/// The weeks that lost reasons are compared over.
const RECENT: DayNumber = 28;

/// A sentence about the numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insight {
    pub text: String,
    /// The group whose numbers it says.
    pub about: Option<(Dimension, String)>,
}

/// What insights are made of.
pub struct Facts<'a> {
    pub sums: &'a Sums,
    pub tags: &'a TagIndex,
    pub reasons: &'a Interner,
    pub total: &'a Stats,
    pub by_campaign: &'a Table,
    pub by_channel: &'a Table,
    pub by_cta: &'a Table,
}

/// Returns the sentences.
pub fn insights(facts: &Facts) -> Vec<Insight> {
    let about = |by: Dimension| move |(key, text): (String, String)| Insight { text, about: Some((by, key)) };
    let mut insights = Vec::new();
    insights.extend(no_wins(facts).into_iter().take(MAX_OF_A_KIND).map(about(Dimension::Campaign)));
    insights.extend(winning_offers(facts).into_iter().take(MAX_OF_A_KIND).map(about(Dimension::Cta)));
    insights.extend(slow_channels(facts).into_iter().take(MAX_OF_A_KIND).map(about(Dimension::Channel)));
    let reasons = rising_reasons(facts).into_iter().take(MAX_OF_A_KIND);
    insights.extend(reasons.map(|text| Insight { text, about: None }));
    insights
}

/// Campaigns without wins, although others would have won some of as many leads.
fn no_wins(facts: &Facts) -> Vec<(String, String)> {
    let sentence = |row: &super::tables::TableRow| {
        let others = facts.total.leads - row.stats.leads;
        let is_worse = row.stats.leads >= MIN_LEADS && row.stats.won == 0 && facts.total.won > 0;
        let is_clear = is_worse && p_value((0, row.stats.leads), (facts.total.won, others)) < 0.05;
        is_clear.then(|| {
            let text = format!(
                "`{}` brought {} leads and no win; the others won {} of {} leads ({}).",
                row.key[0],
                row.stats.leads,
                facts.total.won,
                others,
                percent(facts.total.won, others)
            );
            (row.key[0].clone(), text)
        })
    };
    facts.by_campaign.rows.iter().filter_map(sentence).collect()
}

/// Offers whose interval is above the conversion of all others.
fn winning_offers(facts: &Facts) -> Vec<(String, String)> {
    let sentence = |row: &super::tables::TableRow| {
        let stats = &row.stats;
        let (won, leads) = (facts.total.won - stats.won, facts.total.leads - stats.leads);
        let (low, _) = wilson(stats.won, stats.leads)?;
        let is_clear = stats.won > 0
            && stats.leads >= MIN_LEADS
            && leads >= MIN_LEADS
            && low > won as f64 / leads as f64
            && !row.key[0].is_empty();
        is_clear.then(|| {
            let text = format!(
                "`{}` wins more often than the other offers: {} of {} leads ({}), against {} of {} ({}).",
                row.key[0],
                stats.won,
                stats.leads,
                percent(stats.won, stats.leads),
                won,
                leads,
                percent(won, leads)
            );
            (row.key[0].clone(), text)
        })
    };
    facts.by_cta.rows.iter().filter_map(sentence).collect()
}

/// Channels whose leads stay open longer than those of the others.
fn slow_channels(facts: &Facts) -> Vec<(String, String)> {
    let mut old: BTreeMap<String, u64> = BTreeMap::new();
    for (source, leads) in &facts.sums.old_open {
        *old.entry(facts.tags.source(*source).channel.to_string()).or_default() += leads;
    }
    let all_old: u64 = old.values().sum();
    let sentence = |row: &super::tables::TableRow| {
        let own = old.get(&row.key[0]).copied().unwrap_or(0);
        let others = (all_old - own, facts.total.leads - row.stats.leads);
        let is_more = own * others.1 > others.0 * row.stats.leads;
        let is_clear = row.stats.leads >= MIN_LEADS && is_more && p_value((own, row.stats.leads), others) < 0.05;
        is_clear.then(|| {
            let text = format!(
                "Leads of the channel `{}` wait for an answer: {} of {} have been open for more than 60 days ({}), and {} of {} of the others ({}).",
                row.key[0],
                own,
                row.stats.leads,
                percent(own, row.stats.leads),
                others.0,
                others.1,
                percent(others.0, others.1)
            );
            (row.key[0].clone(), text)
        })
    };
    facts.by_channel.rows.iter().filter_map(sentence).collect()
}

/// Reasons with a larger share of the leads that were lost among those of the last four weeks than before.
fn rising_reasons(facts: &Facts) -> Vec<String> {
    let start = facts.sums.last_day.saturating_sub(RECENT - 1);
    let mut shares: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    let mut all = (0, 0);
    for ((week, reason), leads) in facts.sums.reasons_by_week.iter().filter(|((week, _), _)| *week != 0) {
        let (recent, before) = shares.entry(*reason).or_default();
        let (counter, sum) = if *week >= start { (recent, &mut all.0) } else { (before, &mut all.1) };
        *counter += leads;
        *sum += leads;
    }
    let sentence = |(reason, (recent, before)): (&u16, &(u64, u64))| {
        let text = facts.reasons.text(*reason);
        let is_more = recent * all.1 > before * all.0;
        let is_clear = *recent >= 5 && all.0 >= MIN_LEADS && all.1 >= MIN_LEADS && is_more && !text.is_empty();
        (is_clear && p_value((*recent, all.0), (*before, all.1)) < 0.05).then(|| {
            format!(
                "“{text}” is given more often: for {recent} of {} lost leads of the last four weeks ({}), and for {before} of {} before ({}).",
                all.0,
                percent(*recent, all.0),
                all.1,
                percent(*before, all.1)
            )
        })
    };
    shares.iter().filter_map(sentence).collect()
}

fn percent(part: u64, all: u64) -> String {
    if all == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 * 100.0 / all as f64) }
}
