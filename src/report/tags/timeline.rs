//! What the page of a campaign showed on each day, as the register says it: while versions are tested against each other, and
//! after one of them became the page. The lead tags of the page are the same all the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::{Language, Variant, Version};
use crate::register::{Register, Row};
use crate::report::values::day::{DayNumber, day_number};
use crate::resolve::Site;

/// The days of a page in one language, in parts that differ in what it showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The first part is that of leads without a day, and the others are sorted by their days.
    parts: Vec<Part>,
}

/// Some days of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The first day. The last one is that before the next part.
    from: DayNumber,
    /// The version that the page showed at its own address.
    pub shown: Version,
    /// The versions that were tested against it on these days.
    pub tested: Vec<Version>,
}

/// The timelines of all pages that ever had versions.
#[derive(Clone, Debug, Default)]
pub struct Timelines(BTreeMap<(Slug, Option<Language>), Arc<Timeline>>);

impl Timelines {
    pub fn new(site: &Site, register: &Register) -> Timelines {
        let mut rows: BTreeMap<(Slug, Option<Language>), Vec<&Row>> = BTreeMap::new();
        if register.rows().iter().all(|row| version_of(&row.tag) == Version::A) {
            return Timelines::default();
        }
        for row in register.rows() {
            rows.entry((row.tag.campaign.clone(), language_of(row.tag.variant.as_ref()))).or_default().push(row);
        }
        rows.retain(|_, rows| rows.iter().any(|row| version_of(&row.tag) != Version::A));
        let timeline = |(key, rows): ((Slug, Option<Language>), Vec<&Row>)| {
            let page = site.campaigns.get(&key.0).map(|&page| &site.pages[page].page.front);
            let winner = page.and_then(|front| front.versions.as_deref()?.winner).map(|winner| winner.value);
            let timeline = Timeline::new(&rows, winner);
            (key, Arc::new(timeline))
        };
        Timelines(rows.into_iter().map(timeline).collect())
    }

    /// Returns the days of the page that a source without a version leads to. `None` if it never had versions.
    pub fn of(&self, campaign: &Slug, variant: Option<&Variant>) -> Option<Arc<Timeline>> {
        if variant.is_some_and(|variant| variant.version() != Version::A) {
            return None;
        }
        self.0.get(&(campaign.clone(), language_of(variant))).cloned()
    }
}

fn language_of(variant: Option<&Variant>) -> Option<Language> {
    variant.and_then(Variant::language).and_then(Language::parse)
}

fn version_of(tag: &LeadTag) -> Version {
    tag.variant.as_ref().map_or(Version::A, Variant::version)
}

/// The first and the last day of a row; the end of time for an open one.
type Days = (DayNumber, DayNumber);

fn days_of(row: &Row) -> Option<Days> {
    Some((day_number(row.from)?, row.until.map_or(Some(DayNumber::MAX), day_number)?))
}

impl Timeline {
    /// `rows` are those of all lead tags of a page and its versions, in one language. `winner` is what its front matter says today.
    fn new(rows: &[&Row], winner: Option<Version>) -> Timeline {
        let mut offered: BTreeMap<Version, Vec<Days>> = BTreeMap::new();
        for row in rows.iter().filter(|row| version_of(&row.tag) != Version::A) {
            offered.entry(version_of(&row.tag)).or_default().extend(days_of(row));
        }
        offered.values_mut().for_each(merge);
        let turns = turns(rows, &offered, winner);
        let all = || offered.values().flatten();
        let mut starts: BTreeSet<DayNumber> = all().map(|(from, _)| *from).chain([1]).collect();
        starts.extend(all().filter(|(_, until)| *until < DayNumber::MAX).map(|(_, until)| until + 1));
        starts.extend(turns.keys().flat_map(|day| [*day, day.saturating_add(1)]));
        let mut parts = vec![Part { from: 0, shown: Version::A, tested: offered.keys().copied().collect() }];
        let mut shown = Version::A;
        for from in starts {
            if let Some(before) = from.checked_sub(1).and_then(|day| turns.get(&day)) {
                shown = *before;
            }
            let is_on = |days: &[Days]| days.iter().any(|(first, last)| (*first..=*last).contains(&from));
            let tested = offered.iter().filter(|(version, days)| **version != shown && is_on(days));
            let tested = tested.map(|(version, _)| *version).collect();
            // A lead of the day of a turn can have seen either.
            parts.push(Part { from, shown, tested: if turns.contains_key(&from) { Vec::new() } else { tested } });
        }
        Timeline { parts }
    }

    /// Returns the number of the part that a day is in; 0 for no day.
    pub fn number(&self, day: DayNumber) -> u16 {
        (self.parts.partition_point(|part| part.from <= day) - 1) as u16
    }

    pub fn part(&self, number: u16) -> &Part {
        &self.parts[usize::from(number)]
    }
}

/// Joins days that overlap or share a day: an offer that changed.
fn merge(days: &mut Vec<Days>) {
    days.sort_unstable();
    let mut merged: Vec<Days> = Vec::new();
    for &(from, until) in &*days {
        match merged.last_mut() {
            Some((_, last)) if from <= *last => *last = until.max(*last),
            _ => merged.push((from, until)),
        }
    }
    *days = merged;
}

/// Returns the days on which another version became the page, with that version. On such a day, the lead tags of the versions
/// close, or open again, and those of the page begin again. See `register::reconcile`.
fn turns(
    rows: &[&Row],
    offered: &BTreeMap<Version, Vec<Days>>,
    winner: Option<Version>,
) -> BTreeMap<DayNumber, Version> {
    let begins_again = |day: DayNumber| {
        let of_page = || rows.iter().filter(|row| version_of(&row.tag) == Version::A);
        let mut ended = of_page().filter(|row| days_of(row).is_some_and(|(from, until)| from < day && until == day));
        let goes_on = of_page().any(|row| days_of(row).is_some_and(|(from, until)| from < day && until > day));
        let has_next = |tag: &LeadTag| {
            of_page().any(|row| row.tag == *tag && days_of(row).is_some_and(|(from, until)| from == day && until > day))
        };
        !goes_on && ended.any(|row| has_next(&row.tag))
    };
    let with = |day: DayNumber, is: fn(&Days) -> DayNumber| -> Vec<Version> {
        let on_day = offered.iter().filter(|(_, days)| days.iter().any(|days| is(days) == day));
        on_day.map(|(version, _)| *version).collect()
    };
    let days: BTreeSet<DayNumber> = offered.values().flatten().flat_map(|(from, until)| [*from, *until]).collect();
    let days: Vec<DayNumber> = days.into_iter().filter(|day| begins_again(*day)).collect();
    let mut turns = BTreeMap::new();
    for (position, &day) in days.iter().enumerate() {
        let (closed, opened) = (with(day, |(_, until)| *until), with(day, |(from, _)| *from));
        let is_last = position + 1 == days.len();
        let won = winner.filter(|winner| is_last && closed.contains(winner));
        match (won, &closed[..], &opened[..]) {
            (Some(winner), ..) => turns.insert(day, winner),
            // If several versions ended and the page does not say which one won, nobody knows what it showed.
            (None, [one], []) if winner != Some(Version::A) || !is_last => turns.insert(day, *one),
            (None, [], [_, ..]) => turns.insert(day, Version::A),
            _ => None,
        };
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cta::CtaKind;

    fn day(number: i8) -> DayNumber {
        day_number(jiff::civil::Date::new(2027, 3, number).unwrap()).unwrap()
    }

    /// Rows as `spring_save_acme_b 1..20`, days of March; an open row has no last day.
    fn rows(rows: &[(&str, i8, Option<i8>)]) -> Vec<Row> {
        let date = |number: i8| jiff::civil::Date::new(2027, 3, number).unwrap();
        let row = |(tag, from, until): &(&str, i8, Option<i8>)| Row {
            tag: LeadTag::parse(tag).unwrap(),
            kind: CtaKind::Coupon,
            label: "Save".into(),
            offer: "SAVE".into(),
            landing_page: "/spring/".into(),
            code: None,
            from: date(*from),
            until: until.map(date),
        };
        rows.iter().map(row).collect()
    }

    /// What the page shows on a day of March, and what is tested against it.
    fn on(timeline: &Timeline, number: i8) -> String {
        let part = timeline.part(timeline.number(day(number)));
        let tested: Vec<String> = part.tested.iter().map(ToString::to_string).collect();
        format!("{}:{}", part.shown, tested.join(","))
    }

    fn timeline(list: &[(&str, i8, Option<i8>)], winner: Option<&str>) -> Timeline {
        let rows = rows(list);
        Timeline::new(&rows.iter().collect::<Vec<_>>(), winner.and_then(Version::parse))
    }

    #[test]
    fn winner_is_shown_from_the_day_after_the_decision() {
        let list = [
            ("spring_save_acme", 1, Some(20)),
            ("spring_save_acme", 20, None),
            ("spring_save_acme_b", 5, Some(20)),
            ("spring_save_direct", 1, Some(20)),
            ("spring_save_direct", 20, None),
        ];
        let timeline = timeline(&list, None);
        for (number, expected) in [(4, "a:"), (5, "a:b"), (19, "a:b"), (20, "a:"), (21, "b:")] {
            assert_eq!(on(&timeline, number), expected, "{number} March");
        }
        assert_eq!(timeline.part(timeline.number(0)).tested.len(), 1, "without a day");
    }

    #[test]
    fn page_says_which_of_several_versions_won() {
        let list = [
            ("spring_save_acme", 1, Some(20)),
            ("spring_save_acme", 20, None),
            ("spring_save_acme_b", 5, Some(20)),
            ("spring_save_acme_c", 5, Some(20)),
        ];
        assert_eq!(on(&timeline(&list, Some("c")), 25), "c:");
        assert_eq!(on(&timeline(&list, None), 25), "a:", "nobody knows");
    }

    #[test]
    fn decision_that_is_taken_back_shows_the_page_as_written_again() {
        let list = [
            ("spring_save_acme", 1, Some(10)),
            ("spring_save_acme", 10, Some(20)),
            ("spring_save_acme", 20, None),
            ("spring_save_acme_b", 5, Some(10)),
            ("spring_save_acme_b", 20, None),
        ];
        let timeline = timeline(&list, None);
        for (number, expected) in [(9, "a:b"), (15, "b:"), (20, "b:"), (21, "a:b")] {
            assert_eq!(on(&timeline, number), expected, "{number} March");
        }
    }

    #[test]
    fn version_that_ends_without_winning_leaves_the_page_as_it_is() {
        let list = [
            ("spring_save_acme", 1, None),
            ("spring_save_direct", 1, Some(20)),
            ("spring_save_direct", 20, None),
            ("spring_save_acme_b", 5, Some(20)),
        ];
        assert_eq!(on(&timeline(&list, None), 25), "a:", "one lead tag goes on, so only an offer changed");
        let closes =
            [("spring_save_acme", 1, Some(20)), ("spring_save_acme", 20, None), ("spring_save_acme_b", 5, Some(20))];
        assert_eq!(on(&timeline(&closes, Some("a")), 25), "a:", "an offer changed on the day on which `a` won");
    }
}
