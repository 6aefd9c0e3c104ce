//! The data that every page passes to the arrival script, and errors in the channels of `site.yaml`.
//! `tests/web/arrival.test.mjs` tests the script in a browser.

use crate::support::{CAMPAIGN, Run, Site};
use serde_json::{Value, json};

const MATCHING: &str = "channels:
  ads: { label: Google Ads, source: Google, medium: CPC, sources: [adwords], click_ids: [gclid, GBRAID] }
  linkedin: { label: \"</script><b>\", source: linkedin, medium: social, referrers: [LinkedIn.com], crm_source: Social }
";

/// The URL of the arrival script and the attributes of its tag.
fn arrival(run: &Run, page: &str) -> (String, [String; 4]) {
    let page = run.page(page);
    let tags: Vec<_> = page.all("script").filter(|script| script.get("src").contains("/arrival.")).collect();
    assert_eq!(tags.len(), 1, "{tags:#?}");
    let tag = tags[0];
    assert!(tag.has("defer", ""), "{tag:?}");
    let data = ["data-channel", "data-campaign", "data-own", "data-thanks"].map(|name| tag.get(name).to_owned());
    (tag.get("src").to_owned(), data)
}

fn script(run: &Run) -> String {
    let (url, _) = arrival(run, "spring/");
    run.public(url.trim_start_matches('/'))
}

/// The argument of the script, parsed as a browser does: `__proto__` is not an entry.
fn script_argument(run: &Run) -> Value {
    let script = script(run);
    let (_, arguments) = script.lines().next().unwrap().rsplit_once("})(").unwrap();
    let arguments = arguments.strip_suffix(");").unwrap();
    assert_eq!(arguments.matches("\"__proto__\":null}").count(), 4, "{arguments}");
    let json = format!("[{}]", arguments.replace(",\"__proto__\":null}", "}").replace("{\"__proto__\":null}", "{}"));
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

#[test]
fn every_page_loads_the_arrival_script_once_with_its_data() {
    let site = Site::new();
    let run = site.build().clean();
    let (url, landing) = arrival(&run, "spring/");
    assert_eq!(landing, ["", "spring", "acme", ""]);
    for (page, data) in [
        ("spring/via/newsletter/", ["newsletter", "spring", "", ""]),
        ("spring/via/acme/", ["acme", "spring", "", ""]),
        ("spring/thanks/guide/", ["", "spring", "", "spring_guide"]),
        ("prices/", ["", "", "", ""]),
        ("404.html", ["", "", "", ""]),
    ] {
        assert_eq!(arrival(&run, page), (url.clone(), data.map(str::to_owned)), "{page}");
    }
    assert!(url.starts_with("/theme/arrival."), "{url}");
}

#[test]
fn ended_campaign_has_no_channel_pages_in_the_script() {
    let site = Site::new();
    let run = site.build_on("2027-04-02").ok();
    assert_eq!(arrival(&run, "spring/").1, ["", "spring", "", ""]);
}

#[test]
fn theme_without_a_head_element_gets_the_script() {
    let site = Site::new().file("themes/launch/page.html", "<!doctype html><title>x</title><body><p>{{ body }}");
    let run = site.build().clean();
    arrival(&run, "prices/");
}

#[test]
fn script_contains_what_each_channel_matches() {
    let site = Site::new().edit("site.yaml", "channels:\n", MATCHING);
    let run = site.build().clean();
    let script_argument = script_argument(&run);
    let [channels, sources, clicks, referrers] = [0, 1, 2, 3].map(|index| &script_argument[index]);
    assert_eq!(channels["direct"], json!([", direct"]));
    assert_eq!(channels["other"], json!([", other"]));
    assert_eq!(channels["ads"], json!([", via Google Ads", "utm_source=Google&utm_medium=CPC&"]));
    assert_eq!(channels["linkedin"][0], ", via </script><b>");
    assert_eq!(channels["linkedin"][2], "Social");
    let by_source = [("google|cpc", "ads"), ("google|", "ads"), ("adwords|cpc", "ads"), ("adwords|", "ads")];
    for (source, channel) in by_source.into_iter().chain([("news|email", "newsletter"), ("acme|", "acme")]) {
        assert_eq!(sources[source], channel, "{source}");
    }
    assert_eq!([&clicks["gclid"], &clicks["gbraid"], &clicks["fbclid"]], ["ads", "ads", ""]);
    let order: Vec<&String> = clicks.as_object().unwrap().keys().take(4).collect();
    assert_eq!(order, ["gclid", "gbraid", "gad_source", "gad_campaignid"], "those of channels first");
    assert_eq!(clicks["gad_source"], "ads");
    assert_eq!(referrers, &json!({ "linkedin.com": "linkedin" }));
    assert_eq!(
        [&script_argument[4], &script_argument[5], &script_argument[6]],
        [&json!("/"), &json!(""), &json!(false)]
    );
    assert!(!script(&run).contains("</"), "a label could end a script element");
}

#[test]
fn script_contains_storage_and_base_path() {
    for (storage, kept) in [("none", ""), ("session", "sessionStorage"), ("local", "localStorage")] {
        let attribution = format!("attribution: {{ storage: {storage}, require_consent: true }}\nchannels:\n");
        let site = Site::new().edit("site.yaml", "channels:\n", &attribution);
        let run = site.run(&["build", "--base-url", "https://kazi.example/jobs/"]).clean();
        let tag = run.page("spring/").all("script").find(|tag| tag.get("src").contains("/arrival.")).unwrap().clone();
        let path = tag.get("src").strip_prefix("/jobs/").unwrap().to_owned();
        let script = run.public(&path);
        assert!(script.contains(&format!(",\"/jobs/\",\"{kept}\",true);")), "{storage}");
    }
}

#[test]
fn source_with_two_media_matches_no_channel_by_itself() {
    let search = "channels:\n  search: { label: Search, source: GOOGLE, medium: organic }\n";
    let site = Site::new().edit("site.yaml", "channels:\n", MATCHING).edit("site.yaml", "channels:\n", search);
    let script_argument = script_argument(&site.build().clean());
    assert_eq!(script_argument[1]["google|organic"], "search");
    assert_eq!(script_argument[1]["google|"], Value::Null);
}

#[test]
fn site_without_channels_still_separates_direct_and_other() {
    let site = Site::new()
        .edit("site.yaml", "  newsletter: { label: Monthly newsletter, source: news, medium: email }\n", "")
        .edit("site.yaml", "channels:\n  acme: { label: \"Partner: Acme\", source: acme, medium: referral }\n", "")
        .edit(CAMPAIGN, "channels: [newsletter, acme]\nper_channel:\n  acme: { title: Acme customers save 20 % }\n", "")
        .edit(CAMPAIGN, "      codes: { acme: ACME20 }\n", "");
    let script_argument = script_argument(&site.build().clean());
    assert_eq!(script_argument[0], json!({ "direct": [", direct"], "other": [", other"] }));
    assert_eq!([&script_argument[1], &script_argument[3]], [&json!({}), &json!({})]);
}

#[test]
fn redirect_pages_keep_the_query_and_do_not_count_as_referrers() {
    let site = Site::new().edit(CAMPAIGN, "title: Hire", "aliases: [/old-spring/]\ntitle: Hire");
    let run = site.build().clean();
    let code = site.code("spring", "acme");
    for (page, to) in [
        ("old-spring/".to_owned(), "/spring/"),
        (format!("go/{code}/"), "/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign=spring"),
    ] {
        let leads_on = run.page(&page);
        let script = leads_on.the("script");
        assert_eq!(script.get("data-to"), to);
        assert!(!script.has("defer", ""), "the refresh would be faster");
        assert!(run.has(script.get("src").trim_start_matches('/')));
        assert_eq!(leads_on.meta("referrer"), "no-referrer");
        let html = run.public(&format!("{page}index.html"));
        assert!(html.find("<script").unwrap() < html.find("http-equiv=\"refresh\"").unwrap(), "{html}");
    }
}

#[test]
fn coupon_of_another_campaign_has_the_url_of_each_channel_code() {
    let site = Site::new();
    let run = site.build().clean();
    let prices = run.page("prices/");
    let link = prices.with("data-lead-tag", "spring_save_direct");
    let tag = "utm_campaign=spring&utm_content=spring_save_acme";
    assert_eq!(
        link.get("data-href-acme"),
        format!("https://shop.example.com/buy?coupon=ACME20&utm_source=acme&utm_medium=referral&{tag}")
    );
    assert_eq!(link.get("data-href-newsletter"), "");
    let own = run.page("spring/");
    assert!(
        own.all("a").all(|link| link.get("data-href-acme").is_empty()),
        "the landing page leads to the channel page"
    );
}

#[test]
fn offer_end_is_an_instant_in_the_time_zone_of_the_site() {
    let site = Site::new().edit(CAMPAIGN, "expires: 2027-03-31", "expires: 2027-03-25 18:30");
    let run = site.build().clean();
    let page = run.page("spring/");
    let until = |tag: &str| {
        let links = page.all("a").filter(|link| link.get("data-lead-tag") == tag);
        links.map(|link| link.get("data-until")).next().unwrap().to_owned()
    };
    assert_eq!(until("spring_save_direct"), "2027-03-25T15:30:00Z");
    assert_eq!(until("spring_trial_direct"), "2027-03-31T21:00:00Z");
    assert_eq!(page.with("id", "cta-guide").get("data-until"), "2027-03-31T21:00:00Z");
    // On a page with the offer of another campaign, the offer ends, too.
    assert_eq!(
        run.page("prices/").with("data-lead-tag", "spring_save_direct").get("data-until"),
        "2027-03-25T15:30:00Z"
    );
    let ends = |page: &str| run.page(page).all("script").filter(|tag| tag.get("src").contains("/ends.")).count();
    assert_eq!((ends("spring/"), ends("prices/"), ends("spring/thanks/guide/")), (1, 1, 0));
}

#[test]
fn analytics_load_after_the_script_except_in_a_preview() {
    let gtm = Site::new().edit("site.yaml", "channels:\n", "analytics: { gtm: GTM-ABC1234 }\nchannels:\n");
    assert!(script(&gtm.build().clean()).contains(r#"({"gtm":"GTM-ABC1234"})"#));
    let plausible = Site::new().edit("site.yaml", "channels:\n", "analytics: { plausible: kazi.example }\nchannels:\n");
    assert!(script(&plausible.build().clean()).contains(r#"({"plausible":"kazi.example"})"#));
    let without = Site::new();
    for built in [gtm.run(&["build", "--preview"]).ok(), without.build().clean()] {
        let script = script(&built);
        assert!(!script.contains("GTM-") && !script.contains("googletagmanager"), "{script}");
    }
}

#[test]
fn new_match_rule_of_a_channel_keeps_its_lead_tags() {
    let site = Site::new();
    site.build().clean();
    let before = site.read("lead-tags.csv");
    let site = site.edit("site.yaml", "medium: referral", "medium: referral, referrers: [acme.example]");
    site.run(&["build", "--locked"]).clean();
    assert_eq!(site.read("lead-tags.csv"), before);
}

#[test]
fn explain_finds_a_channel_by_what_it_matches() {
    let site = Site::new().edit("site.yaml", "channels:\n", MATCHING).edit(CAMPAIGN, "[newsletter", "[ads, newsletter");
    site.build().clean();
    for (question, channel) in [
        ("https://kazi.example/spring/?gclid=CjwK", "ads"),
        ("https://kazi.example/spring/?gad_source=1&gad_campaignid=22", "ads"),
        ("https://kazi.example/spring/?gad_source=1&fbclid=F", "ads"),
        ("https://kazi.example/spring/?utm_source=news&utm_medium=email?mc_cid=1", "newsletter"),
        ("https://kazi.example/spring/?utm_source=AdWords&utm_medium=cpc", "ads"),
        ("https://kazi.example/spring/?utm_source=google", "ads"),
        ("https://kazi.example/spring/?utm_source=news&utm_medium=Email&gclid=1", "newsletter"),
    ] {
        let run = site.run(&["explain", question, "--format", "json"]).ok();
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(answer["channel"], channel, "{question}");
    }
}
