//! The command line: parses the arguments, runs the command and returns the exit status.

mod build;
mod check;
mod diff;
mod explain;
mod init;
mod links;
mod new;
mod options;
mod plan;
mod publish;
mod report;
mod schema;
mod serve;
mod shell;
mod summary;
mod tags;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use self::build::BuildArgs;
use self::check::CheckArgs;
use self::diff::DiffArgs;
use self::explain::ExplainArgs;
use self::init::InitArgs;
use self::links::LinksArgs;
use self::new::NewArgs;
use self::plan::PlanArgs;
use self::publish::PublishArgs;
use self::report::ReportArgs;
use self::schema::SchemaArgs;
use self::serve::ServeArgs;
use self::shell::{CompletionsArgs, ManArgs};
use self::tags::TagsArgs;
use crate::printer::DiagnosticFormat;

/// A static-site generator for campaigns that records where every lead came from.
///
/// Tagline builds a folder of Markdown files into a website. Every coupon, download, booking and contact link
/// carries a lead tag, `campaign_cta_channel`. The tag register records what each lead tag offered and when.
#[derive(Parser)]
#[command(
    name = "tagline",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 success (there may be warnings), 1 the content has errors and nothing was written,\n2 wrong usage, or a file or network error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build public/ and sales/, and update the tag register
    Build(BuildArgs),
    /// Preview the site in a browser, and reload it on every change
    Serve(ServeArgs),
    /// Check the site for errors and warnings, without writing any files
    Check(CheckArgs),
    /// Update the tag register, lead-tags.csv, without building the site
    Tags(TagsArgs),
    /// Show what a lead saw and how to follow up, from a lead tag, short code or URL
    Explain(ExplainArgs),
    /// List the links to share on each channel, or write QR codes for them
    Links(LinksArgs),
    /// Count what sales made of the leads, from the exports of a CRM
    Report(ReportArgs),
    /// Plan a sales goal: the leads and the costs that it takes, from what past leads became
    Plan(PlanArgs),
    /// Build the site and publish it to a folder or an object store
    Publish(PublishArgs),
    /// Compare the site with what is published
    Diff(DiffArgs),
    /// Create a new site with an example campaign
    Init(InitArgs),
    /// Create a new campaign or article
    New(NewArgs),
    /// Print the JSON Schema of site.yaml or of front matter, for editors
    Schema(SchemaArgs),
    /// Print a shell completion script
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
}

/// Runs the command given by the process's arguments.
pub fn run() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return terminal::print_usage(&error),
    };
    let result = match &command {
        Command::Build(args) => build::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(args),
        Command::Tags(args) => tags::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Links(args) => links::run(args),
        Command::Report(args) => report::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Publish(args) => publish::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Init(args) => init::run(args),
        Command::New(args) => new::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => shell::completions(args, Cli::command()),
        Command::Man(args) => shell::man(args, Cli::command()),
    };
    result.unwrap_or_else(|error| terminal::print_failure(&error, command.diagnostic_format()))
}

impl Command {
    fn diagnostic_format(&self) -> DiagnosticFormat {
        match self {
            Command::Build(args) => args.format.format,
            Command::Check(args) => args.format.format,
            Command::Tags(args) => args.format.format,
            Command::Serve(_) | Command::Explain(_) | Command::Links(_) | Command::Init(_) | Command::New(_) => {
                DiagnosticFormat::Text
            }
            Command::Publish(args) => args.diagnostic_format(),
            Command::Diff(args) => args.diagnostic_format(),
            Command::Report(_) | Command::Plan(_) | Command::Schema(_) | Command::Completions(_) | Command::Man(_) => {
                DiagnosticFormat::Text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
