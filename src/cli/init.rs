//! `tagline init`: a new site, and what to do with it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;

use super::print;
use crate::init::{self, Extent, write};

#[derive(Args)]
pub struct InitArgs {
    /// The folder of the new site; it is made if it is not there, and no file in it is overwritten
    dir: PathBuf,
    /// A site.yaml, a first page and what git needs, in place of an example of everything
    #[arg(long)]
    bare: bool,
    /// The day that the site begins, for the dates in it [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::date)]
    date: Option<Date>,
}

/// Writes the files of a new site.
///
/// # Errors
///
/// Where one of them is there already, or cannot be written.
pub fn run(args: &InitArgs) -> anyhow::Result<ExitCode> {
    let extent = if args.bare { Extent::Bare } else { Extent::Whole };
    let files = init::site(extent, args.date.unwrap_or_else(|| Zoned::now().date()))?;
    write::all_or_none(&args.dir, &files)?;
    Ok(print(next(&args.dir, extent, files.len()).as_bytes()))
}

fn next(dir: &Path, extent: Extent, count: usize) -> String {
    let shown = dir.display();
    let enter = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", in_shell(&shown.to_string())) };
    let read = match extent {
        Extent::Whole => "README.md says who does what; site.yaml and content/ are an example to be changed",
        Extent::Bare => "write your own title and address into site.yaml",
    };
    format!(
        "made a site of {count} files in `{shown}`: {read}\nnext:\n{enter}  tagline serve --open\n  tagline new spring-offer\n"
    )
}

/// A path as it can be pasted.
fn in_shell(path: &str) -> String {
    match path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}
