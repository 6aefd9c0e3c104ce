//! Costs of campaigns and channels by month.

use std::path::Path;

use jiff::civil::Date;

use super::columns::names;
use super::count::Window;
use super::error::InputError;
use super::input::{self, Head, Input, InputKind, Row, Rows, read_head, text_of};
use super::tags::TagIndex;
use super::values::amount::{self, Amount, Contradiction, Forms};
use super::values::currency;
use super::values::day::{DayNumber, DayReader, Reading, day_number};
use crate::diagnostics::nearest;
use crate::model::site::ReportSettings;
use crate::model::site::report::Decimals;
use crate::model::slug::Slug;
use crate::months;

/// All costs, in one currency.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    pub lines: Vec<CostLine>,
    /// The code of their currency; empty if the file names none.
    pub currency: String,
}

/// What a campaign, a channel, or a campaign on a channel cost in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostLine {
    pub campaign: Option<Slug>,
    pub channel: Option<Slug>,
    /// The first and the last day of the month.
    pub days: (DayNumber, DayNumber),
    /// In hundredths.
    pub amount: i64,
}

/// The columns of a file of costs.
struct CostColumns {
    campaign: Option<usize>,
    channel: Option<usize>,
    month: usize,
    amount: usize,
    currency: Option<usize>,
    /// What separates the decimals of open amounts, or that the column contradicts itself.
    decimals: Result<Option<Decimals>, Contradiction>,
}

const CAMPAIGN: &[&str] = &["campaign", "campaign id", "kampagne", "campagne", "campaña", "campanha", "kampeni"];
const CHANNEL: &[&str] = &["channel", "channel id", "kanal", "canal", "chaneli", "kanaal"];
const MONTH: &[&str] = &["month", "monat", "mois", "mes", "mês", "mwezi", "maand", "date", "day", "datum"];
const AMOUNT: &[&str] = &[
    "amount", "cost", "costs", "spend", "kosten", "betrag", "coût", "montant", "coste", "importe", "custo", "gharama",
];
const CURRENCY: &[&str] = &["currency", "währung", "devise", "moneda", "moeda", "sarafu", "valuta"];

/// Reads a file of costs. The settings have the currency of amounts without one, and the decimals of amounts that can be two.
///
/// # Errors
///
/// If a column is missing, a campaign or a channel is unknown, a month or an amount is none, or there are two currencies.
pub fn read(path: &Path, tags: &TagIndex, settings: &ReportSettings) -> anyhow::Result<Costs> {
    let input = input::open(path)?;
    let all = [CAMPAIGN, CHANNEL, MONTH, AMOUNT, CURRENCY].concat();
    let head = read_head(&input, &|text| all.contains(&&*names::normal(text)))?;
    let mut columns = cost_columns(&input, &head)?;
    let rows = input::scan(&input, head.dialect, 1, Vec::new, |read: &mut Vec<(u64, Vec<String>)>, batch| {
        let (mut rows, mut row) = (Rows::new(&batch.bytes, head.dialect, batch.first_line), Row::default());
        while rows.next(&mut row) {
            if row.line > head.line && !row.is_empty() {
                let cell = |column| text_of(&row.cell(&batch.bytes, column)).trim().to_owned();
                read.push((row.line, (0..head.header.len()).map(cell).collect()));
            }
        }
        Ok(())
    })?;
    let mut forms = Forms::default();
    let is_sheet = input.kind == InputKind::Sheet;
    rows.iter().flatten().for_each(|(_, cells)| forms.add(cells[columns.amount].as_bytes(), is_sheet));
    columns.decimals = match (forms.decimals(), settings.decimals) {
        (Ok(None) | Err(Contradiction), Some(decimals)) => Ok(Some(decimals)),
        (found, _) => found,
    };
    let mut costs = Costs::default();
    let mut first_currency: Option<(u64, String)> = None;
    for (line, cells) in rows.into_iter().flatten().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())) {
        let at = |message: String| InputError::new(&input.name, message).at(line);
        costs.lines.push(cost_line(&columns, &cells, tags, &at)?);
        let own = columns.currency.map(|column| cells[column].as_str()).filter(|text| !text.is_empty());
        let code = currency::code_in(own.unwrap_or(&cells[columns.amount]))
            .or(settings.currency.as_deref())
            .unwrap_or_default();
        match &first_currency {
            None => first_currency = Some((line, code.to_owned())),
            Some((first, other)) if *other != code => {
                let message =
                    format!("this amount is in {}, and that of line {first} in {}", named(code), named(other));
                let help = match columns.currency {
                    None => "add a column `currency`, and convert all amounts to one currency",
                    Some(_) => "convert all amounts to one currency",
                };
                return Err(at(message).help(help).into());
            }
            Some(_) => {}
        }
    }
    costs.currency = first_currency.map(|(_, code)| code).unwrap_or_default();
    Ok(costs)
}

fn named(code: &str) -> &str {
    if code.is_empty() { "no currency" } else { code }
}

fn cost_columns(input: &Input, head: &Head) -> Result<CostColumns, InputError> {
    let find = |known: &[&str]| head.header.iter().position(|header| known.contains(&&*names::normal(header)));
    let missing = |name: &str| {
        InputError::new(&input.name, format!("the column `{name}` is missing"))
            .at(head.line)
            .help("costs have the columns `campaign` or `channel` (or both), `month`, `amount`, and `currency`")
    };
    let (campaign, channel) = (find(CAMPAIGN), find(CHANNEL));
    if campaign.is_none() && channel.is_none() {
        return Err(missing("campaign"));
    }
    let amount = find(AMOUNT).ok_or_else(|| missing("amount"))?;
    Ok(CostColumns {
        campaign,
        channel,
        month: find(MONTH).ok_or_else(|| missing("month"))?,
        amount,
        currency: find(CURRENCY),
        decimals: Ok(None),
    })
}

fn cost_line(
    columns: &CostColumns,
    cells: &[String],
    tags: &TagIndex,
    at: &dyn Fn(String) -> InputError,
) -> Result<CostLine, InputError> {
    let id = |column: Option<usize>, what: &str, has: &dyn Fn(&Slug) -> bool, known: Vec<&str>| {
        let Some(text) = column.map(|column| cells[column].to_lowercase()).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match Slug::parse(&text).ok().filter(has) {
            Some(id) => Ok(Some(id)),
            None => {
                let error = at(format!("unknown {what} `{text}`"));
                Err(match nearest(&text, known) {
                    Some(nearest) => error.help(format!("did you mean `{nearest}`?")),
                    None => error.help(format!("write the id of a {what} of the site")),
                })
            }
        }
    };
    let campaign =
        id(columns.campaign, "campaign", &|id| tags.has_campaign(id), tags.campaigns().map(Slug::as_str).collect())?;
    let channel =
        id(columns.channel, "channel", &|id| tags.has_channel(id), tags.channels().map(Slug::as_str).collect())?;
    if campaign.is_none() && channel.is_none() {
        return Err(
            at("this line names neither a campaign nor a channel".to_owned()).help("write the id of one, or of both")
        );
    }
    let month = &cells[columns.month];
    let days =
        month_days(month).ok_or_else(|| at(format!("`{month}` is not a month")).help("write it as in `2027-03`"))?;
    let text = &cells[columns.amount];
    let amount = match (amount::read(text.as_bytes()), columns.decimals) {
        (Amount::Hundredths(amount), _) => amount,
        (Amount::Open(open), Ok(decimals)) => open.value(decimals),
        (Amount::Open(_), Err(Contradiction)) => {
            let message =
                format!("`{text}` can be two amounts, because others have decimals after a point and after a comma");
            return Err(at(message).help("write all of them as in `1250.00`, or say what separates decimals: `--decimals point` or `--decimals comma`"));
        }
        (Amount::Empty | Amount::Bad, _) => {
            return Err(at(format!("`{text}` is not an amount")).help("write it as in `1250.00`"));
        }
    };
    Ok(CostLine { campaign, channel, days, amount })
}

/// Returns the first and the last day of a month: `2027-03`, `03/2027`, `March 2027`, or any day of it.
fn month_days(text: &str) -> Option<(DayNumber, DayNumber)> {
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<i16>().ok();
    let (year, month) = match parts[..] {
        [year, month] if year.len() == 4 && number(year).is_some() => (number(year)?, month_number(month)?),
        [month, year] => (number(year).filter(|year| *year > 1000)?, month_number(month)?),
        _ => {
            let mut reader = DayReader::new(jiff::tz::TimeZone::UTC, None);
            let Reading::Day(day) = reader.read(text.as_bytes()) else { return None };
            let date = super::values::day::date(day);
            (date.year(), date.month())
        }
    };
    let first = Date::new(year, month, 1).ok()?;
    Some((day_number(first)?, day_number(first.last_of_month())?))
}

fn month_number(text: &str) -> Option<i8> {
    let number =
        text.parse::<i8>().ok().or_else(|| months::expected_number(&text.to_lowercase()).map(|month| month as i8));
    number.filter(|month| (1..=12).contains(month))
}

impl Costs {
    /// Returns the costs of the lines that `is_meant` selects, in hundredths. Of a month that is partly in the window, its
    /// days count.
    pub fn sum(&self, window: Window, is_meant: impl Fn(&CostLine) -> bool) -> Option<i64> {
        let mut lines = self.lines.iter().filter(|line| is_meant(line)).peekable();
        lines.peek()?;
        Some(lines.map(|line| line.within(window)).sum::<f64>().round() as i64)
    }
}

impl CostLine {
    fn within(&self, window: Window) -> f64 {
        let (first, last) = self.days;
        let start = window.from.map_or(first, |from| from.max(first));
        let end = window.until.map_or(last, |until| until.min(last));
        let days = (f64::from(end) - f64::from(start) + 1.0).max(0.0);
        self.amount as f64 * days / (f64::from(last) - f64::from(first) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::values::day::date;

    #[test]
    fn months_are_read_in_several_forms() {
        for text in ["2027-02", "02/2027", "Feb 2027", "2027 February", "2027-02-14", "14 February 2027"] {
            let (first, last) = month_days(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (date(first).to_string(), date(last).to_string()),
                ("2027-02-01".to_owned(), "2027-02-28".to_owned())
            );
        }
        for text in ["2027", "13/2027", "soon", ""] {
            assert_eq!(month_days(text), None, "{text}");
        }
    }

    #[test]
    fn part_of_a_month_costs_its_share_of_the_days() {
        let days = month_days("2027-04").unwrap();
        let line = CostLine { campaign: None, channel: None, days, amount: 30_000 };
        let window = |from, until| Window { from: Some(days.0 + from), until: Some(days.0 + until) };
        assert_eq!(line.within(window(0, 14)), 15_000.0);
        assert_eq!(line.within(window(0, 500)), 30_000.0);
        assert_eq!(line.within(window(100, 200)), 0.0);
        assert_eq!(line.within(Window::default()), 30_000.0);
    }
}
