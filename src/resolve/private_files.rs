//! Files that are published by accident: what is private or left over in `static/` and among linked files, and photographs
//! with a position in `static/`.

use std::collections::BTreeSet;

use super::site_references::SiteReferences;
use crate::diagnostics::Diagnostic;
use crate::load::Sources;
use crate::model::file::Asset;
use crate::rules::Rule;

/// Folders of programs. Everything below them is reported once.
const PRIVATE_FOLDERS: [(&str, &str); 9] = [
    (".git", "the history of a repository, with everything that was ever in it"),
    (".svn", "a folder of version control"),
    (".hg", "a folder of version control"),
    (".ssh", "a folder of keys"),
    (".gnupg", "a folder of keys"),
    (".aws", "a folder of passwords"),
    (".kube", "a folder of passwords"),
    (".idea", "settings of an editor"),
    (".vscode", "settings of an editor"),
];
/// Files with passwords. Others begin with `.env`.
const PASSWORD_FILES: [&str; 10] = [
    ".git-credentials",
    ".htpasswd",
    ".my.cnf",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
    ".dockercfg",
    "wp-config.php",
    ".bash_history",
];
/// Databases whose names say that they are copies of a program's data. Others may be samples for developers.
const DATABASE_ENDINGS: [&str; 4] = [".sql", ".sqlite", ".sqlite3", ".db"];
const DATABASE_NAMES: [&str; 6] = ["backup", "database", "db", "dump", "prod", "users"];
/// States of Terraform, with passwords as text.
const STATE_ENDING: &str = ".tfstate";
const KEY_FILES: [&str; 4] = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"];
const KEY_ENDINGS: [&str; 7] = [".pem", ".p12", ".pfx", ".jks", ".keystore", ".ppk", ".kdbx"];
/// Presentations have the same ending as keys, and are larger.
const MAX_KEY: u64 = 16 * 1024;
const COPY_ENDINGS: [&str; 8] = ["~", ".bak", ".orig", ".rej", ".old", ".swp", ".swo", ".un~"];
const COPY_STARTS: [&str; 4] = ["._", ".#", "~$", ".~lock."];
/// A folder for files that everybody may read under fixed names (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// Reports each private file once, and each private folder once.
pub fn private_files(sources: &Sources, references: &SiteReferences) -> Vec<Diagnostic> {
    let of_static = sources.static_files.iter().map(|(path, asset)| (format!("static/{path}"), asset));
    let linked = references.open.iter().filter_map(|name| {
        let asset = sources.assets.get(name.strip_prefix("content/")?)?;
        Some((name.clone(), asset))
    });
    let mut reported = BTreeSet::new();
    let diagnostics = of_static.chain(linked).filter_map(|(name, asset)| {
        let Private { end, what } = private_part(&name, asset)?;
        let part = &name[..end];
        reported.insert(part.to_owned()).then(|| private(part, what, end < name.len()))
    });
    diagnostics.collect()
}

/// Reports photographs in `static/` that say where they were taken.
pub fn positions_in_static(sources: &Sources) -> Vec<Diagnostic> {
    let with_position = sources.static_files.iter().filter(|(_, asset)| asset.has_position);
    with_position.map(|(path, _)| position().in_file(format!("static/{path}"))).collect()
}

/// Returns the warning for a file that says where it was taken, without its place.
pub fn position() -> Diagnostic {
    Diagnostic::warning(Rule::PicturePosition, "this file says where it was taken, and is published unchanged")
        .help("remove the metadata: `exiftool -all= -tagsfromfile @ -icc_profile -orientation FILE`")
}

/// What makes a path private, and the end of that part.
struct Private {
    end: usize,
    what: &'static str,
}

fn private_part(path: &str, asset: &Asset) -> Option<Private> {
    let mut start = 0;
    for part in path.split('/') {
        let end = start + part.len();
        if part == WELL_KNOWN {
            return None;
        }
        if let Some((_, what)) = PRIVATE_FOLDERS.iter().find(|(name, _)| *name == part) {
            return Some(Private { end, what });
        }
        if end == path.len() {
            return private_file(&part.to_lowercase(), asset.length).map(|what| Private { end, what });
        }
        start = end + 1;
    }
    None
}

fn private_file(name: &str, length: u64) -> Option<&'static str> {
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_copy = ends_in(&COPY_ENDINGS)
        || COPY_STARTS.iter().any(|start| name.starts_with(start))
        || name.len() > 1 && name.starts_with('#') && name.ends_with('#');
    if name == ".env" || name.starts_with(".env.") || PASSWORD_FILES.contains(&name) {
        Some("a file for passwords")
    } else if name.ends_with(STATE_ENDING) || is_database(name) {
        Some("data of a program")
    } else if KEY_FILES.contains(&name) || ends_in(&KEY_ENDINGS) || name.ends_with(".key") && length < MAX_KEY {
        Some("a file for a private key")
    } else {
        is_copy.then_some("a copy that an editor left")
    }
}

/// Whether a file has the name of a program's database: `db.sql`, `backup-2027-03.sql`.
fn is_database(name: &str) -> bool {
    let stem = DATABASE_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    let mut words = stem.unwrap_or_default().split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| DATABASE_NAMES.contains(&word))
}

fn private(part: &str, what: &str, is_folder: bool) -> Diagnostic {
    let kind = if is_folder { "folder" } else { "file" };
    Diagnostic::error(Rule::PrivateFile, format!("this {kind} would be public: it is {what}"))
        .in_file(part)
        .help("delete it or move it out of the site; what was published before is known, so change its passwords and keys")
        .help("if everybody may read it, write `rules: { private-file: allow }`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::content::FileContent;

    fn private_part_of(path: &str) -> Option<String> {
        let asset = Asset {
            absolute: path.into(),
            length: 100,
            digest: String::new(),
            content: FileContent::default(),
            picture: None,
            font: None,
            has_position: false,
        };
        private_part(path, &asset).map(|private| path[..private.end].to_owned())
    }

    #[test]
    fn private_files_are_recognized_by_their_names() {
        for (path, expected) in [
            ("static/.git/config", Some("static/.git")),
            ("static/.git", Some("static/.git")),
            ("static/a/.svn/entries", Some("static/a/.svn")),
            ("static/.env", Some("static/.env")),
            ("static/.ENV.production", Some("static/.ENV.production")),
            ("static/id_rsa", Some("static/id_rsa")),
            ("static/keys/site.key", Some("static/keys/site.key")),
            ("static/.a.html.swp", Some("static/.a.html.swp")),
            ("static/a.html~", Some("static/a.html~")),
            ("static/a.bak", Some("static/a.bak")),
            ("static/#a#", Some("static/#a#")),
            ("static/db.sql", Some("static/db.sql")),
            ("static/shop_backup-2027.sqlite3", Some("static/shop_backup-2027.sqlite3")),
            ("static/terraform.tfstate", Some("static/terraform.tfstate")),
            ("static/sample-schema.sql", None),
            ("static/._team.jpg", Some("static/._team.jpg")),
            ("static/.well-known/keys.pem", None),
            ("static/.well-known/pki/site.key", None),
            ("static/.htaccess", None),
            ("static/.nojekyll", None),
            ("static/id_rsa.pub", None),
            ("static/environment.html", None),
            ("static/git/a.html", None),
            ("static/#", None),
        ] {
            assert_eq!(private_part_of(path).as_deref(), expected, "{path}");
        }
    }
}
