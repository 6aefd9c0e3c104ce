//! The files of a theme: the built-in ones, overlaid by the site's own in `themes/`. They come in by path and go out
//! grouped by purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::digest::fast_hasher;
use crate::load::{Sources, ThemeFile, is_theme_text};
use crate::model::file::Asset;
use crate::source::SourceText;

static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// Files by their path in the theme.
pub type FilesByPath = BTreeMap<String, ThemeFile>;

/// Templates by their path in the theme.
pub type Templates = BTreeMap<String, Arc<SourceText>>;

/// A theme's files, grouped by purpose.
#[derive(Default)]
pub struct GroupedFiles {
    pub templates: Templates,
    /// The files in `assets/`, by their path there.
    pub assets: FilesByPath,
    /// The stylesheets outside `assets/`.
    pub stylesheets: StylesheetSources,
    /// The scripts outside `assets/`, by their path in the theme.
    pub scripts: FilesByPath,
    /// `icons/clock.svg`, by the icon's name.
    pub icons: FilesByPath,
    /// `theme.yaml`.
    pub settings: Option<Arc<SourceText>>,
    /// `blocks/hero.yaml`, by the block's name.
    pub blocks: BTreeMap<String, Arc<SourceText>>,
}

/// A theme's stylesheets outside `assets/`, grouped by the pages that need them.
#[derive(Default)]
pub struct StylesheetSources {
    /// `looks/bold/blocks/hero.css`, by look: the same groups, for pages in the look.
    pub looks: BTreeMap<String, StylesheetSources>,
    /// `styles/*.css`, for every page, in the order of their names.
    pub common: BTreeMap<String, Arc<SourceText>>,
    /// `options/radius/round.css`, by option and choice: for every page of a site that sets the option to this choice.
    pub options: BTreeMap<(String, String), Arc<SourceText>>,
    /// `elements/table.css`, by the element's name: for pages whose body contains the element.
    pub elements: BTreeMap<String, Arc<SourceText>>,
    /// `classes/call-with.css`, by the class: for pages with an element of the class.
    pub classes: BTreeMap<String, Arc<SourceText>>,
    /// `blocks/hero.css`, by template name (`blocks/hero`): for pages that use the template.
    pub templates: BTreeMap<String, Arc<SourceText>>,
    /// In a look: the templates whose stylesheets are in `instead/`, as `looks/bold/instead/blocks/steps.css`. They take the
    /// place of those of the theme.
    pub replaced: BTreeSet<String>,
}

/// Returns the files of the named theme. It is empty if there is no such theme.
pub fn of_theme(name: &str, sources: &Sources) -> FilesByPath {
    let mut files = built_in(name);
    let own = own(name, sources);
    // The site's own template of a block can take other attributes than the built-in one.
    files.retain(|path, _| block_of(path).is_none_or(|block| !own.contains_key(&format!("blocks/{block}.html"))));
    files.extend(own);
    files
}

/// Returns the name of the block that a file declares.
fn block_of(path: &str) -> Option<&str> {
    path.strip_prefix("blocks/")?.strip_suffix(".yaml").filter(|name| !name.contains('/'))
}

/// Returns the name of the icon that a file has.
fn icon_of(path: &str) -> Option<&str> {
    path.strip_prefix("icons/")?.strip_suffix(".svg").filter(|name| !name.contains('/'))
}

/// Returns the files of a built-in theme.
pub fn built_in(name: &str) -> FilesByPath {
    let mut files = BTreeMap::new();
    if let Some(folder) = BUILT_IN.get_dir(name) {
        add_built_in(folder, name, &mut files);
    }
    files
}

/// Returns the site's own files of a theme.
pub fn own(name: &str, sources: &Sources) -> FilesByPath {
    let files = sources.theme_files.iter();
    let own = files.filter_map(|(path, file)| Some((path.strip_prefix(name)?.strip_prefix('/')?, file)));
    own.map(|(path, file)| (path.to_owned(), file.clone())).collect()
}

/// Returns the text of a built-in file.
pub fn built_in_text(theme: &str, path: &str) -> Option<&'static str> {
    BUILT_IN.get_file(format!("{theme}/{path}"))?.contents_utf8()
}

/// Returns the names of all themes, built in or in the site.
pub fn theme_names(sources: &Sources) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = sources.theme_files.keys().filter_map(|path| path.split('/').next()).collect();
    names.extend(BUILT_IN.dirs().filter_map(|folder| folder.path().to_str()));
    names
}

/// Returns a hash of all files of a theme and of the metrics of the site's fonts. It is stable within one run of the program.
pub fn hash_of(files: &FilesByPath, static_files: &BTreeMap<String, Asset>) -> u64 {
    let mut hasher = fast_hasher();
    files.hash(&mut hasher);
    for (path, asset) in static_files.iter().filter(|(_, asset)| asset.font.is_some()) {
        (path, &asset.font).hash(&mut hasher);
    }
    hasher.finish()
}

/// Returns all stylesheets, in `assets/` and elsewhere.
pub fn stylesheets(files: &FilesByPath) -> Vec<Arc<SourceText>> {
    let stylesheets = files.values().filter_map(|file| match file {
        ThemeFile::Text(source) if source.path.ends_with(".css") => Some(Arc::clone(source)),
        ThemeFile::Text(_) | ThemeFile::Binary(_) => None,
    });
    stylesheets.collect()
}

/// Returns the files `strings/<language>.yaml`, by language.
pub fn strings(files: FilesByPath) -> BTreeMap<String, Arc<SourceText>> {
    let strings = files.into_iter().filter_map(|(path, file)| {
        let language = path.strip_prefix("strings/")?.strip_suffix(".yaml")?.to_owned();
        match file {
            ThemeFile::Text(source) => Some((language, source)),
            ThemeFile::Binary(_) => None,
        }
    });
    strings.collect()
}

/// Groups the files of a theme. Files without a purpose are left out.
pub fn grouped(files: FilesByPath) -> GroupedFiles {
    let mut grouped = GroupedFiles::default();
    for (path, file) in files {
        match (path.strip_prefix("assets/"), file) {
            (Some(name), file) => {
                grouped.assets.insert(name.to_owned(), file);
            }
            (None, file) if icon_of(&path).is_some() => {
                grouped.icons.extend(icon_of(&path).map(|name| (name.to_owned(), file)));
            }
            (None, ThemeFile::Text(source)) if path.ends_with(".html") => {
                grouped.templates.insert(path, source);
            }
            (None, ThemeFile::Text(source)) if path.ends_with(".css") => grouped.stylesheets.insert(&path, source),
            (None, ThemeFile::Text(source)) if path == "theme.yaml" => grouped.settings = Some(source),
            (None, ThemeFile::Text(source)) if block_of(&path).is_some() => {
                grouped.blocks.extend(block_of(&path).map(|block| (block.to_owned(), source)));
            }
            (None, file) if path.ends_with(".js") => {
                grouped.scripts.insert(path, file);
            }
            (None, _) => {}
        }
    }
    grouped
}

impl StylesheetSources {
    fn insert(&mut self, path: &str, source: Arc<SourceText>) {
        let name = path.strip_suffix(".css").unwrap_or(path);
        match name.split('/').collect::<Vec<_>>()[..] {
            ["looks", look, _, ..] => {
                let in_look = &path["looks/".len() + look.len() + 1..];
                self.looks.entry(look.to_owned()).or_default().insert(in_look, source);
                None
            }
            ["styles", name] => self.common.insert(name.to_owned(), source),
            ["instead", _, ..] => {
                let template = &name["instead/".len()..];
                self.replaced.insert(template.to_owned());
                self.templates.insert(template.to_owned(), source)
            }
            ["elements", name] => self.elements.insert(name.to_owned(), source),
            ["classes", name] => self.classes.insert(name.to_owned(), source),
            ["options", option, choice] => self.options.insert((option.to_owned(), choice.to_owned()), source),
            _ => self.templates.insert(name.to_owned(), source),
        };
    }

    /// Returns the options and choices that have a stylesheet.
    pub fn choices(&self) -> BTreeSet<(String, String)> {
        self.options.keys().cloned().collect()
    }

    /// Removes the stylesheets of a template, in all looks.
    pub fn remove_template(&mut self, template: &str) {
        self.templates.remove(template);
        self.looks.values_mut().for_each(|look| look.remove_template(template));
    }
}

fn add_built_in(folder: &Dir, theme: &str, files: &mut FilesByPath) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let Some(in_theme) = path.strip_prefix(theme).and_then(|path| path.strip_prefix('/')) else {
            continue;
        };
        let content = match file.contents_utf8().filter(|_| is_theme_text(&path)) {
            Some(text) => ThemeFile::Text(SourceText::new(format!("themes/{path}"), text)),
            None => ThemeFile::Binary(Arc::new(file.contents().to_vec())),
        };
        files.insert(in_theme.to_owned(), content);
    }
    for folder in folder.dirs() {
        add_built_in(folder, theme, files);
    }
}
