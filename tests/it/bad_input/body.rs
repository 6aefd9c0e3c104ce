//! Errors in the body of a page: links, blocks and forbidden characters.

use crate::support::{CAMPAIGN, PAGE, SITE, Site, assert_each_rejected, assert_only_error, invalid};

#[test]
#[rustfmt::skip]
fn links_to_one_missing_campaign_are_one_error() {
    let twelve: String = (0..12).map(|number| format!("[{number}](cta:autumn/save) ")).collect();
    let site = Site::new()
        .edit(CAMPAIGN, "Read the", "[A](cta:autumn/save) [B](cta:autumn/guide) Read the")
        .file("content/zoo.md", &format!("---\ntitle: Zoo\n---\n\n{twelve}\n"));
    let run = site.build().failed(1);
    assert_only_error(&run, "unknown-cta", "content/spring/index.md:33:5", "unknown campaign `autumn`, in 14 links");
    let text = &run.problems()[0].text;
    assert_eq!(text.matches("no such campaign").count(), 10, "{text}");
    assert!(text.contains("the other 4 are in `content/zoo.md`"), "{text}");
    assert!(text.contains("link to another campaign, or remove the link"), "{text}");
}

#[test]
fn unknown_cta_link_is_an_error_with_a_suggestion() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:trail)", "unknown-cta", "did you mean `trial`?"),
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:sprin/trial)", "unknown-cta", "did you mean `spring`?"),
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:)", "unknown-cta", "no such call to action"),
            invalid(PAGE, "(cta:spring/save)", "(«cta:spring/sav)", "unknown-cta", "did you mean `save`?"),
            invalid(PAGE, "(cta:spring/save)", "(«cta:save)", "unknown-cta", "`cta:campaign/id`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn unknown_unclosed_and_repeated_blocks_are_errors() {
    let heading = "# Hire in days";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, heading, "«::: hero\n# Hire in days", "unclosed-block", "write `:::` on a line of its own"),
            invalid(CAMPAIGN, heading, "«::: hero\n::: quote\n:::\n# H", "unclosed-block", "is not closed"),
            invalid(CAMPAIGN, heading, "«::: heroo\n# H\n:::", "unknown-block", "did you mean `hero`?"),
            invalid(CAMPAIGN, heading, "«::: carousel\n# H\n:::", "unknown-block", "the blocks are `agenda`"),
            invalid(CAMPAIGN, heading, "«:::\n# H", "unopened-block", "remove the line"),
            invalid(CAMPAIGN, heading, "::: hero\n# H\n:::\n«:::", "unopened-block", "remove the line"),
            invalid(CAMPAIGN, heading, "::: offer save\n:::\n\n«::: offer save\n:::", "duplicate-offer", "link to the first one: `[](cta:save)`"),
            invalid(CAMPAIGN, heading, "::: offer guide\n:::\n::: hero\n«::: offer guide\n:::\n:::", "duplicate-offer", "link to the first one"),
            invalid(CAMPAIGN, heading, "«::: offer saev\n:::", "unknown-cta", "did you mean `save`?"),
            invalid(CAMPAIGN, heading, "«::: offer\n:::", "bad-block-attribute", "`::: offer guide`"),
            invalid(CAMPAIGN, heading, "::: quote «by=“Amina”\n:::", "bad-block-attribute", "straight quotes"),
            invalid(CAMPAIGN, heading, "::: quote «by=\"Amina\n:::", "bad-block-attribute", "write `key=\"value\"`"),
            invalid(CAMPAIGN, heading, "::: quote by=a «by=b\n:::", "bad-block-attribute", "given twice"),
            invalid(CAMPAIGN, heading, "::: «Hero\n:::", "bad-block-attribute", "`::: hero`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn wrong_attribute_of_a_block_is_an_error_at_the_attribute() {
    let heading = "# Hire in days";
    let plan = |attributes: &str| format!(":::: pricing\n::: plan {attributes}\n### Team\n:::\n::::\n");
    let cases = [
        ("::: media «flipp\n![A](a.svg)\n:::", "did you mean `flip`?"),
        ("::: hero «centered\n:::", "did you mean `centred`?"),
        ("::: hero «align=center\n:::", "did you mean `centred`?"),
        ("::: hero «background=x.jpg\n:::", "did you mean `picture`?"),
        ("::: hero «Centred\n:::", "did you mean `centred`?"),
        ("::: quote «author=\"Amina O.\" role=\"Founder\"\n:::", "did you mean `by`?"),
        ("::: quote by=Amina «Otieno\n:::", "`by=\"Amina Otieno\"`"),
        ("::: quote «by\n:::", "write `by=\"…\"`, or leave it out"),
        ("::: quote «by=\"\"\n:::", "write `by=\"…\"`, or leave it out"),
        ("::: quote «role=\"Founder\"\n:::", "write `by=\"…\"` too"),
        ("::: media «flip=yes\n:::", "write `flip` alone"),
        ("::: media «flip=\"false\"\n:::", "leave it out"),
        ("::: closing «dark\n:::", "`closing` takes `ground=plain`, `tight` and `width=narrow`"),
        ("::: video «src=https://youtu.be/dQw4w9WgXcQ\n:::", "`video` takes `ground=plain`"),
        ("::: offer save «boxed\n:::", "`offer` takes `ground=plain`"),
    ];
    let site = Site::new().file("content/spring/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    let edits: Vec<_> = cases.iter().map(|(body, help)| invalid(CAMPAIGN, heading, body, "bad-block-attribute", help)).collect();
    assert_each_rejected(&site, &edits);
    let plans = [
        ("«prize=\"49 €\"", "did you mean `price`?"),
        ("price=\"49 €\" «period=month", "did you mean `per`?"),
        ("price=\"49 €\" «best", "write `best=\"…\"`"),
    ];
    for (attributes, help) in plans {
        assert_each_rejected(&site, &[invalid(CAMPAIGN, heading, &plan(attributes), "bad-block-attribute", help)]);
    }
    let missing = ":::: pricing\n«::: plan\n### Team\n:::\n::::\n";
    assert_each_rejected(&site, &[invalid(CAMPAIGN, heading, missing, "bad-block-attribute", "`::: plan price=\"…\"`")]);
}

#[test]
fn block_of_another_program_is_an_error_that_names_ours() {
    let heading = "# Hire in days";
    for (name, help) in [
        ("testimonials", "did you mean `quotes`?"),
        ("testimonial", "did you mean `quote`?"),
        ("accordion", "did you mean `faq`?"),
        ("gallery", "did you mean `columns`?"),
        ("prices", "did you mean `pricing`?"),
        ("cta", "did you mean `closing`?"),
        ("youtube", "did you mean `video`?"),
        ("button", "is a button: write"),
        ("testimonal", "did you mean `quote`?"),
    ] {
        let edit = format!("«::: {name}\n:::\n# H");
        assert_each_rejected(&Site::new(), &[invalid(CAMPAIGN, heading, &edit, "unknown-block", help)]);
    }
}

#[test]
#[rustfmt::skip]
fn link_to_a_missing_page_anchor_or_file_is_an_error_at_the_link() {
    let link = "(/prices.md#teams)";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, link, "(«/price.md#teams)", "broken-link", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, link, "(«prices.md)", "broken-link", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, link, "(«../../prices.md)", "broken-link", "no page"),
            invalid(CAMPAIGN, link, "(«/prices.md#team)", "missing-anchor", "did you mean `teams`?"),
            invalid(CAMPAIGN, link, "(«#nowhere)", "missing-anchor", "on this page"),
            invalid(CAMPAIGN, link, "(«guid.pdf)", "broken-link", "did you mean `guide.pdf`?"),
            invalid(CAMPAIGN, link, "(«/prices/)", "broken-link", "link to a page by its file: `/prices.md`"),
            invalid(CAMPAIGN, link, "(«sales.md)", "broken-link", "no page"),
            invalid(CAMPAIGN, "Read the [prices]", "![A team](«team.jpg) [prices]", "broken-link", "no image `team.jpg`"),
            invalid(CAMPAIGN, "ctas:\n", "image: «team.jpg\nctas:\n", "broken-link", "add the file as `content/spring/team.jpg`"),
            invalid(CAMPAIGN, "ctas:\n", "image: «/team.jpg\nctas:\n", "broken-link", "as `content/team.jpg` or `static/team.jpg`"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: «guid.pdf", "broken-link", "did you mean `guide.pdf`?"),
            invalid(CAMPAIGN, "after_end: /prices.md", "after_end: «/price.md", "broken-link", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, "after_end: /prices.md", "after_end: «index.md", "broken-link", "use another page"),
            invalid(SITE, "page: /prices.md", "page: «/price.md", "broken-link", "did you mean `/prices.md`?"),
            invalid(SITE, "{ name: Kazi Ltd,", "{ logo: «logo.svg, name: Kazi Ltd,", "broken-link", "no file `logo.svg`"),
            invalid(CAMPAIGN, "Read the", "A note[^1]. «[^2] Read the\n\n[^1]: x", "missing-footnote", "write `[^2]: …`"),
        ],
    );
}

#[test]
fn slot_characters_in_content_are_an_error() {
    for text in ["a &#xFDD0; 0&#xFDD1; b", "[a](b.md \"&#xFDD0;\")", "![&#xFDD0;](x.png)"] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{text}\n"));
        let run = site.build().failed(1);
        assert!(run.problems().iter().any(|problem| problem.rule == "forbidden-character"), "{}", run.stderr);
    }
    let site = Site::new().file(PAGE, "---\ntitle: \"a \\uFDD0 0\\uFDD1\"\n---\n");
    let run = site.build().failed(1);
    assert!(run.problems().iter().any(|problem| problem.rule == "forbidden-character"), "{}", run.stderr);
}
