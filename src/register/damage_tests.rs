//! Every truncation and every flipped bit of the register's two files.

use jiff::civil::Date;

use super::changes::Change;
use super::checked::{Listing, RegisterTexts, read_checked};
use super::checksums::{self, RowChecksum};
use super::reconcile::reconcile;
use super::rows::{Register, Row};
use super::write::write;
use crate::diagnostics::Diagnostic;
use crate::lead_tags::Issued;
use crate::load::{self, CHECKSUM_FILE, REGISTER_FILE};
use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::tag::LeadTag;
use crate::rules::Rule;

pub fn day(number: i8) -> Date {
    Date::constant(2027, 3, number)
}

/// The lead tags of a day: their offers, or none.
pub fn issued(offers: &[(&str, &str)]) -> Vec<Issued> {
    let issue = |&(tag, offer): &(&str, &str)| {
        let tag = LeadTag::parse(tag).unwrap();
        Issued {
            winner: None,
            kind: CtaKind::Coupon,
            label: "Save 20 %, \"today\"".into(),
            offer: offer.into(),
            landing_page: format!("/{}/", tag.campaign).into(),
            code: ShortCode::of_tag(&tag),
            tag,
        }
    };
    offers.iter().map(issue).collect()
}

/// Offers that change, end and return, on several days.
const DAYS: [(i8, &[(&str, &str)]); 5] = [
    (1, &[("spring_save_acme", "A"), ("spring_save_direct", "A"), ("winter_save_acme", "A")]),
    (5, &[("spring_save_acme", "B"), ("spring_save_direct", "A"), ("winter_save_acme", "A")]),
    (9, &[("spring_save_acme", "A"), ("summer_save_other", "É")]),
    (9, &[("spring_save_acme", "B"), ("summer_save_other", "É")]),
    (10, &[("spring_save_acme", "B")]),
];

const LAST_DAY: i8 = 10;

fn register() -> Register {
    DAYS.iter().fold(Register::default(), |register, (number, offers)| {
        reconcile(&register, issued(offers), day(*number)).register
    })
}

/// Reads both files as a command does. `None` if a file has no text, which is an error too.
fn read(register: Vec<u8>, checksums: Vec<u8>) -> Option<Result<(Register, Listing), Vec<Diagnostic>>> {
    let (register, _) = load::decoded(REGISTER_FILE.to_owned(), register);
    let (checksums, _) = load::decoded(CHECKSUM_FILE.to_owned(), checksums);
    let (register, checksums) = (register?, checksums?);
    let texts = RegisterTexts { register: Some(&register), checksums: Some(&checksums) };
    Some(read_checked(texts, day(LAST_DAY)).map(|checked| (checked.register, checked.listing)))
}

/// Every truncation of a file and every flipped bit in it.
fn damages(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let truncated = (0..text.len()).map(|length| text.as_bytes()[..length].to_vec());
    let flipped = (0..8 * text.len()).map(|bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    });
    truncated.chain(flipped)
}

#[test]
fn no_damage_of_the_register_is_accepted_silently() {
    let right = register();
    let (text, listed) = (write(&right), checksums::write(&right));
    let today = issued(DAYS[DAYS.len() - 1].1);
    let mut accepted = 0;
    for damaged in damages(&text) {
        let shown = String::from_utf8_lossy(&damaged).into_owned();
        let Some(Ok((register, listing))) = read(damaged, listed.clone().into_bytes()) else { continue };
        assert_eq!(listing, Listing::Exact, "{shown}");
        if register != right {
            // The label or the landing page of an open row: the next build writes them again, and `--locked` fails.
            accepted += 1;
            let changes = reconcile(&register, today.clone(), day(LAST_DAY));
            assert_eq!(changes.tags(Change::Updated).len(), 1, "{shown}");
            assert_eq!(changes.register, right, "{shown}");
        }
    }
    assert!(accepted > 0, "no case changed a label");
}

/// The lines without the comment.
fn lines(text: &str) -> Vec<&str> {
    text.lines().skip(1).collect()
}

#[test]
fn damaged_checksums_are_never_reported_as_lost_rows() {
    let right = register();
    let (text, listed) = (write(&right), checksums::write(&right));
    for damaged in damages(&listed) {
        let shown = String::from_utf8_lossy(&damaged).into_owned();
        match read(text.clone().into_bytes(), damaged) {
            None => {}
            Some(Err(diagnostics)) => {
                assert!(diagnostics.iter().all(|found| found.rule == Rule::BadRegister), "{shown}\n{diagnostics:#?}")
            }
            Some(Ok((register, listing))) => {
                assert_eq!(register, right);
                // The comment, or the end of the file.
                let is_harmless = lines(&shown) == lines(&listed);
                assert!(is_harmless || listing.outdated().is_some(), "{shown}");
            }
        }
    }
}

#[test]
fn checksums_are_the_same_on_every_machine() {
    let text = checksums::write(&register());
    // The last line was also computed by another program.
    assert_eq!(
        lines(&text),
        [
            "cfd18dd5 spring 2027-03-01 10be4337026d-12c3f0c2 8007f4ec82c9-4a9da69b",
            "2e97d599 spring 2027-03-05 dc9808a71efc",
            "ef0cb305 spring 2027-03-09 13f9db8b0016-93a54f1f",
            "0496f45d summer 2027-03-09 cdaa8fb0035f-63082d7c",
            "b915654c winter 2027-03-01 bb0c44e90737-05441e19",
        ]
    );
}

#[test]
fn row_has_other_checksums_when_a_cell_changes() {
    let row = register().rows().iter().find(|row| row.until.is_some()).unwrap().clone();
    let of = RowChecksum::of;
    for other in [
        Row { tag: LeadTag::parse("spring_save_acne").unwrap(), ..row.clone() },
        Row { tag: LeadTag::parse("spring_sav_eacme").unwrap(), ..row.clone() },
        Row { kind: CtaKind::Booking, ..row.clone() },
        Row { offer: "AA".into(), ..row.clone() },
        Row { from: day(2), ..row.clone() },
    ] {
        assert_ne!(of(&other).row, of(&row).row, "{other:?}");
    }
    for other in [
        Row { label: "Other".into(), ..row.clone() },
        Row { landing_page: "/other/".into(), ..row.clone() },
        Row { until: Some(day(10)), ..row.clone() },
        Row { until: None, ..row.clone() },
    ] {
        assert_eq!(of(&other).row, of(&row).row, "{other:?}");
        assert_ne!(of(&other).closing, of(&row).closing, "{other:?}");
    }
}
