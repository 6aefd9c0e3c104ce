//! The export of a CRM: a report in which every row is accounted for, or an error with a place.
#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tagline::register::Register;
use tagline::report::{self, InputError, Options};
use tagline::resolve::Site;

struct Known {
    site: Site,
    register: Register,
    /// Where the input is written, because exports are read from files.
    file: PathBuf,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let (site, register) = tagline_fuzz::site_with_register();
        let file = std::env::temp_dir().join(format!("tagline-export-{}.csv", std::process::id()));
        Known { site, register, file }
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Known { site, register, file } = known();
    std::fs::write(file, bytes).expect("the input can be written");
    let options = Options { files: vec![file.clone()], ..Options::default() };
    match report::run(site, register, &options) {
        Ok(report) => {
            let account = &report.files[0].account;
            assert_eq!(account.counts.values().sum::<u64>(), account.rows, "a row is in no category");
            report::text::text(&report, 80);
            report::html::html(&report).expect("the page can be made");
        }
        Err(error) => {
            let InputError { message, line, .. } = error.downcast_ref().expect("an error of the export");
            assert!(!message.is_empty() && line.is_none_or(|line| line > 0), "{error:?}");
        }
    }
});
