//! The scripts of a built site, and the tags by which pages load them. Each script is one file for all pages, named by its
//! content. Data that differs between pages is in the attributes of the tag.
//!
//! The published file is the `.min.js` beside each `.js`. `npm run scripts` in `tests/web/` minifies the scripts, and a
//! test there compares both.

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
    /// Finds the visitor's channel and loads the site's analytics. On every page.
    arrival: Script,
    /// Redirects and keeps the query. On redirect pages.
    onward: Script,
    /// Disables offers at their end. On pages with an offer that ends.
    ends: Script,
    /// Sends forms and shows failures. On pages with a form.
    send: Script,
}

struct Script {
    path: SitePath,
    /// Root-relative.
    url: String,
    bytes: Vec<u8>,
}

/// The data that a page passes to its scripts. Each text may contain marks of slots. Empty texts are left out.
#[derive(Default)]
pub struct PageData<'a> {
    /// The channel of a channel page. On other pages it is empty, or a mark that is filled with nothing.
    pub channel: String,
    pub campaign: &'a str,
    /// The channels whose pages differ from this one in more than slots.
    pub own_pages: String,
    /// On a thank-you page: the campaign and the call to action, as they begin a lead tag.
    pub thanks: String,
}

impl Scripts {
    /// Returns the scripts of a site. In a preview they have no analytics.
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

    /// Returns the path and content of each file.
    pub fn files(&self) -> impl Iterator<Item = (&SitePath, &[u8])> {
        [&self.arrival, &self.onward, &self.ends, &self.send].into_iter().map(|script| (&script.path, &*script.bytes))
    }

    /// Adds the tags of the scripts that a rendered page needs at the end of its head.
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
        // For a page without `</head>`, browsers add a head in front of the body.
        let at = html.find("</head>").or_else(|| html.find("<body")).unwrap_or(html.len());
        format!("{}{tags}{}", &html[..at], &html[at..])
    }

    /// Returns the tag that redirects to a root-relative address.
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

/// Returns the arrival script with a call. The arguments are:
///
/// 1. the channels, each with the end of its `lead_summary`, its link parameters, and its name in the CRM;
/// 2. channels by source and medium, 3. by click id (empty for a click id of no channel), 4. by host of the referrer;
/// 5. the site's path; 6. the storage for touches; 7. whether storing requires consent.
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
    // The script uses the first click id in an address, so the click ids of channels come first.
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

/// Returns the script for forms, with the code that only some destinations need.
fn send(config: &SiteConfig) -> String {
    let has_hubspot = config.destinations.values().any(|destination| matches!(destination, Destination::Hubspot(_)));
    let others = if has_hubspot { format!("{{hubspot:{}}}", expression(HUBSPOT)) } else { "{}".to_owned() };
    called(SEND, &others)
}

/// Returns a script that consists of one function and its call.
fn called(function: &str, arguments: &str) -> String {
    format!("({})({arguments});\n", expression(function))
}

fn expression(function: &str) -> &str {
    function.trim_end().trim_end_matches(';')
}

/// Returns a JavaScript object literal. Its prototype is `null`, so that it has no inherited names such as `constructor`.
/// `<` and the line separators that JSON allows are escaped, in case the script is put inline into a page.
fn literal(mut map: Map<String, Value>) -> String {
    map.insert("__proto__".to_owned(), Value::Null);
    let text = Value::from(map).to_string();
    text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
