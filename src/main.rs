//! The command `tagline`.

use std::process::ExitCode;

/// Drawing pages makes many short-lived texts on every core, which the system's allocator is slow at: a
/// quarter of a build's time with glibc's, measured on ten thousand pages. Huge pages (`no_thp`) would be
/// zeroed whole for the little that a build uses of them: a fifth of its time again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tagline::cli::run()
}
