//! Days as exports have them, read byte by byte: ISO dates and times, days with slashes or dots, names of months, serial
//! numbers of spreadsheets, and Unix times.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::site::report::DayOrder;
use crate::months;
use crate::report::input::text_of;

/// A day as the number of days since 1 January 1970, from 1 on. 0 is no day.
pub type DayNumber = u16;

/// The day number of 1 January 1970 in the serial numbers of spreadsheets. Source: ECMA-376, part 1, section 18.17.4.1,
/// the date system of 1900.
const SERIAL_EPOCH: i64 = 25_569;
/// Serial numbers from 1970 to 2149. Others are no days.
const SERIALS: std::ops::Range<i64> = SERIAL_EPOCH + 1..SERIAL_EPOCH + 65_535;

/// What a cell says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Day(DayNumber),
    /// Two numbers up to 12: the day or the month may be first.
    Ambiguous {
        first: u8,
        second: u8,
        year: i16,
    },
    /// The cell is empty.
    Empty,
    /// The cell is no day.
    Bad,
}

/// The order that a cell proves: `25/03/2027` has the day first. Days that never were prove nothing.
pub fn proven_order(cell: &[u8]) -> Option<DayOrder> {
    let (first, second, year) = numeric(without_weekday(cell))?;
    let (order, day, month) = match (first, second) {
        (13..=31, 1..=12) => (DayOrder::DayFirst, first, second),
        (1..=12, 13..=31) => (DayOrder::MonthFirst, second, first),
        _ => return None,
    };
    Date::new(year, month as i8, day as i8).ok().map(|_| order)
}

/// Converts moments to days of a time zone. The offset of a day is looked up once.
pub struct DayReader {
    zone: TimeZone,
    order: Option<DayOrder>,
    /// For the UTC day: the offset in seconds, if it is the same during the whole day.
    offsets: Vec<Option<i32>>,
    last: (Vec<u8>, Reading),
}

const UNKNOWN: Option<i32> = Some(i32::MAX);

impl DayReader {
    /// `order` is the order of day and month that the column agrees on.
    pub fn new(zone: TimeZone, order: Option<DayOrder>) -> DayReader {
        DayReader { zone, order, offsets: Vec::new(), last: (Vec::new(), Reading::Empty) }
    }

    /// Reads a cell. Ambiguous days are resolved with the order of the column.
    pub fn read(&mut self, cell: &[u8]) -> Reading {
        let cell = cell.trim_ascii();
        if cell == self.last.0 {
            return self.last.1;
        }
        let reading = self.read_new(cell);
        self.last.0.clear();
        self.last.0.extend_from_slice(cell);
        self.last.1 = reading;
        reading
    }

    fn read_new(&mut self, cell: &[u8]) -> Reading {
        if cell.is_empty() || matches!(cell, b"-" | b"(No value)" | b"null" | b"NULL" | b"N/A" | b"n/a") {
            return Reading::Empty;
        }
        let cell = without_weekday(cell);
        if let Some(day) = self.iso(cell) {
            return day.map_or(Reading::Bad, Reading::Day);
        }
        if let Some((first, second, year)) = numeric(cell) {
            return resolve(first, second, year, self.order);
        }
        if let Some(day) = self.number(cell) {
            return Reading::Day(day);
        }
        named(&text_of(cell)).map_or(Reading::Bad, Reading::Day)
    }

    /// Reads `2027-03-05`, with a time and an offset if it has them. `Some(None)`: it looks like one, but is none.
    fn iso(&mut self, cell: &[u8]) -> Option<Option<DayNumber>> {
        let &[a, b, c, d, sep @ (b'-' | b'/' | b'.'), ref rest @ ..] = cell else { return None };
        let year =
            i16::from(digit(a)?) * 1000 + i16::from(digit(b)?) * 100 + i16::from(digit(c)?) * 10 + i16::from(digit(d)?);
        let (month, rest) = short_number(rest)?;
        let rest = rest.strip_prefix(&[sep])?;
        let (day, rest) = short_number(rest)?;
        let date = Date::new(year, month as i8, day as i8).ok();
        let Some(date) = date else { return Some(None) };
        let day = day_number(date);
        if rest.is_empty() {
            return Some(day);
        }
        let Some(offset) = offset_of(rest) else { return Some(day) };
        let Some(time) = seconds_of(rest) else { return Some(day) };
        let day = i64::from(day?) * 86_400 + time - i64::from(offset);
        Some(self.day_of(day))
    }

    /// Reads the serial number of a spreadsheet, or a Unix time in seconds or milliseconds.
    fn number(&mut self, cell: &[u8]) -> Option<DayNumber> {
        let whole = cell.split(|&b| b == b'.').next()?;
        let fraction = &cell[whole.len()..];
        let is_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
        if !is_digits(whole) || !is_digits(fraction.strip_prefix(b".").unwrap_or(fraction)) {
            return None;
        }
        let number: i64 = std::str::from_utf8(whole).ok()?.parse().ok()?;
        match whole.len() {
            5 => SERIALS.contains(&number).then(|| (number - SERIAL_EPOCH) as DayNumber),
            10 => self.day_of(number),
            13 => self.day_of(number / 1000),
            _ => None,
        }
    }

    /// Returns the day of a Unix time in the time zone.
    fn day_of(&mut self, seconds: i64) -> Option<DayNumber> {
        let utc_day = usize::try_from(seconds.div_euclid(86_400)).ok().filter(|&day| day < 65_000)?;
        if self.offsets.len() <= utc_day {
            self.offsets.resize(utc_day + 1, UNKNOWN);
        }
        if self.offsets[utc_day] == UNKNOWN {
            let start = i64::try_from(utc_day).ok()? * 86_400;
            let (first, last) = (self.offset_at(start)?, self.offset_at(start + 86_399)?);
            self.offsets[utc_day] = (first == last).then_some(first);
        }
        let offset = match self.offsets[utc_day] {
            Some(offset) => offset,
            None => self.offset_at(seconds)?,
        };
        DayNumber::try_from((seconds + i64::from(offset)).div_euclid(86_400)).ok()
    }

    fn offset_at(&self, seconds: i64) -> Option<i32> {
        Some(self.zone.to_offset(Timestamp::from_second(seconds).ok()?).seconds())
    }
}

/// Returns the number of a date. `None` before 1970 and after 2149.
pub fn day_number(date: Date) -> Option<DayNumber> {
    // Days from civil, by Howard Hinnant: http://howardhinnant.github.io/date_algorithms.html#days_from_civil
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let number = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    DayNumber::try_from(number).ok().filter(|&number| number > 0)
}

/// Returns the date of a day number.
pub fn date(number: DayNumber) -> Date {
    Date::new(1970, 1, 1).map_or(Date::ZERO, |epoch| epoch.saturating_add(jiff::Span::new().days(i64::from(number))))
}

/// Returns the number of the Monday on or before a day: the start of its ISO week.
pub fn week_start(number: DayNumber) -> DayNumber {
    // 1 January 1970 was a Thursday.
    number.saturating_sub((number + 3) % 7)
}

/// Returns the number of the first day of a month.
pub fn month_start(number: DayNumber) -> DayNumber {
    number.saturating_sub((date(number).day() - 1) as DayNumber)
}

fn resolve(first: u8, second: u8, year: i16, order: Option<DayOrder>) -> Reading {
    let (day, month) = match (first, second) {
        (13.., 1..=12) if order != Some(DayOrder::MonthFirst) => (first, second),
        (1..=12, 13..) if order != Some(DayOrder::DayFirst) => (second, first),
        (1..=12, 1..=12) => match order {
            _ if first == second => (first, second),
            Some(DayOrder::DayFirst) => (first, second),
            Some(DayOrder::MonthFirst) => (second, first),
            None => return Reading::Ambiguous { first, second, year },
        },
        _ => return Reading::Bad,
    };
    let date = Date::new(year, month as i8, day as i8).ok();
    date.and_then(day_number).map_or(Reading::Bad, Reading::Day)
}

/// How names of weekdays begin: English, German, French, Spanish, Portuguese, Dutch and Swahili.
const WEEKDAYS: [&[u8]; 36] = [
    b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun", b"mo", b"di", b"mi", b"do", b"fr", b"sa", b"so", b"lun",
    b"mar", b"mer", b"jeu", b"ven", b"sam", b"dim", b"mie", b"mi\xc3", b"jue", b"vie", b"dom", b"seg", b"ter", b"qua",
    b"qui", b"sex", b"ma", b"wo", b"vr", b"za", b"jum",
];
/// The longest name of a weekday, in bytes.
const MAX_WEEKDAY: usize = 14;

/// Removes the name of a weekday before a day of numbers: `Tue, 16/03/2027`.
fn without_weekday(cell: &[u8]) -> &[u8] {
    if cell.first().is_none_or(u8::is_ascii_digit) {
        return cell;
    }
    let length = cell.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    let word = cell[..length].to_ascii_lowercase();
    let rest = cell[length..].trim_ascii_start();
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    let is_weekday = length <= MAX_WEEKDAY && WEEKDAYS.iter().any(|start| word.starts_with(start));
    let is_number = |rest: &[u8]| numeric(rest).is_some() || matches!(rest, [b'0'..=b'9', _, _, b'0'..=b'9', b'-', ..]);
    if is_weekday && is_number(rest) { rest } else { cell }
}

/// Reads `3/4/2027`, `03.04.27` or `03-04-2027`, with anything after a space. Returns the two first numbers and the year.
fn numeric(cell: &[u8]) -> Option<(u8, u8, i16)> {
    let (first, rest) = short_number(cell)?;
    let (&separator, rest) = rest.split_first()?;
    if !matches!(separator, b'/' | b'.' | b'-') {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let (second, rest) = short_number(rest)?;
    let rest = rest.strip_prefix(&[separator])?.trim_ascii_start();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let year =
        rest[..digits].iter().try_fold(0_i16, |year, b| year.checked_mul(10)?.checked_add(i16::from(b - b'0')))?;
    let year = match digits {
        4 => year,
        2 => 2000 + year,
        _ => return None,
    };
    let is_end = rest[digits..].first().is_none_or(|b| matches!(b, b' ' | b',' | b'T'));
    is_end.then_some((first, second, year))
}

/// Reads one or two digits.
fn short_number(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&a, rest) = text.split_first()?;
    let a = digit(a)?;
    match rest.split_first().and_then(|(&b, rest)| Some((digit(b)?, rest))) {
        Some((b, rest)) => Some((a * 10 + b, rest)),
        None => Some((a, rest)),
    }
}

fn digit(b: u8) -> Option<u8> {
    b.is_ascii_digit().then(|| b - b'0')
}

/// Returns the seconds of `T10:30:15`.
fn seconds_of(rest: &[u8]) -> Option<i64> {
    let rest = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")).or_else(|| rest.strip_prefix(b"t"))?;
    let (hour, rest) = short_number(rest)?;
    let (minute, rest) = short_number(rest.strip_prefix(b":")?)?;
    let second = rest.strip_prefix(b":").and_then(short_number).map_or(0, |(second, _)| second);
    Some(i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second))
}

/// Returns the offset from UTC at the end of a time, in seconds: `Z`, `+03:00`, `-0500`, ` UTC`.
fn offset_of(rest: &[u8]) -> Option<i32> {
    if rest.ends_with(b"Z") || rest.ends_with(b"z") || rest.ends_with(b"UTC") || rest.ends_with(b"GMT") {
        return Some(0);
    }
    let at = rest.iter().rposition(|b| matches!(b, b'+' | b'-'))?;
    let sign = if rest[at] == b'-' { -1 } else { 1 };
    let (hours, after) = short_number(&rest[at + 1..])?;
    let minutes = short_number(after.strip_prefix(b":").unwrap_or(after)).map_or(0, |(minutes, _)| minutes);
    Some(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

/// Reads a day with the name of a month, in several languages: `5 March 2027`, `Mar 5, 2027`, `5. März 2027`, `05-Mar-27`.
fn named(text: &str) -> Option<DayNumber> {
    let parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.')).filter(|part| !part.is_empty());
    let (mut day, mut month, mut year) = (None, None, None);
    for part in parts.take(6) {
        if let Ok(number) = part.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i16>() {
            match number {
                1..=31 if day.is_none() => day = Some(number as i8),
                1970..=2149 if year.is_none() => year = Some(number),
                0..=99 if day.is_some() && month.is_some() && year.is_none() => year = Some(2000 + number),
                _ => {}
            }
        } else {
            // The last one counts: `mar` before a day is a Tuesday in French.
            month = months::expected_number(&part.to_lowercase()).or(month);
        }
        if let (Some(day), Some(month), Some(year)) = (day, month, year) {
            return day_number(Date::new(year, month as i8, day).ok()?);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, order: Option<DayOrder>) -> String {
        let mut reader = DayReader::new(TimeZone::get("Africa/Nairobi").unwrap(), order);
        match reader.read(cell.as_bytes()) {
            Reading::Day(number) => date(number).to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn days_of_exports_are_read() {
        for (cell, day) in [
            ("2027-03-05", "2027-03-05"),
            ("2027/3/5", "2027-03-05"),
            ("2027-03-05 22:30", "2027-03-05"),
            ("2027-03-05T22:30:00Z", "2027-03-06"),
            ("2027-03-05T22:30:00.000+0000", "2027-03-06"),
            ("2027-03-05T22:30:00-05:00", "2027-03-06"),
            ("2027-03-05T20:59:59Z", "2027-03-05"),
            ("25/03/2027", "2027-03-25"),
            ("03/25/2027 14:05", "2027-03-25"),
            ("25.3.27", "2027-03-25"),
            ("05/05/2027", "2027-05-05"),
            ("5 March 2027", "2027-03-05"),
            ("Mar 5, 2027", "2027-03-05"),
            ("5. März 2027", "2027-03-05"),
            ("05-Mar-27", "2027-03-05"),
            ("Di, 16.03.2027", "2027-03-16"),
            ("Tuesday 3/16/2027 10:00", "2027-03-16"),
            ("mar. 2027-03-16", "2027-03-16"),
            ("mar 6 avril 2027", "2027-04-06"),
            ("Tue Mar 16 14:05:11 2027", "2027-03-16"),
            ("until 16.03.2027", "Bad"),
            ("46451", "2027-03-05"),
            ("46451.75", "2027-03-05"),
            ("1804280400000", "2027-03-06"),
            ("", "Empty"),
            ("soon", "Bad"),
            ("2027-02-30", "Bad"),
            ("32/01/2027", "Bad"),
            ("12", "Bad"),
        ] {
            assert_eq!(read(cell, None), day, "{cell}");
        }
    }

    #[test]
    fn months_in_windows_1252_are_read() {
        let mut reader = DayReader::new(TimeZone::UTC, None);
        for (cell, day) in [
            (b"3 f\xe9vrier 2027".as_slice(), "2027-02-03"),
            (b"14 ao\xfbt 2027", "2027-08-14"),
            (b"1 d\xe9cembre 2027", "2027-12-01"),
        ] {
            let Reading::Day(number) = reader.read(cell) else { panic!("{day} is not read") };
            assert_eq!(date(number).to_string(), day);
        }
    }

    #[test]
    fn ambiguous_day_needs_the_order_of_its_column() {
        assert_eq!(read("03/04/2027", None), "Ambiguous { first: 3, second: 4, year: 2027 }");
        assert_eq!(read("03/04/2027", Some(DayOrder::DayFirst)), "2027-04-03");
        assert_eq!(read("03/04/2027", Some(DayOrder::MonthFirst)), "2027-03-04");
        assert_eq!(read("25/03/2027", Some(DayOrder::MonthFirst)), "Bad");
        assert_eq!(proven_order(b"25/03/2027"), Some(DayOrder::DayFirst));
        assert_eq!(proven_order(b"3/25/27 10:00"), Some(DayOrder::MonthFirst));
        assert_eq!(proven_order(b"Thu 25/03/2027"), Some(DayOrder::DayFirst));
        assert_eq!(proven_order(b"03/04/2027"), None);
        assert_eq!(proven_order(b"31.02.2027"), None);
    }

    #[test]
    fn day_numbers_are_days_since_1970() {
        for days in [1_i64, 365, 20_000, 65_000] {
            let date = Date::new(1970, 1, 1).unwrap().saturating_add(jiff::Span::new().days(days));
            assert_eq!(day_number(date), Some(days as DayNumber));
            assert_eq!(super::date(days as DayNumber), date);
        }
        let sunday = day_number(Date::new(2027, 3, 7).unwrap()).unwrap();
        assert_eq!(date(week_start(sunday)).to_string(), "2027-03-01");
        assert_eq!(date(month_start(sunday)).to_string(), "2027-03-01");
    }
}
