//! Currencies in cells, as codes, symbols and names.

/// Symbols that mean one currency, or mostly one, with its code.
const SYMBOLS: [(&str, &str); 17] = [
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₦", "NGN"),
    ("₵", "GHS"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("zł", "PLN"),
    ("R$", "BRL"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("KSh", "KES"),
    ("TSh", "TZS"),
    ("USh", "UGX"),
    ("Fr.", "CHF"),
    ("$", "USD"),
];
/// Names that CRMs write in a column of currencies.
const NAMES: [(&str, &str); 6] = [
    ("us dollar", "USD"),
    ("u.s. dollar", "USD"),
    ("euro", "EUR"),
    ("british pound", "GBP"),
    ("kenyan shilling", "KES"),
    ("swiss franc", "CHF"),
];

/// Returns the code of the currency that a cell names: `EUR` of `1.234 €`, of `EUR 12`, of `€` and of `Euro`.
pub fn code_in(cell: &str) -> Option<&'static str> {
    let words = cell.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() == 3);
    let code = |word: &str| iso_currency::Currency::from_code(&word.to_uppercase()).map(|currency| currency.code());
    if let Some(code) =
        words.filter(|word| word.chars().all(char::is_uppercase) || cell.trim().len() == 3).find_map(code)
    {
        return Some(code);
    }
    let lower = cell.to_lowercase();
    let symbol = SYMBOLS.iter().find(|(symbol, _)| lower.contains(&symbol.to_lowercase()));
    let name = || NAMES.iter().find(|(name, _)| lower.contains(name));
    symbol.or_else(name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currency_is_a_code_a_symbol_or_a_name() {
        for (cell, code) in [
            ("1.234,56 €", Some("EUR")),
            ("KSh 12,500", Some("KES")),
            ("USD 12", Some("USD")),
            ("$12", Some("USD")),
            ("R$ 5", Some("BRL")),
            ("eur", Some("EUR")),
            ("Euro", Some("EUR")),
            ("12", None),
            ("ABC 12", None),
        ] {
            assert_eq!(code_in(cell), code, "{cell}");
        }
    }
}
