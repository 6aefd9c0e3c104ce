//! `tagline serve`: starts the preview server and prints a line for each update.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;

use super::options::{self, SiteArgs};
use super::terminal::{self, ProgressBar, print_note, print_result};
use crate::diagnostics::count;
use crate::pipeline::session::{Changed, Refresh};
use crate::printer::{self, DiagnosticFormat, TerminalText, visible_line};
use crate::serve::{self, Reporter, ServeOptions, Update, WatchMode};

#[derive(Args)]
pub struct ServeArgs {
    /// The site's folder, which contains site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The port [default: 4000, or the next free port]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// The address to listen on; other computers on the network can then open the published pages, but not the lead desk
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Open the site in a browser
    #[arg(long)]
    open: bool,
    /// Show the site as published, without drafts and scheduled pages
    #[arg(long)]
    live: bool,
    /// With `--host`: also show drafts, scheduled pages and the lead desk to other computers
    #[arg(long, conflicts_with = "live")]
    preview: bool,
    /// Check files for changes twice a second, for network and container mounts that report no changes
    #[arg(long)]
    poll: bool,
    /// Use this date as today, in the site's time zone [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    date: Option<Date>,
}

pub fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let is_shared = !args.host.is_loopback();
    let preview = if is_shared { args.preview } else { !args.live };
    let site = SiteArgs { root: args.root.clone(), base_url: None, date: args.date, preview, deny: None };
    let options = ServeOptions {
        request: site.request(),
        host: args.host,
        port: args.port,
        watch_mode: if args.poll { WatchMode::Poll } else { WatchMode::Events },
        private_pages_local_only: is_shared && !args.preview,
    };
    let progress = ProgressBar::new("pages");
    serve::run(options, &TerminalReporter { args, progress: &progress }, &|done, total| progress.show(done, total))?;
    Ok(ExitCode::SUCCESS)
}

struct TerminalReporter<'a> {
    args: &'a ServeArgs,
    progress: &'a ProgressBar,
}

impl Reporter for TerminalReporter<'_> {
    fn listening(&self, url: &str, default_port_in_use: bool) {
        let port = if default_port_in_use { format!(" (port {} is in use)", serve::PORT) } else { String::new() };
        let overview = overview_url(url);
        // The server also works if standard output is closed.
        let line = format!("serving {url}{port}; overview: {overview}; press Ctrl-C to stop\n");
        let _ = print_result(&TerminalText::new(&line));
        if self.args.open
            && let Err(error) = opener::open(url)
        {
            print_note(&TerminalText::new(&format!("cannot open a browser: {error}\n")));
        }
    }

    fn updated(&self, update: &Update) {
        let Update { changed, refresh, diagnostics, duration } = *update;
        self.progress.clear();
        if *refresh == Refresh::Nothing {
            return;
        }
        let consequence = match refresh {
            Refresh::Unavailable => "; the site will be shown when they are fixed".to_owned(),
            Refresh::Refused => "; still showing the last version without errors".to_owned(),
            Refresh::Site { stale: 0, .. } | Refresh::Nothing | Refresh::Texts { .. } => String::new(),
            Refresh::Site { stale, .. } => {
                format!("; {} with errors, the others are up to date", count(*stale, "page"))
            }
        };
        terminal::print_diagnostics(diagnostics, &consequence, &self.args.root, DiagnosticFormat::Text);
        let _ = print_result(&TerminalText::new(&update_line(changed, refresh, duration)));
    }

    fn failed(&self, error: &anyhow::Error) {
        print_note(&printer::failure(&format!("{error:#}"), DiagnosticFormat::Text));
    }
}

fn overview_url(url: &str) -> String {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    format!("http://{host}/__tagline/")
}

/// Returns `14:03:09 content/a.md: updated 1 page in 3 ms`.
fn update_line(changed: &Changed, refresh: &Refresh, duration: Duration) -> String {
    let subject = match changed {
        Changed::Paths(paths) => match paths.first() {
            Some(only) if paths.len() == 1 => visible_line(only).into_owned(),
            _ => count(paths.len(), "file"),
        },
        Changed::Anything => "the site".to_owned(),
    };
    let result = match refresh {
        Refresh::Nothing => "no change".to_owned(),
        Refresh::Texts { pages } => format!("updated {}", count(*pages, "page")),
        Refresh::Site { read, rendered, stale } => {
            let stale = if *stale == 0 { String::new() } else { format!(", {} with errors", count(*stale, "page")) };
            format!("{} read, {} rendered{stale}", count(*read, "page"), count(*rendered, "page"))
        }
        Refresh::Refused | Refresh::Unavailable => "not updated".to_owned(),
    };
    format!("{} {subject}: {result} in {}\n", Zoned::now().strftime("%H:%M:%S"), terminal::duration(duration))
}
