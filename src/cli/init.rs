//! `tagline init`: asks whom the site is for, creates it and prints the next steps.

use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::Zoned;
use jiff::civil::Date;

use super::{options, terminal};
use crate::init::ci::{CiService, Workflows, workflows};
use crate::init::{self, Answers, Identity, SiteTemplate, write};
use crate::printer::TerminalText;

/// The folder if none is named.
const DEFAULT_FOLDER: &str = "our-campaigns";
const SITE_FILE: &str = "site.yaml";

#[derive(Args)]
pub struct InitArgs {
    /// The folder for the new site; existing files are never overwritten [default: our-campaigns]
    dir: Option<PathBuf>,
    /// The name of the company, which is the title of the site
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
    /// The domain of the published site, or its whole URL
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The colour of buttons and links, as in `#0b5c8a`
    #[arg(long, value_name = "COLOUR")]
    accent: Option<String>,
    /// The look of the site: `product`, `editorial`, `bold`, `dark` or `local`
    #[arg(long, value_name = "LOOK")]
    look: Option<String>,
    /// The e-mail address that visitors can write to, and that follows up leads
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// The language of the site, as in `en`, `de` or `pt-BR`
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Ask nothing, and use the defaults
    #[arg(long, short)]
    yes: bool,
    /// Create only site.yaml, a home page and the files for git, without the example campaign
    #[arg(long)]
    bare: bool,
    /// Write workflows that check, preview and publish the site; in the folder of a site, write nothing else
    #[arg(long, value_name = "SERVICE", value_enum)]
    ci: Option<Ci>,
    /// Use this date as today for the dates in the new files [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = options::date)]
    date: Option<Date>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ci {
    Github,
    Gitlab,
}

impl Ci {
    fn service(self) -> CiService {
        match self {
            Ci::Github => CiService::Github,
            Ci::Gitlab => CiService::Gitlab,
        }
    }
}

pub fn run(args: &InitArgs) -> anyhow::Result<ExitCode> {
    if let Some(ci) = args.ci {
        let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
        if dir.join(SITE_FILE).is_file() {
            return add_workflows(&dir, ci.service());
        }
    }
    let template = if args.bare { SiteTemplate::Bare } else { SiteTemplate::Example };
    let mut answers = Answers {
        company: args.company.clone(),
        domain: args.domain.clone(),
        accent: args.accent.clone(),
        look: args.look.clone(),
        email: args.email.clone(),
        language: args.language.clone(),
    };
    // An option that cannot be used is reported before any question.
    let mut identity = Identity::new(&answers, template).map_err(anyhow::Error::msg)?;
    let mut dir = args.dir.clone();
    if !args.yes && io::stdin().is_terminal() && io::stderr().is_terminal() {
        let mut dialog = Dialog { input: io::stdin().lock(), print: terminal::print_note };
        if dir.is_none() {
            dir = Some(PathBuf::from(dialog.ask("Folder", DEFAULT_FOLDER)?));
        }
        identity = dialog.identity(&mut answers, template, identity)?;
    }
    let dir = dir.unwrap_or_else(|| PathBuf::from(DEFAULT_FOLDER));
    let mut files = init::site(template, &identity, args.date.unwrap_or_else(|| Zoned::now().date()))?;
    let mut hints = Vec::new();
    if let Some(ci) = args.ci {
        let site =
            files.iter().find(|file| file.path == SITE_FILE).map(|file| file.bytes.as_slice()).unwrap_or_default();
        let added = match workflows(ci.service(), &String::from_utf8_lossy(site)) {
            Ok(added) => added,
            Err(errors) => return Ok(terminal::refuse(&errors, &dir)),
        };
        files.extend(added.files);
        hints = added.hints;
    }
    write::new_files(&dir, &files)?;
    print_hints(&hints);
    terminal::print_result(&TerminalText::new(&next_steps(&dir, template, files.len())))
}

/// Adds workflows to a site that exists.
fn add_workflows(dir: &Path, service: CiService) -> anyhow::Result<ExitCode> {
    let file = dir.join(SITE_FILE);
    let site = fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let Workflows { files, hints } = match workflows(service, &site) {
        Ok(workflows) => workflows,
        Err(errors) => return Ok(terminal::refuse(&errors, dir)),
    };
    write::new_files(dir, &files)?;
    print_hints(&hints);
    let mut text = String::new();
    for file in &files {
        text.push_str(&format!("created {}\n", file.path));
    }
    text.push_str("next: set the variables that docs/publishing.md lists, and push\n");
    terminal::print_result(&TerminalText::new(&text))
}

/// Prints what to add to `site.yaml` for the jobs that are missing.
fn print_hints(hints: &[String]) {
    for hint in hints {
        terminal::print_note(&TerminalText::new(&format!("note: {hint}\n")));
    }
    if !hints.is_empty() {
        terminal::print_note(&TerminalText::new(
            "note: then remove the workflows that were written, and run `tagline init --ci` in the folder of the site again\n",
        ));
    }
}

/// Questions on a terminal.
struct Dialog<I, P> {
    input: I,
    print: P,
}

/// A question: its text, its answer, and the value that an empty line takes.
type Question = (&'static str, fn(&mut Answers) -> &mut Option<String>, fn(&Identity) -> &str);

const QUESTIONS: [Question; 6] = [
    ("Company", |answers| &mut answers.company, |identity| &identity.company),
    ("Domain of the site", |answers| &mut answers.domain, |identity| &identity.base_url),
    ("Colour of buttons and links", |answers| &mut answers.accent, |identity| &identity.accent),
    ("Look: product, editorial, bold, dark or local", |answers| &mut answers.look, |identity| &identity.look),
    ("E-mail address for visitors and leads", |answers| &mut answers.email, |identity| &identity.email),
    ("Language", |answers| &mut answers.language, |identity| &identity.language),
];

impl<I: BufRead, P: FnMut(&TerminalText)> Dialog<I, P> {
    /// Asks what no option says. A question is repeated until its answer can be used.
    fn identity(
        &mut self,
        answers: &mut Answers,
        template: SiteTemplate,
        mut identity: Identity,
    ) -> anyhow::Result<Identity> {
        for (question, answer, default) in QUESTIONS {
            if answer(answers).is_some() {
                continue;
            }
            loop {
                *answer(answers) = Some(self.ask(question, default(&identity))?);
                match Identity::new(answers, template) {
                    Ok(valid) => {
                        identity = valid;
                        break;
                    }
                    Err(problem) => (self.print)(&TerminalText::new(&format!("{problem}\n"))),
                }
            }
        }
        Ok(identity)
    }

    /// Returns the answer to a question, or the default for an empty line.
    fn ask(&mut self, question: &str, default: &str) -> anyhow::Result<String> {
        (self.print)(&TerminalText::new(&format!("{question} [{default}]: ")));
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            anyhow::bail!("the input ended; `--yes` uses the defaults");
        }
        let answer = line.trim();
        Ok(if answer.is_empty() { default } else { answer }.to_owned())
    }
}

fn next_steps(dir: &Path, template: SiteTemplate, count: usize) -> String {
    let folder = dir.display().to_string();
    let cd = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", shell_quoted(&folder)) };
    let hint = match template {
        SiteTemplate::Example => {
            "start with README.md; once the title is yours, `tagline check` lists what is left of the example"
        }
        SiteTemplate::Bare => "add your channels to site.yaml",
    };
    format!(
        "created a site with {count} files in `{folder}`: {hint}\nnext:\n{cd}  tagline serve --open\n  tagline new spring-offer\n"
    )
}

/// Quotes a path so that it can be pasted into a shell.
fn shell_quoted(path: &str) -> String {
    match path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(answers: &mut Answers, input: &str) -> (anyhow::Result<Identity>, String) {
        let default = Identity::new(answers, SiteTemplate::Example).unwrap();
        let mut output = Vec::new();
        let mut dialog =
            Dialog { input: input.as_bytes(), print: |text: &TerminalText| output.extend_from_slice(text.as_bytes()) };
        let identity = dialog.identity(answers, SiteTemplate::Example, default);
        (identity, String::from_utf8(output).unwrap())
    }

    #[test]
    fn questions_are_repeated_until_the_answer_can_be_used() {
        let input = "Kazi: & Co\nkazi campaigns\nkazi.co.ke\nbluish\nrebeccapurple\nloud\nlocal\n\nde\n";
        let (identity, output) = ask(&mut Answers::default(), input);
        let Identity { company, base_url, accent, look, email, language } = identity.unwrap();
        assert_eq!((&*company, &*base_url, &*accent), ("Kazi: & Co", "https://kazi.co.ke/", "rebeccapurple"));
        assert_eq!((&*look, &*email, &*language), ("local", "hello@kazi.co.ke", "de"));
        assert_eq!(output.matches("Domain of the site [").count(), 2, "{output}");
        assert!(output.contains("[hello@kazi.co.ke]: "), "{output}");
    }

    #[test]
    fn options_answer_questions_and_ended_input_is_an_error() {
        let mut answers = Answers { company: Some("Kazi".to_owned()), ..Answers::default() };
        let (identity, output) = ask(&mut answers, "kazi.co.ke\n");
        assert!(identity.unwrap_err().to_string().contains("--yes"));
        assert!(!output.contains("Company"), "{output}");
    }
}
