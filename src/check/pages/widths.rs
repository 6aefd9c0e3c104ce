//! The width of a text in a search result. Google truncates titles and descriptions "as needed, typically to fit the
//! device width" (<https://developers.google.com/search/docs/appearance/title-link>), so pixels count, not characters:
//! fifty `i` fit, fifty `W` do not.

use unicode_normalization::UnicodeNormalization;

/// The space for a text and the size of its letters, in pixels.
#[derive(Clone, Copy)]
pub struct Room {
    font_size: u32,
    width: u32,
}

/// Google shows titles on a desktop in Arial at 20 pixels, 600 pixels wide. A measurement of 2026 found 652 pixels at 22,
/// which differs by 1 % (<https://adsandcode.com/en/open-source/serp-title-width/>). Phones show two lines of a title.
pub const TITLE: Room = Room { font_size: 20, width: 600 };

/// Two lines in Arial at 14 pixels, by the same sources: about 160 letters.
pub const DESCRIPTION: Room = Room { font_size: 14, width: 990 };

impl Room {
    /// Returns the length in bytes of the part that fits, or None if all of it fits. The part ends after a whole word
    /// where possible.
    pub fn end_of_fitting(self, text: &str) -> Option<usize> {
        let room = self.width * 1000;
        let mut used = 0;
        let mut word = 0;
        for (at, c) in text.char_indices() {
            used += self.font_size * advance(c);
            if used > room {
                return Some(if word == 0 { at } else { word });
            }
            if c.is_whitespace() {
                word = at + c.len_utf8();
            }
        }
        None
    }
}

/// The advance widths of Arial from space to `~`, in thousandths of the font size. Arial has the metrics of Helvetica.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// The width of one character in thousandths of the font size. An accent adds nothing to its letter. A character that fills
/// two cells of a terminal is as wide as it is high. Other letters count as narrow as a `v`.
fn advance(c: char) -> u32 {
    let base = if c.is_ascii() { c } else { std::iter::once(c).nfd().next().unwrap_or(c) };
    let of_ascii = (base as usize).checked_sub(0x20).and_then(|index| ASCII.get(index));
    match of_ascii {
        Some(&width) => width.into(),
        None => 500 * textwrap::core::display_width(base.encode_utf8(&mut [0; 4])) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_depends_on_the_letters() {
        assert_eq!(TITLE.end_of_fitting(&"i".repeat(60)), None);
        assert!(TITLE.end_of_fitting(&"W".repeat(60)).is_some());
        assert_eq!(TITLE.end_of_fitting("Marketing or sales: whom should you hire first?"), None);
    }

    #[test]
    fn fitting_part_ends_after_a_whole_word() {
        // 20 × 0.5 = 10 pixels per letter, so 60 letters fit.
        assert_eq!(TITLE.end_of_fitting(&"v".repeat(60)), None);
        assert_eq!(TITLE.end_of_fitting(&"v".repeat(61)), Some(60));
        assert_eq!(TITLE.end_of_fitting(&"漢".repeat(31)), Some(30 * "漢".len()));
        assert_eq!(TITLE.end_of_fitting(&"vvvv ".repeat(20)), Some(65));
    }

    #[test]
    fn accents_have_no_width() {
        assert_eq!(advance('é'), advance('e'));
        assert_eq!(advance('\u{301}'), 0);
    }
}
