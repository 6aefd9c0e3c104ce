//! The result of `reconcile`: the new register, what changed, and the diagnostics about it.

use super::rows::{Register, Row};
use crate::diagnostics::{Diagnostic, first_few};
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::model::tag::LeadTag;
use crate::rules::Rule;

/// The new register and the lead tags that changed. A lead tag changes in one way at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The new register, also if nothing changed.
    pub register: Register,
    changed: ChangedRows,
}

/// How lead tags changed, by [`Change`], as the sorted indices of their first rows in the register: a new site has hundreds of
/// thousands of new lead tags.
type ChangedRows = [Vec<u32>; 4];

/// The new rows of some campaigns.
#[derive(Debug, PartialEq, Eq)]
pub struct NewRows {
    pub rows: Vec<Row>,
    changed: ChangedRows,
}

/// How a lead tag changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Issued for the first time, or again.
    Opened,
    /// No longer issued.
    Closed,
    /// With another offer: one row was closed and one opened.
    NewOffer,
    /// With the same offer, but another label or landing page: the open row was updated.
    Updated,
}

impl Change {
    const ALL: [Change; 4] = [Change::Opened, Change::Closed, Change::NewOffer, Change::Updated];

    fn phrase(self) -> &'static str {
        match self {
            Change::Opened => "opened",
            Change::Closed => "closed",
            Change::NewOffer => "with a new offer",
            Change::Updated => "with a new label or landing page",
        }
    }
}

impl NewRows {
    /// Begins with rows that did not change, with room for more.
    pub fn after(unchanged: &[Row], capacity: usize) -> NewRows {
        let mut rows = Vec::with_capacity(capacity);
        rows.extend_from_slice(unchanged);
        NewRows { rows, changed: Default::default() }
    }

    /// Adds the rows of the campaigns that follow.
    pub fn append(&mut self, next: NewRows) {
        let before = index(self.rows.len());
        self.rows.extend(next.rows);
        for (changed, next) in self.changed.iter_mut().zip(next.changed) {
            changed.extend(next.into_iter().map(|row| before + row));
        }
    }

    /// Adds a change of the lead tag whose first row has this index.
    pub fn add(&mut self, change: Change, first_row: usize) {
        self.changed[change as usize].push(index(first_row));
    }
}

impl From<NewRows> for Changes {
    fn from(NewRows { rows, changed }: NewRows) -> Changes {
        Changes { register: Register::of(rows), changed }
    }
}

impl Changes {
    /// A register that is up to date.
    pub(super) fn none(register: &Register) -> Changes {
        Changes { register: register.clone(), changed: Default::default() }
    }

    /// Returns the lead tags that changed in one way, sorted.
    pub fn tags(&self, change: Change) -> impl ExactSizeIterator<Item = &LeadTag> {
        self.changed[change as usize].iter().map(|&row| &self.register.rows()[row as usize].tag)
    }

    /// Whether the register was already up to date.
    pub fn is_empty(&self) -> bool {
        self.changed.iter().all(Vec::is_empty)
    }

    /// Returns for example `2 lead tags opened, 1 closed`, or `no lead tag changed`.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        for change in Change::ALL {
            let what = change.phrase();
            match (self.tags(change).len(), parts.is_empty()) {
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
        if [Change::Opened, Change::Closed, Change::NewOffer].iter().all(|&change| self.tags(change).len() == 0) {
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
        for change in Change::ALL {
            let tags: Vec<&LeadTag> = self.tags(change).collect();
            if !tags.is_empty() {
                diagnostic = diagnostic.help(format!("{}: {}", change.phrase(), first_few(&tags)));
            }
        }
        Some(diagnostic.help(format!("run `tagline tags`, and commit `{REGISTER_FILE}` and `{CHECKSUM_FILE}`")))
    }
}

/// The index of a row. The text of a register has less than 4 GiB, because spans end there.
fn index(row: usize) -> u32 {
    row as u32
}
