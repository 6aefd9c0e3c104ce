//! Results of `publish` and `diff`: JSON, or text and Markdown with lists that are cut where they are long.

use serde::Serialize;

use super::terminal_text::TerminalText;

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ResultFormat {
    Text,
    Json,
    Markdown,
}

/// How the entries of a list are written.
pub struct ListStyle {
    /// Before each entry.
    pub item: &'static str,
    /// Around text of the site, which must not be read as markup.
    pub quote: fn(&str) -> String,
}

pub const MARKDOWN_LIST: ListStyle = ListStyle { item: "- ", quote: code };

/// Returns a result with a line end at its end.
pub fn result<R: Serialize>(
    result: &R,
    format: ResultFormat,
    text: impl Fn(&R) -> String,
    markdown: impl Fn(&R) -> String,
) -> TerminalText {
    match format {
        ResultFormat::Text => TerminalText::new(&text(result)),
        ResultFormat::Markdown => TerminalText::new(&markdown(result)),
        ResultFormat::Json => TerminalText::json(&format!("{}\n", serde_json::to_string(result).unwrap_or_default())),
    }
}

impl ListStyle {
    /// Returns a line for each entry, with `mark` before it: `+ prices/index.html`. After `most` entries, the last line has the number
    /// of all others.
    pub fn entries(&self, mark: &str, entries: &[impl AsRef<str>], most: usize) -> String {
        let ListStyle { item, quote } = self;
        let mut lines: String =
            entries.iter().take(most).map(|entry| format!("{item}{mark}{}\n", quote(entry.as_ref()))).collect();
        if entries.len() > most {
            lines.push_str(&format!("{item}{mark}… and {} more\n", entries.len() - most));
        }
        lines
    }
}

/// Returns a text as code in Markdown, in one line.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_end_with_the_number_of_the_others() {
        let text = ListStyle { item: "  ", quote: str::to_owned };
        assert_eq!(text.entries("+ ", &["a", "b", "c"], 2), "  + a\n  + b\n  + … and 1 more\n");
        assert_eq!(MARKDOWN_LIST.entries("", &["a`*b*\n"], 2), "- `a'*b* `\n");
    }
}
