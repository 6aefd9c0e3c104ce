//! The result of a command: exit status, standard output, diagnostics, and the files it wrote.

use std::fs;
use std::path::PathBuf;

use super::files::bytes_below;
use super::html;

/// The result of a command, with readers for its output.
#[derive(Debug)]
pub struct Run {
    pub root: PathBuf,
    /// `None` after a signal.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// One diagnostic, parsed from standard error.
#[derive(Debug)]
pub struct Problem {
    pub is_error: bool,
    pub rule: String,
    /// `file:line:column` of the first label, or only a file.
    pub place: String,
    /// The whole diagnostic as printed.
    pub text: String,
}

impl Run {
    #[track_caller]
    pub fn ok(self) -> Run {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Asserts success without warnings.
    #[track_caller]
    pub fn clean(self) -> Run {
        assert_eq!(self.stderr, "");
        self.ok()
    }

    #[track_caller]
    pub fn failed(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    pub fn problems(&self) -> Vec<Problem> {
        self.stderr.split("\n\n").filter_map(Problem::read).collect()
    }

    /// The rules of all problems, in order.
    pub fn rules(&self) -> Vec<String> {
        self.problems().into_iter().map(|problem| problem.rule).collect()
    }

    /// `rule file:line:column` of all problems, in order.
    pub fn rules_with_places(&self) -> Vec<String> {
        self.problems().iter().map(|problem| format!("{} {}", problem.rule, problem.place)).collect()
    }

    /// The only warning of a successful run.
    #[track_caller]
    pub fn warning(&self) -> Problem {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        let problem = self.only_problem();
        assert!(!problem.is_error, "{}", self.stderr);
        problem
    }

    /// The only problem of a run that failed.
    #[track_caller]
    pub fn error(&self) -> Problem {
        assert_eq!(self.code, Some(1), "{}", self.stderr);
        let problem = self.only_problem();
        assert!(problem.is_error, "{}", self.stderr);
        problem
    }

    #[track_caller]
    fn only_problem(&self) -> Problem {
        let mut problems = self.problems();
        assert_eq!(problems.len(), 1, "{}", self.stderr);
        problems.remove(0)
    }

    /// The text of a file in `public/`. A path that ends in `/` is a page.
    #[track_caller]
    pub fn public(&self, path: &str) -> String {
        let path = match path.is_empty() || path.ends_with('/') {
            true => format!("public/{path}index.html"),
            false => format!("public/{path}"),
        };
        fs::read_to_string(self.root.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.stderr))
    }

    #[track_caller]
    pub fn page(&self, path: &str) -> html::Page {
        html::Page::read(&self.public(path))
    }

    #[track_caller]
    pub fn sales(&self, path: &str) -> String {
        fs::read_to_string(self.root.join("sales").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The first page of the lead desk.
    #[track_caller]
    pub fn desk(&self) -> html::Page {
        html::Page::read(&self.sales("index.html"))
    }

    pub fn has(&self, path: &str) -> bool {
        self.root.join("public").join(path).exists()
    }

    /// The paths of all files in `public/`.
    pub fn public_files(&self) -> Vec<String> {
        let files = bytes_below(&self.root.join("public")).into_keys();
        files.map(|path| path.to_str().unwrap().to_owned()).collect()
    }
}

impl Problem {
    /// Asserts the rule, the place, and texts that the diagnostic contains.
    #[track_caller]
    pub fn assert(self, rule: &str, place: &str, texts: &[&str]) -> Problem {
        assert_eq!((&*self.rule, &*self.place), (rule, place), "{}", self.text);
        for text in texts {
            assert!(self.text.contains(text), "`{text}` is not in {}", self.text);
        }
        self
    }

    fn read(text: &str) -> Option<Problem> {
        let text = text.trim_start_matches('\n');
        let (severity, rest) = text.split_once('[')?;
        let rule = rest.split_once(']')?.0;
        if !matches!(severity, "error" | "warning") {
            return None;
        }
        let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        Some(Problem {
            is_error: severity == "error",
            rule: rule.to_owned(),
            place: place.unwrap_or_default().to_owned(),
            text: text.to_owned(),
        })
    }
}
