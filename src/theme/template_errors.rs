//! What the template engine finds wrong, in our words: at its place in the template, with the nearest known name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{ErrorKind, ReportError};

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// A theme's templates by their path in it.
pub type Templates = BTreeMap<String, Arc<SourceText>>;

/// What the engine has of its own, which it does not tell: version 2.4.
const FILTERS: &str = "abs capitalize default escape escape_html escape_xml first float get group_by indent int join keys \
                       last length lower newlines_to_br nth pairs pluralize replace reverse round safe sort split str \
                       title trim trim_end trim_start truncate unique upper values wordcount date fill query_value";
const TESTS: &str = "array bool containing defined divisible_by ending_with even float integer iterable map none number \
                     odd starting_with string undefined";
const FUNCTIONS: &str = "range throw super asset palette";
const TAGS: &str = "if elif else for block component extends include set set_global filter raw break continue";
/// More names than these nobody reads in a message.
const MAX_NAMES: usize = 40;

/// A template that cannot be loaded.
pub struct Broken {
    pub template: String,
    pub diagnostic: Diagnostic,
    /// It may only seem to be wrong, because another template is.
    pub may_follow: bool,
}

/// The templates that an error of loading names, each with its problem; none where it names none.
pub fn of_loading(error: &tera::Error, templates: &Templates) -> Vec<Broken> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            vec![broken(report.filename(), reported(report, templates))]
        }
        ErrorKind::MissingParent { current, parent } => {
            vec![broken(current, missing_parent(current, parent, templates))]
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            vec![broken(tpl, circle(tpl, "extends", inheritance_chain, templates))]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            vec![broken(tpl, circle(tpl, "include", include_chain, templates))]
        }
        ErrorKind::Msg(text) => match defined_twice(text, templates) {
            Some(twice) => vec![twice],
            None => joined_reports(text, templates),
        },
        _ => Vec::new(),
    }
}

/// An error of drawing a page, at its place in the template that it comes from.
pub fn of_drawing(error: &tera::Error, templates: &Templates) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => reported(report, templates),
        _ => Diagnostic::error(Rule::TemplateError, in_our_form(error.to_string().lines().next().unwrap_or_default())),
    }
}

fn broken(template: &str, diagnostic: Diagnostic) -> Broken {
    Broken { template: template.to_owned(), diagnostic, may_follow: false }
}

/// An error whose place the engine knows.
fn reported(report: &ReportError, templates: &Templates) -> Diagnostic {
    let (message, rest) = split(report.message());
    let Some(source) = templates.get(report.filename()) else {
        return Diagnostic::error(Rule::TemplateError, message);
    };
    let range = report.span().range.clone();
    let end = range.end.min(source.text.len());
    let span = Span::new(range.start.min(end), end);
    if let Some(unknown) = Unknown::in_drawing(report.message()) {
        return unknown.diagnostic(source, span);
    }
    match rest {
        _ if message == "unexpected end of input" => never_closed(source, span),
        _ if message == "unknown tag" => unknown_tag(source, span),
        None if message.starts_with("tried to render") => {
            Diagnostic::error(Rule::TemplateError, "this has no value, so there is nothing to draw")
                .at(source, span, "has no value here")
                .help("test it with `is defined` if a page may not have it")
        }
        rest => {
            let help = rest.or_else(|| cure(&message, source, span));
            let (message, help) = match message.split_once("; did you mean ") {
                Some((message, meant)) => (message.to_owned(), Some(format!("did you mean {meant}"))),
                None => (message, help),
            };
            let diagnostic = Diagnostic::error(Rule::TemplateError, message).at(source, span, "here");
            help.into_iter().fold(diagnostic, Diagnostic::help)
        }
    }
}

/// What helps with messages that leave out the cure.
fn cure(message: &str, source: &SourceText, span: Span) -> Option<String> {
    let line_start = source.text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let line = source.text[line_start..].lines().next().unwrap_or_default();
    // Tera 1 and other engines take arguments without a name.
    if line.contains("asset(\"") || line.contains("asset('") {
        return Some("write `asset(path=\"favicon.svg\")`".to_owned());
    }
    if let Some(missing) = message.strip_prefix("missing keyword argument `") {
        let missing = missing.trim_end_matches('`');
        let given = source.text[span.range()].split('=').filter_map(|before| before.rsplit(['(', ',', ' ']).next());
        return Some(match nearest(missing, given.filter(|name| !name.is_empty())) {
            Some(written) => format!("write `{missing}=…` where `{written}=…` stands"),
            None => format!("write `{missing}=…` between the parentheses"),
        });
    }
    message.contains("expected }}").then(|| "a place for a value begins with `{{` and ends with `}}`".to_owned())
}

/// A tag that waits for its end until the template ends.
fn never_closed(source: &Arc<SourceText>, end: Span) -> Diagnostic {
    if let Some((opener, closer, span)) = open_place(&source.text) {
        return Diagnostic::error(Rule::TemplateError, format!("`{opener}` is opened and not closed"))
            .at(source, span, "no end of this follows")
            .help(format!("write `{closer}` where it ends"));
    }
    let Some((tag, span)) = open_tag(&source.text) else {
        return Diagnostic::error(Rule::TemplateError, "the template ends too early").at(
            source,
            end,
            "something is open here",
        );
    };
    Diagnostic::error(Rule::TemplateError, format!("`{tag}` is opened and not closed"))
        .at(source, span, "no end of this follows")
        .help(format!("write `{{% end{tag} %}}` where it ends"))
}

/// Braces that are open where a template ends.
fn open_place(text: &str) -> Option<(&'static str, &'static str, Span)> {
    [("{{", "}}"), ("{%", "%}")].into_iter().find_map(|(opener, closer)| {
        let at = text.rfind(opener).filter(|&at| !text[at..].contains(closer))?;
        Some((opener, closer, Span::new(at, at + opener.len())))
    })
}

/// The last tag that is open where a template ends.
fn open_tag(text: &str) -> Option<(&str, Span)> {
    let mut open = Vec::new();
    for (at, _) in text.match_indices("{%") {
        let inside = text[at + 2..].trim_start_matches('-').trim_start();
        let word = &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len())];
        let start = text.len() - inside.len();
        let tag = &inside[..inside.find("%}").unwrap_or(0)];
        match word.strip_prefix("end") {
            Some(_) => drop(open.pop()),
            None if ["if", "for", "block", "component", "filter", "raw"].contains(&word) => {
                open.push((word, Span::new(start, start + word.len())));
            }
            // `{% set x %}…{% endset %}` has no `=`.
            None if word.starts_with("set") && !tag.contains('=') => {
                open.push((word, Span::new(start, start + word.len())))
            }
            None => {}
        }
    }
    open.pop()
}

fn unknown_tag(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    let tag = source.text[span.range()].trim();
    if let Some(opener) = tag.strip_prefix("end").filter(|opener| TAGS.split(' ').any(|known| known == *opener)) {
        return Diagnostic::error(Rule::TemplateError, format!("`{tag}` closes nothing"))
            .at(source, span, "nothing is open here")
            .help(format!("leave it out, or open it with `{{% {opener} … %}}`"));
    }
    let diagnostic =
        Diagnostic::error(Rule::TemplateError, format!("there is no tag `{tag}`")).at(source, span, "not known");
    match tag {
        "macro" | "endmacro" => {
            diagnostic.help("components do this: `{% component card(title) %}…{% endcomponent card %}`")
        }
        "import" => {
            diagnostic.help("components need no import: `{{ <card title=\"…\" /> }}` draws one of any template")
        }
        "elseif" | "elsif" => diagnostic.help("write `{% elif … %}`"),
        tag => with_names(diagnostic, tag, &TAGS.split(' ').collect::<Vec<_>>(), "tag"),
    }
}

/// A name that a page has no value for.
struct Unknown<'m> {
    /// `variable`, `field` or `argument`.
    what: &'static str,
    name: &'m str,
    known: Vec<&'m str>,
}

impl<'m> Unknown<'m> {
    /// ``Variable `titel` is not defined. Available variables: page, site``
    fn in_drawing(message: &'m str) -> Option<Unknown<'m>> {
        if let Some(rest) = message.strip_prefix("Unknown argument(s) `") {
            let (name, rest) = rest.split_once('`')?;
            return Some(Unknown { what: "argument", name, known: rest.split('`').skip(1).step_by(2).collect() });
        }
        let (what, rest) = [("variable", "Variable `"), ("field", "Field `")]
            .into_iter()
            .find_map(|(what, beginning)| Some((what, message.strip_prefix(beginning)?)))?;
        let (name, rest) = rest.split_once("` is not defined")?;
        let known = rest.split_once(": ").map(|(_, names)| names.split(", ").map(str::trim).collect());
        Some(Unknown { what, name, known: known.unwrap_or_default() })
    }

    fn diagnostic(self, source: &Arc<SourceText>, span: Span) -> Diagnostic {
        let Unknown { what, name, known } = self;
        let diagnostic = Diagnostic::error(Rule::TemplateError, format!("there is no {what} `{name}`"));
        let label = if what == "argument" { "not one of the component's" } else { "has no value here" };
        let diagnostic = diagnostic.at(source, named(source, span, name), label);
        let near = nearest(name, known.iter().copied()).is_some();
        if !near && what == "variable" && in_component(&source.text[..span.start as usize]) {
            return diagnostic.help(format!(
                "a component sees its arguments, and what it declares with `@`: \
                 write `{{% component name(@{name}) %}}`"
            ));
        }
        let diagnostic = with_names(diagnostic, name, &known, what);
        match near || what == "argument" {
            true => diagnostic,
            false => diagnostic.help("test it with `is defined` if a page may not have it"),
        }
    }
}

fn in_component(before: &str) -> bool {
    let last = |word: &str| before.rfind(word);
    last("component ") > last("endcomponent")
}

/// The name in what the engine marks, which may be more.
fn named(source: &SourceText, span: Span, name: &str) -> Span {
    match source.text[span.range()].rfind(name) {
        Some(ahead) => Span::new(span.start as usize + ahead, span.start as usize + ahead + name.len()),
        None => span,
    }
}

/// The engine joins what it says of unknown names into one text: a title, then ` --> name:line:column`.
fn joined_reports(text: &str, templates: &Templates) -> Vec<Broken> {
    let mut told = Vec::new();
    let mut title = "";
    for line in text.lines() {
        if let Some(message) = line.strip_prefix("error: ") {
            title = message;
        }
        let Some((name, line, column)) = line.trim_start().strip_prefix("--> ").and_then(place) else { continue };
        let Some(source) = templates.get(name) else { continue };
        told.push(unknown_name(title, name, source, offset_of(&source.text, line, column), templates));
    }
    told
}

fn place(text: &str) -> Option<(&str, usize, usize)> {
    let mut parts = text.trim().trim_matches(['[', ']']).rsplitn(3, ':');
    let (column, line, name) = (parts.next()?, parts.next()?, parts.next()?);
    Some((name.trim(), line.parse().ok()?, column.parse().ok()?))
}

/// A name that the engine told as bare text, with those that it could have been.
fn unknown_name(title: &str, template: &str, source: &Arc<SourceText>, at: usize, templates: &Templates) -> Broken {
    let name = title.split('`').nth(1).unwrap_or_default();
    let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let (what, known, may_follow) = match title.split('`').next().unwrap_or_default().trim() {
        "Unknown filter" => ("filter", words(FILTERS), false),
        "Unknown test" => ("test", words(TESTS), false),
        "Unknown function" => ("function", words(FUNCTIONS), false),
        "Unknown component" => ("component", all_declared(templates, "component"), true),
        "Unknown template" => ("template", templates.keys().map(String::as_str).collect(), false),
        "Block" => ("block", blocks_above(template, templates), true),
        _ => ("name", Vec::new(), false),
    };
    let label = match what {
        "block" => "no template that this one extends has such a block",
        _ => "not known",
    };
    let ahead = source.text[at..].lines().next().and_then(|line| line.find(name)).unwrap_or(0);
    let span = Span::new(at + ahead, at + ahead + name.len().max(1));
    let message = format!("there is no {what} `{name}`");
    let diagnostic =
        with_names(Diagnostic::error(Rule::TemplateError, message).at(source, span, label), name, &known, what);
    Broken { template: template.to_owned(), diagnostic, may_follow }
}

/// The nearest of the known names, else all of them.
fn with_names(diagnostic: Diagnostic, name: &str, known: &[&str], what: &str) -> Diagnostic {
    match nearest(name, known.iter().copied()) {
        Some(_) => diagnostic.suggest(name, known.iter().copied()),
        None if known.is_empty() && what == "component" => {
            diagnostic.help(format!("no template has a component; write one with `{{% component {name}() %}}`"))
        }
        None if known.is_empty() => diagnostic,
        None if known.len() == 1 => diagnostic.help(format!("the only {what} here is {}", list(known.iter().copied()))),
        None if known.len() <= MAX_NAMES => {
            diagnostic.help(format!("the {what}s here are {}", list(known.iter().copied())))
        }
        None => diagnostic,
    }
}

fn missing_parent(current: &str, parent: &str, templates: &Templates) -> Diagnostic {
    let diagnostic = Diagnostic::error(Rule::TemplateError, format!("there is no template `{parent}`"));
    at_name(diagnostic, current, parent, "extended here", templates)
        .suggest(parent, templates.keys().map(String::as_str))
}

/// Templates that extend or include each other without end.
fn circle(template: &str, how: &str, chain: &[String], templates: &Templates) -> Diagnostic {
    let at = chain.iter().position(|name| name == template).unwrap_or(0);
    let next = chain.get(at + 1).map_or(template, String::as_str);
    let mut round: Vec<String> = chain[at..].iter().map(|name| format!("`{name}`")).collect();
    if chain.last().is_none_or(|last| last != template) || round.len() < 2 {
        round.push(format!("`{template}`"));
    }
    let message = format!("templates that {how} each other in a circle cannot be drawn").replace("extends", "extend");
    let diagnostic = Diagnostic::error(Rule::TemplateError, message);
    at_name(diagnostic, template, next, "leads back here", templates)
        .help(format!("the circle is {}", round.join(" → ")))
}

/// ``Component `card` is defined in both `a.html` and `b.html` ``
fn defined_twice(text: &str, templates: &Templates) -> Option<Broken> {
    let [_, component, between, one, _, other, ..] = text.split('`').collect::<Vec<_>>()[..] else { return None };
    if !between.contains("is defined in both") {
        return None;
    }
    let diagnostic = Diagnostic::error(Rule::TemplateError, format!("the component `{component}` is defined twice"));
    let diagnostic = at_name(diagnostic, other, component, "defined again", templates);
    let diagnostic = at_name(diagnostic, one, component, "defined first", templates);
    Some(broken(other, diagnostic.help("give one of the two another name")))
}

/// A mark at the first place in a template that has this name.
fn at_name(diagnostic: Diagnostic, template: &str, name: &str, label: &str, templates: &Templates) -> Diagnostic {
    match templates.get(template) {
        Some(source) => {
            let at = source.text.find(name);
            let span = at.map_or(Span::new(0, 0), |at| Span::new(at, at + name.len()));
            diagnostic.at(source, span, label)
        }
        None => diagnostic,
    }
}

/// The names that stand behind a tag's keyword, as in `{% component card(…) %}`.
fn declared<'t>(text: &'t str, keyword: &'t str) -> impl Iterator<Item = &'t str> {
    text.split("{%").skip(1).filter_map(move |tag| {
        let rest = tag.trim_start_matches('-').trim_start().strip_prefix(keyword)?.strip_prefix(char::is_whitespace)?;
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| c.is_whitespace() || "(%\"'{<>".contains(c)).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| !name.is_empty())
    })
}

fn all_declared<'t>(templates: &'t Templates, keyword: &'t str) -> Vec<&'t str> {
    let names: BTreeSet<&str> = templates.values().flat_map(|source| declared(&source.text, keyword)).collect();
    names.into_iter().collect()
}

/// The blocks of the templates that one extends.
fn blocks_above<'t>(template: &str, templates: &'t Templates) -> Vec<&'t str> {
    let mut blocks = BTreeSet::new();
    let mut current = template;
    // Circles are refused by the engine before it looks at blocks; still nothing here may run for ever.
    for _ in 0..templates.len() {
        let parent = templates.get(current).and_then(|source| declared(&source.text, "extends").next());
        let Some(source) = parent.and_then(|parent| templates.get(parent)) else { break };
        blocks.extend(declared(&source.text, "block"));
        current = parent.unwrap_or_default();
    }
    blocks.into_iter().collect()
}

/// The byte that a line and a column, both from 1, stand for.
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let line_start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let line_text = text[line_start..].lines().next().unwrap_or_default();
    let ahead = line_text.char_indices().nth(column.saturating_sub(1)).map_or(line_text.len(), |(at, _)| at);
    line_start + ahead
}

/// The engine's message in our form, and what follows its first line or sentence as help.
fn split(message: &str) -> (String, Option<String>) {
    let message = message.trim();
    let first_line = message.lines().next().unwrap_or_default();
    let end = first_line.find(". ").unwrap_or(first_line.len());
    let rest = message[end..].trim_start_matches('.').trim().replace('\n', " ");
    (in_our_form(&message[..end]), (!rest.is_empty()).then(|| in_our_form(&rest)))
}

/// Lower case, no full stop.
fn in_our_form(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
