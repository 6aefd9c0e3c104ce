//! A parsed page: its elements in order, with attributes and text.

use std::collections::BTreeMap;

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

pub struct Page {
    pub elements: Vec<Element>,
}

#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// All text of the element with collapsed white space. The text of a script is unchanged.
    pub text: String,
}

impl Page {
    pub fn read(html: &str) -> Page {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let mut elements = Vec::new();
        elements_of(&dom.document, &mut elements);
        Page { elements }
    }

    pub fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter({
            let name = name.to_owned();
            move |element| element.name == name
        })
    }

    /// The only element with this name.
    #[track_caller]
    pub fn the(&self, name: &str) -> &Element {
        let all: Vec<_> = self.all(name).collect();
        assert_eq!(all.len(), 1, "<{name}>: {all:#?}");
        all[0]
    }

    /// The only element with this attribute.
    #[track_caller]
    pub fn with(&self, key: &str, value: &str) -> &Element {
        let all: Vec<_> = self.elements.iter().filter(|element| element.has(key, value)).collect();
        assert_eq!(all.len(), 1, "{key}={value}: {all:#?}");
        all[0]
    }

    pub fn text(&self) -> &str {
        &self.the("body").text
    }

    /// The target of the links with this text, which must all be the same.
    #[track_caller]
    pub fn link(&self, text: &str) -> &str {
        let mut links = self.all("a").filter(|link| link.text == text);
        let link = links.next().unwrap_or_else(|| panic!("no link `{text}` in {:#?}", self.links()));
        assert!(links.all(|other| other.get("href") == link.get("href")), "two links `{text}`");
        link.get("href")
    }

    pub fn links(&self) -> Vec<(&str, &str)> {
        self.all("a").map(|link| (&*link.text, link.get("href"))).collect()
    }

    pub fn canonical(&self) -> &str {
        self.with("rel", "canonical").get("href")
    }

    pub fn meta(&self, name: &str) -> &str {
        let is = |element: &&Element| element.has("name", name) || element.has("property", name);
        self.all("meta").find(is).unwrap_or_else(|| panic!("no <meta> {name}")).get("content")
    }

    /// The JSON-LD of the page, or null.
    pub fn json_ld(&self) -> serde_json::Value {
        let is_data = |element: &&Element| element.has("type", "application/ld+json");
        let data = self.all("script").find(is_data);
        data.map(|data| serde_json::from_str(&data.text).unwrap()).unwrap_or_default()
    }

    /// The names and values of all hidden fields, in order.
    pub fn hidden_fields(&self) -> Vec<(&str, &str)> {
        let hidden = self.all("input").filter(|input| input.has("type", "hidden"));
        hidden.map(|input| (input.get("name"), input.get("value"))).collect()
    }
}

impl Element {
    /// The value of an attribute, or an empty text.
    pub fn get(&self, key: &str) -> &str {
        self.attributes.get(key).map(String::as_str).unwrap_or_default()
    }

    pub fn has(&self, key: &str, value: &str) -> bool {
        self.attributes.get(key).is_some_and(|own| own == value)
    }
}

fn elements_of(node: &Handle, out: &mut Vec<Element>) {
    for child in node.children.borrow().iter() {
        if let NodeData::Element { name, attrs, .. } = &child.data {
            let name = name.local.to_string();
            let attributes =
                attrs.borrow().iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
            let text = match name.as_str() {
                "script" => text_of(child),
                _ => text_of(child).split_whitespace().collect::<Vec<_>>().join(" "),
            };
            out.push(Element { name, attributes, text });
        }
        elements_of(child, out);
    }
}

fn text_of(node: &Handle) -> String {
    let children = node.children.borrow();
    let texts = children.iter().map(|child| match &child.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => text_of(child),
    });
    texts.collect()
}
