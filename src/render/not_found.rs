//! Renders the page for unknown addresses, `404.html`.

use super::context::RenderContext;
use super::slots::VIA_MARK;
use super::template::{Rendered, render_page, with_scripts};
use super::view::PageView;
use crate::model::site_path::SitePath;
use crate::model::variant::Version;
use crate::resolve::State;
use crate::scripts::PageData;
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

pub fn render(context: &RenderContext) -> Rendered<String> {
    let base_url = &context.site.config.base_url;
    let view = PageView {
        title: context.texts.strings.text(&["not_found", "title"]),
        summary: "",
        url: base_url.rooted(&SitePath::home()),
        canonical_url: base_url.to_string(),
        alternates: Vec::new(),
        version: Version::A.to_string(),
        share_url: base_url.to_string(),
        og_url: base_url.to_string(),
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
        structured_data: tera::Value::from(""),
        extra: &serde_json::json!({}),
    };
    let html = render_page(context, "404", &value(&view), RenderedBody::default(), |_| {})?;
    let (html, _) = with_scripts(context, &html, &PageData::default(), "404")?;
    // The links of the navigation contain slots, and this page belongs to no channel.
    Ok(html.replace(VIA_MARK, ""))
}
