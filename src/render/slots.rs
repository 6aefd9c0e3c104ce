//! Slots: a page is drawn and minified once, and what differs between its channel pages is filled in
//! afterwards. A slot is a mark in the text; its value is escaped for HTML text and quoted attributes.

use std::ops::Range;

use crate::html::escape::push_escaped;
use crate::html::marks::{MARK_END, MARK_START};
use crate::lead_tags::tag_query;
use crate::model::channel::Channel;
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::destination::Destination;
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::Variant;
use crate::resolve::{Site, SitePage};

/// The mark of [`Slot::Via`] with a `?`, which every page has at the same number: `site` is drawn once for
/// all pages, and its links need it.
pub const VIA_MARK: &str = "\u{fdd0} 0\u{fdd1}";

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// On a channel page: the channel, as a parameter of a link within the site.
    Via {
        first: bool,
    },
    /// `utm_*` for another host, `via=` with the lead tag on the site's own.
    Carried {
        cta: usize,
        own_host: bool,
        first: bool,
    },
    LeadTag {
        cta: usize,
    },
    /// The short code of a call to action's campaign and the visitor's channel.
    Code {
        cta: usize,
    },
    Summary {
        cta: usize,
    },
    Channel,
    UtmSource,
    UtmMedium,
    /// The campaign of a call to action, on a channel page only.
    UtmCampaign {
        cta: usize,
    },
    /// What the CRM calls the channel, else what the form's destination says in its place.
    CrmSource {
        cta: usize,
    },
    Robots,
    OgUrl,
    /// The channel of a channel page; empty elsewhere.
    BakedChannel,
    /// The channels whose pages differ from the landing page in more than their slots; empty on a channel page.
    OwnPages,
}

/// A call to action that a page shows, and its campaign.
#[derive(Clone, Copy)]
pub struct ShownCta<'s> {
    pub campaign: &'s Slug,
    pub cta: &'s Cta,
}

/// The slots of one page while it is drawn.
pub struct Slots<'s> {
    slots: Vec<Slot>,
    ctas: Vec<ShownCta<'s>>,
}

impl Default for Slots<'_> {
    fn default() -> Self {
        // At the number that `VIA_MARK` names.
        Slots { slots: vec![Slot::Via { first: true }], ctas: Vec::new() }
    }
}

impl<'s> Slots<'s> {
    /// The number that slots know a call to action by.
    pub fn cta(&mut self, campaign: &'s Slug, cta: &'s Cta) -> usize {
        let known = self.ctas.iter().position(|shown| shown.campaign == campaign && shown.cta.id.value == cta.id.value);
        known.unwrap_or_else(|| {
            self.ctas.push(ShownCta { campaign, cta });
            self.ctas.len() - 1
        })
    }

    /// The mark that stands for a slot.
    pub fn mark(&mut self, slot: Slot) -> String {
        let number = self.slots.iter().position(|known| *known == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        format!("{MARK_START}{number}{MARK_END}")
    }

    /// Cuts a drawn page at its marks.
    pub fn cut(self, html: String) -> Cut<'s> {
        let mut marks = Vec::new();
        let mut from = 0;
        while let Some(at) = html[from..].find(MARK_START) {
            let start = from + at;
            from = start + MARK_START.len();
            let digits = html[from..].bytes().take_while(u8::is_ascii_digit).count();
            let slot = html[from..from + digits].parse().ok().and_then(|number: usize| self.slots.get(number).copied());
            if let Some(slot) = slot.filter(|_| html[from + digits..].starts_with(MARK_END)) {
                from += digits + MARK_END.len_utf8();
                marks.push((start..from, slot));
            }
        }
        Cut { html, marks, ctas: self.ctas }
    }
}

/// A page cut at its marks, ready to be filled for each variant.
pub struct Cut<'s> {
    html: String,
    /// Where the marks stand, in order, and what for.
    marks: Vec<(Range<usize>, Slot)>,
    ctas: Vec<ShownCta<'s>>,
}

impl Cut<'_> {
    pub fn fill(&self, site: &Site, page: &SitePage, variant: &Variant) -> String {
        let filling = Filling { site, page, variant, ctas: &self.ctas };
        let mut out = String::with_capacity(self.html.len() + 64 * self.marks.len());
        let mut from = 0;
        for (mark, slot) in &self.marks {
            out.push_str(&self.html[from..mark.start]);
            filling.push(&mut out, *slot);
            from = mark.end;
        }
        out.push_str(&self.html[from..]);
        out
    }
}

struct Filling<'a> {
    site: &'a Site,
    page: &'a SitePage,
    variant: &'a Variant<'a>,
    ctas: &'a [ShownCta<'a>],
}

impl Filling<'_> {
    fn push(&self, out: &mut String, slot: Slot) {
        let baked = self.variant.is_channel_page;
        let own = self.variant.own;
        match slot {
            Slot::Via { first } if baked => {
                out.push_str(if first { "?via=" } else { "&amp;via=" });
                out.push_str(own.as_str());
            }
            Slot::Via { .. } => {}
            Slot::Carried { cta, own_host, first } => {
                let query = tag_query(&self.lead_tag(cta), self.ctas[cta].cta, self.channel_of(cta), own_host);
                out.push_str(if first { "?" } else { "&amp;" });
                push_escaped(out, &query);
            }
            Slot::LeadTag { cta } => push_escaped(out, &self.lead_tag(cta).to_string()),
            Slot::Code { cta } => {
                out.push_str(&ShortCode::to_quote(self.ctas[cta].campaign, self.channel_id(cta)).to_string());
            }
            Slot::Summary { cta } => push_escaped(out, &self.lead_summary(cta)),
            Slot::Channel => out.push_str(own.as_str()),
            Slot::UtmSource => push_escaped(out, self.baked_channel().map_or("", |channel| &channel.source.value)),
            Slot::UtmMedium => push_escaped(out, self.baked_channel().map_or("", |channel| &channel.medium.value)),
            Slot::UtmCampaign { cta } => out.push_str(if baked { self.ctas[cta].campaign.as_str() } else { "" }),
            Slot::CrmSource { cta } => push_escaped(out, self.crm_source(cta)),
            Slot::Robots => out.push_str(robots(self.site, self.page, baked)),
            Slot::BakedChannel => out.push_str(if baked { own.as_str() } else { "" }),
            Slot::OwnPages if baked => {}
            Slot::OwnPages => out.push_str(&own_pages(self.site, self.page)),
            Slot::OgUrl => {
                let path = if baked { &self.page.channel_path(own) } else { &self.page.path };
                push_escaped(out, &self.site.config.base_url.absolute(path));
            }
        }
    }

    fn channel_id(&self, cta: usize) -> &Slug {
        let is_own = self.page.campaign.as_ref() == Some(self.ctas[cta].campaign);
        if is_own { self.variant.own } else { self.variant.others }
    }

    fn lead_summary(&self, cta: usize) -> String {
        let channel = self.channel_of(cta).map_or(tag::DIRECT, |channel| &channel.label);
        offer::summary(&self.ctas[cta].cta.label, self.ctas[cta].campaign, self.channel_id(cta), channel)
    }

    /// None for `direct` and `other`.
    fn channel_of(&self, cta: usize) -> Option<&Channel> {
        self.site.config.channels.get(self.channel_id(cta))
    }

    fn crm_source(&self, cta: usize) -> &str {
        let own = self.channel_of(cta).and_then(|channel| channel.crm_source.as_ref());
        own.map(|source| &*source.value).unwrap_or_else(|| match self.site.config.destination_of(self.ctas[cta].cta) {
            Some(Destination::Salesforce(salesforce)) => salesforce.lead_source.as_deref().unwrap_or_default(),
            Some(Destination::Endpoint(_) | Destination::Netlify | Destination::Hubspot(_)) | None => "",
        })
    }

    fn baked_channel(&self) -> Option<&Channel> {
        self.site.config.channels.get(self.variant.own).filter(|_| self.variant.is_channel_page)
    }

    fn lead_tag(&self, cta: usize) -> LeadTag {
        let ShownCta { campaign, cta: shown } = self.ctas[cta];
        LeadTag::new(campaign, &shown.id.value, self.channel_id(cta))
    }
}

/// Their ids with spaces between them.
pub fn own_pages(site: &Site, page: &SitePage) -> String {
    let own = site.channel_pages(page).filter(|channel| super::page::is_drawn_anew(site, page, channel));
    own.map(Slug::as_str).collect::<Vec<_>>().join(" ")
}

/// Only live landing pages and plain pages are for search engines.
fn robots(site: &Site, page: &SitePage, is_channel_page: bool) -> &'static str {
    let open = page.state == crate::resolve::State::Live && !is_channel_page && !site.options.preview;
    if open { "index, follow" } else { "noindex" }
}
