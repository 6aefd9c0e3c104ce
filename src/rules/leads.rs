//! Rules about leads that would be lost or answered too late. `check/leads.rs` finds them.

use super::definition::{Class, Definition, ExamplesIn, Family};

pub const FAMILY: Family = Family {
    title: "Leads",
    intro: "
        Only `tagline check` reports these, for campaigns that are live or scheduled. Drafts are not checked.
    ",
};

pub const MISSING_PRIMARY_CTA: Definition = Definition {
    id: "missing-primary-cta",
    class: Class::Warning,
    why: "a campaign's page should show its primary call to action",
    explanation: "
        The first of a campaign's `ctas` is its primary one. Here, only other pages show it.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ::: hero
        # Hire your next team in days
        :::
    ",
    passing: "
        ::: hero
        # Hire your next team in days

        [](cta:save)
        :::
    ",
};

pub const UNUSED_CTA: Definition = Definition {
    id: "unused-cta",
    class: Class::Warning,
    why: "a call to action that no page shows brings no leads",
    explanation: "
        Link to it with `[](cta:trial)`, or show it with `::: offer trial`. The rule is off if a template of the theme loops
        over `page.ctas`, because that template may show all of them. A translation counts as showing what its original shows.
    ",
    examples_in: ExamplesIn::Other("markdown"),
    failing: "
        ---
        title: Hire your next team in days
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/ }
          trial:
            label: Book a free trial
            booking: { url: https://cal.com/kazi/trial }
        ---

        [](cta:save)
    ",
    passing: "
        ---
        title: Hire your next team in days
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/ }
          trial:
            label: Book a free trial
            booking: { url: https://cal.com/kazi/trial }
        ---

        [](cta:save) [](cta:trial)
    ",
};

pub const COUPON_EXPIRES_EARLY: Definition = Definition {
    id: "coupon-expires-early",
    class: Class::Warning,
    why: "a campaign whose coupon has expired promises something that nobody can get",
    explanation: "
        The page still mentions the coupon, but its card has no code. The rule reports a coupon that expires before its
        campaign ends, also in advance.
    ",
    examples_in: ExamplesIn::FrontMatter,
    failing: "
        ends: 2027-03-31
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/, expires: 2027-03-25 }
    ",
    passing: "
        ends: 2027-03-31
        ctas:
          save:
            label: Get 20% off
            coupon: { code: SPRING20, url: https://shop.example.com/, expires: 2027-03-31 }
    ",
};

pub const CAMPAIGN_ENDS_SOON: Definition = Definition {
    id: "campaign-ends-soon",
    class: Class::Warning,
    why: "visitors are lost if nobody prepares the end of a campaign",
    explanation: "
        In the last seven days of a campaign, the rule reports a missing `after_end` and the other pages that show the
        campaign's calls to action. If both are taken care of, there is no warning.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        ends: 2027-03-31
    ",
    passing: "
        ends: 2027-03-31
        after_end: /free-trial/index.md
    ",
};

pub const CAMPAIGN_ENDED: Definition = Definition {
    id: "campaign-ended",
    class: Class::Warning,
    why: "visitors still follow old links to the campaign, and its page should show them where to go",
    explanation: "
        Without `after_end`, the page points to the home page. The rule also reports an entry of the menu that leads to a
        campaign that has ended.
    ",
    examples_in: ExamplesIn::Other("yaml"),
    failing: "
        ends: 2026-10-15
    ",
    passing: "
        ends: 2026-10-15
        after_end: /hiring-guide/index.md
    ",
};

pub const MISSING_OWNER: Definition = Definition {
    id: "missing-owner",
    class: Class::Warning,
    why: "a lead that nobody answers is lost",
    explanation: "
        Name the person or team that answers leads: in `site.yaml` for all campaigns, or on a campaign's page. The lead card
        shows it. Coupons and open files need no owner.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { deliver_to: crm }
    ",
    passing: "
        leads: { deliver_to: crm, owner: sales@kazi.example }
    ",
};

pub const MISSING_CONSENT: Definition = Definition {
    id: "missing-consent",
    class: Class::Warning,
    why: "you may write only to people who have agreed, and in many countries you must be able to prove it",
    explanation: "
        Without `leads.consent` or `leads.consents`, forms have no checkbox, and `consent_version` is empty in every lead.
    ",
    examples_in: ExamplesIn::Site,
    failing: "
        leads: { deliver_to: crm, owner: sales@kazi.example }
    ",
    passing: "
        leads:
          deliver_to: crm
          owner: sales@kazi.example
          consent: { text: I agree that Kazi may contact me about this offer., version: 2027-01 }
    ",
};

pub const MISSING_NOTES: Definition = Definition {
    id: "missing-notes",
    class: Class::Warning,
    why: "whoever calls a lead needs to know what the campaign promised",
    explanation: "
        This is only a hint. [Notes for sales](sales.md#write-your-own-notes-salesmd) are never published; the lead card shows
        them. The rule waits until the page has no errors.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        content/spring-hiring/index.md
    ",
    passing: "
        content/spring-hiring/index.md
        content/spring-hiring/sales.md
    ",
};

pub const CAMPAIGN_WITHOUT_WINS: Definition = Definition {
    id: "campaign-without-wins",
    class: Class::Warning,
    why: "leads that sales never wins cost money and time",
    explanation: "
        `lead-figures.csv`, which [`tagline report --save-figures`](report.md) writes, has 30 leads or more of a live campaign, half
        of them are lost, and none was won. Other campaigns have wins. Change the offer, or whom it is for.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        spring-hiring: 80 leads, 0 won, 60 lost
        free-trial: 40 leads, 9 won, 20 lost
    ",
    passing: "
        spring-hiring: 80 leads, 6 won, 60 lost
        free-trial: 40 leads, 9 won, 20 lost
    ",
};

pub const BAD_FIGURES: Definition = Definition {
    id: "bad-figures",
    class: Class::Warning,
    why: "the lead desk shows what became of leads only if it can read it",
    explanation: "
        A line of `lead-figures.csv` is not as [`tagline report --save-figures`](report.md) wrote it. The lead desk then shows no
        figures. Write the file again, or delete it.
    ",
    examples_in: ExamplesIn::Other("text"),
    failing: "
        tag,leads,won
        spring-hiring_save_acme,12,3
    ",
    passing: "
        tag,leads,qualified,won,lost,lost_reasons,made_on
        spring-hiring_save_acme,12,5,3,4,\"Price: 3\",2027-03-31
    ",
};
