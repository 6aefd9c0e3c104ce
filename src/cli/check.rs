//! `tagline check`.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use super::options::{FormatArgs, SiteArgs};
use super::summary::{self, SummaryOptions};
use super::terminal::{self, ProgressBar};
use crate::check::external::LinkCheckOptions;
use crate::diagnostics::{count, nearest};
use crate::pipeline::{self, FixMode, Fixed, Outcome, Request};
use crate::printer::{self, DiagnosticFormat, TerminalText};
use crate::render::Progress;
use crate::rules::Rule;

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Explain a rule, with a failing and a passing example, instead of checking the site
    #[arg(long, value_name = "RULE", value_parser = rule)]
    why: Option<Rule>,
    /// Report an error if the tag register is out of date
    #[arg(long)]
    locked: bool,
    /// Check external links too; results are cached in .tagline/ for a day
    #[arg(long)]
    external: bool,
    /// Fix what is obvious, such as a misspelt key or a date in another notation, and show what was changed
    #[arg(long, conflicts_with_all = ["external", "locked"])]
    fix: bool,
    /// With `--fix`: show what would be changed, and write nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    timing: ExternalTimingArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Times for requests to external links, in milliseconds. Tests shorten them.
#[derive(Args)]
struct ExternalTimingArgs {
    #[arg(long, hide = true, value_name = "MS", default_value_t = 10_000)]
    external_timeout: u64,
    #[arg(long, hide = true, value_name = "MS", default_value_t = 500)]
    external_pause: u64,
}

pub fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    if let Some(rule) = args.why {
        return terminal::print_result(&printer::explain_rule(rule, terminal::has_colors(&io::stdout())));
    }
    let started = Instant::now();
    let (pages, addresses) = (ProgressBar::new("pages"), ProgressBar::new("external links"));
    let external = LinkCheckOptions {
        timeout: Duration::from_millis(args.timing.external_timeout),
        pause: Duration::from_millis(args.timing.external_pause),
        progress: &|done, total| addresses.show(done, total),
    };
    let request = Request { locked: args.locked, ..args.site.request() };
    let external = Some(&external).filter(|_| args.external);
    let progress = |done, total| pages.show(done, total);
    let outcome = match args.fix {
        true => fix(args, &request, &progress)?,
        false => pipeline::check(&request, &progress, external)?,
    };
    pages.clear();
    addresses.clear();
    let options = SummaryOptions {
        command: "check",
        root: &args.site.root,
        format: args.format.format,
        counts_pages: true,
        after_errors: if args.fix && !args.dry_run { "; to fix by hand" } else { summary::NOTHING_WRITTEN },
    };
    summary::print(&outcome, &options, |done| {
        let duration = terminal::duration(started.elapsed());
        format!("checked {} in {duration}{}", summary::totals(done), summary::next_change(done))
    })
}

/// Fixes a site, and prints what was changed.
fn fix(args: &CheckArgs, request: &Request, progress: Progress) -> anyhow::Result<Outcome> {
    let mode = if args.dry_run { FixMode::DryRun } else { FixMode::Write };
    let Fixed { fixed, outcome } = pipeline::check_and_fix(request, mode, progress)?;
    terminal::print_note(&printer::fixes(&fixed, args.format.format));
    if args.format.format != DiagnosticFormat::Json {
        let what = count(fixed.len(), "problem");
        let line = match mode {
            FixMode::Write => format!("fixed {what}\n"),
            FixMode::DryRun => format!("`--fix` would fix {what}\n"),
        };
        terminal::print_note(&TerminalText::new(&line));
    }
    Ok(outcome)
}

fn rule(text: &str) -> Result<Rule, String> {
    if let Some(rule) = Rule::of_former_id(text) {
        return Err(format!("`{text}` is now `{}`", rule.id()));
    }
    Rule::of_id(text).ok_or_else(|| match similar_rules(text).as_slice() {
        [] => "unknown rule; diagnostics show their rule in brackets, as in `error[bad-date]`".to_owned(),
        similar => format!("unknown rule; did you mean {}?", similar.join(" or ")),
    })
}

/// Returns the rule with the most similar id, then those that share a word with the text.
fn similar_rules(text: &str) -> Vec<String> {
    let ids = || Rule::ALL.iter().map(|rule| rule.id());
    let nearest = nearest(text, ids());
    let shares_word = |id: &&str| id.split('-').any(|word| word.len() > 2 && text.split('-').any(|own| own == word));
    let related = ids().filter(shares_word).filter(|id| Some(*id) != nearest);
    nearest.into_iter().chain(related).take(4).map(|id| format!("`{id}`")).collect()
}
