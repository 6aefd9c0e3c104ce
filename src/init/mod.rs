//! The files of a new site, made from embedded templates, and of a new page ([`page`]).

pub mod ci;
mod identity;
pub mod page;
mod placeholders;
pub mod translation;
pub mod write;

use anyhow::Context;
use include_dir::{Dir, include_dir};
use jiff::civil::Date;

pub use self::identity::{Answers, EXAMPLE_COMPANY, Identity};
use self::placeholders::{dates, fill};
use self::write::NewFile;
use crate::load::Sources;
use crate::parse::site_yaml;
use crate::schema;
use crate::source::SourceText;
use crate::theme;

static EXAMPLE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/example");
static BARE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/bare");
/// Files of every new site.
static COMMON: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/common");

/// The contents of a new site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteTemplate {
    /// An example campaign with every kind of call to action, and settings for editors.
    Example,
    /// Only the files that a site needs.
    Bare,
}

/// Returns the files of a new site.
///
/// # Errors
///
/// If the system has no random numbers, or if a schema cannot be serialized, which would be a bug.
pub fn site(template: SiteTemplate, identity: &Identity, today: Date) -> anyhow::Result<Vec<NewFile>> {
    let [today, in_eight_weeks, month] = dates(today);
    let mut values = vec![today, in_eight_weeks, month, ("gate-key", gate_key()?)];
    values.extend(identity.values());
    let mut files = Vec::new();
    add_folder(&COMMON, &values, &mut files);
    match template {
        SiteTemplate::Bare => add_folder(&BARE, &values, &mut files),
        SiteTemplate::Example => {
            add_folder(&EXAMPLE, &values, &mut files);
            files.extend(schemas(&files)?);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Returns a random key for the addresses of files behind forms: 32 hexadecimal digits.
fn gate_key() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system has no random numbers")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add_folder(folder: &Dir, values: &[(&str, String)], files: &mut Vec<NewFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let bytes = match file.contents_utf8() {
            Some(text) => fill(text, values).into_bytes(),
            None => file.contents().to_vec(),
        };
        // With their real names, git and editors would use these files in this repository too.
        let path = path.split('/').map(|part| part.replacen("dot-", ".", 1)).collect::<Vec<_>>().join("/");
        files.push(NewFile { path, bytes });
    }
    for folder in folder.dirs() {
        add_folder(folder, values, files);
    }
}

/// Returns the JSON Schemas for editors, with the names that the new site's `site.yaml` defines.
fn schemas(files: &[NewFile]) -> anyhow::Result<Vec<NewFile>> {
    let text = files.iter().find(|file| file.path == "site.yaml").map(|file| String::from_utf8_lossy(&file.bytes));
    let (read, _) = site_yaml::site(&SourceText::new("site.yaml", text.unwrap_or_default()));
    let names = read.config.map(|config| {
        let (theme, _) = theme::load(&config, &Sources::default());
        schema::names(&config, theme.as_ref())
    });
    let schemas =
        [("site", schema::site(names.as_ref())), ("page", schema::page(names.as_ref())), ("block", schema::block())];
    let file = |(name, schema): &(&str, serde_json::Value)| {
        Ok(NewFile { path: format!(".vscode/{name}.schema.json"), bytes: schema::text(schema)?.into_bytes() })
    };
    schemas.iter().map(file).collect()
}
