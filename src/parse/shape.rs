//! Reading shapes out of a YAML tree: each value reads itself and tells what is wrong with it, so that
//! one mistake hides no other. `None` means that the mistake has been told.

use std::sync::Arc;

use indexmap::IndexMap;

use super::yaml::{Key, Node, Value};
use crate::diagnostics::{Diagnostic, list as list_of, nearest};
use crate::model::address::{BadAddress, OutwardUrl, WebUrl};
use crate::model::date::When;
use crate::model::slug::{MAX_ID, NotASlug, Slug};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// Collects what is wrong while a file's tree is read.
pub struct Reader<'a> {
    pub source: &'a Arc<SourceText>,
    pub found: Vec<Diagnostic>,
    /// Lines were left out of the tree, so that a key may only seem to be missing.
    pub partial: bool,
}

impl Reader<'_> {
    pub fn error(&mut self, rule: Rule, span: Span, message: impl Into<String>, label: impl Into<String>) {
        self.found.push(Diagnostic::error(rule, message).at(self.source, span, label));
    }

    pub fn error_with_help(
        &mut self,
        rule: Rule,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic::error(rule, message).at(self.source, span, label).help(help));
    }
}

/// The keys of one mapping, taken one by one; what is left at the end is unknown.
pub struct Fields<'n> {
    /// What has these keys: `a page`.
    what: &'static str,
    pub span: Span,
    entries: &'n [(Key, Node)],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    pub fn of(reader: &mut Reader, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        let Value::Map(entries) = &node.value else {
            wrong_type(reader, node, &format!("{what} is written as `key: value` lines"));
            return None;
        };
        Some(Fields { what, span: node.span, entries, known: Vec::new() })
    }

    /// The value of a key, `None` where it is left out or empty.
    pub fn node(&mut self, reader: &mut Reader, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let (key, node) = self.entries.iter().find(|(entry, _)| entry.text == key)?;
        if matches!(node.value, Value::Null) {
            empty_value(reader, key);
            return None;
        }
        Some(node)
    }

    pub fn optional<T>(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        read: impl FnOnce(&mut Reader, &'n Node) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(reader, key)?;
        read(reader, node)
    }

    pub fn required<T>(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        read: impl FnOnce(&mut Reader, &'n Node) -> Option<T>,
    ) -> Option<T> {
        let given = self.has(key);
        let node = self.node(reader, key);
        // A misspelt key is told as such, and that is one mistake, not two.
        let misspelt = || self.entries.iter().any(|(entry, _)| nearest(&entry.text, [key]).is_some());
        if !given && !reader.partial && !misspelt() {
            let message = format!("`{key}` is missing");
            let label = format!("{} needs a `{key}`", self.what);
            reader.error_with_help(
                Rule::MissingKey,
                self.first_line(),
                message,
                label,
                format!("add a line `{key}: …`"),
            );
        }
        read(reader, node?)
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(entry, _)| entry.text == key)
    }

    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|(entry, _)| entry.text == key).map(|(entry, _)| entry.span)
    }

    /// The mapping's first line, for a problem of the whole.
    pub fn span_of_first_line(&self, reader: &Reader) -> Span {
        let first_line = reader.source.text[self.span.range()].lines().next().unwrap_or_default();
        Span::new(self.span.start as usize, self.span.start as usize + first_line.len())
    }

    fn first_line(&self) -> Span {
        self.entries.first().map_or(self.span, |(key, _)| key.span)
    }

    /// Tells of every key that nobody asked for.
    pub fn finish(self, reader: &mut Reader) {
        for (key, _) in self.entries.iter().filter(|(key, _)| !self.known.contains(&&*key.text)) {
            let diagnostic = match is_rest_of_text(reader.source, key) {
                true => Diagnostic::error(Rule::YamlSyntax, "a comma ends a text between `{` and `}`").at(
                    reader.source,
                    key.span,
                    "put quotes around this text and what stands before the comma",
                ),
                false => self.unknown_key(reader.source, key),
            };
            reader.found.push(diagnostic);
        }
    }

    fn unknown_key(&self, source: &Arc<SourceText>, key: &Key) -> Diagnostic {
        let known = || self.known.iter().copied();
        let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("there is no key `{}`", key.text)).at(
            source,
            key.span,
            format!("{} has no such key", self.what),
        );
        match nearest(&key.text, known()) {
            Some(_) => diagnostic.suggest(&key.text, known()),
            None => diagnostic.help(format!("the keys are {}", list_of(known()))),
        }
    }
}

/// `{ title: Today, tomorrow }`: what looks like a key has no colon after it.
fn is_rest_of_text(source: &SourceText, key: &Key) -> bool {
    source.text[key.span.end as usize..].trim_start().starts_with([',', '}'])
}

pub fn empty_value(reader: &mut Reader, key: &Key) {
    let rest = reader.source.text[key.span.end as usize..].lines().next().unwrap_or_default();
    let comment = rest.trim_start_matches([':', ' ']).starts_with('#');
    let help = match comment {
        true => "a ` #` begins a comment: put quotes around the text if it belongs to the value".to_owned(),
        false => format!("write a value after `{}:`, or leave the line out", key.text),
    };
    reader.error_with_help(
        Rule::EmptyValue,
        key.span,
        format!("`{}` has no value", key.text),
        "nothing after the colon",
        help,
    );
}

pub fn wrong_type(reader: &mut Reader, node: &Node, expected: &str) {
    let (is, help) = match &node.value {
        Value::Scalar { .. } => ("this is a text", None),
        Value::List(_) => ("this is a list", Some("put quotes around the text if it is meant to begin with `[`")),
        Value::Map(_) => ("these are `key: value` lines", Some("put quotes around the text if it has a colon in it")),
        Value::Null => ("this is empty", None),
    };
    let first_line = reader.source.text[node.span.range()].lines().next().unwrap_or_default().len();
    let span = Span::new(node.span.start as usize, node.span.start as usize + first_line);
    let diagnostic = Diagnostic::error(Rule::WrongType, expected.to_owned()).at(reader.source, span, is);
    reader.found.push(match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    });
}

/// A scalar's text, whatever it is for.
fn scalar<'n>(reader: &mut Reader, node: &'n Node, expected: &str) -> Option<(&'n str, bool)> {
    match &node.value {
        Value::Scalar { text, plain } => {
            if *plain && hash_in_text(reader, node, false) {
                return None;
            }
            Some((text, *plain))
        }
        _ => {
            wrong_type(reader, node, expected);
            None
        }
    }
}

/// Text for people. A plain text followed by ` #` loses the rest as a comment: refused where the author
/// most likely meant text: `#1`, or a single space before the `#`.
pub fn text(reader: &mut Reader, node: &Node) -> Option<String> {
    let (text, plain) = scalar(reader, node, "a text is expected here")?;
    if plain && hash_in_text(reader, node, true) {
        return None;
    }
    if text.trim().is_empty() {
        reader.error(Rule::EmptyValue, node.span, "this text is empty", "write a text, or leave the key out");
        return None;
    }
    Some(text.to_owned())
}

pub fn located_text(reader: &mut Reader, node: &Node) -> Option<Located<String>> {
    text(reader, node).map(|value| Located { value, span: inner(node, reader.source) })
}

fn hash_in_text(reader: &mut Reader, node: &Node, single_space: bool) -> bool {
    let line_rest = reader.source.text[node.span.end as usize..].lines().next().unwrap_or_default();
    let after = line_rest.trim_start_matches(' ');
    let spaces = line_rest.len() - after.len();
    let Some(comment) = after.strip_prefix('#').filter(|_| spaces > 0) else {
        return false;
    };
    let glued = comment.chars().next().is_some_and(|c| c.is_alphanumeric());
    let suspicious = glued || single_space && spaces == 1;
    if !suspicious {
        return false;
    }
    let end = node.span.end as usize + line_rest.trim_end().len();
    let whole = Span::new(node.span.start as usize, end);
    let written = reader.source.text[whole.range()].to_owned();
    reader.error_with_help(
        Rule::YamlSyntax,
        whole,
        "a ` #` begins a comment, so the text ends before it",
        "put quotes around this text",
        format!("write `\"{}\"`, or two spaces and `# ` before a comment", written.replace('"', "\\\"")),
    );
    true
}

/// The span of a scalar without its quotes.
fn inner(node: &Node, source: &SourceText) -> Span {
    let written = &source.text[node.span.range()];
    match written.len() >= 2 && written.starts_with(['"', '\'']) && written.ends_with(['"', '\'']) {
        true => Span::new(node.span.start as usize + 1, node.span.end as usize - 1),
        false => node.span,
    }
}

pub fn flag(reader: &mut Reader, node: &Node) -> Option<bool> {
    match scalar(reader, node, "`true` or `false` is expected here")?.0 {
        "true" => Some(true),
        "false" => Some(false),
        other => {
            let help = match other.to_lowercase().as_str() {
                "yes" | "on" | "true" | "1" => Some("write `true`"),
                "no" | "off" | "false" | "0" => Some("write `false`"),
                _ => None,
            };
            let diagnostic = Diagnostic::error(Rule::WrongType, format!("`{other}` is neither `true` nor `false`")).at(
                reader.source,
                node.span,
                "`true` or `false` is expected here",
            );
            reader.found.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
            None
        }
    }
}

pub fn list<'n, T>(
    reader: &mut Reader,
    node: &'n Node,
    mut read: impl FnMut(&mut Reader, &'n Node) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::List(items) = &node.value else {
        wrong_type(reader, node, "a list is expected here: `[one, two]`");
        return None;
    };
    let mut whole = true;
    let mut read_items = Vec::with_capacity(items.len());
    for item in items {
        if matches!(item.value, Value::Null) {
            reader.error(
                Rule::EmptyValue,
                item.span,
                "an item of this list is empty",
                "write a value, or leave it out",
            );
            whole = false;
            continue;
        }
        match read(reader, item) {
            Some(item) => read_items.push(item),
            None => whole = false,
        }
    }
    whole.then_some(read_items)
}

/// A mapping from ids that the author chooses, without the entries that cannot be read.
pub fn by_id<'n, T>(
    reader: &mut Reader,
    node: &'n Node,
    what: &str,
    mut read: impl FnMut(&mut Reader, &Located<Slug>, &'n Node) -> Option<T>,
) -> Option<IndexMap<Slug, T>> {
    let Value::Map(entries) = &node.value else {
        wrong_type(reader, node, &format!("`id: …` lines are expected here, one for each {what}"));
        return None;
    };
    let mut map = IndexMap::with_capacity(entries.len());
    for (key, value) in entries {
        let id = id_of(reader, &key.text, key.span);
        if matches!(value.value, Value::Null) {
            empty_value(reader, key);
            continue;
        }
        let Some(id) = id else {
            // The entry's own mistakes are told all the same.
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

pub fn id(reader: &mut Reader, node: &Node) -> Option<Located<Slug>> {
    let (text, _) = scalar(reader, node, "an id is expected here")?;
    id_of(reader, text, node.span)
}

fn id_of(reader: &mut Reader, text: &str, span: Span) -> Option<Located<Slug>> {
    let diagnostic = match Slug::parse(text) {
        Ok(value) => return Some(Located { value, span }),
        Err(NotASlug::Empty) => Diagnostic::error(Rule::BadId, "an id is empty").at(reader.source, span, "write an id"),
        Err(NotASlug::TooLong { characters }) => {
            Diagnostic::error(Rule::BadId, format!("this id has {characters} characters"))
                .at(reader.source, span, format!("at most {MAX_ID} characters"))
                .help("choose a shorter one: ids are parts of lead tags")
        }
        Err(NotASlug::BadCharacters { suggestion }) => {
            let diagnostic = Diagnostic::error(Rule::BadId, format!("`{text}` is no id")).at(
                reader.source,
                span,
                "only `a` to `z`, digits and single hyphens between them",
            );
            match suggestion {
                Some(slug) => diagnostic.help(format!("write `{slug}`")),
                None => diagnostic,
            }
        }
    };
    reader.found.push(diagnostic);
    None
}

pub fn date(reader: &mut Reader, node: &Node) -> Option<Located<When>> {
    let (text, _) = scalar(reader, node, "a date is expected here, such as `2027-03-31`")?;
    match When::parse(text) {
        Ok(value) => Some(Located { value, span: node.span }),
        Err(refused) => {
            let help = format!(
                "write {}",
                refused.suggestion.as_deref().unwrap_or("the year, the month and the day as in 2027-03-31")
            );
            reader.error_with_help(
                Rule::BadDate,
                node.span,
                format!("`{text}` is no date"),
                "year-month-day is expected here",
                help,
            );
            None
        }
    }
}

/// An e-mail address: something, an `@`, and a host with a dot; the rest is the mail server's business.
pub fn email(reader: &mut Reader, node: &Node) -> Option<String> {
    let (text, _) = scalar(reader, node, "an e-mail address is expected here")?;
    let plausible = text.split_once('@').is_some_and(|(name, host)| {
        let plain = |part: &str| {
            !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>\"',;:()[]\\".contains(c))
        };
        plain(name) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !plausible {
        reader.error(
            Rule::BadEmail,
            node.span,
            format!("`{text}` is no e-mail address"),
            "write it as in `sales@kazi.example`",
        );
        return None;
    }
    Some(text.to_owned())
}

/// An https address of another place; http is a warning.
pub fn web_url(reader: &mut Reader, node: &Node) -> Option<WebUrl> {
    let (text, _) = scalar(reader, node, "an address is expected here, such as `https://kazi.example/`")?;
    match WebUrl::parse(text) {
        Ok(url) => {
            warn_if_insecure(reader, &url, node.span);
            Some(url)
        }
        Err(why) => {
            reader.found.push(bad_address(reader.source, node.span, text, &why));
            None
        }
    }
}

/// Where a call to action leads: on the web, or to a mail or telephone address.
pub fn outward_url(reader: &mut Reader, node: &Node) -> Option<OutwardUrl> {
    let (text, _) = scalar(reader, node, "an address is expected here, such as `https://kazi.example/`")?;
    match OutwardUrl::parse(text) {
        Ok(url) => {
            if let Some(url) = url.web() {
                warn_if_insecure(reader, url, node.span);
            }
            Some(url)
        }
        Err(why) => {
            reader.found.push(bad_address(reader.source, node.span, text, &why));
            None
        }
    }
}

pub fn warn_if_insecure(reader: &mut Reader, url: &WebUrl, span: Span) {
    if !url.is_secure() {
        reader.found.push(
            Diagnostic::warning(Rule::InsecureUrl, format!("`{url}` is not encrypted"))
                .at(reader.source, span, "plain http")
                .help("write `https://` if the place answers to it"),
        );
    }
}

pub fn bad_address(source: &Arc<SourceText>, span: Span, text: &str, why: &BadAddress) -> Diagnostic {
    let shown: String = text.escape_debug().take(80).collect();
    match why {
        BadAddress::Scheme(scheme) => {
            Diagnostic::error(Rule::UnsafeScheme, format!("`{scheme}:` addresses cannot be linked"))
                .at(source, span, "read by browsers as this scheme")
                .help("only `https`, `http`, `mailto` and `tel` addresses are safe to click")
        }
        BadAddress::Unreadable => Diagnostic::error(Rule::BadUrl, format!("`{shown}` is no address")).at(
            source,
            span,
            "browsers cannot follow it",
        ),
        BadAddress::CodeInHost => Diagnostic::error(Rule::BadUrl, "a coupon's code cannot be part of the host")
            .at(source, span, "every code would lead to another place")
            .help("put `{code}` into the path or the query"),
        BadAddress::Password => Diagnostic::error(Rule::BadUrl, "this address has a user or a password in it")
            .at(source, span, "everyone could read it")
            .help("leave out what stands before the `@`"),
        BadAddress::NotWeb(url) => Diagnostic::error(Rule::BadUrl, format!("`{url}` is no place on the web")).at(
            source,
            span,
            "an `https:` address is expected here",
        ),
        BadAddress::NoScheme => Diagnostic::error(Rule::BadUrl, format!("`{shown}` has no scheme"))
            .at(source, span, "not a whole address")
            .help(match shown.strip_prefix("//") {
                Some(rest) => format!("write `https://{rest}`"),
                None if shown.starts_with('/') => {
                    "write the whole address, `https://` and the host before this".to_owned()
                }
                None => format!("write `https://{shown}`"),
            }),
    }
}

/// Any YAML as JSON, for themes: plain `true`, numbers and `null` get their YAML 1.2 meaning.
pub fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        Value::Null => Json::Null,
        Value::Scalar { text, plain: false } => Json::from(&**text),
        Value::Scalar { text, plain: true } => match &**text {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number => match (number.parse::<i64>(), number.parse::<f64>()) {
                // `0012` is an article number to its author.
                (Ok(whole), _) if !number.starts_with('0') || number == "0" => Json::from(whole),
                (_, Ok(real)) if number.contains('.') && real.is_finite() => Json::from(real),
                _ => Json::from(number),
            },
        },
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.text.clone(), json(value))).collect())
        }
    }
}
