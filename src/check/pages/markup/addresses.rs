//! Bare addresses of pages and people, which are no links.

use super::Failure;
use super::passage::Passage;

/// Reports `https://…` and `www.…` outside of links.
pub fn bare(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    if passage.is_in_empty_video {
        return failures;
    }
    for run in passage.runs.iter().filter(|run| !run.in_link) {
        let text = &passage.text[run.range.clone()];
        for (at, word) in words(text) {
            let Some(offset) = ["https://", "http://", "www."].iter().filter_map(|start| word.find(start)).min() else {
                continue;
            };
            let before = word[..offset].chars().next_back();
            let address = without_end(&word[offset..]);
            let host = address.trim_start_matches("https://").trim_start_matches("http://");
            if before.is_some_and(char::is_alphanumeric) || !host.trim_start_matches("www.").contains('.') {
                continue;
            }
            let start = run.range.start + at + offset;
            let scheme = if address.starts_with("www.") { "https://" } else { "" };
            let help = format!("write `[text of the link]({scheme}{address})`");
            failures.push(Failure::new(start, start + address.len(), "this address is no link", help));
        }
    }
    failures
}

/// Reports `hello@kazi.co.ke` and `<kazi.co.ke>` outside of links.
pub fn people_and_hosts(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for run in passage.runs.iter().filter(|run| !run.in_link) {
        for (at, word) in words(&passage.text[run.range.clone()]) {
            let start = run.range.start + at;
            failures.extend(person(passage, start, word).or_else(|| host_in_brackets(start, word)));
        }
    }
    failures
}

fn person(passage: &Passage, start: usize, word: &str) -> Option<Failure> {
    let at = word.find('@').filter(|_| !word.contains('/'))?;
    let is_local = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let is_of_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let first = at - word[..at].chars().rev().take_while(is_local).count();
    let after = &word[at + 1..];
    let host = &after[..after.find(|c| !is_of_host(c)).unwrap_or(after.len())];
    let host = host.trim_end_matches(['.', '-']);
    let (name, ending) = host.rsplit_once('.')?;
    let is_host = ending.len() > 1 && ending.chars().all(char::is_alphabetic) && name.starts_with(char::is_alphabetic);
    if !is_host || first == at || passage.is_escaped(start + at) {
        return None;
    }
    let end = at + 1 + host.len();
    let help = format!("write `<{}>`, or a backslash before `@` if it should not be a link", &word[first..end]);
    Some(Failure::new(start + first, start + end, "this e-mail address is no link", help))
}

/// `<kazi.co.ke>`, which needs `https://`.
fn host_in_brackets(start: usize, word: &str) -> Option<Failure> {
    let open = word.find('<')?;
    let inner = &word[open + 1..open + 1 + word[open + 1..].find('>')?];
    let (name, ending) = inner.split('/').next()?.rsplit_once('.')?;
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let is_ending = ending.len() > 1 && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    let end = start + open + inner.len() + "<>".len();
    let help = format!("write `[text of the link](https://{inner})`");
    let is_host = !name.is_empty() && is_plain(name) && is_ending;
    is_host.then(|| Failure::new(start + open, end, "this address is no link", help))
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Returns an address without the punctuation of its sentence.
fn without_end(address: &str) -> &str {
    let end =
        address.find(['<', '>', '"', '“', '”', '«', '»', '[', ']', '*', '`', '。', '、']).unwrap_or(address.len());
    let address = address[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '…']);
    match address.strip_suffix(')') {
        Some(inner) if !inner.contains('(') => inner,
        _ => address,
    }
}
