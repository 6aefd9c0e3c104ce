//! What is compared: a published site by its address, a folder of releases, or a built folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use ureq::Agent;
use url::Url;

use crate::publish::manifest::{BadManifest, FileKey, MANIFEST, Manifest};
use crate::publish::{self, verify};
use crate::web_client;

const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest page or manifest, in bytes.
const MAX_ANSWER: u64 = 256 * 1024 * 1024;

pub(super) enum Source {
    Folder(PathBuf),
    /// The address with a slash at its end.
    Web(Box<Agent>, String),
}

/// The files of a source with their digests.
#[derive(Default)]
pub(super) struct Files {
    pub(super) public: BTreeMap<String, u128>,
    /// Digests of the paths and of the files that are not public.
    pub(super) hidden: BTreeSet<(u128, u128)>,
}

impl Source {
    /// `against` is an address, `file:///srv/kazi`, or a folder.
    pub(super) fn open(against: &str) -> anyhow::Result<Source> {
        if against.starts_with("http://") || against.starts_with("https://") {
            let mut url = Url::parse(against).with_context(|| format!("`{against}` is no address"))?;
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            let config = web_client::config(&web_client::certificates(), TIMEOUT).build();
            return Ok(Source::Web(Box::new(Agent::new_with_config(config)), url.to_string()));
        }
        if let Some((scheme @ ("s3" | "gs" | "az"), _)) = against.split_once("://") {
            bail!("`{scheme}://` needs credentials; compare with the address of the site: `tagline diff https://…`");
        }
        let folder = Path::new(against.strip_prefix("file://").unwrap_or(against));
        let current = folder.join("current");
        let folder = if current.is_dir() { current } else { folder.to_owned() };
        anyhow::ensure!(folder.is_dir(), "`{}` is no folder and no address", folder.display());
        Ok(Source::Folder(folder))
    }

    pub(super) fn files(&self) -> anyhow::Result<Files> {
        match self {
            Source::Folder(folder) => match fs::read(folder.join(MANIFEST)) {
                Ok(bytes) => Files::of_manifest(&bytes, &folder.display().to_string()),
                Err(_) => Files::of_folder(folder),
            },
            Source::Web(agent, base_url) => {
                let address = format!("{base_url}{MANIFEST}");
                let bytes = get(agent, &address).with_context(|| {
                    format!("cannot compare with `{base_url}`: it has no list of its files unless `tagline publish` published it")
                })?;
                Files::of_manifest(&bytes, base_url)
            }
        }
    }

    /// Returns the HTML of a page.
    pub(super) fn page(&self, path: &str) -> anyhow::Result<String> {
        let bytes = match self {
            Source::Folder(folder) => {
                let file = folder.join(path);
                fs::read(&file).with_context(|| format!("cannot read `{}`", file.display()))?
            }
            Source::Web(agent, base_url) => get(agent, &verify::address(base_url, path))?,
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Files {
    pub(super) fn of_folder(folder: &Path) -> anyhow::Result<Files> {
        Ok(Files::of_entries(publish::entries(folder)?))
    }

    fn of_manifest(bytes: &[u8], name: &str) -> anyhow::Result<Files> {
        match Manifest::parse(bytes) {
            Ok(manifest) => {
                let live = manifest.files.into_iter().filter(|(_, entry)| entry.gone_since.is_none());
                Ok(Files::of_entries(live.map(|(key, entry)| (key, entry.digest))))
            }
            Err(BadManifest::Newer(version)) => {
                bail!("`{MANIFEST}` of `{name}` has version {version}, of a newer Tagline; update Tagline")
            }
            Err(BadManifest::Damaged(why)) => bail!("`{MANIFEST}` of `{name}` is damaged: {why}"),
        }
    }

    fn of_entries(entries: impl IntoIterator<Item = (FileKey, u128)>) -> Files {
        let mut files = Files::default();
        for (key, digest) in entries {
            match key {
                FileKey::Path(path) if publish::is_for_visitors(&path) => {
                    files.public.insert(path.into(), digest);
                }
                FileKey::Path(_) => {}
                FileKey::Hidden(path) => {
                    files.hidden.insert((path, digest));
                }
            }
        }
        files
    }
}

fn get(agent: &Agent, address: &str) -> anyhow::Result<Vec<u8>> {
    let mut answer = agent.get(address).call().map_err(|error| anyhow::anyhow!("{address}: {error}"))?;
    anyhow::ensure!(answer.status() == 200, "{address} answers {}", answer.status().as_u16());
    answer
        .body_mut()
        .with_config()
        .limit(MAX_ANSWER)
        .read_to_vec()
        .map_err(|error| anyhow::anyhow!("{address}: {error}"))
}
