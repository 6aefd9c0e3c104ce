//! Which folders may be written to: none that holds the site's sources, or more than a site.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

/// The folders of a site that its authors write.
const SOURCES: [&str; 3] = ["content", "static", "themes"];

/// Refuses output and sales folders that would replace the site's sources, the home folder or the
/// root, or of which one would publish the other. Links are followed; the folders need not exist.
pub fn check_places(root: &Path, output: &Path, sales: &Path) -> anyhow::Result<()> {
    // A home that cannot be looked at cannot be written to either.
    let home = env::home_dir().and_then(|home| real(&home).ok());
    check_with_home(root, output, sales, home.as_deref())
}

fn check_with_home(root: &Path, output: &Path, sales: &Path, home: Option<&Path>) -> anyhow::Result<()> {
    let root = real(root)?;
    let (real_output, real_sales) = (real(output)?, real(sales)?);
    for (option, given, place) in [("--output", output, &real_output), ("--sales", sales, &real_sales)] {
        if let Some(why) = why_not(place, &root, home)? {
            let given = given.display();
            bail!("`{option} {given}` cannot be written: {why}; name a folder of its own");
        }
    }

    let (output, sales) = (output.display(), sales.display());
    if real_output == real_sales {
        bail!("`--output` and `--sales` are one folder, `{output}`; the lead desk is not public");
    }
    if real_sales.starts_with(&real_output) {
        bail!("`--sales {sales}` is in `--output {output}`; the lead desk is not public");
    }
    if real_output.starts_with(&real_sales) {
        bail!("`--output {output}` is in `--sales {sales}`; name a folder outside of it");
    }
    Ok(())
}

fn why_not(place: &Path, root: &Path, home: Option<&Path>) -> anyhow::Result<Option<String>> {
    if place.parent().is_none() {
        return Ok(Some("it is the root of the file system".into()));
    }
    if let Some(home) = home.filter(|home| home.starts_with(place)) {
        let verb = if home == place { "is" } else { "holds" };
        return Ok(Some(format!("it {verb} your home folder")));
    }
    if root.starts_with(place) {
        let verb = if root == place { "is" } else { "holds" };
        return Ok(Some(format!("it {verb} the folder of the site")));
    }
    for name in SOURCES {
        let source = real(&root.join(name))?;
        let relation = match () {
            () if place == source => "is",
            () if place.starts_with(&source) => "is in",
            () if source.starts_with(place) => "holds",
            () => continue,
        };
        return Ok(Some(format!("it {relation} the site's `{name}/`")));
    }
    Ok(None)
}

/// A path with its links followed as far as it exists, and `..` resolved in the rest.
fn real(path: &Path) -> anyhow::Result<PathBuf> {
    let absolute = std::path::absolute(path).with_context(|| format!("cannot make sense of `{}`", path.display()))?;
    let mut real = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                real.push(component);
                real = follow(real)?;
            }
        }
    }
    Ok(real)
}

/// Follows the link that a path may be; what does not exist stays as it is written.
fn follow(path: PathBuf) -> anyhow::Result<PathBuf> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match path.canonicalize() {
        Ok(real) => Ok(real),
        Err(e) if matches!(e.kind(), NotFound | NotADirectory) => {
            if path.is_symlink() {
                bail!("`{}` is a link that leads nowhere", path.display());
            }
            Ok(path)
        }
        Err(e) => Err(e).with_context(|| format!("cannot look at `{}`", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What `check_places` says of folders given from the site's root, the home being `home`.
    fn said(output: &str, sales: &str) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("home/site");
        fs::create_dir_all(root.join("content/spring")).unwrap();
        fs::create_dir_all(root.join("themes")).unwrap();
        fs::create_dir_all(dir.path().join("assets")).unwrap();
        #[cfg(unix)]
        for (to, at) in [("content", "link"), ("../../assets", "static"), ("nowhere", "dangling")] {
            std::os::unix::fs::symlink(to, root.join(at)).unwrap();
        }
        let home = real(&dir.path().join("home")).unwrap();
        check_with_home(&root, &root.join(output), &root.join(sales), Some(&home)).map_err(|e| e.to_string())
    }

    #[track_caller]
    fn assert_refused(output: &str, because: &str) {
        for said in [said(output, "sales"), said("public", output)] {
            let message = said.expect_err(output);
            assert!(message.contains(because), "{output}: {message}");
        }
    }

    #[test]
    fn folders_of_their_own_are_accepted_wherever_they_are() {
        for (output, sales) in [
            ("public", "sales"),
            ("build/public", "build/sales"),
            ("../../out/a", "../../out/b"),
            ("public", "public-sales"),
            ("contents", "static-site"),
            ("nope/../public", "sales/"),
        ] {
            assert_eq!(said(output, sales), Ok(()), "{output} {sales}");
        }
    }

    #[test]
    fn folders_that_hold_more_than_a_built_site_are_refused() {
        assert_refused("/", "it is the root of the file system");
        assert_refused("..", "it is your home folder");
        assert_refused("../..", "it holds your home folder");
        assert_refused(".", "it is the folder of the site");
        assert_refused("nope/..", "it is the folder of the site");
        let root = Path::new("/srv/work/site");
        let why = why_not(Path::new("/srv/work"), root, None).unwrap().unwrap();
        assert_eq!(why, "it holds the folder of the site");
    }

    #[test]
    fn the_sources_of_the_site_are_refused() {
        assert_refused("content", "it is the site's `content/`");
        assert_refused("themes", "it is the site's `themes/`");
        assert_refused("static", "it is the site's `static/`");
        assert_refused("content/spring", "it is in the site's `content/`");
        assert_refused("themes/launch/built", "it is in the site's `themes/`");
        assert_refused("nope/../content/x", "it is in the site's `content/`");
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_around_a_refusal() {
        assert_refused("link", "it is the site's `content/`");
        assert_refused("link/new/public", "it is in the site's `content/`");
        assert_refused("link/../content", "it is the site's `content/`");
        assert_refused("../../assets", "it is the site's `static/`");
        assert_refused("../../assets/built", "it is in the site's `static/`");
        assert_refused("dangling/public", "is a link that leads nowhere");
    }

    #[test]
    fn the_lead_desk_is_never_inside_the_public_site_nor_around_it() {
        for (output, sales, because) in [
            ("public", "public", "are one folder"),
            ("public", "x/../public/", "are one folder"),
            ("public", "public/desk", "the lead desk is not public"),
            ("sales/public", "sales", "name a folder outside of it"),
        ] {
            let message = said(output, sales).unwrap_err();
            assert!(message.contains(because), "{message}");
        }
    }

    #[test]
    fn the_real_home_folder_is_refused() {
        let Some(home) = env::home_dir() else { return };
        let site = tempfile::tempdir().unwrap();
        assert!(check_places(site.path(), &home, &site.path().join("sales")).is_err());
    }
}
