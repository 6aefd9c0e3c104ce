//! Codes of emoji, such as `:tada:`, which chats and other programs replace.

use std::sync::LazyLock;

use regex::Regex;

use super::Failure;
use super::passage::Passage;

/// The codes that people write most, with their emoji.
const KNOWN: [(&str, &str); 40] = [
    ("+1", "👍"),
    ("-1", "👎"),
    ("100", "💯"),
    ("arrow_right", "➡️"),
    ("bell", "🔔"),
    ("blush", "😊"),
    ("boom", "💥"),
    ("bulb", "💡"),
    ("calendar", "📆"),
    ("chart_with_upwards_trend", "📈"),
    ("clap", "👏"),
    ("email", "📧"),
    ("eyes", "👀"),
    ("fire", "🔥"),
    ("gift", "🎁"),
    ("grin", "😁"),
    ("hand", "✋"),
    ("heart", "❤️"),
    ("heavy_check_mark", "✔️"),
    ("joy", "😂"),
    ("link", "🔗"),
    ("lock", "🔒"),
    ("mega", "📣"),
    ("moneybag", "💰"),
    ("muscle", "💪"),
    ("ok_hand", "👌"),
    ("phone", "☎️"),
    ("point_right", "👉"),
    ("pray", "🙏"),
    ("rocket", "🚀"),
    ("smile", "😄"),
    ("smiley", "😃"),
    ("sparkles", "✨"),
    ("star", "⭐"),
    ("tada", "🎉"),
    ("thumbsup", "👍"),
    ("warning", "⚠️"),
    ("wave", "👋"),
    ("white_check_mark", "✅"),
    ("x", "❌"),
];

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r":([a-z][a-z0-9_]*|\+1|-1|100):").ok());

/// Reports codes of emoji.
pub fn codes(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (start, text) in passage.texts().filter(|(_, text)| text.contains(':')) {
        for found in CODE.iter().flat_map(|code| code.find_iter(text)) {
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '@');
            let before = text[..found.start()].chars().next_back();
            let after = text[found.end()..].chars().next();
            let name = found.as_str().trim_matches(':');
            let emoji = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, emoji)| *emoji);
            let is_part = before.is_some_and(is_word) || after.is_some_and(is_word);
            if is_part || emoji.is_none() && name.len() < 3 || passage.is_escaped(start + found.start()) {
                continue;
            }
            let help = match emoji {
                Some(emoji) => format!("write the emoji itself: {emoji}"),
                None => "write the emoji itself, or remove the code".to_owned(),
            };
            let message = "this code of an emoji is shown as text";
            failures.push(Failure::new(start + found.start(), start + found.end(), message, help));
        }
    }
    failures
}
