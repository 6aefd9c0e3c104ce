//! Amounts of money as exports have them: `1.234,56 €`, `1,234.56`, `KSh 12,500`, `1'234.50`, `(500)`.

use crate::model::site::report::Decimals;

/// What a cell says about an amount, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Empty,
    Hundredths(i64),
    /// One separator and three digits: thousands or decimals, as the other amounts of the column say.
    Open(Open),
    Bad,
}

/// An amount such as `1.500`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// What its separator would separate decimals as.
    pub separator: Decimals,
    /// In hundredths, if the separator groups thousands.
    pub thousands: i64,
    /// In hundredths, if it separates decimals.
    pub decimals: i64,
}

impl Open {
    /// Returns the amount in a column with these decimals. Without any, three digits are thousands.
    pub fn value(self, column: Option<Decimals>) -> i64 {
        if column == Some(self.separator) { self.decimals } else { self.thousands }
    }
}

/// The forms of a column's amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    has_point: bool,
    has_comma: bool,
    has_open_point: bool,
    has_open_comma: bool,
}

impl Forms {
    /// Adds the form of a cell. `may_be_number` says that a cell with a point can be a number of a spreadsheet, which says
    /// nothing about texts: its decimals are filled up to four.
    pub fn add(&mut self, cell: &[u8], may_be_number: bool) {
        let Some(number) = Number::in_cell(cell) else { return };
        match number.form() {
            Some(Form::Decimals(at)) if may_be_number && number.len - at > 4 => {}
            Some(Form::Decimals(at)) => self.prove(decimals_of(number.bytes[at])),
            Some(Form::Grouped(b'.')) => self.prove(Decimals::Comma),
            Some(Form::Grouped(b',')) => self.prove(Decimals::Point),
            Some(Form::Open(at)) => match decimals_of(number.bytes[at]) {
                Decimals::Point => self.has_open_point = true,
                Decimals::Comma => self.has_open_comma = true,
            },
            Some(Form::Grouped(_)) | None => {}
        }
    }

    fn prove(&mut self, decimals: Decimals) {
        match decimals {
            Decimals::Point => self.has_point = true,
            Decimals::Comma => self.has_comma = true,
        }
    }

    pub fn merge(self, other: Forms) -> Forms {
        Forms {
            has_point: self.has_point || other.has_point,
            has_comma: self.has_comma || other.has_comma,
            has_open_point: self.has_open_point || other.has_open_point,
            has_open_comma: self.has_open_comma || other.has_open_comma,
        }
    }

    /// Returns what separates the decimals of open amounts; `None` if no amount says it.
    ///
    /// # Errors
    ///
    /// If the amounts of the column contradict each other.
    pub fn decimals(self) -> Result<Option<Decimals>, Contradiction> {
        match (self.has_point, self.has_comma) {
            (true, true) => Err(Contradiction),
            (true, false) => Ok(Some(Decimals::Point)),
            (false, true) => Ok(Some(Decimals::Comma)),
            (false, false) if self.has_open_point && self.has_open_comma => Err(Contradiction),
            (false, false) => Ok(None),
        }
    }
}

/// The amounts of a column have their decimals after a point in some rows, and after a comma in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction;

/// Reads an amount by its own form.
pub fn read(cell: &[u8]) -> Amount {
    let cell = cell.trim_ascii();
    if cell.is_empty() || matches!(cell, b"-" | b"(No value)" | b"null" | b"NULL") {
        return Amount::Empty;
    }
    let Some(number) = Number::in_cell(cell) else { return Amount::Bad };
    let value = |decimals_at| number.hundredths(decimals_at);
    let amount = match number.form() {
        Some(Form::Grouped(_)) => value(None).map(Amount::Hundredths),
        Some(Form::Decimals(at)) => value(Some(at)).map(Amount::Hundredths),
        Some(Form::Open(at)) => value(None).zip(value(Some(at))).map(|(thousands, decimals)| {
            Amount::Open(Open { separator: decimals_of(number.bytes[at]), thousands, decimals })
        }),
        None => None,
    };
    amount.unwrap_or(Amount::Bad)
}

fn decimals_of(separator: u8) -> Decimals {
    if separator == b',' { Decimals::Comma } else { Decimals::Point }
}

/// The form of a number, with the place of its separator.
enum Form {
    /// Whole, with what separates its groups of thousands; 0 for nothing.
    Grouped(u8),
    Decimals(usize),
    Open(usize),
}

/// The longest number, in bytes.
const MAX_NUMBER: usize = 40;
/// The longest text around a number.
const MAX_AROUND: usize = 16;
/// Signs that are in no currency: of percentages, of limits such as `> 5000`, and of formats such as `#,##0`, which xlsx2csv writes in
/// place of amounts (`findings/xlsx2csv-amount-becomes-format.sh`).
const NOT_OF_CURRENCIES: &[u8] = b"%#\"<>=~?!*@&^|;[]{}\\_";
/// Words after a number that multiply it. Such amounts are rounded, and are not read.
const MULTIPLIERS: [&str; 26] = [
    "k",
    "m",
    "mm",
    "b",
    "bn",
    "mn",
    "mio",
    "mil",
    "mill",
    "million",
    "millions",
    "mrd",
    "md",
    "t",
    "tsd",
    "thousand",
    "lakh",
    "lac",
    "cr",
    "crore",
    "keur",
    "teur",
    "meur",
    "tausend",
    "mille",
    "millionen",
];

/// The digits of an amount with their separators. Spaces and apostrophes of all kinds are one space.
struct Number {
    bytes: [u8; MAX_NUMBER],
    len: usize,
    is_negative: bool,
}

impl Number {
    /// Returns the number of a cell without the currency around it. `None` if there are no digits, or other texts between or
    /// after them.
    fn in_cell(cell: &[u8]) -> Option<Number> {
        let cell = cell.trim_ascii();
        let first = cell.iter().position(u8::is_ascii_digit)?;
        let last = cell.iter().rposition(u8::is_ascii_digit)?;
        let (before, after) = (&cell[..first], &cell[last + 1..]);
        let has_other_signs = before.iter().chain(after).any(|byte| NOT_OF_CURRENCIES.contains(byte));
        if before.len() + after.len() > MAX_AROUND || has_other_signs || is_multiplied(after) {
            return None;
        }
        let has_minus = before.contains(&b'-') || before.windows(3).any(|bytes| bytes == "−".as_bytes());
        let is_negative = has_minus || after.starts_with(b"-") || cell.starts_with(b"(") && cell.ends_with(b")");
        let mut number = Number { bytes: [0; MAX_NUMBER], len: 0, is_negative };
        // `.50`, but not `Rs.500`.
        if let [.., separator @ (b'.' | b',')] = before
            && !before.iter().any(u8::is_ascii_alphabetic)
        {
            number.push(b'0')?;
            number.push(*separator)?;
        }
        let mut rest = &cell[first..=last];
        while let [byte, after @ ..] = rest {
            let (byte, after) = match byte {
                b'0'..=b'9' | b'.' | b',' => (*byte, after),
                _ => (b' ', &rest[space_length(rest)?..]),
            };
            number.push(byte)?;
            rest = after;
        }
        Some(number)
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte;
        self.len += 1;
        Some(())
    }

    /// Returns the form of the number. `None` if its separators make no sense.
    fn form(&self) -> Option<Form> {
        let number = &self.bytes[..self.len];
        let Some(last) = number.iter().rposition(|b| !b.is_ascii_digit()) else { return Some(Form::Grouped(0)) };
        let (separator, whole) = (number[last], &number[..last]);
        let is_repeated = whole.contains(&separator);
        if whole.iter().any(|&b| !b.is_ascii_digit() && b != separator) {
            let is_decimal = separator != b' ' && !is_repeated && is_grouped(whole);
            return is_decimal.then_some(Form::Decimals(last));
        }
        if separator == b' ' || is_repeated {
            return is_grouped(number).then_some(Form::Grouped(separator));
        }
        // `0.125` and `1234.500`: groups of thousands begin with one to three digits, and not with a zero.
        let is_open = number.len() - last - 1 == 3 && number[0] != b'0' && last <= 3;
        Some(if is_open { Form::Open(last) } else { Form::Decimals(last) })
    }

    /// Returns the number in hundredths, with decimals after a place. `None` if it is too large.
    fn hundredths(&self, decimals_at: Option<usize>) -> Option<i64> {
        let (whole, decimals) = self.bytes[..self.len].split_at(decimals_at.unwrap_or(self.len));
        let mut hundredths: i64 = 0;
        for digit in whole.iter().filter(|b| b.is_ascii_digit()) {
            hundredths = hundredths.checked_mul(10)?.checked_add(i64::from(digit - b'0') * 100)?;
            if hundredths >= i64::MAX / 1_000_000 {
                return None;
            }
        }
        let digit = |at: usize| decimals.get(at).map_or(0, |b| i64::from(b - b'0'));
        hundredths += digit(1) * 10 + digit(2) + i64::from(digit(3) >= 5);
        Some(if self.is_negative { -hundredths } else { hundredths })
    }
}

/// Whether digits are in groups of thousands with one separator, also in the Indian way: `1,00,000`.
fn is_grouped(number: &[u8]) -> bool {
    let mut separators = number.iter().filter(|b| !b.is_ascii_digit());
    let first = separators.next();
    let mut groups = number.split(|b| !b.is_ascii_digit()).map(<[u8]>::len);
    let (head, last) = (groups.next(), groups.next_back());
    separators.all(|separator| Some(separator) == first)
        && head.is_some_and(|length| (1..=3).contains(&length))
        && groups.all(|length| (2..=3).contains(&length))
        && last == Some(3)
}

/// Returns the length of a space or an apostrophe in UTF-8 or Windows-1252. `None` for anything else.
fn space_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b' ' | b'\'' | 0xa0 | 0x92, ..] => Some(1),
        [0xc2, 0xa0, ..] => Some(2),
        // Narrow and thin spaces, those of the width of a digit, and the typographic apostrophe.
        [0xe2, 0x80, 0x87 | 0x88 | 0x89 | 0x8a | 0x99 | 0xaf, ..] => Some(3),
        _ => None,
    }
}

fn is_multiplied(after: &[u8]) -> bool {
    let mut words = after.split(|b| !b.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.any(|word| MULTIPLIERS.iter().any(|multiplier| word.eq_ignore_ascii_case(multiplier.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_by_their_own_form() {
        for (cell, hundredths) in [
            ("1234", 123_400),
            ("1,234.56", 123_456),
            ("1.234,56 €", 123_456),
            ("1234,56", 123_456),
            ("1234.56", 123_456),
            ("12 345,60", 1_234_560),
            ("1250,5", 125_050),
            ("99.90", 9_990),
            ("12,5", 1_250),
            ("1.234.567", 123_456_700),
            ("1,00,000.50", 10_000_050),
            ("1'234.50", 123_450),
            ("1’234", 123_400),
            ("1 234,500", 123_450),
            ("1\u{a0}234,50\u{202f}€", 123_450),
            ("$0.999", 100),
            ("1234.500", 123_450),
            (".50", 50),
            ("Rs.500", 50_000),
            ("1'250.-", 125_000),
            ("-12.5", -1_250),
            ("−12.5", -1_250),
            ("500-", -50_000),
            ("(500)", -50_000),
            ("K 500", 50_000),
            ("500 kr", 50_000),
            ("0", 0),
            ("12500.0", 1_250_000),
        ] {
            assert_eq!(read(cell.as_bytes()), Amount::Hundredths(hundredths), "{cell}");
        }
        assert_eq!(read(b"1\xa0234,50 \x80"), Amount::Hundredths(123_450), "Windows-1252");
        assert_eq!(read(b" "), Amount::Empty);
        let bad = [
            "n/a",
            "1.2.3,4,5",
            "12 to 15",
            "100–200",
            "12.03.2027",
            "1,234 567",
            "10k",
            "10 K €",
            "1.5 Mio. EUR",
            "10 %",
            "KSh #5",
            "\"kes\" #,##0",
            "0.00 \"kr\"",
            "> 5000",
            "~500 €",
            "500*",
        ];
        for cell in bad.into_iter().chain(["123456789012345678901", "1.234.56"]) {
            assert_eq!(read(cell.as_bytes()), Amount::Bad, "{cell}");
        }
    }

    fn decimals(cells: &[&str]) -> Result<Option<Decimals>, Contradiction> {
        let mut forms = Forms::default();
        cells.iter().for_each(|cell| forms.add(cell.as_bytes(), false));
        forms.decimals()
    }

    #[test]
    fn column_decides_what_three_digits_after_a_separator_mean() {
        for cell in ["1.500", "KSh 12,500"] {
            assert!(matches!(read(cell.as_bytes()), Amount::Open(_)), "{cell}");
        }
        let Amount::Open(open) = read(b"-1.500") else { panic!("it is decided") };
        let values = [None, Some(Decimals::Point), Some(Decimals::Comma)].map(|column| open.value(column));
        assert_eq!(values, [-150_000, -150, -150_000]);
        assert_eq!(decimals(&["1.500", "3"]), Ok(None));
        assert_eq!(decimals(&["1.500", "12.50"]), Ok(Some(Decimals::Point)));
        assert_eq!(decimals(&["1.500", "1.234.567"]), Ok(Some(Decimals::Comma)));
        assert_eq!(decimals(&["1,500", "1 234,500"]), Ok(Some(Decimals::Comma)));
        assert_eq!(decimals(&["1,500", "12,5", "99.90"]), Err(Contradiction));
        assert_eq!(decimals(&["1,500", "1.500"]), Err(Contradiction));
        let mut forms = Forms::default();
        forms.add(b"1234.5000", true);
        assert_eq!(forms.decimals(), Ok(None), "a number of a spreadsheet");
    }
}
