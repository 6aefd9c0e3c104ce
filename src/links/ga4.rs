//! Warnings about channels whose visits are in none of GA4's default channel groups.

use std::collections::BTreeMap;

use super::share_link::CampaignLinks;
use crate::diagnostics::Diagnostic;
use crate::model::channel::Channel;
use crate::model::ga4::Ga4Group;
use crate::model::slug::Slug;
use crate::resolve::Site;
use crate::rules::Rule;

/// Values of `utm_medium` for media that people meet away from a screen.
const OFFLINE_MEDIA: [&str; 26] = [
    "billboard",
    "booth",
    "brochure",
    "catalogue",
    "direct-mail",
    "event",
    "expo",
    "fair",
    "flyer",
    "leaflet",
    "magazine",
    "newspaper",
    "offline",
    "ooh",
    "outdoor",
    "package",
    "packaging",
    "poster",
    "postcard",
    "print",
    "qr",
    "radio",
    "sign",
    "sticker",
    "trade-show",
    "tv",
];

/// Returns a warning for each channel of these links that is in no group.
pub fn unassigned(site: &Site, campaigns: &[CampaignLinks]) -> Vec<Diagnostic> {
    let links = campaigns.iter().flat_map(|campaign| &campaign.links);
    let unassigned = links.filter(|link| link.ga4_group == Ga4Group::Unassigned);
    let channels: BTreeMap<&Slug, &Channel> =
        unassigned.filter_map(|link| Some((link.channel, site.config.channels.get(link.channel)?))).collect();
    channels.into_values().map(|channel| unassigned_channel(site, channel)).collect()
}

/// Returns the warning for one channel, at its medium.
pub fn unassigned_channel(site: &Site, channel: &Channel) -> Diagnostic {
    let medium = &channel.medium.value;
    let message = format!("visits from the channel `{}` are `Unassigned` in GA4", channel.id);
    let diagnostic = Diagnostic::warning(Rule::Ga4Unassigned, message).at(
        &site.config.source,
        channel.medium.span,
        "in none of GA4's default channel groups",
    );
    let custom = format!("create a custom channel group in GA4 for the medium `{medium}`");
    match is_offline(medium) {
        true => diagnostic.help(format!("GA4 has no group for print and events; keep the medium, and {custom}")),
        false => diagnostic
            .help(
                "use one of these if it fits: `email`, `social`, `referral`, `affiliate`, `cpc`, `display`, `video`, \
                 `audio`, `sms`, `push`",
            )
            .help(format!("or keep the medium, and {custom}")),
    }
}

/// Whether people meet this medium away from a screen.
pub fn is_offline(medium: &str) -> bool {
    OFFLINE_MEDIA.contains(&medium.to_lowercase().as_str())
}
