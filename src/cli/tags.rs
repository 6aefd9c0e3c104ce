//! `tagline tags`.

use std::process::ExitCode;

use clap::Args;

use super::options::{FormatArgs, SiteArgs};
use super::summary::{self, SummaryOptions};
use crate::diagnostics::count;
use crate::pipeline::{self, Request, RunSummary};

#[derive(Args)]
pub struct TagsArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Fail with status 1 if the tag register would change
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    pub format: FormatArgs,
}

pub fn run(args: &TagsArgs) -> anyhow::Result<ExitCode> {
    let outcome = pipeline::tags(&Request { locked: args.locked, ..args.site.request() })?;
    let options =
        SummaryOptions { command: "tags", root: &args.site.root, format: args.format.format, counts_pages: false };
    summary::print(&outcome, &options, |done| sentence(done, args.site.preview))
}

fn sentence(done: &RunSummary, preview: bool) -> String {
    let tags = count(done.lead_tags, "lead tag");
    match (preview, done.unchanged) {
        (true, _) => format!("the tag register does not change in a preview: {tags}"),
        (false, true) => format!("the tag register is up to date: {tags}"),
        (false, false) => format!("updated the tag register: {tags}{}", summary::register_changes(done)),
    }
}
