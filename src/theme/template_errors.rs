//! Converts errors of the template engine to diagnostics: Tera's message at its place in the template, with the nearest
//! name that exists.
//!
//! Tera reports many errors as text only. This module relies on the form of that text (one sentence, details after it,
//! names in backticks) and on the wording of the three messages below.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use tera::{ErrorKind, ReportError};

use super::files::Templates;
use super::functions;
use super::limits::LimitedTemplates;
use super::offset::offset_of;
use crate::diagnostics::{Diagnostic, nearest};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Tera's message for a tag or expression without an end. It names neither.
const END_OF_INPUT: &str = "Unexpected end of input";
/// Tera's message for an unknown tag. It marks the tag without naming it.
const UNKNOWN_TAG: &str = "Unknown tag";
/// Tera's messages for a missing value end in this word: "is not defined", "is undefined".
const UNDEFINED: &str = "defined";

/// The names of Tera 2.4 itself, for suggestions. Tera does not expose them.
const BUILT_IN: &str = "abs capitalize default escape escape_html escape_xml first float get group_by indent int join keys \
                        last length lower newlines_to_br nth pairs pluralize replace reverse round safe sort split str \
                        title trim trim_end trim_start truncate unique upper values wordcount \
                        array bool containing defined divisible_by ending_with even integer iterable map none number odd \
                        starting_with string undefined range throw super";
const TAGS: &str = "if elif else for block component extends include set set_global filter raw break continue";
/// The tags that need an end tag. `set` needs one only without `=`.
const PAIRED_TAGS: [&str; 6] = ["if", "for", "block", "component", "filter", "raw"];

/// A template that cannot be loaded.
pub struct LoadError {
    pub template: String,
    pub diagnostic: Diagnostic,
    /// The name that could not be found, if the error is about one.
    pub name: Option<String>,
}

/// Returns the templates that an error of loading names, each with its diagnostic. The list is empty if the error names
/// no template.
pub fn of_loading(error: &tera::Error, templates: &Templates) -> Vec<LoadError> {
    let load_error = |template: &str, diagnostic| vec![LoadError::new(template, diagnostic)];
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            load_error(report.filename(), reported(report, templates, report.span().range.clone()))
        }
        ErrorKind::MissingParent { current, parent } => load_error(current, missing_parent(current, parent, templates)),
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
            load_error(tpl, circle(tpl, "extend", chain, templates))
        }
        ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            load_error(tpl, circle(tpl, "include", chain, templates))
        }
        ErrorKind::Msg(text) => {
            let unknown = unknown_names(text, templates);
            if unknown.is_empty() { in_named_templates(text, templates).into_iter().collect() } else { unknown }
        }
        _ => Vec::new(),
    }
}

/// Returns the diagnostic for an error of rendering a page, at its place in the template.
pub fn of_rendering(error: &tera::Error, templates: &Templates, limited: &LimitedTemplates) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let range = report.span().range.clone();
            let limited = limited.get(report.filename());
            let range = limited.map_or_else(|| range.clone(), |limited| limited.original(range.clone()));
            reported(report, templates, range)
        }
        _ => Diagnostic::error(Rule::TemplateError, in_our_form(error.to_string().lines().next().unwrap_or_default())),
    }
}

/// Returns whether any template declares a component or block of this name.
pub fn is_declared(name: &str, templates: &Templates) -> bool {
    ["component", "block"].into_iter().any(|keyword| all_declared(templates, keyword).contains(name))
}

impl LoadError {
    fn new(template: &str, diagnostic: Diagnostic) -> LoadError {
        LoadError { template: template.to_owned(), diagnostic, name: None }
    }
}

/// Converts an error whose place Tera reports. `range` is that place in the template as its author wrote it.
fn reported(report: &ReportError, templates: &Templates, range: Range<usize>) -> Diagnostic {
    let (message, details) = split(report.message());
    let Some(source) = templates.get(report.filename()) else {
        return Diagnostic::error(Rule::TemplateError, message);
    };
    let end = range.end.min(source.text.len());
    let span = Span::new(range.start.min(end), end);
    match report.message() {
        END_OF_INPUT => unclosed(source, span),
        UNKNOWN_TAG => unknown_tag(source, span),
        _ => {
            let name = message.split('`').nth(1).map(str::to_owned);
            let code = &source.text[span.range()];
            let place = name.as_deref().map_or(span, |name| span_of_name(source, span, name));
            let is_undefined = message.ends_with(UNDEFINED);
            let help = help(name.as_deref(), details, code, &source.text[..span.start as usize]);
            let may_be_optional = is_undefined && !help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
            let test = may_be_optional.then(|| "test it with `is defined` if not every page has it".to_owned());
            let diagnostic = Diagnostic::error(Rule::TemplateError, message).at(source, place, "here");
            help.into_iter().chain(test).fold(diagnostic, Diagnostic::help)
        }
    }
}

/// Returns what to write instead. `details` is what follows the first sentence of Tera's message, `code` the marked code
/// and `before` the template before it.
fn help(name: Option<&str>, details: Option<String>, code: &str, before: &str) -> Option<String> {
    // Tera 1 and other engines take arguments without a name.
    let line = before.lines().last().unwrap_or_default();
    if line.ends_with("asset(") || code.starts_with("asset(\"") || code.starts_with("asset('") {
        return Some("write `asset(path=\"favicon.svg\")`".to_owned());
    }
    let Some(name) = name else { return details };
    if !code.contains(name) {
        // The name that is missing may be misspelt.
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        return nearest(name, code.split(|c| !is_word(c)).filter(|word| !word.is_empty()))
            .map(|written| format!("write `{name}` instead of `{written}`"))
            .or(details);
    }
    let listed = details.as_deref().and_then(|details| Some(details.split_once(": ")?.1)).unwrap_or_default();
    let listed = listed.split(", ").map(|name| name.trim_matches(['`', ' ', '.']));
    match nearest(name, listed) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None if is_in_component(before) => Some(format!(
            "a component has only its arguments and what it declares with `@`: write `{{% component name(@{name}) %}}`"
        )),
        None => details,
    }
}

fn is_in_component(before: &str) -> bool {
    before.rfind("component ") > before.rfind("endcomponent")
}

/// Reports a tag or expression that is still open where the template ends.
fn unclosed(source: &Arc<SourceText>, end: Span) -> Diagnostic {
    let (opener, span, closer) = match (open_braces(&source.text), open_tag(&source.text)) {
        (Some((opener, closer, span)), _) => (opener, span, closer.to_owned()),
        (None, Some((tag, span))) => (tag, span, format!("{{% end{tag} %}}")),
        (None, None) => {
            return Diagnostic::error(Rule::TemplateError, "unexpected end of the template").at(source, end, "here");
        }
    };
    Diagnostic::error(Rule::TemplateError, format!("`{opener}` is not closed"))
        .at(source, span, "opened here")
        .help(format!("write `{closer}` where it ends"))
}

/// Finds braces that are still open where a template ends: the opener, its closer and its place.
fn open_braces(text: &str) -> Option<(&'static str, &'static str, Span)> {
    [("{{", "}}"), ("{%", "%}")].into_iter().find_map(|(opener, closer)| {
        let at = text.rfind(opener).filter(|&at| !text[at..].contains(closer))?;
        Some((opener, closer, Span::new(at, at + opener.len())))
    })
}

/// Finds the innermost tag that is still open where a template ends.
fn open_tag(text: &str) -> Option<(&str, Span)> {
    let mut open = Vec::new();
    for (at, _) in text.match_indices("{%") {
        let inside = text[at + 2..].trim_start_matches('-').trim_start();
        let name = &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len())];
        let start = text.len() - inside.len();
        let tag = &inside[..inside.find("%}").unwrap_or(0)];
        let is_paired = PAIRED_TAGS.contains(&name) || name.starts_with("set") && !tag.contains('=');
        if name.starts_with("end") {
            open.pop();
        } else if is_paired {
            open.push((name, Span::new(start, start + name.len())));
        }
    }
    open.pop()
}

fn unknown_tag(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    let tag = source.text[span.range()].trim();
    if let Some(opener) = tag.strip_prefix("end").filter(|opener| TAGS.split(' ').any(|known| known == *opener)) {
        return Diagnostic::error(Rule::TemplateError, format!("`{tag}` without `{opener}`"))
            .at(source, span, "nothing is open here")
            .help(format!("remove it, or write `{{% {opener} … %}}` before it"));
    }
    let diagnostic = Diagnostic::error(Rule::TemplateError, format!("unknown tag `{tag}`")).at(source, span, "here");
    match tag {
        "macro" | "endmacro" => {
            diagnostic.help("use a component: `{% component card(title) %}…{% endcomponent card %}`")
        }
        "import" => diagnostic.help("components need no import: `{{ <card title=\"…\" /> }}` works in every template"),
        "elseif" | "elsif" => diagnostic.help("write `{% elif … %}`"),
        tag => diagnostic.suggest(tag, TAGS.split(' ')),
    }
}

/// Splits Tera's list of unknown names. Each is a line `error: message` and a line ` --> template:line:column`.
fn unknown_names(text: &str, templates: &Templates) -> Vec<LoadError> {
    let mut errors = Vec::new();
    let mut message = "";
    for line in text.lines() {
        if let Some(first_line) = line.strip_prefix("error: ") {
            message = first_line;
        }
        let Some((template, line, column)) = line.trim_start().strip_prefix("--> ").and_then(position) else {
            continue;
        };
        let Some(source) = templates.get(template) else { continue };
        let at = offset_of(&source.text, line, column);
        errors.push(unknown_name(message, template, source, at, templates));
    }
    errors
}

/// Reads `template:line:column`.
fn position(text: &str) -> Option<(&str, usize, usize)> {
    let mut parts = text.trim().trim_matches(['[', ']']).rsplitn(3, ':');
    let (column, line, name) = (parts.next()?, parts.next()?, parts.next()?);
    Some((name.trim(), line.parse().ok()?, column.parse().ok()?))
}

fn unknown_name(
    message: &str,
    template: &str,
    source: &Arc<SourceText>,
    at: usize,
    templates: &Templates,
) -> LoadError {
    let name = message.split('`').nth(1).unwrap_or_default();
    let in_line = source.text[at..].lines().next().and_then(|line| line.find(name)).unwrap_or(0);
    let span = Span::new(at + in_line, at + in_line + name.len().max(1));
    let components = all_declared(templates, "component");
    let known = templates.keys().map(String::as_str).chain(components).chain(blocks_above(template, templates));
    let known = known.chain(functions::NAMES).chain(BUILT_IN.split_whitespace());
    let diagnostic = Diagnostic::error(Rule::TemplateError, in_our_form(message)).at(source, span, "here");
    let diagnostic = diagnostic.suggest(name, known);
    LoadError { template: template.to_owned(), diagnostic, name: Some(name.to_owned()) }
}

/// Marks the name in all templates that a message names: "Component `card` is defined in both `a.html` and `b.html`".
/// The last of them is the one that cannot be loaded.
fn in_named_templates(message: &str, templates: &Templates) -> Option<LoadError> {
    let mut named = message.split('`').skip(1).step_by(2);
    let name = named.next()?;
    let named: Vec<&str> = named.filter(|template| templates.contains_key(*template)).collect();
    let diagnostic = Diagnostic::error(Rule::TemplateError, in_our_form(message));
    let diagnostic = named
        .iter()
        .rev()
        .fold(diagnostic, |diagnostic, template| at_first(diagnostic, template, name, "here", templates));
    Some(LoadError::new(named.last()?, diagnostic))
}

fn missing_parent(current: &str, parent: &str, templates: &Templates) -> Diagnostic {
    let diagnostic = Diagnostic::error(Rule::TemplateError, format!("unknown template `{parent}`"));
    at_first(diagnostic, current, parent, "extended here", templates)
        .suggest(parent, templates.keys().map(String::as_str))
}

/// Reports templates that extend or include one another in a circle.
fn circle(template: &str, how: &str, chain: &[String], templates: &Templates) -> Diagnostic {
    let at = chain.iter().position(|name| name == template).unwrap_or(0);
    let next = chain.get(at + 1).map_or(template, String::as_str);
    let mut circle: Vec<String> = chain[at..].iter().map(|name| format!("`{name}`")).collect();
    if chain.last().is_none_or(|last| last != template) || circle.len() < 2 {
        circle.push(format!("`{template}`"));
    }
    let diagnostic = Diagnostic::error(Rule::TemplateError, format!("templates {how} one another in a circle"));
    at_first(diagnostic, template, next, "part of the circle", templates)
        .help(format!("the circle is {}", circle.join(" → ")))
}

/// Marks the first occurrence of a name in a template.
fn at_first(diagnostic: Diagnostic, template: &str, name: &str, label: &str, templates: &Templates) -> Diagnostic {
    match templates.get(template) {
        Some(source) => {
            let at = source.text.find(name);
            let span = at.map_or(Span::new(0, 0), |at| Span::new(at, at + name.len()));
            diagnostic.at(source, span, label)
        }
        None => diagnostic,
    }
}

/// Returns the span of a name in the code that Tera marks, which may be longer.
fn span_of_name(source: &SourceText, span: Span, name: &str) -> Span {
    match source.text[span.range()].rfind(name) {
        Some(at) => Span::new(span.start as usize + at, span.start as usize + at + name.len()),
        None => span,
    }
}

/// Returns the names after a tag's keyword, as in `{% component card(…) %}`.
fn declared<'t>(text: &'t str, keyword: &'t str) -> impl Iterator<Item = &'t str> {
    text.split("{%").skip(1).filter_map(move |tag| {
        let rest = tag.trim_start_matches('-').trim_start().strip_prefix(keyword)?.strip_prefix(char::is_whitespace)?;
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| c.is_whitespace() || "(%\"'{<>".contains(c)).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| !name.is_empty())
    })
}

fn all_declared<'t>(templates: &'t Templates, keyword: &'t str) -> BTreeSet<&'t str> {
    templates.values().flat_map(|source| declared(&source.text, keyword)).collect()
}

/// Returns the blocks of the templates that `template` extends, directly or not.
fn blocks_above<'t>(template: &str, templates: &'t Templates) -> BTreeSet<&'t str> {
    let mut blocks = BTreeSet::new();
    let mut current = template;
    // Bounded, in case templates extend one another in a circle.
    for _ in 0..templates.len() {
        let parent = templates.get(current).and_then(|source| declared(&source.text, "extends").next());
        let Some(source) = parent.and_then(|parent| templates.get(parent)) else { break };
        blocks.extend(declared(&source.text, "block"));
        current = parent.unwrap_or_default();
    }
    blocks
}

/// Splits Tera's message into its first sentence and the details after it, both in our form.
fn split(message: &str) -> (String, Option<String>) {
    let message = message.trim();
    let first_line = message.lines().next().unwrap_or_default();
    let end = first_line.find(". ").unwrap_or(first_line.len());
    let details = message[end..].trim_start_matches('.').trim().replace('\n', " ");
    (in_our_form(&message[..end]), (!details.is_empty()).then(|| in_our_form(&details)))
}

/// Lower case at the start, no full stop at the end.
fn in_our_form(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
