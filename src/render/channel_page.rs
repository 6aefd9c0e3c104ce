//! From a rendered page with slots to the HTML of each audience: the landing page and its channel pages.

use super::slots::{Slot, SlotCta, SlottedHtml};
use crate::html::escape::push_escaped;
use crate::lead_tags::tag_query;
use crate::model::audience::Audience;
use crate::model::channel::Channel;
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::destination::Destination;
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::resolve::{Site, SitePage, State, Target};

/// Returns a page with its slots filled for one audience.
pub fn fill(slotted: &SlottedHtml, site: &Site, page: &SitePage, audience: &Audience) -> String {
    let SlottedHtml { html, marks, slots, ctas } = slotted;
    let values = SlotValues { site, page, audience, ctas };
    // Most slots have several marks.
    let mut texts: Vec<Option<String>> = vec![None; slots.len()];
    let mut out = String::with_capacity(html.len() + 64 * marks.len());
    let mut from = 0;
    for &(ref mark, slot) in marks {
        out.push_str(&html[from..mark.start]);
        out.push_str(texts[slot].get_or_insert_with(|| values.text(slots[slot])));
        from = mark.end;
    }
    out.push_str(&html[from..]);
    out
}

/// Returns true if a channel page differs from the landing page in more than its slots: it has its own title, or it
/// shows a coupon that has its own code for the channel.
pub fn is_rendered_separately(site: &Site, page: &SitePage, channel: &Slug) -> bool {
    let has_own_code = |cta: &Cta| cta.coupon().is_some_and(|coupon| coupon.codes.contains_key(channel));
    let has_own_title = page.page.front.rare().per_channel.get(channel).is_some_and(|own| own.value.title.is_some());
    has_own_title
        || page.page.front.ctas.values().any(has_own_code)
        || page.links.iter().any(|target| match target {
            Target::Cta { page, cta } => site.pages[*page].page.front.ctas.get(cta).is_some_and(has_own_code),
            _ => false,
        })
}

/// Returns the channels whose pages are rendered separately, separated by spaces.
pub fn separate_channels(site: &Site, page: &SitePage) -> String {
    let channels = site.channel_pages(page).filter(|channel| is_rendered_separately(site, page, channel));
    channels.map(Slug::as_str).collect::<Vec<_>>().join(" ")
}

/// What the values of slots are computed from.
struct SlotValues<'a> {
    site: &'a Site,
    page: &'a SitePage,
    audience: &'a Audience<'a>,
    ctas: &'a [SlotCta<'a>],
}

impl SlotValues<'_> {
    fn text(&self, slot: Slot) -> String {
        let mut text = String::new();
        self.push(&mut text, slot);
        text
    }

    fn push(&self, out: &mut String, slot: Slot) {
        let is_channel_page = self.audience.is_channel_page;
        let channel = self.audience.own;
        match slot {
            Slot::Via { is_first } if is_channel_page => {
                out.push_str(if is_first { "?via=" } else { "&amp;via=" });
                out.push_str(channel.as_str());
            }
            Slot::Via { .. } => {}
            Slot::TagQuery { cta, own_host, is_first } => {
                let query = tag_query(&self.lead_tag(cta), self.ctas[cta].cta, self.channel_of(cta), own_host);
                out.push_str(if is_first { "?" } else { "&amp;" });
                push_escaped(out, &query);
            }
            Slot::LeadTag { cta } => push_escaped(out, &self.lead_tag(cta).to_string()),
            Slot::Code { cta } => {
                let SlotCta { campaign, variant, .. } = self.ctas[cta];
                out.push_str(&ShortCode::to_quote(campaign, self.channel_id(cta), variant).to_string());
            }
            Slot::Summary { cta } => push_escaped(out, &self.summary(cta)),
            Slot::Channel => out.push_str(channel.as_str()),
            Slot::UtmSource => push_escaped(out, self.page_channel().map_or("", |channel| &channel.source.value)),
            Slot::UtmMedium => push_escaped(out, self.page_channel().map_or("", |channel| &channel.medium.value)),
            Slot::UtmCampaign { cta } if is_channel_page => out.push_str(self.ctas[cta].campaign.as_str()),
            Slot::UtmCampaign { .. } => {}
            Slot::CrmSource { cta } => push_escaped(out, self.crm_source(cta)),
            Slot::ChannelFolder if is_channel_page => {
                out.push_str("via/");
                out.push_str(channel.as_str());
                out.push('/');
            }
            Slot::ChannelFolder => {}
            Slot::Robots => out.push_str(self.robots()),
            Slot::PageChannel if is_channel_page => out.push_str(channel.as_str()),
            Slot::PageChannel => {}
            Slot::SeparateChannels if is_channel_page => {}
            Slot::SeparateChannels => out.push_str(&separate_channels(self.site, self.page)),
            Slot::OgUrl => {
                let page = self.site.as_written(self.page);
                let path = if is_channel_page { &page.channel_path(channel) } else { &page.path };
                push_escaped(out, &self.site.config.base_url.absolute(path));
            }
        }
    }

    fn is_own_campaign(&self, cta: usize) -> bool {
        self.page.campaign.as_ref() == Some(self.ctas[cta].campaign)
    }

    fn channel_id(&self, cta: usize) -> &Slug {
        self.audience.channel(self.is_own_campaign(cta))
    }

    fn lead_tag(&self, cta: usize) -> LeadTag {
        self.ctas[cta].lead_tag(self.channel_id(cta))
    }

    fn summary(&self, cta: usize) -> String {
        let channel_label = self.channel_of(cta).map_or(tag::DIRECT, |channel| &channel.label);
        offer::summary(&self.ctas[cta].cta.label, self.ctas[cta].campaign, self.channel_id(cta), channel_label)
    }

    /// Returns `None` for `direct` and `other`.
    fn channel_of(&self, cta: usize) -> Option<&Channel> {
        self.site.config.channels.get(self.channel_id(cta))
    }

    fn crm_source(&self, cta: usize) -> &str {
        let source = self.channel_of(cta).and_then(|channel| channel.crm_source.as_ref());
        source.map(|source| &*source.value).unwrap_or_else(|| {
            match self.site.config.destination_of(self.ctas[cta].cta) {
                Some(Destination::Salesforce(salesforce)) => salesforce.lead_source.as_deref().unwrap_or_default(),
                Some(
                    Destination::Endpoint(_)
                    | Destination::Netlify
                    | Destination::Hubspot(_)
                    | Destination::Mailchimp(_)
                    | Destination::Brevo(_)
                    | Destination::Mautic(_),
                )
                | None => "",
            }
        })
    }

    /// Returns the channel of a channel page.
    fn page_channel(&self) -> Option<&Channel> {
        self.site.config.channels.get(self.audience.own).filter(|_| self.audience.is_channel_page)
    }

    /// Search engines index only live pages, and no channel pages, which have the same content.
    fn robots(&self) -> &'static str {
        let is_indexed = self.page.state == State::Live && !self.audience.is_channel_page && !self.site.options.preview;
        if is_indexed { "index, follow" } else { "noindex" }
    }
}
