//! The result of `reconcile`: the new register, what changed, and the diagnostics about it.

use super::rows::Register;
use crate::diagnostics::{Diagnostic, first_few};
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::model::tag::LeadTag;
use crate::rules::Rule;

/// The new register and the lead tags that changed, sorted. Each lead tag is in at most one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The new register, also if nothing changed.
    pub register: Register,
    /// Issued for the first time, or again.
    pub opened: Vec<LeadTag>,
    /// No longer issued.
    pub closed: Vec<LeadTag>,
    /// With another offer: one row was closed and one opened.
    pub changed: Vec<LeadTag>,
    /// With the same offer, but another label or landing page: the open row was updated.
    pub updated: Vec<LeadTag>,
}

impl Changes {
    /// No changes yet, with room for a number of rows.
    pub(super) fn with_capacity(rows: usize) -> Changes {
        Changes {
            register: Register { rows: Vec::with_capacity(rows) },
            opened: Vec::new(),
            closed: Vec::new(),
            changed: Vec::new(),
            updated: Vec::new(),
        }
    }

    /// Joins the changes of consecutive chunks.
    pub(super) fn concat(mut chunks: Vec<Changes>) -> Changes {
        if chunks.len() == 1
            && let Some(whole) = chunks.pop()
        {
            return whole;
        }
        let rows = chunks.iter().map(|chunk| chunk.register.rows.len()).sum();
        let mut whole = Changes::with_capacity(rows);
        for chunk in chunks {
            let Changes { register, opened, closed, changed, updated } = chunk;
            whole.register.rows.extend(register.rows);
            whole.opened.extend(opened);
            whole.closed.extend(closed);
            whole.changed.extend(changed);
            whole.updated.extend(updated);
        }
        whole
    }

    /// Whether the register was already up to date.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(tags, _)| tags.is_empty())
    }

    /// Returns for example `2 lead tags opened, 1 closed`, or `no lead tag changed`.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        for (tags, what) in self.lists() {
            match (tags.len(), parts.is_empty()) {
                (0, _) => {}
                (1, true) => parts.push(format!("1 lead tag {what}")),
                (count, true) => parts.push(format!("{count} lead tags {what}")),
                (count, false) => parts.push(format!("{count} {what}")),
            }
        }
        if parts.is_empty() {
            return "no lead tag changed".to_owned();
        }
        parts.join(", ")
    }

    /// Returns the error for `--locked` if lead tags would be opened, closed or get another offer. Another label or landing
    /// page changes nothing that was promised, so it is a warning: who edits content in a browser cannot run `tagline tags`.
    pub fn locked_diagnostic(&self) -> Option<Diagnostic> {
        if self.opened.is_empty() && self.closed.is_empty() && self.changed.is_empty() {
            return self.outdated_warning();
        }
        let message = format!("the tag register is not up to date: {}", self.summary());
        self.with_changed_tags(Diagnostic::error(Rule::BadRegister, message))
    }

    /// Returns the warning of `check` if the next build will change the register.
    pub fn outdated_warning(&self) -> Option<Diagnostic> {
        let message = format!("the next build will change the tag register: {}", self.summary());
        self.with_changed_tags(Diagnostic::warning(Rule::OutdatedRegister, message))
    }

    /// Adds the first few lead tags of each list. None if nothing changed.
    fn with_changed_tags(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if self.is_empty() {
            return None;
        }
        diagnostic = diagnostic.in_file(REGISTER_FILE);
        for (tags, what) in self.lists() {
            if !tags.is_empty() {
                diagnostic = diagnostic.help(format!("{what}: {}", first_few(tags)));
            }
        }
        Some(diagnostic.help(format!("run `tagline tags`, and commit `{REGISTER_FILE}` and `{CHECKSUM_FILE}`")))
    }

    fn lists(&self) -> [(&[LeadTag], &'static str); 4] {
        [
            (&self.opened, "opened"),
            (&self.closed, "closed"),
            (&self.changed, "with a new offer"),
            (&self.updated, "with a new label or landing page"),
        ]
    }
}
