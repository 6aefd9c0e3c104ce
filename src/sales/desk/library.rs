//! The content library of the lead desk: every published page and every material, by campaign and by topic.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::view::{LibraryGroup, LibraryItem, LibraryView};
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State};
use crate::sales::context::SalesContext;
use crate::sales::facts::Material;

/// Returns everything that can be sent to a lead. `on_desk` has the campaigns with lead cards.
pub fn all(context: &SalesContext, on_desk: &HashSet<&Slug>) -> LibraryView {
    let site = context.site;
    let titles = titles(site);
    let mut groups = Vec::new();
    for (index, page) in site.pages_as_written() {
        let Some(id) = &page.campaign else { continue };
        let mut items = items(context, index, topics(&titles, page));
        if context.is_published(page) {
            items.insert(0, page_item(site, page, topics(&titles, page)));
        }
        if !items.is_empty() {
            groups.push(LibraryGroup {
                title: page.page.front.title.value.clone(),
                href: if on_desk.contains(id) { format!("#campaign_{id}") } else { String::new() },
                is_campaign: true,
                items,
            });
        }
    }
    groups.sort_by_cached_key(|group| group.title.to_lowercase());
    groups.extend(no_campaign(context, &titles));
    LibraryView { by_topic: by_topic(&groups), by_campaign: groups }
}

/// Returns what belongs to no campaign.
pub fn without_campaign(context: &SalesContext) -> LibraryView {
    let groups: Vec<LibraryGroup> = no_campaign(context, &titles(context.site)).into_iter().collect();
    LibraryView { by_topic: by_topic(&groups), by_campaign: groups }
}

/// Returns the items that the search data lists: everything but landing pages, which it has already. What several
/// campaigns share is listed once.
pub fn to_search(context: &SalesContext) -> Vec<LibraryItem> {
    let site = context.site;
    let titles = titles(site);
    let mut positions: HashMap<(String, String), usize> = HashMap::new();
    let mut all: Vec<LibraryItem> = Vec::new();
    for (index, page) in site.pages_as_written() {
        let mut of_page = items(context, index, topics(&titles, page));
        if page.campaign.is_none() && context.is_published(page) {
            of_page.push(page_item(site, page, topics(&titles, page)));
        }
        for item in of_page {
            let position = *positions.entry((item.href.clone(), item.title.clone())).or_insert(all.len());
            match all.get_mut(position) {
                None => all.push(item),
                Some(listed) => share(listed, &item),
            }
        }
    }
    all
}

/// Removes what only one of two campaigns says about the same item.
fn share(listed: &mut LibraryItem, other: &LibraryItem) {
    if listed.campaign != other.campaign {
        listed.campaign.clear();
    }
    if listed.summary != other.summary {
        listed.summary.clear();
    }
    listed.topics.retain(|topic| other.topics.contains(topic));
}

/// Returns the pages without a campaign and their materials; none if the site has none.
fn no_campaign(context: &SalesContext, titles: &HashMap<&str, &str>) -> Option<LibraryGroup> {
    let site = context.site;
    let mut others = Vec::new();
    for (index, page) in site.pages_as_written().filter(|(_, page)| page.campaign.is_none()) {
        if context.is_published(page) {
            others.push(page_item(site, page, topics(titles, page)));
        }
        others.append(&mut items(context, index, topics(titles, page)));
    }
    others.sort_by_cached_key(|item| item.title.to_lowercase());
    let title = "No campaign".to_owned();
    (!others.is_empty()).then(|| LibraryGroup { title, href: String::new(), is_campaign: true, items: others })
}

/// Returns the titles of all pages by file.
fn titles(site: &Site) -> HashMap<&str, &str> {
    let pages = site.pages_as_written();
    pages.map(|(_, page)| (page.page.file.as_str(), page.page.front.title.value.as_str())).collect()
}

/// Returns the files of a page's calls to action and its materials. Each URL occurs once.
fn items(context: &SalesContext, index: usize, topics: Vec<String>) -> Vec<LibraryItem> {
    let page = &context.site.pages[index];
    let materials = context.materials(index);
    let in_notes: HashSet<&str> = materials.iter().map(|material| material.href.as_str()).collect();
    let files: Vec<Material> =
        context.files(page).into_iter().filter(|file| !in_notes.contains(file.href.as_str())).collect();
    // The page itself is listed already.
    let own = context.is_published(page).then(|| context.site.config.base_url.absolute(&page.path));
    let mut added: HashSet<String> = own.into_iter().collect();
    let new = files.into_iter().chain(materials).filter(|material| added.insert(material.href.clone()));
    new.map(|material| material_item(material, campaign_title(page), &topics)).collect()
}

fn campaign_title(page: &SitePage) -> &str {
    if page.campaign.is_some() { &page.page.front.title.value } else { "" }
}

fn page_item(site: &Site, page: &SitePage, topics: Vec<String>) -> LibraryItem {
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
        campaign: campaign_title(page).to_owned(),
        topics,
        state: if page.state == State::Ended { "ended" } else { "" },
    }
}

fn material_item(material: Material, campaign: &str, topics: &[String]) -> LibraryItem {
    let size = material.format_and_size();
    let Material { title, href, is_public, file_name, topic, note, .. } = material;
    LibraryItem {
        title,
        href,
        is_public,
        kind: if file_name.is_empty() { "link" } else { "file" },
        summary: note,
        size,
        campaign: campaign.to_owned(),
        topics: if topic.is_empty() { topics.to_vec() } else { vec![topic] },
        state: "",
    }
}

/// Returns the topics in the front matter, or else the title of the parent page. `titles` has the titles by file.
fn topics(titles: &HashMap<&str, &str>, page: &SitePage) -> Vec<String> {
    let own = &page.page.front.rare().topics;
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
