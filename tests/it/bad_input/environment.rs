//! Wrong options, unsafe output folders and full disks: exit status 2, and the last output remains.

use crate::support::{PAGE, Site, assert_only_error, bytes_below};

#[test]
fn folder_with_other_files_is_rejected_as_output_and_stays_unchanged() {
    let site = Site::new().file("static/a.txt", "a").file("elsewhere/note.txt", "mine");
    site.build().clean();
    let before = bytes_below(&site.root());
    let home = site.root().parent().unwrap().join("home");
    std::fs::create_dir(&home).unwrap();
    let root = site.root();
    let ancestor = root.parent().unwrap();
    for (place, because) in [
        (std::path::Path::new("/"), "it is the root of the file system"),
        (&home, "it is your home folder"),
        (&root, "it is the site's folder"),
        (ancestor, "home folder"),
        (&root.join("content"), "the site's `content/`"),
        (&root.join("content/spring"), "it is inside the site's `content/`"),
        (&root.join("static"), "the site's `static/`"),
        (&root.join("themes"), "the site's `themes/`"),
        (&root.join("elsewhere"), "note.txt"),
        (&root.join("site.yaml"), "site.yaml"),
    ] {
        for option in ["--output", "--sales"] {
            let mut command = site.command(&["build", option, place.to_str().unwrap()]);
            let run = site.finish(command.env("HOME", &home)).failed(2);
            assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
            assert!(run.stderr.contains(because), "{option} {}: {}", place.display(), run.stderr);
            assert_eq!(bytes_below(&root), before, "{option} {}", place.display());
        }
    }
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0);
}

#[test]
fn ancestor_of_the_site_is_rejected_as_output() {
    let site = Site::new();
    let ancestor = site.root().parent().unwrap().to_owned();
    let run = site.run(&["build", "--output", ancestor.to_str().unwrap()]).failed(2);
    assert!(run.stderr.contains("it contains the site's folder"), "{}", run.stderr);
}

#[test]
fn sales_folder_inside_the_public_folder_is_rejected() {
    let site = Site::new();
    let root = site.root();
    for (output, sales) in
        [("public", "public/desk"), ("public", "public"), ("public", "x/../public"), ("sales/public", "sales")]
    {
        let (output, sales) = (root.join(output), root.join(sales));
        let run = site.run(&["build", "--output", output.to_str().unwrap(), "--sales", sales.to_str().unwrap()]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(site.output().is_empty());
    }
}

#[test]
fn wrong_option_exits_with_2_and_missing_site_is_an_error() {
    let site = Site::new();
    for args in [
        &["build", "--date", "31/03/2027"][..],
        &["build", "--base-url", "http://kazi.example/"],
        &["build", "--colour"],
        &["bild"],
        &["check", "--output", "x"],
    ] {
        let run = site.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {}", run.stderr);
    }
    assert!(site.output().is_empty());
    let site = site.remove("site.yaml");
    let run = site.build();
    assert_only_error(&run, "missing-site", "site.yaml", "set the site's folder with `--root`");
}

#[cfg(unix)]
#[test]
fn full_disk_fails_the_build_and_keeps_the_last_output() {
    use std::process::Command;
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let long = "A long page. ".repeat(2_000);
    let site = site.edit(PAGE, "## Teams", &format!("{long}\n\n## Teams"));
    let build = site.command(&["build"]);
    // A file may have one block. The signal for larger files is ignored, so that writing fails instead.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
    limited.arg(build.get_program()).args(build.get_args());
    let run = site.finish(&mut limited).failed(2);
    assert!(run.stderr.starts_with("error: cannot write"), "{}", run.stderr);
    assert_eq!(site.output(), before);
    site.build().clean();
    assert!(site.build().public("prices/").contains("A long page."));
}

#[cfg(target_os = "linux")]
#[test]
fn read_only_folder_fails_the_build_and_keeps_the_last_output() {
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let site = site.edit(PAGE, "# Prices", "# New prices");
    // Not even root can create a folder here.
    for option in ["--output", "--sales"] {
        let run = site.run(&["build", option, "/proc/tagline"]).failed(2);
        assert!(run.stderr.starts_with("error: cannot "), "{}", run.stderr);
        assert_eq!(site.output(), before, "{option}");
    }
}
