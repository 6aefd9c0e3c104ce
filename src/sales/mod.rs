//! Everything for sales, below `sales/`: the lead desk, every lead source as JSON and CSV, the campaigns and share
//! links as CSV with a description of their columns, and the files that only notes for sales link to.

pub mod campaign_rows;
mod campaigns_csv;
pub mod context;
mod data_package;
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
use crate::model::site_path::SitePath;
use crate::register::Register;
use crate::resolve::Site;
use crate::sink::{MadeFrom, Sink, WritePieces};
use crate::spreadsheet::BYTE_ORDER_MARK;
use notes::SalesNotes;

pub use campaigns_csv::{CAMPAIGNS_FILE, ends_of_last_build};
pub use fingerprint::fingerprint;

/// The paths of the other CSV files below `sales/`.
const LEAD_SOURCES_FILE: &str = "lead-sources.csv";
const LINKS_FILE: &str = "links.csv";

/// Writes all files below `sales/`, or keeps those of the last build if their [`fingerprint`] is the same.
pub fn write(
    site: &Site,
    register: &Register,
    notes: &SalesNotes,
    fingerprint: u128,
    sink: &dyn Sink,
) -> anyhow::Result<()> {
    if !sink.keep_all(fingerprint) {
        write_desk_and_exports(site, register, notes, &MadeFrom::new(fingerprint, sink))?;
    }
    notes.files.iter().try_for_each(|(path, asset)| sink.copy(path, &asset.absolute))
}

fn write_desk_and_exports(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let (lists, desk) = rayon::join(|| write_lists(site, register, sink), || desk::write(site, register, notes, sink));
    lists.and(desk)
}

/// Writes the lists of lead tags, links and campaigns. The long ones are written in pieces: together they would be a third of a
/// build's memory.
fn write_lists(site: &Site, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    let put = |name, write: WritePieces| sink.put_pieces(&SitePath::fixed(name), None, write);
    put("lead-sources.json", &mut |out| lead_sources::write_json(out, site, register))?;
    put(LEAD_SOURCES_FILE, &mut |out| {
        out.write_all(BYTE_ORDER_MARK)?;
        lead_sources::write_csv(out, site, register)
    })?;
    put(LINKS_FILE, &mut |out| {
        out.write_all(BYTE_ORDER_MARK)?;
        links::write_csv(out, links::all(site, None))
    })?;
    put(CAMPAIGNS_FILE, &mut |out| {
        out.write_all(BYTE_ORDER_MARK)?;
        campaigns_csv::write_csv(out, site)
    })?;
    sink.put(&SitePath::fixed("datapackage.json"), data_package::json(site)?)
}
