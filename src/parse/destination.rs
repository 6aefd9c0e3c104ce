//! An entry of `destinations`: from its lines to a [`Destination`] that its other side would take.

use super::shape::{self, Fields, Reader};
use super::yaml::{Key, Node, Value};
use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::address::WebUrl;
use crate::model::destination::{
    Destination, Hubspot, Named, Names, Region, SALESFORCE_FIELDS, Salesforce, is_guid, is_salesforce_id, longest_value,
};
use crate::rules::Rule;
use crate::source::{Located, Span};

const KINDS: [&str; 4] = ["endpoint", "netlify", "hubspot", "salesforce"];

pub fn destination(reader: &mut Reader, node: &Node) -> Option<Destination> {
    let mut fields = Fields::of(reader, node, "a destination")?;
    let place = |kind: &str| fields.key_span(kind).unwrap_or(fields.span);
    let (hubspot_place, salesforce_place) = (place("hubspot"), place("salesforce"));
    let kinds = [
        fields.optional(reader, "endpoint", endpoint),
        fields.optional(reader, "netlify", netlify),
        fields.optional(reader, "hubspot", |reader, node| hubspot(reader, node, hubspot_place)),
        fields.optional(reader, "salesforce", |reader, node| salesforce(reader, node, salesforce_place)),
    ];
    let mut given: Vec<(&str, Span)> = KINDS.iter().filter_map(|kind| Some((*kind, fields.key_span(kind)?))).collect();
    given.sort_by_key(|(_, span)| *span);
    let first_line = fields.span_of_first_line(reader);
    let told = reader.found.len();
    fields.finish(reader);
    match given[..] {
        [_] => kinds.into_iter().flatten().next(),
        // What was written instead of a kind has been told.
        [] if reader.found.len() > told || reader.partial => None,
        [] => {
            let help = format!("add one of {}", list(KINDS));
            reader.error_with_help(
                Rule::BadDestinationKind,
                first_line,
                "this destination has no kind",
                "leads would go nowhere",
                help,
            );
            None
        }
        [first, second, ..] => {
            let message =
                format!("a destination is one thing, and this one is {}", list(given.iter().map(|kind| kind.0)));
            let diagnostic = Diagnostic::error(Rule::BadDestinationKind, message)
                .at(reader.source, second.1, "a second kind")
                .at(reader.source, first.1, "the first");
            reader.found.push(diagnostic.help("make two destinations of it"));
            None
        }
    }
}

/// Takes people's addresses, so plain http is an error here and not a warning.
fn endpoint(reader: &mut Reader, node: &Node) -> Option<Destination> {
    let text = shape::text(reader, node)?;
    match WebUrl::parse(&text) {
        Ok(url) if url.is_secure() => Some(Destination::Endpoint(url)),
        Ok(url) => {
            let message = format!("`{url}` would take people's addresses unencrypted");
            let help = "write `https://`; http is for this machine only";
            reader.error_with_help(Rule::InsecureEndpoint, node.span, message, "plain http", help);
            None
        }
        Err(why) => {
            reader.found.push(shape::bad_address(reader.source, node.span, &text, &why));
            None
        }
    }
}

fn netlify(reader: &mut Reader, node: &Node) -> Option<Destination> {
    if shape::flag(reader, node)? {
        return Some(Destination::Netlify);
    }
    reader.error(Rule::WrongType, node.span, "`netlify` can only be `true`", "write `true`, or choose another kind");
    None
}

fn hubspot(reader: &mut Reader, node: &Node, place: Span) -> Option<Destination> {
    let mut fields = Fields::of(reader, node, "`hubspot`")?;
    let portal = fields.required(reader, "portal", |reader, node| number(reader, node, "portal", "12345678"));
    let form = fields.required(reader, "form", guid);
    let region = fields.optional(reader, "region", region);
    let subscription =
        fields.optional(reader, "subscription", |reader, node| number(reader, node, "subscription type", "999"));
    let named = fields.optional(reader, "fields", |reader, node| names(reader, node, &HUBSPOT));
    fields.finish(reader);
    let names = Names { place, named: named.unwrap_or_default() };
    let destination = Destination::Hubspot(Hubspot {
        portal: portal?,
        form: form?,
        region: region.unwrap_or_default(),
        subscription,
        names,
    });
    Some(destination).filter(|destination| has_what_it_needs(reader, destination, place))
}

fn salesforce(reader: &mut Reader, node: &Node, place: Span) -> Option<Destination> {
    let mut fields = Fields::of(reader, node, "`salesforce`")?;
    let org = fields.required(reader, "org", organization);
    let lead_source = fields.optional(reader, "lead_source", shape::text);
    let named = fields.optional(reader, "fields", |reader, node| names(reader, node, &SALESFORCE));
    let unreadable = named.is_none() && fields.has("fields");
    fields.finish(reader);
    let names = Names { place, named: named.unwrap_or_default() };
    let destination = Destination::Salesforce(Salesforce { org: org?, lead_source, names });
    if unreadable {
        return None;
    }
    if destination.name_of("lead_tag").is_none() {
        let help = "make a text field for leads there, and write its id: `fields: { lead_tag: 00N… }`";
        let label = "nobody could say where a lead came from";
        let message = "`lead_tag` has no field in Salesforce";
        reader.error_with_help(Rule::BadDestinationField, place, message, label, help);
        return None;
    }
    Some(destination).filter(|destination| has_what_it_needs(reader, destination, place))
}

fn number(reader: &mut Reader, node: &Node, what: &str, example: &str) -> Option<u64> {
    let text = shape::text(reader, node)?;
    let number = text.parse().ok().filter(|number| *number > 0 && text.bytes().all(|b| b.is_ascii_digit()));
    if number.is_none() {
        let message = format!("`{text}` is no number of a {what}");
        let label = format!("digits only, as in `{example}`");
        reader.error(Rule::BadDestinationAccount, node.span, message, label);
    }
    number
}

fn guid(reader: &mut Reader, node: &Node) -> Option<String> {
    let text = shape::text(reader, node)?;
    if is_guid(&text) {
        return Some(text.to_ascii_lowercase());
    }
    reader.error_with_help(
        Rule::BadDestinationAccount,
        node.span,
        format!("`{text}` is no id of a form"),
        "HubSpot's look like `0f8fad5b-d9cb-469f-a165-70867728950e`",
        "open the form in HubSpot, and copy its id from the address",
    );
    None
}

fn region(reader: &mut Reader, node: &Node) -> Option<Region> {
    let text = shape::text(reader, node)?;
    let region = Region::ALL.into_iter().find(|region| region.name() == text);
    if region.is_none() {
        let names = Region::ALL.map(Region::name);
        let diagnostic = Diagnostic::error(Rule::BadDestinationAccount, format!("HubSpot has no region `{text}`"))
            .at(reader.source, node.span, "not a region that Tagline knows")
            .suggest(&text, names);
        let diagnostic = match diagnostic.help.is_empty() {
            true => diagnostic.help(format!("the regions are {}", list(names))),
            false => diagnostic,
        };
        reader.found.push(diagnostic);
    }
    region
}

fn organization(reader: &mut Reader, node: &Node) -> Option<String> {
    let text = shape::text(reader, node)?;
    if is_salesforce_id(&text, "00D") {
        return Some(text);
    }
    reader.error_with_help(
        Rule::BadDestinationAccount,
        node.span,
        format!("`{text}` is no id of an organization"),
        "`00D` and 12 characters more, or 15 that belong together",
        "copy it from Salesforce: Setup, Company Information, Organization ID",
    );
    None
}

/// What `fields` of one kind of destination may say.
struct Rules {
    title: &'static str,
    ours: fn() -> Vec<&'static str>,
    is_theirs: fn(&str) -> bool,
    usual: fn() -> &'static [(&'static str, &'static str)],
    /// What a name of theirs looks like, and how to write a wrong one.
    looks: &'static str,
    cure: fn(&str) -> String,
    /// The length of a field of theirs in characters, where that is less than some value of ours.
    length: fn(&str) -> Option<u32>,
}

const HUBSPOT: Rules = Rules {
    title: "HubSpot",
    ours: || Hubspot::own_fields().collect(),
    is_theirs: Hubspot::is_property,
    usual: Hubspot::defaults,
    looks: "the internal name of a property: lower case letters, digits and `_`",
    cure: property_like,
    length: |_| None,
};

const SALESFORCE: Rules = Rules {
    title: "Salesforce",
    ours: || Salesforce::own_fields().collect(),
    is_theirs: Salesforce::is_field,
    usual: Salesforce::defaults,
    looks: "the id of a custom field, `00N` and 12 or 15 characters more, or the name of a standard field",
    cure: field_like,
    length: |theirs| Some(Salesforce::length_of(theirs)),
};

fn property_like(text: &str) -> String {
    let like = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = text.chars().map(like).collect();
    match Hubspot::is_property(&name) {
        true => format!("perhaps `{name}`: HubSpot shows it where the property is edited, as its internal name"),
        false => "HubSpot shows it where the property is edited, as its internal name".to_owned(),
    }
}

fn field_like(text: &str) -> String {
    let standard = || SALESFORCE_FIELDS.iter().map(|(name, _)| *name);
    match nearest(text, standard()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "generate a Web-to-Lead form with the field in Salesforce, and copy the field's `name`".to_owned(),
    }
}

fn names(reader: &mut Reader, node: &Node, rules: &Rules) -> Option<Vec<Named>> {
    let Value::Map(entries) = &node.value else {
        shape::wrong_type(reader, node, "`fields` is written as `our field: their field` lines");
        return None;
    };
    let read: Vec<Option<Named>> = entries.iter().map(|(key, value)| named(reader, key, value, rules)).collect();
    let named: Vec<Named> = read.into_iter().collect::<Option<_>>()?;
    are_apart(reader, &named, rules).then_some(named)
}

fn named(reader: &mut Reader, key: &Key, value: &Node, rules: &Rules) -> Option<Named> {
    let known = (rules.ours)();
    let ours = known.iter().find(|name| **name == key.text).copied();
    if ours.is_none() {
        reader.found.push(unknown_field(reader, key, &known, rules));
    }
    if matches!(value.value, Value::Null) {
        shape::empty_value(reader, key);
        return None;
    }
    let theirs = shape::located_text(reader, value)?;
    if !(rules.is_theirs)(&theirs.value) {
        let message = format!("{} has no field `{}`", rules.title, theirs.value);
        reader.error_with_help(
            Rule::BadDestinationField,
            theirs.span,
            message,
            rules.looks,
            (rules.cure)(&theirs.value),
        );
        return None;
    }
    let ours = ours?;
    let longest = longest_value(ours);
    if let Some(length) = (rules.length)(&theirs.value).filter(|length| *length < longest) {
        let message = format!("`{ours}` can have {longest} characters, and `{}` takes {length}", theirs.value);
        let help = "name a custom field of the type text, with 255 characters";
        reader.error_with_help(
            Rule::BadDestinationField,
            theirs.span,
            message,
            "too short: such leads would be refused",
            help,
        );
        return None;
    }
    Some(Named { ours: Located { value: ours, span: key.span }, theirs })
}

fn unknown_field(reader: &Reader, key: &Key, known: &[&str], rules: &Rules) -> Diagnostic {
    let known = || known.iter().copied();
    let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("there is no field `{}`", key.text)).at(
        reader.source,
        key.span,
        "not a field that can be named",
    );
    match (rules.usual)().iter().find(|(ours, _)| *ours == key.text) {
        Some((ours, theirs)) => diagnostic.help(format!("`{ours}` goes to `{theirs}` by itself, and nowhere else")),
        None if nearest(&key.text, known()).is_some() => diagnostic.suggest(&key.text, known()),
        None => diagnostic.help(format!("the fields are {}", list(known()))),
    }
}

/// Whether each of their fields gets one of ours: of two values, one would be lost.
fn are_apart(reader: &mut Reader, named: &[Named], rules: &Rules) -> bool {
    let before = reader.found.len();
    for (index, one) in named.iter().enumerate() {
        let theirs = &one.theirs;
        let message = |other: &str| format!("`{}` and `{other}` both go to `{}`", one.ours.value, theirs.value);
        let same = |other: &&Named| one_field(&other.theirs.value) == one_field(&theirs.value);
        if let Some(other) = named[..index].iter().find(same) {
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, message(other.ours.value))
                .at(reader.source, theirs.span, "one of the two would be lost")
                .at(reader.source, other.theirs.span, "taken here");
            reader.found.push(diagnostic);
            continue;
        }
        let is_renamed = |ours: &str| named.iter().any(|other| other.ours.value == ours);
        let usual = (rules.usual)().iter().find(|(ours, usual)| *usual == theirs.value && !is_renamed(ours));
        if let Some((other, _)) = usual {
            let help = format!("`{other}` goes there by itself: name another field, for one of the two");
            let label = "one of the two would be lost";
            reader.error_with_help(Rule::BadDestinationField, theirs.span, message(other), label, help);
        }
    }
    reader.found.len() == before
}

/// Salesforce gives a field an id of 15 characters, and the same with three more behind it.
fn one_field(theirs: &str) -> &str {
    if is_salesforce_id(theirs, "00N") { &theirs[..15] } else { theirs }
}

/// Whether some field of ours goes to each of those that the destination cannot do without.
fn has_what_it_needs(reader: &mut Reader, destination: &Destination, place: Span) -> bool {
    let ours = || Hubspot::own_fields().filter_map(|ours| destination.name_of(ours));
    let missing = destination.needs().iter().find(|needed| !ours().any(|theirs| theirs == **needed));
    if let Some(needed) = missing {
        let message = format!("no field goes to `{needed}`, and {} makes no lead without it", destination.title());
        let help = format!("leave a field in `fields` at its usual name, or give one the name `{needed}`");
        reader.error_with_help(Rule::BadDestinationField, place, message, "every lead would be lost or nameless", help);
    }
    missing.is_none()
}
