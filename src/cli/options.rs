//! Options that several commands share, and the pipeline request made from them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::model::base_url::BaseUrl;
use crate::model::site::base_url_help;
use crate::pipeline::Request;
use crate::printer::DiagnosticFormat;

/// Options of commands that compile a site.
#[derive(Args)]
pub struct SiteArgs {
    /// The site's folder, which contains site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The site's URL, instead of base_url in site.yaml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,
    /// Use this date as today, in the site's time zone [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Date>,
    /// Include drafts and scheduled pages; pages are not indexed, forms send nothing and the tag register does not change
    #[arg(long)]
    pub preview: bool,
    /// Treat warnings as errors
    #[arg(long, value_name = "WHAT", value_enum)]
    pub deny: Option<Deny>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Deny {
    Warnings,
}

/// Options of commands that read a site without compiling it.
#[derive(Args)]
pub struct RootArgs {
    /// The site's folder, which contains site.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Use this date as today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Date>,
}

/// Options of commands that write the tag register.
#[derive(Args)]
pub struct RegisterArgs {
    /// Fail with status 1 if the tag register would change
    #[arg(long)]
    pub locked: bool,
    /// Write the tag register although --date is not today, to record past days one after another
    #[arg(long, conflicts_with_all = ["locked", "preview"])]
    pub write_register: bool,
}

#[derive(Args)]
pub struct OutputArgs {
    /// The folder for the site [default: public/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// The folder for the lead desk and the exports for sales [default: sales/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub sales: Option<PathBuf>,
}

#[derive(Args)]
pub struct FormatArgs {
    /// The format of diagnostics and of the result
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
    pub format: DiagnosticFormat,
}

impl SiteArgs {
    pub fn request(&self) -> Request {
        Request {
            base_url: self.base_url.clone(),
            date: self.date,
            preview: self.preview,
            deny_warnings: matches!(self.deny, Some(Deny::Warnings)),
            ..Request::new(&self.root)
        }
    }
}

impl RootArgs {
    pub fn request(&self) -> Request {
        let RootArgs { root, date } = self;
        Request { date: *date, ..Request::new(root) }
    }
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|error| {
        let (message, help) = base_url_help(&error);
        format!("{message}: {help}")
    })
}

pub fn date(text: &str) -> Result<Date, String> {
    let is_full = text.len() == 10;
    text.parse().ok().filter(|_| is_full).ok_or_else(|| "write the date as in 2027-03-31".to_owned())
}
