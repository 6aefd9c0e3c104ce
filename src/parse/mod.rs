//! From source text to pages: front matter and body, each file for itself, in parallel.

pub mod blocks;
pub mod front_matter;
pub mod markdown;
pub mod notes;
pub mod shape;
pub mod site_yaml;
pub mod yaml;

use std::sync::Arc;

use rayon::prelude::*;

use crate::model::page::Page;
use crate::word::diagnostic::{Diagnostic, Severity};
use crate::word::source::SourceText;

/// A file below `content/` that becomes a page, and what could be read of it.
pub enum Parsed {
    Page(Box<Page>),
    /// Its front matter cannot be read at all, and that is told; links to it are not wrong for that.
    Broken {
        file: String,
    },
}

/// Reads every page. `sources` are the Markdown files, each with its path below `content/`. Their texts are
/// let go one by one: of ten thousand pages they would be a quarter of a build's memory.
pub fn pages(sources: Vec<(String, Arc<SourceText>)>) -> (Vec<Parsed>, Vec<Diagnostic>) {
    let parsed: Vec<(Parsed, Vec<Diagnostic>)> =
        sources.into_par_iter().map(|(file, source)| page(&file, &source)).collect();
    let mut pages = Vec::with_capacity(parsed.len());
    let mut found = Vec::new();
    for (page, mut diagnostics) in parsed {
        pages.push(page);
        found.append(&mut diagnostics);
    }
    (pages, found)
}

fn page(file: &str, source: &Arc<SourceText>) -> (Parsed, Vec<Diagnostic>) {
    let broken = || Parsed::Broken { file: file.to_owned() };
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(diagnostic) => return (broken(), vec![*diagnostic]),
    };
    let (front, mut found) = front_matter::read(source, parts.yaml);
    let (body, mut in_body) = markdown::body(source, parts.body);
    found.append(&mut in_body);
    let broken_page = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match front {
        Some(front) => {
            let page = Page {
                source: SourceText::without_text(&source.path),
                file: file.to_owned(),
                front,
                body,
                broken: broken_page,
            };
            (Parsed::Page(Box::new(page)), found)
        }
        None => (broken(), found),
    }
}
