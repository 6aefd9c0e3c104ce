//! Days and times as authors write them. A date without a time is a day of the site's time zone.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::characters::as_typed;
use crate::months;

/// A day, or a minute of a day, in the site's time zone. Builds only compare days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    pub day: Date,
    pub time: Option<Time>,
}

/// Why a text is not a date.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct NotADate {
    /// What is wrong with the day or the time: `February has 28 days in 2027`.
    pub reason: Option<String>,
    /// The date that was probably meant.
    pub suggestion: Option<String>,
    /// Day and month may be the other way round: `3/4/2027`.
    pub is_ambiguous: bool,
}

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

impl When {
    /// Parses `2027-03-31`, `2027-03-31 18:00` or `2027-03-31T18:00`.
    pub fn parse(text: &str) -> Result<When, NotADate> {
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text, None),
        };
        let not_a_date = || not_a_date(text);
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

    /// Returns the instant at which the time is reached or the day begins. A time that comes twice is the first one.
    pub fn start(self, zone: &TimeZone) -> Option<Timestamp> {
        let start = self.day.to_datetime(self.time.unwrap_or(Time::midnight()));
        Some(start.to_zoned(zone.clone()).ok()?.timestamp())
    }

    /// Returns the date as authors write it: `2027-03-31 18:00`.
    pub fn spaced(self) -> String {
        self.to_string().replace('T', " ")
    }

    /// Returns the date for names of files: `2027-03-31-1800`.
    pub fn compact(self) -> String {
        self.to_string().replace('T', "-").replace(':', "")
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

/// Finds what is wrong with a date. Accepts other notations: `31/03/2027`, `31.3.2027`, `2027/3/31`, `31 March 2027`, `6pm`,
/// and dashes and digits of word processors.
fn not_a_date(text: &str) -> NotADate {
    let text = text.trim();
    let typed = as_typed(text);
    if typed != text
        && let Ok(meant) = When::parse(&typed)
    {
        let reason = "it has dashes or digits that are not on keyboards".to_owned();
        let written = if meant.time.is_some() { typed } else { meant.to_string() };
        return NotADate { reason: Some(reason), suggestion: Some(written), is_ambiguous: false };
    }
    if let Some(date) = with_month_name(&typed) {
        return NotADate { suggestion: Some(date.to_string()), ..NotADate::default() };
    }
    let compact = typed.len() == 8 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let typed = match compact {
        true => format!("{}-{}-{}", &typed[..4], &typed[4..6], &typed[6..]),
        false => typed.replacen(", ", " ", 1),
    };
    let text = &*typed;
    let (written, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let Some((year, month, day)) = numbers(written) else { return NotADate::default() };
    let Some(date) = Date::new(year, month, day).ok() else {
        return NotADate { reason: wrong_day(year, month, day), ..NotADate::default() };
    };
    let is_ambiguous = is_ambiguous(written);
    match time {
        None => NotADate { reason: None, suggestion: Some(date.to_string()), is_ambiguous },
        Some(time) => NotADate { is_ambiguous, ..not_a_time(date, time) },
    }
}

/// Parses a day with the name of its month: `31 March 2027`, `March 31st, 2027`, `31. März 2027`.
fn with_month_name(text: &str) -> Option<Date> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '/'))
        .filter(|word| !word.is_empty() && !matches!(*word, "de" | "of" | "the"))
        .collect();
    let day_of = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'º').parse::<i8>().ok();
    // The day of the week: `Wednesday 31 March 2027`.
    let words = match words[..] {
        [weekday, ref rest @ ..] if rest.len() == 3 && !weekday.contains(|c: char| c.is_ascii_digit()) => rest,
        _ => &words,
    };
    let (day, month, year) = match words[..] {
        [one, two, year] if months::expected_number(two).is_some() => {
            (day_of(one)?, months::expected_number(two)?, year)
        }
        [one, two, year] => (day_of(two)?, months::expected_number(one)?, year),
        _ => return None,
    };
    let year: i16 = year.parse().ok().filter(|year| (1900..=9999).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, day).ok()
}

/// Whether a date ends with the year, and day and month may be the other way round.
fn is_ambiguous(text: &str) -> bool {
    let numbers: Vec<i16> = text.split(['/', '.', '-']).map_while(|part| part.trim().parse().ok()).collect();
    matches!(numbers[..], [first @ ..=12, second @ ..=12, _] if first != second)
}

/// Returns year, month and day of a date in any order that has only one meaning.
fn numbers(day: &str) -> Option<(i16, i8, i8)> {
    let numbers: Vec<i16> = day.split(['/', '.', '-']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [first, month, last] = numbers[..] else { return None };
    let (year, day) = if first > 31 { (first, last) } else { (last, first) };
    // If the month is above 12, the date is in the American order, with the day in the middle.
    let is_american = first <= 31 && month > 12;
    let (month, day) = if is_american { (day, month) } else { (month, day) };
    Some((year, month.try_into().ok()?, day.try_into().ok()?)).filter(|(year, ..)| (1900..=9999).contains(year))
}

/// Says why a day does not exist.
fn wrong_day(year: i16, month: i8, day: i8) -> Option<String> {
    let Ok(first) = Date::new(year, month, 1) else { return Some("the months are 01 to 12".to_owned()) };
    let days = first.days_in_month();
    let name = MONTHS.get(usize::try_from(month - 1).ok()?)?;
    match day {
        0 => Some("the first day of a month is 01".to_owned()),
        _ if month == 2 => Some(format!("{name} has {days} days in {year}")),
        _ => Some(format!("{name} has {days} days")),
    }
}

/// Finds what is wrong with the time of a date: `6pm`, `18.30`, `24:00`, `18:00:00+03:00`.
fn not_a_time(date: Date, time: &str) -> NotADate {
    let lower = time.to_ascii_lowercase();
    let digits_end = lower.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(lower.len());
    let (clock, suffix) = lower.split_at(digits_end);
    let suffix = suffix.trim();
    let mut parts = clock.split([':', '.']).map(|part| part.parse::<i8>().ok());
    let (Some(Some(hour)), minute) = (parts.next(), parts.next().unwrap_or(Some(0))) else {
        return NotADate { reason: Some("a time is written as in `18:00`".to_owned()), ..NotADate::default() };
    };
    if (hour, minute) == (24, Some(0)) {
        let reason = "a day without a time lasts until midnight".to_owned();
        return NotADate { reason: Some(reason), suggestion: Some(date.to_string()), ..NotADate::default() };
    }
    let is_afternoon = matches!(suffix, "pm" | "p.m." | "p.m") && hour < 12;
    let hour = match suffix {
        "am" | "a.m." | "a.m" if hour == 12 => 0,
        _ if is_afternoon => hour + 12,
        _ => hour,
    };
    let is_zone = suffix.starts_with(['+', '-', 'z']) || suffix == "utc" || suffix == "gmt";
    let reason = match is_zone {
        true => "times are in the site's `timezone`, without a zone of their own",
        false => "a time is written as in `18:00`",
    };
    let time = minute.and_then(|minute| Time::new(hour, minute, 0, 0).ok());
    let suggestion = time.map(|time| format!("{date} {:02}:{:02}", time.hour(), time.minute()));
    NotADate { reason: Some(reason.to_owned()), suggestion, ..NotADate::default() }
}

/// Returns a date for people: `31 March 2027`, with the time if it has one.
pub fn in_words(when: When) -> String {
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
            ("2027-03-31 6pm", Some("2027-03-31 18:00")),
            ("2027-03-31 12 a.m.", Some("2027-03-31 00:00")),
            ("31.3.2027 18.30", Some("2027-03-31 18:30")),
            ("2027-03-31T18:00:00+03:00", Some("2027-03-31 18:00")),
            ("2027-03-31T18:00:00Z", Some("2027-03-31 18:00")),
            ("2027-03-31 24:00", Some("2027-03-31")),
            ("2027-03-31 evening", None),
            ("2027‑03‑31", Some("2027-03-31")),
            ("2027–03–31", Some("2027-03-31")),
            ("２０２７-03-31", Some("2027-03-31")),
            ("31 March 2027", Some("2027-03-31")),
            ("March 31st, 2027", Some("2027-03-31")),
            ("31. März 2027", Some("2027-03-31")),
            ("31 de marzo de 2027", Some("2027-03-31")),
            ("31-Mar-2027", Some("2027-03-31")),
            ("31 mars 2027", Some("2027-03-31")),
            ("Wednesday, 31 March 2027", Some("2027-03-31")),
            ("Mi, 31. März 2027", Some("2027-03-31")),
            ("20270331", Some("2027-03-31")),
            ("2027-03-31, 18:00", Some("2027-03-31 18:00")),
            ("31 February 2027", None),
            ("March 2027", None),
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

    #[test]
    fn day_that_does_not_exist_has_a_reason() {
        for (bad, reason) in [
            ("2027-02-30", "February has 28 days in 2027"),
            ("2028-02-30", "February has 29 days in 2028"),
            ("29/02/2027", "February has 28 days in 2027"),
            ("2027-04-31", "April has 30 days"),
            ("31.6.2027", "June has 30 days"),
            ("2027-01-00", "the first day of a month is 01"),
            ("2027-13-01", "the months are 01 to 12"),
            ("2027-00-10", "the months are 01 to 12"),
            ("2027-03-31 25:00", "a time is written as in `18:00`"),
        ] {
            let error = When::parse(bad).expect_err(bad);
            assert_eq!((error.reason.as_deref(), error.suggestion), (Some(reason), None), "{bad}");
        }
    }
}
