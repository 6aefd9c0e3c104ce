//! Warnings before published lead tags are closed or reused: ids that were removed or renamed, and
//! campaigns that run again under last year's id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::changes::{Change, Changes};
use super::rows::{Register, Row};
use crate::diagnostics::Diagnostic;
use crate::lead_tags::current_tag;
use crate::load::REGISTER_FILE;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::resolve::{Site, SitePage};
use crate::rules::Rule;

/// Half a year. An end date that moves by more days means another run of the campaign, not a longer one.
const RERUN_DAYS: i32 = 180;

/// Each guess at a new id compares all new lead tags, so only the first removed ids get one.
const MAX_GUESSES: usize = 100;

/// Returns a warning for each campaign, call to action and channel whose lead tags `changes` closes
/// because its id was removed. `before` is the register without the changes.
pub fn removed_ids(site: &Site, before: &Register, changes: &Changes) -> Vec<Diagnostic> {
    let removed = removed(site, changes);
    let new_tags = match removed.campaigns.is_empty() && removed.ctas.is_empty() {
        true => BTreeSet::new(),
        false => changes.tags(Change::Opened).filter(|tag| before.rows_of(tag).is_empty()).collect(),
    };
    let successors = match removed.campaigns.is_empty() {
        true => Successors::default(),
        false => Successors::of(site, &new_tags),
    };
    let context = Context { site, before, new_tags };
    let campaigns = removed
        .campaigns
        .into_iter()
        .enumerate()
        .map(|(number, (id, count))| context.campaign(number, id, count, &successors));
    let ctas = removed
        .ctas
        .into_iter()
        .enumerate()
        .map(|(number, ((campaign, id), count))| context.cta(number, campaign, id, count));
    let channels = removed.channels.into_iter().map(|(id, count)| removed_channel(id, count));
    campaigns.chain(ctas).chain(channels).collect()
}

/// Returns a warning for each campaign with published lead tags whose end date moved by more than
/// [`RERUN_DAYS`] since the last build. `last_ends` has the end dates of that build, by campaign id.
pub fn reruns(site: &Site, register: &Register, last_ends: &BTreeMap<String, Date>) -> Vec<Diagnostic> {
    let moved = site.campaigns.iter().filter_map(|(id, &index)| {
        let page = &site.pages[index].page;
        let ends = page.front.ends?;
        let before = *last_ends.get(id.as_str())?;
        let days = before.until(ends.value.day).ok()?.get_days();
        let is_published = register.rows_of_campaign(id).iter().any(|row| row.from < before);
        (days.abs() > RERUN_DAYS && is_published).then(|| {
            let message = format!("the end date of `{id}` moved by {days} days, from {before}");
            Diagnostic::warning(Rule::ReusedCampaignId, message)
                .at(&page.source, ends.span, "is this another run of the campaign?")
                .help(format!(
                    "give the new run its own id, so that the two runs stay separate: `campaign: {}-{}`",
                    without_year(id),
                    ends.value.day.year()
                ))
        })
    });
    moved.collect()
}

/// Removed ids, each with the number of its lead tags that are closed.
#[derive(Default)]
struct RemovedIds<'a> {
    campaigns: BTreeMap<&'a Slug, usize>,
    /// By campaign and call to action.
    ctas: BTreeMap<(&'a Slug, &'a Slug), usize>,
    channels: BTreeMap<&'a Slug, usize>,
}

fn removed<'a>(site: &Site, changes: &'a Changes) -> RemovedIds<'a> {
    let mut removed = RemovedIds::default();
    for tag in changes.tags(Change::Closed).filter(|tag| current_tag(site, tag).is_none_or(|present| present == **tag))
    {
        let page = site.campaign_page(&tag.campaign).map(|index| &site.pages[index]);
        let has_channel = tag::is_reserved(&tag.channel) || site.config.channels.contains_key(&tag.channel);
        match page {
            None => *removed.campaigns.entry(&tag.campaign).or_default() += 1,
            Some(page) if page.present_cta(&tag.cta).is_none() => {
                *removed.ctas.entry((&tag.campaign, &tag.cta)).or_default() += 1
            }
            // The campaign was taken off the channel or made a draft, which is intended.
            Some(_) if has_channel => {}
            Some(_) => *removed.channels.entry(&tag.channel).or_default() += 1,
        }
    }
    removed
}

/// What is needed to guess the new id of something that was removed.
struct Context<'a> {
    site: &'a Site,
    before: &'a Register,
    /// Lead tags that are issued for the first time.
    new_tags: BTreeSet<&'a LeadTag>,
}

impl<'a> Context<'a> {
    fn campaign(&self, number: usize, id: &Slug, count: usize, successors: &Successors<'a>) -> Diagnostic {
        let message = format!("campaign `{id}` is gone: {}", are_closed(count));
        let diagnostic = Diagnostic::warning(Rule::ClosedLeadTags, message);
        let rows = self.before.rows_of_campaign(id);
        match (number < MAX_GUESSES).then(|| successors.most_likely(rows)).flatten() {
            Some((page, new)) => {
                let front = &page.page.front;
                let span = front.campaign.as_ref().map_or(front.title.span, |campaign| campaign.span);
                diagnostic
                    .at(&page.page.source, span, format!("was it renamed to `{new}`?"))
                    .help(format!("to keep its lead tags, write `campaign: {id}`"))
                    .help(format!("or, to redirect old lead tags and links to the new ones, write `was: [{id}]`"))
            }
            None => diagnostic
                .in_file(REGISTER_FILE)
                .help(format!(
                    "if it has a new id, write `was: [{id}]` on its page, or `campaign: {id}` to keep the old id"
                ))
                .help("if it is over, nothing is wrong: sales can still look up its lead tags"),
        }
    }

    fn cta(&self, number: usize, campaign: &Slug, id: &Slug, count: usize) -> Diagnostic {
        let message = format!("call to action `{id}` of `{campaign}` is gone: {}", are_closed(count));
        let diagnostic = Diagnostic::warning(Rule::ClosedLeadTags, message);
        let Some(page) = self.site.campaign_page(campaign).map(|index| &self.site.pages[index]) else {
            return diagnostic;
        };
        let row = self.before.rows_of_campaign(campaign).iter().find(|row| row.tag.cta == *id && row.until.is_none());
        let is_new = |cta: &Slug| {
            self.new_tags.iter().any(|tag| page.campaign.as_ref() == Some(&tag.campaign) && tag.cta == *cta)
        };
        let mut new = page.page.front.ctas.values().filter(|cta| number < MAX_GUESSES && is_new(&cta.id.value));
        let successor = row.and_then(|row| new.find(|cta| cta.kind() == row.kind));
        match successor {
            Some(cta) => diagnostic
                .at(&page.page.source, cta.id.span, "was it renamed to this?")
                .help(format!("to keep its lead tags, restore the id `{id}`"))
                .help(format!(
                    "or, to redirect old lead tags to the new ones, write `was: [{id}]` below `{}`",
                    cta.id.value
                )),
            None => {
                let front = &page.page.front;
                let span = front.ctas_span.unwrap_or(front.title.span);
                diagnostic
                    .at(&page.page.source, span, "it was one of these")
                    .help(format!("if it has a new id, write `was: [{id}]` below that id"))
            }
        }
    }
}

/// The campaigns with new lead tags. One of them may be a removed campaign under a new id.
#[derive(Default)]
struct Successors<'a> {
    pages: Vec<&'a SitePage>,
    /// The page indices of a site by its addresses, present and old: `/spring-hiring/`.
    by_address: HashMap<String, usize>,
}

impl<'a> Successors<'a> {
    fn of(site: &'a Site, new_tags: &BTreeSet<&LeadTag>) -> Successors<'a> {
        let new_ids: BTreeSet<&Slug> = new_tags.iter().map(|tag| &tag.campaign).collect();
        let pages = new_ids.into_iter().filter_map(|id| Some(&site.pages[*site.campaigns.get(id)?]));
        let present = site.pages.iter().map(|page| (&page.path, page.index));
        let old = site.aliases.iter().map(|(path, index)| (path, *index));
        let by_address = present.chain(old).map(|(path, index)| (format!("/{}", path.as_str()), index));
        Successors { pages: pages.collect(), by_address: by_address.collect() }
    }

    /// Returns the campaign that most likely has these rows under a new id: one with new lead tags
    /// only, at the same address or with the same offers.
    fn most_likely(&self, rows: &[Row]) -> Option<(&'a SitePage, &'a Slug)> {
        let pages = self.pages.iter().map(|&page| (similarity(&self.by_address, page, rows), page));
        let best = pages.max_by_key(|(similarity, _)| *similarity);
        let (_, page) = best.filter(|(similarity, _)| *similarity > (false, 0))?;
        Some((page, page.campaign.as_ref()?))
    }
}

/// Compares a page with the open rows of a removed campaign: whether it has their address, and how
/// many of their offers it has.
fn similarity(by_address: &HashMap<String, usize>, page: &SitePage, rows: &[Row]) -> (bool, usize) {
    let open = || rows.iter().filter(|row| row.until.is_none());
    let has_address = |row: &Row| by_address.get(&*row.landing_page) == Some(&page.index);
    let has_offer = |row: &Row| {
        let cta = page.page.front.ctas.get(&row.tag.cta);
        cta.is_some_and(|cta| cta.offer_for(&row.tag.channel) == *row.offer)
    };
    (open().any(has_address), open().filter(|row| has_offer(row)).count())
}

fn removed_channel(id: &Slug, count: usize) -> Diagnostic {
    Diagnostic::warning(Rule::ClosedLeadTags, format!("channel `{id}` is gone: {}", are_closed(count)))
        .in_file("site.yaml")
        .help(format!("channel ids are in print: to rename a channel, restore the id `{id}` and change its `label`"))
}

fn are_closed(count: usize) -> String {
    match count {
        1 => "its published lead tag is closed".to_owned(),
        _ => format!("its {count} published lead tags are closed"),
    }
}

/// Returns `spring` for `spring-2027`.
fn without_year(id: &Slug) -> &str {
    let (name, last) = id.as_str().rsplit_once('-').unwrap_or((id.as_str(), ""));
    let is_year = last.len() == 4 && last.starts_with("20") && last.bytes().all(|b| b.is_ascii_digit());
    if is_year { name } else { id.as_str() }
}
