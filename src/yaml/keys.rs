//! Tables of keys: the one description of what an author may write in a mapping. The reader, the JSON Schema and the
//! tables in `docs/` all use them.

use super::shape::Shape;
use crate::rules::Rule;

/// A mapping of known keys, such as `organization` in `site.yaml`.
#[derive(Debug)]
pub struct Mapping {
    /// In messages: `an organization`.
    pub what: &'static str,
    pub keys: &'static [Key],
    /// Exactly one of these keys has to be given.
    pub one_of: &'static [&'static str],
    /// Pairs: the first key needs the second.
    pub needs: &'static [(&'static str, &'static str)],
}

/// One key of a [`Mapping`].
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub required: bool,
    pub shape: Shape,
    /// One or more sentences. Markdown; the schema has it without links.
    pub description: &'static str,
    pub default: DefaultValue,
    /// Rules that check the value, for the docs.
    pub rules: &'static [Rule],
}

/// What holds where a key is left out.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    None,
    Value(&'static str),
    /// Markdown, for a default that is not a constant.
    Described(&'static str),
}

impl Mapping {
    pub const fn new(what: &'static str, keys: &'static [Key]) -> Mapping {
        Mapping { what, keys, one_of: &[], needs: &[] }
    }

    pub const fn one_of(self, one_of: &'static [&'static str]) -> Mapping {
        Mapping { one_of, ..self }
    }

    pub const fn needs(self, needs: &'static [(&'static str, &'static str)]) -> Mapping {
        Mapping { needs, ..self }
    }

    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().map(|key| key.name)
    }
}

impl Key {
    pub const fn required(name: &'static str, shape: Shape, description: &'static str) -> Key {
        Key { name, required: true, shape, description, default: DefaultValue::None, rules: &[] }
    }

    pub const fn optional(name: &'static str, shape: Shape, description: &'static str) -> Key {
        Key { name, required: false, shape, description, default: DefaultValue::None, rules: &[] }
    }

    pub const fn default(self, value: &'static str) -> Key {
        Key { default: DefaultValue::Value(value), ..self }
    }

    pub const fn default_text(self, text: &'static str) -> Key {
        Key { default: DefaultValue::Described(text), ..self }
    }

    pub const fn rules(self, rules: &'static [Rule]) -> Key {
        Key { rules, ..self }
    }
}
