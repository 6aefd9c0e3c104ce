//! `tagline plan`: how many leads a goal takes, from what past leads became.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::error::InputError;
use super::run::Report;
use super::statistics::wilson;
use super::tables::{Dimension, Table};

/// With fewer wins of a group, its value is not known.
const MIN_WINS: u64 = 3;

/// What is planned.
#[derive(Clone, Debug)]
pub struct Goal {
    /// In hundredths.
    pub amount: i128,
    pub until: Date,
    /// The currency of the goal. Needed if past wins have several.
    pub currency: Option<String>,
}

/// How the goal can be reached.
#[derive(Clone, Debug)]
pub struct Plan {
    pub goal: Goal,
    pub currency: String,
    /// The days until the end, the first one included.
    pub days: u64,
    pub channels: Vec<Line>,
    pub campaigns: Vec<Line>,
    /// Channels in the order in which they are used, cheapest first, each up to what it can bring.
    pub mix: Vec<Share>,
    /// What no channel has ever brought, in hundredths.
    pub missing: i128,
    /// What the data do not say.
    pub unknown: Vec<String>,
}

/// What a channel or a campaign would need to reach the goal alone.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub leads: u64,
    pub won: u64,
    /// The value of a won lead, in hundredths. `None` with too few wins.
    pub value_per_win: Option<f64>,
    /// The leads that the goal takes: expected, and from the best to the worst case of the interval.
    pub needed: Option<Needed>,
    /// In hundredths.
    pub cost_per_lead: Option<f64>,
    /// The most leads that it brought in as many days.
    pub capacity: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    pub expected: u64,
    pub low: u64,
    pub high: u64,
}

/// A channel's share of the goal.
#[derive(Clone, Debug)]
pub struct Share {
    pub name: String,
    pub leads: u64,
    /// The value that these leads bring: expected, lowest and highest of the interval, in hundredths.
    pub value: (f64, f64, f64),
    /// In hundredths.
    pub cost: Option<f64>,
}

/// Plans a goal from a report by channel and week.
///
/// # Errors
///
/// If there are no wins to plan from, the end is over, or several currencies leave open which one is meant.
pub fn plan(report: &Report, goal: Goal) -> Result<Plan, InputError> {
    let error = |message: &str| InputError::new("", message);
    let Some(days) = days_until(report.made_on, goal.until) else {
        let help = "write a day in the future, as in `--until 2027-06-30`";
        return Err(error("the day of `--until` is over").help(help));
    };
    let (number, currency) = currency(report, &goal)?;
    if report.total.won == 0 {
        return Err(error("no lead was won yet, so there is nothing to plan from")
            .help("add an export with won leads or deals"));
    }
    let value_of = |stats: &super::count::Stats| stats.value.get(&number).copied().unwrap_or(0);
    if value_of(&report.total) <= 0 {
        let message =
            format!("no won lead has a value in {}", if currency.is_empty() { "any currency" } else { &currency });
        return Err(error(&message).help("add the column with the amounts to the export"));
    }
    let capacities = capacities(&report.main, days);
    let lines = |table: &Table, capacity: &dyn Fn(&str) -> Option<u64>| -> Vec<Line> {
        let line = |row: &super::tables::TableRow| {
            let stats = &row.stats;
            let value_per_win =
                (stats.won >= MIN_WINS && value_of(stats) > 0).then(|| value_of(stats) as f64 / stats.won as f64);
            Line {
                name: row.key[0].clone(),
                leads: stats.leads,
                won: stats.won,
                value_per_win,
                needed: value_per_win.and_then(|value| needed(goal.amount, value, stats.won, stats.leads)),
                cost_per_lead: row.cost.filter(|_| stats.leads > 0).map(|cost| cost as f64 / stats.leads as f64),
                capacity: capacity(&row.key[0]),
            }
        };
        table.rows.iter().map(line).collect()
    };
    let channels = lines(&report.by_channel, &|name| capacities.get(name).copied());
    let campaigns = lines(&report.by_campaign, &|_| None);
    let (mix, missing) = mix(goal.amount, &channels);
    let unknown = unknown(report, &channels);
    Ok(Plan { goal, currency, days, channels, campaigns, mix, missing, unknown })
}

/// Returns the days until a day, both included. `None` if it is over.
fn days_until(today: Date, until: Date) -> Option<u64> {
    let days = today.until(until).ok()?.get_days();
    u64::try_from(days).ok().map(|days| days + 1)
}

/// Returns the number and the code of the currency of the goal.
fn currency(report: &Report, goal: &Goal) -> Result<(u8, String), InputError> {
    let codes: Vec<(u8, &String)> = report.currencies.iter().map(|(number, code)| (*number, code)).collect();
    let names = || crate::diagnostics::list(codes.iter().map(|(_, code)| code.as_str()));
    match (&goal.currency, &codes[..]) {
        (Some(wanted), _) => {
            codes.iter().find(|(_, code)| *code == wanted).map(|(number, code)| (*number, (*code).clone())).ok_or_else(
                || {
                    let known = if codes.is_empty() {
                        "no won lead has a value".to_owned()
                    } else {
                        format!("won leads have values in {}", names())
                    };
                    InputError::new("", format!("no won lead has a value in {wanted}")).help(known)
                },
            )
        }
        (None, [(number, code)]) => Ok((*number, (*code).clone())),
        (None, []) => Ok((0, String::new())),
        (None, _) => {
            let message = format!("won leads have values in {}", names());
            Err(InputError::new("", message).help("say which one the goal is in, as in `--currency KES`"))
        }
    }
}

/// Returns the leads that bring an amount.
fn needed(amount: i128, value_per_win: f64, won: u64, leads: u64) -> Option<Needed> {
    let (low, high) = wilson(won, leads)?;
    let leads_at = |conversion: f64| (amount as f64 / (value_per_win * conversion)).ceil() as u64;
    Some(Needed { expected: leads_at(won as f64 / leads as f64), low: leads_at(high), high: leads_at(low) })
}

/// Returns the most leads that each channel brought in as many days, by weeks. A channel with a shorter history brings as many a
/// week as it did.
fn capacities(by_channel_and_week: &Table, days: u64) -> BTreeMap<String, u64> {
    let mut weeks: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let all: std::collections::BTreeSet<&String> =
        by_channel_and_week.rows.iter().filter_map(|row| row.key.get(1)).filter(|week| !week.is_empty()).collect();
    for row in &by_channel_and_week.rows {
        if let [channel, week] = &row.key[..] {
            *weeks.entry(channel.clone()).or_default().entry(week.clone()).or_default() += row.stats.leads;
        }
    }
    let length = usize::try_from(days.div_ceil(7)).unwrap_or(usize::MAX).max(1);
    let most = |of_weeks: BTreeMap<String, u64>| {
        let series: Vec<u64> = all.iter().map(|week| of_weeks.get(*week).copied().unwrap_or(0)).collect();
        match series.len() {
            0 => 0,
            weeks if weeks >= length => series.windows(length).map(|window| window.iter().sum()).max().unwrap_or(0),
            weeks => (series.iter().sum::<u64>() as f64 / weeks as f64 * length as f64).floor() as u64,
        }
    };
    weeks.into_iter().map(|(channel, of_weeks)| (channel, most(of_weeks))).collect()
}

/// Fills the goal with the leads of channels: those with known costs first, the cheapest value first.
fn mix(goal: i128, channels: &[Line]) -> (Vec<Share>, i128) {
    let mut usable: Vec<(&Line, f64, u64)> = channels
        .iter()
        .filter_map(|line| {
            let per_lead = line.value_per_win? * line.won as f64 / line.leads as f64;
            Some((line, per_lead, line.capacity.filter(|capacity| *capacity > 0)?))
        })
        .collect();
    let price = |line: &Line, per_lead: f64| line.cost_per_lead.map(|cost| cost / per_lead);
    usable.sort_by(|(a, value_a, _), (b, value_b, _)| match (price(a, *value_a), price(b, *value_b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => value_b.total_cmp(value_a),
    });
    let mut missing = goal as f64;
    let mut shares = Vec::new();
    for (line, per_lead, capacity) in usable {
        if missing <= 0.0 {
            break;
        }
        let leads = ((missing / per_lead).ceil() as u64).min(capacity);
        let conversion = line.won as f64 / line.leads as f64;
        let (low, high) = wilson(line.won, line.leads).unwrap_or((conversion, conversion));
        let value = |conversion: f64| leads as f64 * line.value_per_win.unwrap_or(0.0) * conversion;
        missing -= value(conversion);
        let cost = line.cost_per_lead.map(|cost| cost * leads as f64);
        shares.push(Share {
            name: line.name.clone(),
            leads,
            value: (value(conversion), value(low), value(high)),
            cost,
        });
    }
    (shares, missing.max(0.0).round() as i128)
}

fn unknown(report: &Report, channels: &[Line]) -> Vec<String> {
    let mut unknown = Vec::new();
    let names = |is: &dyn Fn(&Line) -> bool| {
        channels.iter().filter(|line| is(line)).map(|line| line.name.clone()).collect::<Vec<_>>()
    };
    let few = names(&|line| line.value_per_win.is_none());
    if !few.is_empty() {
        unknown.push(format!("too few wins with a value to plan with: {}", few.join(", ")));
    }
    let without_costs = names(&|line| line.value_per_win.is_some() && line.cost_per_lead.is_none());
    if !without_costs.is_empty() {
        unknown.push(format!("no costs: {}; give them with `--costs`", without_costs.join(", ")));
    }
    match report.without_day {
        0 => {}
        1 => unknown.push("1 lead has no day of creation, so no channel's pace has it".to_owned()),
        leads => unknown.push(format!("{leads} leads have no day of creation, so no channel's pace has them")),
    }
    match report.total.open() {
        0 => {}
        1 => unknown.push("1 lead is still open; if it is won, fewer new ones are needed".to_owned()),
        open => {
            unknown.push(format!("{open} leads are still open; the more of them are won, the fewer new ones it takes"));
        }
    }
    if report.total.median_days().is_none() {
        unknown.push("how many days a win takes: the exports have no day of closing".to_owned());
    } else if let Some(days) = report.total.median_days() {
        let days = crate::diagnostics::count(usize::from(days), "day");
        unknown
            .push(format!("half of the wins took more than {days}: leads of the last weeks may be won after the end"));
    }
    unknown
}

/// The dimensions of the report that a plan is made from.
pub const DIMENSIONS: [Dimension; 2] = [Dimension::Channel, Dimension::Week];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needed_leads_follow_from_conversion_and_value() {
        let needed = needed(50_000_000, 1_000_000.0, 10, 100).unwrap();
        assert_eq!(needed.expected, 500);
        assert!(needed.low < 500 && needed.high > 500, "{needed:?}");
    }

    #[test]
    fn days_are_counted_with_both_ends_and_as_far_as_the_calendar_goes() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let today = day("2027-04-05");
        assert_eq!(days_until(today, today), Some(1));
        assert_eq!(days_until(today, day("2027-06-30")), Some(87));
        assert_eq!(days_until(today, day("9999-12-31")), Some(2_911_984));
        assert_eq!(days_until(today, day("2027-04-04")), None);
    }

    #[test]
    fn mix_takes_the_cheapest_channels_first_and_no_more_than_they_brought() {
        let line = |name: &str, cost, capacity| Line {
            name: name.to_owned(),
            leads: 100,
            won: 10,
            value_per_win: Some(1_000.0),
            needed: None,
            cost_per_lead: cost,
            capacity: Some(capacity),
        };
        let channels = [line("unknown", None, 50), line("dear", Some(9.0), 50), line("cheap", Some(1.0), 20)];
        let (shares, missing) = mix(8_000, &channels);
        let taken: Vec<(&str, u64)> = shares.iter().map(|share| (share.name.as_str(), share.leads)).collect();
        assert_eq!((taken, missing), (vec![("cheap", 20), ("dear", 50), ("unknown", 10)], 0));
        assert_eq!(mix(100_000, &channels).1, 88_000);
    }
}
