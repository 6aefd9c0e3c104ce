//! The offers of campaigns, and the next day on which the site changes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use indexmap::IndexSet;
use jiff::civil::Date;
use rayon::prelude::*;

use super::events;
use super::place::Placed;
use super::site::{Options, PlacedPage, State};
use crate::model::cta::Cta;
use crate::model::offer::Offer;
use crate::model::site::SiteConfig;
use crate::model::slug::Slug;
use crate::model::tag;

/// The calls to action that pages show of other campaigns: campaign page, CTA, and the page that shows it.
pub type ForeignCtas = BTreeSet<(usize, Slug, usize)>;

/// Returns an offer for each call to action in each variant with each channel of its campaign, with `direct` and `other`, and with the
/// channels of other pages that offer it. Drafts have no offers.
pub fn offers(placed: &Placed, foreign_ctas: &ForeignCtas) -> Vec<Offer> {
    let Placed { pages, campaigns, variants, .. } = placed;
    let with_variants = campaigns.by_id.iter().flat_map(|(campaign, &index)| {
        let others = variants.get(&index).map_or(&[][..], Vec::as_slice).iter();
        std::iter::once(index).chain(others.map(|(_, index)| *index)).map(move |index| (campaign, index))
    });
    let offering = with_variants.filter(|(_, index)| pages[*index].state != State::Draft);
    let own = offering.clone().map(|(_, index)| {
        let front = &pages[index].page.front;
        front.ctas.len() * (front.channels.len() + 2)
    });
    // Not more, because a site can have millions.
    let mut offers = Vec::with_capacity(own.sum());
    for (campaign, index) in offering {
        let page = &pages[index];
        let own = page.page.front.channels.iter().map(|channel| channel.value.clone());
        let channels: IndexSet<Slug> = own.chain([tag::direct(), tag::other()]).collect();
        for cta in page.page.front.ctas.keys() {
            let offer = |channel: Slug, offered_on: usize| Offer {
                campaign: campaign.clone(),
                cta: cta.clone(),
                channel,
                variant: page.variant().cloned(),
                offered_on,
            };
            offers.extend(channels.iter().map(|channel| offer(channel.clone(), index)));
            let mut more: HashSet<Slug> = HashSet::new();
            let elsewhere = foreign_ctas.range((index, cta.clone(), 0)..=(index, cta.clone(), usize::MAX));
            for (.., offered_on) in elsewhere {
                for channel in pages[*offered_on].channels_of_variants() {
                    if !channels.contains(&channel) && more.insert(channel.clone()) {
                        offers.push(offer(channel, *offered_on));
                    }
                }
            }
        }
    }
    offers
}

/// Groups the calls to action of other campaigns by the page that shows them.
pub fn by_showing_page(foreign_ctas: ForeignCtas) -> BTreeMap<usize, Vec<(usize, Slug)>> {
    let mut by_page: BTreeMap<usize, Vec<(usize, Slug)>> = BTreeMap::new();
    for (page, cta, shown_on) in foreign_ctas {
        by_page.entry(shown_on).or_default().push((page, cta));
    }
    by_page
}

/// Returns the first day after today on which a page starts or ends, a coupon expires, a date of an event is over, or the
/// announcement ends.
pub fn next_change(pages: &[PlacedPage], config: &SiteConfig, options: &Options) -> Option<Date> {
    let timezone = &config.timezone;
    let day_after = |day: Date| day.tomorrow().ok();
    let can_change = |page: &&PlacedPage| match page.state {
        State::Live | State::Scheduled => true,
        State::Draft => options.preview,
        State::Ended => false,
    };
    let dates = pages.par_iter().filter(can_change).flat_map_iter(|page| {
        let front = &page.page.front;
        let expiries = front.ctas.values().filter_map(|cta| day_after(cta.valid_until()?.value.day));
        let starts = front.starts.map(|starts| starts.value.day);
        let ends = front.ends.and_then(|ends| day_after(ends.value.day));
        let events = front.ctas.values().filter_map(Cta::event).flat_map(|event| events::days_after(event, timezone));
        expiries.chain(starts).chain(ends).chain(events)
    });
    let announcement = config.announcement.as_ref().and_then(|announcement| day_after(announcement.ends?.value.day));
    dates.chain(announcement.into_par_iter()).filter(|&date| date > options.today).min()
}
