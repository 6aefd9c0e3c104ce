//! A site in a temporary folder, and the real binary to run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant, UNIX_EPOCH};

use super::files::{bytes_below, copy};
use super::fixture::{CAMPAIGN, CAMPAIGN_TEXT, NOTES, NOTES_TEXT, PAGE, PAGE_TEXT, REGISTER, SITE, SITE_TEXT, TODAY};
use super::run::Run;
use tempfile::TempDir;

/// A site in a temporary folder, for tests to write, edit and build.
pub struct Site {
    dir: TempDir,
}

impl Site {
    /// The small site: a page with prices, the campaign `spring` with a coupon, a gated download and a booking, and
    /// sales notes.
    pub fn new() -> Site {
        Site::empty()
            .file(SITE, SITE_TEXT)
            .file(PAGE, PAGE_TEXT)
            .file(CAMPAIGN, CAMPAIGN_TEXT)
            .file(NOTES, NOTES_TEXT)
            .file("content/spring/guide.pdf", "%PDF-1.7 a guide")
    }

    /// A copy of `tests/sites/<name>`.
    pub fn from_dir(name: &str) -> Site {
        Site::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name))
    }

    /// A copy of the example site in the root of the repository, without its register. Its image variants are already
    /// in the cache.
    pub fn example() -> Site {
        let site = Site::copy_of(Path::new(env!("CARGO_MANIFEST_DIR")));
        copy(&image_cache(), &site.path(".tagline"));
        site
    }

    fn copy_of(folder: &Path) -> Site {
        let site = Site::empty();
        for name in ["site.yaml", "content", "static", "themes"] {
            copy(&folder.join(name), &site.path(name));
        }
        site
    }

    /// The small site with one edit.
    #[track_caller]
    pub fn edited(path: &str, old: &str, new: &str) -> Site {
        Site::new().edit(path, old, new)
    }

    fn empty() -> Site {
        let dir = temporary_folder();
        fs::create_dir(dir.path().join("site")).unwrap();
        Site { dir }
    }

    /// The site's folder. Its parent folder holds nothing else, and is removed with it.
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

    /// Replaces the first occurrence of a text in a file.
    #[track_caller]
    pub fn edit(self, path: &str, old: &str, new: &str) -> Site {
        let text = self.read(path);
        assert!(text.contains(old), "`{old}` is not in {path}");
        self.write(path, text.replacen(old, new, 1));
        self
    }

    /// Lets the coupon expire on 25 March, six days before its campaign ends.
    pub fn with_early_coupon(self) -> Site {
        self.edit(CAMPAIGN, "expires: 2027-03-31", "expires: 2027-03-25")
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

    /// Waits until no file counts as just changed: file systems round their times.
    pub fn aged(self) -> Site {
        sleep(Duration::from_millis(200));
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

    /// Runs a command, on the fixed date unless the arguments have a `--date`.
    pub fn run(&self, args: &[&str]) -> Run {
        self.finish(&mut self.command(args))
    }

    /// A command without a date: it runs on the day of the system clock.
    pub fn undated(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tagline"));
        command.args(args).arg("--root").arg(self.root());
        command
    }

    /// A command on the fixed date unless the arguments have a `--date`. It writes the tag register as on that day.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.undated(args);
        if !args.contains(&"--date") {
            command.args(["--date", TODAY]);
        }
        let leaves_register = ["--locked", "--preview", "--restore"].iter().any(|option| args.contains(option));
        if ["build", "tags"].contains(&args[0]) && !leaves_register {
            command.arg("--write-register");
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

    /// Runs a command with a time limit. A run that is killed has no exit code.
    pub fn finish_within(&self, limit: Duration, command: &mut Command) -> Run {
        let log = self.root().with_extension("log");
        let file = fs::File::create(&log).unwrap();
        let mut child = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() && started.elapsed() < limit {
            sleep(Duration::from_millis(10));
        }
        // A process that has ended keeps its exit code.
        let _ = child.kill();
        Run {
            root: self.root(),
            code: child.wait().unwrap().code(),
            stdout: String::new(),
            stderr: fs::read_to_string(log).unwrap(),
        }
    }

    /// The cells of each row of the tag register. Without a register there are no rows.
    pub fn register(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path(REGISTER)).unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
        let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|row| cells(row.unwrap())).collect()
    }

    /// `offer from until` of each row of a lead tag.
    pub fn offers_of(&self, tag: &str) -> Vec<String> {
        let rows = self.register().into_iter().filter(|row| row[0] == tag);
        rows.map(|row| format!("{} {} {}", row[6], row[9], row[10]).trim_end().to_owned()).collect()
    }

    /// The short code of a campaign on a channel.
    #[track_caller]
    pub fn code(&self, campaign: &str, channel: &str) -> String {
        let is = |row: &&Vec<String>| row[1] == campaign && row[4] == channel;
        self.register().iter().find(is).unwrap_or_else(|| panic!("no {campaign} on {channel}"))[8].clone()
    }

    /// Every file that a build writes, by relative path.
    pub fn output(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = bytes_below(&self.root());
        files.retain(|path, _| ["public", "sales", REGISTER].iter().any(|top| path.starts_with(top)));
        files
    }
}

/// The image cache of the example site. Filling it takes seconds, so it is filled once for each build of the program.
fn image_cache() -> PathBuf {
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
            // Another test process may have been faster.
            let _ = fs::rename(&staged, &made);
        }
        made
    });
    made.clone()
}

/// Creates a temporary folder, in memory if possible: ext4 takes long to find a free inode when many files were just
/// deleted, and half of the time of all tests was spent there.
fn temporary_folder() -> TempDir {
    #[cfg(target_os = "linux")]
    if let Ok(memory) = rustix::fs::statvfs("/dev/shm")
        && memory.f_bavail * memory.f_frsize > 1024 * 1024 * 1024
        && let Ok(folder) = tempfile::tempdir_in("/dev/shm")
    {
        return folder;
    }
    tempfile::tempdir().unwrap()
}
