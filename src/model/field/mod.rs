//! The fields of forms: built-in fields, and fields of the site.

mod built_in;
mod field_id;
pub mod own;
pub mod translated;

use std::fmt;

pub use built_in::Field;
pub use field_id::{FIELD_ID, FieldId, field_id_pattern};
pub use own::{FieldType, OwnField, OwnFields};
pub use translated::{FieldTexts, TranslatedFields};

/// The name of a field, as a form lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldName {
    BuiltIn(Field),
    /// A field of `fields` in `site.yaml`, if there is one with this id.
    Own(FieldId),
}

impl FieldName {
    pub fn as_str(&self) -> &str {
        match self {
            FieldName::BuiltIn(field) => field.name(),
            FieldName::Own(id) => id.as_str(),
        }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
