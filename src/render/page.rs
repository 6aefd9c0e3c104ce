//! Drawing one page: its view, its body, its template, minified and cut at its slots.

use tera::value::Key;
use tera::{Context, Value};

use super::Renderer;
use super::body::Drawing;
use super::cta::Shown;
use super::picture;
use super::slots::{self, Cut, Slot, Slots, VIA_MARK};
use super::structured_data;
use super::view::{LinkView, NavigationView, OrganizationView, PageView, SiteView, ThanksView};
use crate::diagnostics::Diagnostic;
use crate::headers::csp::InSlots;
use crate::html::minify::minify;
use crate::model::address::SitePath;
use crate::model::cta::{Cta, CtaOffer};
use crate::model::slug::Slug;
use crate::model::variant::Variant;
use crate::resolve::{Site, SitePage, State, Target};
use crate::rules::Rule;
use crate::scripts::PageData;
use crate::theme::Theme;
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

/// A page that was drawn and minified, to be filled for each variant.
pub struct Finished<'s> {
    cut: Cut<'s>,
    /// What was seen of it holds for all that are filled from it, or not.
    pub in_slots: InSlots,
}

impl Finished<'_> {
    pub fn fill(&self, site: &Site, page: &SitePage, variant: &Variant) -> String {
        self.cut.fill(site, page, variant)
    }
}

/// `site` as templates see it.
pub fn site_view(site: &Site, theme: &Theme) -> Value {
    let config = &site.config;
    let organization = config.organization.as_ref();
    let logo_url = site.logo.as_ref().map(|path| config.base_url.rooted(path)).unwrap_or_default();
    let navigation = config.navigation.iter().zip(&site.navigation).filter_map(|(item, target)| {
        let url = match target {
            Target::Web(url) => url.to_string(),
            Target::Page { page, anchor, .. } => {
                let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                format!("{}{VIA_MARK}{anchor}", config.base_url.rooted(&site.pages[*page].path))
            }
            _ => return None,
        };
        Some(NavigationView { label: &item.label, url })
    });
    let view = SiteView {
        title: &config.title,
        language: &config.language.value,
        direction: direction_of(&config.language.value),
        home_url: format!("{}{VIA_MARK}", config.base_url.rooted(&SitePath::home())),
        navigation: navigation.collect(),
        organization: OrganizationView {
            name: organization.map_or(&config.title, |organization| &organization.name),
            logo_url: &logo_url,
            email: organization.and_then(|organization| organization.email.as_deref()).unwrap_or_default(),
            phone: organization.and_then(|organization| organization.phone.as_deref()).unwrap_or_default(),
        },
        theme_options: &theme.options,
        respond_within: config.leads.respond_within.map(|time| theme.strings.duration(time)).unwrap_or_default(),
        preview: site.options.preview,
    };
    value(&view)
}

/// The languages that are written from right to left, by the first part of their tag.
fn direction_of(language: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.iter().any(|other| other.eq_ignore_ascii_case(primary)) { "rtl" } else { "ltr" }
}

/// Whether a channel's page differs in more than its slots: a title of its own, or a code of its own for a
/// coupon that the page shows.
pub fn is_drawn_anew(site: &Site, page: &SitePage, channel: &Slug) -> bool {
    let has_own_code = |cta: &Cta| matches!(&cta.offer, CtaOffer::Coupon(coupon) if coupon.codes.contains_key(channel));
    let own_title = page.page.front.per_channel.get(channel).is_some_and(|own| own.value.title.is_some());
    own_title
        || page.page.front.ctas.values().any(has_own_code)
        || page.links.iter().any(|target| match target {
            Target::Cta { page, cta } => site.pages[*page].page.front.ctas.get(cta).is_some_and(has_own_code),
            _ => false,
        })
}

/// Draws a page as visitors of a variant get it, but for its slots.
pub fn draw<'s>(
    renderer: &Renderer<'s>,
    index: usize,
    variant: &Variant,
    template: &str,
) -> Result<Finished<'s>, Box<Diagnostic>> {
    let page = &renderer.site.pages[index];
    let mut slots = Slots::default();
    let own_title = page.page.front.per_channel.get(variant.own).and_then(|own| own.value.title.as_deref());
    let ended = page.state == State::Ended;
    let layout = if ended { "ended" } else { &page.layout };
    let ctas = if ended { Vec::new() } else { super::cta::views(renderer, index, variant.own, &mut slots) };
    let view = PageView { layout, ctas, ..frame(renderer.site, page, own_title, &mut slots) };
    let view = with_structured_data(&view, structured_data::of_page(renderer.site, page));
    let drawn = match ended {
        true => RenderedBody::default(),
        false => {
            let mut drawing = Drawing::new(renderer, index, variant, &view, &mut slots);
            let mut body = drawing.nodes(&page.page.body.nodes)?;
            body.push_str(&drawing.forms_at_end()?);
            RenderedBody { html: body, templates: drawing.drawn, preload: drawing.preload }
        }
    };
    let html = render_page(renderer, template, &view, drawn, |_| {})?;
    let moves = !ended && !slots::own_pages(renderer.site, page).is_empty();
    let data = PageData {
        channel: slots.mark(Slot::BakedChannel),
        campaign: page.campaign.as_ref().map(Slug::as_str).unwrap_or_default(),
        own_pages: if moves { slots.mark(Slot::OwnPages) } else { String::new() },
        ..PageData::default()
    };
    finish(renderer, slots, &renderer.scripts.add_to(&html, &data), template)
}

/// The thank-you page of a form.
pub fn draw_thanks<'s>(
    renderer: &Renderer<'s>,
    index: usize,
    page: &'s SitePage,
    cta: &'s Cta,
) -> Result<Finished<'s>, Box<Diagnostic>> {
    let site = renderer.site;
    let mut slots = Slots::default();
    let path = page.thanks_path(&cta.id.value);
    let direct = crate::model::tag::direct();
    let words = &*renderer.theme.strings;
    let cta_view = super::cta::view(Shown { site, words, on: index, of: index, cta, channel: &direct }, &mut slots);
    let file = page.ctas.get(&cta.id.value).and_then(|cta| cta.file.as_ref());
    let thanks = ThanksView {
        download_url: file.map(|file| site.config.base_url.rooted(&file.path)),
        respond_within: site.config.leads.respond_within.map(|time| words.duration(time)).unwrap_or_default(),
        back_url: site.config.base_url.rooted(&page.path),
    };
    let view = PageView {
        layout: "thanks",
        url: site.config.base_url.rooted(&path),
        canonical_url: site.config.base_url.absolute(&path),
        og_url: site.config.base_url.absolute(&path),
        robots: "noindex".to_owned(),
        ..frame(site, page, None, &mut slots)
    };
    let html = render_page(renderer, "thanks", &value(&view), RenderedBody::default(), |context| {
        context.insert_value("thanks", value(&thanks));
        context.insert_value("cta", value(&cta_view));
    })?;
    let campaign = page.campaign.as_ref().map(Slug::as_str).unwrap_or_default();
    let data = PageData { campaign, thanks: format!("{campaign}_{}", cta.id.value), ..PageData::default() };
    finish(renderer, slots, &renderer.scripts.add_to(&html, &data), "thanks")
}

/// The page for addresses that do not exist.
pub fn draw_not_found(renderer: &Renderer) -> Result<String, Box<Diagnostic>> {
    let site = renderer.site;
    let home = site.config.base_url.rooted(&SitePath::home());
    let extra = serde_json::json!({});
    let view = PageView {
        title: renderer.theme.strings.text(&["not_found", "title"]),
        summary: "",
        url: home,
        canonical_url: site.config.base_url.to_string(),
        og_url: site.config.base_url.to_string(),
        robots: "noindex".to_owned(),
        layout: "404",
        state: State::Live.name(),
        has_h1: false,
        image: None,
        author: "",
        date: None,
        starts: None,
        ends: None,
        until: None,
        after_end: None,
        campaign: "",
        ctas: Vec::new(),
        structured_data: String::new(),
        extra: &extra,
    };
    let html = render_page(renderer, "404", &value(&view), RenderedBody::default(), |_| {})?;
    let html = renderer.scripts.add_to(&html, &PageData::default());
    // The navigation's links have slots, and nobody comes here by a channel.
    Ok(minified(site, &html, "404")?.replace(VIA_MARK, ""))
}

/// What every template of a page sees of it.
fn frame<'s>(site: &'s Site, page: &'s SitePage, own_title: Option<&'s str>, slots: &mut Slots<'s>) -> PageView<'s> {
    let front = &page.page.front;
    let base_url = &site.config.base_url;
    let image = page.image.as_ref().filter(|_| page.state != State::Ended);
    let image = image.map(|picture| picture::view(base_url, picture, front.image_alt.as_deref().unwrap_or_default()));
    let after_end = page.after_end.map(|target| &site.pages[target]).map(|target| LinkView {
        title: target.page.front.title.value.clone(),
        url: format!("{}{VIA_MARK}", base_url.rooted(&target.path)),
    });
    PageView {
        title: own_title.unwrap_or(&front.title.value),
        summary: front.summary().unwrap_or_default(),
        url: base_url.rooted(&page.path),
        canonical_url: base_url.absolute(&page.path),
        og_url: slots.mark(Slot::OgUrl),
        robots: slots.mark(Slot::Robots),
        layout: &page.layout,
        state: page.state.name(),
        has_h1: page.page.body.has_h1 && page.state != State::Ended,
        image,
        author: front.author.as_deref().unwrap_or_default(),
        date: front.date.map(|date| date.to_string()),
        starts: front.starts.map(|starts| starts.value.to_string()),
        ends: front.ends.map(|ends| ends.value.to_string()),
        until: front.ends.and_then(|ends| super::cta::until_view(ends.value, &site.config.timezone)),
        after_end,
        campaign: page.campaign.as_ref().map(Slug::as_str).unwrap_or_default(),
        ctas: Vec::new(),
        structured_data: String::new(),
        extra: &front.extra,
    }
}

/// The view as a value in which the JSON-LD is not escaped again.
fn with_structured_data(view: &PageView, json: String) -> Value {
    let Some(mut map) = value(view).into_map() else {
        return Value::none();
    };
    map.insert(Key::Str("structured_data"), Value::safe_string(&json));
    Value::from(map)
}

/// Draws any template of the theme with what every template sees, and what `fill` adds.
pub fn render(
    renderer: &Renderer,
    template: &str,
    page: &Value,
    fill: impl FnOnce(&mut Context),
) -> Result<String, Box<Diagnostic>> {
    let name = format!("{template}.html");
    if !renderer.theme.has(&name) {
        return Err(Box::new(Diagnostic::error(Rule::MissingTemplate, format!("the theme has no template `{name}`"))));
    }
    let mut context = Context::new();
    context.insert_value("site", renderer.site_view.clone());
    context.insert_value("page", page.clone());
    context.insert_value("strings", renderer.strings_view.clone());
    fill(&mut context);
    renderer.theme.tera.render(&name, &context).map_err(|error| Box::new(renderer.theme.diagnostic(&error)))
}

/// Draws a page's own template, which sees the looks of all that the page was drawn with.
fn render_page(
    renderer: &Renderer,
    template: &str,
    page: &Value,
    mut drawn: RenderedBody,
    fill: impl FnOnce(&mut Context),
) -> Result<String, Box<Diagnostic>> {
    drawn.templates.insert(template.to_owned());
    let stylesheets = &renderer.theme.stylesheets;
    render(renderer, template, page, |context| {
        context.insert_value("body", Value::safe_string(&drawn.html));
        context.insert_value("preload", Value::safe_string(&drawn.preload));
        context.insert_value("styles", Value::safe_string(&stylesheets.styles(&drawn)));
        context.insert_value("scripts", value(&stylesheets.scripts(&drawn)));
        fill(context);
    })
}

fn minified(site: &Site, html: &str, template: &str) -> Result<String, Box<Diagnostic>> {
    if !site.options.minify {
        return Ok(html.to_owned());
    }
    minify(html).map_err(|_| {
        let message = format!("`{template}.html` draws too many elements inside each other");
        Box::new(Diagnostic::error(Rule::NestingTooDeep, message))
    })
}

fn finish<'s>(
    renderer: &Renderer<'s>,
    slots: Slots<'s>,
    html: &str,
    template: &str,
) -> Result<Finished<'s>, Box<Diagnostic>> {
    let html = minified(renderer.site, html, template)?;
    let in_slots = renderer.seen.read(&html);
    Ok(Finished { cut: slots.cut(html), in_slots })
}
