//! Shapes that many keys share, and parts of JSON Schema.

use serde_json::{Value, json};

use super::keys::Shape;

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
