//! Builds the value `page` of a page's templates from the page's front matter.

use super::context::RenderContext;
use super::picture;
use super::slots::{Slot, Slots, VIA_MARK};
use super::view::{AlternateView, LinkView, PageView, UntilView};
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State};

/// Returns the view of a page without calls to action and structured data, which not all of its templates see. `title`
/// is the channel's own title.
pub fn page_view<'s>(
    context: &RenderContext<'s>,
    page: &'s SitePage,
    has_h1: bool,
    title: Option<&'s str>,
    slots: &mut Slots<'s>,
) -> PageView<'s> {
    let site = context.site;
    let front = &page.page.front;
    let base_url = &site.config.base_url;
    let has_ended = page.state == State::Ended;
    let image = page.image.as_ref().filter(|_| !has_ended);
    PageView {
        title: title.unwrap_or(&front.title.value),
        summary: front.summary().unwrap_or_default(),
        url: base_url.rooted(&page.path),
        canonical_url: base_url.absolute(&site.as_written(page).path),
        version: page.page.version.to_string(),
        alternates: alternates(context, page, slots),
        share_url: base_url.absolute(&site.as_written(page).path),
        og_url: slots.mark(Slot::OgUrl),
        robots: slots.mark(Slot::Robots),
        layout: &page.layout,
        state: page.state.name(),
        has_h1: has_h1 && !has_ended,
        image: image.map(|image| picture::view(base_url, image, front.image_alt.as_deref().unwrap_or_default())),
        author: front.rare().author.as_deref().unwrap_or_default(),
        date: front.date.map(|date| date.to_string()),
        starts: front.starts.map(|starts| starts.value.to_string()),
        ends: front.ends.map(|ends| ends.value.to_string()),
        until: front.ends.and_then(|ends| UntilView::of(ends.value, &site.config.timezone)),
        after_end: page.after_end.map(|index| page_link(site, &site.pages[index])),
        campaign: page.campaign.as_ref().map(Slug::as_str).unwrap_or_default(),
        ctas: Vec::new(),
        structured_data: tera::Value::from(""),
        extra: &front.rare().extra,
    }
}

/// Returns the page in each of its languages, the main one first.
fn alternates<'s>(context: &RenderContext<'s>, page: &'s SitePage, slots: &mut Slots<'s>) -> Vec<AlternateView<'s>> {
    let site = context.site;
    let pages = site.alternates(page);
    let views = pages.into_iter().map(|other| AlternateView {
        language: site.language_tag(other),
        label: context.language_label(other),
        url: format!("{}{}", site.config.base_url.rooted(&other.path), slots.mark(Slot::ChannelFolder)),
        absolute_url: site.config.base_url.absolute(&other.path),
        is_current: other.index == page.index,
    });
    views.collect()
}

fn page_link(site: &Site, page: &SitePage) -> LinkView {
    LinkView {
        title: page.page.front.title.value.clone(),
        url: format!("{}{VIA_MARK}", site.config.base_url.rooted(&page.path)),
    }
}
