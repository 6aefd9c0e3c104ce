//! `footer` in `site.yaml`: columns of links, legal pages, social profiles and the address.

use super::link::{LINKS, SiteLink, located_url, read_all};
use crate::model::address::WebUrl;
use crate::model::values::WEB_URL;
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::TEXT;
use crate::yaml::values::{list, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug, Default)]
pub struct Footer {
    pub columns: Vec<FooterColumn>,
    /// Imprint, privacy and the like.
    pub legal: Vec<SiteLink>,
    /// In the order of [`SOCIAL_KEYS`].
    pub social: Vec<SocialProfile>,
    /// The postal address, with its line breaks.
    pub address: Option<String>,
}

#[derive(Debug)]
pub struct FooterColumn {
    pub title: String,
    pub links: Vec<SiteLink>,
}

#[derive(Debug)]
pub struct SocialProfile {
    /// The name of the network, for people: `LinkedIn`.
    pub name: &'static str,
    pub url: Located<WebUrl>,
}

pub static KEYS: Mapping = Mapping::new(
    "`footer`",
    &[
        Key::optional("columns", COLUMNS, "Links in columns, each with a title."),
        Key::optional("legal", LINKS, "Links to the imprint, the privacy page and the like, in one line."),
        Key::optional("social", Shape::mapping(&SOCIAL_KEYS), "The profiles of the organization."),
        Key::optional("address", TEXT, "The postal address. Line breaks remain."),
    ],
);

pub static COLUMN_KEYS: Mapping = Mapping::new(
    "a column of the footer",
    &[
        Key::required("title", TEXT, "The heading of the column."),
        Key::required("links", LINKS, "The links, in order."),
    ],
);

const COLUMN: Shape = Shape::mapping(&COLUMN_KEYS);
const COLUMNS: Shape = Shape::list("list of columns", &COLUMN);

pub static SOCIAL_KEYS: Mapping = Mapping::new(
    "`social`",
    &[
        profile("bluesky"),
        profile("facebook"),
        profile("github"),
        profile("instagram"),
        profile("linkedin"),
        profile("mastodon"),
        profile("pinterest"),
        profile("telegram"),
        profile("threads"),
        profile("tiktok"),
        profile("x"),
        profile("xing"),
        profile("youtube"),
    ],
);

/// The names of the networks, by their keys.
const NETWORKS: [(&str, &str); 13] = [
    ("bluesky", "Bluesky"),
    ("facebook", "Facebook"),
    ("github", "GitHub"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("mastodon", "Mastodon"),
    ("pinterest", "Pinterest"),
    ("telegram", "Telegram"),
    ("threads", "Threads"),
    ("tiktok", "TikTok"),
    ("x", "X"),
    ("xing", "XING"),
    ("youtube", "YouTube"),
];

const fn profile(key: &'static str) -> Key {
    Key::optional(key, WEB_URL, "The address of the profile.").rules(&[Rule::BadUrl, Rule::UnsafeScheme])
}

impl Footer {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Footer> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let columns = entries.read(reader, "columns", |reader, node| list(reader, node, FooterColumn::read));
        let legal = entries.read(reader, "legal", read_all);
        let social = entries.read(reader, "social", read_social);
        let address = entries.read(reader, "address", text);
        entries.finish(reader);
        Some(Footer {
            columns: columns.unwrap_or_default(),
            legal: legal.unwrap_or_default(),
            social: social.unwrap_or_default(),
            address,
        })
    }

    /// Returns all links to pages and other sites, in the order of the footer.
    pub fn links(&self) -> impl Iterator<Item = &SiteLink> {
        self.columns.iter().flat_map(|column| &column.links).chain(&self.legal)
    }
}

impl FooterColumn {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<FooterColumn> {
        let mut entries = Entries::of(reader, node, &COLUMN_KEYS)?;
        let title = entries.read(reader, "title", text);
        let links = entries.read(reader, "links", read_all);
        entries.finish(reader);
        Some(FooterColumn { title: title?, links: links? })
    }
}

fn read_social(reader: &mut YamlReader, node: &Node) -> Option<Vec<SocialProfile>> {
    let mut entries = Entries::of(reader, node, &SOCIAL_KEYS)?;
    let profiles = NETWORKS.into_iter().filter_map(|(key, name)| {
        let url = entries.read(reader, key, located_url)?;
        Some(SocialProfile { name, url })
    });
    let profiles = profiles.collect();
    entries.finish(reader);
    Some(profiles)
}
