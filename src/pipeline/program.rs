//! Which program runs: what another one cached or wrote is not used, because it may have made it in another way.

use std::fs;
use std::time::UNIX_EPOCH;

/// Identifies this program: its version, and the size and the time of its file, because another one of the same version may
/// render other pages.
pub fn program() -> String {
    let file = std::env::current_exe().and_then(fs::metadata);
    let length = file.as_ref().map_or(0, fs::Metadata::len);
    let changed = file.and_then(|file| file.modified()).ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{} {length} {}", env!("CARGO_PKG_VERSION"), changed.unwrap_or_default().as_nanos())
}
