//! A damaged tag register is rejected and never changed.

use crate::support::{REGISTER, Site, assert_each_rejected, assert_only_error, invalid};

#[test]
#[rustfmt::skip]
fn damaged_register_is_an_error_at_the_damaged_cell() {
    let site = Site::new();
    site.build().clean();
    let register = site.read(REGISTER);
    let row = register
        .lines()
        .find(|line| line.starts_with("spring_guide_acme,"))
        .unwrap();
    let cells: Vec<_> = row.split(',').collect();
    let with = |cell: usize, text: &str| {
        let mut cells = cells.clone();
        cells[cell] = text;
        cells.join(",")
    };
    let code = format!(
        "«{}",
        if cells[8] == "0000000000" {
            "1111111111"
        } else {
            "0000000000"
        }
    );
    let rows = [
        (with(0, "«spring_guide"), "is not a lead tag"),
        (with(0, "«spring_guide_acme_deutsch"), "the variant `deutsch` is neither a language"),
        (with(0, "«spring_guide_acme_a"), "version `a` has no fourth part: remove `_a`"),
        (with(1, "«summer"), "expected `spring`"),
        (with(2, "«guid"), "expected `guide`"),
        (with(3, "«downlod"), "did you mean `download`?"),
        (with(4, "«direct"), "expected `acme`"),
        (with(8, &code), &*format!("write `{}`", cells[8])),
        (with(9, "«15/03/2027"), "like `2027-03-31`"),
        (with(9, "«2027-02-30"), "like `2027-03-31`"),
        (with(10, "«2027-01-01"), "ends before it begins"),
        (format!("«{row},more"), "expected 11 cells, found 12"),
        ("«spring_guide_acme".to_owned(), "expected 11 cells, found 1"),
        (with(5, "«\"Download the guide"), "a quote is never closed"),
        (format!("«<<<<<<< HEAD\n{row}"), "keep the lines of both sides"),
        (format!("{row}\n{}", with(9, "«2027-03-16")), "has two open rows"),
    ];
    let edits: Vec<_> = rows
        .iter()
        .map(|(new, text)| invalid(REGISTER, row, new, "bad-register", text))
        .collect();
    assert_each_rejected(&site, &edits);
    assert_each_rejected(
        &site,
        &[
            invalid(REGISTER, "tag,campaign", "«lead,campaign", "bad-register", "expected column `tag`"),
            invalid(REGISTER, &register, "«\0", "forbidden-character", "delete it"),
        ],
    );
}

#[test]
fn register_that_is_not_utf8_is_an_error_and_stays_unchanged() {
    let site = Site::new();
    site.build().clean();
    let site = site.bytes(REGISTER, b"tag,camp\xe9ign\n");
    assert_only_error(&site.build(), "not-utf8", "lead-tags.csv:1:9", "UTF-8");
    assert_eq!(std::fs::read(site.path(REGISTER)).unwrap(), b"tag,camp\xe9ign\n");
}
