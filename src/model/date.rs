//! Days and times as authors write them. A date without a time is a day of the site's time zone.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A day, or a minute of a day, in the site's time zone. Builds only compare days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    pub day: Date,
    pub time: Option<Time>,
}

/// Why a text is not a date, with the date that was probably meant.
#[derive(Debug, PartialEq, Eq)]
pub struct NotADate {
    pub suggestion: Option<String>,
    /// Day and month may be the other way round: `3/4/2027`.
    pub is_ambiguous: bool,
}

impl When {
    /// Parses `2027-03-31`, `2027-03-31 18:00` or `2027-03-31T18:00`.
    pub fn parse(text: &str) -> Result<When, NotADate> {
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text, None),
        };
        let not_a_date = || NotADate { suggestion: suggestion(text), is_ambiguous: is_ambiguous(text) };
        let well_formed = day.len() == 10 && day.bytes().filter(|&b| b == b'-').count() == 2;
        let day: Date = if well_formed {
            day.parse().map_err(|_| not_a_date())?
        } else {
            return Err(not_a_date());
        };
        let time = match time {
            Some(time) if time.len() == 5 || time.len() == 8 => Some(time.parse().map_err(|_| not_a_date())?),
            Some(_) => return Err(not_a_date()),
            None => None,
        };
        Ok(When { day, time })
    }

    /// Returns the instant at which the time is reached or the day is over. Returns `None` for the last day of the year
    /// 9999, because the day after it cannot be represented.
    pub fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        let end = match self.time {
            Some(time) => self.day.to_datetime(time),
            None => self.day.tomorrow().ok()?.to_datetime(Time::midnight()),
        };
        Some(end.to_zoned(zone.clone()).ok()?.timestamp())
    }
}

impl fmt::Display for When {
    /// Writes ISO 8601: `2027-03-31` or `2027-03-31T18:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{:02}:{:02}", self.day, time.hour(), time.minute()),
            None => write!(f, "{}", self.day),
        }
    }
}

impl serde::Serialize for When {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a date ends with the year, and day and month may be the other way round.
fn is_ambiguous(text: &str) -> bool {
    let numbers: Vec<i16> = text.split(['/', '.', '-']).map_while(|part| part.trim().parse().ok()).collect();
    matches!(numbers[..], [first @ ..=12, second @ ..=12, _] if first != second)
}

/// Returns the date in another notation: `31/03/2027`, `31.3.2027`, `2027/3/31`.
fn suggestion(text: &str) -> Option<String> {
    let numbers: Vec<i16> = text.split(['/', '.', '-']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [first, month, last] = numbers[..] else { return None };
    let (year, day) = if first > 31 { (first, last) } else { (last, first) };
    // If the month is above 12, the date is in the American order, with the day in the middle.
    let (month, day) = if month > 12 { (day, month) } else { (month, day) };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?)
        .ok()
        .filter(|date| date.year() >= 1900)
        .map(|date| date.to_string())
}

/// Returns a date for people: `31 March 2027`, with the time if it has one.
pub fn in_words(when: When) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[usize::from(when.day.month().unsigned_abs()) - 1];
    let day = format!("{} {month} {}", when.day.day(), when.day.year());
    match when.time {
        Some(time) => format!("{day}, {:02}:{:02}", time.hour(), time.minute()),
        None => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_year_first_dates_are_accepted() {
        for good in ["2027-03-31", "2027-03-31 18:00", "2027-03-31T18:00"] {
            assert!(When::parse(good).is_ok(), "{good}");
        }
        for (bad, suggestion) in [
            ("31/03/2027", Some("2027-03-31")),
            ("31.3.2027", Some("2027-03-31")),
            ("3/31/2027", Some("2027-03-31")),
            ("2027/03/31", Some("2027-03-31")),
            ("2027-3-1", Some("2027-03-01")),
            ("2027-02-30", None),
            ("tomorrow", None),
            ("", None),
            ("2027-03-31 6pm", None),
        ] {
            let error = When::parse(bad).expect_err(bad);
            assert_eq!(error.suggestion.as_deref(), suggestion, "{bad}");
        }
        for (bad, is_ambiguous) in
            [("3/4/2027", true), ("3.4.2027", true), ("4/4/2027", false), ("31/3/2027", false), ("2027/3/4", false)]
        {
            assert_eq!(When::parse(bad).unwrap_err().is_ambiguous, is_ambiguous, "{bad}");
        }
    }
}
