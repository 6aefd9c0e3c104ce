//! Links and images that the parser did not take for one.

use std::ops::Range;

use super::Failure;
use super::passage::Passage;

/// Reports `[text](an address with spaces)`, `[text] (address)`, `(text)[address]`, `[text][unknown]` and `[[page]]`.
pub fn failed(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (start, text) in passage.texts() {
        let marks = text.match_indices(']').filter(|(at, _)| !passage.is_escaped(start + at));
        failures.extend(marks.filter_map(|(at, _)| {
            let rest = &text[at..];
            if rest.starts_with("](") {
                return with_bad_address(passage, start + at);
            }
            if rest.starts_with("] (") {
                return with_space(passage, start + at);
            }
            if rest.starts_with("]]") {
                return wiki_link(passage, start + at);
            }
            rest.starts_with("][").then(|| without_definition(passage, start + at))?
        }));
        let wide = text.match_indices("］（").filter(|(at, _)| !passage.is_escaped(start + at));
        failures.extend(wide.filter_map(|(at, _)| in_full_width(passage, start + at)));
        let reversed = text.match_indices(")[").filter(|(at, _)| !passage.is_escaped(start + at));
        failures.extend(reversed.filter_map(|(at, _)| reversed_link(passage, start + at)));
    }
    failures.extend(passage.misspelt_pictures.iter().map(|link| misspelt_picture(passage, link)));
    failures.extend(passage.empty_links.iter().filter_map(|link| without_address(passage, link)));
    failures
}

/// `[!text](picture.jpg)`, or `! [text](picture.jpg)` at the start of a line.
fn misspelt_picture(passage: &Passage, link: &Range<usize>) -> Failure {
    let text = passage.text[link.clone()].trim_start_matches(['[', '!', ' ']);
    let help = format!("write `![{text}`");
    let failure = Failure::new(link.start, link.end, "this is a link to a picture", help);
    Failure { label: "the picture is not shown", ..failure }
}

/// What people call the way to the top of a page, to which `#` leads.
const TOP: [&str; 9] = ["top", "up", "oben", "anfang", "haut", "arriba", "topo", "juu", "↑"];

/// `[text]()`, and `[text](#)` where it is no way to the top.
fn without_address(passage: &Passage, link: &Range<usize>) -> Option<Failure> {
    let text = &passage.text[link.clone()];
    let is_top = text.ends_with("(#)") && TOP.iter().any(|word| text.to_lowercase().contains(word));
    let failure = Failure::new(
        link.start,
        link.end,
        "this link leads nowhere",
        "write its address between `(` and `)`; for the top of the page, that is `#top`",
    );
    (!is_top).then_some(Failure { label: "has no address", ..failure })
}

/// The begin of the link whose text ends at `end`, with the `!` of an image.
fn begin(passage: &Passage, end: usize) -> Option<usize> {
    let line = passage.source_line(end);
    let before = &passage.text[line.start..end];
    let open = line.start + before.rfind('[')?;
    if passage.is_escaped(open) {
        return None;
    }
    let is_image = passage.text[..open].ends_with('!') && open > line.start;
    Some(open - usize::from(is_image))
}

/// The rest of the line after the mark at `at`.
fn rest<'s>(passage: &Passage<'s>, at: usize) -> &'s str {
    &passage.text[at..passage.source_line(at).end]
}

/// `[text](address` at its `](`.
fn with_bad_address(passage: &Passage, at: usize) -> Option<Failure> {
    let start = begin(passage, at)?;
    let what = if passage.text[start..].starts_with('!') { "image" } else { "link" };
    let from_address = &rest(passage, at)["](".len()..];
    let message = format!("this {what} is shown as text");
    let text = &passage.text[start..at + "](".len()];
    let Some(length) = address_length(from_address) else {
        let end = at + "](".len() + from_address.trim_end().len();
        return Some(Failure::new(start, end, message, "write `)` after its address"));
    };
    let address = &from_address[..length];
    let end = at + "](".len() + length + 1;
    let help = match address.trim() {
        "" => "write an address between `(` and `)`".to_owned(),
        address if ["cta:", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme)) => {
            format!("write `{text}{})`, without spaces", address.split_whitespace().collect::<String>())
        }
        address if address.contains(char::is_whitespace) => match with_title(address) {
            Some(titled) => format!("write `{text}{titled})`"),
            None => format!("write `{text}<{address}>)`"),
        },
        _ => "a link cannot be inside of another link".to_owned(),
    };
    Some(Failure::new(start, end, message, help))
}

/// Returns an address whose title has other quotation marks than `"`, or that has a size, as Markdown takes it.
fn with_title(address: &str) -> Option<String> {
    const QUOTES: [char; 11] = ['"', '\'', '“', '”', '„', '‘', '’', '«', '»', '`', '‟'];
    let (target, rest) = address.split_once(char::is_whitespace)?;
    let (title, size) = rest.rsplit_once('=').unwrap_or((rest, ""));
    let is_size = size.contains('x') && size.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'%'));
    let title = if is_size { title.trim() } else { rest.trim() };
    if is_size && title.is_empty() {
        return Some(target.to_owned());
    }
    let is_quoted = title.starts_with(QUOTES) || title.ends_with(QUOTES);
    let has_extension = |text: &str| {
        let extension = text.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| (2..=5).contains(&extension.len()) && !extension.contains([' ', '/']))
    };
    let is_whole = target.contains("://") || target.starts_with('/') && target.ends_with('/') || has_extension(target);
    let title = title.trim_matches(QUOTES).replace('"', "\\\"");
    (is_quoted && is_whole || is_size || is_whole && !has_extension(&title)).then(|| format!("{target} \"{title}\""))
}

/// `［text］（address）` at its `］（`.
fn in_full_width(passage: &Passage, at: usize) -> Option<Failure> {
    let line = passage.source_line(at);
    let start = line.start + passage.text[line.start..at].rfind('［')?;
    let from_address = &rest(passage, at)["］（".len()..];
    let address = &from_address[..from_address.find('）')?];
    let text = &passage.text[start + '［'.len_utf8()..at];
    let end = at + "］（".len() + address.len() + '）'.len_utf8();
    let help = format!("write `[{text}]({address})`");
    is_address(address).then(|| Failure::new(start, end, "this link is shown as text", help))
}

/// The length of an address up to its closing parenthesis, which is the last one without an opening one.
fn address_length(text: &str) -> Option<usize> {
    let mut depth = 0;
    let closing = text.char_indices().find(|&(_, c)| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        false
    });
    closing.map(|(at, _)| at).or_else(|| text.find(')'))
}

/// `[text] (address)` at its `] (`.
fn with_space(passage: &Passage, at: usize) -> Option<Failure> {
    let start = begin(passage, at)?;
    let from_address = &rest(passage, at)["] (".len()..];
    let address = &from_address[..address_length(from_address)?];
    if !is_address(address) {
        return None;
    }
    let end = at + "] (".len() + address.len() + 1;
    let help = format!("write `{}]({address})`, without the space", &passage.text[start..at]);
    Some(Failure::new(start, end, "this link is shown as text", help))
}

/// `(text)[address]` at its `)[`.
fn reversed_link(passage: &Passage, at: usize) -> Option<Failure> {
    let from_address = &rest(passage, at)[")[".len()..];
    let address = &from_address[..from_address.find(']')?];
    if !is_address(address) {
        return None;
    }
    let line = passage.source_line(at);
    let start = line.start + passage.text[line.start..at].rfind('(')?;
    let text = &passage.text[start + 1..at];
    let help = format!("write `[{text}]({address})`");
    Some(Failure::new(start, at + ")[".len() + address.len() + 1, "this link is shown as text", help))
}

/// `[text][label]` at its `][`.
fn without_definition(passage: &Passage, at: usize) -> Option<Failure> {
    let start = begin(passage, at)?;
    let from_label = &rest(passage, at)["][".len()..];
    let label = &from_label[..from_label.find(']')?];
    let is_number = label.chars().all(|c| c.is_numeric() || c.is_whitespace());
    // WordPress: `[row][column_one]`.
    let is_shortcode = label.contains('_') && !label.contains([' ', '.', '/']);
    if !is_address(label) && (is_number || is_shortcode || passage.text[start..at].len() < 3) {
        return None;
    }
    let help = match is_address(label) {
        true => format!("write `{}]({label})`", &passage.text[start..at]),
        false => format!("write its address on a line of its own: `[{label}]: https://…`"),
    };
    Some(Failure::new(start, at + "][".len() + label.len() + 1, "this link is shown as text", help))
}

/// `[[page]]`, `[[page|text]]` or `![[picture.png]]` at its `]]`.
fn wiki_link(passage: &Passage, at: usize) -> Option<Failure> {
    let line = passage.source_line(at);
    let start = line.start + passage.text[line.start..at].rfind("[[")?;
    let inner = &passage.text[start + "[[".len()..at];
    let (name, text) = inner.split_once('|').unwrap_or((inner, inner));
    let end = at + "]]".len();
    if matches!(name.trim_matches('_'), "TOC" | "toc") {
        return Some(Failure::new(start, end, "this is a table of contents of another program", "remove it"));
    }
    if name.is_empty() || name.contains(['[', ']', '"', ',']) {
        return None;
    }
    if passage.text[line.start..start].ends_with('!') {
        let help = format!("write `![What it shows]({})`", in_brackets(name));
        return Some(Failure::new(start - 1, end, "this image is shown as text", help));
    }
    let file = name.strip_suffix(".md").unwrap_or(name).to_lowercase().replace(' ', "-");
    let help = format!("write `[{text}](/{file}.md)`, with the file of the page");
    Some(Failure::new(start, end, "this link is shown as text", help))
}

/// Returns an address that may have spaces.
fn in_brackets(address: &str) -> String {
    if address.contains(' ') { format!("<{address}>") } else { address.to_owned() }
}

/// Whether a text is more likely an address than a remark.
fn is_address(text: &str) -> bool {
    let starts = ["http://", "https://", "www.", "/", "./", "../", "#", "mailto:", "tel:", "cta:"];
    let is_file = || {
        let extension = text.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| {
            (2..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_lowercase())
        })
    };
    let is_one_word = !text.is_empty() && !text.contains(char::is_whitespace);
    is_one_word && (starts.iter().any(|start| text.starts_with(start) && text.len() > start.len()) || is_file())
}
