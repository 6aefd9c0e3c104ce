//! `tagline publish`: builds the site, and sends `public/` and `sales/` to a target.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::build::build_if;
use super::inputs::Inputs;
use super::outcome::Outcome;
use super::request::Request;
use crate::diagnostics::{list, nearest};
use crate::load;
use crate::model::base_url::is_reserved_for_examples;
use crate::model::place::Place;
use crate::model::site::publish::MaxDelete;
use crate::model::site::{PublishTarget, SiteConfig};
use crate::publish::{self, Audience, Built, Job, Mode, PlaceReport, PlaceStatus, PublishReport, StoreOptions, verify};
use crate::render::Progress;

/// What the command line asks for, beside the site.
#[derive(Clone, Debug)]
pub struct PublishOptions {
    /// `None`: the only target of the site.
    pub target: Option<String>,
    /// A folder in the target, for previews.
    pub prefix: Option<String>,
    pub mode: Mode,
    pub adopt: bool,
    pub max_delete: Option<MaxDelete>,
    pub keep_days: Option<u32>,
    pub lease: Duration,
    pub verify: bool,
    /// The file that the caller writes [`Published::changed`] into.
    pub changed: Option<PathBuf>,
}

/// How a publish ended.
pub struct Published {
    /// Of the build, with its diagnostics.
    pub outcome: Outcome,
    /// `None` if the site has errors.
    pub report: Option<PublishReport>,
    /// Addresses that a cache should fetch again.
    pub changed: Vec<String>,
    /// What `--verify` compares.
    pub check: Option<PublishedCheck>,
}

/// The check of `--verify`. It runs after the result is printed, because the site is published whatever it finds.
pub struct PublishedCheck {
    base_url: String,
    output: PathBuf,
    /// Paths of files that visitors can fetch.
    paths: Vec<String>,
    /// Folders, whose current release is compared with its manifest.
    folders: Vec<(PathBuf, Audience)>,
}

impl PublishedCheck {
    /// Compares the current release of folders with its manifest, and up to twenty addresses with what was published. Returns
    /// the number of addresses.
    ///
    /// # Errors
    ///
    /// If a release or an address has something else.
    pub fn run(&self) -> anyhow::Result<usize> {
        for (folder, audience) in &self.folders {
            publish::verify_release(folder, *audience)?;
        }
        verify::verify(&self.base_url, &self.output, &self.paths)
    }
}

/// A target with its name.
struct Named {
    name: String,
    target: PublishTarget,
}

impl Named {
    fn folders(&self) -> Vec<(PathBuf, Audience)> {
        let places = [(Some(&self.target.site), Audience::Public), (self.target.desk.as_ref(), Audience::Private)];
        let folder = |(place, audience): (Option<&Place>, Audience)| match place {
            Some(Place::Folder(path)) => Some((PathBuf::from(path), audience)),
            Some(Place::Bucket { .. }) | None => None,
        };
        places.into_iter().filter_map(folder).collect()
    }
}

/// Builds and publishes a site.
///
/// # Errors
///
/// If there is no such target, or publishing to it failed. Errors of the content are in the outcome.
pub fn publish(
    request: &Request,
    options: &PublishOptions,
    building: Progress,
    publishing: publish::Progress,
) -> anyhow::Result<Published> {
    let (outcome, checked) = build_if(request, building, |inputs| checked(inputs, options))?;
    let Some(Checked { named, base_url, today }) = checked.filter(|_| outcome.summary.is_some()) else {
        return Ok(Published { outcome, report: None, changed: Vec::new(), check: None });
    };
    if let Some(path) = &options.changed {
        check_writable(path)?;
    }
    let jobs = Jobs { named: &named, request, options, base_url: &base_url, today };
    let places = jobs.publish(publishing)?;
    let site = places.iter().find(|place| place.content == "site");
    let changed = site.map(|site| addresses(&base_url, site)).unwrap_or_default();
    let check = site.filter(|_| options.verify && options.mode == Mode::Publish).map(|site| PublishedCheck {
        paths: fetched(site),
        folders: named.folders(),
        output: request.output.clone(),
        base_url,
    });
    let report = PublishReport::new(&named.name, options.mode == Mode::DryRun, places);
    Ok(Published { outcome, report: Some(report), changed, check })
}

/// What is known before the build.
struct Checked {
    named: Named,
    base_url: String,
    today: Date,
}

/// Finds the target, and refuses what must not be published.
fn checked(inputs: &Inputs, options: &PublishOptions) -> anyhow::Result<Checked> {
    let named = named(&inputs.config, options)?;
    check_base_url(&inputs.config)?;
    check_folders(inputs.request, &named.target)?;
    Ok(Checked { named, base_url: inputs.config.base_url.to_string(), today: inputs.today })
}

/// Refuses a file that cannot be written, before anything is published. Its content stays.
fn check_writable(path: &Path) -> anyhow::Result<()> {
    let is_new = !path.exists();
    let opened = File::options().create(true).append(true).open(path);
    opened.with_context(|| {
        format!("cannot write `{}`, the file of `--changed`; nothing was published", path.display())
    })?;
    if is_new {
        fs::remove_file(path).with_context(|| format!("cannot remove `{}`", path.display()))?;
    }
    Ok(())
}

fn store_options(target: &PublishTarget) -> StoreOptions<'_> {
    StoreOptions { endpoint: target.endpoint.as_deref(), timeout: target.timeout }
}

/// Returns what is published to a target.
pub fn publish_status(request: &Request, options: &PublishOptions) -> anyhow::Result<Vec<PlaceStatus>> {
    let Named { target, .. } = named(&config(request)?, options)?;
    let places = [Some(&target.site), target.desk.as_ref()];
    places.into_iter().flatten().map(|place| publish::status(place, store_options(&target))).collect()
}

/// Lets the folders of a target lead to the release before. Returns the name of the site's release.
pub fn roll_back(request: &Request, options: &PublishOptions) -> anyhow::Result<String> {
    let Named { target, .. } = named(&config(request)?, options)?;
    publish::roll_back(&target.site)
}

/// Removes what was published to a folder of a target. Returns the place and the number of files.
///
/// # Errors
///
/// If no prefix is given: a whole target is never removed.
pub fn remove_published(request: &Request, options: &PublishOptions) -> anyhow::Result<(String, usize)> {
    anyhow::ensure!(options.prefix.is_some(), "`--remove` needs `--prefix`: a whole target is not removed");
    let Named { target, .. } = named(&config(request)?, options)?;
    let removed = publish::remove(&target.site, store_options(&target), options.lease)?;
    Ok((target.site.to_string(), removed))
}

/// Returns the address of a site.
pub fn base_url(request: &Request) -> anyhow::Result<String> {
    Ok(match &request.base_url {
        Some(base_url) => base_url.to_string(),
        None => config(request)?.base_url.to_string(),
    })
}

fn config(request: &Request) -> anyhow::Result<SiteConfig> {
    let scan = load::scan(&request.root)?;
    let (source, _) = load::site_file(&scan)?;
    let source = source.with_context(|| format!("no `site.yaml` in `{}`", request.root.display()))?;
    let (read, _) = crate::parse::site_yaml::site(&source);
    read.config.context("site.yaml has errors; `tagline check` reports them")
}

/// Returns the target that the options name.
fn named(config: &SiteConfig, options: &PublishOptions) -> anyhow::Result<Named> {
    let names: Vec<&str> = config.publish.keys().map(|name| name.as_str()).collect();
    let found = match (&options.target, &names[..]) {
        (_, []) => bail!("site.yaml has no target: write `publish: {{ live: {{ site: s3://BUCKET }} }}`"),
        (None, [_]) => config.publish.first(),
        (None, several) => bail!("which target? site.yaml has {}", list(several.iter().copied())),
        (Some(name), _) => config.publish.iter().find(|(known, _)| known.as_str() == name),
    };
    let Some((name, target)) = found else {
        let requested = options.target.as_deref().unwrap_or_default();
        match nearest(requested, names.iter().copied()) {
            Some(near) => bail!("unknown target `{requested}`: did you mean `{near}`?"),
            None => bail!("unknown target `{requested}`: site.yaml has {}", list(names.iter().copied())),
        }
    };
    let mut target = target.clone();
    if let Some(prefix) = &options.prefix {
        let is_part = !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        anyhow::ensure!(is_part, "`--prefix {prefix}` is no name of a folder: use letters, digits and hyphens");
        anyhow::ensure!(
            matches!(target.site, Place::Bucket { .. }),
            "`--prefix` is for buckets: a web server shows `current` of `{}`, and a folder in it would have to be beside that; \
             use a target of its own, such as `preview: {{ site: \"{}-{prefix}\" }}`",
            target.site,
            target.site
        );
        target.site = target.site.below(prefix);
        target.desk = None;
    }
    Ok(Named { name: name.to_string(), target })
}

fn check_base_url(config: &SiteConfig) -> anyhow::Result<()> {
    let base_url = config.base_url.to_string();
    let is_example = url::Url::parse(&base_url).is_ok_and(|url| is_reserved_for_examples(&url));
    anyhow::ensure!(
        !is_example,
        "`{base_url}` is an address for examples, so links, sitemap and lead tags would lead nowhere; set `base_url` in \
         site.yaml to the address of the published site, or use `--base-url`"
    );
    Ok(())
}

/// Refuses folders in which publishing would write over what is published from, or over one another by links.
fn check_folders(request: &Request, target: &PublishTarget) -> anyhow::Result<()> {
    let folders = |place: &Place| match place {
        Place::Folder(path) => Some(real(Path::new(path))),
        Place::Bucket { .. } => None,
    };
    let (site, desk) = (folders(&target.site), target.desk.as_ref().and_then(folders));
    let is_within = |one: &Path, other: &Path| one.starts_with(other) || other.starts_with(one);
    if let (Some(site), Some(desk)) = (&site, &desk)
        && is_within(site, desk)
    {
        bail!("`{}` leads into the folder of the site, and the lead desk must not be public", desk.display());
    }
    let root = real(&request.root);
    let mut own = vec![real(&request.output), real(&request.sales)];
    own.extend(["content", "static", "themes", ".tagline"].map(|name| root.join(name)));
    for folder in [site, desk].into_iter().flatten() {
        if let Some(other) = own.iter().find(|own| is_within(&folder, own)) {
            bail!("`file://{}` cannot be a target: `{}` is a folder of this site", folder.display(), other.display());
        }
    }
    Ok(())
}

/// Returns a path without links, also of a folder that does not exist yet.
fn real(path: &Path) -> PathBuf {
    let mut missing = Vec::new();
    let mut path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    loop {
        if let Ok(real) = path.canonicalize() {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
        match (path.file_name().map(ToOwned::to_owned), path.pop()) {
            (Some(name), true) => missing.push(name),
            _ => return path,
        }
    }
}

struct Jobs<'j> {
    named: &'j Named,
    request: &'j Request,
    options: &'j PublishOptions,
    base_url: &'j str,
    today: Date,
}

impl Jobs<'_> {
    /// Publishes the desk, then the site: a lead of a new page is explained from the start.
    fn publish(&self, progress: publish::Progress) -> anyhow::Result<Vec<PlaceReport>> {
        let target = &self.named.target;
        let site = self.job(&target.site, &self.request.output, Audience::Public);
        let files = publish::built(&site, &self.request.root)?;
        let Some(desk) = &target.desk else {
            return Ok(vec![publish::publish(&site, &files, self.options.mode, progress)?]);
        };
        let desk = self.job(desk, &self.request.sales, Audience::Private);
        let desk_files = publish::built(&desk, &self.request.root)?;
        // A site that cannot be published leaves the desk as it is.
        let planned = publish::publish(&site, &files, Mode::DryRun, progress)?;
        if let (Mode::Publish, Some(refusal)) = (self.options.mode, &planned.refusal) {
            bail!("{refusal}");
        }
        if self.options.mode == Mode::DryRun {
            return Ok(vec![publish::publish(&desk, &desk_files, Mode::DryRun, progress)?, planned]);
        }
        let published_desk = publish::publish(&desk, &desk_files, Mode::Publish, progress)?;
        let published_site = self.site(&site, &files, planned, progress)?;
        Ok(vec![published_desk, published_site])
    }

    fn site(
        &self,
        site: &Job,
        files: &Built,
        planned: PlaceReport,
        progress: publish::Progress,
    ) -> anyhow::Result<PlaceReport> {
        let requests = planned.requests;
        let report = publish::publish(site, files, Mode::Publish, progress)?;
        Ok(PlaceReport { requests: requests + report.requests, ..report })
    }

    fn job(&self, to: &Place, from: &Path, audience: Audience) -> Job<'_> {
        let target = &self.named.target;
        Job {
            from: from.to_owned(),
            to: to.clone(),
            audience,
            store: store_options(target),
            base_url: self.base_url,
            today: self.today,
            keep: target.keep,
            keep_days: self.options.keep_days.unwrap_or(target.keep_days),
            max_delete: self.options.max_delete.unwrap_or(target.max_delete),
            adopt: self.options.adopt,
            lease: self.options.lease,
        }
    }
}

/// Returns the addresses that changed, new and removed ones included, because caches remember missing pages too.
fn addresses(base_url: &str, site: &PlaceReport) -> Vec<String> {
    let all = site.new.iter().chain(&site.changed).chain(&site.gone);
    let mut addresses: Vec<String> =
        all.filter(|path| publish::is_cached_page(path)).map(|path| verify::address(base_url, path)).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

fn fetched(site: &PlaceReport) -> Vec<String> {
    site.changed.iter().chain(&site.new).filter(|path| publish::is_served(path)).cloned().collect()
}
