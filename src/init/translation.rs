//! The file of a new translation, with the text of the original in comments.

use super::write::NewFile;
use crate::model::page::Page;
use crate::model::variant::Language;
use crate::source::SourceText;

/// Returns the file that translates a page. It is a draft, and remembers which text of the original it translates. `digest`
/// is that of the original.
pub fn file(page: &Page, original: &SourceText, digest: &str, language: &Language) -> NewFile {
    let stem = page.file.strip_suffix(".md").unwrap_or(&page.file);
    let title = serde_json::Value::from(page.front.title.value.as_str());
    let lines = original.text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n");
    let comments: String = lines.collect();
    let text = format!(
        "---\n\
         title: {title}\n\
         draft: true\n\
         original: {digest}\n\
         # Translate the title and the texts, and delete the line `draft: true`. Write only the keys that differ: campaign,\n\
         # channels, days and kinds are those of the original, which follows.\n\
         #\n\
         {comments}\
         ---\n\
         \n\
         # {}\n",
        page.front.title.value
    );
    NewFile { path: format!("content/{stem}.{language}.md"), bytes: text.into_bytes() }
}
