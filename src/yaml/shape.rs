//! Shapes that many keys share, and parts of JSON Schema.

use serde_json::{Value, json};

use super::keys::Shape;

/// Text for people.
pub const TEXT: Shape = Shape::text("text", |_| text_schema());
pub const TEXTS: Shape = Shape::list("list of texts", &TEXT);
/// Text that machines compare.
pub const NAME: Shape = Shape::value("text", |_| text_schema());
pub const NAMES: Shape = Shape::list("list of texts", &NAME);
pub const FILE: Shape = Shape::spaced_value("file", |_| text_schema());
pub const PAGE: Shape = Shape::spaced_value("page", |_| text_schema());
pub const FLAG: Shape = Shape::value("`true` or `false`", |_| json!({ "type": "boolean" }));
pub const EMAIL: Shape = Shape::value("e-mail address", |_| {
    let plain = "[^\\s@<>\"',;:()\\[\\]\\\\";
    json!({ "type": "string", "pattern": format!("^{plain}]+@{plain}.]+(?:\\.{plain}.]+)+$") })
});
/// Any value, for themes.
pub const ANYTHING: Shape =
    Shape::text("anything", |_| json!({ "type": ["object", "array", "string", "number", "boolean"] }));

/// The JSON Schema of any text. To YAML, plain `2027` and `true` are not text; to an author they are.
pub fn text_schema() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" })
}

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
