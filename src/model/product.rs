//! What a campaign sells, as search engines are told it.

/// Search engines take a product without a price for a mistake, so there is none without.
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

/// Why a text is no price.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAPrice {
    /// The number that was meant, where that can be told.
    pub meant: Option<String>,
    /// Something stands beside the number, most likely a currency.
    pub has_company: bool,
}

impl Price {
    /// Reads a price with at most so many decimals. One more may be a mark between thousands: `1.200`.
    pub fn parse(text: &str, decimals: usize) -> Result<Price, NotAPrice> {
        let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
        let are_digits = |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
        let has_whole = are_digits(whole) && (whole == "0" || !whole.starts_with('0'));
        let has_decimals = rest.is_none_or(|rest| are_digits(rest) && rest.len() <= decimals);
        match has_whole && has_decimals {
            true => Ok(Price(text.to_owned())),
            false => Err(not_a_price(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn not_a_price(text: &str) -> NotAPrice {
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (text.find(is_digit), text.rfind(is_digit)) else {
        return NotAPrice { meant: None, has_company: false };
    };
    let around = [&text[..first], &text[last + 1..]];
    let has_company = around.iter().any(|text| !text.trim_matches([' ', '.', ',']).is_empty());
    NotAPrice { meant: plain(&text[first..=last]).filter(|_| !text.starts_with('-')), has_company }
}

/// `1,200`, `1'200.50` or `49,90` as a plain decimal.
fn plain(number: &str) -> Option<String> {
    const BETWEEN_THOUSANDS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}', '_'];
    let marks = ['.', ','];
    if number.contains(|c: char| !c.is_ascii_digit() && !marks.contains(&c) && !BETWEEN_THOUSANDS.contains(&c)) {
        return None;
    }
    // What stands before one or two digits at the end is a decimal mark, in whichever country.
    let decimals = number.rsplit_once(marks).filter(|(_, decimals)| matches!(decimals.len(), 1 | 2));
    let (whole, decimals) = decimals.map_or((number, None), |(whole, decimals)| (whole, Some(decimals)));
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    Some(decimals.map_or_else(|| digits.to_owned(), |decimals| format!("{digits}.{decimals}")))
}

/// A currency by its code of ISO 4217: `KES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency(&'static str);

/// Why a text is no currency, with the code that was meant where that can be told.
#[derive(Debug, PartialEq, Eq)]
pub struct NotACurrency {
    pub meant: Option<&'static str>,
}

impl Currency {
    /// The currencies of countries in ISO 4217, without its funds, metals and codes for tests.
    #[rustfmt::skip]
    pub const CODES: &[&str] = &[
        "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND",
        "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE",
        "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD",
        "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY",
        "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD",
        "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO",
        "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
        "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
        "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND",
        "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
    ];

    /// The decimals of a price in most currencies.
    pub const USUAL_DECIMALS: usize = 2;

    pub fn parse(text: &str) -> Result<Currency, NotACurrency> {
        let known = Currency::CODES.iter().find(|code| **code == text);
        known.map(|code| Currency(code)).ok_or_else(|| NotACurrency { meant: meant_currency(text) })
    }

    pub fn code(self) -> &'static str {
        self.0
    }

    /// The most decimals that a price in it has, as ISO 4217 counts them.
    pub fn decimals(self) -> usize {
        match self.0 {
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => Currency::USUAL_DECIMALS,
        }
    }
}

/// Signs and names that mean one currency only. A dollar or a pound could be one of many.
fn meant_currency(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_end_matches('.');
    let code = Currency::CODES.iter().find(|code| code.eq_ignore_ascii_case(text)).copied();
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
    fn a_price_is_a_plain_decimal() {
        for text in ["0", "49", "12500", "49.9", "49.90", "0.50"] {
            assert_eq!(Price::parse(text, 2).as_ref().map(Price::as_str), Ok(text));
        }
        assert!(Price::parse("1.250", 3).is_ok());
    }

    #[test]
    fn of_what_is_no_price_the_number_that_was_meant_is_told() {
        for (text, meant, has_company) in [
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
            let meant = meant.map(str::to_owned);
            assert_eq!(Price::parse(text, 2), Err(NotAPrice { meant, has_company }), "{text}");
        }
    }

    #[test]
    fn currencies_are_codes_of_iso_4217() {
        assert!(Currency::CODES.is_sorted());
        assert_eq!(Currency::parse("KES").map(Currency::code), Ok("KES"));
        for (text, meant) in [
            ("kes", Some("KES")),
            ("KSh", Some("KES")),
            ("euro", Some("EUR")),
            ("€", Some("EUR")),
            ("$", None),
            ("dollars", None),
            ("XXX", None),
            ("", None),
        ] {
            assert_eq!(Currency::parse(text), Err(NotACurrency { meant }), "{text}");
        }
    }
}
