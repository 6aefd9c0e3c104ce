//! Campaigns: their ids, channels, calls to action, and the offers they make.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use rayon::prelude::*;

use super::links::{Learned, References};
use super::{Picture, Resolver, SiteCta, State, destinations};
use crate::diagnostics::Diagnostic;
use crate::model::cta::Cta;
use crate::model::offer::Offer;
use crate::model::slug::{NotASlug, Slug};
use crate::model::tag;
use crate::rules::Rule;
use crate::source::{Located, Span};

impl Resolver<'_> {
    pub(super) fn find_campaigns(&mut self) {
        for index in 0..self.site.pages.len() {
            if self.site.pages[index].page.front.ctas.is_empty() {
                self.refuse_campaign_keys(index);
                continue;
            }
            let Some((id, span)) = self.campaign_id(index) else {
                continue;
            };
            if let Some(&other) = self.site.campaigns.get(&id) {
                self.found.push(
                    Diagnostic::error(Rule::DuplicateCampaign, format!("two campaigns have the id `{id}`"))
                        .at(&self.site.pages[index].page.source, span, "this one")
                        .at(&self.site.pages[other].page.source, self.id_span(other), "and this one")
                        .help("give one of them another `campaign: …`"),
                );
                continue;
            }
            self.site.pages[index].campaign = Some(id.clone());
            self.site.campaigns.insert(id, index);
        }
        self.find_former_ids();
        self.check_former_cta_ids();
    }

    /// Keys that only mean something on a campaign.
    fn refuse_campaign_keys(&mut self, index: usize) {
        let page = &self.site.pages[index].page;
        if page.broken {
            return;
        }
        let keys = [
            ("campaign", page.front.campaign.as_ref().map(|id| id.span)),
            ("was", page.front.was.first().map(|id| id.span)),
            ("channels", page.front.channels.first().map(|channel| channel.span)),
            ("per_channel", page.front.per_channel.values().next().map(|own| own.span)),
            ("product", page.front.product.as_ref().map(|product| product.span)),
        ];
        for (key, span) in keys.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            self.found.push(
                Diagnostic::error(Rule::UnknownKey, format!("`{key}` needs a call to action"))
                    .at(&page.source, span, "this page is no campaign")
                    .help("add `ctas`, or leave this out"),
            );
        }
    }

    fn id_span(&self, index: usize) -> Span {
        let front = &self.site.pages[index].page.front;
        let own = front.campaign.as_ref().map(|id| id.span);
        own.or(front.ctas_span).unwrap_or(front.title.span)
    }

    /// The id that the author set, or the last part of the address.
    fn campaign_id(&mut self, index: usize) -> Option<(Slug, Span)> {
        let span = self.id_span(index);
        let page = &self.site.pages[index];
        if let Some(id) = &page.page.front.campaign {
            return Some((id.value.clone(), id.span));
        }
        let last = page.path.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let diagnostic = match Slug::parse(last) {
            Ok(id) => return Some((id, span)),
            Err(NotASlug::TooLong { characters }) => Diagnostic::error(
                Rule::BadId,
                format!("the campaign's id `{last}`, from its address, has {characters} characters"),
            )
            .at(&page.page.source, span, "an id has at most 40 characters")
            .help("set a shorter one with `campaign: …`"),
            Err(NotASlug::Empty | NotASlug::BadCharacters { .. }) => {
                Diagnostic::error(Rule::MissingKey, "a campaign on the home page needs an id")
                    .at(&page.page.source, span, "`campaign` is missing")
                    .help("add a line `campaign: …`")
            }
        };
        self.found.push(diagnostic);
        None
    }

    fn find_former_ids(&mut self) {
        for (index, page) in self.site.pages.iter().enumerate() {
            for former in &page.page.front.was {
                if page.campaign.as_ref() == Some(&former.value) {
                    let message = format!("`{}` is this campaign's present id", former.value);
                    let diagnostic = Diagnostic::error(Rule::DuplicateCampaign, message);
                    self.found.push(diagnostic.at(&page.page.source, former.span, "leave this out"));
                    continue;
                }
                let taken =
                    self.site.campaigns.get(&former.value).or_else(|| self.site.former_campaigns.get(&former.value));
                match taken {
                    None => {
                        self.site.former_campaigns.insert(former.value.clone(), index);
                    }
                    Some(&other) => self.found.push(
                        Diagnostic::error(
                            Rule::DuplicateCampaign,
                            format!("`{}` is the id of another campaign", former.value),
                        )
                        .at(&page.page.source, former.span, "cannot be a former id of this one")
                        .help(format!("see `{}`", self.site.pages[other].page.source.path)),
                    ),
                }
            }
        }
    }

    /// A former id of a call to action is no other one's of the same campaign: an old lead tag leads to one place.
    fn check_former_cta_ids(&mut self) {
        let mut found = Vec::new();
        for page in &self.site.pages {
            let ctas = &page.page.front.ctas;
            let mut taken: BTreeMap<&Slug, Span> = ctas.values().map(|cta| (&cta.id.value, cta.id.span)).collect();
            for former in ctas.values().flat_map(|cta| &cta.was) {
                let Some(other) = taken.insert(&former.value, former.span) else { continue };
                let message = format!("`{}` is the id of another call to action, or given twice", former.value);
                found.push(
                    Diagnostic::error(Rule::DuplicateCta, message)
                        .at(&page.page.source, former.span, "cannot be a former id of this one")
                        .at(&page.page.source, other, "taken here"),
                );
            }
        }
        self.found.append(&mut found);
    }

    pub(super) fn check_channels(&mut self) {
        let mut found = Vec::new();
        for page in &self.site.pages {
            let front = &page.page.front;
            let source = &page.page.source;
            let known = |channel: &Located<Slug>, found: &mut Vec<Diagnostic>| {
                if self.site.config.channels.contains_key(&channel.value) || tag::is_reserved(&channel.value) {
                    return;
                }
                let names = || self.site.config.channels.keys().map(Slug::as_str);
                let diagnostic =
                    Diagnostic::error(Rule::UnknownChannel, format!("there is no channel `{}`", channel.value))
                        .at(source, channel.span, "not in site.yaml")
                        .suggest(channel.value.as_str(), names());
                found.push(diagnostic.or_help("add it to `channels` in site.yaml"));
            };
            for channel in &front.channels {
                known(channel, &mut found);
            }
            if let Some(channel) = &front.counts_as {
                known(channel, &mut found);
            }
            if page.page.broken {
                continue;
            }
            let runs_on: BTreeSet<&Slug> = front.channels.iter().map(|channel| &channel.value).collect();
            let own_pages = front.per_channel.iter().map(|(id, own)| (id, own.span));
            let own_codes = front.ctas.values().flat_map(|cta| cta.offering().own_channels());
            for (id, span) in own_pages.chain(own_codes).filter(|(id, _)| !runs_on.contains(id)) {
                let diagnostic =
                    Diagnostic::error(Rule::UnknownChannel, format!("this campaign does not run on `{id}`"))
                        .at(source, span, "not among its `channels`")
                        .suggest(id.as_str(), runs_on.iter().map(|id| id.as_str()));
                found.push(diagnostic.or_help(format!("add `{id}` to `channels` above")));
            }
        }
        self.found.append(&mut found);
    }

    /// What front matter refers to: destinations, files, images, and where an ended campaign points to.
    pub(super) fn resolve_front_matter(&mut self) {
        let pages = 0..self.site.pages.len();
        let resolved = pages.into_par_iter().map(|index| self.references().front_matter(index));
        let (fronts, learned): (Vec<_>, Vec<_>) = resolved.unzip();
        for (page, Front { after_end, image, ctas }) in self.site.pages.iter_mut().zip(fronts) {
            page.after_end = after_end;
            page.image = image;
            page.ctas = ctas;
        }
        learned.into_iter().for_each(|learned| self.learn(learned));
    }

    pub(super) fn draw_linked_forms(&mut self) {
        for (index, cta) in &self.linked_ctas {
            let page = &mut self.site.pages[*index];
            let has_form = page.page.front.ctas.get(cta).is_some_and(|cta| cta.form().is_some());
            let drawn = page.page.body.offers.iter().any(|(id, _)| id == cta.as_str());
            if has_form && !drawn {
                page.forms_at_end.push(cta.clone());
            }
        }
        // The order of the front matter, not of the links.
        for page in &mut self.site.pages {
            let ctas = &page.page.front.ctas;
            page.forms_at_end.sort_by_key(|id| ctas.get_index_of(id));
        }
    }

    /// An offer for each CTA with each channel of its campaign, `direct` and `other`, and with the channels
    /// of the other pages that offer it. Drafts make none.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        for &index in self.site.campaigns.values() {
            let page = &self.site.pages[index];
            let Some(campaign) = page.campaign.as_ref().filter(|_| page.state != State::Draft) else {
                continue;
            };
            let own = page.page.front.channels.iter().map(|channel| channel.value.clone());
            let mut channels: Vec<Slug> = Vec::new();
            for channel in own.chain([tag::direct(), tag::other()]) {
                if !channels.contains(&channel) {
                    channels.push(channel);
                }
            }
            for cta in page.page.front.ctas.keys() {
                let own = channels.iter().map(|channel| Offer {
                    campaign: campaign.clone(),
                    cta: cta.clone(),
                    channel: channel.clone(),
                    offered_on: index,
                });
                offers.extend(own);
                let mut seen = channels.clone();
                let elsewhere = self.foreign_ctas.range((index, cta.clone(), 0)..=(index, cta.clone(), usize::MAX));
                for (.., offered_on) in elsewhere {
                    for channel in self.site.channels_of_variants(*offered_on) {
                        if !seen.contains(&channel) {
                            seen.push(channel.clone());
                            offers.push(Offer {
                                campaign: campaign.clone(),
                                cta: cta.clone(),
                                channel,
                                offered_on: *offered_on,
                            });
                        }
                    }
                }
            }
        }
        offers
    }
}

/// What a page's front matter refers to.
struct Front {
    after_end: Option<usize>,
    image: Option<Arc<Picture>>,
    ctas: IndexMap<Slug, SiteCta>,
}

impl References<'_> {
    fn front_matter(mut self, index: usize) -> (Front, Learned) {
        self.check_destinations(index);
        let after_end = self.after_end(index);
        let image = self.image(index);
        let ctas = &self.site.pages[index].page.front.ctas;
        let ctas = ctas.iter().map(|(id, cta)| (id.clone(), self.cta(index, cta))).collect();
        (Front { after_end, image, ctas }, self.learned())
    }

    fn check_destinations(&mut self, index: usize) {
        let page = &self.site.pages[index].page;
        for cta in page.front.ctas.values() {
            let Some(form) = cta.form() else {
                if let Some(deliver_to) = &cta.deliver_to {
                    self.found.push(
                        Diagnostic::error(
                            Rule::UnknownKey,
                            "`deliver_to` is for forms, and this call to action has none",
                        )
                        .at(&page.source, deliver_to.span, "leave this out"),
                    );
                }
                continue;
            };
            let known = &self.site.config.destinations;
            match &cta.deliver_to {
                Some(named) if !known.contains_key(&named.value) => self.found.push(
                    Diagnostic::error(Rule::UnknownDestination, format!("there is no destination `{}`", named.value))
                        .at(&page.source, named.span, "not in site.yaml")
                        .suggest(named.value.as_str(), known.keys().map(Slug::as_str)),
                ),
                None if self.site.config.leads.deliver_to.is_none() => self.found.push(
                    Diagnostic::error(Rule::MissingDestination, "this form has no destination")
                        .at(&page.source, form.span, "its leads would go nowhere")
                        .help("set `leads: { deliver_to: … }` and `destinations` in site.yaml"),
                ),
                _ => {
                    let config = &self.site.config;
                    if let Some(destination) = config.destination_of(cta) {
                        self.found.extend(destinations::against(destination, form, &page.source, config));
                    }
                }
            }
        }
    }

    fn after_end(&mut self, index: usize) -> Option<usize> {
        let page = &self.site.pages[index];
        let after_end = page.page.front.after_end.as_ref()?;
        let target = self.page_of_file(index, &after_end.value, after_end.span)?;
        if target == index {
            let diagnostic = Diagnostic::error(Rule::BrokenLink, "this campaign points to itself after its end");
            self.found.push(diagnostic.at(&page.page.source, after_end.span, "name another page"));
            return None;
        }
        let published = self.site.pages[target].state.is_published(self.site.options.preview);
        if !published && page.state == State::Ended {
            self.found.push(
                Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`{}` is not published", after_end.value)).at(
                    &page.page.source,
                    after_end.span,
                    "visitors are pointed to the home page instead",
                ),
            );
        }
        Some(target).filter(|_| published)
    }

    fn cta(&mut self, index: usize, cta: &Cta) -> SiteCta {
        let today = self.site.options.today;
        let file = cta.offering().file().and_then(|file| self.download(index, file, cta.form().is_some()));
        SiteCta { expired: cta.valid_until().is_some_and(|last| last.value.day < today), file }
    }
}
