//! Rules about single values: ids, dates, addresses, prices.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Values", intro: "" };

pub const BAD_ID: Definition = Definition {
    id: "bad-id",
    class: Class::Essential,
    why: "ids become lead tags and addresses, so they have a strict form",
    explanation: "
        An id has at most 40 characters: `a` to `z`, digits, and single hyphens between them.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        campaign: spring_hiring
    ",
    passing: "
        campaign: spring-hiring
    ",
};

pub const RESERVED_CHANNEL: Definition = Definition {
    id: "reserved-channel",
    class: Class::Essential,
    why: "the channels `direct` and `other` always exist and cannot be declared",
    explanation: "
        Do not declare them in `site.yaml`, and do not list them in a campaign.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        channels:
          direct: { label: Direct, source: direct, medium: none }
    ",
    passing: "
        channels:
          mailing: { label: Mailing, source: mailing, medium: email }
    ",
};

pub const BAD_DATE: Definition = Definition {
    id: "bad-date",
    class: Class::Essential,
    why: "dates are written year first, `2027-03-31`, so that nobody confuses day and month",
    explanation: "
        A time may follow: `2027-03-31 18:00`. When summer time begins, the clocks skip an hour, and an event cannot start or end
        in it. In an hour that comes twice, when summer time ends, the first one is meant.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ends: 31/03/2027
    ",
    passing: "
        ends: 2027-03-31
    ",
};

pub const BAD_DURATION: Definition = Definition {
    id: "bad-duration",
    class: Class::Essential,
    why: "a duration is a number and a unit",
    explanation: "
        Write `45m`, `1h` or `2d`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { deliver_to: crm, respond_within: one hour }
    ",
    passing: "
        leads: { deliver_to: crm, respond_within: 1h }
    ",
};

pub const BAD_TIMEZONE: Definition = Definition {
    id: "bad-timezone",
    class: Class::Essential,
    why: "campaigns start and end in a real time zone",
    explanation: "
        Use a name from the IANA time zone database.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        timezone: Nairobi
    ",
    passing: "
        timezone: Africa/Nairobi
    ",
};

pub const BAD_LANGUAGE: Definition = Definition {
    id: "bad-language",
    class: Class::Essential,
    why: "browsers and screen readers use the language tag",
    explanation: "
        Use a language tag such as `en`, `de` or `pt-BR`. Its first part is the code of a language, not of a country: `ja`, not `jp`.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        language: english!
    ",
    passing: "
        language: en
    ",
};

pub const BAD_URL: Definition = Definition {
    id: "bad-url",
    class: Class::Essential,
    why: "visitors cannot follow an address that browsers cannot read",
    explanation: "
        Addresses of other sites are complete (`https://…`). `base_url` has no query and no fragment. An alias is a path of
        this site.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        base_url: kazi.example
    ",
    passing: "
        base_url: https://kazi.example/
    ",
};

pub const UNSAFE_SCHEME: Definition = Definition {
    id: "unsafe-scheme",
    class: Class::Essential,
    why: "only https, http, mailto and tel addresses are safe to click",
    explanation: "
        Tagline reads an address as browsers do, so tabs, capitals and entities cannot hide another scheme.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Open](javascript:alert(1))
    ",
    passing: "
        [Open](https://app.kazi.example/)
    ",
};

pub const INSECURE_URL: Definition = Definition {
    id: "insecure-url",
    class: Class::Warning,
    why: "without encryption, anyone on the way can read and change what a visitor sends",
    explanation: "
        The address of a form's destination is checked more strictly, by [`insecure-endpoint`](#insecure-endpoint).
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Our shop](http://shop.example.com/)
    ",
    passing: "
        [Our shop](https://shop.example.com/)
    ",
};

pub const BAD_EMAIL: Definition = Definition {
    id: "bad-email",
    class: Class::Essential,
    why: "mail to this address would not arrive",
    explanation: "
        Write the whole address: a name, `@` and a host.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { deliver_to: crm, owner: Ada at Kazi }
    ",
    passing: "
        leads: { deliver_to: crm, owner: ada@kazi.example }
    ",
};

pub const BAD_PRICE: Definition = Definition {
    id: "bad-price",
    class: Class::Essential,
    why: "search engines read a price only as a plain number with a currency code",
    explanation: "
        Write the number without separators between thousands, and with a point before the decimals. The currency is a code
        of [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html).
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        product: { name: Kazi Team, price: \"KSh 12,500\", currency: shilling }
    ",
    passing: "
        product: { name: Kazi Team, price: 12500, currency: KES }
    ",
};

pub const DATES_REVERSED: Definition = Definition {
    id: "dates-reversed",
    class: Class::Essential,
    why: "a campaign or an event that ends before it starts never takes place",
    explanation: "
        Often one of the two dates has the wrong year. The end of an event after midnight is on the next day.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        starts: 2027-03-01
        ends: 2026-03-31
    ",
    passing: "
        starts: 2027-03-01
        ends: 2027-03-31
    ",
};

pub const BAD_TRANSLATION: Definition = Definition {
    id: "bad-translation",
    class: Class::Essential,
    why: "a translation is the same page in another language: the same campaign, channels, days and kinds of offers",
    explanation: "
        A translation has the name of the original with the language before `.md`. It has a title and a text of its own, and
        says in its front matter only what differs. [Languages](languages.md) lists the keys that it can have.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/spring-hiring/index.de.md

        title: Stellen besetzen
        ends: 2027-04-30
    ",
    passing: "
        content/spring-hiring/index.de.md

        title: Stellen besetzen
    ",
};

pub const BAD_VERSION: Definition = Definition {
    id: "bad-version",
    class: Class::Essential,
    why: "visitors are sent to versions by their letters, and lead tags name them",
    explanation: "
        Version `a` is the page as written. The others have letters from `b` on, and are declared in `versions`. `split`,
        `winner` and `version=` on a block name declared ones, and the shares of `split` are at most 100 % together. A version
        has what [Versions](versions.md) lists; campaign, channels, days and kinds are the page's.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        versions:
          b: { title: Fill a role in 19 days }
        split: { c: 50 }
    ",
    passing: "
        versions:
          b: { title: Fill a role in 19 days }
        split: { b: 50 }
    ",
};

pub const RESERVED_UTM_CONTENT: Definition = Definition {
    id: "reserved-utm-content",
    class: Class::Essential,
    why: "Tagline writes the lead tag into `utm_content`",
    explanation: "
        Leave `utm_content` out of the address of a call to action.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://cal.com/kazi/trial?utm_content=hero\" }
    ",
    passing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://cal.com/kazi/trial\" }
    ",
};

pub const RESERVED_LEAD_TAG_PARAMETER: Definition = Definition {
    id: "reserved-lead-tag-parameter",
    class: Class::Essential,
    why: "Tagline writes the lead tag into this parameter of a scheduler or checkout",
    explanation: "
        The parameter is `metadata[lead_tag]` at Cal.com, `lead_tag` at HubSpot and `client_reference_id` at Stripe. Leave
        it out of the address. See [schedulers and checkouts](schedulers.md).
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://book.stripe.com/abc?client_reference_id=spring\" }
    ",
    passing: "
        ctas:
          trial:
            label: Book a free trial
            booking: { url: \"https://book.stripe.com/abc\" }
    ",
};

pub const DROPPED_BY_PROVIDER: Definition = Definition {
    id: "dropped-by-provider",
    class: Class::Essential,
    why: "some schedulers and checkouts drop values without a message, so sales would never see them",
    explanation: "
        [Schedulers and checkouts](schedulers.md) lists what each of them accepts. The rule finds:

        - a `source` or `medium` that Stripe drops, of any channel in `site.yaml`, because its visitors can reach any page,
        - your own `utm_*` that Stripe drops,
        - a coupon code that Stripe or Shopify does not accept, that is where they do not read it, or that another code
          replaces,
        - a `redirect` that Shopify does not follow, or that loses `utm_*`.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: \"https://buy.stripe.com/abc?coupon={code}\" }
    ",
    passing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: \"https://buy.stripe.com/abc\" }
    ",
};

pub const HIDDEN_CHARACTER: Definition = Definition {
    id: "hidden-character",
    class: Class::Essential,
    why: "machines compare characters that nobody sees, so a shop refuses the code, and a form is sent to another address",
    explanation: "
        Chats, web pages and word processors add such characters to copied text: zero-width spaces, soft hyphens, marks for the
        direction of text, no-break spaces. They are errors in codes, addresses, ids, sources, file names and other values that
        machines compare, in keys, and in the indentation of YAML. In texts for people they are allowed. File names and telephone
        numbers may have no-break spaces.

        Delete the value and type it again. If an address really has such a character, write it percent-encoded: `%E2%80%8B`.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        code: SPRING20→             (→ is a zero-width space)
    ",
    passing: "
        code: SPRING20
    ",
};

pub const LOOKALIKE_CHARACTERS: Definition = Definition {
    id: "lookalike-characters",
    class: Class::Warning,
    why: "people type what they see, and a letter that only looks the same never matches",
    explanation: "
        The rule finds letters of two scripts in one word, such as a Cyrillic `О` among Latin letters, in coupon codes, e-mail
        addresses, hosts, and the sources and media of channels. It also finds characters that keyboards do not have, such as
        `–` for `-`, and coupon codes of Cyrillic or Greek letters that all look Latin, on a site in a language with Latin
        letters. Only `tagline check` reports codes, sources and media.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SAVE–20, url: \"https://shop.example.com/?coupon={code}\" }
    ",
    passing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SAVE-20, url: \"https://shop.example.com/?coupon={code}\" }
    ",
};

pub const READ_AS_ANOTHER_VALUE: Definition = Definition {
    id: "read-as-another-value",
    class: Class::Warning,
    why: "spreadsheets and data tools change a code or an id that looks like a number, a day or a boolean",
    explanation: "
        `0020` becomes 20, `1E5` becomes 100000, and `mar-27`, `3-1` and `DEC24` become days. The list of lead sources and
        exports of a CRM then have another code than the one that the customer used. The rule looks at coupon codes, at the ids
        of campaigns, calls to action and channels, and at short codes. Only `tagline check` reports it.

        Choose another code or id before the first one is published. If it is published already, keep it, and import its column
        as text. Then [allow](site.md#rules) the rule.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: \"0020\", url: \"https://shop.example.com/?coupon={code}\" }
    ",
    passing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SAVE20, url: \"https://shop.example.com/?coupon={code}\" }
    ",
};
