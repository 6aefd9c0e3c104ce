//! Sanitizes SVGs for publishing: only elements and attributes that draw are kept, nothing that runs or loads something. In a
//! page, browsers disable all of that, but not for a visitor who opens the address of the SVG itself.
//!
//! This is our own allow-list, and not svg-hush, because authors get a warning at the place of each thing that is removed.
//! svg-hush (0.9.7) removes it silently.

use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, QName, ResolveResult};
use quick_xml::reader::NsReader;

use crate::diagnostics::Diagnostic;
use crate::model::picture::ImageProblem;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XLINK: &str = "http://www.w3.org/1999/xlink";
/// The maximum depth of elements. Drawing programs stay far below it; deeper files could overflow a browser's stack.
const MAX_DEPTH: usize = 256;
/// The most removed parts of one file that are reported.
const MAX_REPORTED: usize = 10;
/// The width of an SVG that has only a `viewBox`. It is wider than any column, so the column limits it.
const DEFAULT_WIDTH: f64 = 1200.0;

/// The elements of SVG 2 and Filter Effects 1 that draw, and the animations.
const ELEMENTS: [&str; 59] = [
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// An SVG that is safe to publish.
pub struct SanitizedSvg {
    pub svg: String,
    pub removed: Vec<RemovedPart>,
}

/// An element or attribute that was removed.
pub struct RemovedPart {
    /// `<script>`, `onclick`.
    name: String,
    span: Span,
}

impl RemovedPart {
    pub fn to_diagnostic(&self, source: &Arc<SourceText>) -> Diagnostic {
        Diagnostic::warning(Rule::UnsafeSvg, format!("`{}` is removed from this image", self.name))
            .at(source, self.span, "could run or load something")
            .help("remove it from the SVG")
    }
}

/// Returns the width and height of an SVG in pixels, or `None` if it has neither a size nor a `viewBox`.
pub fn pixels(text: &str) -> Option<(u32, u32)> {
    let mut reader = NsReader::from_str(text);
    let root = loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => break root,
            Event::Eof => return None,
            _ => {}
        }
    };
    let attribute = |name: &str| {
        let attribute = root.try_get_attribute(name).ok().flatten()?;
        Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    };
    let length = |name: &str| attribute(name)?.trim().trim_end_matches("px").parse::<f64>().ok();
    let (width, height) = match (length("width"), length("height"), attribute("viewBox")) {
        (Some(width), Some(height), _) => (width, height),
        (width, height, Some(view_box)) => {
            let sides: Vec<f64> = view_box
                .split([' ', ','])
                .filter(|part| !part.is_empty())
                .map_while(|part| part.parse().ok())
                .collect();
            let &[_, _, box_width, box_height] = sides.as_slice() else { return None };
            match (width, height) {
                (None, Some(height)) => (height * box_width / box_height, height),
                (width, _) => {
                    let width = width.unwrap_or(DEFAULT_WIDTH);
                    (width, width * box_height / box_width)
                }
            }
        }
        _ => return None,
    };
    let whole = |side: f64| (1.0..=100_000.0).contains(&side).then(|| side.round() as u32);
    Some((whole(width)?, whole(height)?))
}

/// Removes from an SVG everything that does not draw. Data of drawing programs is removed without a report.
pub fn sanitize(text: &str) -> Result<SanitizedSvg, ImageProblem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sanitizer = Sanitizer::new(text);
    let mut reader = NsReader::from_str(text);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let invalid = |message: String| ImageProblem::InvalidXml { line: line_of(text, at), message };
        let event = reader.read_event().map_err(|error| invalid(error.to_string().to_lowercase()))?;
        if let Event::Eof = event {
            return sanitizer.finish().ok_or_else(|| invalid("the end is missing".to_owned()));
        }
        sanitizer.event(&reader, event, at).map_err(invalid)?;
    }
}

struct Sanitizer<'t> {
    text: &'t str,
    out: String,
    /// The names of the open elements; `None` for an element of which only the content is kept.
    open: Vec<Option<String>>,
    /// The depth inside an element that is removed with its content.
    removed_depth: usize,
    /// The length of the output after the last start tag.
    after_start_tag: usize,
    /// The offset and text of the open `style` element.
    style: Option<(usize, String)>,
    removed: Vec<RemovedPart>,
}

impl<'t> Sanitizer<'t> {
    fn new(text: &'t str) -> Sanitizer<'t> {
        Sanitizer {
            text,
            out: String::new(),
            open: Vec::new(),
            removed_depth: 0,
            after_start_tag: 0,
            style: None,
            removed: Vec::new(),
        }
    }

    /// Returns the clean SVG, or `None` if the file ends within an element.
    fn finish(mut self) -> Option<SanitizedSvg> {
        let is_complete = !self.out.is_empty() && self.open.is_empty() && self.removed_depth == 0;
        self.removed.truncate(MAX_REPORTED);
        is_complete.then_some(SanitizedSvg { svg: self.out, removed: self.removed })
    }

    fn event(&mut self, reader: &NsReader<&[u8]>, event: Event, at: usize) -> Result<(), String> {
        match event {
            Event::Start(start) => self.start(reader, &start, at)?,
            Event::Empty(start) => {
                self.start(reader, &start, at)?;
                self.end(at);
            }
            Event::End(_) => self.end(at),
            Event::Text(text) => {
                check_characters(&text)?;
                // XML forbids `]]>` in text.
                self.text(&text.replace('>', "&gt;"));
            }
            Event::CData(text) => {
                check_characters(&text)?;
                self.text(&escaped(&text));
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    Ok(None) => predefined(&reference),
                    Err(_) => None,
                };
                let unknown = || format!("`&{};` is an entity of its own: export the file as plain SVG", &*reference);
                let character = character.ok_or_else(unknown)?;
                check_characters(character.encode_utf8(&mut [0; 4]))?;
                self.text(&escaped(&character.to_string()).replace('\r', "&#13;"));
            }
            Event::PI(instruction) if instruction.target() == "xml-stylesheet" => self.remove("<?xml-stylesheet?>", at),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn start(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart, at: usize) -> Result<(), String> {
        if self.open.len() + self.removed_depth >= MAX_DEPTH {
            return Err("elements are nested too deep".to_owned());
        }
        if self.removed_depth > 0 {
            self.removed_depth += 1;
            return Ok(());
        }
        let (namespace, name) = reader.resolver().resolve_element(start.name());
        let name = name.into_inner();
        let (is_svg, is_html) = match namespace {
            ResolveResult::Unbound => (true, false),
            ResolveResult::Bound(Namespace(known)) => (known == SVG, known == XHTML),
            ResolveResult::Unknown(_) => (false, false),
        };
        if self.open.is_empty() && (!is_svg || name != "svg" || !self.out.is_empty()) {
            return Err("the root must be one `svg` element".to_owned());
        }
        if is_svg && name == "a" {
            // A link in an image cannot be followed.
            self.remove("<a>", at);
            self.open.push(None);
            return Ok(());
        }
        if !is_svg || !ELEMENTS.contains(&name) {
            // `metadata` and the data of drawing programs are removed silently: nothing visible is lost.
            if is_html || is_svg && name != "metadata" {
                self.remove(&format!("<{name}>"), at);
            }
            self.removed_depth = 1;
            return Ok(());
        }
        self.out.push('<');
        self.out.push_str(name);
        if self.open.is_empty() {
            self.out.push_str(&format!(" xmlns=\"{SVG}\""));
        }
        self.attributes(reader, start, name, at)?;
        self.out.push('>');
        self.after_start_tag = self.out.len();
        if name == "style" {
            self.style = Some((at, String::new()));
        }
        self.open.push(Some(name.to_owned()));
        Ok(())
    }

    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart,
        element: &str,
        at: usize,
    ) -> Result<(), String> {
        let mut has_href = false;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string().to_lowercase())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| error.to_string().to_lowercase())?;
            check_characters(&value)?;
            let Some(name) = attribute_name(reader, attribute.key) else { continue };
            // Only the first of `href` and `xlink:href` counts.
            if name == "href" && std::mem::replace(&mut has_href, true) {
                continue;
            }
            if is_harmless(element, name, &value) {
                self.out.push_str(&format!(" {name}=\"{}\"", escaped_attribute(&value)));
            } else {
                let in_tag = self.text.get(at..).and_then(|rest| rest.find(name)).unwrap_or(0);
                self.remove(name, at + in_tag);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match &mut self.style {
            _ if self.removed_depth > 0 || self.open.is_empty() => {}
            Some((_, style)) => style.push_str(text),
            None => self.out.push_str(text),
        }
    }

    fn end(&mut self, at: usize) {
        if self.removed_depth > 0 {
            self.removed_depth -= 1;
            return;
        }
        let Some(Some(name)) = self.open.pop() else { return };
        if let Some((begin, style)) = self.style.take() {
            match is_harmless_css(&style) {
                true => self.out.push_str(&style),
                false => self.remove("<style>", begin.min(at)),
            }
        }
        if self.out.len() == self.after_start_tag {
            self.out.pop();
            self.out.push_str("/>");
            return;
        }
        self.out.push_str(&format!("</{name}>"));
    }

    /// Reports a removed part at its name in the text from `at` on.
    fn remove(&mut self, name: &str, at: usize) {
        let bare = name.trim_matches(['<', '>']);
        let from = at + self.text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches('<').len());
        let to = (from + bare.len()).min(self.text.len());
        self.removed.push(RemovedPart { name: name.to_owned(), span: Span::new(from, to.max(from)) });
    }
}

/// Returns the name under which an attribute is published, or `None` for data of drawing programs.
fn attribute_name<'a>(reader: &NsReader<&[u8]>, key: QName<'a>) -> Option<&'a str> {
    let whole = key.into_inner();
    if matches!(whole, "xml:space" | "xml:lang") {
        return Some(whole);
    }
    let (namespace, local) = reader.resolver().resolve_attribute(key);
    let local = local.into_inner();
    match namespace {
        ResolveResult::Unbound if whole == "xmlns" || whole.contains(':') => None,
        ResolveResult::Unbound => {
            local.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)).then_some(local)
        }
        ResolveResult::Bound(Namespace(XLINK)) if local == "href" => Some("href"),
        ResolveResult::Bound(_) | ResolveResult::Unknown(_) => None,
    }
}

fn is_harmless(element: &str, name: &str, value: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_handler = |name: &str| name.len() > 2 && name.starts_with("on");
    match lower.as_str() {
        handler if is_handler(handler) => false,
        "href" => {
            let is_image = matches!(element, "image" | "feImage") && is_raster_data(value);
            value.trim().starts_with('#') || is_image
        }
        // An animation could set an address or an event handler.
        "attributename" => {
            let animated = value.trim().to_ascii_lowercase();
            let animated = animated.rsplit(':').next().unwrap_or_default();
            !is_handler(animated) && !matches!(animated, "href" | "style" | "src" | "attributename")
        }
        "style" => is_harmless_css(value),
        text if text.starts_with("aria-") || text.starts_with("data-") || matches!(text, "id" | "class" | "d") => true,
        _ => !value.contains(['(', '\\']) || is_harmless_css(value),
    }
}

fn is_raster_data(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    ["png", "jpeg", "jpg", "gif", "webp"].iter().any(|kind| {
        address
            .strip_prefix("data:image/")
            .and_then(|rest| rest.strip_prefix(kind))
            .is_some_and(|rest| rest.starts_with(';'))
    })
}

/// Returns whether CSS loads nothing: each `url()` refers to the drawing itself or contains its data. Escapes are
/// forbidden, because they could hide a `url()`.
fn is_harmless_css(css: &str) -> bool {
    let css = css.to_ascii_lowercase();
    let forbidden = [
        "\\",
        "@import",
        "expression(",
        "javascript:",
        "-moz-binding",
        "behavior:",
        "image-set(",
        "image(",
        "src(",
        "://",
    ];
    let urls = || css.split("url(").skip(1).map(|rest| rest.trim_start().trim_start_matches(['"', '\'']).trim_start());
    let is_local = |url: &str| {
        url.starts_with('#')
            || is_raster_data(url)
            || url.starts_with("data:font/")
            || url.starts_with("data:application/font")
    };
    !forbidden.iter().any(|word| css.contains(word)) && urls().all(is_local)
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Escapes text for XML. Published SVGs use `&quot;`, unlike HTML (`html::escape`).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Escapes the value of an attribute. Parsers turn its line breaks and tabs into spaces unless they are references.
fn escaped_attribute(value: &str) -> String {
    escaped(value).replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

/// Refuses the control characters that no XML may have, not even as references (XML 1.0, `Char`). Browsers show no picture then.
fn check_characters(text: &str) -> Result<(), String> {
    let is_forbidden =
        |c: &char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.chars().find(is_forbidden) {
        Some(c) => Err(format!("the character U+{:04X} is not allowed in XML", u32::from(c))),
        None => Ok(()),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&b| b == b'\n').count() + 1
}
