//! `tagline serve`: what is asked for, and what the terminal says while the site is written.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;

use super::{Bar, SiteArgs, count, date, has_colors, in_words, print, request};
use crate::pipeline::session::{Changed, Refresh};
use crate::printer::{self, Format, Look};
use crate::serve::{self, How, Serve, Tell, Update};

#[derive(Args)]
pub struct ServeArgs {
    /// The site's folder, with its site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The port, in place of 4000 or the next one that is free
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Where to listen: on another address than this machine's own, others in the network can look, as published and
    /// without the lead desk
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Open the site in a browser
    #[arg(long)]
    open: bool,
    /// As published: without drafts and scheduled pages
    #[arg(long)]
    live: bool,
    /// With `--host`: drafts, scheduled pages and the lead desk, too, for all in the network
    #[arg(long, conflicts_with = "live")]
    preview: bool,
    /// Look at every file twice a second, for network and container mounts that tell of no change
    #[arg(long)]
    poll: bool,
    /// The day to show, in the site's time zone [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
}

/// The terminal.
struct Terminal<'a> {
    args: &'a ServeArgs,
    bar: &'a Bar,
}

pub fn run(args: &ServeArgs, bar: &Bar) -> anyhow::Result<ExitCode> {
    let is_for_others = !args.host.is_loopback();
    let preview = if is_for_others { args.preview } else { !args.live };
    let site = SiteArgs { root: args.root.clone(), base_url: None, date: args.date, preview, deny: None };
    let serve = Serve {
        request: request(&site, None, false),
        host: args.host,
        port: args.port,
        how: if args.poll { How::Poll } else { How::Events },
        keeps_private: is_for_others && !args.preview,
    };
    serve::run(serve, &Terminal { args, bar }, &|done, all| bar.show(done, all))?;
    Ok(ExitCode::SUCCESS)
}

impl Tell for Terminal<'_> {
    fn listening(&self, url: &str, moved: bool) {
        let moved = if moved { format!(" (port {} is taken)", serve::PORT) } else { String::new() };
        let _ =
            print(format!("serving {url}{moved}; what there is to see: {}; Ctrl-C ends\n", overview(url)).as_bytes());
        if self.args.open
            && let Err(error) = opener::open(url)
        {
            say(&format!("no browser could be opened: {error}\n"));
        }
    }

    fn refreshed(&self, update: &Update) {
        let Update { changed, redone, found, took, is_first } = *update;
        self.bar.clear();
        if *redone == Refresh::Nothing {
            return;
        }
        let look = Look { format: Format::Text, colored: has_colors(&io::stderr()), root: &self.args.root };
        let not_done = match redone {
            Refresh::Refused if is_first => "; nothing is shown yet",
            Refresh::Refused => "; the last good pages are shown",
            Refresh::Nothing | Refresh::Texts { .. } | Refresh::Site { .. } => "",
        };
        say(&printer::problems(found, not_done, look));
        let _ = print(line(changed, redone, took).as_bytes());
    }

    fn failed(&self, error: &anyhow::Error) {
        say(&printer::failure(&format!("{error:#}"), Format::Text));
    }
}

/// Nothing is left to do about a standard error that cannot be written to.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn overview(url: &str) -> String {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    format!("http://{host}/__tagline/")
}

/// `14:03:09 content/a.md: 1 page in 3 ms`
fn line(changed: &Changed, redone: &Refresh, took: Duration) -> String {
    let what = match changed {
        Changed::Paths(paths) => match paths.first() {
            Some(only) if paths.len() == 1 => only.clone(),
            _ => format!("{} files", paths.len()),
        },
        Changed::Anything => "the site".to_owned(),
    };
    let done = match redone {
        Refresh::Nothing => "nothing to do".to_owned(),
        Refresh::Texts { pages } => format!("the text of {}", count(*pages, "page")),
        Refresh::Site { read, rendered } => {
            format!("{} read, {} rendered", count(*read, "page"), count(*rendered, "page"))
        }
        Refresh::Refused => "not shown".to_owned(),
    };
    format!("{} {what}: {done} in {}\n", Zoned::now().strftime("%H:%M:%S"), in_words(took))
}
