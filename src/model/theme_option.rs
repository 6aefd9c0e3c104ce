//! `look` and `theme_options`, of the site and of a page. The theme defines what they mean.

use crate::source::Located;
use crate::yaml::shape::text_schema;
use crate::yaml::values::{json, located_text};
use crate::yaml::{Entries, MapKey, Mapping, Node, Shape, Value, YamlReader};

/// An entry of `theme_options`, as written.
#[derive(Clone, Debug)]
pub struct ThemeOption {
    pub name: Located<String>,
    /// The text of a scalar; `None` for a list, a map or nothing.
    pub text: Option<String>,
    pub value: Located<serde_json::Value>,
}

/// How a site or a page looks, as written.
#[derive(Clone, Debug, Default)]
pub struct WrittenLook {
    /// `look`.
    pub look: Option<Located<String>>,
    /// `theme_options`.
    pub options: Vec<ThemeOption>,
}

impl WrittenLook {
    pub fn read(reader: &mut YamlReader, entries: &mut Entries) -> WrittenLook {
        WrittenLook {
            look: entries.read(reader, "look", located_text),
            options: entries.read(reader, "theme_options", written_options).unwrap_or_default(),
        }
    }

    /// Returns true if nothing is written.
    pub fn is_empty(&self) -> bool {
        self.look.is_none() && self.options.is_empty()
    }
}

pub const LOOK: Shape = Shape::value("look", |names| match names {
    Some(names) if !names.looks.is_empty() => serde_json::json!({ "enum": names.looks }),
    _ => text_schema(),
});

pub const THEME_OPTIONS: Shape = Shape::text(
    "options of the theme",
    |_| serde_json::json!({ "type": "object", "examples": [{ "accent": "#0b6e4f" }] }),
);

static THEME_OPTION_KEYS: Mapping = Mapping::new("`theme_options`", &[]);

/// Reads options. Any name is allowed; the theme checks them.
pub fn written_options(reader: &mut YamlReader, node: &Node) -> Option<Vec<ThemeOption>> {
    Entries::of(reader, node, &THEME_OPTION_KEYS)?;
    let Value::Map(entries) = &node.value else { return None };
    let is_comment = |(key, node): &&(MapKey, Node)| matches!(node.value, Value::Null) && reader.is_before_comment(key);
    let commented: Vec<&MapKey> = entries.iter().filter(is_comment).map(|(key, _)| key).collect();
    if !commented.is_empty() {
        // An unquoted colour: `accent: #0b6e4f`.
        commented.into_iter().for_each(|key| reader.empty_value(key));
        return None;
    }
    let options = entries.iter().map(|(key, node)| ThemeOption {
        name: Located { value: key.text.clone(), span: key.span },
        text: match &node.value {
            Value::Scalar { text, .. } => Some(text.clone()),
            Value::List(_) | Value::Map(_) | Value::Null => None,
        },
        value: Located { value: json(node), span: node.span },
    });
    Some(options.collect())
}
