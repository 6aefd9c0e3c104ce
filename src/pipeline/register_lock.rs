//! Lets only one process at a time read and update the tag register of a site.

use std::fs::File;
use std::path::Path;

/// The lock of a site's register. It is released when it is dropped or when the process ends.
pub struct RegisterLock(Option<File>);

impl RegisterLock {
    /// Waits until no other process has the lock. The site's folder itself is locked, so there is no lock file.
    ///
    /// Without locks, as on some network file systems and on Windows, the run continues: before it writes, it still notices
    /// that the register has changed.
    pub fn acquire(root: &Path) -> RegisterLock {
        let folder = File::open(root).ok();
        RegisterLock(folder.filter(|folder| folder.lock().is_ok()))
    }
}

impl Drop for RegisterLock {
    fn drop(&mut self) {
        // Closing the folder is not enough: a child process that is just being started has it open too.
        if let Some(folder) = &self.0 {
            let _ = folder.unlock();
        }
    }
}
