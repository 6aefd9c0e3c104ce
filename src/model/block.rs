//! What a block of a theme takes and needs, as the theme's `blocks/<name>.yaml` declares it.
//!
//! ```yaml
//! attributes:
//!   price: { type: text, required: true }
//!   per: { type: text, with: price }
//! inside: pricing
//! headings: { icon: icon }
//! needs: [heading]
//! ```

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::json;

use super::body::{Attribute, AttributeValue, Outline};
use crate::diagnostics::{Diagnostic, list};
use crate::rules::Rule;
use crate::yaml::shape::{FLAG, TEXT, TEXTS};
use crate::yaml::{Entries, Expected, Key, Mapping, Node, Shape, Value, YamlReader, values};

/// The keys of `blocks/<name>.yaml`.
pub static KEYS: Mapping = Mapping::new(
    "the declaration of a block",
    &[
        Key::optional(
            "attributes",
            Shape::map("attributes by name", &ATTRIBUTE_NAME, &ATTRIBUTE),
            "What the block takes. Everything else is an error at the attribute. Left out: no attributes.",
        )
        .rules(&[Rule::BadBlockAttribute]),
        Key::optional("band", FLAG, "Whether the block takes the attributes that `bands` in `theme.yaml` declares.")
            .default("false"),
        Key::optional(
            "headings",
            Shape::map("attributes by name", &ATTRIBUTE_NAME, &ATTRIBUTE),
            "What the block's `###` headings take in braces, as in `### Post once {icon=clock}`.",
        )
        .rules(&[Rule::BadBlockAttribute]),
        Key::optional(
            "needs",
            Shape::list("list of contents", &NEED),
            "What has to be in the block. A list within the list, as `[sections, list]`, means one of these.",
        )
        .rules(&[Rule::IncompleteBlock]),
        Key::optional("inside", TEXT, "The block that this one has to be in.").rules(&[Rule::MisplacedBlock]),
        Key::optional("contains", TEXT, "A block that has to be in this one.").rules(&[Rule::IncompleteBlock]),
        Key::optional("synonyms", TEXTS, "Other names that people write for the block, for suggestions."),
    ],
);

/// The keys of an attribute.
pub static ATTRIBUTE_KEYS: Mapping = Mapping::new(
    "an attribute",
    &[
        Key::optional("type", TYPE, "A flag is a single word. A text is written as `key=\"value\"`. An event is the id of a call to action of the page, a form that of one with a form, which [the block shows](#show-a-form). A channel is one of the channels of its campaign. An icon is the name of one of the theme's [icons](#icons). A number is written as `4.8`.").default("text"),
        Key::optional("choice", TEXTS, "The words that a text can be."),
        Key::optional("max", WHOLE_NUMBER, "The largest number that a number can be."),
        Key::optional("required", FLAG, "Whether the block needs the attribute.").default("false"),
        Key::optional("with", TEXT, "Another attribute, without which this one has no effect."),
        Key::optional("needs", TEXTS, "The contents without one of which the attribute has no effect.").rules(&[Rule::IncompleteBlock]),
        Key::optional("not_with", TEXTS, "Attributes that contradict this one: `centred`, or with a value `picture=left`."),
        Key::optional("synonyms", TEXTS, "Other names that people write for the attribute, for suggestions."),
    ],
);

const TYPE: Shape =
    Shape::value("`text`, `flag`, `number`, `event`, `form`, `channel` or `icon`", |_| json!({ "enum": TYPES }));
const TYPES: [&str; 7] = ["text", "flag", "number", "event", "form", "channel", "icon"];
const WHOLE_NUMBER: Shape = Shape::value("whole number", |_| json!({ "type": "integer", "minimum": 0 }));
const ATTRIBUTE_NAME: Shape = Shape::value("name", |_| json!({ "type": "string", "pattern": "^[A-Za-z0-9_/-]+$" }));
const ATTRIBUTE: Shape = Shape::value(
    "`text`, `flag`, `number`, `event`, `form`, `channel`, `icon`, a list of choices, or keys below",
    |names| {
        let keys = crate::yaml::schema::of_mapping(&ATTRIBUTE_KEYS, names);
        json!({ "anyOf": [{ "enum": TYPES }, { "type": "array", "items": { "type": "string" } }, keys] })
    },
);
const NEED: Shape = Shape::value("content", |_| {
    let one = json!({ "enum": Content::ALL.map(Content::name) });
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
});

/// The attribute of bands whose value [`PICTURE_GROUND`] takes the block's first picture as its background.
pub const GROUND: &str = "ground";
pub const PICTURE_GROUND: &str = "picture";

/// The blocks of a theme by name, with their declarations. A block without one takes any attributes.
pub type DeclaredBlocks = BTreeMap<String, Option<BlockDeclaration>>;

/// Returns true for the blocks of all themes that show a call to action: their first attribute is its id.
pub fn shows_a_cta(block: &str) -> bool {
    matches!(block, "offer" | "signup")
}

/// Returns the calls to action that blocks of a page show with their form or in full, as `::: hero form=guide` and
/// `::: offer guide` do.
pub fn shown_ctas<'o>(outline: &'o Outline, blocks: &'o DeclaredBlocks) -> impl Iterator<Item = &'o str> {
    let offered = outline.offers.iter().map(|(id, _)| id.as_str());
    offered.chain(shown_forms(outline, blocks).filter_map(|attribute| attribute.value.text()))
}

/// Returns the attributes of a page's blocks that name a call to action whose form the block shows.
pub fn shown_forms<'o>(outline: &'o Outline, blocks: &'o DeclaredBlocks) -> impl Iterator<Item = &'o Attribute> {
    let declared = outline.blocks.iter().filter_map(|line| Some((line, blocks.get(&line.name)?.as_ref()?)));
    declared.flat_map(|(line, declaration)| line.attributes.iter().filter(|it| declaration.shows_form(&it.name)))
}

/// A block as its theme declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockDeclaration {
    pub attributes: IndexMap<String, AttributeDeclaration>,
    /// Whether the block takes the attributes of all bands.
    pub is_band: bool,
    /// The attributes of its `###` headings.
    pub headings: IndexMap<String, AttributeDeclaration>,
    /// Each item is a list of alternatives.
    pub needs: Vec<Vec<Content>>,
    pub inside: Option<String>,
    pub contains: Option<String>,
    pub synonyms: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeDeclaration {
    pub kind: AttributeKind,
    pub required: bool,
    pub with: Option<String>,
    /// One of these contents is needed.
    pub needs: Vec<Content>,
    pub not_with: Vec<String>,
    pub synonyms: Vec<String>,
    /// Whether the attribute is one of all bands, and a class of the block: `ground-deep` for `ground=deep`.
    pub is_class: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AttributeKind {
    Flag,
    #[default]
    Text,
    /// One of these words.
    Choice(Vec<String>),
    /// A number from 0 to the largest one, if there is one.
    Number {
        max: Option<u32>,
    },
    /// The id of an event among the page's calls to action.
    Event,
    /// The id of a call to action of the page whose form the block shows.
    Form,
    /// The id of a channel that the page's campaign runs on.
    Channel,
    /// The name of an icon of the theme.
    Icon,
}

/// A content that a block can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Anything at all.
    Anything,
    Heading,
    /// `###` headings.
    Sections,
    List,
    NumberedList,
    /// A list whose items each have bold text.
    Figures,
    Table,
    /// A table with two columns or more, and a row.
    Comparison,
    Picture,
    LinkedPicture,
    /// A picture that links to a video.
    LinkedVideo,
    /// An `ends` in the front matter of the page, or an event that the block names.
    End,
}

impl BlockDeclaration {
    /// Whether a value of an attribute takes the block's first picture as its background: `ground=picture`.
    pub fn has_picture_ground(&self, attribute: &str, value: &AttributeValue) -> bool {
        let is_class = || self.attributes.get(attribute).is_some_and(|declared| declared.is_class);
        attribute == GROUND && value.text() == Some(PICTURE_GROUND) && is_class()
    }

    /// Whether an attribute names a call to action whose form the block shows.
    pub fn shows_form(&self, attribute: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|declared| declared.kind == AttributeKind::Form)
    }
}

impl AttributeKind {
    /// Returns the attribute as an author writes it.
    pub fn example(&self, name: &str) -> String {
        match self {
            AttributeKind::Flag => name.to_owned(),
            AttributeKind::Text => format!("{name}=\"…\""),
            AttributeKind::Number { .. } => format!("{name}=4.8"),
            AttributeKind::Event => format!("{name}=seat"),
            AttributeKind::Form => format!("{name}=guide"),
            AttributeKind::Channel => format!("{name}=friends"),
            AttributeKind::Icon => format!("{name}=clock"),
            AttributeKind::Choice(choices) => {
                format!("{name}={}", choices.first().map(String::as_str).unwrap_or_default())
            }
        }
    }

    /// Whether an attribute of this kind can have the value.
    pub fn accepts(&self, value: &AttributeValue) -> bool {
        match (self, value) {
            (AttributeKind::Flag, AttributeValue::Flag) => true,
            (AttributeKind::Flag, AttributeValue::Text(_)) | (_, AttributeValue::Flag) => false,
            (AttributeKind::Choice(choices), AttributeValue::Text(text)) => choices.contains(text),
            (AttributeKind::Number { max }, AttributeValue::Text(text)) => {
                number(text).is_some_and(|number| max.is_none_or(|max| number <= f64::from(max)))
            }
            (_, AttributeValue::Text(text)) => !text.trim().is_empty(),
        }
    }
}

/// Parses a number without a sign, with a point before its decimals.
pub fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| is_plain)
}

impl Content {
    pub const ALL: [Content; 12] = [
        Content::Anything,
        Content::Heading,
        Content::Sections,
        Content::List,
        Content::NumberedList,
        Content::Figures,
        Content::Table,
        Content::Comparison,
        Content::Picture,
        Content::LinkedPicture,
        Content::LinkedVideo,
        Content::End,
    ];

    /// The name in a declaration.
    pub fn name(self) -> &'static str {
        match self {
            Content::Anything => "anything",
            Content::Heading => "heading",
            Content::Sections => "sections",
            Content::List => "list",
            Content::NumberedList => "numbered_list",
            Content::Figures => "figures",
            Content::Table => "table",
            Content::Comparison => "comparison",
            Content::Picture => "picture",
            Content::LinkedPicture => "linked_picture",
            Content::LinkedVideo => "linked_video",
            Content::End => "end",
        }
    }

    /// The name in a message.
    pub fn description(self) -> &'static str {
        match self {
            Content::Anything => "content",
            Content::Heading => "heading",
            Content::Sections => "`###` heading",
            Content::List => "list",
            Content::NumberedList => "numbered list",
            Content::Figures => "list with a bold figure in each item",
            Content::Table => "table",
            Content::Comparison => "table with at least two columns and a row",
            Content::Picture => "picture",
            Content::LinkedPicture => "picture with a link",
            Content::LinkedVideo => "picture with a link to a video",
            Content::End => "end to count to",
        }
    }

    /// What an author writes.
    pub fn help(self) -> &'static str {
        match self {
            Content::Anything => "write its text between the two lines of `:::`, or remove the block",
            Content::Heading => "write it as in `### Starter`",
            Content::Sections => "write each part as `### Heading` with its text below",
            Content::List => "write each item on a line of its own: `- Item`",
            Content::NumberedList => "write each step on a line of its own: `1. **Title.** Text`",
            Content::Figures => "write each item as in `- **19 days** to hire`",
            Content::Table | Content::Comparison => {
                "write it as in `| What | Ours | Theirs |`, with `| --- | --- | --- |` below"
            }
            Content::Picture => "write it in a paragraph of its own: `![What it shows](picture.jpg)`",
            Content::LinkedPicture => "write a picture with a link: `[![What it shows](picture.jpg)](/prices.md)`",
            Content::LinkedVideo => {
                "write a picture that links to the video: `[![What it shows](picture.jpg)](https://www.youtube.com/watch?v=…)`"
            }
            Content::End => {
                "write `ends: 2027-03-31` in the front matter, name an event as in `to=seat`, or remove the block"
            }
        }
    }
}

/// Reads a declaration.
pub fn read(reader: &mut YamlReader, node: &Node) -> Option<BlockDeclaration> {
    let mut entries = Entries::of(reader, node, &KEYS)?;
    let declaration = BlockDeclaration {
        attributes: entries.read(reader, "attributes", attributes).unwrap_or_default(),
        is_band: entries.read(reader, "band", values::flag).unwrap_or_default(),
        headings: entries.read(reader, "headings", attributes).unwrap_or_default(),
        needs: entries.read(reader, "needs", needs).unwrap_or_default(),
        inside: entries.read(reader, "inside", values::text),
        contains: entries.read(reader, "contains", values::text),
        synonyms: entries.read(reader, "synonyms", values::texts).unwrap_or_default(),
    };
    entries.finish(reader);
    Some(declaration)
}

/// Reads attributes by name.
pub fn attributes(reader: &mut YamlReader, node: &Node) -> Option<IndexMap<String, AttributeDeclaration>> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "attributes are written as `name: text` lines");
        return None;
    };
    let mut attributes = IndexMap::new();
    for (key, node) in entries {
        attributes.extend(attribute(reader, node).map(|attribute| (key.text.clone(), attribute)));
    }
    for (_, node) in entries {
        check_others(reader, node, entries.iter().map(|(key, _)| &*key.text));
    }
    Some(attributes)
}

fn attribute(reader: &mut YamlReader, node: &Node) -> Option<AttributeDeclaration> {
    let of_kind = |kind| AttributeDeclaration { kind, ..AttributeDeclaration::default() };
    match &node.value {
        Value::Scalar { .. } => kind(reader, node).map(of_kind),
        Value::List(_) => choices(reader, node).map(AttributeKind::Choice).map(of_kind),
        Value::Map(_) | Value::Null => {
            let mut entries = Entries::of(reader, node, &ATTRIBUTE_KEYS)?;
            let max = entries.read(reader, "max", max);
            let kind = match entries.read(reader, "type", kind).unwrap_or_default() {
                AttributeKind::Number { .. } => AttributeKind::Number { max },
                other => other,
            };
            let choices = entries.read(reader, "choice", choices).map(AttributeKind::Choice);
            let attribute = AttributeDeclaration {
                kind: choices.unwrap_or(kind),
                required: entries.read(reader, "required", values::flag).unwrap_or_default(),
                with: entries.read(reader, "with", values::text),
                needs: entries.read(reader, "needs", contents).unwrap_or_default(),
                not_with: entries.read(reader, "not_with", values::texts).unwrap_or_default(),
                synonyms: entries.read(reader, "synonyms", values::texts).unwrap_or_default(),
                is_class: false,
            };
            entries.finish(reader);
            Some(attribute)
        }
    }
}

fn kind(reader: &mut YamlReader, node: &Node) -> Option<AttributeKind> {
    match values::text(reader, node)?.as_str() {
        "flag" => Some(AttributeKind::Flag),
        "text" => Some(AttributeKind::Text),
        "number" => Some(AttributeKind::Number { max: None }),
        "event" => Some(AttributeKind::Event),
        "form" => Some(AttributeKind::Form),
        "channel" => Some(AttributeKind::Channel),
        "icon" => Some(AttributeKind::Icon),
        other => {
            let message = format!("`{other}` is no type of attribute");
            reader.error(
                Rule::BadBlockDeclaration,
                node.span,
                message,
                "the types are `text`, `flag`, `number`, `event`, `form`, `channel` and `icon`",
            );
            None
        }
    }
}

fn max(reader: &mut YamlReader, node: &Node) -> Option<u32> {
    let text = values::text(reader, node)?;
    let max = text.parse().ok();
    if max.is_none() {
        let message = format!("`{text}` is no whole number");
        reader.error(Rule::BadBlockDeclaration, node.span, message, "write it as in `max: 5`");
    }
    max
}

fn choices(reader: &mut YamlReader, node: &Node) -> Option<Vec<String>> {
    let choices = values::texts(reader, node)?;
    if choices.is_empty() {
        reader.error(Rule::BadBlockDeclaration, node.span, "this attribute has no choices", "at least one is needed");
        return None;
    }
    Some(choices)
}

/// Returns the name in an item of `not_with`, which can have a value: `picture=left`.
pub fn attribute_of(item: &str) -> &str {
    item.split('=').next().unwrap_or_default()
}

/// Reports a `with` or `not_with` that names no attribute of the block.
fn check_others<'n>(reader: &mut YamlReader, node: &Node, names: impl Iterator<Item = &'n str> + Clone) {
    let Value::Map(entries) = &node.value else { return };
    let others = entries.iter().filter(|(key, _)| matches!(&*key.text, "with" | "not_with"));
    let others = others.flat_map(|(_, node)| match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    });
    for node in others {
        let Value::Scalar { text, .. } = &node.value else { continue };
        let text = attribute_of(text);
        if !names.clone().any(|name| name == text) {
            let diagnostic = Diagnostic::error(Rule::BadBlockDeclaration, format!("unknown attribute `{text}`"))
                .at(reader.source, node.span, "the block has no such attribute")
                .suggest(text, names.clone());
            reader.diagnostics.push(diagnostic);
        }
    }
}

fn needs(reader: &mut YamlReader, node: &Node) -> Option<Vec<Vec<Content>>> {
    values::list(reader, node, |reader, node| match &node.value {
        Value::List(_) => contents(reader, node),
        _ => content(reader, node).map(|content| vec![content]),
    })
}

fn contents(reader: &mut YamlReader, node: &Node) -> Option<Vec<Content>> {
    values::list(reader, node, content)
}

fn content(reader: &mut YamlReader, node: &Node) -> Option<Content> {
    let text = values::text(reader, node)?;
    let found = Content::ALL.into_iter().find(|content| content.name() == text);
    if found.is_none() {
        let names = || Content::ALL.map(Content::name);
        let diagnostic = Diagnostic::error(Rule::BadBlockDeclaration, format!("unknown content `{text}`"))
            .at(reader.source, node.span, "a block cannot need this")
            .suggest(&text, names())
            .or_help(format!("the contents are {}", list(names())));
        reader.diagnostics.push(diagnostic);
    }
    found
}
