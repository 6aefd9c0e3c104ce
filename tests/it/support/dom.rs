//! Compares two pages as browsers see them: html5ever parses both, and their elements, attributes and visible text must
//! be equal.

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Asserts that a browser shows `minified` like `original`, with and without scripts.
///
/// All attributes must exist with their values, without exception.
#[track_caller]
pub fn assert_same_page(original: &str, minified: &str, what: &str) {
    if let Some(difference) = difference(original, minified) {
        panic!("{what}: {difference}\n--- original\n{original}\n--- minified\n{minified}\n");
    }
}

/// A description of the first difference between two pages.
pub fn difference(original: &str, minified: &str) -> Option<String> {
    [true, false].into_iter().find_map(|scripting| {
        let before = VisiblePage::of(original, scripting);
        let after = VisiblePage::of(minified, scripting);
        first_difference("element", &before.outline, &after.outline)
            .or_else(|| first_difference("line", &before.lines, &after.lines))
    })
}

fn first_difference(kind: &str, before: &[String], after: &[String]) -> Option<String> {
    let longest = before.len().max(after.len());
    let at = (0..longest).find(|&at| before.get(at) != after.get(at))?;
    let (before, after) = (before.get(at), after.get(at));
    Some(format!("{kind} {at}: {before:?} became {after:?}"))
}

/// What a browser makes of a page.
struct VisiblePage {
    /// Every tag with its attributes, and every text, with collapsed white space where it collapses.
    outline: Vec<String>,
    /// The visible text line by line, with marks at the start and end of inline elements.
    lines: Vec<String>,
}

impl VisiblePage {
    fn of(html: &str, scripting: bool) -> VisiblePage {
        let tree_builder = TreeBuilderOpts { scripting_enabled: scripting, ..Default::default() };
        let options = ParseOpts { tree_builder, ..Default::default() };
        let dom = parse_document(RcDom::default(), options).one(html);
        let mut outline = vec![format!("{:?}", dom.quirks_mode.get())];
        outline_children(&dom.document, scripting, &mut outline);
        let mut page = Lines { scripting, ..Lines::default() };
        page.children(&dom.document, false);
        page.end_line();
        VisiblePage { outline, lines: page.done }
    }
}

fn outline_children(parent: &Handle, scripting: bool, out: &mut Vec<String>) {
    let mut text = String::new();
    for child in parent.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { .. } => {
                outline_text(parent, scripting, &mut text, out);
                outline_element(child, scripting, out);
            }
            NodeData::Doctype { name, public_id, system_id } => {
                out.push(format!("doctype {name} {public_id} {system_id}"));
            }
            // Comments are part of the source only. The texts around a comment are one text.
            NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. } => {}
            NodeData::Document => unreachable!("a document has no parent"),
        }
    }
    outline_text(parent, scripting, &mut text, out);
}

fn outline_element(element: &Handle, scripting: bool, out: &mut Vec<String>) {
    let NodeData::Element { name, attrs, template_contents, .. } = &element.data else {
        return;
    };
    let mut attributes: Vec<String> =
        attrs.borrow().iter().map(|attr| format!("{}:{}={:?}", attr.name.ns, attr.name.local, &*attr.value)).collect();
    attributes.sort();
    out.push(format!("<{} {}>", name.local, attributes.join(" ")));
    if let Some(contents) = &*template_contents.borrow() {
        outline_children(contents, scripting, out);
    }
    outline_children(element, scripting, out);
    out.push(format!("</{}>", name.local));
}

fn outline_text(parent: &Handle, scripting: bool, text: &mut String, out: &mut Vec<String>) {
    let text = std::mem::take(text);
    match local_name(parent).as_str() {
        // With scripts, the content of `noscript` is invisible text. Without, it is elements.
        "noscript" if scripting => {}
        "iframe" | "pre" | "script" | "style" | "textarea" | "title" => out.push(text),
        // Only the words count here. `lines` compares spaces.
        _ => {
            let words: Vec<&str> = text.split(is_collapsible).filter(|w| !w.is_empty()).collect();
            if !words.is_empty() {
                out.push(words.join(" "));
            }
        }
    }
}

/// White space in CSS: no-break spaces and form feeds are not.
fn is_collapsible(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r')
}

fn local_name(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

fn has_attribute(node: &Handle, wanted: &str) -> bool {
    match &node.data {
        NodeData::Element { attrs, .. } => attrs.borrow().iter().any(|attr| &*attr.name.local == wanted),
        _ => false,
    }
}

/// A block formatting context. White space collapses line by line.
#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    /// Whether the line has visible content.
    has_visible: bool,
    /// Whether the line ends with a collapsible space.
    ends_with_space: bool,
    scripting: bool,
}

enum Display {
    None,
    Inline,
    /// A single box in the line, with its own lines inside.
    Atom,
    Block,
    Break,
    Textarea,
}

/// The display type in the default stylesheet of browsers.
#[rustfmt::skip]
fn display(element: &Handle) -> Display {
    let name = local_name(element);
    if has_attribute(element, "hidden") || (name == "dialog" && !has_attribute(element, "open")) {
        return Display::None;
    }
    match name.as_str() {
        "area" | "base" | "datalist" | "head" | "link" | "meta" | "noembed" | "noframes"
        | "param" | "rp" | "script" | "style" | "template" | "title" | "source" | "track" => {
            Display::None
        }
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "col"
        | "colgroup" | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset"
        | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "listing" | "main" | "menu"
        | "nav" | "ol" | "optgroup" | "option" | "p" | "plaintext" | "pre" | "search"
        | "section" | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
        | "ul" | "xmp" => Display::Block,
        "audio" | "button" | "canvas" | "embed" | "iframe" | "img" | "input" | "math" | "meter"
        | "object" | "progress" | "select" | "svg" | "video" => Display::Atom,
        "br" => Display::Break,
        "textarea" => Display::Textarea,
        _ => Display::Inline,
    }
}

impl Lines {
    fn children(&mut self, parent: &Handle, preserve: bool) {
        for child in parent.children.borrow().iter() {
            match &child.data {
                NodeData::Text { contents } => self.text(&contents.borrow(), preserve),
                NodeData::Element { .. } => self.element(child, preserve),
                _ => {}
            }
        }
    }

    fn element(&mut self, element: &Handle, preserve: bool) {
        let name = local_name(element);
        let preserve = preserve || matches!(name.as_str(), "pre" | "listing" | "xmp");
        match display(element) {
            Display::None => {}
            Display::Inline if name == "noscript" && self.scripting => {}
            Display::Inline => {
                // Themes often set `pre` on code, too.
                let preserve = preserve || name == "code";
                self.line.push_str(&format!("‹{name}›"));
                self.children(element, preserve);
                self.line.push_str(&format!("‹/{name}›"));
            }
            Display::Atom => {
                let mut inside = Lines { scripting: self.scripting, ..Lines::default() };
                inside.children(element, preserve);
                inside.end_line();
                self.add_visible(&format!("[{name} {}]", inside.done.join("⏎")));
            }
            Display::Block => {
                self.end_line();
                self.children(element, preserve);
                self.end_line();
            }
            Display::Break => {
                self.has_visible = true;
                self.end_line();
            }
            Display::Textarea => {
                let texts = element.children.borrow();
                let texts = texts.iter().map(|text| match &text.data {
                    NodeData::Text { contents } => contents.borrow().to_string(),
                    _ => String::new(),
                });
                self.add_visible(&format!("[textarea {}]", texts.collect::<String>()));
            }
        }
    }

    fn text(&mut self, text: &str, preserve: bool) {
        for c in text.chars() {
            if preserve || !is_collapsible(c) {
                self.add_visible(c.encode_utf8(&mut [0; 4]));
            } else if self.has_visible && !self.ends_with_space {
                // Of several spaces the first one remains, whichever element it is in.
                self.line.push(' ');
                self.ends_with_space = true;
            }
        }
    }

    fn add_visible(&mut self, what: &str) {
        self.line.push_str(what);
        self.has_visible = true;
        self.ends_with_space = false;
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if self.ends_with_space
            && let Some(last) = line.rfind(' ')
        {
            line.remove(last);
        }
        if !line.is_empty() {
            self.done.push(line);
        }
        self.has_visible = false;
        self.ends_with_space = false;
    }
}
