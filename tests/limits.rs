//! Limits of what a page costs: allocations, reads and writes, and the bytes of its lead cards. Unlike times, these counts
//! are the same on every machine. Each limit is a little above the count of 2026-11; a change that needs more should be
//! worth it. The counts are differences between a larger and a smaller site, so that they do not contain what a site costs
//! without pages.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tagline::pipeline::{self, Request};
use tempfile::TempDir;

/// The system's allocator. Counts allocations and changes of size.
struct CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// The counts belong to the whole process, so only one test builds at a time.
static BUILDING: Mutex<()> = Mutex::new(());

const SMALLER: u64 = 50;
const LARGER: u64 = 250;

fn page(number: u64) -> String {
    let section = "Sales reads what the lead saw, with its [offer](https://example.com/offer). **Every** word counts.";
    let items = "- a first item of a list\n- a second item of a list\n";
    let sections: String = ["save", "guide", "trial"]
        .map(|cta| format!("## The section about {cta}\n\n{section} {section} {section}\n\n{items}\n[](cta:{cta})\n\n"))
        .concat();
    format!(
        "---\ntitle: Landing page {number}\nsummary: What this page offers, in one sentence.\ndate: 2027-01-02\nctas:\n\
         \x20 save:\n    label: Save today\n    coupon: {{ code: SAVE{number}, url: \"https://shop.example.com/{number}\" }}\n\
         \x20 guide:\n    label: Get the guide\n    download: {{ file: /guide.pdf }}\n\
         \x20 trial:\n    label: Book a trial\n    booking: {{ url: \"https://shop.example.com/trial/{number}\" }}\n\
         ---\n{sections}"
    )
}

fn site(pages: u64) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "site.yaml",
        "title: Limits\nbase_url: https://limits.example/\nchannels: {}\nleads: { owner: sales@example.com }\n",
    );
    write("static/guide.pdf", "%PDF-1.4\n");
    for number in 0..pages {
        write(&format!("content/campaigns/p{number}.md"), &page(number));
    }
    dir
}

/// Builds a site on one thread, so that the counts are the same each time.
fn build(root: &Path) {
    let request = Request { date: "2027-03-15".parse().ok(), write_register: true, ..Request::new(root) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let outcome = pool.install(|| pipeline::build(&request, &|_, _| {})).unwrap();
    assert!(outcome.summary.is_some(), "{:?}", outcome.diagnostics);
}

/// Builds two sites, and returns by how much a count grows for each page.
fn per_page(count: impl Fn() -> u64) -> f64 {
    let _building = BUILDING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let [smaller, larger] = [SMALLER, LARGER].map(|pages| {
        let dir = site(pages);
        let before = count();
        build(dir.path());
        count() - before
    });
    (larger - smaller) as f64 / (LARGER - SMALLER) as f64
}

#[test]
fn page_takes_few_allocations() {
    // 842 alone; once 871 after all other tests, in a clean clone.
    let allocations = per_page(|| ALLOCATIONS.load(Ordering::Relaxed));
    assert!(allocations < 920.0, "{allocations} allocations a page");
}

/// Linux counts the system calls that read and write, by all threads.
#[cfg(target_os = "linux")]
#[test]
fn page_takes_few_reads_and_writes() {
    let count_of = |name: &str| {
        let counts = fs::read_to_string("/proc/self/io").unwrap();
        let line = counts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap().parse().unwrap()
    };
    let (reads, writes) = (per_page(|| count_of("syscr")), per_page(|| count_of("syscw")));
    assert!(reads < 1.05, "{reads} reads a page");
    assert!(writes < 1.1, "{writes} writes a page");
}

#[test]
fn lead_card_is_small() {
    let _building = BUILDING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let dir = site(LARGER);
    build(dir.path());
    let cards = fs::read_dir(dir.path().join("sales/cards")).unwrap();
    let bytes: u64 = cards.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let search = fs::metadata(dir.path().join("sales/desk-data.js")).unwrap().len();
    // Each call to action has a lead tag for `direct` and one for `other`.
    let lead_tags = LARGER * 6;
    // 36 of them are the headings of the page.
    assert!(bytes / lead_tags < 200, "{} bytes a lead card", bytes / lead_tags);
    assert!(search / lead_tags < 28, "{} bytes of search data a lead tag", search / lead_tags);
}
