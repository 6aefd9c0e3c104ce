//! `tagline new`: a new page in a site, and what to do with it.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{CONTENT, RootArgs, print, tell_problems};
use crate::init::page::{PageKind, PageName};
use crate::pipeline::{self, NewPage};
use crate::printer;

#[derive(Args)]
pub struct NewArgs {
    /// What to call it: its folder below content/, its address and its campaign's id, as in spring-offer
    #[arg(value_parser = PageName::parse)]
    name: PageName,
    /// What it offers; an article offers nothing
    #[arg(long, value_enum, default_value_t = Kind::Coupon)]
    kind: Kind,
    #[command(flatten)]
    site: RootArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Coupon,
    Download,
    Booking,
    Contact,
    Article,
}

impl Kind {
    fn page(self) -> PageKind {
        match self {
            Kind::Coupon => PageKind::Coupon,
            Kind::Download => PageKind::Download,
            Kind::Booking => PageKind::Booking,
            Kind::Contact => PageKind::Contact,
            Kind::Article => PageKind::Article,
        }
    }
}

/// Writes the files of a new page.
///
/// # Errors
///
/// Where one of them is there already, or cannot be written, and where the site cannot be read.
pub fn run(args: &NewArgs) -> anyhow::Result<ExitCode> {
    match pipeline::new_page(&args.site.request(), &args.name, args.kind.page())? {
        NewPage::Written(files) => Ok(print(next(args.kind, &files).as_bytes())),
        NewPage::Clash(why) => anyhow::bail!(why),
        NewPage::Refused(found) => {
            tell_problems(&found, "; nothing was written", &args.site.site(), printer::Format::Text);
            Ok(ExitCode::from(CONTENT))
        }
    }
}

fn next(kind: Kind, files: &[String]) -> String {
    let mut text: String = files.iter().map(|file| format!("wrote {file}\n")).collect();
    let page = files.first().map(String::as_str).unwrap_or_default();
    text += "next:\n";
    text += &match kind {
        Kind::Article => format!("  write the article in {page}\n"),
        Kind::Coupon | Kind::Download | Kind::Booking | Kind::Contact => {
            format!("  answer the five questions in {page}, and tell sales of the file beside it\n")
        }
    };
    text + "  take out its line `draft: true`\n  tagline check\n"
}
