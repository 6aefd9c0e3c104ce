//! The `tagline` binary: sets up the allocator and runs the command line.

use std::process::ExitCode;

/// Rendering allocates many short-lived strings on every core. With glibc's allocator, a fifth of the samples of a
/// build of 10,000 pages were in malloc. `no_thp` disables huge pages, so the kernel zeroes less memory: 1.0 s
/// instead of 1.2 s for the same build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: its index in mimalloc's list of options, which the bindings don't export. `Cargo.toml`
/// pins the version of the bindings for which this index was looked up.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    // Return freed memory to the system after 50 ms instead of 1 s. The peak for 10,000 pages is a quarter lower. With
    // 1 ms, the system time is half as much again, because memory is returned and needed again at once.
    // SAFETY: no other thread is running yet, which is mimalloc's only requirement.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, 50) };
    tagline::cli::run()
}
