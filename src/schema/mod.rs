//! JSON Schema 2020-12 of `site.yaml` and of a page's front matter, for editors: every key with what it is for.
//!
//! The readers in `parse` decide what is right. A schema knows no calendar, no other file and no other line, so it is
//! wider than they are, and it says the same of everything that it can see; `tests/schema.rs` holds the two together.

mod page;
mod shape;
mod site;

use serde_json::Value;

use crate::model::site::SiteConfig;
use crate::model::slug::Slug;
use crate::theme::Theme;

pub use page::page;
pub use site::site;

/// The dialect that both are written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What a site declares that its pages may name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub channels: Vec<Slug>,
    pub destinations: Vec<Slug>,
    /// Templates of the site's theme; none where the theme cannot be read.
    pub layouts: Vec<String>,
}

impl Names {
    pub fn of(config: &SiteConfig, theme: Option<&Theme>) -> Names {
        Names {
            channels: config.channels.keys().cloned().collect(),
            destinations: config.destinations.keys().cloned().collect(),
            layouts: theme.iter().flat_map(|theme| &theme.names.layouts).cloned().collect(),
        }
    }
}

/// A schema as it is printed.
pub fn text(schema: &Value) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(schema)?))
}
