//! Finds the lead tags that a query is about.

use std::collections::BTreeSet;

use super::context::ExplainContext;
use super::lookup;
use super::not_found::{self, NotFound};
use super::query::{self, Query, UrlParameters};
use super::wrapped::unwrap;
use crate::lead_tags;
use crate::model::channel::Arrivals;
use crate::model::code::ShortCode;
use crate::model::offer::Offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::Variant;
use crate::register::Row;
use crate::resolve::Site;

/// The lead tags that a query is about.
pub struct Selection {
    pub tags: Vec<LeadTag>,
    /// What the lead tags have in common; none if the query was a single lead tag.
    pub group: Option<SourceGroup>,
    /// What was looked up, if it is only a part of the text: a lead tag, a code, a link or a coupon code.
    pub taken: Option<String>,
}

/// A campaign, a channel and a page, each if the query names one.
pub struct SourceGroup {
    pub campaign: Option<Slug>,
    pub channel: Option<Slug>,
    /// The index of the page.
    pub page: Option<usize>,
}

/// Returns the lead tags for a text that a person typed or pasted.
pub fn select(context: &ExplainContext, text: &str) -> Result<Selection, NotFound> {
    let query = query::parse(context, text);
    let is_part = unwrap(&context.site.config.base_url, text.trim()).is_some();
    let taken = is_part.then(|| query::name(context.site, &query)).flatten();
    let selection = of_query(context, text, query)?;
    Ok(Selection { taken: selection.taken.or(taken), ..selection })
}

fn of_query(context: &ExplainContext, text: &str, query: Query) -> Result<Selection, NotFound> {
    match query {
        Query::Tag(tag) => by_tag(context, tag),
        Query::Unclear => {
            let selection = by_offer(context, text)
                .or_else(|| by_message(context, text))
                .or_else(|| by_separate_words(context, text));
            let not_found = || mistyped_code(context, text).unwrap_or_else(|| not_found::not_a_query(context, text));
            selection.ok_or_else(not_found)
        }
        Query::Code(code) => by_code(context, code),
        Query::BadCode { typed, why } => {
            let selection = by_offer(context, text).or_else(|| by_message(context, text));
            selection.ok_or_else(|| not_found::not_a_code(context, &typed, why))
        }
        Query::Campaign(id) => Ok(whole_campaign(context, &id)),
        Query::Page { path, parameters } => by_page(context, &path, &parameters),
        Query::OtherSite { host, parameters } => {
            by_parameters(context, &parameters).ok_or_else(|| not_found::other_site(&host))
        }
    }
}

/// Returns the lead tag itself, or the present one of a former tag that was never issued, for example for a channel
/// that was added later.
fn by_tag(context: &ExplainContext, tag: LeadTag) -> Result<Selection, NotFound> {
    let selection = |tag: LeadTag| Selection { tags: vec![tag], group: None, taken: None };
    if context.has_tag(&tag) {
        return Ok(selection(tag));
    }
    let present = lead_tags::current_tag(context.site, &tag).filter(|present| context.has_tag(present));
    present.map(selection).ok_or_else(|| not_found::unknown_tag(context, &tag))
}

fn by_code(context: &ExplainContext, code: ShortCode) -> Result<Selection, NotFound> {
    let Some((_, campaign, channel, variant)) = lookup::codes(context).find(|(other, ..)| *other == code) else {
        return Err(not_found::unknown_code(context, code));
    };
    let has_link = !tag::is_reserved(&channel);
    let mut selection = by_campaign(context, campaign, variant, channel, None);
    // A code without a link reaches only visitors who contact the company, so contacts come first.
    selection.tags.sort_by_key(|tag| !has_link && !quotes_a_code(context, tag));
    Ok(selection)
}

fn quotes_a_code(context: &ExplainContext, tag: &LeadTag) -> bool {
    let today = lead_tags::issued_on_any_channel(context.site, tag);
    let before = context.register.rows_of(tag).iter().any(|row| row.kind.quotes_a_code(&row.offer));
    before || today.is_some_and(|issued| issued.kind.quotes_a_code(&issued.offer))
}

/// For a whole message with a lead tag, a code or a link somewhere in it. The most exact of them counts.
fn by_message(context: &ExplainContext, text: &str) -> Option<Selection> {
    let queries = queries_in(context, text);
    let taken =
        |query: &Query, selection: Selection| Selection { taken: query::name(context.site, query), ..selection };
    let find = |select: &dyn Fn(&Query) -> Option<Selection>| {
        queries.iter().find_map(|query| Some(taken(query, select(query)?)))
    };
    let tag = |query: &Query| if let Query::Tag(tag) = query { by_tag(context, tag.clone()).ok() } else { None };
    let code = |query: &Query| if let Query::Code(code) = query { by_code(context, *code).ok() } else { None };
    let page = |query: &Query| match query {
        Query::Page { path, parameters } if !path.is_empty() => by_page(context, path, parameters).ok(),
        _ => None,
    };
    let in_groups = || {
        let mut codes = query::codes_in(text).into_iter();
        codes.find_map(|found| Some(taken(&Query::Code(found), by_code(context, found).ok()?)))
    };
    find(&tag)
        .or_else(|| find(&code))
        .or_else(in_groups)
        .or_else(|| words_of(text).find_map(|word| by_offer_in_text(context, word)))
        .or_else(|| find(&page))
}

/// For a lead tag or a coupon code with spaces in it: `spring save acme`, `ACME 20`.
fn by_separate_words(context: &ExplainContext, text: &str) -> Option<Selection> {
    let words: Vec<String> = words_of(text).map(str::to_lowercase).collect();
    let tag = LeadTag::parse(&words.join("_")).ok().filter(|_| matches!(words.len(), 3 | 4));
    let by_tag = tag.and_then(|tag| Some((tag.to_string(), by_tag(context, tag).ok()?)));
    let code = text.split_whitespace().collect::<String>();
    let by_code = || Some((code.clone(), by_offer(context, &code).filter(|_| (2..=4).contains(&words.len()))?));
    let (taken, selection) = by_tag.or_else(by_code)?;
    Some(Selection { taken: Some(taken), ..selection })
}

/// For a coupon code in a sentence. Words that only differ from a code by case are words.
fn by_offer_in_text(context: &ExplainContext, word: &str) -> Option<Selection> {
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    let is_written_so = || context.register.rows().iter().any(|row| &*row.offer == word);
    let is_code = word.len() > 3 && (has_digit || is_written_so());
    let selection = is_code.then(|| by_offer(context, word)).flatten()?;
    Some(Selection { taken: Some(word.to_owned()), ..selection })
}

/// For a message with a code that has a typing error.
fn mistyped_code(context: &ExplainContext, text: &str) -> Option<NotFound> {
    queries_in(context, text).into_iter().find_map(|query| match query {
        Query::BadCode { typed, why } => not_found::similar_to(context, &typed, why),
        _ => None,
    })
}

fn queries_in(context: &ExplainContext, text: &str) -> Vec<Query> {
    words_of(text).map(|word| query::parse(context, word)).collect()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(is_punctuation)).filter(|word| !word.is_empty())
}

fn is_punctuation(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '/' | '?' | '#' | '_' | '='))
}

/// Returns all lead tags of a present or former campaign id in one variant and on one channel: today's first, then closed
/// ones.
fn by_campaign(
    context: &ExplainContext,
    requested: &Slug,
    variant: Option<&Variant>,
    channel: Slug,
    page: Option<usize>,
) -> Selection {
    let present = context.site.campaign_page(requested).map(|index| &context.site.pages[index]);
    let id = present.and_then(|page| page.campaign.as_ref()).unwrap_or(requested);
    let tag = |cta: &Slug| LeadTag::new(id, cta, &channel, variant);
    let ctas = present.into_iter().flat_map(|page| page.page.front.ctas.keys());
    let mut tags: Vec<LeadTag> = ctas.map(tag).filter(|tag| context.has_tag(tag)).collect();
    for id in BTreeSet::from([id, requested]) {
        let rows = context.register.rows_of_campaign(id).iter();
        for row in rows.filter(|row| row.tag.channel == channel && row.tag.variant.as_ref() == variant) {
            if !tags.contains(&row.tag) {
                tags.push(row.tag.clone());
            }
        }
    }
    Selection {
        tags,
        group: Some(SourceGroup { campaign: Some(id.clone()), channel: Some(channel), page }),
        taken: None,
    }
}

/// Returns all active lead tags of a campaign, or else all that it ever had.
fn whole_campaign(context: &ExplainContext, requested: &Slug) -> Selection {
    let present = context.site.campaign_page(requested).and_then(|index| context.site.pages[index].campaign.as_ref());
    let id = present.unwrap_or(requested);
    let offers = context.site.offers.iter().filter(|offer| offer.campaign == *id);
    let mut tags: Vec<LeadTag> = offers.map(Offer::tag).collect();
    if tags.is_empty() {
        tags = context.register.rows_of_campaign(id).iter().map(|row| row.tag.clone()).collect();
    }
    tags.sort();
    tags.dedup();
    Selection { tags, group: Some(SourceGroup { campaign: Some(id.clone()), channel: None, page: None }), taken: None }
}

/// Returns the lead tags that offer, or once offered, exactly this coupon code, file or number.
fn by_offer(context: &ExplainContext, text: &str) -> Option<Selection> {
    let text = text.trim();
    let matches = |row: &&Row| (row.kind.register_text().is_meant_by)(&row.offer, text);
    let rows = context.register.rows().iter().filter(matches);
    let mut tags: Vec<LeadTag> = rows.map(|row| row.tag.clone()).collect();
    tags.dedup();
    let campaigns: BTreeSet<&Slug> = tags.iter().map(|tag| &tag.campaign).collect();
    let campaign = campaigns.first().filter(|_| campaigns.len() == 1).map(|id| (*id).clone());
    (!tags.is_empty()).then_some(Selection {
        tags,
        group: Some(SourceGroup { campaign, channel: None, page: None }),
        taken: None,
    })
}

fn by_page(context: &ExplainContext, path: &str, parameters: &UrlParameters) -> Result<Selection, NotFound> {
    let site = context.site;
    let found = lookup::page_at(site, path);
    let is_own = |index: usize| {
        path.trim_matches('/').to_lowercase().starts_with(site.pages[index].path.as_str().trim_matches('/'))
    };
    // The address of a removed language or version leads to another page, which is not what its visitors saw.
    if !found.as_ref().is_some_and(|(index, _)| is_own(*index))
        && let Some(selection) = by_removed_page(context, path, parameters)
    {
        return Ok(selection);
    }
    let (index, of_page) = found.ok_or_else(|| not_found::unknown_page(site, path))?;
    let page = &site.pages[index];
    let arrival = of_page.or_else(|| channel_of(site, parameters));
    let unknown = || if parameters.names_a_source() { tag::other() } else { tag::direct() };
    // `counts_as` applies to the calls to action of other campaigns, unless the arrival names a channel.
    let counts_as = page.page.front.rare().counts_as.as_ref().map(|id| id.value.clone());
    let own_channel = arrival.clone().unwrap_or_else(unknown);
    let channel_of_others = arrival.or(counts_as).unwrap_or_else(unknown);
    let mut selection = match &page.campaign {
        Some(campaign) => by_campaign(context, campaign, page.variant(), own_channel, Some(index)),
        None => {
            let group = SourceGroup { campaign: None, channel: Some(channel_of_others.clone()), page: Some(index) };
            Selection { tags: Vec::new(), group: Some(group), taken: None }
        }
    };
    for (other, cta) in site.ctas_of_others(index) {
        let Some(campaign) = &other.campaign else { continue };
        let tag = LeadTag::new(campaign, cta, &channel_of_others, other.variant());
        if !selection.tags.contains(&tag) {
            selection.tags.push(tag);
        }
    }
    Ok(selection)
}

/// For the address of a language or a version that a campaign had and has no longer, by the tag register.
fn by_removed_page(context: &ExplainContext, path: &str, parameters: &UrlParameters) -> Option<Selection> {
    let path = path.trim_matches('/').to_lowercase();
    let (page, channel) = match path.rsplit_once("/via/") {
        Some((page, channel)) => (page, Some(Slug::parse(channel).ok()?)),
        None => (path.split("/thanks/").next()?, None),
    };
    let is_page = |row: &&Row| row.tag.variant.is_some() && row.landing_page.trim_matches('/') == page;
    let row = context.register.rows().iter().find(is_page)?;
    let unknown = || if parameters.names_a_source() { tag::other() } else { tag::direct() };
    let channel = channel.or_else(|| channel_of(context.site, parameters)).unwrap_or_else(unknown);
    Some(by_campaign(context, &row.tag.campaign, row.tag.variant.as_ref(), channel, None))
}

/// For a link with hand-written `utm_*` parameters.
fn by_parameters(context: &ExplainContext, parameters: &UrlParameters) -> Option<Selection> {
    let campaign = Slug::parse(&parameters.campaign.as_ref()?.to_lowercase()).ok()?;
    let channel = channel_of(context.site, parameters)?;
    context.has_campaign(&campaign).then(|| by_campaign(context, &campaign, None, channel, None))
}

/// Returns the channel of an arrival by the same rules as the arrival script: by `via`, by source and medium, by click
/// id, by the marks of Google Ads.
fn channel_of(site: &Site, parameters: &UrlParameters) -> Option<Slug> {
    let channels = &site.config.channels;
    let by_id = parameters.via.as_ref().and_then(|via| Slug::parse(&via.to_lowercase()).ok());
    let arrivals = Arrivals::of(channels);
    let by_source = || {
        let source = parameters.source.as_ref()?;
        arrivals.by_source(source, parameters.medium.as_deref().unwrap_or_default()).cloned()
    };
    let by_click = || parameters.click_id.and_then(|id| arrivals.clicks.get(id).copied()).cloned();
    let by_mark = || arrivals.google_ads.filter(|_| parameters.is_google_ad).cloned();
    let by_id = by_id.filter(|id| tag::is_reserved(id) || channels.contains_key(id));
    by_id.or_else(by_source).or_else(by_click).or_else(by_mark)
}
