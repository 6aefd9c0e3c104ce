//! Forms of Mautic, on a server of the site's owner. They accept a plain HTML form, and redirect to an address that is
//! set there.

use serde_json::json;

use super::account::{ACCOUNT_NUMBER, account_number};
use super::field_names::{self, DefaultNames, FieldNames, FieldRules, OUR_FIELD, OwnNames};
use crate::model::address::WebUrl;
use crate::model::values::{WEB_URL, web_url};
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct Mautic {
    /// The address of the server, without its query.
    pub url: WebUrl,
    /// The number of the form.
    pub form: u64,
    pub names: FieldNames,
}

/// Mautic makes the names of a form's fields from their labels, so ours are likely.
const DEFAULT_NAMES: DefaultNames = &[
    ("name", "name"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("email", "email"),
    ("company", "company"),
    ("phone", "phone"),
    ("role", "role"),
    ("country", "country"),
    ("message", "message"),
    ("lead_tag", "lead_tag"),
];

const ALIAS: Shape = Shape::value("name", |_| json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]*$" }));
const FIELDS: Shape = Shape::map("our field to theirs", &OUR_FIELD, &ALIAS);

pub static KEYS: Mapping = Mapping::new(
    "`mautic`",
    &[
        Key::required("url", WEB_URL, "The address of the server: `https://mautic.kazi.example/`.")
            .rules(&[Rule::BadUrl, Rule::InsecureEndpoint]),
        Key::required("form", ACCOUNT_NUMBER, "The number of the form.").rules(&[Rule::BadDestinationAccount]),
        Key::optional("fields", FIELDS, "[Names of the form's fields](destinations/mautic.md) for our fields.")
            .rules(&[Rule::UnknownKey, Rule::BadDestinationField]),
    ],
);

const FIELD_RULES: FieldRules = FieldRules {
    title: "Mautic",
    ours: field_names::lead_facts_list,
    is_theirs: is_alias,
    defaults: DEFAULT_NAMES,
    expected: "the name of a field in the form: lower case letters, digits and `_`",
    help: |_| "Mautic shows it as the field HTML name, in the properties of the form's field".to_owned(),
    max_length: |_| None,
    refuses: |_, _| None,
    is_same: |one, other| one == other,
    longer_field: "name another field",
    script_limit: u32::MAX,
};

impl Mautic {
    pub const REQUIRED: &[&str] = &[];

    pub(super) fn read(reader: &mut YamlReader, node: &Node, span: Span, own: &OwnNames) -> Option<Mautic> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let url = entries.read(reader, "url", secure_url);
        let form = entries.read(reader, "form", |reader, node| account_number(reader, node, "form number", "3"));
        let named = entries.read(reader, "fields", |reader, node| field_names::read(reader, node, &FIELD_RULES, own));
        entries.finish(reader);
        let names = FieldNames { span, named: named.unwrap_or_default() };
        Some(Mautic { url: url?, form: form?, names })
    }

    pub fn name_of(&self, ours: &str) -> Option<&str> {
        self.names.of(ours, DEFAULT_NAMES)
    }

    /// Returns the address to which the form is posted.
    pub fn form_url(&self) -> String {
        let mut url = self.url.url().clone();
        let path = format!("{}/form/submit", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(Some(&format!("formId={}", self.form)));
        url.set_fragment(None);
        url.to_string()
    }
}

/// Reads the address of a server. Leads are personal data, so plain http is an error.
fn secure_url(reader: &mut YamlReader, node: &Node) -> Option<WebUrl> {
    let before = reader.diagnostics.len();
    let url = web_url(reader, node)?;
    if url.is_secure() {
        return Some(url);
    }
    // The warning about plain http is the same problem.
    reader.diagnostics.truncate(before);
    let message = format!("`{url}` would receive personal data unencrypted");
    let help = "write `https://`; plain http is only allowed on this machine";
    reader.error_with_help(Rule::InsecureEndpoint, node.span, message, "plain http", help);
    None
}

fn is_alias(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 191
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        // Names that forms of Mautic use themselves.
        && !matches!(name, "return" | "formid" | "formname" | "messenger" | "submit")
}
