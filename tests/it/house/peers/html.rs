//! HTML: html5lib's tests of tokenizers, with which browsers are tested too. The package of html5gum 0.1 has them.

use std::fmt::Write;

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use tagline::html::comments::without_comments;
use tagline::html::entities::decoded;
use tagline::html::minify::minify;
use tagline::html::tags::{Tags, lower_case};
use tagline::source::first_forbidden;

use super::package;
use crate::support::dom::difference;
use crate::support::random_cases;

/// The tests with names of characters that are not ASCII. We leave these names as they are, because no host and no scheme
/// can contain their `&`.
const NAMES_LEFT: [&str; 2] = ["Non BMP-charref in attribute", "Entity in attribute without semicolon"];

/// A text, and the tags that a browser finds in it.
struct Test {
    name: String,
    html: String,
    tags: Vec<Tag>,
}

#[derive(Debug, PartialEq, Eq)]
enum Tag {
    /// The attributes are in the order of their names.
    Start(String, Vec<(String, String)>),
    End(String),
}

/// All tests whose input can be in a page.
fn tests() -> Vec<Test> {
    let folder = package("html5gum").join("tests/html5lib-tests/tokenizer");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    paths.sort();
    let files = paths.iter().map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
    let tests = files.flat_map(|file| file["tests"].as_array().cloned().unwrap_or_default());
    let tests = tests.flat_map(|test| {
        let states = test["initialStates"].as_array().cloned().unwrap_or_else(|| vec!["Data state".into()]);
        let tests: Vec<Test> = states.iter().filter_map(|state| test_in(&test, state.as_str().unwrap())).collect();
        tests
    });
    tests.collect()
}

/// A test that begins in a state of the tokenizer. An element in front of the input makes this state.
fn test_in(test: &Value, state: &str) -> Option<Test> {
    let element = match state {
        "Data state" => None,
        "RCDATA state" => Some("title"),
        "RAWTEXT state" => Some("style"),
        "Script data state" => Some("script"),
        // `<plaintext>` has no end, and a CDATA section is a comment outside of SVG.
        "PLAINTEXT state" | "CDATA section state" => return None,
        _ => panic!("{state} is new"),
    };
    let element = element.map(|element| test["lastStartTag"].as_str().unwrap_or(element));
    let is_escaped = test["doubleEscaped"] == true;
    let text = |value: &Value| {
        let text = value.as_str().unwrap();
        if is_escaped { unescaped(text) } else { Some(text.to_owned()) }
    };
    let input = text(&test["input"])?.replace("\r\n", "\n").replace('\r', "\n");
    if first_forbidden(&input).is_some() {
        return None;
    }
    let first = element.map(|element| Tag::Start(element.to_owned(), Vec::new()));
    let rest = test["output"].as_array().unwrap().iter().filter_map(|token| tag(token, &text));
    Some(Test {
        name: format!("{}, {state}", test["description"].as_str().unwrap()),
        html: element.map(|element| format!("<{element}>")).unwrap_or_default() + &input,
        tags: first.into_iter().chain(rest).collect(),
    })
}

/// Decodes `\u1234`. `None` for half a character.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split("\\u");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push(char::from_u32(u32::from_str_radix(&part[..4], 16).unwrap())?);
        out.push_str(&part[4..]);
    }
    Some(out)
}

fn tag(token: &Value, text: &impl Fn(&Value) -> Option<String>) -> Option<Tag> {
    match token[0].as_str() {
        Some("StartTag") => {
            let attributes = token[2].as_object().unwrap();
            let mut attributes: Vec<_> =
                attributes.iter().map(|(name, value)| (name.clone(), text(value).unwrap())).collect();
            attributes.sort();
            Some(Tag::Start(text(&token[1])?, attributes))
        }
        Some("EndTag") => Some(Tag::End(text(&token[1])?)),
        _ => None,
    }
}

/// The tags that we find.
fn ours(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_tag() {
        let name = lower_case(tag.name).into_owned();
        if tag.is_end {
            found.push(Tag::End(name));
            continue;
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        for attribute in tags.attributes() {
            let name = attribute.name.to_ascii_lowercase();
            // The first of two counts.
            if !attributes.iter().any(|(other, _)| *other == name) {
                attributes.push((name, decoded(attribute.value()).into_owned()));
            }
        }
        attributes.sort();
        found.push(Tag::Start(name, attributes));
    }
    found
}

/// The value of the attribute `title` of the first element that has one, as a browser reads it.
fn title(parent: &Handle) -> Option<String> {
    parent.children.borrow().iter().find_map(|child| match &child.data {
        NodeData::Element { attrs, .. } => {
            let attributes = attrs.borrow();
            let title = attributes.iter().find(|attribute| &*attribute.name.local == "title");
            title.map(|found| found.value.to_string()).or_else(|| self::title(child))
        }
        _ => None,
    })
}

#[test]
fn tags_are_found_as_browsers_find_them() {
    let tests = tests();
    assert!(tests.len() > 5_000, "only {} tests", tests.len());
    let mut surprises = String::new();
    for Test { name, html, tags } in &tests {
        let ours = ours(html);
        if (ours == *tags) == NAMES_LEFT.iter().any(|left| name.starts_with(&format!("{left}, "))) {
            let _ = writeln!(surprises, "{name}: {html:?}\n  ours   {ours:?}\n  theirs {tags:?}");
        }
    }
    assert!(surprises.is_empty(), "{surprises}");
}

#[test]
fn inputs_of_html5lib_are_the_same_page_without_comments_and_minified() {
    let mut surprises = String::new();
    for Test { name, html, .. } in tests() {
        for (how, changed) in
            [("without comments", without_comments(&html).into_owned()), ("minified", minify(&html).unwrap())]
        {
            if let Some(difference) = difference(&html, &changed) {
                let _ = writeln!(surprises, "{name}: {how}: {html:?} became {changed:?}: {difference}");
            }
        }
    }
    assert!(surprises.is_empty(), "{surprises}");
}

#[test]
fn character_references_in_attributes_are_read_as_browsers_read_them() {
    let mut surprises = String::new();
    let mut count = 0;
    for Test { name, html, .. } in tests() {
        if !html.contains('&') || html.contains(['<', '"']) {
            continue;
        }
        count += 1;
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(format!("<p title=\"{html}\">"));
        let theirs = title(&dom.document).unwrap();
        let ours = decoded(&html);
        // Names of other characters than those of ASCII are left as they are.
        let is_left = ours == html && !html.contains("&#") && !theirs.is_ascii();
        if ours != theirs && !is_left {
            let _ = writeln!(surprises, "{name}: {html:?}: ours {ours:?}, theirs {theirs:?}");
        }
    }
    assert!(count > 2_000, "only {count} tests");
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
