//! Versions of a campaign that are tested against each other: the keys `versions`, `split` and `winner` of front matter.

use std::hash::{Hash, Hasher};

use super::per_channel::PER_CHANNEL;
use super::theme_option::{LOOK, THEME_OPTIONS};
use super::variant::Version;
use crate::diagnostics::{Diagnostic, list};
use crate::digest::{FastHasher, fast_hasher};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::{ANYTHING, FILE, TEXT};
use crate::yaml::values::scalar;
use crate::yaml::{Entries, Expected, Key, MapKey, Mapping, Node, Shape, Value, YamlReader};

/// The versions of a campaign. Version `a` is the page as written.
#[derive(Clone, Debug)]
pub struct Versions {
    /// The others, in the order of the file.
    pub declared: Vec<Located<Version>>,
    /// The share of new visitors that each version gets, in per cent. `a` gets the rest. Empty if visitors are not split.
    pub split: Vec<Share>,
    /// The key `split`.
    pub split_span: Option<Span>,
    /// The version that became the page.
    pub winner: Option<Located<Version>>,
    /// The title of the page as written and of each version with one of its own, as far as they can be read.
    pub titles: Vec<(Version, String)>,
    /// A hash of the front matter of this version, apart from what decides who sees it. It is only valid within one run.
    pub front_hash: u64,
    /// A version is declared that cannot be read, which is reported.
    pub is_partly_read: bool,
}

/// The share of new visitors that a version gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub version: Located<Version>,
    /// From 0 to 100.
    pub per_cent: u8,
}

const VERSION: Shape = Shape::value("version", |_| serde_json::json!({ "type": "string", "pattern": "^[b-z]$" }));
const DECIDED: Shape = Shape::value("version", |_| serde_json::json!({ "type": "string", "pattern": "^[a-z]$" }));
const CONTENT: Shape = Shape::mapping(&KEYS_OF_VERSION);
/// `versions` of a page.
pub const VERSIONS: Shape = Shape::map("version to keys below", &VERSION, &CONTENT);
const PER_CENT: Shape =
    Shape::value("per cent", |_| serde_json::json!({ "type": "integer", "minimum": 0, "maximum": 100 }));
/// `split` of a page.
pub const SPLIT: Shape = Shape::filled_map("version to per cent", &VERSION, &PER_CENT);
/// `winner` of a page.
pub const WINNER: Shape = DECIDED;

/// What a version may have of its own. Everything else is as on the page as written.
pub static KEYS_OF_VERSION: Mapping = Mapping::new(
    "a version",
    &[
        Key::optional("title", TEXT, "The title."),
        Key::optional("summary", TEXT, "The summary."),
        Key::optional("image", FILE, "The image of shared links, and for themes.").rules(&[Rule::BrokenLink]),
        Key::optional("image_alt", TEXT, "The text alternative of the image."),
        Key::optional("look", LOOK, "[The look](looks.md)."),
        Key::optional("theme_options", THEME_OPTIONS, "The options of the theme that differ."),
        Key::optional("per_channel", PER_CHANNEL, "What differs on the pages of single channels."),
        Key::optional("product", ANYTHING, "The keys of `product` that differ."),
        Key::optional("ctas", ANYTHING, "The calls to action that differ, by id, each with the keys that differ.")
            .rules(&[Rule::BadVersion]),
        Key::optional("extra", ANYTHING, "The values for your own theme that differ."),
    ],
);

impl Versions {
    /// Returns whether a version is declared, or is `a`.
    pub fn has(&self, version: Version) -> bool {
        version == Version::A || self.is_partly_read || self.declared.iter().any(|declared| declared.value == version)
    }

    /// Returns the title of a version, also of one that has no page any more.
    pub fn title(&self, version: Version) -> Option<&str> {
        let of = |wanted: Version| self.titles.iter().find(|(version, _)| *version == wanted);
        let own = of(version).or_else(|| of(Version::A).filter(|_| self.has(version)));
        own.map(|(_, title)| title.as_str())
    }

    /// Returns the version that visitors of the page's own address see.
    pub fn shown(&self) -> Version {
        self.winner.map_or(Version::A, |winner| winner.value)
    }

    /// Returns the versions that have pages of their own: none once the test is decided.
    pub fn tested(&self) -> impl Iterator<Item = Version> {
        let declared = self.declared.iter().filter(|_| self.winner.is_none());
        declared.map(|version| version.value)
    }

    /// Returns the shares of a test that runs, without those of nobody.
    pub fn shares(&self) -> impl Iterator<Item = Share> {
        let shares = self.split.iter().filter(|share| self.winner.is_none() && share.per_cent > 0);
        shares.copied()
    }

    /// Returns the share of `a`, in per cent.
    pub fn share_of_a(&self) -> u8 {
        100_u8.saturating_sub(self.split.iter().fold(0, |sum, share| sum.saturating_add(share.per_cent)))
    }

    /// Returns the versions for a message: `a`, `b` and `c`.
    pub fn names(&self) -> String {
        let declared = self.declared.iter().map(|version| version.value.to_string());
        let names: Vec<String> = std::iter::once(Version::A.to_string()).chain(declared).collect();
        list(names.iter().map(String::as_str))
    }
}

/// Reads `versions`, `split` and `winner`. What the versions change is read when each is joined with the page.
pub fn read(reader: &mut YamlReader, entries: &mut Entries) -> Option<Box<Versions>> {
    let declared = entries.read(reader, "versions", declared);
    let split_span = entries.key_span("split");
    let winner_span = entries.key_span("winner");
    let split = entries.read(reader, "split", split).unwrap_or_default();
    let winner = entries.read(reader, "winner", located_version);
    // Of versions that cannot be read, nothing else is reported.
    let unreadable = Declared { versions: Vec::new(), is_partly_read: true };
    let Some(declared) = declared.or_else(|| entries.has("versions").then_some(unreadable)) else {
        for (span, name) in [(split_span, "split"), (winner_span, "winner")] {
            if let Some(span) = span {
                let message = format!("`{name}` needs `versions`");
                let help = "declare a version, as in `versions: { b: { title: … } }`";
                reader.error_with_help(Rule::BadVersion, span, message, "no version is declared", help);
            }
        }
        return None;
    };
    let mut versions = Versions {
        declared: declared.versions,
        split,
        split_span,
        winner,
        titles: Vec::new(),
        front_hash: 0,
        is_partly_read: declared.is_partly_read,
    };
    check(reader, &mut versions);
    Some(Box::new(versions))
}

/// A hash of front matter, apart from what decides who sees the page.
pub fn front_hash(root: &Node) -> u64 {
    const OF_TEST: [&str; 4] = ["aliases", "split", "versions", "winner"];
    let mut hasher = fast_hasher();
    if let Value::Map(entries) = &root.value {
        for (key, node) in entries.iter().filter(|(key, _)| !OF_TEST.contains(&&*key.text)) {
            key.text.hash(&mut hasher);
            hash_value(&node.value, &mut hasher);
        }
    }
    hasher.finish()
}

fn hash_value(value: &Value, hasher: &mut FastHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Scalar { text, .. } => text.hash(hasher),
        Value::List(nodes) => nodes.iter().for_each(|node| hash_value(&node.value, hasher)),
        Value::Map(entries) => entries.iter().for_each(|(key, node)| {
            key.text.hash(hasher);
            hash_value(&node.value, hasher);
        }),
        Value::Null => {}
    }
}

fn check(reader: &mut YamlReader, versions: &mut Versions) {
    let names = versions.names();
    let is_known = |versions: &Versions, reader: &mut YamlReader, named: Located<Version>| {
        let is_known = versions.has(named.value);
        if !is_known {
            reader.diagnostics.push(unknown(reader, named.span, named.value, &names));
        }
        is_known
    };
    let named: Vec<Share> = versions.split.clone();
    versions.split = named.into_iter().filter(|share| is_known(versions, reader, share.version)).collect();
    versions.winner = versions.winner.filter(|winner| is_known(versions, reader, *winner));
    let sum: u32 = versions.split.iter().map(|share| u32::from(share.per_cent)).sum();
    if let Some(span) = versions.split_span.filter(|_| sum > 100) {
        let message = format!("the shares of `split` are {sum} % together");
        reader.error_with_help(
            Rule::BadVersion,
            span,
            message,
            "at most 100",
            "lower the shares: version `a` gets what is left",
        );
    }
}

/// Returns the error for a version that the page does not declare. `known` lists the declared ones.
fn unknown(reader: &YamlReader, span: Span, version: Version, known: &str) -> Diagnostic {
    Diagnostic::error(Rule::BadVersion, format!("unknown version `{version}`"))
        .at(reader.source, span, "not declared in `versions`")
        .help(format!("the page has {known}"))
}

/// The versions that `versions` declares.
pub struct Declared {
    versions: Vec<Located<Version>>,
    is_partly_read: bool,
}

/// Reads the versions of `versions`, and reports unknown keys in them.
pub fn declared(reader: &mut YamlReader, node: &Node) -> Option<Declared> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "versions are written as `b: { title: … }`");
        return None;
    };
    let mut declared = Declared { versions: Vec::with_capacity(entries.len()), is_partly_read: false };
    for (key, content) in entries {
        if !matches!(content.value, Value::Null) {
            only_known_keys(reader, content);
        }
        let help_for_a = "change the page itself; the first version to test it against is `b`";
        match key_version(reader, key, help_for_a) {
            Some(version) => declared.versions.push(version),
            None => declared.is_partly_read = true,
        }
    }
    Some(declared)
}

/// Reports unknown keys of a version. Their values are read with the page.
fn only_known_keys(reader: &mut YamlReader, content: &Node) {
    let Some(mut entries) = Entries::of(reader, content, &KEYS_OF_VERSION) else { return };
    for key in KEYS_OF_VERSION.names() {
        entries.read(reader, key, |_, _| Some(()));
    }
    entries.finish(reader);
}

fn split(reader: &mut YamlReader, node: &Node) -> Option<Vec<Share>> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "shares are written as `b: 50`");
        return None;
    };
    let mut shares = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let version = key_version(reader, key, "leave `a` out: it gets the rest of 100");
        if let (Some(version), Some(per_cent)) = (version, per_cent(reader, value)) {
            shares.push(Share { version, per_cent });
        }
    }
    Some(shares)
}

fn per_cent(reader: &mut YamlReader, node: &Node) -> Option<u8> {
    let (text, _) = scalar(reader, node, "a share in per cent is expected here")?;
    let number = text.trim().strip_suffix('%').unwrap_or(text).trim().parse().ok().filter(|share| *share <= 100);
    if number.is_none() {
        let message = format!("`{text}` is no share");
        let help = "write it as in `split: { b: 50 }`";
        reader.error_with_help(Rule::BadVersion, node.span, message, "a whole number from 0 to 100", help);
    }
    number
}

/// Reads the version that a key names. `a` is none, because it is the page as written.
fn key_version(reader: &mut YamlReader, key: &MapKey, help_for_a: &str) -> Option<Located<Version>> {
    let version = Version::parse(&key.text).filter(|version| *version != Version::A);
    if version.is_none() {
        let (message, help) = match &*key.text {
            "a" => ("`a` is the page as written".to_owned(), help_for_a),
            other => (format!("`{other}` is no version"), "a version is a letter from `b` on: `b`, `c`"),
        };
        let lower = key.text.to_ascii_lowercase();
        let is_upper = key.text != lower && Version::parse(&lower).is_some();
        let help = if is_upper { format!("write `{lower}`") } else { help.to_owned() };
        reader.error_with_help(Rule::BadVersion, key.span, message, "not a version that can be declared", help);
    }
    version.map(|value| Located { value, span: key.span })
}

fn located_version(reader: &mut YamlReader, node: &Node) -> Option<Located<Version>> {
    let (text, _) = scalar(reader, node, "a version is expected here, as in `b`")?;
    let version = Version::parse(text);
    if version.is_none() {
        let message = format!("`{text}` is no version");
        let help = "write the letter of the version, as in `winner: b`";
        reader.error_with_help(Rule::BadVersion, node.span, message, "a version is a letter", help);
    }
    version.map(|value| Located { value, span: node.span })
}
