//! `thanks` of a call to action: what visitors read after they have sent its form.

use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::TEXT;
use crate::yaml::values::{located_text, text};
use crate::yaml::{Entries, Key, Mapping, Node, YamlReader};

/// The author's texts of a thank-you page. At least one is given.
#[derive(Clone, Debug)]
pub struct Thanks {
    /// The heading.
    pub title: Option<String>,
    /// Markdown.
    pub text: Option<Located<String>>,
    pub span: Span,
}

pub static KEYS: Mapping = Mapping::new(
    "`thanks`",
    &[
        Key::optional("title", TEXT, "The heading of the thank-you page. Left out: \"Thank you\" in the page's language."),
        Key::optional(
            "text",
            TEXT,
            "What the thank-you page says, instead of what its kind says: Markdown, with links, pictures and calls to action of \
             any campaign.",
        )
        .rules(&[Rule::BadThanks]),
    ],
);

impl Thanks {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Thanks> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let title = entries.read(reader, "title", text);
        let body = entries.read(reader, "text", located_text);
        let is_empty = !entries.has("title") && !entries.has("text") && !entries.has_unknown_key();
        if is_empty && !reader.partial {
            let label = "write a `title`, a `text` or both";
            reader.error(Rule::BadThanks, entries.first_line(reader), "`thanks` says nothing", label);
        }
        entries.finish(reader);
        Some(Thanks { title, text: body, span: node.span })
    }
}
