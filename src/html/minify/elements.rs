//! What the HTML standard says about elements, as far as the minifier needs it: how they are laid out, which ones close
//! others, and where white space can show.

/// How an element is laid out among its neighbours, by browsers' default stylesheet and parser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Part of a line: text, images and form controls, and all unknown elements.
    Inline,
    /// A block. Its start tag closes an open `p`.
    Block,
    /// A block that themes often lay out in a row.
    ListItem,
    /// A block that belongs into another one. Its start tag does not close an open `p`.
    BlockPart,
    /// An element around table cells. Browsers move text directly in it elsewhere.
    TablePart,
    /// Never visible: the line continues as if the tag were missing. Browsers add a missing `html`, `head` or `body` and
    /// ignore a misplaced one.
    Invisible,
    /// Parsed by special rules, which the minifier does not implement.
    Special,
}

/// One side of white space.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Edge {
    /// Text or an inline tag.
    Inline,
    /// The outer side of a list item's tag.
    ListItem,
    /// The outer side of a block's tag, or the start of the page.
    #[default]
    BlockOutside,
    /// The inner side of a block's tag.
    BlockInside,
}

impl Layout {
    #[rustfmt::skip]
    pub fn of(name: &str) -> Layout {
        // Patterns of bytes are compiled to a decision tree, and patterns of texts to one comparison after the other.
        match name.as_bytes() {
            b"address" | b"article" | b"aside" | b"blockquote" | b"center" | b"dd" | b"details" | b"dir" | b"div"
            | b"dl" | b"dt" | b"fieldset" | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1" | b"h2" | b"h3"
            | b"h4" | b"h5" | b"h6" | b"header" | b"hgroup" | b"hr" | b"main" | b"menu" | b"nav" | b"ol" | b"p"
            | b"pre" | b"search" | b"section" | b"summary" | b"ul" => Layout::Block,
            b"li" => Layout::ListItem,
            b"caption" | b"legend" | b"optgroup" | b"option" | b"td" | b"th" => Layout::BlockPart,
            b"col" | b"colgroup" | b"table" | b"tbody" | b"tfoot" | b"thead" | b"tr" => Layout::TablePart,
            b"area" | b"base" | b"body" | b"head" | b"html" | b"link" | b"meta" | b"param" | b"script" | b"source"
            | b"style" | b"title" | b"track" => Layout::Invisible,
            b"foreignobject" | b"frame" | b"frameset" | b"image" | b"listing" | b"math" | b"nobr" | b"noembed"
            | b"noframes" | b"plaintext" | b"xmp" => Layout::Special,
            _ => Layout::Inline,
        }
    }

    pub fn outer(self) -> Edge {
        match self {
            Layout::Block | Layout::BlockPart | Layout::TablePart => Edge::BlockOutside,
            Layout::ListItem => Edge::ListItem,
            Layout::Inline | Layout::Invisible | Layout::Special => Edge::Inline,
        }
    }

    pub fn inner(self) -> Edge {
        if self.outer() == Edge::Inline { Edge::Inline } else { Edge::BlockInside }
    }
}

/// Returns whether white space between two edges can be visible.
///
/// Between text and a block it can, because the block may have `display: none`, and the text around it is then one line.
/// Between `</li>` and `<li>` it can, because themes make lists inline.
pub fn is_space_visible(before: Edge, after: Edge) -> bool {
    match (before, after) {
        (Edge::BlockInside, _) | (_, Edge::BlockInside) => false,
        (Edge::Inline, _) | (_, Edge::Inline) => true,
        (before, after) => before == Edge::ListItem && after == Edge::ListItem,
    }
}

/// Returns whether browsers close `open` together with an element around it.
pub fn closes_with(open: &str, around: &str) -> bool {
    match (open, Layout::of(around)) {
        ("optgroup" | "option", _) => true,
        // Browsers ignore the end tag of `legend` and the like while one of these is open in it.
        ("dd" | "dt" | "li" | "p", Layout::BlockPart) => !matches!(around, "legend" | "optgroup" | "option"),
        ("dd" | "dt" | "li" | "p", layout) => layout != Layout::Inline,
        (_, Layout::TablePart) => {
            matches!(open, "caption" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr")
        }
        _ => false,
    }
}

/// Returns whether a part of a table can be a child of `parent`, perhaps in a row or row group that browsers add.
pub fn can_contain(parent: &str, part: &str) -> bool {
    match parent {
        "table" => true,
        "tbody" | "tfoot" | "thead" => matches!(part, "td" | "th" | "tr"),
        "tr" => matches!(part, "td" | "th"),
        "colgroup" => part == "col",
        _ => false,
    }
}

/// Returns whether an open element stops a `li`, `dd` or `dt` inside it from closing one around it.
pub fn bounds_items(name: &str, layout: Layout) -> bool {
    layout.inner() == Edge::BlockInside && !matches!(name, "address" | "div" | "legend" | "optgroup" | "option")
}

/// Returns whether browsers close an `svg` at this tag, or parse HTML inside it.
#[rustfmt::skip]
pub fn leaves_svg(name: &str, layout: Layout) -> bool {
    match name {
        "image" | "script" | "style" | "title" => false,
        "b" | "big" | "br" | "code" | "em" | "embed" | "font" | "i" | "img" | "ruby" | "s" | "small" | "span"
        | "strike" | "strong" | "sub" | "sup" | "tt" | "u" | "var" => true,
        _ => layout != Layout::Inline,
    }
}

/// Returns whether white space is significant in an element. In the SVG element `text`, `xml:space` may make it so.
pub fn is_preformatted(name: &str) -> bool {
    matches!(name, "code" | "pre" | "text")
}

pub fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}
