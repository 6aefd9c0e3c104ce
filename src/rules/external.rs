//! Rules about external links. `check/external/` finds them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family {
    title: "External links",
    intro: "
        Only `tagline check --external` reports these.
    ",
};

pub const BROKEN_EXTERNAL_LINK: Definition = Definition {
    id: "broken-external-link",
    class: Class::Warning,
    why: "a link or a call to action with a broken address loses the visitor",
    explanation: "
        The host answers 404, 410 or a server error, does not exist, does not respond, or has a certificate that browsers do
        not accept. Each address is reported once, with all its places. [Commands](commands.md#check-external-links)
        describes the requests.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        [The law](https://www.labour.go.ke/act-2007.pdf)     (moved when the ministry got a new site)
    ",
    passing: "
        [The law](https://www.labour.go.ke/laws/act-2007)
    ",
};

pub const UNVERIFIED_EXTERNAL_LINK: Definition = Definition {
    id: "unverified-external-link",
    class: Class::Warning,
    why: "an address that could not be checked may be broken",
    explanation: "
        Some hosts accept browsers but no other programs, require a password, or send too many redirects. All such addresses are
        reported together. Open them in a browser, and list those that work, so that they are not requested again. The failing
        example is a message, the passing one is from `site.yaml`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        = help: `https://www.linkedin.com/company/kazi` answers 999
    ",
    passing: "
        check: { external: { allow: [linkedin.com] } }
    ",
};
