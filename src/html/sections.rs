//! Splits the rendered body of a block into its first image and its `###` sections, for block templates that arrange
//! them. Only direct children of the body count, not the content of lists or of other blocks.

use std::ops::Range;

use super::tags::{Tags, is_void};

/// A body, split in two ways: into `image` and `text`, and into `lead` and `sections`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SplitBody {
    /// The content of the first paragraph that consists of an image, perhaps linked.
    pub image: String,
    /// The body without that paragraph.
    pub text: String,
    /// Everything before the first `###` heading.
    pub lead: String,
    pub sections: Vec<Section>,
}

/// A `###` heading and everything up to the next one.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub id: String,
    pub heading: String,
    pub body: String,
}

/// Splits a rendered body. `nested` are the ranges of other blocks in it.
pub fn split(body: &str, nested: &[Range<usize>]) -> SplitBody {
    let children = children(body, nested);
    let mut split = SplitBody { text: body.to_owned(), ..SplitBody::default() };
    let image = children.iter().find_map(|child| Some((child.clone(), image_of(&body[child.clone()])?)));
    if let Some((paragraph, image)) = image {
        split.image = image.to_owned();
        split.text.replace_range(paragraph, "");
    }
    let headings: Vec<&Range<usize>> = children.iter().filter(|child| body[child.start..].starts_with("<h3")).collect();
    split.lead = body[..headings.first().map_or(body.len(), |first| first.start)].to_owned();
    let ends = headings.iter().skip(1).map(|next| next.start).chain([body.len()]);
    split.sections = headings.iter().zip(ends).map(|(heading, end)| section(&body[heading.start..end])).collect();
    split
}

fn section(text: &str) -> Section {
    let (start_tag, rest) = text.split_once('>').unwrap_or((text, ""));
    let (heading, body) = rest.split_once("</h3>").unwrap_or((rest, ""));
    let id = start_tag.split_once("id=\"").and_then(|(_, id)| id.split('"').next()).unwrap_or_default();
    Section { id: id.to_owned(), heading: heading.to_owned(), body: body.to_owned() }
}

/// Returns the content of a paragraph that consists of an image.
fn image_of(element: &str) -> Option<&str> {
    let content = element.strip_prefix("<p>")?.strip_suffix("</p>")?.trim();
    let image = match content.strip_prefix("<a ") {
        Some(link) => link.split_once('>')?.1.strip_suffix("</a>")?,
        None => content,
    };
    // An image in several formats is a `picture` with a `source`.
    let image = match image.strip_prefix("<picture>") {
        Some(formats) => formats.strip_suffix("</picture>")?.split_once("><").map(|(_, image)| image)?,
        None => image.strip_prefix('<')?,
    };
    let is_image = image.starts_with("img ") && image.ends_with('>') && !image.contains('<');
    is_image.then_some(content)
}

/// Returns the ranges of the body's direct children.
fn children(body: &str, nested: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut children = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut tags = Tags::of(body);
    while let Some(tag) = tags.next_tag() {
        if let Some(block) = nested.iter().find(|block| block.contains(&tag.range.start)) {
            tags.skip_to(block.end);
        } else if tag.is_end {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                children.push(start..tag.range.end);
            }
        } else if !is_void(tag.name) {
            if depth == 0 {
                start = tag.range.start;
            }
            depth += 1;
        }
    }
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_paragraph_with_only_an_image_is_the_image() {
        for (body, image, text) in [
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
            let split = split(body, &[]);
            assert_eq!((&*split.image, &*split.text), (image, text), "{body}");
        }
    }

    #[test]
    fn each_third_level_heading_begins_a_section() {
        let body = "<h2 id=\"q\">Q</h2>\n<h3 id=\"a\">A <em>b</em></h3>\n<p>c<br>d</p>\n<h3 id=\"e\">E</h3>\n";
        let split = split(body, &[]);
        assert_eq!(split.lead, "<h2 id=\"q\">Q</h2>\n");
        let sections: Vec<_> = split.sections.iter().map(|s| (&*s.id, &*s.heading, s.body.trim())).collect();
        assert_eq!(sections, [("a", "A <em>b</em>", "<p>c<br>d</p>"), ("e", "E", "")]);
    }

    #[test]
    fn headings_in_quotes_and_nested_blocks_begin_no_section() {
        let block = "<div><h3 id=\"b\">B</h3></div>";
        let body = format!("<blockquote>\n<h3 id=\"a\">A</h3>\n</blockquote>\n{block}\n");
        let from = body.find("<div>").unwrap_or_default();
        assert!(split(&body, std::slice::from_ref(&(from..from + block.len()))).sections.is_empty());
    }
}
