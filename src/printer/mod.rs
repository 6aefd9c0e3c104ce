//! Prints diagnostics as text for people, as JSON for programs, and as annotations for GitHub. Each format has its own
//! file. Results of `publish` and `diff` are in `results`.

mod explain_rule;
mod github;
mod json;
mod line_index;
mod results;
mod terminal_text;
mod text;

use std::path::Path;

use crate::diagnostics::{Diagnostic, Severity};

pub use explain_rule::explain_rule;
pub use json::JsonSummary;
pub use results::{ListStyle, MARKDOWN_LIST, ResultFormat, code, result};
pub use terminal_text::{TerminalText, visible_line};

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DiagnosticFormat {
    /// Text for people, with source lines
    #[default]
    Text,
    /// JSON for programs, one object per line
    Json,
    /// Annotations for GitHub Actions
    Github,
}

#[derive(Clone, Copy)]
pub struct PrintOptions<'p> {
    pub format: DiagnosticFormat,
    pub colored: bool,
    /// The site's folder as given on the command line. GitHub needs paths relative to the working directory.
    pub root: &'p Path,
}

/// Returns all diagnostics in their order. In text, `consequence` follows the count of errors and
/// warnings: "; nothing was written".
pub fn diagnostics(diagnostics: &[Diagnostic], consequence: &str, options: PrintOptions) -> TerminalText {
    let sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    let totals = text::totals(diagnostics, consequence);
    match options.format {
        DiagnosticFormat::Text => TerminalText::styled(text::diagnostics(&sorted, options.colored) + &totals),
        DiagnosticFormat::Json => TerminalText::json(&json::diagnostics(&sorted)),
        DiagnosticFormat::Github => TerminalText::new(&(github::diagnostics(&sorted, options.root) + &totals)),
    }
}

/// Returns the fixes of problems: place, old text and new text.
pub fn fixes(diagnostics: &[Diagnostic], format: DiagnosticFormat) -> TerminalText {
    match format {
        DiagnosticFormat::Json => TerminalText::json(&json::fixes(diagnostics)),
        DiagnosticFormat::Text | DiagnosticFormat::Github => TerminalText::new(&text::fixes(diagnostics)),
    }
}

/// Returns one diagnostic as text without colors.
pub fn plain_text(diagnostic: &Diagnostic) -> String {
    text::diagnostics(&[diagnostic], false).trim_end().to_owned()
}

/// Returns the message of a command that failed for another reason than the site's content.
pub fn failure(message: &str, format: DiagnosticFormat) -> TerminalText {
    match format {
        DiagnosticFormat::Text => TerminalText::new(&text::failure(message)),
        DiagnosticFormat::Json => TerminalText::json(&json::failure(message)),
        DiagnosticFormat::Github => TerminalText::new(&github::failure(message)),
    }
}

/// Counts the diagnostics of one severity.
pub fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
}
