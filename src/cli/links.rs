//! `tagline links`: lists share links on standard output and writes QR codes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::options::SiteArgs;
use super::terminal::{self, CONTENT_ERRORS};
use crate::diagnostics::{Findings, count};
use crate::links::duration::Expected;
use crate::links::{self, CampaignLinks, NoCampaign, qr};
use crate::model::slug::{MAX_ID, NotASlug, Slug};
use crate::pipeline;
use crate::printer::{DiagnosticFormat, TerminalText, visible_line};
use crate::resolve::Site;

#[derive(Args)]
pub struct LinksArgs {
    /// A campaign id [default: all campaigns that are not drafts]
    campaign: Option<String>,
    /// Where on the channel the links will be used, as in `march-8` for one newsletter; added to the long links only
    #[arg(long, value_name = "SLUG", value_parser = placement)]
    placement: Option<Slug>,
    /// Write a QR code of each short link to this folder, as SVG for print
    #[arg(long, value_name = "DIR")]
    qr: Option<PathBuf>,
    /// A table for people, or the columns of sales/links.csv as CSV or JSON
    #[arg(long, value_enum, default_value_t = LinksFormat::Text)]
    format: LinksFormat,
    /// New visitors of a campaign on a day, to tell how many days a test of versions takes
    #[arg(long, value_name = "A_DAY", value_parser = clap::value_parser!(u32).range(1..))]
    visitors: Option<u32>,
    /// Leads in 100 visitors, to tell how many visitors a test of versions needs
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = rate)]
    rate: f64,
    #[command(flatten)]
    site: SiteArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum LinksFormat {
    Text,
    Csv,
    Json,
}

fn placement(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|error| match error {
        NotASlug::Empty => "write a word, as in `march-8`".to_owned(),
        NotASlug::TooLong { characters } => format!("it has {characters} characters; at most {MAX_ID} are allowed"),
        NotASlug::BadCharacters { suggestion: Some(slug) } => format!("write `{slug}`"),
        NotASlug::BadCharacters { suggestion: None } => "write lower-case letters, digits and hyphens".to_owned(),
    })
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: Option<f64> = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    rate.filter(|rate| (0.01..=70.0).contains(rate)).ok_or_else(|| "write a number from 0.01 to 70".to_owned())
}

pub fn run(args: &LinksArgs) -> anyhow::Result<ExitCode> {
    let root = &args.site.root;
    let (site, diagnostics) = pipeline::links(&args.site.request())?;
    let Some(site) = site else { return Ok(terminal::refuse(&diagnostics, root)) };
    let campaigns = match requested_campaigns(args, &site) {
        Ok(campaigns) => campaigns,
        Err(message) => {
            terminal::print_note(&TerminalText::new(&format!("error: {}\n", visible_line(&message))));
            return Ok(ExitCode::from(CONTENT_ERRORS));
        }
    };
    let mut findings = Findings::new(site.config.levels.clone());
    findings.extend(links::unassigned(&site, &campaigns));
    let has_errors = findings.has_errors();
    let diagnostics = findings.finish(|_| anyhow::Ok(None))?;
    if has_errors {
        return Ok(terminal::refuse(&diagnostics, root));
    }
    terminal::print_diagnostics(&diagnostics, "", root, DiagnosticFormat::Text);
    if let Some(placement) = &args.placement {
        let note = "is in the long links only: the short link of a channel is the same for every placement";
        terminal::print_note(&TerminalText::new(&format!("`{placement}` {note}\n")));
    }
    if let Some(folder) = &args.qr {
        let written = qr::write(folder, campaigns.iter().flat_map(|campaign| &campaign.links))?;
        let folder = folder.to_string_lossy();
        let note = format!("wrote {} to `{}`\n", count(written, "QR code"), visible_line(&folder));
        terminal::print_note(&TerminalText::new(&note));
    }
    match args.format {
        LinksFormat::Text => {
            terminal::print_result(&TerminalText::new(&links::table(&campaigns, args.expected(), site.options.today)))
        }
        LinksFormat::Csv => {
            let mut csv = Vec::new();
            links::write_csv(&mut csv, campaigns)?;
            terminal::print_data(&csv)
        }
        LinksFormat::Json => terminal::print_result(&TerminalText::json(&links::json(&site, campaigns)?)),
    }
}

impl LinksArgs {
    fn expected(&self) -> Expected {
        Expected { visitors_a_day: self.visitors, rate: self.rate / 100.0 }
    }
}

fn requested_campaigns<'s>(args: &'s LinksArgs, site: &'s Site) -> Result<Vec<CampaignLinks<'s>>, String> {
    let placement = args.placement.as_ref();
    let Some(id) = &args.campaign else {
        return Ok(links::all(site, placement).collect());
    };
    let campaigns = links::of_campaign(site, id, placement).map_err(|error| match error {
        NoCampaign::Unknown { nearest: Some(nearest) } => format!("unknown campaign `{id}`; did you mean `{nearest}`?"),
        NoCampaign::Unknown { nearest: None } => format!("unknown campaign `{id}`"),
        NoCampaign::Draft => format!("the campaign `{id}` is a draft; list its links with `--preview`"),
    })?;
    if let Some(present) = campaigns.first().map(|campaign| campaign.id).filter(|present| present.as_str() != id) {
        let now = format!("the campaign `{id}` is now named `{present}`");
        terminal::print_note(&TerminalText::new(&format!("{now}; printed codes with the old name still work\n")));
    }
    Ok(campaigns)
}
