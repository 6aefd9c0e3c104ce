//! `tagline new`: writes a new page into a site.

use std::collections::HashSet;

use super::inputs;
use super::outcome::complete;
use super::pages::pages;
use super::request::Request;
use crate::body_store::BodyStore;
use crate::diagnostics::Diagnostic;
use crate::init;
use crate::init::page::{PageKind, PageName};
use crate::load;
use crate::parse::{Bodies, QuotationMarks, Settings};

/// What happened to a new page.
pub enum NewPage {
    /// The files that were written, by their paths below the root.
    Written(Vec<String>),
    /// Another page has its address or its id.
    Clash(String),
    /// `site.yaml` has errors.
    Refused(Vec<Diagnostic>),
}

/// Writes a new page into a site. Errors in other pages do not prevent this.
pub fn new_page(request: &Request, name: &PageName, kind: PageKind) -> anyhow::Result<NewPage> {
    let scan = load::scan(&request.root)?;
    let (inputs, findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Ok(NewPage::Refused(complete(findings, &scan)?)) };
    let no_files = HashSet::new();
    let settings = Settings {
        bodies: Bodies::ForLeads(&no_files),
        quotes: QuotationMarks::default(),
        languages: &inputs.config.languages,
    };
    let (pages, _) = pages(&scan, settings, &BodyStore::default())?;
    let files = init::page::files(name, kind, &inputs.config, inputs.today);
    if let Some(clash) = init::page::clash(name, kind, &pages).filter(|_| !scan.files.contains_key(&files[0].path)) {
        return Ok(NewPage::Clash(clash));
    }
    init::write::new_files(&request.root, &files)?;
    Ok(NewPage::Written(files.into_iter().map(|file| file.path).collect()))
}
