//! Shortens CSS and replaces its addresses. Comments and spaces without a meaning are dropped. Selectors, declarations and
//! values stay as their author wrote them, so their order and browsers' own forms of a property keep their effect.

/// An address in a stylesheet: that of a `url()`, or a string of an `image-set()`.
pub struct CssAddress<'c> {
    pub address: String,
    /// The address as written, without quotes.
    pub raw: &'c str,
    /// Its byte offset in the stylesheet.
    pub at: usize,
}

/// Returns the shortened text of a stylesheet with valid syntax. What is open at its end is closed, so that another
/// stylesheet can follow. `replace` returns the address to write, or `None` to keep one.
pub fn shortened<'c>(css: &'c str, mut replace: impl FnMut(&CssAddress<'c>) -> Option<String>) -> String {
    // A backslash at the end would escape what closes the stylesheet.
    let escapes = css.len() - css.trim_end_matches('\\').len();
    let css = &css[..css.len() - escapes % 2];
    let mut output = Output { css: String::with_capacity(css.len()), last: Some('}'), gap: Gap::None };
    let mut open: Vec<Block> = Vec::new();
    let mut at = 0;
    while let Some((piece, length)) = piece(&css[at..]) {
        match piece {
            Piece::Space => output.gap = Gap::Space,
            Piece::Comment if output.gap == Gap::None => output.gap = Gap::Comment,
            Piece::Comment => {}
            Piece::Sign(sign) => {
                if open.last().is_some_and(|block| block.end == sign) {
                    open.pop();
                }
                open.extend(Block::opened_by(sign));
                output.sign(sign);
            }
            Piece::Word(word) => output.text(word),
            Piece::Function(name) => {
                open.push(Block { end: ')', has_addresses: has_addresses(name) });
                output.text(name);
                output.last = Some('(');
            }
            Piece::Quoted(raw) => {
                let found = CssAddress { address: unescaped(raw), raw, at: at + 1 };
                let is_address = open.last().is_some_and(|block| block.has_addresses);
                match Some(found).filter(|_| is_address).and_then(|found| replace(&found)) {
                    Some(address) => output.text(&quoted(&address)),
                    None => output.text(&format!("{quote}{}{quote}", guarded(raw), quote = &css[at..at + 1])),
                }
            }
            Piece::Url { raw, before } => {
                let found = CssAddress { address: unescaped(raw), raw, at: at + before };
                let address = replace(&found).map_or_else(|| raw.to_owned(), |address| quoted(&address));
                output.text(&format!("url({})", guarded(&address)));
            }
        }
        at += length;
    }
    output.finish(&open)
}

/// Splits a shortened stylesheet into its statements: rules with their blocks, and rules that end with a semicolon.
pub fn statements(css: &str) -> impl Iterator<Item = &str> {
    let mut rest = css;
    std::iter::from_fn(move || {
        let (mut at, mut open) = (0, 0_usize);
        while let Some((piece, length)) = piece(&rest[at..]) {
            at += length;
            match piece {
                Piece::Sign('{' | '(' | '[') | Piece::Function(_) => open += 1,
                Piece::Sign(sign @ ('}' | ')' | ']')) => {
                    open = open.saturating_sub(1);
                    if open == 0 && sign == '}' {
                        break;
                    }
                }
                Piece::Sign(';') if open == 0 => break,
                _ => {}
            }
        }
        let (statement, after) = rest.split_at(at);
        rest = after;
        (!statement.is_empty()).then_some(statement)
    })
}

/// A part of a stylesheet.
enum Piece<'c> {
    Space,
    Comment,
    /// A name or a number.
    Word(&'c str),
    /// A name with its `(`.
    Function(&'c str),
    /// The inside of a string.
    Quoted(&'c str),
    /// The inside of a `url()` without quotes, with the number of bytes before it.
    Url {
        raw: &'c str,
        before: usize,
    },
    Sign(char),
}

/// A block or function that is open.
struct Block {
    end: char,
    /// Whether strings in it are addresses.
    has_addresses: bool,
}

impl Block {
    fn opened_by(sign: char) -> Option<Block> {
        let end = match sign {
            '{' => '}',
            '(' => ')',
            '[' => ']',
            _ => return None,
        };
        Some(Block { end, has_addresses: false })
    }
}

fn has_addresses(function: &str) -> bool {
    ["url(", "src(", "image-set(", "-webkit-image-set("].iter().any(|name| function.eq_ignore_ascii_case(name))
}

/// Returns the first part of a text and its length in bytes, or `None` at the end.
fn piece(css: &str) -> Option<(Piece<'_>, usize)> {
    let first = css.chars().next()?;
    if first.is_ascii_whitespace() {
        let end = css.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(css.len());
        return Some((Piece::Space, end));
    }
    if let Some(comment) = css.strip_prefix("/*") {
        return Some((Piece::Comment, comment.find("*/").map_or(css.len(), |end| end + 4)));
    }
    if matches!(first, '"' | '\'') {
        let inside = &css[1..];
        let end = end_of(inside, |c| c == first);
        return Some((Piece::Quoted(&inside[..end]), (end + 2).min(css.len())));
    }
    let name = end_of(css, |c| !is_of_name(c));
    if name == 0 {
        return Some((Piece::Sign(first), first.len_utf8()));
    }
    if !css[name..].starts_with('(') {
        return Some((Piece::Word(&css[..name]), name));
    }
    let inside = &css[name + 1..];
    let address = inside.trim_ascii_start();
    if !css[..name].eq_ignore_ascii_case("url") || address.starts_with(['"', '\'']) {
        return Some((Piece::Function(&css[..name + 1]), name + 1));
    }
    let before = name + 1 + inside.len() - address.len();
    let end = end_of(address, |c| c == ')');
    Some((Piece::Url { raw: address[..end].trim_ascii_end(), before }, (before + end + 1).min(css.len())))
}

/// Returns the length of a text up to a character, or the whole length. Escapes are skipped.
fn end_of(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '\\' {
            at += escape(&text[at..]).1;
        } else if is_end(c) {
            return at;
        } else {
            at += c.len_utf8();
        }
    }
    text.len()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

/// Returns the character of an escape, and the escape's length: `\26 ` is `&`. An escaped line end is nothing
/// (<https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point>).
fn escape(text: &str) -> (Option<char>, usize) {
    let after = &text[1..];
    let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    let line_end = |text: &str| if text.starts_with("\r\n") { 2 } else { 1 };
    if digits > 0 {
        let rest = &after[digits..];
        let space = if rest.starts_with(|c: char| c.is_ascii_whitespace()) { line_end(rest) } else { 0 };
        let c = u32::from_str_radix(&after[..digits], 16).ok().and_then(char::from_u32).filter(|c| *c != '\0');
        return (c.or(Some(char::REPLACEMENT_CHARACTER)), 1 + digits + space);
    }
    match after.chars().next() {
        Some('\n' | '\r' | '\x0c') => (None, 1 + line_end(after)),
        Some(c) => (Some(c), 1 + c.len_utf8()),
        None => (None, 1),
    }
}

fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        if c == '\\' {
            let (c, length) = escape(&raw[at..]);
            text.extend(c);
            at += length;
        } else {
            text.push(c);
            at += c.len_utf8();
        }
    }
    text
}

fn quoted(address: &str) -> String {
    let escaped = address.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\a ");
    format!("\"{}\"", guarded(&escaped))
}

/// Prevents `</style>` in a text from ending the element that contains the stylesheet.
fn guarded(text: &str) -> String {
    text.replace("</", "<\\/")
}

/// The shortened text so far.
struct Output {
    css: String,
    /// The last piece, if it was a sign.
    last: Option<char>,
    gap: Gap,
}

/// What the stylesheet has between the last piece and the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    /// A comment without spaces. It separates names without being a space.
    Comment,
    Space,
}

impl Output {
    fn sign(&mut self, sign: char) {
        self.fill_gap(Some(sign));
        if sign == '}' && self.last == Some(';') {
            self.css.pop();
        }
        self.css.push(sign);
        self.last = Some(sign);
    }

    fn text(&mut self, text: &str) {
        self.fill_gap(None);
        self.css.push_str(text);
        self.last = None;
    }

    fn fill_gap(&mut self, next: Option<char>) {
        let is_empty_value = self.last == Some(':') && matches!(next, Some(';' | '}'));
        let is_free = self.last.is_some_and(|sign| "{};,([:>~".contains(sign))
            || next.is_some_and(|sign| "{};,)]>~!".contains(sign));
        match self.gap {
            Gap::Space if is_empty_value || !is_free => self.css.push(' '),
            Gap::Comment if !is_free => self.css.push_str("/**/"),
            Gap::Space | Gap::Comment | Gap::None => {}
        }
        self.gap = Gap::None;
    }

    /// Closes what is open.
    fn finish(mut self, open: &[Block]) -> String {
        self.gap = Gap::None;
        for block in open.iter().rev() {
            self.sign(block.end);
        }
        if !matches!(self.last, Some('}' | ';')) {
            self.css.push(';');
        }
        self.css
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shortens CSS whose relative addresses are those of files in `/theme/`.
    fn css(text: &str) -> String {
        shortened(text, |found| (!found.address.contains(':')).then(|| format!("/theme/{}", found.address)))
    }

    #[test]
    fn only_comments_and_spaces_without_a_meaning_are_dropped() {
        for (text, expected) in [
            (
                "/* x */ a , b > c\n{ color : red ; margin: 0 auto !important; }\n",
                "a,b>c{color :red;margin:0 auto!important}",
            ),
            ("a :hover, a:hover, .b .c, .b.c {}", "a :hover,a:hover,.b .c,.b.c{}"),
            ("a/**/b{} .a/**/.b{} .a /**/ .b{}", "a/**/b{}.a/**/.b{}.a .b{}"),
            (
                "@media  screen and ( min-width : 30rem ) { a { top : calc( 1px + 2px - ( 3px * 4 ) ) } }",
                "@media screen and (min-width :30rem){a{top :calc(1px + 2px - (3px * 4))}}",
            ),
            (":nth-child( 2n + 1 ) ~ li + li * {}", ":nth-child(2n + 1)~li + li *{}"),
            ("a { --empty: ; --text: \"a  /* b */ ;\" ; }", "a{--empty: ;--text:\"a  /* b */ ;\"}"),
            (".a\\26  b, .c\\, .d, .\\31 0 {}", ".a\\26  b,.c\\, .d,.\\31 0{}"),
            ("a{content:\"\\\"/*\"}/*\"*/b{}", "a{content:\"\\\"/*\"}b{}"),
            ("a{grid-area: 1 / 2; width: 50%; color: #abc}", "a{grid-area:1 / 2;width:50%;color:#abc}"),
        ] {
            assert_eq!(css(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_replaced_wherever_css_has_them() {
        for (text, expected) in [
            ("a{background:url( a.png )}", "a{background:url(\"/theme/a.png\")}"),
            ("a{background:URL( 'a b.png' )}", "a{background:URL(\"/theme/a b.png\")}"),
            ("a{background:url(a\\20 b\\).png)}", "a{background:url(\"/theme/a b).png\")}"),
            (
                "a{background:image-set(\"a.png\" type(\"image/png\"), url(b.png) 2x)}",
                "a{background:image-set(\"/theme/a.png\" type(\"image/png\"),url(\"/theme/b.png\") 2x)}",
            ),
            ("a{background:url(data:image/png;base64,AA==)}", "a{background:url(data:image/png;base64,AA==)}"),
            ("a{content:\"a.png\";--url:\"url(a.png)\"}/*url(a.png)*/", "a{content:\"a.png\";--url:\"url(a.png)\"}"),
        ] {
            assert_eq!(css(text), expected, "{text}");
        }
    }

    #[test]
    fn another_stylesheet_can_follow() {
        for (text, expected) in [
            ("a{color:red", "a{color:red}"),
            ("@media print{a{width:calc(1px + (2px", "@media print{a{width:calc(1px + (2px))}}"),
            ("a{content:\"x", "a{content:\"x\"}"),
            ("a{content:\"x\\", "a{content:\"x\"}"),
            ("a{background:url(a.png", "a{background:url(\"/theme/a.png\")}"),
            ("a{}/* open", "a{}"),
            ("@layer a, b", "@layer a,b;"),
            ("a{content:\"</style>\"}", "a{content:\"<\\/style>\"}"),
            ("", ""),
        ] {
            assert_eq!(css(text), expected, "{text}");
        }
    }
}
