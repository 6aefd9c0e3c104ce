//! Every mistake that the contract names: told at its place with what to write instead, exit status 1, and
//! the output of the build before still there byte for byte.

use std::fmt::Write;
use std::time::Duration;

use crate::support::{PRICES, Run, SPRING, Site};

const SITE: &str = "site.yaml";
const PAGE: &str = "content/prices.md";
const CAMPAIGN: &str = "content/spring/index.md";
const REGISTER: &str = "lead-tags.csv";

/// A text in a file, and what an author writes there by mistake. `«` stands where the mark belongs.
struct Mistake<'a> {
    file: &'a str,
    old: &'a str,
    new: &'a str,
    rule: &'a str,
    /// What is told, or written instead.
    says: &'a str,
}

fn mistake<'a>(file: &'a str, old: &'a str, new: &'a str, rule: &'a str, says: &'a str) -> Mistake<'a> {
    Mistake { file, old, new, rule, says }
}

/// Makes each mistake on its own in a site that was built before.
#[track_caller]
fn each_is_refused(site: &Site, mistakes: &[Mistake]) {
    site.build().clean();
    let mut surprises = String::new();
    for mistake in mistakes {
        if let Err(surprise) = is_refused(site, mistake) {
            let _ = write!(surprises, "\n=== {}: {:?}\n{surprise}\n", mistake.file, mistake.new);
        }
    }
    assert!(surprises.is_empty(), "{surprises}");
}

fn is_refused(site: &Site, mistake: &Mistake) -> Result<(), String> {
    let good = site.read(mistake.file);
    assert!(good.contains(mistake.old), "`{}` is not in {}", mistake.old, mistake.file);
    let marked = good.replacen(mistake.old, mistake.new, 1);
    let place = place(mistake.file, &marked);
    site.write(mistake.file, marked.replace('«', ""));
    let before = site.output();
    let run = site.build();
    let after = site.output();
    site.write(mistake.file, good);
    if before != after {
        return Err("the output changed".to_owned());
    }
    is_the_only_error(&run, mistake.rule, &place, mistake.says)
}

/// `file:line:column` of the `«` in a text, or the file where there is none.
fn place(file: &str, marked: &str) -> String {
    let Some(at) = marked.find('«') else {
        return file.to_owned();
    };
    let line_start = marked[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = marked[..at].matches('\n').count() + 1;
    format!("{file}:{line}:{}", marked[line_start..at].chars().count() + 1)
}

fn is_the_only_error(run: &Run, rule: &str, place: &str, says: &str) -> Result<(), String> {
    let errors: Vec<_> = run.problems().into_iter().filter(|problem| problem.is_error).collect();
    let told = |what: String| Err(format!("{what}\n{}", run.stderr));
    match &errors[..] {
        _ if run.code != Some(1) => told(format!("exit status {:?}", run.code)),
        [error] if error.rule != rule => told(format!("expected error[{rule}]")),
        [error] if error.place != place => told(format!("expected it at {place}")),
        [error] if !error.text.contains(says) => told(format!("expected the words `{says}`")),
        [_] if !counted(run) => told("expected a count".to_owned()),
        [_] => Ok(()),
        _ => told(format!("expected one error[{rule}]")),
    }
}

/// The last line counts what was told.
fn counted(run: &Run) -> bool {
    let last = run.stderr.lines().last().unwrap_or_default();
    last.starts_with("1 error") && last.ends_with("; nothing was written")
}

#[track_caller]
fn assert_only_error(run: &Run, rule: &str, place: &str, says: &str) {
    if let Err(surprise) = is_the_only_error(run, rule, place, says) {
        panic!("{surprise}");
    }
}

#[test]
#[rustfmt::skip]
fn unknown_keys_are_refused_with_the_nearest_known_one() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(SITE, "timezone:", "«time_zone:", "unknown-key", "did you mean `timezone`?"),
            mistake(SITE, "medium: email", "medium: email, «colour: red", "unknown-key", "the keys are `label`, `source`, `medium`, `sources`, "),
            mistake(SITE, "  owner:", "  «owners:", "unknown-key", "did you mean `owner`?"),
            mistake(CAMPAIGN, "after_end:", "«after_ends:", "unknown-key", "did you mean `after_end`?"),
            mistake(CAMPAIGN, "expires:", "«expiry:", "unknown-key", "did you mean `expires`?"),
            mistake(CAMPAIGN, "label: Book", "«price: 12\n    label: Book", "unknown-key", "the keys are `label`"),
            mistake(PAGE, "title: Prices", "title: Prices\nchannels: [«newsletter]", "unknown-key", "add `ctas`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn what_a_page_or_site_cannot_do_without_is_named() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(PAGE, "title: Prices\nsummary", "«summary", "missing-key", "add a line `title: …`"),
            mistake(SITE, "title: Kazi\nbase", "«base", "missing-key", "add a line `title: …`"),
            mistake(SITE, "title: Kazi\nbase_url: https://kazi.example/", "«title: Kazi", "missing-key", "add a line `base_url: …`"),
            mistake(CAMPAIGN, "title: Hire in days\nsummary: Spring pricing.", "«title: Hire in days", "missing-key", "add a line `summary: …`"),
            mistake(CAMPAIGN, "    label: Book a trial\n    booking", "    «booking", "missing-key", "add a line `label: …`"),
            mistake(CAMPAIGN, "{ title: Acme customers save 20 % }", "«Acme", "wrong-type", "`key: value` lines"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn a_key_without_a_value_is_refused_and_so_is_one_with_a_comment_for_it() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(PAGE, "title: Prices", "«title:", "empty-value", "write a value after `title:`"),
            mistake(PAGE, "title: Prices", "«title: ~", "empty-value", "write a value after `title:`"),
            mistake(SITE, "timezone: Africa/Nairobi", "«timezone:", "empty-value", "write a value after `timezone:`"),
            mistake(CAMPAIGN, "label: Book a trial", "label: Book a trial\n    «note: # 1 offer", "empty-value", "put quotes around the text"),
            mistake(CAMPAIGN, "ctas:\n", "«extra:\nctas:\n", "empty-value", "write a value after `extra:`"),
            mistake(CAMPAIGN, "label: Book a trial", "label: «\"\"", "empty-value", "write a text"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn a_product_has_a_price_that_search_engines_can_read() {
    let product = |keys: &str| format!("product: {{ {keys} }}\nctas:\n");
    let wrong = [
        ("name: Team, price: «49 EUR, currency: EUR", "bad-price", "write `49`, and the currency as `currency`"),
        ("name: Team, price: «€49, currency: EUR", "bad-price", "write `49`, and the currency as `currency`"),
        ("name: Team, price: «\"1,200\", currency: EUR", "bad-price", "write `1200`"),
        ("name: Team, price: «1.200, currency: EUR", "bad-price", "write `1200`"),
        ("name: Team, price: «\"49,90\", currency: EUR", "bad-price", "write `49.90`"),
        ("name: Team, price: «free, currency: EUR", "bad-price", "write it as in `12500` or `49.90`"),
        ("name: Team, price: 49, currency: «euro", "bad-price", "write `EUR`"),
        ("name: Team, price: 49, currency: «kes", "bad-price", "write `KES`"),
        ("name: Team, price: 49, currency: «EUX", "bad-price", "did you mean `EUR`?"),
        ("name: Team, price: 49, currency: «dollar", "bad-price", "write its code of three letters"),
        ("«name: Team, currency: EUR", "missing-key", "add a line `price: …`"),
        ("«name: Team, price: 49", "missing-key", "add a line `currency: …`"),
        ("name: Team, price: 49, currency: EUR, «colour: red", "unknown-key", "the keys are `name`, `currency`, `price` and `brand`"),
    ];
    let texts: Vec<_> = wrong.iter().map(|(keys, ..)| product(keys)).collect();
    let mistakes = texts.iter().zip(wrong).map(|(text, (_, rule, says))| mistake(CAMPAIGN, "ctas:\n", text, rule, says));
    each_is_refused(&Site::new(), &mistakes.collect::<Vec<_>>());
    let elsewhere = "title: Prices\nproduct: «{ name: Team, price: 49, currency: EUR }";
    each_is_refused(&Site::new(), &[mistake(PAGE, "title: Prices", elsewhere, "unknown-key", "add `ctas`")]);
}

#[test]
#[rustfmt::skip]
fn a_call_to_action_has_exactly_one_kind() {
    let trial = "  trial:\n    label: Book a trial\n    booking:\n      url: https://cal.example.com/kazi";
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, trial, "  «trial:\n    label: Book a trial", "bad-cta-kind", "add one of `coupon`, `download`, `booking` and `contact`"),
            mistake(CAMPAIGN, "    booking:", "    download: { file: guide.pdf }\n    «booking:", "bad-cta-kind", "make two calls to action of it"),
            mistake(CAMPAIGN, "url: https://cal.example.com/kazi", "«url: https://cal.example.com/kazi\n      form: [email]", "bad-cta-kind", "a `url` or a `form`, one of the two"),
            mistake(CAMPAIGN, "url: https://cal.example.com/kazi", "«trial_length: 14 days", "bad-cta-kind", "a `url` or a `form`, one of the two"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn a_contact_is_made_in_one_way_and_can_be_reached_from_everywhere() {
    let booking = "    booking:\n      url: https://cal.example.com/kazi\n";
    let long = format!("    contact: {{ whatsapp: \"+254 700 000000\", text: «\"{}\" }}\n", "too long ".repeat(200));
    let with = |contact: &'static str| mistake(CAMPAIGN, booking, contact, "", "");
    let site = Site::new();
    each_is_refused(
        &site,
        &[
            Mistake { rule: "bad-cta-kind", says: "one of `whatsapp`, `phone` and `form`", ..with("    contact:\n      «{}\n") },
            Mistake { rule: "bad-cta-kind", says: "make a call to action of each", ..with("    contact: { phone: \"+254 700 000000\", «form: [email] }\n") },
            Mistake { rule: "bad-cta-kind", says: "`whatsapp` and `phone` at once", ..with("    contact: { «phone: \"+254 700 000000\", whatsapp: \"+254 700 000000\" }\n") },
            Mistake { rule: "bad-cta-kind", says: "make two calls to action", ..with("    booking: { url: https://cal.example.com/ }\n    «contact: { phone: \"+254 700 000000\" }\n") },
            Mistake { rule: "wrong-type", says: "`key: value` lines", ..with("    contact: «\"+254 700 000000\"\n") },
            Mistake { rule: "empty-value", says: "write a value after `whatsapp:`", ..with("    contact: { «whatsapp: }\n") },
            Mistake { rule: "unknown-key", says: "did you mean `whatsapp`?", ..with("    contact: { phone: \"+254 700 000000\", «whatsap: \"+254 700 000000\" }\n") },
            Mistake { rule: "unknown-key", says: "leave this out", ..with("    contact: { phone: \"+254 700 000000\", «text: Hello }\n") },
            Mistake { rule: "unknown-key", says: "leave this out", ..with("    contact: { form: [email], «text: Hello }\n") },
            Mistake { rule: "unknown-key", says: "leave this out", ..with("    deliver_to: «crm\n    contact: { phone: \"+254 700 000000\" }\n") },
            Mistake { rule: "bad-phone", says: "leave out the 0 that follows it: `+254 700 000000`", ..with("    contact: { phone: «0700 000000 }\n") },
            Mistake { rule: "bad-phone", says: "write `+254 700 000000`", ..with("    contact: { whatsapp: «254 700 000000 }\n") },
            Mistake { rule: "bad-phone", says: "write `+254700000000`", ..with("    contact: { whatsapp: «https://wa.me/254700000000 }\n") },
            Mistake { rule: "bad-phone", says: "write `+44 20 7946 0000`", ..with("    contact: { phone: «\"+44 (0)20 7946 0000\" }\n") },
            Mistake { rule: "bad-phone", says: "it has 16 digits, 7 to 15 are possible", ..with("    contact: { phone: «\"+1234567890123456\" }\n") },
            Mistake { rule: "bad-phone", says: "`x` is no digit", ..with("    contact: { phone: «\"+254 700 000000 x12\" }\n") },
            Mistake { rule: "bad-contact-text", says: "end the text with words such as `My code:`", ..with("    contact: { whatsapp: \"+254 700 000000\", text: «\"My code is {code}\" }\n") },
            mistake(CAMPAIGN, booking, &long, "bad-contact-text", "1800 are the most"),
            Mistake { rule: "empty-value", says: "this text is empty", ..with("    contact: { whatsapp: \"+254 700 000000\", text: «\" \" }\n") },
            Mistake { rule: "bad-form-fields", says: "add `email` or `phone`", ..with("    contact: { form: «[name, message] }\n") },
        ],
    );
}

#[test]
#[rustfmt::skip]
fn a_form_has_a_way_to_answer_and_a_destination() {
    let site = Site::new();
    each_is_refused(
        &site,
        &[
            mistake(CAMPAIGN, "[name, email]", "«[name, company]", "bad-form-fields", "add `email` or `phone`"),
            mistake(CAMPAIGN, "[name, email]", "[name, «emial]", "bad-form-fields", "did you mean `email`?"),
            mistake(CAMPAIGN, "[name, email]", "[«shoe_size, email]", "bad-form-fields", "the fields are `name`"),
            mistake(CAMPAIGN, "    download:", "    deliver_to: «crn\n    download:", "unknown-destination", "did you mean `crm`?"),
            mistake(SITE, "deliver_to: crm", "deliver_to: «crn", "unknown-destination", "did you mean `crm`?"),
        ],
    );
    let form = place(CAMPAIGN, &SPRING.replace("[name, email]", "«[name, email]"));
    let run = site.edit(SITE, "  deliver_to: crm\n", "").build();
    assert_only_error(&run, "missing-destination", &form, "set `leads: { deliver_to: … }`");
}

#[test]
#[rustfmt::skip]
fn unknown_and_reserved_channels_are_refused() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, "[newsletter, acme]", "[«newsleter, acme]", "unknown-channel", "did you mean `newsletter`?"),
            mistake(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «billboard]", "unknown-channel", "add it to `channels` in site.yaml"),
            mistake(CAMPAIGN, "per_channel:", "per_channel:\n  «billboard: { title: X }", "unknown-channel", "add `billboard` to `channels`"),
            mistake(CAMPAIGN, "codes: { acme", "codes: { «billboard: X, acme", "unknown-channel", "add `billboard` to `channels`"),
            mistake(PAGE, "title: Prices", "title: Prices\ncounts_as: «newsleter", "unknown-channel", "did you mean `newsletter`?"),
            mistake(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «direct]", "reserved-channel", "leave this one out"),
            mistake(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «other]", "reserved-channel", "leave this one out"),
            mistake(SITE, "channels:\n", "channels:\n  «other: { label: O, source: o, medium: m }\n", "reserved-channel", "choose another id"),
            mistake(SITE, "channels:\n", "channels:\n  «direct: { label: O, source: o, medium: m }\n", "reserved-channel", "choose another id"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn channels_that_could_both_match_and_that_never_would_are_refused() {
    let channel = |facts: &str| format!("channels:\n  x: {{ label: X, {facts} }}\n");
    let with = |source: &str, more: &str| channel(&format!("source: {source}, medium: email, {more}"));
    let same = channel("source: NEWS, medium: Email");
    let overlap = "could be from `x` or from `newsletter`";
    let site = Site::new().edit(SITE, "medium: email }", "medium: email, sources: [mc], referrers: [mail.kazi.example], click_ids: [epik] }");
    let marked = [
        // The place is that of the second, which stands below.
        (same, "source: news", "source: «news", overlap),
        (with("x", "sources: [MC]"), "sources: [mc]", "sources: [«mc]", overlap),
        (with("x", "click_ids: [EPIK]"), "click_ids: [epik]", "click_ids: [«epik]", overlap),
        (with("x", "referrers: [kazi.example]"), "[mail.kazi", "[«mail.kazi", "visits from `mail.kazi.example` could be"),
        (with("x", "referrers: [a.mail.kazi.example]"), "[mail.kazi", "[«mail.kazi", "visits from `a.mail.kazi.example` could be"),
    ];
    site.build().clean();
    for (more, from, to, says) in marked {
        let site = Site::new()
            .edit(SITE, "medium: email }", "medium: email, sources: [mc], referrers: [mail.kazi.example], click_ids: [epik] }")
            .edit(SITE, "channels:\n", &more);
        let marked = site.read(SITE).replacen(from, to, 1);
        assert_only_error(&site.build(), "channel-overlap", &place(SITE, &marked), says);
    }
    each_is_refused(
        &site,
        &[
            mistake(SITE, "click_ids: [epik]", "click_ids: [epik, «epik]", "channel-overlap", "names visits with a `epik` twice"),
            mistake(SITE, "sources: [mc]", "sources: [mc, «News]", "channel-overlap", "names visits with the source and medium `news` and `email` twice"),
            mistake(SITE, "[epik]", "[«gcild]", "unknown-click-id", "did you mean `gclid`?"),
            mistake(SITE, "[epik]", "[«ref]", "unknown-click-id", "the click ids are"),
            mistake(SITE, "[mail.kazi.example]", "[\"«https://www.linkedin.com/feed\"]", "bad-referrer", "write `www.linkedin.com`"),
            mistake(SITE, "[mail.kazi.example]", "[«linkedin.com/feed]", "bad-referrer", "write `linkedin.com`"),
            mistake(SITE, "[mail.kazi.example]", "[«linkedin]", "bad-referrer", "write it as in `linkedin.com`"),
            mistake(SITE, "[mail.kazi.example]", "[\"«*.linkedin.com\"]", "bad-referrer", "its subdomains count, too"),
            mistake(SITE, "sources: [mc]", "sources: «mc", "wrong-type", "a list is expected here"),
            mistake(SITE, "sources: [mc]", "«mediums: [mc]", "unknown-key", "there is no key `mediums`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn analytics_are_one_kind_by_its_own_name_for_the_site() {
    let with = |analytics: &str| format!("analytics: {analytics}\nchannels:\n");
    let mistakes = [
        ("«{ plausible: kazi.example, gtm: GTM-ABC1234 }", "bad-analytics", "two kinds of analytics at once"),
        ("«{}", "bad-analytics", "`plausible` or `gtm`, one of the two"),
        ("{ gtm: «G-ABC1234567 }", "bad-analytics", "name the container that has it"),
        ("{ gtm: «gtm-abc1234 }", "bad-analytics", "write it as Tag Manager shows it: `GTM-ABC1234`"),
        ("{ gtm: «\"GTM-');alert(1)//\" }", "bad-analytics", "is no container"),
        ("{ plausible: «\"https://kazi.example\" }", "bad-analytics", "without `https://`"),
        ("{ plausible: «kazi }", "bad-analytics", "is no domain"),
        ("{ gtm: GTM-ABC1234, «matomo: x }", "unknown-key", "there is no key `matomo`"),
    ];
    let written: Vec<String> = mistakes.iter().map(|(analytics, ..)| with(analytics)).collect();
    let mistakes: Vec<Mistake> = mistakes
        .iter()
        .zip(&written)
        .map(|((_, rule, says), written)| mistake(SITE, "channels:\n", written, rule, says))
        .collect();
    each_is_refused(&Site::new(), &mistakes);
}

#[test]
#[rustfmt::skip]
fn ids_are_slugs_of_at_most_40_characters() {
    let long = format!("campaign: «{}\nsummary: S", "x".repeat(41));
    let long_channel = format!(
        "channels:\n  «{}: {{ label: O, source: o, medium: m }}\n",
        "x".repeat(41)
    );
    let site = Site::new();
    each_is_refused(
        &site,
        &[
            mistake(CAMPAIGN, "  trial:", "  «free_trial:", "bad-id", "write `free-trial`"),
            mistake(CAMPAIGN, "summary: S", "campaign: «Spring Hiring\nsummary: S", "bad-id", "write `spring-hiring`"),
            mistake(CAMPAIGN, "summary: S", "was: [«Été]\nsummary: S", "bad-id", "write `ete`"),
            mistake(CAMPAIGN, "summary: S", "slug: «-x\nsummary: S", "bad-id", "write `x`"),
            mistake(CAMPAIGN, "summary: S", &long, "bad-id", "at most 40 characters"),
            mistake(SITE, "channels:\n", &long_channel, "bad-id", "at most 40 characters"),
            mistake(SITE, "channels:\n", "channels:\n  «news_2: { label: O, source: o, medium: m }\n", "bad-id", "write `news-2`"),
        ],
    );
    let file = format!("content/{}.md", "x".repeat(41));
    let page = "---\ntitle: T\nsummary: S\nctas:\n  a: { label: A, booking: { url: https://cal.example.com/ } }\n---\n";
    let run = site.file(&file, page).build();
    assert_only_error(
        &run,
        "bad-id",
        &format!("{file}:4:1"),
        "set a shorter one with `campaign: …`",
    );
}

#[test]
#[rustfmt::skip]
fn dates_are_written_year_first() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, "ends: 2027-03-31", "ends: «31/03/2027", "bad-date", "write 2027-03-31"),
            mistake(CAMPAIGN, "ends: 2027-03-31", "ends: «31.3.2027", "bad-date", "write 2027-03-31"),
            mistake(CAMPAIGN, "starts: 2027-03-01", "starts: «2027-3-1", "bad-date", "write 2027-03-01"),
            mistake(CAMPAIGN, "starts: 2027-03-01", "starts: «2027-02-30", "bad-date", "as in 2027-03-31"),
            mistake(CAMPAIGN, "expires: 2027-03-31", "expires: «tomorrow", "bad-date", "as in 2027-03-31"),
            mistake(PAGE, "title: Prices", "title: Prices\ndate: «2027", "bad-date", "as in 2027-03-31"),
            mistake(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-02-28", "dates-reversed", "ends before it starts"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn of_two_values_for_one_key_none_counts() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, "summary: Spring pricing.", "summary: Spring pricing.\n«summary: Again.", "duplicate-key", "keep one of the two"),
            mistake(CAMPAIGN, "  trial:", "  «save:", "duplicate-key", "`save` is given twice"),
            mistake(CAMPAIGN, "codes: { acme: ACME20", "codes: { acme: ACME20, «acme: X", "duplicate-key", "keep one of the two"),
            mistake(SITE, "  acme:", "  «newsletter:", "duplicate-key", "keep one of the two"),
            mistake(SITE, "title: Kazi", "title: Kazi\n«title: Two", "duplicate-key", "keep one of the two"),
            mistake(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, «acme]", "duplicate-key", "listed twice"),
        ],
    );
}

#[test]
fn the_classics_of_yaml_are_told_with_put_quotes_around_this_text() {
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
            "\"Best offer",
            "Save now #1 offer",
            "We are # 1",
        ]
        .map(|value| format!("{key} «{value}"));
        let mistakes: Vec<_> = rows
            .iter()
            .map(|new| {
                let anchor = new.contains('&') || new.contains('!') || new.contains("*bold");
                let rule = if anchor { "yaml-alias" } else { "yaml-syntax" };
                mistake(file, old, new, rule, "put quotes around this text")
            })
            .collect();
        // Which of the two rules tells of `*` and `&` is no promise.
        let site = Site::new();
        site.build().clean();
        let mut surprises = String::new();
        for mut mistake in mistakes {
            let Err(surprise) = is_refused(&site, &mistake) else { continue };
            mistake.rule = "yaml-syntax";
            if is_refused(&site, &mistake).is_err() {
                let _ = write!(surprises, "\n=== {file}: {}\n{surprise}", mistake.new);
            }
        }
        assert!(surprises.is_empty(), "{surprises}");
    }
}

#[test]
#[rustfmt::skip]
fn values_of_another_shape_are_told_with_the_shape() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(PAGE, "title: Prices", "title: «[New]", "wrong-type", "put quotes around the text"),
            mistake(PAGE, "title: Prices", "title: «{New: 1}", "wrong-type", "put quotes around the text"),
            mistake(PAGE, "title: Prices", "title: Prices\ndraft: «yes", "wrong-type", "write `true`"),
            mistake(PAGE, "title: Prices", "title: Prices\ndraft: «No", "wrong-type", "write `false`"),
            mistake(CAMPAIGN, "[newsletter, acme]", "«newsletter, acme", "wrong-type", "`[one, two]`"),
            mistake(CAMPAIGN, "code: SPRING20", "code: «SPRING 20", "wrong-type", "without spaces"),
            mistake(CAMPAIGN, "code: SPRING20", "code: «“SPRING20”", "wrong-type", "write `SPRING20`"),
            mistake(CAMPAIGN, "code: SPRING20", "code: «'\"SPRING20\"'", "wrong-type", "write `SPRING20`"),
            mistake(CAMPAIGN, "code: SPRING20", "code: «„“", "wrong-type", "as people type it"),
            mistake(CAMPAIGN, "codes: { acme: ACME20 }", "codes: { acme: «‘ACME20’ }", "wrong-type", "write `ACME20`"),
            mistake(SITE, "timezone: Africa/Nairobi", "timezone: «Africa/Nairoby", "bad-timezone", "did you mean `Africa/Nairobi`?"),
            mistake(SITE, "timezone:", "language: «english!\ntimezone:", "bad-language", "`pt-BR`"),
            mistake(SITE, "base_url: https://kazi.example/", "base_url: «http://kazi.example/", "bad-url", "write `https://`"),
            mistake(SITE, "base_url: https://kazi.example/", "base_url: «kazi.example", "bad-url", "write it as in"),
            mistake(SITE, "owner: sales@kazi.example", "owner: «sales at kazi", "bad-email", "write it as in"),
            mistake(SITE, "  owner:", "  respond_within: «soon\n  owner:", "bad-duration", "write it as in `45m`"),
            mistake(SITE, "timezone:", "theme: «lunch\ntimezone:", "unknown-theme", "did you mean `launch`?"),
            mistake(PAGE, "title: Prices", "title: Prices\nlayout: «artikle", "missing-template", "did you mean `article`?"),
        ],
    );
}

#[test]
fn a_line_that_does_not_fit_is_told_itself_and_not_a_key_above() {
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
        let told = problems.iter().map(|problem| line(&problem.place)).next().flatten();
        let (meant, told) = (line(&place(file, &marked)).unwrap(), told.unwrap());
        assert!((meant - 1..=meant + 1).contains(&told), "line {meant} is told at {told}: {}", run.stderr);
        assert!(!run.stderr.contains(":\"`"), "a key is to be quoted: {}", run.stderr);
    }
}

#[test]
fn several_mistakes_are_told_in_one_run() {
    let site = Site::new()
        .edit(SITE, "timezone: Africa/Nairobi", "timezone: Africa/Nairoby")
        .edit(CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027")
        .edit(CAMPAIGN, "label: Book a trial", "label: Book: a trial")
        .edit(PAGE, "## Teams", "::: heroo");
    let run = site.build().failed(1);
    let rules: Vec<_> = run.problems().into_iter().map(|problem| problem.rule).collect();
    for rule in ["bad-timezone", "bad-date", "yaml-syntax"] {
        assert!(rules.iter().any(|told| told == rule), "{rule} in {rules:?}");
    }
}

#[test]
#[rustfmt::skip]
fn front_matter_is_there_closed_filled_small_and_indented_by_spaces() {
    let (front, body) = ("---\ntitle: Prices\nsummary: What it costs.\n---\n", PRICES.split_once("---\n\n").unwrap().1);
    let large = format!(
        "«---\ntitle: Prices\nextra: {{ x: \"{}\" }}\n---\n",
        "x".repeat(64 * 1024)
    );
    each_is_refused(
        &Site::new(),
        &[
            mistake(PAGE, front, "---\ntitle: Prices\n«", "bad-front-matter", "write `---` on a line of its own"),
            mistake(PAGE, front, "«", "bad-front-matter", "begin the file with `---`"),
            mistake(PAGE, PRICES, "«", "bad-front-matter", "begin the file with `---`"),
            mistake(PAGE, PRICES, "«---", "bad-front-matter", "write `---` on a line of its own"),
            mistake(PAGE, front, "«---\n---\n", "bad-front-matter", "write `title: …`"),
            mistake(PAGE, front, "«---\n  \n---\n", "bad-front-matter", "write `title: …`"),
            mistake(PAGE, front, &large, "bad-front-matter", "at most 64 kB"),
            mistake(CAMPAIGN, "  save:", "«\tsave:", "yaml-tab", "use spaces"),
            mistake(CAMPAIGN, "    label: Book", "  «\tlabel: Book", "yaml-tab", "use spaces"),
            mistake(SITE, "  crm:", "«\tcrm:", "yaml-tab", "use spaces"),
        ],
    );
    assert!(body.starts_with("# Prices"));
}

#[test]
fn files_that_are_not_utf8_are_refused_at_the_first_such_byte() {
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    for (file, bytes, at) in [
        (PAGE, &b"---\ntitle: Caf\xe9\n---\n"[..], "2:11"),
        (PAGE, &b"---\ntitle: Cafe\n---\n\n# Caf\xe9\n"[..], "5:6"),
        (PAGE, &b"\xff\xfe-\0-\0-\0"[..], "1:1"),
    ] {
        let good = site.read(file);
        site.write(file, bytes);
        assert_only_error(&site.build(), "not-utf8", &format!("{file}:{at}"), "save the file with the encoding UTF-8");
        site.write(file, good);
    }
    assert_eq!(site.output(), before);
    let site = site.bytes(SITE, b"title: Caf\xe9\n");
    assert_only_error(&site.build(), "not-utf8", "site.yaml:1:11", "save the file with the encoding UTF-8");
}

#[test]
fn byte_order_marks_and_windows_line_ends_are_fine() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let plain = Site::new();
    let site = Site::new()
        .file(SITE, &windows(crate::support::SITE))
        .file(PAGE, &windows(PRICES))
        .file(CAMPAIGN, &windows(SPRING));
    plain.build().clean();
    site.build().clean();
    assert_eq!(site.output(), plain.output());
}

#[test]
#[rustfmt::skip]
fn links_to_one_campaign_that_is_gone_are_told_together() {
    let twelve: String = (0..12).map(|number| format!("[{number}](cta:autumn/save) ")).collect();
    let site = Site::new()
        .edit(CAMPAIGN, "Read the", "[A](cta:autumn/save) [B](cta:autumn/guide) Read the")
        .file("content/zoo.md", &format!("---\ntitle: Zoo\n---\n\n{twelve}\n"));
    let run = site.build().failed(1);
    assert_only_error(&run, "unknown-cta", "content/spring/index.md:33:5", "there is no campaign `autumn`, and 14 links lead to it");
    let text = &run.problems()[0].text;
    assert_eq!(text.matches("leads nowhere").count(), 10, "{text}");
    assert!(text.contains("the other 4 are in `content/zoo.md`"), "{text}");
    assert!(text.contains("name another campaign, or take what leads to this one out"), "{text}");
}

#[test]
fn a_cta_link_to_nothing_is_refused_with_the_nearest_one() {
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, "(cta:trial)", "(«cta:trail)", "unknown-cta", "did you mean `trial`?"),
            mistake(CAMPAIGN, "(cta:trial)", "(«cta:sprin/trial)", "unknown-cta", "did you mean `spring`?"),
            mistake(CAMPAIGN, "(cta:trial)", "(«cta:)", "unknown-cta", "leads nowhere"),
            mistake(PAGE, "(cta:spring/save)", "(«cta:spring/sav)", "unknown-cta", "did you mean `save`?"),
            mistake(PAGE, "(cta:spring/save)", "(«cta:save)", "unknown-cta", "`cta:campaign/id`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn blocks_are_known_closed_once_and_offer_a_cta_once() {
    let heading = "# Hire in days";
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, heading, "«::: hero\n# Hire in days", "unclosed-block", "write `:::` on a line of its own"),
            mistake(CAMPAIGN, heading, "«::: hero\n::: quote\n:::\n# H", "unclosed-block", "is not closed"),
            mistake(CAMPAIGN, heading, "«::: heroo\n# H\n:::", "unknown-block", "did you mean `hero`?"),
            mistake(CAMPAIGN, heading, "«::: carousel\n# H\n:::", "unknown-block", "the blocks are `author`"),
            mistake(CAMPAIGN, heading, "«:::\n# H", "unopened-block", "leave the line out"),
            mistake(CAMPAIGN, heading, "::: hero\n# H\n:::\n«:::", "unopened-block", "leave the line out"),
            mistake(CAMPAIGN, heading, "::: offer save\n:::\n\n«::: offer save\n:::", "duplicate-offer", "link to the first one: `[](cta:save)`"),
            mistake(CAMPAIGN, heading, "::: offer guide\n:::\n::: hero\n«::: offer guide\n:::\n:::", "duplicate-offer", "link to the first one"),
            mistake(CAMPAIGN, heading, "«::: offer saev\n:::", "unknown-cta", "did you mean `save`?"),
            mistake(CAMPAIGN, heading, "«::: offer\n:::", "bad-block-attribute", "`::: offer guide`"),
            mistake(CAMPAIGN, heading, "::: quote «by=“Amina”\n:::", "bad-block-attribute", "straight quotes"),
            mistake(CAMPAIGN, heading, "::: quote «by=\"Amina\n:::", "bad-block-attribute", "write `key=\"value\"`"),
            mistake(CAMPAIGN, heading, "::: quote by=a «by=b\n:::", "bad-block-attribute", "given twice"),
            mistake(CAMPAIGN, heading, "::: «Hero\n:::", "bad-block-attribute", "`::: hero`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn links_to_missing_pages_anchors_and_files_are_refused_at_the_link() {
    let link = "(/prices.md#teams)";
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, link, "(«/price.md#teams)", "broken-link", "did you mean `/prices.md`?"),
            mistake(CAMPAIGN, link, "(«prices.md)", "broken-link", "did you mean `/prices.md`?"),
            mistake(CAMPAIGN, link, "(«../../prices.md)", "broken-link", "there is no page"),
            mistake(CAMPAIGN, link, "(«/prices.md#team)", "missing-anchor", "did you mean `teams`?"),
            mistake(CAMPAIGN, link, "(«#nowhere)", "missing-anchor", "on this page"),
            mistake(CAMPAIGN, link, "(«guid.pdf)", "broken-link", "did you mean `guide.pdf`?"),
            mistake(CAMPAIGN, link, "(«/prices/)", "broken-link", "pages are linked by their file: write `/prices.md`"),
            mistake(CAMPAIGN, link, "(«sales.md)", "broken-link", "there is no page"),
            mistake(CAMPAIGN, "Read the [prices]", "![A team](«team.jpg) [prices]", "broken-link", "there is no image `team.jpg`"),
            mistake(CAMPAIGN, "ctas:\n", "image: «team.jpg\nctas:\n", "broken-link", "put the file there, as `content/spring/team.jpg`"),
            mistake(CAMPAIGN, "ctas:\n", "image: «/team.jpg\nctas:\n", "broken-link", "as `content/team.jpg` or `static/team.jpg`"),
            mistake(CAMPAIGN, "file: guide.pdf", "file: «guid.pdf", "broken-link", "did you mean `guide.pdf`?"),
            mistake(CAMPAIGN, "after_end: /prices.md", "after_end: «/price.md", "broken-link", "did you mean `/prices.md`?"),
            mistake(CAMPAIGN, "after_end: /prices.md", "after_end: «index.md", "broken-link", "name another page"),
            mistake(SITE, "page: /prices.md", "page: «/price.md", "broken-link", "did you mean `/prices.md`?"),
            mistake(SITE, "{ name: Kazi Ltd,", "{ logo: «logo.svg, name: Kazi Ltd,", "broken-link", "there is no file `logo.svg`"),
            mistake(CAMPAIGN, "Read the", "A note[^1]. «[^2] Read the\n\n[^1]: x", "missing-footnote", "write `[^2]: …`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn addresses_in_front_matter_are_https_however_another_scheme_is_disguised() {
    for disguised in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "\"java\\tscript:alert(1)\"",
        "\"java\\nscript:alert(1)\"",
        "\"  javascript:alert(1)\"",
        "data:text/html;x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://kazi.example/x",
        "ftp://kazi.example/",
        "view-source:https://kazi.example/",
    ] {
        let (coupon, url) = (format!("url: «{disguised}"), format!("url: «{disguised}"));
        let (navigation, endpoint) = (
            format!("{{ label: Prices, url: «{disguised} }}"),
            format!("endpoint: «{disguised} }}"),
        );
        let says = "only `https`, `http`, `mailto` and `tel`";
        each_is_refused(
            &Site::new(),
            &[
                mistake(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", &coupon, "unsafe-scheme", says),
                mistake(CAMPAIGN, "url: https://cal.example.com/kazi", &url, "unsafe-scheme", says),
                mistake(SITE, "{ label: Prices, page: /prices.md }", &navigation, "unsafe-scheme", says),
                mistake(SITE, "endpoint: https://forms.kazi.example/leads }", &endpoint, "unsafe-scheme", says),
            ],
        );
    }
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «//cal.example.com/kazi", "bad-url", "write `https://cal.example.com/kazi`"),
            mistake(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «cal.example.com/kazi", "bad-url", "write `https://cal.example.com/kazi`"),
            mistake(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «https://", "bad-url", "is no address"),
            mistake(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", "url: «javascript:{code}", "unsafe-scheme", "only `https`"),
            mistake(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", "url: «\"{code}:alert(1)\"", "unsafe-scheme", "only `https`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn addresses_in_markdown_are_safe_however_another_scheme_is_disguised() {
    let rows = [
        "[x](«javascript:alert(1))",
        "[x](«JAVASCRIPT:alert(1))",
        "[x](<«java\tscript:alert(1)>)",
        "[x](<« javascript:alert(1)>)",
        "«[x](&#106;avascript:alert(1))",
        "«[x](javascript&colon;alert(1))",
        "«[x](&Tab;javascript:alert(1))",
        "«[x](jav&#x09;ascript:alert(1))",
        "«[x](&NewLine;javascript:alert(1))",
        "«[x][r]\n\n[r]: javascript:alert(1)",
        "«[r]\n\n[r]: javascript:alert(1)",
        "<«javascript:alert(1)>",
        "<«data:text/html,x>",
        "![x](«javascript:alert(1))",
        "![x](«data:image/svg+xml,x)",
        "«![x](javascript&colon;alert(1))",
        "[![x](«vbscript:x)](/prices.md)",
        "[x](«file:///etc/passwd)",
        "::: hero\n[x](«javascript:alert(1))\n:::",
    ];
    let says = "only `https`, `http`, `mailto` and `tel`";
    let mistakes = rows.map(|new| {
        mistake(CAMPAIGN, "Read the [prices](/prices.md#teams).", new, "unsafe-scheme", says)
    });
    let site = Site::new();
    each_is_refused(&site, &mistakes);
    each_is_refused(
        &site,
        &[
            mistake(CAMPAIGN, "/prices.md#teams", "«//evil.example/", "bad-url", "write `https://evil.example/`"),
            mistake(CAMPAIGN, "/prices.md#teams", "«\\javascript:alert(1)", "bad-url", "is no address"),
            mistake(CAMPAIGN, "/prices.md#teams", "«https://", "bad-url", "is no address"),
            mistake(CAMPAIGN, "/prices.md#teams", "«%6Aavascript:alert(1)", "broken-link", "there is no file"),
            mistake(CAMPAIGN, "Read the", "![x](«mailto:a@kazi.example) Read the", "bad-url", "name an image file"),
        ],
    );
}

#[test]
fn addresses_without_encryption_are_a_warning_at_their_place() {
    for (file, old, new) in [
        (CAMPAIGN, "url: https://cal.example.com/kazi", "url: «http://cal.example.com/kazi"),
        (CAMPAIGN, "url: https://shop.example.com/", "url: «http://shop.example.com/"),
        (CAMPAIGN, "(/prices.md#teams)", "(«http://kazi.example.com/)"),
        (CAMPAIGN, "Read the", "![x](«http://kazi.example.com/x.png)"),
        (SITE, "page: /prices.md", "url: «http://kazi.example.com/"),
    ] {
        let site = Site::new();
        let marked = site.read(file).replacen(old, new, 1);
        let site = site.file(file, &marked.replace('«', ""));
        let warning = site.build().warning();
        let told = (warning.is_error, &*warning.rule, warning.place);
        assert_eq!(told, (false, "insecure-url", place(file, &marked)));
        assert!(warning.text.contains("write `https://`"), "{}", warning.text);
    }
}

#[test]
#[rustfmt::skip]
fn a_cta_address_leaves_utm_content_to_the_lead_tag() {
    let coupon = "url: https://shop.example.com/buy?coupon={code}";
    let trial = "url: https://cal.example.com/kazi";
    let says = "leave `utm_content` out";
    each_is_refused(
        &Site::new(),
        &[
            mistake(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?a=b&utm_content=x", "reserved-utm-content", says),
            mistake(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?utm_content={code}", "reserved-utm-content", says),
            mistake(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?utm%5Fcontent=x", "reserved-utm-content", says),
            mistake(CAMPAIGN, trial, "url: «https://cal.example.com/kazi?utm_content", "reserved-utm-content", says),
            mistake(CAMPAIGN, trial, "url: «https://cal.example.com/kazi?a&utm_content=#x", "reserved-utm-content", says),
        ],
    );
}

/// Two sources of one path: an error that names both.
#[track_caller]
fn assert_clash(site: Site, one: &str, other: &str) {
    let run = site.build().failed(1);
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    assert_eq!(problems[0].rule, "path-clash");
    for source in [one, other] {
        assert!(problems[0].text.contains(&format!("`{source}`")), "`{source}` in {}", run.stderr);
    }
    assert!(problems[0].text.contains("rename one of the two"), "{}", run.stderr);
    assert!(site.output().is_empty(), "something was written");
}

/// The site with a file more, unless it has it already.
fn with_page(site: Site, path: &str) -> Site {
    if site.path(path).exists() { site } else { site.file(path, "---\ntitle: T\n---\n") }
}

#[test]
fn two_sources_of_one_path_are_refused_and_both_are_named() {
    let both = |one: &str, other: &str| {
        let site = [one, other].into_iter().fold(Site::new(), with_page);
        assert_clash(site, one, other);
    };
    both("content/a.md", "content/a/index.md");
    both("content/été.md", "content/e\u{301}te\u{301}.md");
    both("content/été.md", "content/ete.md");
    both("content/b/x y.md", "content/b/x-y.md");
    both("static/spring/index.html", CAMPAIGN);
    both("static/spring/via/acme/index.html", CAMPAIGN);
    both("static/spring/thanks/guide/index.html", CAMPAIGN);
}

#[test]
fn paths_that_differ_only_in_case_or_unicode_form_clash() {
    let both = |one: &str, other: &str| {
        let site = [one, other].into_iter().fold(Site::new(), with_page);
        // A file system may know no difference itself; then there is only one source.
        if site.path(one).canonicalize().unwrap() != site.path(other).canonicalize().unwrap() {
            assert_clash(site, one, other);
        }
    };
    both("content/offer.md", "content/Offer.md");
    both("static/terms.pdf", "static/TERMS.pdf");
    both("static/café.pdf", "static/cafe\u{301}.pdf");
    both("static/É.txt", "static/e\u{301}.txt");
    both("static/Docs/a.txt", "static/docs");
    both("static/SPRING/index.html", CAMPAIGN);
}

#[test]
#[rustfmt::skip]
fn an_alias_takes_no_path_that_something_else_has() {
    let rows = [
        ("[«/spring/]", "content/spring/index.md"),
        ("[«/Spring]", "content/spring/index.md"),
        ("[«/spring/via/acme/]", "content/spring/index.md"),
        ("[«/prices/]", "content/prices.md"),
        ("[/old/, «/OLD/]", "an alias in `content/prices.md`"),
        ("[/e\u{301}/, «/é/]", "an alias in `content/prices.md`"),
        ("[«/sitemap.xml]", "the sitemap"),
        ("[«/go/x/]", "the folder of the short links"),
        ("[«/theme/]", "the folder of the theme's files"),
    ];
    let new = rows.map(|(aliases, _)| format!("title: Prices\naliases: {aliases}"));
    let mistakes: Vec<_> = rows
        .iter()
        .zip(&new)
        .map(|((_, says), new)| mistake(PAGE, "title: Prices", new, "path-clash", says))
        .collect();
    each_is_refused(&Site::new(), &mistakes);
    let site = Site::new().file("content/third.md", "---\ntitle: T\naliases: [/old/]\n---\n");
    let new = "title: Prices\naliases: [«/old]";
    let run = site
        .edit(PAGE, "title: Prices", "title: Prices\naliases: [/old]")
        .build();
    // Either of the two may be marked; both are named.
    assert_eq!(run.problems().len(), 1, "{}", run.stderr);
    for place in [
        place(PAGE, &PRICES.replace("title: Prices", new)),
        "content/third.md:3:11".to_owned(),
    ] {
        assert!(run.stderr.contains(&place), "{}", run.stderr);
    }
    for outside in ["/../etc/", "https://kazi.example/x", "/a//b/", "/x?y"] {
        let new = format!("title: Prices\naliases: [\"«{outside}\"]");
        each_is_refused(
            &Site::new(),
            &[mistake(PAGE, "title: Prices", &new, "bad-url", "write the old path")],
        );
    }
}

#[test]
fn names_kept_for_languages_are_refused() {
    let site = Site::new().file("content/offer.de.md", "---\ntitle: T\n---\n");
    assert_only_error(&site.build(), "reserved-name", "content/offer.de.md", "languages are not supported yet");
}

#[test]
fn two_campaigns_of_one_id_are_refused() {
    let site = Site::new().file("content/sub/spring.md", &SPRING.replace("guide.pdf", "/spring/guide.pdf"));
    let run = site.build().failed(1);
    assert_eq!(run.problems()[0].rule, "duplicate-campaign");
    assert!(run.stderr.contains("give one of them another `campaign: …`"), "{}", run.stderr);
    for page in [CAMPAIGN, "content/sub/spring.md"] {
        assert!(run.stderr.contains(page), "{}", run.stderr);
    }
}

#[test]
fn a_template_error_names_the_template_its_line_and_the_page_and_is_told_once() {
    let hero = "themes/launch/blocks/hero.html";
    let site = Site::new().edit(PAGE, "# Prices", "::: hero\n# Prices\n:::").edit(
        CAMPAIGN,
        "# Hire in days",
        "::: hero\n# Hire in days\n:::",
    );
    site.build().clean();
    let before = site.output();
    let site = site.file(hero, "<div>\n{{ body }}\n{{ page.titel.x }}\n</div>\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:3:9"), "while drawing `content/");
    let site = site.file(hero, "<div>\n{{ body }\n</div>\n");
    let run = site.build().failed(1);
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    assert_eq!(problems[0].rule, "template-error");
    assert!(problems[0].place.starts_with(&format!("{hero}:2:")), "{}", run.stderr);
    let site = site.file(hero, "<div>\n{{ body | shout }}\n</div>\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:2:11"), "shout");
    let site = site.file(hero, "<img src=\"{{ asset(path=\"her.jpg\") }}\">\n");
    assert_only_error(
        &site.build(),
        "template-error",
        &format!("{hero}:1:14"),
        "the theme has no file `assets/her.jpg`",
    );
    let site = site.file(hero, "{% extends \"hreo.html\" %}\n");
    assert_only_error(&site.build(), "template-error", &format!("{hero}:1:13"), "there is no template `hreo.html`");
    assert_eq!(site.output(), before);
}

#[test]
fn two_broken_templates_are_both_told() {
    let site =
        Site::new().file("themes/launch/blocks/hero.html", "{{ body }\n").file("themes/launch/page.html", "{% if %}\n");
    let run = site.build().failed(1);
    for template in ["themes/launch/blocks/hero.html:1:", "themes/launch/page.html:1:"] {
        assert!(run.problems().iter().any(|problem| problem.place.starts_with(template)), "{}", run.stderr);
    }
}

#[test]
fn a_style_sheet_that_refers_to_nothing_is_refused() {
    let css = "themes/launch/assets/more.css";
    let site = Site::new().file(css, "a { color: red }\nb { background: url(paper.png) }\n");
    assert_only_error(&site.build(), "missing-asset", &format!("{css}:2:21"), "no file `assets/paper.png`");
    let site = site.file(css, "a { color: red }\n} b { color: red }\n");
    let run = site.build().failed(1);
    assert!(run.problems()[0].place.starts_with(&format!("{css}:2:")), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_site_are_refused() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let outside = site.root().parent().unwrap().join("outside");
    std::fs::create_dir_all(outside.join("folder")).unwrap();
    std::fs::write(outside.join("secret.md"), "---\ntitle: Secret\n---\n").unwrap();
    for (at, to) in [
        ("content/secret.md", outside.join("secret.md")),
        ("content/secret.pdf", outside.join("secret.md")),
        ("content/sales.md", outside.join("secret.md")),
        ("content/folder", outside.join("folder")),
        ("content/all", outside.clone()),
        ("static/secret.txt", outside.join("secret.md")),
        ("themes/launch/page.html", outside.join("secret.md")),
        ("content/relative.md", "../../outside/secret.md".into()),
        ("content/etc", "/etc".into()),
        ("content/loop", "../content".into()),
        ("content/itself", "itself".into()),
        ("content/nowhere", "nothing-here".into()),
    ] {
        let link = site.path(at);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&to, &link).unwrap();
        let run = site.build();
        std::fs::remove_file(&link).unwrap();
        assert_only_error(&run, "bad-symlink", at, "cop");
        assert_eq!(site.output(), before, "{at}");
    }
}

#[cfg(unix)]
#[test]
fn the_folders_of_a_site_may_not_be_links_out_of_it() {
    for name in ["content", "static", "themes", "site.yaml", "lead-tags.csv"] {
        let site = Site::new().file("static/a.txt", "a").file("themes/launch/blocks/x.html", "x");
        site.build().clean();
        let outside = site.root().parent().unwrap().join(name);
        std::fs::rename(site.path(name), &outside).unwrap();
        std::os::unix::fs::symlink(&outside, site.path(name)).unwrap();
        let run = site.build().failed(1);
        let told = run.problems().into_iter().any(|problem| problem.rule == "bad-symlink" && problem.place == name);
        assert!(told, "{name}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn links_within_the_site_are_followed() {
    let site = Site::new();
    std::os::unix::fs::symlink("prices.md", site.path("content/costs.md")).unwrap();
    let run = site.build().clean();
    assert_eq!(run.page("costs/").the("h1").text, "Prices");
}

#[test]
#[rustfmt::skip]
fn a_damaged_register_is_refused_at_its_place_and_never_guessed_at() {
    let site = Site::new();
    site.build().clean();
    let register = site.read(REGISTER);
    let row = register
        .lines()
        .find(|line| line.starts_with("spring_guide_acme,"))
        .unwrap();
    let cells: Vec<_> = row.split(',').collect();
    let with = |cell: usize, text: &str| {
        let mut cells = cells.clone();
        cells[cell] = text;
        cells.join(",")
    };
    let code = format!(
        "«{}",
        if cells[8] == "0000000000" {
            "1111111111"
        } else {
            "0000000000"
        }
    );
    let rows = [
        (with(0, "«spring_guide"), "is no lead tag"),
        (with(0, "«spring_guide_acme_b"), "a fourth part is reserved"),
        (with(1, "«summer"), "the lead tag says `spring`"),
        (with(2, "«guid"), "the lead tag says `guide`"),
        (with(3, "«downlod"), "did you mean `download`?"),
        (with(4, "«direct"), "the lead tag says `acme`"),
        (with(8, &code), &*format!("write `{}`", cells[8])),
        (with(9, "«15/03/2027"), "like `2027-03-31`"),
        (with(9, "«2027-02-30"), "like `2027-03-31`"),
        (with(10, "«2027-01-01"), "ends before it begins"),
        (format!("«{row},more"), "12 cells, and not 11"),
        ("«spring_guide_acme".to_owned(), "1 cell, and not 11"),
        (with(5, "«\"Download the guide"), "a quote is never closed"),
        (format!("«<<<<<<< HEAD\n{row}"), "keep the lines of both sides"),
        (format!("{row}\n{}", with(9, "«2027-03-16")), "has two open rows"),
    ];
    let mistakes: Vec<_> = rows
        .iter()
        .map(|(new, says)| mistake(REGISTER, row, new, "bad-register", says))
        .collect();
    each_is_refused(&site, &mistakes);
    each_is_refused(
        &site,
        &[
            mistake(REGISTER, "tag,campaign", "«lead,campaign", "bad-register", "column `tag` belongs here"),
            mistake(REGISTER, &register, "«\0", "forbidden-character", "delete it"),
        ],
    );
}

#[test]
fn a_register_that_is_not_utf8_is_refused() {
    let site = Site::new();
    site.build().clean();
    let site = site.bytes(REGISTER, b"tag,camp\xe9ign\n");
    assert_only_error(&site.build(), "not-utf8", "lead-tags.csv:1:9", "UTF-8");
    assert_eq!(std::fs::read(site.path(REGISTER)).unwrap(), b"tag,camp\xe9ign\n");
}

/// Hostile input must end soon, even in a debug build on a busy machine, and not by a crash.
#[track_caller]
fn ends_soon(site: &Site) -> Run {
    let run = site.finish_within(Duration::from_secs(10), &mut site.command(&["build"]));
    assert!(run.code.is_some(), "it crashed or took too long: {}", beginning(&run));
    run
}

fn beginning(run: &Run) -> String {
    run.stderr.chars().take(2000).collect()
}

const MANY: usize = 10_000;

#[test]
fn a_bomb_of_yaml_aliases_is_refused_soon() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\nextra:\n  x: 1\n{bomb}---\n"));
    assert_only_error(&ends_soon(&site).failed(1), "yaml-alias", "content/prices.md:5:5", "not supported");
    let site = Site::new().file(SITE, &format!("{}{bomb}", crate::support::SITE));
    assert!(ends_soon(&site).failed(1).stderr.contains("error[yaml-alias]"));
}

#[test]
fn ten_thousand_blocks_inside_each_other_are_refused_soon() {
    let open = "::: hero\n".repeat(MANY);
    for body in
        [open.clone(), format!("{open}{}", ":::\n".repeat(MANY)), format!("{open}x\n{}", ":::\n".repeat(MANY / 2))]
    {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{body}"));
        let run = ends_soon(&site).failed(1);
        let told = run
            .problems()
            .into_iter()
            .any(|problem| problem.rule == "nesting-too-deep" && problem.place == "content/prices.md:20:1");
        assert!(told, "{}", run.stderr);
    }
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{}", ":::\n".repeat(MANY)));
    assert!(ends_soon(&site).failed(1).stderr.contains("unopened-block"));
}

#[test]
fn ten_thousand_quotes_and_lists_inside_each_other_are_refused_soon() {
    let stairs: String = (0..200).map(|level| format!("{}- a\n", "  ".repeat(level))).collect();
    let emphasis = format!("{}{}", "*a ".repeat(MANY), "b* ".repeat(MANY));
    let images = format!("{}x{}", "![".repeat(MANY), "](y)".repeat(MANY));
    for body in [">".repeat(MANY), "> ".repeat(MANY), "- ".repeat(MANY), "1. ".repeat(MANY), stairs, emphasis, images] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{body}a\n"));
        let run = ends_soon(&site).failed(1);
        assert!(run.stderr.contains("error[nesting-too-deep]"), "{}", beginning(&run));
    }
}

#[test]
fn ten_thousand_brackets_in_yaml_are_refused_soon() {
    let stairs: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level + 2))).collect();
    let flow = |open: &str, close: &str| format!("  x: {}{}\n", open.repeat(MANY), close.repeat(MANY));
    for extra in [flow("[", "]"), flow("{a: ", "}"), flow("[", ""), flow("- ", ""), flow("? ", ""), stairs] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\nextra:\n{extra}---\n"));
        ends_soon(&site).failed(1);
        let site = Site::new().file(SITE, &format!("{}theme_options:\n{extra}", crate::support::SITE));
        ends_soon(&site).failed(1);
    }
}

#[test]
fn ten_thousand_of_anything_in_markdown_end_soon() {
    let mut slow = Vec::new();
    for piece in [
        "[",
        "![",
        "[a](",
        "](",
        "a](b ",
        "[^a]",
        "[^a]: b\n\n",
        "`",
        "``a",
        "<b>",
        "<b",
        "<!--",
        "<!-- --> ",
        "<?",
        "<![CDATA[",
        "~~a",
        "**a",
        "*",
        "_a ",
        "&amp;",
        "\\",
        "<https://kazi.example/>",
        "|a",
        "# a\n",
        "- a\n",
        "[a]: b\n",
        "![a](b)",
        "{#a}",
        "```\n",
        "\t",
        "\u{2028}",
        "(cta:save)",
        "[](cta:spring/save)",
    ] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{}\n", piece.repeat(MANY)));
        let run = site.finish_within(Duration::from_secs(10), &mut site.command(&["build"]));
        if !matches!(run.code, Some(0 | 1)) {
            slow.push(piece);
        }
    }
    assert_eq!(slow, [""; 0]);
}

#[test]
fn ten_thousand_elements_of_raw_html_inside_each_other_are_refused_soon() {
    let site = Site::new()
        .edit(SITE, "title: Kazi", "title: Kazi\nmarkdown: { raw_html: true }")
        .file(PAGE, &format!("---\ntitle: T\n---\n{}\n", "<div>".repeat(MANY)));
    let run = ends_soon(&site).failed(1);
    assert!(run.stderr.contains("error[nesting-too-deep]"), "{}", beginning(&run));
}

#[test]
fn a_block_with_ten_thousand_attributes_ends_soon() {
    let attributes: String = (0..MANY).map(|number| format!(" a{number}=b")).collect();
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n::: quote{attributes}\n:::\n"));
    ends_soon(&site);
}

#[test]
fn places_that_hold_more_than_a_built_site_are_refused_and_not_touched() {
    let site = Site::new().file("static/a.txt", "a").file("elsewhere/note.txt", "mine");
    site.build().clean();
    let before = crate::support::bytes_below(&site.root());
    let home = site.root().parent().unwrap().join("home");
    std::fs::create_dir(&home).unwrap();
    let root = site.root();
    let ancestor = root.parent().unwrap();
    for (place, because) in [
        (std::path::Path::new("/"), "it is the root of the file system"),
        (&home, "it is your home folder"),
        (&root, "it is the folder of the site"),
        (ancestor, "home folder"),
        (&root.join("content"), "the site's `content/`"),
        (&root.join("content/spring"), "it is in the site's `content/`"),
        (&root.join("static"), "the site's `static/`"),
        (&root.join("themes"), "the site's `themes/`"),
        (&root.join("elsewhere"), "note.txt"),
        (&root.join("site.yaml"), "site.yaml"),
    ] {
        for option in ["--output", "--sales"] {
            let mut command = site.command(&["build", option, place.to_str().unwrap()]);
            let run = site.finish(command.env("HOME", &home)).failed(2);
            assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
            assert!(run.stderr.contains(because), "{option} {}: {}", place.display(), run.stderr);
            assert_eq!(crate::support::bytes_below(&root), before, "{option} {}", place.display());
        }
    }
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0);
}

#[test]
fn an_ancestor_of_the_site_is_refused_where_it_is_not_the_home_folder_s_too() {
    let site = Site::new();
    let ancestor = site.root().parent().unwrap().to_owned();
    let run = site.run(&["build", "--output", ancestor.to_str().unwrap()]).failed(2);
    assert!(run.stderr.contains("it holds the folder of the site"), "{}", run.stderr);
}

#[test]
fn sales_files_never_go_into_the_public_folder() {
    let site = Site::new();
    let root = site.root();
    for (output, sales) in
        [("public", "public/desk"), ("public", "public"), ("public", "x/../public"), ("sales/public", "sales")]
    {
        let (output, sales) = (root.join(output), root.join(sales));
        let run = site.run(&["build", "--output", output.to_str().unwrap(), "--sales", sales.to_str().unwrap()]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(site.output().is_empty());
    }
}

#[test]
fn a_site_that_is_not_there_or_a_wrong_option_is_no_fault_of_the_content() {
    let site = Site::new();
    for args in [
        &["build", "--date", "31/03/2027"][..],
        &["build", "--base-url", "http://kazi.example/"],
        &["build", "--colour"],
        &["bild"],
        &["check", "--output", "x"],
    ] {
        let run = site.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
    }
    assert!(site.output().is_empty());
    let site = site.remove("site.yaml");
    let run = site.build();
    assert_only_error(&run, "missing-site", "site.yaml", "name the site's folder with `--root`");
}

#[cfg(unix)]
#[test]
fn a_full_disk_fails_the_build_and_loses_nothing() {
    use std::process::Command;
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let long = "A long page. ".repeat(2_000);
    let site = site.edit(PAGE, "## Teams", &format!("{long}\n\n## Teams"));
    let build = site.command(&["build"]);
    // A file may have one block; the signal that comes with more is ignored, so that writing fails instead.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
    limited.arg(build.get_program()).args(build.get_args());
    let run = site.finish(&mut limited).failed(2);
    assert!(run.stderr.starts_with("error: cannot write"), "{}", run.stderr);
    assert_eq!(site.output(), before);
    site.build().clean();
    assert!(site.build().public("prices/").contains("A long page."));
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_fails_the_build_and_loses_nothing() {
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let site = site.edit(PAGE, "# Prices", "# New prices");
    // Not even root makes a folder here.
    for option in ["--output", "--sales"] {
        let run = site.run(&["build", option, "/proc/tagline"]).failed(2);
        assert!(run.stderr.starts_with("error: cannot "), "{}", run.stderr);
        assert_eq!(site.output(), before, "{option}");
    }
}

#[test]
fn a_control_character_hides_no_scheme() {
    let site = Site::new().file(PAGE, "---\ntitle: T\n---\n[x](&#1;javascript:alert(1))\n");
    let rules: Vec<String> = site.build().failed(1).problems().into_iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, ["forbidden-character", "unsafe-scheme"]);
    let site = Site::new().edit(CAMPAIGN, "url: https://cal.example.com/kazi", "url: \"\\x01javascript:alert(1)\"");
    let rules: Vec<String> = site.build().failed(1).problems().into_iter().map(|problem| problem.rule).collect();
    assert!(rules.iter().any(|rule| rule == "unsafe-scheme"), "{rules:?}");
}

#[test]
fn characters_that_slots_are_made_of_come_in_by_no_way() {
    for text in ["a &#xFDD0; 0&#xFDD1; b", "[a](b.md \"&#xFDD0;\")", "![&#xFDD0;](x.png)"] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{text}\n"));
        let run = site.build().failed(1);
        assert!(run.problems().iter().any(|problem| problem.rule == "forbidden-character"), "{}", run.stderr);
    }
    let site = Site::new().file(PAGE, "---\ntitle: \"a \\uFDD0 0\\uFDD1\"\n---\n");
    let run = site.build().failed(1);
    assert!(run.problems().iter().any(|problem| problem.rule == "forbidden-character"), "{}", run.stderr);
}
