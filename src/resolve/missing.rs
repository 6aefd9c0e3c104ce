//! Files that are named and not there: the ones that may be meant, or where to put them.

use super::links::{References, joined};
use crate::diagnostics::{Diagnostic, nearest};
use crate::model::body::LinkTarget;
use crate::model::slug::slugify;
use crate::rules::Rule;

/// A problem of a file that is not there, which may be one of another name.
pub(super) struct Missing {
    pub diagnostic: Diagnostic,
    /// The index of the page that names it.
    pub page: usize,
    /// As the author wrote it.
    pub path: String,
    /// The cure where no other is meant.
    pub otherwise: String,
}

impl<'s> References<'s> {
    /// Tells of a file that a page names, unless its name is looked for first.
    pub(super) fn missing_file(&mut self, index: usize, path: &str, link: &LinkTarget) {
        let page = &self.site.pages[index].page;
        let as_address: String = path.trim_matches('/').split('/').map(|part| format!("{}/", slugify(part))).collect();
        let by_address = self.site.pages.iter().find(|page| page.path.as_str() == as_address);
        let what = if link.is_image { "image" } else { "file" };
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("there is no {what} `{path}`")).at(
            &page.source,
            link.span,
            "leads nowhere",
        );
        match by_address {
            Some(target) => {
                let help = format!("pages are linked by their file: write `/{}`", target.page.file);
                self.found.push(diagnostic.help(help));
            }
            None => {
                let otherwise = place_for_file(&page.file, path);
                self.missing.push(Missing { diagnostic, page: index, path: path.to_owned(), otherwise });
            }
        }
    }

    /// The problem of a missing file, with the one that may be meant.
    pub(super) fn told(&self, missing: Missing, look: bool) -> Diagnostic {
        let Missing { diagnostic, page, path, otherwise } = missing;
        let from = &self.site.pages[page].page.file;
        match look.then(|| self.meant(from, &path)).flatten() {
            Some(file) => {
                let beside = from.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
                let written = match beside.as_deref().and_then(|folder| file.strip_prefix(folder)) {
                    Some(name) => name.to_owned(),
                    None => format!("/{file}"),
                };
                diagnostic.help(format!("did you mean `{written}`?"))
            }
            None => diagnostic.help(otherwise),
        }
    }

    fn meant(&self, from: &str, path: &str) -> Option<&'s str> {
        let file = joined(from, path);
        let names = self.site.page_files.by_file.keys().chain(self.sources.assets.keys()).map(String::as_str);
        let mut known: Vec<&str> = names.filter(|name| Some(*name) != file.as_deref()).collect();
        known.sort_unstable();
        let same_name = path.rsplit('/').next().and_then(|name| {
            known.iter().copied().find(|file| file.rsplit('/').next() == Some(name) && name != "index.md")
        });
        same_name.or_else(|| nearest(&file?, known))
    }
}

/// Where to put a file that is named and not there.
fn place_for_file(page: &str, path: &str) -> String {
    match (path.strip_prefix('/'), joined(page, path)) {
        (None, Some(file)) => format!("put the file there, as `content/{file}`, or leave this out"),
        (Some(below), Some(_)) => {
            format!("put the file there, as `content/{below}` or `static/{below}`, or leave this out")
        }
        (_, None) => "name a file below `content/` or `static/`".to_owned(),
    }
}
