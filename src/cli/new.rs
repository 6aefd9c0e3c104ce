//! `tagline new`: creates a campaign or article and prints the next steps.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::options::RootArgs;
use super::terminal;
use crate::init::page::{PageKind, PageName};
use crate::model::variant::Language;
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
    /// Translate the page with this name into a language of site.yaml, as in `de`: writes a file with its text in comments
    #[arg(long, value_name = "TAG", value_parser = language, conflicts_with = "kind")]
    language: Option<Language>,
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
    let request = args.site.request();
    let (new, next_steps): (_, fn(&NewArgs, &[String]) -> String) = match &args.language {
        Some(language) => (pipeline::new_translation(&request, &args.name, language)?, |_, files| translate(files)),
        None => {
            let new = pipeline::new_page(&request, &args.name, args.kind.page_kind())?;
            (new, |args, files| next_steps(args.kind, files))
        }
    };
    match new {
        NewPage::Written(files) => terminal::print_result(&TerminalText::new(&next_steps(args, &files))),
        NewPage::Clash(message) | NewPage::NotTranslatable(message) => anyhow::bail!(message),
        NewPage::Refused(diagnostics) => Ok(terminal::refuse(&diagnostics, &args.site.root)),
    }
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write it as in `de` or `pt-BR`".to_owned())
}

fn translate(files: &[String]) -> String {
    let page = files.first().map(String::as_str).unwrap_or_default();
    format!(
        "created {page}\nnext:\n  translate the texts in {page}\n  delete the line `draft: true`\n  tagline check\n"
    )
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
