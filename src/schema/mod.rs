//! JSON Schema 2020-12 of `site.yaml`, of front matter and of the declaration of a block, for editors.
//!
//! The schemas are made from the tables of keys in `model`. A schema cannot check calendars, other files or other
//! lines, so it accepts more than the readers do.

use serde_json::{Value, json};

use crate::model::site::{self, SiteConfig};
use crate::model::{block, page};
use crate::theme::Theme;
use crate::yaml::schema::of_mapping;
use crate::yaml::shape::with;

pub use crate::yaml::Names;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `site.yaml`. With the names of a site, it offers the site's destinations as examples.
pub fn site(names: Option<&Names>) -> Value {
    let description = "Settings for the whole site: who publishes it, where visitors come from, and where leads go.";
    document("site.yaml of Tagline", description, of_mapping(&site::KEYS, names))
}

/// The schema of front matter. With the names of a site, it only allows the site's names.
pub fn page(names: Option<&Names>) -> Value {
    let description = "The front matter of a page, between the two lines of `---`. A page with `ctas` is a campaign.";
    document("A page of Tagline", description, of_mapping(&page::KEYS, names))
}

/// The schema of a theme's `blocks/<name>.yaml`.
pub fn block() -> Value {
    let description =
        "What a block of a theme takes and needs. It is in `blocks/<name>.yaml`, beside the template of the block.";
    document("A block of a theme of Tagline", description, of_mapping(&block::KEYS, None))
}

/// The names that a site declares. `theme`: `None` if it cannot be read.
pub fn names(config: &SiteConfig, theme: Option<&Theme>) -> Names {
    Names {
        channels: config.channels.keys().map(|id| id.to_string()).collect(),
        destinations: config.destinations.keys().map(|id| id.to_string()).collect(),
        layouts: theme.iter().flat_map(|theme| &theme.names.layouts).cloned().collect(),
    }
}

/// A schema as it is printed.
pub fn text(schema: &Value) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(schema)?))
}

fn document(title: &str, description: &str, schema: Value) -> Value {
    with(json!({ "$schema": DIALECT, "title": title, "description": description }), schema)
}
