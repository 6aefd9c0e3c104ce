//! Versions of a campaign that are tested against each other: their pages, their lead tags, and the life of a test.

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, SITE, Site, assert_each_rejected, invalid};

const KEYS: &str = "\
versions:
  b:
    title: Fill a role in 19 days
    ctas:
      save: { label: Start with 20 % off, coupon: { code: START20 } }
      guide: { download: { form: [email] } }
split: { b: 50 }
ctas:
";
const BLOCKS: &str = "\
::: quote version=a by=\"Amina O.\"
Three roles in a month.
:::

::: quote by=\"Juma K.\" version=b
Nineteen days.
:::

::: only version=b
## Only here
:::

Read the";
const GERMAN: &str = "content/spring/index.de.md";
const GERMAN_TEXT: &str = "\
---
title: Stellen in Tagen besetzen
slug: fruehling
summary: Preise.
ctas:
  save: { label: 20 % sparen, coupon: { code: LENZ20 } }
  guide: { label: Leitfaden laden }
  trial: { label: Probieren }
versions:
  b: { title: Eine Stelle in 19 Tagen, ctas: { save: { label: Mit 20 % starten } } }
---

# Stellen

[](cta:save) [](cta:guide) [](cta:trial)
";

/// The small site with a version `b` of its campaign.
fn site() -> Site {
    let text = CAMPAIGN_TEXT.replacen("ctas:\n", KEYS, 1).replacen("Read the", BLOCKS, 1);
    Site::new().file(CAMPAIGN, &text)
}

/// The same with a German translation.
fn german_site() -> Site {
    let site = site().file(GERMAN, GERMAN_TEXT);
    let settings = site.read(SITE).replacen(
        "channels:\n",
        "rules: { missing-translation: allow }\nlanguages: { de: { label: Deutsch } }\nchannels:\n",
        1,
    );
    site.file(SITE, &settings)
}

fn without_quotes(html: &str) -> String {
    html.replace('"', "")
}

/// The tag of the script that sends visitors on, up to its code.
fn split_tag(html: &str) -> Option<String> {
    let start = html.find("<script data-shares")?;
    Some(html[start..start + html[start..].find('>')?].replace('"', ""))
}

#[test]
fn version_is_a_page_of_its_own_with_its_texts_its_blocks_and_its_lead_tags() {
    let site = site();
    let run = site.build().clean();
    let html = without_quotes(&run.public("spring/v/b/"));
    for expected in [
        "<title>Fill a role in 19 days",
        "Nineteen days.",
        "<h2 id=only-here>Only here</h2>",
        "Start with 20 % off",
        "spring_save_direct_b",
        "coupon=START20",
        "name=version value=b",
        "name=page value=https://kazi.example/spring/",
        "name=redirect value=https://kazi.example/spring/v/b/thanks/guide/",
        "rel=canonical href=https://kazi.example/spring/",
        "property=og:url content=https://kazi.example/spring/",
        "name=robots content=index, follow",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    for other in ["Three roles", "SPRING20", "name=name", " version=", "hreflang"] {
        assert!(!html.contains(other), "{other} in {html}");
    }
    let page = without_quotes(&run.public("spring/"));
    for expected in ["<title>Hire in days", "Three roles", "SPRING20", "spring_save_direct ", "name=version value=a"] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    assert!(!page.contains("Nineteen") && !page.contains("Only here") && !page.contains("_direct_b"), "{page}");
    assert!(run.has("spring/v/b/thanks/guide/") && run.has("spring/v/b/via/acme/"));
    let channel_page = run.public("spring/v/b/via/newsletter/");
    assert!(channel_page.contains("spring_save_newsletter_b") && channel_page.contains("noindex"), "{channel_page}");
    assert!(!run.public("sitemap.xml").contains("/v/"), "{}", run.public("sitemap.xml"));
}

#[test]
fn only_pages_at_their_own_address_split_visitors_and_the_policy_allows_the_script() {
    let site = site();
    let run = site.build().clean();
    let tag = |path: &str| split_tag(&run.public(path));
    assert_eq!(tag("spring/").as_deref(), Some("<script data-shares=b50 data-to=/spring/v/*/"));
    assert_eq!(tag("spring/via/acme/").as_deref(), Some("<script data-shares=b50 data-to=/spring/v/*/via/acme/"));
    for path in ["spring/v/b/", "spring/v/b/via/acme/", "spring/thanks/guide/", "prices/"] {
        assert_eq!(tag(path), None, "{path}");
    }
    let html = run.public("spring/");
    let start = html.find("<script data-shares").unwrap();
    let code = &html[start + html[start..].find('>').unwrap() + 1..];
    let code = &code[..code.find("</script>").unwrap()];
    let hash = tagline::model::csp::Source::of_content(code).to_string();
    assert!(run.public("_headers").contains(&hash), "{hash}");
    let several = site.read(CAMPAIGN).replacen("split: { b: 50 }", "split: { b: 20, c: 30 }", 1);
    let several = several.replacen("versions:\n", "versions:\n  c: { title: Three }\n", 1);
    let site = site.file(CAMPAIGN, &several);
    let run = site.build().clean();
    assert_eq!(split_tag(&run.public("spring/")).as_deref(), Some("<script data-shares=b20 c50 data-to=/spring/v/*/"));
}

#[test]
fn without_a_split_no_page_has_a_script_for_it() {
    let site = site();
    let text = site.read(CAMPAIGN).replacen("split: { b: 50 }\n", "", 1);
    let site = site.file(CAMPAIGN, &text);
    let run = site.build().clean();
    assert_eq!(split_tag(&run.public("spring/")), None);
    assert!(run.public("spring/v/b/").contains("spring_save_direct_b"));
    let is_text = |file: &&String| file.ends_with(".html") || file.ends_with(".js");
    assert!(!run.public_files().iter().filter(is_text).any(|file| run.public(file).contains("taglineMoved")));
}

#[test]
fn translation_has_the_versions_of_its_original_with_its_own_texts() {
    let site = german_site();
    let run = site.build().clean();
    let html = without_quotes(&run.public("de/fruehling/v/b/"));
    for expected in [
        "<title>Eine Stelle in 19 Tagen",
        "Mit 20 % starten",
        "coupon=LENZ20",
        "spring_save_direct_de-b",
        "name=language value=de",
        "name=version value=b",
        "rel=canonical href=https://kazi.example/de/fruehling/",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    let page = run.public("de/fruehling/");
    assert_eq!(split_tag(&page).as_deref(), Some("<script data-shares=b50 data-to=/de/fruehling/v/*/"));
    assert_eq!(run.page("de/fruehling/v/b/").link("English"), "/spring/v/b/");
    assert_eq!(run.page("spring/v/b/via/acme/").link("Deutsch"), "/de/fruehling/v/b/via/acme/");
    assert!(site.register().iter().any(|row| row[0] == "spring_save_acme_de-b"));
}

#[test]
fn winner_becomes_the_page_and_its_lead_tags_begin_again() {
    let site = site();
    site.build_on("2027-03-10").clean();
    assert_eq!(site.offers_of("spring_trial_acme_b"), ["cal.example.com 2027-03-10"]);
    let decided = site.read(CAMPAIGN).replacen("split: { b: 50 }", "winner: b", 1);
    let site = site.file(CAMPAIGN, &decided);
    let run = site.build_on("2027-03-20").clean();
    let html = without_quotes(&run.public("spring/"));
    for expected in ["<title>Fill a role in 19 days", "Nineteen days.", "START20", "spring_save_direct ", "value=a"] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    for (path, target) in [
        ("spring/v/b/", "url=/spring/\""),
        ("spring/v/b/via/acme/", "url=/spring/via/acme/\""),
        ("spring/v/b/thanks/guide/", "url=/spring/thanks/guide/\""),
    ] {
        assert!(run.public(path).contains(target), "{path}: {}", run.public(path));
    }
    assert_eq!(site.offers_of("spring_trial_acme_b"), ["cal.example.com 2027-03-10 2027-03-20"]);
    assert_eq!(
        site.offers_of("spring_trial_acme"),
        ["cal.example.com 2027-03-10 2027-03-20", "cal.example.com 2027-03-20"],
        "the offer is the same, the content is not"
    );
    assert_eq!(site.offers_of("spring_save_newsletter"), ["SPRING20 2027-03-10 2027-03-20", "START20 2027-03-20"]);
    let rows = site.register();
    site.build_on("2027-03-21").clean();
    assert_eq!(site.register(), rows, "decided once");
    let on = |day: &str| site.run(&["explain", "spring_trial_acme", "--on", day, "--date", "2027-03-21"]).ok().stdout;
    assert!(on("2027-03-21").contains("Fill a role in 19 days"), "{}", on("2027-03-21"));
    let before = on("2027-03-15");
    assert!(before.contains("saw “Hire in days”") && !before.contains("looking at “Fill a role"), "{before}");
    let explained = site.run(&["explain", "spring_save_newsletter_b", "--date", "2027-03-21"]).ok();
    assert!(explained.stdout.contains("20 March 2027") && explained.stdout.contains("START20"), "{}", explained.stdout);
    let of_version = site.run(&["explain", "spring_trial_acme_b", "--date", "2027-03-21"]).ok().stdout;
    assert!(of_version.contains("Fill a role in 19 days"), "{of_version}");
    let again = site.read(CAMPAIGN).replacen("winner: b", "split: { b: 50 }", 1);
    let site = site.file(CAMPAIGN, &again);
    site.build_on("2027-03-25").clean();
    assert_eq!(
        site.offers_of("spring_trial_acme"),
        [
            "cal.example.com 2027-03-10 2027-03-20",
            "cal.example.com 2027-03-20 2027-03-25",
            "cal.example.com 2027-03-25"
        ],
        "the content of `a` is back"
    );
    assert_eq!(
        site.offers_of("spring_trial_acme_b"),
        ["cal.example.com 2027-03-10 2027-03-20", "cal.example.com 2027-03-25"]
    );
    let rows = site.register();
    site.build_on("2027-03-26").clean();
    assert_eq!(site.register(), rows, "taken back once");
}

#[test]
fn page_that_wins_itself_closes_the_versions_alone() {
    let site = site();
    site.build_on("2027-03-10").clean();
    let decided = site.read(CAMPAIGN).replacen("split: { b: 50 }", "winner: a", 1);
    let site = site.file(CAMPAIGN, &decided);
    let run = site.build_on("2027-03-20").clean();
    assert!(run.public("spring/").contains("SPRING20"));
    assert_eq!(site.offers_of("spring_trial_acme"), ["cal.example.com 2027-03-10"]);
    assert_eq!(site.offers_of("spring_trial_acme_b"), ["cal.example.com 2027-03-10 2027-03-20"]);
}

#[test]
fn removed_version_stays_explained_and_its_addresses_lead_to_the_page() {
    let site = german_site();
    site.build_on("2027-03-10").clean();
    let rows = site.register();
    let code = &rows.iter().find(|row| row[0] == "spring_save_acme_de-b").unwrap()[8];
    let page = CAMPAIGN_TEXT.to_owned();
    let german = GERMAN_TEXT.split_once("versions:").unwrap().0.to_owned()
        + "---\n\n# Stellen\n\n[](cta:save) [](cta:guide) [](cta:trial)\n";
    let site = site.file(CAMPAIGN, &page).file(GERMAN, &german);
    let run = site.build_on("2027-03-20").clean();
    for (path, target) in [
        ("spring/v/b/", "url=/spring/\""),
        ("spring/v/b/via/acme/", "url=/spring/via/acme/?utm_source=acme"),
        ("spring/v/b/thanks/guide/", "url=/spring/thanks/guide/\""),
        ("de/fruehling/v/b/", "url=/de/fruehling/\""),
        ("de/fruehling/v/b/thanks/guide/", "url=/de/fruehling/thanks/guide/\""),
        (&*format!("go/{}/", code), "url=/de/fruehling/via/acme/?utm_source=acme"),
    ] {
        assert!(run.public(path).contains(target), "{path}: {}", run.public(path));
    }
    for address in ["https://kazi.example/spring/v/b/via/acme/", "https://kazi.example/de/fruehling/v/b/"] {
        let explained = site.run(&["explain", address, "--date", "2027-03-20", "--format", "json"]).ok();
        let tag = if address.contains("/de/") { "spring_save_direct_de-b" } else { "spring_save_acme_b" };
        assert!(explained.stdout.contains(tag), "{address}: {}", explained.stdout);
    }
    let explained = site.run(&["explain", "spring_save_acme_b", "--date", "2027-03-20"]).ok();
    assert!(explained.stdout.contains("Start with 20 % off"), "{}", explained.stdout);
    assert_eq!(site.offers_of("spring_save_acme_de-b"), ["ACME20 2027-03-10 2027-03-20"]);
}

#[test]
fn sales_see_what_the_visitors_of_a_version_saw() {
    let site = site();
    let run = site.build().clean();
    let desk = run.sales("index.html");
    for expected in ["spring_save_acme_b", "Fill a role in 19 days", "Start with 20 % off"] {
        assert!(desk.contains(expected), "{expected}");
    }
    let answer = |question: &str| {
        let explained = site.run(&["explain", question, "--format", "json"]).clean();
        serde_json::from_str::<serde_json::Value>(&explained.stdout).unwrap()
    };
    assert_eq!(answer("https://kazi.example/spring/v/b/via/acme/")["sources"][0]["tag"], "spring_save_acme_b");
    assert_eq!(answer("spring_save_newsletter_b")["title"], "Fill a role in 19 days");
    assert_eq!(answer("spring_save_newsletter_b")["page"], "https://kazi.example/spring/v/b/via/newsletter/");
}

#[test]
fn links_list_each_version_and_say_how_long_a_test_takes() {
    let site = site();
    let run = site.run(&["links", "spring", "--visitors", "200"]).clean();
    for expected in [
        "spring (b), live until 31 March 2027",
        "https://kazi.example/spring/v/b/via/acme/?utm_source=acme",
        "6,300 visitors",
        "32 days",
    ] {
        assert!(run.stdout.contains(expected), "{expected} in {}", run.stdout);
    }
    assert!(run.stdout.contains("31 March 2027, before"), "{}", run.stdout);
    let all = site.run(&["links", "spring", "--rate", "10"]).clean();
    assert!(all.stdout.contains("3,000 visitors") && all.stdout.contains("13.3 % instead of 10 %"), "{}", all.stdout);
    site.run(&["links", "--rate", "0"]).failed(2);
    let csv = site.run(&["links", "--format", "csv"]).clean().stdout;
    let variant = |row: &str| row.rsplit_once(',').unwrap().1.to_owned();
    assert_eq!(csv.lines().map(variant).collect::<Vec<_>>(), ["variant", "", "", "b", "b"]);
}

#[test]
fn files_for_sales_have_the_versions_of_campaigns_and_lead_tags() {
    let site = site();
    let run = site.build().ok();
    let json: serde_json::Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
    let version = &json["campaigns"]["spring"]["variants"]["b"];
    assert_eq!(version["landing_page"], "/spring/v/b/");
    assert!(version["title"].is_string() && version.get("language").is_none(), "{version}");
    let cell = |file: &str, row: &str| {
        let text = run.sales(file);
        let row = text.lines().find(|line| line.trim_start_matches('\u{feff}').starts_with(row)).unwrap();
        row.rsplit_once(',').unwrap().1.to_owned()
    };
    assert_eq!(cell("lead-sources.csv", "spring_save_acme_b,"), "b");
    assert_eq!(cell("lead-sources.csv", "spring_save_acme,"), "");
    assert_eq!(cell("campaigns.csv", "spring,"), "b");
}

#[test]
fn what_cannot_be_tested_is_an_error_at_its_place() {
    const RULE: &str = "bad-version";
    assert_each_rejected(
        &site(),
        &[
            invalid(CAMPAIGN, "  b:\n", "  «a:\n", RULE, "the page as written"),
            invalid(CAMPAIGN, "  b:\n", "  «B:\n", RULE, "write `b`"),
            invalid(CAMPAIGN, "  b:\n", "  «new:\n", RULE, "a letter from `b` on"),
            invalid(CAMPAIGN, "split: { b: 50 }", "split: { b: «101 }", RULE, "from 0 to 100"),
            invalid(CAMPAIGN, "split: { b: 50 }", "split: { b: «half }", RULE, "from 0 to 100"),
            invalid(CAMPAIGN, "split: { b: 50 }", "split: { «c: 50 }", RULE, "the page has `a` and `b`"),
            invalid(CAMPAIGN, "split: { b: 50 }", "winner: «c", RULE, "the page has `a` and `b`"),
            invalid(
                CAMPAIGN,
                "by=\"Juma K.\" version=b",
                "by=\"Juma K.\" «version=c",
                RULE,
                "the page has `a` and `b`",
            ),
            invalid(CAMPAIGN, "by=\"Juma K.\" version=b", "by=\"Juma K.\" «version", RULE, "the letter of one version"),
            invalid(CAMPAIGN, "title: Fill", "«ends: 2027-04-01\n    title: Fill", "unknown-key", "ends"),
            invalid(CAMPAIGN, "save: { label: Start", "«safe: { label: Start", RULE, "did you mean `save`?"),
            invalid(
                CAMPAIGN,
                "coupon: { code: START20 }",
                "«download: { file: guide.pdf }",
                RULE,
                "a coupon in the page",
            ),
            invalid(CAMPAIGN, "code: START20", "«expires: 2027-04-30", RULE, "days are the same"),
            invalid(CAMPAIGN, "form: [email]", "form: [«emial]", "bad-form-fields", "email"),
            invalid(CAMPAIGN, "::: only version=b", "«::: only", RULE, "write it as in"),
            invalid(
                CAMPAIGN,
                "## Only here",
                "«::: quote version=a\nA\n:::\n\n## Only here",
                RULE,
                "no visitor sees it",
            ),
            invalid(CAMPAIGN, "split: { b: 50 }", "split: { «a: 40, b: 50 }", RULE, "it gets the rest"),
            invalid(CAMPAIGN, "split: { b: 50 }", "winner: «[b]", "wrong-type", "a version is expected"),
            invalid(
                "content/prices.md",
                "title: Prices",
                "title: Prices\nversions: { «b: { title: x } }",
                "unknown-key",
                "needs a call to action",
            ),
            invalid("content/prices.md", "# Prices", "::: quote «version=b\nA\n:::\n\n# Prices", RULE, "declare it"),
        ],
    );
    let site = german_site();
    assert_each_rejected(
        &site,
        &[
            invalid(GERMAN, "  b: { title", "  «c: { title", "bad-translation", "did you mean `b`?"),
            invalid(CAMPAIGN, "save: { label: Start", "«safe: { label: Start", RULE, "did you mean `save`?"),
            invalid(CAMPAIGN, "  b:\n    title", "  «B:\n    title", RULE, "write `b`"),
            invalid(
                CAMPAIGN,
                "coupon: { code: START20 }",
                "coupon: { «kode: START20 }",
                "unknown-key",
                "did you mean `code`?",
            ),
            invalid(GERMAN, "versions:", "«split: { b: 20 }\nversions:", "bad-translation", "remove this key"),
        ],
    );
}

#[test]
fn shares_of_more_than_all_visitors_and_a_split_of_nothing_are_errors() {
    let text = site().read(CAMPAIGN).replacen("split: { b: 50 }", "split: { b: 60, c: 50 }", 1);
    let text = text.replacen("versions:\n", "versions:\n  c: { title: Three }\n", 1);
    site().file(CAMPAIGN, &text).build().error().assert(
        "bad-version",
        "content/spring/index.md:17:1",
        &["110 % together", "at most 100"],
    );
    let text = CAMPAIGN_TEXT.replacen("ctas:\n", "split: { b: 50 }\nctas:\n", 1);
    let run = Site::new().file(CAMPAIGN, &text).build();
    run.error().assert("bad-version", "content/spring/index.md:10:1", &["`split` needs `versions`"]);
}

#[test]
fn check_reports_versions_that_nobody_sees_and_decided_tests() {
    let report = |old: &str, new: &str| {
        let text = site().read(CAMPAIGN).replacen(old, new, 1);
        let run = site().file(CAMPAIGN, &text).run(&["check"]);
        run.problems().into_iter().map(|problem| format!("{} {}", problem.rule, problem.text)).collect::<Vec<_>>()
    };
    let has = |problems: &[String], rule: &str, text: &str| {
        assert!(problems.iter().any(|problem| problem.starts_with(rule) && problem.contains(text)), "{problems:?}");
    };
    assert_eq!(report("title", "title"), Vec::<String>::new());
    has(&report("split: { b: 50 }", "split: { b: 0 }"), "unseen-version", "no visitor gets version `b`");
    has(&report("split: { b: 50 }", "split: { b: 100 }"), "unseen-version", "no visitor gets version `a`");
    has(&report("split: { b: 50 }", "split: { b: 50 }\nwinner: b"), "decided-test", "remove `split`");
    let same = CAMPAIGN_TEXT.replacen("ctas:\n", "versions: { b: {} }\nctas:\n", 1);
    let run = Site::new().file(CAMPAIGN, &same).run(&["check"]);
    run.warning().assert("unseen-version", "content/spring/index.md:10:13", &["the same as the page"]);
    // Versions are compared by what visitors see, not by what is written.
    let title = CAMPAIGN_TEXT.lines().find_map(|line| line.strip_prefix("title: ")).unwrap();
    let block = |version: &str, text: &str| format!("\n::: only version={version}\n{text}\n:::\n");
    for (versions, blocks, same) in [
        (format!("b: {{ title: {title} }}"), String::new(), Some("version `b` is the same as the page")),
        ("b: { title: Two }, c: { title: Two }".to_owned(), String::new(), Some("`c` is the same as version `b`")),
        ("b: {}, c: {}".to_owned(), block("b", "New."), Some("`c` is the same as the page")),
        ("b: {}, c: {}".to_owned(), block("b", "New.") + &block("c", "New."), Some("`c` is the same as version `b`")),
        ("b: {}, c: {}".to_owned(), block("b", "New.") + &block("c", "Newer."), None),
        ("b: {}".to_owned(), block("a", "Old."), None),
    ] {
        let text = CAMPAIGN_TEXT.replacen("ctas:\n", &format!("versions: {{ {versions} }}\nctas:\n"), 1) + &blocks;
        let run = Site::new().file(CAMPAIGN, &text).run(&["check"]);
        let problems: Vec<String> = run.problems().into_iter().map(|problem| problem.text).collect();
        match same {
            Some(same) => assert!(problems.len() == 1 && problems[0].contains(same), "{text}\n{problems:?}"),
            None => assert_eq!(problems, Vec::<String>::new(), "{text}"),
        }
    }
    let untranslated = GERMAN_TEXT.replacen("title: Eine Stelle in 19 Tagen, ", "", 1);
    let site = german_site().file(GERMAN, &untranslated);
    let settings = site.read(SITE).replacen("missing-translation: allow", "missing-summary: allow", 1);
    let run = site.file(SITE, &settings).run(&["check"]);
    let missing = run.problems().into_iter().find(|problem| problem.text.contains("versions.b.title"));
    assert!(missing.is_some_and(|problem| problem.rule == "missing-translation"), "{}", run.stderr);
}

#[test]
fn build_over_an_earlier_one_follows_the_life_of_a_test() {
    let site = german_site();
    site.build().clean();
    for (file, old, new) in [
        (CAMPAIGN, "Nineteen days.", "Twenty days."),
        (CAMPAIGN, "Start with 20 % off", "Begin with 20 % off"),
        (CAMPAIGN, "split: { b: 50 }", "split: { b: 20 }"),
        (CAMPAIGN, "split: { b: 20 }\n", ""),
        (CAMPAIGN, "versions:\n", "winner: b\nversions:\n"),
        (GERMAN, "Mit 20 % starten", "Jetzt starten"),
    ] {
        site.write(file, site.read(file).replacen(old, new, 1));
        super::languages::assert_same_as_fresh(&site, new);
    }
}

#[test]
fn site_without_versions_has_no_trace_of_them() {
    let plain = Site::new();
    plain.build().clean();
    for (path, bytes) in plain.output() {
        let text = String::from_utf8_lossy(&bytes);
        for trace in ["taglineMoved", "taglineVersions", "_referrer", "data-shares", "/v/"] {
            assert!(!text.contains(trace), "{trace} in {}", path.display());
        }
    }
}
