//! Edits of a site while it is served.

use std::fs;

use crate::support::Site;
use crate::support::server::Server;

pub fn page_with_heading(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\n---\n\n# {title}\n\n{text}\n")
}

/// The small site with the page `/guide/`.
pub fn site_with_guide() -> Site {
    Site::new().file("content/guide/index.md", &page_with_heading("The guide", "How we hire."))
}

/// Makes a change and waits for it. Earlier changes that cause no update have had their time by then.
pub fn wait_for_marker(site: &Site, server: &Server) {
    save(site, "content/mark.md", page_with_heading("Mark", "Here."));
    server.wait_for_text("/mark/", "Here.");
}

/// Writes a file in one step, so that a partial file is never read.
pub fn save(site: &Site, path: &str, text: impl AsRef<[u8]>) {
    let staged = site.root().with_file_name("staged");
    fs::write(&staged, text).unwrap();
    let path = site.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::rename(staged, path).unwrap();
}
