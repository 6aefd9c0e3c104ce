//! Everything for sales, below `sales/`: the lead desk, every lead source as JSON and CSV, the campaigns and share
//! links as CSV, and the files that only notes for sales link to.

pub mod campaign_rows;
mod campaigns_csv;
pub mod context;
mod desk;
pub mod facts;
mod fingerprint;
mod first_message;
mod lead;
mod lead_sources;
mod note_links;
pub mod notes;
pub mod wording;

use crate::links;
use crate::model::address::SitePath;
use crate::register::Register;
use crate::resolve::Site;
use crate::sink::{MadeFrom, Sink};
use notes::SalesNotes;

pub use campaigns_csv::{CAMPAIGNS_FILE, ends_of_last_build};

/// Writes all files below `sales/`, or keeps those of the last build if they would be the same.
pub fn write(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let fingerprint = fingerprint::of(site, register, notes);
    if !sink.keep_all(fingerprint) {
        write_desk_and_exports(site, register, notes, &MadeFrom::new(fingerprint, sink))?;
    }
    notes.files.iter().try_for_each(|(path, asset)| sink.copy(path, &asset.absolute))
}

fn write_desk_and_exports(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let (lead_sources, desk) = rayon::join(
        || {
            sink.put(&SitePath::fixed("lead-sources.json"), lead_sources::json(site, register)?)?;
            sink.put(&SitePath::fixed("lead-sources.csv"), lead_sources::csv(site, register)?)
        },
        || desk::write(site, register, notes, sink),
    );
    lead_sources.and(desk)?;
    sink.put(&SitePath::fixed("links.csv"), links::csv(links::all(site, None))?)?;
    sink.put(&SitePath::fixed(CAMPAIGNS_FILE), campaigns_csv::csv(site)?)
}
