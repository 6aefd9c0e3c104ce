//! `tagline links`: compiles the site whose share links are listed.

use super::compile::{Scope, compile};
use super::inputs;
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::Diagnostic;
use crate::load;
use crate::resolve::Site;

/// Returns the site, or `None` if it has errors. Writes nothing. The register is only read, to report its errors.
pub fn links(request: &Request) -> anyhow::Result<(Option<Site>, Vec<Diagnostic>)> {
    let scan = load::scan(&request.root)?;
    let (inputs, mut findings) = inputs::read(request, &scan)?;
    let compiled = match inputs {
        Some(inputs) => compile(&inputs, Scope::LeadTags, &mut findings)?,
        None => None,
    };
    Ok((compiled.map(|(compiled, _)| compiled.site), complete(findings, &scan)?))
}
