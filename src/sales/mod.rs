//! What sales reads: the lead desk, every lead source as JSON and CSV, and the files that only `sales.md` names.

pub mod desk;
pub mod exports;
pub mod facts;
pub mod leads;
mod library;
pub mod notes;
mod view;

use crate::links;
use crate::model::address::SitePath;
use crate::register::Register;
use crate::resolve::Site;
use crate::sink::Sink;
use notes::SalesNotes;

/// Writes everything below `sales/`.
pub fn write(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let (in_exports, on_desk) = rayon::join(
        || {
            sink.put(&SitePath::fixed("lead-sources.json"), exports::json(site, register)?)?;
            sink.put(&SitePath::fixed("lead-sources.csv"), exports::csv(site, register)?)
        },
        || desk::write(site, register, notes, sink),
    );
    in_exports.and(on_desk)?;
    sink.put(&SitePath::fixed("links.csv"), links::csv(links::all(site, None))?)?;
    sink.put(&SitePath::fixed(exports::CAMPAIGNS_FILE), exports::campaigns_csv(site)?)?;
    notes.files.iter().try_for_each(|(path, asset)| sink.copy(path, &asset.absolute))
}
