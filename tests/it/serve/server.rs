//! `tagline serve` as a program: the real binary on a real folder, with the events that the system tells of it.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use crate::support::server::{Server, wait_for};
use crate::support::{PRICES, SITE, SPRING, Site, bytes_below};

const DRAFT: &str = "---\ntitle: Not yet\ndraft: true\n---\n\n# Not yet\n";

fn page(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\n---\n\n# {title}\n\n{text}\n")
}

/// With one more page, `/guide/`.
fn with_guide() -> Site {
    Site::new().file("content/guide/index.md", &page("The guide", "How we hire."))
}

/// Makes a change that is seen, after whatever was done before: what does not lead to an update has had its time.
fn mark(site: &Site, server: &Server) {
    save(site, "content/mark.md", page("Mark", "Here."));
    server.wait_for_text("/mark/", "Here.");
}

/// Puts a whole file into its place, so that no half of it is ever read.
fn save(site: &Site, path: &str, text: impl AsRef<[u8]>) {
    let staged = site.root().with_file_name("staged");
    fs::write(&staged, text).unwrap();
    let path = site.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::rename(staged, path).unwrap();
}

// ---- What is served

#[test]
fn files_have_the_type_that_hosts_of_static_files_give_them() {
    let names = [
        ("notes.txt", "text/plain; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("code.js", "text/javascript; charset=utf-8"),
        ("data.json", "application/json"),
        ("list.csv", "text/csv; charset=utf-8"),
        ("more.html", "text/html; charset=utf-8"),
        ("drawing.svg", "image/svg+xml"),
        ("photo.jpg", "image/jpeg"),
        ("photo.webp", "image/webp"),
        ("guide.pdf", "application/pdf"),
        ("film.mp4", "video/mp4"),
        ("letters.woff2", "font/woff2"),
        ("thing.unheard-of", "application/octet-stream"),
    ];
    let mut site = Site::new();
    for (name, _) in names {
        site = site.file(&format!("static/{name}"), "Grüße");
    }
    let server = site.serve();
    let made = [
        ("prices/", "text/html; charset=utf-8"),
        ("spring/via/acme/", "text/html; charset=utf-8"),
        ("sitemap.xml", "text/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
    ];
    for (name, expected) in names.into_iter().chain(made) {
        let answer = server.get(&format!("/{name}")).ok();
        assert_eq!(answer.header("content-type"), expected, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        assert!(!answer.headers.iter().any(|(header, _)| header.starts_with("access-control-")), "{name}");
        assert_eq!(server.ask("HEAD", &format!("/{name}"), &[], "").ok().body, b"", "{name}");
    }
    assert_eq!(server.get("/notes.txt").text(), "Grüße");
}

#[test]
fn an_unknown_address_gets_the_page_that_says_so() {
    let site = Site::new();
    let server = site.serve();
    for path in ["/nothing/", "/spring/via/nobody/", "/spring/thanks/save/", "/nothing.pdf", "/go/0000000000/", "/%FF"]
    {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(answer.text().contains("/__tagline/live.js"), "{path}: {}", answer.text());
        assert_ne!(answer.page().the("h1").text, "");
    }
}

#[test]
fn a_short_link_leads_on() {
    let site = Site::new();
    let server = site.serve();
    let overview = server.get("/__tagline/").ok().page();
    let short: Vec<&str> =
        overview.links().iter().map(|(_, href)| *href).filter(|href| href.contains("/go/")).collect();
    assert_eq!(short.len(), 2, "{short:?}");
    let answer = server.get(short[0]).ok();
    assert!(answer.text().contains("/spring/via/newsletter/"), "{}", answer.text());
    assert!(answer.page().elements.iter().any(|element| element.has("http-equiv", "refresh")));
}

#[test]
fn media_are_sent_in_the_ranges_that_are_asked_for() {
    let site = Site::new()
        .bytes("static/film.mp4", b"0123456789")
        .file("content/guide/index.md", &page("The guide", "[The list](list.txt)"))
        .file("content/guide/list.txt", "abcdefghij");
    let server = site.serve();
    for (path, whole) in [("/film.mp4", "0123456789"), ("/guide/list.txt", "abcdefghij")] {
        assert_eq!(server.get(path).ok().header("accept-ranges"), "bytes");
        for (range, from, to) in [("bytes=2-4", 2, 5), ("bytes=7-", 7, 10), ("bytes=-3", 7, 10), ("bytes=8-99", 8, 10)]
        {
            let answer = server.ask("GET", path, &[("Range", range)], "");
            assert_eq!((answer.status, answer.text().as_str()), (206, &whole[from..to]), "{path} {range}");
            assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/10", to - 1));
        }
        let beyond = server.ask("GET", path, &[("Range", "bytes=10-")], "");
        assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */10"));
    }
}

#[test]
fn a_folder_without_its_slash_leads_to_the_one_with_it() {
    let site = Site::new();
    let server = site.serve();
    for (path, to) in [
        ("/spring", "/spring/"),
        ("/spring/via/acme", "/spring/via/acme/"),
        ("/spring?utm_source=a&b=%20c", "/spring/?utm_source=a&b=%20c"),
        ("/__tagline", "/__tagline/"),
        ("/__tagline/desk", "/__tagline/desk/"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (307, to), "{path}");
    }
    assert_eq!(server.get("/prices/index.html").ok().text(), server.get("/prices/").text());
}

#[test]
fn a_path_in_base_url_stays() {
    let site = Site::new().edit("site.yaml", "kazi.example/", "kazi.example/offers/");
    let server = site.serve();
    assert_eq!(server.url, format!("http://{}/offers/", server.address));
    let text = server.get("/offers/prices/").ok().text();
    assert!(text.contains("/offers/spring/via/") || text.contains("/offers/spring/"), "{text}");
    assert!(!text.contains("kazi.example/"), "{text}");
    for path in ["/", "/offers"] {
        assert_eq!(server.get(path).header("location"), "/offers/", "{path}");
    }
    for path in ["/prices/", "/offersprices/", "/offers/../prices/"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    server.get("/__tagline/").ok();
    let mut events = server.listen("/offers/prices/");
    save(&site, "content/prices.md", format!("{PRICES}\nFor Crews.\n"));
    events.wait_for("the page as a changed one", |news| news["is_changed"] == true);
}

#[test]
fn drafts_are_shown_and_marked_and_with_live_they_are_not() {
    let site = Site::new().file("content/later.md", DRAFT).file(
        "content/coming/index.md",
        &SPRING.replace("2027-03-01", "2027-03-20").replace("guide.pdf", "/spring/guide.pdf"),
    );
    let server = site.serve();
    for (path, state) in [("/later/", "draft"), ("/coming/", "scheduled for"), ("/coming/via/acme/", "scheduled for")] {
        let ribbon = server.get(path).ok().page().with("aria-label", "Preview").text.clone();
        assert!(ribbon.contains(state), "{path}: {ribbon}");
    }
    let overview = server.get("/__tagline/").text();
    assert!(overview.contains(">draft</span>") && overview.contains(">scheduled</span>"), "{overview}");
    drop(server);
    let live = site.serve_with(&["--live"]);
    for path in ["/later/", "/coming/", "/coming/via/acme/"] {
        assert_eq!(live.get(path).status, 404, "{path}");
    }
    let overview = live.get("/__tagline/").ok().text();
    assert!(!overview.contains("Not yet") && !overview.contains("coming"), "{overview}");
}

#[test]
fn the_day_can_be_asked_for() {
    let site = Site::new();
    let server = site.serve_with(&["--date", "2027-04-01"]);
    assert!(server.get("/spring/").ok().text().contains("ended"));
}

#[test]
fn the_overview_lists_campaigns_links_channels_and_dates() {
    let site = with_guide();
    let server = site.serve();
    let overview = server.get("/__tagline/").ok().page();
    let text = overview.text();
    for needed in [
        "Hire in days",
        "spring",
        "1 March 2027",
        "31 March 2027",
        "Monthly newsletter",
        "Partner: Acme",
        "referral",
        "content/spring/index.md",
        "content/prices.md",
        "15 March 2027",
        "Next change on",
    ] {
        assert!(text.contains(needed), "`{needed}` is not in {text}");
    }
    let links = overview.links();
    let local: Vec<&str> = links.iter().map(|(_, href)| *href).filter(|href| href.starts_with('/')).collect();
    for needed in ["/spring/", "/prices/", "/guide/", "/__tagline/leads", "/__tagline/desk/"] {
        assert!(local.contains(&needed), "{needed} is not in {local:?}");
    }
    assert!(local.iter().any(|href| href.starts_with("/spring/via/acme/?")), "{local:?}");
    for href in local {
        let path = href.split('#').next().unwrap();
        assert_eq!(server.get(path).status, 200, "{href}");
    }
}

#[test]
fn nothing_is_written() {
    let site = with_guide();
    site.tags().ok();
    // Its lead tags are not in the register yet.
    save(&site, "content/fresh/index.md", SPRING.replace("guide.pdf", "/spring/guide.pdf"));
    let around = site.root().parent().unwrap().to_owned();
    let before = bytes_below(&around);
    let server = site.serve();
    let pages =
        ["/spring/", "/spring/via/acme/", "/fresh/", "/__tagline/", "/__tagline/leads", "/__tagline/desk/", "/nothing"];
    for path in pages {
        server.get(path);
    }
    server.ask("POST", "/spring/", &[("Origin", &format!("http://{}", server.address))], "lead_tag=spring_guide_acme");
    save(&site, "content/guide/index.md", page("The guide", "Now in colour."));
    server.wait_for_text("/guide/", "in colour");
    save(&site, "content/guide/index.md", page("The guide", "How we hire."));
    server.wait_for_text("/guide/", "How we hire.");
    assert_eq!(bytes_below(&around), before);
}

// ---- Ports and the end

#[test]
fn another_port_is_taken_where_the_usual_one_is_and_that_is_said() {
    // Another test or program may have it already: then it is taken, which is all that is needed.
    let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000));
    let site = Site::new();
    let server = Server::start(&site, &["serve"]);
    assert!((4001..=4020).contains(&server.address.port()), "{}", server.address);
    let said = server.stdout();
    assert!(said.contains(&format!("serving http://{}/ (port 4000 is taken); ", server.address)), "{said}");
    assert!(
        said.contains(&format!("what there is to see: http://{}/__tagline/; Ctrl-C ends", server.address)),
        "{said}"
    );
    server.get("/prices/").ok();
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_a_failing_environment() {
    let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let run = Site::new().run(&["serve", "--port", &port]).failed(2);
    assert_eq!(run.stderr, format!("error: port {port} is taken; name another one with `--port`\n"));
    assert_eq!(run.stdout, "");
}

#[test]
fn a_folder_that_is_not_there_is_a_failing_environment() {
    let site = Site::new();
    let run = site.finish(site.undated(&["serve", "--port", "0"]).args(["--root", "nowhere-at-all"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_at_once_also_while_pages_listen() {
    let site = Site::new();
    let mut server = site.serve();
    let mut streams: Vec<_> = (0..3).map(|_| server.listen("/prices/")).collect();
    for events in &mut streams {
        events.next().unwrap();
    }
    let began = std::time::Instant::now();
    assert_eq!(server.interrupt().code(), Some(0));
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert!(streams[0].next().is_none());
    assert_eq!(server.stderr(), "");
}

// ---- Changes

#[test]
fn a_saved_page_is_there_and_the_terminal_has_a_line_for_it() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/prices.md", format!("{PRICES}\nFor Crews.\n"));
    server.wait_for_text("/prices/", "Crews");
    wait_for("the line of the change", || {
        server.updates().first().cloned().filter(|line| line.contains("content/prices.md: "))
    });
    assert!(server.updates()[0].ends_with("ms") || server.updates()[0].ends_with('s'), "{:?}", server.updates());
    assert_eq!(server.stderr(), "");
}

/// How an editor saves.
type Save = fn(&Path, &str);

fn in_place(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// As vim does: the old file becomes a backup, which goes when the new one is written.
fn with_backup(path: &Path, text: &str) {
    let probe = path.with_file_name("4913");
    fs::write(&probe, "").unwrap();
    fs::remove_file(&probe).unwrap();
    let backup = path.with_extension("md~");
    fs::rename(path, &backup).unwrap();
    fs::write(path, text).unwrap();
    fs::remove_file(&backup).unwrap();
}

/// As most others: a new file takes the old one's place.
fn by_rename(path: &Path, text: &str) {
    let staged = path.with_file_name(".index.md.tmp");
    fs::write(&staged, text).unwrap();
    fs::rename(&staged, path).unwrap();
}

fn deleted_and_made(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn every_way_of_saving_is_noticed_time_after_time() {
    let site = with_guide();
    let server = site.serve();
    let ways: [(&str, Save); 4] = [
        ("in place", in_place),
        ("with a backup", with_backup),
        ("by rename", by_rename),
        ("made anew", deleted_and_made),
    ];
    for round in 0..3 {
        for (name, save) in ways {
            let text = format!("Saved {name}, {round}.");
            save(&site.path("content/guide/index.md"), &page("The guide", &text));
            server.wait_for_text("/guide/", &text);
        }
    }
    assert_eq!(server.stderr(), "");
}

#[test]
fn new_and_deleted_files_and_folders_are_noticed() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/new/deep/er/index.md", page("Deep", "In a new folder."));
    server.wait_for_text("/new/deep/er/", "In a new folder.");
    save(&site, "content/new/deep/er/index.md", page("Deep", "Changed in a new folder."));
    server.wait_for_text("/new/deep/er/", "Changed in a new folder.");
    save(&site, "content/new/deep/other.md", page("Other", "Beside it."));
    server.wait_for_text("/new/deep/other/", "Beside it.");
    fs::remove_file(site.path("content/new/deep/other.md")).unwrap();
    server.wait_for_status("/new/deep/other/", 404);
    fs::remove_dir_all(site.path("content/new")).unwrap();
    server.wait_for_status("/new/deep/er/", 404);
    save(&site, "content/new/deep/er/index.md", page("Deep", "There again."));
    server.wait_for_text("/new/deep/er/", "There again.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn a_moved_folder_moves_its_pages_and_is_watched_where_it_is_then() {
    let site = with_guide();
    let server = site.serve();
    fs::rename(site.path("content/guide"), site.path("content/handbook")).unwrap();
    server.wait_for_text("/handbook/", "How we hire.");
    server.wait_for_status("/guide/", 404);
    save(&site, "content/handbook/index.md", page("The guide", "Edited where it is now."));
    server.wait_for_text("/handbook/", "Edited where it is now.");
    // Out of the site and back, under another name.
    fs::rename(site.path("content/handbook"), site.root().with_file_name("aside")).unwrap();
    server.wait_for_status("/handbook/", 404);
    fs::rename(site.root().with_file_name("aside"), site.path("content/manual")).unwrap();
    server.wait_for_text("/manual/", "Edited where it is now.");
    save(&site, "content/manual/index.md", page("The guide", "And edited again."));
    server.wait_for_text("/manual/", "And edited again.");
}

#[test]
fn the_whole_content_may_be_another_folder() {
    let site = with_guide();
    let server = site.serve();
    for round in 0..3 {
        let text = format!("Content {round}.");
        let other = site.root().with_file_name("other");
        fs::create_dir_all(other.join("guide")).unwrap();
        fs::write(other.join("guide/index.md"), page("The guide", &text)).unwrap();
        for name in ["prices.md", "spring"] {
            fs::rename(site.path("content").join(name), other.join(name)).unwrap();
        }
        fs::remove_dir_all(site.path("content")).unwrap();
        fs::rename(&other, site.path("content")).unwrap();
        server.wait_for_text("/guide/", &text);
        let edited = format!("Edited {round}.");
        save(&site, "content/guide/index.md", page("The guide", &edited));
        server.wait_for_text("/guide/", &edited);
    }
}

#[cfg(unix)]
#[test]
fn what_links_in_the_site_lead_to_is_watched() {
    use std::os::unix::fs::symlink;
    let site = with_guide().file("shared/terms.md", &page("Terms", "First terms.")).file("lib/note.txt", "First note.");
    symlink("../shared", site.path("content/legal")).unwrap();
    fs::create_dir_all(site.path("static")).unwrap();
    symlink("../lib/note.txt", site.path("static/note.txt")).unwrap();
    // The same file under two addresses.
    symlink("guide", site.path("content/copy")).unwrap();
    let server = site.serve();
    server.wait_for_text("/legal/terms/", "First terms.");

    save(&site, "shared/terms.md", page("Terms", "Second terms."));
    server.wait_for_text("/legal/terms/", "Second terms.");
    by_rename(&site.path("shared/terms.md"), &page("Terms", "Third terms."));
    server.wait_for_text("/legal/terms/", "Third terms.");
    save(&site, "shared/more.md", page("More", "A new page there."));
    server.wait_for_text("/legal/more/", "A new page there.");

    save(&site, "content/guide/index.md", page("The guide", "In both places."));
    for path in ["/guide/", "/copy/"] {
        server.wait_for_text(path, "In both places.");
    }
    fs::remove_file(site.path("content/copy")).unwrap();
    server.wait_for_status("/copy/", 404);
    save(&site, "content/guide/index.md", page("The guide", "In one place again."));
    server.wait_for_text("/guide/", "In one place again.");

    // A file that is published as it is stays where it lies; that it changed is still told.
    let updates = server.updates().len();
    by_rename(&site.path("lib/note.txt"), "Second note.");
    wait_for("the line of a link's target", || (server.updates().len() > updates).then_some(()));
    server.wait_for_text("/note.txt", "Second note.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn many_files_in_one_go_are_all_there() {
    const PAGES: usize = 300;
    let site = Site::new();
    let server = site.serve();
    let write_all = |text: &str| {
        for number in 0..PAGES {
            let path = format!("content/many/{}/page-{number}.md", number % 10);
            save(&site, &path, page(&format!("Page {number}"), text));
        }
    };
    for text in ["As on main.", "As on a branch."] {
        write_all(text);
        for number in 0..PAGES {
            server.wait_for_text(&format!("/many/{}/page-{number}/", number % 10), text);
        }
    }
    // Back to before, in the order of a checkout: deletions, then what changed.
    fs::remove_dir_all(site.path("content/many")).unwrap();
    save(&site, "content/prices.md", format!("{PRICES}\nFor Crews.\n"));
    server.wait_for_status("/many/9/page-299/", 404);
    server.wait_for_text("/prices/", "Crews");
    // What was half written at a look may have been told, and is mended by the next.
    assert!(!server.get("/__tagline/").ok().text().contains("error["), "{}", server.stderr());
}

#[test]
fn everything_that_a_site_is_made_of_counts() {
    let site = Site::new()
        .file("content/guide/index.md", &page("The guide", "[The list](list.txt)"))
        .file("content/guide/list.txt", "First list.")
        .file("content/spring/sales.md", "# Say\n\nFirst notes.\n");
    let server = site.serve();
    save(&site, "content/guide/list.txt", "Second list.");
    server.wait_for_text("/guide/list.txt", "Second list.");

    // The folder did not exist before.
    save(&site, "static/film.txt", "First film.");
    server.wait_for_text("/film.txt", "First film.");
    save(&site, "static/film.txt", "Second film.");
    server.wait_for_text("/film.txt", "Second film.");

    save(&site, "content/spring/sales.md", "# Say\n\nSecond notes.\n");
    server.wait_for_text("/__tagline/desk/", "Second notes.");

    save(&site, "site.yaml", SITE.replace("title: Kazi\n", "title: Kazi & Daughters\n"));
    server.wait_for_text("/prices/", "Kazi &amp; Daughters");

    // One template of the built-in theme, which did not exist here either.
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch");
    let footer = fs::read_to_string(templates.join("parts/footer.html")).unwrap();
    save(&site, "themes/launch/parts/footer.html", format!("{footer}\n<p>First theme.</p>"));
    server.wait_for_text("/prices/", "First theme.");
    save(&site, "themes/launch/parts/footer.html", format!("{footer}\n<p>Second theme.</p>"));
    server.wait_for_text("/prices/", "Second theme.");
    let style = fs::read_to_string(templates.join("styles/base.css")).unwrap();
    save(&site, "themes/launch/styles/base.css", format!("{style}\nbody {{ outline-color: #123456; }}\n"));
    server.wait_for_text("/prices/", "#123456");
    assert_eq!(server.stderr(), "");
}

#[test]
fn polling_notices_the_same_also_twice_in_a_second() {
    let site = with_guide().file("content/spring/sales.md", "# Say\n\nFirst notes.\n");
    let server = site.serve_with(&["--poll"]);
    for number in 0..6 {
        // As many bytes each time.
        let text = format!("Edit number {number}.");
        save(&site, "content/guide/index.md", page("The guide", &text));
        server.wait_for_text("/guide/", &text);
    }
    // A file with an older time of change takes its place, as `mv` and `cp -p` leave it.
    let old = site.root().with_file_name("old.md");
    fs::write(&old, page("The guide", "From the archive.")).unwrap();
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    fs::File::options().write(true).open(&old).unwrap().set_modified(past).unwrap();
    fs::rename(&old, site.path("content/guide/index.md")).unwrap();
    server.wait_for_text("/guide/", "From the archive.");
    save(&site, "content/new/index.md", page("New", "In a new folder."));
    server.wait_for_text("/new/", "In a new folder.");
    fs::remove_dir_all(site.path("content/new")).unwrap();
    server.wait_for_status("/new/", 404);
    save(&site, "content/spring/sales.md", "# Say\n\nSecond notes.\n");
    server.wait_for_text("/__tagline/desk/", "Second notes.");
    assert_eq!(server.stderr(), "");
}

#[test]
fn neither_the_register_nor_a_build_beside_it_leads_to_a_rebuild() {
    for options in [&[][..], &["--poll"]] {
        let site = Site::new();
        let server = site.serve_with(options);
        site.build().ok();
        fs::write(site.path("lead-tags.csv"), site.read("lead-tags.csv").replace("Book a trial", "Book")).unwrap();
        site.tags().ok();
        save(&site, "content/spring/.index.md.swp", "vim");
        save(&site, "content/spring/index.md~", "a backup");
        save(&site, "notes.txt", "beside the site");
        let before: Vec<String> = server.updates();
        mark(&site, &server);
        let lines: Vec<String> = server.updates();
        assert!(before.is_empty(), "{options:?}: {before:?}");
        let others: Vec<&String> = lines.iter().filter(|line| !line.contains("mark.md")).collect();
        assert!(others.is_empty(), "{options:?}: {others:?}");
    }
}

// ---- Problems

#[test]
fn an_error_keeps_the_last_good_pages_until_it_is_mended() {
    let site = Site::new();
    let server = site.serve();
    let good = server.get("/spring/").ok().text();
    save(&site, "content/spring/index.md", SPRING.replace("[newsletter, acme]", "[newsleter, acme]"));
    server.wait_for_word("; the last good pages are shown");
    let told = server.stderr();
    assert!(told.contains("error[unknown-channel]: there is no channel `newsleter`"), "{told}");
    assert!(told.contains("content/spring/index.md:7:12"), "{told}");
    server.wait_for_word("content/spring/index.md: not shown in ");
    assert_eq!(server.get("/spring/").ok().text(), good);
    server.get("/spring/via/newsletter/").ok();
    let overview = server.get("/__tagline/").ok().page();
    assert!(overview.text().contains("there is no channel `newsleter`"), "{}", overview.text());

    // What is right is not shown either while something is wrong.
    save(&site, "content/prices.md", format!("{PRICES}\nFor Crews.\n"));
    wait_for("a second line", || (server.updates().len() >= 2).then_some(()));
    assert!(!server.get("/prices/").ok().text().contains("Crews"));

    save(&site, "content/spring/index.md", SPRING);
    server.wait_for_text("/prices/", "Crews");
    assert_eq!(server.get("/spring/").ok().text(), good);
    assert!(!server.get("/__tagline/").text().contains("newsleter"));
    wait_for("a third line", || (server.updates().len() >= 3).then_some(()));
}

#[test]
fn an_error_in_a_template_keeps_the_last_good_pages_too() {
    let site = Site::new();
    let server = site.serve();
    let good = server.get("/prices/").ok().text();
    save(&site, "themes/launch/parts/footer.html", "{{ nothing.of_this.kind }}");
    server.wait_for_word("; the last good pages are shown");
    assert_eq!(server.get("/prices/").ok().text(), good);
    fs::remove_dir_all(site.path("themes")).unwrap();
    wait_for("a second line", || (server.updates().len() >= 2).then_some(()));
    assert_eq!(server.get("/prices/").ok().text(), good);
}

#[test]
fn a_site_that_is_broken_from_the_start_is_there_when_it_is_mended() {
    for (path, broken, good) in [
        ("content/spring/index.md", SPRING.replace("[newsletter, acme]", "[newsleter, acme]"), SPRING),
        ("site.yaml", "title: Kazi: & Co\n".to_owned(), SITE),
    ] {
        let site = Site::new().file(path, &broken);
        let server = site.serve();
        assert!(server.stderr().contains("; nothing is shown yet"), "{}", server.stderr());
        let answer = server.get("/prices/");
        assert_eq!((answer.status, answer.header("content-type")), (503, "text/html; charset=utf-8"));
        assert!(answer.text().contains("data-page=\"none\""), "{}", answer.text());
        let mut events = server.listen("/prices/");
        let news = events.next().unwrap();
        assert_eq!((news["is_refused"].as_bool(), news["is_changed"].as_bool()), (Some(true), Some(false)), "{news}");
        assert!(!news["problems"].as_array().unwrap().is_empty(), "{news}");
        save(&site, path, good);
        events.wait_for("the page", |news| news["is_changed"] == true && news["is_refused"] == false);
        server.get("/prices/").ok();
    }
}

#[test]
fn a_folder_without_a_site_becomes_one() {
    let site = Site::new().remove("site.yaml").remove("content");
    let server = site.serve();
    assert!(server.stderr().contains("error[missing-site]"), "{}", server.stderr());
    save(
        &site,
        "site.yaml",
        SITE.replace("  - { label: Prices, page: /prices.md }\n", "").replace("navigation:\n", ""),
    );
    save(&site, "content/index.md", page("Home", "At last."));
    server.wait_for_text("/", "At last.");
    save(&site, "content/index.md", page("Home", "At long last."));
    server.wait_for_text("/", "At long last.");
}

#[test]
fn warnings_are_told_and_hinder_nothing() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/prices.md", format!("{PRICES}\n<b>bold</b>\n"));
    server.wait_for_text("/prices/", "&lt;b&gt;bold");
    server.wait_for_word("warning[raw-html]");
    let news = server.listen("/prices/").next().unwrap();
    assert_eq!(news["is_refused"], false);
    assert_eq!(news["problems"][0]["severity"], "warning");
    let text = news["problems"][0]["text"].as_str().unwrap();
    assert!(server.stderr().contains(text), "{text} is not what the terminal says: {}", server.stderr());
}

// ---- Events

#[test]
fn only_pages_whose_bytes_changed_are_told_so() {
    let site = with_guide();
    let server = site.serve();
    let mut listening: Vec<_> = ["/guide/", "/prices/", "/spring/via/acme/", "/nothing/"]
        .map(|path| (path, server.listen(path)))
        .into_iter()
        .collect();
    for (path, events) in &mut listening {
        let news = events.next().unwrap();
        assert_eq!(
            (news["is_changed"].as_bool(), news["problems"].to_string().as_str()),
            (Some(false), "[]"),
            "{path}"
        );
    }
    save(&site, "content/guide/index.md", page("The guide", "Now in colour."));
    server.wait_for_text("/guide/", "in colour");
    for (path, events) in &mut listening {
        let news = events.next().unwrap();
        assert_eq!(news["is_changed"], *path == "/guide/", "{path}: {news}");
    }
    // Back to the bytes that the page was opened with: nothing to load again.
    save(&site, "content/guide/index.md", page("The guide", "How we hire."));
    for (path, events) in &mut listening {
        assert_eq!(events.next().unwrap()["is_changed"], false, "{path}");
    }
    // A page for all.
    save(&site, "site.yaml", SITE.replace("title: Kazi\n", "title: Kazi & Daughters\n"));
    for (path, events) in &mut listening {
        assert_eq!(events.next().unwrap()["is_changed"], true, "{path}");
    }
}

#[test]
fn a_page_that_comes_or_goes_is_told() {
    let site = with_guide();
    let server = site.serve();
    let mut missing = server.listen("/coming/");
    save(&site, "content/coming.md", page("Coming", "Here."));
    missing.wait_for("the page that came", |news| news["is_changed"] == true);
    let mut present = server.listen("/coming/");
    fs::remove_file(site.path("content/coming.md")).unwrap();
    present.wait_for("the page that went", |news| news["is_changed"] == true);
}

// ---- Leads

#[test]
fn a_lead_that_is_posted_without_a_script_is_kept_and_answered_as_an_endpoint_would() {
    let site = Site::new();
    let server = site.serve();
    let origin = format!("http://{}", server.address);
    let form =
        "lead_tag=spring_guide_acme&name=Zo%C3%AB&redirect=https%3A%2F%2Fkazi.example%2Fspring%2Fthanks%2Fguide%2F";
    let headers = [("Origin", origin.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let answer = server.ask("POST", "/spring/", &headers, form);
    assert_eq!((answer.status, answer.header("location")), (303, "/spring/thanks/guide/"));
    server.get("/spring/thanks/guide/").ok();
    let leads = server.get("/__tagline/leads").ok().page();
    for needed in ["spring_guide_acme", "Zoë", "/spring/", "POST"] {
        assert!(leads.text().contains(needed), "`{needed}` is not in {}", leads.text());
    }
    assert_eq!(leads.the("iframe").get("src"), "/__tagline/desk/#spring_guide_acme");
}

#[test]
fn nothing_that_is_posted_leads_away_from_here() {
    let site = Site::new();
    let server = site.serve();
    let origin = format!("http://{}", server.address);
    for redirect in [
        "https://a.example//evil.example/",
        "https://a.example/%0d%0aset-cookie:a=b",
        "javascript:alert(1)",
        "nonsense",
    ] {
        let form = format!("redirect={}", tagline::model::address::query_value(redirect));
        let answer = server.ask("POST", "/spring/", &[("Origin", &origin)], &form);
        assert_eq!(answer.status, 303, "{redirect}");
        let to = answer.header("location");
        assert!(to.starts_with('/') && !to.starts_with("//"), "{redirect} leads to {to}");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let lead = r#"{"method":"POST","url":"https://a.example/","body":"","page":"javascript:alert(1)"}"#;
    assert_eq!(server.ask("POST", "/__tagline/leads", &[("Origin", &origin)], lead).status, 400);
}
