//! JSON Schema 2020-12 of `site.yaml`, of front matter and of the declaration of a block, for editors.
//!
//! The schemas are made from the tables of keys in `model`. A schema cannot check calendars, other files or other
//! lines, so it accepts more than the readers do.

use serde_json::{Value, json};

use crate::model::site::{self, SiteConfig};
use crate::model::{block, cta, page, translation};
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
    let mut schema = of_mapping(&page::KEYS, names);
    let mut ctas = schema["properties"]["ctas"].clone();
    keep_what_differs(&mut ctas);
    let of_version = &mut schema["properties"]["versions"]["additionalProperties"]["properties"];
    of_version["ctas"] = ctas;
    let mut product = schema["properties"]["product"].clone();
    keep(&mut product, &|_| true);
    schema["properties"]["versions"]["additionalProperties"]["properties"]["product"] = product;
    document("A page of Tagline", description, schema)
}

/// The schema of the front matter of a translation, which says only what differs from its original.
pub fn translation(names: Option<&Names>) -> Value {
    let description = "The front matter of a translation, such as `index.de.md`: only what differs from the original.";
    let mut schema = of_mapping(&page::KEYS, names);
    keep(&mut schema, &|key| translation::TRANSLATED.contains(&key));
    schema["required"] = json!(["title"]);
    schema["properties"][translation::ORIGINAL] =
        json!({ "description": "The digest of the original that was translated.", "type": "string" });
    keep_what_differs(&mut schema["properties"]["ctas"]);
    keep(&mut schema["properties"]["product"], &|_| true);
    document("A translation of Tagline", description, schema)
}

/// Leaves of `ctas` what a translation or a version can change.
fn keep_what_differs(ctas: &mut Value) {
    let can_differ = |key: &str| translation::TRANSLATED_OF_CTA.contains(&key) || cta::KEYS.one_of.contains(&key);
    let of_cta = &mut ctas["additionalProperties"];
    keep(of_cta, &can_differ);
    for kind in cta::KEYS.one_of {
        keep(&mut of_cta["properties"][kind], &|key| !translation::DAYS.contains(&key));
    }
}

/// Removes the keys of a mapping that `is_kept` refuses, and no longer requires any: the original has the others.
fn keep(schema: &mut Value, is_kept: &dyn Fn(&str) -> bool) {
    let Value::Object(schema) = schema else { return };
    for rule in ["required", "oneOf", "anyOf", "dependentRequired", "minProperties"] {
        schema.remove(rule);
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|key, _| is_kept(key));
    }
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
        fields: config.fields.keys().map(|id| id.to_string()).collect(),
        looks: theme.iter().flat_map(|theme| theme.looks()).map(|look| look.name.clone()).collect(),
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
