//! The scripts of a built site, and the tags by which pages load them. Each is one file for all pages, named by its
//! content; what differs from page to page stands in the tag.
//!
//! Beside each `.js` lies its `.min.js`, which is what is published. `npm run scripts` in `tests/web/` makes the second of
//! the first, and a test there holds them together.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::digest::digest;
use crate::html::escape::escaped;
use crate::model::address::{BaseUrl, SitePath, THEME_FOLDER, query_value};
use crate::model::channel::{Arrivals, CLICK_IDS};
use crate::model::destination::Destination;
use crate::model::site::{Analytics, SiteConfig, Storage};
use crate::model::tag;
use crate::resolve::{Site, hashed_name};

const ARRIVAL: &str = include_str!("arrival.min.js");
const MEASURE: &str = include_str!("measure.min.js");
const ONWARD: &str = include_str!("onward.min.js");
const ENDS: &str = include_str!("ends.min.js");
const SEND: &str = include_str!("send.min.js");
const HUBSPOT: &str = include_str!("hubspot.min.js");

/// The scripts of a site.
pub struct Scripts {
    /// Tells where visitors come from, and measures where the site has analytics: on every page.
    arrival: Script,
    /// Leads on from a page that has moved, and takes the query along.
    onward: Script,
    /// Ends offers in their minute: on pages with an offer that has an end.
    ends: Script,
    /// Sends forms and says when that failed: on pages with a form.
    send: Script,
}

struct Script {
    path: SitePath,
    /// Root-relative.
    url: String,
    bytes: Vec<u8>,
}

/// What a page tells its scripts. Each text may be a mark of a slot; empty ones are left out.
#[derive(Default)]
pub struct PageData<'a> {
    /// The channel of a channel page, else empty once filled.
    pub channel: String,
    pub campaign: &'a str,
    /// The channels whose own pages differ from this one in more than their lead tags.
    pub own_pages: String,
    /// On a thank-you page: the campaign and the call to action, as a lead tag begins with them.
    pub thanks: String,
}

impl Scripts {
    /// Those of a site; without its analytics where visits are none, as those of a preview.
    pub fn of(site: &Site) -> Scripts {
        let config = &site.config;
        let arrival = arrival(config) + &site.measured_by().map(measure).unwrap_or_default();
        let script = |name: &str, code: String| Script::new(name, code, &config.base_url);
        Scripts {
            arrival: script("arrival.js", arrival),
            onward: script("onward.js", ONWARD.to_owned()),
            ends: script("ends.js", ENDS.to_owned()),
            send: script("send.js", send(config)),
        }
    }

    /// Each file with its content.
    pub fn files(&self) -> impl Iterator<Item = (&SitePath, &[u8])> {
        [&self.arrival, &self.onward, &self.ends, &self.send].into_iter().map(|script| (&script.path, &*script.bytes))
    }

    /// A drawn page with the tags of the scripts that it needs, at the end of its head.
    pub fn add_to(&self, html: &str, page: &PageData) -> String {
        let mut tags = String::new();
        // Writing to a string cannot fail.
        let _ = write!(tags, "<script src=\"{}\" defer", self.arrival.url);
        let PageData { channel, campaign, own_pages, thanks } = page;
        for (name, value) in [("channel", &**channel), ("campaign", campaign), ("own", own_pages), ("thanks", thanks)] {
            if !value.is_empty() {
                let _ = write!(tags, " data-{name}=\"{}\"", escaped(value));
            }
        }
        tags.push_str("></script>\n");
        for (script, mark) in [(&self.ends, "data-until="), (&self.send, "data-send=")] {
            if html.contains(mark) {
                let _ = writeln!(tags, "<script src=\"{}\" defer></script>", script.url);
            }
        }
        // A page without a head has one all the same to a browser, before anything else.
        let at = html.find("</head>").or_else(|| html.find("<body")).unwrap_or(html.len());
        format!("{}{tags}{}", &html[..at], &html[at..])
    }

    /// The tag that leads on from a page to a root-relative address, query and all.
    pub fn onward_tag(&self, to: &str) -> String {
        format!("<script src=\"{}\" data-to=\"{}\"></script>", self.onward.url, escaped(to))
    }
}

impl Script {
    fn new(name: &str, code: String, base_url: &BaseUrl) -> Script {
        let bytes = code.into_bytes();
        let file = hashed_name(name, &digest(&bytes));
        let path = SitePath::home().page(THEME_FOLDER).below(&file);
        Script { url: base_url.rooted(&path), path, bytes }
    }
}

/// The arrival script, called with the site's table: the channels with their label as `lead_summary` ends, their
/// parameters as a link has them, and what the CRM calls them; then the channels by source and medium, by click id
/// (none for those of no channel) and by host; the path of the site; where it keeps touches; whether it asks first.
fn arrival(config: &SiteConfig) -> String {
    let arrivals = Arrivals::of(&config.channels);
    let mut channels = Map::new();
    for reserved in [tag::DIRECT, tag::OTHER] {
        channels.insert(reserved.to_owned(), json!([format!(", {reserved}")]));
    }
    for channel in config.channels.values() {
        let (source, medium) = (query_value(&channel.source.value), query_value(&channel.medium.value));
        let mut facts = vec![
            Value::from(format!(", via {}", channel.label)),
            Value::from(format!("utm_source={source}&utm_medium={medium}&")),
        ];
        facts.extend(channel.crm_source.as_ref().map(|crm| Value::from(crm.value.as_str())));
        channels.insert(channel.id.to_string(), Value::from(facts));
    }
    // The first that an address has counts, so those of channels stand before the others.
    let (claimed, others): (Vec<&str>, Vec<&str>) = CLICK_IDS.iter().partition(|id| arrivals.clicks.contains_key(**id));
    let clicks = claimed.into_iter().chain(others);
    let clicks =
        clicks.map(|id| (id.to_owned(), json!(arrivals.clicks.get(id).map_or("", |channel| channel.as_str()))));
    let by = |(key, channel): (String, &crate::model::slug::Slug)| (key, Value::from(channel.as_str()));
    let arguments = [
        literal(channels),
        literal(arrivals.sources.into_iter().map(by).collect()),
        literal(clicks.collect()),
        literal(arrivals.referrers.into_iter().map(|(host, id)| by((host.to_owned(), id))).collect()),
        json!(config.base_url.rooted(&SitePath::home())).to_string(),
        json!(match config.attribution.storage {
            Storage::None => "",
            Storage::Session => "sessionStorage",
            Storage::Local => "localStorage",
        })
        .to_string(),
        json!(config.attribution.require_consent).to_string(),
    ];
    called(ARRIVAL, &arguments.join(","))
}

fn measure(analytics: &Analytics) -> String {
    let named = match analytics {
        Analytics::Plausible(domain) => json!({ "plausible": domain }),
        Analytics::Gtm(id) => json!({ "gtm": id }),
    };
    called(MEASURE, &named.to_string())
}

/// The sending script with the ways that only some of the site's destinations need.
fn send(config: &SiteConfig) -> String {
    let has_hubspot = config.destinations.values().any(|destination| matches!(destination, Destination::Hubspot(_)));
    let others = if has_hubspot { format!("{{hubspot:{}}}", expression(HUBSPOT)) } else { "{}".to_owned() };
    called(SEND, &others)
}

/// A script that is one function, with its call.
fn called(function: &str, arguments: &str) -> String {
    format!("({})({arguments});\n", expression(function))
}

fn expression(function: &str) -> &str {
    function.trim_end().trim_end_matches(';')
}

/// An object of JavaScript without the names that every object has, such as `constructor`: `__proto__` in an object literal
/// is its prototype. `<` and the line ends that JSON allows in texts are escaped, whoever may put the file into a page.
fn literal(mut map: Map<String, Value>) -> String {
    map.insert("__proto__".to_owned(), Value::Null);
    let text = Value::from(map).to_string();
    text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
