//! Joins the front matter of a page with what a translation or a version of it says itself, as trees.

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::cta;
use crate::model::page;
use crate::model::translation::{
    DAYS, NOT_INHERITED, ORIGINAL, TEXTS, TEXTS_OF_CTA, TEXTS_OF_KINDS, TRANSLATED, TRANSLATED_OF_CTA, WAYS,
};
use crate::model::versions::KEYS_OF_VERSION;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::values::located_text;
use crate::yaml::{MapKey, Node, Value, YamlReader};

/// The place of everything that comes from the original: the `---` of the translation.
pub const INHERITED: Span = Span { start: 0, end: 3 };

pub type MapEntries = Vec<(MapKey, Node)>;

/// Joins two trees, and reports what a translation or a version cannot change.
pub struct Merge<'r, 's> {
    reader: &'r mut YamlReader<'s>,
    joins: Joins,
    pub untranslated: Vec<String>,
    pub translated: Option<Located<String>>,
}

/// What is joined with the page that it changes.
#[derive(Clone, Copy, PartialEq)]
pub enum Joins {
    Translation,
    Version,
}

impl Joins {
    fn rule(self) -> Rule {
        match self {
            Joins::Translation => Rule::BadTranslation,
            Joins::Version => Rule::BadVersion,
        }
    }

    /// Returns what it is, and what it changes.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Joins::Translation => ("translation", "original"),
            Joins::Version => ("version", "page"),
        }
    }
}

impl<'r, 's> Merge<'r, 's> {
    pub fn new(reader: &'r mut YamlReader<'s>, joins: Joins) -> Merge<'r, 's> {
        Merge { reader, joins, untranslated: Vec::new(), translated: None }
    }

    /// Joins the keys of a version with those of its page.
    pub fn version(&mut self, entries: &mut MapEntries, own: MapEntries) {
        let has = |name: &str| own.iter().any(|(key, _)| key.text == name);
        if has("image") && !has("image_alt") {
            entries.retain(|(key, _)| key.text != "image_alt");
        }
        for (key, node) in own {
            match &*key.text {
                "ctas" => self.ctas(entries, key, node),
                "product" | "extra" | "theme_options" => merge_maps(entries, key, node),
                name if KEYS_OF_VERSION.key(name).is_some() => put(entries, key, node),
                // The reader of `versions` reports them.
                _ => {}
            }
        }
    }

    pub fn page(&mut self, mut entries: MapEntries, own: MapEntries) -> MapEntries {
        entries.retain(|(key, _)| !NOT_INHERITED.contains(&&*key.text));
        let has = |own: &MapEntries, name: &str| own.iter().any(|(key, _)| key.text == name);
        let is_misspelt = || own.iter().any(|(key, _)| nearest(&key.text, ["title"]).is_some());
        if !has(&own, "title") && !self.reader.partial && !is_misspelt() {
            let span = own.first().map_or(INHERITED, |(first, _)| first.span);
            let (message, label) = ("`title` is missing", "a translation has a title of its own");
            self.reader.error_with_help(Rule::MissingKey, span, message, label, "add a line `title: …`");
        }
        if has(&own, "image") && !has(&own, "image_alt") {
            entries.retain(|(key, _)| key.text != "image_alt");
        }
        let untranslated = TEXTS.into_iter().filter(|name| has(&entries, name) && !has(&own, name));
        self.untranslated.extend(untranslated.map(str::to_owned));
        let has_ctas = has(&own, "ctas");
        for (key, node) in own {
            match &*key.text {
                ORIGINAL => self.translated = located_text(self.reader, &node),
                "ctas" => self.ctas(&mut entries, key, node),
                "product" | "extra" => merge_maps(&mut entries, key, node),
                name if TRANSLATED.contains(&name) => put(&mut entries, key, node),
                name if page::KEYS.key(name).is_some() => self.fixed(&key, &TRANSLATED),
                // The reader reports unknown keys.
                _ => put(&mut entries, key, node),
            }
        }
        if !has_ctas {
            self.untranslated_ctas(&mut entries, &[]);
        }
        entries
    }

    /// Reports a key that a translation cannot have.
    fn fixed(&mut self, key: &MapKey, translated: &[&str]) {
        let (what, original) = self.joins.words();
        let message = format!("a {what} cannot change `{}`", key.text);
        let help = format!("remove this key: it is as in the {original}. A {what} has {}", list(translated.to_vec()));
        self.reader.error_with_help(self.joins.rule(), key.span, message, format!("set in the {original}"), help);
    }

    fn ctas(&mut self, entries: &mut MapEntries, key: MapKey, own: Node) {
        let Value::Map(own) = own.value else { return put(entries, key, own) };
        let Some(Value::Map(ctas)) = value_of(entries, "ctas") else {
            let (_, original) = self.joins.words();
            let message = format!("the {original} has no calls to action");
            let help = format!("add them to the {original}, or remove this key");
            return self.reader.error_with_help(self.joins.rule(), key.span, message, "nothing to change", help);
        };
        let mut given = Vec::new();
        for (id, own) in own {
            given.push(id.text.clone());
            let Some((_, original)) = ctas.iter_mut().find(|(known, _)| known.text == id.text) else {
                let (_, original) = self.joins.words();
                let message = format!("the {original} has no call to action `{}`", id.text);
                let diagnostic = Diagnostic::error(self.joins.rule(), message)
                    .at(self.reader.source, id.span, "nothing to change")
                    .suggest(&id.text, ctas.iter().map(|(known, _)| &*known.text))
                    .or_help(format!("add it to the {original}, or remove it here"));
                self.reader.diagnostics.push(diagnostic);
                continue;
            };
            match (&mut original.value, own.value) {
                (Value::Map(original), Value::Map(own)) => self.cta(original, &id, own),
                (_, value) => *original = Node { span: own.span, value },
            }
        }
        self.untranslated_ctas(entries, &given);
    }

    /// Lists the calls to action that are not in `given`, and removes their texts for thank-you pages: the theme's are in
    /// the language of the page.
    fn untranslated_ctas(&mut self, entries: &mut MapEntries, given: &[String]) {
        let Some(Value::Map(ctas)) = value_of(entries, "ctas") else { return };
        for (id, cta) in ctas.iter_mut().filter(|(id, _)| !given.contains(&id.text)) {
            let Value::Map(cta) = &mut cta.value else { continue };
            self.untranslated_texts(cta, &id.text, &[]);
        }
    }

    /// Lists the texts that are not in `given`, which has keys of kinds as `event.place`.
    fn untranslated_texts(&mut self, cta: &mut MapEntries, id: &str, given: &[String]) {
        if self.joins == Joins::Version {
            return;
        }
        let is_untranslated = |name: &str| !given.iter().any(|given| given == name);
        let of_cta = TEXTS_OF_CTA.into_iter().filter(|name| value_of(cta, name).is_some());
        let of_cta: Vec<String> = of_cta.map(str::to_owned).collect();
        let of_kind = TEXTS_OF_KINDS.into_iter().filter(|(kind, name)| {
            let Some(Value::Map(offer)) = value_of(cta, kind) else { return false };
            value_of(offer, name).is_some()
        });
        let of_kind: Vec<String> = of_kind.map(|(kind, name)| format!("{kind}.{name}")).collect();
        let untranslated = of_cta.into_iter().chain(of_kind).filter(|name| is_untranslated(name));
        self.untranslated.extend(untranslated.map(|name| format!("ctas.{id}.{name}")));
        cta.retain(|(key, _)| key.text != "thanks" || !is_untranslated(&key.text));
    }

    fn cta(&mut self, original: &mut MapEntries, id: &MapKey, own: MapEntries) {
        let given: Vec<String> = own.iter().flat_map(|(key, node)| given_keys(key, node)).collect();
        self.untranslated_texts(original, &id.text, &given);
        for (key, node) in own {
            let name = &*key.text;
            if cta::KEYS.one_of.contains(&name) {
                match (value_of(original, name), node.value) {
                    (Some(Value::Map(original)), Value::Map(own)) => self.offer(original, own),
                    (Some(original), value) => *original = value,
                    (None, _) => {
                        let kind =
                            cta::KEYS.one_of.iter().find(|kind| original.iter().any(|(key, _)| key.text == **kind));
                        let (what, in_it) = self.joins.words();
                        let message = format!("a {what} cannot change the kind of `{}`", id.text);
                        let label = format!("a {} in the {in_it}", kind.copied().unwrap_or("call to action"));
                        let help = format!("add another call to action to the {in_it} instead");
                        self.reader.error_with_help(self.joins.rule(), key.span, message, label, help);
                    }
                }
            } else if TRANSLATED_OF_CTA.contains(&name) || cta::KEYS.key(name).is_none() {
                put(original, key, node);
            } else {
                self.fixed(&key, &TRANSLATED_OF_CTA);
            }
        }
    }

    fn offer(&mut self, original: &mut MapEntries, own: MapEntries) {
        let gives = |names: &[&str]| own.iter().any(|(key, _)| names.contains(&&*key.text));
        if gives(&WAYS) {
            // `text` belongs to `whatsapp`.
            let keeps_text = gives(&["whatsapp"]);
            original.retain(|(key, _)| !WAYS.contains(&&*key.text) && (key.text != "text" || keeps_text));
        }
        for (key, node) in own {
            match DAYS.contains(&&*key.text) {
                true => {
                    let (what, original) = self.joins.words();
                    let message = format!("a {what} cannot change `{}`", key.text);
                    let label = format!("set in the {original}");
                    let help = format!("remove this key: days are the same in every {what}");
                    self.reader.error_with_help(self.joins.rule(), key.span, message, label, help);
                }
                false => put(original, key, node),
            }
        }
    }
}

/// Returns a key of a call to action, and the keys below it as `event.place`. Another way to get in touch takes the place of a
/// text for WhatsApp.
fn given_keys(key: &MapKey, node: &Node) -> Vec<String> {
    let mut names = vec![key.text.clone()];
    if let Value::Map(below) = &node.value {
        names.extend(below.iter().map(|(name, _)| format!("{}.{}", key.text, name.text)));
        let has = |name: &str| below.iter().any(|(key, _)| key.text == name);
        if !has("whatsapp") && WAYS.into_iter().any(has) {
            names.push(format!("{}.text", key.text));
        }
    }
    names
}

fn value_of<'e>(entries: &'e mut MapEntries, name: &str) -> Option<&'e mut Value> {
    entries.iter_mut().find(|(key, _)| key.text == name).map(|(_, node)| &mut node.value)
}

/// Replaces an entry, or adds it.
fn put(entries: &mut MapEntries, key: MapKey, node: Node) {
    match entries.iter_mut().find(|(known, _)| known.text == key.text) {
        Some(entry) => *entry = (key, node),
        None => entries.push((key, node)),
    }
}

/// Replaces the entries of a mapping that are given, and keeps the others.
fn merge_maps(entries: &mut MapEntries, key: MapKey, node: Node) {
    let known = entries.iter_mut().find(|(known, _)| known.text == key.text);
    match (known, node.value) {
        (Some((known, Node { value: Value::Map(original), span })), Value::Map(own)) => {
            *known = key;
            *span = node.span;
            own.into_iter().for_each(|(key, node)| put(original, key, node));
        }
        (_, value) => put(entries, key, Node { span: node.span, value }),
    }
}
