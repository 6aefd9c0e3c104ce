//! The table of a mapping's keys in `docs/`, as Markdown.

use super::keys::{DefaultValue, Key, Mapping};
use crate::rules::Rule;

/// The table with its heading row; ends with a line feed.
pub fn table(mapping: &Mapping) -> String {
    let mut table = "| key | type | default | description | errors |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for key in mapping.keys {
        let cells = [
            format!("`{}`", key.name),
            key.shape.name.to_owned(),
            default(mapping, key),
            key.description.to_owned(),
            errors(key),
        ];
        table.push('|');
        for cell in cells {
            table.push(' ');
            table.push_str(&cell);
            table.push_str(if cell.is_empty() { "|" } else { " |" });
        }
        table.push('\n');
    }
    table
}

fn default(mapping: &Mapping, key: &Key) -> String {
    match key.default {
        _ if key.required => "required".to_owned(),
        DefaultValue::Value(text) => format!("`{text}`"),
        DefaultValue::Described(text) => text.to_owned(),
        DefaultValue::None if mapping.one_of.contains(&key.name) => "one of these".to_owned(),
        DefaultValue::None => String::new(),
    }
}

fn errors(key: &Key) -> String {
    let missing = key.required.then_some(Rule::MissingKey);
    let ids = missing.iter().chain(key.rules).map(|rule| format!("`{}`", rule.id()));
    ids.collect::<Vec<_>>().join(", ")
}
