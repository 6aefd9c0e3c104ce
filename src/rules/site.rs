//! Rules about `site.yaml`: channels, destinations, analytics, the policy.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Site", intro: "" };

pub const UNKNOWN_CHANNEL: Definition = Definition {
    id: "unknown-channel",
    class: Class::Essential,
    why: "a lead from a channel that site.yaml does not list has no source",
    explanation: "
        The rule also finds titles and codes for a channel on which the campaign does not run.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        channels: [newsleter, acme]
    ",
    passing: "
        channels: [newsletter, acme]
    ",
};

pub const UNKNOWN_DESTINATION: Definition = Definition {
    id: "unknown-destination",
    class: Class::Essential,
    why: "without a known destination, the leads of a form go nowhere",
    explanation: "
        Use the id of a destination from `destinations` in `site.yaml`.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          guide:
            label: Download the guide
            deliver_to: cmr
            download: { file: guide.pdf, form: [email] }
    ",
    passing: "
        ctas:
          guide:
            label: Download the guide
            deliver_to: crm
            download: { file: guide.pdf, form: [email] }
    ",
};

pub const MISSING_DESTINATION: Definition = Definition {
    id: "missing-destination",
    class: Class::Essential,
    why: "without a destination, the leads of a form go nowhere",
    explanation: "
        Set a destination for the whole site, or `deliver_to` on the call to action.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { owner: sales@kazi.example }
    ",
    passing: "
        destinations:
          crm: { endpoint: https://forms.kazi.example/leads }
        leads: { owner: sales@kazi.example, deliver_to: crm }
    ",
};

pub const BAD_DESTINATION_KIND: Definition = Definition {
    id: "bad-destination-kind",
    class: Class::Essential,
    why: "a destination has exactly one of `endpoint`, `netlify`, `hubspot`, `salesforce`, `mailchimp`, `brevo` and `mautic`",
    explanation: "
        To deliver to two services, declare two destinations. A call to action selects one with `deliver_to`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        destinations:
          crm: { endpoint: https://forms.kazi.example/leads, netlify: true }
    ",
    passing: "
        destinations:
          crm: { endpoint: https://forms.kazi.example/leads }
          forms: { netlify: true }
    ",
};

pub const INSECURE_ENDPOINT: Definition = Definition {
    id: "insecure-endpoint",
    class: Class::Essential,
    why: "without encryption, anyone on the way can read what people type into a form",
    explanation: "
        An endpoint begins with `https://`. Only an endpoint on this machine may begin with `http://localhost`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        destinations:
          crm: { endpoint: http://forms.kazi.example/leads }
    ",
    passing: "
        destinations:
          crm: { endpoint: https://forms.kazi.example/leads }
    ",
};

pub const BAD_DESTINATION_ACCOUNT: Definition = Definition {
    id: "bad-destination-account",
    class: Class::Essential,
    why: "leads that are sent to an account that does not exist are lost without a message",
    explanation: "
        Tagline checks the form of account ids and of the addresses of forms. A HubSpot portal is a number, and a HubSpot form is a GUID. A Salesforce
        organization is `00D` and 12 or 15 more characters; with 15, the last three are a checksum. Copy ids instead of typing
        them.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        destinations:
          crm: { hubspot: { portal: kazi, form: 0f8fad5b } }
    ",
    passing: "
        destinations:
          crm: { hubspot: { portal: 12345678, form: 0f8fad5b-d9cb-469f-a165-70867728950e } }
    ",
};

pub const BAD_DESTINATION_FIELD: Definition = Definition {
    id: "bad-destination-field",
    class: Class::Essential,
    why: "a destination drops fields that it does not have, and leads without its required fields",
    explanation: "
        HubSpot creates no contact without `email`. Salesforce requires `name` and `company`, and a field for `lead_tag`.
        Neither has a field for `team_size`, `preferred_time` or a field of your own until you name one. Each field of theirs takes one of
        ours, and its name has a fixed form. See [destinations](destinations.md#field-names).
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        destinations:
          crm:
            hubspot:
              portal: 12345678
              form: 0f8fad5b-d9cb-469f-a165-70867728950e
              fields: { team_size: Company-Size }
    ",
    passing: "
        destinations:
          crm:
            hubspot:
              portal: 12345678
              form: 0f8fad5b-d9cb-469f-a165-70867728950e
              fields: { team_size: company_size }
    ",
};

pub const BAD_FIELD: Definition = Definition {
    id: "bad-field",
    class: Class::Essential,
    why: "a field that nobody can fill in, or whose answers nobody can tell apart, brings no answers",
    explanation: "
        `choice` and `choices` need `options`, each once. `hidden` needs a `value`. Other types have neither. The id of a field
        is not that of a [built-in field](ctas.md#forms), nor a name that forms use themselves, such as `campaign` or
        `consent`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        fields:
          budget: { label: Budget, type: choice, options: [\"Up to 1,000\", More, More] }
    ",
    passing: "
        fields:
          budget: { label: Budget, type: choice, options: [\"Up to 1,000\", \"1,000 to 10,000\", More] }
    ",
};

pub const BAD_CONSENT: Definition = Definition {
    id: "bad-consent",
    class: Class::Essential,
    why: "a consent counts only if it is clear what a visitor agreed to",
    explanation: "
        `leads` has either `consent` or `consents`. Each of several has an id of its own. The text is one paragraph, with
        links to pages, files and other sites.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads:
          deliver_to: crm
          consents:
            - { id: contact, text: Kazi may contact me about this offer., required: true }
            - { id: contact, text: Kazi may send me its newsletter. }
    ",
    passing: "
        leads:
          deliver_to: crm
          consents:
            - { id: contact, text: Kazi may contact me about this offer., required: true }
            - { id: news, text: Kazi may send me its newsletter. }
    ",
};

pub const UNKNOWN_THEME: Definition = Definition {
    id: "unknown-theme",
    class: Class::Essential,
    why: "without a theme, no page can be rendered",
    explanation: "
        A theme is built in (`launch`), or is in the site's folder `themes/<name>/`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        theme: lunch
    ",
    passing: "
        theme: launch
    ",
};

pub const CHANNEL_OVERLAP: Definition = Definition {
    id: "channel-overlap",
    class: Class::Essential,
    why: "if two channels match the same visit, the source of a lead is not clear",
    explanation: "
        Two channels overlap if they share source and medium, a click id, or a host. A host includes its subdomains, so
        `news.google.com` overlaps with `google.com`. Remove what they share from one of the two.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          ads:     { label: Google Ads,     source: google, medium: cpc, click_ids: [gclid] }
          display: { label: Google Display, source: google, medium: display, click_ids: [gclid] }
    ",
    passing: "
        channels:
          ads:     { label: Google Ads,     source: google, medium: cpc, click_ids: [gclid] }
          display: { label: Google Display, source: google, medium: display }
    ",
};

pub const BAD_REFERRER: Definition = Definition {
    id: "bad-referrer",
    class: Class::Essential,
    why: "browsers report only the host that a visitor came from, so anything else would never match",
    explanation: "
        Write the host alone in `referrers`, without a scheme or a path. Its subdomains are included.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          linkedin: { label: LinkedIn, source: linkedin, medium: social, referrers: [\"https://www.linkedin.com/feed\"] }
    ",
    passing: "
        channels:
          linkedin: { label: LinkedIn, source: linkedin, medium: social, referrers: [linkedin.com] }
    ",
};

pub const UNKNOWN_CLICK_ID: Definition = Definition {
    id: "unknown-click-id",
    class: Class::Essential,
    why: "a misspelt click id would never match",
    explanation: "
        `click_ids` takes the parameters that ad platforms add to addresses. See [the list](channels.md#click-ids).
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          google-ads: { label: Google Ads, source: google, medium: cpc, click_ids: [gcild] }
    ",
    passing: "
        channels:
          google-ads: { label: Google Ads, source: google, medium: cpc, click_ids: [gclid] }
    ",
};

pub const BAD_ANALYTICS: Definition = Definition {
    id: "bad-analytics",
    class: Class::Essential,
    why: "visits that are reported under a wrong name are not counted",
    explanation: "
        `analytics` has exactly one kind: `plausible` with the site's domain as Plausible lists it, `ga4` with the
        measurement id of a data stream (`G-ABC1234567`), `gtm` with the id of a container (`GTM-ABC1234`), or `matomo`
        with the address of your Matomo and the number of the site.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        analytics: { gtm: G-ABC1234567 }
    ",
    passing: "
        analytics: { gtm: GTM-ABC1234 }
    ",
};

pub const BAD_GATE_KEY: Definition = Definition {
    id: "bad-gate-key",
    class: Class::Essential,
    why: "who guesses the key can derive the addresses of files behind forms",
    explanation: "
        `gate_key` has at least 16 letters, digits or signs, and no spaces. `openssl rand -hex 16` prints one.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { gate_key: kazi }
    ",
    passing: "
        leads: { gate_key: 3f2a9c1b0d8e4f5a6b7c8d9e0f1a2b3c }
    ",
};

pub const BAD_PUBLISH_TARGET: Definition = Definition {
    id: "bad-publish-target",
    class: Class::Essential,
    why: "a place that is misspelt, or a lead desk beside the site, would put files where nobody expects them",
    explanation: "
        `site` and `desk` are places: `s3://BUCKET`, `gs://BUCKET`, `az://CONTAINER` or `file:///FOLDER`. They have no password:
        credentials come from the environment. The lead desk needs a bucket, a container or a folder of its own, because
        visitors can read the one of the site. `max_delete` is a number of files, or a share of them: `20%`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        publish:
          live: { site: s3://kazi-site, desk: s3://kazi-site/desk }
    ",
    passing: "
        publish:
          live: { site: s3://kazi-site, desk: s3://kazi-desk }
    ",
};

pub const ENDED_ANNOUNCEMENT: Definition = Definition {
    id: "ended-announcement",
    class: Class::Warning,
    why: "an announcement after its end is on no page",
    explanation: "
        `ends` is the last day. Write the next announcement, or remove this one.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        announcement: { text: Spring prices until the end of March, page: /spring-hiring/index.md, ends: 2020-03-31 }
    ",
    passing: "
        announcement: { text: Spring prices until the end of March, page: /spring-hiring/index.md, ends: 2099-03-31 }
    ",
};

pub const BAD_POLICY_SOURCE: Definition = Definition {
    id: "bad-policy-source",
    class: Class::Essential,
    why: "a policy that allows every source protects nobody",
    explanation: "
        The policy exists to keep out `'unsafe-inline'`, `*` and the like, so they are not accepted under `security`. A
        source is one of these:

        - a scheme and a host, `https://widget.example`, with an optional `*.` before the host and an optional port,
        - `data:` or `blob:`,
        - the hash of an inline script or style, `sha256-…`, as browsers print it in their console.

        [Hosting](hosting.md#more-sources) lists what each directive accepts.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        security:
          content_security_policy: { script-src: [\"'unsafe-inline'\", widget.example] }
    ",
    passing: "
        security:
          content_security_policy: { script-src: [https://widget.example] }
    ",
};

pub const ESSENTIAL_RULE: Definition = Definition {
    id: "essential-rule",
    class: Class::Essential,
    why: "a site that cannot be read or rendered cannot be built",
    explanation: "
        [`rules`](site.md#rules) can allow warnings and turn them into errors. It cannot allow errors such as this one. Fix
        the problem that the rule reports.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        rules: { broken-link: allow }
    ",
    passing: "
        rules: { raw-html: allow, link-to-unpublished-page: deny }
    ",
};
