//! Characters that nobody sees, spaces that are no plain spaces, and letters that look like letters of another script.
//!
//! They are legal in running text. In a value that machines compare (a code, an address, an id) they are copied by accident,
//! and nothing matches the value.

use unicode_normalization::UnicodeNormalization;

/// The spaces that a value may have inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spaces {
    /// The space of the keyboard.
    Plain,
    /// Every space: file names and telephone numbers have no-break spaces.
    Any,
}

/// Returns the first character that does not belong in a value that machines compare, with its byte offset.
pub fn first_hidden(text: &str, spaces: Spaces) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    let end = text.trim_end().len();
    let start = text.len() - text.trim_start().len();
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_inside = (start..end).contains(&at);
        let is_hidden = match c {
            _ if is_odd_space(c) => spaces == Spaces::Plain || !is_inside,
            _ if is_invisible(c) => !belongs(before, c, characters.peek().map(|(_, next)| *next)),
            _ => false,
        };
        if is_hidden {
            return Some((at, c));
        }
        before = Some(c);
    }
    None
}

/// Returns the text without the characters that [`first_hidden`] finds. Odd spaces become plain ones.
pub fn without_hidden(text: &str, spaces: Spaces) -> String {
    let mut text = text.to_owned();
    while let Some((at, c)) = first_hidden(&text, spaces) {
        text.replace_range(at..at + c.len_utf8(), if is_odd_space(c) { " " } else { "" });
    }
    text.trim().to_owned()
}

/// Returns the name of a character for people: `a zero-width space (U+200B)`.
pub fn name(c: char) -> String {
    let name = match c {
        '\u{a0}' => "a no-break space",
        '\u{202f}' => "a narrow no-break space",
        '\u{3000}' => "an ideographic space",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "an invisible line break",
        _ if is_odd_space(c) => "a space that is no plain space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte order mark",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "an invisible mark for the direction of text"
        }
        _ => "an invisible character",
    };
    format!("{name} (U+{:04X})", u32::from(c))
}

/// Returns true for characters without a glyph, and for spaces other than the plain one.
pub fn is_hidden(c: char) -> bool {
    is_odd_space(c) || is_invisible(c)
}

/// Spaces other than the plain one (Unicode's `White_Space`), and the Braille blank, which looks like one.
pub fn is_odd_space(c: char) -> bool {
    c != ' ' && c.is_whitespace() && !matches!(c, '\t' | '\n' | '\r') || c == '\u{2800}'
}

/// Characters without a glyph: Unicode's `Default_Ignorable_Code_Point`
/// (<https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt>), and the marks of interlinear annotations.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns true for an invisible character that changes how its neighbours look: joiners in Arabic and Indic words and in
/// emoji, variation selectors, and the tags of flags.
fn belongs(before: Option<char>, c: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200c}' | '\u{200d}' => is_joined(before) && after.is_some_and(is_joined),
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1800}'..='\u{18af}'),
        // A digit, `#` or `*` with an emoji selector is a key cap.
        '\u{fe0f}' if before.is_ascii() => after == Some('\u{20e3}'),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => is_joined(before) || matches!(before, '©' | '®'),
        '\u{e0020}'..='\u{e007f}' => matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007f}'),
        _ => false,
    }
}

/// Letters of scripts whose letters are joined, ideographs and emoji, but no Latin, Greek and Cyrillic letters, and no
/// punctuation.
fn is_joined(c: char) -> bool {
    let is_selector = matches!(c, '\u{fe0f}');
    let is_latin = matches!(c, '\u{1e00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}'
        | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}');
    let is_punctuation = matches!(c, '\u{2000}'..='\u{2116}');
    let is_mark = matches!(c, '\u{203c}' | '\u{2049}');
    c >= '\u{600}' && !is_latin && (!is_punctuation || is_mark) && (!is_invisible(c) || is_selector) && !is_odd_space(c)
}

/// A script with letters that look like those of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Script {
    Latin,
    Greek,
    Cyrillic,
}

impl Script {
    pub fn name(self) -> &'static str {
        match self {
            Script::Latin => "Latin",
            Script::Greek => "Greek",
            Script::Cyrillic => "Cyrillic",
        }
    }

    /// Returns the script of a letter, if it is one of the three.
    pub fn of(c: char) -> Option<Script> {
        match c {
            'a'..='z' | 'A'..='Z' | 'ª' | 'º' => Some(Script::Latin),
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' if c.is_alphabetic() => Some(Script::Latin),
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' if c.is_alphabetic() => Some(Script::Greek),
            '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' if c.is_alphabetic() => Some(Script::Cyrillic),
            _ => None,
        }
    }
}

/// Letters of other scripts, each with the Latin letter that it looks like (a part of
/// <https://www.unicode.org/Public/security/17.0.0/confusables.txt>).
const LOOKALIKES: [(&str, &str); 2] =
    [("АВЕЅІЈКМНОРСТУХаеорсухѕіјԛԝһԁ", "ABESIJKMHOPCTYXaeopcyxsijqwhd"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι", "ABEZHIKMNOPTYXovi")];

/// Returns the first character of a text that people would type as another one: a letter of another script in a word, such as
/// a Cyrillic О among Latin letters, or a form that keyboards do not have, such as `–` or `ＳＡＶＥ`.
pub fn first_lookalike(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    let of_other_form = text.char_indices().find(|(_, c)| plain_form(*c).is_some());
    of_other_form.or_else(|| words(text).find_map(|(start, word)| of_other_script(word).map(|(at, c)| (start + at, c))))
}

/// Returns the first letter that disguises a word: one of another script than its neighbours, or a full-width one among plain
/// ones.
pub fn first_disguised(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    let is_wide = |c: char| matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    let are_others_plain =
        text.chars().all(|c| c.is_ascii() || is_wide(c)) && text.contains(|c: char| c.is_ascii_alphabetic());
    let wide = text.char_indices().find(|(_, c)| are_others_plain && is_wide(*c));
    wide.or_else(|| words(text).find_map(|(start, word)| of_other_script(word).map(|(at, c)| (start + at, c))))
}

/// Returns true if every letter is a Greek or Cyrillic one that looks like a Latin one.
pub fn looks_latin(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| latin_lookalike(c).is_some())
}

/// Returns the text as people type it on a keyboard with Latin letters.
pub fn as_typed(text: &str) -> String {
    let mut typed = String::with_capacity(text.len());
    for c in text.chars() {
        match plain_form(c) {
            Some(plain) => typed.push_str(&plain),
            None => typed.push(latin_lookalike(c).unwrap_or(c)),
        }
    }
    typed
}

/// Returns the words of a text with their byte offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Returns the first letter of the script with fewer letters, if a word has letters of two.
fn of_other_script(word: &str) -> Option<(usize, char)> {
    let count = |script: Script| word.chars().filter(|c| Script::of(*c) == Some(script)).count();
    // With equal numbers, the letters that are not Latin are the odd ones.
    let scripts = [Script::Greek, Script::Cyrillic, Script::Latin].map(|script| (count(script), script));
    let fewest = scripts.into_iter().filter(|(letters, _)| *letters > 0).min_by_key(|(letters, _)| *letters)?;
    let is_mixed = scripts.iter().filter(|(letters, _)| *letters > 0).count() > 1;
    word.char_indices().find(|(_, c)| is_mixed && Script::of(*c) == Some(fewest.1))
}

/// Returns the ASCII characters that a character is another form of: `ＳＡＶＥ`, `𝐒`, `²`, `–`.
fn plain_form(c: char) -> Option<String> {
    if c.is_ascii() || matches!(c, 'ª' | 'º') {
        return None;
    }
    if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}') {
        return Some("-".to_owned());
    }
    let plain: String = std::iter::once(c).nfkc().collect();
    (!c.is_whitespace() && plain.is_ascii()).then_some(plain)
}

/// Returns the Latin letter that a Greek or Cyrillic one looks like.
fn latin_lookalike(c: char) -> Option<char> {
    LOOKALIKES.iter().find_map(|(others, latin)| {
        let position = others.chars().position(|other| other == c)?;
        latin.chars().nth(position)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_nobody_sees_are_found_wherever_they_are() {
        for c in [
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{2060}',
            '\u{ad}',
            '\u{feff}',
            '\u{200e}',
            '\u{202a}',
            '\u{2069}',
            '\u{61c}',
            '\u{34f}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{e0041}',
            '\u{a0}',
            '\u{202f}',
            '\u{3000}',
            '\u{2003}',
            '\u{2028}',
            '\u{85}',
            '\u{2800}',
        ] {
            for (text, at) in [(format!("{c}SPRING20"), 0), (format!("SPRING{c}20"), 6), (format!("SPRING20{c}"), 8)] {
                assert_eq!(first_hidden(&text, Spaces::Plain), Some((at, c)), "{c:?}");
                assert_eq!(without_hidden(&text, Spaces::Plain).replace(' ', ""), "SPRING20", "{c:?}");
            }
        }
    }

    #[test]
    fn characters_that_change_their_neighbours_belong_to_words_and_emoji() {
        for text in [
            "SPRING20",
            "Frühling",
            "ЗИМА20",
            "春20",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}",
            "👩\u{1f3fd}\u{200d}⚕\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
        ] {
            assert_eq!(first_hidden(text, Spaces::Plain), None, "{text}");
        }
        for text in ["é\u{200c}t", "می\u{200c}", "ЗИ\u{200d}МА", "A\u{fe0f}"] {
            assert!(first_hidden(text, Spaces::Plain).is_some(), "{text}");
        }
    }

    #[test]
    fn odd_spaces_are_allowed_inside_a_file_name_only() {
        let name = "Screenshot 10.00\u{202f}AM.png";
        assert_eq!(first_hidden(name, Spaces::Any), None);
        assert_eq!(first_hidden(name, Spaces::Plain), Some((16, '\u{202f}')));
        assert_eq!(first_hidden("a.png\u{a0}", Spaces::Any), Some((5, '\u{a0}')));
    }

    #[test]
    fn lookalikes_are_pairs() {
        for (others, latin) in LOOKALIKES {
            assert_eq!(others.chars().count(), latin.chars().count());
            assert!(others.chars().all(|c| Script::of(c).is_some_and(|script| script != Script::Latin)), "{others}");
        }
    }

    #[test]
    fn letters_of_two_scripts_in_a_word_are_lookalikes() {
        for (text, found, typed) in [
            ("SPRINGО20", 'О', "SPRINGO20"),
            ("SAVE-ТЕАМx", 'x', "SAVE-TEAMx"),
            ("ΑLPHA", 'Α', "ALPHA"),
            ("SAVE–20", '–', "SAVE-20"),
            ("ＳAVE20", 'Ｓ', "SAVE20"),
            ("𝐒AVE²", '𝐒', "SAVE2"),
        ] {
            assert_eq!(first_lookalike(text).map(|(_, c)| c), Some(found), "{text}");
            assert_eq!(as_typed(text), typed);
        }
        for text in ["SPRING20", "FRÜHLING", "ЗИМА20", "ЗИМА-SALE", "ΑΘΗΝΑ", "春SALE", "Nº5", "20€", "ИВАН.kazi"]
        {
            assert_eq!(first_lookalike(text), None, "{text}");
        }
        assert!(looks_latin("СОРТ20") && !looks_latin("ЗИМА20") && !looks_latin("SAVE") && !looks_latin("20"));
    }
}
