//! Updates the register to the lead tags that the content issues today.

use std::collections::HashSet;

use arcstr::ArcStr;
use jiff::civil::Date;
use rayon::prelude::*;

use super::changes::{Change, Changes, NewRows};
use super::rows::{Register, Row};
use crate::lead_tags::{CampaignOffers, Issued, LeadTags};
use crate::model::slug::Slug;
use crate::model::tag::{LeadTag, compare_as_parts};
use crate::model::variant::{Language, Variant, Version};

/// The number of rows that one thread takes at a time: a few milliseconds of work.
const ROWS_PER_CHUNK: usize = 4096;

/// How many chunks per thread are in memory at once, besides the old and the new register.
const CHUNKS_PER_THREAD: usize = 2;

/// The lead tags that a campaign issues today. They are made when they are compared, because those of a large site take as
/// much memory as its register.
trait OfCampaign: Sync {
    fn campaign(&self) -> &Slug;
    fn count(&self) -> usize;
    fn issued(&self) -> Vec<Issued>;
}

impl OfCampaign for CampaignOffers<'_, '_> {
    fn campaign(&self) -> &Slug {
        self.campaign()
    }

    fn count(&self) -> usize {
        self.count()
    }

    fn issued(&self) -> Vec<Issued> {
        self.issued()
    }
}

/// At least one lead tag of a campaign.
impl OfCampaign for &[Issued] {
    fn campaign(&self) -> &Slug {
        &self[0].tag.campaign
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn issued(&self) -> Vec<Issued> {
        self.to_vec()
    }
}

/// Updates the register of a site to its lead tags, as [`reconcile`] does.
pub fn reconcile_site(register: &Register, lead_tags: &LeadTags, today: Date) -> Changes {
    reconcile_campaigns(register, &lead_tags.campaigns(), today)
}

/// Updates the register. A row opens on the day its lead tag appears. It closes when the content no
/// longer issues the lead tag, or when the offer (kind or text) changes, which opens the next row.
/// Label and landing page of the open row follow the content; closed rows stay unchanged. No row is
/// ever deleted.
///
/// When several of these happen on one day:
///
/// - **An offer that changes on the day it was opened** is closed on the same day: its row has
///   `from` = `until`. It may have been published for some hours, so the row is retained. It takes
///   no days from other rows, so `read` accepts it next to or within a longer row.
/// - **An offer that returns on the day it was closed** opens its old row again, whether the lead
///   tag was removed and restored or the offer was changed and changed back. So experiments add at
///   most one row for each offer and day, and undoing a removal leaves no trace.
/// - **A day before the latest day in the register** (`--date`) is replaced for each lead tag by the
///   latest day that its rows contain. So no row ends before it begins, and no rows
///   overlap.
///
/// When a version of a campaign wins, the lead tags of the page begin again: their open rows close on the day on which those
/// of the winner close, and the next rows open. So a day tells which content a lead saw, although the lead tag is the same.
///
/// Line breaks in texts become spaces: every row stays on one line, which `merge=union` cannot
/// split. If one lead tag is issued twice, the first one counts. A second run changes nothing.
pub fn reconcile(register: &Register, issued: impl IntoIterator<Item = Issued>, today: Date) -> Changes {
    let mut issued: Vec<Issued> = issued.into_iter().collect();
    issued.sort_by(|a, b| a.tag.cmp(&b.tag));
    issued.dedup_by(|later, first| later.tag == first.tag);
    let campaigns: Vec<&[Issued]> = issued.chunk_by(|a, b| a.tag.campaign == b.tag.campaign).collect();
    reconcile_campaigns(register, &campaigns, today)
}

/// Updates the register to what campaigns issue today, sorted by id.
fn reconcile_campaigns<C: OfCampaign>(register: &Register, campaigns: &[C], today: Date) -> Changes {
    let issued = campaigns.iter().map(OfCampaign::count).sum();
    let capacity = register.rows().len().max(issued);
    let mut new: Option<NewRows> = None;
    let mut rows_before = 0;
    for some in chunks(register.rows(), campaigns).chunks(CHUNKS_PER_THREAD * rayon::current_num_threads()) {
        let changed = some.par_iter().map(|&(rows, campaigns)| reconcile_chunk(rows, campaigns, today));
        for ((rows, _), changed) in some.iter().zip(changed.collect::<Vec<Option<NewRows>>>()) {
            match (&mut new, changed) {
                (None, None) => {}
                (Some(new), None) => new.rows.extend_from_slice(rows),
                (new, Some(changed)) => {
                    new.get_or_insert_with(|| NewRows::after(&register.rows()[..rows_before], capacity)).append(changed)
                }
            }
            rows_before += rows.len();
        }
    }
    new.map_or_else(|| Changes::none(register), Changes::from)
}

/// Returns the lead tags whose page shows other content from today on: that of the winner, whose lead tag is still open, or
/// its own again, because the lead tags that closed for a winner open again.
fn decided(rows: &[Row], issued: &[Issued]) -> HashSet<LeadTag> {
    let in_version = |tag: &LeadTag, version: Version| {
        let language = tag.variant.as_ref().and_then(Variant::language).and_then(Language::parse);
        LeadTag { variant: Variant::of(language.as_ref(), version), ..tag.clone() }
    };
    let winners = issued.iter().filter_map(|issued| Some((&issued.tag, issued.winner?)));
    let is_open = |tag: &LeadTag| rows_of(rows, tag).any(|row| row.until.is_none());
    let won = winners.filter(|(tag, winner)| *winner != Version::A && is_open(&in_version(tag, *winner)));
    let won = won.map(|(tag, _)| tag.clone());
    let versions = issued.iter().map(|issued| &issued.tag);
    let versions = versions.filter(|tag| tag.variant.as_ref().is_some_and(|variant| variant.version() != Version::A));
    let taken_back = versions.filter_map(|tag| {
        // None while one of its rows is open.
        let closed = rows_of(rows, tag).map(|row| row.until).collect::<Option<Vec<_>>>()?.into_iter().max()?;
        let page = in_version(tag, Version::A);
        let begins = rows_of(rows, &page).any(|row| row.until.is_none() && row.from == closed);
        let ended = rows_of(rows, &page).any(|row| row.until == Some(closed) && row.from < closed);
        (begins && ended).then_some(page)
    });
    won.chain(taken_back).collect()
}

fn rows_of<'r>(rows: &'r [Row], tag: &LeadTag) -> impl Iterator<Item = &'r Row> {
    let from = rows.partition_point(|row| row.tag < *tag);
    let of_tag = rows[from..].partition_point(|row| row.tag == *tag);
    rows[from..from + of_tag].iter()
}

/// Rows and campaigns that no other chunk has. The campaigns include those of the rows that the content still has.
type Chunk<'p, C> = (&'p [Row], &'p [C]);

/// Splits rows and campaigns into chunks for parallel work.
fn chunks<'p, C: OfCampaign>(mut rows: &'p [Row], mut campaigns: &'p [C]) -> Vec<Chunk<'p, C>> {
    let mut chunks = Vec::new();
    while let Some(last) = last_of_chunk(rows, campaigns) {
        let is_in = |campaign: &Slug| compare_as_parts(campaign, last).is_le();
        let (rows_before, rows_after) = rows.split_at(rows.partition_point(|row| is_in(&row.tag.campaign)));
        let (before, after) = campaigns.split_at(campaigns.partition_point(|campaign| is_in(campaign.campaign())));
        chunks.push((rows_before, before));
        (rows, campaigns) = (rows_after, after);
    }
    chunks
}

/// Returns the last campaign of the next chunk: the first one with which it has enough rows or lead tags. `None` at the end.
fn last_of_chunk<'p, C: OfCampaign>(rows: &'p [Row], campaigns: &'p [C]) -> Option<&'p Slug> {
    let of_rows = rows.get(ROWS_PER_CHUNK - 1).or(rows.last()).map(|row| &row.tag.campaign);
    let mut lead_tags = 0;
    let is_enough = |campaign: &&C| {
        lead_tags += campaign.count();
        lead_tags >= ROWS_PER_CHUNK
    };
    let of_campaigns = campaigns.iter().find(is_enough).or(campaigns.last()).map(OfCampaign::campaign);
    of_rows.into_iter().chain(of_campaigns).min_by(|a, b| compare_as_parts(a, b))
}

/// Returns the new rows, or `None` if nothing changes.
fn reconcile_chunk<C: OfCampaign>(rows: &[Row], campaigns: &[C], today: Date) -> Option<NewRows> {
    let mut all: Vec<Issued> = campaigns.iter().flat_map(OfCampaign::issued).collect();
    all.iter_mut().for_each(Issued::put_on_one_line);
    let decided = decided(rows, &all);
    if decided.is_empty() && are_open_rows(&all, rows) {
        return None;
    }
    let mut new = NewRows::after(&[], rows.len().max(all.len()));
    let mut issued = all.iter().peekable();
    for rows_of_tag in rows.chunk_by(|a, b| a.tag == b.tag) {
        let tag = &rows_of_tag[0].tag;
        while let Some(next) = issued.next_if(|issued| issued.tag < *tag) {
            reconcile_tag(&mut new, &[], Some(next), false, today);
        }
        let current = issued.next_if(|issued| issued.tag == *tag);
        reconcile_tag(&mut new, rows_of_tag, current, decided.contains(tag), today);
    }
    for next in issued {
        reconcile_tag(&mut new, &[], Some(next), false, today);
    }
    Some(new)
}

/// Whether the open rows are these lead tags with the same texts.
fn are_open_rows(issued: &[Issued], rows: &[Row]) -> bool {
    let mut open = rows.iter().filter(|row| row.until.is_none());
    let is_next = |issued: &Issued| {
        open.next().is_some_and(|row| row.tag == issued.tag && issued.is_offer_of(row) && issued.has_texts_of(row))
    };
    issued.iter().all(is_next) && open.next().is_none()
}

/// Adds the rows of one lead tag to the new register: `history` updated to `issued`. `begins_again` if its page shows another
/// version from today on.
fn reconcile_tag(new: &mut NewRows, history: &[Row], issued: Option<&Issued>, begins_again: bool, today: Date) {
    let day = history.iter().map(latest_day).fold(today, Date::max);
    let rows = &mut new.rows;
    let first = rows.len();
    rows.extend_from_slice(history);
    let open = rows[first..].iter_mut().find(|row| row.until.is_none());
    match (open, issued) {
        (None, None) => {}
        (None, Some(issued)) => {
            open_row(rows, first, issued, day);
            new.add(Change::Opened, first);
        }
        (Some(open), None) => {
            open.until = Some(day);
            new.add(Change::Closed, first);
        }
        // A row that opened today is already about the new content.
        (Some(open), Some(issued)) if begins_again && open.from < day => {
            open.until = Some(day);
            rows.push(issued.first_row(day));
            new.add(Change::NewOffer, first);
        }
        (Some(open), Some(issued)) if issued.is_offer_of(open) => {
            if update_texts(open, issued) {
                new.add(Change::Updated, first);
            }
        }
        (Some(open), Some(issued)) => {
            open.until = Some(day);
            open_row(rows, first, issued, day);
            new.add(Change::NewOffer, first);
        }
    }
    new.rows[first..].sort_by(Row::compare);
}

/// Returns the latest day in a row.
fn latest_day(row: &Row) -> Date {
    row.until.unwrap_or(row.from)
}

/// Opens the row of this offer that was closed on the same day, or else a new row. The rows of the
/// lead tag begin at index `first`.
fn open_row(rows: &mut Vec<Row>, first: usize, issued: &Issued, day: Date) {
    let closed_today = rows[first..].iter_mut().find(|row| row.until == Some(day) && issued.is_offer_of(row));
    match closed_today {
        Some(row) => {
            row.until = None;
            update_texts(row, issued);
        }
        None => rows.push(issued.first_row(day)),
    }
}

/// Copies label and landing page to an open row. Returns whether either changed.
fn update_texts(row: &mut Row, issued: &Issued) -> bool {
    let is_new = !issued.has_texts_of(row);
    if is_new {
        row.label = ArcStr::clone(&issued.label);
        row.landing_page = ArcStr::clone(&issued.landing_page);
    }
    is_new
}

impl Issued {
    fn put_on_one_line(&mut self) {
        for text in [&mut self.label, &mut self.offer, &mut self.landing_page] {
            if let Some(joined) = on_one_line(text) {
                *text = joined;
            }
        }
    }

    fn is_offer_of(&self, row: &Row) -> bool {
        self.kind == row.kind && self.offer == row.offer
    }

    fn has_texts_of(&self, row: &Row) -> bool {
        self.label == row.label && self.landing_page == row.landing_page
    }

    fn first_row(&self, from: Date) -> Row {
        Row {
            tag: self.tag.clone(),
            kind: self.kind,
            label: ArcStr::clone(&self.label),
            offer: ArcStr::clone(&self.offer),
            landing_page: ArcStr::clone(&self.landing_page),
            code: self.code,
            from,
            until: None,
        }
    }
}

/// Joins the lines of a text. Returns `None` if it has one line.
fn on_one_line(text: &str) -> Option<ArcStr> {
    memchr::memchr2(b'\r', b'\n', text.as_bytes())?;
    let lines = text.split(['\r', '\n']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    Some(lines.join(" ").into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read::read;
    use super::super::write::write;
    use super::*;
    use crate::load::REGISTER_FILE;
    use crate::model::code::ShortCode;
    use crate::model::cta::CtaKind;
    use crate::source::SourceText;

    fn day(number: i8) -> Date {
        Date::new(2027, 3, number).unwrap()
    }

    fn issue(tag: &str, offer: &str) -> Issued {
        let tag = LeadTag::parse(tag).unwrap();
        Issued {
            kind: CtaKind::Coupon,
            label: "Save".into(),
            offer: offer.into(),
            landing_page: "/spring/".into(),
            code: ShortCode::of_tag(&tag),
            winner: None,
            tag,
        }
    }

    /// Each row as `offer from..until`, days of the month.
    fn periods(register: &Register) -> Vec<String> {
        let days = |row: &Row| {
            let until = row.until.map_or(String::new(), |until| until.day().to_string());
            format!("{} {}..{until}", row.offer, row.from.day())
        };
        register.rows().iter().map(days).collect()
    }

    /// The register after a series of days, on each of which one lead tag has an offer or none.
    fn after(steps: &[(i8, Option<&str>)]) -> Register {
        steps.iter().fold(Register::default(), |register, &(number, offer)| {
            let issued = offer.map(|offer| issue("spring_save_acme", offer));
            let now = reconcile(&register, issued.clone(), day(number)).register;
            let again = reconcile(&now, issued, day(number));
            assert!(again.is_empty() && again.register == now, "the second time nothing changes: {steps:?}");
            let text = SourceText::new(REGISTER_FILE, write(&now));
            assert_eq!(read(&text).as_ref().ok(), Some(&now), "it can be read back: {steps:?}");
            now
        })
    }

    #[test]
    fn rows_open_and_close_with_the_offers_of_the_content() {
        let (a, b, none) = (Some("A"), Some("B"), None);
        for (steps, rows) in [
            (vec![(1, a)], vec!["A 1.."]),
            (vec![(1, a), (5, a)], vec!["A 1.."]),
            (vec![(1, a), (5, none)], vec!["A 1..5"]),
            (vec![(1, a), (5, none), (9, none)], vec!["A 1..5"]),
            (vec![(1, a), (5, b)], vec!["A 1..5", "B 5.."]),
            (vec![(1, a), (5, none), (9, a)], vec!["A 1..5", "A 9.."]),
            (vec![(1, a), (5, b), (9, a)], vec!["A 1..5", "B 5..9", "A 9.."]),
        ] {
            assert_eq!(periods(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn an_offer_of_less_than_a_day_is_retained() {
        let (a, b, c, none) = (Some("A"), Some("B"), Some("C"), None);
        for (steps, rows) in [
            (vec![(1, a), (1, none)], vec!["A 1..1"]),
            (vec![(1, a), (1, b)], vec!["A 1..1", "B 1.."]),
            (vec![(1, a), (1, b), (1, c)], vec!["A 1..1", "B 1..1", "C 1.."]),
            (vec![(1, c), (1, b), (1, a)], vec!["B 1..1", "C 1..1", "A 1.."]),
            (vec![(1, a), (5, b), (5, c)], vec!["A 1..5", "B 5..5", "C 5.."]),
            (vec![(1, a), (5, b), (5, none)], vec!["A 1..5", "B 5..5"]),
        ] {
            assert_eq!(periods(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn an_offer_that_returns_on_its_closing_day_is_opened_again() {
        let (a, b, none) = (Some("A"), Some("B"), None);
        for (steps, rows) in [
            (vec![(1, a), (5, none), (5, a)], vec!["A 1.."]),
            (vec![(1, a), (1, none), (1, a)], vec!["A 1.."]),
            (vec![(1, a), (5, b), (5, a)], vec!["A 1..", "B 5..5"]),
            (vec![(1, a), (5, b), (5, a), (5, b)], vec!["A 1..5", "B 5.."]),
            (vec![(1, a), (5, b), (5, a), (9, b)], vec!["A 1..9", "B 5..5", "B 9.."]),
            (vec![(1, a), (1, b), (1, a)], vec!["B 1..1", "A 1.."]),
            (vec![(1, a), (5, none), (5, b), (5, a)], vec!["A 1..", "B 5..5"]),
        ] {
            assert_eq!(periods(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn an_earlier_day_counts_as_the_latest_day_of_the_lead_tag() {
        let (a, b, none) = (Some("A"), Some("B"), None);
        for (steps, rows) in [
            (vec![(5, a), (1, a)], vec!["A 5.."]),
            (vec![(5, a), (1, none)], vec!["A 5..5"]),
            (vec![(5, a), (1, b)], vec!["A 5..5", "B 5.."]),
            (vec![(1, a), (5, none), (3, b)], vec!["A 1..5", "B 5.."]),
            (vec![(1, a), (5, none), (3, a)], vec!["A 1.."]),
            (vec![(1, a), (9, b), (3, none)], vec!["A 1..9", "B 9..9"]),
        ] {
            assert_eq!(periods(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn another_kind_is_another_offer() {
        let before = after(&[(1, Some("form"))]);
        let mut issued = issue("spring_save_acme", "form");
        issued.kind = CtaKind::Booking;
        let changes = reconcile(&before, [issued], day(5));
        assert_eq!(periods(&changes.register), ["form 1..5", "form 5.."]);
        assert_eq!(changes.summary(), "1 lead tag with a new offer");
    }

    #[test]
    fn label_and_landing_page_are_updated_in_the_open_row_only() {
        let before = after(&[(1, Some("A")), (5, Some("B"))]);
        let moved = Issued {
            label: "Get\r\n  20 % off\n".into(),
            landing_page: "/moved/".into(),
            ..issue("spring_save_acme", "B")
        };
        let changes = reconcile(&before, [moved.clone()], day(9));
        let texts = |row: &Row| (row.label.clone(), row.landing_page.clone());
        let rows: Vec<_> = changes.register.rows().iter().map(texts).collect();
        let expected = [("Save", "/spring/"), ("Get 20 % off", "/moved/")];
        assert_eq!(rows, expected.map(|(label, page)| (label.into(), page.into())));
        assert_eq!(periods(&changes.register), ["A 1..5", "B 5.."]);
        assert_eq!(changes.summary(), "1 lead tag with a new label or landing page");
        assert!(reconcile(&changes.register, [moved], day(9)).is_empty(), "line breaks are no change");
    }

    #[test]
    fn chunks_give_the_same_result_as_the_whole() {
        let tag = |number: usize| format!("c-{:04}_{}_acme", number / 3, ["a", "b", "c"][number % 3]);
        let tags: Vec<String> = (0..3 * ROWS_PER_CHUNK + 7).map(tag).collect();
        let all = || tags.iter().map(|tag| issue(tag, "A"));
        let before = reconcile(&Register::default(), all(), day(1)).register;
        // Every seventh is removed, every fifth has another offer, and some are new.
        let some = all().enumerate().filter(|(number, _)| number % 7 > 0);
        let some =
            some.map(|(number, issued)| if number % 5 == 0 { Issued { offer: "B".into(), ..issued } } else { issued });
        let some: Vec<Issued> =
            some.chain((0..50).map(|number| issue(&format!("c-{number:04}_new_acme"), "A"))).collect();
        let others = (0..2 * ROWS_PER_CHUNK).map(|number| issue(&format!("d-{number:04}_a_acme"), "A"));
        let large = (0..2 * ROWS_PER_CHUNK).map(|number| issue(&format!("c-0007_a_channel-{number}"), "A"));
        let none = Register::default();
        for (case, before, mut issued) in [
            ("some changes", &before, some),
            ("no lead tag is left", &before, Vec::new()),
            ("no row before", &none, all().collect()),
            ("only new campaigns", &before, others.collect()),
            ("a campaign larger than a chunk", &before, large.collect()),
        ] {
            let in_chunks = reconcile(before, issued.clone(), day(5));
            issued.sort_by(|a, b| a.tag.cmp(&b.tag));
            let campaigns: Vec<&[Issued]> = issued.chunk_by(|a, b| a.tag.campaign == b.tag.campaign).collect();
            assert!(chunks(before.rows(), &campaigns).len() > 2, "{case}");
            let whole = reconcile_chunk(before.rows(), &campaigns, day(5)).unwrap();
            assert!(in_chunks == whole.into(), "{case}");
        }
    }

    #[test]
    fn the_first_of_two_equal_lead_tags_counts() {
        let twice = [issue("a_b_direct", "first"), issue("a_b_direct", "second")];
        let changes = reconcile(&Register::default(), twice, day(1));
        assert_eq!(periods(&changes.register), ["first 1.."]);
        assert_eq!(changes.summary(), "1 lead tag opened");
    }

    #[test]
    fn a_summary_counts_the_changes_and_help_names_the_first_few() {
        let tags = ["a_b_p", "a_b_q", "a_b_r", "a_b_s"];
        let all = |offer| tags.map(|tag| issue(tag, offer));
        let opened = reconcile(&Register::default(), all("A"), day(1));
        assert_eq!(opened.summary(), "4 lead tags opened");
        let error = opened.locked_diagnostic().unwrap();
        assert_eq!(error.message, "the tag register is not up to date: 4 lead tags opened");
        assert_eq!(
            error.help,
            [
                "opened: `a_b_p`, `a_b_q`, `a_b_r` and 1 more",
                "run `tagline tags`, and commit `lead-tags.csv` and `lead-tags.sum`"
            ]
        );
        let later = [issue("a_b_p", "A"), issue("a_b_q", "B"), issue("z_b_c", "A")];
        let changes = reconcile(&opened.register, later.clone(), day(2));
        assert_eq!(changes.summary(), "1 lead tag opened, 2 closed, 1 with a new offer");
        assert_eq!(changes.locked_diagnostic().unwrap().help[1], "closed: `a_b_r` and `a_b_s`");
        let nothing = reconcile(&changes.register, later, day(3));
        assert_eq!((nothing.is_empty(), nothing.locked_diagnostic().is_none()), (true, true));
        assert_eq!(nothing.summary(), "no lead tag changed");
    }

    /// The facts that must never be lost: each offer and the day it began.
    fn offered(register: &Register) -> Vec<(LeadTag, ArcStr, Date)> {
        let facts = |row: &Row| (row.tag.clone(), row.offer.clone(), row.from);
        register.rows().iter().map(facts).collect()
    }

    const TAGS: [&str; 4] = ["a_b_acme", "a_b_direct", "a-b_c_acme", "z_b_acme"];

    prop_compose! {
        /// A day, and for each lead tag the number of its offer, or 0 for none.
        fn step()(day in 1_i8..6, offers in prop::array::uniform4(0_usize..4)) -> (i8, [usize; 4]) {
            (day, offers)
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_changes_loses_a_row_or_makes_the_register_unreadable(
            steps in prop::collection::vec(step(), 1..12),
            label in "[ -~é\n\r]{0,12}",
        ) {
            let mut register = Register::default();
            for (number, offers) in steps {
                let issued: Vec<Issued> = TAGS
                    .into_iter()
                    .zip(offers)
                    .filter(|&(_, offer)| offer > 0)
                    .map(|(tag, offer)| Issued {
                        label: label.as_str().into(),
                        ..issue(tag, ["A", "B", "C,\"D"][offer - 1])
                    })
                    .collect();
                let changes = reconcile(&register, issued.clone(), day(number));
                let now = changes.register;
                let facts = offered(&now);
                prop_assert!(offered(&register).iter().all(|fact| facts.contains(fact)));
                prop_assert_eq!(&reconcile(&now, issued.clone(), day(number)).register, &now);
                let mut open: Vec<_> = now.rows().iter().filter(|row| row.until.is_none())
                    .map(|row| (row.tag.clone(), row.offer.clone())).collect();
                let mut expected: Vec<_> =
                    issued.into_iter().map(|issued| (issued.tag, (&*issued.offer).into())).collect();
                open.sort();
                expected.sort();
                prop_assert_eq!(open, expected);
                let source: std::sync::Arc<SourceText> = SourceText::new(REGISTER_FILE, write(&now));
                let again = read(&source);
                prop_assert_eq!(again.as_ref().ok(), Some(&now), "{:?}", again);
                register = now;
            }
        }
    }
}
