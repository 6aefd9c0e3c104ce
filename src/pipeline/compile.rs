//! From a site's files to a compiled site: what to render, and what changes in the tag register.

use std::collections::HashSet;

use super::inputs::Inputs;
use super::memo::Memo;
use super::pages::{new_pages, pages};
use super::register_file::{self, Reconciled};
use crate::body_store::outline_cache::OutlineCache;
use crate::body_store::{BodyStore, StoredBody};
use crate::diagnostics::{Diagnostic, Findings};
use crate::images::cache::{ImageCache, ImageWork};
use crate::load::{self, Scan, Sources};
use crate::parse::{self, Parsed, QuotationMarks, Settings};
use crate::register::{Changes, CheckedRegister, Listing};
use crate::render::Progress;
use crate::resolve::{self, Options, PageContents, Site};
use crate::sales::notes::{self, SalesNotes};
use crate::theme::{self, Theme};
use std::sync::Arc;

/// How much of a site a command needs.
pub enum Scope<'a> {
    /// Everything that is rendered, with the outlines of the last build. Missing picture files are made.
    Build(Pictures<'a>, &'a OutlineCache),
    /// As `Build`, but unchanged files are not read again, and pictures are only decoded.
    Serve(Pictures<'a>, &'a mut Memo),
    /// Everything that lint rules inspect, such as source texts and headings. Pictures are only decoded.
    Check(Pictures<'a>),
    /// Everything but pictures.
    LeadTags,
    /// What concerns leads. Bodies that cannot mention any are skipped, because parsing them takes most of the time.
    Explain,
}

/// Where the files of pictures are cached, and how progress is reported.
#[derive(Clone, Copy)]
pub struct Pictures<'a> {
    pub cache: &'a ImageCache,
    pub progress: Progress<'a>,
}

/// A site without defects.
pub struct Compiled {
    pub site: Site,
    pub theme: Theme,
    pub notes: SalesNotes,
    pub changes: Changes,
    pub listing: Listing,
    pub lead_tags: usize,
    /// The digests of all its pictures, used or not.
    pub picture_digests: HashSet<String>,
}

/// A site as far as it could be resolved, and the register as its file has it.
pub struct Resolved {
    pub site: Site,
    pub theme: Theme,
    pub notes: SalesNotes,
    /// `None` if it is damaged.
    pub register: Option<CheckedRegister>,
    pub picture_digests: HashSet<String>,
}

impl Resolved {
    pub fn with(self, reconciled: Reconciled) -> Compiled {
        let Resolved { site, theme, notes, register, picture_digests } = self;
        rayon::spawn(|| drop(register));
        let Reconciled { changes, listing, lead_tags } = reconciled;
        Compiled { site, theme, notes, changes, listing, lead_tags, picture_digests }
    }
}

/// The bodies of pages, by page index.
pub type Bodies = Vec<StoredBody>;

/// Compiles a site. Returns `None` if it has errors.
pub fn compile(
    inputs: &Inputs,
    mut scope: Scope,
    findings: &mut Findings,
) -> anyhow::Result<Option<(Compiled, Bodies)>> {
    let Some((resolved, contents)) = resolve(inputs, &mut scope, findings)? else { return Ok(None) };
    let PageContents { bodies, outlines } = contents;
    // Rendering does not need them, and in a site of 10,000 pages they are a large share of memory.
    rayon::spawn(|| drop(outlines));
    check_pictures(&resolved.site, &scope, findings)?;
    let reconciled = register_file::reconcile(inputs, &resolved.site, resolved.register.as_ref(), findings);
    Ok(reconciled.filter(|_| !findings.has_errors()).map(|reconciled| (resolved.with(reconciled), bodies)))
}

/// Reads and resolves a site. Returns `None` without a theme, because every block would be unknown.
pub fn resolve(
    inputs: &Inputs,
    scope: &mut Scope,
    findings: &mut Findings,
) -> anyhow::Result<Option<(Resolved, PageContents)>> {
    let Some(Content { sources, parsed, theme, register }) = read(inputs, scope, findings)? else { return Ok(None) };
    let options = site_options(inputs);
    let (site, contents, in_site) = resolve::site(Arc::clone(&inputs.config), parsed, &sources, &theme.names, options);
    let (notes, in_notes) = notes::read(&site, &sources);
    findings.extend(in_site.into_iter().chain(in_notes));
    let picture_digests = picture_digests(&sources);
    Ok(Some((Resolved { site, theme, notes, register, picture_digests }, contents)))
}

/// The files of a site, read and parsed.
pub struct Content {
    pub sources: Sources,
    pub parsed: Vec<Parsed>,
    pub theme: Theme,
    /// `None` if it is damaged.
    pub register: Option<CheckedRegister>,
}

/// Reads and parses the files of a site. Returns `None` without a theme.
pub fn read(inputs: &Inputs, scope: &mut Scope, findings: &mut Findings) -> anyhow::Result<Option<Content>> {
    let Inputs { scan, config, .. } = inputs;
    let (mut sources, in_files) = load_sources(scan, scope)?;
    let (parsed, ((theme, in_theme), (register, in_register))) = rayon::join(
        || parse_pages(inputs, &sources, scope),
        || (theme::load(config, &sources), register_file::read(inputs, &sources)),
    );
    let (parsed, in_pages) = parsed?;
    // Their texts can be as large as all the rest.
    (sources.register, sources.checksums) = (None, None);
    findings.extend(in_files);
    findings.extend(scan.diagnostics.iter().cloned());
    findings.extend(in_theme.into_iter().chain(in_pages).chain(in_register));
    if let Some(theme) = &theme {
        findings.extend(theme.check_looks(config, parsed.iter().flat_map(Parsed::pages)));
    }
    Ok(theme.map(|theme| Content { sources, parsed, theme, register }))
}

pub fn site_options(inputs: &Inputs) -> Options {
    let Inputs { request, today, .. } = *inputs;
    Options { today, preview: request.preview, rehearsal: request.served_at.is_some(), minify: request.minify }
}

fn load_sources(scan: &Scan, scope: &Scope) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    match scope {
        Scope::Serve(_, memo) => load::read_changed(scan, memo.assets()),
        Scope::Build(..) | Scope::Check(_) | Scope::LeadTags | Scope::Explain => load::read(scan),
    }
}

fn parse_pages(
    inputs: &Inputs,
    sources: &Sources,
    scope: &mut Scope,
) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
    let Inputs { scan, config, .. } = inputs;
    let store = BodyStore::default();
    let (quotes, languages) = (QuotationMarks::of_language(&config.language.value), &*config.languages);
    match scope {
        Scope::Serve(_, memo) => memo.pages(scan, config),
        Scope::Build(_, outlines) => new_pages(scan, config, outlines, &store),
        Scope::LeadTags => pages(scan, Settings { bodies: parse::Bodies::All, quotes, languages }, &store),
        Scope::Check(_) => pages(scan, Settings { bodies: parse::Bodies::AllWithTexts, quotes, languages }, &store),
        Scope::Explain => {
            let files = parse::notes::file_names(sources.sales_notes.values());
            pages(scan, Settings { bodies: parse::Bodies::ForLeads(&files), quotes, languages }, &store)
        }
    }
}

pub fn picture_digests(sources: &Sources) -> HashSet<String> {
    let assets = sources.assets.values().chain(sources.static_files.values());
    let pictures = assets.filter(|asset| asset.picture.is_some());
    pictures.map(|asset| asset.digest.clone()).collect()
}

/// Decodes the pictures of pages, and makes their missing files for a build that can succeed.
pub fn check_pictures(site: &Site, scope: &Scope, findings: &mut Findings) -> anyhow::Result<()> {
    let (Pictures { cache, progress }, extent) = match scope {
        Scope::Build(pictures, _) if !findings.has_errors() => (pictures, ImageWork::CreateFiles),
        Scope::Build(pictures, _) | Scope::Serve(pictures, _) | Scope::Check(pictures) => {
            (pictures, ImageWork::DecodeOnly)
        }
        Scope::LeadTags | Scope::Explain => return Ok(()),
    };
    findings.extend(cache.process_all(&site.pictures, extent, *progress)?);
    Ok(())
}
