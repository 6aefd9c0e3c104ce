//! `tagline explain`: looks up a lead tag, code or address.

use jiff::civil::Date;

use super::compile::{Resolved, Scope, resolve};
use super::inputs::{self, Inputs};
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Findings};
use crate::explain::{self, ExplainContext};
use crate::load::{self, Scan};
use crate::register::Register;

/// The explanation of a lead tag, code or address.
pub struct Explained {
    /// For people.
    pub text: String,
    pub json: String,
}

/// Why there is no explanation.
pub enum Unexplained {
    /// The site has errors.
    Content(Vec<Diagnostic>),
    Unknown(explain::NotFound),
}

/// Explains a lead tag, code or address; with `on`, what it offered on that day. Writes nothing.
pub fn explain(request: &Request, query: &str, on: Option<Date>) -> anyhow::Result<Result<Explained, Unexplained>> {
    let scan = load::scan(&request.root)?;
    let (inputs, mut findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return refused(findings, &scan) };
    let today = inputs.today;
    let inputs = Inputs { today: on.unwrap_or(today), ..inputs };
    let resolved = resolve(&inputs, &mut Scope::Explain, &mut findings)?.filter(|_| !findings.has_errors());
    let Some((Resolved { site, notes, register: Some(checked), .. }, contents)) = resolved else {
        return refused(findings, &scan);
    };
    let register = checked.register;
    let context = ExplainContext { site: &site, register: &register, notes: &notes, today, on };
    let mut rows = Register::default();
    let answer = match explain::answer(&context, query, &mut rows) {
        Ok(answer) => answer,
        Err(unknown) => return Ok(Err(Unexplained::Unknown(unknown))),
    };
    let explained = Explained { text: explain::to_text(&answer), json: serde_json::to_string_pretty(&answer)? };
    // The program ends here. Freeing 10,000 pages would only take time.
    std::mem::forget((site, contents, notes, register, rows, scan));
    Ok(Ok(explained))
}

fn refused(findings: Findings, scan: &Scan) -> anyhow::Result<Result<Explained, Unexplained>> {
    Ok(Err(Unexplained::Content(complete(findings, scan)?)))
}
