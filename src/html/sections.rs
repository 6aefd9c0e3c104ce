//! Splits the rendered body of a block into its first image and its `###` sections, for block templates that arrange
//! them. Only direct children of the body count, not the content of lists or of other blocks.

use std::ops::Range;

use super::entities::decoded;
use super::tags::{Tags, is_void};

/// The beginning of an attribute of a heading that is for the block around it: `### Post once {icon=clock}` is
/// `<h3 data-heading-icon="clock">`.
pub const HEADING_ATTRIBUTE: &str = "data-heading-";

/// A body, split in two ways: into `image` and `text`, and into `lead` and `sections`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SplitBody {
    /// The content of the first paragraph that consists of an image, perhaps linked.
    pub image: String,
    /// The body without that paragraph.
    pub text: String,
    /// The body without all such paragraphs, and their images. `None` if there is at most one.
    pub several: Option<SeveralImages>,
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
    /// The content of the first paragraph of `body` that consists of an image, and the rest. `None` if there is none.
    pub with_image: Option<ImageAndText>,
    /// The attributes of the heading that are for the block: `icon`, `clock`.
    pub attributes: Vec<(String, String)>,
}

/// The images that have a paragraph of their own, and the text around them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SeveralImages {
    pub images: Vec<String>,
    pub text: String,
}

/// An image that has a paragraph of its own, and the text around that paragraph.
#[derive(Debug, PartialEq, Eq)]
pub struct ImageAndText {
    pub image: String,
    pub text: String,
}

/// Splits a rendered body. `nested` are the ranges of other blocks in it.
pub fn split(body: &str, nested: &[Range<usize>]) -> SplitBody {
    let children = children(body, nested);
    let ImageAndText { image, text } =
        first_image(body, &children).unwrap_or_else(|| ImageAndText { image: String::new(), text: body.to_owned() });
    let several = several_images(body, &children);
    let mut split = SplitBody { image, text, several, ..SplitBody::default() };
    let headings: Vec<&Range<usize>> = children.iter().filter(|child| body[child.start..].starts_with("<h3")).collect();
    split.lead = body[..headings.first().map_or(body.len(), |first| first.start)].to_owned();
    let ends = headings.iter().skip(1).map(|next| next.start).chain([body.len()]);
    let sections = headings.iter().zip(ends).map(|(heading, end)| {
        let within = |child: &&Range<usize>| child.start >= heading.end && child.end <= end;
        let children =
            children.iter().filter(within).map(|child| child.start - heading.start..child.end - heading.start);
        section(&body[heading.start..end], children)
    });
    split.sections = sections.collect();
    split
}

/// Returns the first image of a rendered body that has a paragraph of its own, and the place of that paragraph.
pub fn first_image_of(body: &str, nested: &[Range<usize>]) -> Option<(String, Range<usize>)> {
    let children = children(body, nested);
    children.into_iter().find_map(|child| Some((image_of(&body[child.clone()])?.to_owned(), child)))
}

/// Returns the first image of a body that has a paragraph of its own, with the rest of the body.
fn first_image(body: &str, children: &[Range<usize>]) -> Option<ImageAndText> {
    let (paragraph, image) = children.iter().find_map(|child| Some((child, image_of(&body[child.clone()])?)))?;
    let text = [&body[..paragraph.start], &body[paragraph.end..]].concat();
    Some(ImageAndText { image: image.to_owned(), text })
}

fn several_images(body: &str, children: &[Range<usize>]) -> Option<SeveralImages> {
    let mut several = SeveralImages::default();
    let mut from = 0;
    for child in children {
        let Some(image) = image_of(&body[child.clone()]) else { continue };
        several.images.push(image.to_owned());
        several.text.push_str(&body[from..child.start]);
        from = child.end;
    }
    several.text.push_str(&body[from..]);
    (several.images.len() > 1).then_some(several)
}

/// Splits a section. `children` are the ranges of the elements below its heading.
fn section(text: &str, children: impl Iterator<Item = Range<usize>>) -> Section {
    let (start_tag, rest) = text.split_once('>').unwrap_or((text, ""));
    let (heading, body) = rest.split_once("</h3>").unwrap_or((rest, ""));
    let start = text.len() - body.len();
    let children: Vec<Range<usize>> = children.map(|child| child.start - start..child.end - start).collect();
    let with_image = first_image(body, &children);
    let values = |name: &str| start_tag.split_once(name).and_then(|(_, value)| value.split('"').next());
    let attributes = start_tag.split(HEADING_ATTRIBUTE).skip(1).filter_map(|attribute| {
        let (name, value) = attribute.split_once("=\"")?;
        Some((name.to_owned(), decoded(value.split('"').next()?).into_owned()))
    });
    Section {
        id: values("id=\"").unwrap_or_default().to_owned(),
        heading: heading.to_owned(),
        body: body.to_owned(),
        with_image,
        attributes: attributes.collect(),
    }
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
