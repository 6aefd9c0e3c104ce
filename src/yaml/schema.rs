//! The JSON Schema of a table of keys.

use serde_json::{Map, Value, json};

use super::keys::{DefaultValue, Key, Mapping, Names, Shape, ShapeKind};
use super::shape::with;

/// The schema of a mapping: its keys and no others.
pub fn of_mapping(mapping: &Mapping, names: Option<&Names>) -> Value {
    let properties: Map<String, Value> =
        mapping.keys.iter().map(|key| (key.name.to_owned(), of_key(key, names))).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let required: Vec<&str> = mapping.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if !mapping.one_of.is_empty() {
        schema["oneOf"] = mapping.one_of.iter().map(|key| json!({ "required": [key] })).collect();
    }
    if !mapping.needs.is_empty() {
        let needs = mapping.needs.iter().map(|(key, needed)| ((*key).to_owned(), json!([needed])));
        schema["dependentRequired"] = Value::Object(needs.collect());
    }
    schema
}

pub fn of_shape(shape: &Shape, names: Option<&Names>) -> Value {
    match shape.kind {
        ShapeKind::Value(schema) | ShapeKind::SpacedValue(schema) | ShapeKind::Text(schema) => schema(names),
        ShapeKind::Mapping(mapping) => of_mapping(mapping, names),
        ShapeKind::List(items) => json!({ "type": "array", "items": of_shape(items, names) }),
        ShapeKind::Set(items) => json!({ "type": "array", "items": of_shape(items, names), "uniqueItems": true }),
        ShapeKind::Map { names: keys, values, may_be_empty } => {
            let mut keys = of_shape(keys, names);
            // A key of a mapping is always text, also `2027`.
            if keys.get("type").is_some() {
                keys["type"] = json!("string");
            }
            let values = of_shape(values, names);
            let map = json!({ "type": "object", "propertyNames": keys, "additionalProperties": values });
            if may_be_empty { map } else { with(map, json!({ "minProperties": 1 })) }
        }
    }
}

fn of_key(key: &Key, names: Option<&Names>) -> Value {
    // Editors show the description, so it comes first.
    let schema = with(json!({ "description": plain(key.description) }), of_shape(&key.shape, names));
    match key.default {
        DefaultValue::Value(text) => with(schema, json!({ "default": default_value(text) })),
        DefaultValue::None | DefaultValue::Described(_) => schema,
    }
}

fn default_value(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        text => json!(text),
    }
}

/// Markdown without its links: `[the text](of-a-link.md)` becomes `the text`.
fn plain(markdown: &str) -> String {
    let mut plain = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        let (text, link) = before.rsplit_once('[').unwrap_or((before, ""));
        let after_link = after.split_once(')').map_or("", |(_, rest)| rest);
        plain.push_str(text);
        plain.push_str(link);
        rest = after_link;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_lose_their_links() {
        assert_eq!(plain("See [the list](a.md#b), [or](c.md): `[x]`."), "See the list, or: `[x]`.");
        assert_eq!(plain("[New](a.md)"), "New");
        assert_eq!(plain("Hosts: `[a, b]`."), "Hosts: `[a, b]`.");
    }
}
