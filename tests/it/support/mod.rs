//! A small site in a temporary folder, the real binary run on it, and what came out.

pub mod dom;
pub mod html;
pub mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant, UNIX_EPOCH};

use tempfile::TempDir;

/// The day of every run that names no other.
pub const TODAY: &str = "2027-03-15";

pub const SITE: &str = "\
title: Kazi
base_url: https://kazi.example/
timezone: Africa/Nairobi
organization: { name: Kazi Ltd, email: hello@kazi.example }
navigation:
  - { label: Prices, page: /prices.md }
channels:
  newsletter: { label: Monthly newsletter, source: news, medium: email }
  acme: { label: \"Partner: Acme\", source: acme, medium: referral }
destinations:
  crm: { endpoint: https://forms.kazi.example/leads }
leads:
  deliver_to: crm
  owner: sales@kazi.example
  consent: { text: I agree., version: 2027-01 }
";

pub const PRICES: &str = "\
---
title: Prices
summary: What it costs.
---

# Prices

## Teams

[Get it](cta:spring/save) and [the guide](cta:spring/guide), or read [about spring](spring/index.md).
";

pub const SPRING: &str = "\
---
title: Hire in days
summary: Spring pricing.
starts: 2027-03-01
ends: 2027-03-31
after_end: /prices.md
channels: [newsletter, acme]
per_channel:
  acme: { title: Acme customers save 20 % }
ctas:
  save:
    label: Get 20 % off
    coupon:
      code: SPRING20
      codes: { acme: ACME20 }
      url: https://shop.example.com/buy?coupon={code}
      expires: 2027-03-31
  guide:
    label: Download the guide
    download:
      file: guide.pdf
      form: [name, email]
  trial:
    label: Book a trial
    booking:
      url: https://cal.example.com/kazi
---

# Hire in days

[Get it](cta:save) [](cta:guide) [Book](cta:trial)

Read the [prices](/prices.md#teams).
";

pub const NOTES: &str = "Ask how many people they look for.\n";

/// A site that tests write, change and build.
pub struct Site {
    dir: TempDir,
}

impl Site {
    /// A page with prices, and the campaign `spring` with a coupon, a guide behind a form and a booking, and notes for sales.
    pub fn new() -> Site {
        Site::empty()
            .file("site.yaml", SITE)
            .file("content/prices.md", PRICES)
            .file("content/spring/index.md", SPRING)
            .file("content/spring/sales.md", NOTES)
            .file("content/spring/guide.pdf", "%PDF-1.7 a guide")
    }

    /// A copy of `tests/sites/<name>`.
    pub fn from_dir(name: &str) -> Site {
        Site::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name))
    }

    /// A copy of the example site in the root of the repository, without its register, but with what is made of its
    /// pictures.
    pub fn example() -> Site {
        let site = Site::copy_of(Path::new(env!("CARGO_MANIFEST_DIR")));
        copy(&made_of_pictures(), &site.path(".tagline"));
        site
    }

    fn copy_of(folder: &Path) -> Site {
        let site = Site::empty();
        for name in ["site.yaml", "content", "static", "themes"] {
            copy(&folder.join(name), &site.path(name));
        }
        site
    }

    fn empty() -> Site {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("site")).unwrap();
        Site { dir }
    }

    /// The site's folder; its parent is empty and goes with it.
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("site")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn file(self, path: &str, text: &str) -> Site {
        self.bytes(path, text.as_bytes())
    }

    pub fn bytes(self, path: &str, bytes: &[u8]) -> Site {
        self.write(path, bytes);
        self
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces a text that stands in a file.
    #[track_caller]
    pub fn edit(self, path: &str, old: &str, new: &str) -> Site {
        let text = self.read(path);
        assert!(text.contains(old), "`{old}` is not in {path}");
        self.write(path, text.replacen(old, new, 1));
        self
    }

    /// The coupon ends on 25 March, six days before its campaign.
    pub fn with_early_coupon(self) -> Site {
        self.edit("content/spring/index.md", "expires: 2027-03-31", "expires: 2027-03-25")
    }

    pub fn remove(self, path: &str) -> Site {
        let path = self.path(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        self
    }

    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Lets the file system's clock go on, so that no file counts as changed just now.
    pub fn aged(self) -> Site {
        std::thread::sleep(Duration::from_millis(200));
        self
    }

    pub fn build(&self) -> Run {
        self.run(&["build"])
    }

    pub fn build_on(&self, day: &str) -> Run {
        self.run(&["build", "--date", day])
    }

    pub fn check(&self) -> Run {
        self.run(&["check"])
    }

    pub fn tags(&self) -> Run {
        self.run(&["tags"])
    }

    /// Any command; a `--date` among the arguments takes the place of the fixed one.
    pub fn run(&self, args: &[&str]) -> Run {
        self.finish(&mut self.command(args))
    }

    /// A command for the day that the clock says.
    pub fn undated(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tagline"));
        command.args(args).arg("--root").arg(self.root());
        command
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.undated(args);
        if !args.contains(&"--date") {
            command.args(["--date", TODAY]);
        }
        command
    }

    pub fn finish(&self, command: &mut Command) -> Run {
        let output = command.output().unwrap();
        Run {
            root: self.root(),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same for a command that may not take longer; the run has no exit code if it does.
    pub fn finish_within(&self, limit: Duration, command: &mut Command) -> Run {
        let log = self.root().with_extension("log");
        let file = fs::File::create(&log).unwrap();
        let mut child = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() && started.elapsed() < limit {
            sleep(Duration::from_millis(10));
        }
        // One that has ended by itself keeps its exit code.
        let _ = child.kill();
        Run {
            root: self.root(),
            code: child.wait().unwrap().code(),
            stdout: String::new(),
            stderr: fs::read_to_string(log).unwrap(),
        }
    }

    /// The rows of the tag register, each as its cells; none where there is no register.
    pub fn register(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path("lead-tags.csv")).unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
        let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|row| cells(row.unwrap())).collect()
    }

    /// The short code of a campaign on a channel.
    #[track_caller]
    pub fn code(&self, campaign: &str, channel: &str) -> String {
        let is = |row: &&Vec<String>| row[1] == campaign && row[4] == channel;
        self.register().iter().find(is).unwrap_or_else(|| panic!("no {campaign} on {channel}"))[8].clone()
    }

    /// Everything that builds write, byte for byte.
    pub fn output(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = bytes_below(&self.root());
        files.retain(|path, _| ["public", "sales", "lead-tags.csv"].iter().any(|top| path.starts_with(top)));
        files
    }
}

/// What is made of the example's pictures, which takes seconds: made once for each state of the program.
fn made_of_pictures() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let program = fs::metadata(env!("CARGO_BIN_EXE_tagline")).unwrap().modified().unwrap();
        let age = program.duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let made = folder.join(format!("pictures-{age}"));
        if !made.exists() {
            let site = Site::copy_of(Path::new(env!("CARGO_MANIFEST_DIR")));
            site.build().ok();
            let staged = folder.join(format!("staged-{}", std::process::id()));
            copy(&site.path(".tagline"), &staged);
            // Another process of tests may have been faster.
            let _ = fs::rename(&staged, &made);
        }
        made
    });
    made.clone()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else if from.exists() {
        fs::copy(from, to).unwrap();
    }
}

pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let files = entries.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

/// Files by their path below a folder.
pub fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let below = |path: &Path| path.strip_prefix(folder).unwrap().to_owned();
    files_below(folder).iter().map(|path| (below(path), fs::read(path).unwrap())).collect()
}

/// How a command ended, and readers for what it left.
#[derive(Debug)]
pub struct Run {
    root: PathBuf,
    /// `None` where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A problem as it was told.
#[derive(Debug)]
pub struct Problem {
    pub is_error: bool,
    pub rule: String,
    /// `file:line:column` of the first mark, or a file alone.
    pub place: String,
    /// All of it, as drawn.
    pub text: String,
}

impl Run {
    #[track_caller]
    pub fn ok(self) -> Run {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Ended well and without a word of warning.
    #[track_caller]
    pub fn clean(self) -> Run {
        assert_eq!(self.stderr, "");
        self.ok()
    }

    #[track_caller]
    pub fn failed(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    pub fn problems(&self) -> Vec<Problem> {
        self.stderr.split("\n\n").filter_map(Problem::read).collect()
    }

    /// The one warning of the run, which still ended well.
    #[track_caller]
    pub fn warning(&self) -> Problem {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        let mut problems = self.problems();
        assert_eq!(problems.len(), 1, "{}", self.stderr);
        problems.remove(0)
    }

    /// A file of `public/`; a path that ends in `/` is a page.
    #[track_caller]
    pub fn public(&self, path: &str) -> String {
        let path = match path.is_empty() || path.ends_with('/') {
            true => format!("public/{path}index.html"),
            false => format!("public/{path}"),
        };
        fs::read_to_string(self.root.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.stderr))
    }

    #[track_caller]
    pub fn page(&self, path: &str) -> html::Page {
        html::Page::read(&self.public(path))
    }

    #[track_caller]
    pub fn sales(&self, path: &str) -> String {
        fs::read_to_string(self.root.join("sales").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn has(&self, path: &str) -> bool {
        self.root.join("public").join(path).exists()
    }

    /// The files of `public/`.
    pub fn public_files(&self) -> Vec<String> {
        let files = bytes_below(&self.root.join("public")).into_keys();
        files.map(|path| path.to_str().unwrap().to_owned()).collect()
    }
}

impl Problem {
    fn read(text: &str) -> Option<Problem> {
        let text = text.trim_start_matches('\n');
        let (severity, rest) = text.split_once('[')?;
        let rule = rest.split_once(']')?.0;
        if !matches!(severity, "error" | "warning") {
            return None;
        }
        let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        Some(Problem {
            is_error: severity == "error",
            rule: rule.to_owned(),
            place: place.unwrap_or_default().to_owned(),
            text: text.to_owned(),
        })
    }
}
