//! What people paste into `tagline explain`: it is explained, or not found.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tagline::explain::{self, ExplainContext};
use tagline::register::Register;
use tagline::resolve::Site;
use tagline::sales::notes::{self, SalesNotes};

struct Known {
    site: Site,
    register: Register,
    notes: SalesNotes,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let (site, register) = tagline_fuzz::site_with_register();
        let (notes, _) = notes::read(&site, &tagline_fuzz::example().sources);
        Known { site, register, notes }
    })
}

fuzz_target!(|text: &str| {
    let Known { site, register, notes } = known();
    let context = ExplainContext { site, register, notes, today: site.options.today, on: None };
    let mut rows = Register::default();
    if let Ok(answer) = explain::answer(&context, text, &mut rows) {
        explain::to_text(&answer);
    }
});
