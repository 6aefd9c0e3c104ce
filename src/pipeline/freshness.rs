//! Whether a build has to be done at all: a stamp beside its output says what that was made of.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{Done, Request};
use crate::digest;
use crate::load::Scan;
use crate::render::Counts;
use crate::sink::disk::Target;

/// A hash over everything that the output is made of but the day: the files by name, length and time of
/// change, the options, and this version of Tagline.
pub fn fingerprint(scan: &Scan, request: &Request) -> String {
    let mut hash = Sha256::new();
    let Request {
        root: _,
        output: _,
        sales: _,
        base_url,
        date: _,
        preview,
        served_at: _,
        minify,
        locked: _,
        deny_warnings: _,
    } = request;
    let base_url = base_url.as_ref().map(ToString::to_string).unwrap_or_default();
    hash.update(format!("{}\n{base_url}\n{preview} {minify}\n{}\n", env!("CARGO_PKG_VERSION"), scan.found.len()));
    hash.update(executable_time());
    for (name, file) in &scan.files {
        hash.update(format!("{name}\n{}\n{}\n", file.length, file.changed));
    }
    digest::finished(hash)
}

/// When this program was made: another one of the same version may draw other pages.
fn executable_time() -> String {
    let metadata = std::env::current_exe().and_then(fs::metadata);
    metadata.and_then(|metadata| metadata.modified()).map(|time| format!("{time:?}")).unwrap_or_default()
}

/// How long before a build a file may have changed without the file system's clock telling two changes
/// apart: four ticks of a kernel clock of 100 Hz.
const CLOCK_TICKS: Duration = Duration::from_millis(40);

/// Whether every input had its last change well before the build began.
pub fn is_settled(scan: &Scan, started: SystemTime) -> bool {
    let settled = started.checked_sub(CLOCK_TICKS).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let settled = settled.map_or(0, |since| since.as_nanos());
    scan.files.values().all(|file| file.changed < settled)
}

/// What a build leaves beside its output, so that the next one can tell that nothing changed: the inputs,
/// the first day and the day after the last that it holds for, and what the summary says.
pub fn stamp(inputs: &str, today: Date, done: &Done) -> String {
    let until = done.next_change.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let Counts { pages, channel_pages } = done.counts;
    format!("{inputs} {today} {until} {pages} {channel_pages} {}", done.lead_tags)
}

/// What the last build did, where the next one would do the same.
pub fn up_to_date(inputs: &str, today: Date, public: &Target, sales: &Target) -> Option<Done> {
    let stamp = public.intact_stamp().filter(|stamp| Some(*stamp) == sales.intact_stamp())?;
    let [hash, from, until, pages, channel_pages, lead_tags] = stamp.split(' ').collect::<Vec<_>>()[..] else {
        return None;
    };
    let next_change: Option<Date> = if until == "-" { None } else { Some(until.parse().ok()?) };
    let holds = hash == inputs && from.parse::<Date>().ok()? <= today && next_change.is_none_or(|date| today < date);
    let counts = Counts { pages: pages.parse().ok()?, channel_pages: channel_pages.parse().ok()? };
    holds.then_some(Done {
        counts,
        lead_tags: lead_tags.parse().ok()?,
        next_change,
        unchanged: true,
        register_changes: String::new(),
    })
}
