//! Reads `theme.yaml`: the looks and the options of a theme.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::looks::{self, DeclaredLook, DeclaredLooks};
use super::options::{DeclaredOptions, StaticFiles};
use crate::diagnostics::Diagnostic;
use crate::source::SourceText;
use crate::yaml::shape::ANYTHING;
use crate::yaml::{Entries, Key, Mapping, Value, YamlReader};

/// The keys of `theme.yaml`.
static KEYS: Mapping = Mapping::new(
    "a theme",
    &[
        Key::optional("looks", ANYTHING, "The looks that a site may choose, by name. The first is the default."),
        Key::optional("options", ANYTHING, "The options that a site may set, by name."),
        Key::optional("bands", ANYTHING, "The attributes of all blocks that are bands, by name."),
    ],
);

/// What adds looks and choices to those of `theme.yaml`.
pub struct Added {
    /// The stylesheets of options, by option and choice: `options/header/slim.css` adds `slim`.
    pub choices: BTreeSet<(String, String)>,
    /// The folders in `looks/`.
    pub looks: BTreeSet<String>,
    /// The `theme.yaml` of the built-in theme, which a site's own one replaces. One without `looks` keeps those.
    pub built_in: Option<Arc<SourceText>>,
}

/// Reads `theme.yaml`. `files` are the files in `static/`, which options can name.
pub fn read(
    source: Option<&Arc<SourceText>>,
    added: &Added,
    files: StaticFiles,
    diagnostics: &mut Vec<Diagnostic>,
) -> DeclaredLooks {
    let Some(source) = source else {
        return DeclaredLooks { looks: Vec::new(), options: DeclaredOptions::any(files) };
    };
    let (root, mut reader) = YamlReader::parse(source, 0..source.text.len());
    let mut entries = root.as_ref().and_then(|root| Entries::of(&mut reader, root, &KEYS));
    let mut read = |name| entries.as_mut().and_then(|entries| entries.read(&mut reader, name, |_, node| Some(node)));
    let (looks, options) = (read("looks"), read("options"));
    let is_own = looks.is_some();
    let looks = match added.built_in.as_ref().filter(|_| !is_own) {
        Some(built_in) => looks_of(built_in, added),
        None => looks::read(&mut reader, looks, &added.looks),
    };
    let options = DeclaredOptions::read(&mut reader, options, &added.choices, files);
    if let Some(mut entries) = entries {
        // `blocks` reads what is in it.
        let _ = entries.read(&mut reader, "bands", |_, node| Some(node));
        entries.finish(&mut reader);
    }
    diagnostics.append(&mut reader.diagnostics);
    let declared = DeclaredLooks { looks, options };
    if is_own {
        declared.check(source, diagnostics);
    }
    declared
}

/// Reads the looks of a built-in theme.
fn looks_of(built_in: &Arc<SourceText>, added: &Added) -> Vec<DeclaredLook> {
    let (root, mut reader) = YamlReader::parse(built_in, 0..built_in.text.len());
    let entries = match root.as_ref().map(|root| &root.value) {
        Some(Value::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    let looks = entries.iter().find(|(key, _)| key.text == "looks").map(|(_, node)| node);
    looks::read(&mut reader, looks, &added.looks)
}
