//! Output has one writer for each kind, so that nothing that a site contains can end a line, a header or a message. The
//! privacy of types ensures the rest: only their modules can make a `Host`, a `SitePath`, a `Source`, a `HeaderValue`, a
//! `ConfigFile` or a `TerminalText`.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The files below `src/` with their code, without unit tests and comments.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = WalkDir::new(&root).sort_by_file_name().into_iter().map(Result::unwrap);
    let rust = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    let code = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap().lines();
        code.filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
    };
    rust.map(|entry| (entry.path().strip_prefix(&root).unwrap().to_owned(), code(entry.path()))).collect()
}

/// The lines with one of the texts, outside of the given files.
fn lines_with(texts: &[&str], except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, code) in sources() {
        if except.iter().any(|file| path == Path::new(file)) {
            continue;
        }
        let lines = code.lines().filter(|line| texts.iter().any(|text| line.contains(text)));
        found.extend(lines.map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    found
}

#[test]
fn only_the_terminal_writes_to_standard_output_and_error() {
    let writes = ["println!", "print!(", "dbg!(", "stdout().lock", "stderr().lock", "stdout().write", "stderr().write"];
    assert_eq!(lines_with(&writes, &["cli/terminal.rs"]), [""; 0]);
    let terminal = sources().into_iter().find(|(path, _)| path == Path::new("cli/terminal.rs")).unwrap().1;
    assert!(terminal.contains("stdout().lock") && terminal.contains("stderr().write"), "the writer has moved");
}

#[test]
fn only_the_printer_makes_text_with_colors() {
    let found = lines_with(&["TerminalText::styled("], &["printer/mod.rs", "printer/explain_rule.rs"]);
    assert_eq!(found, [""; 0]);
    assert_eq!(lines_with(&["\\x1b", "\\u{1b}"], &["printer/explain_rule.rs"]), [""; 0]);
}

#[test]
fn only_config_file_writes_the_configuration_of_hosts() {
    let words = ["add_header", "Content-Security-Policy", "@tagline_headers"];
    assert_eq!(lines_with(&words, &["headers/hosts.rs"]), [""; 0]);
    let hosts = sources().into_iter().find(|(path, _)| path == Path::new("headers/hosts.rs")).unwrap().1;
    let formats: Vec<&str> =
        hosts.lines().filter(|line| line.contains("format!(") || line.contains("write!(")).collect();
    // The two messages about a long policy.
    assert_eq!(formats.len(), 2, "{formats:#?}");
}

/// The tests that `docs/security.md` names exist.
#[test]
fn promises_name_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 1);
    let mut named = 0;
    let ends = [".rs`", ".py`", "/` |"];
    for row in rows.filter(|row| ends.iter().any(|end| row.contains(end))) {
        let tests = row.rsplit_once(" | ").unwrap().1;
        for test in tests.split('`').skip(1).step_by(2) {
            let is_elsewhere = test.starts_with("src/") || test.starts_with("fuzz/");
            let path = if is_elsewhere { root.join(test) } else { root.join("tests").join(test) };
            assert!(path.exists(), "{test}");
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}
