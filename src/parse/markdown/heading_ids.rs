//! The ids of a page's headings: unique, and never one that Tagline or a theme uses.

use std::collections::{HashMap, HashSet};

/// The heading ids of a page so far.
#[derive(Default)]
pub struct HeadingIds {
    taken: HashSet<String>,
    /// The number of requests for an id, so that the hundredth `plans` does not try 99 ids.
    requests: HashMap<String, usize>,
}

impl HeadingIds {
    /// Records an id. Returns `false` if another heading has it already.
    pub fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    /// Returns an id that no other heading has and that is not reserved, from the slug of a heading's text.
    pub fn free(&mut self, slug: &str) -> String {
        let base = match slug {
            "" => "section".to_owned(),
            own if is_reserved(own) => format!("section-{own}"),
            free => free.to_owned(),
        };
        let count = self.requests.entry(base.clone()).or_insert(0);
        loop {
            *count += 1;
            let id = if *count == 1 { base.clone() } else { format!("{base}-{count}") };
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Returns true if an id is reserved for cards, form fields and footnotes, or for themes, whose ids contain a `_`.
pub fn is_reserved(id: &str) -> bool {
    ["cta-", "fn-", "fnref-"].iter().any(|prefix| id.starts_with(prefix)) || id.contains('_')
}
