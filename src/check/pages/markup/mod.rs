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
    /// The text at the span, and what `check --fix` writes in its place.
    replacement: Option<(String, String)>,
}

impl Failure {
    fn new(start: usize, end: usize, message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure {
            rule: Rule::FailedMarkup,
            span: Span::new(start, end),
            message: message.into(),
            label: "shown as text",
            help: help.into(),
            replacement: None,
        }
    }
}

/// Reports markup that is shown as text.
pub fn failed_markup(context: &CheckContext) -> Vec<Diagnostic> {
    let pages: Vec<_> = visible_pages(context.site).collect();
    let diagnostics = pages.par_iter().flat_map_iter(|page| {
        let source = &page.page.source;
        failures(source).into_iter().map(|failure| {
            let diagnostic = Diagnostic::warning(failure.rule, failure.message)
                .at(source, failure.span, failure.label)
                .help(failure.help);
            match failure.replacement {
                Some((written, text)) => diagnostic.replace(written, text),
                None => diagnostic,
            }
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
        failures.extend(segment.iter().find_map(markers::boxes));
        for passage in segment {
            failures.extend(of_passage(passage));
        }
    }
    failures.extend(emphasis::unclosed(&page.segments));
    failures.sort_by_key(|failure| failure.span);
    // One failure can look like two: `[text](www.kazi.example/a b)` has a bare address.
    failures.dedup_by(|next, first| next.span.start <= first.span.end);
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
    failures.extend(lines::odd_line_break(passage));
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
    fn marks_with_characters_that_nobody_sees_are_found() {
        for (body, span, help) in [
            ("#\u{a0}Prices", "#", "`# Prices`"),
            ("\u{200b}## Prices", "\u{200b}##", "`## Prices`"),
            ("-\u{a0}One", "-", "`- One`"),
            ("*\u{a0}One\n*\u{a0}Two", "*", "`* One`"),
            ("1.\u{a0}One\n2.\u{a0}Two", "1.", "`1. One`"),
            ("\u{feff}> A quote", "\u{feff}>", "`> A`"),
            ("＃ Prices", "＃", "`# Prices`"),
            ("－ One", "－", "`- One`"),
            ("１．One\n２．Two", "１．", "`1. One`"),
            ("＊＊bold＊＊", "＊＊bold＊＊", "`**bold**`"),
            ("［Prices］（/prices.md）", "［Prices］（/prices.md）", "`[Prices](/prices.md)`"),
            ("####### Prices", "#######", "at most six"),
            ("One\u{2028}Two", "\u{2028}", "press Enter"),
        ] {
            assert_found(body, span, help);
        }
    }

    #[test]
    fn links_without_an_address_or_with_a_bad_title_are_found() {
        for (body, span, help) in [
            ("See [a]() now", "[a]()", "write its address"),
            ("[Read on](#)", "[Read on](#)", "`#top`"),
            ("[a](/b.md “Our prices”)", "[a](/b.md “Our prices”)", "`[a](/b.md \"Our prices\")`"),
            ("[a](/b.md Our prices)", "[a](/b.md Our prices)", "`[a](/b.md \"Our prices\")`"),
            ("![a](b.png =200x)", "![a](b.png =200x)", "`![a](b.png)`"),
            ("![a](b.png \"c\" =200x100)", "![a](b.png \"c\" =200x100)", "`![a](b.png \"c\")`"),
            ("! [a](b.png)", "[a](b.png)", "`![a](b.png)`"),
            ("See [!a](b.png)", "[!a](b.png)", "`![a](b.png)`"),
            ("![[b c.png]]", "![[b c.png]]", "(<b c.png>)"),
            ("[[b|our prices]]", "[[b|our prices]]", "`[our prices](/b.md)`"),
            ("[a][/b.md]", "[a][/b.md]", "`[a](/b.md)`"),
            ("(our prices)(/prices.md)", "(our prices)(/prices.md)", "`[text](address)`"),
            ("Write to ada@kazi.co.ke.", "ada@kazi.co.ke", "`<ada@kazi.co.ke>`"),
            ("See <kazi.co.ke>", "<kazi.co.ke>", "(https://kazi.co.ke)"),
        ] {
            assert_found(body, span, help);
        }
    }

    #[test]
    fn markup_of_chats_wikis_and_word_processors_is_found() {
        for (body, span, help) in [
            ("Done :tada:", ":tada:", "🎉"),
            ("[ ] One", "[ ]", "`- [ ] One`"),
            ("[x] One\n[x] Two", "[x]", "`- [x] One`"),
            ("- [] One\n- [] Two", "[]", "`- [ ] One`"),
            ("-[ ] One\n-[ ] Two", "-", "`- [`"),
            ("☐ One\n☑ Two", "☐", "- "),
            ("\u{f0b7} One\n\u{f0b7} Two", "\u{f0b7}", "- "),
            ("o\tOne\no\tTwo", "o", "- "),
            ("+One\n+Two", "+", "`+ One`"),
            ("-> One\n-> Two", "->", "`- One`"),
            ("a. One\nb. Two", "a.", "1. One"),
            ("Plan\tPrice\nTeam\t49", "Plan\tPrice", "| --- | --- |"),
            ("!!! note\n    Text", "!!! note", "> **Note.**"),
            ("[a](/b.md){:target=\"_blank\"}", "{:target=\"_blank\"}", "remove it"),
            ("== Prices ==", "== Prices ==", "## Prices"),
            ("h2. Prices", "h2. Prices", "## Prices"),
            (".. note:: x", ".. note:: x", ""),
            ("Term\n: Definition", ": Definition", "**Term.**"),
            ("A fact^[The source]", "^[The source]", "[^1]"),
            ("m^2^", "m^2^", "`²`"),
            ("H~2~O", "H~2~", "`₂`"),
            ("A &copy 2027", "&copy", "`;`"),
            ("it`s", "`", "`'`"),
            ("Run `tagline", "`", "end of the code"),
            ("***bold**", "*", "as many marks"),
            ("**bold*", "*", "as many marks"),
            ("Dear ${name},", "${name}", ""),
            ("Dear [First Name],", "[First Name]", ""),
            ("Dear %FIRSTNAME%,", "%FIRSTNAME%", ""),
            ("Now <!-- later", "<!--", "`-->`"),
            ("Now <!-- later\n\nor -->", "<!--", "a line of its own"),
            ("```{note}\na\n```", "```{note}", "::: quote"),
            ("    Our team hires in days.", "Our team hires in days.", "spaces"),
            ("One line.\nAnother one.\n---", "Another one.", "empty line"),
        ] {
            assert_found(body, span, help);
        }
    }

    #[test]
    fn video_without_a_picture_is_reported_as_a_whole() {
        assert_eq!(found("::: video\nhttps://youtu.be/dQw4w9WgXcQ\n:::"), []);
        assert_found(
            "::: video\n[![A](a.svg)](https://youtu.be/dQw4w9WgXcQ)\n\nAlso https://youtu.be/abc\n:::",
            "https://youtu.be/abc",
            "",
        );
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
            "Write to hello\\@kazi.example or visit kazi.example.",
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
            "1.\u{a0}May 2027 is the day.",
            "*\u{a0}Excluding VAT.",
            "-\u{a0}5 °C",
            "#\u{a0}1 in Kenya",
            "- a\u{a0}b\n- c",
            "> « Oui »",
            "#######",
            "[Back to top](#) and [up ↑](#) and [top](#top)",
            "[text][other] and [other]\n\n::: hero\nx\n:::\n\n[other]: /prices.md",
            "Ask ada\\@kazi.co.ke, `ada@kazi.co.ke`, <ada@kazi.co.ke> or [ada@kazi.co.ke](mailto:ada@kazi.co.ke).",
            "Follow @kazi, logo@2x.png, a @ b, 3 @ 5 €",
            "At 10:30:45, ratio 1:2:3, std::vec::Vec, a:b:c, :-) and (:",
            "!!! Only today !!!",
            "??? Really",
            "- [ ] One\n- [x] Two",
            "AT&T, R&D, &copy; 2027, &nbsp;x, ?a=1&copy=2",
            "50%OFF% now, 100% SURE, 20 % and 30 %",
            "C++ and C++, i++ + j++, a ++ b",
            "\\`x, ``a ` b`` and `a`",
            "2^10, x^2 and ~~old~~ new",
            "**Bold** *italic* ***both*** **a*b*c**",
            "**Free***, *see below",
            "$$ to $$$, $5 and $10",
            "A tab\there",
            "import goods from Kenya\n\nexport default of it",
            "One line.\n\n---\n\nAnother",
            "Prices\n------",
            "A long heading with two lines\nof text\n===",
            "```{.rust}\na\n```\n\n```{rust}\na\n```",
            "    let answer = compute(everything).",
            "A <!-- comment --> here <!-- and\nhere -->",
            "\\<!-- shown",
            "Wow! [The picture](a.png) and ![A](a.png)!",
            "[![A](a.png)](/b.md)",
            "(see [a](/b.md)) and [a](/b.md)(x)",
            "Say: yes\n\nTerm: definition",
        ] {
            assert_eq!(found(body), [], "{body}");
        }
    }
}
