//! Renamed and removed campaigns, calls to action and channels: the warnings, and where old lead tags lead.

use super::fixtures::{issued, renamed, renamed_cta};
use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, Run, Site};

#[test]
fn renamed_campaign_is_a_warning_at_the_new_id_with_two_fixes() {
    let site = renamed("campaign: spring-sale\n");
    let check = site.run(&["check", "--date", "2027-03-10"]);
    assert_eq!(check.rules(), ["closed-lead-tags", "outdated-register"], "{}", check.stderr);
    let build = site.build_on("2027-03-10");
    assert_eq!(build.problems().len(), 1, "{}", build.stderr);
    for run in [check, build] {
        let warning = run.problems().remove(0);
        assert!(!warning.is_error, "{}", warning.text);
        warning.assert(
            "closed-lead-tags",
            "content/spring/index.md:2:11",
            &[
                "campaign `spring` is gone: its 12 published lead tags are closed",
                "2 | campaign: spring-sale",
                "was it renamed to `spring-sale`?",
                "write `campaign: spring`",
                "write `was: [spring]`",
            ],
        );
    }
    assert_eq!(site.offers_of("spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    assert_eq!(site.offers_of("spring-sale_save_acme"), ["ACME20 2027-03-10"]);
    site.build_on("2027-03-11").clean();
}

#[test]
fn campaign_in_a_renamed_folder_is_recognized_by_its_ctas() {
    let site = issued()
        .file("content/lente/index.md", CAMPAIGN_TEXT)
        .file("content/lente/guide.pdf", "%PDF-1.7 a guide")
        .remove("content/spring")
        .file("content/prices.md", "---\ntitle: Prices\n---\n\n# Prices\n\n## Teams\n");
    site.build().warning().assert(
        "closed-lead-tags",
        "content/lente/index.md:2:8",
        &["renamed to `lente`?", "`campaign: spring`", "`was: [spring]`"],
    );
}

#[test]
fn either_fix_keeps_the_lead_tags_of_a_renamed_campaign() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    assert_eq!(site.check().rules(), ["outdated-register"]);
    site.build_on("2027-03-10").clean();
    let folder = issued()
        .file("content/lente/index.md", &CAMPAIGN_TEXT.replace("title: Hire", "campaign: spring\ntitle: Hire"))
        .file("content/lente/guide.pdf", "%PDF-1.7 a guide")
        .remove("content/spring")
        .edit("content/prices.md", "spring/index.md", "lente/index.md");
    folder.build_on("2027-03-10").clean();
    assert!(folder.register().iter().all(|row| row[9] == "2027-03-01" && row[10].is_empty() && row[7] == "/lente/"));
}

#[test]
fn renamed_cta_is_a_warning_at_the_new_one_with_two_fixes() {
    let site = renamed_cta(issued(), "");
    site.build_on("2027-03-10").warning().assert(
        "closed-lead-tags",
        "content/spring/index.md:11:3",
        &[
            "call to action `save` of `spring` is gone: its 4 published lead tags are closed",
            "was it renamed to this?",
            "to keep its lead tags, restore the id `save`",
            "write `was: [save]` below `coupon-20`",
        ],
    );
    assert_eq!(site.offers_of("spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    site.build_on("2027-03-11").clean();
    renamed_cta(issued(), "    was: [save]\n").build_on("2027-03-10").clean();
}

#[test]
fn removed_cta_is_a_warning_without_a_suggestion() {
    let site = issued();
    let page = site.read(CAMPAIGN);
    let trial = page.find("  trial:").unwrap();
    let page = format!("{}---\n\n# Hire in days\n\n[Get it](cta:save) [](cta:guide)\n", &page[..trial]);
    let site = site.file(CAMPAIGN, &page);
    site.build().warning().assert(
        "closed-lead-tags",
        "content/spring/index.md:10:1",
        &["call to action `trial` of `spring` is gone: its 4 published lead tags", "write `was: [trial]`"],
    );
}

/// Asserts what an old lead tag leads to once `was` names it.
#[track_caller]
fn assert_leads_to(site: &Site, run: &Run, old: &str, new: &str) {
    let code = site.register().into_iter().find(|row| row[0] == old).unwrap()[8].clone();
    let new_id = new.split('_').next().unwrap();

    let text = site.run(&["explain", old]).clean().stdout;
    assert!(text.contains(&format!("Is now called   {new}\n")), "{text}");
    let card: serde_json::Value =
        serde_json::from_str(&site.run(&["explain", old, "--format", "json"]).clean().stdout).unwrap();
    assert_eq!(
        (&card["tag"], &card["replaced_by"], &card["campaign"]["id"]),
        (&old.into(), &new.into(), &new_id.into())
    );
    let place: serde_json::Value =
        serde_json::from_str(&site.run(&["explain", &code, "--format", "json"]).clean().stdout).unwrap();
    assert_eq!(place["campaign"], new_id);
    let tags: Vec<_> = place["sources"].as_array().unwrap().iter().map(|source| &source["tag"]).collect();
    assert!(tags.contains(&&new.into()) && tags.contains(&&old.into()), "{tags:?}");

    let data: serde_json::Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
    let [[old_campaign, old_cta, channel], [new_campaign, new_cta, _]] =
        [old, new].map(|tag| <[&str; 3]>::try_from(tag.split('_').collect::<Vec<_>>()).unwrap());
    let periods = data["campaigns"][old_campaign]["periods"].as_array().unwrap().iter();
    let on_channel = periods.filter(|period| period["channels"].as_array().unwrap().contains(&channel.into()));
    let offers: Vec<_> = on_channel.filter_map(|period| period["ctas"].get(old_cta)).collect();
    assert!(offers.iter().any(|offer| offer["replaced_by"] == format!("{new_campaign}_{new_cta}")), "{offers:?}");
    let table = run.sales("lead-sources.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == "replaced_by").unwrap();
    let row = reader.records().map(Result::unwrap).find(|row| &row[0] == old).unwrap();
    assert_eq!(&row[column], new);

    let desk = run.desk();
    assert_eq!(desk.with("id", old).name, "p");
    assert!(desk.all("p").any(|closed| closed.text.ends_with(&format!(", now {new}"))));
    assert!(desk.all("a").any(|link| link.text == new && link.has("href", &format!("#{new}"))));
    assert_eq!(desk.with("id", new).name, "p");

    let page = run.page(&format!("go/{code}/"));
    let link = page.the("a").get("href");
    assert_eq!(link, format!("/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign={new_id}"));
}

#[test]
fn old_lead_tags_of_a_renamed_campaign_lead_to_the_new_ones() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    let run = site.build_on("2027-03-10").clean();
    for cta in ["save", "guide", "trial"] {
        assert_leads_to(&site, &run, &format!("spring_{cta}_acme"), &format!("spring-sale_{cta}_acme"));
    }
}

#[test]
fn old_lead_tags_of_a_renamed_cta_lead_to_the_new_ones() {
    let site = renamed_cta(issued(), "    was: [save]\n");
    let run = site.build_on("2027-03-10").clean();
    assert_leads_to(&site, &run, "spring_save_acme", "spring_coupon-20_acme");
}

#[test]
fn campaign_and_its_cta_can_be_renamed_together() {
    let site = renamed_cta(renamed("campaign: spring-sale\nwas: [spring]\n"), "    was: [save]\n");
    let run = site.build_on("2027-03-10").clean();
    assert_leads_to(&site, &run, "spring_save_acme", "spring-sale_coupon-20_acme");
    assert_leads_to(&site, &run, "spring_guide_acme", "spring-sale_guide_acme");
}

#[test]
fn campaign_renamed_twice_keeps_both_former_ids() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    site.build_on("2027-03-10").clean();
    let site =
        site.edit(CAMPAIGN, "campaign: spring-sale\nwas: [spring]", "campaign: spring-27\nwas: [spring-sale, spring]");
    let prices = site.read("content/prices.md").replace("cta:spring-sale/", "cta:spring-27/");
    let site = site.file("content/prices.md", &prices);
    let run = site.build_on("2027-03-14").clean();
    assert_leads_to(&site, &run, "spring_save_acme", "spring-27_save_acme");
    assert_leads_to(&site, &run, "spring-sale_save_acme", "spring-27_save_acme");
}

#[test]
fn half_a_fix_of_a_renamed_campaign_and_cta_is_a_warning() {
    let site = renamed_cta(renamed("campaign: spring-sale\nwas: [spring]\n"), "");
    site.build().warning().assert(
        "closed-lead-tags",
        "content/spring/index.md:13:3",
        &["call to action `save` of `spring` is gone", "`was: [save]` below `coupon-20`"],
    );
}

#[test]
fn draft_and_removed_channel_cause_no_warning() {
    let links = "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).";
    let site = issued().edit("content/prices.md", links, "").edit(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire");
    site.build_on("2027-03-10").clean();
    assert_eq!(site.offers_of("spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    let site = issued().edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]");
    site.build_on("2027-03-10").clean();
    assert_eq!(site.offers_of("spring_save_newsletter"), ["SPRING20 2027-03-01 2027-03-10"]);
}

#[test]
fn channel_removed_from_the_site_is_one_warning() {
    let site = issued().edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]").edit(
        "site.yaml",
        "  newsletter: { label: Monthly newsletter, source: news, medium: email }\n",
        "",
    );
    site.build_on("2027-03-10").warning().assert(
        "closed-lead-tags",
        "site.yaml",
        &["channel `newsletter` is gone: its 3 published lead tags", "restore the id `newsletter`"],
    );
    site.build_on("2027-03-11").clean();
}

#[test]
fn deleted_campaign_is_one_warning_without_a_suggestion() {
    let site = issued().remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n");
    let problem = site.build_on("2027-03-10").warning();
    let problem = problem.assert(
        "closed-lead-tags",
        "lead-tags.csv",
        &["campaign `spring` is gone", "if it is over, nothing is wrong"],
    );
    assert!(!problem.text.contains("renamed"), "{}", problem.text);
    site.build_on("2027-03-11").clean();
}

#[test]
fn unrelated_new_campaign_is_not_suggested_for_a_deleted_one() {
    let site = issued()
        .remove("content/spring")
        .file("content/prices.md", "---\ntitle: Prices\n---\n")
        .file("content/summer.md", "---\ntitle: Summer\nsummary: s\nctas:\n  call:\n    label: Call\n    booking: { url: \"https://else.example/\" }\n---\n");
    let problem = site.build().warning();
    assert_eq!(problem.place, "lead-tags.csv", "{}", problem.text);
}

#[test]
fn former_id_in_use_is_an_error() {
    let twin =
        |front: &str| CAMPAIGN_TEXT.replace("title: Hire", front).replace("file: guide.pdf", "file: spring/guide.pdf");
    let former = |id: &str| format!("    was: [{id}]\n    coupon:");
    for (rule, place, site) in [
        ("duplicate-cta", "content/spring/index.md:13:11", Site::new().edit(CAMPAIGN, "    coupon:", &former("guide"))),
        ("duplicate-cta", "content/spring/index.md:13:11", Site::new().edit(CAMPAIGN, "    coupon:", &former("save"))),
        (
            "duplicate-cta",
            "content/spring/index.md:13:16",
            Site::new().edit(CAMPAIGN, "    coupon:", &former("old, old")),
        ),
        (
            "duplicate-campaign",
            "content/spring/index.md:2:7",
            Site::new().edit(CAMPAIGN, "title: Hire", "was: [spring]\ntitle: Hire"),
        ),
        (
            "duplicate-campaign",
            "content/a.md:3:7",
            Site::new().file("content/a.md", &twin("campaign: autumn\nwas: [spring]\ntitle: Hire")),
        ),
        (
            "duplicate-campaign",
            "content/spring/index.md:2:7",
            Site::new()
                .edit(CAMPAIGN, "title: Hire", "was: [old]\ntitle: Hire")
                .file("content/a.md", &twin("campaign: autumn\nwas: [old]\ntitle: Hire")),
        ),
    ] {
        let run = site.build().failed(1);
        let problems = run.problems();
        assert_eq!(problems.len(), 1, "{}", run.stderr);
        assert!(problems[0].is_error && problems[0].rule == rule, "{}", run.stderr);
        assert_eq!(problems[0].place, place, "{}", run.stderr);
        assert!(site.output().is_empty());
    }
}
