//! QR codes of short links, for print: a link comes in, an SVG goes out that a phone reads and a printer draws sharp.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use qrcode::{Color, EcLevel, QrCode};

use super::Link;
use crate::render::slots::escaped;

/// The empty border that a scanner needs, in modules (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;
/// Between two lines of text, as a share of the size of their letters.
const LEADING: f64 = 1.25;
/// From the text to the edges, in millimetres.
const MARGIN: f64 = 2.0;

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
    let label = Text::fit(link.label, room, &[3.2, 2.8, 2.4], 2);
    let address = Text::fit(address, room, &[2.6, 2.4, 2.2, 2.0], 1);
    let below_code = width as f64 - 1.0;
    let below_label = below_code + label.height();
    let height = below_label + 0.6 + address.height() + MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height:.2}mm\" \
         viewBox=\"0 0 {width} {height:.2}\" role=\"img\" aria-labelledby=\"title\">\n\
         <title id=\"title\">QR code, {}: {}</title>\n\
         <rect width=\"{width}\" height=\"{height:.2}\" fill=\"#fff\"/>\n\
         <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{}\"/>\n",
        escaped(link.label),
        escaped(&link.short_link),
        modules(&code),
    );
    label.draw(&mut out, width, below_code, " font-weight=\"bold\"");
    address.draw(&mut out, width, below_label + 0.6, "");
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
    /// The first size in which a text takes no more than so many lines; the last size takes as many as it needs.
    fn fit(text: &str, room: f64, sizes: &[f64], most_lines: usize) -> Text {
        let mut fitted = Text { lines: Vec::new(), size: 0.0 };
        for &size in sizes {
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

/// Breaks a text into lines that are no wider than `room`, in ems: between words, and inside a word that is wider.
fn wrapped(text: &str, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut taken = 0.0;
    for word in text.split_whitespace() {
        let wide: f64 = word.chars().map(em).sum();
        let space = if taken > 0.0 { em(' ') } else { 0.0 };
        if taken > 0.0 && taken + space + wide > room {
            lines.push(String::new());
            taken = 0.0;
        } else if taken > 0.0 {
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
            taken += space;
        }
        for c in word.chars() {
            if taken > 0.0 && taken + em(c) > room {
                lines.push(String::new());
                taken = 0.0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push(c));
            taken += em(c);
        }
    }
    lines
}

/// How wide a character is at most in the bold letters of the usual fonts without serifs, in ems. Which font draws
/// the text is not known here, so this is generous.
fn em(c: char) -> f64 {
    match c {
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | ' ' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '/' | '(' | ')' => {
            0.4
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.0,
        'a'..='z' | '0'..='9' | '-' | '_' => 0.62,
        c if c.is_ascii() => 0.8,
        // Letters of other scripts; a Chinese character is as wide as it is high.
        _ => 1.05,
    }
}
