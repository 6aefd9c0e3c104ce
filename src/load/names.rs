//! The names of a site's files and folders, and what they say about a file.

use crate::model::variant::Language;

/// The site's settings, below the root.
pub const SITE_FILE: &str = "site.yaml";
/// The tag register, below the root.
pub const REGISTER_FILE: &str = "lead-tags.csv";
/// The checksums of the tag register's rows, beside it.
pub const CHECKSUM_FILE: &str = "lead-tags.sum";
/// What became of the leads, as `tagline report` wrote it, below the root.
pub const FIGURES_FILE: &str = "lead-figures.csv";
/// The folders of a site.
pub const FOLDERS: [&str; 3] = ["content", "static", "themes"];

/// Returns whether a file is skipped: hidden files and leftovers of editors. `static/` is copied with its hidden files.
pub fn is_ignored(name: &str, in_static: bool) -> bool {
    let is_junk = matches!(name, ".DS_Store" | "Thumbs.db");
    is_junk || !in_static && (name.starts_with('.') || name.ends_with('~') || name.starts_with('#'))
}

/// Returns whether a Markdown file below `content/` has notes for sales: `sales.md`, `offer.sales.md`, `sales.de.md`. It is
/// never published.
pub fn is_sales_note(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".md") else { return false };
    is_note_stem(stem)
        || stem.rsplit_once('.').is_some_and(|(stem, end)| is_note_stem(stem) && Language::parse(end).is_some())
}

fn is_note_stem(stem: &str) -> bool {
    stem == "sales" || stem.ends_with(".sales")
}

/// Returns whether a file of a theme is read as text, so that errors in it have a location.
pub fn is_theme_text(path: &str) -> bool {
    [".html", ".css", ".yaml"].iter().any(|ending| path.ends_with(ending))
}

/// Returns whether a file of `content/` or `static/` is an HTML page, which is published unchanged.
pub fn is_html(path: &str) -> bool {
    [".html", ".htm"].iter().any(|ending| path.ends_with(ending))
}
