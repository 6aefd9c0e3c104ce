//! The shapes of single values, as `parse::shape` reads them.

use serde_json::{Map, Value, json};

use crate::model::cta::Field;
use crate::model::slug::{MAX_ID, Slug};

/// A key, whether it is required, and the schema of its value.
pub struct Key {
    name: &'static str,
    required: bool,
    schema: Value,
}

pub fn required(name: &'static str, description: &str, schema: Value) -> Key {
    Key { name, required: true, schema: described(description, schema) }
}

pub fn optional(name: &'static str, description: &str, schema: Value) -> Key {
    Key { name, required: false, schema: described(description, schema) }
}

/// The description stands first: it is what an editor shows.
fn described(description: &str, schema: Value) -> Value {
    let mut whole = Map::from_iter([("description".to_owned(), json!(description))]);
    if let Value::Object(facts) = schema {
        whole.extend(facts);
    }
    Value::Object(whole)
}

/// A mapping of these keys and no others.
pub fn object(keys: impl IntoIterator<Item = Key>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in keys {
        if key.required {
            required.push(key.name);
        }
        properties.insert(key.name.to_owned(), key.schema);
    }
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// The same schema with more said of it.
pub fn with(mut schema: Value, more: Value) -> Value {
    if let (Value::Object(schema), Value::Object(more)) = (&mut schema, more) {
        schema.extend(more);
    }
    schema
}

/// Exactly one of these keys is there.
pub fn one_of(keys: &[&str]) -> Value {
    let each: Vec<Value> = keys.iter().map(|key| json!({ "required": [key] })).collect();
    json!({ "oneOf": each })
}

/// Text for people. Plain `2027` and `true` are text to an author, and no text to YAML.
pub fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" })
}

pub fn flag() -> Value {
    json!({ "type": "boolean" })
}

pub fn one_word_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    json!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

pub fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub fn set(items: Value) -> Value {
    with(list(items), json!({ "uniqueItems": true }))
}

/// An id that the author chooses. Plain `2027` is one, too.
pub fn id() -> Value {
    json!({ "type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": MAX_ID })
}

/// An id that stands in `site.yaml`; any id where that is not known.
pub fn known_id(known: Option<&[Slug]>, always: &[&str]) -> Value {
    let Some(known) = known else { return id() };
    let names = || known.iter().map(Slug::as_str).chain(always.iter().copied());
    // A plain `2027` is a number to YAML.
    let as_number = |name: &str| name.parse::<u64>().ok().filter(|number| number.to_string() == *name);
    let ids: Vec<Value> = names().map(Value::from).chain(names().filter_map(as_number).map(Value::from)).collect();
    if ids.is_empty() { json!({ "not": {} }) } else { json!({ "enum": ids }) }
}

/// A mapping from ids that the author chooses.
pub fn by_id(values: Value) -> Value {
    by_name(id(), values)
}

pub fn by_name(names: Value, values: Value) -> Value {
    // A key is always text, whatever it looks like.
    let names = match names.get("type") {
        Some(_) => with(names, json!({ "type": "string" })),
        None => names,
    };
    json!({ "type": "object", "propertyNames": names, "additionalProperties": values })
}

/// `2027-03-31`, and perhaps a time.
pub fn date() -> Value {
    let day = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))";
    let time = "(?:[T ] *(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?";
    json!({ "type": "string", "pattern": format!("^[0-9]{{4}}-{day}{time}$") })
}

pub fn email() -> Value {
    let plain = "[^\\s@<>\"',;:()\\[\\]\\\\";
    json!({ "type": "string", "pattern": format!("^{plain}]+@{plain}.]+(?:\\.{plain}.]+)+$") })
}

/// An address on the web, without user and password.
pub fn web_url() -> Value {
    json!({ "type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://[^/?#@]+(?:[/?#].*)?$" })
}

/// An address that is encrypted, or on this machine.
pub fn secure_url() -> Value {
    let local = "[hH][tT][tT][pP]://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::[0-9]+)?";
    json!({ "type": "string", "pattern": format!("^(?:[hH][tT][tT][pP][sS]://[^/?#@]+|{local})(?:[/?#].*)?$") })
}

/// The same, or a mail or telephone address; `utm_content` in it would be the lead tag's place.
pub fn outward_url() -> Value {
    let outward = "^(?:[hH][tT][tT][pP][sS]?://[^/?#@]+(?:[/?#].*)?|[mM][aA][iI][lL][tT][oO]:.+|[tT][eE][lL]:.+)$";
    json!({ "type": "string", "pattern": outward, "not": { "pattern": "[?&]utm_content=" } })
}

/// A number that can be called from everywhere. Without quotes it is a number to YAML, if nothing stands in it.
pub fn phone() -> Value {
    let between = "[ ()\\-\u{a0}\u{202f}\u{2010}\u{2011}\u{2013}]*";
    let pattern = format!("^ *\\+{between}[1-9](?:{between}[0-9]){{6,14}}{between} *$");
    json!({ "type": ["string", "integer"], "pattern": pattern, "not": { "type": "string", "pattern": "\\(0\\)" } })
}

/// A plain decimal. How many decimals it may have is its currency's to say.
pub fn price() -> Value {
    json!({ "type": ["string", "number"], "minimum": 0, "pattern": "^(?:0|[1-9][0-9]{0,11})(?:\\.[0-9]{1,3})?$" })
}

/// The visible fields of a form.
pub fn form() -> Value {
    let fields = Field::ALL.map(Field::name);
    with(set(one_word_of(fields)), json!({ "contains": one_word_of(["email", "phone"]) }))
}

/// Anything at all, for themes.
pub fn anything() -> Value {
    json!({ "type": ["object", "array", "string", "number", "boolean"] })
}
