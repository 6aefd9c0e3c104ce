//! Marks of headings, lists, quotes and boxes that Markdown does not take for one: with a space that nobody sees behind them,
//! in full width, or with too many characters.

use super::Failure;
use super::passage::{Line, Passage};

/// Characters of no width, which word processors and web pages leave in a text.
const NO_WIDTH: &str = "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}";

/// The mark at the start of a line.
struct Marker<'t> {
    kind: Kind,
    /// As it is written, with characters that nobody sees before it.
    written: &'t str,
    /// As Markdown needs it.
    meant: String,
    rest: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading,
    Dash,
    /// `*` and `+`. One alone may be a footnote.
    Star,
    /// One alone may be a day: `1. May`, with a no-break space.
    Number,
    Quote,
}

/// Reports the first mark that has a space which is none, or is in full width.
pub fn odd_marks(passage: &Passage) -> Option<Failure> {
    let lines: Vec<(&Line, Marker)> =
        passage.line_texts().filter_map(|(line, text)| Some((line, odd_marker(text)?))).collect();
    let (line, marker) = lines.iter().find(|(_, marker)| {
        let is_alone = lines.iter().filter(|(_, other)| other.kind == marker.kind).count() == 1;
        let begins_with_letter = marker.rest.starts_with(char::is_alphabetic);
        match marker.kind {
            Kind::Heading | Kind::Dash => begins_with_letter || !is_alone,
            Kind::Quote => true,
            Kind::Star | Kind::Number => !is_alone,
        }
    })?;
    let first = marker.rest.split_whitespace().next().unwrap_or_default();
    let message = match marker.kind {
        Kind::Heading => "this heading is shown as text",
        Kind::Quote => "this quote is shown as text",
        Kind::Dash | Kind::Star | Kind::Number => "this list is shown as text",
    };
    let help = format!("type it again, with a plain space: `{} {first}`", marker.meant);
    Some(Failure::new(line.start, line.start + marker.written.len(), message, help))
}

fn odd_marker(text: &str) -> Option<Marker<'_>> {
    let visible = text.trim_start_matches(|c| NO_WIDTH.contains(c));
    let has_prefix = visible.len() < text.len();
    let mark = mark(visible)?;
    let plain: String = visible[..mark].chars().map(half_width).collect();
    let is_wide = plain != visible[..mark];
    let (after, rest) = match visible[mark..].chars().next() {
        Some(c) if is_odd_space(c) => (true, visible[mark..].trim_start_matches(|c| c == ' ' || is_odd_space(c))),
        Some(' ') => (has_prefix || is_wide, visible[mark..].trim_start()),
        _ => (is_wide && plain.starts_with(|c: char| c == '#' || c.is_ascii_digit()), &visible[mark..]),
    };
    let kind = match plain.chars().next()? {
        '#' => Kind::Heading,
        '-' => Kind::Dash,
        '*' | '+' => Kind::Star,
        '>' => Kind::Quote,
        _ => Kind::Number,
    };
    // A quote needs no space, so it only fails behind a character that nobody sees, or in full width.
    let fails = after && (kind != Kind::Quote || has_prefix || is_wide);
    let written = &text[..text.len() - visible.len() + mark];
    (fails && !rest.is_empty()).then_some(Marker { kind, written, meant: plain, rest })
}

/// The length of the mark at the beginning of a text.
fn mark(text: &str) -> Option<usize> {
    let c = text.chars().next()?;
    match half_width(c) {
        '#' => {
            let marks = text.chars().take_while(|&c| half_width(c) == '#').count();
            (marks <= 6).then_some(marks * c.len_utf8())
        }
        '-' | '*' | '+' | '>' => Some(c.len_utf8()),
        digit if digit.is_ascii_digit() => {
            let digits: usize =
                text.chars().take_while(|&c| half_width(c).is_ascii_digit()).take(3).map(char::len_utf8).sum();
            let end = text[digits..].chars().next().filter(|&c| matches!(half_width(c), '.' | ')'))?;
            Some(digits + end.len_utf8())
        }
        _ => None,
    }
}

/// Returns a character of ASCII for its full-width form.
fn half_width(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether a character looks like a space or like nothing, but is no space of Markdown.
fn is_odd_space(c: char) -> bool {
    NO_WIDTH.contains(c) || c.is_whitespace() && !c.is_ascii()
}

/// Reports `####### Heading`.
pub fn deep_heading(passage: &Passage) -> Option<Failure> {
    passage.line_texts().find_map(|(line, text)| {
        let marks = text.len() - text.trim_start_matches('#').len();
        let is_heading =
            marks > 6 && text[marks..].starts_with(' ') && !text[marks..].trim_matches(['#', ' ']).is_empty();
        let message = "this heading is shown as text";
        is_heading.then(|| {
            Failure::new(
                line.start,
                line.start + marks,
                message,
                "write at most six `#`; most pages need two or three levels",
            )
        })
    })
}

/// Reports `[ ] Item` and `- [] Item`.
pub fn boxes(passage: &Passage) -> Option<Failure> {
    let is_box =
        |text: &str, marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark) && text.len() > mark.len());
    let lines = || passage.line_texts();
    let ticked = lines().filter(|(_, text)| is_box(text, &["[x] ", "[X] "])).count();
    let (line, text) =
        lines().find(|(_, text)| is_box(text, &["[ ] ", "[] "]) || ticked > 1 && is_box(text, &["[x] ", "[X] "]))?;
    let length = text.find(']')? + 1;
    let mark = if text.starts_with("[]") { "[ ]" } else { &text[..length] };
    let first = text[length..].split_whitespace().next().unwrap_or_default();
    let help = format!("write `- {mark} {first}`, one on each line");
    Some(Failure::new(line.start, line.start + length, "this box is shown as text", help))
}
