//! The text below a QR code: fitted to a width, in millimetres.

use std::fmt::Write;

use crate::html::escape::escaped;

/// The width of bold letters, relative to regular ones.
pub const BOLD: f64 = 1.1;
/// The line height, relative to the font size.
const LINE_HEIGHT: f64 = 1.25;

/// A text split into lines, with its font size in millimetres.
pub struct FittedText {
    lines: Vec<String>,
    size: f64,
}

impl FittedText {
    /// Chooses the first size at which the text has no more lines than the size allows.
    pub fn new(text: &str, width: f64, sizes: &[(f64, usize)]) -> FittedText {
        let mut fitted = FittedText { lines: Vec::new(), size: 0.0 };
        for &(size, max_lines) in sizes {
            fitted = FittedText { lines: wrapped(text, width / size), size };
            if fitted.lines.len() <= max_lines {
                break;
            }
        }
        fitted
    }

    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * self.size * LINE_HEIGHT
    }

    /// Appends the lines as centred SVG text. `weight` is an SVG attribute.
    pub fn push_svg(&self, out: &mut String, width: usize, top: f64, weight: &str) {
        let middle = width as f64 / 2.0;
        for (number, line) in self.lines.iter().enumerate() {
            let baseline = top + self.size * (number as f64 * LINE_HEIGHT + 1.0);
            let _ = writeln!(
                out,
                "<text x=\"{middle}\" y=\"{baseline:.2}\" font-size=\"{}\" font-family=\"Helvetica, Arial, sans-serif\"\
                 {weight} text-anchor=\"middle\" fill=\"#000\">{}</text>",
                self.size,
                escaped(line)
            );
        }
    }
}

/// Breaks a text into lines of at most `width` ems: between words, after slashes, and within words that are wider.
fn wrapped(text: &str, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let pieces = text.split_whitespace().flat_map(|word| {
        let spaces = std::iter::once(" ").chain(std::iter::repeat(""));
        spaces.zip(word.split_inclusive('/'))
    });
    for (space, piece) in pieces {
        if !line.is_empty() && ems(&line) + ems(space) + ems(piece) > width {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push_str(space);
        }
        for c in piece.chars() {
            if !line.is_empty() && ems(&line) + em(c) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

/// Returns the width of a character in ems. The font is unknown here, so these are the widths of DejaVu Sans, the widest
/// of the common fonts, rounded up.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | ' ' | '.' | ',' | ':' | ';' | '|' | '\'' | '/' => 0.37,
        'f' | 'r' | 't' | '(' | ')' | '!' | '-' => 0.46,
        'a'..='l' | 'n'..='v' | 'x'..='z' | '0'..='9' | '_' => 0.65,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.02,
        c if c.is_ascii() => 0.85,
        // Other scripts: a Chinese character is as wide as it is high.
        '\u{80}'..='\u{ffff}' => 1.05,
        // Emoji.
        _ => 1.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(f64, usize); 5] = [(3.2, 1), (2.6, 1), (3.2, 2), (2.6, 2), (2.4, usize::MAX)];

    #[test]
    fn long_labels_get_a_smaller_size_then_more_lines() {
        let fitted = |text: &str| {
            let text = FittedText::new(text, 34.0 / BOLD, &SIZES);
            (text.size, text.lines.len())
        };
        assert_eq!(fitted("Partner: Acme"), (3.2, 1));
        assert_eq!(fitted("Monthly newsletter"), (2.6, 1));
        assert_eq!(fitted("Partner: Acme and friends"), (3.2, 2));
        assert_eq!(fitted(&"All of our friends ".repeat(6)).0, 2.4);
        assert_eq!(fitted(""), (3.2, 1));
    }

    #[test]
    fn lines_break_between_words_and_after_slashes_and_lose_nothing() {
        assert_eq!(wrapped("kazi.example/go/pw2wvxbrab/", 10.0), ["kazi.example/go/", "pw2wvxbrab/"]);
        assert_eq!(wrapped("one two  three", 5.0), ["one two", "three"]);
        let long = "W".repeat(50);
        let lines = wrapped(&long, 10.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| ems(line) <= 10.0));
        assert_eq!(lines.concat(), long);
    }
}
