//! The built files: their paths and content, what stays unchanged between two builds, and what is never published.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::{CAMPAIGN, PAGE, Run, Site, bytes_below, files_below, page_text};

#[test]
fn urls_come_from_file_paths() {
    let site = Site::new()
        .file("content/index.md", &page_text("Home", ""))
        .file("content/Été 2027.md", &page_text("Summer", ""))
        .file("content/Über uns/index.md", &page_text("Us", ""))
        .file("content/Über uns/The_Team & Co.md", &page_text("Team", ""))
        .file("content/a/b/c.md", &page_text("C", ""))
        .file("content/old.md", "---\ntitle: New\nslug: brand-new\n---\n")
        .file("content/x/index.md", "---\ntitle: Y\nslug: y\n---\n");
    let run = site.build().clean();
    for (path, title) in [("", "Home"), ("ete-2027/", "Summer"), ("a/b/c/", "C"), ("brand-new/", "New"), ("y/", "Y")] {
        let page = run.page(path);
        assert_eq!(page.the("h1").text, title);
        assert_eq!(page.canonical(), format!("https://kazi.example/{path}"));
    }
    assert!(!run.has("old") && !run.has("x"));
    let (us, team) = ("ueber-uns/", "uber-uns/");
    let folder = if run.has(us) { us } else { team };
    assert_eq!(run.page(folder).the("h1").text, "Us");
    assert_eq!(run.page(&format!("{folder}the-team-co/")).the("h1").text, "Team");
}

#[test]
fn alias_redirects_to_its_page() {
    let site = Site::new().edit(PAGE, "title: Prices", "title: Prices\naliases: [/old/, /older, /a/b.html]");
    let run = site.build().clean();
    for path in ["old/", "older/", "a/b.html"] {
        let page = run.page(path);
        assert_eq!(page.canonical(), "https://kazi.example/prices/");
        assert_eq!(page.meta("robots"), "noindex");
        assert_eq!(page.link("Prices"), "/prices/");
        assert_eq!(page.with("http-equiv", "refresh").get("content"), "0; url=/prices/");
    }
    assert!(!run.public("sitemap.xml").contains("old"));
}

#[test]
fn file_is_published_only_if_a_page_refers_to_it() {
    let site = Site::new()
        .file("content/spring/unused.pdf", "%PDF-nobody")
        .file("content/spring/linked.pdf", "%PDF-somebody")
        .file("content/spring/draft.pdf", "%PDF-later")
        .file("content/draft.md", "---\ntitle: D\ndraft: true\n---\n[x](spring/draft.pdf)\n")
        .edit(CAMPAIGN, "Read the", "[x](linked.pdf) Read the");
    let run = site.build().clean();
    assert_eq!(run.public("spring/linked.pdf"), "%PDF-somebody");
    let files = run.public_files();
    for name in ["unused", "draft"] {
        assert!(files.iter().all(|file| !file.contains(name)), "{name} in {files:?}");
    }
}

#[test]
fn image_and_theme_file_names_contain_a_hash() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let site = Site::new().file("content/spring/team.svg", svg).edit(CAMPAIGN, "ctas:\n", "image: team.svg\nctas:\n");
    let image = |run: &Run| {
        let page = run.page("spring/");
        page.meta("og:image").strip_prefix("https://kazi.example/").unwrap().to_owned()
    };
    let run = site.build().clean();
    let first = image(&run);
    assert!(first.starts_with("spring/team.") && first.ends_with(".svg") && first != "spring/team.svg", "{first}");
    assert_eq!(run.public(&first), svg);
    for file in run.public_files().into_iter().filter(|file| file.starts_with("theme/")) {
        assert_eq!(file.matches('.').count(), 2, "{file} has no hash");
    }
    let site = site.file("content/spring/team.svg", &svg.replace("/>", " />"));
    assert_ne!(image(&site.build().clean()), first);
}

#[test]
fn static_files_are_copied_unchanged() {
    let site = Site::new()
        .bytes("static/.well-known/x", b"\0\xff\n")
        .file("static/a b/Été.txt", "x")
        .file("static/p.html", "<p> a  b");
    let run = site.build().clean();
    assert_eq!(std::fs::read(site.path("public/.well-known/x")).unwrap(), b"\0\xff\n");
    assert_eq!(run.public("p.html"), "<p> a  b");
    assert!(run.has("a b/Été.txt"));
}

#[test]
fn absolute_path_is_looked_up_in_content_then_in_static() {
    let site = Site::new()
        .file("static/terms.pdf", "%PDF-static")
        .file("static/both.pdf", "%PDF-static")
        .file("content/both.pdf", "%PDF-content")
        .edit(CAMPAIGN, "Read the", "[terms](/terms.pdf) [both](/both.pdf) Read the");
    let run = site.build().failed(1);
    // Both would be published at the same path.
    assert_eq!(run.problems()[0].rule, "path-clash");
    let site = site.remove("static/both.pdf");
    let run = site.build().clean();
    assert_eq!(run.page("spring/").link("terms"), "/terms.pdf");
    assert_eq!(run.public("both.pdf"), "%PDF-content");
}

#[test]
fn every_page_has_title_description_and_open_graph_data() {
    let site = Site::example();
    let run = site.build().ok();
    let pages = run.public_files().into_iter().filter(|file| file.ends_with("index.html") && !file.starts_with("go/"));
    for file in pages {
        let page = run.page(&file);
        assert!(!page.the("title").text.is_empty(), "{file}");
        for name in ["description", "og:title", "og:url", "og:description", "og:type"] {
            assert!(!page.meta(name).is_empty(), "{file}: {name}");
        }
        assert!(page.canonical().starts_with("https://kazi.example/"), "{file}");
        let is_extra = page.meta("robots") == "noindex";
        assert!(is_extra || page.json_ld()["@context"] == "https://schema.org", "{file}");
        assert_eq!(page.all("h1").count(), 1, "{file}");
    }
}

#[test]
fn sitemap_lists_exactly_the_indexable_pages() {
    let site = Site::example();
    let run = site.build().ok();
    let sitemap = run.public("sitemap.xml");
    for file in run.public_files().into_iter().filter(|file| file.ends_with("index.html")) {
        let address = format!("<loc>https://kazi.example/{}</loc>", file.strip_suffix("index.html").unwrap());
        let is_open = !run.page(&file).meta("robots").contains("noindex");
        assert_eq!(sitemap.contains(&address), is_open, "{file}");
    }
    assert!(run.public("robots.txt").contains("Sitemap: https://kazi.example/sitemap.xml"));
    assert_eq!(run.page("404.html").meta("robots"), "noindex");
}

#[test]
fn feed_lists_articles_newest_first() {
    let article = |title: &str, date: &str| {
        format!("---\ntitle: {title}\nlayout: article\nauthor: W.\nsummary: S.\ndate: {date}\n---\n")
    };
    let site = Site::new()
        .file("content/a.md", &article("Middle", "2027-02-01"))
        .file("content/b.md", &article("Newest", "2027-03-01"))
        .file("content/c.md", &article("Oldest", "2026-02-01"));
    let run = site.build().clean();
    let feed = run.public("feed.xml");
    let titles: Vec<_> = feed.split("<title>").skip(2).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(titles, ["Newest", "Middle", "Oldest"]);
    // Midnight in Nairobi.
    assert!(feed.contains("<updated>2027-02-28T21:00:00Z</updated>"), "{feed}");
}

#[test]
fn build_output_does_not_depend_on_the_folder() {
    let built = || {
        let site = Site::example();
        site.build().ok();
        let files: BTreeMap<PathBuf, Vec<u8>> = site.output();
        assert!(files.len() > 50);
        files
    };
    let (one, other) = (built(), built());
    for (path, bytes) in &one {
        assert!(other.get(path) == Some(bytes), "{} differs", path.display());
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn example_site_builds_without_warnings_on_any_day() {
    for day in
        ["2026-08-31", "2026-09-15", "2026-10-16", "2027-02-28", "2027-03-15", "2027-04-01", "2027-08-01", "2030-01-01"]
    {
        Site::example().build_on(day).clean();
    }
}

#[cfg(unix)]
fn inodes(site: &Site) -> BTreeMap<PathBuf, (u64, std::time::SystemTime)> {
    use std::os::unix::fs::MetadataExt;
    let files = ["public", "sales"].map(|top| files_below(&site.path(top)));
    let facts = |path: PathBuf| {
        let metadata = path.metadata().unwrap();
        (path, (metadata.ino(), metadata.modified().unwrap()))
    };
    files.into_iter().flatten().map(facts).collect()
}

#[cfg(unix)]
#[test]
fn unchanged_files_keep_inode_and_time() {
    let site = Site::new();
    site.build().clean();
    let before = inodes(&site);
    let site = site.edit(PAGE, "# Prices", "# New prices");
    assert!(site.build().clean().stdout.starts_with("built "));
    let after = inodes(&site);
    let changed: Vec<_> =
        after.iter().filter(|(path, facts)| before.get(*path) != Some(facts)).map(|(path, _)| path).collect();
    assert_eq!(changed, [&site.path("public/prices/index.html")]);
    assert_eq!(before.len(), after.len());
}

#[cfg(unix)]
#[test]
fn build_without_changes_writes_nothing() {
    let site = Site::new().aged();
    let first = site.build().clean();
    let everything = |site: &Site| {
        let entries = walkdir::WalkDir::new(site.root()).sort_by_file_name().into_iter().map(Result::unwrap);
        entries
            .map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap()))
            .collect::<Vec<_>>()
    };
    let (before, files) = (everything(&site), inodes(&site));
    let second = site.build().clean();
    assert!(second.stdout.starts_with("nothing changed: 2 pages, 2 channel pages, 12 lead tags"), "{}", second.stdout);
    assert!(second.stdout.ends_with("; next change on 2027-04-01\n"), "{}", second.stdout);
    assert_eq!(everything(&site), before);
    assert_eq!(inodes(&site), files);
    assert!(first.stdout.starts_with("built "));
}

#[test]
fn edit_of_the_same_length_is_noticed() {
    let site = Site::new().aged();
    site.build().clean();
    let site = site.edit(PAGE, "# Prices", "# Prizes");
    assert_eq!(site.build().clean().page("prices/").the("h1").text, "Prizes");
}

#[test]
fn file_edited_in_the_output_is_restored() {
    let site = Site::new().aged();
    site.build().clean();
    let built = site.output();
    site.write("public/prices/index.html", "vandals");
    site.build().clean();
    assert_eq!(site.output(), built);
}

#[test]
fn removed_page_leaves_no_file() {
    let site = Site::new().file("content/short.md", &page_text("Short-lived", ""));
    assert!(site.build().clean().has("short/index.html"));
    let site = site.remove("content/short.md");
    assert!(!site.build().clean().has("short"));
}

#[test]
fn build_prints_one_summary_line() {
    let site = Site::new();
    let first = site.build().clean();
    assert!(first.stdout.starts_with("built 2 pages, 2 channel pages, 12 lead tags"), "{}", first.stdout);
    let site = site.edit(PAGE, "# Prices", "# New prices");
    let run = site.build().clean();
    let (counts, rest) = run.stdout.split_once(" in ").unwrap();
    let (took, next) = rest.split_once("; ").unwrap();
    assert_eq!((counts, next), ("built 2 pages, 2 channel pages, 12 lead tags", "next change on 2027-04-01\n"));
    assert!(took.strip_suffix(" ms").is_some_and(|number| number.parse::<u32>().is_ok()), "{took}");
}

#[test]
fn summary_counts_one_in_the_singular() {
    let site = Site::new().remove("content/spring").file(PAGE, &page_text("Prices", ""));
    let run = site.build().clean();
    assert!(run.stdout.starts_with("built 1 page, 0 channel pages, 0 lead tags in "), "{}", run.stdout);
}

#[test]
fn output_and_sales_options_set_the_folders() {
    let site = Site::new();
    let (output, sales) = (site.path("out/site"), site.path("out/desk"));
    site.run(&["build", "--output", output.to_str().unwrap(), "--sales", sales.to_str().unwrap()]).clean();
    assert!(output.join("prices/index.html").exists() && sales.join("lead-sources.csv").exists());
    assert!(!site.path("public").exists() && !site.path("sales").exists());
    assert!(site.path("lead-tags.csv").exists(), "the register stays with the site");
}

#[test]
fn empty_folder_can_become_the_output() {
    let site = Site::new();
    std::fs::create_dir(site.path("public")).unwrap();
    assert!(site.build().clean().has("prices/index.html"));
}

#[test]
fn sales_notes_are_not_published() {
    let site = Site::example();
    let run = site.build().ok();
    let is_note = |path: &PathBuf| path.ends_with("sales.md") || path.to_str().unwrap().ends_with(".sales.md");
    let notes = files_below(&site.path("content")).into_iter().filter(is_note);
    let lines: Vec<String> = notes
        .flat_map(|path| {
            std::fs::read_to_string(path).unwrap().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        })
        .filter(|line| line.chars().filter(|c| c.is_alphanumeric()).count() >= 20)
        .collect();
    assert!(lines.len() > 50, "{}", lines.len());
    for (path, bytes) in bytes_below(&site.path("public")) {
        assert!(!path.to_str().unwrap().contains("sales.md"), "{}", path.display());
        let text = String::from_utf8_lossy(&bytes);
        for line in &lines {
            assert!(!text.contains(line.as_str()), "`{line}` in {}", path.display());
        }
    }
    for private in ["battlecard", "price-sheet"] {
        assert!(run.public_files().iter().all(|file| !file.contains(private)), "{private}");
    }
    let materials = files_below(&site.path("sales/materials"));
    assert!(materials.iter().any(|path| path.ends_with("battlecard.pdf")), "{materials:?}");
}

#[test]
fn sales_notes_do_not_become_a_page() {
    let site = Site::new()
        .file("content/spring/sales.md", "# Objections\n\nThey say it is too dear.\n")
        .file("content/offer.md", &page_text("Offer", ""))
        .file("content/offer.sales.md", "Call them twice.\n");
    let run = site.build().clean();
    assert!(run.public_files().iter().all(|file| !file.contains("sales")));
    for file in run.public_files() {
        let bytes = std::fs::read(site.path("public").join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("too dear") && !text.contains("Call them twice"), "{file}");
    }
}

#[test]
fn file_linked_only_from_sales_notes_goes_to_the_materials() {
    let site = Site::new()
        .file("content/spring/sales.md", "## Materials\n\n[Battlecard](card.pdf) [The guide](guide.pdf)\n")
        .file("content/spring/card.pdf", "%PDF-secret");
    let run = site.build().clean();
    assert!(run.public_files().iter().all(|file| !file.contains("card")));
    let materials = bytes_below(&site.path("sales/materials"));
    assert!(
        materials.iter().any(|(path, bytes)| path.ends_with("card.pdf") && bytes == b"%PDF-secret"),
        "{materials:?}"
    );
    let broken = site.edit("content/spring/sales.md", "card.pdf", "crad.pdf");
    let run = broken.build().failed(1);
    assert_eq!((&*run.problems()[0].rule, &*run.problems()[0].place), ("broken-link", "content/spring/sales.md:3:14"));
}
