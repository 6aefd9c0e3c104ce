//! The parts of a build, one page at a time: `cargo bench --profile dist`. The page is the coupon campaign of the example.

use std::path::Path;
use std::sync::Arc;

use divan::{Bencher, black_box};
use tagline::body_store::{BodyStore, StoredBody};
use tagline::html::minify;
use tagline::parse::versions::Shown;
use tagline::parse::{self, Bodies, Parsed, QuotationMarks, Settings, front_matter, markdown, site_yaml};
use tagline::resolve::{self, Options, Site};
use tagline::sink::DiscardSink;
use tagline::sink::disk::Target;
use tagline::sink::memory::{MemorySink, StoredFile};
use tagline::source::SourceText;
use tagline::theme::{self, Theme};
use tagline::{load, render};

const PAGE: &str = "spring-hiring/index.md";

fn main() {
    divan::main();
}

fn page_text() -> Arc<SourceText> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("content").join(PAGE)).expect("the example has this page");
    SourceText::new(PAGE, text)
}

/// The example, ready to be rendered.
struct Example {
    site: Site,
    bodies: Vec<StoredBody>,
    theme: Theme,
    /// The index of the page.
    page: usize,
}

fn example() -> Example {
    let scan = load::scan(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the example can be read");
    let (sources, _) = load::read(&scan).expect("the example can be read");
    let site_yaml = sources.site.clone().expect("the example has a `site.yaml`");
    let (read, _) = site_yaml::site(&site_yaml);
    let config = read.config.expect("`site.yaml` has no errors");
    let (theme, _) = theme::load(&config, &sources);
    let theme = theme.expect("the theme can be loaded");
    let settings = Settings { bodies: Bodies::All, quotes: QuotationMarks::default(), languages: &[] };
    let files: Vec<&str> = load::page_files(&scan).into_iter().map(|(file, _)| file).collect();
    let parsed = parse::pages(&files, settings, &BodyStore::default(), |file| load::page_text(&scan, file));
    let parsed: Vec<Parsed> = parsed.expect("the pages can be read").into_iter().map(|(page, _)| page).collect();
    let options =
        Options { today: "2027-03-15".parse().expect("a day"), preview: false, rehearsal: false, minify: true };
    let (site, contents, _) = resolve::site(Arc::new(config), parsed, &sources, &theme.names, options);
    let page = site.pages.iter().position(|page| page.page.file == PAGE).expect("the example has this page");
    Example { site, bodies: contents.bodies, theme, page }
}

#[divan::bench]
fn front_matter(bencher: Bencher) {
    let source = page_text();
    bencher.bench(|| {
        let parts = front_matter::split(black_box(&source)).expect("the page has front matter");
        front_matter::read(&source, parts.yaml)
    });
}

#[divan::bench]
fn markdown_body(bencher: Bencher) {
    let source = page_text();
    bencher.bench(|| {
        let parts = front_matter::split(black_box(&source)).expect("the page has front matter");
        markdown::body(&source, parts.body, QuotationMarks::default(), Shown::ONLY)
    });
}

/// Renders, minifies and fills the landing page, its channel pages and its thank-you pages.
#[divan::bench]
fn render_page_with_channels(bencher: Bencher) {
    let Example { site, bodies, theme, page } = example();
    bencher.bench(|| render::page(&site, &bodies, &theme, black_box(page), &DiscardSink));
}

#[divan::bench]
fn minify_page(bencher: Bencher) {
    let Example { mut site, bodies, theme, page } = example();
    site.options.minify = false;
    let sink = MemorySink::default();
    render::page(&site, &bodies, &theme, page, &sink).expect("memory does not fail");
    let files = sink.into_files();
    let Some(StoredFile::Bytes(html)) = files.get(&site.pages[page].path) else { panic!("the page was rendered") };
    let html = std::str::from_utf8(html).expect("a page is UTF-8");
    bencher.counter(divan::counter::BytesCount::of_str(html)).bench(|| minify::minify(black_box(html)));
}

/// Writes a hundred pages of 10 kB into a new folder and makes them visible.
#[divan::bench]
fn write_hundred_pages(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let html = "x".repeat(10_000);
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        let target = Target::open(folder.path().join(format!("public-{number}"))).expect("an empty folder");
        let staging = target.stage("bench").expect("an empty folder");
        for page in 0..100 {
            staging
                .put(&format!("campaigns/p{page}/index.html"), black_box(html.as_bytes()), None)
                .expect("enough space");
        }
        staging.seal().and_then(|sealed| sealed.swap("none")).expect("enough space")
    });
}
