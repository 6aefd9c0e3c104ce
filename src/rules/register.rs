//! Rules about the tag register.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family { title: "Tag register", intro: "" };

pub const CLOSED_LEAD_TAGS: Definition = Definition {
    id: "closed-lead-tags",
    class: Class::Warning,
    why: "people still have links with these lead tags, so leads will still come from them",
    explanation: "
        A campaign, call to action or channel was deleted or has another id. Its lead tags are in published links, forms and
        mails. The build closes them in the register, which keeps them, and warns once.

        If the campaign or call to action is still the same, list its former id in `was`: on the page for a campaign, beside
        `label` for a call to action. Or keep the old id; only sales sees it. Channels have no `was`: keep the id and change the
        `label`.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        campaign: spring-2027        # was spring-hiring
    ",
    passing: "
        campaign: spring-2027
        was: [spring-hiring]         # old lead tags, codes and short links lead to the new ones
    ",
};

pub const REUSED_CAMPAIGN_ID: Definition = Definition {
    id: "reused-campaign-id",
    class: Class::Warning,
    why: "if two years share an id, nobody can tell their leads apart",
    explanation: "
        The end of a campaign with published lead tags moved by more than 180 days since the last build. Usually this is the new
        run of last year's campaign. Copy the folder for the new run, and keep the old one: its page says that the campaign has
        ended, and points to `after_end`.

        The rule compares the page with `sales/campaigns.csv` of the last build on this machine.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        campaign: spring-hiring
        ends: 2028-03-31             # was 2027-03-31
    ",
    passing: "
        campaign: spring-hiring-2028
        ends: 2028-03-31
    ",
};

pub const OUTDATED_REGISTER: Definition = Definition {
    id: "outdated-register",
    class: Class::Warning,
    why: "lead tags that are used before they are registered have no history",
    explanation: "
        `tagline check` lists what the next build will change in the tag register. Commit `lead-tags.csv` and `lead-tags.sum`
        together with the content. The rule is off in a preview and while there is no register. With `--locked`, lead
        tags that would be opened, closed or get another offer are the error [`bad-register`](#bad-register); another label or
        landing page is this warning.

        It also warns, with `--locked` too, if `lead-tags.sum` is missing or does not list every row of the register. No lead tag
        changes by it, and the next build lists them.
    ",
    examples_in: ExamplesIn::Other("console"),
    failing: "
        $ git commit content
    ",
    passing: "
        $ tagline tags
        $ git commit content lead-tags.csv lead-tags.sum
    ",
};

pub const BAD_REGISTER: Definition = Definition {
    id: "bad-register",
    class: Class::Essential,
    why: "sales relies on the tag register, so Tagline does not guess what a damaged one means",
    explanation: "
        Restore the damaged lines: `tagline tags --restore` finds them in the history of git. With `--locked`, a register is also
        an error if lead tags would be opened, closed or get another offer: run `tagline tags`, and commit `lead-tags.csv` and
        `lead-tags.sum`.

        A register that was saved in a spreadsheet is reported once, with its cause: other separators, days such as `2026/11/01`
        or `11/1/2026`, lost zeros and plus signs (`0020` became 20, `+254…` became 254…), and codes that became numbers or days
        (`1E5`, `MAR-27`). No row is opened or closed because of it. [Spreadsheets](channels.md#spreadsheets) explains more.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        <<<<<<< HEAD
        offer_save_direct,offer,save,coupon,direct,Get 20% off,SPRING20,/offer/,,2027-03-01,
        =======
    ",
    passing: "
        offer_save_direct,offer,save,coupon,direct,Get 20% off,SPRING20,/offer/,,2027-03-01,
    ",
};

pub const LOST_ROWS: Definition = Definition {
    id: "lost-rows",
    class: Class::Essential,
    why: "lead tags without a row have no history, and their printed links end",
    explanation: "
        `lead-tags.sum` has a checksum of every row of the tag register, and rows are never deleted. Some rows are missing from
        `lead-tags.csv`, or closed rows were changed. Usual causes are a bad merge, a spreadsheet that saved a filtered table,
        and a text editor.

        `tagline tags --restore` puts the rows back from the history of git.
        [Lost rows](channels.md#lost-rows) explains what else can be done.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until
    ",
    passing: "
        tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until
        offer_save_direct,offer,save,coupon,direct,Get 20% off,SPRING20,/offer/,,2027-03-01,
    ",
};

pub const FUTURE_ROWS: Definition = Definition {
    id: "future-rows",
    class: Class::Essential,
    why: "a row with a wrong day gives every later change a wrong day too",
    explanation: "
        A row of the tag register begins or ends after the day of the build. It was written with a wrong clock, or the clock is
        wrong now. If the clock is right, run `tagline tags --restore`: it removes rows that begin later, and opens rows again
        that end later. The next build then closes and opens them on its own day.

        `--date` does not write the register, unless it is today or `--write-register` is given.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        offer_save_direct,offer,save,coupon,direct,Get 20% off,SPRING20,/offer/,,2099-03-01,
    ",
    passing: "
        offer_save_direct,offer,save,coupon,direct,Get 20% off,SPRING20,/offer/,,2027-03-01,
    ",
};
