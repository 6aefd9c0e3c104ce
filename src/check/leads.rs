//! Rules about leads that would be lost or answered too late: calls to action that nobody sees, coupons and campaigns that
//! end, campaigns without an owner, consent or notes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::context::CheckContext;
use crate::diagnostics::{Diagnostic, Severity, count, first_few, list};
use crate::model::block::shown_ctas;
use crate::model::cta::{Coupon, Cta, CtaOffer};
use crate::model::date::When;
use crate::model::site::LinkTarget;
use crate::model::slug::Slug;
use crate::model::variant::Version;
use crate::resolve::{Site, SitePage, State, Target};
use crate::rules::Rule;
use crate::source::{Located, Span};

/// A campaign's end is reported this many days before it.
const MAX_DAYS_BEFORE_END: i32 = 7;

/// Reports calls to action that no page shows, or that their own page does not show.
pub fn unshown_ctas(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    if context.theme.lists_ctas || context.is_reported(Rule::UnknownCta) {
        return Vec::new();
    }
    let elsewhere: BTreeSet<(usize, &Slug)> =
        site.shown_elsewhere.values().flatten().map(|(page, cta)| (*page, cta)).collect();
    let mut diagnostics = Vec::new();
    for (index, page) in campaigns(site) {
        let here = shown_on_own_page(context, page);
        let in_versions: Vec<_> = versions(site, page).map(|it| shown_on_own_page(context, it)).collect();
        let is_in_version = |id: &Slug| in_versions.iter().any(|shown| shown.contains(id));
        let is_elsewhere = |id: &Slug| elsewhere.contains(&(index, id)) || is_in_version(id);
        let is_shown = |cta: &Cta| here.contains(&cta.id.value) || is_elsewhere(&cta.id.value);
        let ctas = &page.page.front.ctas;
        let unused: Vec<&Cta> = ctas.values().filter(|cta| !site.is_partly_read && !is_shown(cta)).collect();
        let primary = ctas.values().next().filter(|cta| !here.contains(&cta.id.value));
        diagnostics.extend(unused_ctas(page, &unused));
        diagnostics.extend(primary.filter(|cta| is_shown(cta)).map(|cta| missing_primary_cta(page, cta)));
    }
    diagnostics
}

/// Returns the pages of the versions of a page, in its language.
fn versions<'s>(site: &'s Site, page: &SitePage) -> impl Iterator<Item = &'s SitePage> {
    site.pages[page.index + 1..].iter().take_while(|other| other.page.version != Version::A)
}

/// Reports calls to action that an original shows and its translation does not.
pub fn ctas_lost_in_translation(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    if context.theme.lists_ctas || context.is_reported(Rule::UnknownCta) {
        return Vec::new();
    }
    let of_campaign = |(original, page): (usize, &SitePage)| {
        let shown = shown_on_own_page(context, page);
        let variants = site.variants.get(&original).into_iter().flatten().map(|(_, index)| &site.pages[*index]);
        let translations = variants.filter(|page| page.page.version == Version::A);
        let visible = translations.filter(|page| page.state != State::Draft && !page.page.broken);
        let lost = visible.filter_map(|page| {
            let here = shown_on_own_page(context, page);
            let ids: Vec<&str> = shown.iter().filter(|id| !here.contains(*id)).map(|id| id.as_str()).collect();
            let first = ids.first()?;
            let message =
                format!("this translation does not show {}, which its original shows", list(ids.iter().copied()));
            let diagnostic = Diagnostic::warning(Rule::UnusedCta, message);
            let diagnostic = diagnostic.at(&page.page.source, page.page.front.title.span, "no link and no offer below");
            Some(diagnostic.help(how_to_show(first)))
        });
        lost.collect::<Vec<_>>()
    };
    campaigns(site).flat_map(of_campaign).collect()
}

/// Reports coupons that expire before their campaign ends.
pub fn early_coupons(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let of_page = |(_, page): (usize, &SitePage)| -> Vec<Diagnostic> {
        let coupons = page.page.front.ctas.values().filter_map(|cta| {
            let coupon = cta.coupon()?;
            Some((coupon, coupon.expires?))
        });
        coupons.filter_map(|(coupon, expires)| early_coupon(page, coupon, expires, site.options.today)).collect()
    };
    campaigns(site).flat_map(of_page).collect()
}

/// Reports campaigns that end within a week and have no `after_end`, or whose calls to action are on other pages.
pub fn ending_campaigns(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let offering = pages_that_offer(site);
    let none = BTreeSet::new();
    let end = |(index, page)| ending_campaign(site.options.today, page, offering.get(&index).unwrap_or(&none));
    campaigns(site).filter_map(end).collect()
}

/// Reports the first file behind a form if the site has no key for the addresses of such files.
pub fn gate_without_key(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    if site.config.leads.gate_key.is_some() {
        return Vec::new();
    }
    let gated = campaigns(site).find_map(|(_, page)| {
        let file = page.forms().find_map(|cta| match &cta.offer {
            CtaOffer::Download(download) => Some(&download.file),
            CtaOffer::Coupon(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) | CtaOffer::Event(_) => None,
        });
        Some((page, file?))
    });
    let diagnostic = gated.map(|(page, file)| {
        Diagnostic::warning(Rule::GateWithoutKey, "whoever has this file can derive its address behind the form")
            .at(&page.page.source, file.span, "its address is made from its content alone")
            .help("add `leads: { gate_key: … }` to site.yaml; `openssl rand -hex 16` prints a key")
    });
    diagnostic.into_iter().collect()
}

/// Reports ended campaigns without `after_end`, and entries of the menu that lead to an ended campaign.
pub fn ended_campaigns(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let pages = site.campaigns.values().map(|&index| &site.pages[index]);
    let without_next_page = pages
        .filter(|page| page.state == State::Ended && page.page.front.rare().after_end.is_none())
        .filter_map(|page| {
            let message = "this campaign has ended, and its page points to the home page";
            let diagnostic = Diagnostic::warning(Rule::CampaignEnded, message).at(
                &page.page.source,
                page.page.front.ends?.span,
                "ended here",
            );
            Some(diagnostic.help("name a page that helps its visitors more: `after_end: …`"))
        });
    without_next_page.chain(links_to_ended(site)).collect()
}

/// Reports an announcement whose end is over.
pub fn ended_announcement(context: &CheckContext) -> Vec<Diagnostic> {
    let ended = context.site.announcement_ends().filter(|ends| ends.value.day < context.site.options.today);
    let report = |ends: &Located<When>| {
        let message = "the announcement has ended, and is on no page";
        let diagnostic = Diagnostic::warning(Rule::EndedAnnouncement, message);
        let diagnostic = diagnostic.at(&context.site.config.source, ends.span, "ended here");
        diagnostic.help("write the next one, or remove it")
    };
    ended.map(report).into_iter().collect()
}

/// Reports campaigns whose leads need an answer and that have no owner. An owner in `site.yaml` is the owner of all.
pub fn missing_owner(context: &CheckContext) -> Vec<Diagnostic> {
    if context.site.config.leads.owner.is_some() {
        return Vec::new();
    }
    let lacks_owner =
        |page: &SitePage| page.page.front.owner.is_none() && page.page.front.ctas.values().any(needs_answer);
    let pages: Vec<&SitePage> =
        campaigns(context.site).map(|(_, page)| page).filter(|page| lacks_owner(page)).collect();
    let Some(first) = pages.first() else { return Vec::new() };
    let message = match pages.len() {
        1 => "this campaign has no owner for its leads".to_owned(),
        number => format!("{number} campaigns have no owner for their leads"),
    };
    let diagnostic =
        Diagnostic::warning(Rule::MissingOwner, message).at(&first.page.source, span_of(first), "no `owner`");
    vec![diagnostic.help("add `owner: …` below `leads` in site.yaml for all campaigns, or to the campaign's page")]
}

/// Reports forms without a checkbox for consent.
pub fn missing_consent(context: &CheckContext) -> Vec<Diagnostic> {
    if !context.site.config.leads.consents.is_empty() {
        return Vec::new();
    }
    let forms =
        || campaigns(context.site).flat_map(|(_, page)| page.forms().filter_map(move |cta| Some((page, cta.form()?))));
    let Some((page, form)) = forms().next() else { return Vec::new() };
    let message = match forms().count() {
        1 => "this form does not ask for consent".to_owned(),
        number => format!("{} do not ask for consent", count(number, "form")),
    };
    let diagnostic = Diagnostic::warning(Rule::MissingConsent, message).at(&page.page.source, form.span, "no checkbox");
    vec![diagnostic.help("add it for all forms in site.yaml, below `leads`: `consent: { text: …, version: … }`")]
}

/// Reports campaigns without notes for sales, once their page has no errors.
pub fn missing_notes(context: &CheckContext) -> Vec<Diagnostic> {
    let errors = context.reported.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let with_errors: BTreeSet<&str> = errors.flat_map(Diagnostic::files).collect();
    let lacks_notes = |index: usize, page: &SitePage| {
        context.notes.are_missing(index) && !with_errors.contains(page.page.source.path.as_str())
    };
    let pages: Vec<&SitePage> =
        campaigns(context.site).filter(|(index, page)| lacks_notes(*index, page)).map(|(_, page)| page).collect();
    let Some(first) = pages.first() else { return Vec::new() };
    let files: Vec<String> = pages.iter().map(|page| notes_file(&page.page.source.path)).collect();
    let message = match pages.len() {
        1 => "this campaign has no notes for sales".to_owned(),
        number => format!("{number} campaigns have no notes for sales"),
    };
    let diagnostic = Diagnostic::warning(Rule::MissingNotes, message).at(
        &first.page.source,
        span_of(first),
        "what to say to its leads, and what to send",
    );
    vec![diagnostic.help(format!("ask sales for a few lines in {}; notes are never published", first_few(&files)))]
}

/// The live and scheduled campaigns that are readable, with the indices of their pages. Drafts may be unfinished.
fn campaigns(site: &Site) -> impl Iterator<Item = (usize, &SitePage)> {
    let pages = site.campaigns.values().map(|&index| (index, &site.pages[index]));
    pages.filter(|(_, page)| matches!(page.state, State::Live | State::Scheduled) && !page.page.broken)
}

/// The span for a problem of a whole campaign.
fn span_of(page: &SitePage) -> Span {
    let front = &page.page.front;
    front.ctas_span.unwrap_or(front.title.span)
}

/// The calls to action of its own that a page links to or renders.
fn shown_on_own_page<'c>(context: &'c CheckContext, page: &'c SitePage) -> BTreeSet<&'c Slug> {
    let linked = page.links.iter().filter_map(|target| match target {
        Target::Cta { page: target, cta } if *target == page.index => Some(cta),
        _ => None,
    });
    let shown = shown_ctas(context.outline(page), &context.theme.names.blocks);
    let offered = shown.filter_map(|id| Some(page.page.front.ctas.get_key_value(id)?.0));
    linked.chain(offered).chain(&page.forms_at_end).collect()
}

fn unused_ctas(page: &SitePage, unused: &[&Cta]) -> Option<Diagnostic> {
    let first = unused.first()?;
    let id = &first.id.value;
    let is_primary = page.page.front.ctas.keys().next() == Some(id);
    let message = match unused {
        [_] if is_primary => format!("no page shows the primary call to action `{id}`"),
        [_] => format!("no page shows the call to action `{id}`"),
        _ => format!("no page shows the calls to action {}", list(unused.iter().map(|cta| cta.id.value.as_str()))),
    };
    let diagnostic = unused.iter().fold(Diagnostic::warning(Rule::UnusedCta, message), |diagnostic, cta| {
        diagnostic.at(&page.page.source, cta.id.span, "not linked and not offered")
    });
    Some(diagnostic.help(how_to_show(id)).help("or delete it, if none of its links is published"))
}

fn missing_primary_cta(page: &SitePage, cta: &Cta) -> Diagnostic {
    let id = &cta.id.value;
    Diagnostic::warning(Rule::MissingPrimaryCta, format!("the primary call to action `{id}` is not on its own page"))
        .at(&page.page.source, cta.id.span, "only other pages show it")
        .help(how_to_show(id))
        .help("or move the page's main call to action to the top: the first one is the primary one")
}

fn how_to_show(id: impl std::fmt::Display) -> String {
    format!("show it as a button with `[](cta:{id})`, or as a card with `::: offer {id}`")
}

fn early_coupon(page: &SitePage, coupon: &Coupon, expires: Located<When>, today: Date) -> Option<Diagnostic> {
    let front = &page.page.front;
    let code = &coupon.code.value;
    let expired = expires.value.day < today;
    let later = |limit: Option<Located<When>>| limit.filter(|limit| expires.value.day < limit.value.day);
    let ends = later(front.ends);
    let (message, label) = match later(front.starts) {
        Some(_) => (format!("the coupon `{code}` expires before its campaign starts"), "nobody can use it"),
        None if expired => (format!("the coupon `{code}` has expired"), "the page no longer shows its code"),
        None if ends.is_some() => {
            (format!("the coupon `{code}` expires before its campaign ends"), "the page shows its code until this day")
        }
        None => return None,
    };
    let diagnostic = Diagnostic::warning(Rule::CouponExpiresEarly, message).at(&page.page.source, expires.span, label);
    Some(match ends {
        Some(ends) => diagnostic
            .at(&page.page.source, ends.span, "the campaign ends later")
            .help(format!("let both end on the same day: `expires: {}`", ends.value)),
        None => diagnostic.help("choose a later day, or end the campaign: `ends: …`"),
    })
}

/// By campaign, the files of other live pages that show its calls to action.
fn pages_that_offer(site: &Site) -> BTreeMap<usize, BTreeSet<&str>> {
    let mut offering: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (index, shown) in &site.shown_elsewhere {
        let page = &site.pages[*index];
        for (campaign, _) in shown.iter().filter(|_| page.state == State::Live) {
            offering.entry(*campaign).or_default().insert(&page.page.source.path);
        }
    }
    offering
}

fn ending_campaign(today: Date, page: &SitePage, offering: &BTreeSet<&str>) -> Option<Diagnostic> {
    let front = &page.page.front;
    let ends = front.ends.filter(|_| page.state == State::Live)?;
    let days = today.until(ends.value.day).ok()?.get_days();
    let is_prepared = front.rare().after_end.is_some() && offering.is_empty();
    if days > MAX_DAYS_BEFORE_END || is_prepared {
        return None;
    }
    let when = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let mut diagnostic = Diagnostic::warning(Rule::CampaignEndsSoon, format!("this campaign ends {when}")).at(
        &page.page.source,
        ends.span,
        "its last day",
    );
    if front.rare().after_end.is_none() {
        diagnostic = diagnostic.help("name the page that its visitors should see next: `after_end: …`");
    }
    if !offering.is_empty() {
        let pages: Vec<&&str> = offering.iter().collect();
        diagnostic = diagnostic.help(format!("remove its calls to action from {} by then", first_few(&pages)));
    }
    Some(diagnostic.help("or choose a later end"))
}

fn links_to_ended(site: &Site) -> impl Iterator<Item = Diagnostic> {
    site.linked(None).filter_map(|(link, target)| {
        let (LinkTarget::Page(written), Target::Page { page, .. }) = (&link.to, target) else { return None };
        (site.pages[*page].state == State::Ended).then(|| {
            Diagnostic::warning(Rule::CampaignEnded, format!("site.yaml links to `{}`, which has ended", written.value))
                .at(&site.config.source, written.span, "an ended campaign")
                .help("remove the link, or link to another page")
        })
    })
}

/// Whether somebody has to answer a lead. Coupons and open files need no answer.
fn needs_answer(cta: &Cta) -> bool {
    cta.offering().needs_follow_up()
}

/// `content/a/sales.md` for `content/a/index.md`, `content/offer.sales.md` for `content/offer.md`.
fn notes_file(page: &str) -> String {
    match page.strip_suffix("index.md") {
        Some(folder) if folder.ends_with('/') => format!("{folder}sales.md"),
        _ => format!("{}.sales.md", page.strip_suffix(".md").unwrap_or(page)),
    }
}
