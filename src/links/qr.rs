//! QR codes of short links, for print: a link comes in, an SVG goes out that a phone reads and a printer draws sharp.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use qrcode::{Color, EcLevel, QrCode};

use super::Link;
use crate::html::escape::escaped;

/// The empty border that a scanner needs, in modules (ISO/IEC 18004).
const QUIET: usize = 4;
/// Between two lines of text, as a share of the size of their letters.
const LEADING: f64 = 1.25;
/// From the text to the edges, in millimetres.
const MARGIN: f64 = 1.5;
/// Between the label and the address, in millimetres.
const GAP: f64 = 0.6;
/// Sizes of letters in millimetres and lines of them, in the order in which they are tried. The last takes any number
/// of lines.
const LABEL: [(f64, usize); 5] = [(3.2, 1), (2.6, 1), (3.2, 2), (2.6, 2), (2.4, usize::MAX)];
const ADDRESS: [(f64, usize); 4] = [(2.6, 1), (2.2, 1), (2.6, 2), (2.2, usize::MAX)];
/// How much wider bold letters are than others.
const BOLD: f64 = 1.1;

/// `spring-hiring_expo-flyer.svg`: never two alike, since ids have no underscore.
pub fn file_name(link: &Link) -> String {
    format!("{}_{}.svg", link.campaign, link.channel)
}

/// Writes one file for each link into a folder, which is made where it is missing. Other files there stay.
pub fn write<'l>(folder: &Path, links: impl Iterator<Item = &'l Link<'l>>) -> anyhow::Result<usize> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let mut count = 0;
    for link in links {
        let path = folder.join(file_name(link));
        fs::write(&path, svg(link)?).with_context(|| format!("cannot write `{}`", path.display()))?;
        count += 1;
    }
    Ok(count)
}

/// The code with the channel's label and the address under it. A module is a millimetre wide, which a phone reads at
/// arm's length; the picture may be drawn at any size.
///
/// # Errors
///
/// Where the address is too long for any QR code, some 2,300 characters.
pub fn svg(link: &Link) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(&link.short_link, EcLevel::M)
        .map_err(|error| anyhow::anyhow!("no QR code can hold `{}`: {error}", link.short_link))?;
    let width = code.width() + 2 * QUIET;
    // People type it without the scheme, and browsers take https first.
    let address = link.short_link.strip_prefix("https://").unwrap_or(&link.short_link);
    let room = width as f64 - 2.0 * MARGIN;
    let label = Text::fit(link.label, room / BOLD, &LABEL);
    let address = Text::fit(address, room, &ADDRESS);
    // The letters begin where the quiet zone ends: the line has some room above them.
    let below_code = width as f64 - 0.6;
    let below_label = below_code + label.height() + GAP;
    let height = below_label + address.height() + MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height:.2}mm\" \
         viewBox=\"0 0 {width} {height:.2}\" role=\"img\">\n\
         <title>QR code, {}: {}</title>\n\
         <rect width=\"{width}\" height=\"{height:.2}\" fill=\"#fff\"/>\n\
         <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{}\"/>\n",
        escaped(link.label),
        escaped(&link.short_link),
        modules(&code),
    );
    label.draw(&mut out, width, below_code, " font-weight=\"bold\"");
    address.draw(&mut out, width, below_label, "");
    out.push_str("</svg>\n");
    Ok(out)
}

/// The dark modules as one path, a rectangle for each run in a row: parts of one path have no seams between them.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    path
}

/// Lines of text in letters of one size, in millimetres.
struct Text {
    lines: Vec<String>,
    size: f64,
}

impl Text {
    /// The first size in which a text takes no more than its lines.
    fn fit(text: &str, room: f64, sizes: &[(f64, usize)]) -> Text {
        let mut fitted = Text { lines: Vec::new(), size: 0.0 };
        for &(size, most_lines) in sizes {
            fitted = Text { lines: wrapped(text, room / size), size };
            if fitted.lines.len() <= most_lines {
                break;
            }
        }
        fitted
    }

    fn height(&self) -> f64 {
        self.lines.len() as f64 * self.size * LEADING
    }

    fn draw(&self, out: &mut String, width: usize, top: f64, weight: &str) {
        let middle = width as f64 / 2.0;
        for (number, line) in self.lines.iter().enumerate() {
            let baseline = top + self.size * (number as f64 * LEADING + 1.0);
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

/// Breaks a text into lines that are no wider than `room`, in ems: between words, after slashes, and inside a word that
/// is wider.
fn wrapped(text: &str, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let pieces = text.split_whitespace().flat_map(|word| {
        let spaces = std::iter::once(" ").chain(std::iter::repeat(""));
        spaces.zip(word.split_inclusive('/'))
    });
    for (space, piece) in pieces {
        if !line.is_empty() && ems(&line) + ems(space) + ems(piece) > room {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push_str(space);
        }
        for c in piece.chars() {
            if !line.is_empty() && ems(&line) + em(c) > room {
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

/// How wide a character is, in ems. Which font draws the text is not known here, so these are the widths of DejaVu
/// Sans, the widest of the usual ones, rounded up.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | ' ' | '.' | ',' | ':' | ';' | '|' | '\'' | '/' => 0.37,
        'f' | 'r' | 't' | '(' | ')' | '!' | '-' => 0.46,
        'a'..='l' | 'n'..='v' | 'x'..='z' | '0'..='9' | '_' => 0.65,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.02,
        c if c.is_ascii() => 0.85,
        // Letters of other scripts: a Chinese character is as wide as it is high, an emoji wider.
        '\u{80}'..='\u{ffff}' => 1.05,
        _ => 1.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_take_smaller_letters_then_more_lines() {
        let fitted = |text: &str| {
            let text = Text::fit(text, 34.0 / BOLD, &LABEL);
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
