//! From the text of `lead-tags.csv` to a register, or to everything that is wrong with the file.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::cells::{Cell, Misquoted, Records};
use super::{COLUMNS, Register, Row};
use crate::diagnostics::Diagnostic;
use crate::model::code::ShortCode;
use crate::model::offer_kind::CtaKind;
use crate::model::slug::{NotASlug, Slug};
use crate::model::tag::{LeadTag, TagPart};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// A machine writes the file, so thousands of problems have one cause, and the first hundred show
/// it as well.
const MAX_PROBLEMS: usize = 100;

/// Reads the register. Rows may come in any order and more than once, as git's `merge=union`
/// leaves them. A header alone is an empty register; a file without one has lost it.
pub fn read(source: &Arc<SourceText>) -> Result<Register, Vec<Diagnostic>> {
    if source.text.trim_start_matches('\u{feff}').trim().is_empty() {
        let lost = Diagnostic::error(Rule::BadRegister, "the tag register is empty, without even its header")
            .in_file(&source.path)
            .help("bring it back from the last commit; only a site that never issued a lead tag may delete it");
        return Err(vec![lost]);
    }
    let mut reader = Reader::new(source);
    let mut rows = reader.rows();
    if reader.problems.is_empty() {
        rows.sort_by(|a, b| a.value.compare(&b.value));
        rows.dedup_by(|later, earlier| are_states_of_one_row(&later.value, &earlier.value));
        reader.problems = overlaps(source, &rows);
    }
    if reader.problems.is_empty() {
        let rows = rows.into_iter().map(|row| row.value).collect();
        return Ok(Register { rows });
    }
    if reader.problems.len() > MAX_PROBLEMS {
        reader.problems.truncate(MAX_PROBLEMS);
        if let Some(last) = reader.problems.pop() {
            reader.problems.push(last.help(format!("there are more problems, this is number {MAX_PROBLEMS}")));
        }
    }
    Err(reader.problems)
}

/// Where two branches were merged by union, one row may stand there as each of them left it: closed on one
/// side and open on the other, or under two labels. The closed one sorts first and is kept; what the content
/// derives today is opened again by the next `reconcile`.
fn are_states_of_one_row(a: &Row, b: &Row) -> bool {
    a.tag == b.tag && a.from == b.from && a.kind == b.kind && a.offer == b.offer
}

struct Reader<'a> {
    source: &'a Arc<SourceText>,
    /// Each slug and each text once, shared by all the rows that have it.
    slugs: HashSet<Slug>,
    texts: HashSet<Arc<str>>,
    /// The texts of the last row, which most often are those of the next one, too: label, offer, landing page.
    last_texts: [Arc<str>; 3],
    /// The campaign of the last row, and the codes of its channels so far: each takes a hash.
    last_codes: (Option<Slug>, Vec<(Slug, Option<ShortCode>)>),
    problems: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<SourceText>) -> Reader<'a> {
        Reader {
            source,
            slugs: HashSet::new(),
            texts: HashSet::new(),
            last_texts: [(); 3].map(|()| Arc::from("")),
            last_codes: (None, Vec::new()),
            problems: Vec::new(),
        }
    }

    fn rows(&mut self) -> Vec<Located<Row>> {
        let source = self.source;
        let mut records = Records::new(&source.text);
        let mut cells = Vec::with_capacity(COLUMNS.len());
        let lines = source.text.bytes().filter(|&byte| byte == b'\n').count();
        let mut rows = Vec::with_capacity(lines);
        let mut conflict = Conflict::default();
        let mut header_read = false;
        while let Some(record) = records.next(&mut cells) {
            if self.problems.len() > MAX_PROBLEMS {
                break;
            }
            let span = match record {
                Ok(span) => span,
                Err(misquoted) => {
                    self.problems.push(self.misquoted(misquoted));
                    continue;
                }
            };
            if let Some(marker) = marker(&cells[0].text) {
                if conflict.is_news(marker) {
                    self.problems.push(self.unresolved(span));
                }
                continue;
            }
            // More than once where a union merge joined two new files.
            if cells.iter().map(|cell| &cell.text).eq(COLUMNS) {
                header_read = true;
                continue;
            }
            // Without the header no cell has a meaning.
            if !header_read {
                self.problems.push(self.wrong_header(span, &cells));
                break;
            }
            let row = self.row(span, &cells);
            rows.extend(row.map(|value| Located { value, span }));
        }
        rows
    }

    fn row(&mut self, span: Span, cells: &[Cell<'_>]) -> Option<Row> {
        let [tag, campaign, cta, kind, channel, label, offer, landing_page, code, from, until] = cells else {
            self.problems.push(self.wrong_count(span, cells.len()));
            return None;
        };
        let tag = self.tag(tag);
        if let Some(tag) = &tag {
            self.agrees(campaign, &tag.campaign, TagPart::Campaign);
            self.agrees(cta, &tag.cta, TagPart::Cta);
            self.agrees(channel, &tag.channel, TagPart::Channel);
        }
        let code = tag.as_ref().and_then(|tag| self.code(tag, code));
        let kind = self.kind(kind);
        let days = self.days(from, until);
        let (from, until) = days?;
        Some(Row {
            tag: tag?,
            kind: kind?,
            label: self.shared(0, label),
            offer: self.shared(1, offer),
            landing_page: self.shared(2, landing_page),
            code,
            from,
            until,
        })
    }

    fn tag(&mut self, cell: &Cell<'_>) -> Option<LeadTag> {
        let slugs = &mut self.slugs;
        match LeadTag::parse_with(&cell.text, |text| shared_slug(slugs, text)) {
            Ok(tag) => Some(tag),
            Err(why) => {
                let message = format!("`{}` is no lead tag", cell.text);
                self.problem(cell, message, why.to_string());
                None
            }
        }
    }

    /// A text of the row; `column` is its place among those of a row.
    fn shared(&mut self, column: usize, cell: &Cell<'_>) -> Arc<str> {
        if *self.last_texts[column] != *cell.text {
            self.last_texts[column] = match self.texts.get(&*cell.text) {
                Some(known) => Arc::clone(known),
                None => {
                    let new: Arc<str> = cell.text.as_ref().into();
                    self.texts.insert(Arc::clone(&new));
                    new
                }
            };
        }
        Arc::clone(&self.last_texts[column])
    }

    /// [`ShortCode::of_tag`] the lead tag.
    fn code_of(&mut self, tag: &LeadTag) -> Option<ShortCode> {
        let (campaign, codes) = &mut self.last_codes;
        if campaign.as_ref() != Some(&tag.campaign) {
            *campaign = Some(tag.campaign.clone());
            codes.clear();
        }
        if let Some((_, code)) = codes.iter().find(|(channel, _)| *channel == tag.channel) {
            return *code;
        }
        let code = ShortCode::of_tag(tag);
        codes.push((tag.channel.clone(), code));
        code
    }

    fn agrees(&mut self, cell: &Cell<'_>, expected: &Slug, part: TagPart) {
        if cell.text != expected.as_str() {
            let message = format!("the {part} `{}` is not the lead tag's", cell.text);
            self.problem(cell, message, format!("the lead tag says `{expected}`"));
        }
    }

    fn kind(&mut self, cell: &Cell<'_>) -> Option<CtaKind> {
        let kind = CtaKind::parse(&cell.text);
        if kind.is_none() {
            let message = format!("there is no kind `{}`", cell.text);
            let names = CtaKind::ALL.map(CtaKind::as_str);
            let problem = self.at(cell, message, "`coupon`, `download`, `booking` or `contact`");
            self.problems.push(problem.suggest(&cell.text, names));
        }
        kind
    }

    /// The code that belongs to the lead tag, and a problem where the cell says another one.
    fn code(&mut self, tag: &LeadTag, cell: &Cell<'_>) -> Option<ShortCode> {
        let expected = self.code_of(tag);
        let written = match &*cell.text {
            "" => Ok(None),
            text => ShortCode::parse(text).map(Some),
        };
        if written == Ok(expected) {
            return expected;
        }
        let LeadTag { campaign, channel, .. } = tag;
        let (message, label) = match (written, expected) {
            (_, None) => (format!("channel `{channel}` has no code"), "leave this cell empty".to_owned()),
            (Err(why), Some(code)) => (format!("`{}` is no short code: {why}", cell.text), format!("write `{code}`")),
            (Ok(_), Some(code)) => (
                format!("this is not the code of campaign `{campaign}` on channel `{channel}`"),
                format!("write `{code}`"),
            ),
        };
        self.problem(cell, message, label);
        expected
    }

    fn days(&mut self, from: &Cell<'_>, until: &Cell<'_>) -> Option<(Date, Option<Date>)> {
        let first = self.day(from);
        let last = match &*until.text {
            "" => Some(None),
            _ => self.day(until).map(Some),
        };
        let (first, last) = (first?, last?);
        if last.is_some_and(|last| last < first) {
            let message = "this row ends before it begins";
            self.problem(until, message.to_owned(), format!("it begins on {first}"));
            return None;
        }
        Some((first, last))
    }

    fn day(&mut self, cell: &Cell<'_>) -> Option<Date> {
        let day = parse_day(&cell.text);
        if day.is_none() {
            let message = format!("`{}` is no day", cell.text);
            let label = "write it as year, month and day, like `2027-03-31`";
            self.problem(cell, message, label.to_owned());
        }
        day
    }

    fn problem(&mut self, cell: &Cell<'_>, message: String, label: String) {
        let problem = self.at(cell, message, label);
        self.problems.push(problem);
    }

    fn at(&self, cell: &Cell<'_>, message: String, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Rule::BadRegister, message).at(self.source, cell.span, label)
    }

    fn wrong_header(&self, span: Span, cells: &[Cell<'_>]) -> Diagnostic {
        let written = cells.iter().map(|cell| Some(&*cell.text));
        let expected = COLUMNS.iter().copied().map(Some);
        let odd = written.chain([None]).zip(expected.chain([None])).position(|(written, expected)| written != expected);
        let odd_cell = odd.and_then(|place| cells.get(place));
        let place = odd_cell.map_or(Span::new(span.end as usize, span.end as usize), |cell| cell.span);
        let label = match odd.and_then(|place| COLUMNS.get(place)) {
            Some(column) => format!("column `{column}` belongs here"),
            None => "there is no such column".to_owned(),
        };
        let message = "the tag register does not begin with its header";
        let help = if self.source.text[span.range()].contains(';') {
            "save the file with commas between its cells".to_owned()
        } else {
            format!("the first line is `{}`", COLUMNS.join(","))
        };
        Diagnostic::error(Rule::BadRegister, message).at(self.source, place, label).help(help)
    }

    fn wrong_count(&self, span: Span, count: usize) -> Diagnostic {
        let message = format!("this line has {count} {}, and not {}", cells(count), COLUMNS.len());
        Diagnostic::error(Rule::BadRegister, message)
            .at(self.source, span, "in the tag register a line is a row")
            .help(format!("its cells are `{}`", COLUMNS.join(",")))
            .help("a text with a comma in it stands in quotes")
    }

    fn misquoted(&self, misquoted: Misquoted) -> Diagnostic {
        match misquoted {
            Misquoted::NeverClosed(quote) => Diagnostic::error(Rule::BadRegister, "a quote is never closed")
                .at(self.source, quote, "opened here")
                .help("put another `\"` at the end of the cell"),
            Misquoted::GoesOn { quoted, at } => {
                let message = "a cell in quotes goes on after them";
                Diagnostic::error(Rule::BadRegister, message)
                    .at(self.source, Span::new(quoted.start as usize, quoted.start as usize + 1), "opened here")
                    .at(self.source, at, "a comma or the line's end belongs here")
                    .help("a cell ends with its closing quote; a quote within it is written twice, `\"\"`")
            }
        }
    }

    fn unresolved(&self, span: Span) -> Diagnostic {
        Diagnostic::error(Rule::BadRegister, "the tag register has a merge conflict")
            .at(self.source, span, "left here by git")
            .help("keep the lines of both sides, delete the marker lines, then run `tagline tags`")
            .help("`lead-tags.csv merge=union` in `.gitattributes` has git do so from now on")
    }
}

fn cells(count: usize) -> &'static str {
    if count == 1 { "cell" } else { "cells" }
}

fn shared_slug(slugs: &mut HashSet<Slug>, text: &str) -> Result<Slug, NotASlug> {
    if let Some(known) = slugs.get(text) {
        return Ok(known.clone());
    }
    let new = Slug::parse(text)?;
    slugs.insert(new.clone());
    Ok(new)
}

/// Exactly `YYYY-MM-DD`.
fn parse_day(text: &str) -> Option<Date> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
    };
    let (month, day) = (number(&[e, f])?, number(&[g, h])?);
    Date::new(number(&[a, b, c, d])?, month as i8, day as i8).ok()
}

/// The first character of a line that git leaves around a conflict: `<`, `|`, `=` or `>`.
fn marker(first_cell: &str) -> Option<char> {
    let first = first_cell.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = first_cell.trim_start_matches(first);
    let seven = first_cell.len() - rest.len() == 7;
    (seven && (rest.is_empty() || rest.starts_with(' '))).then_some(first)
}

/// Whether reading is between two sides that git could not merge.
#[derive(Default)]
struct Conflict {
    open: bool,
}

impl Conflict {
    /// Whether a marker is not just another line of a conflict that is already reported.
    fn is_news(&mut self, marker: char) -> bool {
        let known = self.open && marker != '<';
        self.open = match marker {
            '<' => true,
            '>' => false,
            _ => self.open,
        };
        !known
    }
}

/// Rows of one lead tag that claim the same days, two open ones among them. Expects sorted rows.
fn overlaps(source: &Arc<SourceText>, rows: &[Located<Row>]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for rows_of_tag in rows.chunk_by(|a, b| a.value.tag == b.value.tag) {
        let mut lasting = rows_of_tag.iter().filter(|row| !row.value.is_momentary());
        let Some(mut longest) = lasting.next() else {
            continue;
        };
        for row in lasting {
            let (before, after) = (&longest.value, &row.value);
            if before.until.is_none_or(|until| until > after.from) {
                problems.push(overlap(source, longest, row));
            }
            let outlasts = match (after.until, before.until) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(after), Some(before)) => after > before,
            };
            if outlasts {
                longest = row;
            }
        }
    }
    problems
}

fn overlap(source: &Arc<SourceText>, earlier: &Located<Row>, later: &Located<Row>) -> Diagnostic {
    let (before, after) = (&earlier.value, &later.value);
    let tag = &before.tag;
    let both_open = before.until.is_none() && after.until.is_none();
    let message = if both_open {
        format!("lead tag `{tag}` has two open rows")
    } else {
        format!("two rows of lead tag `{tag}` overlap")
    };
    let ends = match before.until {
        Some(until) => format!("until {until}"),
        None => "still open".to_owned(),
    };
    let last = COLUMNS.len() - 1;
    Diagnostic::error(Rule::BadRegister, message)
        .at(source, cell_of(source, later, last - 1), format!("from {}", after.from))
        .at(source, cell_of(source, earlier, last), ends)
        .help(how_to_part(before, after))
        .help("then run `tagline tags`")
}

fn how_to_part(earlier: &Row, later: &Row) -> String {
    if (earlier.kind, &earlier.offer) != (later.kind, &later.offer) {
        return format!("the earlier one ends when the later one begins: write {} as its `until`", later.from);
    }
    let until = match earlier.until.zip(later.until) {
        Some((one, other)) => format!("`until` is {}", one.max(other)),
        None => "`until` is empty".to_owned(),
    };
    format!("both offer the same: make one line of them, its `from` is {} and its {until}", earlier.from)
}

/// Where a row's cell stands. Read again, so that the rows of a good file need not remember it.
fn cell_of(source: &SourceText, row: &Located<Row>, column: usize) -> Span {
    let mut cells = Vec::new();
    let _ = Records::again(&source.text, row.span).next(&mut cells);
    cells.get(column).map_or(row.span, |cell| cell.span)
}

#[cfg(test)]
mod tests {
    use super::super::write;
    use super::*;

    const HEADER: &str = "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until";

    /// A row without a code, on the channel `direct`.
    fn line(campaign: &str, offer: &str, from: &str, until: &str) -> String {
        format!("{campaign}_b_direct,{campaign},b,coupon,direct,Save,{offer},/{campaign}/,,{from},{until}")
    }

    fn source(lines: &[&str]) -> Arc<SourceText> {
        SourceText::new("lead-tags.csv", [&[HEADER], lines].concat().join("\n"))
    }

    /// Each problem as `line:column` of its first place, what is there, the message and the mark.
    fn problems(source: &Arc<SourceText>) -> Vec<String> {
        let problems = read(source).expect_err("the file is bad");
        let told = problems.iter().map(|problem| {
            assert!(!problem.labels.is_empty(), "{problem:?}");
            let label = &problem.labels[0];
            let (line, column) = source.line_and_column(label.span.start as usize);
            let written = &source.text[label.span.range()];
            format!("{line}:{column} {written} | {} | {}", problem.message, label.text)
        });
        told.collect()
    }

    #[test]
    fn a_bad_cell_is_told_with_its_place_and_what_to_write() {
        let coded = "a_b_c,a,b,coupon,c,Save,X,/a/";
        for (line, expected) in [
            (
                "a_b,a,b,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:1 a_b | `a_b` is no lead tag | expected three parts, `campaign_cta_channel`, found 2",
            ),
            (
                "a_b_direct,z,b,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:12 z | the campaign `z` is not the lead tag's | the lead tag says `a`",
            ),
            (
                "a_b_direct,a,,coupon,direct,Save,X,/a/,,2027-01-01,",
                "2:14  | the CTA `` is not the lead tag's | the lead tag says `b`",
            ),
            (
                "a_b_direct,a,b,coupon,other,Save,X,/a/,,2027-01-01,",
                "2:23 other | the channel `other` is not the lead tag's | the lead tag says `direct`",
            ),
            (
                "a_b_direct,a,b,cupon,direct,Save,X,/a/,,2027-01-01,",
                "2:16 cupon | there is no kind `cupon` | `coupon`, `download`, `booking` or `contact`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,9333qapk0k,2027-01-01,",
                "2:41 9333qapk0k | channel `direct` has no code | leave this cell empty",
            ),
            (
                &format!("{coded},pw2wvxbrab,2027-01-01,"),
                "2:31 pw2wvxbrab | this is not the code of campaign `a` on channel `c` | write `etwfpsdqkh`",
            ),
            (
                &format!("{coded},,2027-01-01,"),
                "2:31  | this is not the code of campaign `a` on channel `c` | write `etwfpsdqkh`",
            ),
            (
                &format!("{coded},9.3E+08,2027-01-01,"),
                "2:31 9.3E+08 | `9.3E+08` is no short code: expected 10 characters, found 7 | write `etwfpsdqkh`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,31/03/2027,",
                "2:42 31/03/2027 | `31/03/2027` is no day | write it as year, month and day, like `2027-03-31`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,2027-01-01,2027-02-29",
                "2:53 2027-02-29 | `2027-02-29` is no day | write it as year, month and day, like `2027-03-31`",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save,X,/a/,,2027-01-02,2027-01-01",
                "2:53 2027-01-01 | this row ends before it begins | it begins on 2027-01-02",
            ),
            (
                "a_b_direct,a,b,coupon,direct,Save, again,X,/a/,,2027-01-01,",
                "2:1 a_b_direct,a,b,coupon,direct,Save, again,X,/a/,,2027-01-01, | this line has 12 cells, and not 11 | in the tag register a line is a row",
            ),
            (
                "a_b_direct,a,b,coupon,direct,\"Save,X,/a/,,2027-01-01,",
                "2:30 \" | a quote is never closed | opened here",
            ),
            (
                "a_b_direct,a,b,coupon,direct,\"Save\" now,X,/a/,,2027-01-01,",
                "2:30 \" | a cell in quotes goes on after them | opened here",
            ),
        ] {
            assert_eq!(problems(&source(&[line])), [expected]);
        }
    }

    #[test]
    fn places_are_right_behind_quoted_commas_and_line_breaks() {
        let text = "a_b_direct,a,b,coupon,direct,\"Save, \"\"now\"\"\nor é\",X,/é/,,2027-13-01,never";
        assert_eq!(
            problems(&source(&[&line("z", "X", "2027-01-01", ""), text])),
            [
                "4:14 2027-13-01 | `2027-13-01` is no day | write it as year, month and day, like `2027-03-31`",
                "4:25 never | `never` is no day | write it as year, month and day, like `2027-03-31`",
            ],
        );
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let lines = [
            "A_b_direct,a,b,cupon,direct,Save,X,/a/,,2027,2028",
            "\"",
            &line("c", "X", "2027-01-01", ""),
            "a_b_direct",
        ];
        let places: Vec<String> = problems(&source(&lines))
            .iter()
            .filter_map(|problem| problem.split(' ').next().map(str::to_owned))
            .collect();
        assert_eq!(places, ["2:1", "2:16", "2:41", "2:46", "3:1", "5:1"]);
    }

    #[test]
    fn a_file_of_nothing_but_problems_is_not_told_to_its_end() {
        let lines = vec!["a_b_direct"; 5000];
        let problems = read(&source(&lines)).unwrap_err();
        assert_eq!(problems.len(), MAX_PROBLEMS);
        let last = problems[MAX_PROBLEMS - 1].help.last().unwrap();
        assert_eq!(last, "there are more problems, this is number 100");
    }

    #[test]
    fn a_wrong_header_is_told_at_its_first_wrong_column() {
        for (header, expected) in [
            ("tag,campaign,kind", "1:14 kind | column `cta` belongs here"),
            ("tag,campaign", "1:13  | column `cta` belongs here"),
            (&*HEADER.replace(',', ";"), &*format!("1:1 {} | column `tag` belongs here", HEADER.replace(',', ";"))),
            (&*format!("{HEADER},note"), "1:72 note | there is no such column"),
            ("a_b_direct,a,b", "1:1 a_b_direct | column `tag` belongs here"),
        ] {
            let source = SourceText::new("lead-tags.csv", format!("{header}\nx,y\n"));
            let message = "the tag register does not begin with its header";
            let expected = expected.replacen(" | ", &format!(" | {message} | "), 1);
            assert_eq!(problems(&source), [expected]);
        }
    }

    #[test]
    fn rows_of_one_lead_tag_that_claim_the_same_days_are_refused() {
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
            assert_eq!(problems(&source), [expected], "{days:?}");
        }
    }

    #[test]
    fn an_overlap_comes_with_the_days_to_write() {
        for (days, help) in [
            (
                [("X", "2027-01-01", ""), ("Y", "2027-02-01", "")],
                "the earlier one ends when the later one begins: write 2027-02-01 as its `until`",
            ),
            (
                [("X", "2027-01-01", "2027-03-01"), ("X", "2027-02-01", "")],
                "both offer the same: make one line of them, its `from` is 2027-01-01 and its `until` is empty",
            ),
            (
                [("X", "2027-01-01", "2027-03-01"), ("X", "2027-02-01", "2027-02-02")],
                "both offer the same: make one line of them, its `from` is 2027-01-01 and its `until` is 2027-03-01",
            ),
        ] {
            let lines = days.map(|(offer, from, until)| line("a", offer, from, until));
            let problems = read(&source(&[&lines[0], &lines[1]])).unwrap_err();
            assert_eq!(problems[0].help[0], help, "{days:?}");
            assert_eq!(problems[0].labels.len(), 2, "both rows are shown");
        }
    }

    #[test]
    fn rows_that_only_touch_and_rows_of_no_length_do_not_overlap() {
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
    fn a_merge_conflict_is_told_once_with_the_way_out() {
        let (ours, theirs) = (line("a", "X", "2027-01-01", ""), line("b", "Y", "2027-01-01", ""));
        let conflict = ["<<<<<<< HEAD", &ours, "||||||| 0123abc", "=======", &theirs, ">>>>>>> spring"];
        let message = "the tag register has a merge conflict | left here by git";
        let twice = [&conflict[..], &conflict[..]].concat();
        assert_eq!(
            problems(&source(&twice)),
            [format!("2:1 <<<<<<< HEAD | {message}"), format!("8:1 <<<<<<< HEAD | {message}")]
        );
        assert_eq!(problems(&source(&[&ours, "=======", &theirs])), [format!("3:1 ======= | {message}")]);
        let problems = read(&source(&conflict)).unwrap_err();
        assert!(problems[0].help[0].starts_with("keep the lines of both sides"));
        let around_all =
            SourceText::new("lead-tags.csv", format!("<<<<<<< HEAD\n{HEADER}\n=======\n{HEADER}\n>>>>>>> x\n"));
        assert_eq!(read(&around_all).unwrap_err().len(), 1);
    }

    #[test]
    fn what_a_union_merge_and_other_editors_leave_is_read() {
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
    fn a_header_alone_is_an_empty_register() {
        for text in [HEADER, &format!("{HEADER}\r\n")] {
            let register = read(&SourceText::new("lead-tags.csv", text)).unwrap();
            assert_eq!(register, Register::default(), "{text:?}");
            assert_eq!(write(&register), format!("{HEADER}\n"));
        }
    }

    #[test]
    fn a_file_that_lost_even_its_header_is_no_new_register() {
        for text in ["", "\n", "\u{feff}"] {
            assert_eq!(read(&SourceText::new("lead-tags.csv", text)).unwrap_err().len(), 1, "{text:?}");
        }
    }

    #[test]
    fn a_day_is_written_in_one_way_only() {
        assert_eq!(parse_day("2028-02-29"), Date::new(2028, 2, 29).ok());
        for text in ["20270331", "2027-3-31", "2027-03-31T10:00", "+027-03-31", "2027-00-10", "２027-03-31"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
