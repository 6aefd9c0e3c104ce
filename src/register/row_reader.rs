//! Reads the cells of one line into a [`Row`], and reports every cell that is wrong.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arcstr::ArcStr;
use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::cells::Cell;
use super::rows::{COLUMNS, Row};
use super::spreadsheet::{self, ChangedCell};
use crate::diagnostics::Diagnostic;
use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::slug::{NotASlug, Slug};
use crate::model::tag::{LeadTag, TagPart};
use crate::model::variant::Variant;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Reads row after row. Equal slugs are stored once, and consecutive rows share equal texts.
pub struct RowReader<'a> {
    pub diagnostics: Vec<Diagnostic>,
    /// The cells that a spreadsheet changed. They are reported together.
    pub changed_cells: Vec<ChangedCell>,
    source: &'a Arc<SourceText>,
    slugs: HashSet<Slug, RandomState>,
    /// The lead tag of the previous row: the next one usually has two of its parts.
    previous_tag: Option<LeadTag>,
    /// Label, offer and landing page of the previous row: the next row usually has the same.
    previous_texts: [ArcStr; 3],
    /// The campaign of the previous row, and its codes by channel. Computing a code takes a hash.
    previous_codes: (Option<Slug>, CodesOfCampaign),
}

impl<'a> RowReader<'a> {
    pub fn new(source: &'a Arc<SourceText>) -> RowReader<'a> {
        RowReader {
            diagnostics: Vec::new(),
            changed_cells: Vec::new(),
            source,
            slugs: HashSet::default(),
            previous_tag: None,
            previous_texts: [(); 3].map(|()| ArcStr::new()),
            previous_codes: (None, HashMap::default()),
        }
    }

    /// Reads one line. `span` is the span of the whole line.
    pub fn row(&mut self, span: Span, cells: &[Cell<'_>]) -> Option<Row> {
        let [tag, campaign, cta, kind, channel, label, offer, landing_page, code, from, until] = cells else {
            self.diagnostics.push(wrong_cell_count(self.source, span, cells.len()));
            return None;
        };
        let tag = self.tag(tag);
        if let Some(tag) = &tag {
            self.check_part(campaign, &tag.campaign, TagPart::Campaign);
            self.check_part(cta, &tag.cta, TagPart::Cta);
            self.check_part(channel, &tag.channel, TagPart::Channel);
        }
        let code = tag.as_ref().and_then(|tag| self.code(tag, code));
        let kind = self.kind(kind).filter(|kind| self.is_offer_of_kind(*kind, offer));
        let period = self.period(from, until);
        let (from, until) = period?;
        Some(Row {
            tag: tag?,
            kind: kind?,
            label: self.shared_text(0, label),
            offer: self.shared_text(1, offer),
            landing_page: self.shared_text(2, landing_page),
            code,
            from,
            until,
        })
    }

    fn tag(&mut self, cell: &Cell<'_>) -> Option<LeadTag> {
        let (slugs, previous) = (&mut self.slugs, self.previous_tag.as_ref());
        let in_previous = |text: &str| {
            let LeadTag { campaign, cta, channel, variant } = previous?;
            let variant = variant.as_ref().map(Variant::as_slug);
            [campaign, cta, channel].into_iter().chain(variant).find(|slug| slug.as_str() == text).cloned()
        };
        match LeadTag::parse_with(&cell.text, |text| match in_previous(text) {
            Some(slug) => Ok(slug),
            None => shared_slug(slugs, text),
        }) {
            Ok(tag) => {
                self.previous_tag = Some(tag.clone());
                Some(tag)
            }
            Err(why) => {
                self.report(cell, format!("`{}` is not a lead tag", cell.text), why.to_string());
                None
            }
        }
    }

    /// Reports an offer that a kind cannot have.
    fn is_offer_of_kind(&mut self, kind: CtaKind, offer: &Cell<'_>) -> bool {
        let Err(expected) = kind.check_offer(&offer.text) else { return true };
        let number = format!("+{}", offer.text);
        match kind.check_offer(&number) {
            Ok(()) => self.changed_cells.push(ChangedCell::was(offer.span, &number)),
            Err(_) => {
                let message = format!("a {kind} cannot offer `{}`", offer.text);
                self.report(offer, message, format!("expected {expected}"));
            }
        }
        false
    }

    /// Checks that a cell repeats its part of the lead tag.
    fn check_part(&mut self, cell: &Cell<'_>, expected: &Slug, part: TagPart) {
        if spreadsheet::can_become(expected.as_str(), &cell.text) {
            self.changed_cells.push(ChangedCell::was(cell.span, expected.as_str()));
        } else if cell.text != expected.as_str() {
            let message = format!("the {part} `{}` does not match the lead tag", cell.text);
            self.report(cell, message, format!("expected `{expected}`"));
        }
    }

    fn kind(&mut self, cell: &Cell<'_>) -> Option<CtaKind> {
        let kind = CtaKind::parse(&cell.text);
        if kind.is_none() {
            let message = format!("unknown kind `{}`", cell.text);
            let names = CtaKind::ALL.map(CtaKind::as_str);
            let diagnostic = self.error_at(cell, message, "expected `coupon`, `download`, `booking` or `contact`");
            self.diagnostics.push(diagnostic.suggest(&cell.text, names));
        }
        kind
    }

    /// Returns the code of the lead tag, and reports a cell that contains another one.
    fn code(&mut self, tag: &LeadTag, cell: &Cell<'_>) -> Option<ShortCode> {
        let expected = self.code_of(tag);
        let written = match &*cell.text {
            "" => Ok(None),
            text => ShortCode::parse(text).map(Some),
        };
        if written == Ok(expected) {
            return expected;
        }
        if let Some(code) = expected.map(|code| code.to_string())
            && spreadsheet::can_become(&code, &cell.text)
        {
            self.changed_cells.push(ChangedCell::was(cell.span, &code));
            return expected;
        }
        let LeadTag { campaign, channel, .. } = tag;
        let within = tag.variant.as_ref().map(|variant| format!(" in the variant `{variant}`")).unwrap_or_default();
        let (message, label) = match (written, expected) {
            (_, None) => (format!("channel `{channel}` has no code"), "leave this cell empty".to_owned()),
            (Err(why), Some(code)) => {
                (format!("`{}` is not a short code: {why}", cell.text), format!("write `{code}`"))
            }
            (Ok(_), Some(code)) => (
                format!("wrong code for campaign `{campaign}` on channel `{channel}`{within}"),
                format!("write `{code}`"),
            ),
        };
        self.report(cell, message, label);
        expected
    }

    /// [`ShortCode::of_tag`] with a cache for the channels of the current campaign.
    fn code_of(&mut self, tag: &LeadTag) -> Option<ShortCode> {
        let (campaign, codes) = &mut self.previous_codes;
        if campaign.as_ref() != Some(&tag.campaign) {
            *campaign = Some(tag.campaign.clone());
            codes.clear();
        }
        *codes.entry((tag.channel.clone(), tag.variant.clone())).or_insert_with(|| ShortCode::of_tag(tag))
    }

    fn period(&mut self, from: &Cell<'_>, until: &Cell<'_>) -> Option<(Date, Option<Date>)> {
        let first = self.date(from);
        let last = match &*until.text {
            "" => Some(None),
            _ => self.date(until).map(Some),
        };
        let (first, last) = (first?, last?);
        if last.is_some_and(|last| last < first) {
            let message = "this row ends before it begins".to_owned();
            self.report(until, message, format!("it begins on {first}"));
            return None;
        }
        Some((first, last))
    }

    fn date(&mut self, cell: &Cell<'_>) -> Option<Date> {
        let date = parse_date(&cell.text);
        if date.is_none() && spreadsheet::is_day(&cell.text) && !is_written_as_day(&cell.text) {
            self.changed_cells.push(ChangedCell::day(cell.span));
        } else if date.is_none() {
            let label = "write year, month and day, like `2027-03-31`".to_owned();
            self.report(cell, format!("`{}` is not a date", cell.text), label);
        }
        date
    }

    /// `slot` is the index into `previous_texts`.
    fn shared_text(&mut self, slot: usize, cell: &Cell<'_>) -> ArcStr {
        if *self.previous_texts[slot] != *cell.text {
            self.previous_texts[slot] = cell.text.as_ref().into();
        }
        ArcStr::clone(&self.previous_texts[slot])
    }

    fn report(&mut self, cell: &Cell<'_>, message: String, label: String) {
        let diagnostic = self.error_at(cell, message, label);
        self.diagnostics.push(diagnostic);
    }

    fn error_at(&self, cell: &Cell<'_>, message: String, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Rule::BadRegister, message).at(self.source, cell.span, label)
    }
}

/// The codes of one campaign, by channel and variant.
type CodesOfCampaign = HashMap<(Slug, Option<Variant>), Option<ShortCode>, RandomState>;

fn shared_slug(slugs: &mut HashSet<Slug, RandomState>, text: &str) -> Result<Slug, NotASlug> {
    if let Some(existing) = slugs.get(text) {
        return Ok(existing.clone());
    }
    let new = Slug::parse(text)?;
    slugs.insert(new.clone());
    Ok(new)
}

fn wrong_cell_count(source: &Arc<SourceText>, span: Span, count: usize) -> Diagnostic {
    let message = format!("expected {} cells, found {count}", COLUMNS.len());
    Diagnostic::error(Rule::BadRegister, message)
        .at(source, span, "each line of the tag register is one row")
        .help(format!("the cells are `{}`", COLUMNS.join(",")))
        .help("put a text that contains a comma in quotes")
}

/// Whether a text has the form of `2027-02-30`, which no spreadsheet writes.
fn is_written_as_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Accepts exactly `YYYY-MM-DD`.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
    };
    let (month, day) = (number(&[e, f])?, number(&[g, h])?);
    Date::new(number(&[a, b, c, d])?, month as i8, day as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_way_to_write_a_date_is_accepted() {
        assert_eq!(parse_date("2028-02-29"), Date::new(2028, 2, 29).ok());
        for text in ["20270331", "2027-3-31", "2027-03-31T10:00", "+027-03-31", "2027-00-10", "２027-03-31"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
