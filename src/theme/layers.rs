//! Joins the stylesheets of a page. Blocks of one cascade layer become one block, which browsers read in the same way and
//! which is shorter.

use std::cell::LazyCell;
use std::ops::RangeInclusive;

use super::css_text::statements;

/// A stylesheet, split at its top level.
#[derive(Debug, Default)]
pub struct LayeredCss {
    statements: Vec<Statement>,
}

/// A file that an `@font-face` loads.
#[derive(Debug, PartialEq, Eq)]
pub struct Font {
    pub address: String,
    /// Its `unicode-range`. Browsers load it only for pages with these letters. Empty: for any letter.
    pub letters: Vec<RangeInclusive<u32>>,
}

impl Font {
    /// Whether a page with these letters beyond ASCII needs this font.
    fn is_for<F: FnOnce() -> Vec<char>>(&self, letters: &LazyCell<Vec<char>, F>) -> bool {
        let is_in_range = |c: &char| self.letters.iter().any(|range| range.contains(&u32::from(*c)));
        self.letters.is_empty() || letters.iter().any(is_in_range)
    }
}

/// Returns the letters of a text beyond ASCII, each once.
fn letters_beyond_ascii(text: &str) -> Vec<char> {
    const CHUNK: usize = 64;
    let mut letters = Vec::new();
    for (number, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
        if chunk.is_ascii() {
            continue;
        }
        for at in (0..chunk.len()).map(|place| number * CHUNK + place) {
            let letter = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_ascii());
            letters.extend(letter.filter(|letter| !letters.contains(letter)));
        }
    }
    letters
}

/// Returns the ranges of `U+20AC, U+100-17F`. Others, such as `U+4??`, are not read: the font is for any letter then.
fn letters(face: &str) -> Option<Vec<RangeInclusive<u32>>> {
    let list = face.split_once("unicode-range:")?.1.split([';', '}']).next()?;
    let number = |text: &str| u32::from_str_radix(text, 16).ok();
    let range = |text: &str| {
        let text = text.trim().strip_prefix("U+")?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some(number(first)?..=number(last)?)
    };
    list.split(',').map(range).collect()
}

#[derive(Debug, PartialEq, Eq)]
enum Statement {
    /// The content of `@layer base { … }`.
    Layer { name: String, css: String },
    /// An `@font-face` with a file.
    Font { font: Font, css: String },
    /// Anything else.
    Other(String),
}

impl LayeredCss {
    /// Splits a shortened stylesheet.
    pub fn new(css: &str) -> LayeredCss {
        LayeredCss { statements: statements(css).map(Statement::of).collect() }
    }

    /// The fonts that it loads.
    pub fn fonts(&self) -> impl Iterator<Item = &Font> {
        self.statements.iter().filter_map(|statement| match statement {
            Statement::Font { font, .. } => Some(font),
            Statement::Layer { .. } | Statement::Other(_) => None,
        })
    }
}

impl Font {
    fn of(css: &str) -> Option<Font> {
        let face = css.strip_prefix("@font-face{")?;
        let address = face.split_once("url(\"")?.1.split_once('"')?.0;
        Some(Font { address: address.to_owned(), letters: letters(face).unwrap_or_default() })
    }
}

impl Statement {
    fn of(css: &str) -> Statement {
        let layer = css.strip_prefix("@layer ").and_then(|rest| rest.strip_suffix('}')?.split_once('{'));
        match layer.filter(|(name, _)| is_name(name)) {
            Some((name, css)) => Statement::Layer { name: name.to_owned(), css: css.to_owned() },
            None => match Font::of(css) {
                Some(font) => Statement::Font { font, css: css.to_owned() },
                None => Statement::Other(css.to_owned()),
            },
        }
    }
}

/// Whether a text names one layer.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Joins the stylesheets of a page in their order, without fonts for letters that `page`, its HTML, does not have. Each layer
/// is one block, where its first block is: the order of layers is that of their first blocks, and rules of different layers
/// do not depend on the order in which they are written.
pub fn joined<'c>(stylesheets: impl IntoIterator<Item = &'c LayeredCss>, page: &str) -> String {
    // Few themes have such fonts.
    let letters = LazyCell::new(|| letters_beyond_ascii(page));
    let mut places: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
    for statement in stylesheets.into_iter().flat_map(|css| &css.statements) {
        match statement {
            Statement::Layer { name, css } => match places.iter_mut().find(|(layer, _)| *layer == Some(name)) {
                Some((_, of_layer)) => of_layer.push(css),
                None => places.push((Some(name), vec![css])),
            },
            Statement::Font { font, .. } if !font.is_for(&letters) => {}
            Statement::Font { css, .. } | Statement::Other(css) => places.push((None, vec![css])),
        }
    }
    let length = |(name, css): &(Option<&str>, Vec<&str>)| {
        name.map_or(0, |name| "@layer {}".len() + name.len()) + css.iter().map(|css| css.len()).sum::<usize>()
    };
    let mut joined = String::with_capacity(places.iter().map(length).sum());
    for (layer, css) in places {
        joined.extend(layer.iter().flat_map(|name| ["@layer ", name, "{"]));
        joined.extend(css);
        joined.extend(layer.map(|_| "}"));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(stylesheets: &[&str]) -> String {
        let layered: Vec<LayeredCss> = stylesheets.iter().map(|css| LayeredCss::new(css)).collect();
        joined(&layered, "")
    }

    #[test]
    fn fonts_are_the_files_of_font_faces() {
        let css = "@font-face{font-family:A;src:url(\"/a.woff2\")}@font-face{font-family:A;src:url(\"/b.woff2\");unicode-range:U+1}@font-face{font-family:B;src:local(\"Arial\")}p{background:url(\"/c.png\")}";
        let fonts: Vec<(String, usize)> =
            LayeredCss::new(css).fonts().map(|font| (font.address.clone(), font.letters.len())).collect();
        assert_eq!(fonts, [("/a.woff2".to_owned(), 0), ("/b.woff2".to_owned(), 1)]);
    }

    #[test]
    fn font_for_some_letters_is_left_out_of_pages_without_them() {
        let face = "@font-face{font-family:A;src:url(\"/a.woff2\");unicode-range:U+100-24F,U+20AC}";
        let css = [LayeredCss::new(face)];
        assert_eq!(joined(&css, "Café"), "");
        assert_eq!(joined(&css, "Łódź"), face);
        assert_eq!(joined(&css, "5 €"), face);
        let long = format!("{}é{}ł", "a".repeat(63), "b".repeat(100));
        assert_eq!(letters_beyond_ascii(&long), ['é', 'ł']);
        let any = "@font-face{font-family:A;src:url(\"/a.woff2\");unicode-range:U+4??}";
        assert_eq!(joined(&[LayeredCss::new(any)], "Cafe"), any);
    }

    #[test]
    fn each_layer_is_one_block_where_its_first_one_is() {
        for (stylesheets, expected) in [
            (
                &["@layer a,b;@layer a{p{top:0}}", "i{top:0}@layer b{b{top:0}}", "@layer a{q{top:0}}"][..],
                "@layer a,b;@layer a{p{top:0}q{top:0}}i{top:0}@layer b{b{top:0}}",
            ),
            (&["@layer a{p{top:0}}@layer{q{top:0}}@layer a{i{top:0}}"], "@layer a{p{top:0}i{top:0}}@layer{q{top:0}}"),
            (&["@layer a.b{p{top:0}}", "@layer a.b{q{top:0}}"], "@layer a.b{p{top:0}}@layer a.b{q{top:0}}"),
            (
                &["@media print{@layer a{p{top:0}}}", "@layer a{@media print{q{content:\"}\"}}}"],
                "@media print{@layer a{p{top:0}}}@layer a{@media print{q{content:\"}\"}}}",
            ),
            (&["", "p{top:0}", ""], "p{top:0}"),
        ] {
            assert_eq!(join(stylesheets), expected);
        }
    }
}
