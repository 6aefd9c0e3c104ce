//! Renders the thank-you page of a form.

use tera::Value;

use super::body::{BodyRenderer, PageValues};
use super::context::RenderContext;
use super::cta::event::{Registration, calendars};
use super::cta::{self, PageCta};
use super::page_view::page_view;
use super::slots::Slots;
use super::template::{Rendered, RenderedPage, finish, render_page};
use super::view::{PageView, ThanksEventView, ThanksView};
use crate::model::audience::Audience;
use crate::model::body::Body;
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::resolve::{SiteCta, SitePage};
use crate::scripts::PageData;
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

/// Renders the thank-you page of one call to action of a page, by the page's index.
pub fn render<'s>(context: &RenderContext<'s>, index: usize, body: &Body, cta: &'s Cta) -> Rendered<RenderedPage<'s>> {
    let site = context.site;
    let page = &site.pages[index];
    let base_url = &site.config.base_url;
    let mut slots = Slots::default();
    let path = page.thanks_path(&cta.id.value);
    let shown = PageCta { context, on: index, of: index, cta, channel: tag::direct_ref(), on_thanks: false };
    let cta_view = cta::view(shown, &mut slots);
    let view = PageView {
        layout: "thanks",
        url: base_url.rooted(&path),
        canonical_url: base_url.absolute(&path),
        og_url: base_url.absolute(&path),
        alternates: Vec::new(),
        robots: "noindex".to_owned(),
        ..page_view(context, page, body.has_h1, None, &mut slots)
    };
    let view = value(&view);
    let text = own_text(context, index, (body, cta), &view, &mut slots)?;
    let thanks = thanks_view(shown, page);
    let html = render_page(context, "thanks", &view, text, |values| {
        values.insert_value("thanks", value(&thanks));
        values.insert_value("cta", value(&cta_view));
    })?;
    let campaign = page.campaign.as_ref().map(Slug::as_str).unwrap_or_default();
    let data = PageData { campaign, thanks: format!("{campaign}_{}", cta.id.value), ..PageData::default() };
    finish(context, slots, &html, &data, "thanks")
}

/// Returns what those who registered for an event see.
fn event(shown: PageCta, state: &SiteCta) -> Option<ThanksEventView> {
    let (event, state) = shown.cta.event().zip(state.event.as_deref())?;
    let takes_place = matches!(Registration::of(event, state), Registration::Open | Registration::SoldOut);
    let join = event.join.as_ref().filter(|_| takes_place);
    Some(ThanksEventView {
        join_url: join.map(ToString::to_string).unwrap_or_default(),
        calendars: calendars(shown, event, state),
    })
}

/// Renders the author's text, `body` in the template. It is empty if the theme decides what the page says.
fn own_text<'s>(
    context: &RenderContext<'s>,
    index: usize,
    (body, cta): (&Body, &Cta),
    view: &Value,
    slots: &mut Slots<'s>,
) -> Rendered<RenderedBody> {
    let Some(text) = body.thanks.iter().find(|text| text.cta == cta.id.value.as_str()) else {
        return Ok(RenderedBody::default());
    };
    let audience = Audience::base(&context.site.pages[index].page.front);
    BodyRenderer::new(context, index, &audience, PageValues { view, ctas: &[] }, slots).thanks(&text.nodes)
}

fn thanks_view<'s>(shown: PageCta<'s, '_>, page: &SitePage) -> ThanksView<'s> {
    let PageCta { context, cta, .. } = shown;
    let config = &context.site.config;
    let file = page.ctas.get(&cta.id.value).and_then(|cta| cta.file.as_ref());
    let is_signup = cta.is_signup();
    // Nobody answers a sign-up.
    let respond_within = config.leads.respond_within.filter(|_| !is_signup);
    ThanksView {
        title: cta.thanks.as_ref().and_then(|thanks| thanks.title.as_deref()).unwrap_or_default(),
        download_url: file.map(|file| config.base_url.rooted(&file.path)),
        is_signup,
        event: page.ctas.get(&cta.id.value).and_then(|state| event(shown, state)),
        respond_within: respond_within.map(|time| context.texts.strings.duration(time)).unwrap_or_default(),
        back_url: config.base_url.rooted(&page.path),
    }
}
