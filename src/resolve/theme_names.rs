//! Checks the layouts and blocks that pages use against the theme.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::block_attributes;
use super::place::Placed;
use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::block::{BlockDeclaration, Content, DeclaredBlocks, shows_a_cta};
use crate::model::body::{BlockLine, Outline};
use crate::model::page::Page;
use crate::rules::Rule;

/// The layouts, blocks and icons that a theme has.
pub struct ThemeNames {
    pub layouts: BTreeSet<String>,
    pub blocks: DeclaredBlocks,
    pub icons: BTreeSet<String>,
}

/// Reports unknown layouts and blocks, and wrong attributes of blocks.
pub fn check(placed: &Placed, theme: &ThemeNames) -> Vec<Diagnostic> {
    let pages = placed.pages.par_iter().zip(&placed.outlines);
    let diagnostics = pages.flat_map_iter(|(page, outline)| {
        unknown_layout(&page.page, theme).into_iter().chain(check_blocks(&page.page, outline, theme))
    });
    diagnostics.collect()
}

/// Reports the unknown blocks of a page, and wrong attributes of its blocks.
pub fn check_blocks(page: &Page, outline: &Outline, theme: &ThemeNames) -> Vec<Diagnostic> {
    let blocks = outline.blocks.iter().chain(&outline.thanks_blocks);
    let unknown = blocks.filter(|block| !theme.blocks.contains_key(&block.name));
    let mut diagnostics: Vec<Diagnostic> = unknown
        .map(|BlockLine { name, span, .. }| {
            let label = format!("the theme has no `blocks/{name}.html`");
            let diagnostic = Diagnostic::error(Rule::UnknownBlock, format!("unknown block `{name}`"));
            diagnostic.at(&page.source, *span, label).help(instead_of_unknown(name, theme))
        })
        .collect();
    diagnostics.extend(outline.thanks_blocks.iter().filter_map(|block| needs_campaign(page, block, theme)));
    diagnostics.extend(block_attributes::check(page, outline, &theme.blocks, &theme.icons));
    diagnostics
}

/// Reports a block on a thank-you page that needs what only the campaign's page has.
fn needs_campaign(page: &Page, block: &BlockLine, theme: &ThemeNames) -> Option<Diagnostic> {
    let declaration = theme.blocks.get(&block.name).and_then(Option::as_ref);
    let needs_end = declaration.is_some_and(|it| it.needs.iter().any(|need| need[..] == [Content::End]));
    let shows_form = |it: &BlockDeclaration| block.attributes.iter().any(|given| it.shows_form(&given.name));
    let (label, help) = match () {
        () if shows_a_cta(&block.name) || declaration.is_some_and(shows_form) => (
            "its form or its coupon is on the page of the campaign",
            "link to the call to action instead, as in `[Get the guide](cta:hiring-guide/guide)`",
        ),
        () if needs_end => ("the campaign ends, but this page stays", "remove the block"),
        () => return None,
    };
    let message = format!("a thank-you page cannot have the block `{}`", block.name);
    let diagnostic = Diagnostic::error(Rule::BadThanks, message).at(&page.source, block.span, label);
    Some(diagnostic.help(help))
}

/// Returns what to write instead of an unknown block.
fn instead_of_unknown(name: &str, theme: &ThemeNames) -> String {
    let is_synonym = |declaration: &&BlockDeclaration| declaration.synonyms.iter().any(|synonym| synonym == name);
    let known = || theme.blocks.keys().map(String::as_str);
    let declared = theme.blocks.iter().filter_map(|(name, declaration)| Some((name.as_str(), declaration.as_ref()?)));
    let by_synonym = declared.clone().find(|(_, declaration)| is_synonym(declaration)).map(|(name, _)| name);
    let near_synonym = || {
        let synonyms =
            declared.flat_map(|(block, declaration)| declaration.synonyms.iter().map(move |name| (name, block)));
        let synonyms: BTreeMap<&str, &str> = synonyms.map(|(name, block)| (name.as_str(), block)).collect();
        nearest(name, synonyms.keys().copied()).and_then(|synonym| synonyms.get(synonym).copied())
    };
    if by_synonym.is_none() && is_box(name) {
        return format!(
            "there are no boxes for remarks: write a quote, `> **Note.** …`; the blocks are {}",
            list(known())
        );
    }
    match by_synonym.or_else(|| nearest(name, known())).or_else(near_synonym) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if is_button(name) => {
            "a link to a call to action is a button: write `[Its label](cta:…)` with the id of the call to action"
                .to_owned()
        }
        None => format!("the blocks are {}", list(known())),
    }
}

/// Whether other programs have a box of this name.
fn is_box(name: &str) -> bool {
    const BOXES: [&str; 19] = [
        "admonition",
        "alert",
        "aside",
        "callout",
        "caution",
        "danger",
        "div",
        "example",
        "hint",
        "important",
        "info",
        "infobox",
        "message",
        "note",
        "notice",
        "remark",
        "success",
        "tip",
        "warning",
    ];
    BOXES.contains(&name)
}

fn is_button(name: &str) -> bool {
    matches!(name, "button" | "buttons" | "btn" | "action" | "actions" | "link" | "links")
}

fn unknown_layout(page: &Page, theme: &ThemeNames) -> Option<Diagnostic> {
    let layout = page.front.rare().layout.as_ref().filter(|layout| !theme.layouts.contains(layout.value.as_str()))?;
    let diagnostic = Diagnostic::error(Rule::MissingTemplate, format!("unknown layout `{}`", layout.value))
        .at(&page.source, layout.span, format!("the theme has no `{}.html`", layout.value))
        .suggest(layout.value.as_str(), theme.layouts.iter().map(String::as_str));
    let layouts = || list(theme.layouts.iter().map(String::as_str));
    Some(match layout.value.as_str() {
        "post" | "posts" | "blog" | "blog-post" | "news" | "entry" if theme.layouts.contains("article") => {
            diagnostic.or_help("for an article, write `layout: article`")
        }
        _ => diagnostic.or_help(format!("leave `layout` out for the usual page; the theme has {}", layouts())),
    })
}
