//! Refuses output folders that contain something else than a built site.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

/// The folders of a site that contain sources.
const SOURCES: [&str; 3] = ["content", "static", "themes"];

/// Checks that the output and sales folders would not replace the site's sources, the home folder or the file system's
/// root, and that neither is inside the other. Links are followed. The folders need not exist.
///
/// # Errors
///
/// If a folder is refused, or a path cannot be resolved.
pub fn check_output_folders(root: &Path, output: &Path, sales: &Path) -> anyhow::Result<()> {
    // A home folder that cannot be resolved cannot be written to either.
    let home = env::home_dir().and_then(|home| resolved(&home).ok());
    check_with_home(root, output, sales, home.as_deref())
}

fn check_with_home(root: &Path, output: &Path, sales: &Path, home: Option<&Path>) -> anyhow::Result<()> {
    let root = resolved(root)?;
    let (resolved_output, resolved_sales) = (resolved(output)?, resolved(sales)?);
    for (option, given, folder) in [("--output", output, &resolved_output), ("--sales", sales, &resolved_sales)] {
        if let Some(reason) = refusal(folder, &root, home)? {
            bail!("`{option} {}` cannot be used: {reason}; choose a separate folder", given.display());
        }
    }

    let (output, sales) = (output.display(), sales.display());
    if resolved_output == resolved_sales {
        bail!("`--output` and `--sales` are the same folder, `{output}`; the lead desk must not be public");
    }
    if resolved_sales.starts_with(&resolved_output) {
        bail!("`--sales {sales}` is inside `--output {output}`; the lead desk must not be public");
    }
    if resolved_output.starts_with(&resolved_sales) {
        bail!("`--output {output}` is inside `--sales {sales}`; choose a folder outside it");
    }
    Ok(())
}

/// Returns why a folder is refused, or `None` if it is accepted.
fn refusal(folder: &Path, root: &Path, home: Option<&Path>) -> anyhow::Result<Option<String>> {
    if folder.parent().is_none() {
        return Ok(Some("it is the root of the file system".into()));
    }
    if let Some(home) = home.filter(|home| home.starts_with(folder)) {
        let verb = if home == folder { "is" } else { "contains" };
        return Ok(Some(format!("it {verb} your home folder")));
    }
    if root.starts_with(folder) {
        let verb = if root == folder { "is" } else { "contains" };
        return Ok(Some(format!("it {verb} the site's folder")));
    }
    for name in SOURCES {
        let source = resolved(&root.join(name))?;
        let relation = match () {
            () if folder == source => "is",
            () if folder.starts_with(&source) => "is inside",
            () if source.starts_with(folder) => "contains",
            () => continue,
        };
        return Ok(Some(format!("it {relation} the site's `{name}/`")));
    }
    Ok(None)
}

/// Returns the absolute path. Links are followed in the part that exists, and `..` is resolved everywhere.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let absolute = std::path::absolute(path).with_context(|| format!("cannot resolve `{}`", path.display()))?;
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                resolved.push(component);
                resolved = follow_link(resolved)?;
            }
        }
    }
    Ok(resolved)
}

/// Follows a symbolic link. A path that does not exist is returned unchanged.
fn follow_link(path: PathBuf) -> anyhow::Result<PathBuf> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match path.canonicalize() {
        Ok(target) => Ok(target),
        Err(e) if matches!(e.kind(), NotFound | NotADirectory) => {
            if path.is_symlink() {
                bail!("`{}` is a broken link", path.display());
            }
            Ok(path)
        }
        Err(e) => Err(e).with_context(|| format!("cannot resolve `{}`", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Checks folders given relative to a site's root, in a file system with a home folder and links.
    fn check(output: &str, sales: &str) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("home/site");
        fs::create_dir_all(root.join("content/spring")).unwrap();
        fs::create_dir_all(root.join("themes")).unwrap();
        fs::create_dir_all(dir.path().join("assets")).unwrap();
        #[cfg(unix)]
        for (to, at) in [("content", "link"), ("../../assets", "static"), ("nowhere", "dangling")] {
            std::os::unix::fs::symlink(to, root.join(at)).unwrap();
        }
        let home = resolved(&dir.path().join("home")).unwrap();
        check_with_home(&root, &root.join(output), &root.join(sales), Some(&home)).map_err(|e| e.to_string())
    }

    #[track_caller]
    fn assert_refused(output: &str, reason: &str) {
        for result in [check(output, "sales"), check("public", output)] {
            let message = result.expect_err(output);
            assert!(message.contains(reason), "{output}: {message}");
        }
    }

    #[test]
    fn separate_folders_are_accepted_anywhere() {
        for (output, sales) in [
            ("public", "sales"),
            ("build/public", "build/sales"),
            ("../../out/a", "../../out/b"),
            ("public", "public-sales"),
            ("contents", "static-site"),
            ("nope/../public", "sales/"),
        ] {
            assert_eq!(check(output, sales), Ok(()), "{output} {sales}");
        }
    }

    #[test]
    fn root_home_and_site_folders_are_refused() {
        assert_refused("/", "it is the root of the file system");
        assert_refused("..", "it is your home folder");
        assert_refused("../..", "it contains your home folder");
        assert_refused(".", "it is the site's folder");
        assert_refused("nope/..", "it is the site's folder");
        let root = Path::new("/srv/work/site");
        let reason = refusal(Path::new("/srv/work"), root, None).unwrap().unwrap();
        assert_eq!(reason, "it contains the site's folder");
    }

    #[test]
    fn source_folders_are_refused() {
        assert_refused("content", "it is the site's `content/`");
        assert_refused("themes", "it is the site's `themes/`");
        assert_refused("static", "it is the site's `static/`");
        assert_refused("content/spring", "it is inside the site's `content/`");
        assert_refused("themes/launch/built", "it is inside the site's `themes/`");
        assert_refused("nope/../content/x", "it is inside the site's `content/`");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_the_check() {
        assert_refused("link", "it is the site's `content/`");
        assert_refused("link/new/public", "it is inside the site's `content/`");
        assert_refused("link/../content", "it is the site's `content/`");
        assert_refused("../../assets", "it is the site's `static/`");
        assert_refused("../../assets/built", "it is inside the site's `static/`");
        assert_refused("dangling/public", "is a broken link");
    }

    #[test]
    fn output_and_sales_folders_must_not_contain_each_other() {
        for (output, sales, reason) in [
            ("public", "public", "are the same folder"),
            ("public", "x/../public/", "are the same folder"),
            ("public", "public/desk", "the lead desk must not be public"),
            ("sales/public", "sales", "choose a folder outside it"),
        ] {
            let message = check(output, sales).unwrap_err();
            assert!(message.contains(reason), "{message}");
        }
    }

    #[test]
    fn home_folder_of_the_process_is_refused() {
        let Some(home) = env::home_dir() else { return };
        let site = tempfile::tempdir().unwrap();
        assert!(check_output_folders(site.path(), &home, &site.path().join("sales")).is_err());
    }
}
