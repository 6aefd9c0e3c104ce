//! Problems as workflow commands of GitHub Actions, which shows them beside the lines of a pull request:
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::path::{Component, Path};

use super::{Place, Places};
use crate::diagnostics::{Diagnostic, Severity};

pub fn problems(sorted: &[&Diagnostic], root: &Path) -> String {
    let mut places = Places::default();
    sorted.iter().map(|diagnostic| annotation(diagnostic, root, &mut places)).collect()
}

pub fn failure(message: &str) -> String {
    format!("::error title=tagline::{}\n", data(message))
}

fn annotation<'d>(diagnostic: &'d Diagnostic, root: &Path, places: &mut Places<'d>) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let label = diagnostic.labels.first();
    let file = label.map(|label| label.source.path.as_str()).or(diagnostic.file.as_deref());
    let mut properties = Vec::new();
    properties.extend(file.map(|file| format!("file={}", property(&path(root, file)))));
    properties.extend(label.map(|label| range(places.of(label))));
    properties.push(format!("title={}", property(diagnostic.rule.id())));
    format!("::{command} {}::{}\n", properties.join(","), data(&words(diagnostic, places)))
}

/// GitHub takes columns only of a mark that begins and ends in one line.
fn range(Place { line, column, end_line, end_column }: Place) -> String {
    match line == end_line {
        true => format!("line={line},endLine={end_line},col={column},endColumn={end_column}"),
        false => format!("line={line},endLine={end_line}"),
    }
}

/// The message and all that a person would read around the mark, for an annotation shows one place only.
fn words<'d>(diagnostic: &'d Diagnostic, places: &mut Places<'d>) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    for (number, label) in diagnostic.labels.iter().enumerate() {
        match number {
            0 if label.text.is_empty() => {}
            0 => lines.push(label.text.clone()),
            _ => {
                let Place { line, column, .. } = places.of(label);
                lines.push(format!("{}:{line}:{column}: {}", label.source.path, label.text));
            }
        }
    }
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    lines.extend(diagnostic.denied.map(|by| format!("note: {}", by.note())));
    lines.join("\n")
}

/// From the folder where the command ran, which in a workflow is the repository's.
fn path(root: &Path, file: &str) -> String {
    let whole = root.join(file);
    let parts: Vec<_> = whole.components().filter(|part| !matches!(part, Component::CurDir)).collect();
    let path: std::path::PathBuf = parts.into_iter().collect();
    path.to_string_lossy().replace('\\', "/")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;
    use crate::source::{SourceText, Span};

    #[test]
    fn what_ends_a_property_or_a_command_is_escaped() {
        let source = SourceText::new("content/50 %, or: more.md", "---\nends: x\n");
        let diagnostic = Diagnostic::error(Rule::BadDate, "50 %\r\noff, or: more")
            .at(&source, Span::new(10, 11), "here")
            .help("write 2027-03-31");
        assert_eq!(
            problems(&[&diagnostic], Path::new("./sites/a")),
            "::error file=sites/a/content/50 %25%2C or%3A more.md,line=2,endLine=2,col=7,endColumn=8,title=bad-date\
             ::50 %25%0D%0Aoff, or: more%0Ahere%0Ahelp: write 2027-03-31\n"
        );
    }

    #[test]
    fn a_mark_over_several_lines_has_no_columns_and_a_whole_file_no_line() {
        let source = SourceText::new("a.md", "one\ntwo\n");
        let long = Diagnostic::warning(Rule::RawHtml, "m").at(&source, Span::new(1, 6), "");
        assert_eq!(problems(&[&long], Path::new(".")), "::warning file=a.md,line=1,endLine=2,title=raw-html::m\n");
        let whole = Diagnostic::error(Rule::NotUtf8, "m").in_file("a.md");
        assert_eq!(problems(&[&whole], Path::new(".")), "::error file=a.md,title=not-utf8::m\n");
    }
}
