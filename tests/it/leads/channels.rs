//! Landing pages and channel pages: their metadata, and how links carry the lead tag.

use crate::support::{CAMPAIGN, Run, Site};

fn built() -> (Site, Run) {
    let site = Site::new();
    let run = site.build().clean();
    (site, run)
}

#[test]
fn channel_page_has_the_landing_page_as_canonical() {
    let (_site, run) = built();
    for channel in ["newsletter", "acme"] {
        let page = run.page(&format!("spring/via/{channel}/"));
        assert_eq!(page.canonical(), "https://kazi.example/spring/");
        assert_eq!(page.meta("og:url"), format!("https://kazi.example/spring/via/{channel}/"));
        assert_eq!(page.meta("robots"), "noindex");
    }
    let landing = run.page("spring/");
    assert_eq!(
        (landing.canonical(), landing.meta("og:url")),
        ("https://kazi.example/spring/", "https://kazi.example/spring/")
    );
    assert!(!landing.meta("robots").contains("noindex"));
}

#[test]
fn only_listed_channels_have_a_channel_page() {
    let site = Site::new().edit(CAMPAIGN, "[newsletter, acme]", "[acme]");
    let run = site.build().clean();
    let pages = run.public_files().into_iter().filter(|file| file.contains("/via/"));
    assert_eq!(pages.collect::<Vec<_>>(), ["spring/via/acme/index.html"]);
}

#[test]
fn sitemap_has_no_channel_pages() {
    let (_site, run) = built();
    let sitemap = run.public("sitemap.xml");
    assert!(!sitemap.contains("via"), "{sitemap}");
    assert_eq!(sitemap.matches("<loc>").count(), 2);
}

#[test]
fn internal_links_carry_the_channel_only_on_channel_pages() {
    let (_site, run) = built();
    assert_eq!(run.page("spring/").link("prices"), "/prices/#teams");
    assert_eq!(run.page("spring/").link("Prices"), "/prices/");
    let page = run.page("spring/via/newsletter/");
    assert_eq!(page.link("prices"), "/prices/?via=newsletter#teams");
    assert_eq!(page.link("Prices"), "/prices/?via=newsletter", "navigation");
    for (text, to) in page.links() {
        let stays = to.starts_with('/');
        assert!(!stays || to.contains("?via=newsletter"), "`{text}` leads to {to}");
    }
}

#[test]
fn external_links_stay_unchanged() {
    let other = "https://other.example/a?b=c&utm_source=x#d";
    let site = Site::new().edit(
        CAMPAIGN,
        "Read the",
        &format!("[Other]({other}) [Mail](mailto:a@kazi.example) [Call](tel:+254700) Read the"),
    );
    let run = site.build().clean();
    for path in ["spring/", "spring/via/acme/"] {
        let page = run.page(path);
        assert_eq!(page.link("Other"), other, "{path}");
        assert_eq!((page.link("Mail"), page.link("Call")), ("mailto:a@kazi.example", "tel:+254700"), "{path}");
    }
}

#[test]
fn channel_can_have_its_own_title_and_code() {
    let (_site, run) = built();
    let acme = run.page("spring/via/acme/");
    assert_eq!(acme.the("h1").text, "Acme customers save 20 %");
    assert!(acme.the("title").text.starts_with("Acme customers save 20 %"));
    assert_eq!(acme.meta("og:title"), "Acme customers save 20 %");
    assert!(acme.link("Get it").contains("coupon=ACME20"));
    assert!(!run.public("spring/via/acme/").contains("SPRING20"));
    for path in ["spring/", "spring/via/newsletter/"] {
        assert_eq!(run.page(path).the("h1").text, "Hire in days");
        assert!(run.page(path).link("Get it").contains("coupon=SPRING20"));
        assert!(!run.public(path).contains("ACME20") && !run.public(path).contains("Acme customers"));
    }
}

#[test]
fn channel_page_has_its_channel_in_every_lead_tag() {
    let (_site, run) = built();
    for (path, channel) in
        [("spring/", "direct"), ("spring/via/acme/", "acme"), ("spring/via/newsletter/", "newsletter")]
    {
        let page = run.page(path);
        let tags: Vec<_> =
            page.elements.iter().map(|element| element.get("data-lead-tag")).filter(|tag| !tag.is_empty()).collect();
        // The primary call to action appears a second time, for phones.
        let expected = ["save", "guide", "trial", "save"].map(|cta| format!("spring_{cta}_{channel}"));
        assert_eq!(tags, expected, "{path}");
    }
}

#[test]
fn cta_link_to_another_host_carries_utm_parameters() {
    let (_site, run) = built();
    let page = run.page("spring/");
    assert_eq!(
        page.link("Get it"),
        "https://shop.example.com/buy?coupon=SPRING20&utm_campaign=spring&utm_content=spring_save_direct"
    );
    assert_eq!(page.link("Book"), "https://cal.example.com/kazi?utm_campaign=spring&utm_content=spring_trial_direct");
    let page = run.page("spring/via/newsletter/");
    assert_eq!(
        page.link("Book"),
        "https://cal.example.com/kazi?utm_source=news&utm_medium=email&utm_campaign=spring&utm_content=spring_trial_newsletter"
    );
}

#[test]
fn other_parameters_of_a_cta_url_are_kept() {
    let site = Site::new().edit(
        CAMPAIGN,
        "https://cal.example.com/kazi",
        "https://cal.example.com/kazi?month=3&utm_term=x%20y&empty=#slot",
    );
    let run = site.build().clean();
    assert_eq!(
        run.page("spring/via/acme/").link("Book"),
        "https://cal.example.com/kazi?month=3&utm_term=x%20y&empty=&utm_source=acme&utm_medium=referral&utm_campaign=spring&utm_content=spring_trial_acme#slot"
    );
}

#[test]
fn code_placeholder_in_a_url_is_replaced() {
    let site = Site::new().edit(
        CAMPAIGN,
        "https://shop.example.com/buy?coupon={code}",
        "https://shop.example.com/{code}/buy#{code}",
    );
    let run = site.build().clean();
    let to = run.page("spring/").link("Get it").to_owned();
    assert_eq!(to, "https://shop.example.com/SPRING20/buy?utm_campaign=spring&utm_content=spring_save_direct#SPRING20");
}

#[test]
fn cta_link_on_the_own_host_carries_via_and_no_utm() {
    let site = Site::new().edit(CAMPAIGN, "https://cal.example.com/kazi", "https://kazi.example/book?x=1#slot");
    let run = site.build().clean();
    for (path, channel) in [("spring/", "direct"), ("spring/via/acme/", "acme")] {
        assert_eq!(
            run.page(path).link("Book"),
            format!("https://kazi.example/book?x=1&via=spring_trial_{channel}#slot")
        );
    }
}

#[test]
fn direct_download_carries_the_lead_tag_in_via() {
    let site = Site::new().edit(CAMPAIGN, "      form: [name, email]\n", "");
    let run = site.build().clean();
    assert_eq!(run.public("spring/guide.pdf"), "%PDF-1.7 a guide");
    assert_eq!(run.page("spring/").link("Download the guide"), "/spring/guide.pdf?via=spring_guide_direct");
    assert_eq!(run.page("spring/via/acme/").link("Download the guide"), "/spring/guide.pdf?via=spring_guide_acme");
}

#[test]
fn mailto_or_tel_cta_carries_no_parameters() {
    for address in ["mailto:sales@kazi.example", "tel:+254700000000"] {
        let site = Site::new().edit(CAMPAIGN, "https://cal.example.com/kazi", address);
        let run = site.build().clean();
        assert_eq!(run.page("spring/via/acme/").link("Book"), address);
    }
}

#[test]
fn cta_link_on_another_page_has_the_channel_of_that_page() {
    let (_site, run) = built();
    let page = run.page("prices/");
    assert_eq!(
        page.link("Get it"),
        "https://shop.example.com/buy?coupon=SPRING20&utm_campaign=spring&utm_content=spring_save_direct"
    );
    assert_eq!(page.link("the guide"), "/spring/?via=spring_guide_direct#cta-guide");
    let site = Site::new().edit("content/prices.md", "title: Prices", "title: Prices\ncounts_as: acme");
    let run = site.build().clean();
    let page = run.page("prices/");
    assert_eq!(
        page.link("Get it"),
        "https://shop.example.com/buy?coupon=ACME20&utm_source=acme&utm_medium=referral&utm_campaign=spring&utm_content=spring_save_acme"
    );
    assert_eq!(page.link("the guide"), "/spring/?via=spring_guide_acme#cta-guide");
}

#[test]
fn base_url_with_a_path_is_part_of_every_url() {
    let site = Site::new();
    let run = site.run(&["build", "--base-url", "https://pages.example/kazi"]).clean();
    let page = run.page("spring/via/acme/");
    assert_eq!(page.canonical(), "https://pages.example/kazi/spring/");
    assert_eq!(page.meta("og:url"), "https://pages.example/kazi/spring/via/acme/");
    assert_eq!(page.link("prices"), "/kazi/prices/?via=acme#teams");
    for element in &page.elements {
        for key in ["href", "src", "action"] {
            let address = element.get(key);
            assert!(!address.starts_with('/') || address.starts_with("/kazi/"), "{element:?}");
        }
    }
    let hidden = page.hidden_fields();
    assert!(hidden.contains(&("page", "https://pages.example/kazi/spring/")), "{hidden:?}");
    assert!(hidden.contains(&("redirect", "https://pages.example/kazi/spring/thanks/guide/")), "{hidden:?}");
    let go = run.page(&format!("go/{}/", site.code("spring", "acme")));
    assert!(go.the("a").get("href").starts_with("/kazi/spring/via/acme/?"));
    assert!(run.public("sitemap.xml").contains("<loc>https://pages.example/kazi/prices/</loc>"));
    assert!(run.page("spring/").with("rel", "icon").get("href").starts_with("/kazi/theme/"));
    // The paths of the files, the lead tags and the codes do not change.
    let plain = Site::new();
    plain.build().clean();
    let (own, others) = (site.output(), plain.output());
    let pages = |files: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        files.keys().filter(|file| !file.starts_with("public/theme")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(pages(&own), pages(&others));
    assert_eq!(site.read("lead-tags.csv"), plain.read("lead-tags.csv"));
}

#[test]
fn base_url_option_replaces_the_base_url_of_the_site() {
    let site = Site::new();
    let run = site.run(&["build", "--base-url", "http://localhost:8080"]).clean();
    assert_eq!(run.page("spring/").canonical(), "http://localhost:8080/spring/");
    assert_eq!(run.page("spring/").link("prices"), "/prices/#teams");
}

#[test]
fn campaign_with_counts_as_still_offers_its_own_ctas_as_direct() {
    let site = Site::new().edit(CAMPAIGN, "channels:", "counts_as: acme\nchannels:");
    let run = site.build().ok();
    let landing = run.public("spring/index.html");
    assert!(landing.contains("spring_save_direct") && !landing.contains("_acme"), "{landing}");
}

#[test]
fn alias_redirects_channel_pages_too() {
    let site = Site::new().edit(CAMPAIGN, "channels:", "aliases: [/old/]\nchannels:");
    let run = site.build().ok();
    assert!(run.public("old/via/acme/index.html").contains("url=/spring/via/acme/"));
}

#[test]
fn page_of_a_removed_channel_still_exists() {
    let site = Site::new();
    site.build().ok();
    let site = site.edit(CAMPAIGN, "[newsletter, acme]", "[newsletter]");
    let site = site.edit(CAMPAIGN, "codes: { acme: ACME20 }", "codes: { newsletter: NEWS20 }");
    let site = site.edit(CAMPAIGN, "  acme: { title", "  newsletter: { title");
    let run = site.build().ok();
    assert!(run.public("spring/via/acme/index.html").contains("url=/spring/?utm_source=acme"));
}
