//! Merges of the register's two files, line by line as git's `merge=union` does them.

use proptest::prelude::*;

use super::checked::{RegisterTexts, read_checked};
use super::checksums;
use super::damage_tests::{day, issued};
use super::reconcile::reconcile;
use super::rows::Register;
use super::write::write;
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::rules::Rule;
use crate::source::SourceText;

const TAGS: [&str; 4] = ["spring_save_acme", "spring_save_direct", "spring_guide_direct", "winter_save_acme"];
const OFFERS: [&str; 3] = ["", "A", "B"];

/// A day and the offers of all lead tags on it. The first offer is none.
type Step = (i8, [usize; 4]);

fn steps(days: std::ops::Range<i8>) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((days, prop::array::uniform4(0..OFFERS.len())), 0..4).prop_map(|mut steps| {
        steps.sort_by_key(|(day, _)| *day);
        steps
    })
}

fn after(register: Register, steps: &[Step]) -> Register {
    steps.iter().fold(register, |register, (number, offers)| {
        let offers: Vec<_> = TAGS.into_iter().zip(offers.map(|offer| OFFERS[offer])).collect();
        let offers: Vec<_> = offers.into_iter().filter(|(_, offer)| !offer.is_empty()).collect();
        reconcile(&register, issued(&offers), day(*number)).register
    })
}

/// Merges two versions of a text. A line that one side removed stays if git sees a conflict there, which depends on the
/// lines around it: `conflicts` decides.
fn merged(base: &str, ours: &str, theirs: &str, mut conflicts: impl Iterator<Item = bool>) -> String {
    let has = |text: &str, line: &str| text.lines().any(|other| other == line);
    let mut lines: Vec<&str> = Vec::new();
    for (text, other) in [(ours, theirs), (theirs, ours)] {
        for line in text.lines() {
            let is_removed = has(base, line) && !has(other, line) && !conflicts.next().unwrap_or(false);
            if !is_removed {
                lines.push(line);
            }
        }
    }
    lines.join("\n") + "\n"
}

fn facts(register: &Register) -> Vec<String> {
    register.rows().iter().map(|row| format!("{} {} {}", row.tag, row.offer, row.from)).collect()
}

proptest! {
    #[test]
    fn merged_branches_are_never_reported_as_lost_rows(
        base in steps(1..4),
        ours in steps(3..8),
        theirs in steps(3..8),
        conflicts in prop::collection::vec(any::<bool>(), 64),
    ) {
        let base = after(Register::default(), &base);
        let [ours, theirs] = [ours, theirs].map(|steps| after(base.clone(), &steps));
        let mut conflicts = conflicts.into_iter();
        let register = merged(&write(&base), &write(&ours), &write(&theirs), conflicts.by_ref().take(32));
        let [base, listed_ours, listed_theirs] = [&base, &ours, &theirs].map(checksums::write);
        let checksums = merged(&base, &listed_ours, &listed_theirs, conflicts);
        let texts = [SourceText::new(REGISTER_FILE, register), SourceText::new(CHECKSUM_FILE, checksums)];
        let texts = RegisterTexts { register: Some(&texts[0]), checksums: Some(&texts[1]) };
        match read_checked(texts, day(9)) {
            Ok(checked) => {
                let facts_now = facts(&checked.register);
                prop_assert!(facts(&ours).iter().chain(&facts(&theirs)).all(|fact| facts_now.contains(fact)));
            }
            // Two offers at once on one lead tag are a real conflict.
            Err(errors) => prop_assert!(errors.iter().all(|error| error.rule == Rule::BadRegister), "{errors:#?}"),
        }
    }
}
