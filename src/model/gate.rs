//! The addresses of files behind forms.

use serde_json::json;

use crate::digest::keyed_digest;
use crate::rules::Rule;
use crate::yaml::values::value;
use crate::yaml::{Node, Shape, YamlReader};

/// The folder of files behind forms in the built site.
pub const GATED_FOLDER: &str = "get";
/// The fewest characters of a key. `tagline init` writes 32.
pub const MIN_KEY: usize = 16;

pub const KEY: Shape =
    Shape::value("key", |_| json!({ "type": "string", "pattern": format!("^[!-~]{{{MIN_KEY},}}$") }));

/// The site's own secret, from which the addresses of files behind forms are derived.
pub struct GateKey(String);

/// Diagnostics and logs print settings, but never the key.
impl std::fmt::Debug for GateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GateKey(…)")
    }
}

impl GateKey {
    /// Parses a key: at least [`MIN_KEY`] visible ASCII characters.
    pub fn parse(text: &str) -> Option<GateKey> {
        let is_key = text.len() >= MIN_KEY && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then(|| GateKey(text.to_owned()))
    }

    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<GateKey> {
        let key = GateKey::parse(&value(reader, node)?);
        if key.is_none() {
            let label = format!("at least {MIN_KEY} letters, digits or signs without spaces are expected here");
            let help = "`openssl rand -hex 16` prints one";
            reader.error_with_help(Rule::BadGateKey, node.span, "this key could be guessed", label, help);
        }
        key
    }
}

/// Returns the name of the folder of a gated file: 32 hexadecimal digits. `digest` is that of its content. With a key,
/// only who knows the key can derive it from the file.
pub fn gated_folder(key: Option<&GateKey>, digest: &str, name: &str) -> String {
    match key {
        Some(GateKey(key)) => keyed_digest(key.as_bytes(), format!("download\0{digest}\0{name}").as_bytes()),
        None => digest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_long_and_visible() {
        assert!(GateKey::parse("0123456789abcdef").is_some());
        for bad in ["", "0123456789abcde", "0123456789 abcdef", "0123456789abcdé", "0123456789abcde\n"] {
            assert!(GateKey::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn folder_depends_on_the_key_the_content_and_the_name() {
        let key = |text: &str| GateKey::parse(text);
        let (one, other) = (key("0123456789abcdef"), key("0123456789abcdeg"));
        let folders = [
            gated_folder(one.as_ref(), "aa", "guide.pdf"),
            gated_folder(other.as_ref(), "aa", "guide.pdf"),
            gated_folder(one.as_ref(), "ab", "guide.pdf"),
            gated_folder(one.as_ref(), "aa", "other.pdf"),
        ];
        for (index, folder) in folders.iter().enumerate() {
            assert!(folder.len() == 32 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()), "{folder}");
            assert!(!folders[..index].contains(folder), "{folders:?}");
        }
        assert_eq!(gated_folder(None, "aa", "guide.pdf"), "aa");
    }
}
