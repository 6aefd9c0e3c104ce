//! `tagline schema`: what an editor needs to know of `site.yaml` and of pages.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::{CONTENT, RootArgs, print, tell_problems};
use crate::pipeline::{self, SiteNames};
use crate::{printer, schema};

#[derive(Args)]
pub struct SchemaArgs {
    /// Of site.yaml, or of the lines at the top of a page
    #[arg(value_enum)]
    of: Of,
    /// Write it into this file, in place of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    site: RootArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    Site,
    Page,
}

/// Writes a schema; in a site, with the names that the site has.
///
/// # Errors
///
/// Where the site cannot be read, or the schema not be written.
pub fn run(args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let names = match pipeline::names(&args.site.request())? {
        SiteNames::Site(names) => Some(names),
        SiteNames::NoSite => None,
        SiteNames::Refused(found) => {
            tell_problems(&found, "; nothing was written", &args.site.site(), printer::Format::Text);
            return Ok(ExitCode::from(CONTENT));
        }
    };
    let text = schema::text(&match args.of {
        Of::Site => schema::site(names.as_ref()),
        Of::Page => schema::page(names.as_ref()),
    })?;
    let Some(file) = &args.output else { return Ok(print(text.as_bytes())) };
    fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(ExitCode::SUCCESS)
}
