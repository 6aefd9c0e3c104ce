//! Markup that did not work: what is shown as text although its author meant a link, bold text, a list or a block.
//!
//! The text of each page is parsed again. Whatever the parser returns as text, outside of code, is searched for marks
//! that nobody writes for readers.

mod addresses;
mod code;
mod comments;
mod emoji;
mod emphasis;
mod foreign_lines;
mod lines;
mod links;
mod markers;
mod passage;
mod shortcodes;
mod tables;

use std::sync::Arc;

use rayon::prelude::*;

use self::passage::Passage;
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::parse::front_matter;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Something that is shown as text.
struct Failure {
    rule: Rule,
    span: Span,
    message: String,
    label: &'static str,
    help: String,
}

impl Failure {
    fn new(start: usize, end: usize, message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure {
            rule: Rule::FailedMarkup,
            span: Span::new(start, end),
            message: message.into(),
            label: "shown as text",
            help: help.into(),
        }
    }
}

/// Reports markup that is shown as text.
pub fn failed_markup(context: &CheckContext) -> Vec<Diagnostic> {
    let pages: Vec<_> = visible_pages(context.site).collect();
    let diagnostics = pages.par_iter().flat_map_iter(|page| {
        let source = &page.page.source;
        failures(source).into_iter().map(|failure| {
            Diagnostic::warning(failure.rule, failure.message)
                .at(source, failure.span, failure.label)
                .help(failure.help)
        })
    });
    diagnostics.collect()
}

fn failures(source: &Arc<SourceText>) -> Vec<Failure> {
    let Ok(parts) = front_matter::split(source) else { return Vec::new() };
    let page = passage::read(source, parts.body);
    let mut failures = code::failures(source, &page.code);
    failures.extend(page.underlined.iter().map(|range| code::underlined(source, range)));
    for segment in &page.segments {
        failures.extend(lines::pasted_bullets(segment));
        for passage in segment {
            failures.extend(of_passage(passage));
        }
    }
    failures.extend(emphasis::unclosed(&page.segments));
    failures.sort_by_key(|failure| failure.span);
    // One failure can look like two: `[text](www.kazi.example/a b)` has a bare address.
    failures.dedup_by(|next, first| next.span.start < first.span.end);
    failures
}

fn of_passage(passage: &Passage) -> Vec<Failure> {
    let mut failures = links::failed(passage);
    failures.extend(emphasis::failed(passage));
    failures.extend(emphasis::unbalanced(passage));
    failures.extend(emphasis::lone_backtick(passage));
    failures.extend(comments::unclosed(passage));
    failures.extend(shortcodes::foreign(passage));
    failures.extend(foreign_lines::foreign(passage));
    failures.extend(emoji::codes(passage));
    failures.extend(tables::without_delimiters(passage));
    failures.extend(tables::with_tabs(passage));
    failures.extend(markers::odd_marks(passage));
    failures.extend(markers::deep_heading(passage));
    failures.extend(markers::boxes(passage));
    failures.extend(lines::misplaced_blocks(passage));
    failures.extend(lines::merge_conflict(passage));
    failures.extend(lines::unspaced_markers(passage));
    failures.extend(addresses::bare(passage));
    failures.extend(addresses::people_and_hosts(passage));
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<(String, String)> {
        let text = format!("---\ntitle: T\n---\n{body}\n");
        let source = SourceText::new("a.md", text);
        let failures = failures(&source);
        failures.iter().map(|failure| (source.text[failure.span.range()].to_owned(), failure.help.clone())).collect()
    }

    #[track_caller]
    fn assert_found(body: &str, span: &str, help: &str) {
        let found = found(body);
        assert!(matches!(&found[..], [(at, written)] if at == span && written.contains(help)), "{body}: {found:?}");
    }

    #[test]
    fn failed_links_and_images_are_found() {
        for (body, span, help) in [
            (
                "See ![The shelves](My Dashboard (final).jpg) now",
                "![The shelves](My Dashboard (final).jpg)",
                "![The shelves](<My Dashboard (final).jpg>)",
            ),
            ("[Plan](floor plan.pdf)", "[Plan](floor plan.pdf)", "[Plan](<floor plan.pdf>)"),
            ("[Book now](cta: trial)", "[Book now](cta: trial)", "[Book now](cta:trial)"),
            ("[Prices] (/prices.md)", "[Prices] (/prices.md)", "[Prices](/prices.md)"),
            ("![A] (a.jpg)", "![A] (a.jpg)", "![A](a.jpg)"),
            ("[Prices](/prices.md", "[Prices](/prices.md", "`)`"),
            ("(our prices)[/prices.md]", "(our prices)[/prices.md]", "[our prices](/prices.md)"),
            ("[our prices][tems]", "[our prices][tems]", "[tems]: "),
            ("> a [b](c d.pdf)", "[b](c d.pdf)", "<c d.pdf>"),
            ("- a\n- [b](c d.pdf)", "[b](c d.pdf)", "<c d.pdf>"),
            ("| a |\n|---|\n| [b](c d.pdf) |", "[b](c d.pdf)", "<c d.pdf>"),
            ("[Écouter](été à midi.mp3)", "[Écouter](été à midi.mp3)", "<été à midi.mp3>"),
            ("[[prices]]", "[[prices]]", "[prices]"),
        ] {
            assert_found(body, span, help);
        }
    }

    #[test]
    fn failed_emphasis_is_found() {
        for (body, span) in [
            ("これは**「重要」**です。", "**「重要」**"),
            ("A ** bold ** word", "** bold **"),
            ("**Save 20% ** today", "**Save 20% **"),
            ("Now ** save 20%** today", "** save 20%**"),
            ("**Free until March", "**"),
            ("Save **20% today.", "**"),
            ("a**\"b\"**c", "**\"b\"**"),
            ("今日は*「特別」*です", "*「特別」*"),
            ("~~ 50 € ~~ 40 €", "~~ 50 € ~~"),
            ("An ==offer== for you", "==offer=="),
        ] {
            assert_found(body, span, "");
        }
    }

    #[test]
    fn markup_of_other_programs_is_found() {
        for (body, span) in [
            ("{{< youtube dQw4w9WgXcQ >}}", "{{< youtube dQw4w9WgXcQ >}}"),
            ("{% include form.html %}", "{% include form.html %}"),
            ("Dear {{ first_name }},", "{{ first_name }}"),
            ("Dear *|FNAME|*,", "|FNAME|"),
            ("[gallery ids=\"1,2\"]", "[gallery ids=\"1,2\"]"),
            ("[contact-form-7 id=12]", "[contact-form-7 id=12]"),
            ("[caption]A team[/caption]", "[/caption]"),
            ("[TOC]", "[TOC]"),
            ("> [!NOTE]\n> A note.", "[!NOTE]"),
            ("![A](a.jpg){width=50%}", "{width=50%}"),
            ("A paragraph.\n{: .lead}", "{: .lead}"),
        ] {
            assert_found(body, span, "");
        }
    }

    #[test]
    fn lines_that_are_no_list_table_or_block_are_found() {
        for (body, span, help) in [
            ("• One\n• Two", "•", "- "),
            ("\u{2022}\tOne\n\u{2022}\tTwo", "•", "- "),
            ("– One\n– Two\n– Three", "–", "- "),
            ("✅ One\n✅ Two", "✅", "- "),
            ("・One\n・Two", "・", "- "),
            ("a) One\nb) Two", "a)", "1. One"),
            ("(1) One\n(2) Two", "(1)", "1. One"),
            ("-One\n-Two", "-", "- One"),
            ("1.One\n2.Two", "1.", "1. One"),
            ("##Prices", "##", "## Prices"),
            ("| a | b |\n| 1 | 2 |", "| a | b |", "| --- | --- |"),
            ("  ::: hero\n  Hello", "::: hero", "first column"),
            (":: hero\nHello", ":: hero", ":::"),
            ("- a\n  ::: quote", "::: quote", "first column"),
            ("    ::: hero", "::: hero", "spaces"),
            (
                "Watch https://youtu.be/dQw4w9WgXcQ now",
                "https://youtu.be/dQw4w9WgXcQ",
                "[text of the link](https://youtu.be/dQw4w9WgXcQ)",
            ),
            ("See www.kazi.example.", "www.kazi.example", "(https://www.kazi.example)"),
            ("a\n\n```\nb", "```", "```"),
        ] {
            assert_found(body, span, help);
        }
    }

    #[test]
    fn what_careful_authors_write_is_not_reported() {
        for body in [
            "`[a] (b.md)` and `**` and `{{ x }}`",
            "```\n• a\n• b\n[a](b c.md)\n```",
            "\\[a](b c.md) and \\*\\*not bold\\*\\* and \\{{ x }}",
            "Free delivery** and returns.\n\n** Within Nairobi.",
            "Free delivery** and returns.\n\n**Within Nairobi.",
            "Free delivery* and returns** at 5 * 3 = 15 and 2 ** 3.",
            "*Excluding VAT.",
            "Array[0] and [sic] (see below), a [note] (in 2027), f(x)[1].",
            "[x] done, [ ] open, [1][2]",
            "Sizes S · M · L, open 9 – 17, 3 — 4",
            "She said:\n— Amina O.",
            "– One line with a dash.",
            "One  \n• two  \n• three",
            "#spring2027 is here",
            "Name: ________ snake__case__name",
            "Write to hello@kazi.example or visit kazi.example.",
            "[https://kazi.example](https://kazi.example) and <https://kazi.example>",
            "[text][ref]\n\n[ref]: /prices.md",
            "A :: b, 10:30 ::, std::vec, :-) :::)",
            "a | b\nc | d",
            "{ a: 1 }, 50 % off, {braces} and 100%",
            "-5 °C in May\n-3 °C in June",
            "1.5 km\n2.5 km",
            "Do not use == in prose, a == b == c.",
            "5 > 3 and < 7, 2 * 3 * 4, ~ 5 min ~",
            "A footnote[^1].\n\n[^1]: Text with a [link](/a.md).",
            "## Heading {#own .class}",
            "[Get it](cta:save) ![A](<a b.jpg>) [a](b.md \"title (x)\")",
            "¡Hola! ¿Qué tal? «Bien», «muy bien».",
            "★★★★★ Five stars",
            "➜ One arrow only",
            "a) One, b) two, c) three",
            "(See below.)\n(Or above.)",
            "A. Otieno\nB. Wanjiru",
        ] {
            assert_eq!(found(body), [], "{body}");
        }
    }
}
