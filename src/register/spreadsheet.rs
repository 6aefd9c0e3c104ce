//! What a spreadsheet does to the cells of a CSV file that it opens and saves: codes become numbers or days, zeros and plus
//! signs get lost, days are written in another way. Such a register is reported with its cause, and never taken for a
//! change of what was offered.

use std::sync::Arc;

use super::changes::{Change, Changes};
use super::rows::{COLUMNS, Register, Row};
use crate::diagnostics::{Diagnostic, count};
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::model::tag::LeadTag;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// How many cells a message shows.
const MAX_SHOWN: usize = 5;
/// The most zeros that a code begins with.
const MAX_ZEROS: usize = 12;
/// The names of months, as spreadsheets in English write them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A cell that a spreadsheet changed.
#[derive(Clone, Debug)]
pub struct ChangedCell {
    pub span: Span,
    /// What happened to it.
    pub label: String,
}

impl ChangedCell {
    /// A cell that was another text.
    pub fn was(span: Span, original: &str) -> ChangedCell {
        ChangedCell { span, label: format!("was `{original}`") }
    }

    /// A day that is written in another way.
    pub fn day(span: Span) -> ChangedCell {
        ChangedCell { span, label: "a day, not written like `2027-03-31`".to_owned() }
    }
}

/// Returns the error for a register that a spreadsheet saved. `None` if no cell was changed.
pub fn changed_cells(source: &Arc<SourceText>, cells: &[ChangedCell]) -> Option<Diagnostic> {
    let message = format!("a spreadsheet changed {} of the tag register", count(cells.len(), "cell"));
    let mut diagnostic = Diagnostic::error(Rule::BadRegister, message);
    for ChangedCell { span, label } in cells.iter().take(MAX_SHOWN) {
        diagnostic = diagnostic.at(source, *span, label);
    }
    (!cells.is_empty()).then(|| with_way_back(diagnostic))
}

/// Returns the error for a header with other separators than commas. `None` if it is no such header.
pub fn other_separator(source: &Arc<SourceText>, header: Span) -> Option<Diagnostic> {
    let line = &source.text[header.range()];
    let cells = |separator: char| line.split(separator).map(|cell| cell.trim().trim_matches('"'));
    let (_, name) = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")]
        .into_iter()
        .find(|(separator, _)| cells(*separator).take(COLUMNS.len()).eq(COLUMNS))?;
    let message = format!("a spreadsheet saved the tag register with {name} between the cells");
    let diagnostic = Diagnostic::error(Rule::BadRegister, message);
    Some(with_way_back(diagnostic.at(source, header, "commas are expected here")))
}

/// Adds how to get the former register back.
pub fn with_way_back(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic
        .help(format!(
            "`tagline tags --restore` puts the rows back from the history of git; so does \
             `git checkout HEAD -- {REGISTER_FILE} {CHECKSUM_FILE}`"
        ))
        .help("for spreadsheets there is `sales/lead-sources.csv`")
}

/// Returns the error for a register whose open rows have offers as a spreadsheet writes those of the content. `None` if there
/// are none. Without checksums, nothing else says whether the content or the register changed.
pub fn offers_of_spreadsheet(before: &Register, changes: &Changes) -> Option<Diagnostic> {
    let open =
        |register: &Register, tag: &LeadTag| register.rows_of(tag).iter().find(|row| row.until.is_none()).cloned();
    let rows =
        changes.tags(Change::NewOffer).filter_map(|tag| Some((open(before, tag)?, open(&changes.register, tag)?)));
    let rows: Vec<(Row, Row)> =
        rows.filter(|(old, new)| old.kind == new.kind && can_become(&new.offer, &old.offer)).collect();
    let (first, _) = rows.first()?;
    let message = match rows.len() {
        1 => format!("a spreadsheet seems to have changed the offer of lead tag `{}`", first.tag),
        rows => format!("a spreadsheet seems to have changed the offers of {rows} lead tags"),
    };
    let mut diagnostic = Diagnostic::error(Rule::BadRegister, message).in_file(REGISTER_FILE);
    for (old, new) in rows.iter().take(MAX_SHOWN) {
        diagnostic = diagnostic.help(format!("`{}` has `{}`, and the content has `{}`", old.tag, old.offer, new.offer));
    }
    Some(with_way_back(diagnostic).help(
        "if the content is what changed, close these rows first: write the day of the change into their last cell, `until`",
    ))
}

/// Returns whether a spreadsheet can have written `found` for a cell that was `original`.
pub fn can_become(original: &str, found: &str) -> bool {
    if original == found {
        return false;
    }
    let (original, found) = (original.trim(), found.trim().trim_start_matches('\''));
    if original == found || found.starts_with("##") && found.bytes().all(|byte| byte == b'#') {
        return true;
    }
    if ["true", "false"].iter().any(|word| original.eq_ignore_ascii_case(word)) {
        return original.eq_ignore_ascii_case(found);
    }
    if let (Some(before), Some(after)) = (number(original), number(found)) {
        // Cells show at least five digits, and numbers have at most fifteen.
        let is_rounded = found.contains(['e', 'E']) || original.len() > 15;
        let tolerance = if is_rounded { before.abs() * 1e-2 } else { 0.0 };
        return (before - after).abs() <= tolerance;
    }
    let (Some(before), Some(after)) = (DayLike::parse(original), DayLike::parse(found)) else { return false };
    before.can_be(after)
}

/// Returns texts that a spreadsheet turns into `found`.
pub fn possible_originals(found: &str) -> Vec<String> {
    let mut originals = vec![format!("+{found}")];
    let digits = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        originals.extend((1..=MAX_ZEROS).map(|zeros| format!("{}{found}", "0".repeat(zeros))));
        let significant = found.trim_end_matches('0');
        for zeros in 1..=found.len() - significant.len() {
            let mantissa = &found[..found.len() - zeros];
            originals.extend([format!("{mantissa}E{zeros}"), format!("{mantissa}e{zeros}")]);
        }
    }
    if found.eq_ignore_ascii_case("true") || found.eq_ignore_ascii_case("false") {
        let lower = found.to_ascii_lowercase();
        originals.extend([format!("{}{}", lower[..1].to_ascii_uppercase(), &lower[1..]), lower]);
    }
    if let Some(day) = DayLike::parse(found) {
        originals.extend(day.spellings());
    }
    originals.retain(|original| can_become(original, found));
    originals
}

/// Returns whether a text is a day as spreadsheets write it, or what they write for one that does not fit its column.
pub fn is_day(text: &str) -> bool {
    let text = text.trim().trim_start_matches('\'');
    let is_full = DayLike::parse(text).is_some_and(|day| day.numbers.len() + usize::from(day.month.is_some()) == 3);
    // The number of a day in spreadsheets: 36526 is 1 January 2000, 73050 is 31 December 2099.
    let is_serial = text.parse::<u32>().is_ok_and(|number| (36_526..=73_050).contains(&number));
    is_full || is_serial || !text.is_empty() && text.bytes().all(|byte| byte == b'#')
}

fn number(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE,".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit());
    let number: f64 = text.replace(',', ".").parse().ok()?;
    (is_number && number.is_finite()).then_some(number)
}

/// Two or three parts of a day, in any order: `MAR-27`, `2027/3/1`, `1.3.2027 00:00`.
struct DayLike {
    /// A month by its name, from 1.
    month: Option<u32>,
    numbers: Vec<u32>,
}

impl DayLike {
    fn parse(text: &str) -> Option<DayLike> {
        let text = text.split_once(['T', ' ']).filter(|(_, time)| time.contains(':')).map_or(text, |(day, _)| day);
        let mut day = DayLike { month: None, numbers: Vec::new() };
        let parts = text.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty());
        // `MAR27` is a month and a number too.
        let parts = parts.flat_map(|part| {
            let at = part.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0);
            let at = at.or_else(|| part.find(|c: char| !c.is_ascii_digit())).unwrap_or(part.len());
            let (first, second) = part.split_at(at);
            [first, second].into_iter().filter(|part| !part.is_empty())
        });
        let parts: Vec<&str> = parts.collect();
        for part in &parts {
            match part.parse() {
                Ok(number) if part.bytes().all(|byte| byte.is_ascii_digit()) => day.numbers.push(number),
                _ => {
                    let name = part.to_ascii_lowercase();
                    let month = MONTHS.iter().position(|month| name.starts_with(month) && name.len() <= 9)?;
                    if day.month.replace(month as u32 + 1).is_some() {
                        return None;
                    }
                }
            }
        }
        let is_number = |number: &u32| *number <= 31 || (1900..2200).contains(number) || *number < 100;
        ((2..=3).contains(&parts.len()) && !day.numbers.is_empty() && day.numbers.iter().all(is_number)).then_some(day)
    }

    /// Returns whether the parts of this text are among those of a day that a spreadsheet made from it. It adds a year or
    /// a first day, and may write a month as a number and a year with four digits.
    fn can_be(&self, whole: DayLike) -> bool {
        let mut rest: Vec<u32> = whole.month.into_iter().chain(whole.numbers).collect();
        let parts = self.month.into_iter().chain(self.numbers.iter().copied());
        parts.into_iter().all(|part| {
            let at =
                rest.iter().position(|other| *other == part || *other >= 100 && part < 100 && *other % 100 == part);
            at.map(|at| rest.remove(at)).is_some()
        })
    }

    /// Returns short texts that a spreadsheet takes for this day.
    fn spellings(&self) -> Vec<String> {
        let month = self.month.or_else(|| self.numbers.iter().copied().find(|number| (1..=12).contains(number)));
        let Some(month) = month else { return Vec::new() };
        let Some(name) = MONTHS.get(month as usize - 1) else { return Vec::new() };
        let names =
            [name.to_ascii_uppercase(), (*name).to_owned(), format!("{}{}", name[..1].to_uppercase(), &name[1..])];
        let mut spellings = Vec::new();
        for &number in &self.numbers {
            let short = [number % 100, number];
            for number in short.into_iter().flat_map(|number| [format!("{number}"), format!("{number:02}")]) {
                for separator in ["-", "/", "", " ", "."] {
                    for name in &names {
                        spellings.push(format!("{name}{separator}{number}"));
                        spellings.push(format!("{number}{separator}{name}"));
                    }
                    for month in [format!("{month}"), format!("{month:02}")] {
                        spellings.push(format!("{month}{separator}{number}"));
                        spellings.push(format!("{number}{separator}{month}"));
                    }
                }
            }
        }
        spellings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_spreadsheets_are_recognized() {
        for (original, found) in [
            ("0020", "20"),
            ("+254700000000", "254700000000"),
            ("+254700000000", "2.547E+11"),
            ("1E5", "100000"),
            ("1e5", "1.00E+05"),
            ("12e4567", "###"),
            ("1234567890123456789", "1234567890123450000"),
            ("true", "TRUE"),
            ("MAR-27", "2027-03-01"),
            ("MAR-27", "Mar-27"),
            ("MAR-27", "27-Mar"),
            ("3-1", "3/1/2027"),
            ("3-1", "01.03.2027"),
            ("2027-03", "2027-03-01"),
            ("2027-03", "Mar 2027"),
            (" SAVE", "SAVE"),
        ] {
            assert!(can_become(original, found), "{original} {found}");
        }
        for (original, found) in [
            ("0020", "0020"),
            ("SAVE20", "SAVE30"),
            ("20", "30"),
            ("0020", "21"),
            ("SPRING", "20"),
            ("MAR-27", "2027-04-01"),
            ("true", "1"),
            ("guide.pdf", "guide-2.pdf"),
            ("save20", "SAVE20"),
        ] {
            assert!(!can_become(original, found), "{original} {found}");
        }
    }

    #[test]
    fn originals_are_found_again() {
        for (original, found) in [
            ("0020", "20"),
            ("+254700000000", "254700000000"),
            ("1E5", "100000"),
            ("12e3", "12000"),
            ("MAR-27", "2027-03-01"),
            ("mar-27", "Mar-27"),
            ("MAR27", "27-Mar"),
            ("3-1", "3/1/2027"),
            ("2027-03", "2027-03-01"),
            ("true", "TRUE"),
        ] {
            assert!(possible_originals(found).contains(&original.to_owned()), "{original} {found}");
        }
    }

    #[test]
    fn days_in_other_formats_are_recognized() {
        for day in
            ["2026/11/01", "11/1/2026", "01.11.26", "1-Nov-26", "2026-11-01 00:00:00", "Nov 1, 2026", "46327", "####"]
        {
            assert!(is_day(day), "{day}");
        }
        for other in ["", "never", "2027-13-x", "1", "SPRING20", "11/2026"] {
            assert!(!is_day(other), "{other}");
        }
    }
}
