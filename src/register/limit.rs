//! The number of diagnostics about one file.

use crate::diagnostics::Diagnostic;

/// The files are generated, so thousands of errors have one cause, and the first hundred show it.
pub const MAX_DIAGNOSTICS: usize = 100;

/// Cuts the list at the maximum, and says so at the last diagnostic.
pub fn first_of(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.len() > MAX_DIAGNOSTICS {
        diagnostics.truncate(MAX_DIAGNOSTICS);
        if let Some(last) = diagnostics.pop() {
            diagnostics.push(last.help(format!("there are more errors; only the first {MAX_DIAGNOSTICS} are shown")));
        }
    }
    diagnostics
}
