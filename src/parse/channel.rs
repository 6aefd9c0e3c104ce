//! `channels` of `site.yaml`: from their lines to [`Channel`]s of which no two can mean the same visit.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::shape::{self, Fields, Reader};
use super::yaml::Node;
use crate::diagnostics::{Diagnostic, list};
use crate::model::channel::{CLICK_IDS, Channel, source_key};
use crate::model::slug::Slug;
use crate::model::tag;
use crate::rules::Rule;
use crate::source::{Located, Span};

/// Reads all channels. Two that could both match are told, and stay.
pub fn channels(reader: &mut Reader, node: &Node) -> Option<IndexMap<Slug, Channel>> {
    let channels = shape::by_id(reader, node, "channel", channel)?;
    refuse_overlaps(reader, &channels);
    Some(channels)
}

fn channel(reader: &mut Reader, id: &Located<Slug>, node: &Node) -> Option<Channel> {
    let reserved = tag::is_reserved(&id.value);
    if reserved {
        let message = format!("`{}` always exists and is not declared", id.value);
        reader.error(Rule::ReservedChannel, id.span, message, "choose another id for this channel");
    }
    let mut fields = Fields::of(reader, node, "a channel")?;
    let label = fields.required(reader, "label", shape::text);
    let source = fields.required(reader, "source", shape::located_text);
    let medium = fields.required(reader, "medium", shape::located_text);
    let sources = fields.optional(reader, "sources", |reader, node| shape::list(reader, node, shape::located_text));
    let referrers = fields.optional(reader, "referrers", |reader, node| shape::list(reader, node, referrer));
    let click_ids = fields.optional(reader, "click_ids", |reader, node| shape::list(reader, node, click_id));
    let crm_source = fields.optional(reader, "crm_source", shape::located_text);
    fields.finish(reader);
    let channel = Channel {
        id: id.value.clone(),
        place: id.span,
        label: label?,
        source: source?,
        medium: medium?,
        sources: sources.unwrap_or_default(),
        referrers: referrers.unwrap_or_default(),
        click_ids: click_ids.unwrap_or_default(),
        crm_source,
    };
    (!reserved).then_some(channel)
}

/// A host, as browsers write it into `document.referrer`.
fn referrer(reader: &mut Reader, node: &Node) -> Option<Located<String>> {
    let written = shape::located_text(reader, node)?;
    let host = written.value.to_lowercase();
    let is_label = |label: &str| {
        let in_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(in_label) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.contains('.') && host.split('.').all(is_label) {
        return Some(Located { value: host, span: written.span });
    }
    let of_address = url::Url::parse(&host).or_else(|_| url::Url::parse(&format!("https://{host}")));
    let meant = of_address.ok().and_then(|url| url.host_str().map(str::to_owned));
    let meant = meant.filter(|host| host.contains('.') && host.split('.').all(is_label));
    let help = match meant {
        Some(host) => format!("write `{host}`"),
        None => "write it as in `linkedin.com`: its subdomains count, too".to_owned(),
    };
    let message = format!("`{}` is no host", written.value);
    reader.error_with_help(Rule::BadReferrer, written.span, message, "a host alone is expected here", help);
    None
}

fn click_id(reader: &mut Reader, node: &Node) -> Option<Located<&'static str>> {
    let written = shape::located_text(reader, node)?;
    let lower = written.value.to_lowercase();
    if let Some(known) = CLICK_IDS.into_iter().find(|known| *known == lower) {
        return Some(Located { value: known, span: written.span });
    }
    let diagnostic = Diagnostic::error(Rule::UnknownClickId, format!("there is no click id `{}`", written.value))
        .at(reader.source, written.span, "not a parameter that Tagline knows")
        .suggest(&lower, CLICK_IDS);
    let has_cure = !diagnostic.help.is_empty();
    reader.found.push(match has_cure {
        true => diagnostic,
        false => diagnostic.help(format!("the click ids are {}", list(CLICK_IDS))),
    });
    None
}

/// What a channel matches a visit by, but for hosts.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Claim {
    /// By [`source_key`].
    Source(String),
    Click(&'static str),
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Claim::Source(key) => write!(f, "visits with the source and medium `{}`", key.replace('|', "` and `")),
            Claim::Click(name) => write!(f, "visits with a `{name}`"),
        }
    }
}

fn refuse_overlaps(reader: &mut Reader, channels: &IndexMap<Slug, Channel>) {
    let mut taken: HashMap<Claim, (&Channel, Span)> = HashMap::new();
    for channel in channels.values() {
        let medium = &channel.medium.value;
        let sources =
            channel.all_sources().map(|source| (Claim::Source(source_key(&source.value, medium)), source.span));
        let clicks = channel.click_ids.iter().map(|id| (Claim::Click(id.value), id.span));
        for (claim, span) in sources.chain(clicks) {
            match taken.get(&claim) {
                Some(first) => overlap(reader, &claim.to_string(), *first, (channel, span)),
                None => {
                    taken.insert(claim, (channel, span));
                }
            }
        }
    }
    refuse_overlapping_hosts(reader, channels);
}

/// A host takes its subdomains along, so one within another overlaps, too.
fn refuse_overlapping_hosts(reader: &mut Reader, channels: &IndexMap<Slug, Channel>) {
    let hosts: Vec<(&Channel, &Located<String>)> =
        channels.values().flat_map(|channel| channel.referrers.iter().map(move |host| (channel, host))).collect();
    let is_within = |inner: &str, outer: &str| inner == outer || inner.ends_with(&format!(".{outer}"));
    for (index, (channel, host)) in hosts.iter().enumerate() {
        let earlier = hosts[..index]
            .iter()
            .find(|(_, other)| is_within(&host.value, &other.value) || is_within(&other.value, &host.value));
        if let Some((first, other)) = earlier {
            let inner = if is_within(&host.value, &other.value) { &host.value } else { &other.value };
            overlap(reader, &format!("visits from `{inner}`"), (first, other.span), (channel, host.span));
        }
    }
}

fn overlap(reader: &mut Reader, what: &str, first: (&Channel, Span), second: (&Channel, Span)) {
    let ((first, first_span), (second, second_span)) = (first, second);
    let message = match first.id == second.id {
        true => format!("`{}` names {what} twice", first.id),
        false => format!("{what} could be from `{}` or from `{}`", first.id, second.id),
    };
    reader.found.push(
        Diagnostic::error(Rule::ChannelOverlap, message)
            .at(reader.source, second_span, "this one")
            .at(reader.source, first_span, "and this one")
            .help("leave one of them out, so that every lead has one source"),
    );
}
