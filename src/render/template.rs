//! Renders templates: any template of the theme, and the template of a whole page, minified and with its slots found.

use memchr::memmem;
use tera::{Context, Value};

use super::context::RenderContext;
use super::slots::{Slots, SlottedHtml};
use crate::diagnostics::Diagnostic;
use crate::headers::page_sources::{PageRecord, PageSources};
use crate::html::minify::{Minified, minify, minify_and_visit};
use crate::html::tags::{self, Element};
use crate::rules::Rule;
use crate::scripts::{Features, PageData, Scripts};
use crate::theme::stylesheets::{RenderedBody, STYLES_MARK};
use crate::theme::value::value;

/// HTML, or the error of the template that should have rendered it.
pub type Rendered<T> = Result<T, Box<Diagnostic>>;

/// A rendered and minified page. Its slots are filled for each variant.
pub struct RenderedPage<'s> {
    pub slotted: SlottedHtml<'s>,
    /// The sources that were collected from this text.
    pub record: PageRecord,
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
    context.theme.render(context.texts, &name, &values)
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
    let mut html = render(context, template, page, |values| {
        values.insert_value("body", Value::safe_string(&body.html));
        values.insert_value("preload", Value::safe_string(&(context.font_preloads() + &body.preload)));
        values.insert_value("styles", Value::safe_string(STYLES_MARK));
        let (files, small) = stylesheets.scripts(&body);
        values.insert_value("scripts", value(&files));
        let small: Vec<Value> = small.into_iter().map(Value::safe_string).collect();
        values.insert_value("small_scripts", Value::from(small));
        fill(values);
    })?;
    let styles = stylesheets.styles(&html, &body, &context.appearance);
    // A page has one mark, or one in each branch of a template that renders it.
    let marks: Vec<usize> = memmem::find_iter(html.as_bytes(), STYLES_MARK).collect();
    for at in marks.into_iter().rev() {
        html.replace_range(at..at + STYLES_MARK.len(), &styles);
    }
    Ok(html)
}

/// Minifies a page, adds the tags of its scripts, finds its slots, and records what it loads for the
/// Content-Security-Policy.
pub fn finish<'s>(
    context: &RenderContext<'s>,
    slots: Slots<'s>,
    html: &str,
    data: &PageData,
    template: &str,
) -> Rendered<RenderedPage<'s>> {
    let (html, record) = with_scripts(context, html, data, template)?;
    Ok(RenderedPage { slotted: slots.find_marks(html), record })
}

/// Reads a page once: minifies it, records what it loads, and adds the tags of its scripts.
pub fn with_scripts(
    context: &RenderContext,
    html: &str,
    data: &PageData,
    template: &str,
) -> Rendered<(String, PageRecord)> {
    let mut elements = PageElements::new(context);
    let minified = match context.site.options.minify {
        true => minify_and_visit(html, &mut |element| elements.add(element)).map_err(|_| {
            let message = format!("`{template}.html` nests HTML elements too deeply");
            Box::new(Diagnostic::error(Rule::NestingTooDeep, message))
        })?,
        false => None,
    };
    let (mut html, head_end, tags) = match minified {
        Some(Minified { html, head_end }) => {
            let tags = context.scripts.tags(data, elements.features);
            let minified = minify(&tags).unwrap_or(tags);
            (html, head_end, minified)
        }
        None => {
            elements = PageElements::new(context);
            let head_end = tags::visit(html, &mut |element| elements.add(element));
            (html.to_owned(), head_end, context.scripts.tags(data, elements.features))
        }
    };
    html.insert_str(head_end, &tags);
    Scripts::inline(data).into_iter().for_each(|script| elements.sources.add_script(script));
    Ok((html, context.collector.add_page(elements.sources)))
}

/// What is recorded of a page's elements.
struct PageElements<'s, 'p> {
    sources: PageSources<'s, 'p>,
    features: Features,
}

impl<'s, 'p> PageElements<'s, 'p> {
    fn new(context: &RenderContext<'s>) -> PageElements<'s, 'p> {
        PageElements { sources: context.collector.page(), features: Features::default() }
    }

    fn add(&mut self, element: &Element<'p, '_>) {
        self.sources.add(element);
        self.features.add(element);
    }
}

pub fn missing_template(template: &str) -> Diagnostic {
    Diagnostic::error(Rule::MissingTemplate, format!("the theme has no template `{template}.html`"))
}
