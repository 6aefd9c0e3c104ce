//! Prints diagnostics as workflow commands of GitHub Actions. GitHub shows them at the lines of a pull request:
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::path::{Component, Path, PathBuf};

use super::line_index::{LineIndex, LineRange};
use super::terminal_text::visible_line;
use crate::diagnostics::{Diagnostic, Severity};

pub fn diagnostics(sorted: &[&Diagnostic], root: &Path) -> String {
    let mut lines = LineIndex::default();
    sorted.iter().map(|diagnostic| annotation(diagnostic, root, &mut lines)).collect()
}

pub fn failure(message: &str) -> String {
    format!("::error title=tagline::{}\n", escape_data(message))
}

fn annotation<'d>(diagnostic: &'d Diagnostic, root: &Path, lines: &mut LineIndex<'d>) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let label = diagnostic.labels.first();
    let file = label.map(|label| label.source.path.as_str()).or(diagnostic.file.as_deref());
    let mut properties = Vec::new();
    properties.extend(file.map(|file| format!("file={}", escape_property(&visible_line(&path(root, file))))));
    properties.extend(label.map(|label| range_properties(lines.range(label))));
    properties.push(format!("title={}", escape_property(diagnostic.rule.id())));
    format!("::{command} {}::{}\n", properties.join(","), escape_data(&message(diagnostic, lines)))
}

/// GitHub accepts columns only if the range is within one line.
fn range_properties(LineRange { line, column, end_line, end_column }: LineRange) -> String {
    match line == end_line {
        true => format!("line={line},endLine={end_line},col={column},endColumn={end_column}"),
        false => format!("line={line},endLine={end_line}"),
    }
}

/// Returns the message with all labels, help and notes. An annotation marks one range only, so the positions of the
/// other labels are part of the text.
fn message<'d>(diagnostic: &'d Diagnostic, lines: &mut LineIndex<'d>) -> String {
    let mut text = vec![diagnostic.message.clone()];
    for (number, label) in diagnostic.labels.iter().enumerate() {
        match number {
            0 if label.text.is_empty() => {}
            0 => text.push(label.text.clone()),
            _ => {
                let LineRange { line, column, .. } = lines.range(label);
                let path = visible_line(&label.source.path);
                text.push(format!("{path}:{line}:{column}: {}", label.text));
            }
        }
    }
    text.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    text.extend(diagnostic.denied.map(|by| format!("note: {}", by.note())));
    text.join("\n")
}

/// Returns the path relative to the working directory, which in a workflow is the repository's root.
fn path(root: &Path, file: &str) -> String {
    let joined = root.join(file);
    let path: PathBuf = joined.components().filter(|component| !matches!(component, Component::CurDir)).collect();
    path.to_string_lossy().replace('\\', "/")
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;
    use crate::source::{SourceText, Span};

    #[test]
    fn characters_that_end_a_property_or_command_are_escaped() {
        let source = SourceText::new("content/50 %, or: more.md", "---\nends: x\n");
        let diagnostic = Diagnostic::error(Rule::BadDate, "50 %\r\noff, or: more")
            .at(&source, Span::new(10, 11), "here")
            .help("write 2027-03-31");
        assert_eq!(
            diagnostics(&[&diagnostic], Path::new("./sites/a")),
            "::error file=sites/a/content/50 %25%2C or%3A more.md,line=2,endLine=2,col=7,endColumn=8,title=bad-date\
             ::50 %25%0D%0Aoff, or: more%0Ahere%0Ahelp: write 2027-03-31\n"
        );
    }

    #[test]
    fn multi_line_range_has_no_columns_and_a_whole_file_has_no_line() {
        let source = SourceText::new("a.md", "one\ntwo\n");
        let long = Diagnostic::warning(Rule::RawHtml, "m").at(&source, Span::new(1, 6), "");
        assert_eq!(diagnostics(&[&long], Path::new(".")), "::warning file=a.md,line=1,endLine=2,title=raw-html::m\n");
        let whole = Diagnostic::error(Rule::NotUtf8, "m").in_file("a.md");
        assert_eq!(diagnostics(&[&whole], Path::new(".")), "::error file=a.md,title=not-utf8::m\n");
    }
}
