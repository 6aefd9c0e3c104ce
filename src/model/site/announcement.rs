//! `announcement` in `site.yaml`: a line at the top of every page, until a day.

use super::link::{LinkTarget, SiteLink, located_url};
use crate::model::date::When;
use crate::model::values::{DATE, WEB_URL, date, file_path};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::{PAGE, TEXT};
use crate::yaml::values::located_text;
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

#[derive(Debug)]
pub struct Announcement {
    pub text: Located<String>,
    /// Its label is the text.
    pub link: Option<SiteLink>,
    /// The last day, or a minute of it.
    pub ends: Option<Located<When>>,
}

pub static KEYS: Mapping = Mapping::new(
    "`announcement`",
    &[
        Key::required("text", TEXT, "One sentence."),
        Key::optional("page", PAGE, "The page that it leads to: `/spring-hiring/index.md`, optionally with `#anchor`. Until it is published, there is no announcement.")
            .rules(&[Rule::BrokenLink]),
        Key::optional("url", WEB_URL, "The address of another site that it leads to.").rules(&[Rule::BadUrl, Rule::UnsafeScheme]),
        Key::optional("ends", DATE, "The last day, in the site's time zone, or a minute of it: `2027-03-31 18:00`. Pages that are open then lose the announcement, too.")
            .rules(&[Rule::EndedAnnouncement]),
    ],
);

/// The keys in another language. The end is that of the main language.
pub static TRANSLATED_KEYS: Mapping = Mapping::new(
    "`announcement` of a language",
    &[
        Key::required("text", TEXT, "One sentence."),
        Key::optional("page", PAGE, "The page that it leads to, in this language if it has a translation.")
            .rules(&[Rule::BrokenLink]),
        Key::optional("url", WEB_URL, "The address of another site that it leads to.")
            .rules(&[Rule::BadUrl, Rule::UnsafeScheme]),
    ],
);

impl Announcement {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Announcement> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let ends = entries.read(reader, "ends", date);
        let announcement = read_text(reader, &mut entries);
        entries.finish(reader);
        Some(Announcement { ends, ..announcement? })
    }

    pub(super) fn read_translated(reader: &mut YamlReader, node: &Node) -> Option<Announcement> {
        let mut entries = Entries::of(reader, node, &TRANSLATED_KEYS)?;
        let announcement = read_text(reader, &mut entries);
        entries.finish(reader);
        announcement
    }
}

/// Reads the text and what it leads to.
fn read_text(reader: &mut YamlReader, entries: &mut Entries) -> Option<Announcement> {
    let text = entries.read(reader, "text", located_text);
    let page = entries.read(reader, "page", file_path);
    let url = entries.read(reader, "url", located_url);
    if let (Some(_), Some(url)) = (&page, &url) {
        let message = "an announcement leads to a `page` or a `url`";
        reader.error_with_help(Rule::DuplicateKey, url.span, message, "a second target", "remove one of the two");
    }
    let text = text?;
    let to = page.map(LinkTarget::Page).or(url.map(LinkTarget::Url));
    let link = to.map(|to| SiteLink { label: text.value.clone(), to });
    Some(Announcement { text, link, ends: None })
}
