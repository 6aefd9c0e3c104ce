//! The files that pages show, link and offer: which they are, where they are published, and what is made of pictures.

use std::sync::Arc;

use super::links::{References, joined};
use super::{PublishedFile, Target};
use crate::diagnostics::Diagnostic;
use crate::images::plan::{self, ImageRole, Picture};
use crate::model::address::{Address, GATED_FOLDER, SitePath};
use crate::model::body::LinkTarget;
use crate::model::file::Asset;
use crate::model::picture::{ImageKind, ImageProblem, ImageReference};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// A file of the site as an author names it: `content/…` or `static/…`.
pub(super) struct Found<'s> {
    name: String,
    asset: &'s Asset,
}

impl<'s> References<'s> {
    /// The picture of a page.
    pub(super) fn image(&mut self, index: usize) -> Option<Arc<Picture>> {
        let page = &self.site.pages[index].page;
        let image = page.front.image.as_ref()?;
        let link = LinkTarget { address: image.value.clone(), span: image.span, is_image: true };
        let local = match Address::parse(&image.value) {
            Ok(Address::Local { path, .. }) if !path.is_empty() => self.file_named(index, &path),
            _ => None,
        };
        let target = match local {
            Some(found) => self.picture_target(index, &found, image.span, ImageRole::PageImage),
            None => self.target(index, &link),
        };
        match target {
            Target::Picture(picture) => return Some(picture),
            // Told already.
            Target::Text => {}
            _ => {
                let message = format!("`{}` is no image of this site", image.value);
                let place = "an image file beside the page, or in static/, is expected here";
                self.found.push(Diagnostic::error(Rule::BadUrl, message).at(&page.source, image.span, place));
            }
        }
        None
    }

    /// The file of a download: openly under its own name, or, behind a form, at an address that nobody
    /// guesses who does not have the file.
    pub(super) fn download(&mut self, index: usize, file: &Located<String>, gated: bool) -> Option<PublishedFile> {
        let link = LinkTarget { address: file.value.clone(), span: file.span, is_image: false };
        let Some(found) = self.file_named(index, &file.value) else {
            self.missing_file(index, &file.value, &link);
            return None;
        };
        let name = found.name.rsplit('/').next().unwrap_or_default().to_owned();
        let length = found.asset.length;
        let drawn = self.is_drawn(index);
        if !gated {
            let path = if drawn { self.publish(&found) } else { self.address_of(&found) }?;
            return Some(PublishedFile { path, name, length });
        }
        self.reach.gated.push((found.name.clone(), index, file.span));
        let path = SitePath::parse(&format!("{GATED_FOLDER}/{}/{name}", found.asset.digest))?;
        // The thank-you page stays after the end, so that a form sent in the last minute is answered.
        if self.site.pages[index].state.is_published(self.site.options.preview) {
            self.reach.published.push((path.clone(), found.asset.clone()));
        }
        Some(PublishedFile { path, name, length })
    }

    /// The site's logo, named from `content/` or `static/` on.
    pub(super) fn logo(&mut self, source: &Arc<SourceText>, logo: &Located<String>) -> Option<SitePath> {
        if let Some(found) = self.file_at(logo.value.trim_start_matches('/')) {
            let place = ImageReference { file: found.name.clone(), source: Arc::clone(source), span: logo.span };
            return Some(self.picture(&found, place, ImageRole::Logo, true)?.path.clone());
        }
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("there is no file `{}`", logo.value));
        self.found.push(diagnostic.at(source, logo.span, "neither below content/ nor below static/"));
        None
    }

    pub(super) fn file_target(&mut self, index: usize, found: &Found<'s>) -> Option<SitePath> {
        // A file beside a page that nobody sees is not published.
        if self.is_drawn(index) { self.publish(found) } else { self.address_of(found) }
    }

    pub(super) fn picture_target(&mut self, index: usize, found: &Found<'s>, span: Span, shown: ImageRole) -> Target {
        let source = Arc::clone(&self.site.pages[index].page.source);
        let place = ImageReference { file: found.name.clone(), source, span };
        let picture = self.picture(found, place, shown, self.is_drawn(index));
        picture.map_or(Target::Text, Target::Picture)
    }

    /// A picture that is shown, and the files that are made of it where the page that shows it is drawn.
    fn picture(
        &mut self,
        found: &Found<'s>,
        place: ImageReference,
        shown: ImageRole,
        is_drawn: bool,
    ) -> Option<Arc<Picture>> {
        let Found { name, asset } = found;
        let planned = match &asset.picture {
            Some(ImageKind::Still(still)) => plan::still(*still, asset, &self.stem(name)?, shown),
            Some(ImageKind::Svg { pixels }) => plan::svg(*pixels, asset, &self.stem(name)?),
            Some(ImageKind::Unchanged { pixels }) => {
                let path = if is_drawn { self.publish(found) } else { self.address_of(found) };
                Some((Picture::single(path?, *pixels, asset), Vec::new()))
            }
            Some(ImageKind::Invalid(problem)) => {
                self.broken.push((asset.digest.clone(), problem.to_diagnostic(&place)));
                return None;
            }
            None => {
                self.broken.push((asset.digest.clone(), ImageProblem::Unreadable.to_diagnostic(&place)));
                return None;
            }
        };
        let (picture, made) = planned?;
        if is_drawn && !made.is_empty() {
            self.reach.open.push(name.clone());
            self.reach.pictures.extend(made);
            self.shown.push((asset.digest.clone(), place));
        }
        Some(Arc::new(picture))
    }

    /// A file that a page's author names: beside the page, or with a `/` below `content/`, then `static/`.
    pub(super) fn file_named(&self, index: usize, path: &str) -> Option<Found<'s>> {
        let file = joined(&self.site.pages[index].page.file, path)?;
        match path.starts_with('/') {
            true => self.file_at(&file),
            false => {
                let asset = self.sources.assets.get(&file)?;
                Some(Found { name: format!("content/{file}"), asset })
            }
        }
    }

    fn file_at(&self, file: &str) -> Option<Found<'s>> {
        let in_content = self.sources.assets.get(file).map(|asset| Found { name: format!("content/{file}"), asset });
        in_content.or_else(|| {
            self.sources.static_files.get(file).map(|asset| Found { name: format!("static/{file}"), asset })
        })
    }

    /// Where a file lies in the built site.
    fn address_of(&self, found: &Found) -> Option<SitePath> {
        match found.name.strip_prefix("content/") {
            Some(file) => self.asset_path(file),
            None => SitePath::parse(found.name.strip_prefix("static/")?),
        }
    }

    /// Publishes a file openly, and says where.
    fn publish(&mut self, found: &Found<'s>) -> Option<SitePath> {
        let path = self.address_of(found)?;
        self.reach.open.push(found.name.clone());
        if found.name.starts_with("content/") {
            self.reach.published.push((path.clone(), found.asset.clone()));
        }
        Some(path)
    }
}
