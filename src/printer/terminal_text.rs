//! Text that a terminal only shows: control characters of file names, arguments and content are escaped, so that they
//! cannot move the cursor, change a title or hide a line.

use std::borrow::Cow;
use std::fmt::Write;

/// Text for a terminal. Its control characters are line feeds, tabs, and the colors that the printer adds.
#[derive(Debug)]
pub struct TerminalText(String);

impl TerminalText {
    /// Escapes the control characters of a text, except line feeds and tabs.
    pub fn new(text: &str) -> TerminalText {
        TerminalText(visible(text).into_owned())
    }

    /// Escapes the control characters of JSON, as JSON does.
    pub fn json(text: &str) -> TerminalText {
        let is_safe = |c: char| c == '\n' || !is_invisible(c);
        TerminalText(escaped(text, is_safe, |out, c| write!(out, "\\u{:04x}", u32::from(c))).into_owned())
    }

    /// Takes a text whose parts were escaped before the printer added colors.
    pub(super) fn styled(text: String) -> TerminalText {
        TerminalText(text)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Returns a text with its control characters escaped as in `\u{1b}`, except line feeds and tabs.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_safe = |c: char| matches!(c, '\n' | '\t') || !is_invisible(c);
    escaped(text, is_safe, |out, c| write!(out, "{}", c.escape_unicode()))
}

/// Returns a text in one line: a name, an argument, a path. Line feeds and tabs are escaped too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    escaped(
        text,
        |c| !is_invisible(c),
        |out, c| match c {
            '\n' => out.write_str("\\n"),
            '\t' => out.write_str("\\t"),
            c => write!(out, "{}", c.escape_unicode()),
        },
    )
}

/// Returns a text with one visible character for each control character, except line feeds and tabs, so that columns stay
/// the same.
pub fn visible_columns(text: &str) -> Cow<'_, str> {
    let is_safe = |c: char| matches!(c, '\n' | '\t') || !is_invisible(c);
    escaped(text, is_safe, |out, c| out.write_char(picture(c)))
}

/// Returns the Unicode picture of a control character, or else the replacement character.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(u32::from(c) + 0x2400).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// Control characters of ASCII and Unicode, line separators, and what changes the direction of text.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(
    text: &str,
    is_safe: impl Fn(char) -> bool,
    escape: impl Fn(&mut String, char) -> std::fmt::Result,
) -> Cow<'_, str> {
    if text.chars().all(&is_safe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_safe(c) {
            out.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = escape(&mut out, c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        let text = "a\u{1b}[31m\tb\u{7f}\u{9b}1m\u{202e}\n\u{2028}é 👩\u{200d}💻";
        assert_eq!(visible(text), "a\\u{1b}[31m\tb\\u{7f}\\u{9b}1m\\u{202e}\n\\u{2028}é 👩\u{200d}💻");
        assert_eq!(visible_line("a\nb\tc\r"), "a\\nb\\tc\\u{d}");
        assert_eq!(visible_columns("\u{1b}\u{7f}\u{9b}\n"), "\u{241b}\u{2421}\u{fffd}\n");
        assert!(matches!(visible("Größe\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = serde_json::json!("\u{1b}\u{7f}\u{9b}\u{2028}\n");
        let text = TerminalText::json(&format!("{value}\n"));
        assert!(!text.0.trim_end().chars().any(is_invisible), "{}", text.0);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text.0).unwrap(), value);
    }
}
