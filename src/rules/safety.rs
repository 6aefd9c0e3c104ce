//! Rules about secrets, third-party scripts and the Content-Security-Policy. `check/safety/` finds
//! them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family {
    title: "Safety",
    intro: "
        `tagline build` and `tagline check` look for secrets in everything that would be published: pages, files beside them,
        `static/` and the theme's files. They do not unpack ZIP files or the streams of a PDF.
    ",
};

pub const EXPOSED_SECRET: Definition = Definition {
    id: "exposed-secret",
    class: Class::Error,
    why: "a published secret must be replaced, because nobody can say who has copied it",
    explanation: "
        The rule finds keys and tokens of Amazon Web Services, GitHub, Google, HubSpot, npm, Salesforce, SendGrid, Slack, Stripe
        and Twilio, and private keys. Programs search every public site for them. Tagline prints no secret in full; most of it
        is replaced with stars.

        Remove the secret, and let its provider replace it: it is in the history of your repository. An API key of Google is only
        a warning. A map in a page needs one, and it is safe if Google's console limits it to the site's address.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        <script>const key = \"sk_live_…\"</script>
    ",
    passing: "
        <script>const key = \"pk_live_…\"</script>     (the key that Stripe makes for browsers)
    ",
};

pub const THIRD_PARTY_SCRIPT: Definition = Definition {
    id: "third-party-script",
    class: Class::Warning,
    why: "a script from another host can read and change everything on the page, including forms",
    explanation: "
        Its owner can change it at any time, and its host learns who visits. The rule checks templates and the raw HTML of
        pages. It ignores the scripts that Tagline adds for [`analytics`](measuring.md).
    ",
    examples_in: ExamplesIn::Other("html"),
    failing: "
        <script src=\"https://cdn.example.com/slider.js\"></script>
    ",
    passing: "
        <script src=\"{{ asset(path=\"slider.js\") }}\" defer></script>
    ",
};

pub const BLOCKED_BY_POLICY: Definition = Definition {
    id: "blocked-by-policy",
    class: Class::Warning,
    why: "browsers ignore whatever the site's own policy forbids",
    explanation: "
        The [policy](hosting.md) that `build` writes forbids event handlers in attributes (`onclick`), `style` attributes,
        `javascript:` addresses, `<object>` and `<embed>`. Only `'unsafe-inline'` could allow them. The rule checks templates, the
        raw HTML of pages, and HTML files that are published as they are, and reports each file once. Put styles into a style
        sheet, and listen for events in a script: `document.querySelector(\".go\").addEventListener(\"click\", go)`. A site with
        its own policy can allow the rule.
    ",
    examples_in: ExamplesIn::Other("html"),
    failing: "
        <button style=\"color: red\" onclick=\"go()\">Go</button>
    ",
    passing: "
        <button class=\"go\">Go</button>
    ",
};

pub const POLICY_TOO_LONG: Definition = Definition {
    id: "policy-too-long",
    class: Class::Warning,
    why: "a host does not send a header that is too long, so the site would have no policy",
    explanation: "
        Cloudflare Pages ignores lines of more than 2,000 characters in `_headers`. Each combination of blocks on pages adds a
        hash of 53 characters to the policy, and each host adds its name. Other hosts accept longer lines: if the site is on one
        of them, allow the rule.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        security:
          content_security_policy: { img-src: [https://1.pictures.example, https://2.pictures.example, …] }
    ",
    passing: "
        security:
          content_security_policy: { img-src: [\"https://*.pictures.example\"] }
    ",
};
