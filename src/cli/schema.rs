//! `tagline schema`: prints the JSON Schemas that editors use for completion and validation.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::options::RootArgs;
use super::terminal;
use crate::pipeline::{self, SiteNames};
use crate::schema;

#[derive(Args)]
pub struct SchemaArgs {
    /// The schema to print: for site.yaml, for the front matter of pages or of translations, or for blocks/<name>.yaml of a theme
    #[arg(value_enum)]
    of: SchemaKind,
    /// Write the schema to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    site: RootArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum SchemaKind {
    Site,
    Page,
    Translation,
    Block,
}

/// Prints or writes a schema. Inside a site it includes the site's channels, destinations and theme options.
pub fn run(args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let names = match pipeline::names(&args.site.request())? {
        SiteNames::Site(names) => Some(names),
        SiteNames::NoSite => None,
        SiteNames::Refused(diagnostics) => return Ok(terminal::refuse(&diagnostics, &args.site.root)),
    };
    let text = schema::text(&match args.of {
        SchemaKind::Site => schema::site(names.as_ref()),
        SchemaKind::Page => schema::page(names.as_ref()),
        SchemaKind::Translation => schema::translation(names.as_ref()),
        SchemaKind::Block => schema::block(),
    })?;
    let Some(file) = &args.output else { return terminal::print_data(text.as_bytes()) };
    fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(ExitCode::SUCCESS)
}
