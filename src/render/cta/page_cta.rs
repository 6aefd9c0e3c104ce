//! A call to action as one page shows it: the input of everything in this folder.

use crate::model::cta::Cta;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::render::context::RenderContext;
use crate::resolve::{Site, SitePage};
use crate::theme::strings::Strings;

/// A call to action on one page, for visitors of one channel.
#[derive(Clone, Copy)]
pub struct PageCta<'s, 'c> {
    pub context: &'c RenderContext<'s>,
    /// The page that shows it, by its index.
    pub on: usize,
    /// The page of its campaign, by its index.
    pub of: usize,
    pub cta: &'s Cta,
    pub channel: &'c Slug,
    /// Whether the page is the thank-you page of one of its forms, where its calls to action are links.
    pub on_thanks: bool,
}

impl<'s> PageCta<'s, '_> {
    pub fn site(&self) -> &'s Site {
        self.context.site
    }

    pub fn strings(&self) -> &'s Strings {
        &self.context.texts.strings
    }

    pub fn campaign_page(&self) -> &'s SitePage {
        &self.site().pages[self.of]
    }

    /// Returns the page that shows it, without its version.
    pub fn page_as_written(&self) -> &'s SitePage {
        self.site().as_written(&self.site().pages[self.on])
    }

    /// Returns the campaign's id; an empty text if the page is not a campaign.
    pub fn campaign(&self) -> &'s str {
        self.campaign_page().campaign.as_ref().map(Slug::as_str).unwrap_or_default()
    }

    pub fn is_on_campaign_page(&self) -> bool {
        self.on == self.of && !self.on_thanks
    }

    pub fn thanks_path(&self) -> SitePath {
        self.campaign_page().thanks_path(&self.cta.id.value)
    }
}
