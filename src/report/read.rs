//! Reads the rows of a file: those of leads into buckets, those of deals into a list.

use super::accounting::{Category, Explained};
use super::amounts::AmountColumn;
use super::cells::{Cache, Cells, cached, is_formula, remember};
use super::columns::{Columns, Flag, StatusColumn, names};
use super::deals::{Deal, Deals};
use super::error::InputError;
use super::input::{Batch, Head, Input, Row, Rows, text_of};
use super::interner::{Interner, NONE};
use super::keys::{Hasher, KeyKind};
use super::leads::Lead;
use super::part::{FilePart, ShortRows};
use super::tags::{Match, Repair, TagIndex, Unknown};
use super::values::amount::{self, Amount};
use super::values::currency;
use super::values::day::{DayNumber, DayReader, Reading, proven_order};
use super::values::outcome::{Meaning, Outcome, State, Vocabulary};
use crate::model::site::report::{ColumnRole, Decimals};

/// What all workers share.
pub struct ReadContext<'a> {
    pub tags: &'a TagIndex,
    pub vocabulary: &'a Vocabulary,
    pub zone: &'a jiff::tz::TimeZone,
    pub hasher: &'a Hasher,
    pub reasons: &'a Interner,
    pub owners: &'a Interner,
    pub currencies: &'a Interner,
    /// The currency of amounts without one.
    pub default_currency: Option<&'a str>,
    /// What separates the decimals of amounts that can be two.
    pub decimals: Option<Decimals>,
    /// Owners are only read if they are counted.
    pub with_owners: bool,
    pub explain: bool,
}

/// One file of the report.
pub struct FileToRead<'a> {
    pub number: u8,
    pub input: &'a Input,
    pub head: &'a Head,
    pub columns: &'a Columns,
    pub amounts: AmountColumn,
}

/// Reads batches of one file.
pub struct Worker<'a> {
    context: &'a ReadContext<'a>,
    file: &'a FileToRead<'a>,
    deals: Option<&'a Deals>,
    created: DayReader,
    closed: DayReader,
    tags: Cache<Found>,
    statuses: Vec<Cache<Option<Meaning>>>,
    reasons: Cache<u16>,
    owners: Cache<u16>,
    currencies: Cache<u8>,
    /// The currency that the header of the amounts names in brackets, or else the default one.
    own_currency: Option<&'a str>,
    pub part: FilePart,
}

/// What a cell of lead tags contains, as it is cached.
#[derive(Clone, Copy)]
enum Found {
    Empty,
    Known(u32, Option<Repair>),
    Unknown(Unknown),
}

impl<'a> Worker<'a> {
    /// `deals` are those that leads are joined with.
    pub fn new(context: &'a ReadContext<'a>, file: &'a FileToRead<'a>, deals: Option<&'a Deals>) -> Worker<'a> {
        let order = |role| file.columns.get(role).and_then(|index| file.columns.orders.get(&index).copied());
        Worker {
            context,
            file,
            deals,
            created: DayReader::new(context.zone.clone(), order(ColumnRole::Created)),
            closed: DayReader::new(context.zone.clone(), order(ColumnRole::Closed)),
            tags: Cache::default(),
            statuses: file.columns.statuses.iter().map(|_| Cache::default()).collect(),
            reasons: Cache::default(),
            owners: Cache::default(),
            currencies: Cache::default(),
            own_currency: own_currency(context, file),
            part: FilePart::default(),
        }
    }

    /// Reads the rows of a batch.
    ///
    /// # Errors
    ///
    /// If a day is ambiguous, or a formula is in place of a value.
    pub fn read(&mut self, batch: &Batch) -> anyhow::Result<()> {
        let (mut rows, mut row) = (Rows::new(&batch.bytes, self.file.head.dialect, batch.first_line), Row::default());
        let mut short = ShortRows::default();
        while rows.next(&mut row) {
            // Lines without text are no rows.
            if row.line <= self.file.head.line || row.is_empty() {
                continue;
            }
            let line = self.line(&row)?;
            self.part.account.rows += 1;
            let cells = Cells { row: &row, batch: &batch.bytes, columns: self.file.columns };
            match self.read_row(&cells, line)? {
                RowKind::Full => {
                    short.has_full_row = true;
                    short.before += short.after.len() as u64;
                    match self.context.explain {
                        true => short.before_lines.append(&mut short.after),
                        false => short.after.clear(),
                    }
                }
                RowKind::Short => short.after.push(line),
            }
        }
        self.part.short_rows.push((batch.number, short));
        Ok(())
    }

    fn line(&self, row: &Row) -> Result<u32, InputError> {
        let too_long = || self.error("this file has more than four billion lines").help("split it, one year a file");
        u32::try_from(row.line).map_err(|_| too_long())
    }

    fn read_row(&mut self, cells: &Cells, line: u32) -> anyhow::Result<RowKind> {
        if cells.row.len() > cells.columns.count {
            let surplus =
                (cells.columns.count..cells.row.len()).any(|column| !cells.at(column).trim_ascii().is_empty());
            if surplus {
                self.account(Category::TooManyCells, line, "more cells than the header", None);
                return Ok(RowKind::Full);
            }
        }
        let Some(tag_column) = cells.columns.lead_tag else {
            return self.read_deal(cells, line);
        };
        let tag = cells.at(tag_column);
        match self.find(&tag) {
            Found::Known(source, repair) => {
                self.read_lead(cells, line, source, repair)?;
                Ok(RowKind::Full)
            }
            Found::Empty => Ok(self.without_tag(cells, line)),
            Found::Unknown(_) if self.is_header(cells) => {
                self.account(Category::RepeatedHeader, line, "the header again", None);
                Ok(RowKind::Full)
            }
            Found::Unknown(why) => {
                self.refuse_formula(self.header(cells, ColumnRole::LeadTag), &tag, line)?;
                self.part.unknown_tags_of(&tag, why);
                *self.part.account.unknown.entry(why).or_default() += 1;
                self.account(Category::Unknown, line, why.reason(), None);
                Ok(RowKind::Full)
            }
        }
    }

    /// Accounts for a row without a lead tag: a person who came another way, an empty row, or a note.
    fn without_tag(&mut self, cells: &Cells, line: u32) -> RowKind {
        let is_filled = |column: &usize| !cells.at(*column).trim_ascii().is_empty();
        match (0..cells.row.len()).filter(is_filled).take(2).count() {
            0 => {
                self.account(Category::Empty, line, "no cell has a value", None);
                RowKind::Full
            }
            // Its category depends on what follows, so it is accounted for at the end.
            1 if cells.columns.count > 2 => RowKind::Short,
            _ => {
                self.account(Category::NotALead, line, "no lead tag", None);
                RowKind::Full
            }
        }
    }

    fn read_lead(&mut self, cells: &Cells, line: u32, source: u32, repair: Option<Repair>) -> anyhow::Result<()> {
        let place = (self.file.number, line);
        let (state, refused) = self.state(cells, line)?;
        let hasher = self.context.hasher;
        let email = cells.of(ColumnRole::Email).and_then(|cell| hasher.email(&cell));
        let id = cells.of(ColumnRole::Id).and_then(|cell| hasher.id(KeyKind::LeadRecord, &cell));
        let phone = || cells.of(ColumnRole::Phone).and_then(|cell| hasher.phone(&cell));
        let person = email.or_else(phone).or(id).unwrap_or_else(|| hasher.row(place.0, line));
        let mut lead = Lead::new(person, source, place, state);
        lead.created = self.day(cells, ColumnRole::Created, line)?;
        if state.outcome != Outcome::Open || self.deals.is_some() {
            lead.closed = self.day(cells, ColumnRole::Closed, line)?;
        }
        (lead.amount, lead.currency) = self.amount(cells, line)?;
        if state.outcome == Outcome::Lost {
            lead.reason = self.reason(cells, refused);
        }
        if self.context.with_owners {
            lead.owner = self.owner(cells);
        }
        if let Some(repair) = repair {
            lead.set_repair(Repair::ALL.iter().position(|other| *other == repair).map_or(0, |index| index as u8 + 1));
        }
        if let Some(deals) = self.deals {
            let contact = cells.of(ColumnRole::Contact);
            let of_deals = contact.iter().flat_map(|cell| hasher.ids(KeyKind::DealRecord, cell));
            for key in id.into_iter().chain(email).chain(of_deals) {
                let joins = deals.with_key(key).iter().map(|deal| (*deal, place, lead.created));
                self.part.joins.extend(joins);
            }
        }
        self.part.buckets.push(lead);
        if self.context.explain {
            let (category, why) = match repair {
                None => (Category::Counted, ""),
                Some(repair) => (Category::Repaired, repair.reason()),
            };
            self.part.explained.push(Explained { place, category, why, source: Some(source) });
        }
        Ok(())
    }

    fn read_deal(&mut self, cells: &Cells, line: u32) -> anyhow::Result<RowKind> {
        let hasher = self.context.hasher;
        let id = cells.of(ColumnRole::Id).and_then(|cell| hasher.id(KeyKind::DealRecord, &cell));
        let email = cells.of(ColumnRole::Email).and_then(|cell| hasher.email(&cell));
        let contact = cells.of(ColumnRole::Contact);
        let contacts = contact.iter().flat_map(|cell| hasher.ids(KeyKind::LeadRecord, cell));
        let keys: Vec<u64> = id.into_iter().chain(email).chain(contacts).collect();
        if keys.is_empty() {
            return Ok(self.without_tag(cells, line));
        }
        if self.is_header(cells) {
            self.account(Category::RepeatedHeader, line, "the header again", None);
            return Ok(RowKind::Full);
        }
        let (state, refused) = self.state(cells, line)?;
        // Sales made a deal of it.
        let state = State { qualified: true, ..state };
        let (amount, currency) = self.amount(cells, line)?;
        let deal = Deal {
            place: (self.file.number, line),
            state,
            amount,
            currency,
            closed: self.day(cells, ColumnRole::Closed, line)?,
            reason: if state.outcome == Outcome::Lost { self.reason(cells, refused) } else { NONE },
        };
        self.part.deals.push((deal, keys));
        Ok(RowKind::Full)
    }

    fn account(&mut self, category: Category, line: u32, why: &'static str, source: Option<u32>) {
        self.part.account.add(category, 1);
        if self.context.explain {
            self.part.explained.push(Explained { place: (self.file.number, line), category, why, source });
        }
    }

    fn find(&mut self, cell: &[u8]) -> Found {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            return Found::Empty;
        }
        if let Some(found) = self.tags.get(cell) {
            return *found;
        }
        let found = match self.context.tags.resolve(&text_of(cell)) {
            Match::Empty => Found::Empty,
            Match::Known { source, repair } => Found::Known(source, repair),
            Match::Unknown { why } => Found::Unknown(why),
        };
        remember(&mut self.tags, cell, found);
        found
    }

    /// Whether a row has the same texts as the header.
    fn is_header(&self, cells: &Cells) -> bool {
        let header = &self.file.head.header;
        let is_same = |column: usize| names::normal(&text_of(&cells.at(column))) == names::normal(&header[column]);
        let mut filled = (0..header.len().min(cells.row.len())).filter(|column| !header[*column].is_empty()).peekable();
        filled.peek().is_some() && filled.all(is_same)
    }

    /// Returns the furthest state of all columns of statuses, and the number of a status that refuses the lead.
    fn state(&mut self, cells: &Cells, line: u32) -> anyhow::Result<(State, Option<u16>)> {
        let (mut state, mut refused) = (State::default(), None);
        for position in 0..self.file.columns.statuses.len() {
            let column = self.file.columns.statuses[position];
            let cell = cells.at(column.index);
            let Some(meaning) = self.meaning(position, column, &cell) else {
                self.refuse_formula(&self.file.head.header[column.index], &cell, line)?;
                continue;
            };
            if meaning == Meaning::Refused {
                refused = Some(cached(&mut self.reasons, &cell, |text| self.context.reasons.number(text)));
            }
            state = state.max(State::of(meaning));
        }
        Ok((state, refused))
    }

    fn meaning(&mut self, position: usize, column: StatusColumn, cell: &[u8]) -> Option<Meaning> {
        let cell = cell.trim_ascii();
        let meaning = match self.statuses[position].get(cell) {
            Some(meaning) => *meaning,
            None => {
                let meaning = self.context.meaning_of(column, &text_of(cell));
                remember(&mut self.statuses[position], cell, meaning);
                meaning
            }
        };
        if meaning.is_none() {
            self.part.unknown_statuses.add(&text_of(cell), 1);
        }
        meaning
    }

    fn day(&mut self, cells: &Cells, role: ColumnRole, line: u32) -> anyhow::Result<DayNumber> {
        let Some(cell) = cells.of(role) else { return Ok(0) };
        let reader = if role == ColumnRole::Created { &mut self.created } else { &mut self.closed };
        match reader.read(&cell) {
            Reading::Day(day) => Ok(day),
            Reading::Empty => Ok(0),
            Reading::Ambiguous { first, second, year } => {
                Err(self.ambiguous(cells, role, line, (first, second, year)).into())
            }
            Reading::Bad if self.contradicts(cells, role, &cell) => Err(self.contradiction(cells, role, line).into()),
            Reading::Bad => {
                self.refuse_formula(self.header(cells, role), &cell, line)?;
                self.part.bad_days.add(line, &cell);
                Ok(0)
            }
        }
    }

    fn amount(&mut self, cells: &Cells, line: u32) -> anyhow::Result<(i64, u8)> {
        let Some(cell) = cells.of(ColumnRole::Amount) else { return Ok((0, 0)) };
        let amount = match amount::read(&cell) {
            Amount::Empty => return Ok((0, 0)),
            _ if is_formula(&cell) => {
                return self.refuse_formula(self.header(cells, ColumnRole::Amount), &cell, line).map(|()| (0, 0));
            }
            Amount::Bad => {
                self.part.bad_amounts.add(line, &cell);
                return Ok((0, 0));
            }
            Amount::Hundredths(amount) => amount,
            Amount::Open(open) => {
                let column = cells.columns.get(ColumnRole::Amount).unwrap_or(0);
                let value = self.file.amounts.value(open, self.file.input, self.file.head, column);
                value.map_err(|error| error.at(u64::from(line)))?
            }
        };
        let named = cells.of(ColumnRole::Currency).filter(|cell| !cell.trim_ascii().is_empty());
        Ok((amount, self.currency(named.as_deref().unwrap_or(&cell))))
    }

    /// Returns the number of the currency that a cell names, or else of the default one.
    fn currency(&mut self, cell: &[u8]) -> u8 {
        let is_plain = cell.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'-'));
        let key = if is_plain { b"".as_slice() } else { cell };
        if let Some(number) = self.currencies.get(key) {
            return *number;
        }
        let code = if is_plain { None } else { currency::code_in(&text_of(key)) };
        let number = self.context.currencies.number(code.or(self.own_currency).unwrap_or_default());
        let number = u8::try_from(number).unwrap_or(u8::MAX);
        remember(&mut self.currencies, key, number);
        number
    }

    fn reason(&mut self, cells: &Cells, refused: Option<u16>) -> u16 {
        let cell = cells.of(ColumnRole::LostReason);
        let given = cell.map(|cell| cached(&mut self.reasons, &cell, |text| self.context.reasons.number(text)));
        given.filter(|number| *number != NONE).or(refused).unwrap_or(NONE)
    }

    fn owner(&mut self, cells: &Cells) -> u16 {
        let cell = cells.of(ColumnRole::Owner);
        cell.map_or(NONE, |cell| cached(&mut self.owners, &cell, |text| self.context.owners.number(text)))
    }

    fn header(&self, cells: &Cells, role: ColumnRole) -> &str {
        cells.columns.get(role).map_or("", |index| &self.file.head.header[index])
    }

    fn ambiguous(
        &self,
        cells: &Cells,
        role: ColumnRole,
        line: u32,
        (first, second, year): (u8, u8, i16),
    ) -> InputError {
        let message = format!(
            "`{first:02}/{second:02}/{year}` in the column `{}` can be two days, and no other day of the column decides which",
            self.header(cells, role)
        );
        self.error(message).at(u64::from(line)).help(
            "say which number comes first: `--days dmy` (day, month, year) or `--days mdy`, or `report: { days: dmy }` in `site.yaml`",
        )
    }

    /// Whether a day has another order than its column.
    fn contradicts(&self, cells: &Cells, role: ColumnRole, cell: &[u8]) -> bool {
        let of_column = cells.columns.get(role).and_then(|column| cells.columns.orders.get(&column));
        of_column.is_some_and(|order| proven_order(cell.trim_ascii()).is_some_and(|own| own != *order))
    }

    fn contradiction(&self, cells: &Cells, role: ColumnRole, line: u32) -> InputError {
        let message = format!(
            "the days of the column `{}` have the day first in some rows, and the month in others",
            self.header(cells, role)
        );
        self.error(message).at(u64::from(line)).help("export again with one format of days, best `2027-03-31`")
    }

    fn refuse_formula(&self, header: &str, cell: &[u8], line: u32) -> anyhow::Result<()> {
        if !is_formula(cell) {
            return Ok(());
        }
        let message = format!("the column `{header}` has a formula in place of its value");
        let help = "open the file in a spreadsheet program, and save it with values instead of formulas";
        Err(self.error(message).at(u64::from(line)).help(help).into())
    }

    fn error(&self, message: impl Into<String>) -> InputError {
        InputError::new(&self.file.input.name, message)
    }
}

fn own_currency<'a>(context: &ReadContext<'a>, file: &FileToRead<'a>) -> Option<&'a str> {
    let header = file.columns.get(ColumnRole::Amount).map(|column| file.head.header[column].as_str());
    let in_header = header.and_then(names::brackets).and_then(|(_, inside)| currency::code_in(inside));
    in_header.or(context.default_currency)
}

impl ReadContext<'_> {
    fn meaning_of(&self, column: StatusColumn, status: &str) -> Option<Meaning> {
        if let Some(flag) = column.flag {
            return match &*status.to_lowercase() {
                "true" | "1" | "yes" | "ja" | "oui" | "sí" | "wahr" | "vrai" => Some(match flag {
                    Flag::Won => Meaning::Won,
                    Flag::Converted => Meaning::Qualified,
                }),
                "false" | "0" | "no" | "nein" | "non" | "falsch" | "faux" | "" => Some(Meaning::Open),
                other => self.vocabulary.meaning(other),
            };
        }
        match self.vocabulary.meaning(status) {
            Some(Meaning::Lost) if column.is_of_deals => Some(Meaning::LostDeal),
            meaning => meaning,
        }
    }
}

enum RowKind {
    Full,
    /// One value and no lead tag.
    Short,
}
