//! Errors in front matter: delimiters, ids, dates, products and calls to action.

use crate::support::{
    CAMPAIGN, CAMPAIGN_TEXT, InvalidEdit, PAGE, PAGE_TEXT, SITE, Site, assert_each_rejected, assert_only_error,
    invalid, place_of_mark,
};

#[test]
#[rustfmt::skip]
fn missing_unclosed_empty_or_large_front_matter_is_an_error() {
    let (front, body) = ("---\ntitle: Prices\nsummary: What it costs.\n---\n", PAGE_TEXT.split_once("---\n\n").unwrap().1);
    let large = format!(
        "«---\ntitle: Prices\nextra: {{ x: \"{}\" }}\n---\n",
        "x".repeat(64 * 1024)
    );
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, front, "---\ntitle: Prices\n«", "bad-front-matter", "write `---` on a line of its own"),
            invalid(PAGE, front, "«", "bad-front-matter", "begin the file with `---`"),
            invalid(PAGE, PAGE_TEXT, "«", "bad-front-matter", "begin the file with `---`"),
            invalid(PAGE, PAGE_TEXT, "«---", "bad-front-matter", "write `---` on a line of its own"),
            invalid(PAGE, front, "«---\n---\n", "bad-front-matter", "write `title: …`"),
            invalid(PAGE, front, "«---\n  \n---\n", "bad-front-matter", "write `title: …`"),
            invalid(PAGE, front, &large, "bad-front-matter", "at most 64 kB"),
            invalid(CAMPAIGN, "  save:", "«\tsave:", "yaml-tab", "use spaces"),
            invalid(CAMPAIGN, "    label: Book", "  «\tlabel: Book", "yaml-tab", "use spaces"),
            invalid(SITE, "  crm:", "«\tcrm:", "yaml-tab", "use spaces"),
        ],
    );
    assert!(body.starts_with("# Prices"));
}

#[test]
#[rustfmt::skip]
fn front_matter_that_begins_or_ends_otherwise_is_one_error_that_says_how() {
    const RULE: &str = "bad-front-matter";
    let front = "---\ntitle: Prices\nsummary: What it costs.\n---\n";
    let hyphens = "write the three hyphens `---` and nothing else on this line";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "---\ntitle", "«— — —\ntitle", RULE, hyphens),
            invalid(PAGE, "---\ntitle", "«———\ntitle", RULE, hyphens),
            invalid(PAGE, "---\ntitle", "«----\ntitle", RULE, hyphens),
            invalid(PAGE, "---\ntitle", "«***\ntitle", RULE, hyphens),
            invalid(PAGE, "costs.\n---", "costs.\n«———", RULE, hyphens),
            invalid(PAGE, "costs.\n---", "costs.\n«___", RULE, hyphens),
            invalid(PAGE, "costs.\n---", "costs.\n«...", RULE, hyphens),
            invalid(PAGE, "costs.\n---\n", "costs.\n«\n", RULE, "write `---` on a line of its own before this one"),
            invalid(PAGE, front, "«+++\ntitle = \"Prices\"\n+++\n", RULE, "is TOML"),
            invalid(PAGE, front, "«{ \"title\": \"Prices\" }\n", RULE, "is JSON"),
            invalid(PAGE, front, "«```\ntitle: Prices\n```\n", RULE, "is in a code block"),
            invalid(PAGE, "---\ntitle", "«title", RULE, "write a line `---` above this one"),
            invalid(PAGE, "---\ntitle", "«\n---\ntitle", RULE, "an empty line above"),
            invalid(PAGE, "---\ntitle", "« ---\ntitle", RULE, "delete the space"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn id_that_is_not_a_slug_of_at_most_40_characters_is_an_error() {
    let long = format!("campaign: «{}\nsummary: S", "x".repeat(41));
    let long_channel = format!(
        "channels:\n  «{}: {{ label: O, source: o, medium: m }}\n",
        "x".repeat(41)
    );
    let site = Site::new();
    assert_each_rejected(
        &site,
        &[
            invalid(CAMPAIGN, "  trial:", "  «free_trial:", "bad-id", "write `free-trial`"),
            invalid(CAMPAIGN, "summary: S", "campaign: «Spring Hiring\nsummary: S", "bad-id", "write `spring-hiring`"),
            invalid(CAMPAIGN, "summary: S", "was: [«Été]\nsummary: S", "bad-id", "write `ete`"),
            invalid(CAMPAIGN, "summary: S", "slug: «-x\nsummary: S", "bad-id", "write `x`"),
            invalid(CAMPAIGN, "summary: S", &long, "bad-id", "at most 40 characters"),
            invalid(SITE, "channels:\n", &long_channel, "bad-id", "at most 40 characters"),
            invalid(SITE, "channels:\n", "channels:\n  «news_2: { label: O, source: o, medium: m }\n", "bad-id", "write `news-2`"),
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
fn date_that_is_not_year_month_day_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «31/03/2027", "bad-date", "write 2027-03-31"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «31.3.2027", "bad-date", "write 2027-03-31"),
            invalid(CAMPAIGN, "starts: 2027-03-01", "starts: «2027-3-1", "bad-date", "write 2027-03-01"),
            invalid(CAMPAIGN, "starts: 2027-03-01", "starts: «2027-02-30", "bad-date", "February has 28 days in 2027"),
            invalid(CAMPAIGN, "expires: 2027-03-31", "expires: «tomorrow", "bad-date", "as in 2027-03-31"),
            invalid(PAGE, "title: Prices", "title: Prices\ndate: «2027", "bad-date", "as in 2027-03-31"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-02-28", "dates-reversed", "ends before it starts"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn product_without_a_machine_readable_price_is_an_error() {
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
        ("name: Team, price: 49, currency: EUR, «colour: red", "unknown-key", "the keys are `name`, `price`, `currency` and `brand`"),
    ];
    let texts: Vec<_> = wrong.iter().map(|(keys, ..)| product(keys)).collect();
    let edits = texts.iter().zip(wrong).map(|(new, (_, rule, text))| invalid(CAMPAIGN, "ctas:\n", new, rule, text));
    assert_each_rejected(&Site::new(), &edits.collect::<Vec<_>>());
    let elsewhere = "title: Prices\nproduct: «{ name: Team, price: 49, currency: EUR }";
    assert_each_rejected(&Site::new(), &[invalid(PAGE, "title: Prices", elsewhere, "unknown-key", "add `ctas`")]);
}

#[test]
fn two_campaigns_with_one_id_are_an_error() {
    let site = Site::new().file("content/sub/spring.md", &CAMPAIGN_TEXT.replace("guide.pdf", "/spring/guide.pdf"));
    let run = site.build().failed(1);
    assert_eq!(run.problems()[0].rule, "duplicate-campaign");
    assert!(run.stderr.contains("give one of them another id with `campaign: …`"), "{}", run.stderr);
    for page in [CAMPAIGN, "content/sub/spring.md"] {
        assert!(run.stderr.contains(page), "{}", run.stderr);
    }
}

#[test]
#[rustfmt::skip]
fn call_to_action_without_exactly_one_kind_is_an_error() {
    let trial = "  trial:\n    label: Book a trial\n    booking:\n      url: https://cal.example.com/kazi";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, trial, "  «trial:\n    label: Book a trial", "bad-cta-kind", "add one of `coupon`, `download`, `booking`, `contact` and `event`"),
            invalid(CAMPAIGN, "    booking:", "    download: { file: guide.pdf }\n    «booking:", "bad-cta-kind", "split it into two calls to action"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "«url: https://cal.example.com/kazi\n      form: [email]", "bad-cta-kind", "exactly one of `form` and `url`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "«trial_length: 14 days", "bad-cta-kind", "exactly one of `form` and `url`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn contact_without_exactly_one_international_way_is_an_error() {
    let booking = "    booking:\n      url: https://cal.example.com/kazi\n";
    let long = format!("    contact: {{ whatsapp: \"+254 700 000000\", text: «\"{}\" }}\n", "too long ".repeat(200));
    let with = |contact: &'static str| invalid(CAMPAIGN, booking, contact, "", "");
    let site = Site::new();
    assert_each_rejected(
        &site,
        &[
            InvalidEdit { rule: "bad-cta-kind", text: "one of `whatsapp`, `phone` and `form`", ..with("    contact:\n      «{}\n") },
            InvalidEdit { rule: "bad-cta-kind", text: "make a call to action of each", ..with("    contact: { phone: \"+254 700 000000\", «form: [email] }\n") },
            InvalidEdit { rule: "bad-cta-kind", text: "`whatsapp` and `phone` at once", ..with("    contact: { «phone: \"+254 700 000000\", whatsapp: \"+254 700 000000\" }\n") },
            InvalidEdit { rule: "bad-cta-kind", text: "split it into two calls to action", ..with("    booking: { url: https://cal.example.com/ }\n    «contact: { phone: \"+254 700 000000\" }\n") },
            InvalidEdit { rule: "wrong-type", text: "`key: value` lines", ..with("    contact: «\"+254 700 000000\"\n") },
            InvalidEdit { rule: "empty-value", text: "write a value after `whatsapp:`", ..with("    contact: { «whatsapp: }\n") },
            InvalidEdit { rule: "unknown-key", text: "did you mean `whatsapp`?", ..with("    contact: { phone: \"+254 700 000000\", «whatsap: \"+254 700 000000\" }\n") },
            InvalidEdit { rule: "unknown-key", text: "leave this out", ..with("    contact: { phone: \"+254 700 000000\", «text: Hello }\n") },
            InvalidEdit { rule: "unknown-key", text: "leave this out", ..with("    contact: { form: [email], «text: Hello }\n") },
            InvalidEdit { rule: "unknown-key", text: "remove this key", ..with("    deliver_to: «crm\n    contact: { phone: \"+254 700 000000\" }\n") },
            InvalidEdit { rule: "bad-phone", text: "leave out the 0 that follows it: `+254 700 000000`", ..with("    contact: { phone: «0700 000000 }\n") },
            InvalidEdit { rule: "bad-phone", text: "write `+254 700 000000`", ..with("    contact: { whatsapp: «254 700 000000 }\n") },
            InvalidEdit { rule: "bad-phone", text: "write `+254700000000`", ..with("    contact: { whatsapp: «https://wa.me/254700000000 }\n") },
            InvalidEdit { rule: "bad-phone", text: "write `+44 20 7946 0000`", ..with("    contact: { phone: «\"+44 (0)20 7946 0000\" }\n") },
            InvalidEdit { rule: "bad-phone", text: "it has 16 digits, 7 to 15 are possible", ..with("    contact: { phone: «\"+1234567890123456\" }\n") },
            InvalidEdit { rule: "bad-phone", text: "`x` is not a digit", ..with("    contact: { phone: «\"+254 700 000000 x12\" }\n") },
            InvalidEdit { rule: "bad-contact-text", text: "end the text with words such as `My code:`", ..with("    contact: { whatsapp: \"+254 700 000000\", text: «\"My code is {code}\" }\n") },
            invalid(CAMPAIGN, booking, &long, "bad-contact-text", "at most 1800 are allowed"),
            InvalidEdit { rule: "empty-value", text: "this text is empty", ..with("    contact: { whatsapp: \"+254 700 000000\", text: «\" \" }\n") },
            InvalidEdit { rule: "bad-form-fields", text: "add `email` or `phone`", ..with("    contact: { form: «[name, message] }\n") },
        ],
    );
}

#[test]
#[rustfmt::skip]
fn form_without_contact_field_or_destination_is_an_error() {
    let site = Site::new();
    assert_each_rejected(
        &site,
        &[
            invalid(CAMPAIGN, "[name, email]", "«[name, company]", "bad-form-fields", "add `email` or `phone`"),
            invalid(CAMPAIGN, "[name, email]", "[name, «emial]", "bad-form-fields", "did you mean `email`?"),
            invalid(CAMPAIGN, "[name, email]", "[«shoe_size, email]", "bad-form-fields", "the fields are `name`"),
            invalid(CAMPAIGN, "    download:", "    deliver_to: «crn\n    download:", "unknown-destination", "did you mean `crm`?"),
            invalid(SITE, "deliver_to: crm", "deliver_to: «crn", "unknown-destination", "did you mean `crm`?"),
        ],
    );
    let form = place_of_mark(CAMPAIGN, &CAMPAIGN_TEXT.replace("[name, email]", "«[name, email]"));
    let run = site.edit(SITE, "  deliver_to: crm\n", "").build();
    assert_only_error(&run, "missing-destination", &form, "set `leads: { deliver_to: … }`");
}
