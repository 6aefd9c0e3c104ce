//! Reads `site.yaml` and determines the day. Everything else is read by [`compile`](super::compile).

use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::Date;

use super::pages::pages;
use super::request::Request;
use crate::body_store::BodyStore;
use crate::diagnostics::{Diagnostic, Findings};
use crate::load::{self, Scan};
use crate::model::site::SiteConfig;
use crate::parse::site_yaml::SiteRead;
use crate::parse::{self, Bodies, QuotationMarks, Settings, translation};
use crate::rules::Rule;

/// What a site is compiled from.
pub struct Inputs<'r> {
    pub request: &'r Request,
    pub scan: &'r Scan,
    pub config: Arc<SiteConfig>,
    /// The day the site is built for.
    pub today: Date,
    /// Today by the clock, in the site's time zone.
    pub clock_day: Date,
}

impl Inputs<'_> {
    /// Whether a run changes the tag register if it is not up to date. A run for another day does not, because
    /// nobody could tell later which rows have a wrong day.
    pub fn writes_register(&self) -> bool {
        let Request { preview, locked, keeps_register, .. } = *self.request;
        !preview && !locked && !keeps_register && self.is_register_day()
    }

    /// Whether the register may have changes of the day that the site is built for.
    pub fn is_register_day(&self) -> bool {
        let Request { date, write_register, .. } = *self.request;
        write_register || date.is_none_or(|date| date == self.clock_day)
    }

    /// The last day on which a row of the register can begin or end.
    pub fn last_register_day(&self) -> Date {
        let Request { date, write_register, .. } = *self.request;
        match date {
            Some(date) if write_register => date,
            date => self.clock_day.max(date.unwrap_or(self.clock_day)),
        }
    }
}

/// Reads `site.yaml`. Returns `None` for the inputs if that fails; the findings then include the errors of all pages,
/// so that one run reports everything.
pub fn read<'r>(request: &'r Request, scan: &'r Scan) -> anyhow::Result<(Option<Inputs<'r>>, Findings)> {
    let (source, diagnostics) = load::site_file(scan)?;
    let Some(source) = source else {
        let mut findings = Findings::default();
        findings.extend(diagnostics.into_iter().chain(scan.diagnostics.iter().cloned()));
        if findings.so_far().is_empty() {
            findings.push(missing_site(request));
        }
        return Ok((None, findings));
    };
    let (SiteRead { config, mut levels }, in_site_file) = parse::site_yaml::site(&source);
    levels.deny_warnings = request.deny_warnings;
    let mut findings = Findings::new(levels.clone());
    findings.extend(diagnostics);
    findings.extend(in_site_file);
    let Some(mut config) = config else {
        let (_, in_files) = load::read(scan)?;
        let (_, in_pages) = pages(
            scan,
            Settings { bodies: Bodies::All, quotes: QuotationMarks::default(), languages: &[] },
            &BodyStore::default(),
        )?;
        // Without the site's languages, nobody can tell what a translation needs.
        let in_pages = in_pages.into_iter().filter(|found| !found.files().any(translation::may_be_translation));
        findings.extend(in_files.into_iter().chain(in_pages).chain(scan.diagnostics.iter().cloned()));
        return Ok((None, findings));
    };
    config.levels = levels;
    override_base_url(request, &mut config);
    let (today, clock_day) = (today(request, &config), clock_day(&config));
    Ok((Some(Inputs { request, scan, config: Arc::new(config), today, clock_day }), findings))
}

/// The requested day, or today in the site's time zone.
pub fn today(request: &Request, config: &SiteConfig) -> Date {
    request.date.unwrap_or_else(|| clock_day(config))
}

fn clock_day(config: &SiteConfig) -> Date {
    Zoned::now().with_time_zone(config.timezone.clone()).date()
}

fn override_base_url(request: &Request, config: &mut SiteConfig) {
    if let Some(base_url) = &request.base_url {
        config.base_url = base_url.clone();
    }
    if let Some(authority) = &request.served_at {
        config.base_url = config.base_url.served_at(authority);
    }
}

fn missing_site(request: &Request) -> Diagnostic {
    Diagnostic::error(Rule::MissingSite, format!("no `site.yaml` in `{}`", request.root.display()))
        .in_file("site.yaml")
        .help("set the site's folder with `--root`")
}
