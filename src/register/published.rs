//! What an author should know before lead tags that are in the market are closed, or serve a second time: ids that were
//! changed, and campaigns that run again under last year's id.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Changes, Register, Row};
use crate::diagnostics::Diagnostic;
use crate::lead_tags::current_tag;
use crate::load::REGISTER_FILE;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::resolve::{Site, SitePage};
use crate::rules::Rule;

/// An end that moves by more days than this is another run of the campaign, not a longer one: half a year.
const RERUN_DAYS: i32 = 180;

const MAX_GUESSES: usize = 100;

/// A warning for each campaign, call to action and channel whose lead tags `changes` closes because its id is gone.
/// `before` is the register without the changes.
pub fn closed(site: &Site, before: &Register, changes: &Changes) -> Vec<Diagnostic> {
    let news: BTreeSet<&LeadTag> = changes.opened.iter().filter(|tag| before.rows_of(tag).is_empty()).collect();
    let mut campaigns: BTreeMap<&Slug, usize> = BTreeMap::new();
    let mut ctas: BTreeMap<(&Slug, &Slug), usize> = BTreeMap::new();
    let mut channels: BTreeMap<&Slug, usize> = BTreeMap::new();
    for tag in changes.closed.iter().filter(|tag| current_tag(site, tag).is_none_or(|present| present == **tag)) {
        let page = site.campaign_page(&tag.campaign).map(|index| &site.pages[index]);
        let is_listed = tag::is_reserved(&tag.channel) || site.config.channels.contains_key(&tag.channel);
        match page {
            None => *campaigns.entry(&tag.campaign).or_default() += 1,
            Some(page) if page.present_cta(&tag.cta).is_none() => {
                *ctas.entry((&tag.campaign, &tag.cta)).or_default() += 1
            }
            // A campaign that was taken off a channel, or made a draft, was meant to be.
            Some(_) if is_listed => {}
            Some(_) => *channels.entry(&tag.channel).or_default() += 1,
        }
    }
    // Each guess looks at all that is new: of thousands the first hundred get one.
    let nothing = BTreeSet::new();
    let campaigns = campaigns.into_iter().enumerate().map(|(number, (id, count))| {
        campaign_gone(site, before, if number < MAX_GUESSES { &news } else { &nothing }, id, count)
    });
    let ctas = ctas.into_iter().enumerate().map(|(number, ((campaign, id), count))| {
        cta_gone(site, before, if number < MAX_GUESSES { &news } else { &nothing }, campaign, id, count)
    });
    let channels = channels.into_iter().map(|(id, count)| channel_gone(id, count));
    campaigns.chain(ctas).chain(channels).collect()
}

fn campaign_gone(site: &Site, before: &Register, news: &BTreeSet<&LeadTag>, id: &Slug, count: usize) -> Diagnostic {
    let message = format!("the campaign `{id}` is gone, and {}", are_closed(count));
    let diagnostic = Diagnostic::warning(Rule::ClosedLeadTags, message);
    let rows = before.rows_of_campaign(id);
    match heir(site, rows, news) {
        Some((page, new)) => {
            let front = &page.page.front;
            let span = front.campaign.as_ref().map_or(front.title.span, |campaign| campaign.span);
            diagnostic
                .at(&page.page.source, span, format!("is this it, renamed to `{new}`?"))
                .help(format!("to keep its lead tags, write `campaign: {id}`"))
                .help(format!("or let old lead tags and links lead to the new ones: write `was: [{id}]`"))
        }
        None => diagnostic
            .in_file(REGISTER_FILE)
            .help(format!("if it has another id now, write `was: [{id}]` there, or its old id as `campaign: {id}`"))
            .help("if it is over, this is right: sales can still look its lead tags up"),
    }
}

/// The campaign that most likely is the one of these rows under another id: one with new lead tags alone, in its place
/// or with its calls to action.
fn heir<'s>(site: &'s Site, rows: &[Row], news: &BTreeSet<&LeadTag>) -> Option<(&'s SitePage, &'s Slug)> {
    let open = || rows.iter().filter(|row| row.until.is_none());
    let new_ids: BTreeSet<&Slug> = news.iter().map(|tag| &tag.campaign).collect();
    let candidates = new_ids.into_iter().filter_map(|id| Some(&site.pages[*site.campaigns.get(id)?]));
    let likeness = |page: &SitePage| {
        let address = format!("/{}", page.path.as_str());
        let was_here = |row: &Row| {
            *row.landing_page == *address
                || site.aliases.iter().any(|(alias, index)| {
                    site.pages[*index].path == page.path && *row.landing_page == format!("/{}", alias.as_str())
                })
        };
        let has_its_cta = |row: &Row| {
            page.page.front.ctas.get(&row.tag.cta).is_some_and(|cta| cta.offer_for(&row.tag.channel) == *row.offer)
        };
        (open().any(was_here), open().filter(|row| has_its_cta(row)).count())
    };
    let best = candidates.map(|page| (likeness(page), page)).max_by_key(|(likeness, _)| *likeness);
    let (_, page) = best.filter(|(likeness, _)| *likeness > (false, 0))?;
    Some((page, page.campaign.as_ref()?))
}

fn cta_gone(
    site: &Site,
    before: &Register,
    news: &BTreeSet<&LeadTag>,
    campaign: &Slug,
    id: &Slug,
    count: usize,
) -> Diagnostic {
    let message = format!("the call to action `{id}` of `{campaign}` is gone, and {}", are_closed(count));
    let diagnostic = Diagnostic::warning(Rule::ClosedLeadTags, message);
    let Some(page) = site.campaign_page(campaign).map(|index| &site.pages[index]) else { return diagnostic };
    let row = before.rows_of_campaign(campaign).iter().find(|row| row.tag.cta == *id && row.until.is_none());
    let is_new = |cta: &Slug| news.iter().any(|tag| page.campaign.as_ref() == Some(&tag.campaign) && tag.cta == *cta);
    let mut new = page.page.front.ctas.values().filter(|cta| is_new(&cta.id.value));
    let heir = row.and_then(|row| new.find(|cta| cta.kind() == row.kind));
    match heir {
        Some(cta) => diagnostic
            .at(&page.page.source, cta.id.span, "is this it, renamed?")
            .help(format!("to keep its lead tags, call it `{id}`"))
            .help(format!("or let old lead tags lead to the new ones: write `was: [{id}]` below `{}`", cta.id.value)),
        None => {
            let place = page.page.front.ctas_span.unwrap_or(page.page.front.title.span);
            diagnostic
                .at(&page.page.source, place, "it was among these")
                .help(format!("if it has another id now, write `was: [{id}]` below that"))
        }
    }
}

fn channel_gone(id: &Slug, count: usize) -> Diagnostic {
    Diagnostic::warning(Rule::ClosedLeadTags, format!("there is no channel `{id}` any more, and {}", are_closed(count)))
        .in_file("site.yaml")
        .help(format!(
            "if it was renamed, bring the id `{id}` back and change its `label`: ids of channels are printed"
        ))
}

fn are_closed(count: usize) -> String {
    match count {
        1 => "its lead tag, which is in the market, is closed".to_owned(),
        _ => format!("its {count} lead tags, which are in the market, are closed"),
    }
}

/// `spring` of `spring-2027`.
fn without_year(id: &Slug) -> &str {
    let (name, last) = id.as_str().rsplit_once('-').unwrap_or((id.as_str(), ""));
    let is_year = last.len() == 4 && last.starts_with("20") && last.bytes().all(|b| b.is_ascii_digit());
    if is_year { name } else { id.as_str() }
}

/// A warning for each campaign whose end lies more than [`RERUN_DAYS`] from where the last build saw it, while its lead
/// tags are in the market. `last_ends` is by campaign id.
pub fn reruns(site: &Site, register: &Register, last_ends: &BTreeMap<String, Date>) -> Vec<Diagnostic> {
    let moved = site.campaigns.iter().filter_map(|(id, &index)| {
        let page = &site.pages[index].page;
        let ends = page.front.ends?;
        let before = *last_ends.get(id.as_str())?;
        let days = before.until(ends.value.day).ok()?.get_days();
        let is_issued = register.rows_of_campaign(id).iter().any(|row| row.from < before);
        (days.abs() > RERUN_DAYS && is_issued).then(|| {
            Diagnostic::warning(
                Rule::ReusedCampaignId,
                format!("the end of `{id}` moved by {days} days, from {before}"),
            )
            .at(&page.source, ends.span, "another run of the campaign?")
            .help(format!(
                "give the new run an id of its own, so that nobody mixes the years up: `campaign: {}-{}`",
                without_year(id),
                ends.value.day.year()
            ))
        })
    });
    moved.collect()
}
