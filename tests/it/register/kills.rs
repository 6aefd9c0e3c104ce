//! Builds and `tags` that are killed, and that run at the same moment.
//!
//! `TAGLINE_TEST_KILLS=1000 cargo test --test it kills` tries a thousand kills.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use tagline::register::{CheckedRegister, RegisterTexts, checksums, read_checked};
use tagline::source::SourceText;

use super::fixtures::issued;
use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, CHECKSUMS, REGISTER, Site, random_cases};

/// Reads both files as a command would, and returns what never changes of each row.
#[track_caller]
fn facts(site: &Site, day: Date) -> (CheckedRegister, BTreeSet<(String, String, Date)>) {
    let [register, checksums] = [REGISTER, CHECKSUMS].map(|file| SourceText::new(file, site.read(file)));
    let texts = RegisterTexts { register: Some(&register), checksums: Some(&checksums) };
    let checked = read_checked(texts, day).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let rows = checked.register.rows().iter();
    let facts = rows.map(|row| (row.tag.to_string(), row.offer.to_string(), row.from)).collect();
    (checked, facts)
}

/// The campaign of a day: another coupon code every day, and a channel that comes and goes.
fn edited(number: usize) -> String {
    let page = CAMPAIGN_TEXT.replace("SPRING20", &format!("SPRING{number}"));
    if number % 3 == 1 { page.replace("[newsletter, acme]", "[acme]") } else { page }
}

/// Saves the campaign as editors do, so that no command reads half of it.
fn save(site: &Site, text: &str) {
    site.write("content/spring/.index.md.new", text);
    std::fs::rename(site.path("content/spring/.index.md.new"), site.path(CAMPAIGN)).unwrap();
}

fn started(site: &Site, command: &str, day: &str) -> Child {
    let mut command = site.command(&[command, "--date", day]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn day(number: usize) -> Date {
    let days = i32::try_from(number).unwrap();
    Date::constant(2027, 3, 2).saturating_add(jiff::Span::new().days(days))
}

#[test]
fn killed_build_or_tags_leaves_a_right_register_and_the_next_build_is_right() {
    let kills = std::env::var("TAGLINE_TEST_KILLS").ok().and_then(|kills| kills.parse().ok());
    let site = issued();
    let mut rng = fastrand::Rng::with_seed(2027);
    let begun = Instant::now();
    site.write(CAMPAIGN, edited(0));
    site.build_on("2027-03-02").ok();
    let duration = begun.elapsed();
    for number in 1..=kills.unwrap_or(random_cases(100)) {
        let today = day(number);
        let (_, before) = facts(&site, today);
        site.write(CAMPAIGN, edited(number));
        let mut child = started(&site, ["build", "tags"][number % 2], &today.to_string());
        sleep(duration.mul_f64(rng.f64() * 1.1));
        // It may have ended already.
        let _ = child.kill();
        child.wait().unwrap();
        let (_, after) = facts(&site, today);
        assert!(before.is_subset(&after), "{number}");

        site.build_on(&today.to_string()).ok();
        let (checked, built) = facts(&site, today);
        assert!(before.is_subset(&built), "{number}");
        assert!(built.contains(&("spring_save_direct".to_owned(), format!("SPRING{number}"), today)), "{number}");
        assert_eq!(site.read(CHECKSUMS), checksums::write(&checked.register), "{number}");
        assert!(site.read("sales/lead-sources.json").contains(&format!("SPRING{number}")), "{number}");
        site.run(&["tags", "--locked", "--date", &today.to_string()]).ok();
    }
}

#[test]
fn commands_at_the_same_moment_lose_no_row_and_report_none_as_lost() {
    let site = issued();
    for number in 1..=random_cases(40) {
        let today = day(number);
        let (_, before) = facts(&site, today);
        site.write(CAMPAIGN, edited(number));
        let text = today.to_string();
        let children: Vec<Child> =
            ["tags", "build", "check", "tags"].into_iter().map(|command| started(&site, command, &text)).collect();
        // All of them read the content before or after this edit.
        sleep(Duration::from_millis(number as u64 % 8));
        save(&site, &edited(number).replace("code: SPRING", "code: SUMMER"));
        for mut child in children {
            assert_eq!(child.wait().unwrap().code(), Some(0), "{number}");
        }
        let (checked, after) = facts(&site, today);
        assert!(before.is_subset(&after), "{number}");
        assert_eq!(site.read(CHECKSUMS), checksums::write(&checked.register), "{number}");
    }
}
