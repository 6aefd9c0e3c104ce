//! Contacts: the ways to ask us something. Two of them leave the web, so a short code tells where the lead came from.

use std::fmt;

use super::address::query_value;
use super::cta::Form;
use super::offer_kind::CtaKind;

/// The longest text of a link that opens WhatsApp, in percent-encoded characters. Browsers on Windows hand an app no
/// address of more than 2,048; what `wa.me` makes of a link, `whatsapp://send/…`, has some 100 besides the text.
pub const MAX_TEXT: usize = 1800;

/// The host of links to WhatsApp, and how their offers begin.
const WHATSAPP: &str = "wa.me/";

/// How visitors reach us.
#[derive(Clone, Debug)]
pub enum ContactBy {
    Whatsapp(Whatsapp),
    Phone(PhoneNumber),
    Form(Form),
}

/// A chat that begins with a text, which the visitor may change before it is sent.
#[derive(Clone, Debug)]
pub struct Whatsapp {
    pub number: PhoneNumber,
    /// What the author has visitors say; left out, what we do.
    pub text: Option<PrefilledText>,
}

/// What a visitor's message says before the short code at its end. It fits into a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefilledText(String);

/// Why a text cannot be prefilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    /// In a link it has so many characters.
    TooLong { characters: usize },
    /// `{code}`, whose place is always the end.
    CodeInText,
}

/// A telephone number that can be called from everywhere: `+`, the country's code and the rest, 7 to 15 digits
/// together (ITU-T E.164).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    written: String,
    digits: String,
}

/// Why a text is no telephone number that can be called from everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPhoneNumber {
    /// No `+`; with the number that was meant, where that can be told.
    NotInternational {
        meant: Option<String>,
    },
    /// A country's code never begins with 0.
    ZeroFirst,
    /// `(0)` is dialled within the country only.
    NationalZero {
        meant: String,
    },
    Digits {
        count: usize,
    },
    Character(char),
}

/// How a lead reached us, as the tag register's `offer` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactMade<'o> {
    Whatsapp { digits: &'o str },
    Phone { number: &'o str },
    Form,
}

impl ContactBy {
    /// What the tag register calls it; [`ContactMade::of_offer`] reads it.
    pub fn offer(&self) -> String {
        match self {
            ContactBy::Whatsapp(whatsapp) => format!("{WHATSAPP}{}", whatsapp.number.digits),
            ContactBy::Phone(number) => number.international(),
            ContactBy::Form(_) => "form".to_owned(),
        }
    }

    /// The number, where there is one.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match self {
            ContactBy::Whatsapp(whatsapp) => Some(&whatsapp.number),
            ContactBy::Phone(number) => Some(number),
            ContactBy::Form(_) => None,
        }
    }

    /// `whatsapp`, `phone` or `form`, as the key in front matter.
    pub fn key(&self) -> &'static str {
        match self {
            ContactBy::Whatsapp(_) => "whatsapp",
            ContactBy::Phone(_) => "phone",
            ContactBy::Form(_) => "form",
        }
    }
}

impl<'o> ContactMade<'o> {
    pub fn of_offer(offer: &'o str) -> ContactMade<'o> {
        match (offer.strip_prefix(WHATSAPP), offer) {
            (Some(digits), _) => ContactMade::Whatsapp { digits },
            (None, "form") => ContactMade::Form,
            (None, number) => ContactMade::Phone { number },
        }
    }

    /// Whether a lead of this kind and offer quotes a short code: a message or a call carries nothing else.
    pub fn quotes_a_code(kind: CtaKind, offer: &str) -> bool {
        match kind {
            CtaKind::Contact => ContactMade::of_offer(offer) != ContactMade::Form,
            CtaKind::Coupon | CtaKind::Download | CtaKind::Booking => false,
        }
    }
}

impl Whatsapp {
    /// The link but for the short code, which follows at its very end: so the message ends with it, too. Nothing else is
    /// in it: `wa.me` would drop it. `title` is the page's, for a text where the author wrote none.
    pub fn link_before_code(&self, title: &str) -> String {
        let text = match &self.text {
            Some(text) => text.clone(),
            None => PrefilledText::about(title),
        };
        format!("https://{WHATSAPP}{}?text={}", self.number.digits, query_value(&format!("{} ", text.0)))
    }
}

impl PrefilledText {
    pub fn parse(text: &str) -> Result<PrefilledText, BadText> {
        let text = text.trim();
        if text.contains("{code}") {
            return Err(BadText::CodeInText);
        }
        match query_value(text).len() {
            ..=MAX_TEXT => Ok(PrefilledText(text.to_owned())),
            characters => Err(BadText::TooLong { characters }),
        }
    }

    /// One of ours, for a page of this title.
    fn about(title: &str) -> PrefilledText {
        let about_title = PrefilledText::parse(&format!("Hello, I have a question about “{title}”. My code:"));
        about_title.unwrap_or_else(|_| PrefilledText("Hello, I have a question. My code:".to_owned()))
    }
}

impl PhoneNumber {
    /// Spaces, dashes and brackets may stand between the digits.
    pub fn parse(text: &str) -> Result<PhoneNumber, NotAPhoneNumber> {
        let written = text.trim();
        let Some(rest) = written.strip_prefix('+') else {
            return Err(NotAPhoneNumber::NotInternational { meant: international_form(written) });
        };
        if let Some(odd) = rest.chars().find(|&c| !c.is_ascii_digit() && !is_between_digits(c)) {
            return Err(NotAPhoneNumber::Character(odd));
        }
        if rest.contains("(0)") {
            return Err(NotAPhoneNumber::NationalZero { meant: without_national_zero(written) });
        }
        let digits = digits_of(rest);
        match digits.len() {
            _ if digits.starts_with('0') => Err(NotAPhoneNumber::ZeroFirst),
            7..=15 => Ok(PhoneNumber { written: written.to_owned(), digits }),
            count => Err(NotAPhoneNumber::Digits { count }),
        }
    }

    /// As the author wrote it, for people.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// `+254700000000`
    pub fn international(&self) -> String {
        format!("+{}", self.digits)
    }

    /// The link that calls it (RFC 3966).
    pub fn link(&self) -> String {
        format!("tel:+{}", self.digits)
    }
}

/// Spaces, dashes and brackets, also those that word processors make of them.
fn is_between_digits(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '–' | '(' | ')')
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn without_national_zero(text: &str) -> String {
    text.replace("(0)", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number with a `+`, where one without it can be read in one way only: after `00`, in a link of WhatsApp or of
/// the telephone, or as long as a whole number.
fn international_form(text: &str) -> Option<String> {
    let bare = ["https://", "http://", "tel:", WHATSAPP];
    let bare = bare.iter().fold(text, |text, prefix| text.strip_prefix(prefix).unwrap_or(text));
    let bare = bare.split(['?', '/']).next().unwrap_or_default().trim();
    let bare = bare.strip_prefix("00").or_else(|| bare.strip_prefix('+')).unwrap_or(bare);
    let meant = PhoneNumber::parse(&format!("+{bare}")).ok()?;
    // Shorter ones lack their country's code more often than their `+`.
    (meant.digits.len() >= 11 || bare.len() < text.len()).then(|| format!("+{bare}"))
}

/// Completes the sentence "`…` is no telephone number: ".
impl fmt::Display for NotAPhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAPhoneNumber::NotInternational { .. } => f.write_str("it has no `+` and no country's code"),
            NotAPhoneNumber::ZeroFirst => f.write_str("no country's code begins with 0"),
            NotAPhoneNumber::NationalZero { .. } => f.write_str("`(0)` is dialled within the country only"),
            NotAPhoneNumber::Digits { count: 1 } => f.write_str("it has 1 digit, 7 to 15 are possible"),
            NotAPhoneNumber::Digits { count } => write!(f, "it has {count} digits, 7 to 15 are possible"),
            NotAPhoneNumber::Character(c) => write!(f, "`{}` is no digit", c.escape_debug()),
        }
    }
}

impl NotAPhoneNumber {
    /// What to write instead.
    pub fn cure(&self) -> String {
        match self {
            NotAPhoneNumber::NotInternational { meant: Some(meant) } | NotAPhoneNumber::NationalZero { meant } => {
                format!("write `{meant}`")
            }
            NotAPhoneNumber::NotInternational { meant: None } | NotAPhoneNumber::ZeroFirst => {
                "write `+` and the country's code, and leave out the 0 that follows it: `+254 700 000000`".to_owned()
            }
            NotAPhoneNumber::Digits { .. } | NotAPhoneNumber::Character(_) => {
                "write it as in `+254 700 000000`: digits, and spaces, dashes or brackets between them".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    #[test]
    fn a_number_is_read_whatever_stands_between_its_digits() {
        for text in [
            "+254700000000",
            "+254 700 000000",
            "+254-700-000-000",
            "+254 (700) 000 000",
            " +254\u{a0}700\u{2011}000000 ",
        ] {
            let read = number(text);
            assert_eq!(read.written(), text.trim());
            assert_eq!((&*read.international(), &*read.link()), ("+254700000000", "tel:+254700000000"), "{text}");
        }
        for shortest_or_longest in ["+1234567", "+123456789012345"] {
            assert_eq!(number(shortest_or_longest).international(), shortest_or_longest);
        }
    }

    #[test]
    fn a_refused_number_says_what_to_write() {
        let no_plus = "it has no `+` and no country's code";
        let example = "write `+` and the country's code, and leave out the 0 that follows it: `+254 700 000000`";
        let digits = "write it as in `+254 700 000000`: digits, and spaces, dashes or brackets between them";
        for (text, reason, cure) in [
            ("0700 000000", no_plus, example),
            ("700 000000", no_plus, example),
            ("", no_plus, example),
            ("254 700 000000", no_plus, "write `+254 700 000000`"),
            ("00254 700 000000", no_plus, "write `+254 700 000000`"),
            ("https://wa.me/254700000000?text=Hi", no_plus, "write `+254700000000`"),
            ("tel:+254700000000", no_plus, "write `+254700000000`"),
            ("+0700 000000", "no country's code begins with 0", example),
            ("+44 (0)20 7946 0000", "`(0)` is dialled within the country only", "write `+44 20 7946 0000`"),
            ("+254 70", "it has 5 digits, 7 to 15 are possible", digits),
            ("+1234567890123456", "it has 16 digits, 7 to 15 are possible", digits),
            ("+254 700 KAZI", "`K` is no digit", digits),
            ("+254.700.000000", "`.` is no digit", digits),
            ("+٢٥٤٧٠٠٠٠٠٠٠٠", "`٢` is no digit", digits),
        ] {
            let refused = PhoneNumber::parse(text).unwrap_err();
            assert_eq!((&*refused.to_string(), &*refused.cure()), (reason, cure), "{text}");
        }
    }

    fn whatsapp(text: Option<&str>) -> Whatsapp {
        Whatsapp { number: number("+254 700 000000"), text: text.map(|text| PrefilledText::parse(text).unwrap()) }
    }

    #[test]
    fn the_link_is_the_number_and_the_text_and_nothing_else() {
        for (text, encoded) in [
            ("Hello", "Hello%20"),
            (" Hello!  \n", "Hello%21%20"),
            ("20 % off & “more”?", "20%20%25%20off%20%26%20%E2%80%9Cmore%E2%80%9D%3F%20"),
            ("One\ntwo + #3", "One%0Atwo%20%2B%20%233%20"),
            ("Été 👋", "%C3%89t%C3%A9%20%F0%9F%91%8B%20"),
        ] {
            let link = whatsapp(Some(text)).link_before_code("A title");
            assert_eq!(link, format!("https://wa.me/254700000000?text={encoded}"), "{text}");
        }
        let question = "https://wa.me/254700000000?text=Hello%2C%20I%20have%20a%20question";
        let about = whatsapp(None).link_before_code("R&D");
        assert_eq!(about, format!("{question}%20about%20%E2%80%9CR%26D%E2%80%9D.%20My%20code%3A%20"));
        let about_much = whatsapp(None).link_before_code(&"é".repeat(400));
        assert_eq!(about_much, format!("{question}.%20My%20code%3A%20"));
    }

    #[test]
    fn a_text_that_no_link_can_carry_is_refused() {
        for (text, told) in [
            ("x".repeat(MAX_TEXT), None),
            ("x".repeat(MAX_TEXT + 1), Some(BadText::TooLong { characters: MAX_TEXT + 1 })),
            ("é".repeat(MAX_TEXT / 6), None),
            ("é".repeat(MAX_TEXT / 6 + 1), Some(BadText::TooLong { characters: MAX_TEXT + 6 })),
            ("My code is {code}.".to_owned(), Some(BadText::CodeInText)),
        ] {
            assert_eq!(PrefilledText::parse(&text).err(), told, "{text}");
        }
    }

    #[test]
    fn an_offer_of_the_register_says_how_the_lead_reached_us() {
        let phone = ContactBy::Phone(number("+254 700 000000"));
        let whatsapp = ContactBy::Whatsapp(whatsapp(None));
        assert_eq!((&*whatsapp.offer(), &*phone.offer()), ("wa.me/254700000000", "+254700000000"));
        for (offer, made) in [
            ("wa.me/254700000000", ContactMade::Whatsapp { digits: "254700000000" }),
            ("+254700000000", ContactMade::Phone { number: "+254700000000" }),
            ("form", ContactMade::Form),
        ] {
            assert_eq!(ContactMade::of_offer(offer), made);
            assert_eq!(ContactMade::quotes_a_code(CtaKind::Contact, offer), offer != "form");
            assert!(!ContactMade::quotes_a_code(CtaKind::Coupon, offer));
        }
    }
}
