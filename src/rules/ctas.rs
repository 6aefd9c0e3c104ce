//! Rules about calls to action and the campaigns that define them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Calls to action", intro: "" };

pub const BAD_CTA_KIND: Definition = Definition {
    id: "bad-cta-kind",
    class: Class::Essential,
    why: "a call to action has exactly one of `coupon`, `download`, `booking`, `contact` and `event`",
    explanation: "
        A booking has either `url` or `form`. A contact has one of `whatsapp`, `phone` and `form`. An event
        has either `form` or `url`.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/ }
            booking: { url: https://cal.com/kazi/trial }
    ",
    passing: "
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/ }
          trial:
            label: Book a free trial
            booking: { url: https://cal.com/kazi/trial }
    ",
};

pub const BAD_PHONE: Definition = Definition {
    id: "bad-phone",
    class: Class::Essential,
    why: "a telephone number without its country code does not work from abroad, nor on WhatsApp",
    explanation: "
        Write `+`, the country code and the number without its leading 0: 7 to 15 digits in all (ITU-T E.164). Spaces, dashes
        and brackets between them are fine.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          call:
            label: Call us
            contact: { phone: 0700 000000 }
    ",
    passing: "
        ctas:
          call:
            label: Call us
            contact: { phone: \"+254 700 000000\" }
    ",
};

pub const BAD_CONTACT_TEXT: Definition = Definition {
    id: "bad-contact-text",
    class: Class::Essential,
    why: "a visitor's message must fit into a link and end with the short code",
    explanation: "
        The text has at most 1,800 characters in its encoded form: a space or a comma counts as three, a letter with an accent
        as six. Tagline appends the code, so the text has no placeholder for it.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          ask:
            label: Ask us
            contact: { whatsapp: \"+254 700 000000\", text: \"My code is {code}, and I have a question.\" }
    ",
    passing: "
        ctas:
          ask:
            label: Ask us
            contact: { whatsapp: \"+254 700 000000\", text: \"I have a question. My code is\" }
    ",
};

pub const BAD_FORM_FIELDS: Definition = Definition {
    id: "bad-form-fields",
    class: Class::Essential,
    why: "without an e-mail address or a telephone number, nobody can answer the lead",
    explanation: "
        A form requires `email` or `phone`. The other built-in fields are `name`, `first_name`, `last_name`, `company`, `role`,
        `team_size`, `country`, `message` and `preferred_time`. A site declares more in [`fields`](site.md#fields) of
        `site.yaml`.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [name, company] }
    ",
    passing: "
        ctas:
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [name, email, company] }
    ",
};

pub const BAD_EVENT: Definition = Definition {
    id: "bad-event",
    class: Class::Essential,
    why: "without a day, an end and a place, nobody can come, and no calendar can have the event",
    explanation: "
        An event has `starts`, or several `dates`. With a time it has an end too; a day without a time is a whole day, and `ends`
        is the last of several days. It has a `place`, is `online: true`, or both. `join` needs a form, because it is for those
        who registered. A moved event has its new time as `starts` and the old one as `moved_from`; `state` is `cancelled` or
        `sold_out`. [Events](ctas.md#event) explains the keys.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          seat:
            label: Save my seat
            event: { starts: 2027-03-18 10:00, online: true, form: [name, email] }
    ",
    passing: "
        ctas:
          seat:
            label: Save my seat
            event: { starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, online: true, form: [name, email] }
    ",
};

pub const BAD_THANKS: Definition = Definition {
    id: "bad-thanks",
    class: Class::Essential,
    why: "the page after a form has no call to action of its own and no end",
    explanation: "
        `thanks` belongs to a call to action with a form. Its text is Markdown. It can link to calls to action, as in
        `[Get the guide](cta:hiring-guide/guide)`, but it cannot have the blocks `offer`, `signup` and others that need a
        campaign.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [name, email] }
            thanks:
              text: |
                ::: offer guide
                :::
    ",
    passing: "
        ctas:
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [name, email] }
            thanks:
              text: It is also in your inbox. Questions? [Write to us](mailto:hello@kazi.example).
    ",
};

pub const BAD_SIGNUP: Definition = Definition {
    id: "bad-signup",
    class: Class::Essential,
    why: "a line has room for one field",
    explanation: "
        `::: signup news` shows a contact with `form: [email]` in one line. `::: offer news` shows every call to action.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ---
        title: Our newsletter
        ctas:
          news: { label: Sign up, contact: { form: [name, email] } }
        ---

        ::: signup news
        :::
    ",
    passing: "
        ---
        title: Our newsletter
        ctas:
          news: { label: Sign up, contact: { form: [email] } }
        ---

        ::: signup news
        :::
    ",
};

pub const UNKNOWN_CTA: Definition = Definition {
    id: "unknown-cta",
    class: Class::Essential,
    why: "a button without a target loses the lead",
    explanation: "
        `cta:save` is a call to action of this page, `cta:spring-hiring/save` is one of the campaign `spring-hiring`.
        Blocks name events of their page, like `to=seat` of a countdown.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [Get 20% off](cta:sav)
    ",
    passing: "
        [Get 20% off](cta:save)
    ",
};

pub const ENDED_CTA: Definition = Definition {
    id: "ended-cta",
    class: Class::Warning,
    why: "the page still offers a call to action of a campaign that has ended",
    explanation: "
        Visitors see a link to the campaign's `after_end` instead of the button, or plain text.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        [Get the fair price](cta:fair/save)          (the fair ended in October)
    ",
    passing: "
        [Get 20% off](cta:save)
    ",
};

pub const DUPLICATE_CAMPAIGN: Definition = Definition {
    id: "duplicate-campaign",
    class: Class::Essential,
    why: "two campaigns with the same id would share their lead tags",
    explanation: "
        The id is the last part of the address unless `campaign` sets it. Ids in `was` count too.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/offer.md             campaign offer
        content/2028/offer.md        campaign offer
    ",
    passing: "
        content/offer.md             campaign offer
        content/2028/offer.md        campaign: offer-2028
    ",
};

pub const DUPLICATE_CTA: Definition = Definition {
    id: "duplicate-cta",
    class: Class::Essential,
    why: "an old lead tag belongs to exactly one call to action",
    explanation: "
        An id in `was` cannot be the present or former id of another call to action.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ctas:
          save:
            label: Get 20% off
            was: [guide]
            coupon: { code: SPRING20, url: https://shop.example.com/ }
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [email] }
    ",
    passing: "
        ctas:
          save:
            label: Get 20% off
            was: [discount]
            coupon: { code: SPRING20, url: https://shop.example.com/ }
          guide:
            label: Download the guide
            download: { file: guide.pdf, form: [email] }
    ",
};

pub const CODE_CLASH: Definition = Definition {
    id: "code-clash",
    class: Class::Essential,
    why: "a short code belongs to exactly one campaign and channel",
    explanation: "
        Codes are derived from the ids of campaign and channel. The chance that two of them are equal is about
        1 in 3.5 × 10¹³. Give the newer campaign another id.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        campaign: spring-hiring      (one of its codes is already another campaign's)
    ",
    passing: "
        campaign: spring-hiring-2027
    ",
};

pub const GATED_FILE_LINKED: Definition = Definition {
    id: "gated-file-linked",
    class: Class::Warning,
    why: "a link to the file makes its form pointless",
    explanation: "
        A file in `static/` is also open to everyone.
    ",
    examples_in: ExamplesIn::Body,
    failing: "
        [The guide](guide.pdf)
    ",
    passing: "
        [The guide](cta:guide)
    ",
};

pub const GATE_WITHOUT_KEY: Definition = Definition {
    id: "gate-without-key",
    class: Class::Warning,
    why: "without a key, whoever has the file can derive its address",
    explanation: "
        The address of a file behind a form is made from `gate_key` and the content of the file. Without `gate_key` it is made
        from the content alone. Add a key to `site.yaml`: `openssl rand -hex 16` prints one. The files get new addresses once.
        [What a form protects](ctas.md#what-a-form-protects) explains what else to know.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        leads: { deliver_to: crm }
    ",
    passing: "
        leads: { deliver_to: crm, gate_key: 3f2a9c1b0d8e4f5a6b7c8d9e0f1a2b3c }
    ",
};
