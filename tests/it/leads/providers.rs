//! Schedulers and checkouts: the parameters of their links, and values that they would drop.

use crate::support::{CAMPAIGN, Run, Site};

const BOOKING: &str = "https://cal.example.com/kazi";
const SHOP: &str = "https://shop.example.com/buy?coupon={code}";

fn booked_at(url: &str) -> Site {
    Site::new().edit(CAMPAIGN, BOOKING, &format!("\"{url}\""))
}

fn sold_at(url: &str) -> Site {
    Site::new().edit(CAMPAIGN, SHOP, &format!("\"{url}\""))
}

/// The link of a button on the landing page and on a channel page.
#[track_caller]
fn links(run: &Run, button: &str) -> [String; 2] {
    ["spring/", "spring/via/acme/"].map(|page| run.page(page).link(button).to_owned())
}

#[test]
fn scheduler_link_carries_the_lead_tag_in_its_own_parameter() {
    for (url, own) in [
        ("https://cal.com/kazi/trial", "&metadata%5Blead_tag%5D="),
        ("https://meetings-eu1.hubspot.com/kazi", "&lead_tag="),
        ("https://book.stripe.com/abc", "&client_reference_id="),
    ] {
        let site = booked_at(url);
        let run = site.build().clean();
        assert_eq!(
            links(&run, "Book"),
            [
                format!("{url}?utm_campaign=spring&utm_content=spring_trial_direct{own}spring_trial_direct"),
                format!(
                    "{url}?utm_source=acme&utm_medium=referral&utm_campaign=spring&utm_content=spring_trial_acme\
                     {own}spring_trial_acme"
                ),
            ]
        );
    }
    let site = booked_at("https://calendly.com/kazi/trial");
    let run = site.build().clean();
    assert_eq!(
        links(&run, "Book")[0],
        "https://calendly.com/kazi/trial?utm_campaign=spring&utm_content=spring_trial_direct"
    );
}

#[test]
fn payment_link_carries_the_code_of_the_channel() {
    let site = sold_at("https://buy.stripe.com/abc?locale=de");
    let run = site.build().clean();
    assert_eq!(
        links(&run, "Get it"),
        [
            "https://buy.stripe.com/abc?locale=de&prefilled_promo_code=SPRING20&utm_campaign=spring\
             &utm_content=spring_save_direct&client_reference_id=spring_save_direct",
            "https://buy.stripe.com/abc?locale=de&prefilled_promo_code=ACME20&utm_source=acme&utm_medium=referral\
             &utm_campaign=spring&utm_content=spring_save_acme&client_reference_id=spring_save_acme",
        ]
    );
}

#[test]
fn shop_link_applies_the_code_and_redirects_to_the_product() {
    let site = sold_at("https://kazi.myshopify.com/products/team?variant=1#prices");
    let run = site.build().clean();
    assert_eq!(
        links(&run, "Get it"),
        [
            "https://kazi.myshopify.com/discount/SPRING20?variant=1&redirect=/products/team&utm_campaign=spring\
             &utm_content=spring_save_direct#prices",
            "https://kazi.myshopify.com/discount/ACME20?variant=1&redirect=/products/team&utm_source=acme\
             &utm_medium=referral&utm_campaign=spring&utm_content=spring_save_acme#prices",
        ]
    );
}

#[test]
fn other_page_and_coupon_card_have_the_same_link() {
    let site =
        sold_at("https://buy.stripe.com/abc").edit(CAMPAIGN, "Read the", "::: offer save\nA deal.\n:::\n\nRead the");
    let run = site.build().clean();
    let elsewhere = run.page("prices/").link("Get it").to_owned();
    let [landing, channel] = links(&run, "Get it");
    assert_eq!(elsewhere, landing);
    for (page, link) in [("spring/", landing), ("spring/via/acme/", channel)] {
        assert_eq!(run.page(page).link("Get 20 % off"), link);
    }
}

#[test]
fn provider_links_are_escaped_and_keep_own_utm_parameters() {
    let site = booked_at("https://cal.com/kazi?utm_medium=a%22b&utm_source=%3Cb%3E&x='");
    let run = site.build().clean();
    let html = run.public("spring/");
    let escaped = "https://cal.com/kazi?x=%27&amp;utm_source=%3Cb%3E&amp;utm_medium=a%22b&amp;utm_campaign=spring\
                   &amp;utm_content=spring_trial_direct&amp;metadata%5Blead_tag%5D=spring_trial_direct";
    // A minifier may write `&amp;` as `&`, which is the same to browsers.
    assert!(html.replace("&amp;", "&").contains(&escaped.replace("&amp;", "&")), "{html}");
    assert!(!html.contains("&lead") && !html.contains("<b>"), "{html}");
}

#[test]
fn link_on_the_own_host_has_no_provider_parameter() {
    let site = sold_at("https://shop.kazi.example/discount/{code}").edit(
        "site.yaml",
        "https://kazi.example/",
        "https://shop.kazi.example/",
    );
    let run = site.build().clean();
    assert_eq!(links(&run, "Get it")[1], "https://shop.kazi.example/discount/ACME20?via=spring_save_acme");
}

#[test]
fn register_names_a_booking_by_its_host() {
    let site = booked_at("https://cal.com/kazi/trial");
    site.build().clean();
    let row = site.register().into_iter().find(|row| row[0] == "spring_trial_acme").unwrap();
    assert_eq!(row[6], "cal.com");
}

#[test]
fn explain_accepts_the_url_that_a_provider_shows() {
    let site = Site::new();
    site.build().clean();
    for query in ["client_reference_id=spring_save_acme", "metadata%5Blead_tag%5D=spring_save_acme"] {
        let run = site.run(&["explain", &format!("https://elsewhere.example/?{query}")]).ok();
        assert!(run.stdout.contains("Partner: Acme"), "{}", run.stdout);
    }
}

#[test]
fn own_lead_tag_parameter_is_an_error() {
    for (url, name) in [
        ("https://cal.com/kazi?metadata[lead_tag]=mine", "metadata[lead_tag]"),
        ("https://cal.com/kazi?metadata%5Blead_tag%5D=mine", "metadata[lead_tag]"),
        ("https://meetings.hubspot.com/kazi?lead_tag=mine", "lead_tag"),
        ("https://buy.stripe.com/abc?client_reference_id=mine", "client_reference_id"),
    ] {
        let problem = booked_at(url).build().error();
        assert_eq!((&*problem.rule, &*problem.place), ("reserved-lead-tag-parameter", "content/spring/index.md:26:12"));
        assert!(problem.text.contains(&format!("remove `{name}`")), "{}", problem.text);
    }
    booked_at("https://cal.com/kazi?metadata[team]=a&lead_tag=b").build().clean();
}

#[test]
fn source_that_stripe_drops_is_an_error_at_url_and_channel() {
    let site = booked_at("https://buy.stripe.com/abc").edit("site.yaml", "source: news,", "source: \"news letter\",");
    let problem = site.build().error();
    assert_eq!((&*problem.rule, &*problem.place), ("dropped-by-provider", "content/spring/index.md:26:12"));
    for words in ["Stripe drops `news letter` as `utm_source`", "site.yaml:8:53", "at most 150"] {
        assert!(problem.text.contains(words), "{}", problem.text);
    }
}

#[test]
fn channel_matched_only_by_script_is_checked_too() {
    // The campaign does not use this channel.
    let expo = "channels:\n  expo: { label: Expo, source: expo, medium: \"print, in the hall\" }\n";
    let problem = booked_at("https://buy.stripe.com/abc").edit("site.yaml", "channels:\n", expo).build().error();
    assert!(problem.text.contains("Stripe drops `print, in the hall` as `utm_medium`"), "{}", problem.text);
}

#[test]
fn own_utm_that_stripe_drops_is_an_error() {
    let problem = booked_at("https://buy.stripe.com/abc?utm_term=hire+fast").build().error();
    assert!(problem.text.contains("Stripe drops `hire fast` as `utm_term`"), "{}", problem.text);
}

#[test]
fn other_providers_accept_any_source() {
    let site = Site::new().edit("site.yaml", "source: news,", "source: \"news letter\",");
    for url in ["https://cal.com/kazi", "https://calendly.com/kazi", "https://elsewhere.example/"] {
        let site = booked_at(url).edit("site.yaml", "source: news,", "source: \"news letter\",");
        site.build().clean();
    }
    site.build().clean();
}

#[test]
fn code_that_the_checkout_rejects_is_an_error_at_the_code() {
    for (url, code) in [("https://buy.stripe.com/abc", "SPRING_20"), ("https://kazi.myshopify.com/a", "SPRING20%")] {
        let problem = sold_at(url).edit(CAMPAIGN, "code: SPRING20", &format!("code: {code}")).build().error();
        assert_eq!((&*problem.rule, &*problem.place), ("dropped-by-provider", "content/spring/index.md:14:13"));
        assert!(problem.text.contains(&format!("does not accept the code `{code}`")), "{}", problem.text);
    }
    let own = sold_at("https://buy.stripe.com/abc").edit(CAMPAIGN, "acme: ACME20", "acme: ACME_20");
    assert_eq!(own.build().error().place, "content/spring/index.md:15:16");
}

#[test]
fn code_that_the_checkout_ignores_is_an_error() {
    for url in [
        "https://buy.stripe.com/abc?coupon={code}",
        "https://buy.stripe.com/abc?prefilled_promo_code=OTHER",
        "https://kazi.myshopify.com/products/team?coupon={code}",
        "https://kazi.myshopify.com/discount/SPRING20",
        "https://shop.example.com/discount/SPRING20",
    ] {
        let problem = sold_at(url).build().error();
        assert_eq!(
            (&*problem.rule, &*problem.place),
            ("dropped-by-provider", "content/spring/index.md:16:12"),
            "{url}"
        );
        assert!(problem.text.contains("does not get the code"), "{}", problem.text);
    }
}

#[test]
fn redirect_that_shopify_ignores_is_an_error() {
    for (url, words) in [
        (
            "https://shop.example.com/discount/{code}?redirect=https://other.example/",
            "only redirects to pages of the same shop",
        ),
        ("https://shop.example.com/discount/{code}?redirect=/a%3Fb=c", "loses what follows"),
        ("https://shop.example.com/discount/{code}?redirect=/a%23b", "loses what follows"),
        ("https://kazi.myshopify.com/a?redirect=/b", "Shopify uses `redirect` itself"),
    ] {
        let problem = sold_at(url).build().error();
        assert_eq!(
            (&*problem.rule, &*problem.place),
            ("dropped-by-provider", "content/spring/index.md:16:12"),
            "{url}"
        );
        assert!(problem.text.contains(words), "{}", problem.text);
    }
}
