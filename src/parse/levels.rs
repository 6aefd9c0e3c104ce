//! `rules` in `site.yaml`: what the site makes of each rule.

use super::shape::{self, Reader};
use super::yaml::{Key, Node, Value};
use crate::diagnostics::{Diagnostic, Level, Levels};
use crate::rules::Rule;

pub fn levels(reader: &mut Reader, node: &Node) -> Option<Levels> {
    let Value::Map(entries) = &node.value else {
        shape::wrong_type(reader, node, "`rule: …` lines are expected here, each with `allow`, `warn` or `deny`");
        return None;
    };
    let mut levels = Levels::default();
    for (key, value) in entries {
        if matches!(value.value, Value::Null) {
            shape::empty_value(reader, key);
            continue;
        }
        let rule = rule(reader, key);
        let level = level(reader, value);
        let (Some(rule), Some(level)) = (rule, level) else { continue };
        if !rule.is_configurable() && level != Level::Deny {
            reader.found.push(essential(reader, rule, value));
            continue;
        }
        levels.of_rules.insert(rule, level);
    }
    Some(levels)
}

fn rule(reader: &mut Reader, key: &Key) -> Option<Rule> {
    let known = Rule::of_id(&key.text);
    if let Some(rule) = Rule::of_former_id(&key.text) {
        reader.found.push(
            Diagnostic::error(Rule::UnknownKey, format!("`{}` is now `{}`", key.text, rule.id()))
                .at(reader.source, key.span, "the former id of a rule")
                .help(format!("write `{}`", rule.id())),
        );
    } else if known.is_none() {
        let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("there is no rule `{}`", key.text))
            .at(reader.source, key.span, "no such rule")
            .suggest(&key.text, Rule::ALL.iter().map(|rule| rule.id()))
            .help("a rule's id stands in brackets where a problem is told: `warning[raw-html]`");
        reader.found.push(diagnostic);
    }
    known
}

fn level(reader: &mut Reader, node: &Node) -> Option<Level> {
    let text = shape::text(reader, node)?;
    let meant = match text.to_lowercase().as_str() {
        "allow" => Level::Allow,
        "warn" => Level::Warn,
        "deny" => Level::Deny,
        other => {
            let meant = match other {
                "off" | "false" | "no" | "none" | "ignore" | "allowed" => Some("allow"),
                "warning" | "warnings" => Some("warn"),
                "error" | "errors" | "on" | "true" | "yes" | "forbid" | "denied" => Some("deny"),
                _ => None,
            };
            let diagnostic = Diagnostic::error(Rule::WrongType, format!("there is no level `{text}`")).at(
                reader.source,
                node.span,
                "`allow`, `warn` or `deny` is expected here",
            );
            reader.found.push(match meant {
                Some(meant) => diagnostic.help(format!("write `{meant}`")),
                None => diagnostic.suggest(&text, ["allow", "warn", "deny"]),
            });
            return None;
        }
    };
    Some(meant)
}

fn essential(reader: &Reader, rule: Rule, value: &Node) -> Diagnostic {
    Diagnostic::error(Rule::EssentialRule, format!("the build cannot do without `{}`", rule.id()))
        .at(reader.source, value.span, "this rule is always an error")
        .help(format!("leave the line out; {}", rule.why()))
}
