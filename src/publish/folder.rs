//! Publishes to a folder: each publish makes a release, and the link `current` leads to the latest. A web server has `current`
//! as its root, so visitors see either the old release or the new one.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::class::Audience;
use super::damage;
use super::local::{self, LocalFile, has_size};
use super::manifest::{BadManifest, FileKey, MANIFEST, Manifest};
use super::plan::Plan;

const RELEASES: &str = "releases";
const CURRENT: &str = "current";
const LOCK: &str = ".tagline.lock";
/// A release that is not complete.
const NEXT: &str = ".next";

/// A folder with releases.
pub struct ReleaseFolder {
    path: PathBuf,
}

/// The folder, locked against other publishes. Unlocked when dropped.
pub struct LockedFolder<'f> {
    folder: &'f ReleaseFolder,
    lock: File,
}

impl Drop for LockedFolder<'_> {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

impl ReleaseFolder {
    pub fn new(path: impl Into<PathBuf>) -> ReleaseFolder {
        ReleaseFolder { path: path.into() }
    }

    /// Returns the manifest of the current release, or `None` if nothing was published here.
    ///
    /// # Errors
    ///
    /// If `current` is no link to a release, or its manifest is missing, damaged or newer.
    pub fn manifest(&self) -> anyhow::Result<Option<Manifest>> {
        let Some(release) = self.current()? else { return Ok(None) };
        let again = format!("remove the link `{}`, and publish again", self.path.join(CURRENT).display());
        match self.manifest_of(&release)? {
            Ok(manifest) => Ok(Some(manifest)),
            Err(why) => bail!("{why}; {again}"),
        }
    }

    /// Returns the manifest of a release, or what is wrong with it.
    ///
    /// # Errors
    ///
    /// If a newer Tagline wrote it, or it cannot be read.
    fn manifest_of(&self, release: &str) -> anyhow::Result<Result<Manifest, String>> {
        let path = self.release(release).join(MANIFEST);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Err(format!("`{}` is missing", path.display())));
            }
            bytes => bytes.with_context(|| format!("cannot read `{}`", path.display()))?,
        };
        match Manifest::parse(&bytes) {
            Ok(manifest) => Ok(Ok(manifest)),
            Err(BadManifest::Newer(version)) => {
                bail!("`{}` has version {version}, of a newer Tagline; update Tagline", path.display())
            }
            Err(BadManifest::Damaged(why)) => Ok(Err(format!("`{}` is damaged: {why}", path.display()))),
        }
    }

    /// Returns the name of the current release.
    pub fn current(&self) -> anyhow::Result<Option<String>> {
        if self.path.is_file() {
            bail!("`{}` is a file, and a target is a folder; choose another name", self.path.display());
        }
        let link = self.path.join(CURRENT);
        match fs::symlink_metadata(&link) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", link.display())),
            Ok(found) if !found.is_symlink() => {
                bail!("`{}` is no link, so it is not from `tagline publish`; choose another folder", link.display())
            }
            Ok(_) => {}
        }
        let target = fs::read_link(&link).with_context(|| format!("cannot read `{}`", link.display()))?;
        let name = target.strip_prefix(RELEASES).ok().and_then(Path::to_str).filter(|name| is_release(name));
        match name {
            Some(name) => Ok(Some(name.to_owned())),
            None => bail!("`{}` leads to `{}`, which is no release; remove it", link.display(), target.display()),
        }
    }

    /// Returns the names of all releases, the oldest first.
    pub fn releases(&self) -> anyhow::Result<Vec<String>> {
        let folder = self.path.join(RELEASES);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(|| format!("cannot read `{}`", folder.display()))?,
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| is_release(name)).collect();
        names.sort();
        Ok(names)
    }

    /// Refuses a folder with files of others.
    ///
    /// # Errors
    ///
    /// If there is something else than releases.
    pub fn check_foreign_files(&self) -> anyhow::Result<()> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries.with_context(|| format!("cannot read `{}`", self.path.display()))?,
        };
        let own = [RELEASES, CURRENT, LOCK, ".current.next"];
        let foreign = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        if let Some(name) = foreign.into_iter().find(|name| !own.contains(&name.as_str())) {
            bail!(
                "`{}` has files that Tagline did not publish, `{name}` for example; choose a folder of its own, or use \
                 `--adopt`, which leaves them alone",
                self.path.display()
            );
        }
        Ok(())
    }

    /// Creates the folder if necessary, and locks it.
    ///
    /// # Errors
    ///
    /// If another publish has locked it.
    pub fn lock(&self) -> anyhow::Result<LockedFolder<'_>> {
        let releases = self.path.join(RELEASES);
        fs::create_dir_all(&releases).with_context(|| format!("cannot create `{}`", releases.display()))?;
        let path = self.path.join(LOCK);
        let file = File::options().create(true).write(true).truncate(false).open(&path);
        let lock = file.with_context(|| format!("cannot write `{}`", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(LockedFolder { folder: self, lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("another publish is writing `{}`; try again when it has ended", self.path.display())
            }
            // Some network file systems do not support locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                Ok(LockedFolder { folder: self, lock })
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock `{}`", path.display())),
        }
    }

    /// Returns true if there are more releases than `keep`, or one that is not complete.
    pub fn has_surplus(&self, keep: usize) -> anyhow::Result<bool> {
        Ok(self.releases()?.len() > keep || self.release(NEXT).exists())
    }

    /// Returns a manifest of the current release as its files really are, so that the next publish restores those that somebody
    /// removed or changed.
    pub fn as_found(&self, manifest: Manifest, files: &[LocalFile], audience: Audience) -> anyhow::Result<Manifest> {
        match self.current()? {
            Some(current) => damage::as_found(&self.release(&current), manifest, files, audience),
            None => Ok(manifest),
        }
    }

    /// Compares the current release with its manifest.
    ///
    /// # Errors
    ///
    /// If files are missing, or have other content.
    pub fn verify(&self, audience: Audience) -> anyhow::Result<()> {
        let (Some(manifest), Some(current)) = (self.manifest()?, self.current()?) else {
            bail!("nothing is published to `{}`", self.path.display())
        };
        damage::verify(&self.release(&current), &manifest, audience)
    }

    /// Returns why a release is not whole.
    fn problem_of(&self, release: &str) -> anyhow::Result<Option<String>> {
        Ok(match self.manifest_of(release)? {
            Ok(manifest) => damage::missing(&self.release(release), &manifest),
            Err(why) => Some(why),
        })
    }

    fn release(&self, name: &str) -> PathBuf {
        self.path.join(RELEASES).join(name)
    }
}

impl LockedFolder<'_> {
    /// Makes a release of the files in `from` and lets `current` lead to it. Files that did not change are links to those of
    /// the last release.
    pub fn publish(
        &self,
        from: &Path,
        files: &[LocalFile],
        plan: &Plan,
        manifest: &Manifest,
        progress: &dyn Fn(usize, usize),
    ) -> anyhow::Result<String> {
        let last = self.folder.current()?;
        let staging = self.folder.release(NEXT);
        remove_folder(&staging)?;
        fs::create_dir(&staging).with_context(|| format!("cannot create `{}`", staging.display()))?;
        let changed: std::collections::HashSet<&str> = plan.puts.iter().map(|put| put.file.path.as_str()).collect();
        let mut folders = std::collections::HashSet::new();
        for (done, file) in files.iter().enumerate() {
            let to = staging.join(&file.path);
            create_parent(&to, &mut folders)?;
            let old = last.as_ref().map(|last| self.folder.release(last).join(&file.path));
            let linked = !changed.contains(file.path.as_str())
                && old.is_some_and(|old| has_size(&old, file.size) && fs::hard_link(old, &to).is_ok());
            if !linked {
                let bytes = local::read_unchanged(from, file)?;
                write(&to, &bytes)?;
            }
            progress(done + 1, files.len());
        }
        if let Some(last) = &last {
            self.link_kept(&self.folder.release(last), &staging, manifest, &mut folders)?;
        }
        write(&staging.join(MANIFEST), &manifest.to_bytes())?;
        let name = self.new_name()?;
        let release = self.folder.release(&name);
        fs::rename(&staging, &release).with_context(|| format!("cannot rename `{}`", staging.display()))?;
        self.lead_to(&name)?;
        Ok(name)
    }

    /// Links the files that are gone from the site and still used by open pages.
    fn link_kept(
        &self,
        last: &Path,
        staging: &Path,
        manifest: &Manifest,
        folders: &mut std::collections::HashSet<PathBuf>,
    ) -> anyhow::Result<()> {
        let mut gone: Vec<String> = Vec::new();
        let mut hidden = std::collections::HashSet::new();
        for (key, entry) in manifest.files.iter().filter(|(_, entry)| entry.gone_since.is_some()) {
            match key {
                FileKey::Path(path) => gone.push(path.to_string()),
                FileKey::Hidden(digest) => {
                    hidden.insert((*digest, entry.digest));
                }
            }
        }
        if !hidden.is_empty() {
            let paths = local::published_files(last).unwrap_or_default();
            let is_kept =
                |file: &&LocalFile| hidden.iter().any(|(path, _)| *path == super::manifest::hidden_path(&file.path));
            gone.extend(paths.iter().filter(is_kept).map(|file| file.path.clone()));
        }
        for path in gone {
            let (old, to) = (last.join(&path), staging.join(&path));
            if !old.is_file() {
                continue;
            }
            create_parent(&to, folders)?;
            if fs::hard_link(&old, &to).is_err() {
                fs::copy(&old, &to).with_context(|| format!("cannot copy `{}`", old.display()))?;
            }
        }
        Ok(())
    }

    /// Lets `current` lead to a release, in one step.
    fn lead_to(&self, release: &str) -> anyhow::Result<()> {
        let (next, link) = (self.folder.path.join(".current.next"), self.folder.path.join(CURRENT));
        remove_file(&next)?;
        let cannot = || format!("cannot let `{}` lead to the release", link.display());
        symlink(&Path::new(RELEASES).join(release), &next).with_context(cannot)?;
        fs::rename(&next, &link).with_context(cannot)
    }

    /// Lets `current` lead to the release before it. Returns its name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn roll_back(&self) -> anyhow::Result<String> {
        let Some(current) = self.folder.current()? else {
            bail!("nothing was published to `{}`", self.folder.path.display())
        };
        let mut earlier: Vec<String> = self.folder.releases()?.into_iter().filter(|name| *name < current).collect();
        let Some(before) = earlier.pop() else {
            bail!(
                "`{}` has no release before `{current}`; `keep` says how many releases stay",
                self.folder.path.display()
            );
        };
        if let Some(problem) = self.folder.problem_of(&before)? {
            let release = self.folder.release(&before);
            let mut whole = None;
            for name in earlier.into_iter().rev() {
                if self.folder.problem_of(&name)?.is_none() {
                    whole = Some(name);
                    break;
                }
            }
            let advice = match whole {
                Some(whole) => {
                    format!("release `{whole}` is whole: remove `{}`, and roll back again", release.display())
                }
                None => "no release before it is whole".to_owned(),
            };
            bail!("release `{before}` cannot be shown: {problem}; {advice}");
        }
        self.lead_to(&before)?;
        Ok(before)
    }

    /// Removes the oldest releases but `keep`, never the current one, and what a killed publish left.
    pub fn prune(&self, keep: usize) -> anyhow::Result<()> {
        remove_folder(&self.folder.release(NEXT))?;
        let current = self.folder.current()?;
        let releases = self.folder.releases()?;
        let surplus = releases.len().saturating_sub(keep);
        for name in releases.iter().filter(|name| Some(*name) != current.as_ref()).take(surplus) {
            remove_folder(&self.folder.release(name))?;
        }
        Ok(())
    }

    /// Returns a name that sorts after all others.
    fn new_name(&self) -> anyhow::Result<String> {
        let releases = self.folder.releases()?;
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let last = releases.last().filter(|last| **last >= now);
        // Two publishes in one second, or a clock that was set back.
        Ok(last.map_or(now, |last| {
            match last.rsplit_once('.').and_then(|(stem, n)| Some((stem, n.parse::<u32>().ok()?))) {
                Some((stem, number)) => format!("{stem}.{:04}", number + 1),
                None => format!("{last}.0001"),
            }
        }))
    }
}

/// `20270315T100000Z`, and `20270315T100000Z.0001` for the second one of a second.
fn is_release(name: &str) -> bool {
    let (time, number) = name.split_once('.').unwrap_or((name, "0"));
    let is_time = time.len() == 16 && time.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'));
    is_time && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn create_parent(path: &Path, folders: &mut std::collections::HashSet<PathBuf>) -> anyhow::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    if folders.insert(parent.to_owned()) {
        fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}

fn remove_file(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("cannot remove `{}`", path.display())),
    }
}

fn remove_folder(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("cannot remove `{}`", path.display())),
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_releases_sort_by_time() {
        assert!(is_release("20270315T100000Z") && is_release("20270315T100000Z.0001"));
        for other in [".next", "backup", "20270315", "20270315T100000Z.old", "../../etc/passwd"] {
            assert!(!is_release(other), "{other}");
        }
        assert!("20270315T100000Z" < "20270315T100000Z.0001" && "20270315T100000Z.0001" < "20270315T100001Z");
    }
}
