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

/// Returns how many random cases a test tries: the tenths of all that `TAGLINE_TEST_TENTHS` says, or else one, so that
/// `cargo test` is quick after each edit.
pub fn random_cases(all: usize) -> usize {
    let tenths =
        std::env::var("TAGLINE_TEST_TENTHS").map_or(1, |tenths| tenths.parse().expect("a number from 1 to 10"));
    all * tenths / 10
}
