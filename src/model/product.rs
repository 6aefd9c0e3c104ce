//! The product of a campaign, for search engines.

use iso_currency::IntoEnumIterator;

use crate::diagnostics::{Diagnostic, count};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{TEXT, choice};
use crate::yaml::values::{excerpt, text, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// Always with a price: search engines report a product without one as an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub name: String,
    pub price: Price,
    pub currency: Currency,
    pub brand: Option<String>,
}

/// A plain decimal as its author wrote it: `12500`, `49.90`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price(String);

/// Why a text is not a price.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAPrice {
    /// The number that was probably meant.
    pub suggestion: Option<String>,
    /// There is text beside the number, most likely a currency.
    pub has_unit: bool,
    /// The mark may separate thousands or decimals: `49.999`.
    pub is_ambiguous: bool,
}

/// How many decimals a price can have depends on its currency.
const PRICE: Shape = Shape::spaced_value("number", |_| {
    serde_json::json!({
        "type": ["string", "number"], "minimum": 0, "pattern": "^(?:0|[1-9][0-9]{0,11})(?:\\.[0-9]{1,3})?$"
    })
});
const CURRENCY: Shape = Shape::value("ISO 4217 code", |_| choice(Currency::codes()));

pub static KEYS: Mapping = Mapping::new(
    "a product",
    &[
        Key::required("name", TEXT, "The name of the product."),
        Key::required("price", PRICE, "A plain number, the price on the page: `12500` or `49.90`.")
            .rules(&[Rule::BadPrice]),
        Key::required("currency", CURRENCY, "Its ISO 4217 code: `KES`, `EUR`, `USD`.").rules(&[Rule::BadPrice]),
        Key::optional("brand", TEXT, "The brand under which it is sold."),
    ],
);

impl Product {
    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Located<Product>> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let name = entries.read(reader, "name", text);
        let currency = entries.read(reader, "currency", Currency::read);
        let price = entries.read(reader, "price", |reader, node| Price::read(reader, node, currency));
        let brand = entries.read(reader, "brand", text);
        let span = entries.first_line(reader);
        entries.finish(reader);
        Some(Located { value: Product { name: name?, price: price?, currency: currency?, brand }, span })
    }
}

impl Price {
    /// Parses a price with at most `decimals` decimals. `1.200` is an error: the point may separate thousands.
    pub fn parse(text: &str, decimals: usize) -> Result<Price, NotAPrice> {
        let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
        let are_digits = |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
        let has_whole = are_digits(whole) && (whole == "0" || !whole.starts_with('0'));
        // Two zeros are common in every currency: `1500.00` yen.
        let has_decimals = rest.is_none_or(|rest| are_digits(rest) && (rest.len() <= decimals || rest == "00"));
        match has_whole && has_decimals {
            true => Ok(Price(text.to_owned())),
            false => Err(not_a_price(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(reader: &mut YamlReader, node: &Node, currency: Option<Currency>) -> Option<Price> {
        let text = value(reader, node)?;
        let decimals = currency.map_or(Currency::USUAL_DECIMALS, Currency::decimals);
        let error = match Price::parse(&text, decimals) {
            Ok(price) => return Some(price),
            Err(error) => error,
        };
        if let Some(currency) = currency.filter(|_| Price::parse(&text, Currency::USUAL_DECIMALS).is_ok()) {
            // A third decimal could also be a group of thousands.
            let label = match decimals {
                0 => format!("prices in `{}` have no decimals", currency.code()),
                _ => format!("prices in `{}` have at most {}", currency.code(), count(decimals, "decimal")),
            };
            let message = format!("`{text}` is not a price in `{}`", currency.code());
            reader.error_with_help(
                Rule::BadPrice,
                node.span,
                message,
                label,
                "round the price, or is the currency another one?",
            );
            return None;
        }
        let help = match (error.suggestion, error.has_unit) {
            (Some(suggestion), _) if error.is_ambiguous => {
                format!("write `{suggestion}`, or at most {} after the point", count(decimals, "decimal"))
            }
            (Some(suggestion), false) => format!("write `{suggestion}`"),
            (Some(suggestion), true) => format!("write `{suggestion}`, and the currency as `currency`"),
            (None, _) => "write it as in `12500` or `49.90`".to_owned(),
        };
        let message = format!("`{}` is not a price", excerpt(&text));
        let label = "a plain number is expected here, without a currency or separators between thousands";
        reader.error_with_help(Rule::BadPrice, node.span, message, label, help);
        None
    }
}

fn not_a_price(text: &str) -> NotAPrice {
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (text.find(is_digit), text.rfind(is_digit)) else {
        return NotAPrice { suggestion: None, has_unit: false, is_ambiguous: false };
    };
    let around = [&text[..first], &text[last + 1..]];
    let has_unit = around.iter().any(|text| !text.trim_matches([' ', '.', ',']).is_empty());
    let number = &text[first..=last];
    let is_ambiguous = number.split_once('.').is_some_and(|(whole, decimals)| {
        decimals.len() > 2 && [whole, decimals].iter().all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    NotAPrice { suggestion: plain(number).filter(|_| !text.starts_with('-')), has_unit, is_ambiguous }
}

/// Converts `1,200`, `1'200.50` or `49,90` to a plain decimal.
fn plain(number: &str) -> Option<String> {
    const THOUSANDS_SEPARATORS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}', '_'];
    let marks = ['.', ','];
    if number.contains(|c: char| !c.is_ascii_digit() && !marks.contains(&c) && !THOUSANDS_SEPARATORS.contains(&c)) {
        return None;
    }
    // Before one or two final digits, a point or comma is a decimal mark in every country.
    let decimals = number.rsplit_once(marks).filter(|(_, decimals)| matches!(decimals.len(), 1 | 2));
    let (whole, decimals) = decimals.map_or((number, None), |(whole, decimals)| (whole, Some(decimals)));
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    Some(decimals.map_or_else(|| digits.to_owned(), |decimals| format!("{digits}.{decimals}")))
}

/// A currency in use, by its ISO 4217 code: `KES`. Funds, metals, test codes and replaced currencies are excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency(iso_currency::Currency);

/// Why a text is not a currency, with the code that was probably meant.
#[derive(Debug, PartialEq, Eq)]
pub struct NotACurrency {
    pub suggestion: Option<&'static str>,
}

impl Currency {
    /// The number of decimals in most currencies.
    pub const USUAL_DECIMALS: usize = 2;

    /// Returns the codes of all currencies, sorted.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let mut codes: Vec<&str> = Currency::all().map(Currency::code).collect();
        codes.sort_unstable();
        codes.into_iter()
    }

    fn all() -> impl Iterator<Item = Currency> {
        // ISO 4217 lists `VES` beside `VED`; iso_currency 0.7.1 marks it as replaced.
        let is_in_use =
            |currency: &iso_currency::Currency| currency.flags().is_empty() || *currency == iso_currency::Currency::VES;
        iso_currency::Currency::iter().filter(is_in_use).map(Currency)
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<Currency> {
        let text = value(reader, node)?;
        let error = match Currency::parse(&text) {
            Ok(currency) => return Some(currency),
            Err(error) => error,
        };
        let message = format!("unknown currency `{}`", excerpt(&text));
        let diagnostic = Diagnostic::error(Rule::BadPrice, message).at(
            reader.source,
            node.span,
            "an ISO 4217 code is expected here",
        );
        reader.diagnostics.push(match error.suggestion {
            Some(suggestion) => diagnostic.help(format!("write `{suggestion}`")),
            None => diagnostic
                .suggest(&text, Currency::codes())
                .or_help("write its code of three letters, such as `KES`, `EUR` or `USD`"),
        });
        None
    }

    pub fn parse(text: &str) -> Result<Currency, NotACurrency> {
        let known = Currency::all().find(|currency| currency.code() == text);
        known.ok_or_else(|| NotACurrency { suggestion: suggested_currency(text) })
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The largest number of decimals of a price: 0 for `JPY`, 2 for `EUR`, 3 for `KWD`.
    pub fn decimals(self) -> usize {
        self.0.exponent().map_or(Currency::USUAL_DECIMALS, usize::from)
    }
}

/// Returns the code for a symbol or a name that means only one currency. A dollar or a pound could be one of many.
fn suggested_currency(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_end_matches('.');
    let code = Currency::codes().find(|code| code.eq_ignore_ascii_case(text));
    code.or_else(|| match text.to_lowercase().as_str() {
        "€" | "euro" | "euros" => Some("EUR"),
        "£" | "pound sterling" | "pounds sterling" => Some("GBP"),
        "us$" | "us dollar" | "us dollars" => Some("USD"),
        "ksh" | "kshs" | "kenyan shilling" | "kenyan shillings" => Some("KES"),
        "tsh" | "tshs" => Some("TZS"),
        "ush" | "ushs" => Some("UGX"),
        "₦" | "naira" => Some("NGN"),
        "₹" | "indian rupee" | "indian rupees" => Some("INR"),
        "r$" | "real" | "reais" => Some("BRL"),
        "zł" | "zloty" | "złoty" => Some("PLN"),
        "sfr" | "swiss franc" | "swiss francs" => Some("CHF"),
        "yen" => Some("JPY"),
        "₺" | "tl" => Some("TRY"),
        "₴" => Some("UAH"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_is_a_plain_decimal() {
        for text in ["0", "49", "12500", "49.9", "49.90", "0.50"] {
            assert_eq!(Price::parse(text, 2).as_ref().map(Price::as_str), Ok(text));
        }
        assert!(Price::parse("1.250", 3).is_ok());
    }

    #[test]
    fn error_suggests_a_plain_number() {
        for (text, suggestion, has_unit) in [
            ("49 EUR", Some("49"), true),
            ("€49", Some("49"), true),
            ("KSh. 12,500", Some("12500"), true),
            ("1,200", Some("1200"), false),
            ("1.200", Some("1200"), false),
            ("1 200,50", Some("1200.50"), false),
            ("1'200.50", Some("1200.50"), false),
            ("1.234.567", Some("1234567"), false),
            ("49,90", Some("49.90"), false),
            ("049", Some("49"), false),
            ("49.", Some("49"), false),
            ("-49", None, true),
            ("1e3", None, false),
            ("2 for 49", None, false),
            ("free", None, false),
            ("", None, false),
        ] {
            let suggestion = suggestion.map(str::to_owned);
            let error = Price::parse(text, 2).unwrap_err();
            assert_eq!((error.suggestion, error.has_unit), (suggestion, has_unit), "{text}");
        }
    }

    #[test]
    fn currencies_are_iso_4217_codes() {
        assert!(Currency::codes().is_sorted());
        assert_eq!(Currency::codes().count(), 155);
        assert_eq!(Currency::parse("KES").map(Currency::code), Ok("KES"));
        for (text, suggestion) in [
            ("kes", Some("KES")),
            ("KSh", Some("KES")),
            ("euro", Some("EUR")),
            ("€", Some("EUR")),
            ("$", None),
            ("dollars", None),
            ("XXX", None),
            ("", None),
        ] {
            assert_eq!(Currency::parse(text), Err(NotACurrency { suggestion }), "{text}");
        }
    }
}
