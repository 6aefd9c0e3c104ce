//! Problems of published files as such: what is in `static/` is published without a reference, and names that do not
//! work everywhere.

use super::robots_txt;
use super::site_references::SiteReferences;
use crate::characters::{self, Spaces, first_disguised, first_hidden};
use crate::diagnostics::Diagnostic;
use crate::load::Sources;
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::rules::Rule;

/// The devices of Windows, which are no file names there, with any extension.
const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];
/// Characters with a meaning in addresses.
const UNSAFE_CHARACTERS: &str = "#?%";
/// Characters that no file name has on Windows.
const NOT_ON_WINDOWS: &str = ":<>|\"*\\";

/// Reports files of `static/` whose content is missing or has another format. Files that a page links to are skipped: they
/// are reported at the link.
pub fn bad_contents(sources: &Sources, references: &SiteReferences) -> Vec<Diagnostic> {
    let with_problem = sources.static_files.iter().filter(|(_, asset)| asset.content.problem.is_some());
    let diagnostics = with_problem.filter_map(|(path, asset)| {
        let name = format!("static/{path}");
        let is_reported = references.bad_contents.contains(&name);
        let diagnostic = asset.content.to_diagnostic(&name).filter(|_| !is_reported)?;
        Some(diagnostic.in_file(name))
    });
    diagnostics.collect()
}

/// Reports names of published files that some hosts refuse, that break addresses, or that nobody can type.
pub fn unsafe_names(sources: &Sources, references: &SiteReferences) -> Vec<Diagnostic> {
    let of_static = sources.static_files.keys().map(|path| ("static", path.as_str()));
    let of_content = references.published_names().filter_map(|name| name.strip_prefix("content/"));
    // The folders of pages get other names.
    let of_content = of_content.map(|path| ("content", path));
    let diagnostics = of_static.chain(of_content).filter_map(|(folder, path)| {
        let published = if folder == "content" { path.rsplit('/').next().unwrap_or(path) } else { path };
        let why = published.split('/').find_map(unsafe_part)?;
        let message = format!("the name of this file does not work everywhere: {why}");
        let diagnostic = Diagnostic::warning(Rule::UnsafeFileName, message).in_file(format!("{folder}/{path}"));
        Some(diagnostic.help("rename it, with letters, digits, `-`, `_` and `.`"))
    });
    diagnostics.collect()
}

/// Reports a `robots.txt` of the author's that hides the whole site from search engines. A preview has Tagline's own.
pub fn hidden_site(sources: &Sources, preview: bool) -> Option<Diagnostic> {
    let source = sources.robots.as_ref().filter(|_| !preview)?;
    let span = robots_txt::disallows_all(&source.text)?;
    Some(
        Diagnostic::warning(Rule::HiddenFromSearch, "this `robots.txt` hides the whole site from search engines")
            .at(source, span, "no page may be visited")
            .help("delete this line, or write the folders that nobody should find: `Disallow: /internal/`"),
    )
}

/// Reports a `robots.txt` of the author's that does not name the sitemap. A preview has Tagline's own.
pub fn robots(sources: &Sources, config: &SiteConfig, preview: bool) -> Option<Diagnostic> {
    let source = sources.robots.as_ref().filter(|_| !preview)?;
    let sitemap = config.base_url.absolute(&SitePath::fixed("sitemap.xml"));
    let mut named = source.text.lines().filter_map(|line| {
        let (key, value) = line.split('#').next()?.split_once(':')?;
        key.trim().eq_ignore_ascii_case("sitemap").then(|| value.trim())
    });
    let is_named = named.any(|address| address == sitemap);
    (!is_named).then(|| {
        Diagnostic::warning(Rule::RobotsWithoutSitemap, "this `robots.txt` does not name the sitemap")
            .in_file(&source.path)
            .help(format!("add the line `Sitemap: {sitemap}`"))
    })
}

/// Returns what is wrong with a part of a path.
fn unsafe_part(part: &str) -> Option<String> {
    if let Some(c) = part.chars().find(|c| UNSAFE_CHARACTERS.contains(*c)) {
        return Some(match c {
            '%' => "`%` begins an encoded character in an address".to_owned(),
            _ => format!("`{c}` ends the path of an address, and some hosts refuse such files"),
        });
    }
    if let Some(c) = part.chars().find(|c| NOT_ON_WINDOWS.contains(*c)) {
        return Some(format!("no name on Windows has `{c}`, so nobody can download or check it out there"));
    }
    if let Some((_, c)) = first_hidden(part, Spaces::Any) {
        return Some(format!("it has {}, which nobody sees or types", characters::name(c)));
    }
    if let Some((_, c)) = first_disguised(part) {
        return Some(format!("`{c}` looks like another letter, so nobody types the name right"));
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Some("a dot or space at its end, or a space at its start, gets lost".to_owned());
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    let is_device = DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device))
        || NUMBERED_DEVICES.iter().any(|device| is_numbered(stem, device));
    is_device.then(|| format!("`{stem}` is the name of a device on Windows"))
}

/// `COM1` to `COM9`, and `COM0`.
fn is_numbered(stem: &str, device: &str) -> bool {
    let number = stem.get(..device.len()).filter(|start| start.eq_ignore_ascii_case(device));
    number.is_some()
        && matches!(&stem[device.len()..], "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
}

#[cfg(test)]
mod tests {
    use super::unsafe_part;

    #[test]
    fn unsafe_names_are_recognized() {
        for bad in [
            "a#b.pdf",
            "what?.pdf",
            "50%.pdf",
            "con",
            "AUX.txt",
            "Com1.pdf",
            "lpt9",
            "a.",
            "a ",
            " a",
            "nul .txt",
            "10:30.pdf",
            "a<b>.pdf",
            "a|b",
            "\"a\".pdf",
            "a*.pdf",
            "COM¹.txt",
            "a\u{200b}b.pdf",
            "\u{feff}a.pdf",
            "gu\u{456}de.pdf",
            "\u{ff47}uide.pdf",
            "a\u{202e}fdp.exe",
        ] {
            assert!(unsafe_part(bad).is_some(), "{bad}");
        }
        for good in [
            "console.js",
            "aux-input.png",
            "com10.pdf",
            "company.pdf",
            ".htaccess",
            "50 percent.pdf",
            "été & more.pdf",
            "a+b,c;d@e=(1).pdf",
            "don't.pdf",
            "Screenshot 10.00\u{202f}AM.png",
            "Guide – 2027.pdf",
            "Прайс.pdf",
            "Прайс-list 2.pdf",
            "資料Ａ.pdf",
            "❤\u{fe0f}.png",
        ] {
            assert_eq!(unsafe_part(good), None, "{good}");
        }
    }
}
