//! Unsafe, insecure and invalid URLs in front matter, `site.yaml` and Markdown.

use crate::support::{CAMPAIGN, PAGE, SITE, Site, assert_each_rejected, invalid, place_of_mark};

#[test]
#[rustfmt::skip]
fn disguised_scheme_in_front_matter_is_an_error() {
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
        let text = "only `https`, `http`, `mailto` and `tel`";
        assert_each_rejected(
            &Site::new(),
            &[
                invalid(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", &coupon, "unsafe-scheme", text),
                invalid(CAMPAIGN, "url: https://cal.example.com/kazi", &url, "unsafe-scheme", text),
                invalid(SITE, "{ label: Prices, page: /prices.md }", &navigation, "unsafe-scheme", text),
                invalid(SITE, "endpoint: https://forms.kazi.example/leads }", &endpoint, "unsafe-scheme", text),
            ],
        );
    }
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «//cal.example.com/kazi", "bad-url", "write `https://cal.example.com/kazi`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «cal.example.com/kazi", "bad-url", "write `https://cal.example.com/kazi`"),
            invalid(CAMPAIGN, "url: https://cal.example.com/kazi", "url: «https://", "bad-url", "is not an address"),
            invalid(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", "url: «javascript:{code}", "unsafe-scheme", "only `https`"),
            invalid(CAMPAIGN, "url: https://shop.example.com/buy?coupon={code}", "url: «\"{code}:alert(1)\"", "unsafe-scheme", "only `https`"),
        ],
    );
}

/// Such a host would be a directive of its own in the Content-Security-Policy, or break the configuration of a server.
#[test]
#[rustfmt::skip]
fn host_with_characters_that_no_host_has_is_an_error() {
    for host in ["a;sandbox;b.example", "a$x.example", "a{x}.example", "a,b.example", "a'b.example", "a!b.example", "a(b).example"] {
        let (image, link) = (format!("![x](<«https://{host}/i.png>)"), format!("[x](<«https://{host}/>)"));
        let (endpoint, url) = (format!("endpoint: «\"https://{host}/\" }}"), format!("url: «\"https://{host}/\""));
        assert_each_rejected(
            &Site::new(),
            &[
                invalid(CAMPAIGN, "Read the [prices](/prices.md#teams).", &image, "bad-url", "no host has these characters"),
                invalid(CAMPAIGN, "Read the [prices](/prices.md#teams).", &link, "bad-url", "no host has these characters"),
                invalid(SITE, "endpoint: https://forms.kazi.example/leads }", &endpoint, "bad-url", "no host has these characters"),
                invalid(CAMPAIGN, "url: https://cal.example.com/kazi", &url, "bad-url", "no host has these characters"),
            ],
        );
    }
}

#[test]
#[rustfmt::skip]
fn disguised_scheme_in_markdown_is_an_error() {
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
    let text = "only `https`, `http`, `mailto` and `tel`";
    let edits = rows.map(|new| {
        invalid(CAMPAIGN, "Read the [prices](/prices.md#teams).", new, "unsafe-scheme", text)
    });
    let site = Site::new();
    assert_each_rejected(&site, &edits);
    assert_each_rejected(
        &site,
        &[
            invalid(CAMPAIGN, "/prices.md#teams", "«//evil.example/", "bad-url", "write `https://evil.example/`"),
            invalid(CAMPAIGN, "/prices.md#teams", "«\\javascript:alert(1)", "bad-url", "this path has backslashes"),
            invalid(CAMPAIGN, "/prices.md#teams", "«https://", "bad-url", "is not an address"),
            invalid(CAMPAIGN, "/prices.md#teams", "«%6Aavascript:alert(1)", "broken-link", "no file"),
            invalid(CAMPAIGN, "Read the", "![x](«mailto:a@kazi.example) Read the", "bad-url", "expected an image file"),
        ],
    );
}

#[test]
fn control_character_does_not_hide_an_unsafe_scheme() {
    let site = Site::new().file(PAGE, "---\ntitle: T\n---\n[x](&#1;javascript:alert(1))\n");
    let rules: Vec<String> = site.build().failed(1).problems().into_iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, ["forbidden-character", "unsafe-scheme"]);
    let site = Site::new().edit(CAMPAIGN, "url: https://cal.example.com/kazi", "url: \"\\x01javascript:alert(1)\"");
    let rules: Vec<String> = site.build().failed(1).problems().into_iter().map(|problem| problem.rule).collect();
    assert!(rules.iter().any(|rule| rule == "unsafe-scheme"), "{rules:?}");
}

#[test]
fn http_url_is_a_warning_at_its_place() {
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
        let reported = (warning.is_error, &*warning.rule, warning.place);
        assert_eq!(reported, (false, "insecure-url", place_of_mark(file, &marked)));
        assert!(warning.text.contains("write `https://`"), "{}", warning.text);
    }
}

#[test]
#[rustfmt::skip]
fn own_utm_content_in_a_cta_url_is_an_error() {
    let coupon = "url: https://shop.example.com/buy?coupon={code}";
    let trial = "url: https://cal.example.com/kazi";
    let text = "leave `utm_content` out";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?a=b&utm_content=x", "reserved-utm-content", text),
            invalid(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?utm_content={code}", "reserved-utm-content", text),
            invalid(CAMPAIGN, coupon, "url: «https://shop.example.com/buy?utm%5Fcontent=x", "reserved-utm-content", text),
            invalid(CAMPAIGN, trial, "url: «https://cal.example.com/kazi?utm_content", "reserved-utm-content", text),
            invalid(CAMPAIGN, trial, "url: «https://cal.example.com/kazi?a&utm_content=#x", "reserved-utm-content", text),
        ],
    );
}
