//! `attribution` in `site.yaml`: what browsers may store.

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::shape::{FLAG, choice};
use crate::yaml::values::{flag, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug, Default)]
pub struct Attribution {
    pub storage: Storage,
    pub require_consent: bool,
    /// The key `require_consent`.
    pub consent_span: Option<Span>,
}

/// Where a visitor's browser stores the lead source between pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    #[default]
    None,
    Session,
    Local,
}

const STORAGE: Shape = Shape::value("`none`, `session` or `local`", |_| choice(Storage::NAMES));
pub static ATTRIBUTION_KEYS: Mapping = Mapping::new(
    "`attribution`",
    &[
        Key::optional(
            "storage",
            STORAGE,
            "[What the browser stores between pages](arrival.md#from-page-to-page): nothing, for one visit, or \
             permanently. [What that means for privacy](privacy.md).",
        )
        .default("none")
        .rules(&[Rule::WrongType]),
        Key::optional(
            "require_consent",
            FLAG,
            "`true`: [ask visitors](arrival.md#consent), and store nothing and load no analytics before they agree.",
        )
        .default("false")
        .rules(&[Rule::WrongType]),
    ],
);

impl Attribution {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Attribution> {
        let mut entries = Entries::of(reader, node, &ATTRIBUTION_KEYS)?;
        let storage = entries.read(reader, "storage", Storage::read);
        let require_consent = entries.read(reader, "require_consent", flag);
        let consent_span = entries.key_span("require_consent");
        entries.finish(reader);
        let (storage, require_consent) = (storage.unwrap_or_default(), require_consent.unwrap_or(false));
        Some(Attribution { storage, require_consent, consent_span })
    }
}

impl Storage {
    const NAMES: [&str; 3] = ["none", "session", "local"];

    fn read(reader: &mut YamlReader, node: &Node) -> Option<Storage> {
        let text = value(reader, node)?;
        match text.as_str() {
            "none" => Some(Storage::None),
            "session" => Some(Storage::Session),
            "local" => Some(Storage::Local),
            _ => {
                let diagnostic = Diagnostic::error(Rule::WrongType, format!("unknown storage `{text}`"))
                    .at(reader.source, node.span, "`none`, `session` or `local` is expected here")
                    .suggest(&text, Storage::NAMES);
                reader.diagnostics.push(diagnostic);
                None
            }
        }
    }
}
