//! Links and images that the parser did not take for one.

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
        let reversed = text.match_indices(")[").filter(|(at, _)| !passage.is_escaped(start + at));
        failures.extend(reversed.filter_map(|(at, _)| reversed_link(passage, start + at)));
    }
    failures
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
        address if address.contains(char::is_whitespace) => format!("write `{text}<{address}>)`"),
        _ => "a link cannot be inside of another link".to_owned(),
    };
    Some(Failure::new(start, end, message, help))
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
    if label.chars().all(|c| c.is_numeric() || c.is_whitespace()) || passage.text[start..at].len() < 3 {
        return None;
    }
    let help = format!("write its address on a line of its own: `[{label}]: https://…`");
    Some(Failure::new(start, at + "][".len() + label.len() + 1, "this link is shown as text", help))
}

/// `[[page]]` at its `]]`.
fn wiki_link(passage: &Passage, at: usize) -> Option<Failure> {
    let line = passage.source_line(at);
    let start = line.start + passage.text[line.start..at].rfind("[[")?;
    let name = passage.text[start + "[[".len()..at].split('|').next().unwrap_or_default();
    let is_name = !name.is_empty() && !name.contains(['[', ']', '"', ',']);
    let help = format!("write `[{name}](/{}.md)`, with the file of the page", name.to_lowercase().replace(' ', "-"));
    is_name.then(|| Failure::new(start, at + "]]".len(), "this link is shown as text", help))
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
