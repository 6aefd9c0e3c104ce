//! The paths of pages and files in the built site.

use crate::diagnostics::Diagnostic;
use crate::model::page::Page;
use crate::model::site_path::SitePath;
use crate::model::slug::slugify;
use crate::rules::Rule;

/// Returns the path of a page, from its file and its `slug`.
pub fn page_path(page: &Page) -> Result<SitePath, Box<Diagnostic>> {
    let translation = page.translation.as_deref();
    // A translation has the address of its original, below the folder of its language.
    let file = translation.map_or(&page.file, |translation| &translation.original);
    let stem = file.strip_suffix(".md").unwrap_or(file);
    let refuse = |rule: Rule, message: String, help: &str| {
        Err(Box::new(Diagnostic::error(rule, message).in_file(&page.source.path).help(help)))
    };
    let name = stem.rsplit('/').next().unwrap_or(stem);
    if let Some((base, language)) = name.rsplit_once('.').filter(|(_, end)| is_language(end)) {
        let message = format!("`{name}.md` is reserved for `{base}` in the language `{language}`");
        let help = format!(
            "add the language to `languages` in site.yaml, as in `{language}: {{ label: … }}`, or use a name without a dot"
        );
        return refuse(Rule::ReservedName, message, &help);
    }
    let (folder, name) = stem.rsplit_once('/').map_or((None, stem), |(folder, name)| (Some(folder), name));
    let mut parts: Vec<String> = folder.iter().flat_map(|folder| folder.split('/')).map(slugify).collect();
    match &page.front.rare().slug {
        // `slug` replaces the last part. For an `index.md` that is the folder's.
        Some(slug) if name == "index" && parts.pop().is_none() => {
            let diagnostic = Diagnostic::error(Rule::BadFileName, "the home page cannot have a `slug`");
            return Err(Box::new(diagnostic.at(&page.source, slug.span, "remove this line")));
        }
        Some(slug) => parts.push(slug.value.to_string()),
        None if name == "index" => {}
        None => parts.push(slugify(name)),
    }
    if let Some(empty) = parts.iter().position(String::is_empty) {
        let part = stem.split('/').nth(empty).unwrap_or(stem);
        let message = format!("no address can be made from `{part}`");
        return refuse(Rule::BadFileName, message, "use letters or digits in the name, or set `slug`");
    }
    let language = translation.map(|translation| translation.language.as_str());
    let parts = language.into_iter().chain(parts.iter().map(String::as_str));
    let path: String = parts.map(|part| format!("{part}/")).collect();
    match SitePath::parse(&path) {
        Some(path) => Ok(path),
        None => refuse(
            Rule::BadFileName,
            format!("no address can be made from `{}`", page.file),
            "use letters or digits in the name",
        ),
    }
}

/// Returns the path that a file of `content/` has without a `slug`, if any.
pub fn file_path(file: &str) -> Option<SitePath> {
    let stem = file.strip_suffix(".md").unwrap_or(file);
    let folder = stem.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let parts = folder.unwrap_or(stem).split('/').filter(|part| !part.is_empty());
    SitePath::parse(&parts.map(|part| format!("{}/", slugify(part))).collect::<String>())
}

/// `team.jpg` with the first ten characters of its digest: `team.3f2a9c1b0d.jpg`.
pub fn hashed_name(name: &str, digest: &str) -> String {
    let short = &digest[..10];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{short}.{extension}"),
        None => format!("{name}.{short}"),
    }
}

/// Resolves a path as an author writes it in the page `file`. Returns it relative to `content/`, or `None` if it leaves
/// the site.
pub fn joined(file: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => file.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect()),
    };
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `de`, `pt-BR`: the languages that are reserved in file names.
fn is_language(text: &str) -> bool {
    let (primary, region) = text.split_once('-').unwrap_or((text, ""));
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    primary.len() == 2 && letters(primary) && (region.is_empty() || region.len() == 2 && letters(region))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_are_relative_to_their_page_and_stay_inside() {
        for (file, path, expected) in [
            ("a/index.md", "guide.pdf", Some("a/guide.pdf")),
            ("a/b.md", "../terms.md", Some("terms.md")),
            ("a/b.md", "/terms.md", Some("terms.md")),
            ("b.md", "./c.md", Some("c.md")),
            ("b.md", "../../etc/passwd", None),
        ] {
            assert_eq!(joined(file, path).as_deref(), expected, "{path} in {file}");
        }
    }
}
