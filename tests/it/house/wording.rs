//! Words and phrases that are hard to understand do not come back: the text of the repository uses plain English and the
//! standard terms of the field.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Where names, comments, messages and documentation are.
const FOLDERS: [&str; 6] = ["src", "tests", "themes", "docs", "benches", ".ci"];
const FILES: [&str; 2] = ["README.md", "CONTRIBUTING.md"];
const EXTENSIONS: [&str; 10] = ["rs", "md", "mjs", "js", "html", "css", "yaml", "py", "toml", ""];
/// Paths with texts in other languages, texts of other authors, and generated text.
const SKIPPED: [&str; 5] = [".min.js", "/strings/", "tests/sites", "/snapshots/", "tests/it/house/wording.rs"];

/// A phrase to avoid in comments, messages and documentation. A space also matches a line break, `_` and `-`.
struct Phrase {
    avoid: &'static [&'static str],
    /// What to write instead.
    instead: &'static str,
    /// Longer phrases in which the words are fine.
    allowed: &'static [&'static str],
}

const fn phrase(avoid: &'static [&'static str], instead: &'static str) -> Phrase {
    Phrase { avoid, instead, allowed: &[] }
}

const PHRASES: &[Phrase] = &[
    Phrase { avoid: &["told", "tells of", "tell of"], instead: "reported, printed or shown", allowed: &["told apart"] },
    phrase(&["is asked", "was asked", "what is asked", "asked of", "asked for by"], "requested"),
    Phrase { avoid: &["drawn"], instead: "rendered", allowed: &["a drawn sheet"] },
    phrase(&["cure", "cures"], "help or fix"),
    Phrase { avoid: &["mistake", "mistakes"], instead: "error", allowed: &["by mistake"] },
    Phrase { avoid: &["stands"], instead: "is, appears", allowed: &["stands for"] },
    phrase(
        &["there is not", "there are not", "is not there", "are not there", "isn't there"],
        "missing, does not exist",
    ),
    phrase(&["what there is", "those that there", "those that lead", "those which"], "the noun itself"),
    phrase(&["what is read", "what is told", "of what is"], "a noun, such as `input` or `output`"),
    phrase(&["in the market"], "published, active"),
    phrase(&["hold against", "holds against", "held against"], "compare with"),
    phrase(&["lets go", "lets go of"], "frees, removes, drops"),
    phrase(&["hand out", "hands out", "handed out"], "share, issue"),
    phrase(&["but for"], "except"),
    phrase(&["all the same"], "still, anyway"),
    phrase(&["floors", "stand on", "stands on"], "layers, are in"),
    phrase(&["lies beside", "lies at", "lies in"], "is next to, is at, is in"),
    phrase(&["anew"], "again, separately"),
    phrase(&["for want of"], "because … is missing"),
    phrase(&["where none", "where nothing"], "if no …, if nothing …"),
    phrase(&["that it has of its own", "that they have of their own"], "its own …"),
];

/// Words to avoid in names, with what to write instead.
const NAMES: &[(&str, &str)] = &[
    ("told", "reported, diagnostic"),
    ("asked", "requested, query"),
    ("drawn", "rendered"),
    ("cure", "help, fix"),
    ("mistake", "error"),
    ("mistakes", "errors"),
    ("anew", "again"),
];

/// Starts of constants for limits.
const LIMITS: [&str; 4] = ["MOST_", "LONGEST_", "WIDEST_", "LARGEST_"];

#[test]
fn texts_use_plain_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut findings = Vec::new();
    for folder in FOLDERS {
        let entries = WalkDir::new(root.join(folder)).sort_by_file_name().into_iter();
        for entry in entries.filter_entry(|entry| entry.file_name() != "node_modules").map(Result::unwrap) {
            if entry.file_type().is_file() {
                check(root, entry.path(), &mut findings);
            }
        }
    }
    for name in FILES {
        check(root, &root.join(name), &mut findings);
    }
    assert!(findings.is_empty(), "{} phrases:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn phrases_are_found_across_lines_and_names_in_code_only() {
    let find = |text: &str| {
        let found = find_phrases(text).into_iter().chain(find_names(text));
        found.map(|(line, avoid, _)| (line, avoid.to_owned())).collect::<Vec<_>>()
    };
    let at = |line: usize, avoid: &str| (line, avoid.to_owned());
    assert_eq!(find("one\n/// What there\n/// is not.\n"), [at(2, "there is not"), at(2, "what there is")]);
    assert_eq!(find("fn is_asked() {}"), [at(1, "is asked"), at(1, "asked")]);
    assert_eq!(find("let asked = isDrawn;"), [at(1, "asked"), at(1, "drawn")]);
    assert_eq!(find("const MOST_BYTES: usize = 1;"), [at(1, "MOST_")]);
    assert_eq!(find("\"They asked.\" // They asked."), []);
    assert_eq!(find("// retold, stolen, secured, told apart, stands for"), []);
}

fn check(root: &Path, path: &Path, findings: &mut Vec<String>) {
    let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let is_skipped = SKIPPED.iter().any(|skipped| name.contains(skipped));
    if is_skipped || !EXTENSIONS.contains(&&*extension) {
        return;
    }
    let Ok(text) = fs::read_to_string(path) else { return };
    let is_code = ["rs", "mjs", "js", "py"].contains(&&*extension);
    let names = if is_code { find_names(&text) } else { Vec::new() };
    let mut found: Vec<_> = find_phrases(&text).into_iter().chain(names).collect();
    found.sort_unstable();
    found.dedup_by_key(|&mut (line, avoid, _)| (line, avoid));
    findings.extend(found.iter().map(|(line, avoid, instead)| format!("{name}:{line}: `{avoid}`: write {instead}")));
}

/// The line and the text of each avoided phrase, with what to write instead.
fn find_phrases(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let (plain, lines) = plain_text(text);
    let mut findings = Vec::new();
    for phrase in PHRASES {
        for &avoid in phrase.avoid {
            for (at, _) in plain.match_indices(avoid) {
                let end = at + avoid.len();
                if is_word(&plain, at, end) && !is_within(&plain, at, end, phrase.allowed) {
                    findings.push((lines[at], avoid, phrase.instead));
                }
            }
        }
    }
    findings.sort_unstable();
    findings
}

/// The line and the word of each avoided name in code, without strings and comments.
fn find_names(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = code_of(line);
        for name in code.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if let Some(limit) = LIMITS.into_iter().find(|limit| name.starts_with(limit)) {
                findings.push((index + 1, limit, "a name with `MAX_`"));
            }
            let parts: Vec<String> = parts_of(name);
            let avoided = NAMES.iter().filter(|(avoid, _)| parts.iter().any(|part| part == avoid));
            findings.extend(avoided.map(|&(avoid, instead)| (index + 1, avoid, instead)));
        }
    }
    findings
}

/// The words of a name in snake case or camel case.
fn parts_of(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        let ends_part =
            c == '_' || c.is_uppercase() && parts.last().is_some_and(|part| part.ends_with(char::is_lowercase));
        if ends_part {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts.into_iter().map(|part| part.to_lowercase()).collect()
}

/// A line without its strings and its comment. A string over several lines is not recognized.
fn code_of(line: &str) -> String {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with('*') || line.starts_with('#') {
        return String::new();
    }
    let mut code = String::new();
    for (index, part) in line.replace("\\\"", "").split('"').enumerate() {
        if index % 2 == 0 {
            let (part, has_comment) = part.split_once("//").map_or((part, false), |(code, _)| (code, true));
            code.push_str(part);
            if has_comment {
                break;
            }
            code.push(' ');
        }
    }
    code
}

/// The text in lower case with one space between words, without comment markers, and the line of each byte.
fn plain_text(text: &str) -> (String, Vec<usize>) {
    let (mut plain, mut lines) = (String::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches(['/', '!', '*', '#', '>', '|', '-']);
        for word in line.split(|c: char| c.is_whitespace() || c == '_' || c == '-').filter(|word| !word.is_empty()) {
            plain.push_str(&word.to_lowercase());
            plain.push(' ');
            lines.resize(plain.len(), index + 1);
        }
    }
    (plain, lines)
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !is_letter(text[..start].chars().next_back()) && !is_letter(text[end..].chars().next())
}

/// Whether the range is part of one of the allowed phrases.
fn is_within(plain: &str, start: usize, end: usize, allowed: &[&str]) -> bool {
    allowed.iter().any(|phrase| plain.match_indices(phrase).any(|(at, _)| at <= start && end <= at + phrase.len()))
}
