//! `check --fix`: writes what nobody has to decide, and nothing else.

use std::fs;

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, PAGE, PAGE_TEXT, SITE, SITE_TEXT, Site};

#[test]
fn obvious_problems_are_fixed_and_shown() {
    for (file, good, bad) in [
        (CAMPAIGN, "title: Hire", "titel: Hire"),
        (CAMPAIGN, "channels: [newsletter, acme]", "Channels: [newsletter, acme]"),
        (CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]"),
        (CAMPAIGN, "[newsletter, acme]", "[\"Newsletter\", acme]"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: 2027/3/31"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: \"31.3.2027\""),
        (SITE, "timezone:", "time-zone:"),
        (SITE, "timezone: Africa/Nairobi", "timezone: Africa/Nairoby"),
        (PAGE, "cta:spring/guide", "cta:spring/giude"),
        (PAGE, "summary: What", "sumary: What"),
        (PAGE, "summary: What", "description: What"),
        (SITE, "timezone:", "tz:"),
        (CAMPAIGN, "label: Book", "text: Book"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: 31 March 2027"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: “2027-03-31”"),
        (CAMPAIGN, "ends: 2027-03-31", "ends:\u{a0}2027-03-31"),
        (CAMPAIGN, "code: SPRING20", "code: SPRING\u{200b}20"),
        (CAMPAIGN, "title: Hire", "title:Hire"),
        (PAGE, "title: Prices", "title：Prices"),
        (PAGE, "---\ntitle", "———\ntitle"),
        (PAGE, "costs.\n---", "costs.\n— — —"),
        (PAGE, "## Teams", "##Teams"),
        (CAMPAIGN, "https://cal.example.com/kazi", "htps://cal.example.com/kazi"),
        (CAMPAIGN, "/buy?coupon={code}", "/buy?a=1&amp;coupon={code}"),
    ] {
        let site = Site::new();
        let before = site.read(file).replacen(good, bad, 1);
        assert_ne!(before, site.read(file), "{bad}");
        site.write(file, &before);
        let dry = site.run(&["check", "--fix", "--dry-run"]).failed(1);
        assert!(dry.stderr.contains("`--fix` would fix 1 problem"), "{bad}: {}", dry.stderr);
        assert_eq!(site.read(file), before);
        let run = site.run(&["check", "--fix"]).ok();
        assert!(run.stderr.contains(" → ") && run.stderr.contains("fixed 1 problem\n"), "{bad}: {}", run.stderr);
        let after = site.read(file);
        let expected = before
            .replacen(bad, good, 1)
            .replace("/buy?coupon", if bad.contains("&amp;") { "/buy?a=1&coupon" } else { "/buy?coupon" });
        assert!(after.replace('"', "") == expected.replace('"', ""), "{bad}: {after}");
        site.run(&["check", "--fix"]).ok();
        assert_eq!(site.read(file), after, "the second run");
    }
}

#[test]
fn flags_and_attributes_that_mean_one_thing_are_fixed() {
    for (bad, good) in [
        ("draft: \"false\"", "draft: false"),
        ("draft: False", "draft: false"),
        ("draft: no", "draft: false"),
        ("draft: 'false'", "draft: false"),
    ] {
        let site = Site::edited(PAGE, "title: Prices", &format!("title: Prices\n{bad}"));
        site.run(&["check", "--fix"]).ok();
        assert_eq!(site.read(PAGE), PAGE_TEXT.replacen("title: Prices", &format!("title: Prices\n{good}"), 1), "{bad}");
    }
    let block = "::: pricing\n::: plan cost=\"KES 1,200\"\n## Small\n\n- One role\n:::\n:::\n";
    let site = Site::new().file(PAGE, &format!("{PAGE_TEXT}\n{block}"));
    site.run(&["check", "--fix"]);
    assert!(site.read(PAGE).contains("::: plan price=\"KES 1,200\"\n"), "{}", site.read(PAGE));
}

#[test]
fn fix_of_a_character_without_a_glyph_names_it() {
    for (bad, shown) in [
        ("code: SPRING\u{200b}20", ": a zero-width space (U+200B) → nothing [hidden-character]\n"),
        ("code:\u{a0}SPRING20", ": a no-break space (U+00A0) → a space [hidden-character]\n"),
    ] {
        let site = Site::edited(CAMPAIGN, "code: SPRING20", bad);
        let run = site.run(&["check", "--fix"]).ok();
        assert!(run.stderr.contains(shown), "{}", run.stderr);
        assert_eq!(site.read(CAMPAIGN), CAMPAIGN_TEXT);
    }
}

#[test]
fn link_by_reference_is_fixed_where_its_address_is() {
    let text = PAGE_TEXT.replace("[Get it](cta:spring/save)", "[spring/giude] and [it][a]");
    let text = format!("{text}\n[spring/giude]: cta:spring/giude\n[a]: cta:spring/saev\n");
    let site = Site::new().file(PAGE, &text);
    site.run(&["check", "--fix"]).ok();
    let fixed = text.replace("]: cta:spring/giude", "]: cta:spring/guide").replace("saev", "save");
    assert_eq!(site.read(PAGE), fixed);
}

#[test]
fn former_id_of_a_rule_is_fixed() {
    let site = Site::new().file(SITE, &format!("{SITE_TEXT}rules: {{ twin-pages: allow }}\n"));
    site.run(&["check", "--fix"]).ok();
    assert!(site.read(SITE).ends_with("rules: { duplicate-title: allow }\n"), "{}", site.read(SITE));
}

#[test]
fn ambiguous_problems_are_left_alone() {
    for (file, good, bad) in [
        (CAMPAIGN, "ends: 2027-03-31", "ends: 3/4/2027"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: 04.03.2027"),
        // The right key is there already, or two keys would become the same.
        (PAGE, "title: Prices", "title: Prices\ntitel: Two"),
        (PAGE, "title: Prices", "titel: Prices\ntitl: Two"),
        (PAGE, "summary: What it costs.", "description: What it costs.\nexcerpt: Two"),
        (PAGE, "title: Prices", "title: Prices\ndescription: Two"),
        (CAMPAIGN, "[newsletter, acme]", "[newsletter, acm]"),
        (PAGE, "cta:spring/guide", "cta:spring/guide2"),
    ] {
        let site = Site::new();
        let before = site.read(file).replacen(good, bad, 1);
        assert_ne!(before, site.read(file), "{bad}");
        site.write(file, &before);
        let run = site.run(&["check", "--fix"]).failed(1);
        assert!(run.stderr.starts_with("fixed 0 problems\n"), "{bad}: {}", run.stderr);
        assert_eq!(site.read(file), before);
    }
}

#[test]
fn misspelt_definition_does_not_change_the_names_that_use_it() {
    let site = Site::new().file("content/summer/index.md", &CAMPAIGN_TEXT.replace("guide.pdf", "/spring/guide.pdf"));
    let site = site.edit(SITE, "  newsletter:", "  newsleter:");
    let run = site.run(&["check", "--fix"]).failed(1);
    assert!(run.stderr.starts_with("fixed 0 problems\n"), "{}", run.stderr);
    assert_eq!(site.read(CAMPAIGN), CAMPAIGN_TEXT);
}

#[test]
fn errors_that_a_fix_uncovers_are_fixed_too_and_the_rest_is_reported() {
    let text = CAMPAIGN_TEXT.replacen("title:", "titel:", 1).replacen("[newsletter, acme]", "[newsleter, acme]", 1);
    let site = Site::new().file(CAMPAIGN, &text).file(PAGE, &format!("{PAGE_TEXT}\n[none](nothing.md)\n"));
    let run = site.run(&["check", "--fix"]).failed(1);
    assert!(
        run.stderr.contains("fixed 2 problems\n") && run.stderr.ends_with("1 error; to fix by hand\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.matches("error[").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("error[broken-link]"), "{}", run.stderr);
    assert_eq!(site.read(CAMPAIGN), CAMPAIGN_TEXT);
}

#[test]
fn byte_order_mark_and_line_ends_stay() {
    let as_on_windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let site = Site::new().file(PAGE, &as_on_windows(&PAGE_TEXT.replacen("title:", "titel:", 1)));
    site.run(&["check", "--fix"]).ok();
    assert_eq!(fs::read(site.path(PAGE)).unwrap(), as_on_windows(PAGE_TEXT).into_bytes());
}

#[cfg(unix)]
#[test]
fn symbolic_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let site = Site::new().file("content/shared/page.md", &PAGE_TEXT.replacen("title:", "titel:", 1)).remove(PAGE);
    let target = site.path("content/shared/page.md");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("shared/page.md", site.path(PAGE)).unwrap();
    site.run(&["check", "--fix"]);
    assert!(site.path(PAGE).is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(&target).unwrap().starts_with("---\ntitle:"));
}

#[test]
fn json_has_the_fixes() {
    let site = Site::new().file(PAGE, &PAGE_TEXT.replacen("title:", "titel:", 1));
    let run = site.run(&["check", "--fix", "--dry-run", "--format", "json"]).failed(1);
    let lines: Vec<serde_json::Value> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [fix, problem] = &lines[..] else { panic!("{}", run.stderr) };
    assert_eq!((fix["type"].as_str(), fix["rule"].as_str()), (Some("fix"), Some("unknown-key")));
    for fix in [fix, &problem["fix"]] {
        assert_eq!(
            (fix["file"].as_str(), fix["line"].as_u64(), fix["column"].as_u64()),
            (Some(PAGE), Some(2), Some(1))
        );
        assert_eq!((fix["before"].as_str(), fix["after"].as_str()), (Some("titel"), Some("title")));
    }
}
