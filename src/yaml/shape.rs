//! What a value looks like: its type in the docs, and its JSON Schema.

use serde_json::{Value, json};

use super::keys::Mapping;

/// The names that a site declares, which its pages may use.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub channels: Vec<String>,
    pub destinations: Vec<String>,
    /// Page templates of the site's theme. Empty if the theme cannot be read.
    pub layouts: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The type in the docs: `list of texts`.
    pub name: &'static str,
    pub kind: ShapeKind,
}

#[derive(Clone, Copy, Debug)]
pub enum ShapeKind {
    /// A single value. The function returns its JSON Schema; `None`: the site is not known.
    Value(fn(Option<&Names>) -> Value),
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

/// Text for people. To YAML, plain `2027` and `true` are not text; to an author they are.
pub const TEXT: Shape = Shape::value("text", |_| json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" }));
pub const TEXTS: Shape = Shape::list("list of texts", &TEXT);
pub const FILE: Shape = Shape { name: "file", kind: TEXT.kind };
pub const PAGE: Shape = Shape { name: "page", kind: TEXT.kind };
pub const FLAG: Shape = Shape::value("`true` or `false`", |_| json!({ "type": "boolean" }));
pub const EMAIL: Shape = Shape::value("e-mail address", |_| {
    let plain = "[^\\s@<>\"',;:()\\[\\]\\\\";
    json!({ "type": "string", "pattern": format!("^{plain}]+@{plain}.]+(?:\\.{plain}.]+)+$") })
});
/// Any value, for themes.
pub const ANYTHING: Shape =
    Shape::value("anything", |_| json!({ "type": ["object", "array", "string", "number", "boolean"] }));

/// The JSON Schema of a choice.
pub fn choice<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    json!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

/// A schema with more members.
pub fn with(mut schema: Value, more: Value) -> Value {
    if let (Value::Object(schema), Value::Object(more)) = (&mut schema, more) {
        schema.extend(more);
    }
    schema
}
