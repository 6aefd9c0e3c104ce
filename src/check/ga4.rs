//! What Google Analytics 4 makes of the links to hand out, where that is not what the site's own words say.

use std::collections::BTreeSet;

use super::Checked;
use crate::diagnostics::Diagnostic;
use crate::links;
use crate::model::channel::Channel;
use crate::model::ga4::{self, Ga4Group};
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State};
use crate::rules::Rule;

/// The campaigns whose links are handed out, with their ids. A draft's channels may not be the last word.
fn campaigns(site: &Site) -> impl Iterator<Item = (&Slug, &SitePage)> {
    let pages = site.campaigns.iter().map(|(id, &index)| (id, &site.pages[index]));
    pages.filter(|(_, page)| page.state != State::Draft)
}

/// The channels of links whose group is not changed by a word in their campaign's id.
fn channels(site: &Site) -> impl Iterator<Item = &Channel> {
    let plain = campaigns(site).filter(|(id, _)| ga4::telling_word(id.as_str()).is_none());
    let used: BTreeSet<&Slug> = plain.flat_map(|(_, page)| site.channel_pages(page)).collect();
    site.config.channels.values().filter(move |channel| used.contains(&channel.id))
}

/// Channels that no group fits. For what people meet away from a screen there is none, and nothing to mend here:
/// `tagline links` says so when a link is handed out.
pub fn unassigned(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    let fits_none = |channel: &&Channel| group(channel, "") == Ga4Group::Unassigned;
    let mendable = channels(site).filter(fits_none).filter(|channel| !links::is_offline(&channel.medium.value));
    mendable.map(|channel| links::unassigned_channel(site, channel)).collect()
}

fn group(channel: &Channel, campaign: &str) -> Ga4Group {
    ga4::group(&channel.source.value, &channel.medium.value, campaign)
}

/// Channels whose group is another than their medium or their label says.
pub fn contradicted(checked: &Checked) -> Vec<Diagnostic> {
    channels(checked.site).filter_map(|channel| contradiction(checked.site, channel)).collect()
}

/// The words of `site.yaml` that say what a channel is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Medium,
    Label,
}

fn contradiction(site: &Site, channel: &Channel) -> Option<Diagnostic> {
    let (source, medium) = (&channel.source, &channel.medium);
    let actual = group(channel, "");
    let by_medium = said_by_medium(&medium.value).map(|groups| (groups, By::Medium));
    let by_label = said_by_label(&channel.label).map(|groups| (groups, By::Label));
    let contradicts = |(groups, _): &(Vec<Ga4Group>, By)| actual != Ga4Group::Unassigned && !groups.contains(&actual);
    let (groups, by) = [by_medium, by_label].into_iter().flatten().find(contradicts)?;
    let expected = groups[0];
    let who = match by {
        By::Medium => "the medium",
        By::Label => "the label",
    };
    let message = format!("visits from the channel `{}` are `{}` in GA4", channel.id, actual.name());
    let mut diagnostic = Diagnostic::warning(Rule::Ga4UnexpectedGroup, message).at(
        &site.config.source,
        medium.span,
        format!("{who} says `{}`", expected.name()),
    );
    if actual != ga4::group("", &medium.value, "") {
        diagnostic = diagnostic.at(&site.config.source, source.span, "GA4 goes by the source first");
    }
    let as_expected = cure(&channel.label, &source.value, &medium.value, expected);
    let as_it_is = match by {
        By::Medium => cure(&channel.label, &source.value, &medium.value, actual),
        By::Label => Some("say so in the label".to_owned()),
    };
    let cures = [(expected, as_expected), (actual, as_it_is)];
    Some(
        cures
            .into_iter()
            .filter_map(|(group, cure)| Some((group, cure?)))
            .fold(diagnostic, |told, (group, cure)| told.help(format!("if it is `{}`, {cure}", group.name()))),
    )
}

/// What to write so that visits are of a group; tried before it is told. A label may name the source that GA4 knows.
fn cure(label: &str, source: &str, medium: &str, group: Ga4Group) -> Option<String> {
    let of_group = medium_of(group)?;
    let other_source = format!("{source}-{of_group}");
    let label = label.to_lowercase();
    let named = words(&label).chain(KNOWN).find(|word| ga4::group(word, medium, "") == group);
    match () {
        () if ga4::group(source, of_group, "") == group => Some(format!("write `medium: {of_group}`")),
        () if ga4::group(&other_source, medium, "") == group => Some(format!("write `source: {other_source}`")),
        () => named.map(|known| format!("write the name that GA4 knows, as in `source: {known}`")),
    }
}

/// One source of each kind that GA4 knows, for whoever has to see how they are written.
const KNOWN: [&str; 3] = ["facebook", "google", "youtube"];

fn words(label: &str) -> impl Iterator<Item = &str> {
    label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The medium that people write for a group.
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

/// The groups that a medium says, the one that it means first; None where it says nothing or leaves it to the source.
fn said_by_medium(medium: &str) -> Option<Vec<Ga4Group>> {
    let group = ga4::group("", medium, "");
    match group {
        Ga4Group::Email | Ga4Group::Affiliates | Ga4Group::Audio | Ga4Group::Sms | Ga4Group::MobilePush => {
            Some(vec![group])
        }
        Ga4Group::OrganicSocial => Some(vec![group]),
        Ga4Group::Display => Some([vec![group], PAID.to_vec()].concat()),
        Ga4Group::PaidOther => Some(paid_for(medium).map_or(PAID.to_vec(), |group| vec![group])),
        // On a network's own pages these are what GA4 calls by the network.
        Ga4Group::Referral | Ga4Group::OrganicVideo | Ga4Group::OrganicSearch => None,
        Ga4Group::Direct | Ga4Group::CrossNetwork | Ga4Group::AiAssistant | Ga4Group::Unassigned => None,
        Ga4Group::PaidShopping | Ga4Group::PaidSearch | Ga4Group::PaidSocial | Ga4Group::PaidVideo => None,
        Ga4Group::OrganicShopping => None,
    }
}

/// `paid-social` means one kind of what is paid.
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

/// The groups that the words of a label say, the one that they mean first; None where they say nothing of it.
fn said_by_label(label: &str) -> Option<Vec<Ga4Group>> {
    let label = label.to_lowercase().replace("e-mail", "email");
    let has = |known: &[&str]| words(&label).any(|word| known.contains(&word));
    let is_email = has(&["email", "emails", "newsletter", "newsletters"]);
    let is_social = has(&NETWORKS) || label.contains("social media");
    let is_paid = has(&["ad", "ads", "adverts", "paid", "ppc"]);
    let mut groups = Vec::new();
    if is_email {
        // A partner's newsletter is either.
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

/// Campaigns with a word in their id by which GA4 sorts their visits into another group.
pub fn telling_ids(checked: &Checked) -> Vec<Diagnostic> {
    let site = checked.site;
    campaigns(site).filter_map(|(id, page)| telling_id(site, id, page)).collect()
}

fn telling_id(site: &Site, id: &Slug, page: &SitePage) -> Option<Diagnostic> {
    let word = ga4::telling_word(id.as_str()).filter(|_| page.state != State::Ended)?;
    let channels = site.channel_pages(page).filter_map(|channel| site.config.channels.get(channel));
    // Who calls a channel a shop means it.
    let channels = channels.filter(|channel| !channel.label.to_lowercase().contains("shop"));
    let moved: Vec<String> = channels
        .map(|channel| (channel, group(channel, ""), group(channel, id.as_str())))
        .filter(|(_, plain, actual)| plain != actual)
        .map(|(channel, plain, actual)| {
            format!("`{}` is `{}`, and would be `{}`", channel.id, actual.name(), plain.name())
        })
        .collect();
    if moved.is_empty() {
        return None;
    }
    let front = &page.page.front;
    let span = front.campaign.as_ref().map_or(front.title.span, |campaign| campaign.span);
    let diagnostic = Diagnostic::warning(
        Rule::Ga4UnexpectedGroup,
        format!("GA4 goes by the word `{word}` in the campaign's id `{id}`"),
    )
    .at(&page.page.source, span, "sorts its visits into other groups");
    Some(
        diagnostic
            .help(moved.join("; "))
            .help("before its links are out, give it an id without that word: `campaign: …`")
            .help("afterwards keep the id, and go by the medium in GA4's reports"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_says_what_its_visits_are_unless_it_leaves_that_to_the_source() {
        for (medium, means, also) in [
            ("email", Ga4Group::Email, &[][..]),
            ("E-Mail", Ga4Group::Email, &[]),
            ("social", Ga4Group::OrganicSocial, &[]),
            ("sms", Ga4Group::Sms, &[]),
            ("paid-social", Ga4Group::PaidSocial, &[]),
            ("cpc", Ga4Group::PaidOther, &[Ga4Group::PaidSearch, Ga4Group::PaidSocial]),
            ("cpm", Ga4Group::Display, &[Ga4Group::PaidSearch]),
        ] {
            let said = said_by_medium(medium).unwrap();
            assert_eq!(said[0], means, "{medium}");
            assert!(also.iter().all(|group| said.contains(group)), "{medium}");
        }
        for open in ["referral", "organic", "video", "print", ""] {
            assert_eq!(said_by_medium(open), None, "{open}");
        }
    }

    #[test]
    fn a_label_says_what_its_words_mean_and_most_say_nothing() {
        for (label, fits, contradicts) in [
            ("Monthly newsletter", Ga4Group::Email, Ga4Group::OrganicSocial),
            ("E-mail to customers", Ga4Group::Email, Ga4Group::OrganicShopping),
            ("Newsletter of Acme", Ga4Group::Referral, Ga4Group::PaidOther),
            ("LinkedIn posts", Ga4Group::OrganicSocial, Ga4Group::Referral),
            ("LinkedIn newsletter", Ga4Group::Email, Ga4Group::OrganicVideo),
            ("Facebook ads", Ga4Group::PaidSocial, Ga4Group::OrganicSocial),
            ("Google Ads", Ga4Group::PaidSearch, Ga4Group::OrganicSearch),
            ("SMS", Ga4Group::Sms, Ga4Group::Email),
        ] {
            let said = said_by_label(label).unwrap();
            assert!(said.contains(&fits), "{label}");
            assert!(!said.contains(&contradicts), "{label}");
        }
        for silent in ["Partner: Acme", "Our articles", "Expo flyer", "Roads and paths", "Direct mail", ""] {
            assert_eq!(said_by_label(silent), None, "{silent}");
        }
    }

    #[test]
    fn a_cure_leads_to_the_group_that_it_names() {
        for (source, medium, group, cured) in [
            ("linkedin", "email", Ga4Group::Email, Some("write `source: linkedin-email`")),
            ("linkedin", "email", Ga4Group::OrganicSocial, Some("write `medium: social`")),
            ("facebook", "social", Ga4Group::PaidSocial, Some("write `medium: paid-social`")),
            ("amazon", "email", Ga4Group::Email, Some("write `source: amazon-email`")),
            ("li-ads", "cpc", Ga4Group::PaidSocial, Some("write the name that GA4 knows, as in `source: linkedin`")),
            ("yt", "paid-video", Ga4Group::PaidVideo, Some("write the name that GA4 knows, as in `source: youtube`")),
        ] {
            assert_eq!(cure("LinkedIn ads", source, medium, group).as_deref(), cured, "{source} {medium}");
        }
    }
}
