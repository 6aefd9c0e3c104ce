//! Drafts, starts, ends, expiries and previews, on the days around each change.

use crate::support::{CAMPAIGN, Site};

#[test]
fn campaign_is_published_from_its_first_day() {
    let site = Site::new();
    let before = site.build_on("2027-02-28").ok();
    for path in ["spring", "spring/via", "spring/thanks", "get"] {
        assert!(!before.has(path), "{path}");
    }
    assert!(!before.public("sitemap.xml").contains("spring"));
    let on_the_day = site.build_on("2027-03-01").clean();
    assert_eq!(on_the_day.page("spring/").the("h1").text, "Hire in days");
    assert!(on_the_day.public("sitemap.xml").contains("<loc>https://kazi.example/spring/</loc>"));
}

#[test]
fn campaign_page_shows_ended_from_the_day_after_its_last_day() {
    let site = Site::new();
    let last = site.build_on("2027-03-31").ok();
    assert_eq!(last.page("spring/").all("form").count(), 1);
    let next = site.build_on("2027-04-01").ok();
    for path in ["spring/", "spring/via/acme/", "spring/via/newsletter/"] {
        let page = next.page(path);
        assert!(page.text().contains("ended"), "{path}: {}", page.text());
        assert_eq!((page.all("form").count(), page.all("button").count()), (0, 0), "{path}");
        assert!(!next.public(path).contains("data-lead-tag"), "{path}");
        assert!(!next.public(path).contains("example.com"), "{path}");
        assert_eq!(page.meta("robots"), "noindex", "{path}");
        assert!(page.links().iter().any(|(text, to)| *text == "Prices" && to.starts_with("/prices/")), "{path}");
    }
    assert!(!next.public("sitemap.xml").contains("spring"));
    assert!(next.has("spring/thanks/guide/index.html"), "a visitor may have sent the form in the last minute");
}

#[test]
fn ended_campaign_without_after_end_links_to_the_home_page() {
    let site = Site::new().edit(CAMPAIGN, "after_end: /prices.md\n", "");
    let page = site.build_on("2027-04-01").ok().page("spring/");
    assert!(page.links().iter().any(|(_, to)| *to == "/"), "{:?}", page.links());
}

#[test]
fn link_to_a_scheduled_page_is_plain_text_with_a_warning() {
    let site = Site::new();
    let run = site.build_on("2027-02-28").ok();
    assert_eq!(
        run.rules_with_places(),
        [
            "link-to-unpublished-page content/prices.md:10:10",
            "link-to-unpublished-page content/prices.md:10:43",
            "link-to-unpublished-page content/prices.md:10:85"
        ]
    );
    assert!(run.stderr.contains("starts on 2027-03-01"), "{}", run.stderr);
    let page = run.page("prices/");
    assert!(page.text().contains("Get it and the guide, or read about spring."), "{}", page.text());
    assert!(!run.public("prices/").contains("spring/"));
}

#[test]
fn link_to_a_cta_of_an_ended_campaign_leads_to_after_end() {
    let site = Site::new().file("content/next.md", "---\ntitle: The next offer\n---\n").edit(
        CAMPAIGN,
        "after_end: /prices.md",
        "after_end: /next.md",
    );
    let run = site.build_on("2027-04-01").ok();
    assert_eq!(run.rules_with_places(), ["ended-cta content/prices.md:10:10", "ended-cta content/prices.md:10:43"]);
    let page = run.page("prices/");
    let links = page.links();
    let to_next = links.iter().filter(|link| **link == ("The next offer", "/next/")).count();
    assert_eq!(to_next, 2, "{links:?}");
    assert!(links.contains(&("about spring", "/spring/")), "{links:?}");
    let site = site.edit(CAMPAIGN, "after_end: /next.md\n", "");
    let run = site.build_on("2027-04-01").ok();
    assert!(run.page("prices/").text().contains("Get it and the guide, or"), "{}", run.page("prices/").text());
}

#[test]
fn expired_coupon_has_no_code_and_no_link() {
    let site = Site::new().with_early_coupon().edit(CAMPAIGN, "Read the", "::: offer save\n:::\n\nRead the");
    let last = site.build_on("2027-03-25").clean();
    assert_eq!(last.page("spring/").with("id", "cta-save-code").text, "SPRING20");
    let run = site.build_on("2027-03-26").ok();
    for path in ["spring/", "spring/via/acme/", "prices/"] {
        assert!(run.page(path).text().contains("expired"), "{path}");
    }
    for file in run.public_files() {
        let bytes = std::fs::read(site.path("public").join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for removed in ["SPRING20", "ACME20", "shop.example.com"] {
            assert!(!text.contains(removed), "{removed} in {file}");
        }
    }
}

#[test]
fn draft_is_not_published() {
    let site = Site::new().edit(CAMPAIGN, "title:", "draft: true\ntitle:");
    let run = site.build().ok();
    assert_eq!(run.rules_with_places().len(), 3, "{}", run.stderr);
    assert!(run.stderr.contains("`spring/index.md` is a draft"), "{}", run.stderr);
    assert!(!run.has("spring") && !run.has("get"));
    assert!(run.page("prices/").text().contains("Get it and the guide"));
    assert_eq!(site.register(), [[""; 0]; 0]);
    assert!(!run.stdout.contains("next change"), "{}", run.stdout);
}

#[test]
fn draft_gets_lead_tags_once_its_flag_is_removed() {
    let site = Site::new().edit(CAMPAIGN, "title:", "draft: true\ntitle:");
    site.build().ok();
    let site = site.edit(CAMPAIGN, "draft: true", "draft: false");
    site.build().ok();
    assert_eq!(site.register().len(), 12);
}

#[test]
fn article_with_a_future_date_is_published() {
    let site = Site::new().file("content/news.md", "---\ntitle: News\nlayout: article\ndate: 2030-01-01\n---\n");
    let run = site.build().clean();
    assert_eq!(run.page("news/").the("h1").text, "News");
    assert!(run.public("feed.xml").contains("<id>https://kazi.example/news/</id>"));
}

#[test]
fn preview_shows_drafts_and_scheduled_pages_and_sends_no_leads() {
    let site = Site::new().file("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\n");
    site.build_on("2027-02-28").ok();
    let register = site.read("lead-tags.csv");
    let site = site.edit(CAMPAIGN, "SPRING20", "SPRING30");
    let run = site.run(&["build", "--preview", "--date", "2027-02-28"]).ok();
    for path in ["spring/", "draft/", "prices/", "spring/via/acme/"] {
        let page = run.page(path);
        assert_eq!(page.meta("robots"), "noindex", "{path}");
        assert!(page.text().contains("Preview"), "{path}");
    }
    assert!(run.page("spring/").text().contains("scheduled for 1 March 2027"));
    let page = run.page("spring/");
    let form = page.the("form");
    assert!(form.get("action").is_empty() && form.get("method").is_empty(), "{form:?}");
    assert!(!run.public("spring/").contains("forms.kazi.example"));
    assert!(page.text().contains("spring_guide_direct"), "the preview shows the data of the form");
    assert_eq!(site.read("lead-tags.csv"), register);
    assert!(!run.public("sitemap.xml").contains("<loc>"));
    assert_eq!(run.public("robots.txt"), "User-agent: *\nDisallow: /\n");
}

#[test]
fn next_change_is_the_next_start_end_or_expiry() {
    let site = Site::new().with_early_coupon();
    for (day, next) in [
        ("2027-02-28", Some("2027-03-01")),
        ("2027-03-01", Some("2027-03-26")),
        ("2027-03-25", Some("2027-03-26")),
        ("2027-03-26", Some("2027-04-01")),
        ("2027-03-31", Some("2027-04-01")),
        ("2027-04-01", None),
    ] {
        let run = site.build_on(day).ok();
        let next_change = run.stdout.trim_end().split_once("next change on ").map(|(_, day)| day);
        assert_eq!(next_change, next, "on {day}: {}", run.stdout);
    }
}

#[test]
fn output_changes_exactly_on_the_reported_next_change() {
    let site = Site::new().with_early_coupon();
    for (today, eve, next) in [("2027-03-01", "2027-03-25", "2027-03-26"), ("2027-03-26", "2027-03-31", "2027-04-01")] {
        let next_change = site.build_on(today).ok();
        assert!(next_change.stdout.ends_with(&format!("next change on {next}\n")), "{}", next_change.stdout);
        let built = site.output();
        site.build_on(eve).ok();
        assert_eq!(site.output(), built, "on {eve}");
        site.build_on(next).ok();
        assert_ne!(site.output(), built, "on {next}");
    }
}

#[test]
fn today_follows_the_time_zone_of_the_site() {
    // The two zones are 25 hours apart, so they never have the same date.
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let site = Site::new().edit("site.yaml", "Africa/Nairobi", zone);
        let today = || jiff::Zoned::now().in_tz(zone).unwrap().date().to_string();
        let before = today();
        site.finish(&mut site.undated(&["tags"])).ok();
        let day = site.register()[0][9].clone();
        assert!([before, today()].contains(&day), "{zone}: {day}");
    }
}
