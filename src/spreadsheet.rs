//! Escapes cells of CSV files that people open in a spreadsheet.

use std::borrow::Cow;

/// Begins a CSV file that people open with a double click: without it, Excel reads UTF-8 as another encoding.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Puts an apostrophe before a cell that a spreadsheet would read as a formula. The list of first characters is from
/// OWASP's page on CSV injection. It includes tabs and line breaks, which some programs skip, and full-width signs,
/// which some read as the plain ones.
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_texts_stay() {
        for formula in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(escape_formula(formula), format!("'{formula}"));
        }
        for text in ["", "Partner: Acme", "a=1", "'=1", "20 % off"] {
            assert_eq!(escape_formula(text), text);
        }
    }
}
