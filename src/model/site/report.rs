//! `report` in `site.yaml`: how `tagline report` reads the exports of a CRM.

use serde_json::json;

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::yaml::shape::{TEXTS, choice, text_schema};
use crate::yaml::values::{text, texts, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, Value, YamlReader};

/// The settings of `tagline report`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportSettings {
    /// The headers of columns, for each role that the site names, in the order of the file.
    pub columns: Vec<(ColumnRole, Vec<String>)>,
    /// Words of the CRM for leads that were won.
    pub won: Vec<String>,
    pub lost: Vec<String>,
    pub qualified: Vec<String>,
    /// The currency of amounts without one: an ISO 4217 code in upper case.
    pub currency: Option<String>,
    pub days: Option<DayOrder>,
    /// What separates the decimals of amounts that can be two.
    pub decimals: Option<Decimals>,
}

/// What a column of an export contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColumnRole {
    LeadTag,
    /// The id of the record itself.
    Id,
    /// The ids of the records of the other file: the contacts of a deal, the deals of a contact.
    Contact,
    Created,
    Closed,
    Status,
    Amount,
    Currency,
    LostReason,
    Owner,
    Email,
    Phone,
}

/// What separates the decimals of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimals {
    Point,
    Comma,
}

/// The order of day and month in days such as `03/04/2027`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    DayFirst,
    MonthFirst,
}

const HEADERS: Shape = Shape::text(
    "text or list of texts",
    |_| json!({ "anyOf": [text_schema(), { "type": "array", "items": text_schema(), "minItems": 1 }] }),
);
const DAYS: Shape = Shape::value("`dmy` or `mdy`", |_| choice(["dmy", "mdy"]));
const DECIMALS: Shape = Shape::value("`point` or `comma`", |_| choice(["point", "comma"]));
const CURRENCY: Shape = Shape::value("currency", |_| json!({ "type": "string", "pattern": "^[A-Za-z]{3}$" }));

pub static KEYS: Mapping = Mapping::new(
    "`report`",
    &[
        Key::optional(
            "columns",
            Shape::mapping(&COLUMN_KEYS),
            "The headers of columns that Tagline does not recognize. `tagline report --save-mapping` writes them.",
        ),
        Key::optional("won", TEXTS, "Words of your CRM for a lead that was won: `[Signed]`."),
        Key::optional("lost", TEXTS, "Words of your CRM for a lead that was lost: `[Gone elsewhere]`."),
        Key::optional("qualified", TEXTS, "Words of your CRM for a lead that sales accepted: `[Demo held]`."),
        Key::optional("currency", CURRENCY, "The currency of amounts without one: `KES`.").rules(&[Rule::WrongType]),
        Key::optional(
            "days",
            DAYS,
            "Whether `03/04/2027` is 3 April (`dmy`) or 4 March (`mdy`), if an export has no day that decides it.",
        )
        .rules(&[Rule::WrongType]),
        Key::optional(
            "decimals",
            DECIMALS,
            "Whether `1.500` is 1.50 (`point`) or 1500 (`comma`), if the other amounts of the column do not decide it.",
        )
        .rules(&[Rule::WrongType]),
    ],
);

pub static COLUMN_KEYS: Mapping = Mapping::new(
    "`columns`",
    &[
        Key::optional("lead_tag", HEADERS, "The lead tag."),
        Key::optional("id", HEADERS, "The id of the record."),
        Key::optional("contact", HEADERS, "The ids of the contacts of a deal, or of the deals of a contact."),
        Key::optional("created", HEADERS, "The day on which the lead came."),
        Key::optional("closed", HEADERS, "The day on which it was won or lost."),
        Key::optional("status", HEADERS, "Its status or stage. Several columns are read together."),
        Key::optional("amount", HEADERS, "What it is worth."),
        Key::optional("currency", HEADERS, "The currency of the amount."),
        Key::optional("lost_reason", HEADERS, "Why it was lost."),
        Key::optional("owner", HEADERS, "Who follows up."),
        Key::optional("email", HEADERS, "The e-mail address, which is only compared and never shown."),
        Key::optional("phone", HEADERS, "The telephone number, which is only compared and never shown."),
    ],
);

impl ColumnRole {
    pub const ALL: [ColumnRole; 12] = [
        ColumnRole::LeadTag,
        ColumnRole::Id,
        ColumnRole::Contact,
        ColumnRole::Created,
        ColumnRole::Closed,
        ColumnRole::Status,
        ColumnRole::Amount,
        ColumnRole::Currency,
        ColumnRole::LostReason,
        ColumnRole::Owner,
        ColumnRole::Email,
        ColumnRole::Phone,
    ];

    /// Returns its key in `report.columns`.
    pub fn key(self) -> &'static str {
        match self {
            ColumnRole::LeadTag => "lead_tag",
            ColumnRole::Id => "id",
            ColumnRole::Contact => "contact",
            ColumnRole::Created => "created",
            ColumnRole::Closed => "closed",
            ColumnRole::Status => "status",
            ColumnRole::Amount => "amount",
            ColumnRole::Currency => "currency",
            ColumnRole::LostReason => "lost_reason",
            ColumnRole::Owner => "owner",
            ColumnRole::Email => "email",
            ColumnRole::Phone => "phone",
        }
    }
}

impl ReportSettings {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<ReportSettings> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let settings = ReportSettings {
            columns: entries.read(reader, "columns", columns).unwrap_or_default(),
            won: entries.read(reader, "won", texts).unwrap_or_default(),
            lost: entries.read(reader, "lost", texts).unwrap_or_default(),
            qualified: entries.read(reader, "qualified", texts).unwrap_or_default(),
            currency: entries.read(reader, "currency", currency),
            days: entries.read(reader, "days", days),
            decimals: entries.read(reader, "decimals", decimals),
        };
        entries.finish(reader);
        Some(settings)
    }

    /// Returns the headers that the site names for a role.
    pub fn headers(&self, role: ColumnRole) -> &[String] {
        self.columns.iter().find(|(other, _)| *other == role).map_or(&[], |(_, headers)| headers)
    }
}

fn columns(reader: &mut YamlReader, node: &Node) -> Option<Vec<(ColumnRole, Vec<String>)>> {
    let mut entries = Entries::of(reader, node, &COLUMN_KEYS)?;
    let mut columns = Vec::new();
    for role in ColumnRole::ALL {
        let headers = entries.read(reader, role.key(), |reader, node| match node.value {
            Value::List(_) => texts(reader, node),
            _ => text(reader, node).map(|header| vec![header]),
        });
        columns.extend(headers.map(|headers| (role, headers)));
    }
    entries.finish(reader);
    Some(columns)
}

fn currency(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = value(reader, node)?;
    let code = text.to_ascii_uppercase();
    if iso_currency::Currency::from_code(&code).is_some() {
        return Some(code);
    }
    let message = format!("`{text}` is not a currency");
    reader.error(Rule::WrongType, node.span, message, "write its code of three letters, as in `KES` or `EUR`");
    None
}

fn days(reader: &mut YamlReader, node: &Node) -> Option<DayOrder> {
    one_of(reader, node, "order of days", [("dmy", DayOrder::DayFirst), ("mdy", DayOrder::MonthFirst)])
}

fn decimals(reader: &mut YamlReader, node: &Node) -> Option<Decimals> {
    one_of(reader, node, "separator of decimals", [("point", Decimals::Point), ("comma", Decimals::Comma)])
}

/// Reads one of two words.
fn one_of<T: Copy>(reader: &mut YamlReader, node: &Node, what: &str, words: [(&str, T); 2]) -> Option<T> {
    let text = value(reader, node)?;
    if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
        return Some(*found);
    }
    let [first, second] = words.map(|(word, _)| word);
    let diagnostic = Diagnostic::error(Rule::WrongType, format!("unknown {what} `{text}`"))
        .at(reader.source, node.span, format!("`{first}` or `{second}` is expected here"))
        .suggest(&text, [first, second]);
    reader.diagnostics.push(diagnostic);
    None
}
