//! The rules of `check` about leads and sources: message, place and help; each problem is reported once, and a correct
//! site causes no warning.

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, PAGE, SITE, Site};

/// Adds a second campaign with this id and with sales notes.
fn with_twin(site: Site, id: &str) -> Site {
    let text = CAMPAIGN_TEXT.replace("guide.pdf", "spring/guide.pdf").replace("Hire in days", &format!("Hire {id}"));
    let text = text.replace("Spring pricing.", &format!("Prices of {id}."));
    site.file(&format!("content/{id}.md"), &text).file(&format!("content/{id}.sales.md"), "Ask for the year.\n")
}

#[test]
fn small_site_and_example_check_without_warnings_on_any_day() {
    Site::new().check().clean();
    let example = Site::example();
    for day in ["2026-11-26", "2027-03-15", "2027-03-28", "2027-04-15", "2027-08-01"] {
        example.run(&["check", "--date", day]).clean();
        example.run(&["check", "--date", day, "--preview"]).clean();
    }
}

#[test]
fn build_tags_and_links_do_not_run_the_rules_of_check() {
    let site = Site::edited(CAMPAIGN, " [Book](cta:trial)", "");
    for command in ["build", "tags", "links"] {
        site.run(&[command]).clean();
    }
    site.check().warning().assert(
        "unused-cta",
        "content/spring/index.md:23:3",
        &["no page shows the call to action `trial`", "[](cta:trial)"],
    );
}

#[test]
fn primary_cta_shown_only_by_other_pages_is_not_an_unused_cta() {
    let site = Site::edited(CAMPAIGN, "[Get it](cta:save) ", "");
    let words = [
        "`save` is not on its own page",
        "only other pages show it",
        "`::: offer save`",
        "the first one is the primary one",
    ];
    site.check().warning().assert("missing-primary-cta", "content/spring/index.md:11:3", &words);
    let site = site.edit(PAGE, "[Get it](cta:spring/save) and", "Get it and");
    let words = ["no page shows the primary call to action `save`", "or delete it"];
    site.check().warning().assert("unused-cta", "content/spring/index.md:11:3", &words);
}

#[test]
fn unused_ctas_are_one_warning() {
    let site = Site::edited(CAMPAIGN, "[Get it](cta:save) [](cta:guide) [Book](cta:trial)", "Nothing.").edit(
        PAGE,
        "(cta:spring/save)",
        "(#teams)",
    );
    let site = site.edit(PAGE, "(cta:spring/guide)", "(#teams)");
    site.check().warning().assert(
        "unused-cta",
        "content/spring/index.md:11:3",
        &["no page shows the calls to action `save`, `guide` and `trial`"],
    );
}

#[test]
fn block_form_anchor_and_theme_count_as_showing_a_cta() {
    for (old, new) in
        [("[Get it](cta:save)", "Hello.\n\n::: offer save\n:::\n\n"), ("[](cta:guide)", "[Guide](#cta-guide)")]
    {
        Site::edited(CAMPAIGN, old, new).check().clean();
    }
    let rendered = "{% for cta in page.ctas %}<a href=\"{{ cta.url }}\">{{ cta.label }}</a>{% endfor %}";
    let site = Site::edited(CAMPAIGN, " [Book](cta:trial)", "");
    assert_eq!(site.check().rules(), ["unused-cta"]);
    site.file("themes/launch/landing.html", rendered).check().clean();
}

#[test]
fn consequences_of_an_error_are_not_reported() {
    for (site, rule) in [
        (Site::edited(CAMPAIGN, "(cta:trial)", "(cta:trail)"), "unknown-cta"),
        (Site::edited(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]"), "unknown-channel"),
        (Site::edited(CAMPAIGN, "label: Book a trial", "label:"), "empty-value"),
        (Site::new().bytes(PAGE, b"---\ntitle: Caf\xe9\n---\n"), "not-utf8"),
        (Site::new().bytes("content/spring/sales.md", b"Caf\xe9\n"), "not-utf8"),
    ] {
        let problem: std::collections::BTreeSet<String> = site.check().failed(1).rules().into_iter().collect();
        assert_eq!(problem.into_iter().collect::<Vec<_>>(), [rule]);
    }
}

#[test]
fn problems_of_rules_pages_and_templates_are_reported_in_one_run() {
    let broken = "{{ page.titel }}\n";
    let site = Site::edited(CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027")
        .edit(SITE, "source: acme", "source: NEWS")
        .file("themes/launch/page.html", broken);
    let run = site.check().failed(1);
    assert_eq!(run.rules(), ["bad-date", "inconsistent-spelling", "template-error"], "{}", run.stderr);
}

#[test]
fn denied_warnings_do_not_hide_rendering_errors() {
    let site = Site::edited(SITE, "source: acme", "source: NEWS").file("themes/launch/page.html", "{{ page.titel }}\n");
    let run = site.run(&["check", "--deny", "warnings"]).failed(1);
    assert_eq!(run.rules(), ["inconsistent-spelling", "template-error"], "{}", run.stderr);
    let locked = site.run(&["check", "--locked"]).failed(1);
    assert_eq!(locked.rules(), ["bad-register", "inconsistent-spelling", "template-error"], "{}", locked.stderr);
}

#[test]
fn broken_template_is_reported_once_for_all_its_pages() {
    let site = Site::edited(CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027")
        .file("themes/launch/page.html", "{{ page.title }\n");
    assert_eq!(site.check().failed(1).rules(), ["bad-date", "template-error"]);
}

#[test]
fn coupon_that_expires_before_its_campaign_ends_is_a_warning() {
    let early = Site::new().with_early_coupon();
    let words = ["`SPRING20` expires before its campaign ends", "the campaign ends later", "`expires: 2027-03-31`"];
    early.check().warning().assert("coupon-expires-early", "content/spring/index.md:17:16", &words);
    let expired = ["`SPRING20` has expired", "no longer shows its code", "`expires: 2027-03-31`"];
    let early = early.edit(PAGE, "(cta:spring/save)", "(#teams)").edit(PAGE, "(cta:spring/guide)", "(#teams)");
    early.run(&["check", "--date", "2027-03-28"]).warning().assert(
        "coupon-expires-early",
        "content/spring/index.md:17:16",
        &expired,
    );
    early.run(&["check", "--date", "2027-04-01"]).clean();
    let never = Site::edited(CAMPAIGN, "expires: 2027-03-31", "expires: 2027-02-28");
    never.check().warning().assert(
        "coupon-expires-early",
        "content/spring/index.md:17:16",
        &["before its campaign starts"],
    );
    let endless =
        Site::edited(CAMPAIGN, "ends: 2027-03-31\n", "").edit(CAMPAIGN, "expires: 2027-03-31", "expires: 2027-03-14");
    endless.check().warning().assert(
        "coupon-expires-early",
        "content/spring/index.md:16:16",
        &["has expired", "`ends: …`"],
    );
}

#[test]
fn campaign_without_after_end_is_a_warning_in_its_last_week_and_after() {
    let site = Site::edited(CAMPAIGN, "after_end: /prices.md\n", "").edit(PAGE, "(cta:spring/save)", "(#teams)").edit(
        PAGE,
        "(cta:spring/guide)",
        "(#teams)",
    );
    let on = |day: &str| site.run(&["check", "--date", day]);
    on("2027-03-23").clean();
    let place = "content/spring/index.md:5:7";
    on("2027-03-24").warning().assert("campaign-ends-soon", place, &["this campaign ends in 7 days", "`after_end: …`"]);
    on("2027-03-30").warning().assert("campaign-ends-soon", place, &["this campaign ends tomorrow"]);
    on("2027-03-31").warning().assert("campaign-ends-soon", place, &["this campaign ends today"]);
    on("2027-04-01").warning().assert("campaign-ended", place, &["has ended", "home page", "`after_end: …`"]);
}

#[test]
fn campaign_with_after_end_is_a_warning_only_while_other_pages_offer_it() {
    let site = Site::new();
    let run = site.run(&["check", "--date", "2027-03-25"]);
    let words = ["ends in 6 days", "remove its calls to action from `content/prices.md` by then"];
    let problem = run.warning().assert("campaign-ends-soon", "content/spring/index.md:5:7", &words);
    assert!(!problem.text.contains("after_end"), "{}", problem.text);
    let alone = site.edit(PAGE, "(cta:spring/save)", "(#teams)").edit(PAGE, "(cta:spring/guide)", "(#teams)");
    alone.run(&["check", "--date", "2027-03-25"]).clean();
    alone.run(&["check", "--date", "2027-04-01"]).clean();
}

#[test]
fn navigation_to_an_ended_campaign_is_a_warning() {
    let site = Site::edited(SITE, "navigation:\n", "navigation:\n  - { label: Spring, page: /spring/index.md }\n")
        .edit(PAGE, "(cta:spring/save)", "(#teams)")
        .edit(PAGE, "(cta:spring/guide)", "(#teams)");
    let run = site.run(&["check", "--date", "2027-04-01"]);
    run.warning().assert(
        "campaign-ended",
        "site.yaml:6:28",
        &["site.yaml links to `/spring/index.md`, which has ended"],
    );
}

#[test]
fn missing_owner_is_one_warning_for_all_forms() {
    let nobody = || Site::edited(SITE, "  owner: sales@kazi.example\n", "");
    let words = ["this campaign has no owner for its leads", "below `leads` in site.yaml"];
    nobody().check().warning().assert("missing-owner", "content/spring/index.md:10:1", &words);
    let two = with_twin(nobody(), "autumn");
    two.check().warning().assert("missing-owner", "content/autumn.md:10:1", &["2 campaigns have no owner"]);
    nobody().edit(CAMPAIGN, "title: Hire", "owner: ada@kazi.example\ntitle: Hire").check().clean();
    let form_and_booking = "  guide:\n    label: Download the guide\n    download:\n      file: guide.pdf\n      form: [name, email]\n  trial:\n    label: Book a trial\n    booking:\n      url: https://cal.example.com/kazi\n";
    let coupon_alone = nobody()
        .edit(CAMPAIGN, form_and_booking, "")
        .edit(CAMPAIGN, " [](cta:guide) [Book](cta:trial)", "")
        .edit(PAGE, "(cta:spring/guide)", "(#teams)");
    coupon_alone.check().clean();
}

#[test]
fn missing_consent_is_one_warning_for_all_forms() {
    let silent = || Site::edited(SITE, "  consent: { text: I agree., version: 2027-01 }\n", "");
    let words = ["this form does not ask for consent", "`consent: { text: …, version: … }`"];
    silent().check().warning().assert("missing-consent", "content/spring/index.md:22:13", &words);
    with_twin(silent(), "autumn").check().warning().assert(
        "missing-consent",
        "content/autumn.md:22:13",
        &["2 forms do not ask"],
    );
    silent().edit(CAMPAIGN, "      form: [name, email]\n", "").check().clean();
}

#[test]
fn missing_sales_notes_are_a_warning_that_names_the_files() {
    let site = Site::new().remove("content/spring/sales.md");
    let words = ["this campaign has no notes for sales", "`content/spring/sales.md`", "notes are never published"];
    site.check().warning().assert("missing-notes", "content/spring/index.md:10:1", &words);
    let wrong = site.edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    assert_eq!(wrong.check().rules(), ["unknown-channel"]);
    let site = wrong.edit(CAMPAIGN, "newsleter", "newsletter");
    let two = with_twin(site, "autumn").remove("content/autumn.sales.md");
    let words = ["2 campaigns have no notes", "`content/autumn.sales.md` and `content/spring/sales.md`"];
    two.check().warning().assert("missing-notes", "content/autumn.md:10:1", &words);
}

#[test]
fn channel_in_an_unexpected_ga4_group_is_one_warning_with_help() {
    for (old, new, place, words) in [
        (
            "label: Monthly newsletter, source: news",
            "label: Members, source: linkedin",
            "site.yaml:8:59",
            &[
                "to `Organic Social`",
                "the medium says `Email`",
                "GA4 looks at the source first",
                "write `source: linkedin-email`",
                "write `medium: social`",
            ][..],
        ),
        (
            "label: Monthly newsletter, source: news, medium: email",
            "label: Monthly newsletter, source: news, medium: social",
            "site.yaml:8:66",
            &["to `Organic Social`", "the label says `Email`", "if `Email` is right, write `medium: email`"],
        ),
        (
            "\"Partner: Acme\", source: acme, medium: referral",
            "Facebook ads, source: facebook, medium: social",
            "site.yaml:9:58",
            &[
                "the label says `Paid Social`",
                "write `medium: paid-social`",
                "if `Organic Social` is right, change the label",
            ],
        ),
        (
            "\"Partner: Acme\", source: acme, medium: referral",
            "LinkedIn ads, source: li-ads, medium: cpc",
            "site.yaml:9:56",
            &["to `Paid Other`", "the label says `Paid Social`", "such as `source: linkedin`"],
        ),
    ] {
        let site = with_twin(Site::edited(SITE, old, new), "autumn");
        site.check().warning().assert("ga4-unexpected-group", place, words);
    }
}

#[test]
fn campaign_id_that_changes_the_ga4_group_is_a_warning_at_the_id() {
    let site = with_twin(Site::new(), "summer-shop");
    let words = [
        "the word `shop` in the campaign's id `summer-shop` changes its group",
        "`newsletter` is in `Organic Shopping` instead of `Email`",
        "`acme` is in `Organic Shopping` instead of `Referral`",
        "an id without that word",
    ];
    site.check().warning().assert("ga4-unexpected-group", "content/summer-shop.md:2:8", &words);
    with_twin(Site::new(), "workshop").check().clean();
    let meant = site.edit(SITE, "Monthly newsletter", "Shop mail").edit(SITE, "Partner: Acme", "Shop of Acme");
    meant.check().clean();
}

#[test]
fn channel_without_a_ga4_group_is_one_warning() {
    let site = with_twin(Site::edited(SITE, "medium: referral", "medium: partner"), "autumn");
    site.check().warning().assert("ga4-unassigned", "site.yaml:9:57", &["`acme` are `Unassigned`"]);
    Site::edited(SITE, "medium: referral", "medium: print").check().clean();
    Site::edited(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire")
        .edit(SITE, "medium: referral", "medium: partner")
        .check()
        .ok();
}

#[test]
fn spellings_of_one_source_are_a_warning_at_all_places() {
    let problem = Site::edited(SITE, "medium: referral", "medium: E-Mail").check().warning().assert(
        "inconsistent-spelling",
        "site.yaml:8:66",
        &["analytics counts `email` and `E-Mail` as 2 different media", "lower case"],
    );
    assert!(problem.text.contains("medium: E-Mail"), "{}", problem.text);
    Site::edited(SITE, "source: acme", "source: News").check().warning().assert(
        "inconsistent-spelling",
        "site.yaml:8:52",
        &["2 different sources"],
    );
    Site::edited(SITE, "medium: referral", "medium: email").check().clean();
}

#[test]
fn utm_on_internal_links_is_a_warning() {
    let on_page =
        Site::edited(CAMPAIGN, "(/prices.md#teams)", "(/prices.md?utm_source=spring&size=2&utm_medium=text#teams)");
    let words = ["`utm_source` and `utm_medium` on a link within the site", "leave `utm_*` out"];
    on_page.check().warning().assert("utm-on-internal-link", "content/spring/index.md:33:19", &words);
    let absolute = Site::edited(CAMPAIGN, "(/prices.md#teams)", "(https://kazi.example/prices/?utm_source=spring)");
    absolute.check().warning().assert("utm-on-internal-link", "content/spring/index.md:33:19", &[]);
    let url = "https://kazi.example/buy?utm_campaign=x";
    let menu = Site::edited(SITE, "navigation:\n", &format!("navigation:\n  - {{ label: Buy, url: \"{url}\" }}\n"));
    menu.check().warning().assert("utm-on-internal-link", "site.yaml:6:24", &["`utm_campaign`"]);
    let cta = Site::edited(CAMPAIGN, "https://cal.example.com/kazi", url);
    cta.check().warning().assert("utm-on-internal-link", "content/spring/index.md:26:12", &[]);
    Site::edited(CAMPAIGN, "(/prices.md#teams)", "(https://other.example/?utm_source=kazi)").check().clean();
}

#[test]
fn own_utm_on_a_call_to_action_is_a_warning_except_utm_term() {
    let site =
        Site::edited(CAMPAIGN, "example.com/kazi", "example.com/kazi?utm_source=web&utm_campaign=mine&utm_term=hr");
    let words = ["Tagline replaces `utm_source` and `utm_campaign`", "each channel has its own values"];
    site.check().warning().assert("overridden-utm", "content/spring/index.md:26:12", &words);
    Site::edited(CAMPAIGN, "example.com/kazi", "example.com/kazi?utm_term=hr").check().clean();
}

#[test]
fn channel_without_a_campaign_is_a_warning_unless_it_matches_visits() {
    let with =
        |line: &str| Site::edited(SITE, "channels:\n", &format!("channels:\n  pod: {{ label: Podcast, {line} }}\n"));
    let words = ["no campaign runs on the channel `pod`", "`tagline links`", "or delete it"];
    with("source: pod, medium: audio").check().warning().assert("unused-channel", "site.yaml:8:3", &words);
    with("source: pod, medium: audio, referrers: [pod.example]").check().clean();
    with("source: pod, medium: audio").edit(PAGE, "title:", "counts_as: pod\ntitle:").check().clean();
    let draft = with_twin(with("source: pod, medium: audio"), "autumn");
    draft
        .edit("content/autumn.md", "[newsletter,", "[pod, newsletter,")
        .edit("content/autumn.md", "title:", "draft: true\ntitle:")
        .check()
        .clean();
}

#[test]
fn pending_register_changes_are_a_warning_once_a_register_exists() {
    let site = Site::new();
    site.check().clean();
    site.tags().ok();
    site.check().clean();
    let site = site.edit(CAMPAIGN, "Book a trial", "Book your trial");
    let words = ["the next build will change the tag register: 4 lead tags with a new label", "`tagline tags`"];
    site.check().warning().assert("outdated-register", "lead-tags.csv", &words);
    site.run(&["check", "--preview"]).clean();
    site.run(&["check", "--locked"]).warning().assert("outdated-register", "lead-tags.csv", &words);
    site.tags().ok();
    site.check().clean();
}

#[test]
fn drafts_are_not_checked() {
    let site = Site::edited(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire")
        .edit(CAMPAIGN, " [Book](cta:trial)", "")
        .edit(
            PAGE,
            "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).",
            "None yet.",
        );
    site.remove("content/spring/sales.md").check().clean();
}
