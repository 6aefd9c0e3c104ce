//! Characters that mean something elsewhere, damaged caches, and templates without end.

use std::fs;

use super::picture;
use crate::support::{CAMPAIGN, PAGE, PAGE_TEMPLATE, SITE, Site, assert_only_error, bytes_below};

const HEADER_FILES: [&str; 3] = ["_headers", "_headers.nginx", "_headers.caddy"];

#[test]
fn no_host_adds_a_directive_to_the_header_files() {
    let page = |html: &str| {
        let raw_html = |site: Site| site.edit(SITE, "title:", "markdown: { raw_html: true }\ntitle:");
        raw_html(Site::new()).edit(PAGE, "# Prices", &format!("# Prices\n\n{html}"))
    };
    let site_without_hosts = page("<img alt=\"\">");
    let plain = site_without_hosts.build().ok();
    for host in ["a;sandbox;b.example", "a$host.example", "a{env.HOME}.example", "a&quot;b.example", "a&#59;b.example"]
    {
        for html in [
            format!("<img src=\"https://{host}/i.png\" alt=\"\">"),
            format!("<form action=\"https://{host}/\"></form>"),
        ] {
            let run = page(&html).build().failed(1);
            assert!(run.stderr.contains("no host has these characters"), "{html}: {}", run.stderr);
            // An address without its scheme is the author's.
            let html = html.replace("https://", "//");
            let site = page(&html);
            let run = site.build().ok();
            for file in HEADER_FILES {
                assert_eq!(run.public(file), plain.public(file), "{file} with {html}");
            }
        }
    }
    for (site, place) in [
        (
            Site::new().edit(PAGE, "# Prices", "# Prices\n\n![A](https://a;sandbox;b.example/i.png)"),
            "content/prices.md:8:6",
        ),
        (Site::new().edit(SITE, "https://forms.kazi.example/leads", "\"https://forms;sandbox.example/leads\""), SITE),
    ] {
        let run = site.check().failed(1);
        assert!(run.stderr.contains("no host has these characters") && run.stderr.contains(place), "{}", run.stderr);
    }
}

#[test]
fn base_url_with_characters_of_configurations_is_an_error() {
    for path in ["*/", ":splat/", "a;b/", "a$b/", "a'b/"] {
        let site = Site::new().edit(SITE, "https://kazi.example/", &format!("\"https://kazi.example/{path}\""));
        assert_only_error(&site.check(), "bad-url", "site.yaml:2:11", "letters, digits");
    }
}

#[test]
fn line_break_in_an_alias_is_an_error_at_the_alias() {
    for alias in ["/old\\noffer/", "/old\\toffer/"] {
        let site = Site::new().edit(PAGE, "title: Prices", &format!("title: Prices\naliases: [\"{alias}\"]"));
        for run in [site.check(), site.build()] {
            assert_only_error(&run, "bad-url", "content/prices.md:3:12", "write the old path");
        }
    }
}

#[cfg(unix)]
#[test]
fn invisible_character_in_a_file_name_is_an_error_at_the_file() {
    for (name, shown) in
        [("a\nb.pdf", "a\\nb.pdf"), ("a\u{1b}[31m.pdf", "a\\u{1b}[31m.pdf"), ("\u{fdd0}.pdf", "\u{fdd0}.pdf")]
    {
        for folder in ["content/spring", "static", "themes/launch/assets"] {
            let site = Site::new().bytes(&format!("{folder}/{name}"), b"x");
            for run in [site.check(), site.build()] {
                assert_only_error(&run, "bad-file-name", &format!("{folder}/{shown}"), "rename the file");
            }
        }
    }
}

#[test]
fn damaged_picture_in_the_cache_is_made_again_and_never_published() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><path d=\"M0 0h9v9z\"/></svg>";
    let site = Site::new()
        .bytes("content/spring/team.png", &picture(40, 30))
        .file("content/spring/mark.svg", svg)
        .edit(CAMPAIGN, "Read the", "![A team](team.png) ![A mark](mark.svg) Read the");
    site.build().ok();
    let good = bytes_below(&site.path("public"));
    let folder = site.path(".tagline/images");
    let cached = bytes_below(&folder);
    assert!(cached.len() >= 2, "{:?}", cached.keys());
    let foreign = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let swapped: Vec<Vec<u8>> = cached.values().skip(1).chain(cached.values().take(1)).cloned().collect();
    for ((path, bytes), other) in cached.iter().zip(swapped) {
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 4;
        for damaged in [Vec::new(), bytes[..bytes.len() / 2].to_vec(), flipped, foreign.clone(), other] {
            fs::write(folder.join(path), &damaged).unwrap();
            fs::remove_dir_all(site.path("public")).unwrap();
            fs::remove_file(site.path(".public.manifest")).unwrap();
            site.build().ok();
            assert!(bytes_below(&site.path("public")) == good, "{path:?} was published as it was");
            assert!(&fs::read(folder.join(path)).unwrap() == bytes, "{path:?} was not made again");
        }
    }
}

#[test]
fn template_without_end_is_an_error_at_its_place() {
    let loops = "<h1>{{ page.title }}</h1>\n{% for a in range(end=9000) %}{% for b in range(end=9000) %}{% endfor %}{% endfor %}";
    let doubles = "<h1>{{ page.title }}</h1>\n{% set a = page.title %}{% for b in range(end=99) %}{% set_global a = a ~ a %}{% endfor %}";
    let prints = "<h1>{{ page.title }}</h1>\n{% for a in range(end=99999) %}".to_owned()
        + &"0123456789".repeat(100)
        + "{% endfor %}";
    for (template, place, words) in [
        (loops, "themes/launch/page.html:2:43", "repeats its loops more than"),
        (doubles, "themes/launch/page.html:2:71", "more than 16 MB"),
        (&prints, "themes/launch/page.html", "more than 16 MB"),
    ] {
        let run = Site::new().file(PAGE_TEMPLATE, template).build().failed(1);
        assert_only_error(&run, "template-error", place, words);
    }
}

#[test]
fn limits_of_templates_do_not_change_pages() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/launch/page.html")).unwrap();
    let built_in = Site::new();
    built_in.build().clean();
    // A comment makes the template the site's own, so that it gets limits.
    let own = Site::new().file(PAGE_TEMPLATE, &format!("{text}{{# ours #}}"));
    own.build().clean();
    assert!(built_in.output() == own.output());
}

#[test]
fn moving_picture_with_too_many_pixels_is_an_error() {
    let frame = b",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let gif = [b"GIF89a\xff\xff\xff\xff\0\0\0", &frame[..], frame, b";"].concat();
    let site =
        Site::new().bytes("content/spring/moving.gif", &gif).edit(CAMPAIGN, "Read the", "![A](moving.gif) Read the");
    for run in [site.check(), site.build()] {
        let problem = run.problems().remove(0);
        assert_eq!((&*problem.rule, run.code), ("image-too-large", Some(1)), "{}", run.stderr);
    }
}

#[test]
fn preview_marks_every_file_as_not_for_search_engines() {
    let (site, previewed) = (Site::new(), Site::new());
    let published = site.build().clean();
    let preview = previewed.run(&["build", "--preview"]).ok();
    for (file, line) in [
        ("_headers", "\n  X-Robots-Tag: noindex\n"),
        ("_headers.nginx", "\nadd_header X-Robots-Tag \"noindex\" always;\n"),
        ("_headers.caddy", "\n\tX-Robots-Tag \"noindex\"\n"),
    ] {
        let first_rule = |text: String| text.split("/get/").next().unwrap().to_owned();
        assert!(preview.public(file).contains(line), "{file}");
        assert!(!first_rule(published.public(file)).contains(line), "{file}");
    }
}

#[test]
fn scripts_and_pages_name_no_channel_that_is_not_in_use_yet() {
    let site = Site::new()
        .edit(
            SITE,
            "channels:\n",
            "channels:\n  nemesis: { label: Secret partner, source: nemesis-2028, medium: referral, crm_source: Big deal, referrers: [nemesis.example] }\n  \
             search: { label: Search, source: engine, medium: cpc, click_ids: [gclid] }\n",
        )
        .file(
            "content/later/index.md",
            "---\ntitle: Later\nsummary: Later.\nstarts: 2027-06-01\nchannels: [nemesis]\nctas:\n  talk: { label: Talk, contact: { phone: \"+254 700 000000\" } }\n---\n\n[Talk](cta:talk)\n",
        );
    let found = |run: &crate::support::Run, word: &str| {
        let public = crate::support::bytes_below(&run.root.join("public"));
        public.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word)).count()
    };
    let today = site.build().ok();
    for word in ["nemesis", "Secret partner", "Big deal"] {
        assert_eq!(found(&today, word), 0, "{word}");
    }
    // Channels of published pages, and those of no page, are there.
    assert!(found(&today, "Monthly newsletter") > 0 && found(&today, "gclid") > 0);
    let later = site.build_on("2027-06-01").ok();
    assert!(found(&later, "Secret partner") > 0);
}
