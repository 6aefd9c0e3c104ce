//! A page's front matter: the lines between `---` and `---`, from YAML to domain types.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{self, Fields, Reader};
use super::yaml::{self, Node};
use crate::diagnostics::{Diagnostic, list};
use crate::model::address::OutwardUrl;
use crate::model::contact::{BadText, ContactBy, MAX_TEXT, PhoneNumber, PrefilledText, Whatsapp};
use crate::model::cta::{Booking, BookingBy, CodeUrl, Coupon, Cta, CtaOffer, Download, Field, Form};
use crate::model::page::{FrontMatter, PerChannel};
use crate::model::product::{Currency, Price, Product};
use crate::model::slug::Slug;
use crate::model::tag;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The longest front matter, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Where front matter and body lie in a file.
pub struct Parts {
    pub yaml: Range<usize>,
    pub body: Range<usize>,
}

/// Finds front matter and body; the diagnostic says why there is none.
pub fn split(source: &Arc<SourceText>) -> Result<Parts, Box<Diagnostic>> {
    let text = &source.text;
    let refuse = |span: Span, message: &str, label: &str, help: &str| {
        Box::new(Diagnostic::error(Rule::BadFrontMatter, message).at(source, span, label).help(help))
    };
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        let span = Span::new(0, first.trim_end().len());
        let help = "begin the file with `---`, a line `title: …`, and `---`";
        return Err(refuse(span, "this page has no front matter", "a line `---` is expected here", help));
    }
    let mut at = first.len();
    // A line that was meant to close it, or the first empty one before prose, where it most likely ends.
    let mut meant: Option<Span> = None;
    let mut empty: Option<Span> = None;
    for line in text[first.len()..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return found(source, first.len()..at, at + line.len()..text.len());
        }
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text.len() > 1 && text.starts_with("--") || text == "-" {
            meant = meant.or(Some(Span::new(at + indent, at + indent + text.len())));
        }
        if text.is_empty() && is_prose(text_below(source, at)) {
            empty = empty.or(Some(Span::new(at, at)));
        }
        at += line.len();
    }
    if let Some(meant) = meant {
        let help = "write the three hyphens `---` and nothing else on this line";
        return Err(refuse(meant, "this front matter is not closed", "reads as text, not as its end", help));
    }
    if let Some(empty) = empty {
        let diagnostic = Diagnostic::error(Rule::BadFrontMatter, "this front matter is not closed")
            .at(source, empty, "it seems to end here")
            .at(source, Span::new(0, 3), "opened here");
        return Err(Box::new(diagnostic.help("write `---` on a line of its own before this one")));
    }
    let help = "write `---` on a line of its own between the front matter and the text";
    Err(refuse(Span::new(0, 3), "this front matter is not closed", "opened here", help))
}

/// The next line with a text in it.
fn text_below(source: &SourceText, at: usize) -> &str {
    source.text[at..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

/// Whether a line can hardly be YAML.
fn is_prose(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or_default();
    let is_key = key.len() < line.len() && key.chars().all(|c| c.is_alphanumeric() || c == '_') && !key.is_empty();
    !(is_key || line.starts_with([' ', '-']))
}

fn found(source: &Arc<SourceText>, yaml: Range<usize>, body: Range<usize>) -> Result<Parts, Box<Diagnostic>> {
    let opening = Span::new(0, 3);
    if yaml.len() > MAX_BYTES {
        let message = format!("this front matter has {} kB", yaml.len() / 1024);
        return Err(Box::new(
            Diagnostic::error(Rule::BadFrontMatter, message)
                .at(source, opening, "at most 64 kB")
                .help("is its closing `---` missing?"),
        ));
    }
    if source.text[yaml.clone()].trim().is_empty() {
        let diagnostic = Diagnostic::error(Rule::BadFrontMatter, "this front matter is empty").at(
            source,
            opening,
            "it needs a `title`",
        );
        return Err(Box::new(diagnostic.help("write `title: …` between the two lines of `---`")));
    }
    Ok(Parts { yaml, body })
}

/// Reads front matter; `None` where something that the page cannot do without is wrong.
pub fn read(source: &Arc<SourceText>, range: Range<usize>) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let tree = yaml::read(source, range, &mut found);
    let partial = tree.partial || !found.is_empty();
    let mut reader = Reader { source, found, partial };
    let front = tree.root.as_ref().and_then(|root| front_matter(&mut reader, root));
    (front, reader.found)
}

fn front_matter(reader: &mut Reader, root: &Node) -> Option<FrontMatter> {
    let mut fields = Fields::of(reader, root, "a page")?;
    let title = fields.required(reader, "title", shape::located_text);
    let is_campaign = fields.has("ctas");
    let summary = match is_campaign {
        true => fields.required(reader, "summary", shape::located_text),
        false => fields.optional(reader, "summary", shape::located_text),
    };
    let mut front = FrontMatter {
        title: title.unwrap_or_else(|| Located { value: String::new(), span: fields.span }),
        summary,
        campaign: fields.optional(reader, "campaign", shape::id),
        was: fields.optional(reader, "was", ids).unwrap_or_default(),
        slug: fields.optional(reader, "slug", shape::id),
        aliases: fields
            .optional(reader, "aliases", |reader, node| shape::list(reader, node, shape::located_text))
            .unwrap_or_default(),
        draft: fields.optional(reader, "draft", shape::flag).unwrap_or(false),
        starts: fields.optional(reader, "starts", shape::date),
        ends: fields.optional(reader, "ends", shape::date),
        after_end: fields.optional(reader, "after_end", shape::located_text),
        image: fields.optional(reader, "image", shape::located_text),
        image_alt: fields.optional(reader, "image_alt", shape::text),
        layout: fields.optional(reader, "layout", shape::id),
        author: fields.optional(reader, "author", shape::text),
        date: fields.optional(reader, "date", shape::date).map(|date| date.value),
        counts_as: fields.optional(reader, "counts_as", shape::id),
        owner: fields.optional(reader, "owner", shape::email),
        topics: fields
            .optional(reader, "topics", |reader, node| shape::list(reader, node, shape::text))
            .unwrap_or_default(),
        channels: fields.optional(reader, "channels", ids).unwrap_or_default(),
        per_channel: fields.optional(reader, "per_channel", per_channel).unwrap_or_default(),
        product: fields.optional(reader, "product", product),
        ctas: fields.optional(reader, "ctas", ctas).unwrap_or_default(),
        ctas_place: fields.key_span("ctas").map(|span| Located { value: (), span }),
        extra: fields
            .optional(reader, "extra", |_, node| Some(shape::json(node)))
            .unwrap_or_else(|| serde_json::json!({})),
    };
    fields.finish(reader);
    check_dates(reader, &front);
    check_channels(reader, &front);
    let mut seen = HashSet::new();
    front.channels.retain(|channel| seen.insert(channel.value.clone()));
    Some(front)
}

fn ids(reader: &mut Reader, node: &Node) -> Option<Vec<Located<Slug>>> {
    shape::list(reader, node, shape::id)
}

fn per_channel(reader: &mut Reader, node: &Node) -> Option<IndexMap<Slug, Located<PerChannel>>> {
    shape::by_id(reader, node, "channel", |reader, id, node| {
        let mut fields = Fields::of(reader, node, "a channel's own page")?;
        let title = fields.optional(reader, "title", shape::text);
        fields.finish(reader);
        Some(Located { value: PerChannel { title }, span: id.span })
    })
}

fn product(reader: &mut Reader, node: &Node) -> Option<Located<Product>> {
    let mut fields = Fields::of(reader, node, "a product")?;
    let name = fields.required(reader, "name", shape::text);
    let currency = fields.required(reader, "currency", currency);
    let decimals = currency.map_or(Currency::USUAL_DECIMALS, Currency::decimals);
    let price = fields.required(reader, "price", |reader, node| price(reader, node, decimals));
    let brand = fields.optional(reader, "brand", shape::text);
    let span = fields.span_of_first_line(reader);
    fields.finish(reader);
    Some(Located { value: Product { name: name?, price: price?, currency: currency?, brand }, span })
}

fn price(reader: &mut Reader, node: &Node, decimals: usize) -> Option<Price> {
    let text = shape::text(reader, node)?;
    let why = match Price::parse(&text, decimals) {
        Ok(price) => return Some(price),
        Err(why) => why,
    };
    let message = format!("`{}` is no price", shown(&text));
    let label = "a number alone is expected here, without a currency and marks between thousands";
    let help = match (why.meant, why.has_company) {
        (Some(meant), false) => format!("write `{meant}`"),
        (Some(meant), true) => format!("write `{meant}`, and the currency as `currency`"),
        (None, _) => "write it as in `12500` or `49.90`".to_owned(),
    };
    reader.error_with_help(Rule::BadPrice, node.span, message, label, help);
    None
}

fn currency(reader: &mut Reader, node: &Node) -> Option<Currency> {
    let text = shape::text(reader, node)?;
    let why = match Currency::parse(&text) {
        Ok(currency) => return Some(currency),
        Err(why) => why,
    };
    let message = format!("there is no currency `{}`", shown(&text));
    let diagnostic =
        Diagnostic::error(Rule::BadPrice, message).at(reader.source, node.span, "a code of ISO 4217 is expected here");
    let diagnostic = match why.meant {
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic
            .suggest(&text, Currency::CODES.iter().copied())
            .or_help("write its code of three letters, such as `KES`, `EUR` or `USD`"),
    };
    reader.found.push(diagnostic);
    None
}

/// A text as a message shows it.
fn shown(text: &str) -> String {
    text.escape_debug().take(80).collect()
}

fn check_dates(reader: &mut Reader, front: &FrontMatter) {
    let (Some(starts), Some(ends)) = (front.starts, front.ends) else {
        return;
    };
    // A time on one side only compares by its day: `ends: 2027-03-31` lasts until midnight.
    let reversed = match (starts.value.time, ends.value.time) {
        (Some(_), Some(_)) => ends.value < starts.value,
        _ => ends.value.day < starts.value.day,
    };
    if reversed {
        let diagnostic = Diagnostic::error(Rule::DatesReversed, "this campaign ends before it starts")
            .at(reader.source, ends.span, "ends here")
            .at(reader.source, starts.span, "starts here")
            .help("is one of the two from another year?");
        reader.found.push(diagnostic);
    }
}

/// Reserved channels, and one channel given twice; whether a channel exists is the site's to say.
fn check_channels(reader: &mut Reader, front: &FrontMatter) {
    for (index, channel) in front.channels.iter().enumerate() {
        if tag::is_reserved(&channel.value) {
            let message = format!("`{}` always exists and is not listed", channel.value);
            reader.error(Rule::ReservedChannel, channel.span, message, "leave this one out");
        }
        if let Some(earlier) = front.channels[..index].iter().find(|earlier| earlier.value == channel.value) {
            let diagnostic = Diagnostic::error(Rule::DuplicateKey, format!("`{}` is listed twice", channel.value))
                .at(reader.source, channel.span, "listed again")
                .at(reader.source, earlier.span, "listed first");
            reader.found.push(diagnostic);
        }
    }
}

fn ctas(reader: &mut Reader, node: &Node) -> Option<IndexMap<Slug, Cta>> {
    let ctas = shape::by_id(reader, node, "call to action", cta)?;
    if matches!(&node.value, yaml::Value::Map(entries) if entries.is_empty()) {
        reader.error(Rule::EmptyValue, node.span, "`ctas` has no call to action", "add one, or leave `ctas` out");
        return None;
    }
    Some(ctas)
}

/// The keys of a call to action that say what it offers.
const KINDS: [&str; 4] = ["coupon", "download", "booking", "contact"];

fn cta(reader: &mut Reader, id: &Located<Slug>, node: &Node) -> Option<Cta> {
    let mut fields = Fields::of(reader, node, "a call to action")?;
    let label = fields.required(reader, "label", shape::text);
    let note = fields.optional(reader, "note", shape::text);
    let was = fields.optional(reader, "was", ids).unwrap_or_default();
    let deliver_to = fields.optional(reader, "deliver_to", shape::id);
    let coupon = fields.optional(reader, "coupon", coupon).map(|coupon| CtaOffer::Coupon(Box::new(coupon)));
    let download = fields.optional(reader, "download", download).map(CtaOffer::Download);
    let booking = fields.optional(reader, "booking", booking).map(CtaOffer::Booking);
    let contact = fields.optional(reader, "contact", contact).map(CtaOffer::Contact);
    let given: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
    match given[..] {
        [_] => {}
        [] if reader.partial => {}
        [] => {
            let message = format!("`{}` offers nothing", id.value);
            let help = format!("add one of {}", list(KINDS));
            reader.error_with_help(Rule::BadCtaKind, id.span, message, "a call to action has exactly one kind", help);
        }
        _ => {
            let message = format!("`{}` offers {} at once", id.value, list(given.iter().copied()));
            let span = fields.key_span(given[1]).unwrap_or(id.span);
            reader.error_with_help(
                Rule::BadCtaKind,
                span,
                message,
                "a call to action has exactly one kind",
                "make two calls to action of it",
            );
        }
    }
    fields.finish(reader);
    let offer = if given.len() == 1 { coupon.or(download).or(booking).or(contact) } else { None };
    Some(Cta { id: id.clone(), label: label?, note, was, deliver_to, offer: offer? })
}

fn coupon(reader: &mut Reader, node: &Node) -> Option<Coupon> {
    let mut fields = Fields::of(reader, node, "a coupon")?;
    let code = fields
        .required(reader, "code", |reader, node| Some(Located { value: coupon_code(reader, node)?, span: node.span }));
    let codes = fields.optional(reader, "codes", |reader, node| {
        shape::by_id(reader, node, "channel", |reader, id, node| {
            Some(Located { value: coupon_code(reader, node)?, span: id.span })
        })
    });
    let url = fields
        .required(reader, "url", |reader, node| Some(Located { value: code_url(reader, node)?, span: node.span }));
    let expires = fields.optional(reader, "expires", shape::date);
    fields.finish(reader);
    Some(Coupon { code: code?, codes: codes.unwrap_or_default(), url: url?, expires })
}

fn coupon_code(reader: &mut Reader, node: &Node) -> Option<String> {
    let code = shape::text(reader, node)?;
    if code.chars().any(|c| c.is_whitespace() || c.is_control()) {
        reader.error(
            Rule::WrongType,
            node.span,
            "a coupon's code has a space in it",
            "people type codes: write it without spaces",
        );
        return None;
    }
    if code.starts_with(is_quote) && code.ends_with(is_quote) {
        let bare = code.trim_matches(is_quote);
        let message = "a coupon's code has quotation marks around it";
        let help = match bare.is_empty() {
            true => "write the code as people type it".to_owned(),
            false => format!("write `{bare}`"),
        };
        reader.error_with_help(Rule::WrongType, node.span, message, "they would be a part of the code", help);
        return None;
    }
    Some(code)
}

/// Those that word processors put in place of straight ones, and straight ones within others. YAML takes the outer ones of
/// `"SAVE10"` for its own.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '´' | '«' | '»' | '‹' | '›' | '\u{2018}'..='\u{201f}')
}

fn code_url(reader: &mut Reader, node: &Node) -> Option<CodeUrl> {
    let text = shape::text(reader, node)?;
    if text.replace(CodeUrl::PLACE, "").contains(['{', '}']) {
        let help = format!("write `{}` where the code goes", CodeUrl::PLACE);
        reader.error_with_help(
            Rule::BadUrl,
            node.span,
            "this place in the address is not filled",
            "braces stay as they are",
            help,
        );
        return None;
    }
    let url = match CodeUrl::parse(&text) {
        Ok(url) => url,
        Err(why) => {
            let diagnostic = shape::bad_address(reader.source, node.span, &text, &why);
            reader.found.push(diagnostic);
            return None;
        }
    };
    if let Some(web) = url.any().web() {
        shape::warn_if_insecure(reader, web, node.span);
    }
    no_utm_content(reader, url.any(), node.span).then_some(url)
}

fn no_utm_content(reader: &mut Reader, url: &OutwardUrl, span: Span) -> bool {
    let taken = url.web().is_some_and(|url| url.has_parameter("utm_content"));
    if taken {
        let help = "leave `utm_content` out: Tagline puts the lead tag there";
        reader.error_with_help(
            Rule::ReservedUtmContent,
            span,
            "this address sets `utm_content` itself",
            "the lead tag needs its place",
            help,
        );
    }
    !taken
}

fn download(reader: &mut Reader, node: &Node) -> Option<Download> {
    let mut fields = Fields::of(reader, node, "a download")?;
    let file = fields.required(reader, "file", shape::located_text);
    let has_form = fields.has("form");
    let form = fields.optional(reader, "form", form);
    fields.finish(reader);
    if has_form && form.is_none() {
        return None;
    }
    Some(Download { file: file?, form })
}

fn booking(reader: &mut Reader, node: &Node) -> Option<Booking> {
    let mut fields = Fields::of(reader, node, "a booking")?;
    let url = fields.optional(reader, "url", |reader, node| {
        let url = shape::outward_url(reader, node)?;
        no_utm_content(reader, &url, node.span).then_some(Located { value: url, span: node.span })
    });
    let form = fields.optional(reader, "form", form);
    let trial_length = fields.optional(reader, "trial_length", shape::text);
    let by = match (fields.has("url"), fields.has("form")) {
        (true, false) => url.map(BookingBy::Scheduler),
        (false, true) => form.map(BookingBy::Form),
        (both, _) => {
            let message =
                if both { "this booking has a scheduler and a form" } else { "this booking has no way to book" };
            reader.error(
                Rule::BadCtaKind,
                fields.span_of_first_line(reader),
                message,
                "a `url` or a `form`, one of the two",
            );
            None
        }
    };
    fields.finish(reader);
    Some(Booking { by: by?, trial_length })
}

/// The keys of a contact that say how.
const CONTACTS: [&str; 3] = ["whatsapp", "phone", "form"];

fn contact(reader: &mut Reader, node: &Node) -> Option<ContactBy> {
    let mut fields = Fields::of(reader, node, "a contact")?;
    let whatsapp = fields.optional(reader, "whatsapp", phone_number);
    let text = fields.optional(reader, "text", prefilled_text);
    let phone = fields.optional(reader, "phone", phone_number);
    let form = fields.optional(reader, "form", form);
    let given: Vec<&str> = CONTACTS.into_iter().filter(|way| fields.has(way)).collect();
    let by = match given[..] {
        ["whatsapp"] => whatsapp.map(|number| ContactBy::Whatsapp(Whatsapp { number, text })),
        [_] => phone.map(ContactBy::Phone).or(form.map(ContactBy::Form)),
        [] if reader.partial => None,
        [] => {
            let span = fields.span_of_first_line(reader);
            let message = "this contact has no way to reach you";
            reader.error(Rule::BadCtaKind, span, message, format!("one of {} is expected here", list(CONTACTS)));
            None
        }
        [_, second, ..] => {
            let span = fields.key_span(second).unwrap_or(fields.span);
            let message = format!("this contact has {} at once", list(given.iter().copied()));
            let help = "make a call to action of each";
            reader.error_with_help(Rule::BadCtaKind, span, message, "a contact is made in exactly one way", help);
            None
        }
    };
    only_beside_whatsapp(reader, &fields);
    fields.finish(reader);
    by
}

/// A call and a form begin with no text of ours.
fn only_beside_whatsapp(reader: &mut Reader, fields: &Fields) {
    let Some(span) = fields.key_span("text").filter(|_| !fields.has("whatsapp") && !reader.partial) else { return };
    let message = "`text` is what a message on WhatsApp begins with, and this contact has no `whatsapp`";
    reader.error(Rule::UnknownKey, span, message, "leave this out");
}

fn phone_number(reader: &mut Reader, node: &Node) -> Option<PhoneNumber> {
    let text = shape::text(reader, node)?;
    let number = PhoneNumber::parse(&text);
    if let Err(why) = &number {
        let message = format!("`{}` is no number that can be reached from everywhere", shown(&text));
        reader.error_with_help(Rule::BadPhone, node.span, message, why.to_string(), why.cure());
    }
    number.ok()
}

fn prefilled_text(reader: &mut Reader, node: &Node) -> Option<PrefilledText> {
    let text = shape::text(reader, node)?;
    let (message, label, help) = match PrefilledText::parse(&text) {
        Ok(text) => return Some(text),
        Err(BadText::TooLong { characters }) => (
            format!("this text has {characters} characters in a link, {MAX_TEXT} are the most"),
            "a longer link does not open WhatsApp everywhere",
            "shorten it; a space or a comma counts as three characters, a letter with an accent as six",
        ),
        Err(BadText::CodeInText) => (
            "this text has a place for the short code, which always stands at its end".to_owned(),
            "braces would be sent as they are",
            "leave `{code}` out, and end the text with words such as `My code:`",
        ),
    };
    let first_line = reader.source.text[node.span.range()].lines().next().unwrap_or_default().len();
    let span = Span::new(node.span.start as usize, node.span.start as usize + first_line);
    reader.error_with_help(Rule::BadContactText, span, message, label, help);
    None
}

fn form(reader: &mut Reader, node: &Node) -> Option<Form> {
    let fields = shape::list(reader, node, field)?;
    for (index, field) in fields.iter().enumerate() {
        if fields[..index].iter().any(|other| other.value == field.value) {
            reader.error(
                Rule::DuplicateKey,
                node.span,
                format!("the field `{}` is given twice", field.value.name()),
                "keep one of the two",
            );
            return None;
        }
    }
    if !fields.iter().any(|field| matches!(field.value, Field::Email | Field::Phone)) {
        let help = "add `email` or `phone` to the form's fields";
        reader.error_with_help(
            Rule::BadFormFields,
            node.span,
            "this form has neither `email` nor `phone`",
            "nobody could answer",
            help,
        );
        return None;
    }
    Some(Form { fields, place: Located { value: (), span: node.span } })
}

fn field(reader: &mut Reader, node: &Node) -> Option<Located<Field>> {
    let name = shape::text(reader, node)?;
    let field = Field::ALL.into_iter().find(|field| field.name() == name);
    if field.is_none() {
        let names = Field::ALL.map(Field::name);
        let diagnostic = Diagnostic::error(Rule::BadFormFields, format!("there is no form field `{name}`"))
            .at(reader.source, node.span, "not a field that Tagline knows")
            .suggest(&name, names);
        let diagnostic = if diagnostic.help.is_empty() {
            diagnostic.help(format!("the fields are {}", list(names)))
        } else {
            diagnostic
        };
        reader.found.push(diagnostic);
    }
    field.map(|value| Located { value, span: node.span })
}
