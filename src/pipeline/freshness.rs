//! Decides whether a build has anything to do: a stamp beside the output says what it was built from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::inputs::Inputs;
use super::outcome::RunSummary;
use super::program::program;
use super::request::Request;
use crate::digest;
use crate::load::{CHECKSUM_FILE, FileEntry, REGISTER_FILE, Scan};
use crate::render::Counts;
use crate::sink::disk::Target;

/// Returns the summary of the last build if a new build would write the same files.
pub fn up_to_date(inputs: &Inputs, public: &Target, sales: &Target) -> Option<RunSummary> {
    let stamp = public.intact_stamp().filter(|stamp| Some(*stamp) == sales.intact_stamp())?;
    let [hash, from, until, pages, channel_pages, lead_tags] = stamp.split(' ').collect::<Vec<_>>()[..] else {
        return None;
    };
    let next_change: Option<Date> = if until == "-" { None } else { Some(until.parse().ok()?) };
    let is_same_state =
        from.parse::<Date>().ok()? <= inputs.today && next_change.is_none_or(|date| inputs.today < date);
    if !is_same_state || hash != fingerprint(inputs, scanned_register(inputs)) {
        return None;
    }
    Some(RunSummary {
        counts: Counts { pages: pages.parse().ok()?, channel_pages: channel_pages.parse().ok()? },
        lead_tags: lead_tags.parse().ok()?,
        next_change,
        unchanged: true,
        register_changes: String::new(),
        register_note: None,
    })
}

/// Returns the stamp of a build: the fingerprint of its inputs, its day, the day on which the output changes, and the
/// numbers of its summary.
pub fn stamp(inputs: &Inputs, register_written: bool, summary: &RunSummary) -> String {
    let register = match register_written {
        true => REGISTER_FILES.map(|name| inputs.scan.current_entry(name)),
        false => scanned_register(inputs),
    };
    let fingerprint = fingerprint(inputs, register);
    let until = summary.next_change.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let Counts { pages, channel_pages } = summary.counts;
    format!("{fingerprint} {} {until} {pages} {channel_pages} {}", inputs.today, summary.lead_tags)
}

/// Returns whether every input had its last change well before the build began.
pub fn is_settled(scan: &Scan, started: SystemTime) -> bool {
    let settled = started.checked_sub(CLOCK_TICKS).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let settled = settled.map_or(0, |since| since.as_nanos());
    scan.files.values().all(|file| file.changed < settled)
}

/// How long before a build a file may have changed without the file system's clock telling two changes
/// apart: four ticks of a kernel clock of 100 Hz.
const CLOCK_TICKS: Duration = Duration::from_millis(40);

/// A hash of everything that determines the output except the day: the files by name, length and time of change, the
/// options, and this version of Tagline. The files of the register come separately, because the build itself may have
/// written them.
fn fingerprint(inputs: &Inputs, register: [Option<FileEntry>; 2]) -> String {
    let Inputs { request, scan, config: _, today: _, clock_day: _ } = inputs;
    let Request {
        root: _,
        // Only whether the register is written differs.
        keeps_register: _,
        output: _,
        sales: _,
        base_url,
        date: _,
        write_register: _,
        preview,
        served_at: _,
        minify,
        locked: _,
        deny_warnings: _,
    } = *request;
    let mut hash = Sha256::new();
    let base_url = base_url.as_ref().map(ToString::to_string).unwrap_or_default();
    let diagnostics = scan.diagnostics.len();
    hash.update(format!("{}\n{base_url}\n{preview} {minify}\n{diagnostics}\n", program()));
    let others = scan.files.iter().filter(|(name, _)| !REGISTER_FILES.contains(&name.as_str()));
    let register = REGISTER_FILES.into_iter().zip(&register).filter_map(|(name, entry)| Some((name, entry.as_ref()?)));
    for (name, file) in others.map(|(name, entry)| (name.as_str(), entry)).chain(register) {
        hash.update(format!("{name}\n{}\n{}\n", file.length, file.changed));
    }
    digest::finished(hash)
}

const REGISTER_FILES: [&str; 2] = [REGISTER_FILE, CHECKSUM_FILE];

/// The files of the register as they were before the build.
fn scanned_register(inputs: &Inputs) -> [Option<FileEntry>; 2] {
    REGISTER_FILES.map(|name| inputs.scan.files.get(name).cloned())
}
