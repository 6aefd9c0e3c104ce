//! `tagline new`: writes a new page into a site.

use std::collections::HashSet;

use super::inputs;
use super::outcome::complete;
use super::pages::pages;
use super::request::Request;
use crate::body_store::BodyStore;
use crate::diagnostics::{Diagnostic, nearest};
use crate::init;
use crate::init::page::{PageKind, PageName};
use crate::load;
use crate::model::variant::Language;
use crate::parse::{self, Bodies, QuotationMarks, Settings, translation};

/// What happened to a new page.
pub enum NewPage {
    /// The files that were written, by their paths below the root.
    Written(Vec<String>),
    /// Another page has its address or its id.
    Clash(String),
    /// There is nothing to translate, or no such language.
    NotTranslatable(String),
    /// `site.yaml` has errors.
    Refused(Vec<Diagnostic>),
}

/// Writes a translation of a page, with the page's text in comments. Errors in other pages do not prevent this.
pub fn new_translation(request: &Request, name: &PageName, language: &Language) -> anyhow::Result<NewPage> {
    let scan = load::scan(&request.root)?;
    let (inputs, findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Ok(NewPage::Refused(complete(findings, &scan)?)) };
    let languages = &inputs.config.languages;
    if languages.iter().all(|known| known.language != *language) {
        let known = languages.iter().map(|known| known.language.as_str());
        let help = match nearest(language.as_str(), known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it to `languages`: `{language}: {{ label: … }}`"),
        };
        return Ok(NewPage::NotTranslatable(format!("site.yaml has no language `{language}`; {help}")));
    }
    let settings = Settings { bodies: Bodies::All, quotes: QuotationMarks::default(), languages: &[] };
    for file in name.files() {
        let (Some(source), _) = load::page_text(&scan, &file)? else { continue };
        let (parsed, _) = parse::page(&file, &source, None, settings, &BodyStore::default());
        let Some(page) = parsed.page() else {
            let message = format!("`content/{file}` has errors in its front matter; run `tagline check` first");
            return Ok(NewPage::NotTranslatable(message));
        };
        let new = init::translation::file(page, &source, &translation::digest_of(&source.text), language);
        let path = new.path.clone();
        init::write::new_files(&request.root, &[new])?;
        return Ok(NewPage::Written(vec![path]));
    }
    let files = name.files().map(|file| format!("`content/{file}`")).join(" or ");
    Ok(NewPage::NotTranslatable(format!("there is no page to translate: {files} does not exist")))
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
