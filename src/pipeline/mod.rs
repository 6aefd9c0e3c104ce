//! The whole way from a folder to its output, in the order in which it happens.

mod check;
mod freshness;
pub mod memo;
pub mod session;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context;
use jiff::Zoned;
use jiff::civil::Date;
use rayon::prelude::*;

use self::freshness::{fingerprint, is_settled, stamp, up_to_date};
use self::memo::Memo;
use crate::cache_dir;
use crate::check::safety::secrets::SecretScanner;
use crate::diagnostics::{Diagnostic, Severity};
use crate::explain::{self, Known};
use crate::images::cache::{Cache, Extent};
use crate::images::plan::Making;
use crate::init;
use crate::init::page::{PageKind, PageName};
use crate::lead_tags::LeadTags;
use crate::load::{self, Scan, Sources};
use crate::model::address::{BaseUrl, SitePath};
use crate::model::body::Body;
use crate::model::site::SiteConfig;
use crate::parse::site_yaml::SiteRead;
use crate::parse::{self, Bodies};
use crate::register::{self, Changes, Register, published};
use crate::render::{self, Counts, Progress};
use crate::resolve::{self, Options, Site};
use crate::rules::Rule;
use crate::sales::notes::{self, SalesNotes};
use crate::sales::{self, exports};
use crate::schema::Names;
use crate::sink::Sink;
use crate::sink::disk::{self, Staging, Target};
use crate::theme::{self, Theme};

pub use self::check::check;

/// What a command is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub root: PathBuf,
    pub output: PathBuf,
    pub sales: PathBuf,
    pub base_url: Option<BaseUrl>,
    /// Today, where nothing else is asked for.
    pub date: Option<Date>,
    pub preview: bool,
    /// The host and port where the site is served to be tried: forms are as published, and nothing is measured.
    pub served_at: Option<String>,
    /// Off only to hold minified pages against the others.
    pub minify: bool,
    /// The register must be up to date already.
    pub locked: bool,
    /// Warnings are errors, whatever the site says.
    pub deny_warnings: bool,
}

/// How a command ended, with every problem found on the way.
pub struct Outcome {
    pub done: Option<Done>,
    pub found: Vec<Diagnostic>,
}

/// What was done, for the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub counts: Counts,
    pub lead_tags: usize,
    pub next_change: Option<Date>,
    /// Nothing had changed since the last build, so nothing was written.
    pub unchanged: bool,
    /// `2 lead tags opened`; empty where the register stayed as it was.
    pub register_changes: String,
}

/// A site that has been read and resolved, and what it does to the register.
struct Compiled {
    site: Site,
    theme: Theme,
    notes: SalesNotes,
    changes: Changes,
    lead_tags: usize,
    /// Of every picture that it has, shown or not.
    picture_digests: HashSet<String>,
}

/// Builds `public/` and `sales/` and updates the register.
pub fn build(request: &Request, progress: Progress) -> anyhow::Result<Outcome> {
    disk::check_places(&request.root, &request.output, &request.sales)?;
    let started = SystemTime::now();
    let mut scan = load::scan(&request.root)?;
    let (public, sales) = (Target::open(&request.output)?, Target::open(&request.sales)?);
    let (site_read, mut found) = read_site(&scan, request)?;
    let Some((config, today)) = site_read else { return Ok(Outcome { done: None, found }) };
    if let Some(done) = up_to_date(&fingerprint(&scan, request), today, &public, &sales) {
        return Ok(Outcome { done: Some(done), found: Vec::new() });
    }
    let images = Cache::below(&scan.root);
    let looks = Looks { images: &images, extent: Extent::Made, progress };
    let (compiled, more) = compile(&scan, config, today, request, Some(looks), None)?;
    found.extend(more);
    let Some(mut compiled) = compiled.filter(|_| !has_errors(&found)) else { return Ok(Outcome { done: None, found }) };
    let (public, sales) = (public.stage()?, sales.stage()?);
    let trees = (Tree { staging: &public, images: &images }, Tree { staging: &sales, images: &images });
    let watched = SecretScanner::new(&trees.0);
    let (counts, problems) = write(&mut compiled, &watched, &trees.1, progress)?;
    found.extend(problems);
    tell_secrets(watched, &scan, &compiled.site, &mut found)?;
    if has_errors(&found) {
        return Ok(Outcome { done: None, found });
    }
    // Everything that can fail for want of space has happened before anything becomes visible.
    let (public, sales) = (public.seal()?, sales.seal()?);
    // With `--locked` a register may still stand in another order, as a merge leaves it: that waits for `tags`.
    let register_written = !request.preview && !request.locked && write_register(&scan.root, &compiled.changes)?;
    let done = Done::of(&compiled, counts, register_written);
    // Warnings are told by every build, so one that has any is never skipped; nor is one that left the
    // register as it should not stay.
    let register_is_right = register_written || compiled.changes.is_empty();
    let repeatable = found.is_empty() && register_is_right && is_settled(&scan, started);
    if register_written {
        scan.refresh(load::REGISTER_FILE)?;
    }
    let stamp = match repeatable {
        true => stamp(&fingerprint(&scan, request), today, &done),
        false => "none".to_owned(),
    };
    sales.swap(&stamp)?;
    public.swap(&stamp)?;
    images.prune(&compiled.picture_digests)?;
    Ok(Outcome { done: Some(done), found })
}

/// Updates the register and nothing else.
pub fn tags(request: &Request) -> anyhow::Result<Outcome> {
    let (compiled, found) = read(request)?;
    let Some((scan, compiled)) = compiled else { return Ok(Outcome { done: None, found }) };
    let written = !request.preview && !request.locked && write_register(&scan.root, &compiled.changes)?;
    Ok(Outcome { done: Some(Done { unchanged: !written, ..Done::of(&compiled, Counts::default(), written) }), found })
}

/// What something stands for, as text for people and as JSON.
pub struct Explained {
    pub text: String,
    pub json: String,
}

/// Why nothing could be explained.
pub enum Unexplained {
    /// The site has errors.
    Content(Vec<Diagnostic>),
    Unknown(explain::Unknown),
}

/// Says what a lead tag, code or address stands for; with `on`, what it offered that day. Writes nothing.
pub fn explain(request: &Request, asked: &str, on: Option<Date>) -> anyhow::Result<Result<Explained, Unexplained>> {
    let scan = load::scan(&request.root)?;
    let (site_read, mut found) = read_site(&scan, request)?;
    let Some((config, today)) = site_read else { return Ok(Err(Unexplained::Content(found))) };
    let (resolved, more) = resolve(&scan, config, on.unwrap_or(today), request, Purpose::Explain, None)?;
    found.extend(more);
    let whole = resolved.filter(|_| !has_errors(&found));
    let Some(Resolved { site, notes, register: Some(register), .. }) = whole else {
        return Ok(Err(Unexplained::Content(found)));
    };
    let known = Known { site: &site, register: &register, notes: &notes, today, on };
    let mut rows = Register::default();
    let answer = match explain::answer(&known, asked, &mut rows) {
        Ok(answer) => answer,
        Err(unknown) => return Ok(Err(Unexplained::Unknown(unknown))),
    };
    let explained = Explained { text: explain::tell(&answer), json: serde_json::to_string_pretty(&answer)? };
    // The program ends here, and taking ten thousand pages apart would make a person wait.
    std::mem::forget((site, notes, register, rows));
    Ok(Ok(explained))
}

/// The site whose links are to be listed; `None` where it has errors. Writes nothing, and looks at the register only
/// to find it in order.
pub fn links(request: &Request) -> Read<Site> {
    let (compiled, found) = read(request)?;
    Ok((compiled.map(|(_, compiled)| compiled.site), found))
}

/// The names that pages may use, for an editor; none where there is no site.
pub fn names(request: &Request) -> Read<Option<Names>> {
    let scan = load::scan(&request.root)?;
    if !scan.files.contains_key("site.yaml") {
        return Ok((Some(None), Vec::new()));
    }
    let (site_read, found) = read_site(&scan, request)?;
    let Some((config, _)) = site_read else { return Ok((None, found)) };
    let (sources, _) = load::read(&scan)?;
    // What is wrong with a theme or a page is for `check` to tell.
    let (theme, _) = theme::load(&config, &sources);
    Ok((Some(Some(Names::of(&config, theme.as_ref()))), Vec::new()))
}

/// How a new page was asked for.
pub enum NewPage {
    /// The files that were written, below the root.
    Written(Vec<String>),
    /// Another page has its address or its id.
    Clash(String),
    /// The site's settings cannot be read.
    Content(Vec<Diagnostic>),
}

/// Writes a new page into a site. Pages that are wrong don't hinder it.
pub fn new_page(request: &Request, name: &PageName, kind: PageKind) -> anyhow::Result<NewPage> {
    let scan = load::scan(&request.root)?;
    let (site_read, found) = read_site(&scan, request)?;
    let Some((config, today)) = site_read else { return Ok(NewPage::Content(found)) };
    let (sources, _) = load::read(&scan)?;
    let (pages, _) = parse::pages(sources.pages, Bodies::ForLeads(&HashSet::new()));
    let files = init::page::files(name, kind, &config, today);
    if let Some(clash) = init::page::clash(name, kind, &pages).filter(|_| !scan.files.contains_key(&files[0].path)) {
        return Ok(NewPage::Clash(clash));
    }
    init::write::all_or_none(&request.root, &files)?;
    Ok(NewPage::Written(files.into_iter().map(|file| file.path).collect()))
}

impl Done {
    fn of(compiled: &Compiled, counts: Counts, register_written: bool) -> Done {
        let Compiled { site, changes, lead_tags, .. } = compiled;
        Done {
            counts,
            lead_tags: *lead_tags,
            next_change: site.next_change,
            unchanged: false,
            register_changes: if register_written && !changes.is_empty() { changes.summary() } else { String::new() },
        }
    }
}

fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// What was read, if it could be, and what is wrong with it.
pub type Read<T> = anyhow::Result<(Option<T>, Vec<Diagnostic>)>;

/// Reads a whole site but for its pictures, for commands that don't skip what has not changed.
fn read(request: &Request) -> Read<(Scan, Compiled)> {
    let scan = load::scan(&request.root)?;
    let (site_read, mut found) = read_site(&scan, request)?;
    let Some((config, today)) = site_read else { return Ok((None, found)) };
    let (compiled, more) = compile(&scan, config, today, request, None, None)?;
    found.extend(more);
    Ok((compiled.filter(|_| !has_errors(&found)).map(|compiled| (scan, compiled)), found))
}

/// Reads `site.yaml` and settles what day it is. Without it pages are read all the same, so that one run
/// tells everything that is wrong.
fn read_site(scan: &Scan, request: &Request) -> Read<(SiteConfig, Date)> {
    let (source, mut found) = load::site_file(scan)?;
    let Some(source) = source else {
        found.extend(scan.found.iter().cloned());
        if found.is_empty() {
            let message = format!("there is no `site.yaml` in `{}`", request.root.display());
            found.push(
                Diagnostic::error(Rule::MissingSite, message)
                    .in_file("site.yaml")
                    .help("name the site's folder with `--root`"),
            );
        }
        return Ok((None, found));
    };
    let (SiteRead { config, mut levels }, problems) = parse::site_yaml::site(&source);
    levels.deny_warnings = request.deny_warnings;
    found.extend(problems);
    let Some(mut config) = config else {
        let (sources, in_files) = load::read(scan)?;
        let (_, in_pages) = parse::pages(sources.pages, Bodies::All);
        found.extend(in_files.into_iter().chain(in_pages).chain(scan.found.iter().cloned()));
        levels.apply(&mut found);
        return Ok((None, found));
    };
    if let Some(base_url) = &request.base_url {
        config.base_url = base_url.clone();
    }
    if let Some(authority) = &request.served_at {
        config.base_url = config.base_url.served_at(authority);
    }
    levels.apply(&mut found);
    config.levels = levels;
    let today = today(request, &config);
    Ok((Some((config, today)), found))
}

/// The day that is asked for, else today in the site's time zone.
fn today(request: &Request, config: &SiteConfig) -> Date {
    request.date.unwrap_or_else(|| Zoned::now().with_time_zone(config.timezone.clone()).date())
}

/// A site that has been read and resolved, with the register as it is.
struct Resolved {
    site: Site,
    theme: Theme,
    notes: SalesNotes,
    /// None where it is damaged, which is told.
    register: Option<Register>,
    picture_digests: HashSet<String>,
}

impl Resolved {
    fn with(self, Reconciled { changes, lead_tags }: Reconciled) -> Compiled {
        let Resolved { site, theme, notes, register: _, picture_digests } = self;
        Compiled { site, theme, notes, changes, lead_tags, picture_digests }
    }
}

/// What a site is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Build,
    /// To hold it against the rules of `check`, which read more than drawing does.
    Check,
    /// To answer questions about leads.
    Explain,
}

/// From files to a resolved site; `None` where that much cannot be read.
///
/// With a memo, what it knows is not read again, and it keeps what was.
fn resolve(
    scan: &Scan,
    config: SiteConfig,
    today: Date,
    request: &Request,
    purpose: Purpose,
    mut memo: Option<&mut Memo>,
) -> Read<Resolved> {
    let levels = config.levels.clone();
    let (mut sources, mut found) = match &memo {
        Some(memo) => load::read_anew(scan, memo.known())?,
        None => load::read(scan)?,
    };
    let pages = std::mem::take(&mut sources.pages);
    found.extend(scan.found.iter().cloned());
    let ((parsed, in_pages), ((theme, in_theme), (register, in_register))) = rayon::join(
        || match (purpose, &mut memo) {
            (Purpose::Build, Some(memo)) => memo.pages(scan, pages),
            (Purpose::Build, None) => parse::pages(pages, Bodies::All),
            (Purpose::Check, _) => parse::pages(pages, Bodies::AllWithTexts),
            (Purpose::Explain, _) => {
                let files = parse::notes::file_names(sources.sales_notes.values());
                parse::pages(pages, Bodies::ForLeads(&files))
            }
        },
        || (theme::load(&config, &sources), read_register(&sources)),
    );
    for more in [in_theme, in_pages, in_register] {
        found.extend(more);
    }
    // Without a theme every block would be unknown.
    let Some(theme) = theme else {
        levels.apply(&mut found);
        return Ok((None, found));
    };
    let options =
        Options { today, preview: request.preview, rehearsal: request.served_at.is_some(), minify: request.minify };
    let (mut site, in_site) = resolve::site(config, parsed, &sources, &theme.names, options);
    if purpose != Purpose::Check && memo.is_none() {
        site.forget_links();
    }
    let (notes, in_notes) = notes::read(&site, &sources);
    found.extend(in_site.into_iter().chain(in_notes));
    levels.apply(&mut found);
    load::read_texts_again(scan, &mut found)?;
    let assets = sources.assets.values().chain(sources.static_files.values());
    let pictures = assets.filter(|asset| asset.picture.is_some());
    let picture_digests = pictures.map(|asset| asset.digest.clone()).collect();
    if let Some(memo) = memo {
        memo.keep(scan, sources);
    }
    Ok((Some(Resolved { site, theme, notes, register, picture_digests }), found))
}

/// How a site's pictures are looked at.
struct Looks<'c> {
    images: &'c Cache,
    extent: Extent,
    progress: Progress<'c>,
}

/// The same with its pictures, its lead tags and what they do to the register; `None` where anything is wrong.
fn compile(
    scan: &Scan,
    config: SiteConfig,
    today: Date,
    request: &Request,
    looks: Option<Looks>,
    memo: Option<&mut Memo>,
) -> Read<Compiled> {
    let (resolved, mut found) = resolve(scan, config, today, request, Purpose::Build, memo)?;
    let Some(resolved) = resolved else { return Ok((None, found)) };
    if let Some(looks) = looks {
        in_pictures(scan, &resolved.site, &looks, &mut found)?;
    }
    let register = resolved.register.as_ref().filter(|_| !has_errors(&found));
    let (reconciled, more) = reconcile(scan, request, &resolved.site, register)?;
    found.extend(more);
    let compiled = reconciled.map(|reconciled| resolved.with(reconciled));
    Ok((compiled.filter(|_| !has_errors(&found)), found))
}

/// Tells what is wrong with the pictures that pages show. None is made for a site that is not built anyway.
fn in_pictures(scan: &Scan, site: &Site, looks: &Looks, found: &mut Vec<Diagnostic>) -> anyhow::Result<()> {
    let extent = if has_errors(found) { Extent::Looked } else { looks.extent };
    let mut more = looks.images.all(&site.pictures, extent, looks.progress)?;
    site.config.levels.apply(&mut more);
    load::read_texts_again(scan, &mut more)?;
    found.extend(more);
    Ok(())
}

/// What a site does to its register.
struct Reconciled {
    changes: Changes,
    lead_tags: usize,
}

/// Holds a site's lead tags against its register, if that can be trusted; `None` where they clash among themselves.
fn reconcile(scan: &Scan, request: &Request, site: &Site, register: Option<&Register>) -> Read<Reconciled> {
    let (lead_tags, mut found) = LeadTags::of(site);
    let Some(register) = register.filter(|_| found.is_empty()) else { return Ok((None, found)) };
    let changes = register::reconcile(register, lead_tags.issued(), site.options.today);
    if !request.preview {
        found.extend(published::closed(site, register, &changes));
        found.extend(published::reruns(site, register, &ends_of_last_build(&request.sales)));
        load::read_texts_again(scan, &mut found)?;
    }
    if request.locked {
        found.extend(changes.refused());
    }
    site.config.levels.apply(&mut found);
    Ok((Some(Reconciled { changes, lead_tags: lead_tags.len() }), found))
}

/// Writes both trees. Once the pages are drawn their bodies, half of the memory, make room for the files for
/// sales, which are few and large.
fn write(
    compiled: &mut Compiled,
    public: &dyn Sink,
    sales: &dyn Sink,
    progress: Progress,
) -> anyhow::Result<(Counts, Vec<Diagnostic>)> {
    let Compiled { site, theme, notes, changes, .. } = compiled;
    let (counts, mut found) = render::site(site, theme, &changes.register, public, progress)?;
    site.config.levels.apply(&mut found);
    site.pages
        .par_iter_mut()
        .filter_map(|page| Arc::get_mut(&mut page.page))
        .for_each(|page| page.body = Body::default());
    sales::write(site, &changes.register, notes, sales)?;
    Ok((counts, found))
}

/// Tells of the secrets that were on their way into `public/`, and covers them in what is told already.
fn tell_secrets(watched: SecretScanner, scan: &Scan, site: &Site, found: &mut Vec<Diagnostic>) -> anyhow::Result<()> {
    let secrets = watched.finish();
    found.extend(secrets.to_diagnostics(scan)?);
    secrets.mask(found);
    site.config.levels.apply(found);
    Ok(())
}

/// What the last build wrote of the campaigns; nothing where it is not there to be read, as in a fresh clone.
fn ends_of_last_build(sales: &Path) -> BTreeMap<String, Date> {
    let text = fs::read_to_string(sales.join(exports::CAMPAIGNS_FILE)).unwrap_or_default();
    exports::ends_of_last_build(&text)
}

fn read_register(sources: &Sources) -> (Option<Register>, Vec<Diagnostic>) {
    let Some(source) = &sources.register else {
        return (Some(Register::default()), Vec::new());
    };
    match register::read(source) {
        Ok(register) => (Some(register), Vec::new()),
        Err(found) => (None, found),
    }
}

/// Writes the register. False where it was up to date.
fn write_register(root: &Path, changes: &Changes) -> anyhow::Result<bool> {
    let path = root.join(load::REGISTER_FILE);
    let text = register::write(&changes.register);
    if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(false);
    }
    cache_dir::write_whole(&path, text.as_bytes()).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(true)
}

/// A tree on disk as a sink.
struct Tree<'t> {
    staging: &'t Staging,
    images: &'t Cache,
}

impl Sink for Tree<'_> {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.staging.put(&path.file(), &bytes)
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.staging.put_copy(&path.file(), from)
    }

    fn make(&self, path: &SitePath, making: &Making) -> anyhow::Result<()> {
        let made = self.images.file(making).map_err(|failure| failure.unexpected(making))?;
        self.copy(path, &made)
    }
}
