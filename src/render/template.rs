//! Renders templates: any template of the theme, and the template of a whole page, minified and with its slots found.

use tera::{Context, Value};

use super::context::RenderContext;
use super::slots::{Slots, SlottedHtml};
use crate::diagnostics::Diagnostic;
use crate::headers::page_sources::Coverage;
use crate::html::minify::minify;
use crate::rules::Rule;
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

/// HTML, or the error of the template that should have rendered it.
pub type Rendered<T> = Result<T, Box<Diagnostic>>;

/// A rendered and minified page. Its slots are filled for each variant.
pub struct RenderedPage<'s> {
    pub slotted: SlottedHtml<'s>,
    /// Whether the sources collected from this text are those of all variants.
    pub coverage: Coverage,
}

/// Renders a template of the theme. It sees `site`, `page`, `strings`, and what `fill` adds.
pub fn render(
    context: &RenderContext,
    template: &str,
    page: &Value,
    fill: impl FnOnce(&mut Context),
) -> Rendered<String> {
    let name = format!("{template}.html");
    if !context.theme.has(&name) {
        return Err(Box::new(missing_template(template)));
    }
    let mut values = Context::new();
    values.insert_value("site", context.site_view.clone());
    values.insert_value("page", page.clone());
    values.insert_value("strings", context.strings_view.clone());
    fill(&mut values);
    context.theme.tera.render(&name, &values).map_err(|error| Box::new(context.theme.diagnostic(&error)))
}

/// Renders the template of a whole page. It also sees the body, and the styles and scripts of all templates used.
pub fn render_page(
    context: &RenderContext,
    template: &str,
    page: &Value,
    mut body: RenderedBody,
    fill: impl FnOnce(&mut Context),
) -> Rendered<String> {
    body.templates.insert(template.to_owned());
    let stylesheets = &context.theme.stylesheets;
    render(context, template, page, |values| {
        values.insert_value("body", Value::safe_string(&body.html));
        values.insert_value("preload", Value::safe_string(&body.preload));
        values.insert_value("styles", Value::safe_string(&stylesheets.styles(&body)));
        values.insert_value("scripts", value(&stylesheets.scripts(&body)));
        fill(values);
    })
}

/// Minifies a page, finds its slots, and records what it loads for the Content-Security-Policy.
pub fn finish<'s>(
    context: &RenderContext<'s>,
    slots: Slots<'s>,
    html: &str,
    template: &str,
) -> Rendered<RenderedPage<'s>> {
    let html = minified(context, html, template)?;
    let coverage = context.collector.add(&html);
    Ok(RenderedPage { slotted: slots.find_marks(html), coverage })
}

pub fn minified(context: &RenderContext, html: &str, template: &str) -> Rendered<String> {
    if !context.site.options.minify {
        return Ok(html.to_owned());
    }
    minify(html).map_err(|_| {
        let message = format!("`{template}.html` nests HTML elements too deeply");
        Box::new(Diagnostic::error(Rule::NestingTooDeep, message))
    })
}

pub fn missing_template(template: &str) -> Diagnostic {
    Diagnostic::error(Rule::MissingTemplate, format!("the theme has no template `{template}.html`"))
}
