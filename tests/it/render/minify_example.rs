//! Every page of the example site, minified and unminified, is the same page for a browser.

use std::fs;
use std::path::{Path, PathBuf};

use tagline::pipeline::{self, Request};

fn build(into: &Path, minify: bool) -> PathBuf {
    let request = Request {
        output: into.join(format!("public-{minify}")),
        sales: into.join(format!("sales-{minify}")),
        date: "2027-03-15".parse().ok(),
        // A preview renders drafts and scheduled pages, too, and does not change the register.
        preview: true,
        minify,
        ..Request::new(Path::new(env!("CARGO_MANIFEST_DIR")))
    };
    let outcome = pipeline::build(&request, &|_, _| {}).unwrap();
    assert!(outcome.summary.is_some(), "{:?}", outcome.diagnostics);
    request.output
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
}

#[test]
fn minified_example_is_the_same_for_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, minified) = (build(folder.path(), false), build(folder.path(), true));
    let mut found = Vec::new();
    pages(&plain, &mut found);
    assert!(found.len() > 30, "{} pages", found.len());
    let (mut before, mut after) = (0, 0);
    for page in found {
        let name = page.strip_prefix(&plain).unwrap();
        let original = fs::read_to_string(&page).unwrap();
        let smaller = fs::read_to_string(minified.join(name)).unwrap();
        crate::support::dom::assert_same_page(&original, &smaller, &name.to_string_lossy());
        before += original.len();
        after += smaller.len();
    }
    assert!(after < before, "{after} bytes of {before}");
}
