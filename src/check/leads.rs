//! Leads that would be lost or late: an offer that nobody sees or that is over, and nobody who follows up.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Checked;
use crate::diagnostics::{Diagnostic, Severity, count, first_few, list};
use crate::model::cta::{Coupon, Cta, CtaOffer};
use crate::model::date::When;
use crate::model::site::NavigationTarget;
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State, Target};
use crate::rules::Rule;
use crate::source::{Located, Span};

/// How many days before its end a campaign is told to end.
const SOON: i32 = 7;

/// The campaigns that still want leads, with their page's index. What a draft lacks its author knows, and what a broken
/// page lacks may only be unreadable.
fn campaigns(site: &Site) -> impl Iterator<Item = (usize, &SitePage)> {
    let pages = site.campaigns.values().map(|&index| (index, &site.pages[index]));
    pages.filter(|(_, page)| matches!(page.state, State::Live | State::Scheduled) && !page.page.broken)
}

/// Where a problem of a campaign as a whole is told.
fn place(page: &SitePage) -> Span {
    let front = &page.page.front;
    front.ctas_span.unwrap_or(front.title.span)
}

/// Calls to action that visitors of their page, or anyone at all, never get to see.
pub fn ctas_shown(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    if checked.theme.lists_ctas || checked.is_told(Rule::UnknownCta) {
        return Vec::new();
    }
    let elsewhere: BTreeSet<(usize, &Slug)> =
        site.shown_elsewhere.values().flatten().map(|(page, cta)| (*page, cta)).collect();
    let mut found = Vec::new();
    for (index, page) in campaigns(site) {
        let here = shown_here(index, page);
        let is_shown = |cta: &Cta| here.contains(&cta.id.value) || elsewhere.contains(&(index, &cta.id.value));
        let ctas = &page.page.front.ctas;
        let unseen: Vec<&Cta> = ctas.values().filter(|cta| !site.is_partly_read && !is_shown(cta)).collect();
        let primary = ctas.values().next().filter(|cta| !here.contains(&cta.id.value));
        found.extend(unused(page, &unseen));
        found.extend(primary.filter(|cta| is_shown(cta)).map(|cta| primary_elsewhere(page, cta)));
    }
    found
}

/// The calls to action of its own that a page links to or draws.
fn shown_here(index: usize, page: &SitePage) -> BTreeSet<&Slug> {
    let linked = page.links.iter().filter_map(|target| match target {
        Target::Cta { page, cta } if *page == index => Some(cta),
        _ => None,
    });
    let drawn =
        page.page.body.offers.iter().filter_map(|(id, _)| Some(page.page.front.ctas.get_key_value(id.as_str())?.0));
    linked.chain(drawn).chain(&page.forms_at_end).collect()
}

fn unused(page: &SitePage, unseen: &[&Cta]) -> Option<Diagnostic> {
    let first = unseen.first()?;
    let id = &first.id.value;
    let is_primary = page.page.front.ctas.keys().next() == Some(id);
    let message = match unseen {
        [_] if is_primary => format!("the primary call to action `{id}` is shown nowhere"),
        [_] => format!("the call to action `{id}` is shown nowhere"),
        _ => format!("the calls to action {} are shown nowhere", list(unseen.iter().map(|cta| cta.id.value.as_str()))),
    };
    let diagnostic = unseen.iter().fold(Diagnostic::warning(Rule::UnusedCta, message), |diagnostic, cta| {
        diagnostic.at(&page.page.source, cta.id.span, "no page links to it or draws it")
    });
    Some(
        diagnostic
            .help(format!("show it in the text, as a button with `[](cta:{id})` or whole with `::: offer {id}`"))
            .help("or take it out, if none of its links is in the market"),
    )
}

fn primary_elsewhere(page: &SitePage, cta: &Cta) -> Diagnostic {
    let id = &cta.id.value;
    Diagnostic::warning(Rule::MissingPrimaryCta, format!("the primary call to action `{id}` is not on its own page"))
        .at(&page.page.source, cta.id.span, "other pages show it, this one does not")
        .help(format!("show it in the text, as a button with `[](cta:{id})` or whole with `::: offer {id}`"))
        .help("or put the one that this page is for first: the first is the primary one")
}

/// Coupons that are over while their campaign goes on.
pub fn coupons(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let of_page = |(_, page): (usize, &SitePage)| -> Vec<Diagnostic> {
        let coupons = page.page.front.ctas.values().filter_map(|cta| match &cta.offer {
            CtaOffer::Coupon(coupon) => Some((&**coupon, coupon.expires?)),
            CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) => None,
        });
        coupons.filter_map(|(coupon, expires)| coupon_expiry(page, coupon, expires, site.options.today)).collect()
    };
    campaigns(site).flat_map(of_page).collect()
}

fn coupon_expiry(page: &SitePage, coupon: &Coupon, expires: Located<When>, today: Date) -> Option<Diagnostic> {
    let front = &page.page.front;
    let code = &coupon.code.value;
    let expired = expires.value.day < today;
    let before = |limit: Option<Located<When>>| limit.filter(|limit| expires.value.day < limit.value.day);
    let ends = before(front.ends);
    let (message, label) = match before(front.starts) {
        Some(_) => (format!("the coupon `{code}` expires before its campaign starts"), "nobody ever gets it"),
        None if expired => (format!("the coupon `{code}` has expired"), "the page shows it without its code"),
        None if ends.is_some() => {
            (format!("the coupon `{code}` expires before its campaign ends"), "from the next day on it has no code")
        }
        None => return None,
    };
    let diagnostic = Diagnostic::warning(Rule::CouponExpiresEarly, message).at(&page.page.source, expires.span, label);
    Some(match ends {
        Some(ends) => diagnostic
            .at(&page.page.source, ends.span, "the campaign goes on until then")
            .help(format!("let both end on one day: `expires: {}`", ends.value)),
        None => diagnostic.help("give it a later day, or end the campaign: `ends: …`"),
    })
}

/// Campaigns that end within a week without a word of what comes then, or while other pages offer what they have.
pub fn ends_soon(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let offering = offered_by(site);
    let nothing = BTreeSet::new();
    let end = |(index, page)| end_soon(site.options.today, page, offering.get(&index).unwrap_or(&nothing));
    campaigns(site).filter_map(end).collect()
}

/// By the campaign's page, the files of the live pages that offer its calls to action besides itself.
fn offered_by(site: &Site) -> BTreeMap<usize, BTreeSet<&str>> {
    let mut offering: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (on, shown) in &site.shown_elsewhere {
        let page = &site.pages[*on];
        for (of, _) in shown.iter().filter(|_| page.state == State::Live) {
            offering.entry(*of).or_default().insert(&page.page.source.path);
        }
    }
    offering
}

fn end_soon(today: Date, page: &SitePage, offering: &BTreeSet<&str>) -> Option<Diagnostic> {
    let front = &page.page.front;
    let ends = front.ends.filter(|_| page.state == State::Live)?;
    let days = today.until(ends.value.day).ok()?.get_days();
    let is_prepared = front.after_end.is_some() && offering.is_empty();
    if days > SOON || is_prepared {
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
        "from the next day on it offers nothing",
    );
    if front.after_end.is_none() {
        diagnostic = diagnostic.help("say where its visitors are pointed to then: `after_end: …`");
    }
    if !offering.is_empty() {
        let pages: Vec<&&str> = offering.iter().collect();
        diagnostic = diagnostic.help(format!("take its calls to action out of {} then", first_few(&pages)));
    }
    Some(diagnostic.help("or let it go on, with a later day"))
}

/// Campaigns that have ended and leave their visitors standing, and a menu that still leads to one.
pub fn ended(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let pages = site.campaigns.values().map(|&index| &site.pages[index]);
    let standing =
        pages.filter(|page| page.state == State::Ended && page.page.front.after_end.is_none()).filter_map(|page| {
            let diagnostic = Diagnostic::warning(
                Rule::CampaignEnded,
                "this campaign has ended, and points its visitors to the home page",
            )
            .at(&page.page.source, page.page.front.ends?.span, "over since then");
            Some(diagnostic.help("name the page that serves them better: `after_end: …`"))
        });
    standing.chain(menu_to_ended(site)).collect()
}

fn menu_to_ended(site: &Site) -> impl Iterator<Item = Diagnostic> {
    site.config.navigation.iter().zip(&site.navigation).filter_map(|(item, target)| {
        let (NavigationTarget::Page(written), Target::Page { page, .. }) = (&item.to, target) else { return None };
        (site.pages[*page].state == State::Ended).then(|| {
            Diagnostic::warning(Rule::CampaignEnded, format!("the menu leads to `{}`, which has ended", written.value))
                .at(&site.config.source, written.span, "offers nothing any more")
                .help("take the entry out, or let it lead to a page that stays")
        })
    })
}

/// Leads come in, and nobody is named who follows them up. An owner in `site.yaml` is owner of all.
pub fn owner(checked: &Checked) -> Vec<Diagnostic> {
    if checked.site.config.leads.owner.is_some() {
        return Vec::new();
    }
    let is_nobodys =
        |page: &SitePage| page.page.front.owner.is_none() && page.page.front.ctas.values().any(is_followed_up);
    let nobodys: Vec<&SitePage> =
        campaigns(checked.site).map(|(_, page)| page).filter(|page| is_nobodys(page)).collect();
    let Some(first) = nobodys.first() else { return Vec::new() };
    let message = match nobodys.len() {
        1 => "nobody follows up this campaign's leads".to_owned(),
        number => format!("nobody follows up the leads of {number} campaigns"),
    };
    let diagnostic =
        Diagnostic::warning(Rule::MissingOwner, message).at(&first.page.source, place(first), "has no `owner`");
    vec![
        diagnostic
            .help("say who does: `owner: …` below `leads` in site.yaml, for all campaigns, or in the campaign's page"),
    ]
}

/// Whether somebody has to answer. A coupon is redeemed and an open file is downloaded without anyone's help.
fn is_followed_up(cta: &Cta) -> bool {
    match &cta.offer {
        CtaOffer::Booking(_) | CtaOffer::Contact(_) => true,
        CtaOffer::Download(download) => download.form.is_some(),
        CtaOffer::Coupon(_) => false,
    }
}

/// Forms ask for an address, and nothing asks whether it may be used.
pub fn consent(checked: &Checked) -> Vec<Diagnostic> {
    if checked.site.config.leads.consent.is_some() {
        return Vec::new();
    }
    let forms =
        || campaigns(checked.site).flat_map(|(_, page)| page.forms().filter_map(move |cta| Some((page, cta.form()?))));
    let Some((page, form)) = forms().next() else { return Vec::new() };
    let message = match forms().count() {
        1 => "this form asks for an address, and not for consent to use it".to_owned(),
        number => format!("{} ask for an address, and not for consent to use it", count(number, "form")),
    };
    let diagnostic =
        Diagnostic::warning(Rule::MissingConsent, message).at(&page.page.source, form.span, "no checkbox follows");
    vec![
        diagnostic
            .help("write the sentence for all forms in site.yaml: `consent: { text: …, version: … }` below `leads`"),
    ]
}

/// A hint: whoever calls a lead has nothing to go by but the page. It waits until a page has no mistakes.
pub fn notes(checked: &Checked) -> Vec<Diagnostic> {
    let errors = checked.told.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let wrong: BTreeSet<&str> = errors.flat_map(Diagnostic::files).collect();
    let is_without = |index: usize, page: &SitePage| {
        checked.notes.are_missing(index) && !wrong.contains(page.page.source.path.as_str())
    };
    let without: Vec<&SitePage> =
        campaigns(checked.site).filter(|(index, page)| is_without(*index, page)).map(|(_, page)| page).collect();
    let Some(first) = without.first() else { return Vec::new() };
    let files: Vec<String> = without.iter().map(|page| notes_file(&page.page.source.path)).collect();
    let message = match without.len() {
        1 => "sales has no notes on this campaign".to_owned(),
        number => format!("sales has no notes on {number} campaigns"),
    };
    let diagnostic = Diagnostic::warning(Rule::MissingNotes, message).at(
        &first.page.source,
        place(first),
        "what to say to its leads, and what to send",
    );
    vec![diagnostic.help(format!("ask sales for a few lines in {}; nothing of it is published", first_few(&files)))]
}

/// `content/a/sales.md` for `content/a/index.md`, `content/offer.sales.md` for `content/offer.md`.
fn notes_file(page: &str) -> String {
    match page.strip_suffix("index.md") {
        Some(folder) if folder.ends_with('/') => format!("{folder}sales.md"),
        _ => format!("{}.sales.md", page.strip_suffix(".md").unwrap_or(page)),
    }
}
