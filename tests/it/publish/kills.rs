//! A publish to a folder that is killed at any moment leaves the old release or the new one, and the next one completes it.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use super::{Published, tree};
use crate::support::random_cases;

#[test]
fn killed_publish_leaves_a_whole_release() {
    let published = Published::new();
    for number in 0..200 {
        published.site.write(&format!("static/{number}.txt"), "x".repeat(500));
    }
    published.publish(&[]).clean();
    let mut random = fastrand::Rng::with_seed(7);
    let mut killed = 0;
    for round in 0..random_cases(100) {
        let before = tree(&published.current());
        published.site.write("static/round.txt", round.to_string());
        let arguments = ["publish", "--base-url", "https://kazi.co.ke/"];
        let mut child = published.site.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(random.u64(0..150)));
        let _ = child.kill();
        killed += usize::from(child.wait().unwrap().code().is_none());
        let after = tree(&published.current());
        if after != before {
            let round_file = after.iter().find(|(path, _)| path == "round.txt").map(|(_, bytes)| bytes.clone());
            assert_eq!(round_file, Some(round.to_string().into_bytes()));
            assert_eq!(after.len(), before.len() + usize::from(round == 0));
        }
        published.publish(&[]).ok();
        let round_file = std::fs::read_to_string(published.current().join("round.txt")).unwrap();
        assert_eq!(round_file, round.to_string());
    }
    assert!(killed > 0, "no publish was killed");
}
