//! `tagline publish`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::options::SiteArgs;
use super::terminal::{self, CONTENT_ERRORS, ProgressBar};
use crate::diagnostics::count;
use crate::model::site::publish::MaxDelete;
use crate::pipeline::{self, PublishOptions, Published, Request};
use crate::printer::{DiagnosticFormat, ResultFormat, TerminalText};
use crate::publish::{DEFAULT_LEASE, Mode, PlaceStatus, Progress};

#[derive(Args)]
pub struct PublishArgs {
    /// A target in `publish` of site.yaml; can be left out if there is only one
    target: Option<String>,
    #[command(flatten)]
    site: SiteArgs,
    /// Show what would be published, without writing anything
    #[arg(long)]
    dry_run: bool,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How many files may be removed: a number, or a share such as 20%
    #[arg(long, value_name = "LIMIT", value_parser = max_delete)]
    max_delete: Option<MaxDelete>,
    /// For how many days files stay that are no longer part of the site
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<u32>,
    /// Publish beside files that Tagline did not publish, and leave them alone
    #[arg(long)]
    adopt: bool,
    /// Open, change and close lead tags, as `tagline build` does
    #[arg(long)]
    unlocked: bool,
    /// Compare up to twenty changed addresses with what was published
    #[arg(long, conflicts_with = "dry_run")]
    verify: bool,
    /// Write the addresses that changed into this file, one a line, for the cache of a CDN
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    changed: Option<PathBuf>,
    /// Publish into a folder of the target, for previews
    #[arg(long, value_name = "NAME")]
    prefix: Option<String>,
    /// Remove what was published with `--prefix`
    #[arg(long, requires = "prefix", conflicts_with_all = ["dry_run", "verify", "changed", "status", "rollback"])]
    remove: bool,
    /// Let a folder show the release before the current one
    #[arg(long, conflicts_with_all = ["dry_run", "verify", "changed", "status"])]
    rollback: bool,
    /// Show what is published
    #[arg(long, conflicts_with_all = ["dry_run", "verify", "changed"])]
    status: bool,
    /// After how many seconds without a sign of life another publish may take over
    #[arg(long, value_name = "SECONDS", value_parser = lease)]
    lease: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    /// Diagnostics as annotations, the result as text
    Github,
}

fn max_delete(text: &str) -> Result<MaxDelete, String> {
    MaxDelete::parse(text).ok_or_else(|| "write a number of files, or a share of them as in 20%".to_owned())
}

fn lease(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..86_400).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "write a number of seconds from 1 to 86399".to_owned())
}

impl PublishArgs {
    pub fn diagnostic_format(&self) -> DiagnosticFormat {
        match self.format {
            Format::Text | Format::Markdown => DiagnosticFormat::Text,
            Format::Json => DiagnosticFormat::Json,
            Format::Github => DiagnosticFormat::Github,
        }
    }

    fn options(&self) -> PublishOptions {
        PublishOptions {
            target: self.target.clone(),
            prefix: self.prefix.clone(),
            mode: if self.dry_run { Mode::DryRun } else { Mode::Publish },
            adopt: self.adopt,
            max_delete: self.max_delete,
            keep_days: self.keep_days,
            lease: self.lease.unwrap_or(DEFAULT_LEASE),
            verify: self.verify,
            changed: self.changed.clone(),
        }
    }

    fn request(&self) -> Request {
        let request = self.site.request();
        Request { locked: !self.unlocked && !request.preview, ..request }
    }
}

pub fn run(args: &PublishArgs) -> anyhow::Result<ExitCode> {
    let (request, options) = (args.request(), args.options());
    if args.status {
        let places = pipeline::publish_status(&request, &options)?;
        return terminal::print_result(&TerminalText::new(&places.iter().map(status).collect::<String>()));
    }
    if args.rollback {
        let release = pipeline::roll_back(&request, &options)?;
        return terminal::print_result(&TerminalText::new(&format!("the site shows release {release} again\n")));
    }
    if args.remove {
        let (place, removed) = pipeline::remove_published(&request, &options)?;
        return terminal::print_result(&TerminalText::new(&removal(&place, removed)));
    }
    let (pages, files) = (ProgressBar::new("pages"), ProgressBar::new("files"));
    let building = |done, total| pages.show(done, total);
    let publishing = Progress {
        files: &|done, total| files.show(done, total),
        note: &|note| terminal::print_note(&TerminalText::new(&format!("note: {note}\n"))),
    };
    let published = pipeline::publish(&request, &options, &building, publishing)?;
    files.clear();
    print(args, &published)
}

fn print(args: &PublishArgs, published: &Published) -> anyhow::Result<ExitCode> {
    let Published { outcome, report, changed, check } = published;
    let consequence = if report.is_none() { "; nothing was published" } else { "" };
    terminal::print_diagnostics(&outcome.diagnostics, consequence, &args.site.root, args.diagnostic_format());
    let Some(report) = report else { return Ok(ExitCode::from(CONTENT_ERRORS)) };
    if let Some(path) = &args.changed {
        let lines: String = changed.iter().map(|address| format!("{address}\n")).collect();
        fs::write(path, lines).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    terminal::print_result(&report.print(match args.format {
        Format::Text | Format::Github => ResultFormat::Text,
        Format::Json => ResultFormat::Json,
        Format::Markdown => ResultFormat::Markdown,
    }))?;
    if let Some(refusal) = report.places.iter().find_map(|place| place.refusal.as_ref()) {
        bail!("{refusal}");
    }
    let Some(check) = check else { return Ok(ExitCode::SUCCESS) };
    let verified = check.run()?;
    match args.format {
        Format::Text | Format::Github => {
            terminal::print_result(&TerminalText::new(&format!("verified {}\n", count_addresses(verified))))
        }
        Format::Json | Format::Markdown => Ok(ExitCode::SUCCESS),
    }
}

fn removal(place: &str, removed: usize) -> String {
    match removed {
        0 => format!("nothing is published at {place}, so nothing was removed\n"),
        _ => format!("removed {} from {place}\n", count(removed, "file")),
    }
}

/// Returns `1 address`.
fn count_addresses(number: usize) -> String {
    if number == 1 { "1 address".to_owned() } else { format!("{number} addresses") }
}

fn status(place: &PlaceStatus) -> String {
    let mut text = format!("{}\n", place.place);
    match &place.manifest {
        None => text.push_str("  nothing is published\n"),
        Some(manifest) => {
            let gone = manifest.files.len() - manifest.current();
            let _ = writeln!(text, "  {} of {}", count(manifest.current(), "file"), manifest.base_url);
            if gone > 0 {
                let _ = writeln!(text, "  {} kept for pages that are still open", count(gone, "file"));
            }
            if let Some(published) = manifest.published {
                let _ = writeln!(text, "  published {}", published.strftime("%Y-%m-%d %H:%M:%S UTC"));
            }
            if let Some(begun) = &manifest.begun {
                let began = begun.at.strftime("%Y-%m-%d %H:%M:%S UTC");
                let _ = writeln!(text, "  a publish began {began} and has not ended; the next one completes it");
            }
        }
    }
    if let Some(since) = place.locked_since {
        let _ = writeln!(text, "  locked since {}", since.strftime("%Y-%m-%d %H:%M:%S UTC"));
    }
    for release in &place.releases {
        let mark = if Some(release) == place.current.as_ref() { "*" } else { " " };
        let _ = writeln!(text, "  {mark} {release}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removal_says_where_and_whether_something_was_there() {
        assert_eq!(removal("s3://kazi/pr-1", 1), "removed 1 file from s3://kazi/pr-1\n");
        assert_eq!(removal("s3://kazi/nope", 0), "nothing is published at s3://kazi/nope, so nothing was removed\n");
    }
}
