//! Parses the text of `lead-tags.csv` into a register, or reports everything that is wrong with the file.

use std::collections::HashSet;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::cells::{Cell, QuoteError, Records};
use super::checksums::{Checksums, RowChecksum};
use super::conflict::{ConflictState, conflict_marker};
use super::limit::{MAX_DIAGNOSTICS, first_of};
use super::overlaps::overlaps;
use super::row_reader::RowReader;
use super::rows::{COLUMNS, Register, Row};
use super::spreadsheet;
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The bytes that one thread reads at a time: about two thousand rows.
const BYTES_PER_PART: usize = 256 * 1024;

/// Reads the register. Rows may come in any order and more than once, as git's `merge=union`
/// leaves them. A file with only the header is an empty register; a file without a header is an
/// error.
pub fn read(source: &Arc<SourceText>) -> Result<Register, Vec<Diagnostic>> {
    let rows = located_rows(source, None)?.into_iter().map(|row| row.value).collect();
    Ok(Register::of(rows))
}

/// Reads the register as [`read`] does. The rows are sorted.
pub(super) fn located_rows(
    source: &Arc<SourceText>,
    checksums: Option<&Checksums>,
) -> Result<Vec<Located<Row>>, Vec<Diagnostic>> {
    if source.text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(vec![empty_file(source)]);
    }
    let (mut rows, mut diagnostics) = rows(source, MAX_DIAGNOSTICS);
    if diagnostics.is_empty() {
        rows.sort_by(|a, b| a.value.compare(&b.value));
        keep_one_version(&mut rows, checksums);
        diagnostics = overlaps(source, &rows);
    }
    if diagnostics.is_empty() { Ok(rows) } else { Err(first_of(diagnostics)) }
}

/// Reads the rows of all lines that are not damaged, in the order of the file. Returns whether other lines are damaged.
pub(super) fn undamaged_rows(source: &Arc<SourceText>) -> (Vec<Row>, bool) {
    let (rows, diagnostics) = rows(source, usize::MAX);
    (rows.into_iter().map(|row| row.value).collect(), !diagnostics.is_empty())
}

/// Reads all lines in parallel, or stops after more errors than the limit. The rows are incomplete where there are diagnostics.
fn rows(source: &Arc<SourceText>, limit: usize) -> (Vec<Located<Row>>, Vec<Diagnostic>) {
    let parts = parts(&source.text);
    if parts.len() > 1 {
        let read =
            parts.into_par_iter().enumerate().map(|(number, part)| rows_of_part(source, &part, number > 0, limit));
        let read: Vec<_> = read.collect();
        if read.iter().all(|(_, diagnostics)| diagnostics.is_empty()) {
            // In one allocation: growing it would copy hundreds of thousands of rows several times.
            let mut rows = Vec::with_capacity(read.iter().map(|(rows, _)| rows.len()).sum());
            read.into_iter().for_each(|(part, _)| rows.extend(part));
            return (rows, Vec::new());
        }
        // A part may begin within a quoted cell, and some errors depend on the lines above.
    }
    rows_of_part(source, &(0..source.text.len()), false, limit)
}

/// Splits a text after line breaks into parts of about [`BYTES_PER_PART`]. The first one begins with the header.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = text.len() - text.trim_start_matches(['\u{feff}', '\r', '\n']).len();
    while start < text.len() {
        let after = (start + BYTES_PER_PART).min(text.len());
        let end = memchr::memchr(b'\n', &text.as_bytes()[after..]).map_or(text.len(), |length| after + length + 1);
        parts.push(start..end);
        start = end;
    }
    parts
}

/// Reads the lines of a part. `has_header`: the header is above the part.
fn rows_of_part(
    source: &Arc<SourceText>,
    part: &Range<usize>,
    mut has_header: bool,
    limit: usize,
) -> (Vec<Located<Row>>, Vec<Diagnostic>) {
    let mut reader = RowReader::new(source);
    let mut records = Records::of_part(&source.text, part);
    let mut cells = Vec::with_capacity(COLUMNS.len());
    let lines = memchr::memchr_iter(b'\n', &source.text.as_bytes()[part.clone()]).count();
    let mut rows = Vec::with_capacity(lines);
    let mut conflict = ConflictState::default();
    while let Some(record) = records.next(&mut cells) {
        if reader.diagnostics.len() > limit {
            break;
        }
        let span = match record {
            Ok(span) => span,
            Err(error) => {
                reader.diagnostics.push(quote_error(source, error));
                continue;
            }
        };
        if let Some(marker) = conflict_marker(&cells[0].text) {
            if conflict.is_new_conflict(marker) {
                reader.diagnostics.push(unresolved_conflict(source, span));
            }
            continue;
        }
        // A union merge of two new files leaves two headers.
        if cells.iter().map(|cell| &cell.text).eq(COLUMNS) {
            has_header = true;
            continue;
        }
        // Without the header the meaning of the cells is unknown.
        if !has_header {
            let other_separator = spreadsheet::other_separator(source, span);
            reader.diagnostics.push(other_separator.unwrap_or_else(|| wrong_header(source, span, &cells)));
            break;
        }
        let row = reader.row(span, &cells);
        rows.extend(row.map(|value| Located { value, span }));
    }
    let mut diagnostics = reader.diagnostics;
    diagnostics.extend(spreadsheet::changed_cells(source, &reader.changed_cells));
    (rows, diagnostics)
}

/// A union merge keeps a row as each branch left it: closed on one side and open on the other, or
/// with two labels. The first version that is listed in the checksums is retained, or else the first.
/// Closed rows sort first. If the content still offers such a row, the next `reconcile` opens it again.
fn keep_one_version(rows: &mut Vec<Located<Row>>, checksums: Option<&Checksums>) {
    if !rows.windows(2).any(|pair| are_versions_of_one_row(&pair[0].value, &pair[1].value)) {
        return;
    }
    let entries = checksums.map_or(&[][..], |checksums| &checksums.entries);
    let listed: HashSet<RowChecksum> = entries.iter().map(|entry| entry.checksum).collect();
    let is_listed = |row: &Row| listed.contains(&RowChecksum::of(row));
    rows.dedup_by(|later, earlier| {
        let are_versions = are_versions_of_one_row(&later.value, &earlier.value);
        if are_versions && is_listed(&later.value) && !is_listed(&earlier.value) {
            mem::swap(later, earlier);
        }
        are_versions
    });
}

pub(super) fn are_versions_of_one_row(a: &Row, b: &Row) -> bool {
    a.tag == b.tag && a.from == b.from && a.kind == b.kind && a.offer == b.offer
}

fn empty_file(source: &Arc<SourceText>) -> Diagnostic {
    Diagnostic::error(Rule::BadRegister, "the tag register is empty, and its header is missing")
        .in_file(&source.path)
        .help("restore it from the last commit; delete it only if the site has never issued a lead tag")
}

fn wrong_header(source: &Arc<SourceText>, span: Span, cells: &[Cell<'_>]) -> Diagnostic {
    let written = cells.iter().map(|cell| Some(&*cell.text));
    let expected = COLUMNS.iter().copied().map(Some);
    let first_wrong =
        written.chain([None]).zip(expected.chain([None])).position(|(written, expected)| written != expected);
    let wrong_cell = first_wrong.and_then(|column| cells.get(column));
    let at = wrong_cell.map_or(Span::new(span.end as usize, span.end as usize), |cell| cell.span);
    let label = match first_wrong.and_then(|column| COLUMNS.get(column)) {
        Some(column) => format!("expected column `{column}`"),
        None => "unknown column".to_owned(),
    };
    Diagnostic::error(Rule::BadRegister, "the tag register does not begin with its header")
        .at(source, at, label)
        .help(format!("the first line must be `{}`", COLUMNS.join(",")))
}

fn quote_error(source: &Arc<SourceText>, error: QuoteError) -> Diagnostic {
    match error {
        QuoteError::Unclosed(quote) => Diagnostic::error(Rule::BadRegister, "a quote is never closed")
            .at(source, quote, "opened here")
            .help("add a `\"` at the end of the cell"),
        QuoteError::TextAfterQuote { quoted, rest } => {
            Diagnostic::error(Rule::BadRegister, "a quoted cell continues after its closing quote")
                .at(source, Span::new(quoted.start as usize, quoted.start as usize + 1), "opened here")
                .at(source, rest, "expected a comma or the end of the line")
                .help("inside a quoted cell, write a quote twice: `\"\"`")
        }
    }
}

fn unresolved_conflict(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::BadRegister, "the tag register has a merge conflict")
        .at(source, span, "conflict marker from git")
        .help("keep the lines of both sides, delete the marker lines, then run `tagline tags`")
        .help("with `lead-tags.csv merge=union` in `.gitattributes`, git merges the file without conflicts")
}

#[cfg(test)]
mod tests {
    use super::super::write::write;
    use super::*;

    const HEADER: &str = "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until";

    /// A row without a code, on the channel `direct`.
    fn line(campaign: &str, offer: &str, from: &str, until: &str) -> String {
        format!("{campaign}_b_direct,{campaign},b,coupon,direct,Save,{offer},/{campaign}/,,{from},{until}")
    }

    fn source(lines: &[&str]) -> Arc<SourceText> {
        SourceText::new("lead-tags.csv", [&[HEADER], lines].concat().join("\n"))
    }

    /// Each error as `line:column` of its first span, the text there, the message and the label.
    fn errors(source: &Arc<SourceText>) -> Vec<String> {
        let diagnostics = read(source).expect_err("the file is bad");
        let lines = diagnostics.iter().map(|diagnostic| {
            assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
            let label = &diagnostic.labels[0];
            let (line, column) = source.line_and_column(label.span.start as usize);
            let written = &source.text[label.span.range()];
            format!("{line}:{column} {written} | {} | {}", diagnostic.message, label.text)
        });
        lines.collect()
    }

    #[test]
    fn a_wrong_cell_is_reported_with_its_place_and_what_to_write() {
        let coded = "a_b_c,a,b,coupon,c,Save,X,/a/";
        for (line, expected) in [
            (
                "a_b,a,b,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:1 a_b | `a_b` is not a lead tag | expected three parts, `campaign_cta_channel`, found 2",
            ),
            (
                "a_b_direct,z,b,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:12 z | the campaign `z` does not match the lead tag | expected `a`",
            ),
            (
                "a_b_direct,a,,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:14  | the CTA `` does not match the lead tag | expected `b`",
            ),
            (
                "a_b_direct,a,b,coupon,other,Save,X,/a/,,2027-01-01,",
                "2:23 other | the channel `other` does not match the lead tag | expected `direct`",
            ),
            (
                "a_b_direct,a,b,cupon,direct,Save,X,/a/,,2027-01-01,",
                "2:16 cupon | unknown kind `cupon` | expected `coupon`, `download`, `booking` or `contact`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,9333qapk0k,2027-01-01,",
                "2:41 9333qapk0k | channel `direct` has no code | leave this cell empty",
            ),
            (
                &format!("{coded},pw2wvxbrab,2027-01-01,"),
                "2:31 pw2wvxbrab | wrong code for campaign `a` on channel `c` | write `etwfpsdqkh`",
            ),
            (
                &format!("{coded},,2027-01-01,"),
                "2:31  | wrong code for campaign `a` on channel `c` | write `etwfpsdqkh`",
            ),
            (
                &format!("{coded},9.3E+08,2027-01-01,"),
                "2:31 9.3E+08 | `9.3E+08` is not a short code: expected 10 characters, found 7 | write `etwfpsdqkh`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,31/03/2027,",
                "2:42 31/03/2027 | a spreadsheet changed 1 cell of the tag register | a day, not written like `2027-03-31`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,2027-01-01,2027-02-29",
                "2:53 2027-02-29 | `2027-02-29` is not a date | write year, month and day, like `2027-03-31`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,2027-01-02,2027-01-01",
                "2:53 2027-01-01 | this row ends before it begins | it begins on 2027-01-02",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save, again,X,/a/,,2027-01-01,",
                "2:1 a_b_direct,a,b,coupon,direct,Save, again,X,/a/,,2027-01-01, | expected 11 cells, found 12 | each line of the tag register is one row",
            ),
            (
                "a_b_direct,a,b,coupon,direct,\"Save,X,/a/,,2027-01-01,",
                "2:30 \" | a quote is never closed | opened here",
            ),
            (
                "a_b_direct,a,b,coupon,direct,\"Save\" now,X,/a/,,2027-01-01,",
                "2:30 \" | a quoted cell continues after its closing quote | opened here",
            ),
        ] {
            assert_eq!(errors(&source(&[line])), [expected]);
        }
    }

    #[test]
    fn spans_are_right_after_quoted_commas_and_line_breaks() {
        let text = "a_b_direct,a,b,coupon,direct,\"Save, \"\"now\"\"\nor é\",X,/é/,,2027-13-01,never";
        assert_eq!(
            errors(&source(&[&line("z", "X", "2027-01-01", ""), text])),
            [
                "4:14 2027-13-01 | `2027-13-01` is not a date | write year, month and day, like `2027-03-31`",
                "4:25 never | `never` is not a date | write year, month and day, like `2027-03-31`",
            ],
        );
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let lines = [
            "A_b_direct,a,b,cupon,direct,Save,X,/a/,,2027,2028",
            "\"",
            &line("c", "X", "2027-01-01", ""),
            "a_b_direct",
        ];
        let places: Vec<String> =
            errors(&source(&lines)).iter().filter_map(|error| error.split(' ').next().map(str::to_owned)).collect();
        assert_eq!(places, ["2:1", "2:16", "2:41", "2:46", "3:1", "5:1"]);
    }

    #[test]
    fn large_file_is_read_in_parts_with_the_same_result() {
        let lines: Vec<String> = (0..9000).map(|number| line(&format!("c{number}"), "X", "2027-01-01", "")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let in_order = |source: &Arc<SourceText>| rows_of_part(source, &(0..source.text.len()), false, MAX_DIAGNOSTICS);
        let plain = source(&lines);
        assert!(parts(&plain.text).len() > 2);
        // All line breaks between the parts are within cells.
        let quoted = SourceText::new("lead-tags.csv", plain.text.replace("Save", "\"Save\n\n\n\n\n\n\n\n\n\nmore\""));
        for source in [plain, quoted] {
            let (rows, diagnostics) = rows(&source, MAX_DIAGNOSTICS);
            assert_eq!((rows.len(), diagnostics.len()), (9000, 0));
            assert_eq!(rows, in_order(&source).0);
        }
        let bad = [&lines[..], &["a_b_direct"]].concat();
        assert!(errors(&source(&bad))[0].starts_with("9002:1 "));
    }

    #[test]
    fn at_most_a_hundred_errors_are_reported() {
        let lines = vec!["a_b_direct"; 5000];
        let errors = read(&source(&lines)).unwrap_err();
        assert_eq!(errors.len(), MAX_DIAGNOSTICS);
        let last = errors[MAX_DIAGNOSTICS - 1].help.last().unwrap();
        assert_eq!(last, "there are more errors; only the first 100 are shown");
    }

    #[test]
    fn a_wrong_header_is_reported_at_its_first_wrong_column() {
        for (header, expected) in [
            ("tag,campaign,kind", "1:14 kind | expected column `cta`"),
            ("tag,campaign", "1:13  | expected column `cta`"),
            ("tag;campaign", "1:1 tag;campaign | expected column `tag`"),
            (&*format!("{HEADER},note"), "1:72 note | unknown column"),
            ("a_b_direct,a,b", "1:1 a_b_direct | expected column `tag`"),
        ] {
            let source = SourceText::new("lead-tags.csv", format!("{header}\nx,y\n"));
            let message = "the tag register does not begin with its header";
            let expected = expected.replacen(" | ", &format!(" | {message} | "), 1);
            assert_eq!(errors(&source), [expected]);
        }
    }

    #[test]
    fn overlapping_rows_of_one_lead_tag_are_errors() {
        for (days, expected) in [
            (
                [("X", "2027-01-01", ""), ("Y", "2027-02-01", "")],
                "3:42 2027-02-01 | lead tag `a_b_direct` has two open rows | from 2027-02-01",
            ),
            (
                [("X", "2027-01-01", "2027-02-02"), ("Y", "2027-02-01", "")],
                "3:42 2027-02-01 | two rows of lead tag `a_b_direct` overlap | from 2027-02-01",
            ),
            (
                [("X", "2027-01-01", ""), ("Y", "2027-02-01", "2027-03-01")],
                "3:42 2027-02-01 | two rows of lead tag `a_b_direct` overlap | from 2027-02-01",
            ),
            (
                // Line 2 is the later one.
                [("X", "2027-02-01", ""), ("Y", "2027-01-01", "")],
                "2:42 2027-02-01 | lead tag `a_b_direct` has two open rows | from 2027-02-01",
            ),
        ] {
            let lines = days.map(|(offer, from, until)| line("a", offer, from, until));
            let source = source(&[&lines[0], &lines[1]]);
            assert_eq!(errors(&source), [expected], "{days:?}");
        }
    }

    #[test]
    fn an_overlap_is_reported_with_the_dates_to_write() {
        for (days, help) in [
            (
                [("X", "2027-01-01", ""), ("Y", "2027-02-01", "")],
                "the earlier row must end when the later one begins: set its `until` to 2027-02-01",
            ),
            (
                [("X", "2027-01-01", "2027-03-01"), ("X", "2027-02-01", "")],
                "both rows have the same offer: merge them into one row with `from` 2027-01-01 and an empty `until`",
            ),
            (
                [("X", "2027-01-01", "2027-03-01"), ("X", "2027-02-01", "2027-02-02")],
                "both rows have the same offer: merge them into one row with `from` 2027-01-01 and `until` 2027-03-01",
            ),
        ] {
            let lines = days.map(|(offer, from, until)| line("a", offer, from, until));
            let errors = read(&source(&[&lines[0], &lines[1]])).unwrap_err();
            assert_eq!(errors[0].help[0], help, "{days:?}");
            assert_eq!(errors[0].labels.len(), 2, "both rows are shown");
        }
    }

    #[test]
    fn adjacent_rows_and_zero_length_rows_do_not_overlap() {
        let a = |offer, from, until| line("a", offer, from, until);
        for lines in [
            [a("X", "2027-01-01", "2027-02-01"), a("Y", "2027-02-01", "")],
            [a("X", "2027-01-01", "2027-01-01"), a("Y", "2027-01-01", "")],
            [a("X", "2027-01-01", ""), a("Y", "2027-02-01", "2027-02-01")],
            [a("X", "2027-01-01", ""), line("z", "X", "2027-01-01", "")],
        ] {
            let register = read(&source(&[&lines[1], &lines[0]])).unwrap();
            let text = write(&register);
            assert_eq!(text, format!("{HEADER}\n{}\n{}\n", lines[0], lines[1]));
        }
    }

    #[test]
    fn a_merge_conflict_is_reported_once_with_its_fix() {
        let (ours, theirs) = (line("a", "X", "2027-01-01", ""), line("b", "Y", "2027-01-01", ""));
        let conflict = ["<<<<<<< HEAD", &ours, "||||||| 0123abc", "=======", &theirs, ">>>>>>> spring"];
        let message = "the tag register has a merge conflict | conflict marker from git";
        let twice = [&conflict[..], &conflict[..]].concat();
        assert_eq!(
            errors(&source(&twice)),
            [format!("2:1 <<<<<<< HEAD | {message}"), format!("8:1 <<<<<<< HEAD | {message}")]
        );
        assert_eq!(errors(&source(&[&ours, "=======", &theirs])), [format!("3:1 ======= | {message}")]);
        let errors = read(&source(&conflict)).unwrap_err();
        assert!(errors[0].help[0].starts_with("keep the lines of both sides"));
        let around_all =
            SourceText::new("lead-tags.csv", format!("<<<<<<< HEAD\n{HEADER}\n=======\n{HEADER}\n>>>>>>> x\n"));
        assert_eq!(read(&around_all).unwrap_err().len(), 1);
    }

    #[test]
    fn files_from_union_merges_and_other_editors_are_read() {
        let (a, b) = (line("a", "X", "2027-01-01", ""), line("b", "X", "2027-01-01", "2027-02-01"));
        let expected = format!("{HEADER}\n{a}\n{b}\n");
        for text in [
            format!("{HEADER}\n{a}\n{b}\n"),
            format!("{HEADER}\n{b}\n{a}"),
            format!("{HEADER}\n{a}\n{b}\n{a}\n"),
            format!("{HEADER}\n{a}\n{HEADER}\n{b}\n"),
            format!("\u{feff}{HEADER}\r\n{a}\r\n{b}\r\n"),
            format!("{HEADER}\n\n{a}\n\n{b}\n\n"),
            expected.replace("Save", "\"Save\""),
        ] {
            let register = read(&SourceText::new("lead-tags.csv", &*text)).unwrap();
            assert_eq!(write(&register), expected, "{text}");
        }
    }

    #[test]
    fn a_file_with_only_a_header_is_an_empty_register() {
        for text in [HEADER, &format!("{HEADER}\r\n")] {
            let register = read(&SourceText::new("lead-tags.csv", text)).unwrap();
            assert_eq!(register, Register::default(), "{text:?}");
            assert_eq!(write(&register), format!("{HEADER}\n"));
        }
    }

    #[test]
    fn a_file_without_a_header_is_an_error() {
        for text in ["", "\n", "\u{feff}"] {
            assert_eq!(read(&SourceText::new("lead-tags.csv", text)).unwrap_err().len(), 1, "{text:?}");
        }
    }
}
