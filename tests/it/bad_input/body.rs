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
    assert_only_error(&run, "unknown-cta", "content/spring/index.md:33:5", "there is no campaign `autumn`, and 14 links lead to it");
    let text = &run.problems()[0].text;
    assert_eq!(text.matches("leads nowhere").count(), 10, "{text}");
    assert!(text.contains("the other 4 are in `content/zoo.md`"), "{text}");
    assert!(text.contains("name another campaign, or take what leads to this one out"), "{text}");
}

#[test]
fn unknown_cta_link_is_an_error_with_a_suggestion() {
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:trail)", "unknown-cta", "did you mean `trial`?"),
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:sprin/trial)", "unknown-cta", "did you mean `spring`?"),
            invalid(CAMPAIGN, "(cta:trial)", "(«cta:)", "unknown-cta", "leads nowhere"),
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
            invalid(CAMPAIGN, heading, "«::: carousel\n# H\n:::", "unknown-block", "the blocks are `author`"),
            invalid(CAMPAIGN, heading, "«:::\n# H", "stray-close", "leave the line out"),
            invalid(CAMPAIGN, heading, "::: hero\n# H\n:::\n«:::", "stray-close", "leave the line out"),
            invalid(CAMPAIGN, heading, "::: offer save\n:::\n\n«::: offer save\n:::", "offer-twice", "link to the first one: `[](cta:save)`"),
            invalid(CAMPAIGN, heading, "::: offer guide\n:::\n::: hero\n«::: offer guide\n:::\n:::", "offer-twice", "link to the first one"),
            invalid(CAMPAIGN, heading, "«::: offer saev\n:::", "unknown-cta", "did you mean `save`?"),
            invalid(CAMPAIGN, heading, "«::: offer\n:::", "block-attribute", "`::: offer guide`"),
            invalid(CAMPAIGN, heading, "::: quote «by=“Amina”\n:::", "block-attribute", "straight quotes"),
            invalid(CAMPAIGN, heading, "::: quote «by=\"Amina\n:::", "block-attribute", "write `key=\"value\"`"),
            invalid(CAMPAIGN, heading, "::: quote by=a «by=b\n:::", "block-attribute", "given twice"),
            invalid(CAMPAIGN, heading, "::: «Hero\n:::", "block-attribute", "`::: hero`"),
        ],
    );
}

#[test]
#[rustfmt::skip]
fn link_to_a_missing_page_anchor_or_file_is_an_error_at_the_link() {
    let link = "(/prices.md#teams)";
    assert_each_rejected(
        &Site::new(),
        &[
            invalid(CAMPAIGN, link, "(«/price.md#teams)", "missing-target", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, link, "(«prices.md)", "missing-target", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, link, "(«../../prices.md)", "missing-target", "there is no page"),
            invalid(CAMPAIGN, link, "(«/prices.md#team)", "missing-anchor", "did you mean `teams`?"),
            invalid(CAMPAIGN, link, "(«#nowhere)", "missing-anchor", "on this page"),
            invalid(CAMPAIGN, link, "(«guid.pdf)", "missing-target", "did you mean `guide.pdf`?"),
            invalid(CAMPAIGN, link, "(«/prices/)", "missing-target", "pages are linked by their file: write `/prices.md`"),
            invalid(CAMPAIGN, link, "(«sales.md)", "missing-target", "there is no page"),
            invalid(CAMPAIGN, "Read the [prices]", "![A team](«team.jpg) [prices]", "missing-target", "there is no image `team.jpg`"),
            invalid(CAMPAIGN, "ctas:\n", "image: «team.jpg\nctas:\n", "missing-target", "put the file there, as `content/spring/team.jpg`"),
            invalid(CAMPAIGN, "ctas:\n", "image: «/team.jpg\nctas:\n", "missing-target", "as `content/team.jpg` or `static/team.jpg`"),
            invalid(CAMPAIGN, "file: guide.pdf", "file: «guid.pdf", "missing-target", "did you mean `guide.pdf`?"),
            invalid(CAMPAIGN, "after_end: /prices.md", "after_end: «/price.md", "missing-target", "did you mean `/prices.md`?"),
            invalid(CAMPAIGN, "after_end: /prices.md", "after_end: «index.md", "missing-target", "name another page"),
            invalid(SITE, "page: /prices.md", "page: «/price.md", "missing-target", "did you mean `/prices.md`?"),
            invalid(SITE, "{ name: Kazi Ltd,", "{ logo: «logo.svg, name: Kazi Ltd,", "missing-target", "there is no file `logo.svg`"),
            invalid(CAMPAIGN, "Read the", "A note[^1]. «[^2] Read the\n\n[^1]: x", "footnote-missing", "write `[^2]: …`"),
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
