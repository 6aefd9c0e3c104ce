//! Paths of pages and files in the built site.

use std::fmt;

use percent_encoding::utf8_percent_encode;

use super::code::ShortCode;
use super::slug::Slug;
use super::url_encoding::PATH;
use super::variant::Version;
use crate::source::is_one_line;

/// The folder of a theme's files in the built site.
pub const THEME_FOLDER: &str = "theme";

/// An unencoded path in the built site: `` for the home page, `spring-hiring/`, `robots.txt`. It has no empty, `.` or
/// `..` part and no backslash, so it cannot leave the output folder. It has no character that texts may not have, and no
/// tab or line end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SitePath(Box<str>);

impl SitePath {
    pub fn home() -> SitePath {
        SitePath(Box::default())
    }

    /// Makes a path from a literal.
    ///
    /// # Panics
    ///
    /// Panics if the literal is not a valid path. That is a bug which every build would show.
    pub fn fixed(path: &'static str) -> SitePath {
        SitePath::parse(path).unwrap_or_else(|| panic!("`{path}` is not a path of a site"))
    }

    /// Parses a path with `/` between its parts. Returns `None` if a part could leave the site.
    pub fn parse(path: &str) -> Option<SitePath> {
        let bare = path.strip_suffix('/').unwrap_or(path);
        let safe = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\') && is_one_line(part);
        (path.is_empty() || bare.split('/').all(safe)).then(|| SitePath(path.into()))
    }

    /// Returns the path of a page below this one: `via/` and a channel below `spring-hiring/`.
    pub fn page(&self, folder: &'static str, id: &impl PathPart) -> SitePath {
        SitePath(format!("{}{folder}/{id}/", self.0).into())
    }

    /// Returns the path of a file in a folder, or `None` if that is no valid path.
    pub fn in_folder(folder: &'static str, file: &str) -> Option<SitePath> {
        SitePath::parse(&format!("{folder}/{file}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of the file on disk. For a page, this is `index.html` in the page's folder.
    pub fn file(&self) -> String {
        match self.0.is_empty() || self.0.ends_with('/') {
            true => format!("{}index.html", self.0),
            false => self.0.to_string(),
        }
    }

    /// Returns the percent-encoded path without a leading `/`.
    pub fn relative(&self) -> String {
        self.after("")
    }

    /// Returns the percent-encoded path after `base`.
    pub fn after(&self, base: &str) -> String {
        let mut address = String::with_capacity(base.len() + self.0.len());
        address.push_str(base);
        // Most paths need no encoding, and there are several addresses on each page.
        match self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)) {
            true => address.push_str(&self.0),
            false => address.extend(utf8_percent_encode(&self.0, PATH)),
        }
        address
    }
}

/// An id that is a valid part of every path.
pub trait PathPart: fmt::Display {}

impl PathPart for Slug {}
impl PathPart for Version {}
impl PathPart for ShortCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_cannot_leave_the_site() {
        for bad in ["../x", "a/../b", "/etc", "a//b", "a\\b", ".", "a/./b", "a\nb", "a\tb", "\0", "a\u{1b}", "\u{fdd0}"]
        {
            assert_eq!(SitePath::parse(bad), None, "{bad}");
        }
        assert_eq!(SitePath::parse("a/b/").map(|path| path.file()), Some("a/b/index.html".into()));
    }
}
