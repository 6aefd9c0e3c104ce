//! The arrival script with the site's channels as its arguments.

use serde_json::{Map, Value, json};

use super::call::{call, object_literal};
use super::with_variants;
use crate::model::channel::{Arrivals, CLICK_IDS, Channel, GOOGLE_ADS_MARKS};
use crate::model::offer::summary_end;
use crate::model::site::{SiteConfig, Storage};
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::model::url_encoding::query_value;
use crate::resolve::Site;

const ARRIVAL: &str = include_str!("arrival.min.js");

/// Returns the arrival script, called with the arguments that `arrival.js` names: the channels; the channels by source
/// and medium, by click id and by host; the base path; where touches are stored; whether consent is required. Everybody can
/// read the script, so it names only the channels that are active today.
pub fn script(site: &Site) -> String {
    let config = &*site.config;
    let arrivals = active_arrivals(site);
    let sources = arrivals.sources.iter().map(|(source, channel)| entry(source, channel.as_str())).collect();
    let referrers = arrivals.referrers.iter().map(|(host, channel)| entry(host, channel.as_str())).collect();
    let arguments = [
        object_literal(channels(site)),
        object_literal(sources),
        object_literal(clicks(&arrivals)),
        object_literal(referrers),
        json!(config.base_url.rooted(&SitePath::home())).to_string(),
        json!(storage(config)).to_string(),
        json!(config.attribution.require_consent).to_string(),
    ];
    call(&with_variants(ARRIVAL, &PARTS_OF_TAGS, site), &arguments.join(","))
}

/// Returns the storage of touches, as scripts name it. Empty without one.
pub fn storage(config: &SiteConfig) -> &'static str {
    match config.attribution.storage {
        Storage::None => "",
        Storage::Session => "sessionStorage",
        Storage::Local => "localStorage",
    }
}

/// How the script reads lead tags, and how it does where some have a variant as their fourth part. A site without
/// variants has the script without them.
const PARTS_OF_TAGS: [(&str, &str); 2] = [
    (".split(\"_\").pop()", ".split(\"_\").slice(0,3).pop()"),
    ("/[^_]*$/:/(?<=_)direct$/", "/(?<=_[^_]*_)[^_]*/:/(?<=_[^_]*_)direct(?![^_])/"),
];

/// Returns each channel with the end of its `lead_summary`, its parameters as links have them, and the CRM's name for
/// it. The reserved channels have only the first.
fn channels(site: &Site) -> Map<String, Value> {
    let reserved = [tag::direct(), tag::other()];
    let reserved = reserved.iter().map(|channel| (channel.to_string(), json!([summary_end(channel, "")])));
    let active = site.config.channels.values().filter(|channel| site.active_channels.contains(&channel.id));
    reserved.chain(active.map(|channel| (channel.id.to_string(), facts(channel)))).collect()
}

/// Returns what arrivals mean, without channels that are not active. The others keep their meaning.
fn active_arrivals(site: &Site) -> Arrivals<'_> {
    let Arrivals { mut sources, mut clicks, mut referrers, google_ads } = Arrivals::of(&site.config.channels);
    let is_active = |channel: &Slug| site.active_channels.contains(channel);
    sources.retain(|_, channel| is_active(channel));
    clicks.retain(|_, channel| is_active(channel));
    referrers.retain(|_, channel| is_active(channel));
    Arrivals { sources, clicks, referrers, google_ads: google_ads.filter(|channel| is_active(channel)) }
}

fn facts(channel: &Channel) -> Value {
    let (source, medium) = (query_value(&channel.source.value), query_value(&channel.medium.value));
    let mut facts = vec![
        Value::from(summary_end(&channel.id, &channel.label)),
        Value::from(format!("utm_source={source}&utm_medium={medium}&")),
    ];
    facts.extend(channel.crm_source.as_ref().map(|crm_source| Value::from(crm_source.value.as_str())));
    Value::from(facts)
}

/// Returns each click id and each mark of Google Ads with its channel, or an empty text. The script uses the first one that it
/// finds in an address, so those with a channel come first, and click ids before marks.
fn clicks(arrivals: &Arrivals) -> Map<String, Value> {
    let ids = CLICK_IDS.map(|id| (id, arrivals.clicks.get(id).copied()));
    let marks = GOOGLE_ADS_MARKS.map(|mark| (mark, arrivals.google_ads));
    let (claimed, others): (Vec<_>, Vec<_>) = ids.into_iter().chain(marks).partition(|(_, channel)| channel.is_some());
    claimed.into_iter().chain(others).map(|(name, channel)| entry(name, channel.map_or("", Slug::as_str))).collect()
}

fn entry(key: &str, channel: &str) -> (String, Value) {
    (key.to_owned(), Value::from(channel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_has_each_place_that_reads_lead_tags_once() {
        for (written, _) in PARTS_OF_TAGS {
            assert_eq!(ARRIVAL.matches(written).count(), 1, "{written}");
        }
    }
}
