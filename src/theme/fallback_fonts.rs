//! The font that text has until a font file of the site arrives: one that most systems have, scaled to the metrics of the
//! file, so that nothing moves. `themes/launch/fonts/make.py` makes those of the bundled fonts in the same way.

use crate::model::font::{FontMetrics, LETTERS};

/// A font that most systems have.
struct SystemFont {
    /// Its names, and those of the font with the same widths on Linux.
    sources: &'static str,
    /// The widths of the letters, in 2,048ths of the size.
    widths: [u16; LETTERS],
    /// The fonts for systems without it.
    others: &'static str,
}

const ARIAL: SystemFont = SystemFont {
    sources: "local(\"Arial\"),local(\"Liberation Sans\")",
    widths: [
        1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139, 1139, 1139, 682, 1024,
        569, 1139, 1024, 1479, 1024, 1024, 1024, 569,
    ],
    others: "system-ui,sans-serif",
};
const TIMES: SystemFont = SystemFont {
    sources: "local(\"Times New Roman\"),local(\"Liberation Serif\")",
    widths: [
        909, 1024, 909, 1024, 909, 682, 1024, 1024, 569, 569, 1024, 569, 1593, 1024, 1024, 1024, 1024, 682, 797, 569,
        1024, 1024, 1479, 1024, 1024, 909, 512,
    ],
    others: "Georgia,serif",
};
/// The size of the two in the units of their widths.
const UNITS: f64 = 2048.0;
/// How often each letter occurs in a thousand characters of English.
const FREQUENCIES: [u16; LETTERS] =
    [65, 12, 22, 33, 103, 18, 16, 50, 57, 1, 6, 33, 20, 57, 62, 15, 1, 50, 53, 75, 23, 8, 17, 1, 14, 1, 183];

/// The fonts in place of one that has not arrived.
pub struct Fallback {
    /// The `@font-face` of the scaled font. Empty for a font without Latin letters.
    pub face: String,
    /// The list for `font-family`.
    pub families: String,
}

/// Returns the fallback for a font, with `family` as the name of the scaled one.
pub fn fallback(font: Option<&FontMetrics>, family: &str) -> Fallback {
    let widths = font.and_then(|font| font.widths);
    let system = if widths.is_some_and(|widths| is_like_times(&widths)) { TIMES } else { ARIAL };
    match font.and_then(|font| scaled(font, &system)) {
        Some(scale) => Fallback {
            face: format!("@font-face{{font-family:{family};src:{};{scale}}}", system.sources),
            families: format!("{family},{}", system.others),
        },
        None => Fallback { face: String::new(), families: system.others.to_owned() },
    }
}

/// Whether lines break as in Times rather than as in Arial. The widths say it, because few fonts say whether they have serifs: of
/// 19 families, those with serifs were at 0.27 to 0.48 of their distance to Arial, those without at 0.78 or more (2026-12).
fn is_like_times(widths: &[u16; LETTERS]) -> bool {
    distance(widths, &TIMES.widths) < 0.6 * distance(widths, &ARIAL.widths)
}

/// Returns how much the widths of two fonts differ when both have the same mean.
fn distance(one: &[u16; LETTERS], other: &[u16; LETTERS]) -> f64 {
    let (mean, other_mean) = (mean_width(one, 1.0), mean_width(other, 1.0));
    let difference = |(a, b): (&u16, &u16)| (f64::from(*a) / mean - f64::from(*b) / other_mean).powi(2);
    let differences = one.iter().zip(other).map(difference);
    differences.zip(FREQUENCIES).map(|(difference, frequency)| difference * f64::from(frequency)).sum()
}

/// Returns the descriptors that give text in the system's font the width and the lines of the other.
fn scaled(font: &FontMetrics, system: &SystemFont) -> Option<String> {
    let em = f64::from(font.units_per_em);
    let size = mean_width(&font.widths?, em) / mean_width(&system.widths, UNITS);
    if size <= 0.0 {
        return None;
    }
    let line = |units: i16| per_cent((f64::from(units) / em / size).max(0.0));
    let (ascent, descent, gap) = (line(font.ascent), line(font.descent.saturating_neg()), line(font.line_gap));
    let size = per_cent(size);
    Some(format!("size-adjust:{size};ascent-override:{ascent};descent-override:{descent};line-gap-override:{gap}"))
}

/// Returns the mean width of a character of English, as a fraction of the size.
fn mean_width(widths: &[u16; LETTERS], em: f64) -> f64 {
    let weighted = |(width, frequency): (&u16, u16)| f64::from(*width) * f64::from(frequency);
    widths.iter().zip(FREQUENCIES).map(weighted).sum::<f64>() / em / f64::from(FREQUENCIES.iter().sum::<u16>())
}

fn per_cent(value: f64) -> String {
    let text = format!("{:.1}", value * 100.0);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::metrics;
    use crate::model::font::FontProblem;

    /// The number of a descriptor, such as `size-adjust`, in per cent.
    fn number(face: &str, descriptor: &str) -> f64 {
        let (_, rest) = face.split_once(descriptor).unwrap_or_else(|| panic!("{descriptor} in {face}"));
        let number = rest.trim_start_matches([':', ' ']).split('%').next().unwrap();
        number.parse().unwrap_or_else(|_| panic!("{number}"))
    }

    fn file(name: &str) -> Vec<u8> {
        let path = format!("{}/themes/launch/assets/fonts/{name}.woff2", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[test]
    fn figures_are_those_of_the_bundled_stylesheets() {
        // The stylesheet, the file, and the number of its fallback in the stylesheet.
        for (choice, name, position) in [
            ("figtree", "figtree", 0),
            ("newsreader", "newsreader", 0),
            ("archivo", "archivo", 0),
            ("archivo", "archivo-wide", 1),
            ("geist", "geist", 0),
            ("nunito", "nunito", 0),
        ] {
            let path = format!("{}/themes/launch/options/font/{choice}.css", env!("CARGO_MANIFEST_DIR"));
            let css = std::fs::read_to_string(path).unwrap();
            let expected = css.lines().filter(|line| line.contains("size-adjust")).nth(position).unwrap();
            let found = fallback(Some(&metrics(&file(name)).unwrap()), "F").face;
            for descriptor in ["size-adjust", "ascent-override", "descent-override", "line-gap-override"] {
                let (expected, found) = (number(expected, descriptor), number(&found, descriptor));
                assert!((expected - found).abs() <= expected * 0.01, "{name}: {descriptor} {found} and not {expected}");
            }
            assert_eq!(found.contains("Times"), expected.contains("Times"), "{name}: {found}");
        }
    }

    #[test]
    fn font_without_latin_letters_has_no_scaled_fallback() {
        let extended = metrics(&file("figtree-ext")).unwrap();
        assert_eq!(extended.widths, None);
        let Fallback { face, families } = fallback(Some(&extended), "F");
        assert_eq!((&*face, &*families), ("", "system-ui,sans-serif"));
    }

    #[test]
    fn damaged_fonts_are_recognized() {
        let whole = file("geist-mono");
        for bytes in [&whole[..0], &whole[..47], &whole[..100], &whole[..whole.len() - 20]] {
            assert_eq!(metrics(bytes), Err(FontProblem::Damaged), "{} bytes", bytes.len());
        }
        let mut collection = whole.clone();
        collection[4..8].copy_from_slice(b"ttcf");
        assert_eq!(metrics(&collection), Err(FontProblem::Collection));
        // A table that is said to be larger than any browser reads.
        let mut large = whole.clone();
        large[49..54].copy_from_slice(&[0x8F, 0xFF, 0xFF, 0xFF, 0x7F]);
        assert_eq!(metrics(&large), Err(FontProblem::Damaged));
    }

    #[test]
    fn no_change_of_a_byte_makes_reading_fail_otherwise() {
        let whole = file("geist-mono");
        let mut random = fastrand::Rng::with_seed(7);
        let mut damaged = 0;
        for _ in 0..400 {
            let mut bytes = whole.clone();
            // Most of them in the list of tables, which is not compressed.
            let end = if random.bool() { 160 } else { bytes.len() };
            bytes[random.usize(0..end)] = random.u8(..);
            damaged += usize::from(metrics(&bytes).is_err());
        }
        assert!(damaged > 40, "{damaged}");
    }
}
