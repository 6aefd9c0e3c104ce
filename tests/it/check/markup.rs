//! Blocks whose content cannot work, and markup that is shown as text.

use crate::support::run::Problem;
use crate::support::{CAMPAIGN, Site};

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
        ("::: stats\n**19 days** to hire\n:::", "incomplete-block", "no list"),
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
        // The address is no link either.
        let others = usize::from(body.contains("\nhttps://"));
        assert!(problems.iter().any(is_expected) && problems.len() == 1 + others, "{body}: {}", run.stderr);
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
        "::: faq\n## Questions\n\n### Who?\n\nYou.\n:::".to_owned(),
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
