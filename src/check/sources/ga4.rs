//! Channel groups of Google Analytics 4: which group it assigns to the site's share links, compared with what `site.yaml`
//! says.

use std::collections::BTreeSet;

use crate::check::context::CheckContext;
use crate::diagnostics::Diagnostic;
use crate::links;
use crate::model::channel::Channel;
use crate::model::ga4::{self, Ga4Group};
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State};
use crate::rules::Rule;

/// Reports channels that fit no group. GA4 has no group for offline media, so there is nothing to fix for them; only
/// `tagline links` mentions it.
pub fn unassigned_channels(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    let is_unassigned = |channel: &&Channel| group(channel, "") == Ga4Group::Unassigned;
    let online = channels(site).filter(|channel| !links::is_offline(&channel.medium.value));
    online.filter(is_unassigned).map(|channel| links::unassigned_channel(site, channel)).collect()
}

/// Reports channels that are in another group than their medium or label says.
pub fn unexpected_groups(context: &CheckContext) -> Vec<Diagnostic> {
    channels(context.site).filter_map(|channel| unexpected_group(context.site, channel)).collect()
}

/// Reports campaigns whose id contains a word that moves their visits into another group.
pub fn ids_that_change_groups(context: &CheckContext) -> Vec<Diagnostic> {
    let site = context.site;
    campaigns(site).filter_map(|(id, page)| id_that_changes_groups(site, id, page)).collect()
}

/// The campaigns with share links, by id. A draft's channels may still change.
fn campaigns(site: &Site) -> impl Iterator<Item = (&Slug, &SitePage)> {
    let pages = site.campaigns.iter().map(|(id, &index)| (id, &site.pages[index]));
    pages.filter(|(_, page)| page.state != State::Draft)
}

/// The channels of campaigns whose id does not change the group.
fn channels(site: &Site) -> impl Iterator<Item = &Channel> {
    let plain = campaigns(site).filter(|(id, _)| ga4::deciding_word(id.as_str()).is_none());
    let used: BTreeSet<&Slug> = plain.flat_map(|(_, page)| site.channel_pages(page)).collect();
    site.config.channels.values().filter(move |channel| used.contains(&channel.id))
}

fn group(channel: &Channel, campaign: &str) -> Ga4Group {
    ga4::group(&channel.source.value, &channel.medium.value, campaign)
}

/// The key of a channel that says which group is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedBy {
    Medium,
    Label,
}

fn unexpected_group(site: &Site, channel: &Channel) -> Option<Diagnostic> {
    let (source, medium) = (&channel.source, &channel.medium);
    let actual = group(channel, "");
    let by_medium = groups_of_medium(&medium.value).map(|groups| (groups, ExpectedBy::Medium));
    let by_label = groups_of_label(&channel.label).map(|groups| (groups, ExpectedBy::Label));
    let is_unexpected =
        |(groups, _): &(Vec<Ga4Group>, ExpectedBy)| actual != Ga4Group::Unassigned && !groups.contains(&actual);
    let (groups, by) = [by_medium, by_label].into_iter().flatten().find(is_unexpected)?;
    let expected = groups[0];
    let by_whom = match by {
        ExpectedBy::Medium => "medium",
        ExpectedBy::Label => "label",
    };
    let message = format!("GA4 assigns visits from the channel `{}` to `{}`", channel.id, actual.name());
    let mut diagnostic = Diagnostic::warning(Rule::Ga4UnexpectedGroup, message).at(
        &site.config.source,
        medium.span,
        format!("the {by_whom} says `{}`", expected.name()),
    );
    if actual != ga4::group("", &medium.value, "") {
        diagnostic = diagnostic.at(&site.config.source, source.span, "GA4 looks at the source first");
    }
    let as_expected = fix(&channel.label, &source.value, &medium.value, expected);
    let as_it_is = match by {
        ExpectedBy::Medium => fix(&channel.label, &source.value, &medium.value, actual),
        ExpectedBy::Label => Some("change the label".to_owned()),
    };
    let fixes = [(expected, as_expected), (actual, as_it_is)];
    let known = fixes.into_iter().filter_map(|(group, fix)| Some((group, fix?)));
    Some(
        known.fold(diagnostic, |diagnostic, (group, fix)| {
            diagnostic.help(format!("if `{}` is right, {fix}", group.name()))
        }),
    )
}

/// What to write so that GA4 assigns visits to a group. Each suggestion is tested first. The label may contain the name of
/// a source that GA4 recognizes.
fn fix(label: &str, source: &str, medium: &str, group: Ga4Group) -> Option<String> {
    let group_medium = medium_of(group)?;
    let other_source = format!("{source}-{group_medium}");
    let label = label.to_lowercase();
    let named = words(&label).chain(EXAMPLE_SOURCES).find(|word| ga4::group(word, medium, "") == group);
    match () {
        () if ga4::group(source, group_medium, "") == group => Some(format!("write `medium: {group_medium}`")),
        () if ga4::group(&other_source, medium, "") == group => Some(format!("write `source: {other_source}`")),
        () => named.map(|known| format!("write the name that GA4 recognizes, such as `source: {known}`")),
    }
}

/// One recognized source of each kind, as examples.
const EXAMPLE_SOURCES: [&str; 3] = ["facebook", "google", "youtube"];

fn words(label: &str) -> impl Iterator<Item = &str> {
    label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The usual medium of a group.
fn medium_of(group: Ga4Group) -> Option<&'static str> {
    match group {
        Ga4Group::PaidShopping | Ga4Group::PaidSearch | Ga4Group::PaidVideo | Ga4Group::PaidOther => Some("cpc"),
        Ga4Group::PaidSocial => Some("paid-social"),
        Ga4Group::Display => Some("display"),
        Ga4Group::OrganicSocial => Some("social"),
        Ga4Group::OrganicVideo => Some("video"),
        Ga4Group::OrganicSearch => Some("organic"),
        Ga4Group::Referral => Some("referral"),
        Ga4Group::Email => Some("email"),
        Ga4Group::Affiliates => Some("affiliate"),
        Ga4Group::Audio => Some("audio"),
        Ga4Group::Sms => Some("sms"),
        Ga4Group::MobilePush => Some("push"),
        Ga4Group::Direct | Ga4Group::CrossNetwork | Ga4Group::AiAssistant => None,
        Ga4Group::OrganicShopping | Ga4Group::Unassigned => None,
    }
}

const PAID: [Ga4Group; 7] = [
    Ga4Group::PaidOther,
    Ga4Group::PaidSearch,
    Ga4Group::PaidSocial,
    Ga4Group::PaidVideo,
    Ga4Group::PaidShopping,
    Ga4Group::Display,
    Ga4Group::CrossNetwork,
];

/// The groups that fit a medium, the best one first. None if the medium is not specific, or the source decides.
fn groups_of_medium(medium: &str) -> Option<Vec<Ga4Group>> {
    let group = ga4::group("", medium, "");
    match group {
        Ga4Group::Email | Ga4Group::Affiliates | Ga4Group::Audio | Ga4Group::Sms | Ga4Group::MobilePush => {
            Some(vec![group])
        }
        Ga4Group::OrganicSocial => Some(vec![group]),
        Ga4Group::Display => Some([vec![group], PAID.to_vec()].concat()),
        Ga4Group::PaidOther => Some(paid_for(medium).map_or(PAID.to_vec(), |group| vec![group])),
        // On the pages of a network, GA4 names these after the network.
        Ga4Group::Referral | Ga4Group::OrganicVideo | Ga4Group::OrganicSearch => None,
        Ga4Group::Direct | Ga4Group::CrossNetwork | Ga4Group::AiAssistant | Ga4Group::Unassigned => None,
        Ga4Group::PaidShopping | Ga4Group::PaidSearch | Ga4Group::PaidSocial | Ga4Group::PaidVideo => None,
        Ga4Group::OrganicShopping => None,
    }
}

/// The group of a specific paid medium, such as `paid-social`.
fn paid_for(medium: &str) -> Option<Ga4Group> {
    let medium = medium.to_lowercase();
    let kinds = [
        ("social", Ga4Group::PaidSocial),
        ("search", Ga4Group::PaidSearch),
        ("video", Ga4Group::PaidVideo),
        ("shopping", Ga4Group::PaidShopping),
    ];
    kinds.into_iter().find(|(word, _)| medium.contains(word)).map(|(_, group)| group)
}

const NETWORKS: [&str; 6] = ["facebook", "instagram", "linkedin", "pinterest", "tiktok", "twitter"];

/// The groups that fit a label, the best one first. None if the label is not specific.
fn groups_of_label(label: &str) -> Option<Vec<Ga4Group>> {
    let label = label.to_lowercase().replace("e-mail", "email");
    let has = |listed: &[&str]| words(&label).any(|word| listed.contains(&word));
    let is_email = has(&["email", "emails", "newsletter", "newsletters"]);
    let is_social = has(&NETWORKS) || label.contains("social media");
    let is_paid = has(&["ad", "ads", "adverts", "paid", "ppc"]);
    let mut groups = Vec::new();
    if is_email {
        // The newsletter of a partner is any of these.
        groups.extend([Ga4Group::Email, Ga4Group::Referral, Ga4Group::Affiliates]);
    }
    match (is_social, is_paid) {
        (true, true) => groups.extend([Ga4Group::PaidSocial, Ga4Group::Display, Ga4Group::PaidVideo]),
        (true, false) => groups.extend([Ga4Group::OrganicSocial, Ga4Group::PaidSocial, Ga4Group::Display]),
        (false, true) => groups.extend(PAID.into_iter().chain([Ga4Group::Audio])),
        (false, false) => {}
    }
    if has(&["sms"]) {
        groups.push(Ga4Group::Sms);
    }
    (!groups.is_empty()).then_some(groups)
}

fn id_that_changes_groups(site: &Site, id: &Slug, page: &SitePage) -> Option<Diagnostic> {
    let word = ga4::deciding_word(id.as_str()).filter(|_| page.state != State::Ended)?;
    let channels = site.channel_pages(page).filter_map(|channel| site.config.channels.get(channel));
    // A channel with "shop" in its label is meant to be a shop.
    let channels = channels.filter(|channel| !channel.label.to_lowercase().contains("shop"));
    let moved: Vec<String> = channels
        .map(|channel| (channel, group(channel, ""), group(channel, id.as_str())))
        .filter(|(_, plain, actual)| plain != actual)
        .map(|(channel, plain, actual)| {
            format!("`{}` is in `{}` instead of `{}`", channel.id, actual.name(), plain.name())
        })
        .collect();
    if moved.is_empty() {
        return None;
    }
    let front = &page.page.front;
    let span = front.campaign.as_ref().map_or(front.title.span, |campaign| campaign.span);
    let diagnostic = Diagnostic::warning(
        Rule::Ga4UnexpectedGroup,
        format!("the word `{word}` in the campaign's id `{id}` changes its group in GA4"),
    )
    .at(&page.page.source, span, "moves its visits to other groups");
    Some(
        diagnostic
            .help(moved.join("; "))
            .help("before its links are published, choose an id without that word: `campaign: …`")
            .help("after that keep the id, and use the medium in GA4's reports"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medium_determines_the_group_unless_the_source_does() {
        for (medium, means, also) in [
            ("email", Ga4Group::Email, &[][..]),
            ("E-Mail", Ga4Group::Email, &[]),
            ("social", Ga4Group::OrganicSocial, &[]),
            ("sms", Ga4Group::Sms, &[]),
            ("paid-social", Ga4Group::PaidSocial, &[]),
            ("cpc", Ga4Group::PaidOther, &[Ga4Group::PaidSearch, Ga4Group::PaidSocial]),
            ("cpm", Ga4Group::Display, &[Ga4Group::PaidSearch]),
        ] {
            let groups = groups_of_medium(medium).unwrap();
            assert_eq!(groups[0], means, "{medium}");
            assert!(also.iter().all(|group| groups.contains(group)), "{medium}");
        }
        for open in ["referral", "organic", "video", "print", ""] {
            assert_eq!(groups_of_medium(open), None, "{open}");
        }
    }

    #[test]
    fn label_determines_the_group_if_it_is_specific() {
        for (label, expected, unexpected) in [
            ("Monthly newsletter", Ga4Group::Email, Ga4Group::OrganicSocial),
            ("E-mail to customers", Ga4Group::Email, Ga4Group::OrganicShopping),
            ("Newsletter of Acme", Ga4Group::Referral, Ga4Group::PaidOther),
            ("LinkedIn posts", Ga4Group::OrganicSocial, Ga4Group::Referral),
            ("LinkedIn newsletter", Ga4Group::Email, Ga4Group::OrganicVideo),
            ("Facebook ads", Ga4Group::PaidSocial, Ga4Group::OrganicSocial),
            ("Google Ads", Ga4Group::PaidSearch, Ga4Group::OrganicSearch),
            ("SMS", Ga4Group::Sms, Ga4Group::Email),
        ] {
            let groups = groups_of_label(label).unwrap();
            assert!(groups.contains(&expected), "{label}");
            assert!(!groups.contains(&unexpected), "{label}");
        }
        for label in ["Partner: Acme", "Our articles", "Expo flyer", "Roads and paths", "Direct mail", ""] {
            assert_eq!(groups_of_label(label), None, "{label}");
        }
    }

    #[test]
    fn suggested_fix_leads_to_the_named_group() {
        for (source, medium, group, expected) in [
            ("linkedin", "email", Ga4Group::Email, Some("write `source: linkedin-email`")),
            ("linkedin", "email", Ga4Group::OrganicSocial, Some("write `medium: social`")),
            ("facebook", "social", Ga4Group::PaidSocial, Some("write `medium: paid-social`")),
            ("amazon", "email", Ga4Group::Email, Some("write `source: amazon-email`")),
            (
                "li-ads",
                "cpc",
                Ga4Group::PaidSocial,
                Some("write the name that GA4 recognizes, such as `source: linkedin`"),
            ),
            (
                "yt",
                "paid-video",
                Ga4Group::PaidVideo,
                Some("write the name that GA4 recognizes, such as `source: youtube`"),
            ),
        ] {
            assert_eq!(fix("LinkedIn ads", source, medium, group).as_deref(), expected, "{source} {medium}");
        }
    }
}
