//! Rules about translations: pages and texts that a language lacks, and translations older than their originals.

use super::context::{CheckContext, visible_pages};
use crate::diagnostics::{Diagnostic, count, first_few, list};
use crate::model::cta::Cta;
use crate::model::field::{FieldTexts, OwnField, OwnFields};
use crate::model::form::Form;
use crate::model::site::SiteLanguage;
use crate::model::variant::Version;
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
        let diagnostic = Diagnostic::warning(Rule::UntranslatedPage, message).at(
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

/// Reports for each language what its pages show in the main language: consents that visitors of a form agree to, the site's
/// own fields of forms, the menu and the footer.
pub fn untranslated_settings(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let config = &site.config;
    let of_language = |language: &SiteLanguage| {
        let is_in_language =
            |page: &&SitePage| site.language_of(page).is_some_and(|it| it.language == language.language);
        let pages: Vec<&SitePage> = visible_pages(site).filter(is_in_language).collect();
        if pages.is_empty() {
            return None;
        }
        let forms: Vec<&Form> = pages.iter().flat_map(|page| page.forms()).filter_map(Cta::form).collect();
        let missing = [
            ("leads.consents", !forms.is_empty() && !config.leads.consents.is_empty() && language.consents.is_empty()),
            ("navigation", !config.navigation.is_empty() && language.navigation.is_none()),
            ("footer", config.footer.links().next().is_some() && language.footer.is_none()),
            ("announcement", site.announcement(None).is_some() && language.announcement.is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| name.to_owned());
        let names: Vec<String> = missing.chain(untranslated_fields(&config.fields, language, &forms)).collect();
        let first = names.first()?;
        let verb = if names.len() == 1 { "is" } else { "are" };
        let shown = list(names.iter().map(String::as_str));
        let message = format!("{shown} {verb} not translated into `{}`", language.tag.value);
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message);
        let label = "its pages have the texts of the main language there";
        let diagnostic = diagnostic.at(&config.source, language.tag.span, label);
        Some(diagnostic.help(format!("add it below the language, as in `{}`", example(first))))
    };
    config.languages.iter().filter_map(of_language).collect()
}

/// Returns the keys of the site's own fields that forms show in the main language: `fields.budget.label`.
fn untranslated_fields(own: &OwnFields, language: &SiteLanguage, forms: &[&Form]) -> Vec<String> {
    let is_used = |field: &&OwnField| forms.iter().any(|form| form.field(field.id.value.as_str()).is_some());
    let keys = |field: &OwnField| {
        let nothing = FieldTexts::default();
        let texts = language.fields.get(&field.id.value).unwrap_or(&nothing);
        let missing = [
            ("label", texts.label.is_none()),
            ("help", field.help.is_some() && texts.help.is_none()),
            ("options", !field.field_type.options().is_empty() && texts.options.is_empty()),
        ];
        let missing = missing.into_iter().filter(|(_, is_missing)| *is_missing);
        missing.map(|(key, _)| format!("fields.{}.{key}", field.id.value)).collect::<Vec<_>>()
    };
    own.values().filter(|field| !field.is_hidden()).filter(is_used).flat_map(keys).collect()
}

/// Returns a key of a language as an author writes it.
fn example(name: &str) -> &'static str {
    match name {
        "navigation" => "navigation: [{ label: …, page: /prices.md }]",
        "footer" => "footer: { legal: [{ label: …, page: /privacy.md }] }",
        "announcement" => "announcement: { text: …, page: /prices.md }",
        "leads.consents" => "leads: { consent: { text: …, version: … } }",
        _ => "fields: { budget: { label: …, options: […] } }",
    }
}

/// Reports texts in the front matter of translations that are still those of the original.
pub fn untranslated_texts(context: &CheckContext) -> Vec<Diagnostic> {
    let of_page = |page: &SitePage| {
        // The versions of a page have the same texts to translate.
        let translation = page.page.translation.as_deref().filter(|_| page.page.version == Version::A)?;
        let translation = Some(translation).filter(|translation| !translation.untranslated.is_empty())?;
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
        let text = translation.translated.as_ref().filter(|text| text.translated.value != text.today)?;
        let message = format!("`{}` changed after this translation was written", translation.original);
        let span: Span = text.translated.span;
        let diagnostic = Diagnostic::warning(Rule::OutdatedTranslation, message);
        let diagnostic = diagnostic.at(&page.page.source, span, "the digest of an earlier text");
        let help = format!("read the original again, then write `original: {}`", text.today);
        Some(diagnostic.help(help))
    };
    visible_pages(context.site).filter_map(of_page).collect()
}
