//! Problems of published files as such: what is in `static/` is published without a reference, and names that do not
//! work everywhere.

use super::site_references::SiteReferences;
use crate::diagnostics::Diagnostic;
use crate::load::Sources;
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::rules::Rule;

/// The devices of Windows, which are no file names there, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];
/// Characters with a meaning in addresses.
const UNSAFE_CHARACTERS: &str = "#?%";

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

/// Reports names of published files that some hosts refuse, or that break addresses.
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
    number.is_some() && matches!(&stem.as_bytes()[device.len()..], [b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::unsafe_part;

    #[test]
    fn unsafe_names_are_recognized() {
        for bad in
            ["a#b.pdf", "what?.pdf", "50%.pdf", "con", "AUX.txt", "Com1.pdf", "lpt9", "a.", "a ", " a", "nul .txt"]
        {
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
        ] {
            assert_eq!(unsafe_part(good), None, "{good}");
        }
    }
}
