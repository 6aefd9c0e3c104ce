//! Finds the end of the last whole row of a block, so that several threads can read blocks of one file. The search knows
//! quotes, so a line break in a cell ends no row.

use memchr::{memchr, memrchr};

use super::dialect::Dialect;

/// Where the last whole row of a block ends, and whether the block ends in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The length of the whole rows, with the last terminator. 0 if there is none.
    pub whole: usize,
    /// The place of the quote that opens the last cell, if it is not closed.
    pub open_quote: Option<usize>,
}

/// Splits a block, which begins with a row.
pub fn split(block: &[u8], dialect: Dialect) -> Split {
    let terminator_in =
        |start: usize, end: usize| memrchr(dialect.terminator, &block[start..end]).map(|at| start + at + 1);
    if !dialect.has_quotes {
        return Split { whole: terminator_in(0, block.len()).unwrap_or(0), open_quote: None };
    }
    let mut whole = 0;
    // Where text outside of quotes begins.
    let mut outside = 0;
    let mut at = 0;
    loop {
        let Some(quote) = memchr(b'"', &block[at..]).map(|quote| at + quote) else {
            return Split { whole: terminator_in(outside, block.len()).unwrap_or(whole), open_quote: None };
        };
        let opens = quote == 0 || block[quote - 1] == dialect.delimiter || block[quote - 1] == dialect.terminator;
        if !opens {
            at = quote + 1;
            continue;
        }
        whole = terminator_in(outside, quote).unwrap_or(whole);
        let Some(close) = closing_quote(block, quote + 1) else { return Split { whole, open_quote: Some(quote) } };
        at = close + 1;
        outside = at;
    }
}

/// Returns the place of the quote that closes a cell. `None` if the block ends before, or with a quote that could be the
/// first of two.
fn closing_quote(block: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let quote = at + memchr(b'"', &block[at..])?;
        match block.get(quote + 1)? {
            b'"' => at = quote + 2,
            _ => return Some(quote),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_is_split_after_its_last_whole_row() {
        for (block, whole, open_quote) in [
            ("a,b\nc,d\ne", 8, None),
            ("a,b\n\"c\nd\",e\nf", 12, None),
            ("a,b\n\"c\nd", 4, Some(4)),
            ("a,b\n\"c\"\"\nd", 4, Some(4)),
            ("a,b\n\"c\"", 4, Some(4)),
            ("5\" pipe\nx", 8, None),
            ("no end", 0, None),
            ("\"a\n", 0, Some(0)),
        ] {
            assert_eq!(split(block.as_bytes(), Dialect::COMMAS), Split { whole, open_quote }, "{block:?}");
        }
    }
}
