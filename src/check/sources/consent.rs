//! Consent that no visitor can give.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::check::context::CheckContext;
use crate::check::safety::scripts::third_party_scripts;
use crate::diagnostics::Diagnostic;
use crate::model::site::{SiteConfig, Storage};
use crate::model::site_path::{SitePath, THEME_FOLDER};
use crate::rules::Rule;
use crate::source::SourceText;

/// Reports `require_consent` if something waits for consent, and nothing calls `tagline.consent`.
pub fn missing_banner(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let Some(span) = config.attribution.consent_span.filter(|_| config.attribution.require_consent) else {
        return Vec::new();
    };
    if !config.requires_consent() || asks(context) || !third_party_scripts(context).is_empty() {
        return Vec::new();
    }
    let diagnostic =
        Diagnostic::warning(Rule::MissingConsentBanner, format!("no page asks for consent, so {}", never(config)));
    let help = "include `parts/consent.html` of the theme `launch`, call `tagline.consent(true)` from a banner of your own, \
                or leave out `require_consent`";
    vec![diagnostic.at(&config.source, span, "waits for `tagline.consent(true)`").help(help)]
}

/// Returns what never happens.
fn never(config: &SiteConfig) -> &'static str {
    match (config.analytics.is_some(), config.attribution.storage != Storage::None) {
        (true, true) => "analytics never load and nothing is stored",
        (true, false) => "analytics never load",
        (false, _) => "nothing is ever stored",
    }
}

/// Whether a template, a page or a script of the site mentions the call.
fn asks(context: &CheckContext) -> bool {
    let site = context.site;
    let mentions_source = |source: &Arc<SourceText>| mentions_call(source.text.as_bytes());
    context.theme.templates().any(mentions_source)
        || context.theme.assets.iter().any(|(path, bytes)| is_used(context, path) && mentions_call(bytes))
        || site.pages.iter().any(|page| mentions_source(&page.page.source))
        || site
            .static_files
            .iter()
            .any(|(_, path)| is_script(path) && fs::read(path).is_ok_and(|it| mentions_call(&it)))
        || site.published_html().any(mentions_source)
}

/// Returns false for the script of the banner if no template includes the banner.
fn is_used(context: &CheckContext, path: &SitePath) -> bool {
    let is_banner = path.as_str().strip_prefix(THEME_FOLDER).is_some_and(|name| name.starts_with("/parts/consent."));
    let has = |text: &str| context.theme.templates().any(|template| template.text.contains(text));
    !is_banner || has("parts/consent.html") && has("id=\"_consent\"")
}

/// Scripts write it as `tagline.consent(…)`, `tagline?.consent` or `tagline["consent"]`.
fn mentions_call(text: &[u8]) -> bool {
    let has = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    has(b"tagline") && has(b"consent")
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js" || extension == "mjs")
}
