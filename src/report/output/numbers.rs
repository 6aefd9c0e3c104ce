//! Numbers for people.

use std::collections::BTreeMap;

use crate::diagnostics::grouped;
use crate::report::count::Stats;

/// Returns `1,234,567`.
pub fn whole(number: u64) -> String {
    grouped(&number.to_string())
}

/// Returns `1 lead` or `1,234 leads`.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", whole(number), if number == 1 { "" } else { "s" })
}

/// Returns hundredths as `1,234.50`, or `1,234` without hundredths.
pub fn money(hundredths: i128) -> String {
    let absolute = hundredths.unsigned_abs();
    let (whole, rest) = (grouped(&(absolute / 100).to_string()), absolute % 100);
    let sign = if hundredths < 0 { "-" } else { "" };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:02}") }
}

/// Returns `12,500 KES; 90 EUR`. Empty without values.
pub fn values(stats: &Stats, currencies: &BTreeMap<u8, String>) -> String {
    let one = |(currency, sum): (&u8, &i128)| with_currency(*sum, currencies.get(currency).map_or("", String::as_str));
    stats.value.iter().map(one).collect::<Vec<_>>().join("; ")
}

pub fn with_currency(hundredths: i128, code: &str) -> String {
    if code.is_empty() { money(hundredths) } else { format!("{} {code}", money(hundredths)) }
}

/// Returns `12.5 %`, or a dash if there is no share.
pub fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// Returns `8.1–18.0 %`.
pub fn interval(interval: Option<(f64, f64)>) -> String {
    interval.map_or(String::new(), |(low, high)| format!("{:.1}–{:.1} %", low * 100.0, high * 100.0))
}

/// Returns hundredths for programs: `1234.50`.
pub fn plain(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

/// Returns a share of hundredths, rounded. `None` for nobody.
pub fn share_of(hundredths: i64, number: u64) -> Option<i128> {
    let (all, number) = (i128::from(hundredths), i128::from(number));
    (number > 0).then(|| (2 * all + if all < 0 { -number } else { number }) / (2 * number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((whole(1_234_567), whole(12)), ("1,234,567".to_owned(), "12".to_owned()));
        assert_eq!((money(123_450), money(-1_200_000)), ("1,234.50".to_owned(), "-12,000".to_owned()));
        assert_eq!((plain(123_450), plain(-5)), ("1234.50".to_owned(), "-0.05".to_owned()));
        assert_eq!(
            [(30_000, 70), (200, 3), (-200, 3), (5, 0)].map(|(all, number)| share_of(all, number)),
            [Some(429), Some(67), Some(-67), None]
        );
        assert_eq!((percent(Some(0.125)), percent(None)), ("12.5 %".to_owned(), "–".to_owned()));
    }
}
