//! The command line: what is asked for, what is said about it, and the exit status.

mod explain;
mod init;
mod links;
mod new;
mod schema;
mod serve;
mod shell;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use self::explain::ExplainArgs;
use self::init::InitArgs;
use self::links::LinksArgs;
use self::new::NewArgs;
use self::schema::SchemaArgs;
use self::serve::ServeArgs;
use self::shell::{CompletionsArgs, ManArgs};
use crate::check::external::LinkCheckOptions;
use crate::diagnostics::{Diagnostic, Severity, nearest};
use crate::model::address::BaseUrl;
use crate::parse::site_yaml::base_url_cure;
use crate::pipeline::{self, Outcome, Request, RunSummary};
use crate::printer::{self, Format, Look, Summary};
use crate::rules::Rule;

/// The content has errors, and nothing was written.
const CONTENT: u8 = 1;
/// Wrong usage, or an environment that fails.
const ENVIRONMENT: u8 = 2;

/// Landing pages whose every call to action says where its lead came from.
///
/// Tagline builds a folder of Markdown campaigns into a site. Each campaign's coupons, downloads, bookings
/// and contacts carry a lead tag, `campaign_cta_channel`, and the tag register remembers what each offered when.
#[derive(Parser)]
#[command(
    name = "tagline",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 done (there may be warnings), 1 the content has errors and nothing was written,\n2 wrong usage or a failing environment."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build public/ and sales/, and update the tag register
    Build {
        #[command(flatten)]
        site: SiteArgs,
        #[command(flatten)]
        places: Places,
        /// Fail, with status 1, instead of changing the tag register
        #[arg(long)]
        locked: bool,
        #[command(flatten)]
        told: Told,
    },
    /// Show the site in a browser, and every change as soon as it is saved
    Serve(ServeArgs),
    /// Find every problem of the site, and write nothing
    Check {
        #[command(flatten)]
        site: SiteArgs,
        /// Say why a rule stands, with a wrong and a right example, in place of checking a site
        #[arg(long, value_name = "RULE", value_parser = rule)]
        why: Option<Rule>,
        /// Call it an error if the tag register is out of date
        #[arg(long)]
        locked: bool,
        /// Ask the addresses that lead out of the site whether they answer, and keep the answers in .tagline/ for a day
        #[arg(long)]
        external: bool,
        #[command(flatten)]
        patience: Patience,
        #[command(flatten)]
        told: Told,
    },
    /// Update the tag register, lead-tags.csv, and nothing else
    Tags {
        #[command(flatten)]
        site: SiteArgs,
        /// Fail, with status 1, instead of changing the tag register
        #[arg(long)]
        locked: bool,
        #[command(flatten)]
        told: Told,
    },
    /// What a lead saw and what to say: of a lead tag, a short code or an address
    Explain(ExplainArgs),
    /// List the links to hand out, and make QR codes of them
    Links(LinksArgs),
    /// Make a new site, with a campaign to begin from
    Init(InitArgs),
    /// Make a new campaign or article in this site
    New(NewArgs),
    /// JSON Schema of site.yaml or of pages, for editors
    Schema(SchemaArgs),
    /// A script that lets a shell complete commands and options
    Completions(CompletionsArgs),
    /// The manual page, or those of all commands
    Man(ManArgs),
}

#[derive(Args)]
struct SiteArgs {
    /// The site's folder, with its site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Where the site will be served, in place of base_url in site.yaml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<BaseUrl>,
    /// The day to build for, in the site's time zone [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
    /// Drafts and scheduled pages too, not to be indexed; forms send nothing, the register stays as it is
    #[arg(long)]
    preview: bool,
    /// Call every warning an error, so that nothing is written while there is one
    #[arg(long, value_name = "WHAT", value_enum)]
    deny: Option<Deny>,
}

/// How long other places are waited for, in milliseconds; for tests, which can't take as long as the web does.
#[derive(Args)]
struct Patience {
    #[arg(long, hide = true, value_name = "MS", default_value_t = 10_000)]
    external_timeout: u64,
    #[arg(long, hide = true, value_name = "MS", default_value_t = 500)]
    external_pause: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Args)]
struct Told {
    /// How problems are told, and the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// For commands that read a site and don't build it.
#[derive(Args)]
struct RootArgs {
    /// The site's folder, with its site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The day that counts as today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
}

impl RootArgs {
    fn request(&self) -> Request {
        request(&self.site(), None, false)
    }

    fn site(&self) -> SiteArgs {
        let RootArgs { root, date } = self;
        SiteArgs { root: root.clone(), base_url: None, date: *date, preview: false, deny: None }
    }
}

#[derive(Args)]
struct Places {
    /// Where the site goes [default: public/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Where the files for sales go [default: sales/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    sales: Option<PathBuf>,
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|why| {
        let (what, cure) = base_url_cure(&why);
        format!("{what}: {cure}")
    })
}

fn date(text: &str) -> Result<Date, String> {
    let well_formed = text.len() == 10;
    text.parse().ok().filter(|_| well_formed).ok_or_else(|| "write the day as in 2027-03-31".to_owned())
}

fn rule(text: &str) -> Result<Rule, String> {
    if let Some(rule) = Rule::of_former_id(text) {
        return Err(format!("`{text}` is now `{}`", rule.id()));
    }
    Rule::of_id(text).ok_or_else(|| match rules_like(text).as_slice() {
        [] => "there is no such rule; each problem has its own in brackets, as in `error[bad-date]`".to_owned(),
        near => format!("there is no such rule; did you mean {}?", near.join(" or ")),
    })
}

/// The rule that is written most like a text, and those that have a word of it.
fn rules_like(text: &str) -> Vec<String> {
    let ids = || Rule::ALL.iter().map(|rule| rule.id());
    let near = nearest(text, ids());
    let shares_word = |id: &&str| id.split('-').any(|word| word.len() > 2 && text.split('-').any(|own| own == word));
    let related = ids().filter(shares_word).filter(|id| Some(*id) != near);
    near.into_iter().chain(related).take(4).map(|id| format!("`{id}`")).collect()
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    if let Command::Check { why: Some(rule), .. } = &command {
        return print(printer::explain(*rule, has_colors(&io::stdout())).as_bytes());
    }
    let started = Instant::now();
    let (bar, asked) = (Bar::new(started, "pages"), Bar::new(started, "addresses"));
    let result = match &command {
        Command::Build { site, places, locked, .. } => {
            pipeline::build(&request(site, Some(places), *locked), &|done, all| bar.show(done, all))
        }
        Command::Check { site, locked, external, patience, .. } => {
            let asking = LinkCheckOptions {
                timeout: Duration::from_millis(patience.external_timeout),
                pause: Duration::from_millis(patience.external_pause),
                progress: &|done, all| asked.show(done, all),
            };
            let asking = Some(&asking).filter(|_| *external);
            pipeline::check(&request(site, None, *locked), &|done, all| bar.show(done, all), asking)
        }
        Command::Tags { site, locked, .. } => pipeline::tags(&request(site, None, *locked)),
        Command::Serve(args) => return serve::run(args, &bar).unwrap_or_else(|error| failed(&error)),
        Command::Explain(args) => return explain::run(args).unwrap_or_else(|error| failed(&error)),
        Command::Links(args) => return links::run(args).unwrap_or_else(|error| failed(&error)),
        Command::Init(args) => return init::run(args).unwrap_or_else(|error| failed(&error)),
        Command::New(args) => return new::run(args).unwrap_or_else(|error| failed(&error)),
        Command::Schema(args) => return schema::run(args).unwrap_or_else(|error| failed(&error)),
        Command::Completions(args) => return shell::completions(args, Cli::command()),
        Command::Man(args) => return shell::man(args, Cli::command()).unwrap_or_else(|error| failed(&error)),
    };
    bar.clear();
    asked.clear();
    match result {
        Ok(outcome) => tell(&command, &outcome, started.elapsed()),
        Err(error) => failed_as(&error, command.format()),
    }
}

impl Command {
    /// The name and the site's options of a command that goes the whole way through a site.
    fn site(&self) -> Option<(&'static str, &SiteArgs)> {
        match self {
            Command::Build { site, .. } => Some(("build", site)),
            Command::Check { site, .. } => Some(("check", site)),
            Command::Tags { site, .. } => Some(("tags", site)),
            Command::Serve(_) | Command::Explain(_) | Command::Links(_) | Command::Init(_) | Command::New(_) => None,
            Command::Schema(_) | Command::Completions(_) | Command::Man(_) => None,
        }
    }

    /// How problems are told; the formats of the others are those of their lists.
    fn format(&self) -> Format {
        match self {
            Command::Build { told, .. } | Command::Check { told, .. } | Command::Tags { told, .. } => told.format,
            Command::Serve(_) | Command::Explain(_) | Command::Links(_) | Command::Init(_) | Command::New(_) => {
                Format::Text
            }
            Command::Schema(_) | Command::Completions(_) | Command::Man(_) => Format::Text,
        }
    }
}

fn has_colors(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Writes a result to standard output.
fn print(result: &[u8]) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        // A reader that has seen enough closes the pipe; that is no failure of ours.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            failed(&anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    failed_as(error, Format::Text)
}

fn failed_as(error: &anyhow::Error, format: Format) -> ExitCode {
    // Nothing is left to do about a standard error that cannot be written to.
    let _ = io::stderr().write_all(printer::failure(&format!("{error:#}"), format).as_bytes());
    ExitCode::from(ENVIRONMENT)
}

fn request(site: &SiteArgs, places: Option<&Places>, locked: bool) -> Request {
    let place = |named: Option<&PathBuf>, default: &str| named.cloned().unwrap_or_else(|| site.root.join(default));
    Request {
        root: site.root.clone(),
        output: place(places.and_then(|places| places.output.as_ref()), "public"),
        sales: place(places.and_then(|places| places.sales.as_ref()), "sales"),
        base_url: site.base_url.clone(),
        date: site.date,
        preview: site.preview,
        served_at: None,
        minify: true,
        locked,
        deny_warnings: matches!(site.deny, Some(Deny::Warnings)),
    }
}

/// Draws problems on stderr, and what was not done for them.
fn tell_problems(found: &[Diagnostic], not_done: &str, site: &SiteArgs, format: Format) {
    let look = Look { format, colored: has_colors(&io::stderr()), root: &site.root };
    // Nothing is left to do about a standard error that cannot be written to.
    let _ = io::stderr().write_all(printer::problems(found, not_done, look).as_bytes());
}

fn tell(command: &Command, outcome: &Outcome, took: Duration) -> ExitCode {
    let Some((name, site)) = command.site() else { return ExitCode::SUCCESS };
    let not_done = if outcome.summary.is_none() { "; nothing was written" } else { "" };
    tell_problems(&outcome.diagnostics, not_done, site, command.format());
    let printed = match (command.format(), &outcome.summary) {
        (Format::Json, done) => print(counted(name, &outcome.diagnostics, done.as_ref()).json().as_bytes()),
        (Format::Text | Format::Github, Some(done)) => print(format!("{}\n", summary(command, done, took)).as_bytes()),
        (Format::Text | Format::Github, None) => ExitCode::SUCCESS,
    };
    if outcome.summary.is_some() { printed } else { ExitCode::from(CONTENT) }
}

/// The summary for programs.
fn counted(command: &'static str, found: &[Diagnostic], done: Option<&RunSummary>) -> Summary {
    Summary {
        command,
        ok: done.is_some(),
        errors: printer::count(found, Severity::Error),
        warnings: printer::count(found, Severity::Warning),
        // The register alone is looked at without drawing a page.
        pages: done.filter(|_| command != "tags").map(|done| done.counts.pages),
        channel_pages: done.filter(|_| command != "tags").map(|done| done.counts.channel_pages),
        lead_tags: done.map(|done| done.lead_tags),
        register: done.map(|done| done.register_changes.clone()).filter(|changes| !changes.is_empty()),
        next_change: done.and_then(|done| done.next_change),
    }
}

/// `built 31 pages, 24 channel pages, 60 lead tags in 41 ms; next change on 2027-04-01`
fn summary(command: &Command, done: &RunSummary, took: Duration) -> String {
    let tags = count(done.lead_tags, "lead tag");
    let whole =
        format!("{}, {}, {tags}", count(done.counts.pages, "page"), count(done.counts.channel_pages, "channel page"));
    let took = in_words(took);
    let register =
        if done.register_changes.is_empty() { String::new() } else { format!(" ({})", done.register_changes) };
    let next = done.next_change.map(|date| format!("; next change on {date}")).unwrap_or_default();
    match command {
        Command::Build { .. } if done.unchanged => format!("nothing changed: {whole}, checked in {took}{next}"),
        Command::Build { .. } => format!("built {whole}{register} in {took}{next}"),
        Command::Check { .. } => format!("checked {whole} in {took}{next}"),
        Command::Tags { site, .. } if site.preview => format!("a preview leaves the tag register as it is: {tags}"),
        Command::Tags { .. } if done.unchanged => format!("the tag register is up to date: {tags}"),
        Command::Tags { .. } => format!("updated the tag register: {tags}{register}"),
        // Their result is what they list or write.
        Command::Serve(_) | Command::Explain(_) | Command::Links(_) | Command::Init(_) | Command::New(_) => {
            String::new()
        }
        Command::Schema(_) | Command::Completions(_) | Command::Man(_) => String::new(),
    }
}

/// `1 page`, `2 pages`
fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// `41 ms`, `12.3 s`
fn in_words(took: Duration) -> String {
    match took.as_millis() {
        ms @ 0..10_000 => format!("{ms} ms"),
        ms => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
    }
}

/// A progress bar on a terminal, from the first second on.
struct Bar {
    /// What is counted: `pages`.
    of: &'static str,
    started: Instant,
    is_terminal: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    fn new(started: Instant, of: &'static str) -> Bar {
        Bar { of, started, is_terminal: io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    fn show(&self, done: usize, all: usize) {
        if !self.is_terminal || self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {}, {{eta}} left", self.of))
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(all as u64).with_style(style)
        });
        bar.set_position(done as u64);
        // Another one may follow.
        if done == all {
            bar.finish_and_clear();
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
