//! Contacts: WhatsApp, telephone or a form. A message or a call carries no lead tag, so visitors quote a short code that
//! identifies the lead source.

use std::borrow::Cow;

use super::offering::{Offering, RegisterText};
use crate::diagnostics::list;
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::form::{FORM, Form};
use crate::model::phone::{PHONE_NUMBER, PhoneNumber};
use crate::model::slug::Slug;
use crate::model::url_encoding::query_value;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

/// The longest text in a link that opens WhatsApp, in percent-encoded characters. Browsers on Windows pass at most 2,048
/// characters to an app, and `whatsapp://send/…`, which `wa.me` redirects to, has about 100 besides the text.
pub const MAX_TEXT: usize = 1800;

/// The host of WhatsApp links, and the beginning of their offers in the tag register.
const WHATSAPP: &str = "wa.me/";
/// The offer of a contact form in the tag register.
const BY_FORM: &str = "form";

/// How visitors reach us.
#[derive(Clone, Debug)]
pub enum ContactBy {
    Whatsapp(Whatsapp),
    Phone(PhoneNumber),
    Form(Form),
}

/// A chat that begins with a text, which the visitor can change before sending it.
#[derive(Clone, Debug)]
pub struct Whatsapp {
    pub number: PhoneNumber,
    /// The author's text. If it is `None`, the message is a question about the page's title.
    pub text: Option<PrefilledText>,
}

/// The text of a visitor's message before the short code. It fits into a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefilledText(String);

/// Why a text cannot be prefilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    /// The length in a link.
    TooLong { characters: usize },
    /// It contains `{code}`, but the code is always at the end.
    CodeInText,
}

/// The way in which a lead reached us, parsed from the `offer` column of the tag register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RegisteredContact<'o> {
    Whatsapp { digits: &'o str },
    Phone { number: &'o str },
    Form,
}

pub static KEYS: Mapping = Mapping::new(
    "a contact",
    &[
        Key::optional("whatsapp", PHONE_NUMBER, "A number on WhatsApp, in quotes: `\"+254 700 000000\"`.")
            .rules(&[Rule::BadCtaKind, Rule::BadPhone]),
        Key::optional(
            "text",
            TEXT,
            "With `whatsapp`: the text of the visitor's message before the short code. Left out: a question about the \
             page's title, in English.",
        )
        .rules(&[Rule::UnknownKey, Rule::BadContactText]),
        Key::optional("phone", PHONE_NUMBER, "A number to call, in quotes: `\"+254 700 000000\"`.")
            .rules(&[Rule::BadCtaKind, Rule::BadPhone]),
        Key::optional("form", FORM, "Instead of a number: what a visitor fills in, with `email` or `phone`.").rules(&[
            Rule::BadCtaKind,
            Rule::BadFormFields,
            Rule::MissingDestination,
        ]),
    ],
)
.one_of(&["whatsapp", "phone", "form"])
.needs(&[("text", "whatsapp")]);

pub(super) const REGISTER_TEXT: RegisterText = RegisterText {
    check: |offer| match RegisteredContact::is_offer(offer) {
        true => Ok(()),
        false => Err("a number like `+254700000000`, `wa.me/254700000000` or `form`"),
    },
    offer: |offer| match RegisteredContact::of_offer(offer) {
        RegisteredContact::Whatsapp { digits } => format!("WhatsApp, +{digits}"),
        RegisteredContact::Phone { number } => format!("a call to {number}"),
        RegisteredContact::Form => "a question by form".to_owned(),
    },
    action: |offer, form| match (RegisteredContact::of_offer(offer), form) {
        (RegisteredContact::Whatsapp { .. }, _) => "asked on WhatsApp".to_owned(),
        (RegisteredContact::Phone { number }, _) => format!("called {number}"),
        (RegisteredContact::Form, None) => "asked a question".to_owned(),
        (RegisteredContact::Form, Some(fields)) => format!("left {fields} to ask a question"),
    },
    quotes_a_code: |offer| RegisteredContact::of_offer(offer) != RegisteredContact::Form,
    is_meant_by: |offer, text| {
        let number = PhoneNumber::parse(text);
        number.is_ok_and(|own| match RegisteredContact::of_offer(offer) {
            RegisteredContact::Whatsapp { digits } => own.digits() == digits,
            RegisteredContact::Phone { number } => own.international() == number,
            RegisteredContact::Form => false,
        })
    },
};

impl ContactBy {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<ContactBy> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let whatsapp = entries.read(reader, "whatsapp", PhoneNumber::read);
        let text = entries.read(reader, "text", PrefilledText::read);
        let phone = entries.read(reader, "phone", PhoneNumber::read);
        let form = entries.read(reader, "form", Form::read);
        let by = match entries.given()[..] {
            ["whatsapp"] => whatsapp.map(|number| ContactBy::Whatsapp(Whatsapp { number, text })),
            [_] => phone.map(ContactBy::Phone).or(form.map(ContactBy::Form)),
            [] if reader.partial || entries.has_unknown_key() => None,
            ref given => {
                report_not_one(reader, &entries, given);
                None
            }
        };
        report_text_without_whatsapp(reader, &entries);
        entries.finish(reader);
        by
    }

    /// Returns the number of a contact that is not a form.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match self {
            ContactBy::Whatsapp(whatsapp) => Some(&whatsapp.number),
            ContactBy::Phone(number) => Some(number),
            ContactBy::Form(_) => None,
        }
    }

    /// Returns the key in front matter: `whatsapp`, `phone` or `form`.
    pub fn key(&self) -> &'static str {
        match self {
            ContactBy::Whatsapp(_) => "whatsapp",
            ContactBy::Phone(_) => "phone",
            ContactBy::Form(_) => "form",
        }
    }
}

impl Offering for ContactBy {
    fn form(&self) -> Option<&Form> {
        match self {
            ContactBy::Form(form) => Some(form),
            ContactBy::Whatsapp(_) | ContactBy::Phone(_) => None,
        }
    }

    fn quotes_a_code(&self) -> bool {
        self.number().is_some()
    }

    fn url(&self, _: &Slug) -> Option<OutwardUrl> {
        None
    }

    fn written_url(&self) -> Option<(&WebUrl, Span)> {
        // Links to WhatsApp and `tel:` links accept no parameters.
        None
    }

    /// [`RegisteredContact::of_offer`] parses this name.
    fn register_name(&self, _: &Slug) -> Cow<'_, str> {
        match self {
            ContactBy::Whatsapp(whatsapp) => format!("{WHATSAPP}{}", whatsapp.number.digits()).into(),
            ContactBy::Phone(number) => number.international().into(),
            ContactBy::Form(_) => BY_FORM.into(),
        }
    }

    fn valid_until(&self) -> Option<Located<When>> {
        None
    }

    fn own_channels(&self) -> Vec<(&Slug, Span)> {
        Vec::new()
    }

    fn file(&self) -> Option<&Located<String>> {
        None
    }

    fn needs_follow_up(&self) -> bool {
        match self {
            ContactBy::Whatsapp(_) | ContactBy::Phone(_) => true,
            ContactBy::Form(form) => !form.has_only_email(),
        }
    }

    fn destination_text(&self) -> String {
        match self {
            ContactBy::Whatsapp(whatsapp) => format!("WhatsApp, {}", whatsapp.number.written()),
            ContactBy::Phone(number) => number.written().to_owned(),
            ContactBy::Form(_) => String::new(),
        }
    }

    fn first_message(&self, _: &str) -> String {
        let message = match self {
            ContactBy::Whatsapp(_) => "thank you for your message on WhatsApp. May I answer here, or shall I call you?",
            ContactBy::Phone(_) => "thank you for your call. Did it answer your question?",
            ContactBy::Form(form) if form.has_only_email() => {
                "thank you for signing up. What would you like to hear about?"
            }
            ContactBy::Form(_) => "thank you for your question. May I answer here, or shall I call you?",
        };
        message.to_owned()
    }
}

impl<'o> RegisteredContact<'o> {
    /// Returns whether the register can have this offer.
    fn is_offer(offer: &str) -> bool {
        let number = offer.strip_prefix(WHATSAPP).or_else(|| offer.strip_prefix('+'));
        offer == BY_FORM
            || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    }

    fn of_offer(offer: &'o str) -> RegisteredContact<'o> {
        match (offer.strip_prefix(WHATSAPP), offer) {
            (Some(digits), _) => RegisteredContact::Whatsapp { digits },
            (None, BY_FORM) => RegisteredContact::Form,
            (None, number) => RegisteredContact::Phone { number },
        }
    }
}

impl Whatsapp {
    /// Returns the link without the short code, which is added at its end. `wa.me` drops every other parameter. `title` is
    /// the title of the page, for the default text.
    pub fn link_before_code(&self, title: &str) -> String {
        let text = match &self.text {
            Some(text) => text.clone(),
            None => PrefilledText::about(title),
        };
        format!("https://{WHATSAPP}{}?text={}", self.number.digits(), query_value(&format!("{} ", text.0)))
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

    /// Returns the default text, a question about a page.
    fn about(title: &str) -> PrefilledText {
        let about_title = PrefilledText::parse(&format!("Hello, I have a question about “{title}”. My code:"));
        about_title.unwrap_or_else(|_| PrefilledText("Hello, I have a question. My code:".to_owned()))
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<PrefilledText> {
        let text = text(reader, node)?;
        let (message, label, help) = match PrefilledText::parse(&text) {
            Ok(text) => return Some(text),
            Err(BadText::TooLong { characters }) => (
                format!("this text has {characters} characters in a link, at most {MAX_TEXT} are allowed"),
                "a longer link does not open WhatsApp everywhere",
                "shorten it; a space or a comma counts as three characters, a letter with an accent as six",
            ),
            Err(BadText::CodeInText) => (
                "this text contains `{code}`, but the short code always goes at the end".to_owned(),
                "braces would be sent as they are",
                "leave `{code}` out, and end the text with words such as `My code:`",
            ),
        };
        let span = reader.first_line(node.span);
        reader.error_with_help(Rule::BadContactText, span, message, label, help);
        None
    }
}

fn report_not_one(reader: &mut YamlReader, entries: &Entries, given: &[&str]) {
    match given {
        [_, second, ..] => {
            let span = entries.key_span(second).unwrap_or(entries.span);
            let message = format!("this contact has {} at once", list(given.iter().copied()));
            let help = "make a call to action of each";
            reader.error_with_help(Rule::BadCtaKind, span, message, "a contact has exactly one way to reach you", help);
        }
        _ if reader.partial => {}
        _ => {
            let label = format!("one of {} is expected here", list(KEYS.one_of.iter().copied()));
            let message = "this contact has no way to reach you";
            reader.error(Rule::BadCtaKind, entries.first_line(reader), message, label);
        }
    }
}

/// Reports a `text` without `whatsapp`, because only a message on WhatsApp can be prefilled.
fn report_text_without_whatsapp(reader: &mut YamlReader, entries: &Entries) {
    let Some(span) = entries.key_span("text").filter(|_| !entries.has("whatsapp") && !reader.partial) else { return };
    let message = "`text` is the beginning of a WhatsApp message, and this contact has no `whatsapp`";
    reader.error(Rule::UnknownKey, span, message, "leave this out");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tag;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    fn whatsapp(text: Option<&str>) -> Whatsapp {
        Whatsapp { number: number("+254 700 000000"), text: text.map(|text| PrefilledText::parse(text).unwrap()) }
    }

    #[test]
    fn link_is_the_number_and_the_text_only() {
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
        let about_long_title = whatsapp(None).link_before_code(&"é".repeat(400));
        assert_eq!(about_long_title, format!("{question}.%20My%20code%3A%20"));
    }

    #[test]
    fn text_that_is_too_long_for_a_link_is_an_error() {
        for (text, error) in [
            ("x".repeat(MAX_TEXT), None),
            ("x".repeat(MAX_TEXT + 1), Some(BadText::TooLong { characters: MAX_TEXT + 1 })),
            ("é".repeat(MAX_TEXT / 6), None),
            ("é".repeat(MAX_TEXT / 6 + 1), Some(BadText::TooLong { characters: MAX_TEXT + 6 })),
            ("My code is {code}.".to_owned(), Some(BadText::CodeInText)),
        ] {
            assert_eq!(PrefilledText::parse(&text).err(), error, "{text}");
        }
    }

    #[test]
    fn contact_is_parsed_from_its_registered_offer() {
        let phone = ContactBy::Phone(number("+254 700 000000"));
        let whatsapp = ContactBy::Whatsapp(whatsapp(None));
        for (offer, contact, quotes_a_code) in [
            ("wa.me/254700000000", RegisteredContact::Whatsapp { digits: "254700000000" }, true),
            ("+254700000000", RegisteredContact::Phone { number: "+254700000000" }, true),
            ("form", RegisteredContact::Form, false),
        ] {
            assert_eq!(RegisteredContact::of_offer(offer), contact);
            assert_eq!((REGISTER_TEXT.quotes_a_code)(offer), quotes_a_code);
            assert_eq!((REGISTER_TEXT.is_meant_by)(offer, "+254 (700) 000-000"), quotes_a_code);
        }
        let direct = tag::direct();
        assert_eq!(whatsapp.register_name(&direct), "wa.me/254700000000");
        assert_eq!(phone.register_name(&direct), "+254700000000");
    }
}
