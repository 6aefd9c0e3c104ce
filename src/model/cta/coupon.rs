//! Coupons: a code, and the shop or checkout where visitors use it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_json::json;

use super::offering::{Offering, RegisterText};
use super::outward::accepts_lead_tag;
use crate::characters::Spaces;
use crate::diagnostics::Diagnostic;
use crate::model::address::{BadAddress, OutwardUrl, WebUrl, check_characters};
use crate::model::bad_address::bad_address;
use crate::model::code_placeholder::{
    PLACEHOLDER, foreign_placeholder, has_encoded_placeholder, with_plain_placeholder,
};
use crate::model::date::{When, in_words};
use crate::model::form::Form;
use crate::model::provider::Provider;
use crate::model::slug::{ById, Slug};
use crate::model::url_encoding::query_value;
use crate::model::values::{CAMPAIGN_CHANNEL, DATE, OUTWARD_URL, by_id, date, warn_about_address};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::schema::of_shape;
use crate::yaml::shape::with;
use crate::yaml::values::{excerpt, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Clone, Debug)]
pub struct Coupon {
    pub code: Located<String>,
    /// Codes of single channels.
    pub codes: ById<Located<String>>,
    pub url: Located<CodeUrl>,
    pub expires: Option<Located<When>>,
}

/// An address, optionally with a placeholder `{code}`. It is valid with any code.
#[derive(Clone, Debug)]
pub struct CodeUrl {
    /// The text with the placeholder; `None` if it has none.
    template: Option<Box<str>>,
    /// With an example code in place of the placeholder.
    example: OutwardUrl,
}

const CODE: Shape =
    Shape::value("text without spaces", |_| json!({ "type": ["string", "number", "boolean"], "pattern": "^\\S+$" }));
const CODES: Shape = Shape::map("channel to code", &CAMPAIGN_CHANNEL, &CODE);
const CODE_URL: Shape = Shape::value("address", |names| {
    with(of_shape(&OUTWARD_URL, names), json!({ "allOf": [{ "pattern": "^(?:[^{}]|\\{code\\})*$" }] }))
});

pub static KEYS: Mapping = Mapping::new(
    "a coupon",
    &[
        Key::required("code", CODE, "The code as people type it.").rules(&[Rule::WrongType]),
        Key::optional(
            "codes",
            CODES,
            "Codes of single channels, for their channel pages and lead tags: `{ acme: ACME20 }`.",
        )
        .rules(&[Rule::UnknownChannel]),
        Key::required("url", CODE_URL, "Where the coupon is used. `{code}` is replaced by the code, percent-encoded.")
            .rules(&[Rule::BadUrl, Rule::ReservedUtmContent, Rule::ReservedLeadTagParameter, Rule::DroppedByProvider]),
        Key::optional("expires", DATE, "The last day on which it is valid: `2027-03-31`. Left out: it never expires.")
            .rules(&[Rule::BadDate]),
    ],
);

pub(super) const REGISTER_TEXT: RegisterText = RegisterText {
    check: |offer| if offer.is_empty() { Err("the code of a coupon") } else { Ok(()) },
    offer: |code| format!("the code {code}"),
    action: |code, _| format!("took the coupon code {code}"),
    quotes_a_code: |_| false,
    is_meant_by: |code, text| code.eq_ignore_ascii_case(text),
};

impl Coupon {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Coupon> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let located_code =
            |reader: &mut YamlReader, node: &Node, span| Some(Located { value: read_code(reader, node)?, span });
        let code = entries.read(reader, "code", |reader, node| located_code(reader, node, node.span));
        let codes = entries.read(reader, "codes", |reader, node| {
            by_id(reader, node, "channel", |reader, id, node| located_code(reader, node, id.span))
        });
        let url = entries.read(reader, "url", read_url);
        let expires = entries.read(reader, "expires", date);
        entries.finish(reader);
        Some(Coupon { code: code?, codes: codes.unwrap_or_default(), url: url?, expires })
    }

    pub fn code_for(&self, channel: &Slug) -> &str {
        self.codes.get(channel).map_or(&self.code.value, |own| &own.value)
    }
}

impl Offering for Coupon {
    fn form(&self) -> Option<&Form> {
        None
    }

    fn quotes_a_code(&self) -> bool {
        false
    }

    fn url(&self, channel: &Slug) -> Option<OutwardUrl> {
        Some(self.url.value.with(self.code_for(channel)))
    }

    fn written_url(&self) -> Option<(&WebUrl, Span)> {
        Some((self.url.value.any().web()?, self.url.span))
    }

    fn register_name(&self, channel: &Slug) -> Cow<'_, str> {
        self.code_for(channel).into()
    }

    fn valid_until(&self) -> Option<Located<When>> {
        self.expires
    }

    fn own_channels(&self) -> Vec<(&Slug, Span)> {
        self.codes.iter().map(|(channel, code)| (channel, code.span)).collect()
    }

    fn file(&self) -> Option<&Located<String>> {
        None
    }

    fn needs_follow_up(&self) -> bool {
        false
    }

    fn destination_text(&self) -> String {
        self.url.value.any().short_name().to_owned()
    }

    fn first_message(&self, offer: &str) -> String {
        let until = self.expires.map(|expires| format!(" It is good until {}.", in_words(expires.value)));
        let until = until.unwrap_or_default();
        format!("your code is {offer}.{until} May I help you with anything before you use it?")
    }
}

fn read_code(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let code = value(reader, node)?;
    if code.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let label = "people type codes: write it without spaces";
        reader.error(Rule::WrongType, node.span, "a coupon's code has a space in it", label);
        return None;
    }
    if code.starts_with(is_quote) && code.ends_with(is_quote) {
        let bare = code.trim_matches(is_quote);
        let help = match bare.is_empty() {
            true => "write the code as people type it".to_owned(),
            false => format!("write `{bare}`"),
        };
        let message = "a coupon's code has quotation marks around it";
        reader.error_with_help(Rule::WrongType, node.span, message, "they would be a part of the code", help);
        return None;
    }
    Some(code)
}

/// The quotation marks of word processors, and straight ones inside others. YAML removes the outer quotes of
/// `"SAVE10"`.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '´' | '«' | '»' | '‹' | '›' | '\u{2018}'..='\u{201f}')
}

fn read_url(reader: &mut YamlReader, node: &Node) -> Option<Located<CodeUrl>> {
    let written = value(reader, node)?;
    if let Some(range) = foreign_placeholder(&written) {
        reader.diagnostics.push(bad_placeholder(reader.source, node.span, &written, range));
        return None;
    }
    let text = with_plain_placeholder(written);
    if text.replace(PLACEHOLDER, "").contains(['{', '}']) || has_encoded_placeholder(&text) {
        let help = format!("write `{}` where the code goes", PLACEHOLDER);
        let message = "unknown placeholder in the address";
        reader.error_with_help(Rule::BadUrl, node.span, message, "only `{code}` is replaced", help);
        return None;
    }
    let url = match CodeUrl::parse(&text) {
        Ok(url) => url,
        Err(reason) => {
            reader.diagnostics.push(bad_address(reader.source, node.span, &text, &reason));
            return None;
        }
    };
    if let Some(web) = url.any().web() {
        warn_about_address(reader, &text, web, node.span);
    }
    accepts_lead_tag(reader, url.any(), node.span).then_some(Located { value: url, span: node.span })
}

/// The error for a placeholder of another program. The help has the whole address with ours.
fn bad_placeholder(source: &Arc<SourceText>, span: Span, url: &str, written: Range<usize>) -> Diagnostic {
    let meant = format!("{}{PLACEHOLDER}{}", &url[..written.start], &url[written.end..]);
    Diagnostic::error(Rule::BadUrl, format!("`{}` is not replaced by the code", &url[written]))
        .at(source, span, "only `{code}` is replaced")
        .help(format!("write `{}`", excerpt(&meant)))
}

impl CodeUrl {
    pub fn parse(text: &str) -> Result<CodeUrl, BadAddress> {
        if !text.contains(PLACEHOLDER) {
            return Ok(CodeUrl { template: None, example: OutwardUrl::parse(text)? });
        }
        // The error has the address as it is written.
        check_characters(text, Spaces::Plain)?;
        // If the address is valid with a letter as the code, it is valid with any code.
        let example = OutwardUrl::parse(&text.replace(PLACEHOLDER, "x"))?;
        let other = OutwardUrl::parse(&text.replace(PLACEHOLDER, "y"))?;
        // A code in the host could lead to anyone's server.
        if example.short_name() != other.short_name() {
            return Err(BadAddress::CodeInHost);
        }
        Ok(CodeUrl { template: Some(text.into()), example })
    }

    /// Returns the address with an example code, for its host, scheme and parameters.
    pub fn any(&self) -> &OutwardUrl {
        &self.example
    }

    /// Returns the address with a code. Without a placeholder, the code is added where the checkout accepts codes.
    pub fn with(&self, code: &str) -> OutwardUrl {
        match (&self.template, &self.example) {
            (Some(template), _) => {
                let filled = template.replace(PLACEHOLDER, &query_value(code));
                // Percent-encoded and outside the host, a code cannot change how the rest is parsed.
                OutwardUrl::parse(&filled).unwrap_or_else(|_| self.example.clone())
            }
            (None, OutwardUrl::Web(url)) => OutwardUrl::Web(Provider::of(url).with_code(url, code)),
            (None, contact @ OutwardUrl::Contact(_)) => contact.clone(),
        }
    }
}
