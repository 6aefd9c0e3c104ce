//! `tagline diff`.

use std::process::ExitCode;

use clap::Args;

use super::options::SiteArgs;
use super::terminal::{self, CONTENT_ERRORS, ProgressBar};
use crate::pipeline;
use crate::printer::{DiagnosticFormat, ResultFormat};

#[derive(Args)]
pub struct DiffArgs {
    /// The address of a published site, or a folder with a built one [default: base_url of the site]
    against: Option<String>,
    #[command(flatten)]
    site: SiteArgs,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = ResultFormat::Text)]
    format: ResultFormat,
    /// Exit with status 1 if there is a difference
    #[arg(long)]
    exit_code: bool,
}

impl DiffArgs {
    pub fn diagnostic_format(&self) -> DiagnosticFormat {
        if self.format == ResultFormat::Json { DiagnosticFormat::Json } else { DiagnosticFormat::Text }
    }
}

pub fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let pages = ProgressBar::new("pages");
    let request = args.site.request();
    let against = match &args.against {
        Some(against) => against.clone(),
        None => pipeline::base_url(&request)?,
    };
    let (outcome, diff) = pipeline::diff(&request, &against, &|done, total| pages.show(done, total))?;
    pages.clear();
    terminal::print_diagnostics(
        &outcome.diagnostics,
        "; nothing was compared",
        &args.site.root,
        args.diagnostic_format(),
    );
    let Some(diff) = diff else { return Ok(ExitCode::from(CONTENT_ERRORS)) };
    terminal::print_result(&diff.print(args.format))?;
    Ok(if args.exit_code && !diff.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
