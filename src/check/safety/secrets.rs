//! Secrets on their way into `public/`: a sink searches every byte, then each secret is reported at its place in the site's
//! own files, and masked in all output.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Context;

use super::secret_patterns::{MAX_LENGTH, SecretPattern, each_secret};
use crate::diagnostics::{Diagnostic, Mask};
use crate::images::plan::{DerivedImage, Recipe};
use crate::load::{self, Scan};
use crate::model::site_path::SitePath;
use crate::rules::Rule;
use crate::sink::{Origin, Sink};
use crate::source::{SourceText, Span};
use crate::sync;

/// Files larger than this are not searched for the place of a secret, in bytes.
const MAX_SOURCE: u64 = 4 * 1024 * 1024;
/// A diagnostic shows at most this many places.
const MAX_PLACES: usize = 5;

/// A sink that searches everything for secrets and passes it on to another sink.
pub struct SecretScanner<'s> {
    to: &'s dyn Sink,
    found: Mutex<BTreeMap<String, FoundSecret>>,
}

/// The secrets that a site would publish, by their text.
pub struct ExposedSecrets(BTreeMap<String, FoundSecret>);

struct FoundSecret {
    pattern: &'static SecretPattern,
    /// The first of several paths, independent of the order of rendering.
    path: SitePath,
}

impl<'s> SecretScanner<'s> {
    pub fn new(to: &'s dyn Sink) -> SecretScanner<'s> {
        SecretScanner { to, found: Mutex::new(BTreeMap::new()) }
    }

    pub fn finish(self) -> ExposedSecrets {
        ExposedSecrets(sync::into_inner(self.found))
    }

    /// Returns whether there are any.
    fn search(&self, path: &SitePath, bytes: &[u8]) -> bool {
        let mut has_secret = false;
        each_secret(bytes, |pattern, secret| {
            has_secret = true;
            let text = String::from_utf8_lossy(secret).into_owned();
            let mut found = sync::lock(&self.found);
            let secret = found.entry(text).or_insert_with(|| FoundSecret { pattern, path: path.clone() });
            if *path < secret.path {
                secret.path = path.clone();
            }
        });
        has_secret
    }

    /// Searches a file in pieces, because it may be larger than the memory. Pieces overlap, so that none splits a secret.
    fn search_file(&self, path: &SitePath, from: &Path) -> std::io::Result<()> {
        let mut file = File::open(from)?;
        let mut buffer = vec![0; 256 * 1024];
        let mut retained = 0;
        loop {
            let length = file.read(&mut buffer[retained..])?;
            if length == 0 {
                return Ok(());
            }
            let filled = retained + length;
            self.search(path, &buffer[..filled]);
            retained = filled.min(2 * MAX_LENGTH);
            buffer.copy_within(filled - retained..filled, 0);
        }
    }
}

impl Sink for SecretScanner<'_> {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.search(path, &bytes);
        self.to.put(path, bytes)
    }

    fn put_made_from(&self, path: &SitePath, bytes: Vec<u8>, origin: &Origin) -> anyhow::Result<()> {
        // Every build reports its secrets, so none keeps a file that has one.
        match self.search(path, &bytes) {
            true => self.to.put(path, bytes),
            false => self.to.put_made_from(path, bytes, origin),
        }
    }

    fn last_origin(&self, path: &SitePath) -> Option<&Origin> {
        self.to.last_origin(path)
    }

    fn keep(&self, path: &SitePath) {
        self.to.keep(path);
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.search_file(path, from).with_context(|| format!("cannot read `{}`", from.display()))?;
        self.to.copy(path, from)
    }

    fn put_image(&self, path: &SitePath, image: &DerivedImage) -> anyhow::Result<()> {
        // The other recipes keep only pixels.
        if image.recipe == Recipe::SanitizedSvg {
            let source = image.source.display();
            self.search_file(path, &image.source).with_context(|| format!("cannot read `{source}`"))?;
        }
        self.to.put_image(path, image)
    }
}

impl ExposedSecrets {
    /// Reports each secret, in the site's own files where possible. The files are read only if there is a secret.
    pub fn diagnostics(&self, scan: &Scan) -> anyhow::Result<Vec<Diagnostic>> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let texts = self.texts(scan)?;
        Ok(self.0.iter().map(|(secret, found)| found.to_diagnostic(secret, &texts)).collect())
    }

    /// Returns the mask that hides all but the prefixes of the secrets in all diagnostics.
    pub fn mask(&self) -> Mask {
        Mask::new(self.0.iter().map(|(secret, found)| (secret.clone(), found.pattern.prefix(secret).len())))
    }

    /// The publishable texts of the site that contain a secret.
    fn texts(&self, scan: &Scan) -> anyhow::Result<Vec<Arc<SourceText>>> {
        let mut texts = Vec::new();
        for (path, entry) in &scan.files {
            let is_register = [load::REGISTER_FILE, load::CHECKSUM_FILE].contains(&path.as_str());
            if entry.length > MAX_SOURCE || load::is_sales_note(path) || is_register {
                continue;
            }
            let bytes =
                fs::read(&entry.absolute).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            if self.0.keys().any(|secret| text.contains(secret.as_str())) {
                texts.push(SourceText::new(path.clone(), text));
            }
        }
        Ok(texts)
    }
}

impl FoundSecret {
    fn to_diagnostic(&self, secret: &str, texts: &[Arc<SourceText>]) -> Diagnostic {
        let FoundSecret { pattern, path } = self;
        let message = format!("{} would be published", pattern.name);
        let mut diagnostic = match pattern.may_be_public {
            true => Diagnostic::warning(Rule::ExposedSecret, message),
            false => Diagnostic::error(Rule::ExposedSecret, message),
        };
        let places = texts.iter().flat_map(|source| source.text.match_indices(secret).map(move |(at, _)| (source, at)));
        for (source, at) in places.take(MAX_PLACES) {
            diagnostic = diagnostic.at(source, Span::new(at, at + secret.len()), "visible to everyone");
        }
        if diagnostic.labels.is_empty() {
            diagnostic = diagnostic.in_file(format!("public/{}", path.file()));
        }
        let provider = pattern.provider;
        diagnostic.help(match pattern.may_be_public {
            true => {
                format!("if it is for browsers, limit it to this site's address at {provider}, and allow this rule")
            }
            false => {
                format!(
                    "remove it, and let {provider} replace it: everyone who can read the site's files has it already"
                )
            }
        })
    }
}
