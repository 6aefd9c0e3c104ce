//! Rules about versions of campaigns: versions that no visitor gets or that do not differ, and decided tests.

use super::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::model::variant::Version;
use crate::model::versions::{Share, Versions};
use crate::resolve::{Site, SitePage};
use crate::rules::Rule;

/// Reports versions that no visitor gets, and versions that do not differ.
pub fn unseen_versions(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let of_page = |page: &SitePage| {
        let Some(test) = page.test() else { return Vec::new() };
        // The shares are those of the original.
        let without_share = if page.variant().is_none() { without_share(page, test) } else { Vec::new() };
        without_share.into_iter().chain(same_versions(site, page, test)).collect()
    };
    visible_pages(site).flat_map(of_page).collect()
}

fn without_share(page: &SitePage, test: &Versions) -> Vec<Diagnostic> {
    let Some(split) = test.split_span.filter(|_| !test.split.is_empty()) else { return Vec::new() };
    let has_share = |version: Version| {
        let is_given = |share: &Share| share.version.value == version && share.per_cent > 0;
        test.split.iter().any(is_given)
    };
    let report = |version: Version, span, help: String| {
        let diagnostic = Diagnostic::warning(Rule::UnseenVersion, format!("no visitor gets version `{version}`"));
        diagnostic.at(&page.page.source, span, "has no share of new visitors").help(help)
    };
    let unnamed = test.declared.iter().filter(|version| !has_share(version.value));
    let unnamed = unnamed.map(|version| {
        let help = format!("give it a share, as in `split: {{ {}: 25 }}`, or remove it", version.value);
        report(version.value, version.span, help)
    });
    let nothing_left = (test.share_of_a() == 0).then(|| {
        let help = "leave a share for the page as written, to test the others against it";
        report(Version::A, split, help.to_owned())
    });
    unnamed.chain(nothing_left).collect()
}

fn same_versions(site: &Site, page: &SitePage, test: &Versions) -> Vec<Diagnostic> {
    // The versions of a page follow it.
    let others = site.pages[page.index + 1..].iter().take_while(|other| other.page.version != Version::A);
    let all: Vec<&SitePage> = std::iter::once(page).chain(others).collect();
    let shown = |page: &SitePage| {
        (page.page.front.versions.as_deref().map(|versions| versions.front_hash), page.page.blocks_hash)
    };
    let report = |(position, other): (usize, &&SitePage)| {
        // What differs may be what cannot be read.
        let earlier = if other.page.broken { &[][..] } else { &all[..position] };
        let same = earlier.iter().find(|first| shown(first) == shown(other))?;
        let version = other.page.version;
        let declared = test.declared.iter().find(|declared| declared.value == version);
        // In a translation, that is a place in the original.
        let span = declared.filter(|_| page.variant().is_none()).map(|declared| declared.span);
        let span = span.unwrap_or(page.page.front.title.span);
        let message = match same.page.version {
            Version::A => format!("version `{version}` is the same as the page"),
            first => format!("version `{version}` is the same as version `{first}`"),
        };
        let help = format!("change a text below `versions: {version}`, or add `version={version}` to a block");
        Some(
            Diagnostic::warning(Rule::UnseenVersion, message).at(&page.page.source, span, "nothing differs").help(help),
        )
    };
    all.iter().enumerate().skip(1).filter_map(report).collect()
}

/// Reports tests that still split visitors after a version won.
pub fn decided_tests(context: &CheckContext) -> Vec<Diagnostic> {
    let of_page = |page: &SitePage| {
        let versions = page.page.front.versions.as_deref().filter(|_| page.variant().is_none())?;
        let (winner, split) = (versions.winner?, versions.split_span?);
        let message = format!("`split` does nothing, because version `{}` won", winner.value);
        let diagnostic = Diagnostic::warning(Rule::DecidedTest, message);
        let diagnostic = diagnostic.at(&page.page.source, split, "every visitor gets the winner");
        Some(diagnostic.at(&page.page.source, winner.span, "decided here").help("remove `split`"))
    };
    visible_pages(context.site).filter_map(of_page).collect()
}
