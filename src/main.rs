//! The command `tagline`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tagline::cli::run()
}
