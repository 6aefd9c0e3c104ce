//! The three formats of problems, denied warnings, rule levels, and `--why`.

use crate::support::{CAMPAIGN, PAGE, SITE, Site, TODAY};
use serde_json::{Value, json};

fn with_html() -> Site {
    Site::new().edit(PAGE, "# Prices", "# <b>Prices</b>")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn json_format_prints_problems_to_stderr_and_the_result_to_stdout() {
    let site = with_html();
    let run = site.run(&["build", "--format", "json"]).ok();
    let problems = lines(&run.stderr);
    assert_eq!(problems.len(), 2, "{}", run.stderr);
    for (field, expected) in [
        ("version", json!(1)),
        ("type", json!("problem")),
        ("rule", json!("raw-html")),
        ("severity", json!("warning")),
        ("denied_by", json!(null)),
    ] {
        assert_eq!(problems[0][field], expected, "{}", run.stderr);
    }
    let place = &problems[0]["places"][0];
    for (field, expected) in [("file", json!(PAGE)), ("line", json!(6)), ("column", json!(3)), ("end_line", json!(6))] {
        assert_eq!(place[field], expected, "{place}");
    }
    let result = lines(&run.stdout);
    assert_eq!(result.len(), 1);
    for (field, expected) in [
        ("version", json!(1)),
        ("type", json!("result")),
        ("command", json!("build")),
        ("ok", json!(true)),
        ("errors", json!(0)),
        ("warnings", json!(2)),
        ("pages", json!(2)),
        ("next_change", json!("2027-04-01")),
    ] {
        assert_eq!(result[0][field], expected, "{}", run.stdout);
    }
}

#[test]
fn json_format_reports_failed_builds_and_environment_failures() {
    let site = Site::new().edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    let run = site.run(&["build", "--format", "json"]).failed(1);
    assert_eq!(lines(&run.stderr)[0]["help"], json!(["did you mean `newsletter`?"]));
    let result = &lines(&run.stdout)[0];
    assert_eq!((&result["ok"], &result["errors"], &result["pages"]), (&json!(false), &json!(1), &json!(null)));
    let run = site.run(&["build", "--format", "json", "--output", "content"]).failed(2);
    assert_eq!(lines(&run.stderr)[0]["type"], "failure");
    assert_eq!(run.stdout, "");
}

#[test]
fn github_format_prints_annotations_relative_to_the_working_folder() {
    let site = Site::new().edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tagline"));
    command.current_dir(site.root().parent().unwrap());
    command.args(["check", "--format", "github", "--root", "./site", "--date", TODAY]);
    let run = site.finish(&mut command).failed(1);
    let expected = "::error file=site/content/spring/index.md,line=7,endLine=7,col=12,endColumn=21,title=unknown-channel\
                    ::unknown channel `newsleter`%0Anot in site.yaml%0Ahelp: did you mean `newsletter`?\n\
                    1 error; nothing was written\n";
    assert_eq!(run.stderr, expected);
}

#[test]
fn denied_warnings_stop_every_command_before_it_writes() {
    let site = with_html();
    for command in ["build", "check", "tags", "links"] {
        let run = site.run(&[command, "--deny", "warnings"]).failed(1);
        assert!(run.problems().iter().all(|problem| problem.is_error), "{}", run.stderr);
        assert!(run.stderr.contains("`--deny warnings` makes this warning an error"), "{}", run.stderr);
        assert!(run.stderr.ends_with("2 errors; nothing was written\n"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    assert!(site.output().is_empty());
    site.run(&["explain", "spring_save_acme"]).ok();
    Site::new().run(&["build", "--deny", "warnings"]).clean();
}

#[test]
fn denied_warning_in_site_yaml_stops_every_command() {
    let insecure = "navigation:\n  - { label: Shop, url: \"http://shop.example.com/\" }\n";
    let site =
        Site::new().edit(SITE, "navigation:\n", insecure).edit(SITE, "title:", "rules: { insecure-url: deny }\ntitle:");
    for command in ["build", "tags", "check", "explain"] {
        let args: &[&str] = if command == "explain" { &[command, "spring_save_acme"] } else { &[command] };
        let run = site.run(args).failed(1);
        assert_eq!(run.problems()[0].rule, "insecure-url", "{}", run.stderr);
    }
    assert!(site.output().is_empty());
}

#[test]
fn levels_apply_even_if_site_yaml_has_errors() {
    let site = with_html().edit(SITE, "title:", "rules: { raw-html: allow }\ntitel: Two\ntitle:");
    let run = site.check().failed(1);
    assert_eq!(run.problems().len(), 1, "{}", run.stderr);
}

#[test]
fn unknown_rule_or_level_is_an_error_with_a_suggestion() {
    for (rules, place, words) in [
        ("raw-htlm: allow", "site.yaml:1:10", "did you mean `raw-html`?"),
        ("twin-pages: allow", "site.yaml:1:10", "`twin-pages` is now `duplicate-title`"),
        ("raw-html: ignore", "site.yaml:1:20", "write `allow`"),
        ("raw-html: dney", "site.yaml:1:20", "did you mean `deny`?"),
        ("bad-date: warn", "site.yaml:1:20", "the rule `bad-date` cannot be changed"),
    ] {
        let run = Site::new().edit(SITE, "title:", &format!("rules: {{ {rules} }}\ntitle:")).check().failed(1);
        let problems = run.problems();
        assert_eq!((problems.len(), &*problems[0].place), (1, place), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn why_explains_a_rule_without_a_site() {
    let run = Site::new().remove(SITE).run(&["check", "--why", "unknown-channel"]).ok();
    for words in [
        "a lead from a channel that site.yaml does not list has no source",
        "\nFails, in front matter:\n",
        "\nPasses:\n",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let run = Site::new().run(&["check", "--why", "unknown-chanel"]).failed(2);
    assert!(run.stderr.contains("did you mean `unknown-channel`"), "{}", run.stderr);
    let run = Site::new().run(&["check", "--why", "twin-pages"]).failed(2);
    assert!(run.stderr.contains("`twin-pages` is now `duplicate-title`"), "{}", run.stderr);
}
