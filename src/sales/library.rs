//! The lead desk's content library: every published page and every material, by campaign and by topic.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::facts::Material;
use super::leads::Leads;
use super::view::{LibraryGroup, LibraryItem, LibraryView};
use crate::resolve::{Site, SitePage, State};

/// All that can be sent to a lead. `place` gives the address of a campaign's lead cards.
pub fn library(site: &Site, leads: &Leads, place: impl Fn(&SitePage) -> String) -> LibraryView {
    let titles: HashMap<&str, &str> =
        site.pages.iter().map(|page| (page.page.file.as_str(), page.page.front.title.value.as_str())).collect();
    let mut by_campaign = Vec::new();
    let mut others = Vec::new();
    for (index, page) in site.pages.iter().enumerate() {
        let items = items(site, leads, index, topics(&titles, page));
        if items.is_empty() {
            continue;
        }
        match &page.campaign {
            Some(_) => by_campaign.push(LibraryGroup {
                title: page.page.front.title.value.clone(),
                href: place(page),
                is_campaign: true,
                items,
            }),
            None => others.extend(items),
        }
    }
    by_campaign.sort_by_cached_key(|group| group.title.to_lowercase());
    if !others.is_empty() {
        others.sort_by_cached_key(|item| item.title.to_lowercase());
        by_campaign.push(LibraryGroup {
            title: "No campaign".to_owned(),
            href: String::new(),
            is_campaign: true,
            items: others,
        });
    }
    LibraryView { by_topic: by_topic(&by_campaign), by_campaign }
}

/// A page, the files of its calls to action and its materials: each address once.
fn items(site: &Site, leads: &Leads, index: usize, topics: Vec<String>) -> Vec<LibraryItem> {
    let page = &site.pages[index];
    let front = &page.page.front;
    let campaign = if page.campaign.is_some() { front.title.value.clone() } else { String::new() };
    let mut items = Vec::new();
    if page.state.is_published(site.options.preview) {
        items.push(LibraryItem {
            title: front.title.value.clone(),
            href: site.config.base_url.absolute(&page.path),
            is_public: true,
            kind: match (&page.campaign, page.layout.as_str()) {
                (Some(_), _) => "landing page",
                (None, "article") => "article",
                (None, _) => "page",
            },
            summary: front.summary().unwrap_or_default().to_owned(),
            size: String::new(),
            campaign: campaign.clone(),
            topics: topics.clone(),
            state: if page.state == State::Ended { "ended" } else { "" },
        });
    }
    let materials = leads.materials(index);
    let named: HashSet<&str> = materials.iter().map(|material| material.href.as_str()).collect();
    let files: Vec<Material> =
        leads.files(page).into_iter().filter(|file| !named.contains(file.href.as_str())).collect();
    let mut seen: HashSet<String> = items.iter().map(|item| item.href.clone()).collect();
    for material in files.into_iter().chain(materials) {
        if seen.insert(material.href.clone()) {
            items.push(item(material, &campaign, &topics));
        }
    }
    items
}

fn item(material: Material, campaign: &str, topics: &[String]) -> LibraryItem {
    let Material { title, href, is_public, file_name, format, size, topic, note } = material;
    LibraryItem {
        title,
        href,
        is_public,
        kind: if file_name.is_empty() { "link" } else { "file" },
        summary: note,
        size: if format.is_empty() { size } else { format!("{format}, {size}") },
        campaign: campaign.to_owned(),
        topics: if topic.is_empty() { topics.to_vec() } else { vec![topic] },
        state: "",
    }
}

/// What the author says that a page is about; else the title of the page above it. `titles` are by file.
fn topics(titles: &HashMap<&str, &str>, page: &SitePage) -> Vec<String> {
    let own = &page.page.front.topics;
    if !own.is_empty() {
        return own.clone();
    }
    let above = page.page.file.rsplit_once('/').map(|(folder, _)| format!("{folder}/index.md"));
    let above = above.filter(|index| *index != page.page.file);
    above.and_then(|index| titles.get(index.as_str())).map(|title| (*title).to_owned()).into_iter().collect()
}

/// The same items by topic, an item of two topics under both; what has none comes last.
fn by_topic(by_campaign: &[LibraryGroup]) -> Vec<LibraryGroup> {
    let mut topics: BTreeMap<String, LibraryGroup> = BTreeMap::new();
    let mut rest = Vec::new();
    for item in by_campaign.iter().flat_map(|group| &group.items) {
        if item.topics.is_empty() {
            rest.push(item.clone());
        }
        for topic in &item.topics {
            let group = topics.entry(topic.to_lowercase()).or_insert_with(|| LibraryGroup {
                title: topic.clone(),
                href: String::new(),
                is_campaign: false,
                items: Vec::new(),
            });
            group.items.push(item.clone());
        }
    }
    let mut groups: Vec<LibraryGroup> = topics.into_values().collect();
    // Without a single topic the list by campaign says it all.
    if !rest.is_empty() && !groups.is_empty() {
        groups.push(LibraryGroup {
            title: "Everything else".to_owned(),
            href: String::new(),
            is_campaign: false,
            items: rest,
        });
    }
    groups
}
