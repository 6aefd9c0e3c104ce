//! Lines of text for a terminal, wrapped and aligned.

use textwrap::{Options, WordSeparator, WordSplitter};

/// The width of wrapped text, in columns.
const WIDTH: usize = 96;
/// The width of the names of facts, in columns.
const NAME_WIDTH: usize = 16;

/// Text that is written line by line.
#[derive(Default)]
pub struct TextOutput {
    text: String,
}

impl TextOutput {
    pub fn into_text(self) -> String {
        self.text
    }

    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    pub fn heading(&mut self, heading: &str) {
        self.gap();
        self.line(heading);
    }

    /// Adds a name and a value in two columns: `  Channel         Partner: Acme (acme)`.
    pub fn fact(&mut self, name: &str, value: &str) {
        let first = format!("  {name:NAME_WIDTH$}");
        let rest = " ".repeat(NAME_WIDTH + 2);
        self.fill(&first, &rest, value);
    }

    /// Adds a paragraph with the same indent on each line.
    pub fn wrapped(&mut self, indent: &str, text: &str) {
        self.fill(indent, indent, text);
    }

    /// Adds a paragraph with one indent for the first line and another for the rest.
    pub fn fill(&mut self, first: &str, rest: &str, text: &str) {
        let options = Options::new(WIDTH).initial_indent(first).subsequent_indent(rest).break_words(false);
        // URLs are not split, so that a terminal can open them.
        let options = options.word_splitter(WordSplitter::NoHyphenation).word_separator(WordSeparator::AsciiSpace);
        let filled = textwrap::fill(text, options);
        self.line(filled.trim_end());
    }
}
