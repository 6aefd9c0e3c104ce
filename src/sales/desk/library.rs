//! The content library of the lead desk: every published page and every material, by campaign and by topic.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::view::{LibraryGroup, LibraryItem, LibraryView};
use crate::resolve::{Site, SitePage, State};
use crate::sales::context::SalesContext;
use crate::sales::facts::Material;

/// Returns everything that can be sent to a lead. `card_link` gives the link to a campaign's lead cards.
pub fn library(site: &Site, context: &SalesContext, card_link: impl Fn(&SitePage) -> String) -> LibraryView {
    let titles: HashMap<&str, &str> =
        site.pages.iter().map(|page| (page.page.file.as_str(), page.page.front.title.value.as_str())).collect();
    let mut by_campaign = Vec::new();
    let mut others = Vec::new();
    for (index, page) in site.pages.iter().enumerate() {
        let items = items(site, context, index, topics(&titles, page));
        if items.is_empty() {
            continue;
        }
        match &page.campaign {
            Some(_) => by_campaign.push(LibraryGroup {
                title: page.page.front.title.value.clone(),
                href: card_link(page),
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

/// Returns a page, the files of its calls to action and its materials. Each URL occurs once.
fn items(site: &Site, context: &SalesContext, index: usize, topics: Vec<String>) -> Vec<LibraryItem> {
    let page = &site.pages[index];
    let campaign = if page.campaign.is_some() { page.page.front.title.value.clone() } else { String::new() };
    let mut items = Vec::new();
    if page.state.is_published(site.options.preview) {
        items.push(page_item(site, page, &campaign, &topics));
    }
    let materials = context.materials(index);
    let in_notes: HashSet<&str> = materials.iter().map(|material| material.href.as_str()).collect();
    let files: Vec<Material> =
        context.files(page).into_iter().filter(|file| !in_notes.contains(file.href.as_str())).collect();
    let mut added: HashSet<String> = items.iter().map(|item| item.href.clone()).collect();
    for material in files.into_iter().chain(materials) {
        if added.insert(material.href.clone()) {
            items.push(material_item(material, &campaign, &topics));
        }
    }
    items
}

fn page_item(site: &Site, page: &SitePage, campaign: &str, topics: &[String]) -> LibraryItem {
    let front = &page.page.front;
    LibraryItem {
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
        campaign: campaign.to_owned(),
        topics: topics.to_vec(),
        state: if page.state == State::Ended { "ended" } else { "" },
    }
}

fn material_item(material: Material, campaign: &str, topics: &[String]) -> LibraryItem {
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

/// Returns the topics in the front matter, or else the title of the parent page. `titles` has the titles by file.
fn topics(titles: &HashMap<&str, &str>, page: &SitePage) -> Vec<String> {
    let own = &page.page.front.topics;
    if !own.is_empty() {
        return own.clone();
    }
    let parent = page.page.file.rsplit_once('/').map(|(folder, _)| format!("{folder}/index.md"));
    let parent = parent.filter(|index| *index != page.page.file);
    parent.and_then(|index| titles.get(index.as_str())).map(|title| (*title).to_owned()).into_iter().collect()
}

/// Groups the same items by topic. An item with two topics is in both groups; items without a topic come last.
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
    // Without any topic, this list would repeat the list by campaign.
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
