//! What is wrong in a site, as data: a rule, a message, places and a cure. `printer` draws it.

use std::sync::Arc;

use crate::rules::Rule;
use crate::source::{SourceText, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// A place that a problem points at, with a few words to stand beside the mark.
#[derive(Clone, Debug)]
pub struct Label {
    pub source: Arc<SourceText>,
    pub span: Span,
    pub text: String,
}

/// One problem. The first label is where it is; others show what it clashes with.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub rule: Rule,
    pub severity: Severity,
    /// Lower case, names in backticks, no full stop.
    pub message: String,
    pub labels: Vec<Label>,
    /// The file, for a problem of a whole file, where no label can point.
    pub file: Option<String>,
    /// What to write instead.
    pub help: Vec<String>,
    /// What made an error of a warning, if anything did.
    pub denied: Option<DeniedBy>,
}

/// Who asked for warnings to be errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeniedBy {
    /// `rules` in `site.yaml`.
    Site,
    /// `--deny warnings`.
    CommandLine,
}

impl DeniedBy {
    /// A note for people.
    pub fn note(self) -> &'static str {
        match self {
            DeniedBy::Site => "`rules` in `site.yaml` makes this warning an error",
            DeniedBy::CommandLine => "`--deny warnings` makes this warning an error",
        }
    }
}

impl Diagnostic {
    pub fn error(rule: Rule, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            file: None,
            help: Vec::new(),
            denied: None,
        }
    }

    /// Of a rule that is advice: any other leaves nothing that could be built.
    pub fn warning(rule: Rule, message: impl Into<String>) -> Diagnostic {
        debug_assert!(rule.is_advice(), "`{}` is told as a warning, so its line in the table says `advice`", rule.id());
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(rule, message) }
    }

    pub fn at(mut self, source: &Arc<SourceText>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { source: Arc::clone(source), span, text: text.into() });
        self
    }

    pub fn in_file(mut self, path: impl Into<String>) -> Diagnostic {
        self.file = Some(path.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// What to write where nothing nearer is known.
    pub fn or_help(self, help: impl Into<String>) -> Diagnostic {
        if self.help.is_empty() { self.help(help) } else { self }
    }

    /// `help: did you mean …` where one of the known names is near the one that was written.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(written, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The files that it points at.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(|label| label.source.path.as_str()).chain(self.file.as_deref())
    }

    /// The order problems are told in: by file, then by place.
    pub fn sort_key(&self) -> (String, u32, Rule) {
        match self.labels.first() {
            Some(label) => (label.source.path.clone(), label.span.start, self.rule),
            None => (self.file.clone().unwrap_or_default(), 0, self.rule),
        }
    }
}

/// The known name that is most like what was written, if any is near enough to be meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|&(distance, name)| distance <= name.chars().count().max(3) / 3)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// `a`, `a and b`, `a, b and c`: each in backticks.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Three of the names, each in backticks, and how many there are besides: `a`, `b`, `c` and 4 more.
pub fn first_few(names: &[impl std::fmt::Display]) -> String {
    let few: Vec<String> = names.iter().take(3).map(|name| name.to_string()).collect();
    match names.len() - few.len() {
        0 => list(few.iter().map(String::as_str)),
        more => {
            let few: Vec<String> = few.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and {more} more", few.join(", "))
        }
    }
}

/// `1 page`, `2 pages`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_the_name_that_was_meant() {
        let known = ["newsletter", "linkedin", "acme"];
        assert_eq!(nearest("newsleter", known), Some("newsletter"));
        assert_eq!(nearest("LinkedIn", known), Some("linkedin"));
        assert_eq!(nearest("acm", known), Some("acme"));
        assert_eq!(nearest("facebook", known), None);
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
    }
}
