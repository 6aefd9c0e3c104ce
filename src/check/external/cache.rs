//! The results of earlier requests, in `.tagline/external.json`. Working and unverified links are cached for a day. Broken links
//! are not cached, because somebody may have fixed them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use url::Url;

use super::status::LinkStatus;
use crate::cache_dir;

const FILE: &str = "external.json";
/// The version of the file's format. A file with another version is ignored.
const VERSION: u32 = 2;
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Default, Serialize, Deserialize)]
pub struct Cache {
    version: u32,
    links: BTreeMap<String, CachedStatus>,
}

#[derive(Serialize, Deserialize)]
struct CachedStatus {
    /// In seconds since 1970.
    requested: u64,
    /// Why the link is unverified; left out for a working link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unverified: Option<String>,
}

impl Cache {
    /// Reads the results of the last day. If the file cannot be read, the cache is empty.
    pub fn read(root: &Path) -> Cache {
        let text = fs::read_to_string(cache_dir::path(root, FILE)).unwrap_or_default();
        let cache: Cache = serde_json::from_str(&text).unwrap_or_default();
        let now = now();
        // A time in the future comes from a wrong clock.
        let is_fresh = |cached: &CachedStatus| cached.requested <= now && now - cached.requested < MAX_AGE.as_secs();
        let links = match cache.version {
            VERSION => cache.links.into_iter().filter(|(_, cached)| is_fresh(cached)).collect(),
            _ => BTreeMap::new(),
        };
        Cache { version: VERSION, links }
    }

    pub fn status(&self, url: &Url) -> Option<LinkStatus> {
        let cached = self.links.get(url.as_str())?;
        Some(cached.unverified.clone().map_or(LinkStatus::Working, LinkStatus::Unverified))
    }

    /// Adds a result, unless it is cached already or the link is broken.
    pub fn add(&mut self, url: &Url, status: &LinkStatus) {
        let unverified = match status {
            LinkStatus::Working => None,
            LinkStatus::Unverified(why) => Some(why.clone()),
            LinkStatus::Broken(_) | LinkStatus::Skipped(_) => return,
        };
        self.links.entry(url.to_string()).or_insert_with(|| CachedStatus { requested: now(), unverified });
    }

    /// Writes the cache. If that fails, as in a read-only folder, the next run requests again; the results of this run are
    /// still reported.
    pub fn write(&self, root: &Path) {
        let Ok(text) = serde_json::to_string_pretty(self) else { return };
        let _ = cache_dir::store(root, &cache_dir::path(root, FILE), text.as_bytes());
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
