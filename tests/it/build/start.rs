//! `init` and `new`: what they write is valid on any day, and they never overwrite a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Run, Site, bytes_below, files_below};

/// Days on which dates could be wrong: today, a leap day, the end of a year, and one in the far future.
const DAYS: [&str; 4] = ["2026-11-24", "2028-02-29", "2030-12-31", "2099-07-01"];

/// A site without a folder.
fn missing_site() -> Site {
    let site = Site::new();
    fs::remove_dir_all(site.root()).unwrap();
    site
}

fn init(site: &Site, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagline"));
    site.finish(command.arg("init").arg(site.root()).args(args))
}

fn initialized(args: &[&str]) -> Site {
    let site = missing_site();
    init(&site, args).clean();
    site
}

fn all_files(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    bytes_below(&site.root())
}

#[test]
fn new_site_checks_and_builds_without_warnings_on_any_day() {
    for day in DAYS {
        for args in [&["--date", day][..], &["--bare", "--date", day]] {
            let site = initialized(args);
            for file in files_below(&site.root()) {
                let is_filled = String::from_utf8(fs::read(&file).unwrap()).map_or(true, |text| !text.contains("{{"));
                assert!(is_filled, "{}", file.display());
            }
            site.run(&["check", "--date", day]).clean();
            site.run(&["check", "--date", day, "--preview"]).clean();
            site.run(&["build", "--date", day]).clean();
            site.run(&["build", "--locked", "--date", day]).clean();
        }
    }
}

#[test]
fn new_site_has_each_kind_of_call_to_action_and_an_article() {
    let site = initialized(&["--date", "2027-03-15"]);
    let run = site.build().clean();
    let kinds: std::collections::BTreeSet<String> = site.register().into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["booking", "contact", "coupon", "download", "event"]);
    assert!(run.public("feed.xml").contains("What a squeak tells you"));
    assert!(run.public_files().iter().any(|file| file.starts_with("get/") && file.ends_with(".pdf")));
    assert!(site.read(".gitattributes").ends_with("\nlead-tags.csv merge=union\nlead-tags.sum merge=union\n"));
}

#[test]
fn commented_out_dates_are_in_the_future() {
    let site = initialized(&["--date", "2028-02-29"]);
    let page = site.read("content/first-service/index.md");
    assert!(page.contains("# ends: 2028-04-25"), "{page}");
    // Without the comment marks they are valid.
    let page = page.replace("# starts:", "starts:").replace("# ends:", "ends:").replace("# expires:", "expires:");
    site.write("content/first-service/index.md", page);
    site.run(&["check", "--date", "2028-02-29"]).clean();
}

#[test]
fn editor_settings_are_json_and_name_existing_files() {
    let site = initialized(&[]);
    for file in ["extensions.json", "tasks.json", "site.schema.json", "page.schema.json", "block.schema.json"] {
        serde_json::from_str::<serde_json::Value>(&site.read(&format!(".vscode/{file}"))).unwrap();
    }
    // This file may contain comments.
    let settings: String =
        site.read(".vscode/settings.json").lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    let schemas = settings["yaml.schemas"].as_object().unwrap();
    assert_eq!(schemas.iter().map(|(file, _)| site.path(file).is_file()).collect::<Vec<_>>(), [true, true]);
    for of in ["site", "page", "block"] {
        let now = site.run(&["schema", of]).clean().stdout;
        assert_eq!(site.read(&format!(".vscode/{of}.schema.json")), now, "{of}");
    }
}

#[test]
fn init_names_an_existing_file_and_writes_nothing() {
    for args in [&[][..], &["--bare"]] {
        for file in ["site.yaml", ".gitignore", "content/index.md"] {
            let site = missing_site();
            site.write(file, "mine");
            let before = all_files(&site);
            let run = init(&site, args).failed(2);
            assert!(run.stderr.contains(&format!("`{file}` already exists in `")), "{}", run.stderr);
            assert!(run.stdout.is_empty());
            assert_eq!(all_files(&site), before);
        }
    }
    let site = initialized(&[]);
    let run = init(&site, &[]).failed(2);
    assert!(
        run.stderr.contains("`.gitattributes`, ") && run.stderr.contains(" more already exist in `"),
        "{}",
        run.stderr
    );
}

#[test]
fn init_keeps_other_files_of_the_folder() {
    let site = missing_site();
    site.write("notes.txt", "mine");
    site.write("content/old.md", "---\ntitle: Old\nsummary: What was.\n---\n");
    init(&site, &[]).clean();
    site.check().clean();
    assert_eq!(site.read("notes.txt"), "mine");
}

#[test]
fn failed_init_leaves_no_partial_files() {
    let site = missing_site();
    // A file in the place of a folder.
    site.write("static", "mine");
    let before = all_files(&site);
    let run = init(&site, &[]).failed(2);
    assert!(run.stderr.contains("cannot write `"), "{}", run.stderr);
    assert_eq!(all_files(&site), before);
}

const KINDS: [&str; 6] = ["coupon", "download", "booking", "contact", "event", "article"];

#[test]
fn new_page_of_each_kind_checks_without_warnings() {
    let sites = [initialized(&[]), initialized(&["--bare"]), Site::new(), Site::example()];
    for site in sites {
        for kind in KINDS {
            let name = format!("a-{kind}");
            let run = site.run(&["new", &name, "--kind", kind]).clean();
            let page = format!("content/{name}/index.md");
            assert!(run.stdout.starts_with(&format!("created {page}\n")), "{}", run.stdout);
            assert_eq!(site.path(&format!("content/{name}/sales.md")).exists(), kind != "article");
            assert!(!site.read(&page).contains("{{"), "{}", site.read(&page));
            site.check().clean();
            site.run(&["check", "--preview"]).clean();
        }
        for kind in KINDS {
            let page = format!("content/a-{kind}/index.md");
            site.write(&page, site.read(&page).replace("draft: true\n", ""));
        }
        site.build().clean();
    }
}

#[test]
fn new_campaign_uses_the_channels_and_destination_of_its_site() {
    let site = Site::new();
    site.run(&["new", "Été 2027", "--kind", "download"]).clean();
    let page = site.read("content/ete-2027/index.md");
    assert!(page.contains("\nchannels: [newsletter, acme]\n"), "{page}");
    assert!(page.contains("\n      form: [name, email, company]\n"), "{page}");
    assert!(page.contains("\ntitle: Été 2027\n") && page.contains("\ndraft: true\n"), "{page}");
    assert!(!page.contains("deliver_to"), "{page}");
    let site = site.edit("site.yaml", "  deliver_to: crm\n", "").edit(
        "content/spring/index.md",
        "    label: Download the guide",
        "    label: Download the guide\n    deliver_to: crm",
    );
    site.run(&["new", "summer", "--kind", "booking"]).clean();
    assert!(site.read("content/summer/index.md").contains("\n    deliver_to: crm\n    booking:\n"));
    site.run(&["check", "--preview"]).failed(1);
}

#[test]
fn commented_out_lines_are_valid() {
    let site = initialized(&["--date", "2027-03-15"]);
    site.run(&["new", "spring-offer"]).clean();
    let page = site.read("content/spring-offer/index.md");
    let waiting = ["campaign", "starts", "ends", "after_end", "owner", "per_channel", "note", "expires", "codes"];
    let page = waiting.iter().fold(page, |page, key| page.replace(&format!("# {key}:"), &format!("{key}:")));
    let page = page.replace("#   newsletter: {", "  newsletter: {").replace("draft: true\n", "");
    site.write("content/spring-offer/index.md", page);
    site.check().clean();
}

#[test]
fn new_rejects_a_name_or_id_in_use_and_writes_nothing() {
    let site = Site::new()
        .edit("content/spring/index.md", "starts:", "was: [hire-now]\naliases: [/old-offer/]\nstarts:")
        .file("content/broken.md", "---\n- no\n---\n");
    site.run(&["new", "summer"]).clean();
    let before = all_files(&site);
    for (name, text) in [
        ("summer", "`content/summer/index.md` and `content/summer/sales.md` already exist in `"),
        ("Summer", "`content/summer/index.md` and `content/summer/sales.md` already exist in `"),
        ("prices", "`content/prices.md` already has the URL `/prices/`"),
        ("broken", "`content/broken.md` already has the URL `/broken/`"),
        ("old-offer", "`/old-offer/` redirects to `content/spring/index.md`"),
        ("hire-now", "`content/spring/index.md` has or had the campaign id `hire-now`"),
        ("offers/spring", "`content/spring/index.md` has or had the campaign id `spring`"),
    ] {
        let run = site.run(&["new", name]).failed(2);
        assert!(run.stderr.contains(text), "{name}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
    assert_eq!(all_files(&site), before);
}

#[test]
fn name_without_usable_characters_is_rejected_with_help() {
    let site = Site::new();
    let long = "x".repeat(41);
    let before = all_files(&site);
    for (name, text) in [
        ("", "letters or digits"),
        ("!?", "letters or digits"),
        ("..", "letters or digits"),
        ("../other", "letters or digits"),
        ("/etc/spring", "letters or digits"),
        (&long, "choose a shorter name"),
        ("go", "choose another name"),
        ("get/spring", "choose another name"),
    ] {
        let run = site.run(&["new", name]).failed(2);
        assert!(run.stderr.contains(text), "{name}: {}", run.stderr);
    }
    assert_eq!(all_files(&site), before);
    site.run(&["new", "articles/Spring tips!", "--kind", "article"]).clean();
    assert!(site.read("content/articles/spring-tips/index.md").contains("\ntitle: Spring tips\n"));
}

#[test]
fn new_fails_in_a_site_with_errors() {
    let site = Site::new().edit("site.yaml", "timezone:", "time_zone:");
    let run = site.run(&["new", "summer"]).failed(1);
    assert!(run.stderr.contains("did you mean `timezone`?"), "{}", run.stderr);
    let run = site.remove("site.yaml").run(&["new", "summer"]).failed(1);
    assert!(run.stderr.contains("no `site.yaml` in"), "{}", run.stderr);
}

#[test]
fn completions_and_man_page_list_every_command() {
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tagline")).args(args).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands = ["build", "check", "tags", "explain", "links", "init", "new", "schema"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let page = run(&["man"]);
    assert!(commands.iter().all(|command| page.contains(&format!("tagline\\-{command}(1)"))), "{page}");
    let site = missing_site();
    assert_eq!(run(&["man", "--output", site.path("man1").to_str().unwrap()]), "");
    assert!(site.read("man1/tagline-new.1").contains("\\-\\-kind"));
}

#[test]
fn options_of_init_are_written_everywhere() {
    for company in ["Kazi & Töchter GmbH", "Yes", "A: \"b\" # c", "*Stars* [1] <x>", "50% mehr, {sofort}"] {
        for args in [&[][..], &["--bare"]] {
            let site = missing_site();
            let own = [
                "--company",
                company,
                "--domain",
                "kazi.co.ke",
                "--accent",
                "#0b6e4f",
                "--look",
                "dark",
                "--email",
                "post@kazi.co.ke",
            ];
            init(&site, &[&own, args, &["--language", "de", "--date", "2027-03-15"]].concat()).clean();
            site.run(&["build", "--date", "2027-03-15"]).ok();
            let page = site.run(&["build", "--date", "2027-03-15"]).ok().page("index.html");
            assert!(page.the("style").text.contains("color-scheme:dark"));
            let shown = company.replace(['"', '\u{201c}', '\u{201d}'], "");
            let text = page.text().replace(['"', '\u{201c}', '\u{201d}', '\u{201e}'], "");
            assert!(text.contains(&shown), "{company}: {text}");
            for file in
                files_below(&site.root()).into_iter().filter(|file| !file.to_string_lossy().contains("/public/"))
            {
                let text = fs::read_to_string(&file).unwrap_or_default();
                assert!(!text.contains("Harbour Bikes"), "{}", file.display());
            }
        }
    }
}

#[test]
fn unusable_option_of_init_is_an_error_and_writes_nothing() {
    let site = missing_site();
    for (option, value, text) in [
        ("--domain", "kazi campaigns", "cannot be the site's address"),
        ("--look", "edtorial", "did you mean `editorial`?"),
        ("--email", "rosa", "is not an e-mail address"),
        ("--language", "english", "is not a language tag"),
    ] {
        let run = init(&site, &[option, value]).failed(2);
        assert!(run.stderr.contains(text), "{}", run.stderr);
        assert!(!site.root().exists());
    }
}

#[test]
fn folder_is_optional() {
    let site = Site::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagline"));
    site.finish(command.args(["init", "--yes"]).current_dir(site.root())).clean();
    assert!(site.path("our-campaigns/site.yaml").exists());
}

#[test]
fn lines_of_gitignore_are_unique() {
    let text = initialized(&[]).read(".gitignore");
    let lines: std::collections::BTreeSet<&str> = text.lines().collect();
    assert_eq!(lines.len(), text.lines().count(), "{text}");
}

#[test]
fn rest_of_the_example_is_reported_once_the_title_is_another() {
    let site = initialized(&["--date", "2027-03-15"]);
    site.check().clean();
    // The address is still an example.
    let site = site.edit("site.yaml", "title: Harbour Bikes", "title: Kazi");
    let run = site.check().ok();
    let places = run.rules_with_places();
    for file in [
        "site.yaml",
        "content/index.md",
        "content/privacy.md",
        "content/first-service/index.md",
        "content/first-service/sales.md",
    ] {
        assert!(places.iter().any(|place| place.starts_with(&format!("placeholder {file}:"))), "{file}: {places:#?}");
    }
    let text = site.read("site.yaml");
    let line = text.lines().position(|line| line.contains("I agree that Harbour Bikes")).unwrap() + 1;
    assert!(places.iter().any(|place| place.starts_with(&format!("placeholder site.yaml:{line}:"))), "{places:#?}");
}
