//! Which groups have no numbers on the page: those of fewer than five leads, and as many others as it takes so that their numbers
//! do not follow from a sum. Statistical offices call this secondary suppression.

use std::collections::HashMap;

use crate::report::run::Report;
use crate::report::tables::{Dimension, Table, iso_week};
use crate::report::values::day::day_number;

/// Groups of fewer leads have no numbers.
pub const MIN_SHOWN: u64 = 5;

/// A table of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The weeks, and after them the leads without a day.
    Weeks,
    Campaigns,
    Channels,
    Ctas,
    Variants,
    /// The table that was requested, if it is none of these.
    Main,
}

/// What is hidden.
#[derive(Debug, Default)]
pub struct Hidden {
    parts: HashMap<Part, Vec<bool>>,
    /// Tables whose groups are so small that even without numbers the sum would say how many leads each has.
    unlisted: Vec<Part>,
    is_total_hidden: bool,
}

type Cell = (Part, usize);

/// Groups that are together as many leads as a sum.
#[derive(Debug)]
struct Equation {
    groups: Vec<Cell>,
    /// Leads of the sum that no group has. They are not on the page.
    rest: u64,
    sum: Sum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sum {
    /// All leads.
    Total,
    Group(Cell),
}

/// The leads of each group of each table, and the sums that the page shows.
#[derive(Default)]
struct Page {
    leads: HashMap<Part, Vec<u64>>,
    equations: Vec<Equation>,
}

impl Hidden {
    /// `max_rows` is the number of rows that a table shows.
    pub fn of(report: &Report, max_rows: usize) -> Hidden {
        let mut page = Page::default();
        let weeks = report.by_week.iter().map(|(_, stats)| stats.leads);
        page.add(Part::Weeks, weeks.chain([report.without_day]).collect());
        let mut tables = vec![
            (Part::Campaigns, &report.by_campaign),
            (Part::Channels, &report.by_channel),
            (Part::Ctas, &report.by_cta),
            (Part::Variants, &report.by_variant),
        ];
        tables.extend(
            (!tables.iter().any(|(_, table)| table.by == report.main.by)).then_some((Part::Main, &report.main)),
        );
        for (part, table) in &tables {
            page.add(*part, table.rows.iter().map(|row| row.stats.leads).collect());
        }
        page.add_ctas_of_campaigns(report);
        page.add_crossed(report);
        page.hidden(report.total.leads, max_rows)
    }

    pub fn is_total_hidden(&self) -> bool {
        self.is_total_hidden
    }

    pub fn is_shown(&self, part: Part, row: usize) -> bool {
        self.parts.get(&part).and_then(|rows| rows.get(row)).is_none_or(|is_hidden| !is_hidden)
    }

    /// Whether the groups of a table are on the page at all.
    pub fn is_listed(&self, part: Part) -> bool {
        !self.unlisted.contains(&part)
    }

    /// Whether a table has groups without numbers.
    pub fn is_any(&self, part: Part) -> bool {
        self.parts.get(&part).is_some_and(|rows| rows.contains(&true))
    }

    /// Whether the group of a table with one dimension is shown.
    pub fn is_named_shown(&self, part: Part, table: &Table, key: &str) -> bool {
        let row = table.rows.iter().position(|row| row.key.first().is_some_and(|own| own == key));
        row.is_none_or(|row| self.is_shown(part, row))
    }
}

impl Page {
    fn add(&mut self, part: Part, leads: Vec<u64>) {
        let groups = (0..leads.len()).filter(|row| leads[*row] > 0).map(|row| (part, row)).collect();
        self.leads.insert(part, leads);
        self.equations.push(Equation { groups, rest: 0, sum: Sum::Total });
    }

    /// The calls to action of a campaign, and its leads with a short code, are all its leads.
    fn add_ctas_of_campaigns(&mut self, report: &Report) {
        for (row, campaign) in report.by_campaign.rows.iter().enumerate() {
            let is_own = |key: &str| key.split_once('/').is_some_and(|(own, _)| own == campaign.key[0]);
            let own = (0..).zip(&report.by_cta.rows).filter(|(_, cta)| is_own(&cta.key[0]));
            let (groups, leads): (Vec<Cell>, Vec<u64>) =
                own.map(|(row, cta)| ((Part::Ctas, row), cta.stats.leads)).unzip();
            let rest = campaign.stats.leads.saturating_sub(leads.iter().sum());
            self.equations.push(Equation { groups, rest, sum: Sum::Group((Part::Campaigns, row)) });
        }
    }

    /// The groups of a crossed table with the same campaign, channel, call to action, variant or week are together its leads.
    fn add_crossed(&mut self, report: &Report) {
        if !self.leads.contains_key(&Part::Main) || report.main.by.len() < 2 {
            return;
        }
        for (position, by) in report.main.by.iter().enumerate() {
            let mut groups: HashMap<&str, Vec<Cell>> = HashMap::new();
            for (row, group) in report.main.rows.iter().enumerate() {
                groups.entry(&group.key[position]).or_default().push((Part::Main, row));
            }
            for (key, groups) in groups {
                let Some(sum) = row_of(report, *by, key) else { continue };
                self.equations.push(Equation { groups, rest: 0, sum: Sum::Group(sum) });
            }
        }
    }

    fn hidden(mut self, total: u64, max_rows: usize) -> Hidden {
        // What a campaign's sum hides often protects a group of the whole table too, so fewer are hidden.
        self.equations.sort_by_key(|equation| equation.sum == Sum::Total);
        let is_small = |leads: u64| (1..MIN_SHOWN).contains(&leads);
        let hide = |(part, leads): (&Part, &Vec<u64>)| {
            let last = if *part == Part::Weeks { leads.len() } else { max_rows };
            (
                *part,
                (0..)
                    .zip(leads)
                    .map(|(row, leads): (usize, _)| is_small(*leads) || row >= last && *leads > 0)
                    .collect(),
            )
        };
        let mut hidden = Hidden {
            parts: self.leads.iter().map(hide).collect(),
            unlisted: Vec::new(),
            is_total_hidden: is_small(total),
        };
        // Each round hides at least one group, so there are no more rounds than groups.
        while self.equations.iter().any(|equation| self.protect(equation, &mut hidden)) {}
        hidden
    }

    /// Hides one more group if an equation gives a hidden one away. Returns false if it does not.
    fn protect(&self, equation: &Equation, hidden: &mut Hidden) -> bool {
        let leads = |(part, row): Cell| self.leads[&part][row];
        let (shown, unknown): (Vec<Cell>, Vec<Cell>) =
            equation.groups.iter().partition(|(part, row)| hidden.is_shown(*part, *row));
        let is_sum_hidden = match equation.sum {
            Sum::Total => hidden.is_total_hidden,
            Sum::Group((part, row)) => !hidden.is_shown(part, row),
        };
        let count = unknown.len() as u64 + u64::from(equation.rest > 0);
        let sum = unknown.iter().map(|cell| leads(*cell)).sum::<u64>() + equation.rest;
        let is_safe = match (is_sum_hidden, count) {
            (true, _) => count > 0 || shown.is_empty(),
            // Each of them could have five leads or more.
            (false, 0) => true,
            (false, 1) => unknown.is_empty() && equation.rest >= MIN_SHOWN,
            (false, _) => sum >= count + MIN_SHOWN - 1,
        };
        if is_safe {
            return false;
        }
        if let Some(&(part, row)) = shown.iter().min_by_key(|cell| leads(**cell)) {
            hidden.hide(part, row);
            return true;
        }
        match equation.sum {
            Sum::Group((part, row)) => hidden.hide(part, row),
            // One group with all leads says nothing more than their number.
            Sum::Total if count < 2 => return false,
            Sum::Total => {
                let part = equation.groups[0].0;
                if !hidden.is_listed(part) {
                    return false;
                }
                hidden.unlisted.push(part);
            }
        }
        true
    }
}

impl Hidden {
    fn hide(&mut self, part: Part, row: usize) {
        if let Some(is_hidden) = self.parts.get_mut(&part).and_then(|rows| rows.get_mut(row)) {
            *is_hidden = true;
        }
    }
}

/// Returns the group of a table of one dimension.
fn row_of(report: &Report, by: Dimension, key: &str) -> Option<Cell> {
    let row = |part: Part, table: &Table| Some((part, table.rows.iter().position(|row| row.key[0] == key)?));
    match by {
        Dimension::Campaign => row(Part::Campaigns, &report.by_campaign),
        Dimension::Channel => row(Part::Channels, &report.by_channel),
        Dimension::Cta => row(Part::Ctas, &report.by_cta),
        Dimension::Variant => row(Part::Variants, &report.by_variant),
        Dimension::Week if key.is_empty() => Some((Part::Weeks, report.by_week.len())),
        Dimension::Week => {
            let mut weeks = report.by_week.iter();
            let is_week = |(day, _): &(jiff::civil::Date, _)| day_number(*day).is_some_and(|day| iso_week(day) == key);
            Some((Part::Weeks, weeks.position(is_week)?))
        }
        Dimension::Owner | Dimension::Month => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the leads of a table as the page shows them; `-` is hidden.
    fn shown(leads: &[u64]) -> String {
        let mut page = Page::default();
        page.add(Part::Channels, leads.to_vec());
        let hidden = page.hidden(leads.iter().sum(), 200);
        let text = |(row, leads): (usize, &u64)| match hidden.is_shown(Part::Channels, row) {
            true => leads.to_string(),
            false => "-".to_owned(),
        };
        let rows = leads.iter().enumerate().map(text).collect::<Vec<_>>().join(" ");
        if hidden.is_listed(Part::Channels) { rows } else { format!("unlisted: {rows}") }
    }

    #[test]
    fn small_group_does_not_follow_from_the_sum() {
        for (leads, expected) in [
            (&[40, 7, 3][..], "40 - -"),
            (&[40, 7, 4, 3], "40 7 - -"),
            // One lead each would follow from a sum of two.
            (&[40, 7, 1, 1], "40 - - -"),
            // The sum of six is five and one, or three and three.
            (&[40, 5, 1], "40 - -"),
            (&[40, 7], "40 7"),
            (&[40, 0, 7], "40 0 7"),
            (&[3], "-"),
            (&[1, 1, 1, 1, 1], "unlisted: - - - - -"),
            (&[4, 3], "- -"),
        ] {
            assert_eq!(shown(leads), expected, "{leads:?}");
        }
    }

    /// `spring` has 12 leads, and `winter` 30. Of `spring`, two have no call to action.
    #[test]
    fn sum_of_another_table_does_not_give_a_group_away() {
        let mut page = Page::default();
        page.add(Part::Campaigns, vec![30, 12]);
        page.add(Part::Ctas, vec![24, 10, 6, 2]);
        let of_campaign = |groups: &[usize], rest, row| Equation {
            groups: groups.iter().map(|row| (Part::Ctas, *row)).collect(),
            rest,
            sum: Sum::Group((Part::Campaigns, row)),
        };
        page.equations.extend([of_campaign(&[0, 2], 0, 0), of_campaign(&[1], 2, 1)]);
        let hidden = page.hidden(42, 200);
        let shown = |part, rows: usize| (0..rows).map(|row| hidden.is_shown(part, row)).collect::<Vec<_>>();
        assert_eq!(shown(Part::Campaigns, 2), [true, true]);
        assert_eq!(shown(Part::Ctas, 4), [true, false, true, false], "24, 10, 6 and 2 leads with a short code");
    }

    #[test]
    fn hidden_sum_does_not_follow_from_its_groups() {
        let mut page = Page::default();
        page.add(Part::Channels, vec![40, 7, 3]);
        page.add(Part::Main, vec![25, 15, 7, 3]);
        let of_channel = |groups: &[usize], row| Equation {
            groups: groups.iter().map(|row| (Part::Main, *row)).collect(),
            rest: 0,
            sum: Sum::Group((Part::Channels, row)),
        };
        page.equations.extend([of_channel(&[0, 1], 0), of_channel(&[2], 1), of_channel(&[3], 2)]);
        let hidden = page.hidden(50, 200);
        let shown: Vec<bool> = (0..4).map(|row| hidden.is_shown(Part::Main, row)).collect();
        assert_eq!(shown, [true, true, false, false]);
    }
}
