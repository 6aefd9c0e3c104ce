//! A campaign's life in the tag register: what it takes to rename one, what is said when lead tags in the market are
//! closed or serve a second year, and what becomes of a register that two people changed.

use std::path::Path;
use std::process::Command;

use crate::support::{Problem, Run, SPRING, Site};

const CAMPAIGN: &str = "content/spring/index.md";
const REGISTER: &str = "lead-tags.csv";

/// The small site as it was issued on 1 March.
fn issued() -> Site {
    let site = Site::new();
    site.build_on("2027-03-01").clean();
    site
}

/// The same with the campaign's id changed, and in the link that names it.
fn renamed(front_matter: &str) -> Site {
    let site = issued().edit(CAMPAIGN, "title: Hire", &format!("{front_matter}title: Hire"));
    let id = front_matter.lines().find_map(|line| line.strip_prefix("campaign: ")).unwrap();
    let prices = site.read("content/prices.md").replace("cta:spring/", &format!("cta:{id}/"));
    site.file("content/prices.md", &prices)
}

/// The same with the call to action `save` as `coupon-20`; `more` is a line below it.
fn renamed_cta(site: Site, more: &str) -> Site {
    let page = site.read(CAMPAIGN).replace("cta:save", "cta:coupon-20");
    let page = page.replace("  save:\n", &format!("  coupon-20:\n{more}"));
    let prices = site.read("content/prices.md").replace("/save)", "/coupon-20)");
    site.file(CAMPAIGN, &page).file("content/prices.md", &prices)
}

/// Rows of one lead tag as `offer from until`.
fn life(site: &Site, tag: &str) -> Vec<String> {
    let rows = site.register().into_iter().filter(|row| row[0] == tag);
    rows.map(|row| format!("{} {} {}", row[6], row[9], row[10]).trim_end().to_owned()).collect()
}

/// The rules of a run's problems.
fn rules(run: &Run) -> Vec<String> {
    run.problems().into_iter().map(|problem| problem.rule).collect()
}

#[track_caller]
fn is_told(problem: &Problem, rule: &str, place: &str, parts: &[&str]) {
    assert!(!problem.is_error, "{}", problem.text);
    assert_eq!((&*problem.rule, &*problem.place), (rule, place), "{}", problem.text);
    for part in parts {
        assert!(problem.text.contains(part), "`{part}` is not in {}", problem.text);
    }
}

#[test]
fn each_stage_of_a_campaign_s_life_is_in_the_register() {
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
        // A page that links to a draft is told so, and that is all.
        let run = site.build_on(day).ok();
        assert!(run.problems().iter().all(|problem| !problem.is_error && problem.rule != "closed-lead-tags"));
        assert_eq!(life(&site, "spring_save_newsletter"), rows, "on {day}: {}", run.stderr);
        assert_eq!(
            site.tags().stdout,
            "the tag register is up to date: 12 lead tags\n"
                .replace("12", if day == "2027-04-10" { "0" } else { "12" }),
            "on {day}"
        );
    }
}

#[test]
fn a_renamed_campaign_is_told_with_the_new_one_s_place_and_both_cures() {
    let site = renamed("campaign: spring-sale\n");
    let check = site.run(&["check", "--date", "2027-03-10"]);
    assert_eq!(rules(&check), ["closed-lead-tags", "outdated-register"], "{}", check.stderr);
    let build = site.build_on("2027-03-10");
    assert_eq!(build.problems().len(), 1, "{}", build.stderr);
    for run in [check, build] {
        is_told(
            &run.problems()[0],
            "closed-lead-tags",
            "content/spring/index.md:2:11",
            &[
                "the campaign `spring` is gone, and its 12 lead tags, which are in the market, are closed",
                "2 | campaign: spring-sale",
                "is this it, renamed to `spring-sale`?",
                "write `campaign: spring`",
                "write `was: [spring]`",
            ],
        );
    }
    assert_eq!(life(&site, "spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    assert_eq!(life(&site, "spring-sale_save_acme"), ["ACME20 2027-03-10"]);
    site.build_on("2027-03-11").clean();
}

#[test]
fn a_campaign_in_a_renamed_folder_is_known_by_its_calls_to_action() {
    let site = issued()
        .file("content/lente/index.md", SPRING)
        .file("content/lente/guide.pdf", "%PDF-1.7 a guide")
        .remove("content/spring")
        .file("content/prices.md", "---\ntitle: Prices\n---\n\n# Prices\n\n## Teams\n");
    is_told(
        &site.build().warning(),
        "closed-lead-tags",
        "content/lente/index.md:2:8",
        &["renamed to `lente`?", "`campaign: spring`", "`was: [spring]`"],
    );
}

#[test]
fn either_cure_keeps_the_lead_tags_of_a_renamed_campaign_without_a_word() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    assert_eq!(rules(&site.check()), ["outdated-register"]);
    site.build_on("2027-03-10").clean();
    let folder = issued()
        .file("content/lente/index.md", &SPRING.replace("title: Hire", "campaign: spring\ntitle: Hire"))
        .file("content/lente/guide.pdf", "%PDF-1.7 a guide")
        .remove("content/spring")
        .edit("content/prices.md", "spring/index.md", "lente/index.md");
    folder.build_on("2027-03-10").clean();
    assert!(folder.register().iter().all(|row| row[9] == "2027-03-01" && row[10].is_empty() && row[7] == "/lente/"));
}

#[test]
fn a_renamed_cta_is_told_at_the_new_one_with_both_cures() {
    let site = renamed_cta(issued(), "");
    is_told(
        &site.build_on("2027-03-10").warning(),
        "closed-lead-tags",
        "content/spring/index.md:11:3",
        &[
            "the call to action `save` of `spring` is gone, and its 4 lead tags, which are in the market, are closed",
            "is this it, renamed?",
            "to keep its lead tags, call it `save`",
            "write `was: [save]` below `coupon-20`",
        ],
    );
    assert_eq!(life(&site, "spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    site.build_on("2027-03-11").clean();
    renamed_cta(issued(), "    was: [save]\n").build_on("2027-03-10").clean();
}

#[test]
fn a_removed_cta_is_told_without_a_guess() {
    let site = issued();
    let page = site.read(CAMPAIGN);
    let trial = page.find("  trial:").unwrap();
    let page = format!("{}---\n\n# Hire in days\n\n[Get it](cta:save) [](cta:guide)\n", &page[..trial]);
    let site = site.file(CAMPAIGN, &page);
    is_told(
        &site.build().warning(),
        "closed-lead-tags",
        "content/spring/index.md:10:1",
        &["the call to action `trial` of `spring` is gone, and its 4 lead tags", "write `was: [trial]`"],
    );
}

/// What must be true of an old lead tag once `was` says what became of it.
#[track_caller]
fn leads_on(site: &Site, run: &Run, old: &str, new: &str) {
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
    let source = data["sources"].as_array().unwrap().iter().find(|source| source["tag"] == old).unwrap();
    assert_eq!(source["replaced_by"], new);
    let table = run.sales("lead-sources.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == "replaced_by").unwrap();
    let row = reader.records().map(Result::unwrap).find(|row| &row[0] == old).unwrap();
    assert_eq!(&row[column], new);

    let desk = crate::support::html::Page::read(&run.sales("index.html"));
    let article = desk.with("id", old);
    assert!(article.name == "article" && article.text.contains(&format!("now {new}")), "{}", article.text);
    assert!(desk.all("a").any(|link| link.text == new && link.has("href", &format!("#{new}"))));
    assert_eq!(desk.with("id", new).name, "article");

    let page = run.page(&format!("go/{code}/"));
    let link = page.the("a").get("href");
    assert_eq!(link, format!("/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign={new_id}"));
}

#[test]
fn old_lead_tags_of_a_renamed_campaign_lead_to_the_new_ones_everywhere() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    let run = site.build_on("2027-03-10").clean();
    for cta in ["save", "guide", "trial"] {
        leads_on(&site, &run, &format!("spring_{cta}_acme"), &format!("spring-sale_{cta}_acme"));
    }
}

#[test]
fn old_lead_tags_of_a_renamed_cta_lead_to_the_new_ones_everywhere() {
    let site = renamed_cta(issued(), "    was: [save]\n");
    let run = site.build_on("2027-03-10").clean();
    leads_on(&site, &run, "spring_save_acme", "spring_coupon-20_acme");
}

#[test]
fn a_campaign_and_its_cta_may_be_renamed_at_once() {
    let site = renamed_cta(renamed("campaign: spring-sale\nwas: [spring]\n"), "    was: [save]\n");
    let run = site.build_on("2027-03-10").clean();
    leads_on(&site, &run, "spring_save_acme", "spring-sale_coupon-20_acme");
    leads_on(&site, &run, "spring_guide_acme", "spring-sale_guide_acme");
}

#[test]
fn a_campaign_that_is_renamed_twice_keeps_both_former_ids() {
    let site = renamed("campaign: spring-sale\nwas: [spring]\n");
    site.build_on("2027-03-10").clean();
    let site =
        site.edit(CAMPAIGN, "campaign: spring-sale\nwas: [spring]", "campaign: spring-27\nwas: [spring-sale, spring]");
    let prices = site.read("content/prices.md").replace("cta:spring-sale/", "cta:spring-27/");
    let site = site.file("content/prices.md", &prices);
    let run = site.build_on("2027-03-20").clean();
    leads_on(&site, &run, "spring_save_acme", "spring-27_save_acme");
    leads_on(&site, &run, "spring-sale_save_acme", "spring-27_save_acme");
}

#[test]
fn of_a_campaign_and_a_cta_that_were_both_renamed_half_a_cure_is_told() {
    let site = renamed_cta(renamed("campaign: spring-sale\nwas: [spring]\n"), "");
    is_told(
        &site.build().warning(),
        "closed-lead-tags",
        "content/spring/index.md:13:3",
        &["the call to action `save` of `spring` is gone", "`was: [save]` below `coupon-20`"],
    );
}

#[test]
fn a_draft_and_a_channel_that_a_campaign_left_are_meant() {
    let links = "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).";
    let site = issued().edit("content/prices.md", links, "").edit(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire");
    site.build_on("2027-03-10").clean();
    assert_eq!(life(&site, "spring_save_acme"), ["ACME20 2027-03-01 2027-03-10"]);
    let site = issued().edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]");
    site.build_on("2027-03-10").clean();
    assert_eq!(life(&site, "spring_save_newsletter"), ["SPRING20 2027-03-01 2027-03-10"]);
}

#[test]
fn a_channel_that_left_the_site_is_told_once() {
    let site = issued().edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]").edit(
        "site.yaml",
        "  newsletter: { label: Monthly newsletter, source: news, medium: email }\n",
        "",
    );
    is_told(
        &site.build_on("2027-03-10").warning(),
        "closed-lead-tags",
        "site.yaml",
        &["there is no channel `newsletter` any more, and its 3 lead tags", "bring the id `newsletter` back"],
    );
    site.build_on("2027-03-11").clean();
}

#[test]
fn a_deleted_campaign_is_told_once_and_without_a_guess() {
    let site = issued().remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n");
    let problem = site.build_on("2027-03-10").warning();
    is_told(
        &problem,
        "closed-lead-tags",
        "lead-tags.csv",
        &["the campaign `spring` is gone", "if it is over, this is right"],
    );
    assert!(!problem.text.contains("renamed"), "{}", problem.text);
    site.build_on("2027-03-11").clean();
}

#[test]
fn another_campaign_that_begins_as_one_is_deleted_is_no_guess() {
    let site = issued()
        .remove("content/spring")
        .file("content/prices.md", "---\ntitle: Prices\n---\n")
        .file("content/summer.md", "---\ntitle: Summer\nsummary: s\nctas:\n  call:\n    label: Call\n    booking: { url: \"https://else.example/\" }\n---\n");
    let problem = site.build().warning();
    assert_eq!(problem.place, "lead-tags.csv", "{}", problem.text);
}

#[test]
fn former_ids_that_are_taken_are_errors() {
    let twin = |front: &str| SPRING.replace("title: Hire", front).replace("file: guide.pdf", "file: spring/guide.pdf");
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

/// The campaign, and its coupon, end on another day.
fn ends_on(site: Site, day: &str) -> Site {
    site.edit(CAMPAIGN, "ends: 2027-03-31", &format!("ends: {day}")).edit(
        CAMPAIGN,
        "expires: 2027-03-31",
        &format!("expires: {day}"),
    )
}

#[test]
fn an_end_that_moves_by_more_than_half_a_year_is_another_run_and_told_once() {
    let site = ends_on(issued(), "2027-09-28");
    for command in ["check", "check", "build"] {
        is_told(
            &site.run(&[command]).warning(),
            "reused-campaign-id",
            "content/spring/index.md:5:7",
            &[
                "the end of `spring` moved by 181 days, from 2027-03-31",
                "5 | ends: 2027-09-28",
                "`campaign: spring-2027`",
            ],
        );
    }
    site.build().clean();
    site.check().clean();
}

#[test]
fn an_end_that_moves_by_half_a_year_or_less_is_a_longer_run() {
    for day in ["2027-09-26", "2027-09-27"] {
        ends_on(issued(), day).build().clean();
    }
}

#[test]
fn next_year_s_run_is_suggested_an_id_of_its_year() {
    let site = ends_on(issued(), "2028-03-31");
    is_told(
        &site.build_on("2028-02-01").warning(),
        "reused-campaign-id",
        "content/spring/index.md:5:7",
        &["moved by 366 days", "`campaign: spring-2028`"],
    );
}

#[test]
fn a_campaign_that_was_first_issued_after_its_old_end_is_no_rerun() {
    let site = ends_on(Site::new(), "2020-03-31").edit(CAMPAIGN, "starts: 2027-03-01\n", "").edit(
        CAMPAIGN,
        "      expires: 2020-03-31\n",
        "",
    );
    site.build_on("2027-03-01").ok();
    site.edit(CAMPAIGN, "ends: 2020-03-31", "ends: 2027-03-31").build().clean();
}

#[test]
fn without_the_last_build_s_campaigns_no_rerun_is_told() {
    let site = ends_on(issued(), "2028-03-31");
    std::fs::remove_file(site.path("sales/campaigns.csv")).unwrap();
    site.check().clean();
    for text in [
        "",
        "campaign,ends\nspring,2027-03-31\n",
        "campaign,title,state,starts,ends,owner,landing_page\nspring,a,live,,soon,,\n",
    ] {
        site.write("sales/campaigns.csv", text);
        site.check().clean();
    }
}

#[test]
fn a_campaign_under_a_new_id_is_no_rerun() {
    let site = ends_on(renamed("campaign: spring-2028\nwas: [spring]\n"), "2028-03-31");
    site.build().clean();
}

/// Runs git in a site. Everyone who builds Tagline has it.
#[track_caller]
fn git(site: &Site, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(site.root()).args(["-c", "user.name=Test", "-c", "user.email=test@kazi.example"]).args(args);
    // Neither a hook nor a setting of this machine has a say.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap_or_else(|error| panic!("this test needs git: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "git {args:?}\n{stdout}{stderr}");
    stdout.into_owned()
}

fn adds(site: &Site, id: &str) {
    let page = SPRING.replace("file: guide.pdf", "file: spring/guide.pdf");
    site.write(&format!("content/{id}.md"), page);
    site.tags().clean();
    git(site, &["add", "."]);
    git(site, &["commit", "-qm", id]);
}

#[test]
fn two_branches_that_both_add_campaigns_merge_without_a_conflict() {
    let site = Site::new()
        .file(".gitattributes", include_str!("../../../.gitattributes"))
        .file(".gitignore", "/public/\n/sales/\n");
    site.tags().clean();
    git(&site, &["init", "-q", "-b", "main", "."]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "-qm", "base"]);
    // All of them come before or behind the base's rows, where a merge of lines would conflict.
    git(&site, &["switch", "-qc", "theirs"]);
    for id in ["summer", "august"] {
        adds(&site, id);
    }
    git(&site, &["switch", "-q", "main"]);
    for id in ["winter", "april"] {
        adds(&site, id);
    }
    git(&site, &["merge", "-q", "--no-edit", "theirs"]);
    assert_eq!(git(&site, &["status", "--porcelain"]), "");

    // It is built as it is, also where the register may not be changed.
    let merged = site.read(REGISTER);
    assert_eq!(merged.lines().skip(1).count(), 60);
    site.run(&["build", "--locked"]).clean();
    assert_eq!(site.read(REGISTER), merged);
    site.tags().clean();
    let sorted = site.read(REGISTER);
    assert!(sorted.lines().skip(1).map(|line| line.split(',').next()).is_sorted());
    site.run(&["build", "--locked"]).clean();
    assert_eq!(site.read(REGISTER), sorted);
    assert_eq!(site.register().len(), 60);
}

#[test]
fn lines_out_of_order_are_sorted_by_tags_and_left_by_a_locked_build() {
    let site = issued();
    let right = site.read(REGISTER);
    let mut lines: Vec<&str> = right.lines().collect();
    lines[1..].reverse();
    let mixed = lines.join("\n") + "\n";
    site.write(REGISTER, &mixed);
    for command in ["build", "tags", "check"] {
        site.run(&[command, "--locked"]).clean();
        assert_eq!(site.read(REGISTER), mixed, "{command}");
    }
    site.tags().clean();
    assert_eq!(site.read(REGISTER), right);
}

#[test]
fn a_row_that_both_sides_of_a_merge_added_counts_once() {
    let site = issued();
    let right = site.read(REGISTER);
    let line = right.lines().nth(1).unwrap();
    site.write(REGISTER, right.replacen(line, &format!("{line}\n{line}"), 1));
    site.run(&["tags", "--locked"]).clean();
    site.tags().clean();
    assert_eq!(site.read(REGISTER), right);
}

#[test]
fn line_ends_of_another_system_are_no_change_of_the_register() {
    let site = issued();
    let crlf = site.read(REGISTER).replace('\n', "\r\n");
    site.write(REGISTER, &crlf);
    for command in ["build", "tags", "check"] {
        site.run(&[command, "--locked"]).clean();
        assert_eq!(site.read(REGISTER), crlf, "{command}");
    }
}

#[test]
fn a_register_that_was_damaged_is_an_error_at_its_place_for_every_command() {
    let right = issued().read(REGISTER);
    let with = |old: &str, new: &str| right.replacen(old, new, 1);
    let line = right.lines().nth(1).unwrap();
    for (damaged, place) in [
        (with("tag,campaign", "lead,campaign"), "lead-tags.csv:1:1"),
        (with("spring_guide_acme,spring,guide", "spring_guide_acme,spring,save"), "lead-tags.csv:2:26"),
        (with(",download,acme", ",upload,acme"), "lead-tags.csv:2:32"),
        (with("2027-03-01,", "01.03.2027,"), "lead-tags.csv:2:"),
        (with("2027-03-01,\n", "2027-03-01,2027-02-01\n"), "lead-tags.csv:2:"),
        (with(&line[line.len() - 22..line.len() - 12], "0000000001"), "lead-tags.csv:2:"),
        (with(line, &format!("{line}\n{}", line.replace("guide.pdf", "other.pdf"))), "lead-tags.csv:3:"),
        (with(line, &format!("<<<<<<< HEAD\n{line}")), "lead-tags.csv:2:1"),
        (with(line, &format!("\"{line}")), "lead-tags.csv:2:1"),
        (String::new(), "lead-tags.csv"),
    ] {
        let site = Site::new().file(REGISTER, &damaged);
        for command in [&["build"][..], &["tags"], &["check"], &["links"], &["explain", "spring_save_acme"]] {
            let run = site.run(command).failed(1);
            assert_eq!(run.stdout, "", "{command:?}");
            let problems = run.problems();
            assert!(
                problems.iter().all(|problem| problem.is_error && problem.rule == "bad-register"),
                "{}",
                run.stderr
            );
            assert!(problems[0].place.starts_with(place), "{command:?} with {damaged}: {}", run.stderr);
            assert_eq!(site.read(REGISTER), damaged, "{command:?}");
            assert_eq!(site.output().len(), 1, "{command:?}");
        }
    }
}

#[test]
fn the_example_s_register_is_merged_line_by_line() {
    let attributes = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".gitattributes")).unwrap();
    assert!(attributes.lines().any(|line| line == "lead-tags.csv merge=union"), "{attributes}");
}
