//! The Content-Security-Policy of a site: it forbids everything except the collected sources.

use std::collections::BTreeSet;

use crate::model::csp::{Directive, Source, Sources};
use crate::model::destination::Destination;
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
    let analytics = analytics_sources(site, directive);
    let collected = sources.get(&directive).into_iter().flatten().cloned();
    let listed: BTreeSet<Source> = analytics.into_iter().chain(collected).chain(home_source(site, directive)).collect();
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

/// Returns the origin of `base_url` where forms need it. `'self'` is another one where the site is shown under a second host,
/// such as `www.` or a deploy preview.
fn home_source(site: &Site, directive: Directive) -> Option<Source> {
    let base_url = &site.config.base_url;
    let is_needed = match directive {
        // Browsers apply it to redirects too, and destinations redirect to the thank-you page below `base_url`.
        Directive::FormAction => true,
        // The sending script checks whether an endpoint on the site's own host responds.
        Directive::Connect => site
            .config
            .destinations
            .values()
            .any(|destination| matches!(destination, Destination::Endpoint(url) if base_url.same_host(url.url()))),
        _ => false,
    };
    Source::of_origin(base_url.url()).filter(|_| is_needed)
}

/// Returns the sources that the site's analytics need, by their documentation
/// (<https://developers.google.com/tag-platform/security/guides/csp>).
fn analytics_sources(site: &Site, directive: Directive) -> Vec<Source> {
    const GOOGLE_ANALYTICS: &str = "https://*.google-analytics.com";
    const TAG_MANAGER: &str = "https://*.googletagmanager.com";
    let fixed: &[&'static str] = match (site.measured_by(), directive) {
        (Some(Analytics::Plausible(_)), Directive::Script | Directive::Connect) => &["https://plausible.io"],
        (Some(Analytics::Gtm(_) | Analytics::Ga4(_)), Directive::Script) => &[TAG_MANAGER],
        (Some(Analytics::Gtm(_) | Analytics::Ga4(_)), Directive::Image) => &[GOOGLE_ANALYTICS, TAG_MANAGER],
        (Some(Analytics::Gtm(_) | Analytics::Ga4(_)), Directive::Connect) => {
            &["https://*.analytics.google.com", GOOGLE_ANALYTICS, TAG_MANAGER]
        }
        // It sends an image where it cannot send in the background.
        (Some(Analytics::Matomo(matomo)), Directive::Script | Directive::Connect | Directive::Image) => {
            return Source::of_origin(matomo.url.url()).into_iter().collect();
        }
        _ => &[],
    };
    fixed.iter().map(|source| Source::fixed(source)).collect()
}
