//! Blocks whose content cannot work, and markup that is shown as text.

use crate::support::run::Problem;
use crate::support::{CAMPAIGN, PAGE, SITE, Site};

/// The line of the campaign that tests replace.
const HEADING: &str = "# Hire in days";

fn site(body: &str) -> Site {
    Site::edited(CAMPAIGN, HEADING, &format!("{HEADING}\n\n{body}\n"))
        .file("content/spring/a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
}

#[test]
fn block_without_the_content_that_it_arranges_is_a_warning() {
    let picture = "![A board](a.svg)";
    for (body, rule, message) in [
        ("::: faq\n**Do I need a ticket?**\n\nYes.\n:::", "incomplete-block", "in place of `**Question**`"),
        ("::: faq\n## Who?\n\nYou.\n:::", "incomplete-block", "no `###` heading"),
        ("::: video\nhttps://youtu.be/dQw4w9WgXcQ\n:::", "incomplete-block", "a picture that links to the video"),
        (&format!("::: video\n{picture}\n:::"), "incomplete-block", "no picture with a link"),
        ("::: media\nText only.\n:::", "incomplete-block", "no picture"),
        (&format!("::: media\nSee {picture} here.\n:::"), "incomplete-block", "in a paragraph of its own"),
        ("::: steps\n- One\n- Two\n:::", "incomplete-block", "no numbered list"),
        ("::: video\n<https://youtu.be/dQw4w9WgXcQ>\n:::", "incomplete-block", "no picture with a link"),
        (&format!("::: video\n[{picture}](/prices.md)\n:::"), "incomplete-block", "links to a page of this site"),
        (
            &format!("::: video\n[{picture}](https://www.youtube.com/playlist?list=PLx)\n:::"),
            "incomplete-block",
            "links to a playlist",
        ),
        ("::: stats\n**19 days** to hire\n:::", "incomplete-block", "no list"),
        ("::: stats\n- **19 days** to hire\n- 20 % off\n:::", "incomplete-block", "a bold figure in each item"),
        ("::: compare\n| a |\n|---|\n| b |\n:::", "incomplete-block", "at least two columns"),
        ("::: compare\n| a | b |\n|---|---|\n:::", "incomplete-block", "and a row"),
        ("::: faq\n## Q\n\n### Who?\n:::", "incomplete-block", "the question `Who?` has no answer"),
        ("::: faq\n## Q\n\n### Who?\n\nYou.\n\n**When?**\n\nNow.\n:::", "incomplete-block", "are bold text"),
        ("::: faq\n## Q\n\n### Who?\n\nYou.\n\n## More\n\nText.\n:::", "incomplete-block", "a heading in this block"),
        ("::: faq\n## Q\n\n### Who?\n\nYou.\n\n---\n\nText.\n:::", "incomplete-block", "below a line"),
        ("::: logos\nTumaini\n:::", "incomplete-block", "no list"),
        ("::: compare\nBoth are good.\n:::", "incomplete-block", "no table"),
        ("::: features\nPost once.\n:::", "incomplete-block", "no `###` heading or list"),
        ("::: hero\n:::", "incomplete-block", "no content"),
        ("::: quotes\nWe like it.\n:::", "incomplete-block", "no `quote` in it"),
        (":::: pricing\n::: plan price=\"49 €\"\nAll of it.\n:::\n::::", "incomplete-block", "no heading"),
        ("::: plan price=\"49 €\"\n## Team\n:::", "misplaced-block", "`:::: pricing`"),
        ("::: column\nLeft.\n:::", "misplaced-block", "`:::: columns`"),
    ] {
        let run = site(body).check().ok();
        let problems = run.problems();
        let is_expected = |problem: &Problem| problem.rule == rule && problem.text.contains(message);
        assert!(problems.len() == 1 && problems.iter().all(is_expected), "{body}: {}", run.stderr);
    }
}

#[test]
fn countdown_needs_a_day_to_count_to() {
    let countdown = "::: countdown\n## Soon over\n:::";
    site(countdown).check().clean();
    let page = format!("---\ntitle: Prices\nsummary: What it costs.\n---\n\n# Prices\n\n## Teams\n\n{countdown}\n");
    let run = Site::new().file("content/prices.md", &page).check().ok();
    assert_eq!(run.rules(), ["incomplete-block"], "{}", run.stderr);
}

#[test]
fn blocks_with_their_content_are_not_reported() {
    let picture = "![A board](a.svg)";
    for body in [
        "::: faq\n## Questions\n\nAsk us.\n\n### Who?\n\nYou, **really?** Yes.\n\n#### More\n\nText.\n:::".to_owned(),
        "::: faq\n## Questions\n\n**Got any?**\n\n### Who?\n\n**Still unsure?** Ask us.\n\n### How?\n\n[](cta:trial)\n:::".to_owned(),
        format!("::: faq\n## Questions\n\n### Where?\n\n{picture}\n:::"),
        "::: stats\n## Figures\n\n- **19 days** to hire\n- From **2** to [**9** teams](/prices.md)\n:::".to_owned(),
        "::: compare\n| | b |\n|---|---|\n| 1 | 2 |\n:::".to_owned(),
        "::: compare\n## Us\n\n| a | b |\n|---|:-:|\n| 1 | [2](/prices.md) |\n:::".to_owned(),
        format!("::: video\n[{picture}](https://vimeo.com/76979871)\n:::"),
        format!("::: video\n[{picture}](https://www.loom.com/share/x)\n:::"),
        format!("::: video\n[{picture}](https://youtu.be/dQw4w9WgXcQ)\n:::"),
        format!("::: media flip\n## Text\n\n{picture}\n\nMore.\n:::"),
        format!("::: media\n[{picture}](/prices.md)\n\nMore.\n:::"),
        "::: steps\n3. One\n4. Two\n:::".to_owned(),
        "::: features\n- One\n:::".to_owned(),
        ":::: columns boxed\n::: column\nLeft.\n:::\n::: column\n[](cta:trial)\n:::\n::::".to_owned(),
        ":::: pricing\n::: plan price=\"On request\"\n### Team\n:::\n::::".to_owned(),
        ":::: quotes\n::: quote by=\"Amina O.\" role=\"Founder\"\nGood.\n:::\n::::".to_owned(),
        "::: quote\nGood.\n:::".to_owned(),
        "::: offer save\n:::".to_owned(),
    ] {
        let run = site(&body).check().ok();
        assert!(
            run.problems()
                .iter()
                .all(|problem| problem.rule != "incomplete-block" && problem.rule != "misplaced-block"),
            "{body}: {}",
            run.stderr
        );
    }
}

#[test]
fn failed_markup_is_a_warning_of_check_at_its_place() {
    let run = site("See [the plan](floor plan.pdf).").check().ok();
    assert_eq!(run.rules_with_places(), ["failed-markup content/spring/index.md:31:5"], "{}", run.stderr);
    site("See [the plan](floor plan.pdf).").build().clean();
}

#[test]
fn link_with_the_whole_address_of_the_site_is_a_warning_with_the_file_to_write() {
    for (link, message, help) in [
        ("[x](https://kazi.example/prices/)", "a page of this site", "write `/prices.md`"),
        ("[x](https://kazi.example/prices)", "a page of this site", "write `/prices.md`"),
        ("[x](http://kazi.example/prices/?a=1#teams)", "a page of this site", "write `/prices.md?a=1#teams`"),
        ("[x](https://kazi.example/spring/guide.pdf)", "a file of this site", "write `/spring/guide.pdf`"),
        ("[x](https://kazi.example/old/)", "a page of this site", "write `/prices.md`"),
        ("[x](https://kazi.example/prices.md)", "no page or file `/prices.md` on this site", "write `/prices.md`"),
        ("[x](https://kazi.example/nothere/)", "no page or file `/nothere/` on this site", "as in `/offer.md`"),
    ] {
        let site = site(link).edit(PAGE, "title: Prices", "title: Prices\naliases: [/old/]");
        let problem = site.build().warning();
        problem.assert("absolute-internal-link", "content/spring/index.md:31:5", &[message, help]);
    }
    // Nobody publishes a site at `example.com`, so links there lead nowhere.
    site("[x](https://example.com/nothere/)")
        .edit(SITE, "https://kazi.example/", "https://example.com/")
        .build()
        .clean();
    let problem = site("[x](https://kazi.example/prices/#nowhere)").build().failed(1).problems().remove(0);
    assert_eq!(problem.rule, "missing-anchor");
}

#[test]
fn address_of_another_site_or_of_a_generated_file_is_not_reported() {
    for link in [
        "[x](https://www.kazi.example/prices/)",
        "[x](https://kazi.example:8443/prices/)",
        "[x](https://kazi.example/feed.xml)",
        "[x](https://kazi.example/404.html)",
        "[x](https://kazi.example/spring/via/acme/)",
        "[x](https://kazi.example/go/0123456789/)",
        "[x](https://www.facebook.com/sharer.php?u=https://kazi.example/prices/)",
    ] {
        site(link).build().clean();
    }
    let below =
        site("[x](https://kazi.example/shop/)").edit(SITE, "https://kazi.example/", "https://kazi.example/base/");
    below.build().clean();
}

#[test]
fn block_line_of_another_program_is_one_error_with_ours() {
    for (body, rule, place, help) in [
        ("::: hero\nx\n::: end", "unclosed-block", "33:1", "write `:::`"),
        ("::: quote\nx\n::: /quote\n\nMore.", "unclosed-block", "33:1", "write `:::`"),
        ("::: quote\nx\n::: endquote\n\nMore.", "unclosed-block", "33:1", "write `:::`"),
        ("::: quote\nx\n::: quote\n\nMore.", "unclosed-block", "33:1", "write `:::`"),
        ("::: quote\nx\n:::;", "unclosed-block", "33:1", "write `:::`"),
        ("::: {.quote}\nx\n:::", "bad-block-attribute", "31:5", "write `::: quote`"),
        (":::{.quote by=\"A B\"}\nx\n:::", "bad-block-attribute", "31:4", "write `::: quote by=\"A B\"`"),
        ("::: quote {by=\"x\"}\nx\n:::", "bad-block-attribute", "31:5", "write `::: quote by=\"x\"`"),
        ("::: quote :::\nx\n:::", "bad-block-attribute", "31:5", "write `::: quote`"),
        ("::: offer {#save}\n:::", "bad-block-attribute", "31:5", "write `::: offer save`"),
        ("::: offer \"save\"\n:::", "bad-block-attribute", "31:11", "a single word"),
        (":::: hero\nx\n:::: /hero ::::", "unclosed-block", "33:1", "write `:::`"),
        ("::: quote by = x\nx\n:::", "bad-block-attribute", "31:11", "without spaces"),
        ("\u{200b}::: quote\nx\n:::", "unopened-block", "31:2", "in its first column"),
        ("::: tip\nx\n:::", "unknown-block", "31:1", "write a quote"),
    ] {
        let run = site(body).check().failed(1);
        let place = format!("content/spring/index.md:{place}");
        assert_eq!(run.rules_with_places(), [format!("{rule} {place}")], "{body}: {}", run.stderr);
        assert!(run.problems()[0].text.contains(help), "{body}: {}", run.stderr);
    }
    site(":::quote\nGood.\n:::\n\n::::: quote by=\"{x} :::\"\nGood.\n:::").build().clean();
}
