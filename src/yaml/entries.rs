//! Reads a mapping by its table of keys: reports missing, empty and unknown keys.

use super::keys::{Instead, Key, Mapping, ShapeKind};
use super::node::{MapKey, Node, Value};
use super::reader::{Expected, YamlReader};
use super::strict;
use crate::characters::{Spaces, first_hidden};
use crate::diagnostics::{Diagnostic, hidden_in_key, list, nearest};
use crate::rules::Rule;
use crate::source::Span;

/// The entries of one mapping.
pub struct Entries<'n> {
    pub span: Span,
    mapping: &'static Mapping,
    entries: &'n [(MapKey, Node)],
    /// Keys of the table that were read; only in debug builds, to find a key that no code reads.
    read: Vec<&'static str>,
    /// Keys that are not indented below an empty one. They are reported together.
    unindented: Vec<Span>,
}

impl<'n> Entries<'n> {
    pub fn of(reader: &mut YamlReader, node: &'n Node, mapping: &'static Mapping) -> Option<Entries<'n>> {
        let Value::Map(entries) = &node.value else {
            let expected = format!("{} is written as `key: value` lines", mapping.what);
            reader.wrong_type(node, Expected::Mapping, &expected);
            return None;
        };
        Some(Entries { span: node.span, mapping, entries, read: Vec::new(), unindented: Vec::new() })
    }

    /// Reads the value of a key, which is in the table. Returns `None` where the key is left out, and where an error
    /// was reported.
    pub fn read<T>(
        &mut self,
        reader: &mut YamlReader,
        key: &'static str,
        read: impl FnOnce(&mut YamlReader, &'n Node) -> Option<T>,
    ) -> Option<T> {
        let node = self.value(reader, key)?;
        read(reader, node)
    }

    /// Returns the value of a key if it has the shape of the table. Apart from [`Self::read`], because that is compiled for each type.
    fn value(&mut self, reader: &mut YamlReader, key: &'static str) -> Option<&'n Node> {
        let key = self.mapping.key(key);
        debug_assert!(key.is_some(), "{} has a key that is not in its table", self.mapping.what);
        let key = key?;
        if cfg!(debug_assertions) {
            self.read.push(key.name);
        }
        if key.required {
            self.check_given(reader, key.name);
        }
        let (map_key, node) = self.entries.iter().find(|(entry, _)| entry.text == key.name)?;
        if matches!(node.value, Value::Null) {
            if !self.report_unindented(reader, key, map_key) {
                reader.empty_value(map_key);
            }
            return None;
        }
        strict::check(reader, node, &key.shape).then_some(node)
    }

    /// Reports a missing key.
    pub fn check_given(&self, reader: &mut YamlReader, key: &'static str) {
        // A misspelt key, or that of another program, is reported once, as an unknown key.
        let is_meant = |entry: &MapKey| match self.instead(entry) {
            Some(Instead::Same(ours) | Instead::Key(ours)) => ours == key,
            Some(Instead::Help(_)) => false,
            None => nearest(&entry.text, [key]).is_some(),
        };
        let is_misspelt = || self.entries.iter().any(|(entry, _)| is_meant(entry));
        if self.has(key) || reader.partial || is_misspelt() {
            return;
        }
        let label = format!("{} needs a `{key}`", self.mapping.what);
        let span = self.entries.first().map_or(self.span, |(first, _)| first.span);
        let help = format!("add a line `{key}: …`");
        reader.error_with_help(Rule::MissingKey, span, format!("`{key}` is missing"), label, help);
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(entry, _)| entry.text == key)
    }

    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|(entry, _)| entry.text == key).map(|(entry, _)| entry.span)
    }

    /// The given keys among those that exclude each other, in the order of the table.
    pub fn given(&self) -> Vec<&'static str> {
        self.mapping.one_of.iter().copied().filter(|key| self.has(key)).collect()
    }

    /// The first line of the mapping, for an error in the mapping as a whole.
    pub fn first_line(&self, reader: &YamlReader) -> Span {
        reader.first_line(self.span)
    }

    /// Reports every key that is not in the table.
    pub fn finish(self, reader: &mut YamlReader) {
        debug_assert!(
            self.mapping.names().all(|key| self.read.contains(&key)),
            "{} has a key in its table that is never read",
            self.mapping.what
        );
        let unknown = self.entries.iter().map(|(key, _)| key).filter(|key| self.mapping.key(&key.text).is_none());
        for key in unknown.filter(|key| !self.unindented.contains(&key.span)) {
            let diagnostic = self.unknown_key(reader, key);
            reader.diagnostics.push(diagnostic);
        }
    }

    /// Reports unknown keys directly below an empty key that takes a mapping: they are meant to be in it. Returns false if
    /// there are none.
    fn report_unindented(&mut self, reader: &mut YamlReader, key: &Key, map_key: &MapKey) -> bool {
        let takes_mapping = matches!(key.shape.kind, ShapeKind::Mapping(_) | ShapeKind::Map { .. });
        let below = self.entries.iter().map(|(key, _)| key).skip_while(|other| other.span != map_key.span).skip(1);
        let below: Vec<&MapKey> = below.take_while(|other| self.mapping.key(&other.text).is_none()).collect();
        let Some(first) = below.first().filter(|_| takes_mapping && !reader.is_before_comment(map_key)) else {
            return false;
        };
        self.unindented = below.iter().map(|key| key.span).collect();
        let message = format!("`{}` is not indented below `{}`", first.text, key.name);
        let help = format!("indent the lines that belong to `{}` by two spaces: `  {}:`", key.name, first.text);
        let diagnostic = Diagnostic::error(Rule::YamlSyntax, message)
            .at(reader.source, first.span, format!("begins in the column of `{}:`", key.name))
            .help(help);
        reader.diagnostics.push(diagnostic);
        true
    }

    /// Whether another entry has a key, or may be meant to have it.
    fn is_taken(&self, name: &str, key: &MapKey) -> bool {
        let mut others = self.entries.iter().map(|(other, _)| other).filter(|other| other.span != key.span);
        let is_meant = |other: &MapKey| match self.instead(other) {
            Some(Instead::Same(ours) | Instead::Key(ours)) => ours == name,
            Some(Instead::Help(_)) => false,
            None => self.mapping.key(&other.text).is_none() && nearest(&other.text, [name]).is_some(),
        };
        others.any(|other| other.text == name || is_meant(other))
    }

    fn unknown_key(&self, reader: &YamlReader, key: &MapKey) -> Diagnostic {
        if let Some((_, c)) = first_hidden(&key.text, Spaces::Plain) {
            return hidden_in_key(reader.source, key.span, &key.text, c);
        }
        let label = format!("{} has no such key", self.mapping.what);
        let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("unknown key `{}`", key.text));
        let diagnostic = diagnostic.at(reader.source, key.span, label);
        match self.instead(key) {
            Some(Instead::Same(ours) | Instead::Key(ours)) if self.has(ours) => {
                diagnostic.help(format!("`{ours}` has this meaning, and is given already"))
            }
            Some(Instead::Same(ours)) if !self.is_taken(ours, key) => {
                diagnostic.help(format!("did you mean `{ours}`?")).replace(&*key.text, ours)
            }
            Some(Instead::Same(ours) | Instead::Key(ours)) => diagnostic.help(format!("did you mean `{ours}`?")),
            Some(Instead::Help(help)) => diagnostic.help(help),
            None => self.suggest(diagnostic, key),
        }
    }

    /// Adds the nearest known key to a diagnostic, or all of them.
    fn suggest(&self, diagnostic: Diagnostic, key: &MapKey) -> Diagnostic {
        if let Some(above) = self.mapping_above(key) {
            let indented = format!("if it belongs to `{above}`, indent it and the lines below it by two spaces");
            return diagnostic.suggest(&key.text, self.mapping.names()).without_replacement().or_help(indented);
        }
        let names = format!("the keys are {}", list(self.mapping.names()));
        let diagnostic = diagnostic.suggest(&key.text, self.mapping.names()).or_help(names);
        match &diagnostic.replacement {
            Some(replacement) if self.is_taken(&replacement.text, key) => diagnostic.without_replacement(),
            _ => diagnostic,
        }
    }

    /// Returns the key above an unknown one with lines of its own, if that key takes entries with names of the author's.
    fn mapping_above(&self, key: &MapKey) -> Option<&'static str> {
        let at = self.entries.iter().position(|(other, _)| other.span == key.span)?;
        let (above, _) = at.checked_sub(1).map(|above| &self.entries[above])?;
        let known = self.mapping.key(&above.text).filter(|known| matches!(known.shape.kind, ShapeKind::Map { .. }))?;
        matches!(self.entries[at].1.value, Value::Map(_)).then_some(known.name)
    }

    /// Returns what to write in place of a key of another program. Case, `-` and `_` are ignored.
    fn instead(&self, key: &MapKey) -> Option<Instead> {
        // A typing error is more likely than another program's key.
        if self.mapping.names().any(|name| is_same_name(name, &key.text)) {
            return None;
        }
        let mut elsewhere = self.mapping.elsewhere.iter();
        elsewhere.find(|(name, _)| is_same_name(name, &key.text)).map(|(_, instead)| *instead)
    }

    /// Returns true if a key is unknown: then a key that seems to be missing is probably misspelt.
    pub fn has_unknown_key(&self) -> bool {
        self.entries.iter().any(|(key, _)| self.mapping.key(&key.text).is_none())
    }
}

fn is_same_name(one: &str, other: &str) -> bool {
    fn plain(name: &str) -> impl Iterator<Item = u8> + '_ {
        name.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase())
    }
    plain(one).eq(plain(other))
}
