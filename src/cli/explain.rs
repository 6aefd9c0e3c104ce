//! `tagline explain`: prints what a lead tag, short code or URL offered.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::options::{self, SiteArgs};
use super::terminal::{self, CONTENT_ERRORS};
use crate::explain::NotFound;
use crate::pipeline::{self, Unexplained};
use crate::printer::{DiagnosticFormat, TerminalText, visible_line};

#[derive(Args)]
pub struct ExplainArgs {
    /// A lead tag (spring-hiring_save_acme), a short code (pw2wvxbrab), a URL of the site, or any URL with a lead tag
    #[arg(value_name = "LEAD_TAG|CODE|URL")]
    query: String,
    /// Show the offer as it was on this date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    on: Option<Date>,
    /// Text for people, or JSON for scripts
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    format: ExplainFormat,
    #[command(flatten)]
    site: SiteArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum ExplainFormat {
    Text,
    Json,
}

pub fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    match pipeline::explain(&args.site.request(), &args.query, args.on)? {
        Ok(explained) => match args.format {
            ExplainFormat::Text => terminal::print_result(&TerminalText::new(&explained.text)),
            ExplainFormat::Json => terminal::print_result(&TerminalText::json(&format!("{}\n", explained.json))),
        },
        Err(Unexplained::Content(diagnostics)) => {
            let consequence = "; fix the errors first";
            terminal::print_diagnostics(&diagnostics, consequence, &args.site.root, DiagnosticFormat::Text);
            Ok(ExitCode::from(CONTENT_ERRORS))
        }
        Err(Unexplained::Unknown(NotFound { message, help })) => {
            let help: String = help.iter().map(|help| format!(" = help: {}\n", visible_line(help))).collect();
            let message = visible_line(&message);
            terminal::print_note(&TerminalText::new(&format!("error: {message}\n{help}")));
            Ok(ExitCode::from(CONTENT_ERRORS))
        }
    }
}
