//! YAML errors that `site.yaml` and front matter share: unknown, missing, empty and duplicate keys, and wrong types.

use std::fmt::Write;

use crate::support::{CAMPAIGN, PAGE, SITE, Site, assert_each_rejected, invalid, place_of_mark, try_reject};

#[test]
#[rustfmt::skip]
fn unknown_key_is_an_error_with_a_suggestion() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(SITE, "title: Kazi", "«name: Kazi", "unknown-key", "did you mean `title`?"),
            invalid(SITE, "base_url:", "«domain:", "unknown-key", "did you mean `base_url`?"),
            invalid(SITE, "timezone:", "«time_zone:", "unknown-key", "did you mean `timezone`?"),
            invalid(SITE, "medium: email", "medium: email, «colour: red", "unknown-key", "the keys are `label`, `source`, `medium`, `sources`, "),
            invalid(SITE, "  owner:", "  «owners:", "unknown-key", "did you mean `owner`?"),
            invalid(CAMPAIGN, "after_end:", "«after_ends:", "unknown-key", "did you mean `after_end`?"),
            invalid(CAMPAIGN, "expires:", "«expiry:", "unknown-key", "did you mean `expires`?"),
            invalid(CAMPAIGN, "label: Book", "«price: 12\n    label: Book", "unknown-key", "the keys are `label`"),
            invalid(PAGE, "title: Prices", "title: Prices\nchannels: [«newsletter]", "unknown-key", "add `ctas`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn missing_required_key_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "title: Prices\nsummary", "«summary", "missing-key", "add a line `title: …`"),
            invalid(SITE, "title: Kazi\nbase", "«base", "missing-key", "add a line `title: …`"),
            invalid(SITE, "title: Kazi\nbase_url: https://kazi.example/", "«title: Kazi", "missing-key", "add a line `base_url: …`"),
            invalid(CAMPAIGN, "title: Hire in days\nsummary: Spring pricing.", "«title: Hire in days", "missing-key", "add a line `summary: …`"),
            invalid(CAMPAIGN, "    label: Book a trial\n    booking", "    «booking", "missing-key", "add a line `label: …`"),
            invalid(CAMPAIGN, "{ title: Acme customers save 20 % }", "«Acme", "wrong-type", "`key: value` lines"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn key_without_a_value_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "title: Prices", "«title:", "empty-value", "write a value after `title:`"),
            invalid(PAGE, "title: Prices", "«title: ~", "empty-value", "write a value after `title:`"),
            invalid(SITE, "timezone: Africa/Nairobi", "«timezone:", "empty-value", "write a value after `timezone:`"),
            invalid(CAMPAIGN, "label: Book a trial", "label: Book a trial\n    «note: # 1 offer", "empty-value", "put quotes around the text"),
            invalid(CAMPAIGN, "ctas:\n", "«extra:\nctas:\n", "empty-value", "write a value after `extra:`"),
            invalid(CAMPAIGN, "label: Book a trial", "label: «\"\"", "empty-value", "write a text"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn duplicate_key_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "summary: Spring pricing.", "summary: Spring pricing.\n«summary: Again.", "duplicate-key", "keep one of the two"),
            invalid(CAMPAIGN, "  trial:", "  «save:", "duplicate-key", "duplicate key `save`"),
            invalid(CAMPAIGN, "codes: { acme: ACME20", "codes: { acme: ACME20, «acme: X", "duplicate-key", "keep one of the two"),
            invalid(SITE, "  acme:", "  «newsletter:", "duplicate-key", "keep one of the two"),
            invalid(SITE, "title: Kazi", "title: Kazi\n«title: Two", "duplicate-key", "keep one of the two"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «acme]", "duplicate-key", "listed twice"),
        ],
    );
}

#[test]
fn unquoted_special_characters_are_an_error_that_suggests_quotes() {
    for (file, old) in [(SITE, "title: Kazi"), (PAGE, "title: Prices"), (CAMPAIGN, "label: Book a trial")] {
        let key = old.split_once(' ').unwrap().0;
        let rows = [
            "Acme: save 20 %",
            "@kazi is hiring",
            "*bold* claim",
            "&more offers",
            "!important",
            "%off",
            "`code` first",
            "[New] Save 20 %",
            "{New} Save 20 %",
            "\"Best\" offer",
            "Save now #1 offer",
            "We are # 1",
        ]
        .map(|value| format!("{key} «{value}"));
        let edits: Vec<_> = rows
            .iter()
            .map(|new| {
                let anchor = new.contains('&') || new.contains('!') || new.contains("*bold");
                let rule = if anchor { "yaml-alias" } else { "yaml-syntax" };
                invalid(file, old, new, rule, "put quotes around this text")
            })
            .collect();
        // Either of the two rules may report `*` and `&`.
        let site = Site::new();
        site.build().clean();
        let mut failures = String::new();
        for mut invalid in edits {
            let Err(failure) = try_reject(&site, &invalid) else { continue };
            invalid.rule = "yaml-syntax";
            if try_reject(&site, &invalid).is_err() {
                let _ = write!(failures, "\n=== {file}: {}\n{failure}", invalid.new);
            }
        }
        assert!(failures.is_empty(), "{failures}");
    }
}

#[test]
#[rustfmt::skip]
fn line_that_yaml_reads_otherwise_is_one_error_with_the_right_line() {
    const RULE: &str = "yaml-syntax";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "title: Hire", "«title:Hire", RULE, "write `title: Hire in days`"),
            invalid(CAMPAIGN, "summary: Spring", "«summary:Spring", RULE, "write `summary: Spring pricing.`"),
            invalid(SITE, "title: Kazi", "«title:Kazi", RULE, "write `title: Kazi`"),
            invalid(CAMPAIGN, "    label: Book", "    «label:Book", RULE, "write `label: Book a trial`"),
            invalid(CAMPAIGN, "title: Hire", "«title：Hire", RULE, "a colon of another keyboard"),
            invalid(CAMPAIGN, "    label: Book", "    «label： Book", RULE, "write `label: Book a trial`"),
            invalid(CAMPAIGN, "{ acme: ACME20 }", "{ «acme:ACME20 }", RULE, "write `acme: ACME20`"),
            invalid(SITE, "{ name: Kazi Ltd,", "{ «name:Kazi Ltd,", RULE, "write `name: Kazi Ltd`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«[newsletter, acme", RULE, "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«[newsletter,", RULE, "write `]` after the last item"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme «# both ]", RULE, "close the bracket before the `#`"),
            invalid(PAGE, "title: Prices", "title: «'Don't wait'", RULE, "write `\"Don't wait\"`"),
            invalid(PAGE, "title: Prices", "title: «\"The \"best\" offer\"", RULE, "write `'The \"best\" offer'`"),
            invalid(PAGE, "title: Prices", "title: «\"Prices", RULE, "write `\"Prices\"`, or `'\"Prices'` if"),
            invalid(PAGE, "title: Prices", "title: «'Tis time", RULE, "`\"'Tis time\"` if the quote belongs"),
            invalid(SITE, "timezone:", "theme_options: { accent: «rgb(10, 20, 30) }\ntimezone:", RULE, "write `\"rgb(10, 20, 30)\"`"),
            invalid(SITE, "{ name: Kazi Ltd,", "{ name: «Kazi, Ltd,", RULE, "write `\"Kazi, Ltd\"`"),
            invalid(CAMPAIGN, "ctas:\n  save:\n", "ctas:\n«save:\n", RULE, "not indented below `ctas:`"),
            invalid(SITE, "organization: { name: Kazi Ltd, email: hello@kazi.example }", "organization:\n«name: Kazi\nemail: a@kazi.example", RULE, "`name` is not indented below `organization`"),
            invalid(CAMPAIGN, "  save:\n", "  «- save:\n", RULE, "without `- `"),
            invalid(CAMPAIGN, "[newsletter, acme]", "\n  - newsletter\n   «-acme", RULE, "write a space after the `-`"),
            invalid(CAMPAIGN, "title: Hire in days", "«title = Hire in days", RULE, "write `title: Hire in days`"),
            invalid(CAMPAIGN, "title: Hire", "«// the title\ntitle: Hire", RULE, "begin a comment with `# `"),
            invalid(CAMPAIGN, "title: Hire", "«<!-- the title -->\ntitle: Hire", RULE, "begin a comment with `# `"),
            invalid(CAMPAIGN, "title: Hire", "«- title: Hire", RULE, "without `- `"),
            invalid(CAMPAIGN, "title: Hire in days", "title: «{{ page.title }}", RULE, "write the text itself"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«[newsletter, acme],", RULE, "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«[newsletter,, acme]", RULE, "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "\n  «* newsletter\n  * acme", RULE, "write `- newsletter`"),
            invalid(SITE, "{ name: Kazi Ltd, email", "«{ name: \"Kazi Ltd\" email", RULE, "write `{ name: \"Kazi Ltd\", email"),
            invalid(SITE, "organization: { name: Kazi Ltd, email: hello@kazi.example }", "organization: «name: Kazi Ltd, email: hello@kazi.example", RULE, "write `{ name: Kazi Ltd, email: hello@kazi.example }`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «[book](https://cal.example.com/kazi)", RULE, "write `https://cal.example.com/kazi`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «mailto: a@kazi.example", RULE, "write `mailto:a@kazi.example`"),
            invalid(CAMPAIGN, "    download:\n", "    thanks:\n      title: Done\n        «Thank you so much.\n\n        Two things: the code, and us.\n\n        Read: the guide.\n    download:\n", RULE, "with `|` in the line above"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-03-31 #last", RULE, "if it is a comment, write `2027-03-31 # last`"),
        ],
    );
    for comment in ["code: SPRING20 # printed", "code: \"SPRING20\" #printed"] {
        Site::edited(CAMPAIGN, "code: SPRING20", comment).build().ok();
    }
    Site::edited(SITE, "timezone: Africa/Nairobi", "timezone: Africa/Nairobi # our office").build().clean();
}

#[test]
#[rustfmt::skip]
fn value_of_the_wrong_type_is_an_error_that_names_the_type() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "title: Prices", "title: «[New]", "wrong-type", "put quotes around the text"),
            invalid(PAGE, "title: Prices", "title: «{New: 1}", "wrong-type", "put quotes around the text"),
            invalid(PAGE, "title: Prices", "title: Prices\ndraft: «yes", "wrong-type", "write `true`"),
            invalid(PAGE, "title: Prices", "title: Prices\ndraft: «No", "wrong-type", "write `false`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«newsletter, acme", "wrong-type", "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "\n  «-newsletter\n  -acme", "wrong-type", "a space after each `-`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "\n  «newsletter:\n  acme:", "wrong-type", "on its own line after `- `"),
            invalid(CAMPAIGN, "[newsletter, acme]", "\n  «newsletter\n  acme", "wrong-type", "begin each line with `- `"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«(newsletter, acme)", "wrong-type", "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«{newsletter, acme}", "wrong-type", "between `[` and `]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "«\"newsletter, acme\"", "wrong-type", "write `[newsletter, acme]`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[«newsletter; acme]", "bad-id", "write each id by itself"),
            invalid(PAGE, "title: Prices", "title: Prices\nlayout: «article.html", "bad-id", "write `article`"),
            invalid(PAGE, "title: Prices", "title: Prices\ndraft: «nein", "wrong-type", "write `false`"),
            invalid(CAMPAIGN, "  trial:", "«trial:", "unknown-key", "if it belongs to `ctas`, indent it"),
            invalid(PAGE, "title: Prices", "title: Prices\nctas: «[]", "wrong-type", "leave the key out"),
            invalid(PAGE, "title: Prices", "title:\n  «- Prices", "wrong-type", "without `- `"),
            invalid(CAMPAIGN, "code: SPRING20", "code: «SPRING 20", "wrong-type", "without spaces"),
            invalid(CAMPAIGN, "code: SPRING20", "code: «“SPRING20”", "wrong-type", "write `SPRING20`"),
            invalid(CAMPAIGN, "code: SPRING20", "code: «'\"SPRING20\"'", "wrong-type", "write `SPRING20`"),
            invalid(CAMPAIGN, "code: SPRING20", "code: «„“", "wrong-type", "as people type it"),
            invalid(CAMPAIGN, "codes: { acme: ACME20 }", "codes: { acme: «‘ACME20’ }", "wrong-type", "write `ACME20`"),
            invalid(SITE, "timezone: Africa/Nairobi", "timezone: «Africa/Nairoby", "bad-timezone", "did you mean `Africa/Nairobi`?"),
            invalid(SITE, "timezone:", "language: «english!\ntimezone:", "bad-language", "`pt-BR`"),
            invalid(SITE, "base_url: https://kazi.example/", "base_url: «http://kazi.example/", "bad-url", "write `https://`"),
            invalid(SITE, "base_url: https://kazi.example/", "base_url: «kazi.example", "bad-url", "write `https://kazi.example/`"),
            invalid(SITE, "owner: sales@kazi.example", "owner: «sales at kazi", "bad-email", "write it as in"),
            invalid(SITE, "  owner:", "  respond_within: «soon\n  owner:", "bad-duration", "write it as in `45m`"),
            invalid(SITE, "timezone:", "theme: «lunch\ntimezone:", "unknown-theme", "did you mean `launch`?"),
            invalid(PAGE, "title: Prices", "title: Prices\nlayout: «artikle", "missing-template", "did you mean `article`?"),
        ],
    );
}

#[test]
fn malformed_line_is_reported_at_the_line_itself() {
    for (file, old, new) in [
        (CAMPAIGN, "    label: Book a trial", "   «label: Book a trial"),
        (CAMPAIGN, "label: Book a trial\n", "label: Book a trial\n      «x: y\n"),
        (CAMPAIGN, "file: guide.pdf", "«file guide.pdf"),
        (SITE, "  owner:", " «owner:"),
        (SITE, "base_url: https", "«base_url:https"),
    ] {
        let site = Site::new();
        let marked = site.read(file).replacen(old, new, 1);
        let run = site.file(file, &marked.replace('«', "")).build().failed(1);
        let problems = run.problems();
        let line = |place: &str| place.rsplit(':').nth(1).and_then(|line| line.parse::<usize>().ok());
        let reported = problems.iter().map(|problem| line(&problem.place)).next().flatten();
        let (meant, reported) = (line(&place_of_mark(file, &marked)).unwrap(), reported.unwrap());
        assert!((meant - 1..=meant + 1).contains(&reported), "line {meant} is reported at {reported}: {}", run.stderr);
        assert!(!run.stderr.contains(":\"`"), "a key is to be quoted: {}", run.stderr);
    }
}

#[test]
fn several_errors_are_reported_in_one_run() {
    let site = Site::new()
        .edit(SITE, "timezone: Africa/Nairobi", "timezone: Africa/Nairoby")
        .edit(CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027")
        .edit(CAMPAIGN, "label: Book a trial", "label: Book: a trial")
        .edit(PAGE, "## Teams", "::: heroo");
    let run = site.build().failed(1);
    let rules: Vec<_> = run.problems().into_iter().map(|problem| problem.rule).collect();
    for rule in ["bad-timezone", "bad-date", "yaml-syntax"] {
        assert!(rules.iter().any(|reported| reported == rule), "{rule} in {rules:?}");
    }
}
