//! `tagline tags`: updates the tag register and writes nothing else.

use super::compile::{Scope, compile};
use super::inputs;
use super::outcome::{Outcome, RunSummary};
use super::register_file::{self, RegisterWritten};
use super::register_lock::RegisterLock;
use super::request::Request;
use crate::load;
use crate::render::Counts;

/// Updates the tag register.
pub fn tags(request: &Request) -> anyhow::Result<Outcome> {
    let _lock = RegisterLock::acquire(&request.root);
    let scan = load::scan(&request.root)?;
    let (inputs, mut findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Outcome::refused(findings, &scan) };
    let Some((compiled, _)) = compile(&inputs, Scope::LeadTags, &mut findings)? else {
        return Outcome::refused(findings, &scan);
    };
    let written = register_file::write(&inputs, &compiled.changes, compiled.listing)?;
    let summary = RunSummary {
        unchanged: written != RegisterWritten::Yes,
        ..RunSummary::new(&compiled, Counts::default(), written)
    };
    Outcome::finished(summary, findings, &scan)
}
