//! Reads the model's own values from YAML (ids, dates, addresses), each with its shape for schema and docs. The readers
//! return `None` after they have reported an error.

use serde_json::json;

use super::address::{BadAddress, OutwardUrl, WebUrl, bad_path};
use super::bad_address::{bad_address, insecure_url};
use super::code_placeholder::PLACEHOLDER;
use super::date::{NotADate, When};
use super::slug::{ById, MAX_ID, NotASlug, Slug};
use super::tag;
use crate::characters::Spaces;
use crate::diagnostics::{Diagnostic, hidden_character, lookalike};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::Names;
use crate::yaml::shape::with;
use crate::yaml::values::{excerpt, list, located_text, scalar};
use crate::yaml::{Expected, Node, Shape, Value, YamlReader};

/// An id that the author chooses. It may be a number: `2027`.
pub const ID: Shape = Shape::value("id", |_| id_schema());
pub const IDS: Shape = Shape::list("list of ids", &ID);

/// A channel on which a campaign can run: not `direct` or `other`.
pub const CAMPAIGN_CHANNEL: Shape = Shape::value("channel", |names| match names {
    Some(names) => one_of_ids(&names.channels, &[]),
    None => undeclared_channel_schema(),
});
/// Any channel of a visitor.
pub const ANY_CHANNEL: Shape = Shape::value("channel", |names| match names {
    Some(names) => one_of_ids(&names.channels, &RESERVED_CHANNELS),
    None => id_schema(),
});
/// The id of a channel where it is declared.
pub const NEW_CHANNEL: Shape = Shape::value("id", |_| undeclared_channel_schema());
/// A destination as pages name it.
pub const DESTINATION: Shape = Shape::value("id", |names| match names {
    Some(names) => one_of_ids(&names.destinations, &[]),
    None => id_schema(),
});
/// A destination as `site.yaml` names it. The known ones are only examples: a new one is declared in the same file,
/// and an editor would mark it as wrong.
pub const EXAMPLE_DESTINATION: Shape = Shape::value("id", |names: Option<&Names>| match names {
    Some(names) if !names.destinations.is_empty() => with(id_schema(), json!({ "examples": names.destinations })),
    _ => id_schema(),
});
pub const LAYOUT: Shape = Shape::value("id", |names| match names {
    Some(names) if !names.layouts.is_empty() => json!({ "enum": names.layouts }),
    _ => id_schema(),
});

/// `2027-03-31`, optionally with a time.
pub const DATE: Shape = Shape::value("date", |_| {
    let day = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))";
    let time = "(?:[T ] *(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?";
    json!({ "type": "string", "pattern": format!("^[0-9]{{4}}-{day}{time}$") })
});

/// An address on the web, without user and password.
pub const WEB_URL: Shape = Shape::value(
    "address",
    |_| json!({ "type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://[^/?#@]+(?:[/?#].*)?$" }),
);
/// An address on the web, or a mail or telephone address. It must not set `utm_content`, which carries the lead tag.
pub const OUTWARD_URL: Shape = Shape::value("address", |_| {
    let outward = "^(?:[hH][tT][tT][pP][sS]?://[^/?#@]+(?:[/?#].*)?|[mM][aA][iI][lL][tT][oO]:.+|[tT][eE][lL]:.+)$";
    json!({ "type": "string", "pattern": outward, "not": { "pattern": "[?&]utm_content=" } })
});

const RESERVED_CHANNELS: [&str; 2] = [tag::DIRECT, tag::OTHER];

fn id_schema() -> serde_json::Value {
    json!({ "type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": MAX_ID })
}

fn undeclared_channel_schema() -> serde_json::Value {
    with(id_schema(), json!({ "not": { "enum": RESERVED_CHANNELS } }))
}

fn one_of_ids(known: &[String], always: &[&str]) -> serde_json::Value {
    let ids = || known.iter().map(String::as_str).chain(always.iter().copied());
    // To YAML, a plain `2027` is a number.
    let as_number = |id: &str| id.parse::<u64>().ok().filter(|number| number.to_string() == *id);
    let all: Vec<serde_json::Value> =
        ids().map(Into::into).chain(ids().filter_map(as_number).map(Into::into)).collect();
    if all.is_empty() { json!({ "not": {} }) } else { json!({ "enum": all }) }
}

pub fn id(reader: &mut YamlReader, node: &Node) -> Option<Located<Slug>> {
    let (text, _) = scalar(reader, node, "an id is expected here")?;
    parse_id(reader, text, node.span)
}

pub fn ids(reader: &mut YamlReader, node: &Node) -> Option<Vec<Located<Slug>>> {
    list(reader, node, id)
}

/// Reads a mapping whose keys are ids. Entries with errors are left out. `what` is the name of an entry for people.
pub fn by_id<'n, T>(
    reader: &mut YamlReader,
    node: &'n Node,
    what: &str,
    mut read: impl FnMut(&mut YamlReader, &Located<Slug>, &'n Node) -> Option<T>,
) -> Option<ById<T>> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::ById, &format!("`id: …` lines are expected here, one for each {what}"));
        return None;
    };
    let mut map = ById::with_capacity_and_hasher(entries.len(), Default::default());
    for (key, value) in entries {
        let id = parse_id(reader, &key.text, key.span);
        if matches!(value.value, Value::Null) {
            reader.empty_value(key);
            continue;
        }
        let Some(id) = id else {
            // Also report the errors in the entry of a bad id.
            if let Ok(stand_in) = Slug::parse("x") {
                read(reader, &Located { value: stand_in, span: key.span }, value);
            }
            continue;
        };
        if let Some(read) = read(reader, &id, value) {
            map.insert(id.value, read);
        }
    }
    Some(map)
}

fn parse_id(reader: &mut YamlReader, text: &str, span: Span) -> Option<Located<Slug>> {
    if let Some(diagnostic) = hidden_character(reader.source, span, text, Spaces::Plain) {
        reader.diagnostics.push(diagnostic);
        return None;
    }
    let error = |message: String, label: String| Diagnostic::error(Rule::BadId, message).at(reader.source, span, label);
    let diagnostic = match Slug::parse(text) {
        Ok(value) => return Some(Located { value, span }),
        Err(NotASlug::Empty) => error("an id is empty".to_owned(), "write an id".to_owned()),
        Err(NotASlug::TooLong { characters }) => {
            error(format!("this id has {characters} characters"), format!("at most {MAX_ID} characters"))
                .help("choose a shorter one: ids are parts of lead tags")
        }
        Err(NotASlug::BadCharacters { suggestion }) => {
            let label = "only `a` to `z`, digits and single hyphens between them".to_owned();
            let diagnostic = error(format!("`{text}` is not an id"), label);
            let stem = text.strip_suffix(".html").or(text.strip_suffix(".md")).and_then(|stem| Slug::parse(stem).ok());
            match suggestion {
                _ if text.contains([',', ';', '，', '、', '；', '|']) => {
                    diagnostic.help("write each id by itself: `[one, two]`")
                }
                Some(_) if let Some(stem) = stem => {
                    diagnostic.help(format!("write `{stem}`")).replace(text, stem.as_str())
                }
                Some(slug) => diagnostic.help(format!("write `{slug}`")).replace(text, slug.as_str()),
                None => diagnostic,
            }
        }
    };
    reader.diagnostics.push(diagnostic);
    None
}

pub fn date(reader: &mut YamlReader, node: &Node) -> Option<Located<When>> {
    let (text, _) = scalar(reader, node, "a date is expected here, such as `2027-03-31`")?;
    match When::parse(text) {
        Ok(value) => Some(Located { value, span: node.span }),
        Err(NotADate { reason, suggestion, is_ambiguous }) => {
            let help = match (&suggestion, &reason) {
                (Some(suggestion), _) if is_ambiguous => format!("write {suggestion}, or is the month first?"),
                (Some(suggestion), _) => format!("write {suggestion}"),
                (None, Some(_)) => "is the day or the month from another date?".to_owned(),
                (None, None) => "write the year, the month and the day as in 2027-03-31".to_owned(),
            };
            let message = format!("`{}` is not a date", excerpt(text));
            let label = reason.unwrap_or_else(|| "year-month-day is expected here".to_owned());
            let diagnostic = Diagnostic::error(Rule::BadDate, message).at(reader.source, node.span, label).help(help);
            reader.diagnostics.push(match suggestion {
                Some(suggestion) if !is_ambiguous => diagnostic.replace(text, suggestion),
                _ => diagnostic,
            });
            None
        }
    }
}

/// Reads the path of a file or page of the site, with `/` between its folders.
pub fn file_path(reader: &mut YamlReader, node: &Node) -> Option<Located<String>> {
    let path = located_text(reader, node)?;
    // A line break or a tab is what `\n` and `\t` in double quotes mean.
    let is_escaped = path.value.contains(['\n', '\t']) && reader.source.text[node.span.range()].contains('\\');
    match bad_path(&path.value).or(is_escaped.then_some(BadAddress::Escape)) {
        None => Some(path),
        Some(reason) => {
            reader.diagnostics.push(bad_address(reader.source, path.span, &path.value, &reason));
            None
        }
    }
}

/// Reads a web address. Plain http is a warning.
pub fn web_url(reader: &mut YamlReader, node: &Node) -> Option<WebUrl> {
    address(reader, node, WebUrl::parse, |url| Some(url))
}

/// Reads a web, mail or telephone address.
pub fn outward_url(reader: &mut YamlReader, node: &Node) -> Option<OutwardUrl> {
    address(reader, node, OutwardUrl::parse, OutwardUrl::web)
}

fn address<T>(
    reader: &mut YamlReader,
    node: &Node,
    parse: fn(&str) -> Result<T, BadAddress>,
    web: fn(&T) -> Option<&WebUrl>,
) -> Option<T> {
    let (text, _) = scalar(reader, node, "an address is expected here, such as `https://kazi.example/`")?;
    if text.contains(PLACEHOLDER) {
        let help = "write the address as visitors see it, or offer a `coupon`";
        reader.error_with_help(
            Rule::BadUrl,
            node.span,
            "`{code}` is not replaced here",
            "only a coupon has a code",
            help,
        );
        return None;
    }
    match parse(text) {
        Ok(url) => {
            if let Some(web) = web(&url) {
                warn_about_address(reader, text, web, node.span);
            }
            Some(url)
        }
        Err(reason) => {
            reader.diagnostics.push(bad_address(reader.source, node.span, text, &reason));
            None
        }
    }
}

/// Warns about plain http, and about a host with letters that look like others.
pub fn warn_about_address(reader: &mut YamlReader, written: &str, url: &WebUrl, span: Span) {
    warn_if_insecure(reader, url, span);
    // With a Cyrillic `а`, `аpp.kazi.example` is another host.
    let host = written.split_once("://").map_or(written, |(_, rest)| rest).split(['/', '?', '#']).next();
    let lookalike = host.filter(|host| !host.is_ascii()).and_then(|host| lookalike(reader.source, span, host));
    reader.diagnostics.extend(lookalike);
}

fn warn_if_insecure(reader: &mut YamlReader, url: &WebUrl, span: Span) {
    if !url.is_secure() {
        reader.diagnostics.push(insecure_url(reader.source, span, url));
    }
}
