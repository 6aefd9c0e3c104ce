//! Analytics that wait for a consent that nothing asks for.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::check::context::CheckContext;
use crate::check::safety::scripts::third_party_scripts;
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::SourceText;

/// Reports `require_consent` if the site has analytics, and nothing calls `tagline.consent`.
pub fn missing_banner(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let Some(span) = config.attribution.consent_span.filter(|_| config.attribution.require_consent) else {
        return Vec::new();
    };
    if config.analytics.is_none() || asks(context) || !third_party_scripts(context).is_empty() {
        return Vec::new();
    }
    let diagnostic =
        Diagnostic::warning(Rule::MissingConsentBanner, "no page asks for consent, so analytics never load");
    let help = "call `tagline.consent(true)` from a consent banner, or leave out `require_consent` or `analytics`";
    vec![diagnostic.at(&config.source, span, "analytics wait for `tagline.consent(true)`").help(help)]
}

/// Whether a template, a page or a script of the site mentions the call.
fn asks(context: &CheckContext) -> bool {
    let site = context.site;
    let mentions_source = |source: &Arc<SourceText>| mentions_call(source.text.as_bytes());
    context.theme.templates().any(mentions_source)
        || context.theme.assets.iter().any(|(_, bytes)| mentions_call(bytes))
        || site.pages.iter().any(|page| mentions_source(&page.page.source))
        || site
            .static_files
            .iter()
            .any(|(_, path)| is_script(path) && fs::read(path).is_ok_and(|it| mentions_call(&it)))
        || site.published_html().any(mentions_source)
}

/// Scripts write it as `tagline.consent(…)`, `tagline?.consent` or `tagline["consent"]`.
fn mentions_call(text: &[u8]) -> bool {
    let has = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    has(b"tagline") && has(b"consent")
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js" || extension == "mjs")
}
