//! A block's body in parts, for blocks that draw more than a band around it: its picture, and what stands below each of
//! its headings. Only what stands directly in the body counts, not what is in a list or in another block.

use std::ops::Range;

/// The parts of a body. `picture` and `text` are one way to cut it, `lead` and `sections` another.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The first paragraph that is a picture and nothing else, perhaps linked, without its `p`.
    pub picture: String,
    /// The body without it.
    pub text: String,
    /// What stands before the first `###` heading.
    pub lead: String,
    pub sections: Vec<Section>,
}

/// A `###` heading and all up to the next one.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub id: String,
    pub heading: String,
    pub body: String,
}

/// Cuts a drawn body; `nested` says where other blocks stand in it.
pub fn of(body: &str, nested: &[Range<usize>]) -> Parts {
    let tops = top_level(body, nested);
    let mut parts = Parts { text: body.to_owned(), ..Parts::default() };
    if let Some((whole, picture)) = tops.iter().find_map(|top| Some((top.clone(), picture_of(&body[top.clone()])?))) {
        parts.picture = picture.to_owned();
        parts.text.replace_range(whole, "");
    }
    let headings: Vec<&Range<usize>> = tops.iter().filter(|top| body[top.start..].starts_with("<h3")).collect();
    parts.lead = body[..headings.first().map_or(body.len(), |first| first.start)].to_owned();
    let ends = headings.iter().skip(1).map(|next| next.start).chain([body.len()]);
    parts.sections = headings.iter().zip(ends).map(|(heading, end)| section(&body[heading.start..end])).collect();
    parts
}

fn section(text: &str) -> Section {
    let (open, rest) = text.split_once('>').unwrap_or((text, ""));
    let (heading, body) = rest.split_once("</h3>").unwrap_or((rest, ""));
    let id = open.split_once("id=\"").and_then(|(_, id)| id.split('"').next()).unwrap_or_default();
    Section { id: id.to_owned(), heading: heading.to_owned(), body: body.to_owned() }
}

/// What is in a paragraph that is a picture and nothing else.
fn picture_of(element: &str) -> Option<&str> {
    let content = element.strip_prefix("<p>")?.strip_suffix("</p>")?.trim();
    let image = match content.strip_prefix("<a ") {
        Some(link) => link.split_once('>')?.1.strip_suffix("</a>")?,
        None => content,
    };
    // In several formats it is a `picture` with a `source`.
    let image = match image.strip_prefix("<picture>") {
        Some(several) => several.strip_suffix("</picture>")?.split_once("><").map(|(_, image)| image)?,
        None => image.strip_prefix('<')?,
    };
    let is_image = image.starts_with("img ") && image.ends_with('>') && !image.contains('<');
    is_image.then_some(content)
}

/// Where the elements stand that are in no other.
fn top_level(body: &str, nested: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut tops = Vec::new();
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    while let Some(found) = body[at..].find('<') {
        let open = at + found;
        if let Some(block) = nested.iter().find(|block| block.contains(&open)) {
            at = block.end;
            continue;
        }
        // Attributes are escaped, so the next `>` ends the tag.
        let end = body[open..].find('>').map_or(body.len(), |length| open + length + 1);
        let tag = &body[open..end];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                tops.push(start..end);
            }
        } else if !is_void(tag) {
            if depth == 0 {
                start = open;
            }
            depth += 1;
        }
        at = end;
    }
    tops
}

/// An element without an end tag, among those that Markdown makes; a comment of raw HTML is like one.
fn is_void(tag: &str) -> bool {
    let name = tag[1..].split([' ', '>', '/', '\n']).next().unwrap_or_default();
    matches!(name, "img" | "br" | "hr" | "input" | "source" | "wbr") || name.starts_with('!')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_paragraph_of_nothing_else() {
        for (body, picture, text) in [
            ("<p>a</p>\n<p><img src=\"x\"></p>\n<p>b</p>\n", "<img src=\"x\">", "<p>a</p>\n\n<p>b</p>\n"),
            ("<p><a href=\"v\"><img src=\"x\"></a></p>\n", "<a href=\"v\"><img src=\"x\"></a>", "\n"),
            (
                "<p><picture><source srcset=\"w\"><img src=\"x\"></picture></p>\n",
                "<picture><source srcset=\"w\"><img src=\"x\"></picture>",
                "\n",
            ),
            ("<p><img src=\"x\"> <img src=\"y\"></p>\n", "", "<p><img src=\"x\"> <img src=\"y\"></p>\n"),
            ("<p>See <img src=\"x\"></p>\n", "", "<p>See <img src=\"x\"></p>\n"),
            ("<ul><li><p><img src=\"x\"></p></li></ul>\n", "", "<ul><li><p><img src=\"x\"></p></li></ul>\n"),
        ] {
            let parts = of(body, &[]);
            assert_eq!((&*parts.picture, &*parts.text), (picture, text), "{body}");
        }
    }

    #[test]
    fn each_heading_of_the_third_level_begins_a_section() {
        let body = "<h2 id=\"q\">Q</h2>\n<h3 id=\"a\">A <em>b</em></h3>\n<p>c<br>d</p>\n<h3 id=\"e\">E</h3>\n";
        let parts = of(body, &[]);
        assert_eq!(parts.lead, "<h2 id=\"q\">Q</h2>\n");
        let sections: Vec<_> = parts.sections.iter().map(|s| (&*s.id, &*s.heading, s.body.trim())).collect();
        assert_eq!(sections, [("a", "A <em>b</em>", "<p>c<br>d</p>"), ("e", "E", "")]);
    }

    #[test]
    fn what_stands_in_a_quote_or_another_block_begins_no_section() {
        let block = "<div><h3 id=\"b\">B</h3></div>";
        let body = format!("<blockquote>\n<h3 id=\"a\">A</h3>\n</blockquote>\n{block}\n");
        let from = body.find("<div>").unwrap_or_default();
        assert!(of(&body, std::slice::from_ref(&(from..from + block.len()))).sections.is_empty());
    }
}
