//! Markdown: what pulldown-cmark's test suites expect, which include the examples of CommonMark and of GitHub's extensions,
//! and what cmark-gfm's own tests expect: those of its extensions, and its regressions.

use std::fmt::Write;
use std::path::Path;

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use tagline::model::body::{Node, Outline};
use tagline::parse::versions::Shown;
use tagline::parse::{QuotationMarks, markdown};
use tagline::source::SourceText;

use super::package;

/// The suites whose extensions we have.
const SUITES: [&str; 10] = [
    "spec",
    "gfm_table",
    "gfm_strikethrough",
    "gfm_tasklist",
    "heading_attrs",
    "footnotes",
    "regression",
    "smart_punct",
    "strikethrough",
    "table",
];

/// Why we differ on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The page is refused: a footnote without a text, an id that themes use, an invisible character.
    Refused,
    /// The suite uses an extension that we do not have: metadata, alerts, definition lists, links of wikis.
    OtherExtensions,
    /// A heading only takes an id and classes.
    HeadingAttributes,
    /// A bare address is no link. `check` reports it.
    BareAddresses,
    /// Footnotes are where they are written, without links back, as pulldown-cmark has them.
    Footnotes,
    /// Raw HTML is the author's own, and is not filtered.
    RawHtml,
}

/// The differences by suite and number.
const CHOICES: &[(&str, Choice, &[usize])] = &[
    ("heading_attrs", Choice::HeadingAttributes, &[1, 2, 20, 21, 22, 23]),
    ("heading_attrs", Choice::Refused, &[33, 34, 40]),
    ("regression", Choice::Refused, &[48]),
    ("regression", Choice::OtherExtensions, &[106, 107, 108, 195, 201, 202, 203, 204, 208]),
    ("footnotes", Choice::Refused, &[1, 20, 24]),
    ("cmark-gfm extensions", Choice::BareAddresses, &[19, 26, 27]),
    ("cmark-gfm extensions", Choice::Footnotes, &[24, 25]),
    ("cmark-gfm extensions", Choice::RawHtml, &[22]),
    ("cmark-gfm extensions", Choice::Refused, &[23]),
    ("cmark-gfm regression", Choice::Footnotes, &[13, 20, 21, 22, 25]),
    ("cmark-gfm regression", Choice::Refused, &[23, 24]),
];

struct Example {
    number: usize,
    markdown: String,
    expected: String,
}

/// The examples of one suite. They are written as raw strings in Rust.
fn examples(suite: &str) -> Vec<Example> {
    let path = package("pulldown-cmark").join("tests/suite").join(format!("{suite}.rs"));
    let text = std::fs::read_to_string(&path).unwrap();
    let raw_string = |part: &str| part.split_once("r##\"").unwrap().1.split_once("\"##;").unwrap().0.to_owned();
    let tests = text.split("#[test]\nfn ").skip(1).enumerate();
    let examples = tests.map(|(index, test)| {
        let (original, expected) = test.split_once("let expected").unwrap();
        Example { number: index + 1, markdown: raw_string(original), expected: raw_string(expected) }
    });
    examples.collect()
}

/// Our HTML; `None` if the page is refused.
fn ours(markdown: &str) -> Option<String> {
    let source = SourceText::new("a.md", markdown);
    let (body, outline, diagnostics) =
        markdown::body(&source, 0..markdown.len(), QuotationMarks::default(), Shown::ONLY);
    let mut html = String::new();
    write_nodes(&body.nodes, &outline, &mut html);
    diagnostics.is_empty().then_some(html)
}

fn write_nodes(nodes: &[Node], outline: &Outline, out: &mut String) {
    let attribute = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    for node in nodes {
        match node {
            Node::Html(html) | Node::RawHtml { html, .. } => out.push_str(html),
            Node::TopHeading { id, class, content } => {
                let _ = write!(out, "<h1 id=\"{id}\"{class}>");
                write_nodes(content, outline, out);
                out.push_str("</h1>");
            }
            Node::Link { link, title, content } => {
                let _ = write!(out, "<a href=\"{}\"", attribute(&outline.links[*link].address));
                if !title.is_empty() {
                    let _ = write!(out, " title=\"{}\"", attribute(title));
                }
                out.push('>');
                write_nodes(content, outline, out);
                out.push_str("</a>");
            }
            Node::Image { link, title, alt } => {
                let address = attribute(&outline.links[*link].address);
                let _ = write!(out, "<img src=\"{address}\" alt=\"{}\"", attribute(alt));
                if !title.is_empty() {
                    let _ = write!(out, " title=\"{}\"", attribute(title));
                }
                out.push('>');
            }
            Node::Block(_) => out.push_str("<block>"),
        }
    }
}

/// The elements and texts of HTML in a form that does not depend on what we write in another way on purpose: the class of
/// aligned cells, escapes in addresses, straight quotes, ids that come from the text of a heading.
fn canonical(html: &str) -> Vec<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut out = Vec::new();
    outline(&dom.document, "", &mut out);
    out
}

/// Adds the content of an element with the name `around`.
fn outline(parent: &Handle, around: &str, out: &mut Vec<String>) {
    let mut text = String::new();
    for child in parent.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            // A table without rows: some write an empty body.
            NodeData::Element { name, .. } if &*name.local == "tbody" && !has_elements(child) => {}
            NodeData::Element { name, attrs, .. } => {
                push_text(&mut text, around, out);
                let tag = name.local.to_string();
                let attributes = attrs.borrow();
                let attributes = attributes.iter().filter_map(|attribute| {
                    let value = attribute.value.to_string();
                    canonical_attribute(&tag, around, &attribute.name.local, &value)
                });
                let mut attributes: Vec<String> = attributes.collect();
                attributes.sort();
                out.push(format!("<{tag} {}>", attributes.join(" ")));
                // All text in `pre` keeps its spaces.
                outline(child, if around == "pre" { around } else { &tag }, out);
                out.push(format!("</{tag}>"));
            }
            // Comments are no part of the page. The texts around one are one text.
            NodeData::Comment { .. } => {}
            _ => outline(child, around, out),
        }
    }
    push_text(&mut text, around, out);
}

fn has_elements(parent: &Handle) -> bool {
    parent.children.borrow().iter().any(|child| matches!(child.data, NodeData::Element { .. }))
}

fn push_text(text: &mut String, around: &str, out: &mut Vec<String>) {
    let plain = plain(&std::mem::take(text));
    let plain = if around == "pre" { plain } else { plain.split_whitespace().collect::<Vec<_>>().join(" ") };
    if !plain.is_empty() {
        out.push(plain);
    }
}

fn canonical_attribute(tag: &str, around: &str, name: &str, value: &str) -> Option<String> {
    let is_heading = tag.len() == 2 && tag.starts_with('h');
    match name {
        "id" if is_heading => None,
        // The names of footnotes.
        "id" if matches!(tag, "sup" | "div") => None,
        "href" if around == "sup" => None,
        "aria-label" if tag == "input" => None,
        "disabled" | "checked" => Some(name.to_owned()),
        "align" => Some(format!("class=align-{value}")),
        "style" => Some(format!("class=align-{}", value.trim_start_matches("text-align: ").trim_end_matches(';'))),
        "href" | "src" => {
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
            Some(format!("{name}={decoded}"))
        }
        _ => Some(format!("{name}={}", plain(value))),
    }
}

fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for (typographic, plain) in
        [("“", "\""), ("”", "\""), ("‘", "'"), ("’", "'"), ("–", "--"), ("—", "---"), ("…", "...")]
    {
        text = text.replace(typographic, plain);
    }
    text
}

fn choice(suite: &str, number: usize) -> Option<Choice> {
    let listed = CHOICES.iter().find(|(name, _, numbers)| *name == suite && numbers.contains(&number));
    listed.map(|(_, choice, _)| *choice)
}

/// The examples of a suite in the form of CommonMark's specification.
fn examples_in_text(path: &Path) -> Vec<Example> {
    let text = std::fs::read_to_string(path).unwrap();
    let end = format!("\n{}", "`".repeat(32));
    let start = format!("{end} example");
    let blocks = text.split(&start).skip(1);
    let examples = blocks.enumerate().map(|(index, block)| {
        let block = block.split_once('\n').unwrap().1.split(&end).next().unwrap();
        let (markdown, expected) = block.split_once("\n.").unwrap();
        let text = |part: &str| part.replace('→', "\t");
        Example { number: index + 1, markdown: text(markdown) + "\n", expected: text(expected) }
    });
    examples.collect()
}

/// Adds each difference that is not listed, and each listed one that is none. Returns the number of equal examples.
fn compare(suite: &str, examples: Vec<Example>, surprises: &mut String) -> usize {
    assert!(!examples.is_empty(), "{suite} has no examples");
    let mut equal = 0;
    for Example { number, markdown, expected } in examples {
        let ours = ours(&markdown);
        // The suite of cmark-gfm writes `<IGNORE>` where only an end is expected.
        let is_equal =
            expected.trim() == "<IGNORE>" || ours.as_ref().is_some_and(|ours| canonical(ours) == canonical(&expected));
        equal += usize::from(is_equal);
        match (is_equal, choice(suite, number)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(choice)) => {
                let _ = writeln!(surprises, "{suite} {number} is listed as {choice:?}, and is equal");
            }
            (false, None) => {
                let _ = writeln!(
                    surprises,
                    "=== {suite} {number}\n{markdown}\n--- ours\n{ours:?}\n--- theirs\n{expected:?}"
                );
            }
        }
    }
    equal
}

#[test]
fn markdown_is_read_as_other_programs_read_it() {
    let mut surprises = String::new();
    let equal: usize = SUITES.iter().map(|suite| compare(suite, examples(suite), &mut surprises)).sum();
    println!("{equal} examples are equal");
    assert!(surprises.is_empty(), "{surprises}");
}

#[test]
#[ignore = "needs the folder of cmark-gfm's tests in TAGLINE_CMARK_GFM, as .ci/run sets it"]
fn markdown_is_read_as_cmark_gfm_reads_it() {
    let folder = std::env::var_os("TAGLINE_CMARK_GFM").expect("TAGLINE_CMARK_GFM is the folder with extensions.txt");
    let mut surprises = String::new();
    let equal = ["extensions", "regression"].map(|name| {
        let path = Path::new(&folder).join(name).with_extension("txt");
        compare(&format!("cmark-gfm {name}"), examples_in_text(&path), &mut surprises)
    });
    println!("{equal:?} examples are equal");
    assert!(surprises.is_empty(), "{surprises}");
}
