//! The body's nodes as HTML, each link, image, button and block drawn as the site says.

use std::collections::BTreeSet;
use std::ops::Range;

use tera::value::{Key, Map};
use tera::{Context, Value};

use super::Renderer;
use super::cta;
use super::picture::{self, Shown};
use super::slots::{Slot, Slots};
use super::view::BlockView;
use crate::diagnostics::Diagnostic;
use crate::html::escape::{escaped, push_escaped};
use crate::html::sections::{self, Section, SplitBody};
use crate::model::body::{AttributeValue, Block, Node};
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::variant::Variant;
use crate::resolve::{SitePage, Target};
use crate::theme::value::value;

type Html = Result<String, Box<Diagnostic>>;

/// One drawing of one page.
pub struct Drawing<'d, 's> {
    renderer: &'d Renderer<'s>,
    index: usize,
    page: &'s SitePage,
    variant: &'d Variant<'d>,
    /// The channel's own title, until it has taken the place of the body's first `h1`.
    own_title: Option<&'d str>,
    view: &'d Value,
    slots: &'d mut Slots<'s>,
    picture: usize,
    /// The templates that were used: `blocks/hero`.
    pub drawn: BTreeSet<String>,
    /// Where other blocks stand in the body that is being drawn.
    nested: Vec<Range<usize>>,
    /// For the page's head, where a picture is what is seen first.
    pub preload: String,
    /// The blocks around, outermost first, each with its name, and how many have begun that are in no other.
    blocks: Vec<(String, Value)>,
    begun: usize,
}

impl<'d, 's> Drawing<'d, 's> {
    pub fn new(
        renderer: &'d Renderer<'s>,
        index: usize,
        variant: &'d Variant<'d>,
        view: &'d Value,
        slots: &'d mut Slots<'s>,
    ) -> Drawing<'d, 's> {
        let page = &renderer.site.pages[index];
        let own = page.page.front.per_channel.get(variant.own);
        let own_title = own.and_then(|own| own.value.title.as_deref());
        Drawing {
            renderer,
            index,
            page,
            variant,
            own_title,
            view,
            slots,
            picture: 0,
            drawn: BTreeSet::new(),
            nested: Vec::new(),
            preload: String::new(),
            blocks: Vec::new(),
            begun: 0,
        }
    }

    pub fn nodes(&mut self, nodes: &[Node]) -> Html {
        let mut out = String::new();
        for node in nodes {
            match node {
                Node::Html(html) => out.push_str(html),
                Node::RawHtml { html, .. } if self.renderer.site.config.raw_html => out.push_str(html),
                Node::RawHtml { html, block: false } => push_escaped(&mut out, html),
                Node::RawHtml { html, block: true } => out.push_str(&format!("<p>{}</p>\n", escaped(html.trim_end()))),
                Node::TopHeading { id, content } => {
                    let content = match self.own_title.take() {
                        Some(title) => escaped(title),
                        None => self.nodes(content)?,
                    };
                    out.push_str(&format!("<h1 id=\"{}\">{content}</h1>\n", escaped(id)));
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

    /// The forms that are linked but stand nowhere in the body.
    pub fn forms_at_end(&mut self) -> Html {
        let page = self.page;
        let mut out = String::new();
        for id in &page.forms_at_end {
            out.push_str(&self.whole_cta(id, "", &[])?);
        }
        Ok(out)
    }

    fn link(&mut self, link: usize, title: &str, content: &[Node]) -> Html {
        let label = self.nodes(content)?;
        let renderer = self.renderer;
        let base_url = &renderer.site.config.base_url;
        let href = match &self.page.links[link] {
            Target::Text => return Ok(label),
            Target::Cta { page, cta } => return self.cta_link(*page, cta, label),
            Target::Ended { instead: None } => return Ok(label),
            Target::Ended { instead: Some(instead) } => {
                let instead = &renderer.site.pages[*instead];
                let href = format!("{}{}", base_url.rooted(&instead.path), self.slots.mark(Slot::Via { first: true }));
                return Ok(format!("<a href=\"{}\">{}</a>", escaped(&href), escaped(&instead.page.front.title.value)));
            }
            Target::Page { page, anchor: Some(anchor), query: None } if *page == self.index => format!("#{anchor}"),
            Target::Page { page, anchor, query } => {
                let via = self.slots.mark(Slot::Via { first: query.is_none() });
                let query = query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
                let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                format!("{}{query}{via}{anchor}", base_url.rooted(&renderer.site.pages[*page].path))
            }
            Target::File { path, anchor, query } => {
                let query = query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
                let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                format!("{}{query}{anchor}", base_url.rooted(path))
            }
            Target::Picture(picture) => base_url.rooted(&picture.path),
            Target::Web(url) => url.to_string(),
            Target::Contact(url) => url.clone(),
        };
        Ok(format!("<a href=\"{}\"{}>{label}</a>", escaped(&href), title_attribute(title)))
    }

    fn cta_link(&mut self, target: usize, id: &Slug, label: String) -> Html {
        let site = self.renderer.site;
        let Some((cta, _)) = site.pages[target].cta(id) else {
            return Ok(label);
        };
        let label = if label.trim().is_empty() { escaped(&cta.label) } else { label };
        let view = value(&cta::view(self.shown(target, cta), self.slots));
        self.render("cta/link", |context| {
            context.insert_value("cta", view);
            context.insert_value("label", Value::safe_string(&label));
        })
    }

    fn shown(&self, of: usize, cta: &'s Cta) -> cta::Shown<'s, 'd> {
        let channel = if of == self.index { self.variant.own } else { self.variant.others };
        cta::Shown { site: self.renderer.site, words: &self.renderer.theme.strings, on: self.index, of, cta, channel }
    }

    fn image(&mut self, link: usize, title: &str, alt: &str) -> Html {
        let page = self.page;
        let is_first = self.picture == 0;
        let picture = match &page.links[link] {
            Target::Picture(picture) => picture,
            Target::Web(url) => {
                self.picture += 1;
                return Ok(picture::elsewhere(url, alt, title, is_first));
            }
            // Its problem is told.
            _ => return Ok(escaped(alt)),
        };
        self.picture += 1;
        let sizes = if picture.webp.is_empty() { String::new() } else { self.sizes()? };
        let base_url = &self.renderer.site.config.base_url;
        let shown = Shown { base_url, picture, alt, title, sizes: sizes.trim(), is_first };
        if is_first && self.begun == 1 && !self.blocks.is_empty() {
            self.preload = shown.preload();
        }
        Ok(shown.html())
    }

    /// How wide the theme draws a picture that stands here.
    fn sizes(&mut self) -> Html {
        if !self.renderer.theme.has("parts/sizes.html") {
            return Ok("100vw".to_owned());
        }
        let names: Vec<Value> = self.blocks.iter().map(|(name, _)| Value::from(name.as_str())).collect();
        let innermost = self.blocks.last().map_or_else(Value::none, |(_, block)| block.clone());
        self.render("parts/sizes", |context| {
            context.insert_value("block", innermost);
            context.insert_value("blocks", Value::from(names));
        })
    }

    fn block(&mut self, block: &Block) -> Html {
        let attributes = block.attributes.iter().map(|(key, value)| {
            let value = match value {
                AttributeValue::Text(text) => serde_json::Value::from(text.as_str()),
                AttributeValue::Flag => serde_json::Value::Bool(true),
            };
            (key.clone(), value)
        });
        let view = value(&BlockView {
            name: &block.name,
            number: block.number,
            depth: block.depth,
            attributes: serde_json::Value::Object(attributes.collect()),
        });
        let around = std::mem::take(&mut self.nested);
        self.begun += usize::from(self.blocks.is_empty());
        self.blocks.push((block.name.clone(), view.clone()));
        let body = self.nodes(&block.content)?;
        self.blocks.pop();
        let nested = std::mem::replace(&mut self.nested, around);
        let mut offered = None;
        if let Some((id, _)) = block.attributes.first().filter(|_| block.name == "offer") {
            let cta = self.page.page.front.ctas.get(id.as_str());
            if let Some(cta) = cta {
                let card = self.whole_cta(&cta.id.value, &body, &nested)?;
                offered = Some((value(&cta::view(self.shown(self.index, cta), self.slots)), card));
            }
        }
        self.render(&format!("blocks/{}", block.name), |context| {
            context.insert_value("block", view);
            insert_body(context, &body, &nested);
            if let Some((cta, card)) = &offered {
                context.insert_value("cta", cta.clone());
                context.insert_value("offer", Value::safe_string(card));
            }
        })
    }

    /// A coupon card, a form, or whatever the call to action is drawn as in full.
    fn whole_cta(&mut self, id: &Slug, body: &str, nested: &[Range<usize>]) -> Html {
        let page = self.page;
        let Some((cta, _)) = page.cta(id) else {
            return Ok(String::new());
        };
        let template = if cta.form().is_some() { "cta/form".to_owned() } else { format!("cta/{}", cta.kind()) };
        let view = value(&cta::view(self.shown(self.index, cta), self.slots));
        self.render(&template, |context| {
            context.insert_value("cta", view);
            insert_body(context, body, nested);
        })
    }

    fn render(&mut self, template: &str, fill: impl FnOnce(&mut Context)) -> Html {
        if !self.drawn.contains(template) {
            self.drawn.insert(template.to_owned());
        }
        super::page::render(self.renderer, template, self.view, fill)
    }
}

/// A block's body, whole and in its two kinds of parts.
fn insert_body(context: &mut Context, body: &str, nested: &[Range<usize>]) {
    let SplitBody { image, text, lead, sections } = sections::split(body, nested);
    let sections = sections.into_iter().map(|Section { id, heading, body }| {
        let [heading, body] = [heading, body].map(|html| Value::safe_string(&html));
        let fields = [("id", Value::from(id)), ("heading", heading), ("body", body)];
        Value::from(fields.into_iter().map(|(name, value)| (Key::Str(name), value)).collect::<Map>())
    });
    context.insert_value("sections", sections.collect::<Vec<_>>().into());
    for (name, html) in [("body", body), ("picture", &image), ("text", &text), ("lead", &lead)] {
        context.insert_value(name, Value::safe_string(html));
    }
}

fn title_attribute(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) }
}
