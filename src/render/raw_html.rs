//! Raw HTML with the addresses of the site that its attributes refer to.

use super::view::CtaView;
use crate::html::escape::escaped;
use crate::model::body::HtmlLink;

/// What takes the place of an address in an attribute.
pub enum HtmlTarget {
    /// The author's address is right.
    AsWritten,
    Address(String),
    /// These attributes, escaped, in place of the whole attribute.
    Attributes(String),
    /// Nothing: the attribute is left out, because its target is not published.
    Nothing,
}

/// Returns the HTML with other addresses. `target` returns what takes the place of a link, by its index.
pub fn with_targets(html: &str, links: &[HtmlLink], mut target: impl FnMut(usize) -> HtmlTarget) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut copied = 0;
    for of_attribute in links.chunk_by(|a, b| a.attribute == b.attribute) {
        let range = of_attribute[0].attribute.range();
        out.push_str(&html[copied..range.start]);
        copied = range.end;
        let targets: Vec<HtmlTarget> = of_attribute.iter().map(|link| target(link.link)).collect();
        out.push_str(&attribute(html, of_attribute, targets));
    }
    out.push_str(&html[copied..]);
    out
}

/// Returns one attribute with its targets. Its value is quoted, because a slot in it contains a space.
fn attribute(html: &str, links: &[HtmlLink], targets: Vec<HtmlTarget>) -> String {
    let written = &html[links[0].attribute.range()];
    if targets.iter().all(|target| matches!(target, HtmlTarget::AsWritten)) {
        return written.to_owned();
    }
    let name = written.split('=').next().unwrap_or_default().trim_end();
    let mut value = String::new();
    // What precedes the first address: in a `<meta>`, its seconds.
    let value_start = written.find('=').map_or(0, |at| at + 1);
    let before = &html[links[0].attribute.start as usize + value_start..links[0].address.start as usize];
    value.push_str(before.trim_start().trim_start_matches(['"', '\'']));
    let mut end = links[0].address.start as usize;
    for (link, target) in links.iter().zip(targets) {
        let address = link.address.range();
        value.push_str(&html[end..address.start]);
        end = address.end;
        match target {
            HtmlTarget::AsWritten => value.push_str(&html[address]),
            HtmlTarget::Address(target) => value.push_str(&escaped(&target)),
            HtmlTarget::Attributes(attributes) => return attributes,
            HtmlTarget::Nothing => return String::new(),
        }
    }
    // What follows the last address: in `srcset`, its width.
    let rest = html[end..links[0].attribute.range().end].trim_end_matches(['"', '\'']);
    format!("{name}=\"{value}{rest}\"")
}

/// Returns the attributes of a link to a call to action, as scripts expect them. `None` if it is no longer offered.
pub fn cta_attributes(cta: &CtaView) -> Option<String> {
    if cta.url.is_empty() {
        return None;
    }
    let mut out = format!("href=\"{}\" data-lead-tag=\"{}\"", escaped(&cta.url), escaped(&cta.lead_tag));
    let mut add = |name: &str, value: &str| out.push_str(&format!(" data-{name}=\"{}\"", escaped(value)));
    if let Some(contact) = cta.contact.as_ref().filter(|contact| contact.by == "whatsapp") {
        add("codes", &contact.codes);
    }
    for own in &cta.own_urls {
        add(&format!("href-{}", own.channel), &own.url);
    }
    if let Some(until) = &cta.until {
        add("until", &until.instant);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn only_addresses_change() {
        let html = "<img alt=x srcset='a.png 1x, b.png 2x' src=c.png>";
        let link = |attribute: &str, address: &str, link| {
            let span = |part: &str| {
                let start = html.find(part).unwrap();
                Span::new(start, start + part.len())
            };
            HtmlLink { attribute: span(attribute), address: span(address), link }
        };
        let set = "srcset='a.png 1x, b.png 2x'";
        let links = [link(set, "a.png", 0), link(set, "b.png", 1), link("src=c.png", "c.png", 2)];
        let render = |targets: [fn() -> HtmlTarget; 3]| with_targets(html, &links, |link| targets[link]());
        let address: fn() -> HtmlTarget = || HtmlTarget::Address("/d?e=\"&f".to_owned());
        let as_written: fn() -> HtmlTarget = || HtmlTarget::AsWritten;
        let nothing: fn() -> HtmlTarget = || HtmlTarget::Nothing;
        assert_eq!(render([as_written; 3]), html);
        assert_eq!(
            render([as_written, address, address]),
            "<img alt=x srcset=\"a.png 1x, /d?e=&#34;&amp;f 2x\" src=\"/d?e=&#34;&amp;f\">"
        );
        assert_eq!(render([address, nothing, nothing]), "<img alt=x  >");
    }
}
