//! One problem of a site, and what builds it.

use std::sync::Arc;

use super::wording::{certain, nearest};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// One problem. The first label is its location; other labels show what it conflicts with.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub rule: Rule,
    pub severity: Severity,
    /// Lower case, names in backticks, no full stop.
    pub message: String,
    pub labels: Vec<Label>,
    /// The file, for a problem of a whole file.
    pub file: Option<String>,
    /// What to write instead.
    pub help: Vec<String>,
    /// What `check --fix` writes.
    pub replacement: Option<Replacement>,
    /// What turned this warning into an error, if anything did.
    pub denied: Option<DeniedBy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// A location, with a few words to print beside its mark.
#[derive(Clone, Debug)]
pub struct Label {
    pub source: Arc<SourceText>,
    pub span: Span,
    pub text: String,
}

/// What turns warnings into errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeniedBy {
    /// `rules` in `site.yaml`.
    Site,
    /// `--deny warnings`.
    CommandLine,
}

impl DeniedBy {
    /// A note for users.
    pub fn note(self) -> &'static str {
        match self {
            DeniedBy::Site => "`rules` in `site.yaml` makes this warning an error",
            DeniedBy::CommandLine => "`--deny warnings` makes this warning an error",
        }
    }
}

/// A text to write in place of a part of a problem's location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub written: String,
    pub text: String,
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
            replacement: None,
            denied: None,
        }
    }

    /// A warning. Its rule must be configurable; the other rules report what makes a build impossible.
    pub fn warning(rule: Rule, message: impl Into<String>) -> Diagnostic {
        debug_assert!(
            rule.is_configurable(),
            "`{}` is reported as a warning, so its class cannot be `Essential`",
            rule.id()
        );
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(rule, message) }
    }

    /// Adds a label.
    pub fn at(mut self, source: &Arc<SourceText>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { source: Arc::clone(source), span, text: text.into() });
        self
    }

    /// Sets the file, by its path below the root.
    pub fn in_file(mut self, path: impl Into<String>) -> Diagnostic {
        self.file = Some(path.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Adds help only if there is none yet.
    pub fn or_help(self, help: impl Into<String>) -> Diagnostic {
        if self.help.is_empty() { self.help(help) } else { self }
    }

    /// Sets the text that `check --fix` writes in place of the written one, which is at the first label. Nobody has to decide
    /// anything: the text is what the author meant.
    pub fn replace(mut self, written: impl Into<String>, text: impl Into<String>) -> Diagnostic {
        self.replacement = Some(Replacement { written: written.into(), text: text.into() });
        self
    }

    /// Leaves the problem to the author.
    pub fn without_replacement(mut self) -> Diagnostic {
        self.replacement = None;
        self
    }

    /// Adds `did you mean …?` if one of the known names is similar to the written one. If it is obvious which one was meant,
    /// `check --fix` writes it.
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        let known: Vec<&str> = known.into_iter().collect();
        let Some(name) = nearest(written, known.iter().copied()) else { return self };
        let diagnostic = self.help(format!("did you mean `{name}`?"));
        match certain(written, known) {
            Some(certain) if certain == name => diagnostic.replace(written, name),
            _ => diagnostic,
        }
    }

    /// Returns whether content is missing or unusable. A denied warning stops a build, but it is no defect.
    pub fn is_defect(&self) -> bool {
        self.severity == Severity::Error && self.denied.is_none()
    }

    /// Returns whether another diagnostic reports the same at the same place.
    pub fn is_same(&self, other: &Diagnostic) -> bool {
        let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
        (self.rule, &self.message, place(self)) == (other.rule, &other.message, place(other))
            && self.files().next() == other.files().next()
    }

    /// The files that it points at.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(|label| label.source.path.as_str()).chain(self.file.as_deref())
    }

    /// Diagnostics are sorted by file, then by location.
    pub fn sort_key(&self) -> (String, u32, Rule) {
        match self.labels.first() {
            Some(label) => (label.source.path.clone(), label.span.start, self.rule),
            None => (self.file.clone().unwrap_or_default(), 0, self.rule),
        }
    }
}
