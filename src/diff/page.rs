//! What visitors read on a page, and how two versions of it differ.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::html::tags::{self, Tags};
use crate::html::text::plain;

/// What is compared of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PageContent {
    /// The visible text, one line for each paragraph, heading and list item. The first line is the title.
    lines: Vec<String>,
    links: BTreeSet<String>,
    /// Pictures, scripts, downloads and other files that the page loads.
    files: BTreeSet<String>,
    /// Codes, and what each lead tag leads to.
    offers: BTreeSet<String>,
    pub lead_tags: BTreeSet<String>,
}

/// How a page differs.
#[derive(Debug, Default, Serialize)]
pub struct PageChange {
    pub page: String,
    pub words_added: usize,
    pub words_removed: usize,
    pub text_added: Vec<String>,
    pub text_removed: Vec<String>,
    pub offers_added: Vec<String>,
    pub offers_removed: Vec<String>,
    pub files_added: Vec<String>,
    pub files_removed: Vec<String>,
    pub links_added: Vec<String>,
    pub links_removed: Vec<String>,
    /// False if the page could not be compared.
    pub is_compared: bool,
}

impl PageContent {
    pub fn of(html: &str) -> PageContent {
        let mut content = PageContent::default();
        let visible = without_invisible(html);
        content.lines = plain(&visible).lines().map(str::to_owned).collect();
        tags::visit(html, &mut |element| {
            let get =
                |name: &str| element.decoded(name).map(|value| value.into_owned()).filter(|value| !value.is_empty());
            for name in ["src", "poster", "data"] {
                content.files.extend(get(name).filter(|value| !value.starts_with("data:")));
            }
            let tag =
                get("data-lead-tag").or_else(|| get("value").filter(|_| get("name").as_deref() == Some("lead_tag")));
            if let Some(href) = get("href") {
                match &*element.name {
                    "link" => {
                        content.files.insert(href);
                    }
                    _ if tag.is_some() => {
                        content.offers.insert(format!("{}: {href}", tag.as_deref().unwrap_or_default()));
                    }
                    _ => {
                        content.links.insert(href);
                    }
                }
            }
            content.lead_tags.extend(tag);
        });
        content.offers.extend(codes(html));
        content
    }
}

/// Returns the page without styles, scripts and templates, whose text nobody reads.
fn without_invisible(html: &str) -> String {
    let mut text = html.to_owned();
    for name in ["style", "script", "template", "svg"] {
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        while let Some(start) = text.find(&open) {
            let end = text[start..].find(&close).map_or(text.len(), |end| start + end + close.len());
            text.replace_range(start..end, " ");
        }
    }
    text
}

/// The texts of `<code>`, which coupons show.
fn codes(html: &str) -> Vec<String> {
    let mut codes = Vec::new();
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_start_tag() {
        if tag.name == "code"
            && let Some(end) = html[tag.range.end..].find('<')
        {
            codes.push(format!("code {}", html[tag.range.end..][..end].trim()));
        }
    }
    codes
}

impl PageChange {
    /// A change of which only the page is known.
    pub fn unknown(page: &str) -> PageChange {
        PageChange { page: page.to_owned(), ..PageChange::default() }
    }

    pub fn between(page: &str, old: &PageContent, new: &PageContent) -> PageChange {
        let (text_removed, text_added) = (only_in(&old.lines, &new.lines), only_in(&new.lines, &old.lines));
        let (words_removed, words_added) = words(&text_removed, &text_added);
        let added = |old: &BTreeSet<String>, new: &BTreeSet<String>| new.difference(old).cloned().collect();
        PageChange {
            page: page.to_owned(),
            words_added,
            words_removed,
            text_added,
            text_removed,
            offers_added: added(&old.offers, &new.offers),
            offers_removed: added(&new.offers, &old.offers),
            files_added: added(&old.files, &new.files),
            files_removed: added(&new.files, &old.files),
            links_added: added(&old.links, &new.links),
            links_removed: added(&new.links, &old.links),
            is_compared: true,
        }
    }
}

/// Returns the lines of `one` that `other` does not have, each as often as it is missing.
fn only_in(one: &[String], other: &[String]) -> Vec<String> {
    let mut left: Vec<&String> = other.iter().collect();
    let mut only = Vec::new();
    for line in one {
        match left.iter().position(|other| *other == line) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => only.push(line.clone()),
        }
    }
    only
}

/// Returns how many words were removed and added.
fn words(removed: &[String], added: &[String]) -> (usize, usize) {
    let split = |lines: &[String]| -> Vec<String> {
        lines.iter().flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let (old, new) = (split(removed), split(added));
    (only_in(&old, &new).len(), only_in(&new, &old).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_has_words_offers_files_links_and_lead_tags() {
        let old = PageContent::of(
            "<title>Kazi</title><style>a{}</style><p>Fill a role in 21 days.<p>Same.<p><img src=a.png><a href=/x/>x</a> <code>SPRING20</code> \
             <a href=https://cal.example/?t=1 data-lead-tag=spring_trial_direct>Book</a>",
        );
        let new = PageContent::of(
            "<title>Kazi</title><style>b{}</style><p>Fill a role in 19 days.<p>Same.<p><img src=b.png><a href=/y/>x</a> <code>SPRING30</code>\
             <input name=lead_tag value=spring_guide_direct>",
        );
        let change = PageChange::between("index.html", &old, &new);
        assert_eq!((change.words_removed, change.words_added), (3, 2), "{change:?}");
        assert_eq!(
            (&change.files_removed[..], &change.files_added[..]),
            (&["a.png".to_owned()][..], &["b.png".to_owned()][..])
        );
        assert_eq!(
            (&change.links_removed[..], &change.links_added[..]),
            (&["/x/".to_owned()][..], &["/y/".to_owned()][..])
        );
        assert_eq!(change.offers_added, ["code SPRING30"]);
        assert_eq!(change.offers_removed, ["code SPRING20", "spring_trial_direct: https://cal.example/?t=1"]);
        assert_eq!(new.lead_tags.iter().collect::<Vec<_>>(), ["spring_guide_direct"]);
    }
}
