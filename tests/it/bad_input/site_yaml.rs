//! Errors in `site.yaml`: channels and analytics.

use crate::support::{
    CAMPAIGN, InvalidEdit, PAGE, SITE, Site, assert_each_rejected, assert_only_error, invalid, place_of_mark,
};

#[test]
#[rustfmt::skip]
fn unknown_or_reserved_channel_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "[newsletter, acme]", "[«newsleter, acme]", "unknown-channel", "did you mean `newsletter`?"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «billboard]", "unknown-channel", "add it to `channels` in site.yaml"),
            invalid(CAMPAIGN, "per_channel:", "per_channel:\n  «billboard: { title: X }", "unknown-channel", "add `billboard` to `channels`"),
            invalid(CAMPAIGN, "codes: { acme", "codes: { «billboard: X, acme", "unknown-channel", "add `billboard` to `channels`"),
            invalid(PAGE, "title: Prices", "title: Prices\ncounts_as: «newsleter", "unknown-channel", "did you mean `newsletter`?"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «direct]", "reserved-channel", "leave this one out"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «other]", "reserved-channel", "leave this one out"),
            invalid(SITE, "channels:\n", "channels:\n  «other: { label: O, source: o, medium: m }\n", "reserved-channel", "choose another id"),
            invalid(SITE, "channels:\n", "channels:\n  «direct: { label: O, source: o, medium: m }\n", "reserved-channel", "choose another id"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn channels_that_overlap_or_never_match_are_an_error() {
    let channel = |facts: &str| format!("channels:\n  x: {{ label: X, {facts} }}\n");
    let with = |source: &str, more: &str| channel(&format!("source: {source}, medium: email, {more}"));
    let same = channel("source: NEWS, medium: Email");
    let overlap = "could be from `x` or from `newsletter`";
    let site = Site::new().edit(SITE, "medium: email }", "medium: email, sources: [mc], referrers: [mail.kazi.example], click_ids: [epik] }");
    let marked = [
        // The error is at the second channel, which is further down.
        (same, "source: news", "source: «news", overlap),
        (with("x", "sources: [MC]"), "sources: [mc]", "sources: [«mc]", overlap),
        (with("x", "click_ids: [EPIK]"), "click_ids: [epik]", "click_ids: [«epik]", overlap),
        (with("x", "referrers: [kazi.example]"), "[mail.kazi", "[«mail.kazi", "visits from `mail.kazi.example` could be"),
        (with("x", "referrers: [a.mail.kazi.example]"), "[mail.kazi", "[«mail.kazi", "visits from `a.mail.kazi.example` could be"),
    ];
    site.build().clean();
    for (more, from, to, text) in marked {
        let site = Site::new()
            .edit(SITE, "medium: email }", "medium: email, sources: [mc], referrers: [mail.kazi.example], click_ids: [epik] }")
            .edit(SITE, "channels:\n", &more);
        let marked = site.read(SITE).replacen(from, to, 1);
        assert_only_error(&site.build(), "channel-overlap", &place_of_mark(SITE, &marked), text);
    }
    assert_each_rejected(
        &site,
        &[
            invalid(SITE, "click_ids: [epik]", "click_ids: [epik, «epik]", "channel-overlap", "names visits with a `epik` twice"),
            invalid(SITE, "sources: [mc]", "sources: [mc, «News]", "channel-overlap", "names visits with the source and medium `news` and `email` twice"),
            invalid(SITE, "[epik]", "[«gcild]", "unknown-click-id", "did you mean `gclid`?"),
            invalid(SITE, "[epik]", "[«ref]", "unknown-click-id", "the click ids are"),
            invalid(SITE, "[mail.kazi.example]", "[\"«https://www.linkedin.com/feed\"]", "bad-referrer", "write `www.linkedin.com`"),
            invalid(SITE, "[mail.kazi.example]", "[«linkedin.com/feed]", "bad-referrer", "write `linkedin.com`"),
            invalid(SITE, "[mail.kazi.example]", "[«linkedin]", "bad-referrer", "write it as in `linkedin.com`"),
            invalid(SITE, "[mail.kazi.example]", "[\"«*.linkedin.com\"]", "bad-referrer", "its subdomains are included"),
            invalid(SITE, "sources: [mc]", "sources: «mc", "wrong-type", "a list is expected here"),
            invalid(SITE, "sources: [mc]", "«mediums: [mc]", "unknown-key", "unknown key `mediums`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn analytics_without_exactly_one_valid_kind_are_an_error() {
    let with = |analytics: &str| format!("analytics: {analytics}\nchannels:\n");
    let edits = [
        ("«{ plausible: kazi.example, gtm: GTM-ABC1234 }", "bad-analytics", "names more than one service"),
        ("«{}", "bad-analytics", "exactly one of `plausible`, `ga4`, `gtm` and `matomo`"),
        ("{ gtm: «G-ABC1234567 }", "bad-analytics", "write `ga4: G-ABC1234567`"),
        ("{ gtm: «AW-123456 }", "bad-analytics", "the container that includes it"),
        ("{ ga4: «GTM-ABC1234 }", "bad-analytics", "write `gtm: GTM-ABC1234`"),
        ("{ ga4: «UA-123456-1 }", "bad-analytics", "switched off"),
        ("{ ga4: «g-abc1234 }", "bad-analytics", "as the data stream shows it"),
        ("{ matomo: { url: «\"https://stats.kazi.example/matomo.php\", site: 1 } }", "bad-analytics", "a folder is expected"),
        ("{ matomo: { url: «stats.kazi.example, site: 1 } }", "bad-url", "https://stats.kazi.example"),
        ("{ matomo: { url: \"https://stats.kazi.example/\", site: «0 } }", "bad-analytics", "not the number of a site"),
        ("{ matomo: { url: \"https://stats.kazi.example/\", site: «kazi } }", "bad-analytics", "not the number of a site"),
        ("{ matomo: { «url: \"https://stats.kazi.example/\" } }", "missing-key", "site"),
        ("{ gtm: «gtm-abc1234 }", "bad-analytics", "write it as Tag Manager shows it: `GTM-ABC1234`"),
        ("{ gtm: «\"GTM-');alert(1)//\" }", "bad-analytics", "is not a Tag Manager container"),
        ("{ plausible: «\"https://kazi.example\" }", "bad-analytics", "without `https://`"),
        ("{ plausible: «kazi }", "bad-analytics", "is not a domain"),
        ("{ gtm: GTM-ABC1234, «adobe: x }", "unknown-key", "unknown key `adobe`"),
    ];
    let written: Vec<String> = edits.iter().map(|(analytics, ..)| with(analytics)).collect();
    let edits: Vec<InvalidEdit> = edits
        .iter()
        .zip(&written)
        .map(|((_, rule, text), written)| invalid(SITE, "channels:\n", written, rule, text))
        .collect();
    assert_each_rejected(&Site::new(), &edits);
}
