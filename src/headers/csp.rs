//! The Content-Security-Policy of a site: it forbids everything except the collected sources.

use std::collections::BTreeSet;

use crate::model::csp::{Directive, Source, Sources};
use crate::model::site::Analytics;
use crate::resolve::Site;

/// A directive with its sources: `img-src 'self' https://cdn.example`.
pub struct PolicyLine {
    pub name: &'static str,
    pub sources: Vec<Source>,
}

/// Returns the policy that allows `sources`.
pub fn policy(site: &Site, sources: &Sources) -> Vec<PolicyLine> {
    let mut policy = vec![PolicyLine { name: "default-src", sources: vec![Source::none()] }];
    policy.extend(Directive::ALL.into_iter().filter_map(|directive| line(site, sources, directive)));
    policy.push(PolicyLine { name: "base-uri", sources: vec![Source::none()] });
    if site.config.base_url.is_encrypted() {
        policy.push(PolicyLine { name: "upgrade-insecure-requests", sources: Vec::new() });
    }
    policy
}

/// Returns whether the policy forbids all frames of other sites to show the pages.
pub fn forbids_framing(policy: &[PolicyLine]) -> bool {
    let ancestors = policy.iter().find(|line| line.name == Directive::FrameAncestors.name());
    ancestors.is_none_or(|line| line.sources == [Source::none()])
}

/// Returns a directive's line, or `None` where `default-src` is enough.
fn line(site: &Site, sources: &Sources, directive: Directive) -> Option<PolicyLine> {
    let analytics = analytics_sources(site, directive).iter().map(|source| Source::fixed(source));
    let collected = sources.get(&directive).into_iter().flatten().cloned();
    // Browsers apply `form-action` to redirects too. A destination redirects to the thank-you page below `base_url`, also
    // where the site is shown under another host.
    let home = Some(directive).filter(|directive| *directive == Directive::FormAction);
    let home = home.and_then(|_| Source::of_origin(site.config.base_url.url()));
    let listed: BTreeSet<Source> = analytics.chain(collected).chain(home).collect();
    let frames_itself = sources.get(&Directive::Frame).is_some_and(|frames| frames.contains(&Source::own()));
    let first = match directive {
        Directive::Frame | Directive::Worker if listed.is_empty() => return None,
        Directive::Frame | Directive::Worker => None,
        Directive::FrameAncestors if listed.is_empty() && !frames_itself => Some(Source::none()),
        Directive::FrameAncestors
        | Directive::Script
        | Directive::Style
        | Directive::Image
        | Directive::Font
        | Directive::Connect
        | Directive::Media
        | Directive::Manifest
        | Directive::FormAction => Some(Source::own()),
    };
    Some(PolicyLine { name: directive.name(), sources: first.into_iter().chain(listed).collect() })
}

/// Returns the sources that the site's analytics need, by their documentation
/// (<https://developers.google.com/tag-platform/security/guides/csp>).
fn analytics_sources(site: &Site, directive: Directive) -> &'static [&'static str] {
    const GOOGLE_ANALYTICS: &str = "https://*.google-analytics.com";
    const TAG_MANAGER: &str = "https://*.googletagmanager.com";
    match (site.measured_by(), directive) {
        (Some(Analytics::Plausible(_)), Directive::Script | Directive::Connect) => &["https://plausible.io"],
        (Some(Analytics::Gtm(_)), Directive::Script) => &[TAG_MANAGER],
        (Some(Analytics::Gtm(_)), Directive::Image) => &[GOOGLE_ANALYTICS, TAG_MANAGER],
        (Some(Analytics::Gtm(_)), Directive::Connect) => {
            &["https://*.analytics.google.com", GOOGLE_ANALYTICS, TAG_MANAGER]
        }
        (Some(Analytics::Plausible(_) | Analytics::Gtm(_)) | None, _) => &[],
    }
}
