//! Files behind forms: their addresses, and who learns them.

use crate::support::{Run, SITE, Site};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The address of the guide of the small site.
fn gated(run: &Run) -> String {
    let files = run.public_files();
    let mut gated = files.into_iter().filter(|file| file.starts_with("get/"));
    let file = gated.next().unwrap();
    assert_eq!(gated.next(), None);
    file
}

#[test]
fn address_of_a_gated_file_depends_on_the_key_of_the_site() {
    let site = Site::new();
    let first = gated(&site.build().clean());
    let digest = tagline::digest::digest(&std::fs::read(site.path("content/spring/guide.pdf")).unwrap());
    assert!(!first.contains(&digest), "{first}");
    let changed = Site::new().edit(SITE, KEY, "fedcba9876543210fedcba9876543210");
    let second = gated(&changed.build().clean());
    assert_ne!(first, second);
    let same = Site::new();
    assert_eq!(first, gated(&same.build().clean()));
}

#[test]
fn site_without_a_key_works_and_check_says_so() {
    let site = Site::new().edit(SITE, &format!("  gate_key: {KEY}\n"), "");
    let digest = tagline::digest::digest(&std::fs::read(site.path("content/spring/guide.pdf")).unwrap());
    assert_eq!(gated(&site.build().clean()), format!("get/{digest}/guide.pdf"));
    site.check().warning().assert("gate-without-key", "content/spring/index.md:21:13", &["openssl rand -hex 16"]);
}

#[test]
fn only_the_thank_you_page_names_a_gated_file() {
    let site = Site::new();
    let run = site.build().clean();
    let address = gated(&run);
    let folder = address.split('/').nth(1).unwrap();
    let text = |file: &String| {
        String::from_utf8_lossy(&std::fs::read(run.root.join("public").join(file)).unwrap()).into_owned()
    };
    let naming: Vec<String> = run.public_files().into_iter().filter(|file| text(file).contains(folder)).collect();
    assert_eq!(naming, ["spring/thanks/guide/index.html"]);
    assert!(run.public("spring/thanks/guide/").contains("noindex"));
}

#[test]
fn hosts_mark_gated_files_as_not_for_search_engines() {
    for (base, path) in [("", "/get/*"), ("jobs/", "/jobs/get/*")] {
        let site = Site::new().edit(SITE, "https://kazi.example/", &format!("https://kazi.example/{base}"));
        let run = site.build().clean();
        assert!(run.public("_headers").ends_with(&format!("\n{path}\n  X-Robots-Tag: noindex\n")));
        let caddy = run.public("_headers.caddy");
        assert!(
            caddy.contains(&format!("@tagline_gated path {path}\nheader @tagline_gated X-Robots-Tag \"noindex\"\n"))
        );
        let nginx = run.public("_headers.nginx");
        let condition = "if ($uri ~ \"/get/[0-9a-f]{32}/\") {\n    set $tagline_robots \"noindex\";\n}\n";
        assert!(nginx.contains(condition) && nginx.contains("add_header X-Robots-Tag $tagline_robots always;"));
    }
    let site = Site::new().edit("content/spring/index.md", "      form: [name, email]\n", "");
    let without = site.build().ok();
    for file in ["_headers", "_headers.nginx", "_headers.caddy"] {
        assert!(!without.public(file).contains("X-Robots-Tag"), "{file}");
    }
}

#[test]
fn key_is_not_printed() {
    let site = Site::new().edit(SITE, &format!("gate_key: {KEY}"), "gate_key: short-secret");
    let run = site.check().failed(1);
    assert!(run.stderr.contains("at least 16"), "{}", run.stderr);
    let message = run.stderr.lines().next().unwrap();
    assert!(!message.contains("short-secret"), "{message}");
}

#[test]
fn every_new_site_has_a_key_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let key = |name: &str, options: &[&str]| {
        let folder = dir.path().join(name);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tagline"));
        assert!(command.arg("init").arg(&folder).args(options).output().unwrap().status.success());
        let text = std::fs::read_to_string(folder.join(SITE)).unwrap();
        let key = text.lines().find_map(|line| line.trim_start().strip_prefix("gate_key: ")).unwrap().to_owned();
        key.split(' ').next().unwrap().to_owned()
    };
    let keys = [key("a", &[]), key("b", &[]), key("c", &["--bare"])];
    for key in &keys {
        assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    }
    assert!(keys[0] != keys[1] && keys[1] != keys[2]);
}
