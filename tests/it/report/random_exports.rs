//! Random exports: each ends in an answer in which every row is accounted for, or in an error with a place.

use fastrand::Rng;
use tagline::pipeline::{self, Request, Unreported};
use tagline::report::{InputError, Options, Report};

use super::fixtures::{REPORT_DAY, site};
use crate::support::{Site, random_cases};

const CASES: usize = 400;
const HEADERS: [&str; 7] = ["Email", "Created", "Status", "Amount", "Lost reason", "Notes", "Lead tag"];
const CELLS: [&str; 28] = [
    "",
    " ",
    "a@x.example",
    "Ada <a@x.example>",
    "b@x.example; c@x.example",
    "spring_save_acme",
    "SPRING_SAVE_ACME",
    "spring_save",
    "https://kazi.example/?utm_content=spring_save_acme",
    "spring_save_acmee",
    "winter_save_acme",
    "Won",
    "Closed lost",
    "New",
    "2027-03-16",
    "16.03.2027",
    "46097",
    "31.02.2027",
    "12,500",
    "1.234,56 €",
    "KSh 12",
    "several\nlines\r\nof text",
    "a \"quoted\" word",
    "a;b|c\td",
    "=A1",
    "é😀",
    "Lead tag",
    "-",
];

/// An export, and how many rows it has below its header.
struct Export {
    bytes: Vec<u8>,
    rows: u64,
}

fn export(random: &mut Rng) -> Export {
    let delimiter = *[",", ";", "\t"].get(random.usize(0..3)).unwrap();
    let ending = if random.bool() { "\n" } else { "\r\n" };
    let mut text = if random.u8(0..6) == 0 { "\u{feff}".to_owned() } else { String::new() };
    text += &HEADERS.join(delimiter);
    text += ending;
    let rows = random.u64(0..30);
    for _ in 0..rows {
        // A line without text is no row.
        if random.u8(0..12) == 0 {
            text += ending;
        }
        let columns = if random.u8(0..8) == 0 { random.usize(2..10) } else { HEADERS.len() };
        let cells = (0..columns).map(|column| cell(random, column, delimiter)).collect::<Vec<_>>();
        text += &cells.join(delimiter);
        text += ending;
    }
    if random.bool() {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    let bytes = match random.u8(0..4) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.into_bytes(),
    };
    let is_utf16 = bytes.get(1) == Some(&0);
    let bytes =
        if is_utf16 && !bytes.starts_with(b"\xff\xfe") { [b"\xff\xfe".to_vec(), bytes].concat() } else { bytes };
    Export { bytes, rows }
}

/// A cell that mostly fits its column, in quotes if it must be.
fn cell(random: &mut Rng, column: usize, delimiter: &str) -> String {
    let fitting: &[usize] = match column {
        0 => &[2, 3, 4],
        1 => &[14, 15, 16],
        2 => &[11, 12, 13],
        3 => &[0, 18, 20],
        6 => &[5, 6, 7, 8, 9, 10],
        _ => &[0, 21, 22, 23, 25],
    };
    let index =
        if random.u8(0..20) > 0 { fitting[random.usize(0..fitting.len())] } else { random.usize(0..CELLS.len()) };
    let text = CELLS[index];
    let must = text.contains(['"', '\n', '\r']) || text.contains(delimiter);
    if must || random.u8(0..5) == 0 { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Changes, removes or inserts a few bytes.
fn damage(random: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..random.usize(1..6) {
        let at = random.usize(0..=bytes.len());
        let byte = *b"\"\",;\n\r\t=\0\xff\xe9a".get(random.usize(0..12)).unwrap();
        match random.u8(0..4) {
            0 => bytes.insert(at, byte),
            1 if at < bytes.len() => bytes[at] = byte,
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.truncate(at.max(bytes.len() / 2)),
        }
    }
}

#[track_caller]
fn report(site: &Site, bytes: &[u8]) -> Result<Report, InputError> {
    site.write("leads.csv", bytes);
    let request = Request { date: REPORT_DAY.parse().ok(), ..Request::new(&site.path("")) };
    let options = Options { files: vec![site.path("leads.csv")], ..Options::default() };
    match pipeline::report(&request, &options).unwrap() {
        Ok(report) => Ok(report),
        Err(Unreported::Input(error)) => Err(error),
        Err(Unreported::Content(_)) => panic!("the site has no errors"),
    }
}

#[test]
fn every_row_of_a_random_export_is_in_one_category() {
    let (site, mut random) = (site(), Rng::with_seed(20));
    let mut answers = 0;
    for case in 0..random_cases(CASES) {
        let Export { bytes, rows } = export(&mut random);
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        match report(&site, &bytes) {
            Ok(report) => {
                let account = &report.files[0].account;
                assert_eq!(account.rows, rows, "case {case}: {:?}", shown());
                assert_eq!(account.counts.values().sum::<u64>(), rows, "case {case}: {:?}", shown());
                answers += 1;
            }
            Err(error) => assert!(error.file.ends_with("leads.csv") && error.help.is_some(), "case {case}: {error:?}"),
        }
    }
    assert!(answers * 4 > random_cases(CASES), "most of these exports have no errors: {answers}");
}

#[test]
fn damaged_export_ends_in_an_answer_or_in_an_error_with_a_place() {
    let (site, mut random) = (site(), Rng::with_seed(21));
    for case in 0..random_cases(CASES) {
        let mut bytes = export(&mut random).bytes;
        damage(&mut random, &mut bytes);
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        match report(&site, &bytes) {
            Ok(report) => {
                let account = &report.files[0].account;
                assert_eq!(account.counts.values().sum::<u64>(), account.rows, "case {case}: {:?}", shown());
            }
            Err(InputError { file, line, message, help }) => {
                assert!(
                    file.ends_with("leads.csv") && !message.is_empty() && help.is_some(),
                    "{message}: {:?}",
                    shown()
                );
                let lines = bytes.iter().filter(|&&byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
                assert!(line.is_none_or(|line| (1..=lines).contains(&line)), "line {line:?} of {lines}: {:?}", shown());
            }
        }
    }
}
