//! Values that machines compare: characters that nobody sees, lookalikes, HTML and paths of other systems in addresses, and
//! values of other programs.

use crate::support::{CAMPAIGN, PAGE, SITE, Site, assert_each_rejected, invalid};

#[test]
#[rustfmt::skip]
fn invisible_character_in_a_value_that_machines_compare_is_an_error_at_the_character() {
    const RULE: &str = "hidden-character";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "code: SPRING20", "code: SPRING20«\u{200b}", RULE, "type it again: `SPRING20`"),
            invalid(CAMPAIGN, "code: SPRING20", "code: «\u{feff}SPRING20", RULE, "a byte order mark (U+FEFF)"),
            invalid(CAMPAIGN, "acme: ACME20", "acme: AC«\u{ad}ME20", RULE, "a soft hyphen (U+00AD)"),
            invalid(CAMPAIGN, "buy?coupon={code}", "buy?coupon={code}«\u{2060}", RULE, "a word joiner (U+2060)"),
            invalid(CAMPAIGN, "https://cal.example.com/kazi", "mailto:a@kazi.example«\u{200c}", RULE, "U+200C"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: guide«\u{200b}.pdf", RULE, "type it again: `guide.pdf`"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: 2027-03-31«\u{200e}", RULE, "mark for the direction of text"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, acme«\u{a0}]", RULE, "a no-break space (U+00A0)"),
            invalid(CAMPAIGN, "  trial:", "  trial«\u{200b}x:", RULE, "U+200B"),
            invalid(CAMPAIGN, "summary:", "aliases: [/old«\u{200b}/]\nsummary:", RULE, "type it again: `/old/`"),
            invalid(CAMPAIGN, "summary:", "campaign: spring«\u{200b}\nsummary:", RULE, "type it again: `spring`"),
            invalid(CAMPAIGN, "(/prices.md#teams)", "(https://kazi.example/x«\u{200b})", RULE, "type it again: `https://kazi.example/x`"),
            invalid(SITE, "source: news", "source: news«\u{200b}", RULE, "type it again: `news`"),
            invalid(SITE, "medium: email", "medium: email, referrers: [kazi«\u{200b}.example]", RULE, "`kazi.example`"),
            invalid(SITE, "kazi.example/leads", "kazi.example/leads«\u{200b}", RULE, "`https://forms.kazi.example/leads`"),
            invalid(SITE, "owner: sales@kazi.example", "owner: sales@kazi.example«\u{202c}", RULE, "`sales@kazi.example`"),
            invalid(SITE, "base_url: https://kazi.example/", "base_url: https://kazi.example/«\u{200b}", RULE, "`https://kazi.example/`"),
            invalid(SITE, "timezone: Africa/Nairobi", "timezone: Africa/Nairobi«\u{a0}", RULE, "`Africa/Nairobi`"),
            invalid(CAMPAIGN, "code: SPRING20", "code: |\n        «SPRING20", RULE, "write `SPRING20` after the key"),
        ],
    );
}

#[test]
fn invisible_character_in_a_text_for_people_is_allowed() {
    let site = Site::new()
        .edit(CAMPAIGN, "title: Hire in days", "title: Hire\u{a0}in da\u{ad}ys")
        .edit(CAMPAIGN, "label: Book a trial", "label: Book a\u{200b} trial")
        .edit(SITE, "I agree.", "I\u{a0}agree.");
    site.check().clean();
}

#[test]
fn characters_that_belong_to_words_numbers_and_file_names_are_allowed() {
    let site = Site::new()
        .file("content/spring/Screen 10.00\u{202f}AM.pdf", "%PDF-1.7 a guide")
        .edit(CAMPAIGN, "file: guide.pdf", "file: Screen 10.00\u{202f}AM.pdf")
        .edit(CAMPAIGN, "code: SPRING20", "code: می\u{200c}خواهم")
        .edit(
            CAMPAIGN,
            "booking:\n      url: https://cal.example.com/kazi",
            "contact: { phone: \"+254\u{a0}700\u{202f}000000\" }",
        );
    site.build().ok();
}

#[test]
#[rustfmt::skip]
fn no_break_space_where_yaml_needs_a_space_is_an_error_at_the_space() {
    const RULE: &str = "hidden-character";
    let plain = "type a plain space";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "title: Prices", "title: Prices\ndraft:«\u{a0}true", RULE, plain),
            invalid(PAGE, "title: Prices", "title:«\u{a0}Prices", RULE, plain),
            invalid(PAGE, "title: Prices", "title«\u{a0}: Prices", RULE, plain),
            invalid(PAGE, "title: Prices", "title: Prices\ndraft: «\u{a0}true", RULE, "type it again: `true`"),
            invalid(CAMPAIGN, "channels: [newsletter, acme]", "channels:\n«\u{a0}\u{a0}- acme", RULE, plain),
            invalid(CAMPAIGN, "channels: [newsletter, acme]", "channels:\n  -«\u{a0}acme", RULE, plain),
            invalid(CAMPAIGN, "    label: Book a trial", "«\u{a0}\u{a0}\u{a0}\u{a0}label: Book a trial", RULE, plain),
            invalid(SITE, "timezone:", "timezone:«\u{3000}", RULE, plain),
            invalid(SITE, "  owner:", "«\u{2003}owner:", RULE, plain),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn html_in_an_address_is_an_error_with_the_address_to_write() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "url: https://shop.example.com/buy?", "url: «https://shop.example.com/buy?a=1&amp;", "bad-url", "write `https://shop.example.com/buy?a=1&coupon={code}`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «https://cal.example.com/kazi?a=1&#38;b=2", "bad-url", "kazi?a=1&b=2`"),
            invalid(SITE, "endpoint: https://forms.kazi.example/leads", "endpoint: «https://forms.kazi.example/leads?a=1&#x26;b=2", "bad-url", "leads?a=1&b=2`"),
            invalid(SITE, "page: /prices.md", "url: «https://a.example/?q=&quot;x&quot;", "bad-url", "`&quot;` is HTML"),
            invalid(CAMPAIGN, "[prices](/prices.md#teams)", "«[prices](https://a.example/?a=1&amp;amp;b=2)", "bad-url", "a=1&b=2`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «https://cal.example.com/kazi?a=1&ampv=2", "bad-url", "kazi?a=1&v=2`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «https://cal.example.com/kazi?a=1&amp%3Bv=2", "bad-url", "kazi?a=1&v=2`"),
            invalid(CAMPAIGN, "(/prices.md#teams)", "(«https://a.example/?a=1&amputm_source=b)", "bad-url", "a=1&utm_source=b`"),
            invalid(PAGE, "title: Prices", "title: Prices\naliases: [«/old&amp;x/]", "bad-url", "write `/old&x/`"),
        ],
    );
    // Markdown decodes these, and the last two are names of parameters.
    let site = Site::new()
        .edit(CAMPAIGN, "(/prices.md#teams)", "(https://a.example/?a=1&amp;b=2)")
        .edit(CAMPAIGN, "https://cal.example.com/kazi", "https://cal.example.com/kazi?a=1&copy=2&amp=3&amplitude=4");
    site.check().clean();
}

#[test]
fn encoded_placeholder_is_the_place_for_the_code() {
    for encoded in ["%7Bcode%7D", "%7bcode%7d", "%257Bcode%257D", "{code%7D"] {
        let site = Site::new().edit(CAMPAIGN, "coupon={code}", &format!("coupon={encoded}"));
        let run = site.build().clean();
        assert!(run.public("spring/index.html").contains("https://shop.example.com/buy?coupon=SPRING20"), "{encoded}");
    }
    let other = [invalid(
        CAMPAIGN,
        "url: https://shop.example.com/buy?coupon={code}",
        "url: «https://shop.example.com/buy?coupon=%7Bcoupon%7D",
        "bad-url",
        "write `https://shop.example.com/buy?coupon={code}`",
    )];
    assert_each_rejected(&Site::new(), &other);
}

#[test]
fn placeholder_of_another_program_is_an_error_with_ours() {
    let url = "url: https://shop.example.com/buy?coupon={code}";
    for written in ["{ code }", "%7B%20code%20%7D", "[code]", "<code>", "$code", "%code%", "{{code}}", "*|CODE|*"] {
        let new = format!("url: «\"https://shop.example.com/buy?coupon={written}&size=2\"");
        let help = "write `https://shop.example.com/buy?coupon={code}&size=2`";
        assert_each_rejected(&Site::new(), &[invalid(CAMPAIGN, url, &new, "bad-url", help)]);
    }
    Site::edited(CAMPAIGN, "buy?coupon={code}", "buy?coupon[code]={code}&response_type=code").build().clean();
}

#[test]
fn placeholder_outside_of_a_coupon_is_an_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(
                CAMPAIGN,
                "url: https://cal.example.com/kazi",
                "url: «https://cal.example.com/?c={code}",
                "bad-url",
                "a `coupon`",
            ),
            invalid(CAMPAIGN, "(/prices.md#teams)", "(«https://a.example/?c={code})", "bad-url", "`[](cta:…)`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn path_of_another_system_is_an_error_with_the_path_to_write() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "file: guide.pdf", "file: «C:\\Users\\Ada\\guide.pdf", "bad-url", "beside the page, and write `guide.pdf`"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: «\\\\server\\files\\guide.pdf", "bad-url", "write `guide.pdf`"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: «files\\guide.pdf", "bad-url", "write `files/guide.pdf`"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: \"«files\\new.pdf\"", "bad-url", "in double quotes, `\\n` is a line break"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: \"C:«\\Users\\guide.pdf\"", "yaml-syntax", "write `/` between the folders"),
            invalid(CAMPAIGN, "after_end: /prices.md", "after_end: «..\\prices.md", "bad-url", "write `../prices.md`"),
            invalid(CAMPAIGN, "(/prices.md#teams)", "(«images\\x.jpg)", "bad-url", "write `images/x.jpg`"),
            invalid(CAMPAIGN, "(/prices.md#teams)", "(«C:\\Users\\Ada\\x.jpg)", "bad-url", "write `x.jpg`"),
            invalid(SITE, "page: /prices.md", "page: «\\prices.md", "bad-url", "write `/prices.md`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn yaml_error_is_explained_at_its_place() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(PAGE, "title: Prices", "title: \"50«\\% off\"", "yaml-syntax", "write `%`, or put single quotes"),
            invalid(PAGE, "title: Prices", "title: «- x", "yaml-syntax", "write `\"- x\"`"),
            invalid(SITE, "timezone:", "theme_options: { accent: «#0b5c8a }\ntimezone:", "yaml-syntax", "write `\"#0b5c8a\"`"),
            invalid(SITE, "timezone:", "theme_options:\n  «accent: #0b5c8a\ntimezone:", "empty-value", "`accent: \"#0b5c8a\"`"),
            invalid(CAMPAIGN, "[newsletter, acme]", "[newsletter, «#acme]", "yaml-syntax", "write `\"#acme\"`"),
            invalid(CAMPAIGN, "    label: Book a trial", "   «label: Book a trial", "yaml-syntax", "write 4 spaces"),
            invalid(CAMPAIGN, "    label: Book a trial", "     «label: Book a trial", "yaml-syntax", "write 4 spaces"),
            invalid(CAMPAIGN, "    booking:", "      «booking:", "yaml-syntax", "write 4 spaces"),
            invalid(SITE, "  owner:", " «owner:", "yaml-syntax", "write 2 spaces"),
            invalid(SITE, "  deliver_to:", "   «deliver_to:", "yaml-syntax", "write 2 spaces"),
            invalid(SITE, "title: Kazi", " «title: Kazi", "yaml-syntax", "no space before this one"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn key_of_another_program_is_an_error_that_says_what_to_write() {
    let page = |key, help| invalid(PAGE, "title: Prices\nsummary: What it costs.", key, "unknown-key", help);
    let site = |key, help| invalid(SITE, "timezone:", key, "unknown-key", help);
    assert_each_rejected(
        &Site::new(),
        &[
            page("title: Prices\n«description: What it costs.", "did you mean `summary`?"),
            page("title: Prices\n«meta-description: What it costs.", "did you mean `summary`?"),
            page("title: Prices\n«tags: [a]", "did you mean `topics`?"),
            page("title: Prices\n«Categories: [a]", "did you mean `topics`?"),
            page("title: Prices\n«permalink: /p/", "did you mean `slug`?"),
            page("title: Prices\n«redirect_from: [/p/]", "did you mean `aliases`?"),
            page("title: Prices\n«weight: 3", "pages have no order"),
            page("title: Prices\n«lastmod: 2027-01-01", "`date` is the date of an article"),
            page("title: Prices\n«published: false", "write `draft: true`"),
            page("title: Prices\n«sumary: x", "did you mean `summary`?"),
            page("title: Prices\nsummary: x\n«description: x", "`summary` has this meaning, and is given already"),
            site("«baseURL: https://a.example/\ntimezone:", "did you mean `base_url`?"),
            site("«languageCode: de\ntimezone:", "did you mean `language`?"),
            site("«plugins: [a]\ntimezone:", "there are no plugins"),
            invalid(CAMPAIGN, "label: Book a trial", "label: Book a trial\n    «text: Book", "unknown-key", "`label` has this meaning"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn misspelt_kind_is_one_error() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "    booking:", "    «boking:", "unknown-key", "did you mean `booking`?"),
            invalid(CAMPAIGN, "url: https://cal", "«ulr: https://cal", "unknown-key", "did you mean `url`?"),
            invalid(SITE, "page: /prices.md", "«paeg: /prices.md", "unknown-key", "did you mean `page`?"),
            invalid(SITE, "{ endpoint:", "{ «endpiont:", "unknown-key", "did you mean `endpoint`?"),
            invalid(SITE, "timezone:", "analytics: { «plausibel: kazi.example }\ntimezone:", "unknown-key", "did you mean `plausible`?"),
            invalid(CAMPAIGN, "booking:\n      url: https://cal.example.com/kazi", "contact: { «phnoe: \"+254 700 000000\" }", "unknown-key", "did you mean `phone`?"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn value_of_the_right_form_that_means_nothing_is_an_error() {
    let product = |price, help| invalid(CAMPAIGN, "ctas:\n", price, "bad-price", help);
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-02-30", "bad-date", "February has 28 days in 2027"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «31.4.2027", "bad-date", "April has 30 days"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-13-01", "bad-date", "the months are 01 to 12"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-03-31T18:00:00+03:00", "bad-date", "write 2027-03-31 18:00"),
            invalid(CAMPAIGN, "ends: 2027-03-31", "ends: «2027-03-31 6pm", "bad-date", "write 2027-03-31 18:00"),
            invalid(PAGE, "title: Prices", "title: Prices\ndraft: «\"true\"", "wrong-type", "write `true` without quotes"),
            invalid(SITE, "Africa/Nairobi", "«EST", "bad-timezone", "write `America/New_York`"),
            invalid(SITE, "Africa/Nairobi", "«pst", "bad-timezone", "write `America/Los_Angeles`"),
            invalid(SITE, "Africa/Nairobi", "«UTC+3", "bad-timezone", "write the name of a place"),
            invalid(SITE, "Africa/Nairobi", "«New York", "bad-timezone", "did you mean `America/New_York`?"),
            product("product: { name: Team, price: «1500.5, currency: JPY }\nctas:\n", "prices in `JPY` have no decimals"),
            product("product: { name: Team, price: «1.200, currency: EUR }\nctas:\n", "write `1200`"),
            invalid(CAMPAIGN, "[name, email]", "[name, email]\n    deliver_to: «salesforce", "unknown-destination", "or write one of `crm`"),
        ],
    );
    for price in ["1500.00, currency: JPY", "1500, currency: JPY", "1.250, currency: KWD", "49.90, currency: KES"] {
        Site::new().edit(CAMPAIGN, "ctas:\n", &format!("product: {{ name: Team, price: {price} }}\nctas:\n")).build().ok();
    }
    for zone in ["UTC", "CET", "Europe/London"] {
        Site::new().edit(SITE, "Africa/Nairobi", zone).build().clean();
    }
}
