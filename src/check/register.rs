//! Rules about the tag register. Errors in the register itself are found when it is read.

use super::context::CheckContext;
use crate::diagnostics::Diagnostic;
use crate::register::Changes;

/// Reports what the next build will change in the tag register.
pub fn outdated_register(context: &CheckContext) -> Vec<Diagnostic> {
    context.changes.and_then(Changes::outdated_warning).into_iter().collect()
}
