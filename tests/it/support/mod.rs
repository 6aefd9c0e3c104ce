//! Helpers for all tests: a small site in a temporary folder, the real binary, and readers for its output.

pub mod dom;
pub mod edited_site;
mod files;
mod fixture;
pub mod html;
mod invalid;
pub mod run;
pub mod server;
mod site;

pub use files::{bytes_below, copy, files_below};
pub use fixture::{
    CAMPAIGN, CAMPAIGN_TEXT, CHECKSUMS, NOTES, PAGE, PAGE_TEMPLATE, PAGE_TEXT, REGISTER, SITE, SITE_TEXT, TODAY,
    page_text, yaml_string,
};
pub use invalid::{InvalidEdit, assert_each_rejected, assert_only_error, invalid, place_of_mark, try_reject};
pub use run::Run;
pub use site::Site;

/// Returns how many random cases a test tries: all that it has with `TAGLINE_TEST_ALL`, as in `.ci/run`, or else a tenth,
/// so that `cargo test` is quick after each edit.
pub fn random_cases(all: usize) -> usize {
    if std::env::var_os("TAGLINE_TEST_ALL").is_some() { all } else { all / 10 }
}
