//! The tag register: what is read and written again is the same, and is written the same the second time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::register;

fuzz_target!(|text: &str| {
    let Some(source) = tagline_fuzz::file("lead-tags.csv", text) else { return };
    match register::read(&source) {
        Err(diagnostics) => {
            assert!(!diagnostics.is_empty(), "no register, and no error");
            tagline_fuzz::check(&diagnostics);
        }
        Ok(read) => {
            let written = register::write(&read);
            let source = tagline_fuzz::file("lead-tags.csv", &written).expect("a register without forbidden characters");
            let again = register::read(&source).expect("a written register can be read");
            assert_eq!(register::write(&again), written);
        }
    }
});
