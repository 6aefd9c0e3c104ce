//! SVGs as they are published: elements and attributes that draw, and nothing that runs or loads something. A page that
//! shows one as an image is safe from it, but whoever opens its address alone is not.

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
/// A limit that no drawing program comes near, and that keeps readers' stacks whole.
const MAX_DEPTH: usize = 256;
/// How much of what was taken out of one file is told.
const MAX_TOLD: usize = 10;
/// How wide a drawing is that says its shape only: wider than any column, which then limits it.
const SHAPE_WIDTH: f64 = 1200.0;

/// What draws, after SVG 2 and Filter Effects 1, and what moves it.
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

pub struct Cleaned {
    pub svg: String,
    pub removed: Vec<Removed>,
}

/// Something that was taken out.
pub struct Removed {
    /// `<script>`, `onclick`.
    what: String,
    span: Span,
}

impl Removed {
    pub fn told(&self, source: &Arc<SourceText>) -> Diagnostic {
        Diagnostic::warning(Rule::UnsafeSvg, format!("`{}` is left out of this picture", self.what))
            .at(source, self.span, "could run or load something")
            .help("remove it from the SVG")
    }
}

/// How wide and high an SVG is drawn; of one that says its shape only, wide. None where it does not say.
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
        (width, height, Some(shape)) => {
            let sides: Vec<f64> =
                shape.split([' ', ',']).filter(|part| !part.is_empty()).map_while(|part| part.parse().ok()).collect();
            let &[_, _, across, down] = sides.as_slice() else { return None };
            match (width, height) {
                (None, Some(height)) => (height * across / down, height),
                (width, _) => {
                    let width = width.unwrap_or(SHAPE_WIDTH);
                    (width, width * down / across)
                }
            }
        }
        _ => return None,
    };
    let whole = |side: f64| (1.0..=100_000.0).contains(&side).then(|| side.round() as u32);
    Some((whole(width)?, whole(height)?))
}

/// Leaves out of an SVG what does not draw. What only drawing programs know goes without a word.
pub fn clean(text: &str) -> Result<Cleaned, ImageProblem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cleaning = Cleaning {
        text,
        out: String::new(),
        open: Vec::new(),
        skipped: 0,
        just_opened: 0,
        style: None,
        removed: Vec::new(),
    };
    let mut reader = NsReader::from_str(text);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let wrong = |why: String| ImageProblem::InvalidXml { line: line_of(text, at), message: why };
        let event = reader.read_event().map_err(|error| wrong(error.to_string().to_lowercase()))?;
        match event {
            Event::Start(start) => cleaning.start(&reader, &start, at).map_err(wrong)?,
            Event::Empty(start) => {
                cleaning.start(&reader, &start, at).map_err(wrong)?;
                cleaning.end(at);
            }
            Event::End(_) => cleaning.end(at),
            // `]]>` may stand in no text.
            Event::Text(written) => cleaning.text(&written.replace('>', "&gt;")),
            Event::CData(written) => cleaning.text(&escaped(&written)),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    Ok(None) => predefined(&reference),
                    Err(_) => None,
                };
                let unknown =
                    || wrong(format!("`&{};` stands for something of its own: export it as plain SVG", &*reference));
                cleaning.text(&escaped(&character.ok_or_else(unknown)?.to_string()));
            }
            Event::PI(instruction) if instruction.target() == "xml-stylesheet" => {
                cleaning.remove("<?xml-stylesheet?>", at);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof if cleaning.out.is_empty() || !cleaning.open.is_empty() || cleaning.skipped > 0 => {
                return Err(wrong("the end is missing".to_owned()));
            }
            Event::Eof => break,
        }
    }
    cleaning.removed.truncate(MAX_TOLD);
    Ok(Cleaned { svg: cleaning.out, removed: cleaning.removed })
}

struct Cleaning<'t> {
    text: &'t str,
    out: String,
    /// The elements that are open, by name; none for one whose content alone is kept.
    open: Vec<Option<String>>,
    /// How many elements are open that are left out with all that is in them.
    skipped: usize,
    /// How long the output was after the last start of an element.
    just_opened: usize,
    /// The text of the style sheet that is being read, and where it begins.
    style: Option<(usize, String)>,
    removed: Vec<Removed>,
}

impl Cleaning<'_> {
    fn start(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart, at: usize) -> Result<(), String> {
        if self.open.len() + self.skipped >= MAX_DEPTH {
            return Err("too many elements in each other".to_owned());
        }
        if self.skipped > 0 {
            self.skipped += 1;
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
            return Err("an SVG is one `svg` element".to_owned());
        }
        if is_svg && name == "a" {
            // Nobody can follow a link in an image.
            self.remove("<a>", at);
            self.open.push(None);
            return Ok(());
        }
        if !is_svg || !ELEMENTS.contains(&name) {
            // Who made it and with what is no one's business, and nothing is lost.
            if is_html || is_svg && name != "metadata" {
                self.remove(&format!("<{name}>"), at);
            }
            self.skipped = 1;
            return Ok(());
        }
        self.out.push('<');
        self.out.push_str(name);
        if self.open.is_empty() {
            self.out.push_str(&format!(" xmlns=\"{SVG}\""));
        }
        self.attributes(reader, start, name, at)?;
        self.out.push('>');
        self.just_opened = self.out.len();
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
            let Some(name) = attribute_name(reader, attribute.key) else { continue };
            // Of an `href` in two ways the first counts.
            if name == "href" && std::mem::replace(&mut has_href, true) {
                continue;
            }
            if is_harmless(element, name, &value) {
                self.out.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
            } else {
                let ahead = self.text.get(at..).and_then(|rest| rest.find(name)).unwrap_or(0);
                self.remove(name, at + ahead);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match &mut self.style {
            _ if self.skipped > 0 || self.open.is_empty() => {}
            Some((_, style)) => style.push_str(text),
            None => self.out.push_str(text),
        }
    }

    fn end(&mut self, at: usize) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(Some(name)) = self.open.pop() else { return };
        if let Some((begin, style)) = self.style.take() {
            match is_harmless_css(&style) {
                true => self.out.push_str(&style),
                false => self.remove("<style>", begin.min(at)),
            }
        }
        if self.out.len() == self.just_opened {
            self.out.pop();
            self.out.push_str("/>");
            return;
        }
        self.out.push_str(&format!("</{name}>"));
    }

    fn remove(&mut self, what: &str, at: usize) {
        let shown = what.trim_matches(['<', '>']);
        let from = at + self.text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches('<').len());
        let to = (from + shown.len()).min(self.text.len());
        self.removed.push(Removed { what: what.to_owned(), span: Span::new(from, to.max(from)) });
    }
}

/// What an attribute is published as; none for one that only drawing programs know.
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
            let is_picture = matches!(element, "image" | "feImage") && is_raster_data(value);
            value.trim().starts_with('#') || is_picture
        }
        // An animation could put an address or a handler into an element.
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

/// Whether CSS loads nothing: each `url()` leads into the drawing itself or holds its data. Escapes could hide one, so
/// there are none.
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
    let stays = |url: &str| {
        url.starts_with('#')
            || is_raster_data(url)
            || url.starts_with("data:font/")
            || url.starts_with("data:application/font")
    };
    !forbidden.iter().any(|word| css.contains(word)) && urls().all(stays)
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&b| b == b'\n').count() + 1
}
