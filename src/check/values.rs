//! Codes and ids that machines or people take for something else: spreadsheets, and customers who type a code.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::CheckContext;
use crate::characters::{Script, as_typed, looks_latin};
use crate::diagnostics::{Diagnostic, lookalike};
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::variant::Variant;
use crate::resolve::{Site, SitePage};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::spreadsheet::read_as;

const CHANGED: &str = "not the same after a spreadsheet";

/// Reports ids and coupon codes that spreadsheets read as numbers, days or booleans.
pub fn read_as_another_value(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let language = primary_language(site);
    let channels = site.config.channels.values();
    let mut diagnostics: Vec<Diagnostic> = channels
        .filter_map(|channel| of_value(language, &site.config.source, ("channel", channel.id.as_str(), channel.span)))
        .collect();
    for page in &site.pages {
        diagnostics.extend(of_campaign(language, page));
        let values = page.page.front.ctas.values().flat_map(ids_and_codes);
        diagnostics.extend(values.filter_map(|value| of_value(language, &page.page.source, value)));
    }
    diagnostics.extend(short_codes(site));
    diagnostics
}

/// An id or a code: what it is, the text, and its place.
type PlacedValue<'c> = (&'static str, &'c str, Span);

fn ids_and_codes(cta: &Cta) -> impl Iterator<Item = PlacedValue<'_>> {
    let id = ("call to action", cta.id.value.as_str(), cta.id.span);
    std::iter::once(id).chain(codes(cta).map(|code| ("code", code.value.as_str(), code.span)))
}

fn codes(cta: &Cta) -> impl Iterator<Item = &Located<String>> {
    cta.coupon().into_iter().flat_map(|coupon| std::iter::once(&coupon.code).chain(coupon.codes.values()))
}

fn of_value(language: &str, source: &Arc<SourceText>, (what, text, span): PlacedValue) -> Option<Diagnostic> {
    Some(changed_in_spreadsheets(language, what, text)?.at(source, span, CHANGED))
}

/// The id of a campaign comes from its front matter, or from the name of its file.
fn of_campaign(language: &str, page: &SitePage) -> Option<Diagnostic> {
    let front = &page.page.front;
    let diagnostic = changed_in_spreadsheets(language, "campaign", page.campaign.as_ref()?.as_str())?;
    Some(match front.campaign.as_ref().or(front.rare().slug.as_ref()) {
        Some(id) => diagnostic.at(&page.page.source, id.span, CHANGED),
        None => diagnostic.in_file(&page.page.source.path).help("set the id with `campaign: …`"),
    })
}

fn changed_in_spreadsheets(language: &str, what: &str, text: &str) -> Option<Diagnostic> {
    let read_as = read_as(text, language)?;
    let message = format!("spreadsheets read the {what} `{text}` as {read_as}");
    let help = "choose one with a word in it; if it is published already, import its column as text";
    Some(Diagnostic::warning(Rule::ReadAsAnotherValue, message).help(help))
}

/// Short codes are derived and never change, so the campaign needs another id: about 1 code in 50,000.
fn short_codes(site: &Site) -> Vec<Diagnostic> {
    let of_offers = site.offers.iter().map(|offer| (&offer.campaign, &offer.channel, offer.variant.as_ref()));
    let combinations: BTreeSet<(&Slug, &Slug, Option<&Variant>)> = of_offers.collect();
    let codes = combinations.into_iter().filter_map(|(campaign, channel, variant)| {
        let code = ShortCode::of_link(campaign, channel, variant)?.to_string();
        let read_as = read_as(&code, primary_language(site))?;
        let page = &site.pages[*site.campaigns.get(campaign)?];
        let message = format!("spreadsheets read the short code `{code}` of `{campaign}` on `{channel}` as {read_as}");
        let diagnostic = Diagnostic::warning(Rule::ReadAsAnotherValue, message).in_file(&page.page.source.path);
        let help = "give the campaign another id with `campaign: …`; if the code is printed already, import its column as text";
        Some(diagnostic.help(help))
    });
    codes.collect()
}

/// Reports codes, sources and media with characters that look like other ones.
pub fn lookalike_characters(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let channels = config.channels.values();
    let names = channels.flat_map(|channel| channel.all_sources().chain(std::iter::once(&channel.medium)));
    let of_names = names.filter_map(|name| lookalike(&config.source, name.span, &name.value));
    let has_latin_letters = !has_other_letters(primary_language(context.site));
    let of_code = |page: &SitePage, code: &Located<String>| {
        let source = &page.page.source;
        let all_look_latin = has_latin_letters && looks_latin(&code.value);
        lookalike(source, code.span, &code.value).or_else(|| all_look_latin.then(|| not_latin(source, code)))
    };
    let of_page = |page: &SitePage| -> Vec<Diagnostic> {
        page.page.front.ctas.values().flat_map(codes).filter_map(|code| of_code(page, code)).collect()
    };
    of_names.chain(context.site.pages.iter().flat_map(of_page)).collect()
}

/// The primary tag of the site's language.
fn primary_language(site: &Site) -> &str {
    let language = &site.config.language.value;
    language.split('-').next().unwrap_or(language)
}

/// Returns true for languages with Greek or Cyrillic letters, by their primary tags.
fn has_other_letters(primary: &str) -> bool {
    ["be", "bg", "el", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "tt", "uk"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(primary))
}

fn not_latin(source: &Arc<SourceText>, code: &Located<String>) -> Diagnostic {
    let script = code.value.chars().find_map(Script::of).map_or("other", Script::name);
    Diagnostic::warning(Rule::LookalikeCharacters, format!("the letters of `{}` are {script}", code.value))
        .at(source, code.span, "people type Latin letters, which look the same")
        .help(format!("write `{}` in Latin letters", as_typed(&code.value)))
}
