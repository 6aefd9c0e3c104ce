//! Places that a site is published to: a folder, or a bucket of an object store with a prefix.

use std::fmt;

/// A kind of object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// Amazon S3, and stores that speak its protocol.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
}

/// Where published files go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An absolute path, with `/` between its parts and without one at its end.
    Folder(String),
    Bucket {
        kind: StoreKind,
        bucket: String,
        /// Before every key: empty, or `campaigns/` with a slash at its end.
        prefix: String,
    },
}

/// Why a text is no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPlace {
    /// A scheme that is not known, such as `s4`. Empty if there is none.
    Scheme(String),
    /// A folder that is not absolute, or has too few slashes before it.
    Folder,
    /// The root of the file system.
    Root,
    /// A folder with an empty, `.` or `..` part.
    Parts,
    /// No bucket, or one with characters that no store accepts.
    Bucket,
    /// A prefix with an empty, `.` or `..` part.
    Prefix,
    /// A password, a query or a fragment.
    Extra,
}

pub const SCHEMES: [&str; 4] = ["s3", "gs", "az", "file"];

impl StoreKind {
    pub fn scheme(self) -> &'static str {
        match self {
            StoreKind::S3 => "s3",
            StoreKind::Gcs => "gs",
            StoreKind::Azure => "az",
        }
    }
}

impl Place {
    /// Parses `s3://kazi-site`, `gs://kazi-site/jobs`, `az://kazi-site` or `file:///srv/kazi`.
    pub fn parse(text: &str) -> Result<Place, BadPlace> {
        let (scheme, rest) = text.split_once("://").ok_or_else(|| BadPlace::Scheme(String::new()))?;
        if rest.contains(['?', '#', '@', '\\', '%']) {
            return Err(BadPlace::Extra);
        }
        let kind = match scheme {
            "s3" => StoreKind::S3,
            "gs" => StoreKind::Gcs,
            "az" => StoreKind::Azure,
            "file" => return folder(rest),
            other => return Err(BadPlace::Scheme(other.to_owned())),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
        if bucket.len() < 3 || bucket.len() > 63 || !bucket.chars().all(is_plain) || bucket.starts_with(['-', '.', '_'])
        {
            return Err(BadPlace::Bucket);
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let prefix = match prefix {
            "" => String::new(),
            prefix if prefix.split('/').all(is_safe) => format!("{prefix}/"),
            _ => return Err(BadPlace::Prefix),
        };
        Ok(Place::Bucket { kind, bucket: bucket.to_owned(), prefix })
    }

    /// Returns the place of one name below this one, `pr-12` for example. The name is one part of a path.
    pub fn below(&self, name: &str) -> Place {
        match self {
            Place::Folder(path) => Place::Folder(format!("{path}/{name}")),
            Place::Bucket { kind, bucket, prefix } => {
                Place::Bucket { kind: *kind, bucket: bucket.clone(), prefix: format!("{prefix}{name}/") }
            }
        }
    }

    /// Returns true if files at one place could be read as files of the other: two folders of which one contains the other,
    /// or one bucket, whatever the prefixes are. Buckets are public or private as a whole.
    pub fn overlaps(&self, other: &Place) -> bool {
        match (self, other) {
            (Place::Folder(one), Place::Folder(other)) => {
                let (one, other) = (format!("{one}/"), format!("{other}/"));
                one.starts_with(&other) || other.starts_with(&one)
            }
            (Place::Bucket { kind, bucket, .. }, Place::Bucket { kind: other_kind, bucket: other, .. }) => {
                kind == other_kind && bucket == other
            }
            (Place::Folder(_), Place::Bucket { .. }) | (Place::Bucket { .. }, Place::Folder(_)) => false,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(path) => write!(f, "file://{path}"),
            Place::Bucket { kind, bucket, prefix } => {
                let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
                let slash = if prefix.is_empty() { "" } else { "/" };
                write!(f, "{}://{bucket}{slash}{prefix}", kind.scheme())
            }
        }
    }
}

fn is_safe(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(char::is_control)
}

fn folder(path: &str) -> Result<Place, BadPlace> {
    let parts = path.strip_prefix('/').ok_or(BadPlace::Folder)?;
    if parts.is_empty() {
        return Err(BadPlace::Root);
    }
    let parts = parts.strip_suffix('/').unwrap_or(parts);
    parts.split('/').all(is_safe).then(|| Place::Folder(format!("/{parts}"))).ok_or(BadPlace::Parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_printed_as_they_are_written() {
        for place in ["s3://kazi-site", "gs://kazi-site/jobs", "az://kazi/a/b", "file:///srv/kazi"] {
            assert_eq!(Place::parse(place).map(|place| place.to_string()), Ok(place.to_owned()));
        }
        assert_eq!(Place::parse("s3://kazi/a/").unwrap().to_string(), "s3://kazi/a");
        assert_eq!(Place::parse("s3://kazi/a").unwrap().below("pr-1").to_string(), "s3://kazi/a/pr-1");
    }

    #[test]
    fn bad_places_say_what_is_wrong() {
        for (text, expected) in [
            ("kazi-site", BadPlace::Scheme(String::new())),
            ("s4://kazi", BadPlace::Scheme("s4".to_owned())),
            ("https://kazi.example/", BadPlace::Scheme("https".to_owned())),
            ("file://srv/kazi", BadPlace::Folder),
            ("file://", BadPlace::Folder),
            ("file:///", BadPlace::Root),
            ("file:////", BadPlace::Parts),
            ("file:///srv/../etc", BadPlace::Parts),
            ("s3://", BadPlace::Bucket),
            ("s3://Kazi", BadPlace::Bucket),
            ("s3://kazi//a", BadPlace::Prefix),
            ("s3://kazi/../a", BadPlace::Prefix),
            ("s3://key:secret@kazi", BadPlace::Extra),
            ("s3://kazi?region=eu", BadPlace::Extra),
        ] {
            assert_eq!(Place::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn one_bucket_is_one_place_whatever_the_prefix() {
        let overlap = |one: &str, other: &str| Place::parse(one).unwrap().overlaps(&Place::parse(other).unwrap());
        assert!(overlap("s3://kazi/site", "s3://kazi/desk"));
        assert!(overlap("file:///srv/kazi", "file:///srv/kazi/desk"));
        assert!(!overlap("file:///srv/kazi", "file:///srv/kazi-desk"));
        assert!(!overlap("s3://kazi-site", "s3://kazi-desk"));
        assert!(!overlap("s3://kazi", "gs://kazi"));
    }
}
