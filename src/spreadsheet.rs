//! Cells of CSV files that people open in a spreadsheet.

use std::borrow::Cow;

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it. The first characters are those of
/// OWASP's page on CSV injection: line ends and tabs count, since some programs skip them, and so do the full-width
/// signs, which some read as the plain ones.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_text() {
        for formula in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "Partner: Acme", "a=1", "'=1", "20 % off"] {
            assert_eq!(harmless(text), text);
        }
    }
}
