//! `tagline explain`: every kind of question, the offer on a given day, and suggestions for unknown input.

use crate::support::{CAMPAIGN, Run, Site, TODAY, bytes_below};
use serde_json::Value;
use tagline::model::code::{LENGTH, NotACode, ShortCode};

const ALPHABET: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The small site with an article that counts as a channel, an alias, a desk and notes, built on 1 March.
fn explain_site() -> Site {
    let site = Site::new()
        .edit("site.yaml", "channels:\n", "channels:\n  blog: { label: Our articles, source: kazi-blog, medium: owned }\n")
        .edit("site.yaml", "  owner:", "  desk_url: https://desk.kazi.example/\n  respond_within: 1h\n  owner:")
        .edit("content/prices.md", "title: Prices", "title: Prices\ncounts_as: blog")
        .edit(CAMPAIGN, "title: Hire", "aliases: [/offers/old-spring/]\ntitle: Hire")
        .file(
            "content/spring/sales.md",
            "# Notes\n\n## First message\n\n> Hi {first name}, use {code} today.\n\n## Materials\n\n- [The sheet](sheet.csv), for a proposal\n",
        )
        .file("content/spring/sheet.csv", "a,b\n1,2\n");
    site.build_on("2027-03-01").clean();
    site
}

fn explain(site: &Site, question: &str) -> Run {
    site.run(&["explain", question])
}

#[track_caller]
fn json(site: &Site, question: &str) -> Value {
    let run = site.run(&["explain", question, "--format", "json"]).clean();
    serde_json::from_str(&run.stdout).unwrap()
}

/// The lead tag that the answer names, or its campaign and channel, such as `spring on acme`.
#[track_caller]
fn explained_tag(site: &Site, question: &str) -> String {
    let answer = json(site, question);
    assert_eq!(answer["version"], 1);
    match answer["tag"].as_str() {
        Some(tag) => tag.to_owned(),
        None => format!(
            "{} on {}",
            answer["campaign"].as_str().unwrap_or("none"),
            answer["channel"].as_str().unwrap_or("all")
        ),
    }
}

#[track_caller]
fn error_for(site: &Site, question: &str) -> String {
    let run = explain(site, question).failed(1);
    assert_eq!(run.stdout, "", "{question}");
    assert!(run.stderr.starts_with("error: ") && run.stderr.contains("\n = help: "), "{question}: {}", run.stderr);
    run.stderr
}

#[test]
fn explain_accepts_every_form_of_a_question() {
    let site = explain_site();
    let code = site.code("spring", "acme");
    let upper = code.to_uppercase();
    let grouped = format!("{}-{}-{}", &code[..4], &code[4..7], &code[7..]);
    let spaced = format!("{} {}", &upper[..5], &upper[5..]);
    let alike = code.replace('0', "o").replace('1', "l");
    let on_acme = "spring on acme";
    for (question, answer) in [
        // A lead tag.
        ("spring_save_acme", "spring_save_acme"),
        ("Spring_Save_ACME", "spring_save_acme"),
        ("  spring_save_acme\n", "spring_save_acme"),
        ("\"spring_save_acme\"", "spring_save_acme"),
        ("#spring_save_acme", "spring_save_acme"),
        ("spring_guide_other", "spring_guide_other"),
        // Not issued by any page, but its parts exist.
        ("spring_trial_blog", "spring_trial_blog"),
        // A code.
        (&code, on_acme),
        (&upper, on_acme),
        (&grouped, on_acme),
        (&spaced, on_acme),
        (&alike, on_acme),
        (&format!("https://kazi.example/go/{code}/"), on_acme),
        (&format!("kazi.example/go/{code}"), on_acme),
        (&format!("KAZI.EXAMPLE/GO/{upper}/"), on_acme),
        (&format!("https://kazi.example/go/{code}/?fbclid=x"), on_acme),
        // A campaign.
        ("spring", "spring on all"),
        // An offer.
        ("acme20", "spring on all"),
        ("guide.pdf", "spring on all"),
        // A link with a lead tag, on any host.
        ("https://shop.example.com/buy?coupon=ACME20&utm_source=acme&utm_content=spring_save_acme", "spring_save_acme"),
        ("https://cal.example.com/kazi?utm_content=Spring_Trial_Newsletter", "spring_trial_newsletter"),
        ("https://kazi.example/prices/?via=spring_guide_acme", "spring_guide_acme"),
        ("https://desk.kazi.example/#spring_save_acme", "spring_save_acme"),
        ("https://desk.kazi.example/cards/3.html#spring_save_acme", "spring_save_acme"),
        ("file:///home/ada/sales/index.html#spring_save_acme", "spring_save_acme"),
        ("C:\\My files\\sales\\index.html#spring_save_acme", "spring_save_acme"),
        // A page.
        ("https://kazi.example/spring/", "spring on direct"),
        ("https://kazi.example/spring", "spring on direct"),
        ("https://kazi.example/spring/index.html", "spring on direct"),
        ("http://kazi.example/spring/", "spring on direct"),
        ("kazi.example/spring/", "spring on direct"),
        ("<https://kazi.example/spring/>", "spring on direct"),
        ("/spring/", "spring on direct"),
        ("/Spring/", "spring on direct"),
        ("https://kazi.example/spring/#cta-guide", "spring on direct"),
        ("https://kazi.example/offers/old-spring/", "spring on direct"),
        ("https://kazi.example/spring/thanks/guide/", "spring on direct"),
        // With parameters for the source of the visitor.
        ("https://kazi.example/spring/?via=newsletter", "spring on newsletter"),
        ("https://kazi.example/spring/?utm_source=News&utm_medium=EMAIL", "spring on newsletter"),
        ("https://kazi.example/spring/?utm_source=nobody&utm_medium=email", "spring on other"),
        ("https://kazi.example/spring/?via=nobody", "spring on other"),
        ("https://kazi.example/spring/?utm_content=march-8", "spring on direct"),
        ("https://kazi.example/offers/old-spring/?via=acme", "spring on acme"),
        ("https://kazi.example/spring/via/acme/", on_acme),
        ("https://kazi.example/spring/via/acme", on_acme),
        ("https://kazi.example/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign=spring", on_acme),
        ("https://kazi.example/spring/via/acme/?via=newsletter", on_acme),
        // A page that is not a campaign, with its calls to action.
        ("https://kazi.example/prices/", "none on blog"),
        ("https://kazi.example/prices/?via=acme", "none on acme"),
        // Another site with hand-written tags.
        ("https://news.example.org/x?utm_source=acme&utm_medium=referral&utm_campaign=Spring", on_acme),
    ] {
        assert_eq!(explained_tag(&site, question), answer, "{question}");
    }
}

#[test]
fn explain_finds_a_code_anywhere_in_a_message() {
    let site = explain_site();
    let code = site.code("spring", "acme");
    let (start, end) = code.split_at(5);
    for message in [
        format!("My code is {code} thanks"),
        format!("My code is {code}. Thank you!"),
        format!("Hello,\n\nmy code is {}\nRegards, Ann, +254 700 123456", code.to_uppercase()),
        format!("it {code}"),
        format!("{code} \u{1f642}"),
        format!("code:{code}!"),
        format!("The code {start} {end} please"),
        format!("the code {start}-{end}, please"),
        format!("{start}\u{200b}{end}"),
        format!("I saw (https://kazi.example/go/{code}/) today"),
    ] {
        let answer = json(&site, &message);
        assert_eq!([&answer["campaign"], &answer["channel"]], ["spring", "acme"], "{message}");
    }
    let tag = "spring_save_acme";
    assert_eq!(explained_tag(&site, &format!("see {tag}, not {code}")), tag);
    let wrong = format!("{}{}", &code[..9], if code.ends_with('3') { '4' } else { '3' });
    let message = error_for(&site, &format!("My code is {wrong}, thanks"));
    assert!(message.contains(&format!("did you mean `{code}`, `spring` on `acme`?")), "{message}");
    for other in ["I have 10 of 20 seats, call 0700123456", "hello / there", "what? when?"] {
        assert!(error_for(&site, other).contains("is not a lead tag, a code or an address"), "{other}");
    }
}

#[test]
fn explain_accepts_urls_below_the_base_path() {
    let site = explain_site().edit("site.yaml", "https://kazi.example/", "https://kazi.example/offers/");
    for (question, answer) in [
        ("https://kazi.example/offers/spring/", "spring on direct"),
        ("https://kazi.example/offers/spring/via/acme/", "spring on acme"),
        ("/offers/spring/", "spring on direct"),
        ("/spring/", "spring on direct"),
        ("/spring/via/acme/?utm_source=acme", "spring on acme"),
    ] {
        assert_eq!(explained_tag(&site, question), answer, "{question}");
    }
    let message = error_for(&site, "https://kazi.example/spring/");
    assert!(message.contains("another site"), "{message}");
    let link = json(&site, "spring_save_acme")["short_link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://kazi.example/offers/go/"), "{link}");
}

#[test]
fn explaining_a_page_lists_every_possible_lead_tag() {
    let site = explain_site();
    let tags = |question: &str| -> Vec<String> {
        let answer = json(&site, question);
        answer["sources"].as_array().unwrap().iter().map(|source| source["tag"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(tags("/spring/via/acme/"), ["spring_save_acme", "spring_guide_acme", "spring_trial_acme"]);
    assert_eq!(tags("/prices/"), ["spring_guide_blog", "spring_save_blog"]);
    let text = explain(&site, "/prices/").clean().stdout;
    assert!(text.starts_with("https://kazi.example/prices/ on blog\n") && text.contains("spring_save_blog"), "{text}");
}

#[test]
fn explaining_a_page_without_ctas_reports_that() {
    let site = Site::new().file("content/about.md", "---\ntitle: About\n---\n\nUs.\n");
    let run = explain(&site, "/about/").clean();
    assert!(run.stdout.contains("no lead comes from here"), "{}", run.stdout);
    assert_eq!(json(&site, "/about/")["sources"], Value::Array(Vec::new()));
}

#[test]
fn explaining_a_lead_tag_prints_its_card() {
    let site = explain_site();
    let text = explain(&site, "spring_save_acme").clean().stdout;
    for part in [
        "spring_save_acme\n",
        "Came through Partner: Acme, saw “Acme customers save 20 %” and took the coupon code ACME20.",
        "Issued          on 1 March 2027",
        "Get 20 % off",
        "ACME20, good until 31 March 2027, at shop.example.com",
        "https://kazi.example/spring/via/acme/",
        "Hire in days (spring): live, runs from 1 March 2027 until 31 March 2027",
        "Spring pricing.",
        "Partner: Acme (acme)",
        &format!("https://kazi.example/go/{}/", site.code("spring", "acme")),
        "https://desk.kazi.example/#spring_save_acme",
        "sales@kazi.example, within 1 hour",
        "Hi {first name}, use ACME20 today.",
        "The sheet (CSV, 8 bytes): for a proposal",
        "not on the web: sales/materials/spring/sheet.csv",
    ] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    let text = explain(&site, "spring_guide_direct").clean().stdout;
    for part in ["left name and email to download guide.pdf", "guide.pdf (PDF, 16 bytes)", "name, email"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
}

#[test]
fn explain_prints_the_card_as_json() {
    let site = explain_site();
    let card = json(&site, "spring_save_acme");
    assert_eq!(card["version"], 1);
    assert_eq!(card["tag"], "spring_save_acme");
    assert_eq!(card["channel"], "acme");
    assert_eq!(card["offer"], "ACME20");
    assert_eq!(card["code"], site.code("spring", "acme"));
    assert_eq!(card["lead_summary"], "Get 20 % off, Spring, via Partner: Acme");
    assert_eq!(card["card"], "https://desk.kazi.example/#spring_save_acme");
    assert_eq!(card["first_message"], "Hi {first name}, use ACME20 today.");
    assert_eq!((&card["closed"], &card["replaced_by"], &card["on"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(card["periods"][0]["from"], "2027-03-01");
    assert_eq!((&card["cta"]["id"], &card["cta"]["kind"]), (&"save".into(), &"coupon".into()));
    assert_eq!((&card["campaign"]["id"], &card["campaign"]["state"]), (&"spring".into(), &"live".into()));
    assert_eq!(card["campaign"]["materials"][0]["size"], "8 bytes");

    for question in [&*site.code("spring", "acme"), "/spring/via/acme/"] {
        let place = json(&site, question);
        let keys: Vec<_> = place.as_object().unwrap().keys().filter(|key| *key != "page").cloned().collect();
        assert_eq!(keys, ["version", "campaign", "channel", "sources", "campaigns"]);
        assert_eq!(
            (&place["version"], &place["campaign"], &place["channel"]),
            (&1.into(), &"spring".into(), &"acme".into())
        );
        assert_eq!(place["sources"].as_array().unwrap().len(), 3);
        assert_eq!(place["sources"][0]["tag"], "spring_save_acme");
        assert_eq!(place["campaigns"]["spring"]["title"], "Hire in days");
    }
    assert_eq!(json(&site, "/spring/via/acme/")["page"], "https://kazi.example/spring/");
}

#[test]
fn explain_with_a_date_prints_the_offer_of_that_day() {
    let site = explain_site().edit(CAMPAIGN, "code: SPRING20", "code: SPRING30");
    site.build_on("2027-03-10").clean();
    let site = site.edit(CAMPAIGN, "channels: [newsletter, acme]", "channels: [acme]");
    site.build_on("2027-03-14").clean();
    let on = |day: &str| site.run(&["explain", "spring_save_newsletter", "--on", day, "--format", "json"]).clean();
    for (day, offers) in [
        ("2027-02-28", &[][..]),
        ("2027-03-01", &["SPRING20"]),
        ("2027-03-09", &["SPRING20"]),
        ("2027-03-10", &["SPRING20", "SPRING30"]),
        ("2027-03-11", &["SPRING30"]),
        ("2027-03-14", &["SPRING30"]),
        ("2027-03-15", &[]),
    ] {
        let card: Value = serde_json::from_str(&on(day).stdout).unwrap();
        assert_eq!(card["on"]["date"], day);
        let offered: Vec<_> = card["on"]["offers"].as_array().unwrap().iter().map(|offer| &offer["offer"]).collect();
        assert_eq!(offered, offers, "on {day}");
    }
    for (day, words) in [
        ("2027-02-28", "On 2027-02-28   not active"),
        ("2027-03-02", "On 2027-03-02   the code SPRING20 (“Get 20 % off”)"),
        ("2027-03-10", "the code SPRING20 (“Get 20 % off”), or the code SPRING30 (“Get 20 % off”): the"),
    ] {
        let text = site.run(&["explain", "spring_save_newsletter", "--on", day]).clean().stdout;
        assert!(text.contains(words), "`{words}` is not in {text}");
    }
    let text = explain(&site, "spring_save_newsletter").clean().stdout;
    assert!(
        text.contains("Before          the code SPRING20 (“Get 20 % off”), 1 March 2027 to 10 March 2027"),
        "{text}"
    );
    assert!(text.contains("Closed          on 14 March 2027"), "{text}");
    let run = site.run(&["explain", "spring_save_acme", "--on", "2027-3-2"]).failed(2);
    assert!(run.stderr.contains("write the date as in 2027-03-31"), "{}", run.stderr);
}

#[test]
fn explaining_a_page_with_a_date_prints_each_offer_of_that_day() {
    let site = explain_site();
    let run = site.run(&["explain", "/spring/via/acme/", "--on", "2027-03-02", "--format", "json"]).clean();
    let place: Value = serde_json::from_str(&run.stdout).unwrap();
    let offers: Vec<_> =
        place["sources"].as_array().unwrap().iter().map(|source| &source["on"]["offers"][0]["offer"]).collect();
    assert_eq!(offers, ["ACME20", "guide.pdf", "cal.example.com"]);
}

#[test]
fn unknown_question_is_an_error_with_suggestions() {
    let site = explain_site();
    for (question, error, help) in [
        ("sprng_save_acme", "there is no campaign `sprng`", "did you mean `spring_save_acme`?"),
        ("spring_sav_acme", "there is no CTA `sav`", "did you mean `spring_save_acme`?"),
        ("spring_save_acmee", "there is no channel `acmee`", "did you mean `spring_save_acme`?"),
        ("spring_nothing_acme", "there is no CTA `nothing`", "`spring` has `guide`, `save` and `trial`"),
        ("spring_save_tv", "there is no channel `tv`", "the channels are"),
        ("elsewhere_save_acme", "there is no campaign `elsewhere`", "it may be a lead tag of another site"),
        ("spring_save", "`spring_save` is not a lead tag", "enter a lead tag"),
        (
            "spring_save_acme_b",
            "unknown lead tag `spring_save_acme_b`: there is no variant `b`",
            "leave the last part out",
        ),
        ("spring_save_acme_a", "version `a` has no fourth part", "enter a lead tag"),
        ("sprin", "`sprin` is not a lead tag, a code or an address", "did you mean the campaign `spring`?"),
        // Words of ten letters are not mistyped codes.
        ("newsletter", "`newsletter` is not a lead tag, a code or an address", "enter a lead tag"),
        ("hello there", "`hello there` is not a lead tag, a code or an address", "enter a lead tag"),
        ("", "`` is not a lead tag, a code or an address", "enter a lead tag"),
        ("💥", "`💥` is not a lead tag, a code or an address", "enter a lead tag"),
        ("https://kazi.example/sprin/", "there is no page `/sprin/`", "did you mean `https://kazi.example/spring/`?"),
        ("/spring/via/tv/", "there is no page `/spring/via/tv/`", ""),
        ("/prices/via/acme/", "there is no page `/prices/via/acme/`", ""),
        ("/spring/thanks/save/", "there is no page `/spring/thanks/save/`", ""),
        ("https://other.example/page/", "on another site, `other.example`", "utm_content="),
        ("https://other.example/?utm_campaign=spring", "on another site, `other.example`", ""),
        (
            "https://other.example/?utm_content=sprng_save_acme",
            "unknown lead tag `sprng_save_acme`",
            "`spring_save_acme`",
        ),
        ("https://kazi.example/?via=a_b_c", "unknown lead tag `a_b_c`", ""),
        ("https://kazi.example/go/abc1/", "`abc1` is not a code: a code has 10 characters, this has 4", ""),
        ("0000000000", "no campaign has the code `0000000000`", "the tag register in this folder may be old"),
        ("javascript:alert(1)", "is not a lead tag", ""),
    ] {
        let message = error_for(&site, question);
        assert!(message.contains(error) && message.contains(help), "{question}: {message}");
    }
}

#[test]
fn mistyped_code_is_an_error_that_suggests_the_right_one() {
    let site = explain_site();
    let code = site.code("spring", "acme");
    let suggestion = format!("did you mean `{code}`, `spring` on `acme`?");
    let swapped = typos(&code).into_iter().find(|typo| is_swap(typo, &code)).unwrap();
    let wrong = format!("{}{}", &code[..9], if code.ends_with('3') { '4' } else { '3' });
    let address = format!("https://kazi.example/go/{}/?fbclid=abc", wrong.to_uppercase());
    for (typed, error) in [
        (&*swapped, "has a typing error"),
        (&*wrong, "has a typing error"),
        (&*format!("{}-{}", &wrong[..5], &wrong[5..]), "has a typing error"),
        (&*address, &*format!("`{wrong}` has a typing error")),
        (&*format!("{}u", &code[..9]), "codes do not contain `u`"),
        (&code[..9], "a code has 10 characters, this has 9"),
        (&*format!("{code}7"), "a code has 10 characters, this has 11"),
    ] {
        let message = error_for(&site, typed);
        assert!(message.contains(error) && message.contains(&suggestion), "{typed}: {message}");
    }
}

/// Every text that differs from a code in one character or in two swapped neighbours.
fn typos(code: &str) -> Vec<String> {
    let typed = code.as_bytes();
    let mut typos = Vec::new();
    for place in 0..LENGTH {
        for &other in ALPHABET.iter().filter(|&&other| other != typed[place]) {
            let mut typo = typed.to_vec();
            typo[place] = other;
            typos.push(typo);
        }
        if place + 1 < LENGTH && typed[place] != typed[place + 1] {
            let mut typo = typed.to_vec();
            typo.swap(place, place + 1);
            typos.push(typo);
        }
    }
    typos.into_iter().map(|typo| String::from_utf8(typo).unwrap()).collect()
}

#[test]
fn no_single_typo_turns_a_code_into_another_valid_one() {
    let site = Site::example();
    site.tags().clean();
    let codes: std::collections::BTreeSet<String> =
        site.register().into_iter().map(|row| row[8].clone()).filter(|code| !code.is_empty()).collect();
    assert!(codes.len() > 10);
    for code in &codes {
        let typos = typos(code);
        assert!(typos.len() >= 310);
        for typo in typos {
            assert_eq!(ShortCode::parse(&typo), Err(NotACode::TypingError), "{typo} for {code}");
        }
    }
}

#[test]
fn typo_at_any_position_of_a_code_gets_a_suggestion() {
    let site = explain_site();
    let code = site.code("spring", "newsletter");
    let suggestion = format!("did you mean `{code}`, `spring` on `newsletter`?");
    // A sample of the typos, and every swap. The library has tests for the rest.
    let all = typos(&code);
    let picked = all.iter().enumerate().filter(|(index, typo)| index % 31 == 7 || is_swap(typo, &code));
    for (_, typo) in picked {
        let message = error_for(&site, typo);
        assert!(
            message.contains("has a typing error") && message.contains(&suggestion),
            "{typo} for {code}: {message}"
        );
    }
}

fn is_swap(typo: &str, code: &str) -> bool {
    typo.bytes().zip(code.bytes()).filter(|(a, b)| a != b).count() == 2
}

#[test]
fn explain_fails_if_the_content_has_errors() {
    let site = explain_site().edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    let run = explain(&site, "spring_save_acme").failed(1);
    assert_eq!(run.problems()[0].rule, "unknown-channel");
    assert!(run.stderr.ends_with("; fix the errors first\n"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn explain_does_not_print_warnings_of_the_content() {
    let site = explain_site().edit("content/prices.md", "# Prices", "# Prices\n\n<b>raw</b>");
    explain(&site, "spring_save_acme").clean();
}

#[test]
fn explain_works_without_a_register() {
    let site = Site::new();
    let card = json(&site, "spring_save_acme");
    assert_eq!((&card["offer"], &card["periods"][0]["from"]), (&"ACME20".into(), &TODAY.into()));
    site.build().clean();
    let code = site.code("spring", "acme");
    let site = site.remove("lead-tags.csv").remove("lead-tags.sum");
    assert_eq!(explained_tag(&site, &code), "spring on acme");
}

#[test]
fn explain_finds_removed_campaigns_in_the_register() {
    let site = explain_site();
    let code = site.code("spring", "acme");
    let site = site.remove("content/spring").file("content/prices.md", "---\ntitle: Prices\n---\n");
    site.build_on("2027-03-10").ok();
    let text = explain(&site, "spring_save_acme").clean().stdout;
    for part in ["took the coupon code ACME20", "Closed          on 10 March 2027", "gone", "sales@kazi.example"] {
        assert!(text.contains(part), "`{part}` is not in {text}");
    }
    assert_eq!(explained_tag(&site, "spring"), "spring on all");
    assert_eq!(explained_tag(&site, &code), "spring on acme");
    assert_eq!(json(&site, &code)["sources"].as_array().unwrap().len(), 3);
    assert_eq!(json(&site, &code)["campaigns"]["spring"]["state"], "gone");
    let message = error_for(&site, "sprng_save_acme");
    assert!(message.contains("did you mean `spring_save_acme`?"), "{message}");
    let message = error_for(&site, "spring_trial_blog");
    assert!(message.contains("was removed, and was never on `blog`"), "{message}");
}

#[test]
fn former_lead_tag_is_explained_as_the_current_one() {
    let site = explain_site().edit(CAMPAIGN, "title: Hire", "campaign: sale\nwas: [spring]\ntitle: Hire");
    let prices = site.read("content/prices.md").replace("cta:spring/", "cta:sale/");
    let site = site.file("content/prices.md", &prices);
    assert_eq!(explained_tag(&site, "spring_trial_blog"), "sale_trial_blog");
    assert_eq!(explained_tag(&site, "spring_save_acme"), "spring_save_acme");
    assert_eq!(json(&site, "spring_save_acme")["replaced_by"], "sale_save_acme");
    assert_eq!(explained_tag(&site, "spring"), "sale on all");
}

#[test]
fn lead_tags_of_a_draft_are_explained_only_in_a_preview() {
    let site = Site::new()
        .edit(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire")
        .file("content/prices.md", "---\ntitle: Prices\n---\n\n## Teams\n");
    let message = error_for(&site, "spring_save_acme");
    assert!(message.contains("`spring` is a draft") && message.contains("`--preview`"), "{message}");
    let run = site.run(&["explain", "spring_save_acme", "--preview"]).clean();
    assert!(run.stdout.contains("ACME20"), "{}", run.stdout);
}

#[test]
fn explain_writes_nothing() {
    let site = Site::new();
    let before = bytes_below(&site.root());
    for question in ["spring_save_acme", "/spring/", "nothing"] {
        explain(&site, question);
    }
    assert_eq!(bytes_below(&site.root()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn folder_without_a_site_is_an_error() {
    let site = Site::new().remove("site.yaml");
    let run = explain(&site, "spring_save_acme").failed(1);
    assert_eq!(run.problems()[0].rule, "missing-site", "{}", run.stderr);
    let run = site.run(&["explain"]).failed(2);
    assert_eq!(run.stdout, "");
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_a_failure() {
    let site = explain_site();
    for args in [&["explain", "spring_save_acme"][..], &["links"], &["check"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = site.command(args).stdout(full).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert!(message.contains("cannot write to standard output"), "{args:?}: {message}");
    }
}
