//! What the documentation says about one rule, and its section of `docs/problems.md`.

/// Everything about a rule but the code that finds it.
#[derive(Debug)]
pub struct Definition {
    /// The stable id: what is wrong, in a few words, so that `allow <id>` reads well.
    pub id: &'static str,
    pub class: Class,
    /// Why the rule exists: one sentence, without a capital or a full stop.
    pub why: &'static str,
    /// What the rule finds and what to write instead: Markdown, with links relative to `docs/`.
    pub explanation: &'static str,
    /// Where the lines of both examples belong.
    pub examples_in: ExamplesIn,
    pub failing: &'static str,
    pub passing: &'static str,
}

/// The severity of a rule, and whether a site can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Always an error: the site cannot be built.
    Essential,
    /// An error that a site can allow or turn into a warning.
    Error,
    /// A warning that a site can allow or turn into an error.
    Warning,
}

/// A test builds the examples of `Site`, `FrontMatter` and `Body`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExamplesIn {
    /// Keys of `site.yaml`.
    Site,
    /// Keys of a campaign's front matter.
    FrontMatter,
    /// The body of a page.
    Body,
    /// Code in this language, or `text`: a list of files, several files, a file of the theme.
    Other(&'static str),
}

/// A group of rules, with a chapter of `docs/problems.md`.
#[derive(Debug)]
pub struct Family {
    pub title: &'static str,
    /// Markdown below the title; may be empty.
    pub intro: &'static str,
}

impl Definition {
    /// The explanation without the indentation that it has in the source.
    pub fn explanation(&self) -> String {
        dedented(self.explanation)
    }

    /// The failing and the passing example, each with its heading and without the indentation of the source.
    pub fn examples(&self) -> [(&'static str, String); 2] {
        let failing = match self.examples_in {
            ExamplesIn::Site => "Fails, in `site.yaml`:",
            ExamplesIn::FrontMatter => "Fails, in front matter:",
            ExamplesIn::Body => "Fails, in a page:",
            ExamplesIn::Other(_) => "Fails:",
        };
        [(failing, dedented(self.failing)), ("Passes:", dedented(self.passing))]
    }

    /// The section of `docs/problems.md`.
    pub fn markdown(&self) -> String {
        let class = match self.class {
            Class::Essential => "Error",
            Class::Error => "Error that a site can allow",
            Class::Warning => "Warning",
        };
        let mut parts = vec![format!("### {}", self.id), format!("**{class}.** {}", sentence(self.why))];
        parts.push(self.explanation());
        for (heading, example) in self.examples() {
            parts.push(heading.to_owned());
            parts.push(format!("```{}\n{example}\n```", self.examples_in.language()));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n") + "\n"
    }
}

impl Family {
    /// The beginning of the chapter, above the sections of its rules.
    pub fn markdown(&self) -> String {
        match dedented(self.intro) {
            intro if intro.is_empty() => format!("## {}\n", self.title),
            intro => format!("## {}\n\n{intro}\n", self.title),
        }
    }
}

impl ExamplesIn {
    fn language(self) -> &'static str {
        match self {
            ExamplesIn::Site | ExamplesIn::FrontMatter => "yaml",
            ExamplesIn::Body => "markdown",
            ExamplesIn::Other(language) => language,
        }
    }
}

/// A text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

fn dedented(text: &str) -> String {
    textwrap::dedent(text).trim_matches(['\n', ' ']).to_owned()
}
