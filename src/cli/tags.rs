//! `tagline tags`.

use std::process::ExitCode;

use clap::Args;

use super::options::{FormatArgs, RegisterArgs, SiteArgs};
use super::summary::{self, SummaryOptions};
use crate::diagnostics::count;
use crate::pipeline::{self, Request, RunSummary};

#[derive(Args)]
pub struct TagsArgs {
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    register: RegisterArgs,
    /// Put lost rows back from the history of git, and take back rows of days to come
    #[arg(long, conflicts_with_all = ["locked", "preview", "write_register"])]
    restore: bool,
    #[command(flatten)]
    pub format: FormatArgs,
}

pub fn run(args: &TagsArgs) -> anyhow::Result<ExitCode> {
    let root = &args.site.root;
    if args.restore {
        let restored = pipeline::restore(&args.site.request())?;
        return summary::print_restored(&restored, root, args.format.format);
    }
    let RegisterArgs { locked, write_register } = args.register;
    let outcome = pipeline::tags(&Request { locked, write_register, ..args.site.request() })?;
    let options = SummaryOptions {
        command: "tags",
        root,
        format: args.format.format,
        counts_pages: false,
        after_errors: summary::NOTHING_WRITTEN,
    };
    summary::print(&outcome, &options, |done| sentence(done, args.site.preview))
}

fn sentence(done: &RunSummary, preview: bool) -> String {
    let tags = count(done.lead_tags, "lead tag");
    match (preview, done.unchanged, &done.register_note) {
        (true, _, _) => format!("the tag register does not change in a preview: {tags}"),
        (false, true, Some(note)) => note.clone(),
        (false, true, None) => format!("the tag register is up to date: {tags}"),
        (false, false, _) => {
            format!(
                "updated the tag register: {tags}{}{}",
                summary::register_changes(done),
                summary::register_note(done)
            )
        }
    }
}
