//! The tag register during the life of a campaign, the commands that change it, and permanent short links.

use crate::support::{CAMPAIGN, REGISTER, Run, Site};

#[test]
fn every_cta_has_a_lead_tag_for_each_channel_and_for_direct_and_other() {
    let site = Site::new();
    site.build().clean();
    let text = site.read(REGISTER);
    assert!(text.starts_with("tag,campaign,cta,kind,channel,label,offer,landing_page,code,from,until\n"));
    let tags: Vec<_> = site.register().into_iter().map(|row| row[0].clone()).collect();
    let expected = ["guide", "save", "trial"]
        .into_iter()
        .flat_map(|cta| ["acme", "direct", "newsletter", "other"].map(|channel| format!("spring_{cta}_{channel}")));
    assert_eq!(tags, expected.collect::<Vec<_>>());
    let row = |tag: &str| text.lines().find(|line| line.starts_with(tag)).unwrap().to_owned();
    let code = site.code("spring", "acme");
    assert_eq!(
        row("spring_save_acme"),
        format!("spring_save_acme,spring,save,coupon,acme,Get 20 % off,ACME20,/spring/,{code},2027-03-15,")
    );
    assert_eq!(
        row("spring_guide_direct"),
        "spring_guide_direct,spring,guide,download,direct,Download the guide,guide.pdf,/spring/,,2027-03-15,"
    );
    assert_eq!(
        row("spring_trial_other"),
        "spring_trial_other,spring,trial,booking,other,Book a trial,cal.example.com,/spring/,,2027-03-15,"
    );
}

#[test]
fn rows_are_sorted_by_lead_tag() {
    let site = Site::example();
    site.build().ok();
    let tags: Vec<_> = site.register().into_iter().map(|row| row[0].clone()).collect();
    let mut sorted = tags.clone();
    sorted.sort();
    assert_eq!(tags, sorted);
}

#[test]
fn page_with_counts_as_gets_a_lead_tag_for_each_cta_it_offers() {
    let site = Site::new()
        .edit(
            "site.yaml",
            "channels:\n",
            "channels:\n  blog: { label: Our articles, source: kazi-blog, medium: owned }\n",
        )
        .edit("content/prices.md", "title: Prices", "title: Prices\ncounts_as: blog");
    site.build().clean();
    let tags: Vec<_> =
        site.register().into_iter().map(|row| row[0].clone()).filter(|tag| tag.ends_with("_blog")).collect();
    assert_eq!(tags, ["spring_guide_blog", "spring_save_blog"]);
}

#[test]
fn passing_days_change_no_row() {
    let site = Site::new();
    site.build_on("2027-01-01").ok();
    let register = site.read(REGISTER);
    for day in ["2027-02-28", "2027-03-01", "2027-03-26", "2027-04-01", "2028-01-01"] {
        site.build_on(day).ok();
        assert_eq!(site.read(REGISTER), register, "on {day}");
    }
}

#[test]
fn new_offer_closes_the_row_and_opens_another() {
    let site = Site::new();
    site.build_on("2027-03-01").ok();
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.build_on("2027-03-10").ok();
    assert_eq!(site.offers_of("spring_save_direct"), ["SPRING20 2027-03-01 2027-03-10", "SPRING30 2027-03-10"]);
    assert_eq!(site.offers_of("spring_save_acme"), ["ACME20 2027-03-01"], "its own code stayed");
}

#[test]
fn removed_channel_closes_its_rows_and_a_returning_one_opens_new_ones() {
    let site = Site::new();
    site.build_on("2027-03-01").ok();
    let site = site.edit(CAMPAIGN, "[newsletter, acme]", "[acme]");
    site.build_on("2027-03-10").ok();
    assert_eq!(site.offers_of("spring_guide_newsletter"), ["guide.pdf 2027-03-01 2027-03-10"]);
    assert_eq!(site.offers_of("spring_guide_direct"), ["guide.pdf 2027-03-01"]);
    let site = site.edit(CAMPAIGN, "[acme]", "[newsletter, acme]");
    site.build_on("2027-03-20").ok();
    assert_eq!(site.offers_of("spring_guide_newsletter"), ["guide.pdf 2027-03-01 2027-03-10", "guide.pdf 2027-03-20"]);
}

#[test]
fn removed_campaign_keeps_its_rows() {
    let site = Site::new();
    site.build_on("2027-03-01").ok();
    let site = without_campaign(site);
    site.build_on("2027-03-10").ok();
    assert_eq!(site.register().len(), 12);
    assert!(site.register().iter().all(|row| row[9] == "2027-03-01" && row[10] == "2027-03-10"));
}

fn without_campaign(site: Site) -> Site {
    site.remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n")
}

#[test]
fn label_and_landing_page_are_updated_in_the_same_row() {
    let site = Site::new();
    site.build_on("2027-03-01").ok();
    let site = site.edit(CAMPAIGN, "label: Book a trial", "label: Try it").edit(
        CAMPAIGN,
        "title:",
        "slug: summer\ncampaign: spring\ntitle:",
    );
    site.build_on("2027-03-10").ok();
    let rows = site.register();
    assert_eq!(rows.len(), 12);
    let row = rows.iter().find(|row| row[0] == "spring_trial_direct").unwrap();
    assert_eq!((&*row[5], &*row[7], &*row[9], &*row[10]), ("Try it", "/summer/", "2027-03-01", ""));
}

#[test]
fn locked_build_fails_instead_of_changing_the_register() {
    let site = Site::new();
    for command in ["build", "tags", "check"] {
        let run = site.run(&[command, "--locked"]).failed(1);
        assert!(
            run.problems().iter().all(|problem| problem.is_error && problem.rule == "bad-register"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("tagline tags"), "{command} names the fix: {}", run.stderr);
        assert!(site.output().is_empty(), "{command}");
    }
    site.tags().ok();
    for command in ["build", "tags", "check"] {
        site.run(&[command, "--locked"]).clean();
    }
    let before = site.output();
    let site = site.edit(CAMPAIGN, "SPRING20", "SPRING30");
    site.run(&["build", "--locked"]).failed(1);
    assert_eq!(site.output(), before);
    let site = site.edit(CAMPAIGN, "SPRING30", "SPRING20").edit("content/prices.md", "# Prices", "# New prices");
    site.run(&["build", "--locked"]).clean();
}

#[test]
fn locked_build_only_warns_of_another_label_or_landing_page() {
    let site = Site::new();
    site.tags().ok();
    let register = site.read(REGISTER);
    for (old, new) in
        [("Book a trial", "Book your trial"), ("title: Hire", "campaign: spring\nslug: summer\ntitle: Hire")]
    {
        let site = Site::new().file(REGISTER, &register).file("lead-tags.sum", &site.read("lead-tags.sum"));
        let site = site.edit(CAMPAIGN, old, new);
        for command in ["build", "tags", "check"] {
            let run = site.run(&[command, "--locked"]);
            run.warning().assert(
                "outdated-register",
                REGISTER,
                &["with a new label or landing page", "`tagline tags`"],
            );
        }
        assert_eq!(site.read(REGISTER), register);
    }
}

#[test]
fn tags_writes_only_the_register() {
    let site = Site::new();
    let run = site.tags().clean();
    assert!(run.stdout.starts_with("updated the tag register: 12 lead tags"), "{}", run.stdout);
    let files: Vec<_> = site.output().into_keys().collect();
    assert_eq!(files, [std::path::PathBuf::from(REGISTER)]);
    let by_tags = site.read(REGISTER);
    assert_eq!(site.tags().clean().stdout, "the tag register is up to date: 12 lead tags\n");
    site.build().clean();
    assert_eq!(site.read(REGISTER), by_tags, "a build writes the same register");
}

#[test]
fn check_and_preview_write_no_register() {
    let site = Site::new();
    let run = site.check().clean();
    assert!(run.stdout.starts_with("checked 2 pages, 2 channel pages, 12 lead tags in "), "{}", run.stdout);
    assert!(site.output().is_empty());
    site.run(&["build", "--preview"]).ok();
    assert!(!site.path(REGISTER).exists());
}

/// The target of the short link of `spring` on a channel.
fn short_link_target(site: &Site, run: &Run, channel: &str) -> String {
    let page = run.page(&format!("go/{}/", site.code("spring", channel)));
    assert_eq!(page.meta("robots"), "noindex");
    let link = page.the("a").get("href").to_owned();
    assert_eq!(page.with("http-equiv", "refresh").get("content"), format!("0; url={link}"));
    link
}

#[test]
fn code_has_ten_characters_of_crockford_base_32() {
    let site = Site::new();
    site.build().clean();
    let codes = ["acme", "newsletter"].map(|channel| site.code("spring", channel));
    assert_ne!(codes[0], codes[1]);
    for code in codes {
        assert_eq!(code.len(), 10);
        assert!(code.bytes().all(|b| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&b)), "{code}");
    }
    for channel in ["direct", "other"] {
        assert_eq!(site.code("spring", channel), "", "no link is issued for {channel}");
    }
}

#[test]
fn codes_are_the_same_on_every_machine() {
    let site = Site::example();
    site.tags().ok();
    // From the register that another machine wrote.
    for (campaign, channel, code) in [
        ("spring-hiring", "acme", "pw2wvxbrab"),
        ("free-trial", "linkedin", "r3csm145nf"),
        ("hiring-guide", "newsletter", "2e4txqtkzz"),
    ] {
        assert_eq!(site.code(campaign, channel), code, "{campaign} on {channel}");
    }
}

#[test]
fn short_link_leads_to_the_channel_page_with_its_parameters() {
    let site = Site::new();
    let run = site.build().clean();
    assert_eq!(
        short_link_target(&site, &run, "acme"),
        "/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign=spring"
    );
    assert_eq!(
        short_link_target(&site, &run, "newsletter"),
        "/spring/via/newsletter/?utm_source=news&utm_medium=email&utm_campaign=spring"
    );
}

#[test]
fn short_link_leads_home_before_the_start_and_to_the_ended_page_after() {
    let site = Site::new();
    let run = site.build_on("2027-02-28").ok();
    assert_eq!(short_link_target(&site, &run, "acme"), "/");
    let run = site.build_on("2027-04-01").ok();
    let link = short_link_target(&site, &run, "acme");
    let path = link.split('?').next().unwrap().trim_start_matches('/');
    assert!(path.starts_with("spring/"), "{link}");
    assert!(run.page(path).text().contains("ended"));
}

#[test]
fn short_link_works_after_its_channel_and_campaign_are_removed() {
    let site = Site::new();
    site.build().ok();
    let site = site.edit(CAMPAIGN, "[newsletter, acme]", "[acme]");
    let run = site.build().ok();
    assert!(
        short_link_target(&site, &run, "newsletter").starts_with("/spring/"),
        "{}",
        short_link_target(&site, &run, "newsletter")
    );
    assert!(run.public("spring/via/newsletter/index.html").contains("url=/spring/"));
    let site = without_campaign(site);
    let run = site.build().ok();
    for channel in ["newsletter", "acme"] {
        assert_eq!(short_link_target(&site, &run, channel), "/");
    }
}

#[test]
fn short_link_of_a_removed_campaign_leads_to_the_page_at_its_path() {
    let site = Site::new();
    site.build().ok();
    let site = without_campaign(site).edit("content/prices.md", "title: Prices", "title: Prices\naliases: [/spring/]");
    let run = site.build().ok();
    assert!(
        short_link_target(&site, &run, "acme").starts_with("/prices/"),
        "{}",
        short_link_target(&site, &run, "acme")
    );
}

#[test]
fn short_link_follows_a_renamed_campaign() {
    let site = Site::new();
    site.build().ok();
    let site = site.edit(CAMPAIGN, "title:", "campaign: spring-sale\nwas: [spring]\ntitle:").edit(
        "content/prices.md",
        "cta:spring/save",
        "cta:spring-sale/save",
    );
    let run = site.build().ok();
    assert!(
        short_link_target(&site, &run, "acme").starts_with("/spring/via/acme/?"),
        "{}",
        short_link_target(&site, &run, "acme")
    );
    let new = site.code("spring-sale", "acme");
    assert_ne!(new, site.code("spring", "acme"));
    assert!(run.has(&format!("go/{new}/index.html")));
}

#[test]
fn lead_sources_csv_lists_every_row() {
    let site = Site::new();
    site.build_on("2027-03-01").ok();
    let site = site.edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    let run = site.build_on("2027-03-10").ok();
    let data: serde_json::Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
    assert_eq!(data["version"], 2);
    let spring = &data["campaigns"]["spring"];
    let periods = spring["periods"].as_array().unwrap();
    let count =
        |list: &serde_json::Value| list.as_array().map_or(0, Vec::len) + list.as_object().map_or(0, |map| map.len());
    let rows: usize = periods.iter().map(|period| count(&period["channels"]) * count(&period["ctas"])).sum();
    assert_eq!(rows, site.register().len());
    let was = periods.iter().find(|period| period["until"] == "2027-03-10").unwrap();
    assert_eq!((&was["from"], &was["ctas"]["save"]["offer"]), (&"2027-03-01".into(), &"SPRING20".into()));
    assert_eq!(spring["landing_page"], "/spring/");
    assert_eq!(spring["codes"]["acme"], site.code("spring", "acme"));
    assert_eq!((&data["owner"], &data["base_url"]), (&"sales@kazi.example".into(), &"https://kazi.example/".into()));
    assert_eq!(data["channels"]["acme"]["label"], "Partner: Acme");
    let table = run.sales("lead-sources.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.records().count(), site.register().len());
    assert!(table.contains("\"Get 20 % off, Spring, via Partner: Acme\""), "{table}");
}

#[test]
fn register_records_every_stage_of_a_campaign() {
    let site = Site::new();
    let stages: [(&str, &str, &str, &[&str]); 8] = [
        ("2027-02-20", "", "", &["SPRING20 2027-02-20"]),
        ("2027-03-01", "", "", &["SPRING20 2027-02-20"]),
        ("2027-03-05", "# Hire in days", "# Hire in hours", &["SPRING20 2027-02-20"]),
        ("2027-03-10", "code: SPRING20", "code: SPRING30", &["SPRING20 2027-02-20 2027-03-10", "SPRING30 2027-03-10"]),
        ("2027-03-26", "", "", &["SPRING20 2027-02-20 2027-03-10", "SPRING30 2027-03-10"]),
        ("2027-04-01", "", "", &["SPRING20 2027-02-20 2027-03-10", "SPRING30 2027-03-10"]),
        (
            "2027-04-10",
            "title: Hire",
            "draft: true\ntitle: Hire",
            &["SPRING20 2027-02-20 2027-03-10", "SPRING30 2027-03-10 2027-04-10"],
        ),
        (
            "2027-04-20",
            "draft: true\n",
            "",
            &["SPRING20 2027-02-20 2027-03-10", "SPRING30 2027-03-10 2027-04-10", "SPRING30 2027-04-20"],
        ),
    ];
    for (day, old, new, rows) in stages {
        site.write(CAMPAIGN, site.read(CAMPAIGN).replacen(old, new, 1));
        // A link to a draft is a warning, and nothing else happens.
        let run = site.build_on(day).ok();
        assert!(run.problems().iter().all(|problem| !problem.is_error && problem.rule != "closed-lead-tags"));
        assert_eq!(site.offers_of("spring_save_newsletter"), rows, "on {day}: {}", run.stderr);
        assert_eq!(
            site.run(&["tags", "--date", day]).stdout,
            "the tag register is up to date: 12 lead tags\n"
                .replace("12", if day == "2027-04-10" { "0" } else { "12" }),
            "on {day}"
        );
    }
}
