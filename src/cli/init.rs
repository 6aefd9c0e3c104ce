//! `tagline init`: creates a new site and prints the next steps.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;

use super::{options, terminal};
use crate::init::{self, SiteTemplate, write};
use crate::printer::TerminalText;

#[derive(Args)]
pub struct InitArgs {
    /// The folder for the new site; existing files are never overwritten
    dir: PathBuf,
    /// Create only site.yaml, a home page and the files for git, without the example campaign
    #[arg(long)]
    bare: bool,
    /// Use this date as today for the dates in the new files [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    date: Option<Date>,
}

pub fn run(args: &InitArgs) -> anyhow::Result<ExitCode> {
    let template = if args.bare { SiteTemplate::Bare } else { SiteTemplate::Example };
    let files = init::site(template, args.date.unwrap_or_else(|| Zoned::now().date()))?;
    write::new_files(&args.dir, &files)?;
    terminal::print_result(&TerminalText::new(&next_steps(&args.dir, template, files.len())))
}

fn next_steps(dir: &Path, template: SiteTemplate, count: usize) -> String {
    let folder = dir.display().to_string();
    let cd = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", shell_quoted(&folder)) };
    let hint = match template {
        SiteTemplate::Example => {
            "start with README.md, then replace the example in site.yaml and content/ with your own"
        }
        SiteTemplate::Bare => "set your title and base_url in site.yaml",
    };
    format!(
        "created a site with {count} files in `{folder}`: {hint}\nnext:\n{cd}  tagline serve --open\n  tagline new spring-offer\n"
    )
}

/// Quotes a path so that it can be pasted into a shell.
fn shell_quoted(path: &str) -> String {
    match path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}
