//! Images as HTML: one file for each width, so that browsers load the one that fits.

use super::view::ImageView;
use crate::html::escape::escaped;
use crate::images::plan::Picture;
use crate::model::base_url::BaseUrl;
use crate::model::site_path::SitePath;

/// An image in the body of a page.
pub struct InlinePicture<'p> {
    pub base_url: &'p BaseUrl,
    pub picture: &'p Picture,
    pub alt: &'p str,
    pub title: &'p str,
    /// Its displayed width, for the attribute `sizes`.
    pub sizes: &'p str,
    /// The first image of a page loads with high priority, because visitors usually see it at once. Others load lazily.
    pub is_first: bool,
}

impl InlinePicture<'_> {
    pub fn html(&self) -> String {
        let InlinePicture { base_url, picture, alt, title, sizes, is_first } = self;
        let size = picture.pixels.map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
        let attributes = format!(
            " alt=\"{}\"{}{}{}",
            escaped(alt),
            size.unwrap_or_default(),
            loading(*is_first),
            title_attribute(title)
        );
        let src = escaped(&base_url.rooted(&picture.path));
        let sources = match picture.webp.is_empty() {
            true => return format!("<img src=\"{src}\"{attributes}>"),
            false => format!("srcset=\"{}\" sizes=\"{}\"", escaped(&srcset(base_url, picture)), escaped(sizes)),
        };
        match picture.webp.iter().any(|(_, path)| *path == picture.path) {
            true => format!("<img src=\"{src}\" {sources}{attributes}>"),
            false => {
                format!("<picture><source type=\"image/webp\" {sources}><img src=\"{src}\"{attributes}></picture>")
            }
        }
    }

    /// Returns the tag for the page's head that loads the image before the browser parses the body.
    pub fn preload(&self) -> String {
        let InlinePicture { base_url, picture, sizes, .. } = self;
        match picture.webp.is_empty() {
            true => {
                let href = escaped(&base_url.rooted(&picture.path));
                format!("<link rel=\"preload\" as=\"image\" href=\"{href}\" fetchpriority=\"high\">")
            }
            // Without `href`, so that browsers without support for `imagesrcset` do not load an image twice.
            false => format!(
                "<link rel=\"preload\" as=\"image\" type=\"image/webp\" imagesrcset=\"{}\" imagesizes=\"{}\" fetchpriority=\"high\">",
                escaped(&srcset(base_url, picture)),
                escaped(sizes)
            ),
        }
    }
}

/// Returns the HTML of an image on another host. Its size is unknown.
pub fn external(url: &str, alt: &str, title: &str, is_first: bool) -> String {
    format!("<img src=\"{}\" alt=\"{}\"{}{}>", escaped(url), escaped(alt), loading(is_first), title_attribute(title))
}

/// Returns the image of a page as templates see it.
pub fn view<'s>(base_url: &BaseUrl, picture: &Picture, alt: &'s str) -> ImageView<'s> {
    let (shared, pixels) = preview_file(picture);
    ImageView {
        url: base_url.rooted(&picture.path),
        srcset: srcset(base_url, picture),
        alt,
        width: picture.pixels.map(|(width, _)| width),
        height: picture.pixels.map(|(_, height)| height),
        shared_url: base_url.absolute(shared),
        shared_width: pixels.map(|(width, _)| width),
        shared_height: pixels.map(|(_, height)| height),
    }
}

/// Returns the file for previews of shared links, and its width and height in pixels.
pub fn preview_file(picture: &Picture) -> (&SitePath, Option<(u32, u32)>) {
    match &picture.preview {
        Some((path, pixels)) => (path, Some(*pixels)),
        None => (&picture.path, picture.pixels),
    }
}

/// Returns an attribute `title` with a leading space; an empty text without a title.
pub fn title_attribute(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) }
}

/// Returns the WebP files with their widths; an empty text if there are none.
fn srcset(base_url: &BaseUrl, picture: &Picture) -> String {
    let files = picture.webp.iter().map(|(width, path)| format!("{} {width}w", base_url.rooted(path)));
    files.collect::<Vec<_>>().join(", ")
}

fn loading(is_first: bool) -> &'static str {
    if is_first { " fetchpriority=\"high\"" } else { " loading=\"lazy\" decoding=\"async\"" }
}
