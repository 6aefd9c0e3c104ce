//! `datapackage.json`: the columns of the CSV files and their types, as a Frictionless Data Package
//! (<https://datapackage.org/standard/data-package/>), so that programs need not guess that a code such as `0020` is a text.

use serde::Serialize;
use serde_json::json;

use super::{CAMPAIGNS_FILE, LEAD_SOURCES_FILE, LINKS_FILE};
use crate::resolve::Site;

/// A column with its type.
struct Column {
    name: &'static str,
    kind: &'static str,
    is_required: bool,
    description: &'static str,
}

/// A CSV file with its columns. The rows differ in `key`.
struct Table {
    path: &'static str,
    columns: &'static [Column],
    key: &'static [&'static str],
}

const fn text(name: &'static str, description: &'static str) -> Column {
    Column { name, kind: "string", is_required: true, description }
}

const fn optional(name: &'static str, description: &'static str) -> Column {
    Column { name, kind: "string", is_required: false, description }
}

const TABLES: [Table; 3] = [
    Table {
        path: LEAD_SOURCES_FILE,
        columns: &[
            text("tag", "the lead tag"),
            text("campaign", "the first part of the lead tag"),
            text("cta", "its second part"),
            text("channel", "its third part"),
            text("kind", "coupon, download, booking or contact"),
            text("label", "the label of the call to action"),
            text("offer", "the coupon's code, the file's name, the scheduler's host, a number, or form"),
            optional("code", "the short code"),
            Column { name: "from", kind: "date", is_required: true, description: "the first day" },
            Column { name: "until", kind: "date", is_required: false, description: "the day it was closed" },
            text("lead_summary", "the lead source as a sentence"),
            optional("replaced_by", "the present lead tag of a renamed one"),
            optional("card", "the address of the lead card"),
            optional("variant", "the fourth part of the lead tag: the language and the version"),
        ],
        key: &["tag", "from", "kind", "offer"],
    },
    Table {
        path: CAMPAIGNS_FILE,
        columns: &[
            text("campaign", "the id"),
            text("title", "the title of the landing page"),
            text("state", "live, ended, scheduled or draft"),
            optional("starts", "a day, or a day and a time"),
            optional("ends", "a day, or a day and a time"),
            optional("owner", "an e-mail address"),
            text("landing_page", "the address"),
            optional("variants", "its languages and versions, separated by spaces"),
        ],
        key: &["campaign"],
    },
    Table {
        path: LINKS_FILE,
        columns: &[
            text("campaign", "the id of the campaign"),
            text("channel", "the id of the channel"),
            text("label", "the label of the channel"),
            text("link", "the long link to share"),
            text("short_link", "the short link"),
            text("code", "the short code"),
            text("ga4_group", "the channel group in Google Analytics"),
            optional("variant", "the language and the version that the link leads to"),
        ],
        key: &["code"],
    },
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'static str,
    title: &'s str,
    resources: Vec<serde_json::Value>,
}

/// Returns the description of all CSV files.
pub fn json(site: &Site) -> anyhow::Result<Vec<u8>> {
    let package = Package {
        schema: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: "lead-sources",
        title: &site.config.title,
        resources: TABLES.iter().map(resource).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&package)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn resource(table: &Table) -> serde_json::Value {
    let Table { path, columns, key } = table;
    let fields = columns.iter().map(|Column { name, kind, is_required, description }| {
        let mut field = json!({ "name": name, "type": kind, "description": description });
        if *is_required {
            field["constraints"] = json!({ "required": true });
        }
        field
    });
    json!({
        "name": path.trim_end_matches(".csv"),
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "schema": { "fields": fields.collect::<Vec<_>>(), "primaryKey": key, "missingValues": [""] },
    })
}
