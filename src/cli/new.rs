//! `tagline new`: creates a campaign or article and prints the next steps.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::options::RootArgs;
use super::terminal;
use crate::init::page::{PageKind, PageName};
use crate::pipeline::{self, NewPage};
use crate::printer::TerminalText;

#[derive(Args)]
pub struct NewArgs {
    /// The name, as in spring-offer: the page's folder in content/, its URL and the campaign id
    #[arg(value_parser = PageName::parse)]
    name: PageName,
    /// The kind of call to action, or an article without one
    #[arg(long, value_enum, default_value_t = KindArg::Coupon)]
    kind: KindArg,
    #[command(flatten)]
    site: RootArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Coupon,
    Download,
    Booking,
    Contact,
    Event,
    Article,
}

impl KindArg {
    fn page_kind(self) -> PageKind {
        match self {
            KindArg::Coupon => PageKind::Coupon,
            KindArg::Download => PageKind::Download,
            KindArg::Booking => PageKind::Booking,
            KindArg::Contact => PageKind::Contact,
            KindArg::Event => PageKind::Event,
            KindArg::Article => PageKind::Article,
        }
    }
}

pub fn run(args: &NewArgs) -> anyhow::Result<ExitCode> {
    match pipeline::new_page(&args.site.request(), &args.name, args.kind.page_kind())? {
        NewPage::Written(files) => terminal::print_result(&TerminalText::new(&next_steps(args.kind, &files))),
        NewPage::Clash(message) => anyhow::bail!(message),
        NewPage::Refused(diagnostics) => Ok(terminal::refuse(&diagnostics, &args.site.root)),
    }
}

fn next_steps(kind: KindArg, files: &[String]) -> String {
    let mut text: String = files.iter().map(|file| format!("created {file}\n")).collect();
    let page = files.first().map(String::as_str).unwrap_or_default();
    text += "next:\n";
    text += &match kind {
        KindArg::Article => format!("  write the article in {page}\n"),
        KindArg::Coupon | KindArg::Download | KindArg::Booking | KindArg::Contact | KindArg::Event => {
            format!("  answer the five questions in {page}\n  ask sales to fill in sales.md next to it\n")
        }
    };
    text + "  delete the line `draft: true`\n  tagline check\n"
}
