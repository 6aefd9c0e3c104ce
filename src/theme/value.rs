//! Converts serializable data to the template engine's values.

use serde::Serialize;
use tera::Value;

/// Returns `data` as a template sees it. Views are structs of texts, numbers and lists, for which the conversion cannot
/// fail; if it did, templates would see `none`.
pub fn value<T: Serialize>(data: &T) -> Value {
    Value::try_from_serializable(data).unwrap_or_else(|_| Value::none())
}
