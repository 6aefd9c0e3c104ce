//! Renders one page: its calls to action, its body, its template.

use tera::Value;

use super::body::{BodyRenderer, PageValues};
use super::channel_page::separate_channels;
use super::context::RenderContext;
use super::cta;
use super::page_view::page_view;
use super::slots::{Slot, Slots};
use super::structured_data;
use super::template::{Rendered, RenderedPage, finish, render_page};
use super::view::PageView;
use crate::model::audience::Audience;
use crate::model::body::Body;
use crate::model::slug::Slug;
use crate::model::variant::Version;
use crate::resolve::{SitePage, State};
use crate::scripts::{PageData, VersionData};
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

/// Renders a page, by its index, for an audience. What differs between audiences is in slots.
pub fn render<'s>(
    context: &RenderContext<'s>,
    index: usize,
    source: &Body,
    audience: &Audience,
    template: &str,
) -> Rendered<RenderedPage<'s>> {
    let site = context.site;
    let page = &site.pages[index];
    let mut slots = Slots::default();
    let own_title = page.page.front.rare().per_channel.get(audience.own).and_then(|own| own.value.title.as_deref());
    let has_ended = page.state == State::Ended;
    let layout = if has_ended { "ended" } else { &page.layout };
    let ctas = if has_ended { Vec::new() } else { cta::views(context, index, audience.own, &mut slots) };
    let view = PageView {
        layout,
        ctas: ctas.clone(),
        // A safe string, so that templates do not escape it.
        structured_data: Value::safe_string(&structured_data::of_page(site, page, source)),
        ..page_view(context, page, source.has_h1, own_title, &mut slots)
    };
    let has_alternates = !view.alternates.is_empty();
    let view = value(&view);
    let body = match has_ended {
        true => RenderedBody::default(),
        false => BodyRenderer::new(context, index, audience, PageValues { view: &view, ctas: &ctas }, &mut slots)
            .body(source)?,
    };
    let body = RenderedBody { has_alternates, ..body };
    let html = render_page(context, template, &view, body, |_| {})?;
    let leads_to_channels = !has_ended && !separate_channels(site, page).is_empty();
    let data = PageData {
        channel: slots.mark(Slot::PageChannel),
        campaign: page.campaign.as_ref().map(Slug::as_str).unwrap_or_default(),
        versions: version_data(context, page, &mut slots),
        own_pages: if leads_to_channels { slots.mark(Slot::SeparateChannels) } else { String::new() },
        ..PageData::default()
    };
    finish(context, slots, &html, &data, template)
}

/// Returns what the scripts of a page with versions need. Empty if no visitors are split.
fn version_data(context: &RenderContext, page: &SitePage, slots: &mut Slots) -> VersionData {
    let as_written = context.site.as_written(page);
    let Some(test) = as_written.test().filter(|test| test.shares().next().is_some()) else {
        return VersionData::default();
    };
    let is_version = page.page.version != Version::A;
    let mut sum = 0_u16;
    let shares = test.shares().filter(|_| !is_version).map(|share| {
        sum += u16::from(share.per_cent);
        format!("{}{sum}", share.version.value)
    });
    VersionData {
        shares: shares.collect::<Vec<_>>().join(" "),
        version: page.page.version.to_string(),
        start: format!("{}v/", context.site.config.base_url.rooted(&as_written.path)),
        end: slots.mark(Slot::ChannelFolder),
    }
}
