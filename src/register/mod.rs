//! The tag register, `lead-tags.csv`: every lead tag ever issued and what it offered when.
//!
//! `read` makes a [`Register`] of the file's text, `reconcile` brings it up to date with what the
//! content derives today, `write` makes text of it again. All pure: others read and write the file.

mod cells;
pub mod published;
mod read;
mod reconcile;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::slug::Slug;
use crate::model::tag::{LeadTag, compare_as_parts};

pub use read::read;
pub use reconcile::{Changes, reconcile};

/// The header of the file.
pub const COLUMNS: [&str; 11] =
    ["tag", "campaign", "cta", "kind", "channel", "label", "offer", "landing_page", "code", "from", "until"];

/// What one lead tag offered for a while. Cheap to clone; rows share the texts they have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub tag: LeadTag,
    pub kind: CtaKind,
    pub label: Arc<str>,
    /// The coupon's code, the file's name, the scheduler's host, a number to write to or to call, or `form`.
    pub offer: Arc<str>,
    pub landing_page: Arc<str>,
    /// None on the channels `direct` and `other` only, which have no link to hand out.
    pub code: Option<ShortCode>,
    /// The first day.
    pub from: Date,
    /// The day on which it was closed. On that day the next row may have begun already, so a lead
    /// of that day may have seen either. None while the content derives it.
    pub until: Option<Date>,
}

impl Row {
    /// Whether a lead of this day may have seen the offer: first and last day included.
    pub fn offered_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it was opened and closed on one day. Such a row says that something was in the
    /// market for a few hours; it takes no time from other rows and so overlaps none.
    fn is_momentary(&self) -> bool {
        self.until == Some(self.from)
    }

    /// By lead tag, then `from`, as the file is sorted; then a row that was closed before one that
    /// wasn't, and the texts last, so that the same rows always come in one order.
    fn compare(&self, other: &Row) -> Ordering {
        fn days(row: &Row) -> (Date, bool, Option<Date>) {
            (row.from, row.until.is_none(), row.until)
        }
        fn texts(row: &Row) -> (&str, CtaKind, &str, &str, Option<ShortCode>) {
            (&row.offer, row.kind, &row.label, &row.landing_page, row.code)
        }
        self.tag.cmp(&other.tag).then_with(|| days(self).cmp(&days(other))).then_with(|| texts(self).cmp(&texts(other)))
    }
}

/// All rows, sorted; of one lead tag at most one is open and no two overlap. Only `read` and
/// `reconcile` make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    rows: Vec<Row>,
}

/// A link that may have been handed out once, by the campaign and channel it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOut<'a> {
    pub campaign: &'a Slug,
    pub channel: &'a Slug,
    pub code: ShortCode,
    /// Of the row that is open, or else was closed last.
    pub landing_page: &'a str,
}

impl Register {
    /// By lead tag, then by `from`.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What a lead tag has offered, oldest first. Empty if it was never issued.
    pub fn rows_of(&self, tag: &LeadTag) -> &[Row] {
        let start = self.rows.partition_point(|row| row.tag < *tag);
        let count = self.rows[start..].partition_point(|row| row.tag == *tag);
        &self.rows[start..start + count]
    }

    /// What all lead tags of a campaign's id have offered. Empty if none was ever issued.
    pub fn rows_of_campaign(&self, campaign: &Slug) -> &[Row] {
        // As lead tags sort: each id as if the `_` stood behind it.
        let start = self.rows.partition_point(|row| compare_as_parts(&row.tag.campaign, campaign).is_lt());
        let count = self.rows[start..].partition_point(|row| row.tag.campaign == *campaign);
        &self.rows[start..start + count]
    }

    /// The register of some campaigns alone.
    pub fn of_campaigns(&self, ids: &BTreeSet<Slug>) -> Register {
        let mut rows: Vec<Row> = ids.iter().flat_map(|id| self.rows_of_campaign(id)).cloned().collect();
        rows.sort_by(Row::compare);
        Register { rows }
    }

    /// Adds the history of one lead tag under another, which was never issued and has no link.
    pub fn issue_as(&mut self, tag: &LeadTag, like: &LeadTag) {
        let copies = self.rows_of(like).iter().map(|row| Row { tag: tag.clone(), code: None, ..row.clone() });
        let copies: Vec<Row> = copies.collect();
        self.rows.extend(copies);
        self.rows.sort_by(Row::compare);
    }

    /// Each campaign and channel that was ever registered and has a code, once, whatever became of
    /// it since: a printed code never dies. In the order of the register; channels sorted.
    pub fn campaigns_and_channels(&self) -> impl Iterator<Item = HandedOut<'_>> {
        // The rows of one campaign stand together: their tags begin alike.
        self.rows.chunk_by(|a, b| a.tag.campaign == b.tag.campaign).flat_map(latest_by_channel).filter_map(|row| {
            Some(HandedOut {
                campaign: &row.tag.campaign,
                channel: &row.tag.channel,
                code: row.code?,
                landing_page: &row.landing_page,
            })
        })
    }
}

fn latest_by_channel(rows_of_campaign: &[Row]) -> impl Iterator<Item = &Row> {
    let recency = |row: &Row| (row.until.is_none(), row.until, row.from);
    let mut latest: BTreeMap<&Slug, &Row> = BTreeMap::new();
    for row in rows_of_campaign {
        let known = latest.entry(&row.tag.channel).or_insert(row);
        if recency(row) > recency(known) {
            *known = row;
        }
    }
    latest.into_values()
}

/// The register as the file's text: the header, then a line for each row, ended by line feeds.
pub fn write(register: &Register) -> String {
    let lines: Vec<String> = register.rows.par_chunks(4096).map(lines).collect();
    let mut out = String::with_capacity(COLUMNS.join(",").len() + 1 + lines.iter().map(String::len).sum::<usize>());
    out.push_str(&COLUMNS.join(","));
    out.push('\n');
    out.extend(lines);
    out
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
    let LeadTag { campaign, cta, channel } = tag;
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
    use proptest::prelude::*;

    use super::*;
    use crate::load::REGISTER_FILE;
    use crate::source::SourceText;

    fn day(number: i16) -> Date {
        Date::new(2027, 1, 1).unwrap().saturating_add(jiff::Span::new().days(number))
    }

    fn row(tag: &str, from: i16, until: Option<i16>) -> Row {
        let tag = LeadTag::parse(tag).unwrap();
        Row {
            kind: CtaKind::Download,
            label: "Get the guide".into(),
            offer: "guide.pdf".into(),
            landing_page: format!("/{}/{from}/", tag.campaign).into(),
            code: ShortCode::of_tag(&tag),
            from: day(from),
            until: until.map(day),
            tag,
        }
    }

    #[test]
    fn the_file_says_what_was_offered_when() {
        let labelled =
            Row { label: "Save 20 %, \"today\"".into(), ..row("spring-hiring_save_newsletter", 0, Some(31)) };
        let rows = vec![labelled, row("spring-hiring_save_other", 31, None)];
        assert_eq!(
            write(&Register { rows }),
            "tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until\n\
             spring-hiring_save_newsletter,spring-hiring,save,download,newsletter,\
             \"Save 20 %, \"\"today\"\"\",guide.pdf,/spring-hiring/0/,vsvxwzp58y,2027-01-01,2027-02-01\n\
             spring-hiring_save_other,spring-hiring,save,download,other,\
             Get the guide,guide.pdf,/spring-hiring/31/,,2027-02-01,\n"
        );
    }

    #[test]
    fn a_lead_tag_has_its_rows_and_each_its_days() {
        let rows = vec![row("a-b_b_c", 0, None), row("a_b_c", 0, Some(5)), row("a_b_c", 5, None)];
        let register = Register { rows };
        for (tag, on_day, from) in [
            ("a_b_c", -1, vec![]),
            ("a_b_c", 0, vec![0]),
            ("a_b_c", 5, vec![0, 5]),
            ("a_b_c", 6, vec![5]),
            ("a-b_b_c", 6, vec![0]),
            ("a_b_d", 6, vec![]),
        ] {
            let rows = register.rows_of(&LeadTag::parse(tag).unwrap()).iter();
            let found: Vec<Date> = rows.filter(|row| row.offered_on(day(on_day))).map(|row| row.from).collect();
            assert_eq!(found, from.into_iter().map(day).collect::<Vec<_>>(), "{tag} on {on_day}");
        }
    }

    #[test]
    fn every_campaign_and_channel_is_named_once_with_its_latest_landing_page() {
        let rows = vec![
            row("a-b_x_acme", 3, Some(4)),
            row("a_x_acme", 1, Some(9)),
            row("a_x_direct", 1, None),
            row("a_x_blog", 2, None),
            row("a_x_blog", 5, Some(5)),
            row("a_y_acme", 2, Some(8)),
            row("b_x_acme", 1, Some(2)),
            row("b_x_acme", 2, Some(3)),
        ];
        let register = Register { rows };
        let told: Vec<String> = register
            .campaigns_and_channels()
            .map(|HandedOut { campaign, channel, code, landing_page }| {
                assert_eq!(Some(code), ShortCode::of_link(campaign, channel));
                format!("{campaign} {channel} {landing_page}")
            })
            .collect();
        assert_eq!(told, ["a-b acme /a-b/3/", "a acme /a/1/", "a blog /a/2/", "b acme /b/2/"]);
    }

    fn any_rows() -> impl Strategy<Value = Vec<Row>> {
        let slug = "[ab0]{1,2}(-[ab0])?";
        let tag = (slug, slug, prop_oneof!["direct", "other", slug]);
        let text = "[a\", \r\né;=\u{feff}\\PC]{0,8}";
        let texts = (text, text, text);
        let written = (tag, prop::sample::select(&CtaKind::ALL[..]), texts, 0_i16..300, 0_i16..3);
        prop::collection::vec(written, 0..20).prop_map(|rows| {
            let mut end = 0;
            let one =
                |((campaign, cta, channel), kind, texts, gap, length): (_, _, (String, String, String), i16, i16)| {
                    // Each begins after the last has ended, so that none overlap.
                    let from: i16 = end + gap;
                    end = from + length;
                    Row {
                        kind,
                        label: texts.0.into(),
                        offer: texts.1.into(),
                        landing_page: texts.2.into(),
                        ..row(&format!("{campaign}_{cta}_{channel}"), from, Some(end))
                    }
                };
            rows.into_iter().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(mut rows in any_rows(), open in any::<bool>()) {
            if open && let Some(last) = rows.last_mut() {
                last.until = None;
            }
            rows.sort_by(Row::compare);
            rows.dedup();
            let register = Register { rows };
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
