//! The messages that the watcher and the Ctrl-C handler send to the main loop.

use crate::pipeline::session::Changed;

pub enum Signal {
    Changed(Changed),
    /// Ctrl-C was pressed.
    Stop,
}

impl Changed {
    /// Merges two changes into one.
    pub(super) fn and(self, other: Changed) -> Changed {
        match (self, other) {
            (Changed::Paths(mut paths), Changed::Paths(more)) => {
                paths.extend(more);
                Changed::Paths(paths)
            }
            (Changed::Anything, _) | (_, Changed::Anything) => Changed::Anything,
        }
    }
}
