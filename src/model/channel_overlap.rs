//! Reads the channels of a site, and reports visits that could belong to two of them.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::channel::{Channel, source_key};
use super::values::by_id;
use crate::diagnostics::Diagnostic;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::{Node, YamlReader};

/// Reads `channels` of `site.yaml`. Overlapping channels are reported, and returned as well.
pub fn read(reader: &mut YamlReader, node: &Node) -> Option<IndexMap<Slug, Channel>> {
    let channels = by_id(reader, node, "channel", Channel::read)?;
    report_overlaps(reader, &channels);
    Some(channels)
}

/// A property of a visit that only one channel may match. Hosts are compared separately.
#[derive(Clone, PartialEq, Eq, Hash)]
enum VisitProperty {
    /// A [`source_key`].
    Source(String),
    Click(&'static str),
}

impl std::fmt::Display for VisitProperty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            VisitProperty::Source(key) => {
                write!(f, "visits with the source and medium `{}`", key.replace('|', "` and `"))
            }
            VisitProperty::Click(name) => write!(f, "visits with a `{name}`"),
        }
    }
}

fn report_overlaps(reader: &mut YamlReader, channels: &IndexMap<Slug, Channel>) {
    let mut claimed: HashMap<VisitProperty, (&Channel, Span)> = HashMap::new();
    for channel in channels.values() {
        let medium = &channel.medium.value;
        let sources =
            channel.all_sources().map(|source| (VisitProperty::Source(source_key(&source.value, medium)), source.span));
        let clicks = channel.click_ids.iter().map(|id| (VisitProperty::Click(id.value), id.span));
        for (property, span) in sources.chain(clicks) {
            match claimed.get(&property) {
                Some(first) => overlap(reader, &property.to_string(), *first, (channel, span)),
                None => {
                    claimed.insert(property, (channel, span));
                }
            }
        }
    }
    report_overlapping_hosts(reader, channels);
}

/// A host includes its subdomains, so a host and its subdomain overlap.
fn report_overlapping_hosts(reader: &mut YamlReader, channels: &IndexMap<Slug, Channel>) {
    let hosts: Vec<(&Channel, &Located<String>)> =
        channels.values().flat_map(|channel| channel.referrers.iter().map(move |host| (channel, host))).collect();
    // The indices of the first host with a name, and of the first host that is this name or a subdomain of it.
    let mut named: HashMap<&str, usize> = HashMap::new();
    let mut within: HashMap<&str, usize> = HashMap::new();
    for (index, (channel, host)) in hosts.iter().enumerate() {
        let name = host.value.as_str();
        let outer = with_parents(name).filter_map(|outer| named.get(outer)).min().copied();
        let inner = within.get(name).copied();
        if let Some(earlier) = outer.into_iter().chain(inner).min() {
            let (first, other) = hosts[earlier];
            let inner = if outer == Some(earlier) { name } else { &other.value };
            overlap(reader, &format!("visits from `{inner}`"), (first, other.span), (channel, host.span));
        }
        named.entry(name).or_insert(index);
        for outer in with_parents(name) {
            within.entry(outer).or_insert(index);
        }
    }
}

/// Returns a host and the domains that it is in: `a.b.example`, `b.example`, `example`.
fn with_parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent))
}

fn overlap(reader: &mut YamlReader, what: &str, first: (&Channel, Span), second: (&Channel, Span)) {
    let ((first, first_span), (second, second_span)) = (first, second);
    let message = match first.id == second.id {
        true => format!("`{}` names {what} twice", first.id),
        false => format!("{what} could be from `{}` or from `{}`", first.id, second.id),
    };
    reader.diagnostics.push(
        Diagnostic::error(Rule::ChannelOverlap, message)
            .at(reader.source, second_span, "this one")
            .at(reader.source, first_span, "and this one")
            .help("remove one of them, so that every lead has one source"),
    );
}
