//! The scripts of a built site, and the tags that load them. All pages share the same files, whose names contain a hash
//! of their content. What differs between pages is in the attributes of the tags.
//!
//! Tagline publishes the `.min.js` file of each script. `npm run scripts` in `tests/web/` makes it from the `.js` file,
//! and a test there checks that both agree.

mod arrival;
mod call;

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::json;

use crate::digest::digest;
use crate::html::escape::escaped;
use crate::html::tags::Element;
use crate::model::base_url::BaseUrl;
use crate::model::destination::Destination;
use crate::model::field::{FieldType, OwnField};
use crate::model::site::{Analytics, Matomo, SiteConfig};
use crate::model::site_path::{SitePath, THEME_FOLDER};
use crate::resolve::{Site, hashed_name};
use call::{call, expression};

const MEASURE: &str = include_str!("measure.min.js");
const ONWARD: &str = include_str!("onward.min.js");
const ENDS: &str = include_str!("ends.min.js");
const TIMES: &str = include_str!("times.min.js");
const SEND: &str = include_str!("send.min.js");
const GROUPS: &str = include_str!("groups.min.js");
const SPLIT: &str = include_str!("split.min.js");
const LANDED: &str = include_str!("landed.min.js");
const VERSIONS: &str = include_str!("versions.min.js");
const HUBSPOT: &str = include_str!("hubspot.min.js");

/// The scripts of a site.
pub struct Scripts {
    /// On every page: determines the visitor's channel, and loads the analytics.
    arrival: Script,
    /// On pages that have moved: redirects and keeps the query.
    onward: Script,
    /// On pages with an offer that ends: ends the offer at its minute.
    ends: Script,
    /// On pages with an event: shows its times as the visitor's clock has them.
    times: Script,
    /// On pages with a form: sends the form, and reports errors.
    send: Script,
    /// Where the versions that visitors got are kept.
    storage: &'static str,
}

struct Script {
    path: SitePath,
    /// Root-relative.
    url: String,
    bytes: Vec<u8>,
}

/// What a page passes to its scripts. Each text may contain marks of slots. Empty texts are omitted.
#[derive(Default)]
pub struct PageData<'a> {
    /// The channel of a channel page. Its mark is filled with an empty text on other pages.
    pub channel: String,
    pub campaign: &'a str,
    /// The channels whose pages are rendered separately.
    pub own_pages: String,
    /// On a thank-you page: the campaign and the call to action, as in the lead tag.
    pub thanks: String,
    pub versions: VersionData,
}

/// What a page with versions passes to its scripts.
#[derive(Default)]
pub struct VersionData {
    /// The versions, each with the per cent of new visitors up to and with it: `b50 c70`. Empty if visitors are not split.
    pub shares: String,
    /// The version that the page is. Empty if no visitors are split.
    pub version: String,
    /// The start of the addresses of the versions.
    pub start: String,
    /// What follows the version in an address, as a mark: the folder of a channel.
    pub end: String,
}

/// What the elements of a page need scripts for.
#[derive(Clone, Copy, Default)]
pub struct Features {
    /// Whether an offer ends: an element has `data-until`.
    ends: bool,
    /// Whether a form is sent by script: it has `data-send`.
    sends: bool,
    /// Whether an element has the time of an event: it has `data-starts`.
    has_times: bool,
}

impl Features {
    pub fn add(&mut self, element: &Element) {
        if element.attributes.is_empty() {
            return;
        }
        self.ends |= element.attribute("data-until").is_some();
        self.sends |= element.attribute("data-send").is_some();
        self.has_times |= element.attribute("data-starts").is_some();
    }
}

impl Scripts {
    /// Makes the scripts of a site. A preview has no analytics.
    pub fn of(site: &Site) -> Scripts {
        let config = &site.config;
        let measured = site.measured_by().map(|analytics| measure(site, analytics, config.requires_consent()));
        let storage = arrival::storage(config);
        let statements = [Some(arrival::script(site)), Some(kept_versions(site, storage)), measured];
        let arrival = statements.into_iter().flatten();
        let arrival = match site.has_splits() {
            // A page that is left for a version does nothing else.
            true => arrival
                .filter(|code| !code.is_empty())
                .fold(LANDED.to_owned(), |all, code| format!("{all}self.taglineMoved||{code}")),
            false => arrival.collect(),
        };
        let script = |name: &str, code: String| Script::new(name, code, &config.base_url);
        Scripts {
            arrival: script("arrival.js", arrival),
            onward: script("onward.js", ONWARD.to_owned()),
            ends: script("ends.js", ENDS.to_owned()),
            times: script("times.js", TIMES.to_owned()),
            send: script("send.js", send(config)),
            storage,
        }
    }

    /// Returns each file with its content.
    pub fn files(&self) -> impl Iterator<Item = (&SitePath, &[u8])> {
        let scripts = [&self.arrival, &self.onward, &self.ends, &self.times, &self.send];
        scripts.into_iter().map(|script| (&script.path, &*script.bytes))
    }

    /// Returns the tags of the scripts that a page needs, for the end of its head.
    pub fn tags(&self, page: &PageData, features: Features) -> String {
        let mut tags = String::with_capacity(256);
        let PageData { channel, campaign, own_pages, thanks, versions } = page;
        if !versions.shares.is_empty() {
            self.split_tag(&mut tags, versions);
        }
        // Writing to a string cannot fail.
        let _ = write!(tags, "<script src=\"{}\" defer", self.arrival.url);
        let of_page = [("channel", &**channel), ("campaign", campaign), ("own", own_pages), ("thanks", thanks)];
        let start = if self.storage.is_empty() { "" } else { &*versions.start };
        let version = if start.is_empty() { "" } else { &*versions.version };
        for (name, value) in of_page.into_iter().chain([("version", version), ("versions", start)]) {
            if !value.is_empty() {
                let _ = write!(tags, " data-{name}=\"{}\"", escaped(value));
            }
        }
        tags.push_str("></script>\n");
        let parts = [(&self.ends, features.ends), (&self.times, features.has_times), (&self.send, features.sends)];
        for (script, is_needed) in parts {
            if is_needed {
                let _ = writeln!(tags, "<script src=\"{}\" defer></script>", script.url);
            }
        }
        tags
    }

    /// Adds the script that sends visitors on to versions. It is inline, because it runs before the page is painted.
    fn split_tag(&self, tags: &mut String, versions: &VersionData) {
        let VersionData { shares, start, end, .. } = versions;
        let to = format!("{start}*/{end}");
        let _ = write!(tags, "<script data-shares=\"{}\" data-to=\"{}\"", escaped(shares), escaped(&to));
        if !self.storage.is_empty() {
            let _ = write!(tags, " data-keep=\"{}\"", self.storage);
        }
        let _ = writeln!(tags, ">{}</script>", inline_split());
    }

    /// Returns the inline scripts of a page.
    pub fn inline(page: &PageData) -> Option<&'static str> {
        (!page.versions.shares.is_empty()).then(inline_split)
    }

    /// Returns the tag that redirects from a page to a root-relative address, with the query.
    pub fn onward_tag(&self, to: &str) -> String {
        format!("<script src=\"{}\" data-to=\"{}\"></script>", self.onward.url, escaped(to))
    }
}

impl Script {
    fn new(name: &str, code: String, base_url: &BaseUrl) -> Script {
        let bytes = code.into_bytes();
        let file = hashed_name(name, &digest(&bytes));
        let path = SitePath::in_folder(THEME_FOLDER, &file).unwrap_or_else(|| panic!("`{file}` is not a file name"));
        Script { url: base_url.rooted(&path), path, bytes }
    }
}

fn measure(site: &Site, analytics: &Analytics, requires_consent: bool) -> String {
    let mut argument = match analytics {
        Analytics::Plausible(domain) => json!({ "plausible": domain }),
        Analytics::Ga4(id) => json!({ "ga4": id }),
        Analytics::Gtm(id) => json!({ "gtm": id }),
        Analytics::Matomo(Matomo { url, site }) => json!({ "matomo": url.to_string(), "number": site }),
    };
    if requires_consent {
        argument["requiresConsent"] = true.into();
    }
    call(&with_variants(MEASURE, &SENT_TAG, site), &argument.to_string())
}

/// The form of a sent lead tag, and its form where some have a variant.
const SENT_TAG: [(&str, &str); 1] =
    [("/^[a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+$/", "/^[a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+(_[a-z0-9-]+)?$/")];

/// Returns a script that reads lead tags, for a site whose lead tags may have a fourth part. The others have the shorter
/// script.
fn with_variants<'s>(script: &'s str, replacements: &[(&str, &str)], site: &Site) -> Cow<'s, str> {
    if !site.has_variants() {
        return script.into();
    }
    replacements.iter().fold(script.into(), |script, (from, to)| script.replace(from, to).into())
}

fn inline_split() -> &'static str {
    SPLIT.trim_end()
}

/// Returns the script that keeps the versions of visitors. Empty if nothing is kept, or if no visitors are split.
fn kept_versions(site: &Site, storage: &str) -> String {
    match !storage.is_empty() && site.has_splits() {
        true => call(VERSIONS, &json!(storage).to_string()),
        false => String::new(),
    }
}

/// Returns the sending script, with the code for HubSpot and for groups of boxes only if the site has such a destination
/// and such fields.
fn send(config: &SiteConfig) -> String {
    let has_hubspot = config.destinations.values().any(|destination| matches!(destination, Destination::Hubspot(_)));
    let others = if has_hubspot { format!("{{hubspot:{}}}", expression(HUBSPOT)) } else { "{}".to_owned() };
    let is_group = |field: &OwnField| matches!(field.field_type, FieldType::Choices(_));
    let groups = if config.fields.values().any(is_group) { call(GROUPS, "") } else { String::new() };
    call(SEND, &others) + &groups
}
