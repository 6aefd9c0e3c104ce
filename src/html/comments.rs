//! Removes comments from HTML.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::tags::{Markup, Tags, comment_length};

/// Returns HTML without its comments. What looks like a comment in an attribute, and in the text of `<script>` and the
/// like, stays.
pub fn without_comments(html: &str) -> Cow<'_, str> {
    if !html.contains("<!--") {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut from = 0;
    let mut tags = Tags::of(html);
    let mut gap = 0;
    loop {
        let tag = tags.next_tag();
        let end = tag.as_ref().map_or(html.len(), |tag| tag.range.start);
        for comment in comments(html, gap..end) {
            text.push_str(&html[from..comment.start]);
            // `&am<!-- -->p;` would become an ampersand, and `<<!-- -->b>` a tag.
            if text.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '&' | '#' | '<' | '/')) {
                text.push_str("<!---->");
            }
            from = comment.end;
        }
        let Some(tag) = tag else { break };
        gap = tag.range.end + tag.content.len();
    }
    text.push_str(&html[from..]);
    Cow::Owned(text)
}

/// Returns the comments in a part of HTML that has no whole tags.
fn comments(html: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = part.start;
    while let Some(start) = memchr(b'<', &html.as_bytes()[at..part.end]).map(|offset| at + offset) {
        let rest = &html[start..];
        at = match Markup::at_start_of(rest) {
            Markup::Text => start + 1,
            Markup::Comment => start + comment_length(rest),
            // A tag without an end takes the rest.
            Markup::StartTag | Markup::EndTag => return comments,
        };
        if rest.starts_with("<!--") {
            comments.push(start..at);
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_browsers_read_as_a_comment_is_removed() {
        for (html, expected) in [
            ("<p>a <!-- b --> c</p>", "<p>a  c</p>"),
            ("<!--><b>a</b><!-- b --!><i>c</i>", "<b>a</b><i>c</i>"),
            ("<style>a{}<!-- b --></style><!-- c -->", "<style>a{}<!-- b --></style>"),
            ("<script>x = '<!--'</script><p>a</p>", "<script>x = '<!--'</script><p>a</p>"),
            ("<textarea><!-- a --></textarea>", "<textarea><!-- a --></textarea>"),
            ("<a title=\"<!-- b -->\">c</a>", "<a title=\"<!-- b -->\">c</a>"),
            ("<p>&am<!-- a -->p;</p>", "<p>&am<!---->p;</p>"),
            ("a <!-- b", "a "),
            ("<a title=\"<!-- b -->", "<a title=\"<!-- b -->"),
            ("<!x <!-- a --> b", "<!x <!-- a --> b"),
        ] {
            assert_eq!(without_comments(html), expected, "{html}");
        }
    }
}
