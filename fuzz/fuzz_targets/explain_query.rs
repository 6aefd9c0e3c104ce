//! What people paste into `tagline explain`: it is explained, or not found.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tagline::explain::{self, ExplainContext};
use tagline::register::{self, Register};
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
        let example = tagline_fuzz::example();
        let page = tagline_fuzz::file("content/fuzz.md", "---\ntitle: A page\nsummary: A page.\n---\n\nText\n");
        let (site, _) = example.with_page("fuzz.md", &page.expect("a page")).expect("the example has no errors");
        let (notes, _) = notes::read(&site, &example.sources);
        let register = example.sources.register.as_ref().expect("the example has a register");
        let register = register::read(register).expect("the register has no errors");
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
