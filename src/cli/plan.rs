//! `tagline plan`: prints how many leads a sales goal takes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::options::{self, SiteArgs};
use super::report::{InputArgs, print_input_error, refuse};
use super::terminal;
use crate::pipeline;
use crate::printer::TerminalText;
use crate::report::{self, Goal, Options, PLAN_DIMENSIONS};

#[derive(Args)]
pub struct PlanArgs {
    /// Exports of your CRM, as for `tagline report`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the won leads are to be worth together
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    goal: i128,
    /// The last day of the plan
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    until: Date,
    /// The currency of the goal, if the exports have several
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<String>,
    #[command(flatten)]
    input: InputArgs,
    /// Text for people, or JSON for scripts
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    format: PlanFormat,
    #[command(flatten)]
    site: SiteArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum PlanFormat {
    Text,
    Json,
}

pub fn run(args: &PlanArgs) -> anyhow::Result<ExitCode> {
    let options = Options { files: args.files.clone(), by: PLAN_DIMENSIONS.to_vec(), ..args.input.options() };
    let report = match pipeline::report(&args.site.request(), &options)? {
        Ok(report) => report,
        Err(unreported) => return Ok(refuse(&unreported, &args.site.root)),
    };
    let goal = Goal { amount: args.goal, until: args.until, currency: args.currency.clone() };
    let plan = match report::plan(&report, goal) {
        Ok(plan) => plan,
        Err(error) => return Ok(print_input_error(&error)),
    };
    match args.format {
        PlanFormat::Text => terminal::print_result(&TerminalText::new(&report::plan_text(&plan, terminal::width()))),
        PlanFormat::Json => {
            let json = serde_json::to_string_pretty(&report::plan_json(&plan))?;
            terminal::print_result(&TerminalText::json(&format!("{json}\n")))
        }
    }
}

/// Parses an amount to hundredths.
fn amount(text: &str) -> Result<i128, String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{}{:0<2}", whole.replace([',', '_', ' '], ""), rest);
    let is_amount =
        rest.len() <= 2 && !digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit());
    let amount = digits.parse::<i128>().ok().filter(|amount| is_amount && *amount > 0);
    amount.ok_or_else(|| "write an amount above zero, as in 500000".to_owned())
}

fn currency(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    match iso_currency::Currency::from_code(&code) {
        Some(_) => Ok(code),
        None => Err("write a code of three letters, as in KES".to_owned()),
    }
}
