//! The rows of the tag register and queries over them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arcstr::ArcStr;
use jiff::civil::Date;

use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::slug::Slug;
use crate::model::tag::{LeadTag, compare_as_parts};
use crate::model::variant::Variant;

/// The columns of `lead-tags.csv`.
pub const COLUMNS: [&str; 11] =
    ["tag", "campaign", "cta", "kind", "channel", "label", "offer", "landing_page", "code", "from", "until"];

/// What one lead tag offered during one period. Cheap to clone: rows share equal texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub tag: LeadTag,
    pub kind: CtaKind,
    pub label: ArcStr,
    /// The coupon code, the file name, the scheduler's host, a phone or WhatsApp number, or `form`.
    pub offer: ArcStr,
    pub landing_page: ArcStr,
    /// None only on the channels `direct` and `other`, which have no share link.
    pub code: Option<ShortCode>,
    /// The first day.
    pub from: Date,
    /// The day on which the row was closed; none while it is open. The next row may begin on the
    /// same day, so a lead of that day may have seen either offer.
    pub until: Option<Date>,
}

/// All rows, sorted by lead tag and period. A lead tag has at most one open row, and its periods
/// do not overlap. Only `read` and `reconcile` create a register.
/// Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    rows: Arc<Vec<Row>>,
}

/// The short link of a campaign on a channel, in one variant, which may be in print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedLink<'a> {
    pub campaign: &'a Slug,
    pub channel: &'a Slug,
    pub variant: Option<&'a Variant>,
    pub code: ShortCode,
    /// From the open row, or else from the row that was closed last.
    pub landing_page: &'a str,
}

impl Row {
    /// Whether a lead of this day may have seen the offer. Includes the first and the last day.
    pub fn offered_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the row was opened and closed on the same day. Such a row records an offer that was
    /// published for a few hours. It overlaps with no other row.
    pub(super) fn is_zero_length(&self) -> bool {
        self.until == Some(self.from)
    }

    /// The order of the file: lead tag, then `from`, then closed before open. The texts come last,
    /// so that the order of equal periods is always the same.
    pub(super) fn compare(&self, other: &Row) -> Ordering {
        fn period(row: &Row) -> (Date, bool, Option<Date>) {
            (row.from, row.until.is_none(), row.until)
        }
        fn texts(row: &Row) -> (&str, CtaKind, &str, &str, Option<ShortCode>) {
            (&row.offer, row.kind, &row.label, &row.landing_page, row.code)
        }
        self.tag
            .cmp(&other.tag)
            .then_with(|| period(self).cmp(&period(other)))
            .then_with(|| texts(self).cmp(&texts(other)))
    }
}

impl Register {
    /// Rows in the order of the file.
    pub(super) fn of(rows: Vec<Row>) -> Register {
        Register { rows: Arc::new(rows) }
    }

    /// Edits the rows, and sorts them again.
    pub(super) fn edit<T>(&mut self, edit: impl FnOnce(&mut Vec<Row>) -> T) -> T {
        let rows = Arc::make_mut(&mut self.rows);
        let result = edit(rows);
        rows.sort_by(Row::compare);
        result
    }

    /// Returns all rows, sorted by lead tag, then by `from`.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the rows of a lead tag, oldest first. Empty if the lead tag was never issued.
    pub fn rows_of(&self, tag: &LeadTag) -> &[Row] {
        let start = self.rows.partition_point(|row| row.tag < *tag);
        let count = self.rows[start..].partition_point(|row| row.tag == *tag);
        &self.rows[start..start + count]
    }

    /// Returns the rows of all lead tags of a campaign id. Empty if none was ever issued.
    pub fn rows_of_campaign(&self, campaign: &Slug) -> &[Row] {
        // The order of lead tags compares a campaign id together with the `_` after it.
        let start = self.rows.partition_point(|row| compare_as_parts(&row.tag.campaign, campaign).is_lt());
        let count = self.rows[start..].partition_point(|row| row.tag.campaign == *campaign);
        &self.rows[start..start + count]
    }

    /// Returns a register with the rows of these campaigns only.
    pub fn of_campaigns(&self, ids: &BTreeSet<Slug>) -> Register {
        let mut rows: Vec<Row> = ids.iter().flat_map(|id| self.rows_of_campaign(id)).cloned().collect();
        rows.sort_by(Row::compare);
        Register::of(rows)
    }

    /// Copies the rows of the lead tag `like` to `tag`, which was never issued and has no share link.
    pub fn issue_as(&mut self, tag: &LeadTag, like: &LeadTag) {
        let copies = self.rows_of(like).iter().map(|row| Row { tag: tag.clone(), code: None, ..row.clone() });
        let copies: Vec<Row> = copies.collect();
        self.edit(|rows| rows.extend(copies));
    }

    /// Returns one link for each campaign, channel and variant that ever had a code: a printed code stays
    /// valid for ever. In the order of the register; channels and variants sorted.
    pub fn issued_links(&self) -> impl Iterator<Item = IssuedLink<'_>> {
        let by_campaign = self.rows.chunk_by(|a, b| a.tag.campaign == b.tag.campaign);
        by_campaign.flat_map(latest_by_channel).filter_map(|row| {
            Some(IssuedLink {
                campaign: &row.tag.campaign,
                channel: &row.tag.channel,
                variant: row.tag.variant.as_ref(),
                code: row.code?,
                landing_page: &row.landing_page,
            })
        })
    }
}

fn latest_by_channel(rows_of_campaign: &[Row]) -> impl Iterator<Item = &Row> {
    let recency = |row: &Row| (row.until.is_none(), row.until, row.from);
    let mut latest: BTreeMap<(&Slug, Option<&Variant>), &Row> = BTreeMap::new();
    for row in rows_of_campaign {
        let previous = latest.entry((&row.tag.channel, row.tag.variant.as_ref())).or_insert(row);
        if recency(row) > recency(previous) {
            *previous = row;
        }
    }
    latest.into_values()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn day(number: i16) -> Date {
        Date::new(2027, 1, 1).unwrap().saturating_add(jiff::Span::new().days(number))
    }

    pub fn row(tag: &str, from: i16, until: Option<i16>) -> Row {
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
    fn rows_are_found_by_lead_tag_and_day() {
        let rows = vec![row("a-b_b_c", 0, None), row("a_b_c", 0, Some(5)), row("a_b_c", 5, None)];
        let register = Register::of(rows);
        for (tag, on_day, from) in [
            ("a_b_c", -1, vec![]),
            ("a_b_c", 0, vec![0]),
            ("a_b_c", 5, vec![0, 5]),
            ("a_b_c", 6, vec![5]),
            ("a-b_b_c", 6, vec![0]),
            ("a_b_d", 6, vec![]),
        ] {
            let rows = register.rows_of(&LeadTag::parse(tag).unwrap()).iter();
            let actual: Vec<Date> = rows.filter(|row| row.offered_on(day(on_day))).map(|row| row.from).collect();
            assert_eq!(actual, from.into_iter().map(day).collect::<Vec<_>>(), "{tag} on {on_day}");
        }
    }

    #[test]
    fn issued_links_have_each_campaign_and_channel_once_with_the_latest_landing_page() {
        let rows = vec![
            row("a-b_x_acme", 3, Some(4)),
            row("a_x_acme", 1, Some(9)),
            row("a_x_direct", 1, None),
            row("a_x_acme_de", 4, None),
            row("a_x_blog", 2, None),
            row("a_x_blog", 5, Some(5)),
            row("a_y_acme", 2, Some(8)),
            row("b_x_acme", 1, Some(2)),
            row("b_x_acme", 2, Some(3)),
        ];
        let register = Register::of(rows);
        let links: Vec<String> = register
            .issued_links()
            .map(|IssuedLink { campaign, channel, variant, code, landing_page }| {
                assert_eq!(Some(code), ShortCode::of_link(campaign, channel, variant));
                let variant = variant.map(|variant| format!(" {variant}")).unwrap_or_default();
                format!("{campaign} {channel}{variant} {landing_page}")
            })
            .collect();
        assert_eq!(links, ["a-b acme /a-b/3/", "a acme /a/1/", "a acme de /a/4/", "a blog /a/2/", "b acme /b/2/"]);
    }
}
