//! `tagline schema`: the names that a site defines, for the schemas of editors.

use super::inputs;
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::Diagnostic;
use crate::load;
use crate::schema::{self, Names};
use crate::theme;

/// The names that a folder's site defines.
pub enum SiteNames {
    Site(Names),
    /// The folder has no `site.yaml`.
    NoSite,
    /// `site.yaml` has errors.
    Refused(Vec<Diagnostic>),
}

/// Returns the names that pages may use. Errors in pages and in the theme are not reported.
pub fn names(request: &Request) -> anyhow::Result<SiteNames> {
    let scan = load::scan(&request.root)?;
    if !scan.files.contains_key(load::SITE_FILE) {
        return Ok(SiteNames::NoSite);
    }
    let (inputs, findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Ok(SiteNames::Refused(complete(findings, &scan)?)) };
    let (sources, _) = load::read(&scan)?;
    let (theme, _) = theme::load(&inputs.config, &sources);
    Ok(SiteNames::Site(schema::names(&inputs.config, theme.as_ref())))
}
