//! A bucket of an object store: manifest, lock, uploads, deletions. The asynchronous part of publishing is here; [`BucketStore`] is
//! its synchronous interface.

mod connector;
mod errors;
mod lock;
mod open;

use std::fs::File;
use std::io::Read;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload,
    PutResult,
};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use self::connector::Connector;
pub use self::errors::masked;
use self::errors::{Action, explain};
pub use self::lock::LOCK;
use self::lock::Lock;
use self::open::{Credentials, open};
use super::class::{Audience, cache_control, content_type};
use super::local::{self, LocalFile};
use super::manifest::{BadManifest, MANIFEST, Manifest};
use super::plan::{Listing, Put};
use crate::digest::finished_number;
use crate::model::place::{Place, StoreKind};

/// Requests at the same time.
const CONNECTIONS: usize = 32;
/// Larger files are uploaded in parts, and never whole in memory. In bytes.
const MAX_WHOLE: u64 = 16 * 1024 * 1024;
const PART: usize = 8 * 1024 * 1024;

/// A part of a bucket.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    /// As in `site.yaml`.
    place: String,
}

/// How a store is reached.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions<'o> {
    /// `None`: the address of the vendor.
    pub endpoint: Option<&'o str>,
    /// The longest time that one request may take.
    pub timeout: Duration,
}

/// What an object is.
#[derive(Clone, Copy)]
enum PutAs {
    File(Audience),
    /// A file of this program: manifest and lock.
    Control,
}

/// A bucket, and the runtime that talks to it.
pub struct BucketStore {
    bucket: Bucket,
    runtime: Runtime,
    connector: Connector,
    kind: StoreKind,
    name: String,
    endpoint: Option<String>,
}

/// A lock that is held, and when it was last renewed.
pub struct HeldLock {
    lock: Lock,
    renewed: Instant,
}

impl HeldLock {
    /// False if two publishes at the same moment would not be told apart.
    pub fn is_exclusive(&self) -> bool {
        self.lock.is_exclusive
    }
}

impl BucketStore {
    /// Connects to a bucket. No request is sent.
    ///
    /// # Errors
    ///
    /// If there are no credentials.
    pub fn open(kind: StoreKind, bucket: &str, prefix: &str, options: StoreOptions) -> anyhow::Result<BucketStore> {
        let StoreOptions { endpoint, timeout } = options;
        let connector = Connector::new(CONNECTIONS, timeout);
        let place = Place::Bucket { kind, bucket: bucket.to_owned(), prefix: prefix.to_owned() }.to_string();
        let store = open(kind, bucket, endpoint, Credentials::FromEnvironment, &connector)
            .map_err(|error| anyhow::anyhow!("cannot use `{place}`: {}", masked(&format!("{error:#}"))))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(CONNECTIONS * 2)
            .enable_time()
            .build()
            .context("cannot start threads")?;
        let bucket_of = Bucket { store, prefix: prefix.to_owned(), place };
        let (name, endpoint) = (bucket.to_owned(), endpoint.map(str::to_owned));
        Ok(BucketStore { bucket: bucket_of, runtime, connector, kind, name, endpoint })
    }

    pub fn place(&self) -> &str {
        &self.bucket.place
    }

    /// Returns the number of requests so far.
    pub fn requests(&self) -> usize {
        self.connector.requests()
    }

    /// Returns the manifest, and when it was written by the clock of the store. `None` if nothing was published here.
    ///
    /// # Errors
    ///
    /// If it is damaged or newer, or if the bucket cannot be read.
    pub fn manifest(&self) -> anyhow::Result<Option<(Manifest, Timestamp)>> {
        let place = &self.bucket.place;
        let Some((bytes, written)) = self.runtime.block_on(self.bucket.get(MANIFEST))? else { return Ok(None) };
        match Manifest::parse(&bytes) {
            Ok(manifest) => Ok(Some((manifest, written))),
            Err(BadManifest::Newer(version)) => {
                anyhow::bail!("`{place}/{MANIFEST}` has version {version}, of a newer Tagline; update Tagline")
            }
            Err(BadManifest::Damaged(why)) => anyhow::bail!(
                "`{place}/{MANIFEST}` is damaged: {why}; delete it and publish with `--adopt`, which uploads every file again"
            ),
        }
    }

    /// Returns the name of a file that Tagline did not publish, if there is one. For a place without a manifest.
    pub fn foreign_file(&self) -> anyhow::Result<Option<String>> {
        self.runtime.block_on(async {
            let mut listed = self.bucket.store.list(self.bucket.list_prefix().as_ref());
            while let Some(found) = listed.next().await {
                let found = found.map_err(|error| explain(&error, Action::List, &self.bucket.place))?;
                let name = self.bucket.name_of(&found.location);
                if name != LOCK && name != "tagline-clock.json" {
                    return Ok(Some(name));
                }
            }
            Ok(None)
        })
    }

    /// Lists all files.
    pub fn list(&self) -> anyhow::Result<Listing> {
        self.runtime.block_on(async {
            let listed = self.bucket.store.list(self.bucket.list_prefix().as_ref());
            let files = listed.map_ok(|found| {
                let written = Timestamp::from_second(found.last_modified.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
                (self.bucket.name_of(&found.location), (found.size, written))
            });
            files.try_collect().await.map_err(|error| explain(&error, Action::List, &self.bucket.place))
        })
    }

    pub fn lock(&self, lease: Duration) -> anyhow::Result<HeldLock> {
        let lock = self.runtime.block_on(lock::acquire(&self.bucket, lease))?;
        Ok(HeldLock { lock, renewed: Instant::now() })
    }

    pub fn unlock(&self, held: HeldLock) {
        self.runtime.block_on(held.lock.release(&self.bucket));
    }

    /// Returns when the publish began that holds the lock.
    pub fn locked_since(&self) -> anyhow::Result<Option<Timestamp>> {
        self.runtime.block_on(lock::has_lock(&self.bucket))
    }

    /// Returns true if everybody can read the lock, and so everything beside it.
    pub fn is_public(&self) -> anyhow::Result<bool> {
        let endpoint = self.endpoint.as_deref();
        let store = open(self.kind, &self.name, endpoint, Credentials::None, &self.connector)?;
        let visitor = Bucket { store, prefix: self.bucket.prefix.clone(), place: self.bucket.place.clone() };
        match self.runtime.block_on(visitor.store.get(&visitor.key(LOCK))) {
            Ok(_) => Ok(true),
            Err(Error::PermissionDenied { .. } | Error::Unauthenticated { .. } | Error::NotFound { .. }) => Ok(false),
            // Some stores answer 400 to a request without a signature.
            Err(error) if error.to_string().contains("status code: 400") => Ok(false),
            Err(error) => Err(explain(&error, Action::Read, &self.bucket.place)),
        }
    }

    pub fn put_manifest(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let written = self.bucket.put(MANIFEST, manifest.to_bytes(), PutAs::Control, PutMode::Overwrite);
        self.runtime.block_on(written).map_err(|error| explain(&error, Action::Write, &self.bucket.place))?;
        Ok(())
    }

    /// Uploads files, one group after another, and keeps the lock alive.
    pub fn upload(
        &self,
        folder: &FilePath,
        puts: &[Put],
        audience: Audience,
        held: &mut HeldLock,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> anyhow::Result<()> {
        let done = AtomicUsize::new(0);
        for group in puts.chunk_by(|one, other| one.group == other.group) {
            let uploads = stream::iter(group.iter().map(|put| async {
                self.bucket.upload(folder, put.file, audience).await?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, puts.len());
                Ok::<(), anyhow::Error>(())
            }));
            self.runtime.block_on(self.while_locked(held, uploads.buffer_unordered(CONNECTIONS)))?;
        }
        Ok(())
    }

    /// Deletes files, and keeps the lock alive.
    pub fn delete(&self, names: &[String], held: &mut HeldLock) -> anyhow::Result<()> {
        let keys: Vec<_> = names.iter().map(|name| Ok(self.bucket.key(name))).collect();
        let deleted = self.bucket.store.delete_stream(stream::iter(keys).boxed());
        let results = deleted.map(|deleted| match deleted {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(explain(&error, Action::Delete, &self.bucket.place)),
        });
        self.runtime.block_on(self.while_locked(held, results))
    }

    /// Runs a stream to its end, and renews the lock at a third of its lease.
    async fn while_locked(
        &self,
        held: &mut HeldLock,
        work: impl stream::Stream<Item = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let mut work = std::pin::pin!(work);
        let interval = held.lock.lease() / 3;
        loop {
            let wait = interval.saturating_sub(held.renewed.elapsed());
            tokio::select! {
                next = work.next() => match next {
                    Some(result) => result?,
                    None => return Ok(()),
                },
                () = tokio::time::sleep(wait) => {
                    held.lock.renew(&self.bucket).await?;
                    held.renewed = Instant::now();
                }
            }
        }
    }
}

impl Bucket {
    fn key(&self, name: &str) -> Path {
        // Names of built files have no part that a key cannot have.
        Path::parse(format!("{}{name}", self.prefix)).unwrap_or_default()
    }

    fn name_of(&self, key: &Path) -> String {
        let key = key.as_ref();
        key.strip_prefix(&self.prefix).unwrap_or(key).to_owned()
    }

    fn list_prefix(&self) -> Option<Path> {
        (!self.prefix.is_empty()).then(|| Path::parse(self.prefix.trim_end_matches('/')).unwrap_or_default())
    }

    async fn get(&self, name: &str) -> anyhow::Result<Option<(Vec<u8>, Timestamp)>> {
        let found = match self.store.get(&self.key(name)).await {
            Ok(found) => found,
            Err(error @ Error::NotFound { .. }) => {
                let text = format!("{error:?}");
                if text.contains("NoSuchBucket") || text.contains("ContainerNotFound") {
                    return Err(explain(&error, Action::Read, &self.place));
                }
                return Ok(None);
            }
            Err(error) => return Err(explain(&error, Action::Read, &self.place)),
        };
        let written = Timestamp::from_second(found.meta.last_modified.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        let bytes = found.bytes().await.map_err(|error| explain(&error, Action::Read, &self.place))?;
        Ok(Some((bytes.to_vec(), written)))
    }

    async fn put(&self, name: &str, bytes: Vec<u8>, put_as: PutAs, mode: PutMode) -> Result<PutResult, Error> {
        let options = PutOptions { mode, attributes: attributes(name, put_as), ..PutOptions::default() };
        self.store.put_opts(&self.key(name), PutPayload::from(bytes), options).await
    }

    async fn upload(&self, folder: &FilePath, file: &LocalFile, audience: Audience) -> anyhow::Result<()> {
        if file.size > MAX_WHOLE {
            return self.upload_parts(folder, file, audience).await;
        }
        let bytes = local::read_unchanged(folder, file)?;
        let written = self.put(&file.path, bytes, PutAs::File(audience), PutMode::Overwrite).await;
        written.map_err(|error| explain(&error, Action::Write, &self.place))?;
        Ok(())
    }

    async fn upload_parts(&self, folder: &FilePath, file: &LocalFile, audience: Audience) -> anyhow::Result<()> {
        let path = folder.join(&file.path);
        let cannot_read = || format!("cannot read `{}`", path.display());
        let cannot_write = |error: Error| explain(&error, Action::Write, &self.place);
        let attributes = attributes(&file.path, PutAs::File(audience));
        let options = PutMultipartOptions { attributes, ..PutMultipartOptions::default() };
        let mut upload = self.store.put_multipart_opts(&self.key(&file.path), options).await.map_err(cannot_write)?;
        let mut source = File::open(&path).with_context(cannot_read)?;
        let mut hash = Sha256::new();
        let mut left = file.size;
        while left > 0 {
            let length = PART.min(usize::try_from(left).unwrap_or(PART));
            let mut part = vec![0; length];
            source.read_exact(&mut part).with_context(cannot_read)?;
            hash.update(&part);
            upload.put_part(part.into()).await.map_err(cannot_write)?;
            left -= length as u64;
        }
        if finished_number(hash) != file.content {
            let _ = upload.abort().await;
            anyhow::bail!("`{}` changed while it was published; publish again", path.display());
        }
        upload.complete().await.map_err(cannot_write)?;
        Ok(())
    }
}

fn attributes(name: &str, put_as: PutAs) -> Attributes {
    let cache = match put_as {
        PutAs::File(audience) => cache_control(name, audience),
        PutAs::Control => "no-cache",
    };
    Attributes::from_iter([(Attribute::ContentType, content_type(name)), (Attribute::CacheControl, cache.to_owned())])
}
