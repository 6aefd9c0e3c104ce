//! The rules of `check` about codes and ids that spreadsheets change, and letters that look like others.

use crate::support::{CAMPAIGN, PAGE, SITE, Site};

#[test]
fn code_that_a_spreadsheet_changes_is_a_warning_at_the_code() {
    for (code, read_as) in [
        ("\"0020\"", "a number"),
        ("1E5", "a number"),
        ("DEC24", "a day"),
        ("TRUE", "a boolean"),
        ("OKT31", "a day"),
        ("MAI4", "a day"),
        ("WAHR", "a boolean"),
    ] {
        let site = Site::edited(CAMPAIGN, "code: SPRING20", &format!("code: {code}"));
        let message = format!("spreadsheets read the code `{}` as {read_as}", code.trim_matches('"'));
        site.check().warning().assert("read-as-another-value", "content/spring/index.md:14:13", &[&message]);
        site.build().clean();
    }
    for code in ["2027", "SET20", "OUT5", "GEN2", "MAYO500", "OKTOBERFEST", "INFO"] {
        Site::edited(CAMPAIGN, "code: SPRING20", &format!("code: {code}")).check().clean();
    }
    let in_portuguese =
        Site::edited(CAMPAIGN, "code: SPRING20", "code: SET20").edit(SITE, "title:", "language: pt\ntitle:");
    in_portuguese.check().warning().assert(
        "read-as-another-value",
        "content/spring/index.md:14:13",
        &["`SET20` as a day"],
    );
}

#[test]
fn ids_that_a_spreadsheet_changes_are_warnings_at_the_ids() {
    let channel = Site::edited(SITE, "  acme: {", "  mar-27: {")
        .edit(CAMPAIGN, "[newsletter, acme]", "[newsletter, mar-27]")
        .edit(CAMPAIGN, "  acme: {", "  mar-27: {")
        .edit(CAMPAIGN, "{ acme: ACME20 }", "{ mar-27: ACME20 }");
    channel.check().warning().assert("read-as-another-value", "site.yaml:9:3", &["the channel `mar-27` as a day"]);
    let cta = Site::edited(CAMPAIGN, "  trial:", "  3-1:").edit(CAMPAIGN, "(cta:trial)", "(cta:3-1)");
    let words = ["the call to action `3-1` as a day"];
    cta.check().warning().assert("read-as-another-value", "content/spring/index.md:23:3", &words);
    let campaign = Site::edited(CAMPAIGN, "summary:", "campaign: 2027-03\nsummary:")
        .edit(PAGE, "cta:spring/save", "cta:2027-03/save")
        .edit(PAGE, "cta:spring/guide", "cta:2027-03/guide");
    for (id, read_as) in
        [("inf", "an infinite number"), ("nan", "a missing value"), ("1e5", "a number with an exponent")]
    {
        let site =
            Site::edited(CAMPAIGN, "  save:", &format!("  {id}:")).edit(CAMPAIGN, "cta:save", &format!("cta:{id}"));
        let site = site.edit(PAGE, "cta:spring/save", &format!("cta:spring/{id}"));
        let message = format!("the call to action `{id}` as {read_as}");
        site.check().warning().assert("read-as-another-value", "content/spring/index.md:11:3", &[&message]);
    }
    let words = ["the campaign `2027-03` as a day"];
    campaign.check().warning().assert("read-as-another-value", "content/spring/index.md:3:11", &words);
}

#[test]
fn short_code_that_reads_as_a_number_is_a_warning() {
    let site = Site::edited(CAMPAIGN, "summary:", "campaign: offer-120611\nsummary:")
        .edit(PAGE, "cta:spring/save", "cta:offer-120611/save")
        .edit(PAGE, "cta:spring/guide", "cta:offer-120611/guide");
    let words = ["the short code `23e1717444` of `offer-120611` on `acme` as a number", "give the campaign another id"];
    site.check().warning().assert("read-as-another-value", "content/spring/index.md", &words);
}

#[test]
fn letters_of_two_scripts_in_a_code_or_a_source_are_a_warning_at_the_letter() {
    let code = Site::edited(CAMPAIGN, "code: SPRING20", "code: SPRING\u{41e}20");
    let words = ["`\u{41e}` is a Cyrillic letter", "write `SPRINGO20`"];
    code.check().warning().assert("lookalike-characters", "content/spring/index.md:14:19", &words);
    let dash = Site::edited(CAMPAIGN, "code: SPRING20", "code: SPRING\u{2013}20");
    let words = ["`\u{2013}` is not on keyboards", "write `SPRING-20`"];
    dash.check().warning().assert("lookalike-characters", "content/spring/index.md:14:19", &words);
    let source = Site::edited(SITE, "source: news", "source: n\u{435}ws");
    source.check().warning().assert("lookalike-characters", "site.yaml:8:53", &["write `news`"]);
    let host = Site::edited(SITE, "forms.kazi.example", "f\u{43e}rms.kazi.example");
    host.check().warning().assert("lookalike-characters", "site.yaml:11:29", &["write `forms.kazi.example`"]);
    let email = Site::edited(SITE, "sales@kazi.example", "s\u{430}les@kazi.example");
    email.check().warning().assert("lookalike-characters", "site.yaml:14:11", &["write `sales@kazi.example`"]);
}

#[test]
fn code_of_another_script_is_a_warning_only_where_people_type_latin_letters() {
    let disguised = Site::edited(CAMPAIGN, "code: SPRING20", "code: СОРТ20");
    let words = ["the letters of `СОРТ20` are Cyrillic", "write `COPT20` in Latin letters"];
    disguised.check().warning().assert("lookalike-characters", "content/spring/index.md:14:13", &words);
    let russian = disguised.edit(SITE, "timezone:", "language: ru\ntimezone:");
    assert!(!russian.check().stderr.contains("lookalike-characters"));
    for code in ["ЗИМА20", "ЗИМА-SALE", "FRÜHLING", "春20"] {
        Site::edited(CAMPAIGN, "code: SPRING20", &format!("code: {code}")).check().clean();
    }
}
