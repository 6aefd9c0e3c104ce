//! What begins: a new site of embedded files ([`site`]), and a new page in a site that is there ([`page`]).

pub mod page;
pub mod write;

use include_dir::{Dir, include_dir};
use jiff::ToSpan;
use jiff::civil::Date;

use self::write::NewFile;
use crate::load::Sources;
use crate::parse::site_yaml;
use crate::schema::{self, Names};
use crate::source::SourceText;
use crate::theme;

static WHOLE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/site");
static BARE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/bare");
static BOTH: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/init/both");

/// How much a new site has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// An example of everything, to be changed.
    Whole,
    /// What a site can't do without.
    Bare,
}

/// The files of a new site that begins today.
///
/// # Errors
///
/// Where a schema cannot be written as JSON, which would be a mistake of ours.
pub fn site(extent: Extent, today: Date) -> anyhow::Result<Vec<NewFile>> {
    let mut files = Vec::new();
    add(&BOTH, today, &mut files);
    match extent {
        Extent::Bare => add(&BARE, today, &mut files),
        Extent::Whole => {
            add(&WHOLE, today, &mut files);
            files.extend(schemas(&files)?);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn add(folder: &Dir, today: Date, files: &mut Vec<NewFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let bytes = match file.contents_utf8() {
            Some(text) => filled(text, &dates(today)).into_bytes(),
            None => file.contents().to_vec(),
        };
        // Under their own names these would mean something to git and to editors here, too.
        let path = path.split('/').map(|part| part.replacen("dot-", ".", 1)).collect::<Vec<_>>().join("/");
        files.push(NewFile { path, bytes });
    }
    for folder in folder.dirs() {
        add(folder, today, files);
    }
}

/// The schemas that an editor goes by, with the names that the new site has.
fn schemas(files: &[NewFile]) -> anyhow::Result<Vec<NewFile>> {
    let text = files.iter().find(|file| file.path == "site.yaml").map(|file| String::from_utf8_lossy(&file.bytes));
    let (read, _) = site_yaml::site(&SourceText::new("site.yaml", text.unwrap_or_default()));
    let names = read.config.map(|config| {
        let (theme, _) = theme::load(&config, &Sources::default());
        schema::names(&config, theme.as_ref())
    });
    let both = [("site", schema::site(names.as_ref())), ("page", schema::page(names.as_ref()))];
    let file = |(name, schema): &(&str, serde_json::Value)| {
        Ok(NewFile { path: format!(".vscode/{name}.schema.json"), bytes: schema::text(schema)?.into_bytes() })
    };
    both.iter().map(file).collect()
}

/// The days that new files name: none is over when they are written.
fn dates(today: Date) -> [(&'static str, String); 3] {
    // The calendar ends in the year 9999.
    let in_eight_weeks = today.checked_add(8.weeks()).unwrap_or(today);
    [
        ("today", today.to_string()),
        ("in-eight-weeks", in_eight_weeks.to_string()),
        ("month", today.strftime("%Y-%m").to_string()),
    ]
}

/// A text with a value at each `{{name}}`.
fn filled(text: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}
