//! What the fuzz targets share: the example site, loaded once, and checks of diagnostics.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use tagline::body_store::{BodyStore, StoredBody};
use tagline::diagnostics::{Diagnostic, Severity};
use tagline::load::{self, Scan, Sources};
use tagline::parse::{self, Bodies, Parsed, QuotationMarks, Settings, site_yaml};
use tagline::printer::{self, DiagnosticFormat, PrintOptions};
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
    let pages = load::page_files(scan).into_iter().map(|(file, _)| {
        let source = load::page_text(scan, file).expect("the page can be read").0.expect("the page is UTF-8");
        page(file, &source).0
    });
    Example { pages: pages.collect(), site_yaml, theme: theme.expect("the theme has no errors"), sources }
}

/// Parses a page with its whole body.
pub fn page(file: &str, source: &Arc<SourceText>) -> (Parsed, Vec<Diagnostic>) {
    let settings = Settings { bodies: Bodies::AllWithTexts, quotes: QuotationMarks::default(), languages: &[] };
    parse::page(file, source, None, settings, &BodyStore::default())
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
