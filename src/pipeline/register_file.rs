//! The files of the tag register, and what the site's lead tags change in them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::durable::{self, NewFile};
use super::inputs::Inputs;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Findings, count};
use crate::lead_tags::LeadTags;
use crate::load::{CHECKSUM_FILE, REGISTER_FILE, Scan, Sources};
use crate::register::{self, Changes, CheckedRegister, Listing, Register, RegisterTexts, warnings};
use crate::resolve::Site;
use crate::sales;

/// What a site changes in its register.
pub struct Reconciled {
    pub changes: Changes,
    /// How `lead-tags.sum` lists the rows before the changes.
    pub listing: Listing,
    pub lead_tags: usize,
}

/// Whether a run wrote the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterWritten {
    Yes,
    /// It is up to date, or `--preview` or `--locked` leaves it alone.
    No,
    /// It is not up to date, but `--date` is not today.
    LeftAlone,
}

impl RegisterWritten {
    /// Returns a note for the user besides the changes.
    pub fn note(self, changes: &Changes, listing: Listing) -> Option<String> {
        match (self, listing) {
            (RegisterWritten::LeftAlone, _) => {
                let would = match changes.is_empty() {
                    true => format!("`{CHECKSUM_FILE}` does not list all rows"),
                    false => changes.summary(),
                };
                Some(format!(
                    "the tag register was left alone, because `--date` is not today: {would}; `--write-register` writes it"
                ))
            }
            (RegisterWritten::Yes, Listing::NoFile { rows }) => Some(format!(
                "wrote `{CHECKSUM_FILE}`, which lists the {}, so that lost rows are noticed from now on: commit it",
                count(rows, "present row")
            )),
            (RegisterWritten::Yes, Listing::Incomplete { unlisted }) => {
                Some(format!("`{CHECKSUM_FILE}` did not list {}, and does now", count(unlisted, "row")))
            }
            (RegisterWritten::Yes | RegisterWritten::No, _) => None,
        }
    }
}

/// Reads the register and its checksums. Returns `None` if one of them is damaged.
pub fn read(inputs: &Inputs, sources: &Sources) -> (Option<CheckedRegister>, Vec<Diagnostic>) {
    let texts = RegisterTexts { register: sources.register.as_ref(), checksums: sources.checksums.as_ref() };
    let read = [(REGISTER_FILE, texts.register), (CHECKSUM_FILE, texts.checksums)];
    // What is wrong with a file that has no text was reported when it was loaded.
    if read.iter().any(|(name, text)| text.is_none() && inputs.scan.files.contains_key(*name)) {
        return (None, Vec::new());
    }
    match register::read_checked(texts, inputs.last_register_day()) {
        Ok(checked) => (Some(checked), Vec::new()),
        Err(diagnostics) => (None, diagnostics),
    }
}

/// Compares the site's lead tags with its register. Returns `None` if one of the two has defects.
pub fn reconcile(
    inputs: &Inputs,
    site: &Site,
    checked: Option<&CheckedRegister>,
    findings: &mut Findings,
) -> Option<Reconciled> {
    let is_sound = !findings.has_defects();
    let (lead_tags, clashes) = LeadTags::of(site);
    let has_clashes = !clashes.is_empty();
    findings.extend(clashes);
    let CheckedRegister { register, listing } = checked.filter(|_| is_sound && !has_clashes)?;
    let changes = register::reconcile_site(register, &lead_tags, site.options.today);
    if !inputs.request.preview {
        findings.extend(warnings::removed_ids(site, register, &changes));
        findings.extend(warnings::reruns(site, register, &ends_of_last_build(&inputs.request.sales)));
    }
    // Listed rows are as Tagline wrote them, so there the content has changed.
    if matches!(listing, Listing::NoFile { .. } | Listing::Incomplete { .. }) {
        findings.extend(register::offers_of_spreadsheet(register, &changes));
    }
    if inputs.request.locked {
        findings.extend(changes.locked_diagnostic());
        findings.extend(listing.outdated());
    }
    Some(Reconciled { changes, listing: *listing, lead_tags: lead_tags.len() })
}

/// Writes the files of the register that are not up to date, unless a preview, `--locked` or another day leaves them alone.
///
/// # Errors
///
/// If another program changed them meanwhile, or if they cannot be written.
pub fn write(inputs: &Inputs, changes: &Changes, listing: Listing) -> anyhow::Result<RegisterWritten> {
    if !inputs.writes_register() {
        let is_outdated = !changes.is_empty() || listing.outdated().is_some();
        let Request { preview, locked, keeps_register, .. } = *inputs.request;
        let is_another_day = !inputs.is_register_day() && !preview && !locked && !keeps_register;
        return Ok(if is_another_day && is_outdated { RegisterWritten::LeftAlone } else { RegisterWritten::No });
    }
    let is_listed = changes.is_empty() && listing == Listing::Exact;
    match replace(inputs.scan, &changes.register, is_listed)? {
        true => Ok(RegisterWritten::Yes),
        false => Ok(RegisterWritten::No),
    }
}

/// Writes a register, and its checksums unless they list it already. Returns whether a file was written.
///
/// The register comes first, so that its checksums never list a row that it does not have. Checksums that the new register
/// contradicts, of rows that were opened again, are removed before that. So the two files agree after a power cut at any
/// moment: some rows are not listed at worst.
pub fn replace(scan: &Scan, register: &Register, is_listed: bool) -> anyhow::Result<bool> {
    let mut files = Vec::new();
    if !is_listed && let Some(present) = scan.text(CHECKSUM_FILE)? {
        files.extend(register::uncontradicted(&present, register).map(|text| NewFile::of_text(CHECKSUM_FILE, text)));
    }
    if !is_written(register, &scan.root.join(REGISTER_FILE)) {
        files.push(NewFile { name: REGISTER_FILE, write: Box::new(|out| register::write_to(register, out)) });
    }
    if !is_listed {
        files
            .push(NewFile { name: CHECKSUM_FILE, write: Box::new(|out| register::checksums::write_to(register, out)) });
    }
    if files.is_empty() {
        return Ok(false);
    }
    for name in [REGISTER_FILE, CHECKSUM_FILE] {
        if scan.current_entry(name).as_ref() != scan.files.get(name) {
            bail!("another program changed `{name}` meanwhile, so nothing was written; run the command again");
        }
    }
    durable::replace_files(&scan.root, &files)
        .with_context(|| format!("cannot write the tag register in `{}`", scan.root.display()))?;
    Ok(true)
}

/// Returns whether a file has the text of a register.
fn is_written(register: &Register, path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut comparison = Comparison(BufReader::new(file));
    register::write_to(register, &mut comparison).is_ok() && comparison.0.read(&mut [0]).is_ok_and(|more| more == 0)
}

/// A writer that fails at the first difference from the bytes of a reader.
struct Comparison<R>(R);

impl<R: Read> Write for Comparison<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut present = vec![0; bytes.len()];
        self.0.read_exact(&mut present)?;
        if present == bytes { Ok(bytes.len()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The ends of campaigns in the last build. Empty if there was none, as in a fresh clone.
fn ends_of_last_build(sales: &Path) -> BTreeMap<String, Date> {
    let text = fs::read_to_string(sales.join(sales::CAMPAIGNS_FILE)).unwrap_or_default();
    sales::ends_of_last_build(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;

    #[test]
    fn register_that_another_program_changed_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let header = register::write(&Register::default());
        for (name, before) in [(REGISTER_FILE, None), (REGISTER_FILE, Some(&*header)), (CHECKSUM_FILE, Some("# \n"))] {
            for name in [REGISTER_FILE, CHECKSUM_FILE] {
                let _ = fs::remove_file(path(name));
            }
            if let Some(text) = before {
                fs::write(path(name), text).unwrap();
            }
            let scan = load::scan(dir.path()).unwrap();
            fs::write(path(name), "merged by git").unwrap();
            let error = replace(&scan, &Register::default(), false).unwrap_err().to_string();
            assert!(error.starts_with(&format!("another program changed `{name}` meanwhile")), "{error}");
            assert_eq!(fs::read_to_string(path(name)).unwrap(), "merged by git");
        }
    }

    #[test]
    fn only_the_same_text_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(REGISTER_FILE);
        let text = register::write(&Register::default());
        assert!(!is_written(&Register::default(), &path), "there is no file");
        let others =
            [String::new(), text.replace("until", "Until"), text[..text.len() - 1].to_owned(), format!("{text}\n")];
        for (present, expected) in others.iter().map(|other| (other, false)).chain([(&text, true)]) {
            fs::write(&path, present).unwrap();
            assert_eq!(is_written(&Register::default(), &path), expected, "{present:?}");
        }
    }

    #[test]
    fn both_files_are_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let scan = load::scan(dir.path()).unwrap();
        assert!(replace(&scan, &Register::default(), false).unwrap());
        let scan = load::scan(dir.path()).unwrap();
        assert_eq!(scan.files.keys().collect::<Vec<_>>(), [REGISTER_FILE, CHECKSUM_FILE]);
        assert!(!replace(&scan, &Register::default(), true).unwrap());
    }
}
