//! Bare addresses, which are no links.

use super::Failure;
use super::passage::Passage;

/// Reports `https://…` and `www.…` outside of links.
pub fn bare(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
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
