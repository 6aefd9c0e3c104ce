//! What the fuzz targets share: the example site, loaded once, and checks of diagnostics.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use tagline::body_store::{BodyStore, StoredBody};
use tagline::diagnostics::{Diagnostic, Severity};
use tagline::load::{self, Scan, Sources};
use tagline::parse::{self, Bodies, Parsed, QuotationMarks, Settings, site_yaml};
use tagline::printer::{self, DiagnosticFormat, PrintOptions};
use tagline::register::{self, Register};
use tagline::resolve::{self, Options, Site};
use tagline::source::{self, SourceText};
use tagline::theme::{self, Theme};

/// A day on which campaigns of the example run.
const TODAY: &str = "2027-03-15";

/// The example site of this repository.
pub struct Example {
    pub site_yaml: Arc<SourceText>,
    pub sources: Sources,
    pub theme: Theme,
    pages: Vec<Parsed>,
}

/// Returns the example site.
///
/// # Panics
///
/// If the example has errors.
pub fn example() -> &'static Example {
    static EXAMPLE: OnceLock<Example> = OnceLock::new();
    EXAMPLE.get_or_init(|| {
        let scan = load::scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).expect("the example can be read");
        load_example(&scan)
    })
}

fn load_example(scan: &Scan) -> Example {
    let (sources, _) = load::read(scan).expect("the example can be read");
    let site_yaml = sources.site.clone().expect("the example has a `site.yaml`");
    let (read, _) = site_yaml::site(&site_yaml);
    let config = read.config.expect("`site.yaml` has no errors");
    let (theme, _) = theme::load(&config, &sources);
    let files: Vec<&str> = load::page_files(scan).into_iter().map(|(file, _)| file).collect();
    let settings = Settings { languages: &config.languages, ..settings() };
    let parsed = parse::pages(&files, settings, &BodyStore::default(), |file| load::page_text(scan, file));
    let pages = parsed.expect("the pages can be read").into_iter().map(|(page, _)| page).collect();
    Example { pages, site_yaml, theme: theme.expect("the theme has no errors"), sources }
}

/// Parses a page with its whole body.
pub fn page(file: &str, source: &Arc<SourceText>) -> (Parsed, Vec<Diagnostic>) {
    parse::page(file, source, None, settings(), &BodyStore::default())
}

fn settings() -> Settings<'static> {
    Settings { bodies: Bodies::AllWithTexts, quotes: QuotationMarks::default(), languages: &[] }
}

impl Example {
    /// Returns the site with one page more, and its bodies; `None` if it has errors. All diagnostics are checked.
    pub fn with_page(&self, file: &str, source: &Arc<SourceText>) -> Option<(Site, Vec<StoredBody>)> {
        let (parsed, mut diagnostics) = page(file, source);
        let mut pages = self.pages.clone();
        pages.push(parsed);
        let (read, _) = site_yaml::site(&self.site_yaml);
        let config = read.config.expect("`site.yaml` has no errors");
        let options =
            Options { today: TODAY.parse().expect("a day"), preview: false, rehearsal: false, minify: true };
        let (site, contents, more) =
            resolve::site(Arc::new(config), pages, &self.sources, &self.theme.names, options);
        diagnostics.extend(more);
        check(&diagnostics);
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        (!has_errors).then_some((site, contents.bodies))
    }
}

/// Returns the example site with a page more, and its tag register.
///
/// # Panics
///
/// If the example has errors.
pub fn site_with_register() -> (Site, Register) {
    let example = example();
    let page = file("content/fuzz.md", "---\ntitle: A page\nsummary: A page.\n---\n\nText\n").expect("a page");
    let (site, _) = example.with_page("fuzz.md", &page).expect("the example has no errors");
    let register = example.sources.register.as_ref().expect("the example has a register");
    (site, register::read(register).expect("the register has no errors"))
}

/// Returns a text as a file of the site, or `None` if `load` would refuse it.
pub fn file(path: &str, text: &str) -> Option<Arc<SourceText>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    source::first_forbidden(text).is_none().then(|| SourceText::new(path, text))
}

/// Prints diagnostics in each format, and checks that no control character gets to a terminal.
pub fn check(diagnostics: &[Diagnostic]) {
    for format in [DiagnosticFormat::Text, DiagnosticFormat::Json, DiagnosticFormat::Github] {
        let options = PrintOptions { format, colored: false, root: Path::new("") };
        let text = printer::diagnostics(diagnostics, "", options);
        let text = str::from_utf8(text.as_bytes()).expect("messages are UTF-8");
        if let Some(character) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            panic!("a message contains {character:?}: {text}");
        }
    }
}
