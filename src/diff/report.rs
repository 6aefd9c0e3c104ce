//! The differences as text, JSON and Markdown.

use super::Diff;
use super::page::PageChange;
use crate::diagnostics::count;
use crate::printer::{self, ListStyle, MARKDOWN_LIST, ResultFormat, TerminalText};
use crate::publish::verify;

/// Entries of each list in text and Markdown. JSON has all.
const MAX_ENTRIES: usize = 30;
/// Entries of each list of one page.
const MAX_OF_PAGE: usize = 8;

impl Diff {
    /// Returns the differences with a line end at the end.
    pub fn print(&self, format: ResultFormat) -> TerminalText {
        printer::result(self, format, |diff| diff.written(&TEXT), |diff| diff.written(&MARKDOWN))
    }

    fn written(&self, style: &Style) -> String {
        let mut text = format!("{}{}\n", style.title, self.sentence());
        for (title, mark, list) in
            [("Lead tags opened", "+ ", &self.lead_tags_opened), ("Lead tags closed", "- ", &self.lead_tags_closed)]
        {
            style.list(&mut text, title, mark, list);
        }
        style.list(&mut text, "Pages added", "+ ", &addresses(&self.pages_added));
        style.list(&mut text, "Pages removed", "- ", &addresses(&self.pages_removed));
        for change in self.pages_changed.iter().take(MAX_ENTRIES) {
            style.page(&mut text, change);
        }
        if self.pages_changed.len() > MAX_ENTRIES {
            text.push_str(&format!("\n… and {} more pages\n", self.pages_changed.len() - MAX_ENTRIES));
        }
        style.list(&mut text, "Files added", "+ ", &self.files_added);
        style.list(&mut text, "Files removed", "- ", &self.files_removed);
        style.list(&mut text, "Files changed", "~ ", &self.files_changed);
        text
    }

    /// Returns `2 pages added, 1 changed; 4 lead tags opened, against https://kazi.co.ke/`.
    fn sentence(&self) -> String {
        let against = &self.against;
        if self.is_empty() {
            return format!("no difference from {against}");
        }
        let mut parts = Vec::new();
        for (number, singular, verb) in [
            (self.pages_added.len(), "page", "added"),
            (self.pages_removed.len(), "page", "removed"),
            (self.pages_changed.len(), "page", "changed"),
            (self.files_added.len(), "file", "added"),
            (self.files_removed.len(), "file", "removed"),
            (self.files_changed.len(), "file", "changed"),
            (self.hidden_changed, "file behind a form or thank-you page", "added, changed or removed"),
            (self.lead_tags_opened.len(), "lead tag", "opened"),
            (self.lead_tags_closed.len(), "lead tag", "closed"),
            (self.not_compared, "page", "not compared"),
        ] {
            if number > 0 {
                parts.push(format!("{} {verb}", plural(number, singular)));
            }
        }
        format!("{}, against {against}", parts.join(", "))
    }
}

fn plural(number: usize, singular: &str) -> String {
    match singular {
        "file behind a form or thank-you page" if number > 1 => {
            format!("{number} files behind forms or thank-you pages")
        }
        _ => count(number, singular),
    }
}

/// How differences are written.
struct Style {
    title: &'static str,
    list: ListStyle,
    /// Between the heading of a list and the list.
    after_heading: &'static str,
}

const TEXT: Style = Style { title: "", list: ListStyle { item: "  ", quote: str::to_owned }, after_heading: "" };
const MARKDOWN: Style = Style { title: "## What changes for visitors\n\n", list: MARKDOWN_LIST, after_heading: "\n" };

impl Style {
    fn list(&self, text: &mut String, title: &str, mark: &str, list: &[String]) {
        if !list.is_empty() {
            text.push_str(&format!("\n{title}: {}\n{}", list.len(), self.after_heading));
            text.push_str(&self.list.entries(mark, list, MAX_ENTRIES));
        }
    }

    fn page(&self, text: &mut String, change: &PageChange) {
        let address = (self.list.quote)(&verify::address("/", &change.page));
        let words = match (change.is_compared, change.words_added, change.words_removed) {
            (false, ..) => "not compared".to_owned(),
            (true, 0, 0) => "no word changed".to_owned(),
            (true, added, removed) => format!("{} added, {} removed", count(added, "word"), count(removed, "word")),
        };
        text.push_str(&format!("\n{address}: {words}\n{}", self.after_heading));
        for (mark, list) in [
            ("- ", &change.text_removed),
            ("+ ", &change.text_added),
            ("- offer ", &change.offers_removed),
            ("+ offer ", &change.offers_added),
            ("- file ", &change.files_removed),
            ("+ file ", &change.files_added),
            ("- link ", &change.links_removed),
            ("+ link ", &change.links_added),
        ] {
            text.push_str(&self.list.entries(mark, list, MAX_OF_PAGE));
        }
    }
}

fn addresses(pages: &[String]) -> Vec<String> {
    pages.iter().map(|page| verify::address("/", page)).collect()
}
