//! The Content-Security-Policy that is collected from a page: whatever stands in the page, the header has only the
//! directives and characters of a policy.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tagline::headers::csp;
use tagline::headers::page_sources::SourceCollector;
use tagline::resolve::Site;

fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let page = tagline_fuzz::file("content/fuzz.md", "---\ntitle: A page\nsummary: A page.\n---\n\nText\n");
        let example = tagline_fuzz::example();
        example.with_page("fuzz.md", &page.expect("a page")).expect("the example has no errors").0
    })
}

fuzz_target!(|html: &str| {
    let collector = SourceCollector::new(site());
    collector.add(html);
    let sources = collector.finish(site(), &tagline_fuzz::example().theme);
    let policy = csp::policy(site(), &sources);
    let header = csp::in_one_line(&policy);
    assert_eq!(header.split(';').count(), policy.len(), "a source ends its directive: {header}");
    for source in policy.iter().flat_map(|line| &line.sources) {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "'-._:/*+=[]".contains(c);
        assert!(!source.is_empty() && source.chars().all(is_allowed), "the source `{source}`");
    }
});
