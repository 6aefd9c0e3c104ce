//! Finds the lead tag that a cell means.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::index::{Source, TagIndex};
use super::letters::letters;
use super::{Match, Repair, Unknown};
use crate::characters::{Spaces, first_hidden, without_hidden};
use crate::diagnostics::distance;
use crate::model::code::{self, ShortCode};
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::Variant;

/// The longest text that is searched for lead tags, in bytes.
const MAX_TEXT: usize = 4096;

impl TagIndex {
    /// Returns what a cell contains. Spaces around a lead tag are no damage.
    pub fn resolve(&self, cell: &str) -> Match {
        resolve(self, cell)
    }
}

fn resolve(index: &TagIndex, cell: &str) -> Match {
    let text = cell.trim();
    if text.is_empty() {
        return Match::Empty;
    }
    let known = |source: u32, repair| Match::Known { source, repair };
    if let Some(&number) = index.former.get(text) {
        return known(number, Some(Repair::FormerId));
    }
    if let Some(&number) = index.by_text.get(text) {
        return known(number, None);
    }
    let text = &text[..text.floor_char_boundary(MAX_TEXT)];
    let plain = plain(text);
    match single(index, &plain) {
        Some((source, Repair::Case)) if plain == text => return known(source, None),
        Some((source, Repair::Case)) if text.to_lowercase() != plain => return known(source, Some(Repair::InText)),
        Some((source, repair)) => return known(source, Some(repair)),
        None => {}
    }
    match within(index, &plain) {
        Within::One(source) => {
            let repair = if plain.contains("://") || plain.contains('=') { Repair::InLink } else { Repair::InText };
            return known(source, Some(repair));
        }
        Within::Several => return Match::Unknown { why: Unknown::Several },
        Within::None => {}
    }
    if let Some(source) = by_letters(index, &plain) {
        return known(source, Some(Repair::Spaces));
    }
    if let Some(source) = by_code(index, &plain) {
        return known(source, Some(Repair::Code));
    }
    nearest(index, &plain)
}

/// Returns a text in lower case, without characters that nobody sees, percent-encoding and decoration.
fn plain(text: &str) -> String {
    let text = match first_hidden(text, Spaces::Any) {
        Some(_) => Cow::Owned(without_hidden(text, Spaces::Any)),
        None => Cow::Borrowed(text),
    };
    let text =
        if text.contains('%') { percent_decode_str(&text).decode_utf8_lossy().into_owned().into() } else { text };
    // `="…"` and `'…` are how spreadsheets keep a text as it is.
    let is_decoration = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | '<' | '>' | '“' | '”' | '„' | '*' | '.' | ',' | ';')
    };
    text.trim_matches(is_decoration).to_lowercase()
}

/// Returns the source of a text that is a lead tag and nothing else: a known one, or one whose parts the site has.
fn single(index: &TagIndex, text: &str) -> Option<(u32, Repair)> {
    if let Some(&number) = index.former.get(text) {
        return Some((number, Repair::FormerId));
    }
    if let Some(&number) = index.by_text.get(text) {
        return Some((number, Repair::Case));
    }
    let tag = LeadTag::parse(text).ok()?;
    let parts = &index.parts;
    let has_cta = parts.ctas.get(&tag.campaign).is_some_and(|ctas| ctas.contains(&tag.cta));
    let has_variant = tag
        .variant
        .as_ref()
        .is_none_or(|variant| parts.variants.get(&tag.campaign).is_some_and(|variants| variants.contains(variant)));
    let is_possible = has_cta && has_variant && parts.channels.contains(&tag.channel);
    is_possible.then(|| (index.number_of(&Source::of(&tag)), Repair::Case))
}

enum Within {
    None,
    One(u32),
    Several,
}

/// Finds lead tags in a link or a longer text.
fn within(index: &TagIndex, text: &str) -> Within {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words = text.split(|c| !is_part(c)).map(|word| word.trim_matches(['-', '_']));
    let mut found: Vec<u32> = words
        .filter(|word| word.len() < text.len())
        .filter_map(|word| single(index, word))
        .map(|(source, _)| source)
        .collect();
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [] => Within::None,
        [one] => Within::One(one),
        _ => Within::Several,
    }
}

fn by_letters(index: &TagIndex, text: &str) -> Option<u32> {
    let is_separated = text.contains(|c: char| !c.is_alphanumeric());
    index.by_letters.get(&letters(text)).copied().flatten().filter(|_| is_separated)
}

/// Finds a short code: alone, or at the end of a short link.
fn by_code(index: &TagIndex, text: &str) -> Option<u32> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let is_code = |word: &&str| word.bytes().filter(|&b| b != b'-').count() == code::LENGTH;
    let mut found = words.filter(is_code).filter_map(|word| index.by_code(ShortCode::parse(word).ok()?));
    found.next().map(|source| index.number_of(source))
}

/// Finds the lead tag that a text was before it was cut off or misspelt.
fn nearest(index: &TagIndex, text: &str) -> Match {
    let unknown = |why| Match::Unknown { why };
    let parts: Vec<&str> = text.split('_').collect();
    if !(2..=4).contains(&parts.len()) || text.contains(char::is_whitespace) || parts.iter().any(|part| part.len() > 60)
    {
        return unknown(Unknown::NoTag);
    }
    if parts.len() > 2 {
        match beginning_with(index, text)[..] {
            [one] => return Match::Known { source: one, repair: Some(Repair::CutOff) },
            [] => {}
            _ => return unknown(Unknown::CutOff),
        }
    }
    match misspelt(index, &parts) {
        Some(Ok(source)) => Match::Known { source, repair: Some(Repair::Misspelt) },
        Some(Err(why)) => unknown(why),
        None => unknown(if LeadTag::parse(text).is_ok() { Unknown::NoSuchTag } else { Unknown::NoTag }),
    }
}

/// Returns up to two lead tags that begin with a text.
fn beginning_with(index: &TagIndex, text: &str) -> Vec<u32> {
    let start = index.sorted.partition_point(|known| known.as_str() < text);
    let begins = index.sorted[start..].iter().take_while(|known| known.starts_with(text));
    begins.take(2).map(|known| index.by_text[known]).collect()
}

/// Compares each part with those that the site has. One typing error in a part is allowed, and two in a long one.
fn misspelt(index: &TagIndex, parts: &[&str]) -> Option<Result<u32, Unknown>> {
    let &[campaign, cta, channel, ref variant @ ..] = parts else { return None };
    let mut best: Vec<(usize, Source)> = Vec::new();
    let known = &index.parts;
    let channels: Vec<(usize, &Slug)> =
        known.channels.iter().filter_map(|id| Some((errors(channel, id)?, id))).collect();
    for (id, ctas) in &known.ctas {
        let Some(in_campaign) = errors(campaign, id) else { continue };
        let variant = match variant.first() {
            None => None,
            Some(text) => {
                match Variant::parse(text).ok().filter(|v| known.variants.get(id).is_some_and(|all| all.contains(v))) {
                    Some(variant) => Some(variant),
                    None => continue,
                }
            }
        };
        for (in_cta, cta) in ctas.iter().filter_map(|other| Some((errors(cta, other)?, other))) {
            for (in_channel, channel) in &channels {
                let source = Source {
                    campaign: id.clone(),
                    cta: Some(cta.clone()),
                    channel: (*channel).clone(),
                    variant: variant.clone(),
                };
                best.push((in_campaign + in_cta + in_channel, source));
            }
        }
    }
    let least = best.iter().map(|(errors, _)| *errors).min().filter(|&errors| errors <= 2)?;
    best.retain(|(errors, _)| *errors == least);
    Some(match &best[..] {
        [(_, one)] => Ok(index.number_of(one)),
        _ => Err(Unknown::Ambiguous),
    })
}

/// Returns the number of typing errors. `None` if there are too many for the length of the word.
fn errors(written: &str, known: &Slug) -> Option<usize> {
    let known = known.as_str();
    if written == known {
        return Some(0);
    }
    let allowed = match known.len() {
        0..=3 => return None,
        4..=8 => 1,
        _ => 2,
    };
    // Another year or number is another campaign.
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    if written.len().abs_diff(known.len()) > allowed || digits(written) != digits(known) {
        return None;
    }
    Some(distance(written, known)).filter(|&distance| distance <= allowed)
}
