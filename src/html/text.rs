//! Converts HTML that Markdown made to plain text.

use super::tags::{Tags, comment_length};

/// Returns the text of `html`, with one line for each paragraph, heading and list item. Footnotes are left out.
pub fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut copied = 0;
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_tag() {
        push_text(&mut text, &html[copied..tag.range.start]);
        copied = tag.range.end;
        if let Some(end_tag) = end_of_footnote(&html[tag.range.clone()])
            && let Some(length) = html[copied..].find(end_tag)
        {
            copied += length + end_tag.len();
            tags.skip_to(copied);
        }
        match tag.name {
            "p" | "br" | "li" | "ul" | "ol" | "tr" | "table" | "pre" | "blockquote" | "div" | "hr" => text.push('\n'),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "dd" => text.push('\n'),
            "td" | "th" => text.push(' '),
            _ => {}
        }
    }
    push_text(&mut text, &html[copied..]);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    unescaped(&lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// Appends what is between two tags, without comments.
fn push_text(out: &mut String, mut text: &str) {
    while let Some(comment) = text.find("<!") {
        out.push_str(&text[..comment].replace('\n', " "));
        text = &text[comment + comment_length(&text[comment..])..];
    }
    // A line break in the source is a space. Visible line breaks are elements.
    out.push_str(&text.replace('\n', " "));
}

/// Returns the end tag of a footnote's number or of a footnote.
fn end_of_footnote(tag: &str) -> Option<&'static str> {
    match tag {
        _ if tag.starts_with("<sup class=\"footnote-") => Some("</sup>"),
        _ if tag.starts_with("<div class=\"footnote-definition\"") => Some("</div>"),
        _ => None,
    }
}

fn unescaped(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'")];
    let text = entities.into_iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c));
    // `&amp;` comes last, because `&amp;lt;` is the text `&lt;`.
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_a_line_for_each_paragraph_and_item() {
        for (html, text) in [
            ("<p>One\ntwo.</p>\n<p>Three <em>four</em>.</p>\n", "One two.\nThree four."),
            ("<p>Either</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "Either\na\nb"),
            ("<p>a<br>\nb</p>", "a\nb"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<p>&lt;b&gt; &quot;x&quot; &amp;lt; &amp;amp;</p>", "<b> \"x\" &lt; &amp;"),
            ("<p>a<!-- <b> -->b</p>\n", "ab"),
            ("<p></p>\n", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn plain_text_has_no_footnotes() {
        let html = "<p>Six roles<sup class=\"footnote-reference\" id=\"fnref-1\"><a href=\"#fn-1\">1</a></sup>.</p>\n\
                    <div class=\"footnote-definition\" id=\"fn-1\"><sup class=\"footnote-definition-label\">1</sup> \
                    <p>In 2026.</p>\n</div>\n";
        assert_eq!(plain(html), "Six roles.");
    }
}
