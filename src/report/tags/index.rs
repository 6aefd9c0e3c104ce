//! The lead tags that a site has and ever had, for quick look-ups.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;

use super::letters::letters;
use super::timeline::{Timeline, Timelines};
use crate::lead_tags::{self, CampaignOffers, LeadTags};
use crate::model::code::ShortCode;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::Variant;
use crate::register::Register;
use crate::report::values::day::{DayNumber, day_number};
use crate::resolve::Site;

/// The source of a lead. A short code names no call to action.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    pub campaign: Slug,
    pub cta: Option<Slug>,
    pub channel: Slug,
    pub variant: Option<Variant>,
}

/// The first and the last day of an offer. An offer that is still open has no last day.
pub type Period = (DayNumber, Option<DayNumber>);

/// What the register says about the days of a source.
#[derive(Clone, Debug, Default)]
pub struct SourceDays {
    /// When it was issued. Empty if it never was; `None` for a short code.
    pub periods: Option<Vec<Period>>,
    /// What the page showed, if it ever had versions and the source names none of them.
    pub timeline: Option<Arc<Timeline>>,
}

/// A source and when the register had it.
struct Entry {
    source: Source,
    /// Empty if it was never issued.
    periods: Vec<Period>,
}

/// All lead tags of a site and its register.
pub struct TagIndex {
    entries: Vec<Entry>,
    /// Sources that were found later: short codes, and lead tags that were never issued.
    later: Mutex<(Vec<Source>, HashMap<Source, u32>)>,
    pub(super) by_text: HashMap<String, u32>,
    /// Lead tags with former ids: the present lead tag.
    pub(super) former: HashMap<String, u32>,
    /// Lead tags without separators. `None` if several have the same letters.
    pub(super) by_letters: HashMap<String, Option<u32>>,
    /// The texts of `by_text`, sorted.
    pub(super) sorted: Vec<String>,
    pub(super) parts: Parts,
    codes: OnceLock<HashMap<ShortCode, Source>>,
}

/// The parts that lead tags of the site can have.
#[derive(Default)]
pub struct Parts {
    /// Present and former ids of campaigns, each with the ids of its calls to action.
    pub ctas: BTreeMap<Slug, BTreeSet<Slug>>,
    pub channels: BTreeSet<Slug>,
    pub variants: BTreeMap<Slug, BTreeSet<Variant>>,
}

impl Source {
    pub fn of(tag: &LeadTag) -> Source {
        let LeadTag { campaign, cta, channel, variant } = tag.clone();
        Source { campaign, cta: Some(cta), channel, variant }
    }

    /// Returns the lead tag. `None` for a short code.
    pub fn tag(&self) -> Option<LeadTag> {
        Some(LeadTag::new(&self.campaign, self.cta.as_ref()?, &self.channel, self.variant.as_ref()))
    }
}

impl TagIndex {
    pub fn new(site: &Site, register: &Register) -> TagIndex {
        let mut index = TagIndex {
            entries: Vec::new(),
            later: Mutex::default(),
            by_text: HashMap::new(),
            former: HashMap::new(),
            by_letters: HashMap::new(),
            sorted: Vec::new(),
            parts: Parts::default(),
            codes: OnceLock::new(),
        };
        for rows in register.rows().chunk_by(|a, b| a.tag == b.tag) {
            let period = |from: Date, until: Option<Date>| Some((day_number(from)?, until.and_then(day_number)));
            index.add(&rows[0].tag, rows.iter().filter_map(|row| period(row.from, row.until)).collect());
        }
        let (present, _) = LeadTags::of(site);
        let today = day_number(site.options.today).unwrap_or(1);
        for issued in present.campaigns().iter().flat_map(CampaignOffers::issued) {
            // A lead tag of today that the register does not have yet.
            index.add(&issued.tag, vec![(today, None)]);
        }
        index.add_former(site, register);
        index.add_parts(site);
        for (text, &number) in &index.by_text {
            let of_letters = index.by_letters.entry(letters(text)).or_insert(Some(number));
            if *of_letters != Some(number) {
                *of_letters = None;
            }
        }
        index.sorted = index.by_text.keys().cloned().collect();
        index.sorted.sort_unstable();
        index
    }

    /// Returns the number of a lead tag as the register has it.
    pub fn by_text(&self, text: &str) -> Option<u32> {
        self.by_text.get(text).copied()
    }

    /// Whether the site has a campaign or had it.
    pub fn has_campaign(&self, id: &Slug) -> bool {
        self.parts.ctas.contains_key(id)
    }

    pub fn has_channel(&self, id: &Slug) -> bool {
        self.parts.channels.contains(id)
    }

    pub fn campaigns(&self) -> impl Iterator<Item = &Slug> {
        self.parts.ctas.keys()
    }

    pub fn channels(&self) -> impl Iterator<Item = &Slug> {
        self.parts.channels.iter()
    }

    /// Returns a source by its number.
    pub fn source(&self, number: u32) -> Source {
        match self.entries.get(number as usize) {
            Some(entry) => entry.source.clone(),
            None => self.later.lock().unwrap_or_else(PoisonError::into_inner).0[number as usize - self.entries.len()]
                .clone(),
        }
    }

    /// Returns when the register had a source. Empty if it was never issued; `None` for a short code.
    pub fn periods(&self, number: u32) -> Option<Vec<Period>> {
        match self.entries.get(number as usize) {
            Some(entry) => Some(entry.periods.clone()),
            None => self.source(number).cta.map(|_| Vec::new()),
        }
    }

    /// Returns what the register says about the days of each source so far.
    pub fn days(&self, timelines: &Timelines) -> Vec<SourceDays> {
        let days = |number: u32| {
            let Source { campaign, variant, .. } = self.source(number);
            SourceDays { periods: self.periods(number), timeline: timelines.of(&campaign, variant.as_ref()) }
        };
        (0..self.len() as u32).map(days).collect()
    }

    /// The number of sources so far.
    pub fn len(&self) -> usize {
        self.entries.len() + self.later.lock().unwrap_or_else(PoisonError::into_inner).0.len()
    }

    /// Returns the number of a source, which is added if it is new.
    pub fn number_of(&self, source: &Source) -> u32 {
        if let Some(number) = source.tag().and_then(|tag| self.by_text.get(&tag.to_string())) {
            return *number;
        }
        let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
        let (sources, numbers) = &mut *later;
        *numbers.entry(source.clone()).or_insert_with(|| {
            sources.push(source.clone());
            (self.entries.len() + sources.len() - 1) as u32
        })
    }

    /// Returns the source that a short code names.
    pub(super) fn by_code(&self, code: ShortCode) -> Option<&Source> {
        self.codes.get_or_init(|| self.all_codes()).get(&code)
    }

    fn add(&mut self, tag: &LeadTag, periods: Vec<Period>) {
        let text = tag.to_string();
        if self.by_text.contains_key(&text) {
            return;
        }
        self.by_text.insert(text, self.entries.len() as u32);
        let LeadTag { campaign, cta, channel, variant } = tag;
        self.parts.ctas.entry(campaign.clone()).or_default().insert(cta.clone());
        self.parts.channels.insert(channel.clone());
        if let Some(variant) = variant {
            self.parts.variants.entry(campaign.clone()).or_default().insert(variant.clone());
        }
        self.entries.push(Entry { source: Source::of(tag), periods });
    }

    /// Lets lead tags of renamed campaigns and calls to action lead to the present ones.
    fn add_former(&mut self, site: &Site, register: &Register) {
        for rows in register.rows().chunk_by(|a, b| a.tag == b.tag) {
            let tag = &rows[0].tag;
            let present = lead_tags::current_tag(site, tag).filter(|present| present != tag);
            let Some(present) = present else { continue };
            if let Some(&number) = self.by_text.get(&present.to_string()) {
                self.former.insert(tag.to_string(), number);
            }
        }
    }

    /// Adds the parts that the site has but no lead tag yet, such as a new channel.
    fn add_parts(&mut self, site: &Site) {
        self.parts.channels.extend([tag::direct(), tag::other()]);
        self.parts.channels.extend(site.config.channels.keys().cloned());
        for (id, &page) in &site.campaigns {
            let ctas = self.parts.ctas.entry(id.clone()).or_default();
            ctas.extend(site.pages[page].page.front.ctas.keys().cloned());
            let variants = site.variants.get(&page).into_iter().flatten().map(|(variant, _)| variant.clone());
            self.parts.variants.entry(id.clone()).or_default().extend(variants);
        }
    }

    fn all_codes(&self) -> HashMap<ShortCode, Source> {
        let mut codes = HashMap::new();
        for campaign in self.parts.ctas.keys() {
            let variants = self.parts.variants.get(campaign).into_iter().flatten().map(Some);
            for variant in std::iter::once(None).chain(variants) {
                for channel in &self.parts.channels {
                    let code = ShortCode::to_quote(campaign, channel, variant);
                    let (campaign, channel, variant) = (campaign.clone(), channel.clone(), variant.cloned());
                    codes.insert(code, Source { campaign, cta: None, channel, variant });
                }
            }
        }
        codes
    }
}
