//! Time zones by their IANA names.

use jiff::tz::TimeZone;

use crate::diagnostics::{Diagnostic, count};
use crate::rules::Rule;
use crate::yaml::shape::text_schema;
use crate::yaml::values::value;
use crate::yaml::{Node, Shape, YamlReader};

pub const TIMEZONE: Shape = Shape::value("IANA name", |_| text_schema());

/// Reads the IANA name of a time zone.
pub fn timezone(reader: &mut YamlReader, node: &Node) -> Option<TimeZone> {
    let text = value(reader, node)?;
    let zone_of_abbreviation = zone_of_abbreviation(&text);
    if let Ok(zone) = TimeZone::get(&text)
        && zone_of_abbreviation.is_none()
        && fixed_offset(&text).is_none()
    {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let label = "write it as in `Africa/Nairobi` or `UTC`";
    let message = match fixed_offset(&text) {
        Some(offset) => format!("`{text}` is {offset}, all year"),
        None => format!("unknown time zone `{text}`"),
    };
    let diagnostic = Diagnostic::error(Rule::BadTimezone, message).at(reader.source, node.span, label);
    let name_of_city = text.replace(' ', "_");
    let is_city = |name: &&String| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&name_of_city));
    reader.diagnostics.push(match (zone_of_abbreviation, known.iter().find(is_city)) {
        (Some(zone), _) => diagnostic.help(format!("write `{zone}`: an abbreviation has no summer time")),
        (None, _) if text.starts_with("Etc/GMT") => diagnostic.help(
            "write the name of a place: in these names the sign is the other way round, and there is no summer time",
        ),
        (None, _) if is_offset(&text) => {
            diagnostic.help("write the name of a place: an offset from UTC has no summer time")
        }
        (None, Some(city)) => diagnostic.help(format!("did you mean `{city}`?")),
        (None, None) => diagnostic.suggest(&text, known.iter().map(String::as_str)),
    });
    None
}

/// Abbreviations of times, each with the zone of the largest place that uses it. The database has some of them: there `EST`
/// and `MST` have no summer time.
const ABBREVIATIONS: [(&str, &str); 34] = [
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("ET", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("CT", "America/Chicago"),
    ("MST", "America/Denver"),
    ("MDT", "America/Denver"),
    ("MT", "America/Denver"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
    ("AST", "America/Halifax"),
    ("BRT", "America/Sao_Paulo"),
    ("ART", "America/Argentina/Buenos_Aires"),
    ("BST", "Europe/London"),
    ("CEST", "Europe/Berlin"),
    ("MEZ", "Europe/Berlin"),
    ("MESZ", "Europe/Berlin"),
    ("EEST", "Europe/Athens"),
    ("WEST", "Europe/Lisbon"),
    ("MSK", "Europe/Moscow"),
    ("EAT", "Africa/Nairobi"),
    ("WAT", "Africa/Lagos"),
    ("CAT", "Africa/Maputo"),
    ("SAST", "Africa/Johannesburg"),
    ("GST", "Asia/Dubai"),
    ("IST", "Asia/Kolkata"),
    ("SGT", "Asia/Singapore"),
    ("HKT", "Asia/Hong_Kong"),
    ("JST", "Asia/Tokyo"),
    ("AEST", "Australia/Sydney"),
    ("AEDT", "Australia/Sydney"),
    ("NZST", "Pacific/Auckland"),
];

fn zone_of_abbreviation(text: &str) -> Option<&'static str> {
    ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(text)).map(|(_, zone)| *zone)
}

/// Returns the offset of `Etc/GMT+5`, whose sign is that of POSIX: five hours behind UTC.
fn fixed_offset(text: &str) -> Option<String> {
    let written = text.strip_prefix("Etc/GMT")?;
    let (direction, hours) = match (written.strip_prefix('+'), written.strip_prefix('-')) {
        (Some(hours), _) => ("behind", hours),
        (_, Some(hours)) => ("ahead of", hours),
        (None, None) => return None,
    };
    let hours: u8 = hours.parse().ok().filter(|hours| *hours > 0)?;
    Some(format!("{} {direction} UTC", count(hours.into(), "hour")))
}

/// Returns true for `+03:00`, `UTC+3` and `GMT-5`.
fn is_offset(text: &str) -> bool {
    let rest = ["UTC", "GMT"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let digits = rest.strip_prefix(['+', '-', '\u{2212}']);
    digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}
