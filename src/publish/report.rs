//! What a publish does or did, as text, JSON and Markdown.

use serde::{Serialize, Serializer};

use super::Job;
use super::class::Audience;
use super::manifest::{FileKey, HIDDEN};
use super::plan::Plan;
use crate::diagnostics::count;
use crate::printer::{self, ListStyle, MARKDOWN_LIST, ResultFormat, TerminalText};

/// Files that the text shows of each kind. JSON and Markdown show more.
const MAX_LINES: usize = 20;
const MAX_MARKDOWN_LINES: usize = 200;
const TEXT_LIST: ListStyle = ListStyle { item: "", quote: str::to_owned };

/// A planned or finished publish to one place.
#[derive(Debug, Serialize)]
pub struct PlaceReport {
    pub place: String,
    /// `site` or `desk`.
    pub content: &'static str,
    /// All new files. Files that are not public have no name in any format.
    #[serde(serialize_with = "public_names")]
    pub new: Vec<String>,
    #[serde(serialize_with = "public_names")]
    pub changed: Vec<String>,
    /// Deleted now. Files that are not public have no name here.
    pub deleted: Vec<String>,
    /// Gone from the site since the last publish, those included that stay for some days.
    pub removed: usize,
    /// Files that are gone and stay for some days.
    pub kept: usize,
    pub unchanged: usize,
    pub bytes: u64,
    pub requests: usize,
    pub release: Option<String>,
    pub notes: Vec<String>,
    /// Why a dry run that is carried out would be refused.
    pub refusal: Option<String>,
    /// False for a dry run, and if nothing had to be done.
    pub is_done: bool,
    /// Paths of pages and files that were removed, for purging caches.
    #[serde(skip)]
    pub gone: Vec<String>,
}

/// A publish to a target.
#[derive(Debug, Serialize)]
pub struct PublishReport {
    version: u32,
    r#type: &'static str,
    pub target: String,
    pub dry_run: bool,
    pub places: Vec<PlaceReport>,
}

impl PlaceReport {
    pub(super) fn new(job: &Job, plan: &Plan) -> PlaceReport {
        let names = |is_new: bool| {
            let puts = plan.puts.iter().filter(move |put| put.is_new == is_new);
            puts.map(|put| put.file.path.clone()).collect()
        };
        let gone = plan.newly_gone.iter().filter_map(|key| match key {
            FileKey::Path(path) => Some(path.to_string()),
            FileKey::Hidden(_) => None,
        });
        PlaceReport {
            place: job.to.to_string(),
            content: if job.audience == Audience::Public { "site" } else { "desk" },
            new: names(true),
            changed: names(false),
            deleted: plan.deletes.iter().map(FileKey::shown).collect(),
            removed: plan.newly_gone.len(),
            kept: plan.kept,
            unchanged: plan.unchanged,
            bytes: plan.bytes(),
            requests: 0,
            release: None,
            notes: Vec::new(),
            refusal: plan.refusal.clone(),
            is_done: false,
            gone: gone.collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.deleted.is_empty() && self.removed == 0
    }

    /// Returns `2 new, 1 changed, 3 unchanged files`.
    fn counts(&self) -> String {
        let mut parts = Vec::new();
        for (number, what) in
            [(self.new.len(), "new"), (self.changed.len(), "changed"), (self.deleted.len(), "deleted")]
        {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        if self.kept > 0 {
            parts.push(format!("{} kept for pages that are still open", self.kept));
        }
        parts.push(format!("{} unchanged", self.unchanged));
        parts.join(", ")
    }
}

impl PublishReport {
    pub fn new(target: &str, dry_run: bool, places: Vec<PlaceReport>) -> PublishReport {
        PublishReport { version: 1, r#type: "publish", target: target.to_owned(), dry_run, places }
    }

    /// Returns the report with a line end at its end.
    pub fn print(&self, format: ResultFormat) -> TerminalText {
        printer::result(self, format, PublishReport::text, PublishReport::markdown)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for place in &self.places {
            if self.dry_run {
                for (mark, files) in [("+ ", &place.new), ("~ ", &place.changed), ("- ", &place.deleted)] {
                    let (public, hidden) = public(files);
                    text.push_str(&TEXT_LIST.entries(mark, &public, MAX_LINES));
                    text.push_str(&hidden.map(|hidden| format!("{mark}{hidden}\n")).unwrap_or_default());
                }
            }
            text.push_str(&self.sentence(place));
        }
        text
    }

    fn sentence(&self, place: &PlaceReport) -> String {
        let PlaceReport { place: name, content, .. } = place;
        let (counts, size) = (place.counts(), size(place.bytes));
        let requests =
            if place.requests > 0 { format!(", {}", count(place.requests, "request")) } else { String::new() };
        let release = place.release.as_ref().map(|release| format!(", release {release}")).unwrap_or_default();
        match (self.dry_run, place.is_done) {
            (true, _) => format!("would publish the {content} to {name}: {counts}; {size}{requests}\n"),
            (false, true) => format!("published the {content} to {name}: {counts}; {size}{requests}{release}\n"),
            (false, false) => format!("nothing changed: the {content} is published at {name}, {counts}{requests}\n"),
        }
    }

    fn markdown(&self) -> String {
        let verb = if self.dry_run { "Plan for" } else { "Published to" };
        let mut text = format!("## {verb} `{}`\n", self.target);
        for place in &self.places {
            text.push_str(&format!(
                "\n**{}** at `{}`: {}; {}\n",
                place.content,
                place.place,
                place.counts(),
                size(place.bytes)
            ));
            for (title, files) in [("New", &place.new), ("Changed", &place.changed), ("Deleted", &place.deleted)] {
                if files.is_empty() {
                    continue;
                }
                let (public, hidden) = public(files);
                text.push_str(&format!("\n<details><summary>{title}: {}</summary>\n\n", files.len()));
                text.push_str(&MARKDOWN_LIST.entries("", &public, MAX_MARKDOWN_LINES));
                text.push_str(&hidden.map(|hidden| format!("- {hidden}\n")).unwrap_or_default());
                text.push_str("\n</details>\n");
            }
        }
        text
    }
}

/// Returns the names of files that are public, and a text that counts the others. Logs and summaries of CI are public in a public
/// repository, and JSON is often printed there.
fn public(files: &[String]) -> (Vec<&str>, Option<String>) {
    let public: Vec<&str> = files.iter().map(String::as_str).filter(|name| !is_secret(name)).collect();
    let hidden = files.len() - public.len();
    let text =
        (hidden > 0).then(|| format!("not named here: {} behind forms or of thank-you pages", count(hidden, "file")));
    (public, text)
}

/// The names of files. A file that is not public has a description instead.
fn public_names<S: Serializer>(files: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(files.iter().map(|name| if is_secret(name) { HIDDEN } else { name }))
}

fn is_secret(name: &str) -> bool {
    name == HIDDEN || super::class::is_hidden(name)
}

/// Returns `1.2 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
