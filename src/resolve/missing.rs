//! References to missing files, with suggestions: a file with a similar name, or where to put the file.

use super::addresses::joined;
use super::index::SiteIndex;
use super::references::{MissingFile, References};
use crate::diagnostics::{Diagnostic, nearest};
use crate::model::body::LinkTarget;
use crate::model::slug::slugify;
use crate::rules::Rule;

impl References<'_> {
    /// Reports that a page refers to a missing file.
    pub fn missing_file(&mut self, page: usize, path: &str, link: &LinkTarget) {
        let from = &self.index.pages[page].page;
        let as_address: String = path.trim_matches('/').split('/').map(|part| format!("{}/", slugify(part))).collect();
        let what = if link.is_image { "image" } else { "file" };
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no {what} `{path}`"));
        let diagnostic = diagnostic.at(&from.source, link.span, "not found");
        match self.index.page_at(&as_address) {
            Some(target) => {
                self.report(diagnostic.help(format!("link to a page by its file: `/{}`", target.page.file)));
            }
            None => {
                let help = where_to_put(&from.file, path);
                self.found.missing.push(MissingFile { diagnostic, page, path: path.to_owned(), help });
            }
        }
    }
}

/// Returns the diagnostic of a missing file with its help. Looks for a similar name if `look_up` is true.
pub fn with_help(index: &SiteIndex, missing: MissingFile, look_up: bool) -> Diagnostic {
    let MissingFile { diagnostic, page, path, help } = missing;
    let from = &index.pages[page].page.file;
    if let Some(help) = joined(from, &path).and_then(|file| file_elsewhere(index, &file)) {
        return diagnostic.help(help);
    }
    if let Some(written) = without_folder(index, &path) {
        return diagnostic.help(format!("write `{written}`: the folder is no part of the path"));
    }
    match look_up.then(|| similar_file(index, from, &path)).flatten() {
        Some(file) => {
            let folder = from.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
            let written = match folder.as_deref().and_then(|folder| file.strip_prefix(folder)) {
                Some(name) => name.to_owned(),
                None => format!("/{file}"),
            };
            diagnostic.help(format!("did you mean `{written}`?"))
        }
        None => diagnostic.help(help),
    }
}

/// Returns the path of an existing file that an author named with `static/` or `content/`.
fn without_folder(index: &SiteIndex, path: &str) -> Option<String> {
    let path = path.trim_start_matches(['.', '/']);
    let exists = match path.split_once('/')? {
        ("static", file) => index.static_file(file).is_some(),
        ("content", file) => index.asset(file).is_some() || index.page_in(file).is_some(),
        _ => false,
    };
    exists.then(|| path.trim_start_matches(|c| c != '/').to_owned())
}

/// Returns the help for a placeholder: how to get the real file. `file` is below `content/`.
fn file_elsewhere(index: &SiteIndex, file: &str) -> Option<String> {
    if index.sources.not_downloaded.contains(file) {
        return Some(
            "iCloud has not downloaded it to this computer: open its folder in Finder and download it".to_owned(),
        );
    }
    let is_tracked_by_dvc = index.sources.assets.contains_key(&format!("{file}.dvc"));
    is_tracked_by_dvc.then(|| "DVC has it elsewhere: run `dvc pull`, in CI too".to_owned())
}

/// Returns the file that most likely was meant: one with the same name in another folder, or one with a similar path.
fn similar_file<'s>(index: &SiteIndex<'s>, from: &str, path: &str) -> Option<&'s str> {
    let file = joined(from, path);
    let names = index.page_files.by_file.keys().chain(index.sources.assets.keys()).map(String::as_str);
    let mut known: Vec<&str> = names.filter(|name| Some(*name) != file.as_deref()).collect();
    known.sort_unstable();
    let same_name = path.rsplit('/').next().and_then(|name| {
        known.iter().copied().find(|file| file.rsplit('/').next() == Some(name) && name != "index.md")
    });
    same_name.or_else(|| nearest(&file?, known))
}

fn where_to_put(page: &str, path: &str) -> String {
    if path.ends_with('/') {
        return "link to a page by its file, as in `/offer.md`, or remove the link".to_owned();
    }
    match (path.strip_prefix('/'), joined(page, path)) {
        (None, Some(file)) => format!("add the file as `content/{file}`, or remove this"),
        (Some(below), Some(_)) => {
            format!("add the file as `content/{below}` or `static/{below}`, or remove this")
        }
        (_, None) => "use a file below `content/` or `static/`".to_owned(),
    }
}
