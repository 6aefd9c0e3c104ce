//! Bold, emphasized and deleted text that the parser did not take for it.

use super::Failure;
use super::passage::Passage;

/// A mark such as `**` that is shown as text.
struct Mark {
    start: usize,
    /// The character after it, if any.
    after: Option<char>,
    before: Option<char>,
}

impl Mark {
    fn opens(&self) -> bool {
        self.after.is_some_and(|c| !c.is_whitespace()) && self.before.is_none_or(|c| !c.is_alphanumeric())
    }

    /// Whether it is the mark of a footnote: `price**`.
    fn is_footnote(&self) -> bool {
        self.before.is_some_and(|c| !c.is_whitespace()) && self.after.is_none_or(|c| !c.is_alphanumeric())
    }
}

/// Reports a pair of marks around text: `**「重要」**`, `** bold **`, `==marked==`.
pub fn failed(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for mark in ["**", "__", "~~", "==", "++", "＊＊", "*"] {
        let marks = marks(passage, mark);
        let [first, second] = &marks[..] else { continue };
        let inner = &passage.text[first.start + mark.len()..second.start];
        if inner.contains('\n') || !is_meant(mark, first, second, inner) {
            continue;
        }
        let trimmed = inner.trim();
        let help = match mark {
            "==" | "++" | "＊＊" => format!("write `**{trimmed}**`"),
            _ if trimmed.len() < inner.len() => format!("write `{mark}{trimmed}{mark}`, without the spaces"),
            // Between a letter and a punctuation mark, Markdown takes neither for the begin nor for the end.
            _ => format!(
                "move the punctuation out of the marks, or write a space before and after them: ` {mark}{inner}{mark} `"
            ),
        };
        let message = format!("these `{mark}` are shown as text");
        failures.push(Failure::new(first.start, second.start + mark.len(), message, help));
    }
    failures
}

fn is_meant(mark: &str, first: &Mark, second: &Mark, inner: &str) -> bool {
    let is_spaced = inner.starts_with(' ') && inner.ends_with(' ') && inner.trim().len() > 1;
    let is_tight = !inner.is_empty() && !inner.starts_with(' ') && !inner.ends_with(' ');
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let has_punctuation =
        inner.starts_with(|c: char| !c.is_alphanumeric()) || inner.ends_with(|c: char| !c.is_alphanumeric());
    // A space on one side: `**Save 20% ** today`.
    let ends_spaced = first.opens() && inner.ends_with(' ') && second.after.is_none_or(char::is_whitespace);
    let begins_spaced = first.before.is_some_and(char::is_whitespace) && inner.starts_with(' ') && second.is_footnote();
    match mark {
        "**" | "~~" if ends_spaced || begins_spaced => true,
        "**" | "~~" => {
            // A footnote begins with its mark.
            let is_note = first.before.is_none() && mark == "**";
            let is_spaced = is_spaced && first.before.is_none_or(char::is_whitespace) && !is_word(second.after);
            // `2 ** 3 ** 4` has numbers on both sides.
            let is_formula = inner.trim().chars().all(|c| c.is_ascii_digit());
            (is_tight && !first.is_footnote_pair(second, inner) || is_spaced && !is_note) && !is_formula
        }
        "＊＊" => is_tight,
        "==" | "++" => is_tight && !is_word(first.before) && !is_word(second.after),
        _ => is_tight && has_punctuation && (is_word(first.before) || is_word(second.after)) && !inner.contains(' '),
    }
}

impl Mark {
    /// Whether two marks are those of two footnotes: `delivery** and returns**`.
    fn is_footnote_pair(&self, second: &Mark, inner: &str) -> bool {
        self.is_footnote() && second.is_footnote() && inner.starts_with(char::is_whitespace)
    }
}

/// Reports the marks that are one too many: `***bold**`.
pub fn unbalanced(passage: &Passage) -> Vec<Failure> {
    let help = "write as many marks before the text as after it, or a backslash before this one";
    let failure = |&at: &usize| Failure::new(at, at + 1, "this mark is shown as text", help);
    passage.stray_marks.iter().map(failure).collect()
}

/// Reports a backtick without another one: code that is not closed, or an apostrophe.
pub fn lone_backtick(passage: &Passage) -> Option<Failure> {
    let mut backticks =
        passage.texts().flat_map(|(start, text)| text.match_indices('`').map(move |(at, _)| start + at));
    let at = backticks.find(|&at| !passage.is_escaped(at))?;
    let before = passage.text[..at].chars().next_back();
    let after = passage.text[at + 1..].chars().next();
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let help = match is_letter(before) && is_letter(after) {
        true => "write an apostrophe: `'`",
        false => "write one at the end of the code too, or a backslash before it",
    };
    Some(Failure::new(at, at + 1, "this backtick is shown as text", help))
}

/// Reports a single `**` before a word, which nothing closes. Where the page has a `**` behind a word, it is a footnote.
pub fn unclosed(segments: &[Vec<Passage>]) -> Vec<Failure> {
    let passages = || segments.iter().flatten();
    let has_footnotes = passages().any(|passage| marks(passage, "**").iter().any(Mark::is_footnote));
    if has_footnotes {
        return Vec::new();
    }
    let unclosed = passages().filter_map(|passage| match &marks(passage, "**")[..] {
        [only] if only.opens() => Some(Failure::new(
            only.start,
            only.start + "**".len(),
            "this `**` is shown as text",
            "write `**` at the end of the bold text too, or `\\**` for two asterisks",
        )),
        _ => None,
    });
    unclosed.collect()
}

fn marks(passage: &Passage, mark: &str) -> Vec<Mark> {
    let Some(character) = mark.chars().next() else { return Vec::new() };
    let mut marks = Vec::new();
    for (start, text) in passage.texts() {
        let mut at = 0;
        while let Some(found) = text[at..].find(character) {
            let begin = at + found;
            let length = text[begin..].len() - text[begin..].trim_start_matches(character).len();
            at = begin + length;
            if length == mark.len() && !passage.is_escaped(start + begin) {
                let before = passage.text[..start + begin].chars().next_back().filter(|&c| c != '\n');
                let after = passage.text[start + at..].chars().next().filter(|&c| c != '\n' && c != '\r');
                marks.push(Mark { start: start + begin, after, before });
            }
        }
    }
    marks
}
