//! A register that was opened and saved in a spreadsheet is reported as that, and never changed because of it.

use crate::support::{CAMPAIGN, REGISTER, Site};

const CHECKSUMS: &str = "lead-tags.sum";

/// A site with a register of codes and numbers that spreadsheets change.
fn issued_site() -> Site {
    let site =
        Site::edited(CAMPAIGN, "code: SPRING20", "code: \"0020\"").edit(CAMPAIGN, "acme: ACME20", "acme: MAR-27");
    site.tags().ok();
    site
}

/// Asserts that every command reports the spreadsheet in one error, and writes nothing.
#[track_caller]
fn assert_named(site: &Site, words: &str) {
    let (register, checksums) = (site.read(REGISTER), std::fs::read(site.path(CHECKSUMS)).ok());
    for command in [&["build"][..], &["check"], &["tags"], &["build", "--locked"]] {
        let run = site.run(command).failed(1);
        let problems = run.problems();
        let of_register: Vec<_> = problems.iter().filter(|problem| problem.place.starts_with(REGISTER)).collect();
        assert!(of_register.iter().any(|problem| problem.text.contains("spreadsheet")), "{command:?}: {}", run.stderr);
        assert!(run.stderr.contains(words) && run.stderr.contains("tagline tags --restore"), "{}", run.stderr);
    }
    assert_eq!(site.read(REGISTER), register);
    assert_eq!(std::fs::read(site.path(CHECKSUMS)).ok(), checksums);
}

#[test]
fn changed_offers_are_named_with_their_former_text() {
    for (old, new) in
        [(",0020,", ",20,"), (",MAR-27,", ",Mar-27,"), (",MAR-27,", ",2027-03-01,"), (",MAR-27,", ",27-Mar,")]
    {
        let site = issued_site();
        site.write(REGISTER, site.read(REGISTER).replace(old, new));
        assert_named(&site, &format!("the offer was `{}`", old.trim_matches(',')));
        // Without checksums, the content says what the offer was.
        let site = site.remove(CHECKSUMS);
        assert_named(&site, &format!("the content has `{}`", old.trim_matches(',')));
    }
}

#[test]
fn other_formats_of_the_file_are_one_error() {
    let site = issued_site();
    let register = site.read(REGISTER);
    for (text, words) in [
        (register.replace(',', ";"), "semicolons between the cells"),
        (register.replace(',', "\t"), "tabs between the cells"),
        (register.replace("2027-03-15", "2027/03/15"), "a spreadsheet changed 12 cells"),
        (register.replace("2027-03-15", "3/15/2027"), "a day, not written like `2027-03-31`"),
        (register.replace("2027-03-15", "15.03.27"), "a spreadsheet changed 12 cells"),
        (register.replace("2027-03-15", "########"), "a spreadsheet changed 12 cells"),
        (register.replace("2027-03-15", "46461"), "a spreadsheet changed 12 cells"),
    ] {
        site.write(REGISTER, text);
        assert_named(&site, words);
        let problems = site.check().problems();
        assert_eq!(problems.iter().filter(|problem| problem.is_error).count(), 1, "{words}");
    }
}

#[test]
fn quotes_and_a_byte_order_mark_change_nothing() {
    let site = issued_site();
    let register = site.read(REGISTER);
    let quoted = |line: &str| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
    let all_quoted: String = register.lines().map(|line| quoted(line) + "\r\n").collect();
    for text in [format!("\u{feff}{register}"), all_quoted] {
        site.write(REGISTER, text);
        site.run(&["build", "--locked"]).clean();
        site.tags().clean();
        assert_eq!(site.read(REGISTER), register);
    }
}

#[test]
fn offer_that_its_kind_cannot_have_is_refused() {
    let contact = "ctas:\n  ask:\n    label: Ask\n    contact: { phone: \"+254 700 000000\" }\n";
    let site = Site::edited(CAMPAIGN, "ctas:\n", contact).edit(CAMPAIGN, "Read the", "[](cta:ask) Read the");
    site.tags().ok();
    let register = site.read(REGISTER);
    for (text, words) in [
        (register.replace("+254700000000", "254700000000"), "was `+254700000000`"),
        (register.replace("+254700000000", "by post"), "a contact cannot offer `by post`"),
    ] {
        site.write(REGISTER, text);
        let run = site.build().failed(1);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn real_change_of_a_code_is_no_spreadsheet() {
    let site = issued_site().edit(CAMPAIGN, "code: \"0020\"", "code: \"20\"");
    site.build_on("2027-03-20").ok();
    assert_eq!(site.offers_of("spring_save_direct"), ["0020 2027-03-15 2027-03-20", "20 2027-03-20"]);
}
