//! What the contents of a block consist of: figures, the columns of a table, questions with answers, links to videos.

use url::Url;

use crate::model::body::{Block, Node};
use crate::model::host::Host;
use crate::resolve::Target;

/// Returns the HTML of nodes, with the tags that matter for links, pictures and blocks.
pub fn flat_html(nodes: &[Node]) -> String {
    let mut out = String::new();
    push_flat(nodes, &mut out);
    out
}

fn push_flat(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Html(html) => out.push_str(html),
            Node::RawHtml { html, .. } => out.push_str(html),
            Node::Image { .. } => out.push_str("<img>"),
            Node::Block(_) => out.push_str("<div>"),
            Node::Link { content, .. } => {
                out.push_str("<a>");
                push_flat(content, out);
            }
            Node::TopHeading { content, .. } => {
                out.push_str("<h1 >");
                push_flat(content, out);
                out.push_str("</h1>");
            }
        }
    }
}

/// Whether there is a list, and each of its items has bold text. Lists within an item do not count.
pub fn has_figures(html: &str) -> bool {
    let mut items = 0;
    let mut depth = 0_usize;
    for part in html.split_inclusive("<li>") {
        let opened = part.matches("<ul>").count() + part.matches("<ol").count();
        let closed = part.matches("</ul>").count() + part.matches("</ol>").count();
        if items > 0 && depth == 1 && !part.contains("<strong>") {
            return false;
        }
        depth = (depth + opened).saturating_sub(closed);
        items += usize::from(part.ends_with("<li>"));
    }
    items > 0
}

/// Whether there is a table with at least two columns and a row.
pub fn has_comparison(html: &str) -> bool {
    html.split("<table>").skip(1).any(|table| {
        let (head, body) = table.split_once("</thead>").unwrap_or((table, ""));
        // An empty cell of the head is a `td`.
        let cells = ["<th>", "<th ", "<td>", "<td "].iter().map(|tag| head.matches(tag).count()).sum::<usize>();
        cells > 1 && body.contains("<td")
    })
}

/// Returns what is wrong with a block of questions that has `###` headings: a message and its help.
pub fn bad_questions(html: &str) -> Option<(String, &'static str)> {
    let mut sections = html.split("<h3 ");
    let lead = sections.next().unwrap_or_default();
    // Bold text that is a whole paragraph.
    let bold_questions = |part: &str| {
        let bold = part.split("<p><strong>").skip(1).filter_map(|bold| bold.split_once("</strong></p>"));
        bold.filter(|(text, _)| !text.contains("</strong>") && text.trim_end().ends_with(['?', '？', '؟'])).count()
    };
    // Below a heading, one may be the sentence that introduces the questions.
    let introduced = usize::from(lead.contains("<h2 "));
    if bold_questions(lead) > introduced || sections.clone().any(|section| bold_questions(section) > 0) {
        let help = "write each question as `### Question`, with its answer below";
        return Some(("some questions of this block are bold text, and stay outside of the list".to_owned(), help));
    }
    for section in sections {
        let (heading, answer) = section.split_once("</h3>").unwrap_or((section, ""));
        if ["<h1 ", "<h2 "].iter().any(|tag| answer.contains(tag)) {
            let help = "close the block before it, or write it above the first question";
            return Some(("a heading in this block is hidden in the answer above it".to_owned(), help));
        }
        if answer
            .split_once("<hr")
            .is_some_and(|(_, below)| !is_empty(below.split_once('>').map_or("", |(_, rest)| rest)))
        {
            let help = "close the block before the line";
            return Some(("the text below a line is hidden in the answer above it".to_owned(), help));
        }
        if is_empty(answer) {
            let question = text_of(heading.split_once('>').map_or("", |(_, text)| text));
            return Some((format!("the question `{question}` has no answer"), "write the answer below it"));
        }
    }
    None
}

fn is_empty(html: &str) -> bool {
    let has_content = ["<img", "<a>", "<div", "<hr", "<video", "<iframe"].iter().any(|tag| html.contains(tag));
    !has_content && text_of(html).is_empty()
}

fn text_of(html: &str) -> String {
    let text: String = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.trim().chars().take(60).collect()
}

/// Returns the links around the pictures of a block.
pub fn picture_links(block: &Block) -> impl Iterator<Item = usize> {
    block.content.iter().filter_map(|node| match node {
        Node::Link { link, content, .. } if matches!(content[..], [Node::Image { .. }]) => Some(*link),
        _ => None,
    })
}

/// Returns what a link of a `video` leads to, if a player cannot show it.
pub fn not_a_video(target: &Target) -> Option<&'static str> {
    match target {
        Target::Page { .. } | Target::Cta { .. } | Target::Ended { .. } => Some("a page of this site"),
        Target::Picture(_) => Some("a picture"),
        Target::Contact(_) => Some("an e-mail address or a phone number"),
        Target::File { path, .. } => (!is_video_file(path.as_str())).then_some("a file that is no video"),
        Target::Web(url) => not_one_video(&Url::parse(url).ok()?),
        // An error is already reported.
        Target::Text => None,
    }
}

fn is_video_file(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".mp4", ".webm", ".m4v", ".mov", ".ogv"].iter().any(|ending| path.ends_with(ending))
}

/// Other hosts than YouTube and Vimeo may show a video on any page.
fn not_one_video(url: &Url) -> Option<&'static str> {
    let host = Host::of_url(url)?;
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if host.is_in("youtube.com") {
        let has_id = url.query_pairs().any(|(name, value)| name == "v" && !value.is_empty());
        let is_video = has_id || matches!(parts[..], ["embed" | "shorts" | "live" | "v", _, ..]);
        let is_list = url.query_pairs().any(|(name, _)| name == "list");
        return (!is_video).then_some(if is_list { "a playlist" } else { "a page of YouTube that is no video" });
    }
    if host.is_in("youtu.be") {
        return parts.is_empty().then_some("a page of YouTube that is no video");
    }
    let has_number = || parts.iter().any(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (host.is_in("vimeo.com") && !has_number()).then_some("a page of Vimeo that is no video")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_columns_are_counted() {
        for (html, is_list) in [
            ("<ul>\n<li><strong>9</strong></li>\n<li>a <strong>8</strong></li>\n</ul>", true),
            ("<ul>\n<li><strong>9</strong>\n<ul>\n<li>a</li>\n</ul>\n</li>\n<li><strong>8</strong></li>\n</ul>", true),
            ("<ol start=\"3\">\n<li><strong>9</strong></li>\n</ol>", true),
            ("<ul>\n<li><strong>9</strong></li>\n<li>a</li>\n</ul>", false),
            ("<ul>\n<li>a</li>\n<li><strong>9</strong></li>\n</ul>", false),
            ("<p><strong>9</strong></p>", false),
        ] {
            assert_eq!(has_figures(html), is_list, "{html}");
        }
        for (html, is_comparison) in [
            ("<table><thead><tr><td></td><th>a</th></tr></thead><tbody>\n<tr><td>b</td><td>c</td></tr>", true),
            ("<table><thead><tr><th>a</th><th class=\"align-right\">b</th></tr></thead><tbody>\n<tr><td>b</td>", true),
            ("<table><thead><tr><th>a</th></tr></thead><tbody>\n<tr><td>b</td></tr>", false),
            ("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n</tbody></table>", false),
        ] {
            assert_eq!(has_comparison(html), is_comparison, "{html}");
        }
    }

    #[test]
    fn address_of_one_video_is_accepted() {
        for (url, is_video) in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", true),
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLx", true),
            ("https://youtu.be/dQw4w9WgXcQ?t=3", true),
            ("https://m.youtube.com/shorts/dQw4w9WgXcQ", true),
            ("https://www.youtube.com/embed/dQw4w9WgXcQ", true),
            ("https://vimeo.com/76979871", true),
            ("https://vimeo.com/76979871/abcdef", true),
            ("https://vimeo.com/channels/staffpicks/76979871", true),
            ("https://www.loom.com/share/x", true),
            ("https://kazi.example/film.mp4", true),
            ("https://www.youtube.com/playlist?list=PLx", false),
            ("https://www.youtube.com/@kazi", false),
            ("https://www.youtube.com/watch", false),
            ("https://youtu.be/", false),
            ("https://vimeo.com/kazi", false),
        ] {
            assert_eq!(not_one_video(&Url::parse(url).unwrap()).is_none(), is_video, "{url}");
        }
    }
}
