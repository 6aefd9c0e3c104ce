//! The tag register: its file, and what the site's lead tags change in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;

use super::inputs::Inputs;
use crate::cache_dir;
use crate::diagnostics::{Diagnostic, Findings};
use crate::lead_tags::LeadTags;
use crate::load::{self, Sources};
use crate::register::{self, Changes, Register, warnings};
use crate::resolve::Site;
use crate::sales;

/// What a site changes in its register.
pub struct Reconciled {
    pub changes: Changes,
    pub lead_tags: usize,
}

/// Reads the register. Returns `None` if the file is damaged.
pub fn read(sources: &Sources) -> (Option<Register>, Vec<Diagnostic>) {
    let Some(source) = &sources.register else {
        return (Some(Register::default()), Vec::new());
    };
    match register::read(source) {
        Ok(register) => (Some(register), Vec::new()),
        Err(diagnostics) => (None, diagnostics),
    }
}

/// Compares the site's lead tags with its register. Returns `None` if one of the two has defects.
pub fn reconcile(
    inputs: &Inputs,
    site: &Site,
    register: Option<&Register>,
    findings: &mut Findings,
) -> Option<Reconciled> {
    let is_sound = !findings.has_defects();
    let (lead_tags, clashes) = LeadTags::of(site);
    let has_clashes = !clashes.is_empty();
    findings.extend(clashes);
    let register = register.filter(|_| is_sound && !has_clashes)?;
    let changes = register::reconcile(register, lead_tags.issued(), site.options.today);
    if !inputs.request.preview {
        findings.extend(warnings::removed_ids(site, register, &changes));
        findings.extend(warnings::reruns(site, register, &ends_of_last_build(&inputs.request.sales)));
    }
    if inputs.request.locked {
        findings.extend(changes.locked_error());
    }
    Some(Reconciled { changes, lead_tags: lead_tags.len() })
}

/// Writes the register, unless a preview or `--locked` leaves it alone. Returns whether the file changed.
pub fn write(inputs: &Inputs, changes: &Changes) -> anyhow::Result<bool> {
    if inputs.request.preview || inputs.request.locked {
        return Ok(false);
    }
    let path = inputs.scan.root.join(load::REGISTER_FILE);
    let text = register::write(&changes.register);
    if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(false);
    }
    cache_dir::write_atomically(&path, text.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(true)
}

/// The ends of campaigns in the last build. Empty if there was none, as in a fresh clone.
fn ends_of_last_build(sales: &Path) -> BTreeMap<String, Date> {
    let text = fs::read_to_string(sales.join(sales::CAMPAIGNS_FILE)).unwrap_or_default();
    sales::ends_of_last_build(&text)
}
