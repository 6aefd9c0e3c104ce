//! A campaign with its lead cards, as the templates need it: what cards share is in one place, and a lead tag has only
//! what differs.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::lead_tags::short_link;
use crate::model::body::Heading;
use crate::model::code::ShortCode;
use crate::model::cta::{Cta, CtaKind};
use crate::model::field::OwnFields;
use crate::model::figures::TagFigures;
use crate::model::form::Form;
use crate::model::site::SiteLanguage;
use crate::model::tag::LeadTag;
use crate::resolve::SitePage;
use crate::sales::campaign_rows::{CampaignRows, CtaRows};
use crate::sales::context::{CampaignContext, SalesContext, common_offer};
use crate::sales::facts::{CampaignFacts, CtaFacts, Material, Period, VariantFacts};
use crate::sales::first_message::{DEFAULT_HEADING, MessageSource};
use crate::sales::lead::{Lead, SeenPage};
use crate::sales::wording;

/// `campaign`: a campaign with its lead cards.
pub struct CampaignView<'s> {
    pub facts: CampaignFacts,
    /// The first day of most lead tags; none if all are closed.
    pub issued: Option<Date>,
    /// The outline of the landing page.
    pub outline: Vec<&'s Heading>,
    pub ctas: Vec<CtaView<'s>>,
    /// What became of its leads, in words.
    pub figures: Option<String>,
}

/// A call to action with its lead tags.
pub struct CtaView<'s> {
    pub facts: CtaFacts,
    /// What most of its leads did.
    pub did: Did,
    /// The offer of a removed call to action in words, if `did` does not contain it: `a booking by form`.
    pub offered: Option<String>,
    pub message: Message,
    /// The heading of messages of the notes.
    pub heading: &'s str,
    pub leads: Vec<LeadView<'s>>,
}

/// One lead tag.
pub struct LeadView<'s> {
    pub tag: &'s LeadTag,
    pub channel_label: &'s str,
    /// The label of the call to action in its latest period.
    pub label: &'s str,
    /// `past` if the content has another offer today; `own` if the first message is not that of the call to action,
    /// with `m2` for a general one. Usually empty.
    pub class: String,
    pub extra: Option<LeadExtra<'s>>,
}

/// What only one lead tag has. A field is empty if the campaign or the call to action says the same.
#[derive(Default, PartialEq)]
pub struct LeadExtra<'s> {
    /// The page that its visitors saw.
    pub seen: Option<SeenView<'s>>,
    /// What visitors of a variant read.
    pub variant: Option<VariantFacts<'s>>,
    pub did: Option<Did>,
    /// Its own offer in words, if `did` does not contain it.
    pub offered: Option<String>,
    pub closed: Option<Date>,
    pub replaced_by: Option<LeadTag>,
    pub issued: Option<Date>,
    pub short_link: Option<String>,
    pub quotes: Option<ShortCode>,
    pub earlier: Vec<Period<'s>>,
    /// A first message of the notes.
    pub message: Option<String>,
    /// What became of its leads, in words.
    pub figures: Option<String>,
}

/// A page that is not the landing page with its title.
#[derive(PartialEq)]
pub struct SeenView<'s> {
    pub title: &'s str,
    pub url: Option<String>,
    /// `seen`, with `elsewhere` if it is not the landing page or one of its channel pages, and with `renamed` if it has its
    /// own title.
    pub class: &'static str,
    /// The outline of another page.
    pub outline: Vec<&'s Heading>,
}

/// What a lead did, as in "and …", in three parts: `took the coupon code `, `ACME20` and nothing.
#[derive(PartialEq)]
pub struct Did {
    pub before: String,
    /// The code or the file that a general message mentions; else empty.
    pub offer: String,
    pub after: String,
}

/// A first message.
#[derive(PartialEq)]
pub enum Message {
    /// There is none: the campaign was removed.
    None,
    /// A message of the notes.
    Written(String),
    /// A general message of the page, by its number.
    General(usize),
}

/// The general messages of one page, each once. They contain placeholders.
#[derive(Default)]
pub struct GeneralMessages {
    pub texts: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl GeneralMessages {
    fn number(&mut self, text: String) -> usize {
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            self.texts.len()
        })
    }
}

/// Returns the view of a campaign, and adds the general messages of its cards. `up` is the relative path to the lead
/// desk's folder.
pub fn campaign_view<'s>(
    sales: &SalesContext<'s>,
    campaign: &CampaignRows<'s>,
    up: &str,
    general: &mut GeneralMessages,
) -> CampaignView<'s> {
    let context = sales.of(campaign);
    let with_leads = campaign.ctas.iter().filter(|cta| !cta.tags.is_empty());
    let leads: Vec<(&CtaRows, Vec<Lead>)> =
        with_leads.map(|cta| (cta, cta.tags.iter().filter_map(|rows| context.lead(cta, rows)).collect())).collect();
    let issued = most_common_first_day(leads.iter().flat_map(|(_, leads)| leads));
    let outline = campaign.page.map(outline).unwrap_or_default();
    let mut shared = Shared { sales, context, campaign, issued, general };
    let ctas = leads.into_iter().map(|(cta, leads)| shared.cta_view(cta, &leads)).collect();
    let figures = figures_of(sales, campaign);
    CampaignView { facts: shared.context.facts(up), issued, outline, ctas, figures }
}

/// Returns what became of the leads of a campaign. `None` without a report, or without leads.
fn figures_of(sales: &SalesContext, campaign: &CampaignRows) -> Option<String> {
    let mut sum = TagFigures::default();
    let tags = campaign.ctas.iter().flat_map(|cta| &cta.tags).map(|rows| &rows[0].tag);
    tags.filter_map(|tag| sales.site.figures.tags.get(tag)).for_each(|of_tag| sum.merge(of_tag));
    (sum.leads > 0).then(|| wording::figures(&sum))
}

/// Returns the headings of a page, down to those of the parts of a section, without one that repeats the title.
fn outline(page: &SitePage) -> Vec<&Heading> {
    let title = &page.page.front.title.value;
    let is_news = |heading: &&Heading| heading.level <= 3 && (heading.level > 1 || *heading.text != **title);
    page.headings.iter().filter(is_news).collect()
}

/// Returns the first day of most active lead tags, or the first of several such days; none if all are closed.
fn most_common_first_day<'l, 's: 'l>(leads: impl Iterator<Item = &'l Lead<'s>>) -> Option<Date> {
    let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
    for row in leads.map(Lead::latest).filter(|row| row.until.is_none()) {
        *counts.entry(row.from).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(day, count)| (count, Reverse(day))).map(|(day, _)| day)
}

/// What the lead tags of a campaign are compared with.
struct Shared<'c, 's> {
    sales: &'c SalesContext<'s>,
    context: CampaignContext<'c, 's>,
    campaign: &'c CampaignRows<'s>,
    issued: Option<Date>,
    general: &'c mut GeneralMessages,
}

impl<'s> Shared<'_, 's> {
    fn cta_view(&mut self, rows: &CtaRows<'s>, leads: &[Lead<'s>]) -> CtaView<'s> {
        let facts = self.context.cta(rows);
        let offer = match (rows.cta, rows.last_row()) {
            (None, Some(last)) => Cow::Borrowed(&*last.offer),
            _ => common_offer(rows),
        };
        let form = rows.cta.and_then(|(cta, _)| Some((cta.form()?, None)));
        let own = &self.sales.site.config.fields;
        let shared_did = Did::of(facts.kind, &offer, form, own);
        let message = rows.cta.map_or(Message::None, |(cta, _)| self.message(cta, &offer, true));
        let views = leads.iter().map(|lead| {
            let has_own_offer = lead.row.kind != facts.kind || *lead.row.offer != *offer;
            let is_variant = lead.tag().variant.is_some();
            let own_message = rows.cta.filter(|_| has_own_offer || !lead.is_as_today || is_variant);
            let own_message = own_message.map(|(cta, _)| {
                let source = self.context.message_source_of(cta, lead);
                self.message_of(cta, source, &lead.row.offer)
            });
            let own_message = own_message.filter(|own| *own != message).unwrap_or(Message::None);
            let class = lead_class(lead.is_as_today, &own_message);
            let did = (has_own_offer || is_variant).then(|| {
                let form = self.context.form(rows, lead.tag());
                Did::of(lead.row.kind, &lead.row.offer, form, own)
            });
            let did = did.filter(|did| has_own_offer || *did != shared_did);
            let extra = LeadExtra {
                offered: did.as_ref().and_then(|did| did.unsaid(lead.row.kind, &lead.row.offer)),
                did,
                message: if let Message::Written(text) = own_message { Some(text) } else { None },
                figures: self.sales.site.figures.tags.get(lead.tag()).map(wording::figures),
                ..self.extra(rows, lead)
            };
            let label: &str = &lead.latest().label;
            LeadView {
                tag: lead.tag(),
                channel_label: lead.channel_label,
                label,
                class,
                extra: (label != facts.label || extra != LeadExtra::default()).then_some(extra),
            }
        });
        let leads = views.collect();
        let did = shared_did;
        let offered = if rows.cta.is_none() { did.unsaid(facts.kind, &offer) } else { None };
        let heading = rows.cta.map_or(DEFAULT_HEADING, |(cta, _)| self.context.message_heading(cta));
        CtaView { facts, did, offered, message, heading, leads }
    }

    fn message(&mut self, cta: &Cta, offer: &str, is_as_today: bool) -> Message {
        let source = self.context.message_source(cta, is_as_today);
        self.message_of(cta, source, offer)
    }

    fn message_of(&mut self, cta: &Cta, source: Option<MessageSource<'s>>, offer: &str) -> Message {
        match source {
            None => Message::None,
            Some(notes @ MessageSource::Notes(_)) => Message::Written(notes.text(cta, "", offer)),
            Some(MessageSource::General(general)) => {
                Message::General(self.general.number(general.with_placeholders(cta)))
            }
        }
    }

    /// Returns what the lead tag does not share with its campaign.
    fn extra(&self, rows: &CtaRows<'s>, lead: &Lead<'s>) -> LeadExtra<'s> {
        let latest = lead.latest();
        let site = self.sales.site;
        LeadExtra {
            seen: self.own_seen(&lead.seen),
            variant: self.context.variant(rows, lead.tag()),
            closed: latest.until,
            replaced_by: lead.replaced_by.clone(),
            issued: Some(latest.from).filter(|from| latest.until.is_none() && Some(*from) != self.issued),
            short_link: lead.row.code.map(|code| short_link(site, code)),
            quotes: lead.quotes(),
            earlier: lead.earlier(),
            ..LeadExtra::default()
        }
    }

    /// Returns the page that the leads saw, if it is not the landing page with its title.
    fn own_seen(&self, seen: &SeenPage<'s>) -> Option<SeenView<'s>> {
        let published = self.campaign.page.filter(|page| self.sales.is_published(page));
        let is_elsewhere = match (seen.page, published) {
            (Some(seen), Some(page)) => !std::ptr::eq(seen, page),
            (None, None) => false,
            _ => true,
        };
        let has_own_title = seen.title != self.campaign.title();
        if !is_elsewhere && seen.channel.is_none() && !has_own_title {
            return None;
        }
        Some(SeenView {
            title: seen.title,
            url: seen.url(&self.sales.site.config.base_url),
            class: match (is_elsewhere, has_own_title) {
                (true, _) => "seen elsewhere",
                (false, true) => "seen renamed",
                (false, false) => "seen",
            },
            outline: seen.page.filter(|_| is_elsewhere).map(outline).unwrap_or_default(),
        })
    }
}

fn lead_class(is_as_today: bool, own_message: &Message) -> String {
    let past = if is_as_today { "" } else { "past" };
    let class = match own_message {
        Message::None => past.to_owned(),
        Message::Written(_) => format!("{past} own"),
        Message::General(number) => format!("{past} own m{number}"),
    };
    class.trim_start().to_owned()
}

impl CtaView<'_> {
    /// Returns the file if the sentence names it.
    pub fn mentioned_file(&self) -> Option<&Material> {
        self.facts.file.as_ref().filter(|file| file.file_name == self.did.offer)
    }

    /// Returns the file if the sentence does not name it.
    pub fn other_file(&self) -> Option<&Material> {
        self.facts.file.as_ref().filter(|file| file.file_name != self.did.offer)
    }
}

impl Did {
    /// Returns the offer in words if the sentence does not contain it.
    fn unsaid(&self, kind: CtaKind, offer: &str) -> Option<String> {
        let is_said = !self.offer.is_empty() || self.before.contains(offer);
        (!is_said).then(|| (kind.register_text().offer)(offer))
    }

    fn of(kind: CtaKind, offer: &str, form: Option<(&Form, Option<&SiteLanguage>)>, own: &OwnFields) -> Did {
        let text = wording::did(kind, offer, form, own);
        let is_mentioned = matches!(kind, CtaKind::Coupon | CtaKind::Download);
        match text.rsplit_once(offer).filter(|_| is_mentioned && !offer.is_empty()) {
            Some((before, after)) => {
                Did { before: before.to_owned(), offer: offer.to_owned(), after: after.to_owned() }
            }
            None => Did { before: text, offer: String::new(), after: String::new() },
        }
    }
}
