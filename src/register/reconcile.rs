//! From the register as it is and what the content derives today to the register as it must be.

use std::borrow::Cow;

use jiff::civil::Date;
use rayon::prelude::*;

use super::{Register, Row};
use crate::diagnostics::{Diagnostic, first_few};
use crate::lead_tags::Issued;
use crate::load::REGISTER_FILE;
use crate::model::tag::LeadTag;
use crate::rules::Rule;

/// The rows that one thread takes at a time: a few milliseconds' work.
const ROWS_OF_A_PIECE: usize = 4096;

/// What reconciling did, lead tags sorted. Each is in one list at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The register as it must be, whether or not anything changed.
    pub register: Register,
    /// Issued for the first time, or again.
    pub opened: Vec<LeadTag>,
    /// Derived no longer.
    pub closed: Vec<LeadTag>,
    /// With another offer than before: one row was closed and one opened.
    pub changed: Vec<LeadTag>,
    /// With the same offer under another label or on another landing page: the open row follows.
    pub followed: Vec<LeadTag>,
}

/// Brings the register up to date. A lead tag's row opens the day the lead tag appears and closes
/// when nothing derives it any more, or when its offer (kind or text) changes, which opens the next
/// row. Label and landing page of the open row follow the content; closed rows stay as they were.
/// No row is ever deleted.
///
/// Where one day sees more than one of these:
///
/// - **An offer that changes on the day it was opened** is closed on that day too: a row with
///   `from` = `until`. It may have been in the market for some hours, so it is kept. It takes no
///   days from others, so `read` lets it stand beside or within a longer row.
/// - **An offer that comes back on the day it was closed**, be it that the lead tag was removed and
///   restored or that its offer was changed and changed back, has its row opened again. So trying
///   things out adds at most one row for each offer and day, and undoing a removal leaves no trace.
/// - **A day before what the register already knows** (`--date`, a clock that is wrong): time does
///   not run backwards for a lead tag. Its rows open and close on the latest day that any of them
///   names, so no row ends before it begins, and none overlaps.
///
/// Line breaks in texts become spaces: a row is a line, which `merge=union` cannot tear apart. Of
/// two issued with one lead tag the first counts. Running it again changes nothing.
pub fn reconcile<'a>(register: &Register, issued: impl IntoIterator<Item = Issued<'a>>, today: Date) -> Changes {
    let issued: Vec<Issued<'a>> = issued.into_iter().map(Issued::on_one_line).collect();
    let mut issued: Vec<&Issued<'a>> = issued.iter().collect();
    issued.sort_by(|a, b| a.tag.cmp(&b.tag));
    issued.dedup_by(|later, first| later.tag == first.tag);
    let pieces: Vec<Changes> = pieces(&register.rows, &issued)
        .into_par_iter()
        .map(|(rows, issued)| reconcile_piece(rows, issued, today))
        .collect();
    Changes::joined(pieces)
}

/// Rows and issued lead tags in pieces that can be reconciled at the same time: no lead tag is in two of them.
fn pieces<'p, 'a>(mut rows: &'p [Row], mut issued: &'p [&'p Issued<'a>]) -> Vec<(&'p [Row], &'p [&'p Issued<'a>])> {
    let mut pieces = Vec::new();
    while rows.len() > ROWS_OF_A_PIECE {
        let tag = &rows[ROWS_OF_A_PIECE].tag;
        let (rows_before, rows_behind) = rows.split_at(rows.partition_point(|row| row.tag < *tag));
        let (issued_before, issued_behind) = issued.split_at(issued.partition_point(|issued| issued.tag < *tag));
        // A single lead tag with so many rows stays whole.
        if rows_before.is_empty() {
            break;
        }
        pieces.push((rows_before, issued_before));
        (rows, issued) = (rows_behind, issued_behind);
    }
    pieces.push((rows, issued));
    pieces
}

fn reconcile_piece(rows: &[Row], issued: &[&Issued<'_>], today: Date) -> Changes {
    let mut changes = Changes::none(Vec::with_capacity(rows.len().max(issued.len())));
    let mut issued = issued.iter().peekable();
    for rows_of_tag in rows.chunk_by(|a, b| a.tag == b.tag) {
        let tag = &rows_of_tag[0].tag;
        while let Some(new) = issued.next_if(|issued| issued.tag < *tag) {
            changes.advance(&[], Some(new), today);
        }
        let still = issued.next_if(|issued| issued.tag == *tag);
        changes.advance(rows_of_tag, still.copied(), today);
    }
    for new in issued {
        changes.advance(&[], Some(new), today);
    }
    changes
}

impl Issued<'_> {
    fn on_one_line(self) -> Self {
        Issued {
            label: on_one_line(self.label),
            offer: on_one_line(self.offer),
            landing_page: on_one_line(self.landing_page),
            ..self
        }
    }

    fn is_offer_of(&self, row: &Row) -> bool {
        self.kind == row.kind && *self.offer == *row.offer
    }

    fn first_row(&self, from: Date) -> Row {
        Row {
            tag: self.tag.clone(),
            kind: self.kind,
            label: self.label.as_ref().into(),
            offer: self.offer.as_ref().into(),
            landing_page: self.landing_page.as_ref().into(),
            code: self.code,
            from,
            until: None,
        }
    }
}

fn on_one_line(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n')) {
        return text;
    }
    let lines = text.split(['\r', '\n']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    Cow::Owned(lines.join(" "))
}

impl Changes {
    fn none(rows: Vec<Row>) -> Changes {
        Changes {
            register: Register { rows },
            opened: Vec::new(),
            closed: Vec::new(),
            changed: Vec::new(),
            followed: Vec::new(),
        }
    }

    /// One after another, as the pieces were cut.
    fn joined(pieces: Vec<Changes>) -> Changes {
        let rows = pieces.iter().map(|piece| piece.register.rows.len()).sum();
        let mut whole = Changes::none(Vec::with_capacity(rows));
        for piece in pieces {
            let Changes { register, opened, closed, changed, followed } = piece;
            whole.register.rows.extend(register.rows);
            whole.opened.extend(opened);
            whole.closed.extend(closed);
            whole.changed.extend(changed);
            whole.followed.extend(followed);
        }
        whole
    }

    /// Adds the rows of one lead tag, which `history` held until now and `issued` asks for today.
    fn advance(&mut self, history: &[Row], issued: Option<&Issued<'_>>, today: Date) {
        let day = history.iter().map(latest_day).fold(today, Date::max);
        let rows = &mut self.register.rows;
        let first = rows.len();
        rows.extend_from_slice(history);
        let open = rows[first..].iter_mut().find(|row| row.until.is_none());
        match (open, issued) {
            (None, None) => {}
            (None, Some(issued)) => {
                self.opened.push(issued.tag.clone());
                open_row(rows, first, issued, day);
            }
            (Some(open), None) => {
                self.closed.push(open.tag.clone());
                open.until = Some(day);
            }
            (Some(open), Some(issued)) if issued.is_offer_of(open) => {
                if follow(open, issued) {
                    self.followed.push(issued.tag.clone());
                }
            }
            (Some(open), Some(issued)) => {
                self.changed.push(issued.tag.clone());
                open.until = Some(day);
                open_row(rows, first, issued, day);
            }
        }
        rows[first..].sort_by(Row::compare);
    }

    /// Whether the register is up to date as it is.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(tags, _)| tags.is_empty())
    }

    /// `2 lead tags opened, 1 closed`; `no lead tag changed` if so.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        for (tags, what) in self.lists() {
            match (tags.len(), parts.is_empty()) {
                (0, _) => {}
                (1, true) => parts.push(format!("1 lead tag {what}")),
                (count, true) => parts.push(format!("{count} lead tags {what}")),
                (count, false) => parts.push(format!("{count} {what}")),
            }
        }
        if parts.is_empty() {
            return "no lead tag changed".to_owned();
        }
        parts.join(", ")
    }

    /// The problem that `--locked` has with these changes, if there are any.
    pub fn refused(&self) -> Option<Diagnostic> {
        self.told(Diagnostic::error(
            Rule::BadRegister,
            format!("the tag register is not up to date: {}", self.summary()),
        ))
    }

    /// What people should know of these changes before a build makes them, if there are any.
    pub fn pending(&self) -> Option<Diagnostic> {
        let message = format!("the next build will change the tag register: {}", self.summary());
        self.told(Diagnostic::warning(Rule::OutdatedRegister, message))
    }

    fn told(&self, mut problem: Diagnostic) -> Option<Diagnostic> {
        if self.is_empty() {
            return None;
        }
        problem = problem.in_file(REGISTER_FILE);
        for (tags, what) in self.lists() {
            if !tags.is_empty() {
                problem = problem.help(format!("{what}: {}", first_few(tags)));
            }
        }
        Some(problem.help(format!("run `tagline tags` and commit `{REGISTER_FILE}`")))
    }

    fn lists(&self) -> [(&[LeadTag], &'static str); 4] {
        [
            (&self.opened, "opened"),
            (&self.closed, "closed"),
            (&self.changed, "with a new offer"),
            (&self.followed, "with a new label or landing page"),
        ]
    }
}

/// The latest day that a row names.
fn latest_day(row: &Row) -> Date {
    row.until.unwrap_or(row.from)
}

/// Opens the row that was closed on this very day, if there is one of this offer, or else a new one.
/// The lead tag's rows begin at `first`.
fn open_row(rows: &mut Vec<Row>, first: usize, issued: &Issued<'_>, day: Date) {
    let closed_today = rows[first..].iter_mut().find(|row| row.until == Some(day) && issued.is_offer_of(row));
    match closed_today {
        Some(row) => {
            row.until = None;
            follow(row, issued);
        }
        None => rows.push(issued.first_row(day)),
    }
}

/// Takes over what an open row takes from the content. Whether that was anything new.
fn follow(row: &mut Row, issued: &Issued<'_>) -> bool {
    let is_new = *row.label != *issued.label || *row.landing_page != *issued.landing_page;
    if is_new {
        row.label = issued.label.as_ref().into();
        row.landing_page = issued.landing_page.as_ref().into();
    }
    is_new
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::{read, write};
    use super::*;
    use crate::model::code::ShortCode;
    use crate::model::cta::CtaKind;
    use crate::source::SourceText;

    fn day(number: i8) -> Date {
        Date::new(2027, 3, number).unwrap()
    }

    fn issue<'a>(tag: &str, offer: &'a str) -> Issued<'a> {
        let tag = LeadTag::parse(tag).unwrap();
        Issued {
            kind: CtaKind::Coupon,
            label: "Save".into(),
            offer: offer.into(),
            landing_page: "/spring/".into(),
            code: ShortCode::of_tag(&tag),
            tag,
        }
    }

    /// Each row as `offer from..until`, days of the month.
    fn told(register: &Register) -> Vec<String> {
        let days = |row: &Row| {
            let until = row.until.map_or(String::new(), |until| until.day().to_string());
            format!("{} {}..{until}", row.offer, row.from.day())
        };
        register.rows().iter().map(days).collect()
    }

    /// Lives through days on which one lead tag has an offer, or none.
    fn after(steps: &[(i8, Option<&str>)]) -> Register {
        steps.iter().fold(Register::default(), |register, &(number, offer)| {
            let issued = offer.map(|offer| issue("spring_save_acme", offer));
            let now = reconcile(&register, issued.clone(), day(number)).register;
            let again = reconcile(&now, issued, day(number));
            assert!(again.is_empty() && again.register == now, "the second time nothing changes: {steps:?}");
            let text = SourceText::new(REGISTER_FILE, write(&now));
            assert_eq!(read(&text).as_ref().ok(), Some(&now), "it can be read: {steps:?}");
            now
        })
    }

    #[test]
    fn rows_open_and_close_with_what_the_content_offers() {
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
            assert_eq!(told(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn an_offer_that_lasted_less_than_a_day_is_kept() {
        let (a, b, c, none) = (Some("A"), Some("B"), Some("C"), None);
        for (steps, rows) in [
            (vec![(1, a), (1, none)], vec!["A 1..1"]),
            (vec![(1, a), (1, b)], vec!["A 1..1", "B 1.."]),
            (vec![(1, a), (1, b), (1, c)], vec!["A 1..1", "B 1..1", "C 1.."]),
            (vec![(1, c), (1, b), (1, a)], vec!["B 1..1", "C 1..1", "A 1.."]),
            (vec![(1, a), (5, b), (5, c)], vec!["A 1..5", "B 5..5", "C 5.."]),
            (vec![(1, a), (5, b), (5, none)], vec!["A 1..5", "B 5..5"]),
        ] {
            assert_eq!(told(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn an_offer_that_comes_back_on_the_day_it_was_closed_is_opened_again() {
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
            assert_eq!(told(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn time_never_runs_backwards_for_a_lead_tag() {
        let (a, b, none) = (Some("A"), Some("B"), None);
        for (steps, rows) in [
            (vec![(5, a), (1, a)], vec!["A 5.."]),
            (vec![(5, a), (1, none)], vec!["A 5..5"]),
            (vec![(5, a), (1, b)], vec!["A 5..5", "B 5.."]),
            (vec![(1, a), (5, none), (3, b)], vec!["A 1..5", "B 5.."]),
            (vec![(1, a), (5, none), (3, a)], vec!["A 1.."]),
            (vec![(1, a), (9, b), (3, none)], vec!["A 1..9", "B 9..9"]),
        ] {
            assert_eq!(told(&after(&steps)), rows, "{steps:?}");
        }
    }

    #[test]
    fn the_kind_belongs_to_the_offer() {
        let before = after(&[(1, Some("form"))]);
        let mut issued = issue("spring_save_acme", "form");
        issued.kind = CtaKind::Booking;
        let changes = reconcile(&before, [issued], day(5));
        assert_eq!(told(&changes.register), ["form 1..5", "form 5.."]);
        assert_eq!(changes.summary(), "1 lead tag with a new offer");
    }

    #[test]
    fn label_and_landing_page_follow_in_the_open_row_only() {
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
        assert_eq!(told(&changes.register), ["A 1..5", "B 5.."]);
        assert_eq!(changes.summary(), "1 lead tag with a new label or landing page");
        assert!(reconcile(&changes.register, [moved], day(9)).is_empty(), "line breaks are no change");
    }

    #[test]
    fn pieces_reconcile_as_the_whole_does() {
        let tag = |number: usize| format!("c-{:04}_{}_acme", number / 3, ["a", "b", "c"][number % 3]);
        let tags: Vec<String> = (0..3 * ROWS_OF_A_PIECE + 7).map(tag).collect();
        let all = || tags.iter().map(|tag| issue(tag, "A"));
        let before = reconcile(&Register::default(), all(), day(1)).register;
        // Every seventh is gone, every fifth offers something else, and others are new.
        let some = all().enumerate().filter(|(number, _)| number % 7 > 0);
        let some =
            some.map(|(number, issued)| if number % 5 == 0 { Issued { offer: "B".into(), ..issued } } else { issued });
        let mut issued: Vec<Issued> =
            some.chain((0..50).map(|number| issue(&format!("c-{number:04}_new_acme"), "A"))).collect();
        let in_pieces = reconcile(&before, issued.clone(), day(5));
        issued.sort_by(|a, b| a.tag.cmp(&b.tag));
        let issued: Vec<&Issued> = issued.iter().collect();
        assert!(pieces(before.rows(), &issued).len() > 2);
        assert_eq!(in_pieces, reconcile_piece(before.rows(), &issued, day(5)));
    }

    #[test]
    fn of_two_issued_with_one_lead_tag_the_first_counts() {
        let twice = [issue("a_b_direct", "first"), issue("a_b_direct", "second")];
        let changes = reconcile(&Register::default(), twice, day(1));
        assert_eq!(told(&changes.register), ["first 1.."]);
        assert_eq!(changes.summary(), "1 lead tag opened");
    }

    #[test]
    fn changes_are_summed_up_and_the_first_few_named() {
        let tags = ["a_b_p", "a_b_q", "a_b_r", "a_b_s"];
        let all = |offer| tags.map(|tag| issue(tag, offer));
        let opened = reconcile(&Register::default(), all("A"), day(1));
        assert_eq!(opened.summary(), "4 lead tags opened");
        let refused = opened.refused().unwrap();
        assert_eq!(refused.message, "the tag register is not up to date: 4 lead tags opened");
        assert_eq!(
            refused.help,
            ["opened: `a_b_p`, `a_b_q`, `a_b_r` and 1 more", "run `tagline tags` and commit `lead-tags.csv`"]
        );
        let later = [issue("a_b_p", "A"), issue("a_b_q", "B"), issue("z_b_c", "A")];
        let changes = reconcile(&opened.register, later.clone(), day(2));
        assert_eq!(changes.summary(), "1 lead tag opened, 2 closed, 1 with a new offer");
        assert_eq!(changes.refused().unwrap().help[1], "closed: `a_b_r` and `a_b_s`");
        let nothing = reconcile(&changes.register, later, day(3));
        assert_eq!((nothing.is_empty(), nothing.refused().is_none()), (true, true));
        assert_eq!(nothing.summary(), "no lead tag changed");
    }

    /// What is never lost: that something was offered from some day on.
    fn offered(register: &Register) -> Vec<(LeadTag, Arc<str>, Date)> {
        let facts = |row: &Row| (row.tag.clone(), row.offer.clone(), row.from);
        register.rows().iter().map(facts).collect()
    }

    const TAGS: [&str; 4] = ["a_b_acme", "a_b_direct", "a-b_c_acme", "z_b_acme"];

    prop_compose! {
        /// A day, and for each of the lead tags which of three offers it has, if any.
        fn step()(day in 1_i8..6, offers in prop::array::uniform4(0_usize..4)) -> (i8, [usize; 4]) {
            (day, offers)
        }
    }

    proptest! {
        #[test]
        fn whatever_happens_no_row_is_lost_and_the_register_stays_readable(
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
                let mut derived: Vec<_> =
                    issued.into_iter().map(|issued| (issued.tag, issued.offer.as_ref().into())).collect();
                open.sort();
                derived.sort();
                prop_assert_eq!(open, derived);
                let source: Arc<SourceText> = SourceText::new(REGISTER_FILE, write(&now));
                let again = read(&source);
                prop_assert_eq!(again.as_ref().ok(), Some(&now), "{:?}", again);
                register = now;
            }
        }
    }
}
