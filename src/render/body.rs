//! Renders the body of a page: its nodes as HTML, with links, images, buttons and blocks resolved.

use std::collections::BTreeSet;
use std::ops::Range;

use tera::value::{Key, Map};
use tera::{Context, Value};

use super::context::{RenderContext, other_language};
use super::cta::{self, PageCta};
use super::picture::{self, InlinePicture};
use super::raw_html::{self, HtmlTarget};
use super::slots::{Slot, Slots};
use super::template::{self, Rendered};
use super::view::BlockView;
use crate::html::escape::{escaped, push_escaped};
use crate::html::sections::{self, ImageAndText, Section, SeveralImages, SplitBody};
use crate::model::audience::Audience;
use crate::model::block::{AttributeKind, BlockDeclaration, number, shows_a_cta};
use crate::model::body::{AttributeValue, Block, Body, Node, html_length};
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::resolve::{SitePage, Target};
use crate::theme::stylesheets::RenderedBody;
use crate::theme::value::value;

/// About how many bytes a link, a picture or a block becomes.
const LENGTH_OF_OTHERS: usize = 128;

/// Renders the body of one page for one audience.
pub struct BodyRenderer<'d, 's> {
    context: &'d RenderContext<'s>,
    index: usize,
    page: &'s SitePage,
    /// Whether the thank-you page of one of its forms is rendered.
    on_thanks: bool,
    audience: &'d Audience<'d>,
    /// The channel's own title. It replaces the content of the body's first `h1`.
    own_title: Option<&'d str>,
    values: PageValues<'d>,
    slots: &'d mut Slots<'s>,
    /// The number of images rendered so far.
    images: usize,
    /// The templates used so far: `blocks/hero`.
    templates: BTreeSet<String>,
    /// The positions of blocks in the HTML of the current block.
    nested: Vec<Range<usize>>,
    /// For the page's head: the tag that preloads the first image.
    preload: String,
    /// The names and views of the blocks around the current node, outermost first.
    blocks: Vec<(String, Value)>,
    /// The number of top-level blocks begun so far.
    top_level_blocks: usize,
}

/// The page as templates see it.
#[derive(Clone, Copy)]
pub struct PageValues<'d> {
    /// `page`.
    pub view: &'d Value,
    /// Its own calls to action, in the author's order.
    pub ctas: &'d [Value],
}

impl<'d, 's> BodyRenderer<'d, 's> {
    pub fn new(
        context: &'d RenderContext<'s>,
        index: usize,
        audience: &'d Audience<'d>,
        values: PageValues<'d>,
        slots: &'d mut Slots<'s>,
    ) -> BodyRenderer<'d, 's> {
        let page = &context.site.pages[index];
        let own = page.page.front.rare().per_channel.get(audience.own);
        BodyRenderer {
            context,
            index,
            page,
            on_thanks: false,
            audience,
            own_title: own.and_then(|own| own.value.title.as_deref()),
            values,
            slots,
            images: 0,
            templates: BTreeSet::new(),
            nested: Vec::new(),
            preload: String::new(),
            blocks: Vec::new(),
            top_level_blocks: 0,
        }
    }

    /// Renders the whole body. Forms that are linked but not in the body are added at its end.
    pub fn body(mut self, body: &Body) -> Rendered<RenderedBody> {
        let page = self.page;
        let mut html = self.nodes(&body.nodes)?;
        for id in &page.forms_at_end {
            html.push_str(&self.cta_card(id, "", &[])?);
        }
        Ok(RenderedBody { html, templates: self.templates, preload: self.preload, ..RenderedBody::default() })
    }

    /// Renders the author's text of a thank-you page.
    pub fn thanks(mut self, nodes: &[Node]) -> Rendered<RenderedBody> {
        self.on_thanks = true;
        // A channel's own title is for the landing page.
        self.own_title = None;
        let html = self.nodes(nodes)?;
        Ok(RenderedBody { html, templates: self.templates, preload: self.preload, ..RenderedBody::default() })
    }

    fn nodes(&mut self, nodes: &[Node]) -> Rendered<String> {
        let mut out = String::with_capacity(html_length(nodes) + LENGTH_OF_OTHERS * nodes.len());
        for node in nodes {
            match node {
                Node::Html(html) => out.push_str(html),
                // Thank-you pages have none: their texts are in front matter.
                Node::RawHtml { html, links, .. } if self.context.site.config.raw_html && !self.on_thanks => {
                    out.push_str(&raw_html::with_targets(html, links, |link| self.html_target(link)));
                }
                Node::RawHtml { html, block: false, .. } => push_escaped(&mut out, html),
                Node::RawHtml { html, block: true, .. } => {
                    out.push_str(&format!("<p>{}</p>\n", escaped(html.trim_end())))
                }
                Node::TopHeading { id, class, content } => {
                    let content = match self.own_title.take() {
                        Some(title) => escaped(title),
                        None => self.nodes(content)?,
                    };
                    out.push_str(&format!("<h1 id=\"{}\"{class}>{content}</h1>\n", escaped(id)));
                }
                Node::Link { link, title, content } => out.push_str(&self.link(*link, title, content)?),
                Node::Image { link, title, alt } => out.push_str(&self.image(*link, title, alt)?),
                Node::Block(block) => {
                    let start = out.len();
                    out.push_str(&self.block(block)?);
                    self.nested.push(start..out.len());
                }
            }
        }
        Ok(out)
    }

    fn link(&mut self, link: usize, title: &str, content: &[Node]) -> Rendered<String> {
        let label = self.nodes(content)?;
        match &self.page.links[link] {
            Target::Text => Ok(label),
            Target::Cta { page, cta } => self.cta_link(*page, cta, label),
            target => {
                let Some(href) = self.href(target) else { return Ok(label) };
                let label = match target {
                    Target::Ended { .. } => self.title_instead(target).map(escaped).unwrap_or(label),
                    _ => label,
                };
                let (href, title) = (escaped(&href), picture::title_attribute(title));
                Ok(format!("<a href=\"{href}\"{title}{}>{label}</a>", self.hreflang(target)))
            }
        }
    }

    /// Returns the attribute for a link to a page in another language.
    fn hreflang(&self, target: &Target) -> String {
        let Target::Page { page, .. } = target else { return String::new() };
        let site = self.context.site;
        match other_language(site, self.context.language, &site.pages[*page]) {
            "" => String::new(),
            language => format!(" hreflang=\"{}\"", escaped(language)),
        }
    }

    /// Returns the address of a target. `None` if it has none, or if it is a call to action.
    fn href(&mut self, target: &Target) -> Option<String> {
        let site = self.context.site;
        let base_url = &site.config.base_url;
        Some(match target {
            Target::Text | Target::Cta { .. } => return None,
            Target::Ended { campaign } => {
                let instead = &site.pages[site.pages[*campaign].after_end?];
                format!("{}{}", base_url.rooted(&instead.path), self.slots.mark(Slot::Via { is_first: true }))
            }
            Target::Page { page, after } => match (after.query(), after.anchor()) {
                (None, Some(anchor)) if *page == self.index && !self.on_thanks => format!("#{anchor}"),
                (query, anchor) => {
                    let via = self.slots.mark(Slot::Via { is_first: query.is_none() });
                    let path = base_url.rooted(&site.pages[*page].path);
                    format!("{path}{}{via}{}", prefixed('?', query), prefixed('#', anchor))
                }
            },
            Target::File { path, after } => format!("{}{after}", base_url.rooted(path)),
            Target::Picture(picture) => base_url.rooted(&picture.path),
            Target::Web(url) => url.to_string(),
            Target::Contact(url) => url.to_string(),
        })
    }

    /// Returns the title of the page that takes the place of an ended campaign.
    fn title_instead(&self, target: &Target) -> Option<&'s str> {
        let Target::Ended { campaign } = target else { return None };
        let pages = &self.context.site.pages;
        Some(&pages[pages[*campaign].after_end?].page.front.title.value)
    }

    /// Returns what takes the place of an address in raw HTML.
    fn html_target(&mut self, link: usize) -> HtmlTarget {
        let page = self.page;
        match &page.links[link] {
            Target::Web(_) | Target::Contact(_) => HtmlTarget::AsWritten,
            Target::Cta { page: of, cta } => {
                let Some((cta, _)) = self.context.site.pages[*of].cta(cta) else { return HtmlTarget::Nothing };
                let shown = self.page_cta(*of, cta);
                let attributes = raw_html::cta_attributes(&cta::view(shown, self.slots));
                attributes.map_or(HtmlTarget::Nothing, HtmlTarget::Attributes)
            }
            target => self.href(target).map_or(HtmlTarget::Nothing, HtmlTarget::Address),
        }
    }

    fn cta_link(&mut self, target: usize, id: &Slug, label: String) -> Rendered<String> {
        let site = self.context.site;
        let Some((cta, _)) = site.pages[target].cta(id) else {
            return Ok(label);
        };
        let label = if label.trim().is_empty() { escaped(&cta.label) } else { label };
        let view = self.cta_view(target, cta);
        self.render("cta/link", |values| {
            values.insert_value("cta", view);
            values.insert_value("label", Value::safe_string(&label));
        })
    }

    fn cta_view(&mut self, of: usize, cta: &'s Cta) -> Value {
        if of == self.index
            && !self.on_thanks
            && let Some(position) = self.page.page.front.ctas.get_index_of(&cta.id.value)
            && let Some(view) = self.values.ctas.get(position)
        {
            return view.clone();
        }
        value(&cta::view(self.page_cta(of, cta), self.slots))
    }

    fn page_cta(&self, of: usize, cta: &'s Cta) -> PageCta<'s, 'd> {
        let channel = self.audience.channel(of == self.index);
        PageCta { context: self.context, on: self.index, of, cta, channel, on_thanks: self.on_thanks }
    }

    fn image(&mut self, link: usize, title: &str, alt: &str) -> Rendered<String> {
        let page = self.page;
        let is_first = self.images == 0;
        let picture = match &page.links[link] {
            Target::Picture(picture) => picture,
            Target::Web(url) => {
                self.images += 1;
                return Ok(picture::external(url, alt, title, is_first));
            }
            // An error was reported for this image.
            _ => return Ok(escaped(alt)),
        };
        self.images += 1;
        let sizes = if picture.webp.is_empty() { String::new() } else { self.sizes()? };
        let base_url = &self.context.site.config.base_url;
        let picture = InlinePicture { base_url, picture, alt, title, sizes: sizes.trim(), is_first };
        if is_first && self.top_level_blocks == 1 && !self.blocks.is_empty() {
            self.preload = picture.preload();
        }
        Ok(picture.html())
    }

    /// Returns the width of an image at this position, as the theme displays it.
    fn sizes(&mut self) -> Rendered<String> {
        if !self.context.theme.has("parts/sizes.html") {
            return Ok("100vw".to_owned());
        }
        let names: Vec<Value> = self.blocks.iter().map(|(name, _)| Value::from(name.as_str())).collect();
        let innermost = self.blocks.last().map_or_else(Value::none, |(_, block)| block.clone());
        self.render("parts/sizes", |values| {
            values.insert_value("block", innermost);
            values.insert_value("blocks", Value::from(names));
        })
    }

    fn block(&mut self, block: &Block) -> Rendered<String> {
        let declaration = self.context.theme.names.blocks.get(&block.name).and_then(Option::as_ref);
        let view = block_view(block, declaration);
        let outer = std::mem::take(&mut self.nested);
        self.top_level_blocks += usize::from(self.blocks.is_empty());
        self.blocks.push((block.name.clone(), view.clone()));
        let body = self.nodes(&block.content)?;
        self.blocks.pop();
        let mut nested = std::mem::replace(&mut self.nested, outer);
        let has_picture_ground = |declaration: &BlockDeclaration| {
            block.attributes.iter().any(|(name, value)| declaration.has_picture_ground(name, value))
        };
        let mut backdrop = String::new();
        let mut body = body;
        if declaration.is_some_and(has_picture_ground)
            && let Some((image, paragraph)) = sections::first_image_of(&body, &nested)
        {
            backdrop = format!("<div class=\"backdrop\">{image}</div>");
            body.replace_range(paragraph.clone(), "");
            move_back(&mut nested, &paragraph);
        }
        let offer = self.offer(block, &body, &nested)?;
        self.render(&format!("blocks/{}", block.name), |values| {
            values.insert_value("block", view);
            insert_body(values, &body, &nested);
            values.insert_value("backdrop", Value::safe_string(&backdrop));
            if let Some((cta, card)) = &offer {
                values.insert_value("cta", cta.clone());
                values.insert_value("offer", Value::safe_string(card));
            }
        })
    }

    /// Returns the call to action of a block that shows one, and its card or its form. A `signup` has none.
    fn offer(&mut self, block: &Block, body: &str, nested: &[Range<usize>]) -> Rendered<Option<(Value, String)>> {
        let page = self.page;
        if let Some(cta) = self.shown_form(block) {
            let view = self.cta_view(self.index, cta);
            let form = self.form_beside(cta, &view)?;
            return Ok(Some((view, form)));
        }
        let named = block.attributes.first().filter(|_| shows_a_cta(&block.name));
        let Some(cta) = named.and_then(|(id, _)| page.page.front.ctas.get(id.as_str())) else {
            return Ok(None);
        };
        let card = match &*block.name {
            "signup" => String::new(),
            _ => self.cta_card(&cta.id.value, body, nested)?,
        };
        Ok(Some((self.cta_view(self.index, cta), card)))
    }

    /// Returns the call to action that an attribute names because the block shows its form: `::: hero form=guide`.
    fn shown_form(&self, block: &Block) -> Option<&'s Cta> {
        let declaration = self.context.theme.names.blocks.get(&block.name)?.as_ref()?;
        let (_, id) = block.attributes.iter().find(|(name, _)| declaration.shows_form(name))?;
        self.page.page.front.ctas.get(id.text()?).filter(|_| !self.on_thanks)
    }

    /// Renders a form for a place beside a text. The card takes its place if the theme has no template for this, and if an
    /// event cannot be registered for any more, because it says why.
    fn form_beside(&mut self, cta: &'s Cta, view: &Value) -> Rendered<String> {
        let has_form = view.as_map().and_then(|view| view.get(&Key::Str("form"))).is_some_and(|form| !form.is_none());
        if !has_form || !self.context.theme.has("cta/panel.html") {
            return self.cta_card(&cta.id.value, "", &[]);
        }
        let view = view.clone();
        self.render("cta/panel", |values| values.insert_value("cta", view))
    }

    /// Renders a call to action in full: its form, or the template of its kind.
    fn cta_card(&mut self, id: &Slug, body: &str, nested: &[Range<usize>]) -> Rendered<String> {
        let page = self.page;
        let Some((cta, _)) = page.cta(id) else {
            return Ok(String::new());
        };
        let template = match cta.form() {
            // The template of an event has its form.
            Some(_) if cta.event().is_none() => "cta/form".to_owned(),
            _ => format!("cta/{}", cta.kind()),
        };
        let view = self.cta_view(self.index, cta);
        self.render(&template, |values| {
            values.insert_value("cta", view);
            insert_body(values, body, nested);
        })
    }

    fn render(&mut self, template: &str, fill: impl FnOnce(&mut Context)) -> Rendered<String> {
        if !self.templates.contains(template) {
            self.templates.insert(template.to_owned());
        }
        template::render(self.context, template, self.values.view, fill)
    }
}

/// Moves the ranges that are behind a removed paragraph.
fn move_back(nested: &mut [Range<usize>], removed: &Range<usize>) {
    for block in nested.iter_mut().filter(|block| block.start >= removed.end) {
        *block = block.start - removed.len()..block.end - removed.len();
    }
}

fn block_view(block: &Block, declaration: Option<&BlockDeclaration>) -> Value {
    let declared = |name: &str| declaration.and_then(|declaration| declaration.attributes.get(name));
    let of_kind = |name: &str| declared(name).map(|declared| &declared.kind);
    let is_class = |name: &str| declared(name).is_some_and(|declared| declared.is_class);
    let classes = block.attributes.iter().filter(|(name, _)| is_class(name)).map(|(name, value)| match value {
        AttributeValue::Text(text) => format!(" {name}-{text}"),
        AttributeValue::Flag => format!(" {name}"),
    });
    let classes = classes.collect();
    let attributes = block.attributes.iter().map(|(key, value)| {
        let value = match value {
            AttributeValue::Text(text) => match of_kind(key) {
                Some(AttributeKind::Number { .. }) => number(text).into(),
                _ => text.as_str().into(),
            },
            AttributeValue::Flag => serde_json::Value::Bool(true),
        };
        (key.clone(), value)
    });
    value(&BlockView {
        name: &block.name,
        number: block.number,
        depth: block.depth,
        attributes: serde_json::Value::Object(attributes.collect()),
        classes,
    })
}

/// Inserts a block's body: the whole, and its parts.
fn insert_body(values: &mut Context, body: &str, nested: &[Range<usize>]) {
    let SplitBody { image, text, several, lead, sections } = sections::split(body, nested);
    values.insert_value("sections", sections.into_iter().map(section_view).collect::<Vec<_>>().into());
    let [body, picture, text, lead] = [body, &image, &text, &lead].map(Value::safe_string);
    let (pictures, prose) = match several {
        Some(SeveralImages { images, text }) => {
            (images.iter().map(|image| Value::safe_string(image)).collect(), Value::safe_string(&text))
        }
        None if image.is_empty() => (Vec::new(), text.clone()),
        None => (vec![picture.clone()], text.clone()),
    };
    let pictures = Value::from(pictures);
    let parts = [
        ("body", body),
        ("picture", picture),
        ("text", text),
        ("pictures", pictures),
        ("prose", prose),
        ("lead", lead),
    ];
    for (name, part) in parts {
        values.insert_value(name, part);
    }
}

fn section_view(section: Section) -> Value {
    let Section { id, heading, body, with_image, attributes } = section;
    let [heading, body] = [heading, body].map(|html| Value::safe_string(&html));
    let (picture, text) = match with_image {
        Some(ImageAndText { image, text }) => (Value::safe_string(&image), Value::safe_string(&text)),
        None => (Value::safe_string(""), body.clone()),
    };
    let attributes = attributes.into_iter().map(|(name, value)| (Key::String(name.into()), Value::from(value)));
    let fields = [
        ("id", Value::from(id)),
        ("heading", heading),
        ("body", body),
        ("picture", picture),
        ("text", text),
        ("attributes", Value::from(attributes.collect::<Map>())),
    ];
    Value::from(fields.into_iter().map(|(name, value)| (Key::Str(name), value)).collect::<Map>())
}

/// Returns a query or an anchor with its separator; an empty text if there is none.
fn prefixed(separator: char, part: Option<&str>) -> String {
    part.map(|part| format!("{separator}{part}")).unwrap_or_default()
}
