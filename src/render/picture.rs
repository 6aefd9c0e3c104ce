//! Pictures as HTML: one file for each width, of which browsers load the one that fits.

use super::view::ImageView;
use crate::html::escape::escaped;
use crate::images::plan::Picture;
use crate::model::address::{BaseUrl, SitePath};

/// A picture in a text.
pub struct Shown<'p> {
    pub base_url: &'p BaseUrl,
    pub picture: &'p Picture,
    pub alt: &'p str,
    pub title: &'p str,
    /// How wide it is drawn, as HTML's `sizes`.
    pub sizes: &'p str,
    /// The first one of a page is most often seen at once, and is what people wait for.
    pub is_first: bool,
}

impl Shown<'_> {
    pub fn html(&self) -> String {
        let Shown { base_url, picture, alt, title, sizes, is_first } = self;
        let size = picture.pixels.map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
        let rest =
            format!(" alt=\"{}\"{}{}{}", escaped(alt), size.unwrap_or_default(), loading(*is_first), titled(title));
        let src = escaped(&base_url.rooted(&picture.path));
        let sources = match picture.webp.is_empty() {
            true => return format!("<img src=\"{src}\"{rest}>"),
            false => format!("srcset=\"{}\" sizes=\"{}\"", escaped(&srcset(base_url, picture)), escaped(sizes)),
        };
        match picture.webp.iter().any(|(_, path)| *path == picture.path) {
            true => format!("<img src=\"{src}\" {sources}{rest}>"),
            false => format!("<picture><source type=\"image/webp\" {sources}><img src=\"{src}\"{rest}></picture>"),
        }
    }

    /// For the page's head: browsers begin to load what is seen first before they come to it.
    pub fn preload(&self) -> String {
        let Shown { base_url, picture, sizes, .. } = self;
        match picture.webp.is_empty() {
            true => {
                let href = escaped(&base_url.rooted(&picture.path));
                format!("<link rel=\"preload\" as=\"image\" href=\"{href}\" fetchpriority=\"high\">")
            }
            // Without `href`, so that browsers that know no `imagesrcset` load nothing twice.
            false => format!(
                "<link rel=\"preload\" as=\"image\" type=\"image/webp\" imagesrcset=\"{}\" imagesizes=\"{}\" fetchpriority=\"high\">",
                escaped(&srcset(base_url, picture)),
                escaped(sizes)
            ),
        }
    }
}

/// A picture of another host, of which nothing is known.
pub fn elsewhere(url: &str, alt: &str, title: &str, is_first: bool) -> String {
    format!("<img src=\"{}\" alt=\"{}\"{}{}>", escaped(url), escaped(alt), loading(is_first), titled(title))
}

/// The picture of a page as templates see it.
pub fn view<'s>(base_url: &BaseUrl, picture: &Picture, alt: &'s str) -> ImageView<'s> {
    let (shared, pixels) = shared(picture);
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

/// The file for previews of shared links, and its pixels.
pub fn shared(picture: &Picture) -> (&SitePath, Option<(u32, u32)>) {
    match &picture.shared {
        Some((path, pixels)) => (path, Some(*pixels)),
        None => (&picture.path, picture.pixels),
    }
}

/// The WebP files with their widths; empty where there are none.
fn srcset(base_url: &BaseUrl, picture: &Picture) -> String {
    let each = picture.webp.iter().map(|(width, path)| format!("{} {width}w", base_url.rooted(path)));
    each.collect::<Vec<_>>().join(", ")
}

fn loading(is_first: bool) -> &'static str {
    if is_first { " fetchpriority=\"high\"" } else { " loading=\"lazy\" decoding=\"async\"" }
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) }
}
