//! A link of `site.yaml`, in `navigation` and `footer`.

use crate::model::address::WebUrl;
use crate::model::values::{WEB_URL, file_path, web_url};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{PAGE, TEXT};
use crate::yaml::values::{list, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct SiteLink {
    pub label: String,
    pub to: LinkTarget,
}

#[derive(Debug)]
pub enum LinkTarget {
    /// The file of a page, as the author wrote it, optionally with an anchor.
    Page(Located<String>),
    Url(Located<WebUrl>),
}

pub static KEYS: Mapping = Mapping::new(
    "a link",
    &[
        Key::required("label", TEXT, "The text of the link."),
        Key::optional("page", PAGE, "A page in `content/`: `/articles/index.md`, optionally with `#anchor`.")
            .rules(&[Rule::BrokenLink]),
        Key::optional("url", WEB_URL, "The address of another site.").rules(&[Rule::BadUrl, Rule::UnsafeScheme]),
    ],
)
.one_of(&["page", "url"]);

const LINK: Shape = Shape::mapping(&KEYS);
pub const LINKS: Shape = Shape::list("list of links", &LINK);

/// Reads a list of links.
pub(super) fn read_all(reader: &mut YamlReader, node: &Node) -> Option<Vec<SiteLink>> {
    list(reader, node, SiteLink::read)
}

impl SiteLink {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<SiteLink> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let label = entries.read(reader, "label", text);
        let page = entries.read(reader, "page", file_path);
        let url = entries.read(reader, "url", located_url);
        let to = match entries.given()[..] {
            ["page"] => page.map(LinkTarget::Page),
            ["url"] => url.map(LinkTarget::Url),
            [] if reader.partial || entries.has_unknown_key() => None,
            _ => {
                let message = "a link leads to a `page` or a `url`";
                reader.error(Rule::MissingKey, entries.span, message, "exactly one of the two is expected here");
                None
            }
        };
        entries.finish(reader);
        Some(SiteLink { label: label?, to: to? })
    }
}

/// Reads an https or http address with its place.
pub(super) fn located_url(reader: &mut YamlReader, node: &Node) -> Option<Located<WebUrl>> {
    Some(Located { value: web_url(reader, node)?, span: node.span })
}
