//! Stores the bodies of pages between parsing and rendering, so that the memory of a large site does not grow with its
//! text: what exceeds a limit is in a temporary file, which the system removes when the program ends.

mod bytes;
mod encoding;
pub mod outline_cache;
mod outline_encoding;
mod shared_file;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context;

use self::shared_file::SharedFile;
use crate::model::body::Body;

/// How many bytes of bodies stay in memory: the bodies of about 2,000 pages, so that few sites need a file.
const MEMORY: u64 = 10 * 1024 * 1024;

/// Where bodies are stored. Threads may use it at the same time.
#[derive(Default)]
pub struct BodyStore {
    /// The bytes of all bodies so far.
    stored: AtomicU64,
    /// `None` inside if no temporary file can be created.
    file: OnceLock<Option<Arc<SharedFile>>>,
}

/// A body in a store. Cheap to clone.
#[derive(Clone)]
pub struct StoredBody {
    /// The digest of the page's text, if a later build can use it.
    pub text: Option<u128>,
    bytes: StoredBytes,
}

#[derive(Clone)]
enum StoredBytes {
    InMemory(Arc<[u8]>),
    InFile {
        file: Arc<SharedFile>,
        offset: u64,
        length: u32,
    },
    /// An earlier build parsed the text.
    NotParsed(Arc<ParseBody>),
}

/// Parses a body.
pub type ParseBody = dyn Fn() -> anyhow::Result<Body> + Send + Sync;

impl BodyStore {
    /// Stores a body. A body that cannot be written to the temporary file stays in memory.
    pub fn put(&self, body: &Body) -> StoredBody {
        let bytes = encoding::encode(body);
        let before = self.stored.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let in_file = if before < MEMORY { None } else { self.put_in_file(&bytes) };
        StoredBody { text: None, bytes: in_file.unwrap_or_else(|| StoredBytes::InMemory(bytes.into())) }
    }

    fn put_in_file(&self, bytes: &[u8]) -> Option<StoredBytes> {
        let file = self.file.get_or_init(|| SharedFile::temporary().ok().map(Arc::new)).as_ref()?;
        let length = u32::try_from(bytes.len()).ok()?;
        let offset = file.append(bytes).ok()?;
        Some(StoredBytes::InFile { file: Arc::clone(file), offset, length })
    }
}

impl StoredBody {
    /// Returns a body that is parsed when it is read, with the digest of its text.
    pub fn not_parsed(text: u128, parse: Arc<ParseBody>) -> StoredBody {
        StoredBody { text: Some(text), bytes: StoredBytes::NotParsed(parse) }
    }

    /// Adds the digest of the text.
    pub fn of_text(self, text: u128) -> StoredBody {
        StoredBody { text: Some(text), ..self }
    }

    /// Returns the body.
    ///
    /// # Errors
    ///
    /// If the temporary file cannot be read, or if a body that is only parsed now is no longer the same.
    pub fn read(&self) -> anyhow::Result<Body> {
        let body = match &self.bytes {
            StoredBytes::InMemory(bytes) => encoding::decode(bytes),
            StoredBytes::InFile { file, offset, length } => {
                let bytes = file.read(*offset, *length as usize).context("cannot read a temporary file")?;
                encoding::decode(&bytes)
            }
            StoredBytes::NotParsed(parse) => return parse(),
        };
        body.context("another program has changed a temporary file")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::body::Node;

    fn body(number: usize) -> Body {
        let html = format!("<p>{number} {}</p>", "word ".repeat(1000));
        Body { nodes: vec![Node::Html(html.into())], has_h1: number % 2 == 1, thanks: Vec::new() }
    }

    #[test]
    fn bodies_beyond_the_limit_are_in_a_file_and_read_back_unchanged() {
        let store = BodyStore { stored: AtomicU64::new(MEMORY - 1), ..BodyStore::default() };
        let stored: Vec<StoredBody> = (0..3).map(|number| store.put(&body(number))).collect();
        let is_in_file = |stored: &StoredBody| matches!(stored.bytes, StoredBytes::InFile { .. });
        assert_eq!(stored.iter().map(is_in_file).collect::<Vec<_>>(), [false, true, true]);
        for (number, stored) in stored.iter().enumerate() {
            assert_eq!(stored.read().unwrap(), body(number));
        }
    }

    #[test]
    fn threads_store_bodies_at_the_same_time() {
        let store = BodyStore { stored: AtomicU64::new(MEMORY), ..BodyStore::default() };
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let store = &store;
                scope.spawn(move || {
                    let numbers = || (0..50).map(|number| thread * 50 + number);
                    let stored: Vec<StoredBody> = numbers().map(|number| store.put(&body(number))).collect();
                    for (number, stored) in numbers().zip(stored) {
                        assert_eq!(stored.read().unwrap(), body(number));
                    }
                });
            }
        });
    }
}
