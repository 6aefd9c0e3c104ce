//! How wide a text is in a search result. Google says that titles and descriptions are cut "as needed, typically to fit
//! the device width" (<https://developers.google.com/search/docs/appearance/title-link>), so what counts is pixels and
//! not characters: fifty times `i` fit, fifty times `W` don't.

use unicode_normalization::UnicodeNormalization;

/// The room for a text, and how large its letters are there, all in pixels.
#[derive(Clone, Copy)]
pub struct Room {
    font_size: u32,
    width: u32,
}

/// Where results of Google on a desktop are 600 pixels wide, set in Arial of 20 pixels. Measured again in 2026 it was 652
/// pixels in 22, which is the same but for one in a hundred (<https://adsandcode.com/en/open-source/serp-title-width/>). Telephones
/// give a title two lines.
pub const TITLE: Room = Room { font_size: 20, width: 600 };

/// Two lines in Arial of 14 pixels, from the same pages; about 160 letters, as those who measure it say.
pub const DESCRIPTION: Room = Room { font_size: 14, width: 990 };

impl Room {
    /// The bytes of a text that fit, in whole words where it has words, if not all of it does.
    pub fn fits(self, text: &str) -> Option<usize> {
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

/// The advance widths of Arial, in thousandths of its size, from space to `~`; those of Helvetica, whose metrics it has.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// The width of one character in thousandths of the font's size. Accents add nothing to their letter; what fills two
/// cells of a terminal is as wide as it is high, and other letters are taken for an `n`.
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
    fn a_text_is_measured_by_its_letters_and_not_by_their_number() {
        assert_eq!(TITLE.fits(&"i".repeat(60)), None);
        assert!(TITLE.fits(&"W".repeat(60)).is_some());
        assert_eq!(TITLE.fits("Marketing or sales: whom should you hire first?"), None);
    }

    #[test]
    fn a_text_is_cut_where_it_stops_to_fit() {
        // 20 × 0.5 = 10 pixels a letter: sixty of them fill the room.
        assert_eq!(TITLE.fits(&"v".repeat(60)), None);
        assert_eq!(TITLE.fits(&"v".repeat(61)), Some(60));
        assert_eq!(TITLE.fits(&"漢".repeat(31)), Some(30 * "漢".len()));
        assert_eq!(TITLE.fits(&"vvvv ".repeat(20)), Some(65));
    }

    #[test]
    fn an_accent_adds_nothing_to_its_letter() {
        assert_eq!(advance('é'), advance('e'));
        assert_eq!(advance('\u{301}'), 0);
    }
}
