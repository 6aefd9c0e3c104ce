//! Numbers of accounts at a service.

use serde_json::json;

use crate::rules::Rule;
use crate::yaml::values::value;
use crate::yaml::{Node, Shape, YamlReader};

/// A number above 0, with or without quotes.
pub(super) const ACCOUNT_NUMBER: Shape = Shape::value(
    "number",
    |_| json!({ "type": ["string", "integer"], "pattern": "^[0-9]*[1-9][0-9]*$", "minimum": 1 }),
);

/// Reads an account number. `what` is its name for people: `portal number`.
pub(super) fn account_number(reader: &mut YamlReader, node: &Node, what: &str, example: &str) -> Option<u64> {
    let text = value(reader, node)?;
    let number = text.parse().ok().filter(|number| *number > 0 && text.bytes().all(|b| b.is_ascii_digit()));
    if number.is_none() {
        let message = format!("`{text}` is not a {what}");
        let label = format!("digits only, as in `{example}`");
        reader.error(Rule::BadDestinationAccount, node.span, message, label);
    }
    number
}
