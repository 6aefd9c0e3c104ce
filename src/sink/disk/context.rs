//! The wording of file errors.

use std::path::Path;

/// Returns ``cannot write `public/index.html` ``.
pub(super) fn cannot(verb: &str, path: &Path) -> String {
    format!("cannot {verb} `{}`", path.display())
}
