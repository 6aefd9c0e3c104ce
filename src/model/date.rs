//! Days and times as authors write them; a date without a time is a day of the site's time zone.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A day, or a minute of a day, in the site's time zone. A build looks at days only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    pub day: Date,
    pub time: Option<Time>,
}

/// Why a text is no date, with the way to write it where that can be told.
#[derive(Debug, PartialEq, Eq)]
pub struct NotADate {
    pub suggestion: Option<String>,
}

impl When {
    /// `2027-03-31`, `2027-03-31 18:00` or `2027-03-31T18:00`.
    pub fn parse(text: &str) -> Result<When, NotADate> {
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text, None),
        };
        let not_a_date = || NotADate { suggestion: suggestion(text) };
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

    /// The instant from which it is over: its minute, or the midnight after its day. None past the last day that can be
    /// counted, in the year 9999.
    pub fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        let end = match self.time {
            Some(time) => self.day.to_datetime(time),
            None => self.day.tomorrow().ok()?.to_datetime(Time::midnight()),
        };
        Some(end.to_zoned(zone.clone()).ok()?.timestamp())
    }
}

impl fmt::Display for When {
    /// ISO 8601: `2027-03-31` or `2027-03-31T18:00`.
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

/// Reads the usual other ways to write a date: `31/03/2027`, `31.3.2027`, `2027/3/31`.
fn suggestion(text: &str) -> Option<String> {
    let numbers: Vec<i16> = text.split(['/', '.', '-']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [first, month, last] = numbers[..] else { return None };
    let (year, day) = if first > 31 { (first, last) } else { (last, first) };
    // A month past 12 is the American order, in which the day stands in the middle.
    let (month, day) = if month > 12 { (day, month) } else { (month, day) };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?)
        .ok()
        .filter(|date| date.year() >= 1900)
        .map(|date| date.to_string())
}

/// `31 March 2027`, with the time where there is one.
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
    fn dates_are_written_year_first() {
        for good in ["2027-03-31", "2027-03-31 18:00", "2027-03-31T18:00"] {
            assert!(When::parse(good).is_ok(), "{good}");
        }
        for (bad, meant) in [
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
            let refused = When::parse(bad).expect_err(bad);
            assert_eq!(refused.suggestion.as_deref(), meant, "{bad}");
        }
    }
}
