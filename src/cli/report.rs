//! `tagline report`: prints what sales made of the leads.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::options::{self, SiteArgs};
use super::terminal::{self, CONTENT_ERRORS};
use crate::load::FIGURES_FILE;
use crate::model::site::report::{DayOrder, Decimals};
use crate::pipeline::{self, Output, OutputKind, Saving, Unreported};
use crate::printer::{TerminalText, visible_line};
use crate::report::{self, Dimension, InputError, Options, Report};

#[derive(Args)]
pub struct ReportArgs {
    /// Exports of your CRM: CSV or XLSX. Files of deals are joined with those of leads
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to group the leads by: campaign, channel, cta, variant, owner, week or month. Several are crossed
    #[arg(long, value_name = "BY", value_delimiter = ',', value_parser = dimension)]
    by: Vec<Dimension>,
    /// Count leads that were created on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    from: Option<Date>,
    /// Count leads that were created on this day or before
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    until: Option<Date>,
    /// Compare with the period of the same length before
    #[arg(long, value_name = "WITH", value_enum)]
    compare: Option<Compare>,
    #[command(flatten)]
    input: InputArgs,
    /// Text for people, the main table as CSV, or everything as JSON
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// Write a page with charts, which needs no network and prints
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the columns that were recognized to site.yaml
    #[arg(long)]
    save_mapping: bool,
    /// Write the numbers of each lead tag to lead-figures.csv, for the lead desk and `check`
    #[arg(long, conflicts_with_all = ["from", "until"])]
    save_figures: bool,
    /// Write where each row went, as CSV
    #[arg(long, value_name = "FILE")]
    explain_rows: Option<PathBuf>,
    #[command(flatten)]
    site: SiteArgs,
}

/// Options of `report` and `plan`.
#[derive(Args)]
pub struct InputArgs {
    /// What campaigns or channels cost: columns campaign, channel, month, amount, currency
    #[arg(long, value_name = "FILE")]
    pub costs: Option<PathBuf>,
    /// Whether 03/04/2027 is 3 April (dmy) or 4 March (mdy), if no other day of the column decides it
    #[arg(long, value_name = "ORDER", value_enum)]
    pub days: Option<Days>,
    /// Whether 1.500 is 1.50 (point) or 1500 (comma), if the other amounts of the column do not decide it
    #[arg(long, value_name = "SEPARATOR", value_enum)]
    pub decimals: Option<DecimalSeparator>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Compare {
    Previous,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Days {
    Dmy,
    Mdy,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DecimalSeparator {
    Point,
    Comma,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReportFormat {
    Text,
    Csv,
    Json,
}

pub fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    check_outputs(args)?;
    let options = Options {
        files: args.files.clone(),
        by: args.by.clone(),
        from: args.from,
        until: args.until,
        compare_previous: args.compare.is_some(),
        explain_rows: args.explain_rows.clone(),
        ..args.input.options()
    };
    let report = match pipeline::report(&args.site.request(), &options)? {
        Ok(report) => report,
        Err(unreported) => return Ok(refuse(&unreported, &args.site.root)),
    };
    if let Some(path) = &args.html {
        pipeline::write_file(path, &report::html::html(&report)?)?;
        note(&format!("wrote `{}`", path.display()));
    }
    let saving = Saving { mapping: args.save_mapping, figures: args.save_figures };
    match pipeline::save(&args.site.root, &report, saving)? {
        Ok(written) => written.iter().for_each(|name| note(&format!("wrote `{name}`"))),
        Err(error) => return Ok(print_input_error(&error)),
    }
    print(&report, args.format)
}

/// Refuses to write over a file that somebody needs, before anything is read.
fn check_outputs(args: &ReportArgs) -> anyhow::Result<()> {
    let figures = args.site.root.join(FIGURES_FILE);
    let named = [
        ("--html", args.html.as_deref(), OutputKind::Page),
        ("--explain-rows", args.explain_rows.as_deref(), OutputKind::ExplainedRows),
        ("--save-figures", args.save_figures.then_some(&*figures), OutputKind::Figures),
    ];
    let outputs = named.into_iter().filter_map(|(option, path, kind)| Some(Output { option, path: path?, kind }));
    let inputs: Vec<&Path> = args.files.iter().chain(&args.input.costs).map(PathBuf::as_path).collect();
    pipeline::check_outputs(&args.site.root, &inputs, &outputs.collect::<Vec<_>>())
}

fn note(text: &str) {
    terminal::print_note(&TerminalText::new(&format!("{}\n", visible_line(text))));
}

fn print(report: &Report, format: ReportFormat) -> anyhow::Result<ExitCode> {
    match format {
        ReportFormat::Text => {
            terminal::print_result(&TerminalText::new(&report::text::text(report, terminal::width())))
        }
        ReportFormat::Csv => terminal::print_data(&report::csv::csv(report)?),
        ReportFormat::Json => {
            let json = serde_json::to_string_pretty(&report::json::json(report))?;
            terminal::print_result(&TerminalText::json(&format!("{json}\n")))
        }
    }
}

/// Prints why there is no report and returns the exit status.
pub fn refuse(unreported: &Unreported, root: &Path) -> ExitCode {
    match unreported {
        Unreported::Content(diagnostics) => terminal::refuse(diagnostics, root),
        Unreported::Input(error) => print_input_error(error),
    }
}

/// Prints the error of an export and returns the exit status.
pub fn print_input_error(InputError { file, line, message, help }: &InputError) -> ExitCode {
    let mut text = format!("error: {}\n", visible_line(message));
    if !file.is_empty() {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!("  --> {}{line}\n", visible_line(file)));
    }
    if let Some(help) = help {
        text.push_str(&format!("  = help: {}\n", visible_line(help)));
    }
    terminal::print_note(&TerminalText::new(&text));
    ExitCode::from(CONTENT_ERRORS)
}

impl InputArgs {
    /// Returns the options that are set here.
    pub fn options(&self) -> Options {
        let days = self.days.map(|days| match days {
            Days::Dmy => DayOrder::DayFirst,
            Days::Mdy => DayOrder::MonthFirst,
        });
        let decimals = self.decimals.map(|separator| match separator {
            DecimalSeparator::Point => Decimals::Point,
            DecimalSeparator::Comma => Decimals::Comma,
        });
        Options { costs: self.costs.clone(), days, decimals, ..Options::default() }
    }
}

fn dimension(text: &str) -> Result<Dimension, String> {
    let names = || Dimension::ALL.map(Dimension::id);
    Dimension::parse(text).ok_or_else(|| match crate::diagnostics::nearest(text, names()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("write {}", crate::diagnostics::list(names())),
    })
}
