//! The data that `desk.js` searches. The campaigns are a compact text, which a browser searches as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};
use std::io::Write;

use memchr::memchr3_iter;
use serde::Serialize;

use super::library;
use super::view::LibraryItem;
use crate::lead_tags::codes_to_quote;
use crate::model::code::ShortCode;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::Variant;
use crate::pieces::write_in_order;
use crate::register::Row;
use crate::resolve::Site;
use crate::sales::campaign_rows::{CampaignRows, CtaRows};
use crate::sales::context::SalesContext;
use crate::sales::facts::CampaignState;

/// The version of the format. Data and script are always written together.
const VERSION: u32 = 2;

/// Returns the search data of a desk of one page, as JSON.
pub fn json(context: &SalesContext, campaigns: &[CampaignRows]) -> anyhow::Result<String> {
    let texts = vec![campaigns_text(context.site, campaigns)];
    Ok(serde_json::to_string(&SearchData { campaigns: texts, one_page: true, ..search_data(context) })?)
}

/// Writes the search data of a desk of several pages, as a script. `pages` has the campaigns of each page of lead cards.
pub fn write_script(out: &mut dyn Write, context: &SalesContext, pages: &[&[CampaignRows]]) -> anyhow::Result<()> {
    let notes = pages.iter().copied().flatten().filter_map(|campaign| notes_text(context, campaign)).collect();
    let data = serde_json::to_string(&SearchData { notes, ..search_data(context) })?;
    write!(out, "window.deskData = {data};\nwindow.deskData.campaigns = [\n")?;
    let piece = |campaigns: &&[CampaignRows]| {
        anyhow::Ok(template_literal(&campaigns_text(context.site, campaigns)).into_bytes())
    };
    write_in_order(out, pages, ",\n", piece)?;
    Ok(out.write_all(b"\n];\n")?)
}

/// Returns a text as a template literal of JavaScript, in which tabs and line feeds need no escapes.
fn template_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('`');
    let mut from = 0;
    for at in memchr3_iter(b'\\', b'`', b'$', text.as_bytes()) {
        literal.push_str(&text[from..at]);
        // A dollar sign without a brace is a plain character.
        if !text[at..].starts_with('$') || text[at..].starts_with("${") {
            literal.push('\\');
        }
        from = at;
    }
    literal.push_str(&text[from..]);
    literal.push('`');
    literal
}

fn search_data<'d>(context: &SalesContext<'d>) -> SearchData<'d> {
    let site = context.site;
    let channels = site.config.channels.values().map(|channel| {
        (
            channel.id.as_str(),
            ChannelData { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
        )
    });
    SearchData {
        version: VERSION,
        base_url: site.config.base_url.to_string(),
        preview: site.options.preview,
        one_page: false,
        channels: channels.collect(),
        campaigns: Vec::new(),
        pages: (0..site.pages.len()).filter_map(|index| page_data(site, index)).collect(),
        library: library::to_search(context),
        notes: Vec::new(),
    }
}

#[derive(Serialize)]
struct SearchData<'d> {
    version: u32,
    base_url: String,
    /// Whether drafts and campaigns of the future are published.
    preview: bool,
    /// Whether all lead cards are in `index.html`.
    one_page: bool,
    channels: BTreeMap<&'d str, ChannelData<'d>>,
    /// A text for each page of lead cards, as [`campaigns_text`] describes it. A script adds them after the rest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    campaigns: Vec<String>,
    /// Pages without a campaign that offer the calls to action of campaigns.
    pages: Vec<PageData<'d>>,
    library: Vec<LibraryItem>,
    /// The ids of campaigns with the texts of their notes. On a desk of one page, the script reads them from the page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<(&'d str, String)>,
}

#[derive(Serialize)]
struct ChannelData<'d> {
    label: &'d str,
    source: &'d str,
    medium: &'d str,
}

#[derive(Serialize)]
struct PageData<'d> {
    /// Without the base path.
    path: String,
    title: &'d str,
    leads: Vec<LeadTag>,
}

/// Returns the id of a campaign and the text of its notes, if it has any.
fn notes_text<'c>(context: &SalesContext, campaign: &'c CampaignRows) -> Option<(&'c str, String)> {
    let notes = context.notes(campaign.page?.index)?;
    let words = notes.text().split(|c: char| c.is_whitespace() || "#*_>`|".contains(c)).filter(|word| !word.is_empty());
    Some((campaign.id.as_str(), words.collect::<Vec<_>>().join(" ")))
}

/// Returns the campaigns of one page, separated by empty lines. The first line of a campaign has these fields,
/// separated by tabs: id, title, state (empty for `live`), path without the base path, former ids, and codes, each
/// followed by its channel, with the variant as in lead tags: `acme_de`. Former ids and codes are separated by spaces. Then follow
/// the variants with the paths of their pages, and an empty field: a path is between two tabs.
fn campaigns_text(site: &Site, campaigns: &[CampaignRows]) -> String {
    let mut text = String::new();
    for campaign in campaigns {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(campaign.id.as_str());
        push_field(&mut text, campaign.title());
        text.push('\t');
        if campaign.state() != CampaignState::Live {
            let _ = write!(text, "{}", campaign.state());
        }
        let _ = match campaign.page {
            Some(page) => write!(text, "\t/{}\t", page.path.as_str()),
            None => write!(text, "\t\t"),
        };
        push_words(&mut text, campaign.former_ids());
        text.push('\t');
        let codes = codes(site, campaign);
        push_words(&mut text, codes.iter().map(|(code, end)| format!("{code} {end}")));
        push_variants(&mut text, site, campaign);
        text.push('\n');
        let mut channels = String::new();
        for cta in campaign.ctas.iter().filter(|cta| cta.label().is_some()) {
            push_cta(&mut text, campaign, cta, &mut channels);
        }
    }
    text
}

/// Appends the variants of a campaign with the paths of their pages, and an empty field if there are any.
fn push_variants(text: &mut String, site: &Site, campaign: &CampaignRows) {
    let variants = campaign.page.and_then(|page| site.variants.get(&page.index));
    for (variant, index) in variants.into_iter().flatten() {
        // Writing to a string cannot fail.
        let _ = write!(text, "\t{variant}\t/{}", site.pages[*index].path.as_str());
    }
    if variants.is_some() {
        text.push('\t');
    }
}

/// Appends the line of a call to action. Its fields, separated by tabs, are the id, the label, and for each group of
/// lead tags with the same offers: `=` with their channels (`!` for closed lead tags), then `~` with each offer. Lead
/// tags of former ids are written in full, and the variant follows a channel as in lead tags. `=` without channels repeats the previous channels, which are in `channels`.
fn push_cta(text: &mut String, campaign: &CampaignRows, cta: &CtaRows, channels: &mut String) {
    text.push_str(cta.id.as_str());
    push_field(text, cta.label().unwrap_or_default());
    for group in cta.tags.chunk_by(|a, b| is_closed(a) == is_closed(b) && have_same_offers(a, b)) {
        let (mark, mut names) = (if is_closed(group[0]) { "\t!" } else { "\t=" }, String::new());
        for rows in group {
            let tag = &rows[0].tag;
            let separator = if names.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = match tag.campaign == campaign.id && tag.cta == cta.id {
                true => write!(names, "{separator}{}", EndOfTag(tag)),
                false => write!(names, "{separator}{tag}"),
            };
        }
        text.push_str(mark);
        if is_closed(group[0]) || names != *channels {
            text.push_str(&names);
        }
        if !is_closed(group[0]) {
            *channels = names;
        }
        for (position, row) in group[0].iter().enumerate() {
            if group[0][..position].iter().all(|earlier| earlier.offer != row.offer) {
                push_field(text, "~");
                push_text(text, &row.offer);
            }
        }
    }
    text.push('\n');
}

fn is_closed(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.until.is_some())
}

fn have_same_offers(a: &[Row], b: &[Row]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.offer == b.offer)
}

fn push_field(text: &mut String, field: &str) {
    text.push('\t');
    push_text(text, field);
}

/// Appends a text without characters that separate fields.
fn push_text(text: &mut String, field: &str) {
    match field.contains(char::is_control) {
        true => text.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c })),
        false => text.push_str(field),
    }
}

fn push_words(text: &mut String, words: impl IntoIterator<Item = impl Display>) {
    for (position, word) in words.into_iter().enumerate() {
        let separator = if position > 0 { " " } else { "" };
        let _ = write!(text, "{separator}{word}");
    }
}

/// Returns the codes of a campaign and its former ids, with their channels: codes in links, and codes that visitors
/// quote to a contact.
fn codes(site: &Site, campaign: &CampaignRows) -> BTreeSet<(ShortCode, String)> {
    let tags = || campaign.ctas.iter().flat_map(|cta| &cta.tags);
    let mut codes: BTreeSet<(ShortCode, String)> =
        tags().filter_map(|rows| Some((rows[0].code?, EndOfTag(&rows[0].tag).to_string()))).collect();
    let rows = tags().flat_map(|rows| rows.iter());
    let quoting = rows.filter(|row| row.kind.quotes_a_code(&row.offer));
    let quoting: BTreeSet<(&Slug, Option<&Variant>)> =
        quoting.map(|row| (&row.tag.campaign, row.tag.variant.as_ref())).collect();
    for (id, variant) in quoting {
        let end = |channel: Slug| match variant {
            None => channel.to_string(),
            Some(variant) => format!("{channel}_{variant}"),
        };
        codes.extend(codes_to_quote(site, id, variant).map(|(code, channel)| (code, end(channel))));
    }
    codes
}

/// The end of a lead tag: its channel, and its variant if it has one.
struct EndOfTag<'t>(&'t LeadTag);

impl Display for EndOfTag<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let LeadTag { channel, variant, .. } = self.0;
        write!(f, "{channel}")?;
        variant.as_ref().map_or(Ok(()), |variant| write!(f, "_{variant}"))
    }
}

/// Returns the lead tags of a page without a campaign; none if the page has no lead tags.
fn page_data(site: &Site, index: usize) -> Option<PageData<'_>> {
    let page = &site.pages[index];
    let channel = site.channels_of_variants(index).into_iter().next()?;
    let mut leads = Vec::new();
    for (campaign, cta) in site.ctas_of_others(index).filter(|_| page.campaign.is_none()) {
        let tag = LeadTag::new(campaign.campaign.as_ref()?, cta, &channel, campaign.variant());
        if !leads.contains(&tag) {
            leads.push(tag);
        }
    }
    let title = page.page.front.title.value.as_str();
    (!leads.is_empty()).then(|| PageData { path: format!("/{}", page.path.as_str()), title, leads })
}
