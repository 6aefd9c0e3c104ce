//! What is wrong with the content of a file, as its first bytes show: there is none, it is elsewhere, or it has another
//! format than the name says.

use super::file_format::{ExpectedFormat, FileFormat};
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;

/// How many bytes of the start of a file are looked at.
pub const HEAD: usize = 1024;
/// No stub is larger, in bytes.
const MAX_STUB: u64 = 4096;
/// The fewest zeros that are no content.
const MIN_ZEROS: usize = 16;

/// What the start of a file shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileContent {
    pub format: Option<FileFormat>,
    pub problem: Option<ContentProblem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentProblem {
    Empty,
    Stub(Stub),
    /// Another format than the extension says.
    OtherFormat(ExpectedFormat),
    /// The end of the file is missing.
    EndsEarly,
}

/// A file in place of the real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stub {
    GitLfs,
    GitAnnex,
    /// A symbolic link that git wrote as a text, as on Windows.
    GitSymlink,
    GitCrypt,
    ICloud,
    /// A link that a desktop or an office in the web opens.
    Shortcut,
    UnfinishedDownload,
    /// A program reserved the space and never wrote the content.
    Zeros,
}

/// The first line of a Git LFS pointer, and that of its predecessor.
const GIT_LFS: [&[u8]; 2] = [b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/"];
/// The first bytes of a file that git-crypt encrypted.
pub const GIT_CRYPT: &[u8] = b"\0GITCRYPT\0";
const SHORTCUT_ENDINGS: [&str; 11] =
    [".gdoc", ".gsheet", ".gslides", ".gdraw", ".gform", ".gsite", ".url", ".webloc", ".lnk", ".desktop", ".website"];
const DOWNLOAD_ENDINGS: [&str; 5] = [".crdownload", ".part", ".partial", ".download", ".opdownload"];
/// Empty files with these names have a meaning.
const MAY_BE_EMPTY: [&str; 2] = ["robots.txt", "humans.txt"];

impl FileContent {
    /// Looks at the first [`HEAD`] bytes of a file. `path` is below the site's folder, `length` that of the whole file.
    pub fn of(path: &str, head: &[u8], length: u64) -> FileContent {
        let name = path.rsplit('/').next().unwrap_or(path);
        let expected = ExpectedFormat::of_name(name);
        let format = FileFormat::of(head);
        if length == 0 {
            return FileContent { format, problem: (!may_be_empty(path, name)).then_some(ContentProblem::Empty) };
        }
        let has_text_name = expected.is_none_or(ExpectedFormat::is_text);
        let may_be_link = format == Some(FileFormat::Text) && !has_text_name;
        let problem = match Stub::of(name, head, length, may_be_link) {
            Some(stub) => Some(ContentProblem::Stub(stub)),
            None => expected.filter(|expected| !expected.allows(format)).map(ContentProblem::OtherFormat),
        };
        FileContent { format, problem }
    }

    /// Returns the error for a file without its content, or the warning for another format. `path` is below the site's
    /// folder.
    pub fn to_diagnostic(self, path: &str) -> Option<Diagnostic> {
        Some(match self.problem? {
            ContentProblem::Empty => Diagnostic::error(Rule::MissingContent, format!("`{path}` is empty"))
                .help("save or copy the file here again"),
            ContentProblem::Stub(stub) => stub.to_diagnostic(path),
            ContentProblem::OtherFormat(expected) => self.other_format(path, expected),
            ContentProblem::EndsEarly => {
                let format = self.format.map_or("file", |format| format.described());
                let message = format!("`{path}` is {format} without its end");
                Diagnostic::warning(Rule::WrongFileFormat, message)
                    .help("it was not copied or downloaded completely: copy it here again, and open it")
            }
        })
    }

    /// Returns whether the file has no content of its own.
    pub fn is_missing(self) -> bool {
        matches!(self.problem, Some(ContentProblem::Empty | ContentProblem::Stub(_)))
    }

    fn other_format(self, path: &str, expected: ExpectedFormat) -> Diagnostic {
        let expected = expected.formats.first().map_or("what its name says", |format| format.described());
        let message = match self.format {
            Some(format) => format!("`{path}` is {}, not {expected}", format.described()),
            None => format!("`{path}` is not {expected}"),
        };
        let diagnostic = Diagnostic::warning(Rule::WrongFileFormat, message);
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        match self.format.map(|format| (format, format.extension())) {
            Some((FileFormat::Html, _)) => diagnostic
                .help("open it in an editor: it may be a sign-in or error page that was saved in place of the file"),
            Some((FileFormat::Text, _)) => {
                diagnostic.help("open it in an editor: it may be an error message that was saved in place of the file")
            }
            Some((_, Some(extension))) => {
                let name = stem.rsplit('/').next().unwrap_or(stem);
                diagnostic.help(format!("rename it to `{name}.{extension}`, or save it in the other format"))
            }
            _ => diagnostic.help("copy the right file here, or rename it"),
        }
    }
}

impl Stub {
    /// Recognizes a stub. `may_be_link`: the file is a text, and its name says something else.
    pub fn of(name: &str, head: &[u8], length: u64, may_be_link: bool) -> Option<Stub> {
        let ends_in = |endings: &[&str]| {
            let ends = |ending: &&str| {
                let start = name.len().checked_sub(ending.len());
                start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
            };
            endings.iter().any(ends)
        };
        if ends_in(&DOWNLOAD_ENDINGS) {
            return Some(Stub::UnfinishedDownload);
        }
        if head.starts_with(GIT_CRYPT) {
            return Some(Stub::GitCrypt);
        }
        if head.len() >= MIN_ZEROS && head.iter().all(|byte| *byte == 0) {
            return Some(Stub::Zeros);
        }
        if length > MAX_STUB {
            return None;
        }
        if GIT_LFS.iter().any(|line| head.starts_with(line)) {
            return Some(Stub::GitLfs);
        }
        if name.starts_with('.') && ends_in(&[".icloud"]) {
            return Some(Stub::ICloud);
        }
        if ends_in(&SHORTCUT_ENDINGS) {
            return Some(Stub::Shortcut);
        }
        let target = std::str::from_utf8(head).ok()?;
        if target.starts_with("/annex/objects/") || target.contains(".git/annex/objects/") && is_one_path(target) {
            return Some(Stub::GitAnnex);
        }
        let is_link = may_be_link && is_one_path(target) && extension(target) == extension(name);
        is_link.then_some(Stub::GitSymlink)
    }

    /// Recognizes a pointer in place of a text.
    pub fn of_text(text: &str) -> Option<Stub> {
        GIT_LFS.iter().any(|line| text.as_bytes().starts_with(line)).then_some(Stub::GitLfs)
    }

    pub fn to_diagnostic(self, path: &str) -> Diagnostic {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (what, help) = match self {
            Stub::GitLfs => (
                "a pointer of Git LFS, not the file itself",
                "run `git lfs pull`; in CI, let the checkout fetch LFS files: `lfs: true` on GitHub, `git lfs pull` elsewhere"
                    .to_owned(),
            ),
            Stub::GitAnnex => ("a pointer of git-annex, not the file itself", format!("run `git annex get {name}`")),
            Stub::GitSymlink => (
                "the text of a symbolic link, not the file itself",
                "copy the file here, or run `git config core.symlinks true` and check the file out again".to_owned(),
            ),
            Stub::GitCrypt => ("encrypted by git-crypt", "run `git-crypt unlock`; in CI too".to_owned()),
            Stub::ICloud => (
                "a placeholder of iCloud, not the file itself",
                "download the file in Finder, and delete this one".to_owned(),
            ),
            Stub::Shortcut => (
                "a shortcut, which only works on your own computer or in your own account",
                "export or copy the file that it opens, for example as a PDF".to_owned(),
            ),
            Stub::UnfinishedDownload => {
                ("an unfinished download", "wait until it is complete, or download it again".to_owned())
            }
            Stub::Zeros => ("filled with zeros", "copy the file here again".to_owned()),
        };
        Diagnostic::error(Rule::MissingContent, format!("`{path}` is {what}")).help(help)
    }
}

/// Hidden files and those in `.well-known/` are marks for programs, such as `.nojekyll`; so are files without an extension.
fn may_be_empty(path: &str, name: &str) -> bool {
    let is_mark = name.starts_with('.') || !name.contains('.') || path.contains("/.well-known/");
    is_mark || MAY_BE_EMPTY.contains(&name)
}

/// Returns whether a text is nothing but a path with folders or a file name.
fn is_one_path(text: &str) -> bool {
    let text = text.strip_suffix('\n').unwrap_or(text);
    !text.is_empty() && text.trim() == text && !text.contains(|c: char| c.is_control() || "<>\"{}|".contains(c))
}

fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.trim_end().rsplit_once('.')?;
    Some(extension.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(path: &str, content: &[u8]) -> Option<ContentProblem> {
        FileContent::of(path, content, content.len() as u64).problem
    }

    #[test]
    fn stubs_are_recognized() {
        let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        for (path, content, stub) in [
            ("static/guide.pdf", &lfs[..], Stub::GitLfs),
            ("static/notes.txt", lfs, Stub::GitLfs),
            ("static/team.jpg", b"/annex/objects/SHA256E-s7--ab.jpg\n", Stub::GitAnnex),
            ("static/team.jpg", b"../.git/annex/objects/Zx/9k/SHA256E-s7--ab.jpg/SHA256E-s7--ab.jpg", Stub::GitAnnex),
            ("content/guide.pdf", b"../shared/guide.pdf", Stub::GitSymlink),
            ("content/guide.pdf", b"Guide 2027 (final).PDF", Stub::GitSymlink),
            ("static/guide.pdf", b"\0GITCRYPT\0\x01\x02", Stub::GitCrypt),
            ("static/.guide.pdf.icloud", b"bplist00\xd3", Stub::ICloud),
            ("static/plan.gdoc", b"{\"url\": \"https://docs.google.com/\"}", Stub::Shortcut),
            ("static/plan.URL", b"[InternetShortcut]\n", Stub::Shortcut),
            ("static/guide.pdf.crdownload", b"%PDF-1.7", Stub::UnfinishedDownload),
            ("static/guide.pdf", &[0; 40], Stub::Zeros),
        ] {
            assert_eq!(problem(path, content), Some(ContentProblem::Stub(stub)), "{path}");
        }
    }

    #[test]
    fn sound_files_have_no_problem() {
        for (path, content) in [
            ("static/guide.pdf", &b"%PDF-1.7 see ../shared/guide.pdf"[..]),
            ("static/paths.txt", b"../shared/guide.txt"),
            ("static/about-lfs.txt", b"A pointer begins with version https://git-lfs.github.com/spec/v1"),
            ("static/.nojekyll", b""),
            ("static/robots.txt", b""),
            ("static/CNAME", b"kazi.example"),
            ("static/.well-known/proof.txt", b""),
            ("static/favicon.ico", b"\x89PNG\r\n\x1a\n"),
            ("static/old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("static/locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("static/clip.mp4", b"\0\0\0\x14ftypqt  \0\0\0\0qt  "),
            ("static/data.bin", &[1, 0, 0]),
            ("static/widget.js", b"<!-- old browsers"),
        ] {
            assert_eq!(problem(path, content), None, "{path}");
        }
    }

    #[test]
    fn content_of_another_format_is_named() {
        for (path, content, message) in [
            (
                "static/guide.pdf",
                &b"<!doctype html><title>Sign in"[..],
                "`static/guide.pdf` is an HTML page, not a PDF",
            ),
            ("static/guide.pdf", b"PK\x03\x04", "`static/guide.pdf` is a ZIP file, not a PDF"),
            ("static/guide.pdf", b"\x01\x02\x03\x04", "`static/guide.pdf` is not a PDF"),
            ("static/guide.pdf", b"{\"error\": 403}", "`static/guide.pdf` is a text, not a PDF"),
            ("static/team.jpg", b"\x89PNG\r\n\x1a\n", "`static/team.jpg` is a PNG picture, not a JPEG picture"),
            ("static/prices.csv", b"PK\x03\x04", "`static/prices.csv` is a ZIP file, not a text"),
            ("static/site.css", b"<html><head>", "`static/site.css` is an HTML page, not a text"),
        ] {
            let content = FileContent::of(path, content, content.len() as u64);
            assert_eq!(content.to_diagnostic(path).unwrap().message, message);
        }
    }
}
