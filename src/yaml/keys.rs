//! Tables of keys: the one description of what an author may write in a mapping. The reader, the JSON Schema and the
//! tables in `docs/` all use them.

use serde_json::Value;

use crate::rules::Rule;

/// A mapping of known keys, such as `organization` in `site.yaml`.
#[derive(Debug)]
pub struct Mapping {
    /// In messages: `an organization`.
    pub what: &'static str,
    pub keys: &'static [Key],
    /// Exactly one of these keys has to be given.
    pub one_of: &'static [&'static str],
    /// Pairs: the first key needs the second.
    pub needs: &'static [(&'static str, &'static str)],
    /// Keys of other programs for the same thing, each with what to write here.
    pub elsewhere: &'static [(&'static str, Instead)],
}

/// What to write here in place of a key of another program.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    /// Our key with the same meaning and the same values: `check --fix` writes it.
    Same(&'static str),
    /// Our key with about the same meaning, or with other values.
    Key(&'static str),
    /// A sentence: there is no such key, or it is another one with another value.
    Help(&'static str),
}

/// One key of a [`Mapping`].
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub required: bool,
    pub shape: Shape,
    /// One or more sentences. Markdown; the schema has it without links.
    pub description: &'static str,
    pub default: DefaultValue,
    /// Rules that check the value, for the docs.
    pub rules: &'static [Rule],
}

/// What holds where a key is left out.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    None,
    Value(&'static str),
    /// Markdown, for a default that is not a constant.
    Described(&'static str),
}

impl Mapping {
    pub const fn new(what: &'static str, keys: &'static [Key]) -> Mapping {
        Mapping { what, keys, one_of: &[], needs: &[], elsewhere: &[] }
    }

    pub const fn elsewhere(self, elsewhere: &'static [(&'static str, Instead)]) -> Mapping {
        Mapping { elsewhere, ..self }
    }

    pub const fn one_of(self, one_of: &'static [&'static str]) -> Mapping {
        Mapping { one_of, ..self }
    }

    pub const fn needs(self, needs: &'static [(&'static str, &'static str)]) -> Mapping {
        Mapping { needs, ..self }
    }

    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().map(|key| key.name)
    }
}

impl Key {
    pub const fn required(name: &'static str, shape: Shape, description: &'static str) -> Key {
        Key { name, required: true, shape, description, default: DefaultValue::None, rules: &[] }
    }

    pub const fn optional(name: &'static str, shape: Shape, description: &'static str) -> Key {
        Key { name, required: false, shape, description, default: DefaultValue::None, rules: &[] }
    }

    pub const fn default(self, value: &'static str) -> Key {
        Key { default: DefaultValue::Value(value), ..self }
    }

    pub const fn default_text(self, text: &'static str) -> Key {
        Key { default: DefaultValue::Described(text), ..self }
    }

    pub const fn rules(self, rules: &'static [Rule]) -> Key {
        Key { rules, ..self }
    }
}

/// The names that a site declares, which its pages may use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub channels: Vec<String>,
    pub destinations: Vec<String>,
    /// The site's own fields.
    pub fields: Vec<String>,
    /// Page templates of the site's theme. Empty if the theme cannot be read.
    pub layouts: Vec<String>,
    /// The looks of the site's theme.
    pub looks: Vec<String>,
}

/// What a value looks like: its type in the docs, and its JSON Schema.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The type in the docs: `list of texts`.
    pub name: &'static str,
    pub kind: ShapeKind,
}

#[derive(Clone, Copy, Debug)]
pub enum ShapeKind {
    /// A value that machines compare: [`strict`](super::strict) refuses characters that nobody sees in it. The function
    /// returns its JSON Schema; `None`: the site is not known.
    Value(fn(Option<&Names>) -> Value),
    /// The same, with any spaces inside: a file name, a telephone number.
    SpacedValue(fn(Option<&Names>) -> Value),
    /// Text for people, and values that only a theme reads.
    Text(fn(Option<&Names>) -> Value),
    Mapping(&'static Mapping),
    List(&'static Shape),
    /// A list without duplicates.
    Set(&'static Shape),
    /// A mapping from names that the author chooses, or that are listed elsewhere.
    Map {
        names: &'static Shape,
        values: &'static Shape,
        may_be_empty: bool,
    },
}

impl Shape {
    pub const fn value(name: &'static str, schema: fn(Option<&Names>) -> Value) -> Shape {
        Shape { name, kind: ShapeKind::Value(schema) }
    }

    pub const fn spaced_value(name: &'static str, schema: fn(Option<&Names>) -> Value) -> Shape {
        Shape { name, kind: ShapeKind::SpacedValue(schema) }
    }

    pub const fn text(name: &'static str, schema: fn(Option<&Names>) -> Value) -> Shape {
        Shape { name, kind: ShapeKind::Text(schema) }
    }

    pub const fn mapping(mapping: &'static Mapping) -> Shape {
        Shape { name: "keys below", kind: ShapeKind::Mapping(mapping) }
    }

    pub const fn list(name: &'static str, items: &'static Shape) -> Shape {
        Shape { name, kind: ShapeKind::List(items) }
    }

    pub const fn set(name: &'static str, items: &'static Shape) -> Shape {
        Shape { name, kind: ShapeKind::Set(items) }
    }

    pub const fn map(name: &'static str, names: &'static Shape, values: &'static Shape) -> Shape {
        Shape { name, kind: ShapeKind::Map { names, values, may_be_empty: true } }
    }

    pub const fn filled_map(name: &'static str, names: &'static Shape, values: &'static Shape) -> Shape {
        Shape { name, kind: ShapeKind::Map { names, values, may_be_empty: false } }
    }
}
