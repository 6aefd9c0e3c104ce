//! The calendar files of events, beside their thank-you pages.

use crate::calendar;
use crate::register::Register;
use crate::resolve::Site;
use crate::sink::Sink;

/// Writes the calendar file of each date of each event. They remain after the end of the campaign, as thank-you pages do.
pub fn write(site: &Site, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    for (_, page) in site.published().filter(|(_, page)| page.campaign.is_some()) {
        calendar::writes(site, page, register, |path, bytes| sink.put(path, bytes))?;
    }
    Ok(())
}
