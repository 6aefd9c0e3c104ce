//! Addresses that authors write, and the ones that Tagline makes of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::model::address::{Address, WebUrl};
use tagline::model::base_url::BaseUrl;
use tagline::model::site_path::SitePath;
use url::Url;

fuzz_target!(|texts: (&str, &str)| {
    let (first, second) = texts;
    if let (Ok(base), Some(path)) = (BaseUrl::parse(first), SitePath::parse(second)) {
        stays_below(&base, &path);
    }
    if let Ok(url) = WebUrl::parse(first) {
        has_plain_host(url.url());
        let with_parameter = url.and_parameter("tagline", second);
        assert_eq!(with_parameter.host(), url.host());
        if url.value_of("tagline").is_none() {
            assert_eq!(with_parameter.value_of("tagline").as_deref(), Some(second));
        }
    }
    if let Ok(Address::Web(url)) = Address::parse(first) {
        has_plain_host(url.url());
    }
});

/// Checks that a path of the site is below its base, as browsers resolve it.
fn stays_below(base: &BaseUrl, path: &SitePath) {
    let absolute = Url::parse(&base.absolute(path)).expect("an address of the site is valid");
    assert_eq!(absolute.origin(), base.url().origin());
    assert!(absolute.path().starts_with(base.path()), "{absolute} is not below {}", base.url());
    let from_root = base.url().join(&base.rooted(path)).expect("a path from the root is valid");
    assert_eq!(from_root, absolute);
}

/// Checks that a host has no character with a meaning in a policy or in a server's configuration.
fn has_plain_host(url: &Url) {
    let host = url.host_str().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
    assert!(host.chars().all(is_plain), "the host of {url}");
}
