//! Slots: a page is drawn and minified once, and what differs between its channel pages is filled in
//! afterwards. A slot is a mark in the text; its value is escaped for HTML text and quoted attributes.

use crate::model::address::query_value;
use crate::model::channel::Channel;
use crate::model::cta::Cta;
use crate::model::tag::LeadTag;
use crate::resolve::{Site, SitePage};
use crate::word::slug::Slug;

/// Begins and ends a mark. Unicode keeps these two for the inside of programs, and `load` refuses them in
/// texts. The space between them makes a minifier keep an attribute's quotes.
const OPEN: &str = "\u{fdd0} ";
const CLOSE: char = '\u{fdd1}';

/// The mark of [`Slot::Via`] with a `?`, which every page has at the same number: `site` is drawn once for
/// all pages, and its links need it.
pub const VIA_MARK: &str = "\u{fdd0} 0\u{fdd1}";

/// For whom a page is drawn. Languages and A/B variants would become fields of it.
#[derive(Clone, Debug)]
pub struct Variant<'s> {
    /// The channel that is baked into the lead tags.
    pub channel: &'s Slug,
    /// A channel page, whose links within the site carry the channel.
    pub is_channel_page: bool,
}

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
    Robots,
    OgUrl,
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
        format!("{OPEN}{number}{CLOSE}")
    }

    /// Cuts a drawn page at its marks.
    pub fn cut(self, html: String) -> Cut<'s> {
        let mut pieces = Vec::new();
        let mut rest = 0;
        while let Some(at) = html[rest..].find(OPEN) {
            let mark = rest + at;
            let digits = mark + OPEN.len();
            let Some(length) = html[digits..].find(CLOSE) else {
                break;
            };
            let slot =
                html[digits..digits + length].parse().ok().and_then(|number: usize| self.slots.get(number).copied());
            pieces.push((mark, slot));
            rest = digits + length + CLOSE.len_utf8();
            // Where the text after the mark begins.
            pieces.push((rest, None));
        }
        Cut { html, pieces, ctas: self.ctas }
    }
}

/// A page cut at its marks, ready to be filled for each variant.
pub struct Cut<'s> {
    html: String,
    /// Pairs: where a mark begins and its slot, then where the text after it begins.
    pieces: Vec<(usize, Option<Slot>)>,
    ctas: Vec<ShownCta<'s>>,
}

impl Cut<'_> {
    pub fn fill(&self, site: &Site, page: &SitePage, variant: &Variant) -> Vec<u8> {
        let filling =
            Filling { site, page, variant, ctas: &self.ctas, channel: site.config.channels.get(variant.channel) };
        let mut out = String::with_capacity(self.html.len() + 64 * self.pieces.len());
        let mut from = 0;
        for pair in self.pieces.chunks_exact(2) {
            out.push_str(&self.html[from..pair[0].0]);
            if let Some(slot) = pair[0].1 {
                filling.push(&mut out, slot);
            }
            from = pair[1].0;
        }
        out.push_str(&self.html[from..]);
        out.into_bytes()
    }
}

struct Filling<'a> {
    site: &'a Site,
    page: &'a SitePage,
    variant: &'a Variant<'a>,
    ctas: &'a [ShownCta<'a>],
    /// None for `direct` and `other`.
    channel: Option<&'a Channel>,
}

impl Filling<'_> {
    fn push(&self, out: &mut String, slot: Slot) {
        let baked = self.variant.is_channel_page;
        match slot {
            Slot::Via { first } if baked => {
                let separator = if first { "?" } else { "&amp;" };
                out.push_str(separator);
                out.push_str("via=");
                out.push_str(self.variant.channel.as_str());
            }
            Slot::Via { .. } => {}
            Slot::Carried { cta, own_host, first } => {
                let query = carried(&self.lead_tag(cta), self.ctas[cta].cta, self.channel, own_host);
                out.push_str(if first { "?" } else { "&amp;" });
                push_escaped(out, &query);
            }
            Slot::LeadTag { cta } => push_escaped(out, &self.lead_tag(cta).to_string()),
            Slot::Summary { cta } => push_escaped(out, &summary(&self.ctas[cta], self.channel)),
            Slot::Channel => out.push_str(self.variant.channel.as_str()),
            Slot::UtmSource => push_escaped(out, self.channel.filter(|_| baked).map_or("", |channel| &channel.source)),
            Slot::UtmMedium => push_escaped(out, self.channel.filter(|_| baked).map_or("", |channel| &channel.medium)),
            Slot::UtmCampaign { cta } => out.push_str(if baked { self.ctas[cta].campaign.as_str() } else { "" }),
            Slot::Robots => out.push_str(robots(self.site, self.page, baked)),
            Slot::OgUrl => {
                let path = if baked { &self.page.channel_path(self.variant.channel) } else { &self.page.path };
                push_escaped(out, &self.site.config.base_url.absolute(path));
            }
        }
    }

    fn lead_tag(&self, cta: usize) -> LeadTag {
        let ShownCta { campaign, cta } = self.ctas[cta];
        LeadTag { campaign: campaign.clone(), cta: cta.id.value.clone(), channel: self.variant.channel.clone() }
    }
}

/// What carries a lead tag out, as a query without its first separator. On `direct`, which has no source
/// and medium, an author's own stay.
fn carried(tag: &LeadTag, cta: &Cta, channel: Option<&Channel>, own_host: bool) -> String {
    if own_host {
        return format!("via={tag}");
    }
    let from = match channel {
        Some(channel) => {
            format!("utm_source={}&utm_medium={}&", query_value(&channel.source), query_value(&channel.medium))
        }
        None => {
            let url = cta.url(&tag.channel);
            let web = url.as_ref().and_then(|url| url.web());
            let own = web.map(|url| url.parameters(&["utm_source", "utm_medium"])).unwrap_or_default();
            own.iter().map(|pair| format!("{pair}&")).collect()
        }
    };
    format!("{from}utm_campaign={}&utm_content={tag}", tag.campaign)
}

/// The lead in a sentence for people: `Download the hiring guide, Spring hiring, via Partner: Acme`.
pub fn summary(shown: &ShownCta, channel: Option<&Channel>) -> String {
    let words = shown.campaign.as_str().replace('-', " ");
    let mut letters = words.chars();
    let campaign: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    match channel {
        Some(channel) => format!("{}, {campaign}, via {}", shown.cta.label, channel.label),
        None => format!("{}, {campaign}, direct", shown.cta.label),
    }
}

/// Only live landing pages and plain pages are for search engines.
fn robots(site: &Site, page: &SitePage, is_channel_page: bool) -> &'static str {
    let open = page.state == crate::resolve::State::Live && !is_channel_page && !site.options.preview;
    if open { "index, follow" } else { "noindex" }
}

/// Escapes for HTML text and for attributes in either kind of quotes.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text);
    out
}
