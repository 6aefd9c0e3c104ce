//! Lines that begin with what looks like the mark of a list, a heading or a block.

use super::Failure;
use super::passage::{Line, Passage};
use crate::rules::Rule;

/// Bullets of word processors. The last ones are those of Word's symbol fonts.
const BULLETS: &str = "•●◦▪▫■□‣⁃∙・☐☒\u{f0b7}\u{f0a7}\u{f0d8}\u{f0fc}\u{f06f}";
/// Signs that people use as bullets. One line may begin with any of them.
const SIGNS: &str = "·–—→➔➜➤►▶✓✔✅☑✗✘❌★☆⭐❖◆✦✨👉🔹🔸";

/// Signs for yes and no, which alternate.
const BOXES: &str = "☐☑☒✓✔✅✗✘❌";

/// Reports the first bullet of a segment that is no list.
pub fn pasted_bullets(segment: &[Passage]) -> Option<Failure> {
    segment.iter().find_map(|passage| {
        let (line, mark) = bullets(passage)?;
        let end = line.start + mark.len_utf8();
        let help = format!("begin each line with `- ` in place of `{mark}`");
        Some(Failure::new(line.start, end, "these lines are no list, and run together", help))
    })
}

/// The first of the lines of a passage that begin with the same bullet.
fn bullets<'p>(passage: &'p Passage) -> Option<(&'p Line, char)> {
    if passage.is_heading {
        return None;
    }
    let marked: Vec<(&Line, char)> = passage
        .line_texts()
        .filter_map(|(line, text)| {
            let mark = text.chars().next()?;
            let rest = &text[mark.len_utf8()..];
            let rest = rest.strip_prefix('\u{fe0f}').unwrap_or(rest);
            // Word writes the letter `o` and a tab.
            let is_letter = matches!(mark, 'o' | '§') && rest.starts_with('\t');
            let is_sign = SIGNS.contains(mark) && rest.starts_with(char::is_whitespace);
            let is_bullet = BULLETS.contains(mark) || is_sign || is_letter;
            (is_bullet && !rest.trim().is_empty()).then_some((line, mark))
        })
        .collect();
    let &(first, mark) = marked.first()?;
    // With line breaks, the lines are shown as their author meant them.
    let is_same = |next: char| next == mark || BOXES.contains(next) && BOXES.contains(mark);
    let run_together = |next: &&(&Line, char)| is_same(next.1) && !next.0.is_broken;
    marked[1..].iter().find(run_together).map(|_| (first, mark))
}

/// Reports what git leaves in a file where two changes meet.
pub fn merge_conflict(passage: &Passage) -> Option<Failure> {
    let (line, _) = passage.line_texts().find(|(_, text)| text.starts_with("<<<<<<< "))?;
    let help = "keep one of the two versions, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`";
    Some(Failure::new(
        line.start,
        line.start + "<<<<<<<".len(),
        "this is a merge conflict, and both versions are shown",
        help,
    ))
}

/// Reports `-Item`, `1.Item` in two lines, and `##Heading`.
pub fn unspaced_markers(passage: &Passage) -> Option<Failure> {
    let lines: Vec<(&Line, &str)> = passage.line_texts().collect();
    if let Some((line, text)) = lines.iter().find(|(_, text)| unspaced_heading(text) > 1) {
        let length = unspaced_heading(text);
        let (marks, rest) = text.split_at(length);
        let help = format!("write a space after it: `{marks} {}`", first_word(rest));
        let failure = Failure::new(line.start, line.start + length, "this heading is shown as text", help);
        return Some(Failure { replacement: Some((marks.to_owned(), format!("{marks} "))), ..failure });
    }
    if let Some(((line, text), length)) = lettered_list(&lines) {
        let (mark, rest) = text.split_at(length);
        let help = format!("begin each line with its number: `1. {}`", first_word(rest));
        let end = line.start + mark.len();
        return Some(Failure::new(line.start, end, "these lines are no list, and run together", help));
    }
    for marker in [unspaced_dash, unspaced_star, unspaced_number, arrow] {
        let marked = || lines.iter().filter(|(_, text)| marker(text) > 0);
        if marked().count() > 1
            && let Some((line, text)) = marked().next()
        {
            let (mark, rest) = text.split_at(marker(text));
            let help = match arrow(text) {
                0 => format!("write a space after it: `{mark} {}`", first_word(rest)),
                _ => format!("begin each line with `- `: `- {}`", first_word(rest)),
            };
            let end = line.start + mark.len();
            return Some(Failure::new(line.start, end, "these lines are no list, and run together", help));
        }
    }
    None
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn unspaced_heading(text: &str) -> usize {
    let length = text.len() - text.trim_start_matches('#').len();
    let is_heading = (1..=6).contains(&length) && text[length..].starts_with(char::is_alphabetic);
    if is_heading { length } else { 0 }
}

/// The first line of a list with `a)`, `b)` or `(1)`, `(2)`, and the length of its mark.
fn lettered_list<'l, 's>(lines: &'l [(&'l Line, &'s str)]) -> Option<((&'l Line, &'s str), usize)> {
    let begins = |text: &str, marks: [&str; 2]| marks.iter().any(|mark| text.starts_with(&format!("{mark} ")));
    // `A. Otieno` is a name.
    let marks = [
        (["a)", "(a)"], ["b)", "(b)"]),
        (["A)", "(A)"], ["B)", "(B)"]),
        (["(1)", "(i)"], ["(2)", "(ii)"]),
        (["a.", "i."], ["b.", "ii."]),
        (["①", "❶"], ["②", "❷"]),
    ];
    let (first, second) = marks.into_iter().find(|(first, _)| lines.iter().any(|(_, text)| begins(text, *first)))?;
    let at = lines.iter().position(|(_, text)| begins(text, first))?;
    let (next, next_text) = lines.get(at + 1)?;
    let is_list = begins(next_text, second) && !next.is_broken;
    let (line, text) = lines[at];
    is_list.then_some(((line, text), text.find(' ')?))
}

fn unspaced_dash(text: &str) -> usize {
    let is_item =
        |rest: &str| rest.starts_with(char::is_alphabetic) || rest.starts_with("[ ]") || rest.starts_with("[x]");
    usize::from(text.strip_prefix('-').is_some_and(is_item))
}

/// `*Item` and `+Item`. Two footnotes in a row would run together as well.
fn unspaced_star(text: &str) -> usize {
    usize::from(text.strip_prefix(['*', '+']).is_some_and(|rest| rest.starts_with(char::is_alphabetic)))
}

/// Reports the line breaks of word processors, which are shown as a space.
pub fn odd_line_break(passage: &Passage) -> Option<Failure> {
    let is_break = |c: char| matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}');
    let (start, text) = passage.texts().find(|(_, text)| text.contains(is_break))?;
    let (at, c) = text.char_indices().find(|&(_, c)| is_break(c))?;
    let help = "delete it, and press Enter; two spaces at the end of a line break the line";
    let message = format!("this line break (U+{:04X}) is shown as a space", u32::from(c));
    Some(Failure::new(start + at, start + at + c.len_utf8(), message, help))
}

/// `-> Item`, `=> Item` and `-- Item`.
fn arrow(text: &str) -> usize {
    let arrows = ["-> ", "=> ", "-- ", ">> "];
    arrows.iter().find(|arrow| text.starts_with(**arrow)).map_or(0, |arrow| arrow.len() - 1)
}

fn unspaced_number(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let is_number = (1..=2).contains(&digits)
        && rest.starts_with(['.', ')'])
        && rest[1..].starts_with(|c: char| c.is_alphabetic() && c.is_uppercase());
    if is_number { digits + 1 } else { 0 }
}

/// Reports lines with colons that are shown as text: indented ones, and those with too few or wide colons.
pub fn misplaced_blocks(passage: &Passage) -> Vec<Failure> {
    let lines = passage.line_texts().filter_map(|(line, text)| {
        let rest = text.trim_start_matches([':', '：']);
        let marks = &text[..text.len() - rest.len()];
        let colons = marks.chars().count();
        let has_wide = marks.contains('：');
        let is_name = rest.trim_start().starts_with(|c: char| c.is_ascii_lowercase()) && rest.starts_with([' ', '\t']);
        let is_like = match colons {
            0 | 1 => false,
            2 => is_name || rest.trim().is_empty() && !has_wide,
            _ => is_name || rest.trim().is_empty() || rest.starts_with(|c: char| c.is_ascii_lowercase()),
        };
        let name = rest.split_whitespace().next().unwrap_or_default();
        let help = match (has_wide || colons < 3, name) {
            (true, "") => "write `:::`, with three plain colons".to_owned(),
            (true, name) => format!("write `::: {name}`, with three plain colons"),
            (false, _) => "begin the line with `:::` in its first column, outside of lists and quotes".to_owned(),
        };
        let end = line.start + text.trim_end().len();
        let failure = Failure::new(line.start, end, "this line opens or closes no block", help);
        is_like.then_some(Failure { rule: Rule::MisplacedBlock, ..failure })
    });
    lines.take(1).collect()
}
