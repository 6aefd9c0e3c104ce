//! Whether the colours that people chose can be read. What a theme derives by itself is its own affair; looked at is
//! where both colours are given: pairs of `theme_options`, and single rules of the style sheets of a site's own theme.

use std::sync::Arc;

use lightningcss::properties::Property;
use lightningcss::rules::style::StyleRule;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::stylesheet::{ParserOptions, StyleSheet};
use lightningcss::traits::Parse;
use lightningcss::values::color::{CssColor, SRGB};

use super::Checked;
use crate::diagnostics::Diagnostic;
use crate::yaml::{self, Node, Value};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// What text needs against its ground (WCAG 2.2, 1.4.3).
const TEXT: f32 = 4.5;
/// What large text needs: from 24 pixels on, or 18.66 in bold.
const LARGE_TEXT: f32 = 3.0;

pub fn contrast(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = in_options(&checked.site.config.source);
    for sheet in checked.theme.style_sheets() {
        in_sheet(sheet, &mut found);
    }
    found
}

/// Pairs of options: `on_accent` is the text on `accent`, `text` that on `background`.
fn in_options(source: &Arc<SourceText>) -> Vec<Diagnostic> {
    let tree = yaml::read(source, 0..source.text.len(), &mut Vec::new());
    let options = tree.root.as_ref().and_then(|root| entry(root, "theme_options"));
    let Some(Value::Map(entries)) = options.map(|options| &options.value) else { return Vec::new() };
    let pairs = entries.iter().filter_map(|(key, text)| {
        let ground = match key.text.as_str() {
            "text" => "background",
            name => name.strip_prefix("on_")?,
        };
        Some((text, ground, entry(options?, ground)?))
    });
    pairs.filter_map(|(text, name, ground)| in_pair(source, text, name, ground)).collect()
}

fn in_pair(source: &Arc<SourceText>, text: &Node, name: &str, ground: &Node) -> Option<Diagnostic> {
    let ratio = ratio(color(text)?, color(ground)?);
    if ratio >= TEXT {
        return None;
    }
    let diagnostic = Diagnostic::warning(Rule::LowContrast, format!("text of this colour cannot be read on `{name}`"));
    let diagnostic = diagnostic.at(source, text.span, format!("the contrast is {}", shown(ratio)));
    Some(diagnostic.at(source, ground.span, "the ground").help(cure()))
}

fn cure() -> String {
    format!("make one of them darker or lighter: text needs {TEXT}:1, large text {LARGE_TEXT}:1")
}

fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
}

fn color(node: &Node) -> Option<SRGB> {
    let Value::Scalar { text, .. } = &node.value else { return None };
    opaque(&CssColor::parse_string(text).ok()?)
}

/// Rules that set text and ground to colours of which no text can be read, however large.
fn in_sheet(source: &Arc<SourceText>, found: &mut Vec<Diagnostic>) {
    // What is wrong with a style sheet itself is told where it is minified.
    let Ok(sheet) = StyleSheet::parse(&source.text, ParserOptions::default()) else { return };
    in_rules(source, &sheet.rules, found);
}

fn in_rules(source: &Arc<SourceText>, rules: &CssRuleList, found: &mut Vec<Diagnostic>) {
    for rule in &rules.0 {
        match rule {
            CssRule::Style(style) => {
                found.extend(in_style(source, style));
                in_rules(source, &style.rules, found);
            }
            CssRule::Media(media) => in_rules(source, &media.rules, found),
            CssRule::Supports(supports) => in_rules(source, &supports.rules, found),
            CssRule::LayerBlock(layer) => in_rules(source, &layer.rules, found),
            CssRule::Container(container) => in_rules(source, &container.rules, found),
            // The others set no colours of text on a ground.
            _ => {}
        }
    }
}

fn in_style(source: &Arc<SourceText>, style: &StyleRule) -> Option<Diagnostic> {
    let mut text = None;
    let mut ground = None;
    for property in &style.declarations.declarations {
        match property {
            Property::Color(color) => text = opaque(color),
            Property::BackgroundColor(color) => ground = opaque(color),
            // A picture lies over the colour.
            Property::Background(layers) => {
                let plain = layers.iter().all(|layer| layer.image == Default::default());
                ground = layers.last().filter(|_| plain).and_then(|layer| opaque(&layer.color));
            }
            _ => {}
        }
    }
    let ratio = ratio(text?, ground?);
    if ratio >= LARGE_TEXT {
        return None;
    }
    let start = place(&source.text, style.loc.line as usize, style.loc.column as usize);
    let selector = source.text[start..].split('{').next().unwrap_or_default().trim_end();
    let span = Span::new(start, start + selector.lines().next().unwrap_or_default().len());
    let diagnostic = Diagnostic::warning(Rule::LowContrast, "text of this rule cannot be read on its background");
    Some(diagnostic.at(source, span, format!("the contrast is {}", shown(ratio))).help(cure()))
}

/// The offset of a place that lightningcss tells: lines from 0, columns from 1, in UTF-16 units.
fn place(text: &str, line: usize, column: usize) -> usize {
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let mut units = 1;
    let ahead = text[start..].chars().take_while(|c| {
        let before = units < column;
        units += c.len_utf16();
        before
    });
    start + ahead.map(char::len_utf8).sum::<usize>()
}

/// A colour that lets nothing shine through; none where it depends on something else.
fn opaque(color: &CssColor) -> Option<SRGB> {
    SRGB::try_from(color).ok().filter(|color| color.alpha >= 1.0)
}

/// `2.4:1`, rounded down so that it never seems to be enough.
fn shown(ratio: f32) -> String {
    format!("{}:1", (ratio * 10.0).floor() / 10.0)
}

/// The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio).
fn ratio(one: SRGB, other: SRGB) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance (WCAG 2.2, definition of it).
fn luminance(color: SRGB) -> f32 {
    let linear = |channel: f32| match channel.clamp(0.0, 1.0) {
        low @ ..=0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &str, other: &str) -> f32 {
        let color = |text| opaque(&CssColor::parse_string(text).unwrap()).unwrap();
        ratio(color(one), color(other))
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        // The two greys around 4.5:1 on white that everyone tests with.
        for (one, other, expected) in
            [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#767676", "white", 4.54), ("red", "red", 1.0)]
        {
            assert!((of(one, other) - expected).abs() < 0.01, "{one} on {other}: {}", of(one, other));
        }
    }

    fn told(options: &str) -> usize {
        in_options(&SourceText::new("site.yaml", format!("title: A\ntheme_options: {options}\n"))).len()
    }

    #[test]
    fn only_colours_whose_partner_is_given_are_held_against_it() {
        assert_eq!(told("{ accent: \"#ffee00\" }"), 0);
        assert_eq!(told("{ accent: \"#ffee00\", on_accent: \"#fff\" }"), 1);
        assert_eq!(told("{ accent: \"#ffee00\", on_accent: black }"), 0);
        assert_eq!(told("{ text: \"#999\", background: white }"), 1);
        assert_eq!(told("{ on_accent: \"#fff\", accent: \"var(--brand)\" }"), 0);
    }

    #[test]
    fn a_rule_that_sets_both_colours_is_told_at_its_selector() {
        let sheet = |css: &str| {
            let mut found = Vec::new();
            in_sheet(&SourceText::new("a.css", css), &mut found);
            found.iter().map(|d| css[d.labels[0].span.range()].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sheet("a { color: #fff }\n@media print {\n  .b p { color: #ccc; background: #fff }\n}\n"), [".b p"]);
        assert!(sheet("p { color: #ccc } p { background: #fff } b { color: var(--x); background: #fff }").is_empty());
        assert!(
            sheet("p { color: #fff; background: #fff url(dark.png) } q { color: #fff8; background: #fff }").is_empty()
        );
    }
}
