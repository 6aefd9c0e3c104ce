//! `leads.consents`, and its short form `leads.consent`: what visitors agree to in every form.

use crate::diagnostics::Diagnostic;
use crate::model::field::{FIELD_ID, FieldId};
use crate::model::lead_fields::CONSENT;
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{FLAG, NAME, TEXT};
use crate::yaml::values::{flag, list, located_text, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, Value, YamlReader};

/// A checkbox of every form.
#[derive(Debug)]
pub struct Consent {
    /// `None` in the short form.
    pub id: Option<Located<FieldId>>,
    /// Markdown.
    pub text: Located<String>,
    pub version: Option<String>,
    pub required: bool,
}

/// The keys of `leads.consent`.
pub static KEYS: Mapping = Mapping::new(
    "`consent`",
    &[
        Key::required("text", TEXT, "The sentence beside the checkbox. Markdown, with links."),
        Key::optional("version", NAME, "Sent as `consent_version`. Change it whenever the sentence changes."),
    ],
);

/// The keys of an item of `leads.consents`.
pub static ITEM_KEYS: Mapping = Mapping::new(
    "a consent",
    &[
        Key::required("id", FIELD_ID, "Sent as `consent_ID`, with the value `yes`.").rules(&[Rule::BadConsent]),
        Key::required("text", TEXT, "The sentence beside the checkbox. Markdown, with links."),
        Key::optional("version", NAME, "Sent as `consent_ID_version`. Change it whenever the sentence changes."),
        Key::optional("required", FLAG, "Whether a form can only be sent with this consent.").default("false"),
    ],
);

const ITEM: Shape = Shape::mapping(&ITEM_KEYS);
pub const CONSENTS: Shape = Shape::list("list of consents", &ITEM);

/// Reads `consent` or `consents` of `leads`.
pub fn read(reader: &mut YamlReader, entries: &mut Entries) -> Vec<Consent> {
    let single = entries.read(reader, "consent", Consent::read_single);
    let several = entries.read(reader, "consents", read_list);
    if let Some((single, several)) = entries.key_span("consent").zip(entries.key_span("consents")) {
        let diagnostic = Diagnostic::error(Rule::BadConsent, "`consent` and `consents` exclude each other")
            .at(reader.source, single.max(several), "the second one")
            .at(reader.source, single.min(several), "the first one");
        let help =
            "move the text of `consent` to the list, with an `id`, and with `required: true` to keep it required";
        reader.diagnostics.push(diagnostic.help(help));
    }
    single.into_iter().chain(several.into_iter().flatten()).collect()
}

/// Returns all ids that `consents` gives, also those of consents with errors.
pub fn declared_ids(leads: &Node) -> impl Iterator<Item = &str> {
    let consents = if let Value::Map(entries) = &leads.value { &entries[..] } else { &[] };
    let lists = consents.iter().filter(|(key, _)| key.text == "consents").map(|(_, list)| list);
    lists.flat_map(|list| if let Value::List(items) = &list.value { &items[..] } else { &[] }).filter_map(|item| {
        let Value::Map(entries) = &item.value else { return None };
        match &entries.iter().find(|(key, _)| key.text == "id")?.1.value {
            Value::Scalar { text, .. } => Some(&**text),
            Value::List(_) | Value::Map(_) | Value::Null => None,
        }
    })
}

fn read_list(reader: &mut YamlReader, node: &Node) -> Option<Vec<Consent>> {
    let consents = list(reader, node, Consent::read_item)?;
    if consents.is_empty() {
        let label = "add one, or leave `consents` out";
        reader.error(Rule::EmptyValue, node.span, "`consents` has no consent", label);
    }
    let ids: Vec<_> = consents.iter().filter_map(|consent| consent.id.as_ref()).collect();
    for (index, id) in ids.iter().enumerate() {
        if let Some(first) = ids[..index].iter().find(|other| other.value == id.value) {
            let diagnostic = Diagnostic::error(Rule::BadConsent, format!("two consents have the id `{}`", id.value))
                .at(reader.source, id.span, "the second one")
                .at(reader.source, first.span, "the first one");
            reader.diagnostics.push(diagnostic.help("choose another id for one of the two"));
        }
    }
    Some(consents)
}

/// Returns the names under which a consent and its version are sent.
pub fn sent_names(id: &str) -> [String; 2] {
    [format!("{CONSENT}_{id}"), format!("{CONSENT}_{id}_version")]
}

impl Consent {
    fn read_single(reader: &mut YamlReader, node: &Node) -> Option<Consent> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let sentence = entries.read(reader, "text", located_text);
        let version = entries.read(reader, "version", text);
        entries.finish(reader);
        Some(Consent { id: None, text: sentence?, version, required: true })
    }

    fn read_item(reader: &mut YamlReader, node: &Node) -> Option<Consent> {
        let mut entries = Entries::of(reader, node, &ITEM_KEYS)?;
        let id = entries.read(reader, "id", read_id);
        let sentence = entries.read(reader, "text", located_text);
        let version = entries.read(reader, "version", text);
        let required = entries.read(reader, "required", flag).unwrap_or(false);
        entries.finish(reader);
        Some(Consent { id: Some(id?), text: sentence?, version, required })
    }

    /// Returns the name of the checkbox: `consent`, or `consent_ID`.
    pub fn sent_name(&self) -> String {
        self.id.as_ref().map_or_else(|| CONSENT.to_owned(), |id| format!("{CONSENT}_{}", id.value))
    }
}

/// Reads an id. `consent_version` is the version of the short form, and `consent_a_version` that of `a`.
fn read_id(reader: &mut YamlReader, node: &Node) -> Option<Located<FieldId>> {
    let id = FieldId::read(reader, node)?;
    if id.value.as_str() == "version" || id.value.as_str().ends_with("_version") {
        let message = format!("`{}` cannot be the id of a consent", id.value);
        let help = "the version of a consent is sent under such a name: choose another id";
        reader.error_with_help(Rule::BadConsent, id.span, message, "not available", help);
        return None;
    }
    Some(id)
}
