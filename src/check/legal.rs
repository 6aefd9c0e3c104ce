//! Pages that the law requires: a privacy page where forms collect personal data, and an imprint.

use super::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::model::site::{LegalPage, LinkTarget};
use crate::resolve::{Site, SitePage};
use crate::rules::Rule;
use crate::source::Span;

/// Reports a form on a site without a privacy page.
pub fn missing_privacy_page(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    if site.is_partly_read || has_page(site, LegalPage::Privacy) {
        return Vec::new();
    }
    let forms = || visible_pages(site).flat_map(|page| page.forms().filter_map(move |cta| Some((page, cta.form()?))));
    let Some((page, form)) = forms().next() else { return Vec::new() };
    let message = "forms collect personal data, and the site has no privacy page";
    let diagnostic = Diagnostic::warning(Rule::MissingPrivacyPage, message)
        .at(&page.page.source, form.span, "a form")
        .help("write `content/privacy.md`, and link it in site.yaml: `footer: { legal: [{ label: Privacy, page: /privacy.md }] }`");
    vec![diagnostic]
}

/// Reports a site without an imprint where its language or its domain points to a country that requires one.
pub fn missing_imprint(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let config = &site.config;
    let Some(law) = imprint_law(&config.language.value, config.base_url.url().domain().unwrap_or_default()) else {
        return Vec::new();
    };
    if site.is_partly_read || has_page(site, LegalPage::Imprint) || visible_pages(site).next().is_none() {
        return Vec::new();
    }
    let diagnostic = Diagnostic::warning(Rule::MissingImprint, "the site has no imprint")
        .at(&config.source, Span::new(0, 0), law)
        .help("write a page with name, address and contact, and link it: `footer: { legal: [{ label: Impressum, page: /impressum.md }] }`");
    vec![diagnostic]
}

/// Returns whether a link of `site.yaml` or a page has the name of a legal page.
fn has_page(site: &Site, legal: LegalPage) -> bool {
    let in_links = site.config.links().any(|link| {
        let address = match &link.to {
            LinkTarget::Page(page) => page.value.as_str(),
            LinkTarget::Url(url) => url.value.url().path(),
        };
        legal.is_named_in(&link.label) || legal.is_named_in(address)
    });
    let names_page = |page: &SitePage| {
        page.campaign.is_none()
            && (legal.is_named_in(&page.page.front.title.value) || legal.is_named_in(page.path.as_str()))
    };
    in_links || visible_pages(site).any(names_page)
}

/// Returns the law that requires an imprint, by the primary language of a site and its domain. § 5 DDG is the German law,
/// § 5 ECG the Austrian one, article 3 UWG the Swiss one, and the LCEN the French one.
fn imprint_law(language: &str, domain: &str) -> Option<&'static str> {
    let language = language.to_lowercase();
    let primary = language.split('-').next().unwrap_or_default();
    let ends_with = |suffixes: &[&str]| suffixes.iter().any(|suffix| domain.ends_with(suffix));
    match () {
        () if ends_with(&[".at"]) || language == "de-at" => Some("Austria requires one (§ 5 ECG)"),
        () if ends_with(&[".ch"]) || language.ends_with("-ch") => Some("Switzerland requires one (article 3 UWG)"),
        () if ends_with(&[".de"]) || primary == "de" => Some("Germany requires one (§ 5 DDG)"),
        () if ends_with(&[".fr"]) || language == "fr-fr" => Some("France requires one (LCEN, article 1-1)"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::imprint_law;

    #[test]
    fn imprint_depends_on_language_and_domain() {
        for (language, domain, law) in [
            ("de", "kazi.example", "DDG"),
            ("en", "kazi.de", "DDG"),
            ("de-AT", "kazi.example", "ECG"),
            ("de", "kazi.at", "ECG"),
            ("fr-CH", "kazi.example", "UWG"),
            ("en", "kazi.fr", "LCEN"),
        ] {
            assert!(imprint_law(language, domain).is_some_and(|found| found.contains(law)), "{language} {domain}");
        }
        for (language, domain) in [("en", "kazi.example"), ("fr", "kazi.ca"), ("es", "kazi.es"), ("sw", "kazi.co.ke")] {
            assert_eq!(imprint_law(language, domain), None, "{language} {domain}");
        }
    }
}
