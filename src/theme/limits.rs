//! Limits of templates. Tera has none for steps, texts and output, so a loop that never ends would use all memory.
//!
//! The output is limited as it is written. For steps and texts, the tags of a site's own templates are extended: each loop,
//! each `set` and each component passes its value through a filter that counts. The built-in templates need no limits.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use tera::{Kwargs, State, Tera, TeraResult, Value};

/// The longest output of a template, in bytes.
pub const MAX_OUTPUT: usize = 16 * 1024 * 1024;
/// The largest text in a variable, in bytes, and the longest list.
const MAX_VALUE: usize = MAX_OUTPUT;
/// The most repetitions of all loops in one rendering, together with the uses of components.
const MAX_STEPS: usize = 1_000_000;

const LOOP_FILTER: &str = "tagline_loop";
const VALUE_FILTER: &str = "tagline_value";
/// A variable that no template uses.
const STEP: &str = "tagline_step";

thread_local! {
    /// The steps of the current rendering. Tera renders a template on one thread, and filters have no other state.
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Adds the filters that count.
pub fn register(tera: &mut Tera) {
    tera.register_filter(LOOP_FILTER, |value: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        let steps = STEPS.get().saturating_add(value.len().unwrap_or(0)).saturating_add(1);
        STEPS.set(steps);
        match steps > MAX_STEPS {
            true => Err(tera::Error::message(format!("this template repeats its loops more than {MAX_STEPS} times"))),
            false => Ok(value),
        }
    });
    tera.register_filter(VALUE_FILTER, |value: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        let length = value.as_str().map_or_else(|| value.len().unwrap_or(0), str::len);
        let megabytes = MAX_VALUE / 1024 / 1024;
        match length > MAX_VALUE {
            true => Err(tera::Error::message(format!("this value has more than {megabytes} MB"))),
            false => Ok(value),
        }
    });
}

/// Starts to count the steps of a rendering.
pub fn reset_steps() {
    STEPS.set(0);
}

/// The output of a template. Writing fails when it is longer than [`MAX_OUTPUT`].
pub struct LimitedOutput {
    bytes: Vec<u8>,
    pub is_full: bool,
}

impl LimitedOutput {
    pub fn with_capacity(capacity: usize) -> LimitedOutput {
        LimitedOutput { bytes: Vec::with_capacity(capacity), is_full: false }
    }

    /// Tera writes whole texts, so the output is UTF-8.
    pub fn into_text(self) -> String {
        String::from_utf8(self.bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

impl io::Write for LimitedOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The templates that have limits, by name.
pub type LimitedTemplates = BTreeMap<String, LimitedTemplate>;

/// A template whose tags count.
pub struct LimitedTemplate {
    pub text: String,
    insertions: Vec<Insertion>,
}

/// A text that was inserted.
struct Insertion {
    /// Where it is in the extended template.
    range: Range<usize>,
    /// The code that it belongs to, in the template as its author wrote it.
    code: Range<usize>,
}

impl LimitedTemplate {
    pub fn of(template: &str) -> LimitedTemplate {
        let mut limited = LimitedTemplate { text: String::with_capacity(template.len() + 256), insertions: Vec::new() };
        let mut copied = 0;
        for (at, text, code) in insertions(template) {
            limited.text.push_str(&template[copied..at]);
            copied = at;
            let start = limited.text.len();
            limited.text.push_str(&text);
            limited.insertions.push(Insertion { range: start..limited.text.len(), code });
        }
        limited.text.push_str(&template[copied..]);
        limited
    }

    /// Converts a range of the extended template to one of the template as its author wrote it.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        if let Some(inside) = self.insertions.iter().find(|insertion| insertion.range.contains(&range.start)) {
            return inside.code.clone();
        }
        let original = |at: usize| {
            let before = self.insertions.iter().take_while(|insertion| insertion.range.start < at);
            at - before.map(|insertion| insertion.range.end.min(at) - insertion.range.start).sum::<usize>()
        };
        original(range.start)..original(range.end)
    }
}

/// Returns what to insert into a template, in order: where, the text, and the code that it belongs to.
fn insertions(template: &str) -> Vec<(usize, String, Range<usize>)> {
    let mut insertions = Vec::new();
    let tags = Tags { template, at: 0 };
    for Tag { code, end } in tags {
        let text = &template[code.clone()];
        let keyword = &text[..text.find(|c: char| !is_of_word(c)).unwrap_or(text.len())];
        let expression = match keyword {
            "for" => text.find(" in ").map(|at| at + " in ".len()),
            "set" | "set_global" => text.find('=').filter(|at| !text[..*at].contains('|')).map(|at| at + 1),
            _ => None,
        };
        let filter = if keyword == "for" { LOOP_FILTER } else { VALUE_FILTER };
        match (keyword, expression) {
            ("for" | "set" | "set_global", Some(at)) => {
                let space = text.len() - at - text[at..].trim_start().len();
                let expression = code.start + at + space..code.end;
                insertions.push((expression.start, "(".to_owned(), expression.clone()));
                insertions.push((expression.end, format!(") | {filter}"), expression));
            }
            // The value is the text up to `endset`.
            ("set" | "set_global", None) => insertions.push((code.end, format!(" | {filter}"), code)),
            ("component", _) => {
                let dash = if template[..end].ends_with("-%}") { "-" } else { "" };
                insertions.push((end, format!("{{% set {STEP} = 0 | {LOOP_FILTER} {dash}%}}"), code));
            }
            _ => {}
        }
    }
    insertions
}

/// The tags `{% … %}` of a template, outside of comments and `raw`.
struct Tags<'t> {
    template: &'t str,
    at: usize,
}

struct Tag {
    /// Without braces, dashes and the space around it.
    code: Range<usize>,
    /// The offset after the tag.
    end: usize,
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let start = self.at + self.template[self.at..].find("{")?;
            let opener = self.template.get(start..start + 2).unwrap_or("{");
            self.at = start + opener.len();
            match opener {
                "{#" => self.at += self.template[self.at..].find("#}")? + 2,
                "{{" => self.at = end_of_code(self.template, self.at, "}}")?,
                "{%" => {
                    let end = end_of_code(self.template, self.at, "%}")?;
                    let inside = &self.template[self.at..end - 2];
                    let inside = inside.strip_prefix('-').unwrap_or(inside);
                    let code = inside.strip_suffix('-').unwrap_or(inside).trim();
                    let from = code.as_ptr().addr() - self.template.as_ptr().addr();
                    self.at = end;
                    if code == "raw" {
                        self.at += self.template[end..].find("endraw")?;
                    }
                    return Some(Tag { code: from..from + code.len(), end });
                }
                _ => {}
            }
        }
    }
}

/// Returns the offset after the closing braces. Braces in strings do not close.
fn end_of_code(template: &str, from: usize, closer: &str) -> Option<usize> {
    let mut quote = None;
    let mut at = from;
    loop {
        let rest = &template[at..];
        let c = rest.chars().next()?;
        match quote {
            None if rest.starts_with(closer) => return Some(at + closer.len()),
            None => quote = Some(c).filter(|c| matches!(c, '"' | '\'' | '`')),
            Some(_) if c == '\\' => at += rest[1..].chars().next().map_or(0, char::len_utf8),
            Some(open) if c == open => quote = None,
            Some(_) => {}
        }
        at += c.len_utf8();
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_variables_and_components_are_extended() {
        for (template, expected) in [
            ("{% for a in b %}x{% endfor %}", "{% for a in (b) | tagline_loop %}x{% endfor %}"),
            ("{%- for a, b in c or [] -%}", "{%- for a, b in (c or []) | tagline_loop -%}"),
            ("{% set a = b ~ \"%}\" %}", "{% set a = (b ~ \"%}\") | tagline_value %}"),
            ("{% set a %}x{% endset %}", "{% set a | tagline_value %}x{% endset %}"),
            ("{% set_global a | upper(b=1) %}", "{% set_global a | upper(b=1) | tagline_value %}"),
            ("{% component c(a=1) -%}", "{% component c(a=1) -%}{% set tagline_step = 0 | tagline_loop -%}"),
            ("{# {% for a in b %} #}{{ \"{% set a = 1 %}\" }}", "{# {% for a in b %} #}{{ \"{% set a = 1 %}\" }}"),
            ("{% raw %}{% for a in b %}{% endraw %}{% if a %}", "{% raw %}{% for a in b %}{% endraw %}{% if a %}"),
            ("{ a: {b} } {", "{ a: {b} } {"),
        ] {
            assert_eq!(LimitedTemplate::of(template).text, expected);
        }
    }

    #[test]
    fn places_lead_back_to_the_code_of_the_author() {
        let template = "ü{% for a in bb %}{{ a }}{% endfor %}";
        let limited = LimitedTemplate::of(template);
        let of = |part: &str| {
            let at = limited.text.find(part).unwrap();
            &template[limited.original(at..at + part.len())]
        };
        assert_eq!(of("a }}"), "a }}");
        assert_eq!(of("bb"), "bb");
        assert_eq!(of("tagline_loop"), "bb");
        assert_eq!(of("(bb) | tagline_loop"), "bb");
        assert_eq!(of("ü{%"), "ü{%");
    }

    fn rendered(template: &str) -> Result<String, String> {
        let mut tera = Tera::default();
        register(&mut tera);
        tera.add_raw_template("a.html", &LimitedTemplate::of(template).text).unwrap();
        reset_steps();
        let mut output = LimitedOutput::with_capacity(0);
        let result = tera.render_to("a.html", &tera::Context::new(), &mut output);
        match result {
            Ok(()) => Ok(output.into_text()),
            Err(_) if output.is_full => Err("full".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn templates_without_end_are_stopped() {
        let nested = "{% for a in range(end=2000) %}{% for b in range(end=2000) %}{% endfor %}{% endfor %}";
        let doubled = "{% set a = \"0123456789\" %}{% for b in range(end=60) %}{% set_global a = a ~ a %}{% endfor %}";
        let captured = "{% set a = \"0123456789\" %}{% for b in range(end=60) %}{% set_global a %}{{ a }}{{ a }}{% endset %}{% endfor %}";
        let long = "{% for a in range(end=20000) %}0123456789012345678901234567890123456789{% endfor %}".repeat(30);
        let branching = "{% component c(n) %}{% if n > 0 %}{{ <c n={n - 1} /> }}{{ <c n={n - 1} /> }}{{ <c n={n - 1} /> }}{% endif %}{% endcomponent c %}{{ <c n={15} /> }}";
        for (template, words) in [
            (nested, "repeats its loops"),
            (doubled, "this value has more than 16 MB"),
            (captured, "this value has more than 16 MB"),
            (&long, "full"),
            (branching, "repeats its loops"),
        ] {
            let error = rendered(template).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn limits_do_not_change_the_output() {
        let template =
            "{%- set a = [1, 2] -%}{% for b in a %} {{ b }}{% else %}none{% endfor %}{% set c %}<b>{% endset %}{{ c }}";
        assert_eq!(rendered(template).unwrap(), " 1 2<b>");
        assert!(rendered("{% for a in missing %}{% endfor %}").is_err());
    }
}
