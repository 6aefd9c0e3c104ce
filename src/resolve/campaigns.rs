//! Finds the campaigns of a site and their ids, present and former.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use super::site::PlacedPage;
use crate::diagnostics::Diagnostic;
use crate::model::page::Page;
use crate::model::site_path::SitePath;
use crate::model::slug::{NotASlug, Slug};
use crate::rules::Rule;
use crate::source::{Located, Span};

/// The campaigns of a site.
#[derive(Default)]
pub struct Campaigns {
    /// Page indices by id.
    pub by_id: BTreeMap<Slug, usize>,
    /// Page indices by former id.
    pub by_former_id: BTreeMap<Slug, usize>,
}

/// A page that is being placed.
pub struct NewPage<'p> {
    pub page: &'p Page,
    pub path: &'p SitePath,
}

impl Campaigns {
    /// Adds the page after `pages`, and returns its campaign id. Every page with calls to action is a campaign. Reports
    /// missing and duplicate ids.
    pub fn add(&mut self, new: &NewPage, pages: &[PlacedPage], diagnostics: &mut Vec<Diagnostic>) -> Option<Slug> {
        if new.page.front.ctas.is_empty() {
            diagnostics.extend(campaign_keys(new.page));
            return None;
        }
        match campaign_id(new) {
            Ok((id, span)) => match self.by_id.entry(id.clone()) {
                Entry::Occupied(other) => {
                    diagnostics.push(duplicate_id(&id, new.page, span, &pages[*other.get()].page));
                    None
                }
                Entry::Vacant(free) => {
                    free.insert(pages.len());
                    Some(id)
                }
            },
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                None
            }
        }
    }

    /// Adds the former ids of all campaigns. Reports those that are in use.
    pub fn add_former_ids(&mut self, pages: &[PlacedPage], diagnostics: &mut Vec<Diagnostic>) {
        // Variants have the former ids of their original.
        for page in pages.iter().filter(|page| page.variant().is_none()) {
            for former in &page.page.front.rare().was {
                if page.campaign.as_ref() == Some(&former.value) {
                    let message = format!("`{}` is this campaign's present id", former.value);
                    let diagnostic = Diagnostic::error(Rule::DuplicateCampaign, message);
                    diagnostics.push(diagnostic.at(&page.page.source, former.span, "remove this one"));
                    continue;
                }
                match self.by_id.get(&former.value).or_else(|| self.by_former_id.get(&former.value)) {
                    None => {
                        self.by_former_id.insert(former.value.clone(), page.index);
                    }
                    Some(&other) => diagnostics.push(taken_id(&page.page, former, &pages[other].page)),
                }
            }
        }
        let of_originals = pages.par_iter().filter(|page| page.variant().is_none());
        diagnostics.par_extend(of_originals.flat_map_iter(|page| former_cta_ids(&page.page)));
    }
}

/// Reports keys that only campaigns can have.
fn campaign_keys(page: &Page) -> Vec<Diagnostic> {
    if page.broken {
        return Vec::new();
    }
    let front = &page.front;
    let keys = [
        ("campaign", front.campaign.as_ref().map(|id| id.span)),
        ("was", front.rare().was.first().map(|id| id.span)),
        ("channels", front.channels.first().map(|channel| channel.span)),
        ("per_channel", front.rare().per_channel.values().next().map(|own| own.span)),
        ("product", front.product.as_ref().map(|product| product.span)),
        ("versions", front.versions.as_deref().and_then(|it| Some(it.declared.first()?.span))),
    ];
    let present = keys.into_iter().filter_map(|(key, span)| Some((key, span?)));
    let diagnostics = present.map(|(key, span)| {
        Diagnostic::error(Rule::UnknownKey, format!("`{key}` needs a call to action"))
            .at(&page.source, span, "this page is not a campaign")
            .help("add `ctas`, or remove this key")
    });
    diagnostics.collect()
}

/// Returns the id that the author set, or the last part of the address.
fn campaign_id(NewPage { page, path }: &NewPage) -> Result<(Slug, Span), Box<Diagnostic>> {
    if let Some(id) = &page.front.campaign {
        return Ok((id.value.clone(), id.span));
    }
    let span = id_span(page);
    let last = path.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let diagnostic = match Slug::parse(last) {
        Ok(id) => return Ok((id, span)),
        Err(NotASlug::TooLong { characters }) => Diagnostic::error(
            Rule::BadId,
            format!("the campaign id `{last}`, from the page's address, has {characters} characters"),
        )
        .at(&page.source, span, "an id has at most 40 characters")
        .help("set a shorter one with `campaign: …`"),
        Err(NotASlug::Empty | NotASlug::BadCharacters { .. }) => {
            Diagnostic::error(Rule::MissingKey, "a campaign on the home page needs an id")
                .at(&page.source, span, "`campaign` is missing")
                .help("add a line `campaign: …`")
        }
    };
    Err(Box::new(diagnostic))
}

fn id_span(page: &Page) -> Span {
    let front = &page.front;
    let own = front.campaign.as_ref().map(|id| id.span);
    own.or(front.ctas_span).unwrap_or(front.title.span)
}

fn duplicate_id(id: &Slug, page: &Page, span: Span, other: &Page) -> Diagnostic {
    Diagnostic::error(Rule::DuplicateCampaign, format!("two campaigns have the id `{id}`"))
        .at(&page.source, span, "this one")
        .at(&other.source, id_span(other), "and this one")
        .help("give one of them another id with `campaign: …`")
}

fn taken_id(page: &Page, former: &Located<Slug>, other: &Page) -> Diagnostic {
    Diagnostic::error(Rule::DuplicateCampaign, format!("`{}` is the id of another campaign", former.value))
        .at(&page.source, former.span, "cannot be a former id of this campaign")
        .help(format!("see `{}`", other.source.path))
}

/// Reports former ids of calls to action that another one of the campaign has, because an old lead tag can lead to one
/// call to action only.
fn former_cta_ids(page: &Page) -> Vec<Diagnostic> {
    let ctas = &page.front.ctas;
    let mut taken: BTreeMap<&Slug, Span> = ctas.values().map(|cta| (&cta.id.value, cta.id.span)).collect();
    let mut diagnostics = Vec::new();
    for former in ctas.values().flat_map(|cta| &cta.was) {
        let Some(other) = taken.insert(&former.value, former.span) else { continue };
        let message = format!("`{}` is already the id of a call to action", former.value);
        diagnostics.push(
            Diagnostic::error(Rule::DuplicateCta, message)
                .at(&page.source, former.span, "cannot be a former id of this call to action")
                .at(&page.source, other, "already used here"),
        );
    }
    diagnostics
}
