//! `tagline-manifest.json`: what is published at a place. It makes a plan possible without listing the place, and is public, so
//! it names no file behind a form.

use std::fmt::Write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::entry::{Entries, Entry, FileKey, HIDDEN, hidden_content, hidden_path};
use super::manifest_rows::{Hidden, HiddenRow, Public, PublicRow, entries};

/// The name of the manifest, beside the pages.
pub const MANIFEST: &str = "tagline-manifest.json";
/// The version of the format. A manifest of a newer version is refused.
const VERSION: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The address of the site, with a slash at its end.
    pub base_url: String,
    /// When the last publish ended.
    pub published: Option<Timestamp>,
    pub files: Entries,
    /// A publish that began. `None` after it ended.
    pub begun: Option<Begun>,
}

/// What a publish that has not ended may have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    pub at: Timestamp,
    pub files: Entries,
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadManifest {
    Damaged(String),
    Newer(u32),
}

/// The JSON of a manifest. It has no flattened parts, which `serde` would copy.
#[derive(Serialize)]
struct Written<'m> {
    tagline_manifest: u32,
    base_url: &'m str,
    published: Option<Timestamp>,
    begun: Option<BegunWritten<'m>>,
    files: Public<'m>,
    hidden: Hidden<'m>,
    /// A digest of everything above, so that a manifest that was cut or edited is not trusted.
    digest: String,
}

#[derive(Serialize)]
struct BegunWritten<'m> {
    at: Timestamp,
    files: Public<'m>,
    hidden: Hidden<'m>,
}

#[derive(Deserialize)]
struct Read {
    base_url: String,
    published: Option<Timestamp>,
    begun: Option<BegunRead>,
    files: Vec<PublicRow>,
    hidden: Vec<HiddenRow>,
    digest: String,
}

#[derive(Deserialize)]
struct BegunRead {
    at: Timestamp,
    files: Vec<PublicRow>,
    hidden: Vec<HiddenRow>,
}

#[derive(Deserialize)]
struct Versioned {
    tagline_manifest: u32,
}

impl Manifest {
    /// Parses a manifest.
    ///
    /// # Errors
    ///
    /// If it is damaged, or was written by a newer version.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, BadManifest> {
        let damaged = |error: serde_json::Error| BadManifest::Damaged(error.to_string());
        let Versioned { tagline_manifest } = serde_json::from_slice(bytes).map_err(damaged)?;
        if tagline_manifest > VERSION {
            return Err(BadManifest::Newer(tagline_manifest));
        }
        let Read { base_url, published, begun, files, hidden, digest } =
            serde_json::from_slice(bytes).map_err(damaged)?;
        let begun = begun.map(|BegunRead { at, files, hidden }| Begun { at, files: entries(files, hidden) });
        let manifest = Manifest { base_url, published, files: entries(files, hidden), begun };
        match manifest.digest() == digest {
            true => Ok(manifest),
            false => Err(BadManifest::Damaged("its content is not what was written".to_owned())),
        }
    }

    /// Returns the bytes to publish, which [`Manifest::parse`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let written = Written {
            tagline_manifest: VERSION,
            base_url: &self.base_url,
            published: self.published,
            begun: self.begun.as_ref().map(|Begun { at, files }| BegunWritten {
                at: *at,
                files: Public(files),
                hidden: Hidden(files),
            }),
            files: Public(&self.files),
            hidden: Hidden(&self.files),
            digest: self.digest(),
        };
        let mut bytes = serde_json::to_vec(&written).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Returns the number of files that are part of the site.
    pub fn current(&self) -> usize {
        self.files.values().filter(|entry| entry.gone_since.is_none()).count()
    }

    fn digest(&self) -> String {
        let mut text = format!("{}\n{:?}\n", self.base_url, self.published);
        let mut add = |files: &Entries| {
            for (key, Entry { digest, size, gone_since }) in files {
                let _ = match key {
                    FileKey::Path(path) => write!(text, "{path:?} {digest:x} {size} "),
                    FileKey::Hidden(path) => write!(text, "{path:x} {digest:x} "),
                };
                let _ = gone_since.iter().try_for_each(|day| write!(text, "{day}"));
                text.push('\n');
            }
        };
        add(&self.files);
        if let Some(begun) = &self.begun {
            add(&begun.files);
            text.push_str(&begun.at.to_string());
        }
        crate::digest::digest(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let entry = |digest, size| Entry { digest, size, gone_since: None };
        let files = Entries::from([
            (FileKey::Path("index.html".into()), entry(1, 10)),
            (
                FileKey::Path("old.css".into()),
                Entry { gone_since: Some(jiff::civil::date(2027, 3, 1)), ..entry(2, 20) },
            ),
            (FileKey::Hidden(hidden_path("get/secret/guide.pdf")), entry(3, 0)),
        ]);
        let at: Timestamp = "2027-03-15T10:00:00Z".parse().unwrap();
        let begun = Some(Begun { at, files: Entries::from([(FileKey::Path("new.css".into()), entry(4, 40))]) });
        Manifest { base_url: "https://kazi.co.ke/".to_owned(), published: Some(at), files, begun }
    }

    #[test]
    fn manifest_is_read_as_it_was_written_and_names_no_hidden_file() {
        let manifest = example();
        let bytes = manifest.to_bytes();
        assert_eq!(Manifest::parse(&bytes), Ok(manifest));
        assert!(!String::from_utf8(bytes).unwrap().contains("guide"));
    }

    #[test]
    fn changed_cut_and_newer_manifests_are_refused() {
        let text = String::from_utf8(example().to_bytes()).unwrap();
        for damaged in
            [&text[..text.len() / 2], &text.replace(",10]", ",11]"), &text.replace("new.css", "now.css"), "", "[]"]
        {
            assert!(matches!(Manifest::parse(damaged.as_bytes()), Err(BadManifest::Damaged(_))), "{damaged}");
        }
        let newer = text.replace("\"tagline_manifest\":1", "\"tagline_manifest\":2");
        assert_eq!(Manifest::parse(newer.as_bytes()), Err(BadManifest::Newer(2)));
    }
}
