//! Rules about translations: pages and texts that a language lacks, and translations older than their originals.

use super::context::{CheckContext, visible_pages};
use crate::diagnostics::{Diagnostic, count, first_few, list};
use crate::model::site::SiteLanguage;
use crate::resolve::SitePage;
use crate::rules::Rule;
use crate::source::Span;

/// Reports for each language the pages that are not translated into it.
pub fn untranslated_pages(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let of_language = |language: &SiteLanguage| {
        let is_translated = |page: &&SitePage| {
            let others = site.variants.get(&page.index).into_iter().flatten();
            others.into_iter().any(|(variant, _)| variant.language() == Some(language.language.as_str()))
        };
        let originals = visible_pages(site).filter(|page| page.variant().is_none());
        let missing: Vec<&str> =
            originals.filter(|page| !is_translated(page)).map(|page| page.page.file.as_str()).collect();
        let first = missing.first()?;
        let message = match missing.len() {
            1 => format!("`{first}` is not translated into `{}`", language.tag.value),
            number => format!("{} are not translated into `{}`", count(number, "page"), language.tag.value),
        };
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message).at(
            &site.config.source,
            language.tag.span,
            "links lead to the main language",
        );
        let stem = first.strip_suffix(".md").unwrap_or(first);
        let diagnostic = if missing.len() > 1 { diagnostic.help(first_few(&missing)) } else { diagnostic };
        Some(diagnostic.help(format!("translate a page in a file beside it, as in `{stem}.{}.md`", language.language)))
    };
    site.config.languages.iter().filter_map(of_language).collect()
}

/// Reports for each language what every page of it shows in the main language: consents that visitors of a form agree to, the
/// menu and the footer.
pub fn untranslated_settings(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let config = &site.config;
    let of_language = |language: &SiteLanguage| {
        let mut pages = visible_pages(site)
            .filter(|page| site.language_of(page).is_some_and(|it| it.language == language.language));
        let first = pages.next()?;
        let has_forms = std::iter::once(first).chain(pages).any(|page| page.forms().next().is_some());
        let missing = [
            ("leads.consents", has_forms && !config.leads.consents.is_empty() && language.consents.is_empty()),
            ("navigation", !config.navigation.is_empty() && language.navigation.is_none()),
            ("footer", config.footer.links().next().is_some() && language.footer.is_none()),
        ];
        let names: Vec<&str> =
            missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| name).collect();
        let first = names.first()?;
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} not translated into `{}`", list(names.iter().copied()), language.tag.value);
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message);
        let label = "its pages have the texts of the main language there";
        let diagnostic = diagnostic.at(&config.source, language.tag.span, label);
        Some(diagnostic.help(format!("add it below the language, as in `{}`", example(first))))
    };
    config.languages.iter().filter_map(of_language).collect()
}

/// Returns a key of a language as an author writes it.
fn example(name: &str) -> &'static str {
    match name {
        "navigation" => "navigation: [{ label: …, page: /prices.md }]",
        "footer" => "footer: { legal: [{ label: …, page: /privacy.md }] }",
        _ => "leads: { consent: { text: …, version: … } }",
    }
}

/// Reports texts in the front matter of translations that are still those of the original.
pub fn untranslated_texts(context: &CheckContext) -> Vec<Diagnostic> {
    let of_page = |page: &SitePage| {
        let translation =
            page.page.translation.as_deref().filter(|translation| !translation.untranslated.is_empty())?;
        let names = list(translation.untranslated.iter().map(String::as_str));
        let verb = if translation.untranslated.len() == 1 { "is" } else { "are" };
        let message = format!("{names} {verb} not translated into `{}`", context.site.language_tag(page));
        let title = page.page.front.title.span;
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message);
        let diagnostic = diagnostic.at(&page.page.source, title, "only these keys are translated here");
        Some(diagnostic.help(format!("`{}` has the texts to translate", translation.original)))
    };
    visible_pages(context.site).filter_map(of_page).collect()
}

/// Reports translations whose original changed after they were written.
pub fn outdated_translations(context: &CheckContext) -> Vec<Diagnostic> {
    let of_page = |page: &SitePage| {
        let translation = page.page.translation.as_deref()?;
        let translated = translation.translated.as_ref().filter(|digest| digest.value != translation.digest)?;
        let message = format!("`{}` changed after this translation was written", translation.original);
        let span: Span = translated.span;
        let diagnostic = Diagnostic::warning(Rule::OutdatedTranslation, message);
        let diagnostic = diagnostic.at(&page.page.source, span, "the digest of an earlier text");
        let help = format!("read the original again, then write `original: {}`", translation.digest);
        Some(diagnostic.help(help))
    };
    visible_pages(context.site).filter_map(of_page).collect()
}
