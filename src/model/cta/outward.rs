//! Reads addresses to which Tagline adds the lead tag.

use crate::model::address::OutwardUrl;
use crate::model::values::outward_url;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::{Node, YamlReader};

pub(super) fn url(reader: &mut YamlReader, node: &Node) -> Option<Located<OutwardUrl>> {
    let url = outward_url(reader, node)?;
    accepts_lead_tag(reader, &url, node.span).then_some(Located { value: url, span: node.span })
}

/// Reports an address that sets `utm_content`, and returns false for it.
pub(super) fn accepts_lead_tag(reader: &mut YamlReader, url: &OutwardUrl, span: Span) -> bool {
    let is_taken = url.web().is_some_and(|url| url.has_parameter("utm_content"));
    if is_taken {
        let message = "this address sets `utm_content` itself";
        let help = "leave `utm_content` out: Tagline puts the lead tag there";
        reader.error_with_help(Rule::ReservedUtmContent, span, message, "reserved for the lead tag", help);
    }
    !is_taken
}
