//! Two publishes to one folder at the same time, as real processes. Each has a copy of the site, because a build locks its own.

use std::fs;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{Published, tree};
use crate::support::{Site, random_cases};

const FILES: usize = 150;

/// A site and its copy, which publish to the same folder.
struct Two {
    published: Published,
    copy: Site,
}

impl Two {
    fn new() -> Two {
        let published = Published::new();
        let copy = Site::new();
        for (name, bytes) in crate::support::bytes_below(&published.site.root()) {
            let name = name.to_str().unwrap();
            if !["public/", "sales/", "."].iter().any(|built| name.starts_with(built)) {
                copy.write(name, bytes);
            }
        }
        let two = Two { published, copy };
        two.write("begin");
        two.published.publish(&[]).clean();
        two
    }

    /// Changes each file of both sites, so that a publish takes a while. The sites differ.
    fn write(&self, text: &str) {
        for (site, name) in [(&self.published.site, "one"), (&self.copy, "other")] {
            for number in 0..FILES {
                site.write(&format!("static/{number}.txt"), format!("{name} {text}"));
            }
        }
    }

    /// Starts to publish a site that was built before, so that both do the same at the same time.
    fn start(site: &Site) -> Child {
        let mut command = site.command(&["publish", "--base-url", "https://kazi.co.ke/"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn build(&self) {
        for site in [&self.published.site, &self.copy] {
            site.run(&["build", "--locked", "--base-url", "https://kazi.co.ke/"]).ok();
        }
    }

    /// Asserts that the release is that of one site and whole. Returns its text.
    #[track_caller]
    fn assert_whole(&self) -> String {
        let files = tree(&self.published.current());
        let text = |number: usize| {
            let found = files.iter().find(|(path, _)| *path == format!("{number}.txt"));
            String::from_utf8(found.unwrap().1.clone()).unwrap()
        };
        let first = text(0);
        assert!((1..FILES).all(|number| text(number) == first), "a release of two publishes");
        self.published.site.run(&["publish", "--status", "--base-url", "https://kazi.co.ke/"]).ok();
        first
    }
}

fn finish(child: Child) -> (ExitStatus, String) {
    let output = child.wait_with_output().unwrap();
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[track_caller]
fn assert_refused((status, stderr): &(ExitStatus, String)) {
    assert_eq!(status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("another publish is writing"), "{stderr}");
}

/// Sends a signal to a child that was not waited for: its id belongs to it until then, even when it has ended.
fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// The first one is stopped while it writes its release, so the other one always meets it.
#[test]
fn publish_during_another_is_refused_and_the_other_completes() {
    let two = Two::new();
    let staging = two.published.folder().join("releases/.next");
    let mut random = fastrand::Rng::with_seed(19);
    let rounds = random_cases(50);
    let mut met = 0;
    for attempt in 0..rounds * 10 {
        two.write(&attempt.to_string());
        two.build();
        let mut first = Two::start(&two.published.site);
        let mut ended = false;
        while !staging.exists() && !ended {
            sleep(Duration::from_micros(100));
            ended = first.try_wait().unwrap().is_some();
        }
        if ended {
            assert_eq!(finish(first).0.code(), Some(0));
            continue;
        }
        sleep(Duration::from_micros(random.u64(0..3000)));
        signal(&first, "-STOP");
        // It may have ended before it was stopped.
        let meets = staging.exists();
        let other = finish(Two::start(&two.copy));
        signal(&first, "-CONT");
        let first = finish(first);
        assert_eq!(first.0.code(), Some(0), "{}", first.1);
        if meets {
            assert_refused(&other);
            assert_eq!(two.assert_whole(), format!("one {attempt}"));
            met += 1;
        }
        if met == rounds {
            return;
        }
    }
    panic!("only {met} of {rounds} publishes met another");
}

/// Both start at the same moment. Who takes the lock is chance; that a release is of one of them is not.
#[test]
fn of_two_publishes_that_start_together_no_release_is_a_mixture() {
    let two = Two::new();
    for round in 0..random_cases(50) {
        two.write(&round.to_string());
        two.build();
        let (one, other) = (Two::start(&two.published.site), Two::start(&two.copy));
        let ends = [finish(one), finish(other)];
        for end in ends.iter().filter(|(status, _)| !status.success()) {
            assert_refused(end);
        }
        let winners: Vec<String> = ["one", "other"]
            .into_iter()
            .zip(&ends)
            .filter(|(_, (status, _))| status.success())
            .map(|(name, _)| format!("{name} {round}"))
            .collect();
        let shown = two.assert_whole();
        assert!(winners.contains(&shown), "{shown} is shown, and {winners:?} succeeded");
    }
    assert!(fs::read_dir(two.published.folder().join("releases")).unwrap().count() > 1);
}
