//! What addresses answered, kept below `.tagline/` in the site: good answers and unclear ones for a day. A dead address
//! is asked again each time, for somebody may have mended it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use url::Url;

use super::Answer;
use crate::cache_dir;

const FILE: &str = "external.json";
/// The number of the file's form; another one is as good as none.
const VERSION: u32 = 1;
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Default, Serialize, Deserialize)]
pub struct Cache {
    version: u32,
    answers: BTreeMap<String, Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// In seconds since 1970.
    asked: u64,
    /// Why it is unclear; left out where it was good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unclear: Option<String>,
}

impl Cache {
    /// Reads what is not too old. A cache that cannot be read is none: everything is asked again.
    pub fn read(root: &Path) -> Cache {
        let text = fs::read_to_string(cache_dir::path(root, FILE)).unwrap_or_default();
        let cache: Cache = serde_json::from_str(&text).unwrap_or_default();
        let now = now();
        // What comes from the future has been asked by a clock that was wrong.
        let is_fresh = |cache_dir: &Kept| cache_dir.asked <= now && now - cache_dir.asked < MAX_AGE.as_secs();
        let answers = match cache.version {
            VERSION => cache.answers.into_iter().filter(|(_, cache_dir)| is_fresh(cache_dir)).collect(),
            _ => BTreeMap::new(),
        };
        Cache { version: VERSION, answers }
    }

    pub fn answer(&self, url: &Url) -> Option<Answer> {
        let cache_dir = self.answers.get(url.as_str())?;
        Some(cache_dir.unclear.clone().map_or(Answer::Good, Answer::Unclear))
    }

    /// Keeps an answer, unless it is kept already or is one that may change at any moment.
    pub fn keep(&mut self, url: &Url, answer: &Answer) {
        let unclear = match answer {
            Answer::Good => None,
            Answer::Unclear(why) => Some(why.clone()),
            Answer::Dead(_) => return,
        };
        self.answers.entry(url.to_string()).or_insert_with(|| Kept { asked: now(), unclear });
    }

    /// Writes the cache. Where that fails, as in a folder that cannot be written, the next run asks again: no reason to
    /// lose what was found out now.
    pub fn write(&self, root: &Path) {
        let Ok(text) = serde_json::to_string_pretty(self) else { return };
        let _ = cache_dir::store(root, &cache_dir::path(root, FILE), text.as_bytes());
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
