//! Colours of text that are too similar to their background. Only pairs whose two colours are both written are checked: in
//! `theme_options`, and in rules of the theme's style sheets. A theme is responsible for the colours that it derives.

use std::sync::Arc;

use lightningcss::properties::Property;
use lightningcss::rules::style::StyleRule;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::stylesheet::{ParserOptions, StyleSheet};
use lightningcss::traits::Parse;
use lightningcss::values::color::{CssColor, SRGB};

use crate::check::context::CheckContext;
use crate::diagnostics::Diagnostic;
use crate::model::theme_option::ThemeOption;
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::theme::wcag::contrast_ratio;

/// The contrast that text needs (WCAG 2.2, 1.4.3).
const MIN_CONTRAST: f32 = 4.5;
/// The contrast that large text needs: from 24 pixels on, or 18.66 in bold.
const MIN_CONTRAST_LARGE: f32 = 3.0;

/// Reports pairs of colours with too little contrast.
pub fn low_contrast(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let mut diagnostics = in_options(&config.source, &config.look.options);
    for page in context.site.pages.iter().filter(|page| page.page.translation.is_none()) {
        diagnostics.extend(in_options(&page.page.source, &page.page.front.rare().look.options));
    }
    for sheet in context.theme.stylesheet_sources() {
        in_sheet(sheet, &mut diagnostics);
    }
    diagnostics
}

/// Checks pairs of options: `on_accent` is the text on `accent`, and `text` is the text on `background`.
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
    if ratio >= MIN_CONTRAST {
        return None;
    }
    let name = &background.name.value;
    let diagnostic = Diagnostic::warning(Rule::LowContrast, format!("text of this colour is hard to read on `{name}`"));
    let diagnostic = diagnostic.at(source, text.value.span, format!("the contrast is {}", rounded(ratio)));
    Some(diagnostic.at(source, background.value.span, "the background").help(help()))
}

fn help() -> String {
    format!("make one of them darker or lighter: text needs {MIN_CONTRAST}:1, large text {MIN_CONTRAST_LARGE}:1")
}

fn color(option: &ThemeOption) -> Option<SRGB> {
    opaque(&CssColor::parse_string(option.text.as_deref()?).ok()?)
}

/// Checks rules that set both colours. Their contrast must be enough for large text.
fn in_sheet(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) {
    // Syntax errors are reported when the style sheet is minified.
    let Ok(sheet) = StyleSheet::parse(&source.text, ParserOptions::default()) else { return };
    in_rules(source, &sheet.rules, diagnostics);
}

fn in_rules(source: &Arc<SourceText>, rules: &CssRuleList, diagnostics: &mut Vec<Diagnostic>) {
    for rule in &rules.0 {
        match rule {
            CssRule::Style(style) => {
                diagnostics.extend(in_style(source, style));
                in_rules(source, &style.rules, diagnostics);
            }
            CssRule::Media(media) => in_rules(source, &media.rules, diagnostics),
            CssRule::Supports(supports) => in_rules(source, &supports.rules, diagnostics),
            CssRule::LayerBlock(layer) => in_rules(source, &layer.rules, diagnostics),
            CssRule::Container(container) => in_rules(source, &container.rules, diagnostics),
            // Other rules set no colours of text on a background.
            _ => {}
        }
    }
}

fn in_style(source: &Arc<SourceText>, style: &StyleRule) -> Option<Diagnostic> {
    let mut text = None;
    let mut background = None;
    for property in &style.declarations.declarations {
        match property {
            Property::Color(color) => text = opaque(color),
            Property::BackgroundColor(color) => background = opaque(color),
            // An image covers the colour.
            Property::Background(layers) => {
                let plain = layers.iter().all(|layer| layer.image == Default::default());
                background = layers.last().filter(|_| plain).and_then(|layer| opaque(&layer.color));
            }
            _ => {}
        }
    }
    let ratio = ratio(text?, background?);
    if ratio >= MIN_CONTRAST_LARGE {
        return None;
    }
    let start = offset(&source.text, style.loc.line as usize, style.loc.column as usize);
    let selector = source.text[start..].split('{').next().unwrap_or_default().trim_end();
    let span = Span::new(start, start + selector.lines().next().unwrap_or_default().len());
    let diagnostic = Diagnostic::warning(Rule::LowContrast, "text of this rule is hard to read on its background");
    Some(diagnostic.at(source, span, format!("the contrast is {}", rounded(ratio))).help(help()))
}

/// The byte offset of a location of lightningcss: lines count from 0, columns from 1 in UTF-16 units.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let mut units = 1;
    let ahead = text[start..].chars().take_while(|c| {
        let before = units < column;
        units += c.len_utf16();
        before
    });
    start + ahead.map(char::len_utf8).sum::<usize>()
}

/// The colour if it is opaque and does not depend on anything else.
fn opaque(color: &CssColor) -> Option<SRGB> {
    SRGB::try_from(color).ok().filter(|color| color.alpha >= 1.0)
}

/// `2.4:1`, rounded down so that it never looks sufficient.
fn rounded(ratio: f32) -> String {
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
    fn contrast_ratio_matches_wcag() {
        // The two greys closest to 4.5:1 on white.
        for (one, other, expected) in
            [("#000", "#fff", 21.0), ("#777", "#fff", 4.48), ("#767676", "white", 4.54), ("red", "red", 1.0)]
        {
            assert!((of(one, other) - expected).abs() < 0.01, "{one} on {other}: {}", of(one, other));
        }
    }

    fn count(options: &str) -> usize {
        let text = format!("title: A\nbase_url: https://a.example/\ntheme_options: {options}\n");
        let (read, diagnostics) = site_yaml::site(&SourceText::new("site.yaml", text));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let config = read.config.unwrap();
        in_options(&config.source, &config.look.options).len()
    }

    #[test]
    fn option_is_checked_only_if_its_partner_is_given() {
        assert_eq!(count("{ accent: \"#ffee00\" }"), 0);
        assert_eq!(count("{ accent: \"#ffee00\", on_accent: \"#fff\" }"), 1);
        assert_eq!(count("{ accent: \"#ffee00\", on_accent: black }"), 0);
        assert_eq!(count("{ text: \"#999\", background: white }"), 1);
        assert_eq!(count("{ on_accent: \"#fff\", accent: \"var(--brand)\" }"), 0);
    }

    #[test]
    fn rule_with_both_colours_is_reported_at_its_selector() {
        let sheet = |css: &str| {
            let mut diagnostics = Vec::new();
            in_sheet(&SourceText::new("a.css", css), &mut diagnostics);
            diagnostics.iter().map(|d| css[d.labels[0].span.range()].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sheet("a { color: #fff }\n@media print {\n  .b p { color: #ccc; background: #fff }\n}\n"), [".b p"]);
        assert!(sheet("p { color: #ccc } p { background: #fff } b { color: var(--x); background: #fff }").is_empty());
        assert!(
            sheet("p { color: #fff; background: #fff url(dark.png) } q { color: #fff8; background: #fff }").is_empty()
        );
    }
}
