//! Reads the channels of a site, and reports visits that could belong to two of them.

use std::collections::HashMap;

use super::channel::{Channel, source_key};
use super::values::by_id;
use crate::diagnostics::Diagnostic;
use crate::model::slug::ById;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::{Node, YamlReader};

/// Reads `channels` of `site.yaml`. Overlapping channels are reported, and returned as well.
pub fn read(reader: &mut YamlReader, node: &Node) -> Option<ById<Channel>> {
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

fn report_overlaps(reader: &mut YamlReader, channels: &ById<Channel>) {
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
fn report_overlapping_hosts(reader: &mut YamlReader, channels: &ById<Channel>) {
    let hosts: Vec<(&Channel, &Located<String>)> =
        channels.values().flat_map(|channel| channel.referrers.iter().map(move |host| (channel, host))).collect();
    let names: Vec<&str> = hosts.iter().map(|(_, host)| host.value.as_str()).collect();
    for ((channel, host), overlapped) in hosts.iter().zip(first_overlaps(&names)) {
        if let Some(Overlapped { earlier, inner }) = overlapped {
            let (first, other) = hosts[earlier];
            overlap(reader, &format!("visits from `{inner}`"), (first, other.span), (channel, host.span));
        }
    }
}

/// The first of the hosts before another one that overlaps with it.
#[derive(Debug, PartialEq)]
struct Overlapped<'h> {
    /// Its index.
    earlier: usize,
    /// The one of both that is within the other.
    inner: &'h str,
}

/// Returns for each host what it overlaps with. Compares with the domains that a host is in, not with all hosts.
fn first_overlaps<'h>(hosts: &[&'h str]) -> Vec<Option<Overlapped<'h>>> {
    // The index of the first host with a name, and of the first host with this name or with a subdomain of it.
    let mut named: HashMap<&str, usize> = HashMap::new();
    let mut within: HashMap<&str, usize> = HashMap::new();
    let overlaps = hosts.iter().enumerate().map(|(index, &host)| {
        let outer = with_parents(host).filter_map(|outer| named.get(outer)).min().copied();
        let earlier = outer.into_iter().chain(within.get(host).copied()).min();
        named.entry(host).or_insert(index);
        for outer in with_parents(host) {
            within.entry(outer).or_insert(index);
        }
        earlier.map(|earlier| Overlapped { earlier, inner: if outer == Some(earlier) { host } else { hosts[earlier] } })
    });
    overlaps.collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Compares each host with all hosts before it.
    fn compared_with_all<'h>(hosts: &[&'h str]) -> Vec<Option<Overlapped<'h>>> {
        let is_within = |inner: &str, outer: &str| inner == outer || inner.ends_with(&format!(".{outer}"));
        let overlaps = hosts.iter().enumerate().map(|(index, &host)| {
            let earlier = hosts[..index].iter().position(|other| is_within(host, other) || is_within(other, host))?;
            let inner = if is_within(host, hosts[earlier]) { host } else { hosts[earlier] };
            Some(Overlapped { earlier, inner })
        });
        overlaps.collect()
    }

    proptest! {
        #[test]
        fn overlap_is_with_the_first_host_that_is_within_or_around(
            hosts in prop::collection::vec("([ab]{1,2}\\.){0,3}[ab]", 0..12),
        ) {
            let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
            prop_assert_eq!(first_overlaps(&hosts), compared_with_all(&hosts));
        }
    }
}
