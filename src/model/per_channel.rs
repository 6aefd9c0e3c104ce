//! `per_channel` of a page: what differs on the pages of single channels.

use super::values::{CAMPAIGN_CHANNEL, by_id};
use crate::model::slug::ById;
use crate::source::Located;
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// The values that differ on the page of one channel.
#[derive(Clone, Debug)]
pub struct PerChannel {
    pub title: Option<String>,
}

const CHANNEL_PAGE: Shape = Shape::mapping(&PER_CHANNEL_KEYS);
/// `per_channel` of a page.
pub const PER_CHANNEL: Shape = Shape::map("channel to keys below", &CAMPAIGN_CHANNEL, &CHANNEL_PAGE);

pub static PER_CHANNEL_KEYS: Mapping = Mapping::new(
    "a channel's own page",
    &[Key::optional("title", TEXT, "The title of this channel's page, for `<title>` and the `h1`.")],
);

/// Reads `per_channel`.
pub fn per_channel(reader: &mut YamlReader, node: &Node) -> Option<ById<Located<PerChannel>>> {
    by_id(reader, node, "channel", |reader, id, node| {
        let mut entries = Entries::of(reader, node, &PER_CHANNEL_KEYS)?;
        let title = entries.read(reader, "title", text);
        entries.finish(reader);
        Some(Located { value: PerChannel { title }, span: id.span })
    })
}
