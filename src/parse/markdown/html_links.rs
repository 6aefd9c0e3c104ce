//! The addresses in raw HTML: what its links, pictures, videos, forms and other elements refer to.

use std::ops::Range;

use crate::html::entities;
use crate::html::tags::{Attribute, Tags};
use crate::model::address::{Address, BadAddress};

/// An address in an attribute. Ranges are those of the HTML.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlAddress {
    /// The whole attribute.
    pub attribute: Range<usize>,
    /// The address as written. An attribute `srcset` has several.
    pub written: Range<usize>,
    pub address: String,
    pub is_image: bool,
}

/// What the value of an attribute is.
#[derive(Clone, Copy)]
enum ValueKind {
    Link,
    Image,
    /// Addresses of pictures, each with a width or a density.
    ImageSet,
    /// Where a form goes. A path from the root may be one that only a server has.
    Endpoint,
    /// `5; url=/prices/`: what a page is replaced by.
    Refresh,
}

/// Returns the addresses on this site and on other sites, and invalid addresses. Addresses with other schemes, such as
/// `data:`, are left out.
pub fn addresses(html: &str) -> Vec<HtmlAddress> {
    let mut found = Vec::new();
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_start_tag() {
        let element = tag.name.to_ascii_lowercase();
        let is_refresh = || tags.attribute("http-equiv").is_some_and(|of| of.trim().eq_ignore_ascii_case("refresh"));
        if element == "meta" && !is_refresh() {
            continue;
        }
        for attribute in tags.attributes() {
            if let Some(kind) = value_kind(&element, attribute.name) {
                collect(html, &attribute, kind, &mut found);
            }
        }
    }
    found
}

fn value_kind(element: &str, attribute: &str) -> Option<ValueKind> {
    let is = |name: &str| attribute.eq_ignore_ascii_case(name);
    match element {
        "a" | "area" | "link" if is("href") => Some(ValueKind::Link),
        "a" if is("xlink:href") => Some(ValueKind::Link),
        "img" | "image" | "input" if is("src") => Some(ValueKind::Image),
        "image" if is("href") || is("xlink:href") => Some(ValueKind::Image),
        "use" if is("href") || is("xlink:href") => Some(ValueKind::Link),
        "img" | "source" if is("srcset") => Some(ValueKind::ImageSet),
        "video" if is("poster") => Some(ValueKind::Image),
        "video" | "audio" | "source" | "track" | "embed" | "iframe" | "script" if is("src") => Some(ValueKind::Link),
        "object" if is("data") => Some(ValueKind::Link),
        "form" if is("action") => Some(ValueKind::Endpoint),
        "button" | "input" if is("formaction") => Some(ValueKind::Endpoint),
        "meta" if is("content") => Some(ValueKind::Refresh),
        _ => None,
    }
}

fn collect(html: &str, attribute: &Attribute, kind: ValueKind, found: &mut Vec<HtmlAddress>) {
    let value = attribute.value();
    let end = offset_in(html, attribute.written) + attribute.written.len();
    let (written, is_image) = match kind {
        ValueKind::Link | ValueKind::Endpoint => (vec![value.trim_ascii()], false),
        ValueKind::Image => (vec![value.trim_ascii()], true),
        ValueKind::ImageSet => (of_image_set(value), true),
        ValueKind::Refresh => (of_refresh(value).into_iter().collect(), false),
    };
    for written in written {
        let address = entities::decoded(written).into_owned();
        let may_be_of_a_server =
            matches!(kind, ValueKind::Endpoint) && address.starts_with('/') && !address.contains(".md");
        if is_checked(&address) && !may_be_of_a_server {
            let start = offset_in(html, written);
            found.push(HtmlAddress {
                attribute: offset_in(html, attribute.name)..end,
                written: start..start + written.len(),
                address,
                is_image,
            });
        }
    }
}

/// Returns the address of `5; url=/prices/`, perhaps in quotes of its own, or without `url=`.
fn of_refresh(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once([';', ','])?;
    let rest = rest.trim_ascii();
    let name = rest.get(..3).filter(|start| start.eq_ignore_ascii_case("url"));
    let named = name.and_then(|name| rest[name.len()..].trim_ascii_start().strip_prefix('='));
    let address = named.map_or(rest, str::trim_ascii);
    Some(match address.chars().next() {
        Some(quote @ ('"' | '\'')) => address[1..].split(quote).next().unwrap_or_default(),
        _ => address,
    })
}

/// Returns the addresses of `a.png 480w, b.png 800w`, as browsers split them.
fn of_image_set(value: &str) -> Vec<&str> {
    let mut addresses = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return addresses;
        }
        let (address, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let without_comma = address.trim_end_matches(',');
        addresses.push(without_comma);
        rest = match without_comma.len() == address.len() {
            true => after.split_once(',').map_or("", |(_, next)| next),
            false => after,
        };
    }
}

/// Returns whether an address is checked. Anchors are not, because raw HTML is not searched for ids. Other schemes, such as
/// `sms:` and `data:`, are not, unless they work only on the author's computer. The policy blocks scripts.
fn is_checked(address: &str) -> bool {
    const OF_ONE_COMPUTER: [&str; 4] = ["file", "cid", "webkit-fake-url", "x-apple-data-detectors"];
    if address.is_empty() || address.starts_with('#') {
        return false;
    }
    match Address::parse(address) {
        Err(BadAddress::Scheme(scheme)) => OF_ONE_COMPUTER.contains(&scheme.as_str()),
        // `//cdn.example/a.js` works in a page.
        Err(BadAddress::NoScheme) => false,
        _ => true,
    }
}

/// Returns where a part of a text is in it.
fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_all_elements_are_found() {
        for (html, expected) in [
            ("<a class=b href=\"terms.md\">", vec!["terms.md"]),
            ("<A HREF='a.pdf?x=1&amp;y=2' id=x>", vec!["a.pdf?x=1&y=2"]),
            ("<a href=list.pdf>", vec!["list.pdf"]),
            ("<img alt=\"a > b\" src=\"team.png\">", vec!["!team.png"]),
            ("<img srcset=\"a.png 1x,b.png 2x, c,d.png\" src=e.png>", vec!["!a.png", "!b.png", "!c,d.png", "!e.png"]),
            ("<img srcset='a.png, b.png 2x'>", vec!["!a.png", "!b.png"]),
            (
                "<video poster=p.jpg src=v.mp4><source src=w.webm><track src=t.vtt>",
                vec!["!p.jpg", "v.mp4", "w.webm", "t.vtt"],
            ),
            ("<a href=\"cta:save\">", vec!["cta:save"]),
            (
                "<a href=\"#top\"><a href=''><img src=data:image/png;base64,AA><a href='sms:+1'><img src=//cdn.example/a>",
                vec![],
            ),
            ("<a href='java\tscript:x'><img src='https://a;sandbox/x.png'>", vec!["!https://a;sandbox/x.png"]),
            (
                "<a href=file:///C:/a.pdf><a href='C:\\a.pdf'><img src='cid:a'>",
                vec!["file:///C:/a.pdf", "C:\\a.pdf", "!cid:a"],
            ),
            (
                "<form action=send.php><button formaction=thanks.md><input formaction='/b.md'>",
                vec!["send.php", "thanks.md", "/b.md"],
            ),
            ("<form action=/api/contact><form action=''>", vec![]),
            ("<form action='http://forms.example/'>", vec!["http://forms.example/"]),
            ("<use href='icons.svg#a'><use xlink:href=#b>", vec!["icons.svg#a"]),
            (
                "<meta http-equiv=Refresh content='0; URL=/prices.md'><meta name=x content='0; url=a'>",
                vec!["/prices.md"],
            ),
            ("<meta http-equiv=refresh content='0;/c.md'><svg><a xlink:href=d.md>", vec!["/c.md", "d.md"]),
            ("<meta http-equiv=refresh content=\"3;url='b.md'\"><meta http-equiv=refresh content=5>", vec!["b.md"]),
            ("<script>let a = '<img src=x.png>'</script><!-- <img src=y.png> --></a href=z>", vec![]),
        ] {
            let found: Vec<String> = addresses(html)
                .into_iter()
                .map(|found| {
                    assert!(found.attribute.contains(&found.written.start), "{html}");
                    format!("{}{}", if found.is_image { "!" } else { "" }, found.address)
                })
                .collect();
            assert_eq!(found, expected, "{html}");
        }
    }

    #[test]
    fn ranges_are_those_of_the_html() {
        let html = "<a title=x href = 'a.md' rel=y>";
        let found = &addresses(html)[0];
        assert_eq!((&html[found.attribute.clone()], &html[found.written.clone()]), ("href = 'a.md'", "a.md"));
    }
}
