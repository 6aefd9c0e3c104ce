//! `tagline explain`: what a lead tag, code or address stands for goes to stdout, and why not to stderr.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{CONTENT, SiteArgs, print, request, tell_problems};
use crate::explain::NotFound;
use crate::pipeline::{self, Unexplained};
use crate::printer;

#[derive(Args)]
pub struct ExplainArgs {
    /// A lead tag (spring-hiring_save_acme), a short code (pw2wvxbrab), or any address of the site or with a lead tag
    #[arg(value_name = "LEAD_TAG|CODE|URL")]
    asked: String,
    /// Say what it offered on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::date)]
    on: Option<Date>,
    /// The card as text for people, or as JSON for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Explains what is asked.
///
/// # Errors
///
/// Where a file or folder cannot be read.
pub fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    match pipeline::explain(&request(&args.site, None, false), &args.asked, args.on)? {
        Ok(explained) => Ok(match args.format {
            Format::Text => print(explained.text.as_bytes()),
            Format::Json => print(format!("{}\n", explained.json).as_bytes()),
        }),
        Err(Unexplained::Content(found)) => {
            tell_problems(&found, "; nothing can be explained before", &args.site, printer::Format::Text);
            Ok(ExitCode::from(CONTENT))
        }
        Err(Unexplained::Unknown(unknown)) => {
            tell_unknown(&unknown);
            Ok(ExitCode::from(CONTENT))
        }
    }
}

fn tell_unknown(NotFound { message, help }: &NotFound) {
    let mut stderr = io::stderr().lock();
    // Nothing is left to do about a standard error that cannot be written to.
    let _ = writeln!(stderr, "error: {message}");
    for help in help {
        let _ = writeln!(stderr, " = help: {help}");
    }
}
