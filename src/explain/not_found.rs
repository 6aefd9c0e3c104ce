//! Messages for queries without an answer, with suggestions.

use super::context::ExplainContext;
use super::lookup::{KnownCode, campaigns, channels, codes, ctas, variants};
use crate::diagnostics::{list, nearest};
use crate::model::code::{self, NotACode, ShortCode};
use crate::model::slug::Slug;
use crate::model::tag::{LeadTag, TagPart};
use crate::resolve::{Site, State};

const MAX_SUGGESTED_CODES: usize = 3;

/// Why a query has no answer.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound {
    /// In the style of a diagnostic: lower case, names in backticks, no full stop.
    pub message: String,
    pub help: Vec<String>,
}

/// For a text that is no kind of query.
pub fn not_a_query(context: &ExplainContext, text: &str) -> NotFound {
    let text = text.trim();
    let ids = campaigns(context);
    let suggestion = nearest(&text.to_lowercase(), ids.iter().map(|id| id.as_str()));
    let message = match LeadTag::parse(&text.to_lowercase()) {
        Err(why) if text.contains('_') => format!("`{text}` is not a lead tag: {why}"),
        _ => format!("`{text}` is not a lead tag, a code or an address of this site"),
    };
    let help = match suggestion {
        Some(id) => format!("did you mean the campaign `{id}`?"),
        None => {
            "enter a lead tag (`campaign_cta_channel`), a code of ten characters, or the address of a page".to_owned()
        }
    };
    NotFound { message, help: vec![help] }
}

/// For a path that is no page of the site.
pub fn unknown_page(site: &Site, path: &str) -> NotFound {
    let paths: Vec<String> = site.pages.iter().map(|page| page.path.as_str().trim_matches('/').to_owned()).collect();
    let suggestion = nearest(path.trim_matches('/'), paths.iter().map(String::as_str));
    let page = suggestion.and_then(|path| site.pages.iter().find(|page| page.path.as_str().trim_matches('/') == path));
    NotFound {
        message: format!("there is no page `/{path}` on this site"),
        help: vec![match page {
            Some(page) => format!("did you mean `{}`?", site.config.base_url.absolute(&page.path)),
            None => "paste the address of a page, a channel page or a short link of this site".to_owned(),
        }],
    }
}

/// For an address on another host.
pub fn other_site(host: &str) -> NotFound {
    NotFound {
        message: format!("this address is on another site, `{host}`, and has no lead tag"),
        help: vec![
            "links of this site have the lead tag in `utm_content=` or `via=`: paste the whole address".to_owned(),
        ],
    }
}

/// For a valid code that was never issued.
pub fn unknown_code(context: &ExplainContext, code: ShortCode) -> NotFound {
    let mut help = did_you_mean(similar_codes(context, &code.to_string()));
    if help.is_empty() {
        help.push("it may be a code of another site, or the tag register in this folder may be old".to_owned());
    }
    NotFound { message: format!("no campaign has the code `{code}`"), help }
}

/// For a text that looks like a code, in a message. `None` if no code is similar: it may be a telephone number.
pub fn similar_to(context: &ExplainContext, typed: &str, why: NotACode) -> Option<NotFound> {
    (!similar_codes(context, typed).is_empty()).then(|| not_a_code(context, typed, why))
}

/// For a text that looks like a code but is not valid.
pub fn not_a_code(context: &ExplainContext, typed: &str, why: NotACode) -> NotFound {
    let mut help = did_you_mean(similar_codes(context, typed));
    // A word of ten letters, and most likely not meant as a code.
    if help.is_empty() && !typed.contains(|c: char| c.is_ascii_digit()) {
        return not_a_query(context, typed);
    }
    let message = match why {
        NotACode::TypingError => format!("`{typed}` has a typing error: its last character does not match the others"),
        NotACode::Character(c) => format!("`{typed}` has a typing error: codes do not contain `{c}`"),
        NotACode::Length { characters } => {
            format!("`{typed}` is not a code: a code has {} characters, this has {characters}", code::LENGTH)
        }
    };
    if help.is_empty() {
        help.push("check it again: a code has digits and letters, but no i, l, o or u".to_owned());
    }
    NotFound { message, help }
}

fn did_you_mean(codes: Vec<KnownCode>) -> Vec<String> {
    codes
        .iter()
        .map(|(code, campaign, channel, variant)| {
            let variant = variant.map(|variant| format!(" in the variant `{variant}`")).unwrap_or_default();
            format!("did you mean `{code}`, `{campaign}` on `{channel}`{variant}?")
        })
        .collect()
}

/// Returns the codes at distance 1: one character differs, is missing or is added, or two neighbours are swapped.
fn similar_codes<'k>(context: &'k ExplainContext, typed: &str) -> Vec<KnownCode<'k>> {
    let typed: String = typed.chars().filter(|&c| c != '-').collect();
    let mut similar: Vec<_> =
        codes(context).filter(|(code, ..)| strsim::osa_distance(&code.to_string(), &typed) == 1).collect();
    similar.sort_by_key(|(code, ..)| *code);
    similar.dedup_by_key(|(code, ..)| *code);
    similar.truncate(MAX_SUGGESTED_CODES);
    similar
}

/// For a well-formed lead tag that was never issued.
pub fn unknown_tag(context: &ExplainContext, tag: &LeadTag) -> NotFound {
    let (unknown, suggestion) = nearest_tag(context, tag);
    let message = match unknown {
        Some((part, id)) => format!("unknown lead tag `{tag}`: there is no {part} `{id}`"),
        None => format!("unknown lead tag `{tag}`"),
    };
    let help = match (suggestion, unknown) {
        (Some(suggestion), Some(_)) => format!("did you mean `{suggestion}`?"),
        (None, Some((TagPart::Campaign, _))) => "it may be a lead tag of another site".to_owned(),
        (None, Some((TagPart::Cta, _))) => {
            let ctas = ctas(context, &tag.campaign);
            format!("`{}` has {}", tag.campaign, list(ctas.iter().map(|id| id.as_str())))
        }
        (None, Some((TagPart::Variant, _))) => {
            let variants = variants(context, &tag.campaign);
            match variants.is_empty() {
                true => format!("`{}` has one language and one version: leave the last part out", tag.campaign),
                false => format!("`{}` has {}", tag.campaign, list(variants.iter().map(|variant| variant.as_str()))),
            }
        }
        (None, Some((TagPart::Channel, _))) => {
            format!("the channels are {}", list(channels(context).iter().map(|id| id.as_str())))
        }
        (_, None) if is_draft(context.site, &tag.campaign) => format!(
            "`{}` is a draft: its lead tags are issued when it is published; `--preview` shows them now",
            tag.campaign
        ),
        (_, None) => format!(
            "the call to action `{}` of `{}` was removed, and was never on `{}`",
            tag.cta, tag.campaign, tag.channel
        ),
    };
    NotFound { message, help: vec![help] }
}

fn is_draft(site: &Site, campaign: &Slug) -> bool {
    site.campaign_page(campaign).is_some_and(|index| site.pages[index].state == State::Draft)
}

/// Returns the first unknown part of a lead tag, and the most similar lead tag, part by part.
fn nearest_tag<'t>(context: &ExplainContext, tag: &'t LeadTag) -> (Option<(TagPart, &'t Slug)>, Option<LeadTag>) {
    let campaigns = campaigns(context);
    let is_campaign = campaigns.contains(&&tag.campaign);
    let campaign = if is_campaign { Some(tag.campaign.clone()) } else { nearest_slug(&tag.campaign, &campaigns) };
    let ctas = campaign.as_ref().map(|campaign| ctas(context, campaign)).unwrap_or_default();
    let is_cta = ctas.contains(&&tag.cta);
    let channels = channels(context);
    let channels: Vec<&Slug> = channels.iter().collect();
    let is_channel = channels.contains(&&tag.channel);
    let variants = campaign.as_ref().map(|campaign| variants(context, campaign)).unwrap_or_default();
    let unknown_variant = tag.variant.as_ref().filter(|variant| !variants.contains(variant));
    let unknown = match (is_campaign, is_cta, is_channel) {
        (false, ..) => Some((TagPart::Campaign, &tag.campaign)),
        (true, false, _) => Some((TagPart::Cta, &tag.cta)),
        (true, true, false) => Some((TagPart::Channel, &tag.channel)),
        (true, true, true) => unknown_variant.map(|variant| (TagPart::Variant, variant.as_slug())),
    };
    let suggestion = || {
        let cta = if is_cta { tag.cta.clone() } else { nearest_slug(&tag.cta, &ctas)? };
        let channel = if is_channel { tag.channel.clone() } else { nearest_slug(&tag.channel, &channels)? };
        let variant = match (&tag.variant, unknown_variant) {
            (Some(_), Some(unknown)) => {
                let name = nearest(unknown.as_str(), variants.iter().map(|variant| variant.as_str()))?;
                variants.iter().copied().find(|variant| variant.as_str() == name)
            }
            (variant, _) => variant.as_ref(),
        };
        Some(LeadTag::new(&campaign?, &cta, &channel, variant))
    };
    (unknown, suggestion())
}

fn nearest_slug(id: &Slug, ids: &[&Slug]) -> Option<Slug> {
    let name = nearest(id.as_str(), ids.iter().map(|id| id.as_str()))?;
    Slug::parse(name).ok()
}
