//! What is refused, and leaves the published site as it was.

use std::fs;
use std::process::Command;

use super::{Published, tree};
use crate::support::{SITE, Site};

/// Asserts that a publish ends with status 2 and this message, and changes nothing.
#[track_caller]
fn refused(published: &Published, options: &[&str], message: &str) {
    let before = published.folder().exists().then(|| tree(&published.folder()));
    let run = published.publish(options).failed(2);
    assert!(run.stderr.contains(message), "{}", run.stderr);
    assert_eq!(published.folder().exists().then(|| tree(&published.folder())), before);
}

#[test]
fn settings_are_read_strictly_with_places_and_nearest_names() {
    for (publish, rule, mark, texts) in [
        (
            "{ live: { site: s4://kazi } }",
            "bad-publish-target",
            "s4:",
            &["`s4://` is not a kind", "did you mean `s3://`?"][..],
        ),
        ("{ live: { site: kazi-site } }", "bad-publish-target", "kazi-site", &["is not a place", "s3://kazi-site"]),
        ("{ live: { sit: s3://kazi } }", "unknown-key", "sit:", &["did you mean `site`?"]),
        ("{ live: { desk: s3://kazi } }", "missing-key", "desk:", &["`site` is missing"]),
        (
            "{ live: { site: s3://kazi, desk: s3://kazi/desk } }",
            "bad-publish-target",
            "s3://kazi/desk",
            &["bucket or container of its own"],
        ),
        (
            "{ live: { site: \"file:///srv/a\", desk: \"file:///srv/a/desk\" } }",
            "bad-publish-target",
            "\"file:///srv/a/desk",
            &["in the folder of the site"],
        ),
        (
            "{ live: { site: \"file:///\" } }",
            "bad-publish-target",
            "\"file",
            &["the root of the file system", "name a folder"],
        ),
        ("{ live: { site: \"file:///srv/../etc\" } }", "bad-publish-target", "\"file", &["has an empty part or dots"]),
        ("{ live: { site: \"file://srv\" } }", "bad-publish-target", "\"file", &["three slashes"]),
        ("{ live: { site: \"s3://key:secret@kazi\" } }", "bad-publish-target", "\"s3:", &["has no password"]),
        ("{ live: { site: s3://kazi, max_delete: lots } }", "bad-publish-target", "lots", &["write `100` or `20%`"]),
        ("{ live: { site: s3://kazi, keep: 0 } }", "wrong-type", "0 }", &["from 1 to 10,000"]),
        (
            "{ live: { site: s3://kazi, endpoint: s3.kazi.co.ke } }",
            "bad-publish-target",
            "s3.kazi",
            &["write the scheme"],
        ),
    ] {
        let site = Site::edited(SITE, "destinations:\n", &format!("publish: {publish}\ndestinations:\n"));
        let column = "publish: ".len() + publish.find(mark).unwrap() + 1;
        site.check().error().assert(rule, &format!("site.yaml:10:{column}"), texts);
    }
}

#[test]
fn unknown_target_suggests_the_nearest_one() {
    let published = Published::new();
    refused(&published, &["life"], "unknown target `life`: did you mean `live`?");
    let none = Site::new();
    none.build().ok();
    assert!(none.run(&["publish"]).failed(2).stderr.contains("site.yaml has no target"));
}

#[test]
fn address_for_examples_is_refused() {
    let published = Published::new();
    let run = published.site.run(&["publish"]).failed(2);
    assert!(run.stderr.contains("is an address for examples"), "{}", run.stderr);
    assert!(!published.folder().exists());
}

#[test]
fn folder_with_files_of_others_needs_adopt_and_keeps_them() {
    let published = Published::new();
    fs::create_dir(published.folder()).unwrap();
    fs::write(published.folder().join("index.php"), "mine").unwrap();
    refused(&published, &[], "`index.php` for example");
    published.publish(&["--adopt"]).clean();
    assert_eq!(fs::read_to_string(published.folder().join("index.php")).unwrap(), "mine");
}

#[test]
fn file_in_place_of_the_folder_is_refused() {
    let published = Published::new();
    fs::write(published.folder(), "mine").unwrap();
    let run = published.publish(&[]).failed(2);
    assert!(run.stderr.contains("is a file, and a target is a folder"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(published.folder()).unwrap(), "mine");
}

#[test]
fn lease_that_is_no_number_of_seconds_is_refused() {
    for bad in ["abc", "0", "86400"] {
        let run = Published::new().publish(&["--lease", bad]).failed(2);
        assert!(run.stderr.contains("write a number of seconds from 1 to 86399"), "{}", run.stderr);
    }
}

#[test]
fn folder_in_place_of_the_link_is_refused() {
    let published = Published::new();
    fs::create_dir_all(published.current()).unwrap();
    refused(&published, &[], "is no link");
}

#[test]
fn damaged_and_newer_manifests_are_refused() {
    let published = Published::new();
    published.publish(&[]).clean();
    let manifest = published.current().join("tagline-manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    published.site.write("static/note.txt", "new");
    for (changed, message) in [
        (text[..text.len() / 2].to_owned(), "is damaged"),
        (text.replace("prices/", "praises/"), "is damaged"),
        (text.replace("\"tagline_manifest\":1", "\"tagline_manifest\":9"), "of a newer Tagline"),
    ] {
        fs::write(&manifest, changed).unwrap();
        refused(&published, &[], message);
    }
    fs::remove_file(&manifest).unwrap();
    refused(&published, &[], "tagline-manifest.json` is missing; remove the link `");
    fs::remove_file(published.current()).unwrap();
    published.publish(&[]).clean();
}

#[test]
fn removing_many_files_needs_a_higher_limit() {
    let published = Published::new();
    for number in 0..30 {
        published.site.write(&format!("content/page-{number}.md"), format!("---\ntitle: Page {number}\n---\nText.\n"));
    }
    published.publish(&[]).clean();
    for number in 0..30 {
        fs::remove_file(published.site.path(&format!("content/page-{number}.md"))).unwrap();
    }
    refused(&published, &[], "`--max-delete 30`");
    refused(&published, &[], "`page-0/index.html`, `page-1/index.html`, `page-10/index.html` and 27 more");
    let before = tree(&published.folder());
    let plan = published.publish(&["--dry-run"]).failed(2);
    assert!(plan.stdout.contains("- page-0/index.html\n") && plan.stderr.contains("`--max-delete 30`"), "{plan:?}");
    assert_eq!(tree(&published.folder()), before);
    published.publish(&["--max-delete", "30"]).clean();
    assert!(!published.current().join("page-1/index.html").exists());
}

#[test]
fn folders_of_the_site_are_no_targets() {
    for folder in ["public", "content/live", "."] {
        let site = Site::new();
        let path = site.root().join(folder);
        let publish = format!(
            "publish: {{ live: {{ site: \"file://{}\" }} }}\ndestinations:\n",
            path.display().to_string().trim_end_matches("/.")
        );
        let site = site.edit(SITE, "destinations:\n", &publish);
        site.build().ok();
        let run = site.run(&["publish", "--base-url", "https://kazi.co.ke/"]).failed(2);
        assert!(run.stderr.contains("is a folder of this site"), "{}", run.stderr);
    }
}

#[test]
fn desk_behind_a_link_into_the_site_is_refused() {
    let other = tempfile::tempdir().unwrap();
    let published = Published::with(&format!(", desk: \"file://{}/desk\"", other.path().display()));
    fs::create_dir(published.folder()).unwrap();
    std::os::unix::fs::symlink(published.folder(), other.path().join("desk")).unwrap();
    refused(&published, &[], "must not be public");
}

#[test]
fn content_with_errors_and_new_lead_tags_are_not_published() {
    let published = Published::new();
    published.site.write("content/bad.md", "---\ntitle: Bad\n---\n[x](/none.md)\n");
    assert!(published.publish(&[]).failed(1).stderr.contains("nothing was published"));
    published.site.write("content/bad.md", "---\ntitle: Good\n---\nText.\n");
    published.publish(&[]).clean();
    let campaign =
        published.site.read(crate::support::CAMPAIGN).replace("channels: [newsletter, acme]", "channels: [newsletter]");
    published.site.write(
        crate::support::CAMPAIGN,
        campaign
            .replace("  acme: { title: Acme customers save 20 % }\n", "  newsletter: { title: News }\n")
            .replace("codes: { acme: ACME20 }", "codes: { newsletter: NEWS20 }"),
    );
    published.publish(&[]).failed(1);
}

/// The credentials of the environment appear nowhere, whatever the store answers. Nothing listens on the port.
#[test]
fn missing_credentials_are_errors_that_print_no_credential() {
    let publish = "publish: { live: { site: s3://kazi-site, endpoint: \"http://127.0.0.1:9\" } }\ndestinations:\n";
    let site = Site::edited(SITE, "destinations:\n", publish);
    site.build().ok();
    let command = |variables: &[(&str, &str)]| {
        let mut command: Command = site.command(&["publish", "--base-url", "https://kazi.co.ke/", "--dry-run"]);
        for name in
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY"]
        {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        site.finish(&mut command).failed(2)
    };
    assert!(command(&[]).stderr.contains("there are no credentials for S3"));
    let half = command(&[("AWS_ACCESS_KEY_ID", "AKIASECRETNAME")]);
    assert!(half.stderr.contains("`AWS_SECRET_ACCESS_KEY` is not"), "{}", half.stderr);
    assert!(!half.stderr.contains("AKIASECRETNAME"), "{}", half.stderr);
}
