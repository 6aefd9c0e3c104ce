//! Former versions of a site's files, from the program `git`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::load;
use crate::source::SourceText;

/// The history of the repository that a folder is in.
pub struct History {
    folder: PathBuf,
}

impl History {
    /// Finds the repository.
    ///
    /// # Errors
    ///
    /// If the program `git` is missing, or if the folder is in no repository.
    pub fn open(folder: &Path) -> anyhow::Result<History> {
        let history = History { folder: folder.to_owned() };
        let found = history.git(&["rev-parse", "--git-dir"])?;
        if !found.status.success() {
            let reason = String::from_utf8_lossy(&found.stderr);
            let reason = reason.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
            bail!(
                "rows are missing from the tag register, and `{}` is in no git repository to restore them from ({reason}); \
                 copy both files of the register from a backup",
                folder.display()
            );
        }
        Ok(history)
    }

    /// The commits of all branches that changed a file of the folder, the newest first.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn commits(&self, file: &str) -> anyhow::Result<Vec<String>> {
        let log = self.git(&["log", "--all", "--full-history", "--format=%H", "--", file])?;
        if !log.status.success() {
            bail!("`git log` failed: {}", String::from_utf8_lossy(&log.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&log.stdout).lines().map(str::to_owned).collect())
    }

    /// Returns the text of a file in a commit. `None` if the commit does not have it, or not as a text.
    ///
    /// # Errors
    ///
    /// If git cannot be started.
    pub fn text(&self, commit: &str, file: &str) -> anyhow::Result<Option<Arc<SourceText>>> {
        let shown = self.git(&["show", &format!("{commit}:./{file}")])?;
        let text = shown.status.success().then(|| load::decoded(file.to_owned(), shown.stdout).0);
        Ok(text.flatten())
    }

    /// Whether older commits were not fetched.
    pub fn is_shallow(&self) -> bool {
        let shallow = self.git(&["rev-parse", "--is-shallow-repository"]);
        shallow.is_ok_and(|shallow| shallow.stdout.starts_with(b"true"))
    }

    fn git(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let output = Command::new("git").arg("-C").arg(&self.folder).args(arguments).output();
        match output {
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "rows are missing from the tag register, and the program `git`, which has its history, is not installed; \
                 install it, or copy both files of the register from a backup"
            ),
            output => output.context("cannot start `git`"),
        }
    }
}
