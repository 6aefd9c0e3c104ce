//! The CSV dialect of the tag register: reads text into cells with spans, and writes a cell as text.
//!
//! Not the `csv` crate: it has no spans of cells, and it reads an unclosed quote to the end of the
//! file without an error. The tests compare the results with that crate.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::Span;

/// One cell of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The content, without quotes.
    pub text: Cow<'a, str>,
    /// Includes the quotes.
    pub span: Span,
}

/// An error in the quotes of a record.
#[derive(Debug, PartialEq, Eq)]
pub enum QuoteError {
    /// With the span of the opening quote.
    Unclosed(Span),
    /// Text between a closing quote and the next comma or the end of the line.
    TextAfterQuote { quoted: Span, rest: Span },
}

/// Reads records one by one.
pub struct Records<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Records<'a> {
    /// Starts at the beginning of a text, after a byte order mark if there is one.
    pub fn new(text: &'a str) -> Records<'a> {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Records { text, at }
    }

    /// Reads a part of a text that begins and ends between two records.
    pub fn of_part(text: &'a str, part: &Range<usize>) -> Records<'a> {
        let whole = Records::new(&text[..part.end]);
        Records { at: whole.at.max(part.start), ..whole }
    }

    /// Starts at a record that was read before.
    pub fn starting_at(text: &'a str, record: Span) -> Records<'a> {
        let at = record.start as usize;
        Records { text, at }
    }

    /// Fills `cells` with the next record and returns its span, or none at the end. Skips blank
    /// lines. After an error, reading continues at the line below the opening quote.
    pub fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<Span, QuoteError>> {
        cells.clear();
        while let Some(b'\r' | b'\n') = self.byte(self.at) {
            self.at += 1;
        }
        self.byte(self.at)?;
        let start = self.at;
        loop {
            let cell_start = self.at;
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(error) => {
                    self.at = self.end_of_line(cell_start);
                    return Some(Err(error));
                }
            }
            match self.byte(self.at) {
                Some(b',') => self.at += 1,
                _ => return Some(Ok(Span::new(start, self.at))),
            }
        }
    }

    fn cell(&mut self) -> Result<Cell<'a>, QuoteError> {
        let start = self.at;
        if self.byte(start) == Some(b'"') {
            return self.quoted_cell();
        }
        let rest = &self.text.as_bytes()[start..];
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'\r' | b'\n')).unwrap_or(rest.len());
        self.at = start + length;
        Ok(Cell { text: Cow::Borrowed(&self.text[start..self.at]), span: Span::new(start, self.at) })
    }

    fn quoted_cell(&mut self) -> Result<Cell<'a>, QuoteError> {
        let start = self.at;
        let mut from = start + 1;
        let close = loop {
            let Some(quote) = self.text[from..].find('"').map(|offset| from + offset) else {
                return Err(QuoteError::Unclosed(Span::new(start, start + 1)));
            };
            if self.byte(quote + 1) != Some(b'"') {
                break quote;
            }
            from = quote + 2;
        };
        self.at = close + 1;
        let span = Span::new(start, self.at);
        if !matches!(self.byte(self.at), None | Some(b',' | b'\r' | b'\n')) {
            let rest = Span::new(self.at, self.cell()?.span.end as usize);
            return Err(QuoteError::TextAfterQuote { quoted: span, rest });
        }
        let text = match &self.text[start + 1..close] {
            inner if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
            inner => Cow::Borrowed(inner),
        };
        Ok(Cell { text, span })
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn end_of_line(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }
}

/// Appends a cell, in quotes if it needs them.
pub fn push_cell(out: &mut String, text: &str) {
    let plain = !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
    if plain {
        out.push_str(text);
        return;
    }
    out.push('"');
    for (number, piece) in text.split('"').enumerate() {
        out.push_str(if number == 0 { "" } else { "\"\"" });
        out.push_str(piece);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(text: &str) -> Vec<Result<Vec<String>, QuoteError>> {
        let mut records = Records::new(text);
        let mut cells = Vec::new();
        let mut all = Vec::new();
        while let Some(record) = records.next(&mut cells) {
            all.push(record.map(|_| cells.iter().map(|cell| cell.text.to_string()).collect()));
        }
        all
    }

    #[test]
    fn all_kinds_of_line_ends_are_read() {
        for text in [
            "a,b\nc,d\n",
            "a,b\r\nc,d\r\n",
            "a,b\rc,d",
            "\u{feff}a,b\nc,d",
            "\n\na,b\n\r\n\nc,d\n\n",
            "\"a\",\"b\"\r\n\"c\",d",
        ] {
            let expected = [Ok(vec!["a".into(), "b".into()]), Ok(vec!["c".into(), "d".into()])];
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    #[test]
    fn empty_cells_are_cells() {
        for (text, cells) in [
            (",", vec!["", ""]),
            ("a,,", vec!["a", "", ""]),
            ("\"\"", vec![""]),
            ("\"a\"\"b\",\"\"\"\"", vec!["a\"b", "\""]),
            ("a\"b,c", vec!["a\"b", "c"]),
            (" \"a\" ,b", vec![" \"a\" ", "b"]),
        ] {
            let expected = cells.into_iter().map(String::from).collect();
            assert_eq!(records(text), [Ok(expected)], "{text:?}");
        }
    }

    #[test]
    fn spans_of_cells_include_their_quotes() {
        let text = "\u{feff}a,\"b, \"\"c\"\"\nd\",é,e\n";
        let mut cells = Vec::new();
        let record = Records::new(text).next(&mut cells).unwrap().unwrap();
        let written: Vec<&str> = cells.iter().map(|cell| &text[cell.span.range()]).collect();
        assert_eq!(written, ["a", "\"b, \"\"c\"\"\nd\"", "é", "e"]);
        assert_eq!(&text[record.range()], text[3..].trim_end());
    }

    #[test]
    fn a_quote_error_affects_only_its_line() {
        let good = |cell: &str| Ok(vec![cell.to_owned()]);
        for (text, expected) in [
            ("a\n\"b\nc\n", vec![good("a"), Err(QuoteError::Unclosed(Span::new(2, 3))), good("c")]),
            (
                "\"a\"bc\nd",
                vec![Err(QuoteError::TextAfterQuote { quoted: Span::new(0, 3), rest: Span::new(3, 5) }), good("d")],
            ),
            (
                "\"a\nb\n\"c\"\nd",
                vec![
                    Err(QuoteError::TextAfterQuote { quoted: Span::new(0, 6), rest: Span::new(6, 8) }),
                    good("b"),
                    good("c"),
                    good("d"),
                ],
            ),
            ("\"", vec![Err(QuoteError::Unclosed(Span::new(0, 1)))]),
        ] {
            assert_eq!(records(text), expected, "{text:?}");
        }
    }

    fn written(rows: &[[String; 2]]) -> String {
        let mut out = String::new();
        for [first, second] in rows {
            push_cell(&mut out, first);
            out.push(',');
            push_cell(&mut out, second);
            out.push('\n');
        }
        out
    }

    proptest! {
        #[test]
        fn written_cells_read_back_here_and_in_the_csv_crate(
            rows in prop::collection::vec(prop::array::uniform2("[a\", \r\né]{0,6}"), 0..5),
        ) {
            let text = written(&rows);
            let expected: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
            let ours: Result<Vec<_>, _> = records(&text).into_iter().collect();
            prop_assert_eq!(&ours.unwrap(), &expected);
            let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = csv.deserialize().map(Result::unwrap).collect();
            prop_assert_eq!(&theirs, &expected);
        }

        #[test]
        fn reading_always_ends_and_never_panics(text in "[a\",\r\né\u{feff}]{0,30}") {
            records(&text);
        }
    }
}
