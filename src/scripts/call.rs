//! Builds JavaScript code: function calls and literals.

use serde_json::{Map, Value};

/// Returns a call of a script that consists of one function.
pub fn call(function: &str, arguments: &str) -> String {
    format!("({})({arguments});\n", expression(function))
}

/// Returns a script without the semicolon at its end.
pub fn expression(function: &str) -> &str {
    function.trim_end().trim_end_matches(';')
}

/// Returns an object literal without a prototype, so that it has no inherited names such as `constructor`: in a
/// literal, `__proto__` sets the prototype. `<` and the line ends that JSON allows in texts are escaped, so that the
/// code is also safe in an inline script.
pub fn object_literal(mut map: Map<String, Value>) -> String {
    map.insert("__proto__".to_owned(), Value::Null);
    let text = Value::from(map).to_string();
    text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
