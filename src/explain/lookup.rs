//! What is known by something's name, and what was meant where nothing is.

use std::collections::BTreeSet;

use super::{Known, Unknown, address};
use crate::diagnostics::{list, nearest};
use crate::lead_tags::codes_to_quote;
use crate::model::code::{self, NotACode, ShortCode};
use crate::model::contact::ContactMade;
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag, TagPart};
use crate::resolve::{Site, SitePage, State};

/// Every code there ever was, with its campaign and channel, and those that the next build adds; those of links first,
/// then those that visitors of a contact quote.
pub fn codes<'k>(known: &'k Known) -> impl Iterator<Item = (ShortCode, &'k Slug, Slug)> {
    let rows =
        known.register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign && a.tag.channel == b.tag.channel);
    let registered = rows.filter_map(|rows| Some((rows[0].code?, &rows[0].tag.campaign, rows[0].tag.channel.clone())));
    let pages = known.site.campaigns.iter().map(|(id, &index)| (id, &known.site.pages[index]));
    let today = pages.flat_map(|(id, page)| {
        let channels = known.site.channel_pages(page);
        channels.filter_map(move |channel| Some((ShortCode::of_link(id, channel)?, id, channel.clone())))
    });
    let quoted = quoting(known).into_iter();
    let quoted = quoted.flat_map(|id| codes_to_quote(known.site, id).map(move |(code, channel)| (code, id, channel)));
    registered.chain(today).chain(quoted)
}

/// The campaigns whose visitors quote a code in a message or a call, or once did.
fn quoting<'k>(known: &'k Known) -> BTreeSet<&'k Slug> {
    let quotes = |page: &SitePage| page.page.front.ctas.values().any(Cta::quotes_a_code);
    let today = known.site.campaigns.iter().filter(|&(_, &index)| quotes(&known.site.pages[index]));
    let rows = known.register.rows().iter().filter(|row| ContactMade::quotes_a_code(row.kind, &row.offer));
    today.map(|(id, _)| id).chain(rows.map(|row| &row.tag.campaign)).collect()
}

/// The page at a path below the base path: itself, a channel page with its channel, a thank-you page or an alias.
pub fn page_at(site: &Site, path: &str) -> Option<(usize, Option<Slug>)> {
    let path = path.trim_end_matches('/');
    let find = |path: &str| {
        let pages = || site.pages.iter().position(|page| page.path.as_str().trim_end_matches('/') == path);
        let aliases = || site.aliases.iter().find(|(alias, _)| alias.as_str().trim_end_matches('/') == path);
        pages().or_else(|| aliases().map(|(_, index)| *index))
    };
    if let Some(index) = find(path).or_else(|| find(&path.to_lowercase())) {
        return Some((index, None));
    }
    let path = &*path.to_lowercase();
    let (rest, last) = path.rsplit_once('/').unwrap_or(("", path));
    match (rest.strip_suffix("via").map(|page| page.trim_end_matches('/')), rest.strip_suffix("thanks")) {
        (Some(page), _) => {
            let channel = Slug::parse(last).ok()?;
            let index = find(page).filter(|&index| site.pages[index].campaign.is_some())?;
            let is_known = tag::is_reserved(&channel) || site.config.channels.contains_key(&channel);
            is_known.then_some((index, Some(channel)))
        }
        (None, Some(page)) => {
            let index = find(page.trim_end_matches('/'))?;
            site.pages[index].forms().any(|cta| cta.id.value.as_str() == last).then_some((index, None))
        }
        (None, None) => None,
    }
}

pub fn no_page(site: &Site, path: &str) -> Unknown {
    let addresses: Vec<String> =
        site.pages.iter().map(|page| page.path.as_str().trim_matches('/').to_owned()).collect();
    let near = nearest(path.trim_matches('/'), addresses.iter().map(String::as_str));
    let near = near.and_then(|near| site.pages.iter().find(|page| page.path.as_str().trim_matches('/') == near));
    Unknown {
        message: format!("there is no page `/{path}` on this site"),
        help: vec![match near {
            Some(page) => format!("did you mean `{}`?", address(site, &page.path)),
            None => "paste the address of a page, a channel page or a short link of this site".to_owned(),
        }],
    }
}

pub fn another_site(host: &str) -> Unknown {
    Unknown {
        message: format!("this address is on `{host}`, another site, and has no lead tag"),
        help: vec![
            "a link of ours has its lead tag behind `utm_content=` or `via=`: paste the whole address".to_owned(),
        ],
    }
}

/// The code passes its own check, and nobody was given it.
pub fn no_such_code(known: &Known, code: ShortCode) -> Unknown {
    let alike = alike(known, &code.to_string());
    let mut help = did_you_mean(alike);
    if help.is_empty() {
        help.push("is it of another site, or does this folder have an old tag register?".to_owned());
    }
    Unknown { message: format!("no campaign has the code `{code}`"), help }
}

/// The text looks like a code and is none.
pub fn no_code(known: &Known, typed: &str, why: NotACode) -> Unknown {
    let mut help = did_you_mean(alike(known, typed));
    // A word of ten letters, and most likely no code at all.
    if help.is_empty() && !typed.contains(|c: char| c.is_ascii_digit()) {
        return not_a_lead_tag(known, typed);
    }
    let message = match why {
        NotACode::TypingError => format!("`{typed}` has a typing error: its last character does not fit the others"),
        NotACode::Character(c) => format!("`{typed}` has a typing error: no code has the character `{c}`"),
        NotACode::Length { characters } => {
            format!("`{typed}` is no code: a code has {} characters, and this has {characters}", code::LENGTH)
        }
    };
    if help.is_empty() {
        help.push("look at it once more: a code has digits and letters without i, l, o and u".to_owned());
    }
    Unknown { message, help }
}

/// Suggestions by code, with what each is of.
fn did_you_mean(alike: Vec<(ShortCode, &Slug, Slug)>) -> Vec<String> {
    alike
        .iter()
        .map(|(code, campaign, channel)| format!("did you mean `{code}`, `{campaign}` on `{channel}`?"))
        .collect()
}

/// The known codes that differ in one character, lacking or added ones included, or in two neighbours swapped.
fn alike<'k>(known: &'k Known, typed: &str) -> Vec<(ShortCode, &'k Slug, Slug)> {
    let typed: String = typed.chars().filter(|&c| c != '-').collect();
    let mut found: Vec<_> =
        codes(known).filter(|(code, ..)| strsim::osa_distance(&code.to_string(), &typed) == 1).collect();
    found.sort_by_key(|(code, ..)| *code);
    found.dedup_by_key(|(code, ..)| *code);
    found.truncate(3);
    found
}

/// No such lead tag is known: which part is wrong, and what was meant.
pub fn no_lead_tag(known: &Known, tag: &LeadTag) -> Unknown {
    let (wrong, meant) = nearest_tag(known, tag);
    let message = match wrong {
        Some((part, id)) => format!("there is no lead tag `{tag}`: no {part} `{id}` is known"),
        None => format!("there is no lead tag `{tag}`"),
    };
    let help = match (meant, wrong) {
        (Some(meant), Some(_)) => format!("did you mean `{meant}`?"),
        (None, Some((TagPart::Campaign, _))) => "is it of another site?".to_owned(),
        (None, Some((TagPart::Cta, _))) => {
            let ctas = ctas(known, &tag.campaign);
            format!("`{}` has {}", tag.campaign, list(ctas.iter().map(|id| id.as_str())))
        }
        (None, Some((TagPart::Channel, _))) => {
            format!("the channels are {}", list(channels(known).iter().map(|id| id.as_str())))
        }
        (_, None) if is_draft(known.site, &tag.campaign) => {
            format!(
                "`{}` is a draft, and its lead tags are issued once it is none; `--preview` shows them",
                tag.campaign
            )
        }
        (_, None) => format!(
            "the call to action `{}` of `{}` is gone, and was never on `{}`",
            tag.cta, tag.campaign, tag.channel
        ),
    };
    Unknown { message, help: vec![help] }
}

fn is_draft(site: &Site, campaign: &Slug) -> bool {
    site.campaign_page(campaign).is_some_and(|index| site.pages[index].state == State::Draft)
}

/// The text is nothing that can be asked about.
pub fn not_a_lead_tag(known: &Known, text: &str) -> Unknown {
    let text = text.trim();
    let ids = campaigns(known);
    let near = nearest(&text.to_lowercase(), ids.iter().map(|id| id.as_str()));
    let message = match LeadTag::parse(&text.to_lowercase()) {
        Err(why) if text.contains('_') => format!("`{text}` is no lead tag: {why}"),
        _ => format!("`{text}` is no lead tag, code or address of this site"),
    };
    let help = match near {
        Some(id) => format!("did you mean the campaign `{id}`?"),
        None => {
            "ask about a lead tag (`campaign_cta_channel`), a code of ten characters, or a page's address".to_owned()
        }
    };
    Unknown { message, help: vec![help] }
}

/// The first part that is not known, and the known lead tag that is nearest part by part.
fn nearest_tag<'t>(known: &Known, tag: &'t LeadTag) -> (Option<(TagPart, &'t Slug)>, Option<LeadTag>) {
    let near = |id: &Slug, among: &[&Slug]| -> Option<Slug> {
        let name = nearest(id.as_str(), among.iter().map(|id| id.as_str()))?;
        Slug::parse(name).ok()
    };
    let campaigns = campaigns(known);
    let is_campaign = campaigns.contains(&&tag.campaign);
    let campaign = if is_campaign { Some(tag.campaign.clone()) } else { near(&tag.campaign, &campaigns) };
    let ctas = campaign.as_ref().map(|campaign| ctas(known, campaign)).unwrap_or_default();
    let is_cta = ctas.contains(&&tag.cta);
    let channels = channels(known);
    let channels: Vec<&Slug> = channels.iter().collect();
    let is_channel = channels.contains(&&tag.channel);
    let wrong = match (is_campaign, is_cta, is_channel) {
        (false, ..) => Some((TagPart::Campaign, &tag.campaign)),
        (true, false, _) => Some((TagPart::Cta, &tag.cta)),
        (true, true, false) => Some((TagPart::Channel, &tag.channel)),
        (true, true, true) => None,
    };
    let meant = || {
        let cta = if is_cta { tag.cta.clone() } else { near(&tag.cta, &ctas)? };
        let channel = if is_channel { tag.channel.clone() } else { near(&tag.channel, &channels)? };
        Some(LeadTag::new(&campaign?, &cta, &channel))
    };
    (wrong, meant())
}

/// Ids of campaigns, present, former and gone.
fn campaigns<'k>(known: &'k Known) -> Vec<&'k Slug> {
    let site = known.site.campaigns.keys().chain(known.site.former_campaigns.keys());
    let rows = known.register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign);
    let mut ids: Vec<&Slug> = site.chain(rows.map(|rows| &rows[0].tag.campaign)).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The ids of a campaign's calls to action, present, former and gone.
fn ctas<'k>(known: &'k Known, campaign: &Slug) -> Vec<&'k Slug> {
    let page = known.site.campaign_page(campaign).map(|index| &known.site.pages[index]);
    let present = page.into_iter().flat_map(|page| page.page.front.ctas.values());
    let present =
        present.flat_map(|cta| std::iter::once(&cta.id.value).chain(cta.was.iter().map(|former| &former.value)));
    let mut ids: Vec<&Slug> =
        present.chain(known.register.rows_of_campaign(campaign).iter().map(|row| &row.tag.cta)).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn channels(known: &Known) -> Vec<Slug> {
    known.site.config.channels.keys().cloned().chain([tag::direct(), tag::other()]).collect()
}
