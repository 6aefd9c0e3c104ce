//! `tagline links`: the links to hand out go to stdout, QR codes into a folder, and what is said about both to stderr.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{CONTENT, SiteArgs, print, request, tell_problems};
use crate::diagnostics::{Diagnostic, Findings};
use crate::links::{self, CampaignLinks, NoCampaign, qr};
use crate::model::slug::{MAX_ID, NotASlug, Slug};
use crate::pipeline;
use crate::printer;
use crate::resolve::Site;

#[derive(Args)]
pub struct LinksArgs {
    /// The id of one campaign [default: all that are no drafts]
    campaign: Option<String>,
    /// Where on the channel the links will stand, as in `march-8` for one send; goes into the long links only
    #[arg(long, value_name = "SLUG", value_parser = placement)]
    placement: Option<Slug>,
    /// Write a QR code of each short link, an SVG for print, into this folder
    #[arg(long, value_name = "DIR")]
    qr: Option<PathBuf>,
    /// A table for people, or the columns of sales/links.csv as CSV or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
}

fn placement(text: &str) -> Result<Slug, String> {
    Slug::parse(text).map_err(|why| match why {
        NotASlug::Empty => "write a word, as in `march-8`".to_owned(),
        NotASlug::TooLong { characters } => format!("it has {characters} characters, and at most {MAX_ID} fit"),
        NotASlug::BadCharacters { suggestion: Some(meant) } => format!("write `{meant}`"),
        NotASlug::BadCharacters { suggestion: None } => "write lower-case letters, digits and hyphens".to_owned(),
    })
}

/// Lists the links.
///
/// # Errors
///
/// Where a file or folder cannot be read or written.
pub fn run(args: &LinksArgs) -> anyhow::Result<ExitCode> {
    let (site, found) = pipeline::links(&request(&args.site, None, false))?;
    let refused = |found: &[Diagnostic]| {
        tell_problems(found, "; nothing was written", &args.site, printer::Format::Text);
        Ok(ExitCode::from(CONTENT))
    };
    let Some(site) = site else { return refused(&found) };
    let campaigns = match asked_for(args, &site) {
        Ok(campaigns) => campaigns,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(ExitCode::from(CONTENT));
        }
    };
    let mut findings = Findings::new(site.config.levels.clone());
    findings.extend(links::unassigned(&site, &campaigns));
    let has_errors = findings.has_errors();
    let found = findings.finish(|_| anyhow::Ok(None))?;
    if has_errors {
        return refused(&found);
    }
    tell_problems(&found, "", &args.site, printer::Format::Text);
    say_of_placement(args);
    if let Some(folder) = &args.qr {
        let count = qr::write(folder, campaigns.iter().flat_map(|campaign| &campaign.links))?;
        let codes = if count == 1 { "QR code" } else { "QR codes" };
        say(&format!("wrote {count} {codes} to `{}`", folder.display()));
    }
    let text = match args.format {
        Format::Text => links::table(&campaigns).into_bytes(),
        Format::Csv => links::csv(campaigns)?,
        Format::Json => links::json(&site, campaigns)?.into_bytes(),
    };
    Ok(print(&text))
}

fn asked_for<'s>(args: &'s LinksArgs, site: &'s Site) -> Result<Vec<CampaignLinks<'s>>, String> {
    let placement = args.placement.as_ref();
    let Some(asked) = &args.campaign else {
        return Ok(links::all(site, placement).collect());
    };
    let campaign = links::of_campaign(site, asked, placement).map_err(|why| match why {
        NoCampaign::Unknown { nearest: Some(near) } => {
            format!("there is no campaign `{asked}`; did you mean `{near}`?")
        }
        NoCampaign::Unknown { nearest: None } => format!("there is no campaign `{asked}`"),
        NoCampaign::Draft => format!("the campaign `{asked}` is a draft; `--preview` lists its links all the same"),
    })?;
    if campaign.id.as_str() != asked {
        say(&format!("the campaign `{asked}` is `{}` now; codes that are in print still lead to it", campaign.id));
    }
    Ok(vec![campaign])
}

fn say_of_placement(args: &LinksArgs) {
    if let Some(placement) = &args.placement {
        say(&format!(
            "`{placement}` is in the long links only: a short link is one page, the same for every placement"
        ));
    }
}

fn say(line: &str) {
    // Nothing is left to do about a standard error that cannot be written to.
    let _ = writeln!(io::stderr(), "{line}");
}
