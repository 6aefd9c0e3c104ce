//! The built tree: addresses, files, what stays the same between two builds, and what never gets in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::{Run, Site};

const CAMPAIGN: &str = "content/spring/index.md";
const PAGE: &str = "content/prices.md";

fn titled(title: &str) -> String {
    format!("---\ntitle: {title}\n---\n")
}

#[test]
fn addresses_come_from_paths() {
    let site = Site::new()
        .file("content/index.md", &titled("Home"))
        .file("content/Été 2027.md", &titled("Summer"))
        .file("content/Über uns/index.md", &titled("Us"))
        .file("content/Über uns/The_Team & Co.md", &titled("Team"))
        .file("content/a/b/c.md", &titled("C"))
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
fn an_alias_sends_visitors_to_the_page() {
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
fn a_file_is_published_only_if_a_page_refers_to_it() {
    let site = Site::new()
        .file("content/spring/unused.pdf", "nobody")
        .file("content/spring/linked.pdf", "somebody")
        .file("content/spring/draft.pdf", "later")
        .file("content/draft.md", "---\ntitle: D\ndraft: true\n---\n[x](spring/draft.pdf)\n")
        .edit(CAMPAIGN, "Read the", "[x](linked.pdf) Read the");
    let run = site.build().clean();
    assert_eq!(run.public("spring/linked.pdf"), "somebody");
    let files = run.public_files();
    for name in ["unused", "draft"] {
        assert!(files.iter().all(|file| !file.contains(name)), "{name} in {files:?}");
    }
}

#[test]
fn images_and_theme_files_have_a_hash_in_their_names() {
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
fn static_files_are_copied_as_they_are() {
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
fn a_path_with_a_slash_means_content_and_then_static() {
    let site = Site::new()
        .file("static/terms.pdf", "static")
        .file("static/both.pdf", "static")
        .file("content/both.pdf", "content")
        .edit(CAMPAIGN, "Read the", "[terms](/terms.pdf) [both](/both.pdf) Read the");
    let run = site.build().failed(1);
    // Both would lie at one address.
    assert_eq!(run.problems()[0].rule, "path-clash");
    let site = site.remove("static/both.pdf");
    let run = site.build().clean();
    assert_eq!(run.page("spring/").link("terms"), "/terms.pdf");
    assert_eq!(run.public("both.pdf"), "content");
}

#[test]
fn every_page_says_what_it_is() {
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
fn the_sitemap_holds_every_page_that_search_engines_may_show_and_no_other() {
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
fn the_feed_holds_the_articles_newest_first() {
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
fn the_same_site_gives_the_same_bytes_wherever_it_lies() {
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
fn a_clean_build_of_the_example_site_has_nothing_to_complain_of_on_any_day() {
    for day in
        ["2026-08-31", "2026-09-15", "2026-10-16", "2027-02-28", "2027-03-15", "2027-04-01", "2027-08-01", "2030-01-01"]
    {
        Site::example().build_on(day).clean();
    }
}

#[cfg(unix)]
fn inodes(site: &Site) -> BTreeMap<PathBuf, (u64, std::time::SystemTime)> {
    use std::os::unix::fs::MetadataExt;
    let files = ["public", "sales"].map(|top| crate::support::files_below(&site.path(top)));
    let facts = |path: PathBuf| {
        let metadata = path.metadata().unwrap();
        (path, (metadata.ino(), metadata.modified().unwrap()))
    };
    files.into_iter().flatten().map(facts).collect()
}

#[cfg(unix)]
#[test]
fn files_that_do_not_change_keep_inode_and_time() {
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
fn a_build_of_what_has_not_changed_writes_nothing() {
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
fn a_change_of_the_same_length_is_seen() {
    let site = Site::new().aged();
    site.build().clean();
    let site = site.edit(PAGE, "# Prices", "# Prizes");
    assert_eq!(site.build().clean().page("prices/").the("h1").text, "Prizes");
}

#[test]
fn what_somebody_changed_in_the_output_is_built_again() {
    let site = Site::new().aged();
    site.build().clean();
    let built = site.output();
    site.write("public/prices/index.html", "vandals");
    site.build().clean();
    assert_eq!(site.output(), built);
}

#[test]
fn a_page_that_is_gone_leaves_no_file() {
    let site = Site::new().file("content/short.md", &titled("Short-lived"));
    assert!(site.build().clean().has("short/index.html"));
    let site = site.remove("content/short.md");
    assert!(!site.build().clean().has("short"));
}

#[test]
fn the_summary_is_one_line_on_stdout() {
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
fn one_of_a_thing_is_told_in_the_singular() {
    let site = Site::new().remove("content/spring").file(PAGE, &titled("Prices"));
    let run = site.build().clean();
    assert!(run.stdout.starts_with("built 1 page, 0 channel pages, 0 lead tags in "), "{}", run.stdout);
}

#[test]
fn output_and_sales_go_where_they_are_told_to() {
    let site = Site::new();
    let (output, sales) = (site.path("out/site"), site.path("out/desk"));
    site.run(&["build", "--output", output.to_str().unwrap(), "--sales", sales.to_str().unwrap()]).clean();
    assert!(output.join("prices/index.html").exists() && sales.join("lead-sources.csv").exists());
    assert!(!site.path("public").exists() && !site.path("sales").exists());
    assert!(site.path("lead-tags.csv").exists(), "the register stays with the site");
}

#[test]
fn an_empty_folder_may_become_the_output() {
    let site = Site::new();
    std::fs::create_dir(site.path("public")).unwrap();
    assert!(site.build().clean().has("prices/index.html"));
}

#[test]
fn nothing_that_is_for_sales_is_public() {
    let site = Site::example();
    let run = site.build().ok();
    let is_note = |path: &PathBuf| path.ends_with("sales.md") || path.to_str().unwrap().ends_with(".sales.md");
    let notes = crate::support::files_below(&site.path("content")).into_iter().filter(is_note);
    let lines: Vec<String> = notes
        .flat_map(|path| {
            std::fs::read_to_string(path).unwrap().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        })
        .filter(|line| line.chars().filter(|c| c.is_alphanumeric()).count() >= 20)
        .collect();
    assert!(lines.len() > 50, "{}", lines.len());
    for (path, bytes) in crate::support::bytes_below(&site.path("public")) {
        assert!(!path.to_str().unwrap().contains("sales.md"), "{}", path.display());
        let text = String::from_utf8_lossy(&bytes);
        for line in &lines {
            assert!(!text.contains(line.as_str()), "`{line}` in {}", path.display());
        }
    }
    for private in ["battlecard", "price-sheet"] {
        assert!(run.public_files().iter().all(|file| !file.contains(private)), "{private}");
    }
    let materials = crate::support::files_below(&site.path("sales/materials"));
    assert!(materials.iter().any(|path| path.ends_with("battlecard.pdf")), "{materials:?}");
}

#[test]
fn a_note_for_sales_never_becomes_a_page() {
    let site = Site::new()
        .file("content/spring/sales.md", "# Objections\n\nThey say it is too dear.\n")
        .file("content/offer.md", &titled("Offer"))
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
fn a_file_that_only_sales_notes_name_goes_to_the_materials() {
    let site = Site::new()
        .file("content/spring/sales.md", "## Materials\n\n[Battlecard](card.pdf) [The guide](guide.pdf)\n")
        .file("content/spring/card.pdf", "secret");
    let run = site.build().clean();
    assert!(run.public_files().iter().all(|file| !file.contains("card")));
    let materials = crate::support::bytes_below(&site.path("sales/materials"));
    assert!(materials.iter().any(|(path, bytes)| path.ends_with("card.pdf") && bytes == b"secret"), "{materials:?}");
    let broken = site.edit("content/spring/sales.md", "card.pdf", "crad.pdf");
    let run = broken.build().failed(1);
    assert_eq!((&*run.problems()[0].rule, &*run.problems()[0].place), ("broken-link", "content/spring/sales.md:3:14"));
}
