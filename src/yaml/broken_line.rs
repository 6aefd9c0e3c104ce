//! The error in one line of YAML by itself: what is wrong with its key or value, and what to write instead.

use super::lines::{line_at, value_of_line, without_comment};
use crate::source::Span;

/// No longer text is repeated in a help, in characters.
const MAX_REPEATED: usize = 80;
/// Colons of other keyboards and scripts.
const WIDE_COLONS: [char; 4] = ['：', '\u{fe55}', '\u{2236}', '\u{a789}'];

/// An error in one line. The span is an offset in the YAML text.
pub(super) struct LineError {
    pub span: Span,
    pub message: String,
    pub label: &'static str,
    pub help: Option<String>,
    /// The text at the span, and what to write in its place, if there is nothing to decide.
    pub replacement: Option<(String, String)>,
    /// The line leaves a bracket or a quote open, so the parser stops further down.
    pub is_open: bool,
    /// The same error in the next lines has the same cause.
    pub is_repeated: bool,
}

/// Returns the error in a line, if there is one.
pub(super) fn error_in_line(text: &str, line_start: usize) -> Option<LineError> {
    if let Some(error) = cut_off_by_comment(text, line_start).or_else(|| key_without_space(text, line_start)) {
        return Some(error);
    }
    let (value, value_at) = value_of_line(text, line_start);
    let ValueError { message, label, help, is_open, is_repeated } = error_in_value(value)?;
    let span = Span::new(value_at, value_at + value.len());
    Some(LineError { span, message, label, help, replacement: None, is_open, is_repeated })
}

/// A key with a colon of another script after it, or without a space after its colon.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnspacedKey<'t> {
    pub key: &'t str,
    /// The key with its colon, as written.
    pub written: &'t str,
    /// The value.
    pub rest: &'t str,
}

/// Finds `title:Hire` and `title：Hire` at the start of a text. `https://…` is no key.
pub(super) fn unspaced_key(text: &str) -> Option<UnspacedKey<'_>> {
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let length = text.find(|c: char| !is_key(c)).filter(|_| text.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let (key, after) = text.split_at(length);
    let colon = after.chars().next().filter(|c| *c == ':' || WIDE_COLONS.contains(c))?;
    let rest = &after[colon.len_utf8()..];
    let is_wrong = colon != ':' || !rest.is_empty() && !rest.starts_with([' ', '/']);
    is_wrong.then(|| UnspacedKey { key, written: &text[..length + colon.len_utf8()], rest: rest.trim() })
}

impl UnspacedKey<'_> {
    pub fn message(&self) -> String {
        match self.written.ends_with(':') {
            true => format!("`{}` needs a space after it", self.written),
            false => format!("`{}` ends with a colon of another keyboard", self.written),
        }
    }

    pub fn label(&self) -> &'static str {
        if self.written.ends_with(':') { "no space after the colon" } else { "not the colon of YAML" }
    }

    pub fn help(&self) -> String {
        let line = format!("{}: {}", self.key, self.rest);
        if line.chars().count() <= MAX_REPEATED { format!("write `{line}`") } else { format!("write `{}: `", self.key) }
    }

    /// Returns what to write in place of the key and its colon.
    pub fn replacement(&self) -> String {
        format!("{}: ", self.key)
    }
}

fn key_without_space(text: &str, line_start: usize) -> Option<LineError> {
    let line = without_comment(line_at(text, line_start));
    let mut content = line.trim_start();
    while let Some(item) = content.strip_prefix("- ") {
        content = item.trim_start();
    }
    let key = unspaced_key(content)?;
    let start = line_start + line.len() - content.len();
    Some(LineError {
        span: Span::new(start, start + key.written.len()),
        message: key.message(),
        label: key.label(),
        help: Some(key.help()),
        replacement: Some((key.written.to_owned(), key.replacement())),
        is_open: false,
        is_repeated: false,
    })
}

/// The error for ` #` within brackets, as in `{ accent: #0b5c8a }`: the closing bracket is in the comment.
fn cut_off_by_comment(text: &str, line_start: usize) -> Option<LineError> {
    let line = line_at(text, line_start);
    let code = without_comment(line);
    let comment = line[code.len()..].strip_prefix('#')?;
    let number_of = |brackets: [char; 2]| code.matches(brackets).count();
    let is_open = number_of(['[', '{']) > number_of([']', '}']) && comment.contains([']', '}']);
    if !is_open {
        return None;
    }
    let is_joined = comment.starts_with(char::is_alphanumeric);
    let length = match is_joined {
        true => comment.find([',', ']', '}', ' ']).unwrap_or(comment.len()),
        false => comment.trim_end().len(),
    };
    let (label, help) = match is_joined {
        true => ("put quotes around this text", format!("write `\"#{}\"`", &comment[..length])),
        false => (
            "this is a comment",
            "close the bracket before the `#`, or put quotes around a text with ` #` in it".into(),
        ),
    };
    let start = line_start + code.len();
    Some(LineError {
        span: Span::new(start, start + 1 + length),
        message: "a ` #` begins a comment, so the rest of this line is missing".to_owned(),
        label,
        help: Some(help),
        replacement: None,
        is_open: true,
        is_repeated: false,
    })
}

struct ValueError {
    message: String,
    label: &'static str,
    help: Option<String>,
    is_open: bool,
    is_repeated: bool,
}

impl ValueError {
    fn new(message: impl Into<String>, label: &'static str, help: Option<String>) -> ValueError {
        ValueError { message: message.into(), label, help, is_open: false, is_repeated: false }
    }
}

fn error_in_value(value: &str) -> Option<ValueError> {
    let first = value.chars().next()?;
    let message = match first {
        '"' | '\'' => return error_in_quotes(value, first),
        '[' if let Some(address) = address_of_link(value) => {
            let message = "this is a link of Markdown, and a value has no markup";
            return Some(ValueError::new(message, "not an address", write(address)));
        }
        '*' if value.starts_with("* ") => {
            let help = write(&format!("- {}", value[2..].trim_start()));
            let message = "a list item begins with `- ` in YAML";
            return Some(ValueError { is_repeated: true, ..ValueError::new(message, "no list item", help) });
        }
        '[' | '{' => return error_in_brackets(value, first),
        '@' | '`' => format!("a value cannot begin with `{first}`"),
        '-' if value == "-" || value.starts_with("- ") => {
            "a value that begins with `- ` is a list item in YAML".to_owned()
        }
        '?' if value == "?" || value.starts_with("? ") => "a value that begins with `? ` is a key in YAML".to_owned(),
        '*' | '&' | '!' | '%' | '|' | '>' => format!("a value that begins with `{first}` is not text in YAML"),
        _ if ["mailto: ", "tel: ", "https: ", "http: "].iter().any(|scheme| value.starts_with(scheme)) => {
            let help = write(&value.replacen(": ", ":", 1));
            return Some(ValueError::new("an address has a space after its scheme", "delete the space", help));
        }
        _ if value.matches(": ").count() > 1 && value.contains(", ") && is_key_at(value, 0) => {
            let help = write(&format!("{{ {value} }}"));
            return Some(ValueError::new("a text with `: ` in it needs quotes", "these look like keys", help));
        }
        _ if value.contains(": ") || value.ends_with(':') => "a text with `: ` in it needs quotes".to_owned(),
        _ => return None,
    };
    Some(needs_quotes(message, value))
}

/// The error for a text that needs quotes around it.
fn needs_quotes(message: String, text: &str) -> ValueError {
    ValueError::new(message, "put quotes around this text", write(&quoted(text)))
}

/// Returns the address of a Markdown link that is the whole value.
fn address_of_link(value: &str) -> Option<&str> {
    value.split_once("](")?.1.strip_suffix(')').filter(|address| !address.contains([' ', '(', ')']))
}

/// Whether a key and its colon begin at an offset.
fn is_key_at(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
    length > 0 && rest[length..].starts_with(": ")
}

fn write(text: &str) -> Option<String> {
    (text.chars().count() <= MAX_REPEATED).then(|| format!("write `{text}`"))
}

/// Returns a text as a YAML string.
fn quoted(text: &str) -> String {
    match (text.contains(['"', '\\']), text.contains('\'')) {
        (false, _) => format!("\"{text}\""),
        (true, false) => format!("'{text}'"),
        (true, true) => format!("'{}'", text.replace('\'', "''")),
    }
}

fn error_in_quotes(value: &str, quote: char) -> Option<ValueError> {
    let inner = &value[1..];
    let Some(end) = closing_quote(value, quote) else {
        let closed = format!("{quote}{inner}{quote}");
        let closed = if quote == '\'' { quoted(inner) } else { closed };
        let help = format!("write `{closed}`, or `{}` if the quote belongs to the text", quoted(value));
        return Some(ValueError {
            message: "a quote is opened and not closed".to_owned(),
            label: "its closing quote is missing",
            help: (inner.chars().count() <= MAX_REPEATED / 2).then_some(help),
            is_open: true,
            is_repeated: false,
        });
    };
    let rest = &value[end..];
    if rest.trim().is_empty() || rest.starts_with([',', ']', '}', ':']) {
        return None;
    }
    let message = "a text that begins with a quote ends at the next one".to_owned();
    match inner.strip_suffix(quote).filter(|inner| begins_in_text(inner, quote)) {
        Some(inner) => {
            let label = "the quotes in the text are like those around it";
            Some(ValueError::new(message, label, write(&quoted(inner))))
        }
        None => Some(needs_quotes(message, value)),
    }
}

/// Returns true if the first quote in a text is an apostrophe, or opens a quotation: it closes no text.
fn begins_in_text(text: &str, quote: char) -> bool {
    let Some(at) = text.find(quote) else { return false };
    let (before, after) = (&text[..at], &text[at + 1..]);
    let opens = before.is_empty() || before.ends_with([' ', '(']);
    opens && after.starts_with(char::is_alphanumeric)
        || before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

fn error_in_brackets(value: &str, open: char) -> Option<ValueError> {
    let close = if open == '[' { ']' } else { '}' };
    if value.matches('"').count() % 2 == 1 {
        return Some(ValueError {
            message: "a quote is opened and not closed".to_owned(),
            label: "one of these quotes has no partner",
            help: Some("write the second quote of the text".to_owned()),
            is_open: true,
            is_repeated: false,
        });
    }
    match value.rfind(close) {
        Some(end) if value[end + 1..].trim().is_empty() && !is_deeper(value, open, close) => error_between_items(value),
        Some(end) if value[end + 1..].trim() == "," => {
            let help = write(&value[..=end]);
            Some(ValueError::new("a line of YAML does not end with a comma", "delete the comma at its end", help))
        }
        Some(end) if !value[end + 1..].trim().is_empty() => {
            let message = format!("a value that begins with `{open}` is a list or mapping and ends at `{close}`");
            Some(needs_quotes(message, value))
        }
        _ => Some(unclosed_bracket(value, open, close)),
    }
}

/// The error for two commas in a row, or for a missing one before a key.
fn error_between_items(value: &str) -> Option<ValueError> {
    if value.contains(",,") || value.contains(", ,") {
        let help = write(&value.replace(", ,", ",").replace(",,", ","));
        return Some(ValueError::new("there are two commas in a row", "an item is missing between them", help));
    }
    let quotes = value.match_indices(['"', '\'']).map(|(at, _)| at + 1);
    let mut gaps = quotes.map(|at| (at, at + value[at..].len() - value[at..].trim_start().len()));
    let (end, _) = gaps.find(|&(end, key)| key > end && is_key_at(value, key))?;
    let help = write(&format!("{},{}", &value[..end], &value[end..]));
    Some(ValueError::new("a comma is missing between two keys", "write a comma before the second key", help))
}

/// Returns true if a bracket is opened more often than it is closed.
fn is_deeper(value: &str, open: char, close: char) -> bool {
    value.matches(open).count() > value.matches(close).count()
}

fn unclosed_bracket(value: &str, open: char, close: char) -> ValueError {
    let continues = value.ends_with([',', open]);
    let help = match continues {
        true => format!("write `{close}` after the last item"),
        false => format!("write `{value}{close}`, or `{}` if it is a text", quoted(value)),
    };
    ValueError {
        message: format!("`{open}` is opened and not closed"),
        label: if open == '[' { "its `]` is missing" } else { "its `}` is missing" },
        help: (value.chars().count() <= MAX_REPEATED / 2 || continues).then_some(help),
        is_open: true,
        is_repeated: false,
    }
}

/// The offset after the quote that closes the one at the beginning of `value`.
fn closing_quote(value: &str, quote: char) -> Option<usize> {
    let mut characters = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        let is_doubled = quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == quote);
        match c {
            '\\' if quote == '"' => _ = characters.next(),
            _ if c == quote && is_doubled => _ = characters.next(),
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_for_a_broken_value_keeps_what_the_author_meant() {
        for (value, help) in [
            ("'Don't wait'", "write `\"Don't wait\"`"),
            ("\"Best \"x\" offer\"", "write `'Best \"x\" offer'`"),
            ("\"A\" and \"B\"", "write `'\"A\" and \"B\"'`"),
            ("\"Best\" offer", "write `'\"Best\" offer'`"),
            ("\"X page", "write `\"X page\"`, or `'\"X page'` if the quote belongs to the text"),
            ("'Tis time", "write `\"Tis time\"`, or `\"'Tis time\"` if the quote belongs to the text"),
            ("[a, b", "write `[a, b]`, or `\"[a, b\"` if it is a text"),
            ("[a, [b]", "write `[a, [b]]`, or `\"[a, [b]\"` if it is a text"),
            ("{ a: b", "write `{ a: b}`, or `\"{ a: b\"` if it is a text"),
            ("[a,", "write `]` after the last item"),
            ("[New] offer", "write `\"[New] offer\"`"),
            ("[a, b],", "write `[a, b]`"),
            ("[a,, b]", "write `[a, b]`"),
            ("{ a: \"b\" c: d }", "write `{ a: \"b\", c: d }`"),
            ("a: b, c: d", "write `{ a: b, c: d }`"),
            ("[book](https://kazi.example/)", "write `https://kazi.example/`"),
            ("mailto: a@kazi.example", "write `mailto:a@kazi.example`"),
            ("* item", "write `- item`"),
            ("Save: 20 %", "write `\"Save: 20 %\"`"),
        ] {
            let error = error_in_value(value).expect(value);
            assert_eq!(error.help.as_deref(), Some(help), "{value}");
        }
        for sound in [
            "Save 20 %",
            "'it''s'",
            "\"a \\\" b\"",
            "[a, b]",
            "{ a: [b] }",
            "{ a: \"b\", c: d }",
            "https://kazi.example/",
        ] {
            assert!(error_in_value(sound).is_none(), "{sound}");
        }
    }

    #[test]
    fn keys_without_a_space_are_found_and_addresses_and_times_are_not() {
        for (text, written, rest) in
            [("title:Hire", "title:", "Hire"), ("title：Hire", "title：", "Hire"), ("a_b-c： x y", "a_b-c：", "x y")]
        {
            let key = unspaced_key(text).expect(text);
            assert_eq!((key.written, key.rest), (written, rest));
        }
        for text in ["title: Hire", "title:", "https://kazi.example", "10:30", "Save", "Zeit ：x", "", "a b:c"] {
            assert_eq!(unspaced_key(text), None, "{text}");
        }
    }
}
