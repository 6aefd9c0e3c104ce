//! Converts a register to the text of `lead-tags.csv`.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::cells;
use super::rows::{COLUMNS, Register, Row};
use crate::model::tag::LeadTag;
use crate::pieces::write_in_order;

/// The number of rows that one thread writes at a time.
const ROWS_PER_PIECE: usize = 4096;

/// Returns the text of the file.
pub fn write(register: &Register) -> String {
    header() + &lines(register.rows())
}

/// Writes the text of the file piece by piece: the header, then one line for each row. Lines end with a line feed.
///
/// # Errors
///
/// Only those of `out`.
pub fn write_to(register: &Register, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(header().as_bytes())?;
    let pieces: Vec<&[Row]> = register.rows().chunks(ROWS_PER_PIECE).collect();
    write_in_order(out, &pieces, "", |rows| Ok(lines(rows).into_bytes()))
}

fn header() -> String {
    format!("{}\n", COLUMNS.join(","))
}

fn lines(rows: &[Row]) -> String {
    let mut out = String::with_capacity(192 * rows.len());
    for row in rows {
        push_row(&mut out, row);
    }
    out
}

fn push_row(out: &mut String, row: &Row) {
    let Row { tag, kind, label, offer, landing_page, code, from, until } = row;
    let LeadTag { campaign, cta, channel, variant: _ } = tag;
    // Writing to a string cannot fail.
    let _ = write!(out, "{tag}");
    let ids = [campaign.as_str(), cta.as_str(), kind.as_str(), channel.as_str()];
    for text in ids.into_iter().chain([&**label, offer, landing_page]) {
        out.push(',');
        cells::push_cell(out, text);
    }
    out.push(',');
    if let Some(code) = code {
        let _ = write!(out, "{code}");
    }
    let _ = write!(out, ",{from},");
    if let Some(until) = until {
        let _ = write!(out, "{until}");
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::row;
    use super::*;

    #[test]
    fn a_line_has_the_offer_and_its_period() {
        let labelled =
            Row { label: "Save 20 %, \"today\"".into(), ..row("spring-hiring_save_newsletter", 0, Some(31)) };
        let rows = vec![labelled, row("spring-hiring_save_other", 31, None)];
        assert_eq!(
            write(&Register::of(rows)),
            "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until\n\
             spring-hiring_save_newsletter,spring-hiring,save,download,newsletter,\
             \"Save 20 %, \"\"today\"\"\",guide.pdf,/spring-hiring/0/,vsvxwzp58y,2027-01-01,2027-02-01\n\
             spring-hiring_save_other,spring-hiring,save,download,other,\
             Get the guide,guide.pdf,/spring-hiring/31/,,2027-02-01,\n"
        );
    }

    #[test]
    fn pieces_are_the_whole_text() {
        for count in [0, 1, ROWS_PER_PIECE, 10 * ROWS_PER_PIECE + 1] {
            let register = Register::of(vec![row("a_b_direct", 0, None); count]);
            let mut pieces = Vec::new();
            write_to(&register, &mut pieces).unwrap();
            assert!(pieces == write(&register).as_bytes(), "{count}");
        }
    }
}
