//! The tag register, `lead-tags.csv`: every lead tag ever issued, and what it offered during which period.
//!
//! `read` parses the text of the file into a [`Register`], `reconcile` updates it to what the content
//! offers today, and `write` converts it back to text. `checksums` does the same for the file beside it,
//! `lead-tags.sum`, and `checked` reads both and finds lost rows. All of it is pure: the pipeline reads
//! and writes the files.

mod cells;
mod changes;
mod checked;
pub mod checksums;
mod compare;
mod conflict;
mod limit;
mod overlaps;
mod read;
mod reconcile;
pub mod restore;
mod row_reader;
mod rows;
mod spreadsheet;
pub mod warnings;
mod write;

pub use changes::{Change, Changes};
pub use checked::{CheckedRegister, Listing, RegisterTexts, read_checked};
pub use compare::uncontradicted;
pub use read::read;
pub use reconcile::{reconcile, reconcile_site};
pub use rows::{COLUMNS, IssuedLink, Register, Row};
pub use spreadsheet::offers_of_spreadsheet;
pub use write::{write, write_to};

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod merge_tests;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::rows::tests::row;
    use super::*;
    use crate::load::REGISTER_FILE;
    use crate::model::cta::CtaKind;
    use crate::source::SourceText;

    fn any_rows() -> impl Strategy<Value = Vec<Row>> {
        let slug = "[ab0]{1,2}(-[ab0])?";
        let tag = (slug, slug, prop_oneof!["direct", "other", slug]);
        let text = "[a\", \r\né;=\u{feff}\\PC]{0,8}";
        let texts = (text, text, text);
        let fields = (tag, prop::sample::select(&CtaKind::ALL[..]), texts, 0_i16..300, 0_i16..3);
        prop::collection::vec(fields, 0..20).prop_map(|rows| {
            let mut end = 0;
            let one =
                |((campaign, cta, channel), kind, texts, gap, length): (_, _, (String, String, String), i16, i16)| {
                    // Each row begins after the previous one has ended, so that none overlap.
                    let from: i16 = end + gap;
                    end = from + length;
                    let offer = match kind {
                        CtaKind::Contact => "form".to_owned(),
                        CtaKind::Event => "2027-03-18T10:00 2027-03-25".to_owned(),
                        CtaKind::Coupon | CtaKind::Download | CtaKind::Booking => format!("x{}", texts.1),
                    };
                    Row {
                        kind,
                        label: texts.0.into(),
                        offer: offer.into(),
                        landing_page: texts.2.into(),
                        ..row(&format!("{campaign}_{cta}_{channel}"), from, Some(end))
                    }
                };
            rows.into_iter().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn a_written_register_reads_back_unchanged(mut rows in any_rows(), open in any::<bool>()) {
            if open && let Some(last) = rows.last_mut() {
                last.until = None;
            }
            rows.sort_by(Row::compare);
            rows.dedup();
            let register = Register::of(rows);
            let text = write(&register);
            let again = read(&SourceText::new(REGISTER_FILE, &*text));
            prop_assert_eq!(again.as_ref().ok(), Some(&register), "{:?}", again);
            prop_assert_eq!(write(&again.unwrap()), text);
        }

        #[test]
        fn reading_never_panics(text in "[a_b,\"\r\n<=>é]{0,60}") {
            let header = COLUMNS.join(",");
            let _ = read(&SourceText::new(REGISTER_FILE, format!("{header}\n{text}")));
            let _ = read(&SourceText::new(REGISTER_FILE, text));
        }
    }
}
