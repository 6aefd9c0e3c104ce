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
use crate::model::site::ThemeOption;
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::theme::wcag::contrast_ratio;

/// What text needs against its ground (WCAG 2.2, 1.4.3).
const TEXT: f32 = 4.5;
/// What large text needs: from 24 pixels on, or 18.66 in bold.
const LARGE_TEXT: f32 = 3.0;

pub fn contrast(checked: &Checked) -> Vec<Diagnostic> {
    let config = &checked.site.config;
    let mut found = in_options(&config.source, &config.theme_options);
    for sheet in checked.theme.stylesheet_sources() {
        in_sheet(sheet, &mut found);
    }
    found
}

/// Compares pairs of options: `on_accent` is the text on `accent`, `text` the text on `background`.
fn in_options(source: &Arc<SourceText>, options: &[ThemeOption]) -> Vec<Diagnostic> {
    let pairs = options.iter().filter_map(|text| {
        let background = match text.name.value.as_str() {
            "text" => "background",
            name => name.strip_prefix("on_")?,
        };
        Some((text, options.iter().find(|option| option.name.value == background)?))
    });
    pairs.filter_map(|(text, background)| in_pair(source, text, background)).collect()
}

fn in_pair(source: &Arc<SourceText>, text: &ThemeOption, background: &ThemeOption) -> Option<Diagnostic> {
    let ratio = ratio(color(text)?, color(background)?);
    if ratio >= TEXT {
        return None;
    }
    let name = &background.name.value;
    let diagnostic = Diagnostic::warning(Rule::LowContrast, format!("text of this colour cannot be read on `{name}`"));
    let diagnostic = diagnostic.at(source, text.value.span, format!("the contrast is {}", shown(ratio)));
    Some(diagnostic.at(source, background.value.span, "the ground").help(cure()))
}

fn cure() -> String {
    format!("make one of them darker or lighter: text needs {TEXT}:1, large text {LARGE_TEXT}:1")
}

fn color(option: &ThemeOption) -> Option<SRGB> {
    opaque(&CssColor::parse_string(option.text.as_deref()?).ok()?)
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

fn ratio(one: SRGB, other: SRGB) -> f32 {
    contrast_ratio([one.r, one.g, one.b], [other.r, other.g, other.b])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::site_yaml;

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

    fn diagnostics(options: &str) -> usize {
        let text = format!("title: A\nbase_url: https://a.example/\ntheme_options: {options}\n");
        let (read, diagnostics) = site_yaml::site(&SourceText::new("site.yaml", text));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let config = read.config.unwrap();
        in_options(&config.source, &config.theme_options).len()
    }

    #[test]
    fn only_colours_whose_partner_is_given_are_held_against_it() {
        assert_eq!(diagnostics("{ accent: \"#ffee00\" }"), 0);
        assert_eq!(diagnostics("{ accent: \"#ffee00\", on_accent: \"#fff\" }"), 1);
        assert_eq!(diagnostics("{ accent: \"#ffee00\", on_accent: black }"), 0);
        assert_eq!(diagnostics("{ text: \"#999\", background: white }"), 1);
        assert_eq!(diagnostics("{ on_accent: \"#fff\", accent: \"var(--brand)\" }"), 0);
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
