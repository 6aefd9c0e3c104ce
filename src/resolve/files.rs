//! Resolves files that pages show, link to and offer: their published paths, and the files made from pictures.

use std::sync::Arc;

use super::addresses::joined;
use super::private_files::position;
use super::references::References;
use super::site::{Icon, IconFiles, PublishedFile, Target};
use crate::diagnostics::Diagnostic;
use crate::images::plan::{self, DerivedImage, ImageRole, Picture};
use crate::model::address::Address;
use crate::model::body::LinkTarget;
use crate::model::file::Asset;
use crate::model::gate::{GATED_FOLDER, gated_folder};
use crate::model::picture::{ImageKind, ImageProblem, ImageReference, RasterFormat};
use crate::model::site_path::SitePath;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// A file of the site.
pub struct SiteFile<'s> {
    /// `content/…` or `static/…`.
    name: String,
    asset: &'s Asset,
}

impl<'s> References<'s> {
    /// Returns the picture that a page's front matter sets.
    pub fn page_image(&mut self, page: usize) -> Option<Arc<Picture>> {
        let from = &self.index.pages[page].page;
        let image = from.front.image.as_ref()?;
        let link =
            LinkTarget { address: image.value.as_str().into(), span: image.span, is_image: true, is_in_html: false };
        let local = match Address::parse(&image.value) {
            Ok(Address::Local { path, .. }) if !path.is_empty() => self.file_named(page, &path),
            _ => None,
        };
        let target = match local {
            Some(file) => self.picture_target(page, &file, image.span, ImageRole::PageImage),
            None => self.target(page, &link),
        };
        match target {
            Target::Picture(picture) => return Some(picture),
            // Already reported.
            Target::Text => {}
            _ => {
                let message = format!("`{}` is not an image of this site", image.value);
                let label = "expected an image file beside the page, or in static/";
                self.report(Diagnostic::error(Rule::BadUrl, message).at(&from.source, image.span, label));
            }
        }
        None
    }

    /// Returns the file of a download. It is published under its own name, or, behind a form, at an address that cannot be
    /// guessed.
    pub fn download(&mut self, page: usize, file: &Located<String>, is_gated: bool) -> Option<PublishedFile> {
        let link =
            LinkTarget { address: file.value.as_str().into(), span: file.span, is_image: false, is_in_html: false };
        let Some(found) = self.file_named(page, &file.value) else {
            self.missing_file(page, &file.value, &link);
            return None;
        };
        let name = found.name.rsplit('/').next().unwrap_or_default().to_owned();
        let length = found.asset.length;
        if !is_gated {
            let path = self.file_target(page, &found, file.span)?;
            return Some(PublishedFile { path, name, length });
        }
        self.found.reach.gated.push((found.name.clone(), page, file.span));
        let key = self.index.config.leads.gate_key.as_ref();
        let folder = gated_folder(key, &found.asset.digest, &name);
        let path = SitePath::in_folder(GATED_FOLDER, &format!("{folder}/{name}"))?;
        // The thank-you page stays after the end: a form may have been sent in the last minute.
        if self.index.is_published(page) {
            let source = &self.index.pages[page].page.source;
            self.report_content(&found, source, file.span, "leads would get this file");
            self.report_position(&found, source, file.span);
            self.found.reach.published.push((path.clone(), found.asset.clone()));
        }
        Some(PublishedFile { path, name, length })
    }

    /// Returns the site's icon, which is named relative to `content/` or `static/`.
    pub fn icon(&mut self, source: &Arc<SourceText>, icon: &Located<String>) -> Option<Icon> {
        let file = self.named_in_site(source, icon)?;
        let place = ImageReference { file: file.name.clone(), source: Arc::clone(source), span: icon.span };
        let (pixels, files) = match &file.asset.picture {
            Some(ImageKind::Still(still)) if still.format != RasterFormat::Gif && !file.asset.content.is_missing() => {
                let planned = plan::icon(*still, file.asset, &self.index.stem(&file.name)?)?;
                self.publish_pictures(&file, place, planned.files);
                (Some(still.pixels), IconFiles::Png(planned.sizes))
            }
            Some(ImageKind::Still(_) | ImageKind::Unchanged { .. }) => {
                let message = format!("`{}` cannot be an icon", icon.value);
                let diagnostic =
                    Diagnostic::error(Rule::BrokenImage, message).at(source, icon.span, "no PNG and no SVG");
                self.report(diagnostic.help("save it as a square PNG of 512 pixels, or as an SVG"));
                return None;
            }
            Some(ImageKind::Svg { pixels }) => {
                let path = self.picture(&file, place, ImageRole::Logo, true)?.path.clone();
                (*pixels, IconFiles::Svg(path))
            }
            Some(ImageKind::Invalid(_)) | None => {
                // Reports why it is no picture.
                self.picture(&file, place, ImageRole::Logo, true);
                return None;
            }
        };
        Some(Icon { pixels, files })
    }

    /// Returns the path of the site's logo, which is named relative to `content/` or `static/`.
    pub fn logo(&mut self, source: &Arc<SourceText>, logo: &Located<String>) -> Option<SitePath> {
        let file = self.named_in_site(source, logo)?;
        let place = ImageReference { file: file.name.clone(), source: Arc::clone(source), span: logo.span };
        Some(self.picture(&file, place, ImageRole::Logo, true)?.path.clone())
    }

    /// Returns a file that `site.yaml` names, or reports that there is none.
    fn named_in_site(&mut self, source: &Arc<SourceText>, named: &Located<String>) -> Option<SiteFile<'s>> {
        let file = self.file_at(named.value.trim_start_matches('/'));
        if file.is_none() {
            let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no file `{}`", named.value));
            self.report(diagnostic.at(source, named.span, "not found below content/ or static/"));
        }
        file
    }

    /// Returns the path of a linked file, and publishes it if the page's text is rendered.
    pub fn file_target(&mut self, page: usize, file: &SiteFile<'s>, span: Span) -> Option<SitePath> {
        if !self.is_rendered(page) {
            return self.path_of(file);
        }
        let source = &self.index.pages[page].page.source;
        self.report_content(file, source, span, "visitors would get this file");
        self.report_position(file, source, span);
        self.publish(file)
    }

    /// Returns the path of a file that `site.yaml` links to, and publishes it.
    pub fn site_file(&mut self, file: &SiteFile<'s>, source: &Arc<SourceText>, span: Span) -> Option<SitePath> {
        self.report_content(file, source, span, "visitors would get this file");
        self.report_position(file, source, span);
        self.publish(file)
    }

    /// Reports a file without its content, or with content of another format.
    fn report_content(&mut self, file: &SiteFile, source: &Arc<SourceText>, span: Span, label: &str) {
        let diagnostic = file.asset.content.to_diagnostic(&file.name);
        let bad = diagnostic.map(|diagnostic| (file.name.clone(), diagnostic.at(source, span, label)));
        self.found.bad_contents.extend(bad);
    }

    /// Reports a position in a file of `content/` that is published unchanged. Those of `static/` are reported without a
    /// reference.
    fn report_position(&mut self, file: &SiteFile, source: &Arc<SourceText>, span: Span) {
        if file.asset.has_position && file.name.starts_with("content/") {
            self.report(position().at(source, span, "published with its GPS position"));
        }
    }

    /// Returns the target of an image.
    pub fn picture_target(&mut self, page: usize, file: &SiteFile<'s>, span: Span, used_as: ImageRole) -> Target {
        let source = Arc::clone(&self.index.pages[page].page.source);
        let place = ImageReference { file: file.name.clone(), source, span };
        let picture = self.picture(file, place, used_as, self.is_rendered(page));
        picture.map_or(Target::Text, Target::Picture)
    }

    /// Returns the file that an author names: relative to the page, or with a leading `/` below `content/` or `static/`.
    pub fn file_named(&self, page: usize, path: &str) -> Option<SiteFile<'s>> {
        let file = joined(&self.index.pages[page].page.file, path)?;
        match path.starts_with('/') {
            true => self.file_at(&file),
            false => {
                let (file, asset) = self.index.asset(&file)?;
                Some(SiteFile { name: format!("content/{file}"), asset })
            }
        }
    }

    /// Plans a picture. If the page is rendered, the files made from it are published.
    fn picture(
        &mut self,
        file: &SiteFile<'s>,
        place: ImageReference,
        used_as: ImageRole,
        is_rendered: bool,
    ) -> Option<Arc<Picture>> {
        let SiteFile { name, asset } = file;
        // What is wrong with the others is reported as a broken image.
        let is_shown = matches!(asset.picture, Some(ImageKind::Still(_) | ImageKind::Unchanged { .. }));
        if asset.content.is_missing() || is_shown {
            self.report_content(file, &place.source, place.span, "used here");
        }
        if asset.content.is_missing() {
            return None;
        }
        let planned = match &asset.picture {
            Some(ImageKind::Still(still)) => plan::still(*still, asset, &self.index.stem(name)?, used_as),
            Some(ImageKind::Svg { pixels }) => plan::svg(*pixels, asset, &self.index.stem(name)?),
            Some(ImageKind::Unchanged { pixels }) => {
                if is_rendered {
                    self.report_position(file, &place.source, place.span);
                }
                let path = if is_rendered { self.publish(file) } else { self.path_of(file) };
                Some((Picture::single(path?, *pixels, asset), Vec::new()))
            }
            Some(ImageKind::Invalid(problem)) => {
                self.found.broken.push((asset.digest.clone(), problem.to_diagnostic(&place)));
                return None;
            }
            None => {
                let problem = match asset.content.format {
                    Some(format) => ImageProblem::NotAPicture(format.described()),
                    None => ImageProblem::Unreadable,
                };
                self.found.broken.push((asset.digest.clone(), problem.to_diagnostic(&place)));
                return None;
            }
        };
        let (picture, files) = planned?;
        if is_rendered && !files.is_empty() {
            self.publish_pictures(file, place, files);
        }
        Some(Arc::new(picture))
    }

    /// Publishes the files made from a picture.
    fn publish_pictures(&mut self, file: &SiteFile, place: ImageReference, files: Vec<(SitePath, DerivedImage)>) {
        self.found.reach.open.push(file.name.clone());
        self.found.reach.pictures.extend(files);
        self.found.shown.push((file.asset.digest.clone(), place));
    }

    pub fn file_at(&self, file: &str) -> Option<SiteFile<'s>> {
        let in_content =
            self.index.asset(file).map(|(file, asset)| SiteFile { name: format!("content/{file}"), asset });
        in_content.or_else(|| {
            let (file, asset) = self.index.static_file(file)?;
            Some(SiteFile { name: format!("static/{file}"), asset })
        })
    }

    fn path_of(&self, file: &SiteFile) -> Option<SitePath> {
        match file.name.strip_prefix("content/") {
            Some(file) => self.index.asset_path(file),
            None => SitePath::parse(file.name.strip_prefix("static/")?),
        }
    }

    /// Publishes a file under its own name, and returns its path.
    fn publish(&mut self, file: &SiteFile<'s>) -> Option<SitePath> {
        let path = self.path_of(file)?;
        self.found.reach.open.push(file.name.clone());
        if file.name.starts_with("content/") {
            self.found.reach.published.push((path.clone(), file.asset.clone()));
        }
        Some(path)
    }
}
