//! How many visitors a test of versions needs, and how many days.
//!
//! The number is that for two proportions with a two-sided test at 5 % and a power of 80 %, without a correction for
//! continuity (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd edition, 4.2). Groups may have
//! different sizes.

use jiff::Span;
use jiff::civil::Date;

use super::share_link::CampaignLinks;
use crate::diagnostics::{count, grouped, list};
use crate::model::date;
use crate::model::versions::{Share, Versions};

/// The difference between two versions that a test should find: a third more leads.
const BETTER: f64 = 4.0 / 3.0;
/// The quantile of a two-sided test at 5 %.
const CONFIDENCE: f64 = 1.959_964;
/// The quantile of a power of 80 %.
const POWER: f64 = 0.841_621;

/// What is expected of a campaign's visitors.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// New visitors of the campaign on a day, all versions together.
    pub visitors_a_day: Option<u32>,
    /// Leads per visitor, between 0 and 1.
    pub rate: f64,
}

/// Returns what the test of a campaign is, and how long it is likely to take from `today` on. `None` if no visitors are split.
pub fn of_test(campaign: &CampaignLinks, expected: Expected, today: Date) -> Option<String> {
    let test = campaign.page.test()?;
    let visitors = visitors(test, expected.rate)?;
    let shares: Vec<String> =
        test.shares().map(|share| format!("{} {} %", share.version.value, share.per_cent)).collect();
    let shares = list(shares.iter().map(String::as_str)).replace('`', "");
    let (now, better) = (per_cent(expected.rate), per_cent(expected.rate * BETTER));
    let total = rounded(visitors);
    let days = expected.visitors_a_day.map(|a_day| days(campaign, visitors, a_day, today));
    let days = days.unwrap_or_else(|| "`--visitors` tells how many days that is.".to_owned());
    Some(format!(
        "Test: {shares} of new visitors, the page as written {} %.\nIt takes about {total} visitors to tell whether a \
         version brings a third more leads:\n{better} % instead of {now} % of visitors. {days}",
        test.share_of_a()
    ))
}

/// Returns how long the test takes, and whether the campaign ends before.
fn days(campaign: &CampaignLinks, visitors: u64, a_day: u32, today: Date) -> String {
    let days = visitors.div_ceil(u64::from(a_day.max(1)));
    let in_words = count(usize::try_from(days).unwrap_or(usize::MAX), "day");
    let span = i64::try_from(days).ok().and_then(|days| Span::new().try_days(days).ok());
    let end = span.and_then(|span| today.checked_add(span).ok());
    match campaign.page.page.front.ends.filter(|ends| end.is_none_or(|end| end > ends.value.day)) {
        Some(ends) => {
            let ends = date::in_words(ends.value);
            format!("That is {in_words} with {a_day} a day,\nand the campaign ends on {ends}, before that.")
        }
        None => format!("That is {in_words} with {a_day} a day."),
    }
}

/// Returns how many visitors the campaign needs until each version has been compared with `a`, or with the version that
/// most visitors get if none is left for `a`. `None` without two versions that visitors get.
pub fn visitors(test: &Versions, rate: f64) -> Option<u64> {
    let mut shares: Vec<f64> = test.shares().map(|Share { per_cent, .. }| f64::from(per_cent) / 100.0).collect();
    let of_a = f64::from(test.share_of_a()) / 100.0;
    let reference = match of_a > 0.0 {
        true => of_a,
        false => {
            shares.sort_by(f64::total_cmp);
            shares.pop()?
        }
    };
    let each = shares.into_iter().map(|share| in_reference(rate, share / reference) / reference);
    let most = each.reduce(f64::max)?;
    // At most as many as a campaign can have.
    Some(most.ceil().clamp(1.0, 1e12) as u64)
}

/// Returns how many visitors the version needs that the other is compared with. `ratio` is the size of the other's group by
/// that of its own.
fn in_reference(rate: f64, ratio: f64) -> f64 {
    let better = (rate * BETTER).min(0.999);
    let spread = |p: f64| p * (1.0 - p);
    let mean = (rate + ratio * better) / (1.0 + ratio);
    let root = CONFIDENCE * (spread(mean) * (1.0 + 1.0 / ratio)).sqrt()
        + POWER * (spread(rate) + spread(better) / ratio).sqrt();
    (root / (better - rate)).powi(2)
}

/// Returns a share in per cent with at most one digit after the point.
fn per_cent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Returns a number with two significant digits, and commas between thousands.
fn rounded(number: u64) -> String {
    let step = 10_u64.pow(number.checked_ilog10().unwrap_or(0).saturating_sub(1));
    grouped(&(number.div_ceil(step) * step).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers are those of `power_proportions_2indep` in statsmodels 0.15.0.
    #[test]
    fn groups_are_as_large_as_statsmodels_says() {
        for (rate, ratio, needed) in [
            (0.05, 1.0, 3103.2),
            (0.05, 0.25, 7495.8),
            (0.10, 1.0, 1454.8),
            (0.10, 0.25, 3522.3),
            (0.30, 1.0, 356.2),
            (0.30, 0.25, 873.1),
        ] {
            let ours = in_reference(rate, ratio);
            assert!((ours / needed - 1.0).abs() < 0.002, "{rate}, {ratio}: {ours}");
        }
    }

    #[test]
    fn numbers_have_two_digits() {
        for (number, text) in [(7, "7"), (94, "94"), (6207, "6,300"), (123_456, "130,000"), (1_000_000, "1,000,000")] {
            assert_eq!(rounded(number), text);
        }
        assert_eq!((per_cent(0.05), per_cent(0.2 / 3.0)), ("5".to_owned(), "6.7".to_owned()));
    }
}
