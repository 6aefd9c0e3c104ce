//! `utm_*` parameters that authors write where they do harm or have no effect.

use crate::check::context::CheckContext;
use crate::diagnostics::{Diagnostic, list};
use crate::model::base_url::BaseUrl;
use crate::model::cta::Cta;
use crate::model::provider::UTM;
use crate::model::site::LinkTarget;
use crate::resolve::{SitePage, Target};
use crate::rules::Rule;

const NEW_VISIT: &str = "starts a new visit in analytics";

/// Reports `utm_*` on links within the site: in texts, in the menu, and of calls to action.
pub fn utm_on_internal_links(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let base_url = &site.config.base_url;
    let mut diagnostics = Vec::new();
    for page in &site.pages {
        let source = &page.page.source;
        for (link, target) in context.outline(page).links.iter().zip(&page.links) {
            diagnostics.extend(utm_of(base_url, target).map(|names| internal(&names).at(source, link.span, NEW_VISIT)));
        }
        for (url, span) in page.page.front.ctas.values().filter_map(Cta::written_url) {
            let names = utm_names(url.url().query().filter(|_| base_url.same_host(url.url())));
            diagnostics.extend(names.map(|names| internal(&names).at(source, span, NEW_VISIT)));
        }
    }
    for link in site.config.links() {
        let LinkTarget::Url(url) = &link.to else { continue };
        let names = utm_names(url.value.url().query().filter(|_| base_url.same_host(url.value.url())));
        diagnostics.extend(names.map(|names| internal(&names).at(&site.config.source, url.span, NEW_VISIT)));
    }
    diagnostics
}

/// Reports `utm_*` on calls to action that lead to another host, where Tagline writes its own.
pub fn overridden_utm(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let of_page = |page: &SitePage| -> Vec<Diagnostic> {
        let urls = page.page.front.ctas.values().filter_map(Cta::written_url);
        let outward = urls.filter(|(url, _)| !site.config.base_url.same_host(url.url()));
        let with_names = outward.filter_map(|(url, span)| {
            let names: Vec<&str> = UTM.into_iter().filter(|name| url.has_parameter(name)).collect();
            (!names.is_empty()).then(|| (list(names), span))
        });
        let overridden = with_names.map(|(names, span)| {
            Diagnostic::warning(Rule::OverriddenUtm, format!("Tagline replaces {names} in this address"))
                .at(&page.page.source, span, "each channel has its own values")
                .help("leave `utm_*` out: Tagline adds channel, campaign and lead tag")
        });
        overridden.collect()
    };
    site.pages.iter().flat_map(of_page).collect()
}

fn internal(names: &str) -> Diagnostic {
    Diagnostic::warning(Rule::UtmOnInternalLink, format!("{names} on a link within the site"))
        .help("leave `utm_*` out: a visit keeps its source, and Tagline passes on the source of a lead")
}

/// The names of `utm_*` in a target within the site.
fn utm_of(base_url: &BaseUrl, target: &Target) -> Option<String> {
    match target {
        Target::Page { after, .. } | Target::File { after, .. } => utm_names(after.query()),
        Target::Web(url) if url.contains("utm_") => {
            let url = url::Url::parse(url).ok()?;
            utm_names(url.query().filter(|_| base_url.same_host(&url)))
        }
        Target::Web(_) | Target::Picture(_) | Target::Contact(_) => None,
        Target::Cta { .. } | Target::Ended { .. } | Target::Text => None,
    }
}

/// `` `utm_source` and `utm_medium` ``
fn utm_names(query: Option<&str>) -> Option<String> {
    let names = query?.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    let utm: Vec<&str> = names.filter(|name| name.starts_with("utm_")).collect();
    (!utm.is_empty()).then(|| list(utm))
}
