//! `tagline build`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::options::{FormatArgs, OutputArgs, RegisterArgs, SiteArgs};
use super::summary::{self, SummaryOptions};
use super::terminal::{self, ProgressBar};
use crate::pipeline::{self, Request, RunSummary};

#[derive(Args)]
pub struct BuildArgs {
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    register: RegisterArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

pub fn run(args: &BuildArgs) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let progress = ProgressBar::new("pages");
    let outcome = pipeline::build(&request(args), &|done, total| progress.show(done, total))?;
    progress.clear();
    let options = SummaryOptions {
        command: "build",
        root: &args.site.root,
        format: args.format.format,
        counts_pages: true,
        after_errors: summary::NOTHING_WRITTEN,
    };
    summary::print(&outcome, &options, |done| sentence(done, started.elapsed()))
}

fn request(args: &BuildArgs) -> Request {
    let RegisterArgs { locked, write_register } = args.register;
    let mut request = Request { locked, write_register, ..args.site.request() };
    if let Some(output) = &args.output.output {
        request.output.clone_from(output);
    }
    if let Some(sales) = &args.output.sales {
        request.sales.clone_from(sales);
    }
    request
}

/// Returns `built 31 pages, 24 channel pages, 60 lead tags in 41 ms; next change on 2027-04-01`.
fn sentence(done: &RunSummary, duration: Duration) -> String {
    let (totals, next_change) = (summary::totals(done), summary::next_change(done));
    let duration = terminal::duration(duration);
    let note = summary::register_note(done);
    match done.unchanged {
        true => format!("nothing changed: {totals}, checked in {duration}{next_change}{note}"),
        false => format!("built {totals}{} in {duration}{next_change}{note}", summary::register_changes(done)),
    }
}
