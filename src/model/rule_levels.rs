//! Reads `rules` in `site.yaml`: the level of each rule.

use crate::diagnostics::{Diagnostic, Level, Levels};
use crate::rules::Rule;
use crate::yaml::shape::choice;
use crate::yaml::values::value;
use crate::yaml::{Expected, MapKey, Node, Shape, Value, YamlReader};

const RULE: Shape = Shape::value("rule", |_| choice(Rule::ALL.iter().map(|rule| rule.id())));
const LEVEL: Shape = Shape::value("level", |_| choice(["allow", "warn", "deny"]));

/// `rules` in `site.yaml`. The schema accepts rules that cannot be changed; only the reader reports them.
pub const LEVELS: Shape = Shape::map("rule to level", &RULE, &LEVEL);

pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Levels> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(
            node,
            Expected::Mapping,
            "`rule: …` lines are expected here, each with `allow`, `warn` or `deny`",
        );
        return None;
    };
    let mut levels = Levels::default();
    for (key, value) in entries {
        if matches!(value.value, Value::Null) {
            reader.empty_value(key);
            continue;
        }
        let rule = rule(reader, key);
        let level = level(reader, value);
        let (Some(rule), Some(level)) = (rule, level) else { continue };
        if !rule.is_configurable() && level != Level::Deny {
            reader.diagnostics.push(essential(reader, rule, value));
            continue;
        }
        levels.of_rules.insert(rule, level);
    }
    Some(levels)
}

fn rule(reader: &mut YamlReader, key: &MapKey) -> Option<Rule> {
    let known = Rule::of_id(&key.text);
    if let Some(rule) = Rule::of_former_id(&key.text) {
        reader.diagnostics.push(
            Diagnostic::error(Rule::UnknownKey, format!("`{}` is now `{}`", key.text, rule.id()))
                .at(reader.source, key.span, "the former id of a rule")
                .help(format!("write `{}`", rule.id()))
                .replace(&key.text, rule.id()),
        );
    } else if known.is_none() {
        let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("unknown rule `{}`", key.text))
            .at(reader.source, key.span, "no such rule")
            .suggest(&key.text, Rule::ALL.iter().map(|rule| rule.id()))
            .help("the rule's id is in brackets where a problem is reported: `warning[raw-html]`");
        reader.diagnostics.push(diagnostic);
    }
    known
}

fn level(reader: &mut YamlReader, node: &Node) -> Option<Level> {
    let text = value(reader, node)?;
    let level = match text.to_lowercase().as_str() {
        "allow" => Level::Allow,
        "warn" => Level::Warn,
        "deny" => Level::Deny,
        other => {
            let suggestion = match other {
                "off" | "false" | "no" | "none" | "ignore" | "allowed" => Some("allow"),
                "warning" | "warnings" => Some("warn"),
                "error" | "errors" | "on" | "true" | "yes" | "forbid" | "denied" => Some("deny"),
                _ => None,
            };
            let diagnostic = Diagnostic::error(Rule::WrongType, format!("unknown level `{text}`")).at(
                reader.source,
                node.span,
                "`allow`, `warn` or `deny` is expected here",
            );
            reader.diagnostics.push(match suggestion {
                Some(suggestion) => diagnostic.help(format!("write `{suggestion}`")).replace(&text, suggestion),
                None => diagnostic.suggest(&text, ["allow", "warn", "deny"]),
            });
            return None;
        }
    };
    Some(level)
}

/// Returns the error for a rule that is required for every build.
fn essential(reader: &YamlReader, rule: Rule, value: &Node) -> Diagnostic {
    Diagnostic::error(Rule::EssentialRule, format!("the rule `{}` cannot be changed", rule.id()))
        .at(reader.source, value.span, "it is always an error")
        .help(format!("leave the line out; {}", rule.why()))
}
