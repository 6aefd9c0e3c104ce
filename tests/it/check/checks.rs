//! What `check` says of leads and sources beyond what a build needs: what goes wrong, where, and the cure; each problem once, and
//! nothing where there is nothing to mend.

use crate::support::{Problem, Run, SPRING, Site};

const SITE: &str = "site.yaml";
const PAGE: &str = "content/prices.md";
const CAMPAIGN: &str = "content/spring/index.md";

fn config(old: &str, new: &str) -> Site {
    Site::new().edit(SITE, old, new)
}

fn campaign(old: &str, new: &str) -> Site {
    Site::new().edit(CAMPAIGN, old, new)
}

/// A second campaign, with an id, and notes for sales.
fn with_twin(site: Site, id: &str) -> Site {
    let text = SPRING.replace("guide.pdf", "spring/guide.pdf").replace("Hire in days", &format!("Hire {id}"));
    let text = text.replace("Spring pricing.", &format!("Prices of {id}."));
    site.file(&format!("content/{id}.md"), &text).file(&format!("content/{id}.sales.md"), "Ask for the year.\n")
}

/// The one warning of a check, which names a place and says these words.
#[track_caller]
fn is_told(run: &Run, rule: &str, place: &str, words: &[&str]) -> Problem {
    let problem = run.warning();
    assert_eq!((&*problem.rule, &*problem.place), (rule, place), "{}", problem.text);
    for word in words {
        assert!(problem.text.contains(word), "`{word}` is not in {}", problem.text);
    }
    problem
}

fn rules(run: &Run) -> Vec<String> {
    run.problems().into_iter().map(|problem| problem.rule).collect()
}

#[test]
fn the_small_site_and_the_example_have_nothing_to_mend_on_any_day() {
    Site::new().check().clean();
    let example = Site::example();
    for day in ["2026-11-26", "2027-03-15", "2027-03-28", "2027-04-15", "2027-08-01"] {
        example.run(&["check", "--date", day]).clean();
        example.run(&["check", "--date", day, "--preview"]).clean();
    }
}

#[test]
fn build_tags_and_links_say_nothing_of_it() {
    let site = campaign(" [Book](cta:trial)", "");
    for command in ["build", "tags", "links"] {
        site.run(&[command]).clean();
    }
    is_told(
        &site.check(),
        "unused-cta",
        "content/spring/index.md:23:3",
        &["`trial` is shown nowhere", "[](cta:trial)"],
    );
}

#[test]
fn a_primary_cta_that_only_others_show_is_told_apart_from_one_that_nobody_shows() {
    let site = campaign("[Get it](cta:save) ", "");
    let words =
        ["`save` is not on its own page", "other pages show it", "`::: offer save`", "first is the primary one"];
    is_told(&site.check(), "missing-primary-cta", "content/spring/index.md:11:3", &words);
    let site = site.edit(PAGE, "[Get it](cta:spring/save) and", "Get it and");
    let words = ["the primary call to action `save` is shown nowhere", "or take it out"];
    is_told(&site.check(), "unused-cta", "content/spring/index.md:11:3", &words);
}

#[test]
fn ctas_that_nobody_shows_are_told_together() {
    let site = campaign("[Get it](cta:save) [](cta:guide) [Book](cta:trial)", "Nothing.").edit(
        PAGE,
        "(cta:spring/save)",
        "(#teams)",
    );
    let site = site.edit(PAGE, "(cta:spring/guide)", "(#teams)");
    is_told(
        &site.check(),
        "unused-cta",
        "content/spring/index.md:11:3",
        &["`save`, `guide` and `trial` are shown nowhere"],
    );
}

#[test]
fn a_cta_is_shown_by_a_block_by_an_anchor_of_its_form_and_by_a_theme_that_draws_all() {
    for (old, new) in
        [("[Get it](cta:save)", "Hello.\n\n::: offer save\n:::\n\n"), ("[](cta:guide)", "[Guide](#cta-guide)")]
    {
        campaign(old, new).check().clean();
    }
    let drawn = "{% for cta in page.ctas %}<a href=\"{{ cta.url }}\">{{ cta.label }}</a>{% endfor %}";
    let site = campaign(" [Book](cta:trial)", "");
    assert_eq!(rules(&site.check()), ["unused-cta"]);
    site.file("themes/launch/landing.html", drawn).check().clean();
}

#[test]
fn what_follows_from_a_mistake_is_not_told_beside_it() {
    for (site, rule) in [
        (campaign("(cta:trial)", "(cta:trail)"), "unknown-cta"),
        (campaign("[newsletter, acme]", "[newsleter, acme]"), "unknown-channel"),
        (campaign("label: Book a trial", "label:"), "empty-value"),
        (Site::new().bytes(PAGE, b"---\ntitle: Caf\xe9\n---\n"), "not-utf8"),
        (Site::new().bytes("content/spring/sales.md", b"Caf\xe9\n"), "not-utf8"),
    ] {
        let told: std::collections::BTreeSet<String> = rules(&site.check().failed(1)).into_iter().collect();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), [rule]);
    }
}

#[test]
fn problems_of_rules_pages_and_templates_come_in_one_run() {
    let broken = "{{ page.titel }}\n";
    let site = campaign("ends: 2027-03-31", "ends: 31/03/2027")
        .edit(SITE, "source: acme", "source: NEWS")
        .file("themes/launch/page.html", broken);
    let run = site.check().failed(1);
    assert_eq!(rules(&run), ["bad-date", "inconsistent-spelling", "template-error"], "{}", run.stderr);
}

#[test]
fn denied_warnings_hide_nothing_that_only_drawing_finds() {
    let site = config("source: acme", "source: NEWS").file("themes/launch/page.html", "{{ page.titel }}\n");
    let run = site.run(&["check", "--deny", "warnings"]).failed(1);
    assert_eq!(rules(&run), ["inconsistent-spelling", "template-error"], "{}", run.stderr);
    let locked = site.run(&["check", "--locked"]).failed(1);
    assert_eq!(rules(&locked), ["bad-register", "inconsistent-spelling", "template-error"], "{}", locked.stderr);
}

#[test]
fn a_broken_template_is_not_told_again_by_each_page_that_it_draws() {
    let site = campaign("ends: 2027-03-31", "ends: 31/03/2027").file("themes/launch/page.html", "{{ page.title }\n");
    assert_eq!(rules(&site.check().failed(1)), ["bad-date", "template-error"]);
}

#[test]
fn a_coupon_that_ends_before_its_campaign_is_told_until_it_does() {
    let early = Site::new().with_early_coupon();
    let words = ["`SPRING20` expires before its campaign ends", "goes on until then", "`expires: 2027-03-31`"];
    is_told(&early.check(), "coupon-expires-early", "content/spring/index.md:17:16", &words);
    let expired = ["`SPRING20` has expired", "without its code", "`expires: 2027-03-31`"];
    let early = early.edit(PAGE, "(cta:spring/save)", "(#teams)").edit(PAGE, "(cta:spring/guide)", "(#teams)");
    is_told(
        &early.run(&["check", "--date", "2027-03-28"]),
        "coupon-expires-early",
        "content/spring/index.md:17:16",
        &expired,
    );
    early.run(&["check", "--date", "2027-04-01"]).clean();
    let never = campaign("expires: 2027-03-31", "expires: 2027-02-28");
    is_told(&never.check(), "coupon-expires-early", "content/spring/index.md:17:16", &["before its campaign starts"]);
    let endless = campaign("ends: 2027-03-31\n", "").edit(CAMPAIGN, "expires: 2027-03-31", "expires: 2027-03-14");
    is_told(&endless.check(), "coupon-expires-early", "content/spring/index.md:16:16", &["has expired", "`ends: …`"]);
}

#[test]
fn an_end_that_is_not_prepared_is_told_in_its_last_week_and_after_it() {
    let site = campaign("after_end: /prices.md\n", "").edit(PAGE, "(cta:spring/save)", "(#teams)").edit(
        PAGE,
        "(cta:spring/guide)",
        "(#teams)",
    );
    let on = |day: &str| site.run(&["check", "--date", day]);
    on("2027-03-23").clean();
    let place = "content/spring/index.md:5:7";
    is_told(&on("2027-03-24"), "campaign-ends-soon", place, &["this campaign ends in 7 days", "`after_end: …`"]);
    is_told(&on("2027-03-30"), "campaign-ends-soon", place, &["this campaign ends tomorrow"]);
    is_told(&on("2027-03-31"), "campaign-ends-soon", place, &["this campaign ends today"]);
    is_told(&on("2027-04-01"), "campaign-ended", place, &["has ended", "home page", "`after_end: …`"]);
}

#[test]
fn a_prepared_end_is_told_only_where_other_pages_still_offer_what_ends() {
    let site = Site::new();
    let run = site.run(&["check", "--date", "2027-03-25"]);
    let words = ["ends in 6 days", "take its calls to action out of `content/prices.md` then"];
    let told = is_told(&run, "campaign-ends-soon", "content/spring/index.md:5:7", &words);
    assert!(!told.text.contains("after_end"), "{}", told.text);
    let alone = site.edit(PAGE, "(cta:spring/save)", "(#teams)").edit(PAGE, "(cta:spring/guide)", "(#teams)");
    alone.run(&["check", "--date", "2027-03-25"]).clean();
    alone.run(&["check", "--date", "2027-04-01"]).clean();
}

#[test]
fn a_menu_that_leads_to_a_campaign_that_has_ended_is_told() {
    let site = config("navigation:\n", "navigation:\n  - { label: Spring, page: /spring/index.md }\n")
        .edit(PAGE, "(cta:spring/save)", "(#teams)")
        .edit(PAGE, "(cta:spring/guide)", "(#teams)");
    let run = site.run(&["check", "--date", "2027-04-01"]);
    is_told(&run, "campaign-ended", "site.yaml:6:28", &["the menu leads to `/spring/index.md`, which has ended"]);
}

#[test]
fn an_owner_is_asked_for_where_somebody_has_to_answer_and_once() {
    let nobody = || config("  owner: sales@kazi.example\n", "");
    let words = ["nobody follows up this campaign's leads", "below `leads` in site.yaml"];
    is_told(&nobody().check(), "missing-owner", "content/spring/index.md:10:1", &words);
    let two = with_twin(nobody(), "autumn");
    is_told(&two.check(), "missing-owner", "content/autumn.md:10:1", &["the leads of 2 campaigns"]);
    nobody().edit(CAMPAIGN, "title: Hire", "owner: ada@kazi.example\ntitle: Hire").check().clean();
    let form_and_booking = "  guide:\n    label: Download the guide\n    download:\n      file: guide.pdf\n      form: [name, email]\n  trial:\n    label: Book a trial\n    booking:\n      url: https://cal.example.com/kazi\n";
    let coupon_alone = nobody()
        .edit(CAMPAIGN, form_and_booking, "")
        .edit(CAMPAIGN, " [](cta:guide) [Book](cta:trial)", "")
        .edit(PAGE, "(cta:spring/guide)", "(#teams)");
    coupon_alone.check().clean();
}

#[test]
fn consent_is_asked_for_once_for_all_forms() {
    let silent = || config("  consent: { text: I agree., version: 2027-01 }\n", "");
    let words = ["this form asks for an address, and not for consent", "`consent: { text: …, version: … }`"];
    is_told(&silent().check(), "missing-consent", "content/spring/index.md:22:13", &words);
    is_told(&with_twin(silent(), "autumn").check(), "missing-consent", "content/autumn.md:22:13", &["2 forms ask"]);
    silent().edit(CAMPAIGN, "      form: [name, email]\n", "").check().clean();
}

#[test]
fn missing_notes_are_a_hint_with_the_files_to_write() {
    let site = Site::new().remove("content/spring/sales.md");
    let words = ["sales has no notes on this campaign", "`content/spring/sales.md`", "nothing of it is published"];
    is_told(&site.check(), "missing-notes", "content/spring/index.md:10:1", &words);
    let wrong = site.edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    assert_eq!(rules(&wrong.check()), ["unknown-channel"]);
    let site = wrong.edit(CAMPAIGN, "newsleter", "newsletter");
    let two = with_twin(site, "autumn").remove("content/autumn.sales.md");
    let words = ["no notes on 2 campaigns", "`content/autumn.sales.md` and `content/spring/sales.md`"];
    is_told(&two.check(), "missing-notes", "content/autumn.md:10:1", &words);
}

#[test]
fn a_channel_whose_group_is_not_what_it_says_is_told_once_with_what_to_write() {
    for (old, new, place, words) in [
        (
            "label: Monthly newsletter, source: news",
            "label: Members, source: linkedin",
            "site.yaml:8:59",
            &[
                "are `Organic Social` in GA4",
                "the medium says `Email`",
                "GA4 goes by the source first",
                "write `source: linkedin-email`",
                "write `medium: social`",
            ][..],
        ),
        (
            "label: Monthly newsletter, source: news, medium: email",
            "label: Monthly newsletter, source: news, medium: social",
            "site.yaml:8:66",
            &["are `Organic Social` in GA4", "the label says `Email`", "if it is `Email`, write `medium: email`"],
        ),
        (
            "\"Partner: Acme\", source: acme, medium: referral",
            "Facebook ads, source: facebook, medium: social",
            "site.yaml:9:58",
            &[
                "the label says `Paid Social`",
                "write `medium: paid-social`",
                "if it is `Organic Social`, say so in the label",
            ],
        ),
        (
            "\"Partner: Acme\", source: acme, medium: referral",
            "LinkedIn ads, source: li-ads, medium: cpc",
            "site.yaml:9:56",
            &["are `Paid Other` in GA4", "the label says `Paid Social`", "as in `source: linkedin`"],
        ),
    ] {
        let site = with_twin(config(old, new), "autumn");
        is_told(&site.check(), "ga4-unexpected-group", place, words);
    }
}

#[test]
fn a_shop_in_a_campaign_s_id_is_told_at_the_id_with_the_channels_that_it_moves() {
    let site = with_twin(Site::new(), "summer-shop");
    let words = [
        "GA4 goes by the word `shop` in the campaign's id `summer-shop`",
        "`newsletter` is `Organic Shopping`, and would be `Email`",
        "`acme` is `Organic Shopping`, and would be `Referral`",
        "an id without that word",
    ];
    is_told(&site.check(), "ga4-unexpected-group", "content/summer-shop.md:2:8", &words);
    with_twin(Site::new(), "workshop").check().clean();
    let meant = site.edit(SITE, "Monthly newsletter", "Shop mail").edit(SITE, "Partner: Acme", "Shop of Acme");
    meant.check().clean();
}

#[test]
fn a_channel_that_no_group_fits_is_told_once_and_not_where_there_is_nothing_to_mend() {
    let site = with_twin(config("medium: referral", "medium: partner"), "autumn");
    is_told(&site.check(), "ga4-unassigned", "site.yaml:9:57", &["`acme` are `Unassigned`"]);
    config("medium: referral", "medium: print").check().clean();
    campaign("title: Hire", "draft: true\ntitle: Hire").edit(SITE, "medium: referral", "medium: partner").check().ok();
}

#[test]
fn spellings_of_one_source_or_medium_are_told_at_all_their_places() {
    let told = is_told(
        &config("medium: referral", "medium: E-Mail").check(),
        "inconsistent-spelling",
        "site.yaml:8:66",
        &["`email` and `E-Mail` are one medium to people, and 2 to analytics", "lower case"],
    );
    assert!(told.text.contains("medium: E-Mail"), "{}", told.text);
    is_told(
        &config("source: acme", "source: News").check(),
        "inconsistent-spelling",
        "site.yaml:8:52",
        &["one source"],
    );
    config("medium: referral", "medium: email").check().clean();
}

#[test]
fn utm_on_links_within_the_site_are_told_wherever_they_stand() {
    let on_page = campaign("(/prices.md#teams)", "(/prices.md?utm_source=spring&size=2&utm_medium=text#teams)");
    let words = ["`utm_source` and `utm_medium` on a link within the site", "leave `utm_*` out"];
    is_told(&on_page.check(), "utm-on-internal-link", "content/spring/index.md:33:19", &words);
    let absolute = campaign("(/prices.md#teams)", "(https://kazi.example/prices/?utm_source=spring)");
    is_told(&absolute.check(), "utm-on-internal-link", "content/spring/index.md:33:19", &[]);
    let url = "https://kazi.example/buy?utm_campaign=x";
    let menu = config("navigation:\n", &format!("navigation:\n  - {{ label: Buy, url: \"{url}\" }}\n"));
    is_told(&menu.check(), "utm-on-internal-link", "site.yaml:6:24", &["`utm_campaign`"]);
    let cta = campaign("https://cal.example.com/kazi", url);
    is_told(&cta.check(), "utm-on-internal-link", "content/spring/index.md:26:12", &[]);
    campaign("(/prices.md#teams)", "(https://other.example/?utm_source=kazi)").check().clean();
}

#[test]
fn hand_written_utm_on_a_call_to_action_is_told_but_for_the_term() {
    let site = campaign("example.com/kazi", "example.com/kazi?utm_source=web&utm_campaign=mine&utm_term=hr");
    let words = ["this address has `utm_source` and `utm_campaign` of its own", "give way to those of each channel"];
    is_told(&site.check(), "overridden-utm", "content/spring/index.md:26:12", &words);
    campaign("example.com/kazi", "example.com/kazi?utm_term=hr").check().clean();
}

#[test]
fn a_channel_without_a_campaign_is_told_unless_its_visitors_are_known_otherwise() {
    let with = |line: &str| config("channels:\n", &format!("channels:\n  pod: {{ label: Podcast, {line} }}\n"));
    let words = ["no campaign runs on the channel `pod`", "`tagline links`", "or take it out"];
    is_told(&with("source: pod, medium: audio").check(), "unused-channel", "site.yaml:8:3", &words);
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
fn what_the_next_build_does_to_the_register_is_told_once_there_is_one() {
    let site = Site::new();
    site.check().clean();
    site.tags().ok();
    site.check().clean();
    let site = site.edit(CAMPAIGN, "Book a trial", "Book your trial");
    let words = ["the next build will change the tag register: 4 lead tags with a new label", "`tagline tags`"];
    is_told(&site.check(), "outdated-register", "lead-tags.csv", &words);
    site.run(&["check", "--preview"]).clean();
    assert_eq!(rules(&site.run(&["check", "--locked"]).failed(1)), ["bad-register"]);
    site.tags().ok();
    site.check().clean();
}

#[test]
fn a_draft_is_held_against_none_of_these_rules() {
    let site = campaign("title: Hire", "draft: true\ntitle: Hire").edit(CAMPAIGN, " [Book](cta:trial)", "").edit(
        PAGE,
        "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).",
        "None yet.",
    );
    site.remove("content/spring/sales.md").check().clean();
}
