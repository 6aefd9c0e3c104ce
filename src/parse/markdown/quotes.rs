//! Quotation marks as the language of a page has them. The parser finds out which straight marks open and close a quotation.

use pulldown_cmark::CowStr;

/// A narrow space at which no line is broken.
const NARROW_SPACE: &str = "\u{202f}";

/// The quotation marks of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotationMarks {
    /// For `"`: the opening and the closing mark.
    double: [&'static str; 2],
    /// For `'`.
    single: [&'static str; 2],
    /// Whether double marks have a space inside.
    is_spaced: bool,
}

impl Default for QuotationMarks {
    fn default() -> QuotationMarks {
        marks(["“", "”"], ["‘", "’"])
    }
}

const fn marks(double: [&'static str; 2], single: [&'static str; 2]) -> QuotationMarks {
    QuotationMarks { double, single, is_spaced: false }
}

impl QuotationMarks {
    /// Returns the marks of a language tag such as `de` or `de-CH`. The languages are those whose marks are not the English
    /// ones in Unicode CLDR 48 (`delimiters`), and Spanish, for which the Academy prefers «».
    pub fn of_language(tag: &str) -> QuotationMarks {
        let lower = tag.to_ascii_lowercase();
        let language = lower.split('-').next().unwrap_or_default();
        match language {
            "de" if lower == "de-ch" || lower == "de-li" => marks(["«", "»"], ["‹", "›"]),
            "de" | "cs" | "sk" | "sl" | "is" | "lt" | "bg" => marks(["„", "“"], ["‚", "‘"]),
            "fr" if lower == "fr-ch" => marks(["«", "»"], ["‹", "›"]),
            "fr" => QuotationMarks { is_spaced: true, ..marks(["«", "»"], ["“", "”"]) },
            "es" | "it" | "el" | "ca" => marks(["«", "»"], ["“", "”"]),
            "pl" | "ro" => marks(["„", "”"], ["«", "»"]),
            "hu" => marks(["„", "”"], ["»", "«"]),
            "ru" | "uk" | "be" => marks(["«", "»"], ["„", "“"]),
            "nb" | "no" | "nn" => marks(["«", "»"], ["‘", "’"]),
            "sv" | "fi" => marks(["”", "”"], ["’", "’"]),
            _ => QuotationMarks::default(),
        }
    }

    /// Returns the mark for a role.
    pub fn mark(self, role: Role, context: Context) -> CowStr<'static> {
        let is_open = matches!(role, Role::OpensDouble | Role::OpensSingle);
        let mark = match role {
            Role::Apostrophe => return CowStr::Borrowed("’"),
            Role::OpensDouble => self.double[0],
            Role::ClosesDouble => self.double[1],
            Role::OpensSingle => self.single[0],
            Role::ClosesSingle => self.single[1],
        };
        let is_double = matches!(role, Role::OpensDouble | Role::ClosesDouble);
        let inside = if is_open { context.after } else { context.before };
        if !(self.is_spaced && is_double) || inside.is_none_or(char::is_whitespace) {
            return CowStr::Borrowed(mark);
        }
        CowStr::from(if is_open { format!("{mark}{NARROW_SPACE}") } else { format!("{NARROW_SPACE}{mark}") })
    }
}

/// A mark as the parser returns it, in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    OpensDouble,
    ClosesDouble,
    OpensSingle,
    /// The parser does not tell a closing mark from an apostrophe.
    ClosesSingle,
}

/// The role of a straight mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    OpensDouble,
    ClosesDouble,
    OpensSingle,
    ClosesSingle,
    Apostrophe,
}

/// The quotation marks that are open within a paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenQuotes {
    double: bool,
    single: bool,
}

/// A straight mark in the source, with the characters beside it.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    mark: char,
    before: Option<char>,
    after: Option<char>,
}

impl Quote {
    pub fn of(text: &str) -> Option<Quote> {
        match text {
            "“" => Some(Quote::OpensDouble),
            "”" => Some(Quote::ClosesDouble),
            "‘" => Some(Quote::OpensSingle),
            "’" => Some(Quote::ClosesSingle),
            _ => None,
        }
    }

    /// Returns the role of the mark; `None` for a mark that is no quotation mark, as in `27" screen`.
    pub fn role(self, context: Context, open: OpenQuotes) -> Option<Role> {
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_of_unspaced_script(c));
        match self {
            // The parser takes every mark that closes nothing for an opening one.
            Quote::OpensDouble if is_letter(context.before) && !is_letter(context.after) => None,
            // `" spaced "`, as in French.
            Quote::OpensDouble if open.double && !is_letter(context.after) => Some(Role::ClosesDouble),
            Quote::OpensDouble => Some(Role::OpensDouble),
            Quote::ClosesDouble => Some(Role::ClosesDouble),
            Quote::OpensSingle => Some(Role::OpensSingle),
            Quote::ClosesSingle if open.single && !is_letter(context.after) => Some(Role::ClosesSingle),
            Quote::ClosesSingle => Some(Role::Apostrophe),
        }
    }
}

/// Whether words of this letter's script touch marks on both sides: Thai, Khmer, Japanese, Chinese, and Korean with its particles.
fn is_of_unspaced_script(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl OpenQuotes {
    /// What is open after a mark.
    pub fn after(self, role: Role) -> OpenQuotes {
        match role {
            Role::OpensDouble => OpenQuotes { double: true, ..self },
            Role::ClosesDouble => OpenQuotes { double: false, ..self },
            Role::OpensSingle => OpenQuotes { single: true, ..self },
            Role::ClosesSingle => OpenQuotes { single: false, ..self },
            Role::Apostrophe => self,
        }
    }
}

impl Context {
    /// Returns the mark as the author wrote it.
    pub fn written(self) -> CowStr<'static> {
        CowStr::Borrowed(if self.mark == '"' { "\"" } else { "'" })
    }
}

/// Returns the straight mark at a byte of a text. `None` for a mark that the author typed in its final form.
pub fn context(text: &str, at: usize) -> Option<Context> {
    let (before, rest) = text.split_at_checked(at)?;
    let mut rest = rest.chars();
    let mark = rest.next().filter(|&c| c == '"' || c == '\'')?;
    Some(Context { mark, before: before.chars().next_back(), after: rest.next() })
}
