//! The tests of other programs: what pulldown-cmark's test suites expect, which include the examples of CommonMark and of
//! GitHub's extensions. They are read from the source of the crate, which is there wherever it is built.
//!
//! Differences that are a choice are listed with their reason. Any other one fails.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use tagline::html::comments::without_comments;
use tagline::model::body::{Node, Outline};
use tagline::parse::{QuotationMarks, markdown};
use tagline::source::SourceText;

use crate::support::dom::difference;
use crate::support::random_cases;

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
}

/// The differences by suite and number.
const CHOICES: &[(&str, Choice, &[usize])] = &[
    ("heading_attrs", Choice::HeadingAttributes, &[1, 2, 20, 21, 22, 23]),
    ("heading_attrs", Choice::Refused, &[33, 34, 40]),
    ("regression", Choice::Refused, &[48]),
    ("regression", Choice::OtherExtensions, &[106, 107, 108, 195, 201, 202, 203, 204, 208]),
    ("footnotes", Choice::Refused, &[1, 20, 24]),
];

struct Example {
    number: usize,
    markdown: String,
    expected: String,
}

/// The folder of the crate's tests.
fn suites() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "pulldown-cmark");
    PathBuf::from(package.unwrap()["manifest_path"].as_str().unwrap()).with_file_name("tests").join("suite")
}

/// The examples of one suite. They are written as raw strings in Rust.
fn examples(suite: &str) -> Vec<Example> {
    let path = suites().join(format!("{suite}.rs"));
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
    let (body, outline, diagnostics) = markdown::body(&source, 0..markdown.len(), QuotationMarks::default());
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

#[test]
fn markdown_is_read_as_other_programs_read_it() {
    let mut surprises = String::new();
    let mut equal = 0;
    for suite in SUITES {
        let examples = examples(suite);
        assert!(!examples.is_empty(), "{suite} has no examples");
        for Example { number, markdown, expected } in examples {
            let ours = ours(&markdown);
            let is_equal = ours.as_ref().is_some_and(|ours| canonical(ours) == canonical(&expected));
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
    }
    println!("{equal} examples are equal");
    assert!(surprises.is_empty(), "{surprises}");
}

#[test]
fn html_without_its_comments_is_the_same_page() {
    const PARTS: [&str; 30] = [
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!--->",
        "<!-",
        "--",
        ">",
        "a",
        " ",
        "&am",
        "p;",
        "<",
        "b>",
        "<b>",
        "</b>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<textarea>",
        "</textarea>",
        "<a title=\"",
        "\">",
        "<i t='",
        "'>",
        "<!x",
        "<?y",
        "/",
        "\n",
    ];
    let mut removed = 0;
    for seed in 0..random_cases(20_000) as u64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let html: String = (0..rng.usize(2..12)).filter_map(|_| rng.choice(PARTS)).collect();
        let without = without_comments(&html);
        removed += usize::from(without.len() < html.len());
        if let Some(difference) = difference(&html, &without) {
            panic!("seed {seed}: {html:?} became {without:?}: {difference}");
        }
    }
    assert!(removed > 100, "only {removed} inputs had a comment");
}
