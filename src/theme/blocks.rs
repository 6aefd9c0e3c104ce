//! Reads the declarations of a theme's blocks, `blocks/<name>.yaml`, and of the attributes that all bands have, `bands` in
//! `theme.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::Diagnostic;
use crate::model::block::{self, AttributeDeclaration, BlockDeclaration, DeclaredBlocks};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::{Value, YamlReader};

/// Returns the blocks of a theme with their declarations. `blocks` are the blocks that have a template, and `settings` is
/// `theme.yaml`.
pub fn declared(
    blocks: &BTreeSet<String>,
    files: &BTreeMap<String, Arc<SourceText>>,
    settings: Option<&Arc<SourceText>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> DeclaredBlocks {
    let bands = settings.map(|settings| of_bands(settings, diagnostics)).unwrap_or_default();
    let mut declared: DeclaredBlocks = blocks.iter().map(|name| (name.clone(), None)).collect();
    for (name, source) in files {
        let start = Span::new(0, source.text.lines().next().unwrap_or_default().len());
        let Some(declaration) = declared.get_mut(name) else {
            let message = format!("there is no block `{name}`");
            diagnostics.push(
                Diagnostic::error(Rule::BadBlockDeclaration, message)
                    .at(source, start, format!("the theme has no `blocks/{name}.html`"))
                    .suggest(name, blocks.iter().map(String::as_str)),
            );
            continue;
        };
        let (root, mut reader) = YamlReader::parse(source, 0..source.text.len());
        let mut read = root.as_ref().and_then(|root| block::read(&mut reader, root));
        diagnostics.append(&mut reader.diagnostics);
        diagnostics.extend(read.iter().flat_map(|read| unknown_blocks(read, source, start, blocks)));
        if let Some(band) = read.as_mut().filter(|read| read.is_band) {
            for (name, attribute) in &bands {
                // The block can take fewer values.
                band.attributes.entry(name.clone()).or_insert_with(|| attribute.clone()).is_class = true;
            }
        }
        *declaration = read;
    }
    declared
}

/// Reads the attributes of all bands.
fn of_bands(settings: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> IndexMap<String, AttributeDeclaration> {
    let (root, mut reader) = YamlReader::parse(settings, 0..settings.text.len());
    // `options` reports what is wrong with the file itself.
    reader.diagnostics.clear();
    let Some(Value::Map(entries)) = root.as_ref().map(|root| &root.value) else { return IndexMap::new() };
    let bands = entries.iter().find(|(key, _)| &*key.text == "bands");
    let bands = bands.and_then(|(_, node)| block::attributes(&mut reader, node)).unwrap_or_default();
    diagnostics.append(&mut reader.diagnostics);
    bands.into_iter().map(|(name, attribute)| (name, AttributeDeclaration { is_class: true, ..attribute })).collect()
}

/// Reports an `inside` or `contains` that names no block.
fn unknown_blocks(
    declaration: &BlockDeclaration,
    source: &Arc<SourceText>,
    place: Span,
    blocks: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let named = declaration.inside.iter().chain(&declaration.contains).filter(|name| !blocks.contains(*name));
    let diagnostics = named.map(|name| {
        Diagnostic::error(Rule::BadBlockDeclaration, format!("unknown block `{name}`"))
            .at(source, place, format!("the theme has no `blocks/{name}.html`"))
            .suggest(name, blocks.iter().map(String::as_str))
    });
    diagnostics.collect()
}
