//! Slots: placeholders for what differs between the variants of a page. A page is rendered and minified once with marks
//! in place of the values; `channel_page` fills them for each variant.

use std::ops::Range;

use memchr::memmem;

use crate::html::slot_marks::{MARK_END, MARK_START};
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::Variant;

/// The mark of [`Slot::Via`] with a `?`. It has the same number on every page, because the value `site` is built once
/// for all pages and its links need the mark.
pub const VIA_MARK: &str = "\u{fdd0} 0\u{fdd1}";

/// The value that a mark is replaced with. Values are escaped for HTML text and quoted attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The channel as a parameter of a link within the site. Empty on a landing page.
    Via {
        is_first: bool,
    },
    /// The query that carries the lead tag: `utm_*` on other hosts, `via=` on the site's own.
    TagQuery {
        cta: usize,
        own_host: bool,
        is_first: bool,
    },
    LeadTag {
        cta: usize,
    },
    /// The short code of the call to action's campaign and the visitor's channel.
    Code {
        cta: usize,
    },
    Summary {
        cta: usize,
    },
    Channel,
    UtmSource,
    UtmMedium,
    /// The campaign of the call to action. Empty on a landing page.
    UtmCampaign {
        cta: usize,
    },
    /// The CRM's name for the channel, or the default of the form's destination.
    CrmSource {
        cta: usize,
    },
    Robots,
    /// The end of the address of a channel page: `via/acme/`. Empty on a landing page.
    ChannelFolder,
    OgUrl,
    /// The channel of a channel page. Empty on a landing page.
    PageChannel,
    /// The channels whose pages are rendered separately. Empty on a channel page.
    SeparateChannels,
}

/// A call to action that slots refer to, its campaign, and the variant of the campaign's page.
#[derive(Clone, Copy)]
pub struct SlotCta<'s> {
    pub campaign: &'s Slug,
    pub variant: Option<&'s Variant>,
    pub cta: &'s Cta,
}

impl SlotCta<'_> {
    /// Returns its lead tag on a channel.
    pub fn lead_tag(&self, channel: &Slug) -> LeadTag {
        LeadTag::new(self.campaign, &self.cta.id.value, channel, self.variant)
    }
}

/// The slots of one page while it is rendered.
pub struct Slots<'s> {
    slots: Vec<Slot>,
    ctas: Vec<SlotCta<'s>>,
}

impl Default for Slots<'_> {
    fn default() -> Self {
        // `VIA_MARK` contains the number of this slot.
        Slots { slots: vec![Slot::Via { is_first: true }], ctas: Vec::new() }
    }
}

impl<'s> Slots<'s> {
    /// Returns the number that slots use for a call to action.
    pub fn cta(&mut self, new: SlotCta<'s>) -> usize {
        let is_same = |other: &SlotCta| {
            other.campaign == new.campaign && other.cta.id.value == new.cta.id.value && other.variant == new.variant
        };
        self.ctas.iter().position(is_same).unwrap_or_else(|| {
            self.ctas.push(new);
            self.ctas.len() - 1
        })
    }

    /// Returns the mark of a slot.
    pub fn mark(&mut self, slot: Slot) -> String {
        let number = self.slots.iter().position(|other| *other == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        format!("{MARK_START}{number}{MARK_END}")
    }

    /// Finds the marks in a rendered page.
    pub fn find_marks(self, html: String) -> SlottedHtml<'s> {
        let mut marks = Vec::new();
        for start in memmem::find_iter(html.as_bytes(), MARK_START) {
            let from = start + MARK_START.len();
            let digits = html[from..].bytes().take_while(u8::is_ascii_digit).count();
            let number = html[from..from + digits].parse().ok().filter(|&number: &usize| number < self.slots.len());
            if let Some(number) = number.filter(|_| html[from + digits..].starts_with(MARK_END)) {
                marks.push((start..from + digits + MARK_END.len_utf8(), number));
            }
        }
        SlottedHtml { html, marks, slots: self.slots, ctas: self.ctas }
    }
}

/// A rendered page with the positions of its marks.
pub struct SlottedHtml<'s> {
    pub html: String,
    /// In the order of the text, each with the index of its slot.
    pub marks: Vec<(Range<usize>, usize)>,
    pub slots: Vec<Slot>,
    pub ctas: Vec<SlotCta<'s>>,
}
