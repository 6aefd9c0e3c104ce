//! YAML: the test suite that the parsers of all languages share, yaml-test-suite. The package of noyalib has it.

use std::fmt::Write;
use std::path::Path;

use tagline::source::SourceText;
use tagline::yaml::{self, Node, Value};

use super::package;

/// Valid YAML that we refuse on purpose, with the start of the message. None of it is in the front matter of a careful
/// author, or it is there by accident: a tab in front of a line is meant as indentation.
const REFUSED: &[(&str, &str)] = &[
    (
        "a value that begins with `&`, `*` or `!` is a YAML anchor",
        "26DV 2AUY 2SXE 2XXW 33X3 35KP 3GZX 3R3P 52DL 565N 57H4 5TYM 6BFJ 6CK3 6JWB 6KGN 6M2F 6WLZ 735Y 74H7 \
         7BMT 7BUB 7FWL 8MK2 8XYN 9KAX 9WXW BU8L C4HZ CC74 CN3R CUP7 E76Z EHF6 F2C7 FH7J FTA2 HMQ5 J7PZ JS2J \
         L94M LE5A M5C3 P76L PW8X S4JQ SKE5 U3C3 U3XV UGM3 UKK6/2 V55R W5VH WZ62 Y2GN Z67P Z9M4 ZH7C ZWK4",
    ),
    ("a list or mapping cannot be a key", "4FJ6 6PBE 9MMW KK5P LX3P M2N8/0 M2N8/1 M5DY Q9WF RZP5 SBG9 V9D5 X38W XW4D"),
    ("a second YAML document begins here", "6XDY 6ZKB 7Z25 9DXL JHB9 KSS4 L383 M7A3 NKF9 PUW8 RZT7 U9NS UT92 W4TN"),
    (
        "YAML cannot be indented with tabs",
        "3RLN/2 3RLN/5 4ZYM 6CA3 6HB6 7A4E 96NN/0 96NN/1 DK95/0 DK95/2 DK95/8 HS5T J3BT M9B4 MJS9 PRH3 Q5MG T5N4 \
         TL85 UV7Q",
    ),
    ("the character U+0008 is not allowed in text", "G4RS"),
    ("duplicate key `", "2JQS"),
];

/// Invalid YAML that is read: lines inside of brackets or quotes that begin further left than they may. Most parsers read it.
const ACCEPTED: [&str; 2] = ["9C9N", "QB6E"];

struct Case {
    /// The name of the file, with a number if it has several cases.
    id: String,
    yaml: String,
    /// The events of the parser, one a line.
    events: String,
    is_valid: bool,
}

fn cases() -> Vec<Case> {
    let folder = package("noyalib").join("tests/yaml-test-suite");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| cases_of(path)).collect()
}

fn cases_of(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let source = SourceText::new("suite.yaml", &*text);
    let mut diagnostics = Vec::new();
    let tree = yaml::read(&source, 0..text.len(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", path.display());
    let Some(Node { value: Value::List(items), .. }) = tree.root else { panic!("{} is no list", path.display()) };
    let name = path.file_stem().unwrap().to_str().unwrap();
    let mut cases = Vec::new();
    let mut events = String::new();
    // A case has what the one before has, if it does not say it itself.
    for (index, item) in items.iter().enumerate().take_while(|(_, item)| field(item, "skip").is_none()) {
        events = field(item, "tree").map_or(events, unmasked);
        let id = if items.len() == 1 { name.to_owned() } else { format!("{name}/{index}") };
        let yaml = unmasked(field(item, "yaml").unwrap());
        cases.push(Case { id, yaml, events: events.clone(), is_valid: field(item, "fail").is_none() });
    }
    cases
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    let Value::Map(entries) = &node.value else { panic!("{node:?} is no mapping") };
    match &entries.iter().find(|(key, _)| key.text == name)?.1.value {
        Value::Scalar { text, .. } => Some(text),
        other => panic!("{name} is no text: {other:?}"),
    }
}

/// The suite writes characters that nobody sees as others.
fn unmasked(text: &str) -> String {
    let text = text.replace('␣', " ").replace('»', "\t").replace('←', "\r").replace('⇔', "\u{feff}");
    text.replace(['—', '↵'], "").replace("∎\n", "")
}

/// The events without those that a tree does not have, and without the style of lists, mappings and quotes.
fn expected(events: &str) -> Vec<String> {
    let events = events.lines().map(str::trim_start).filter(|event| !event.is_empty());
    let events = events.filter(|event| !["+STR", "-STR", "+DOC", "-DOC"].iter().any(|no| event.starts_with(no)));
    let events = events.map(|event| match event.strip_prefix("=VAL ") {
        Some(value) => match value.strip_prefix(['"', '\'', '|', '>']) {
            Some(text) => quoted(&unescaped(text)),
            None => plain(&unescaped(value.strip_prefix(':').unwrap_or(value))),
        },
        None => event.replace(" {}", "").replace(" []", ""),
    });
    events.collect()
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next().unwrap() {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                other => other,
            },
            c => c,
        });
    }
    out
}

fn quoted(text: &str) -> String {
    format!("text {text:?}")
}

/// Without quotes, some texts mean null.
fn plain(text: &str) -> String {
    match text {
        "" | "~" | "null" => "null".to_owned(),
        _ => format!("plain {text:?}"),
    }
}

/// Our tree in the form of [`expected`], or the message of the first error.
fn ours(yaml: &str) -> Result<Vec<String>, String> {
    let source = SourceText::new("a.yaml", yaml);
    let mut diagnostics = Vec::new();
    let tree = yaml::read(&source, 0..source.text.len(), &mut diagnostics);
    let mut events = Vec::new();
    if let Some(root) = &tree.root {
        add_events(root, &mut events);
    }
    match diagnostics.into_iter().next() {
        Some(diagnostic) => Err(diagnostic.message),
        None => Ok(events),
    }
}

fn add_events(node: &Node, events: &mut Vec<String>) {
    match &node.value {
        Value::Null => events.push(plain("")),
        Value::Scalar { text, plain: true } => events.push(plain(text)),
        Value::Scalar { text, plain: false } => events.push(quoted(text)),
        Value::List(items) => {
            events.push("+SEQ".to_owned());
            items.iter().for_each(|item| add_events(item, events));
            events.push("-SEQ".to_owned());
        }
        Value::Map(entries) => {
            events.push("+MAP".to_owned());
            for (key, value) in entries {
                // A tree does not have the style of keys.
                events.push(format!("key {:?}", key.text));
                add_events(value, events);
            }
            events.push("-MAP".to_owned());
        }
    }
}

#[test]
fn yaml_is_read_as_its_test_suite_expects() {
    let cases = cases();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let mut surprises = String::new();
    let mut equal = 0;
    for Case { id, yaml, events, is_valid } in cases {
        let ours = ours(&yaml);
        let listed = REFUSED.iter().find(|(_, ids)| ids.split_whitespace().any(|listed| listed == id));
        let is_right = match (&ours, is_valid) {
            (Ok(ours), true) => listed.is_none() && same(ours, &expected(&events)),
            (Err(message), true) => listed.is_some_and(|(start, _)| message.starts_with(start)),
            (ours, false) => ours.is_ok() == ACCEPTED.contains(&&*id),
        };
        equal += usize::from(is_right && ours.is_ok());
        if !is_right {
            let _ =
                writeln!(surprises, "=== {id}, valid: {is_valid}\n{yaml}\n--- ours\n{ours:?}\n--- theirs\n{events}");
        }
    }
    println!("{equal} documents are equal");
    assert!(surprises.is_empty(), "{surprises}");
}

/// Whether events are equal. The text of a key counts, and its style does not.
fn same(ours: &[String], expected: &[String]) -> bool {
    let is_same = |(ours, expected): (&String, &String)| match ours.strip_prefix("key ") {
        Some(key) => {
            let text = expected.strip_prefix("plain ").or_else(|| expected.strip_prefix("text "));
            text == Some(key) || expected == "null" && matches!(key, "\"\"" | "\"~\"" | "\"null\"")
        }
        None => ours == expected,
    };
    ours.len() == expected.len() && ours.iter().zip(expected).all(is_same)
}
