//! Reads the declarations of a theme's blocks, `blocks/<name>.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::block::{self, BlockDeclaration, DeclaredBlocks};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::YamlReader;

/// Returns the blocks of a theme with their declarations. `blocks` are the blocks that have a template.
pub fn declared(
    blocks: &BTreeSet<String>,
    files: &BTreeMap<String, Arc<SourceText>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> DeclaredBlocks {
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
        let read = root.as_ref().and_then(|root| block::read(&mut reader, root));
        diagnostics.append(&mut reader.diagnostics);
        diagnostics.extend(read.iter().flat_map(|read| unknown_blocks(read, source, start, blocks)));
        *declaration = read;
    }
    declared
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
