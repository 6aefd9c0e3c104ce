//! Checks the layouts and blocks that pages use against the theme.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::place::Placed;
use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::body::Outline;
use crate::model::page::Page;
use crate::rules::Rule;

/// The layouts and blocks that a theme has.
pub struct ThemeNames {
    pub layouts: BTreeSet<String>,
    pub blocks: BTreeSet<String>,
}

/// Reports unknown layouts and blocks.
pub fn check(placed: &Placed, theme: &ThemeNames) -> Vec<Diagnostic> {
    let pages = placed.pages.par_iter().zip(&placed.outlines);
    let diagnostics = pages.flat_map_iter(|(page, outline)| {
        unknown_layout(&page.page, theme).into_iter().chain(unknown_blocks(&page.page, outline, theme))
    });
    diagnostics.collect()
}

fn unknown_layout(page: &Page, theme: &ThemeNames) -> Option<Diagnostic> {
    let layout = page.front.layout.as_ref().filter(|layout| !theme.layouts.contains(layout.value.as_str()))?;
    Some(
        Diagnostic::error(Rule::MissingTemplate, format!("unknown layout `{}`", layout.value))
            .at(&page.source, layout.span, format!("the theme has no `{}.html`", layout.value))
            .suggest(layout.value.as_str(), theme.layouts.iter().map(String::as_str)),
    )
}

/// Reports the unknown blocks of a page.
pub fn unknown_blocks(page: &Page, outline: &Outline, theme: &ThemeNames) -> Vec<Diagnostic> {
    let known = || theme.blocks.iter().map(String::as_str);
    let unknown = outline.blocks.iter().filter(|(name, _)| !theme.blocks.contains(name));
    let diagnostics = unknown.map(|(name, span)| {
        let diagnostic = Diagnostic::error(Rule::UnknownBlock, format!("unknown block `{name}`"));
        let label = format!("the theme has no `blocks/{name}.html`");
        let diagnostic = diagnostic.at(&page.source, *span, label);
        match nearest(name, known()) {
            Some(_) => diagnostic.suggest(name, known()),
            None => diagnostic.help(format!("the blocks are {}", list(known()))),
        }
    });
    diagnostics.collect()
}
