//! Rules about the sources of leads, as analytics reports them. `check/sources/` finds them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family {
    title: "Sources",
    intro: "
        Only `tagline check` reports these.
    ",
};

pub const GA4_UNASSIGNED: Definition = Definition {
    id: "ga4-unassigned",
    class: Class::Warning,
    why: "GA4 lists visits that fit no channel group as `Unassigned`, not in its channel reports",
    explanation: "
        Your lead tags are not affected. If another medium is also correct, write that. If not, keep the medium and define a
        custom channel group in GA4. Print and events have no group in GA4, so only `tagline links` reports them. See
        [links](links.md#what-the-ga4-group-means).
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          newsletter: { label: Monthly newsletter, source: news, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: partner }
    ",
    passing: "
        channels:
          newsletter: { label: Monthly newsletter, source: news, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: referral }
    ",
};

pub const GA4_UNEXPECTED_GROUP: Definition = Definition {
    id: "ga4-unexpected-group",
    class: Class::Warning,
    why: "people look for visits in the channel group that the medium or the label names",
    explanation: "
        Google Analytics 4 sorts visits into groups by [published rules](links.md#what-the-ga4-group-means), and the first
        match counts. Three of them are surprising:

        - The source counts before the medium: `linkedin` with `email` is Organic Social, `amazon` with `email` is Organic
          Shopping.
        - A word in the campaign's id counts before both: with `shop` in it, as in `summer-shop`, e-mail is Organic Shopping.
        - A source that is not on Google's list turns `cpc` and `paid-social` into Paid Other: write `linkedin`, not `li-ads`.

        The rule reports a channel whose visits are in another group than its medium or label says, and a campaign whose id
        moves its visits. Your lead tags are not affected.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          newsletter: { label: LinkedIn newsletter, source: linkedin, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: referral }
    ",
    passing: "
        channels:
          newsletter: { label: LinkedIn newsletter, source: linkedin-email, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: referral }
    ",
};

pub const INCONSISTENT_SPELLING: Definition = Definition {
    id: "inconsistent-spelling",
    class: Class::Warning,
    why: "analytics counts each spelling separately, so two spellings of one name split every report",
    explanation: "
        The rule compares the `source` and the `medium` of all channels, without regard to case and punctuation.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          newsletter: { label: Monthly newsletter, source: newsletter, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: E-Mail }
    ",
    passing: "
        channels:
          newsletter: { label: Monthly newsletter, source: newsletter, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: email }
    ",
};

pub const UTM_ON_INTERNAL_LINK: Definition = Definition {
    id: "utm-on-internal-link",
    class: Class::Warning,
    why: "`utm_*` on a link within the site starts a new visit in analytics and hides the real source",
    explanation: "
        Your own pages would seem to bring the leads. Leave `utm_*` out: a visit keeps its source.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        See [our prices](/prices.md?utm_source=blog&utm_medium=text).
    ",
    passing: "
        See [our prices](/prices.md).
    ",
};

pub const OVERRIDDEN_UTM: Definition = Definition {
    id: "overridden-utm",
    class: Class::Warning,
    why: "Tagline writes `utm_*` on calls to action and replaces what is already there",
    explanation: "
        This applies to calls to action that lead to another host. Your `utm_campaign` is always replaced. Your `utm_source`
        and `utm_medium` remain only for visitors from no known channel; if that is what you want,
        [allow](site.md#rules) the rule. `utm_term` and the `utm_*` of other links remain.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://cal.com/kazi/trial?utm_source=website&utm_campaign=trial\" }
    ",
    passing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://cal.com/kazi/trial\" }
    ",
};

pub const UNUSED_CHANNEL: Definition = Definition {
    id: "unused-channel",
    class: Class::Warning,
    why: "a channel without a campaign was forgotten or is no longer needed",
    explanation: "
        Add the channel to the `channels` of a campaign, or delete it. The rule ignores channels that a page
        [counts as](pages.md), and channels with `sources`, `referrers` or `click_ids`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          newsletter: { label: Monthly newsletter, source: newsletter, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: referral }
          podcast: { label: Hiring podcast, source: podcast, medium: audio }   # no campaign lists it
    ",
    passing: "
        channels:
          newsletter: { label: Monthly newsletter, source: newsletter, medium: email }
          acme: { label: \"Partner: Acme\", source: acme, medium: referral }
    ",
};

pub const MISSING_CONSENT_BANNER: Definition = Definition {
    id: "missing-consent-banner",
    class: Class::Warning,
    why: "what waits for consent never happens if no visitor can give it",
    explanation: "
        With `require_consent: true`, nothing is stored and no [analytics](measuring.md) load before `tagline.consent(true)`. Nothing
        on this site calls it: no template, no page and no script. The theme `launch` has [a banner](arrival.md#consent). The
        rule finds sites whose own templates leave it out. It is off if a page or a template runs a script of another host,
        which may be the banner.
    ",
    examples_in: ExamplesIn::Other("themes/launch/parts/footer.html"),
    failing: "
        <footer>{{ site.organization.name }}</footer>
    ",
    passing: "
        <footer>{{ site.organization.name }}</footer>
        {% if site.requires_consent %}{% include \"parts/consent.html\" %}{% endif %}
    ",
};

pub const MISSING_PRIVACY_PAGE: Definition = Definition {
    id: "missing-privacy-page",
    class: Class::Warning,
    why: "people must be able to read what happens with the data that a form collects",
    explanation: "
        The site has a form, and neither a page nor a link of `site.yaml` is named as a privacy page: by its label, title or
        address, in one of several languages. A link to a page of another site counts too.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        footer:
          legal: [{ label: Terms, page: /terms.md }]
    ",
    passing: "
        footer:
          legal: [{ label: Terms, page: /terms.md }, { label: Privacy, page: /privacy.md }]
    ",
};

pub const MISSING_IMPRINT: Definition = Definition {
    id: "missing-imprint",
    class: Class::Warning,
    why: "some countries require an imprint on every business site, and fine those without",
    explanation: "
        The rule applies to sites in German, and to those with a domain or a language of Germany, Austria, Switzerland or
        France. A page or a link named Imprint, Impressum, Legal notice, Mentions légales or the like is enough. Ask a lawyer
        what it has to say. A site that needs none: `rules: { missing-imprint: allow }`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        base_url: https://kazi.de/
        language: de
    ",
    passing: "
        base_url: https://kazi.de/
        language: de
        footer:
          legal: [{ label: Impressum, page: /impressum.md }]
    ",
};
