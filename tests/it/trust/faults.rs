//! What goes wrong around a build: damaged files that an earlier build left, kills while pictures are made, and several
//! commands at once. `tests/full_disk.py` and `tests/power_cut.py` try full disks and power cuts.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::picture;
use crate::support::server::wait_for;
use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, CHECKSUMS, PAGE, REGISTER, Site, bytes_below, copy, random_cases};

/// The small site with a picture and an SVG in its campaign.
fn illustrated() -> Site {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><path d=\"M0 0h9v9z\"/></svg>";
    Site::new().bytes("content/spring/team.png", &picture(40, 30)).file("content/spring/mark.svg", svg).edit(
        CAMPAIGN,
        "Read the",
        "![A team](team.png) ![A mark](mark.svg) Read the",
    )
}

/// Every file that visitors and sales get.
fn published(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = bytes_below(&site.root());
    files.retain(|path, _| path.starts_with("public") || path.starts_with("sales"));
    files
}

/// The published files of a build without anything from an earlier one. Leaves the site as it is.
fn published_from_scratch(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let other = Site::new().remove("content");
    for name in ["site.yaml", "content", REGISTER, CHECKSUMS] {
        copy(&site.path(name), &other.path(name));
    }
    other.build().ok();
    published(&other)
}

/// What a power cut, a full disk or a curious person makes of a file.
fn damages(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut damages = vec![
        ("emptied".to_owned(), Vec::new()),
        ("cut in half".to_owned(), bytes[..bytes.len() / 2].to_vec()),
        ("filled with zeros".to_owned(), vec![0; bytes.len()]),
        ("of another program".to_owned(), b"something else\n".to_vec()),
    ];
    for part in 1..8 {
        let mut flipped = bytes.to_vec();
        let at = bytes.len() * part / 8;
        flipped[at] ^= 4;
        damages.push((format!("with a changed bit in byte {at}"), flipped));
    }
    damages
}

/// Removes everything that builds wrote but the caches.
fn remove_output(site: &Site) {
    for folder in ["public", "sales"] {
        fs::remove_dir_all(site.path(folder)).unwrap();
        fs::remove_file(site.path(&format!(".{folder}.manifest"))).unwrap();
    }
}

#[test]
fn damaged_file_of_an_earlier_build_never_changes_what_is_published() {
    let site = illustrated();
    site.build().ok();
    let before = bytes_below(&site.root());
    let is_state = |path: &&PathBuf| path.starts_with(".tagline") || path.to_string_lossy().contains("manifest");
    let state: Vec<&PathBuf> = before.keys().filter(is_state).filter(|path| !before[*path].is_empty()).collect();
    assert!(state.len() >= 5, "{state:?}");
    let page = String::from_utf8(before[Path::new(PAGE)].clone()).unwrap();
    for path in state {
        for (what, damaged) in damages(&before[path]) {
            let case = format!("{} {what}", path.display());
            let earlier = published(&site);
            fs::write(site.root().join(path), &damaged).unwrap();
            // Without an edit, nothing would be built.
            site.write(PAGE, format!("{page}\n{case}\n"));
            let run = site.build();
            if run.code != Some(0) {
                // Files that are not listed might be somebody else's.
                assert!(path.to_string_lossy().ends_with(".manifest"), "{case}: {}", run.stderr);
                assert!(run.code == Some(2) && run.stderr.contains("delete "), "{case}: {}", run.stderr);
                assert!(published(&site) == earlier, "{case}");
                remove_output(&site);
                site.build().ok();
            }
            assert!(published(&site) == published_from_scratch(&site), "{case}");
        }
    }
}

#[test]
fn published_file_that_lost_its_end_is_written_again() {
    let site = illustrated();
    site.build().ok();
    let good = published(&site);
    for (path, bytes) in good.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        let full = site.root().join(path);
        let time = fs::metadata(&full).unwrap().modified().unwrap();
        // The name, the file's number and its time are on the disk before its content is.
        File::options().write(true).open(&full).unwrap().set_len(bytes.len() as u64 / 2).unwrap();
        File::options().write(true).open(&full).unwrap().set_modified(time).unwrap();
        site.build().ok();
        assert!(published(&site) == good, "{}", path.display());
    }
}

#[test]
fn build_killed_while_it_makes_pictures_publishes_no_part_of_one() {
    let kills = std::env::var("TAGLINE_TEST_KILLS").ok().and_then(|kills| kills.parse().ok());
    let mut site = Site::new();
    let mut rng = fastrand::Rng::with_seed(2027);
    let mut body = String::new();
    for number in 0..4 {
        site = site.bytes(&format!("content/spring/{number}.png"), &picture(300 + number * 40, 200));
        body.push_str(&format!("![Picture {number}]({number}.png)\n\n"));
    }
    site.write(CAMPAIGN, format!("{CAMPAIGN_TEXT}\n{body}"));
    let begun = Instant::now();
    site.build().ok();
    let duration = begun.elapsed();
    let good = published(&site);
    assert!(good.len() > 10, "{:?}", good.keys());

    let mut unfinished = 0;
    for number in 1..=kills.unwrap_or(random_cases(40)) {
        fs::remove_dir_all(site.path(".tagline")).unwrap();
        fs::remove_dir_all(site.path("public")).unwrap();
        fs::remove_file(site.path(".public.manifest")).unwrap();
        let mut child = site.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(duration.mul_f64(rng.f64()));
        // It may have ended already.
        let _ = child.kill();
        child.wait().unwrap();
        if site.path("public").exists() {
            assert!(published(&site) == good, "kill {number} left another tree");
        } else {
            unfinished += 1;
        }
        site.build().ok();
        assert!(published(&site) == good, "the build after kill {number} published something else");
    }
    assert!(unfinished > 0, "no build was killed before it was finished");
}

#[test]
fn builds_and_a_server_at_the_same_moment_leave_one_right_site() {
    let site = illustrated();
    site.build().ok();
    let server = site.serve();
    for number in 1..=random_cases(40) {
        let text = CAMPAIGN_TEXT.replace("SPRING20", &format!("SPRING{number}"));
        // As editors save: no command reads half of it.
        site.write("content/spring/.index.md.new", &text);
        fs::rename(site.path("content/spring/.index.md.new"), site.path(CAMPAIGN)).unwrap();
        let builds: Vec<_> = (0..2)
            .map(|_| site.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
            .collect();
        for build in builds {
            let output = build.wait_with_output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{number}: {stderr}");
        }
        assert!(published(&site) == published_from_scratch(&site), "{number}");
        let code = format!("SPRING{number}");
        wait_for("the server to show the edit", || server.get("/spring/").text().contains(&code).then_some(()));
    }
    // Let the last build's time pass, so that nothing is hidden by a rounded one.
    sleep(Duration::from_millis(200));
    site.run(&["tags", "--locked"]).ok();
}
