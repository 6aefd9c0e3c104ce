//! What a published file is: its place in the order of uploads, its type, and how long browsers may keep it.

use crate::model::gate::GATED_FOLDER;

/// The classes of files, in the order in which they are published. A page comes after everything that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileClass {
    /// Its name has a digest of its content, so it never changes.
    NamedByContent,
    Other,
    Page,
    /// The sitemap, feeds and `robots.txt`, which list pages.
    Index,
}

/// Who may read what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: the site.
    Public,
    /// Sales: the lead desk.
    Private,
}

/// The types of files that `mime_guess` does not have, or has without the encoding.
const TYPES: [(&str, &str); 4] = [
    ("ics", "text/calendar; charset=utf-8"),
    ("webmanifest", "application/manifest+json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
];

impl FileClass {
    /// Returns the class of a file by its path in the site.
    pub fn of(path: &str) -> FileClass {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        if matches!(name, "sitemap.xml" | "feed.xml" | "robots.txt") {
            return FileClass::Index;
        }
        if is_page(path) {
            return FileClass::Page;
        }
        if is_gated(path) || has_digest(name) { FileClass::NamedByContent } else { FileClass::Other }
    }
}

/// Returns the `Cache-Control` of a file.
pub fn cache_control(path: &str, audience: Audience) -> &'static str {
    match (audience, FileClass::of(path)) {
        (Audience::Private, _) => "private, no-cache",
        (Audience::Public, FileClass::NamedByContent) => "public, max-age=31536000, immutable",
        (Audience::Public, FileClass::Page) => "public, max-age=60",
        (Audience::Public, FileClass::Other | FileClass::Index) => "public, max-age=300",
    }
}

/// Returns the `Content-Type` of a file. Stores have none that fits by themselves.
pub fn content_type(path: &str) -> String {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    if let Some((_, mime)) = TYPES.iter().find(|(known, _)| *known == extension) {
        return (*mime).to_owned();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = mime.type_() == "text"
        || matches!(mime.essence_str(), "application/json" | "application/xml" | "image/svg+xml");
    match is_text {
        true => format!("{}; charset=utf-8", mime.essence_str()),
        false => mime.essence_str().to_owned(),
    }
}

pub fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

/// Returns true for files whose addresses are not public: files behind forms, and thank-you pages with what is beside them.
pub fn is_hidden(path: &str) -> bool {
    is_gated(path) || path.starts_with("thanks/") || path.contains("/thanks/")
}

/// Returns true for files that configure a web server. An object store would only show them to everybody.
pub fn is_for_servers(path: &str) -> bool {
    matches!(path, "_headers" | "_headers.nginx" | "_headers.caddy" | "_redirects")
}

fn is_gated(path: &str) -> bool {
    path.strip_prefix(GATED_FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// `team.3f2a9c1b0d.jpg` and `arrival.3f2a9c1b0d.640.webp`: ten digits of a digest between dots.
fn has_digest(name: &str) -> bool {
    let mut parts = name.split(['.', '-']).skip(1);
    parts.any(|part| part.len() == 10 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_after_their_files_and_before_the_sitemap() {
        let order = ["theme/site.3f2a9c1b0d.css", "logo.png", "spring/index.html", "de/feed.xml"].map(FileClass::of);
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{order:?}");
        assert_eq!(FileClass::of("get/0123/guide.pdf"), FileClass::NamedByContent);
        assert_eq!(FileClass::of("getaway.pdf"), FileClass::Other);
    }

    #[test]
    fn files_behind_forms_and_thank_you_pages_are_hidden() {
        for hidden in
            ["get/00/guide.pdf", "spring/thanks/guide/index.html", "thanks/hello/index.html", "a/thanks/seat/seat.ics"]
        {
            assert!(is_hidden(hidden), "{hidden}");
        }
        for public in ["index.html", "thanks.html", "no-thanks/index.html", "getting/index.html"] {
            assert!(!is_hidden(public), "{public}");
        }
    }

    #[test]
    fn types_have_their_encoding() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("seat.ics", "text/calendar; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.pdf", "application/pdf"),
            ("a.webp", "image/webp"),
            ("unknown", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
    }
}
