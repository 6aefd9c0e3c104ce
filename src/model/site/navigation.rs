//! `navigation` in `site.yaml`: the menu.

use crate::model::address::WebUrl;
use crate::model::values::{WEB_URL, file_path, web_url};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{PAGE, TEXT};
use crate::yaml::values::{list, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct NavigationItem {
    pub label: String,
    pub to: NavigationTarget,
}

#[derive(Debug)]
pub enum NavigationTarget {
    /// The file of a page, as the author wrote it, optionally with an anchor.
    Page(Located<String>),
    Url(Located<WebUrl>),
}

pub static KEYS: Mapping = Mapping::new(
    "an entry of the navigation",
    &[
        Key::required("label", TEXT, "The text of the entry."),
        Key::optional("page", PAGE, "A page in `content/`: `/articles/index.md`, optionally with `#anchor`.")
            .rules(&[Rule::BrokenLink]),
        Key::optional("url", WEB_URL, "The address of another site.").rules(&[Rule::BadUrl, Rule::UnsafeScheme]),
    ],
)
.one_of(&["page", "url"]);

const ENTRY: Shape = Shape::mapping(&KEYS);
pub const NAVIGATION: Shape = Shape::list("list of keys below", &ENTRY);

/// Reads `navigation`.
pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Vec<NavigationItem>> {
    list(reader, node, NavigationItem::read)
}

impl NavigationItem {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<NavigationItem> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let label = entries.read(reader, "label", text);
        let page = entries.read(reader, "page", file_path);
        let url = entries
            .read(reader, "url", |reader, node| Some(Located { value: web_url(reader, node)?, span: node.span }));
        let to = match entries.given()[..] {
            ["page"] => page.map(NavigationTarget::Page),
            ["url"] => url.map(NavigationTarget::Url),
            [] if reader.partial || entries.has_unknown_key() => None,
            _ => {
                let message = "an entry of the navigation leads to a `page` or a `url`";
                reader.error(Rule::MissingKey, entries.span, message, "exactly one of the two is expected here");
                None
            }
        };
        entries.finish(reader);
        Some(NavigationItem { label: label?, to: to? })
    }
}
