//! The command `tagline`.

use std::process::ExitCode;

/// Drawing pages makes many short-lived texts on every core: with glibc's allocator a fifth of the samples of
/// ten thousand pages' profile lay in it. Without huge pages (`no_thp`) the kernel zeroes less: 1.0 s in place
/// of 1.2 s for the same, turn by turn.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` by its place among mimalloc's options, which the bindings don't name. `Cargo.toml`
/// asks for the very version of the bindings that this was read in.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> ExitCode {
    // Memory that parsing leaves goes back after a millisecond, not a second: a quarter less at the peak of
    // ten thousand pages, for no time that could be measured.
    // SAFETY: no other thread runs yet, which is all that mimalloc asks for here.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, 1) };
    tagline::cli::run()
}
