//! The lock object of a place: created only if there is no other, renewed while a publish runs, and taken over if it was not renewed.

use std::time::Duration;

use jiff::Timestamp;
use object_store::{Error, ObjectStoreExt, PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};

use super::errors::{Action, explain};
use super::{Bucket, PutAs};

/// Beside the manifest. It has nothing that is not public.
pub const LOCK: &str = "tagline-lock.json";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LockFile {
    /// Tells one publish from another.
    holder: String,
    began: Timestamp,
    /// How often it was renewed, so that its content always changes.
    renewed: u32,
    /// In seconds.
    lease: u64,
    /// The publish has ended, and could not delete its lock.
    #[serde(default)]
    ended: bool,
}

/// A lock that is held.
pub struct Lock {
    file: LockFile,
    version: UpdateVersion,
    /// False if the store ignores conditions, so that two publishes at the same moment are not told apart.
    pub is_exclusive: bool,
}

/// Takes the lock.
///
/// # Errors
///
/// If another publish holds it, or if the store cannot be written to.
pub async fn acquire(bucket: &Bucket, lease: Duration) -> anyhow::Result<Lock> {
    let file = LockFile {
        holder: holder()?,
        began: Timestamp::now(),
        renewed: 0,
        lease: lease.as_secs().max(1),
        ended: false,
    };
    let held = read(bucket).await?;
    let mode = match held {
        Some((held, version)) if held.ended => PutMode::Update(version),
        Some((held, version)) => {
            refuse_if_alive(bucket, &held).await?;
            PutMode::Update(version)
        }
        None => PutMode::Create,
    };
    let version = match write(bucket, &file, mode).await {
        Ok(version) => version,
        Err(error) if is_conflict(&error) => match read(bucket).await? {
            // The answer to the first attempt was lost.
            Some((held, version)) if held.holder == file.holder => version,
            _ => anyhow::bail!("{}", same_moment(bucket)),
        },
        Err(error) => return Err(explain(&error, Action::Write, &bucket.place)),
    };
    // A store that keeps conditions refuses to create it a second time.
    let (is_exclusive, version) = match write(bucket, &file, PutMode::Create).await {
        Ok(version) => (false, version),
        Err(error) if is_conflict(&error) => (true, version),
        Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => (false, version),
        Err(error) => return Err(explain(&error, Action::Write, &bucket.place)),
    };
    // Some stores check a condition and write in two steps, so that two that begin in one moment both succeed. The last one has it.
    let version = match read(bucket).await? {
        Some((held, current)) if held.holder == file.holder => {
            UpdateVersion { e_tag: current.e_tag.or(version.e_tag), ..current }
        }
        _ => anyhow::bail!("{}", same_moment(bucket)),
    };
    Ok(Lock { file, version, is_exclusive })
}

fn same_moment(bucket: &Bucket) -> String {
    format!("another publish to `{}` began at the same moment; try again when it has ended", bucket.place)
}

impl Lock {
    /// Writes the lock again, so that nobody takes it over.
    ///
    /// # Errors
    ///
    /// If another publish took it over.
    pub async fn renew(&mut self, bucket: &Bucket) -> anyhow::Result<()> {
        self.file.renewed += 1;
        let mode = match self.is_exclusive {
            true => PutMode::Update(self.version.clone()),
            false => PutMode::Overwrite,
        };
        match write(bucket, &self.file, mode).await {
            Ok(version) => {
                self.version = version;
                Ok(())
            }
            Err(error) if is_conflict(&error) => match read(bucket).await? {
                // The answer to an earlier attempt was lost.
                Some((held, version)) if held.holder == self.file.holder => {
                    self.version = version;
                    Ok(())
                }
                _ => anyhow::bail!(
                    "another publish took over `{}`, because this one was not heard of for too long",
                    bucket.place
                ),
            },
            Err(error) => Err(explain(&error, Action::Write, &bucket.place)),
        }
    }

    /// Removes the lock, or says in it that it is free where deleting is not allowed. If both fail, it expires.
    pub async fn release(self, bucket: &Bucket) {
        if bucket.store.delete(&bucket.key(LOCK)).await.is_err() {
            let file = LockFile { ended: true, ..self.file };
            let _ = write(bucket, &file, PutMode::Overwrite).await;
        }
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.file.lease)
    }
}

/// Refuses a lock that was renewed within its lease. Its age is measured by the clock of the store alone, with an object that
/// is written now.
async fn refuse_if_alive(bucket: &Bucket, held: &LockFile) -> anyhow::Result<()> {
    let renewed = modified(bucket, LOCK).await?;
    let probe = "tagline-clock.json";
    let written = bucket.put(probe, b"{}\n".to_vec(), PutAs::Control, PutMode::Overwrite).await;
    written.map_err(|error| explain(&error, Action::Write, &bucket.place))?;
    let now = modified(bucket, probe).await?;
    let _ = bucket.store.delete(&bucket.key(probe)).await;
    let (Some(renewed), Some(now)) = (renewed, now) else { return Ok(()) };
    let age = now.duration_since(renewed).as_secs().max(0).unsigned_abs();
    // Stores round to seconds.
    anyhow::ensure!(
        age > held.lease,
        "another publish to `{}` is running since {}; if it was killed, its lock ends in {} seconds",
        bucket.place,
        held.began.strftime("%Y-%m-%d %H:%M:%S UTC"),
        held.lease.saturating_sub(age) + 1
    );
    Ok(())
}

/// Returns when an object was written, by the clock of the store.
async fn modified(bucket: &Bucket, name: &str) -> anyhow::Result<Option<Timestamp>> {
    match bucket.store.head(&bucket.key(name)).await {
        Ok(found) => Ok(Timestamp::from_second(found.last_modified.timestamp()).ok()),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(explain(&error, Action::Read, &bucket.place)),
    }
}

pub(super) async fn has_lock(bucket: &Bucket) -> anyhow::Result<Option<Timestamp>> {
    Ok(read(bucket).await?.filter(|(held, _)| !held.ended).map(|(held, _)| held.began))
}

async fn read(bucket: &Bucket) -> anyhow::Result<Option<(LockFile, UpdateVersion)>> {
    let found = match bucket.store.get(&bucket.key(LOCK)).await {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(explain(&error, Action::Read, &bucket.place)),
    };
    let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
    let bytes = found.bytes().await.map_err(|error| explain(&error, Action::Read, &bucket.place))?;
    // A lock that cannot be read is as old as its file says, with the usual lease.
    let damaged = || LockFile { holder: String::new(), began: Timestamp::now(), renewed: 0, lease: 120, ended: false };
    Ok(Some((serde_json::from_slice(&bytes).unwrap_or_else(|_| damaged()), version)))
}

async fn write(bucket: &Bucket, file: &LockFile, mode: PutMode) -> Result<UpdateVersion, Error> {
    let bytes = serde_json::to_vec(file).unwrap_or_default();
    let written = bucket.put(LOCK, bytes, PutAs::Control, mode).await?;
    Ok(UpdateVersion { e_tag: written.e_tag, version: written.version })
}

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. })
}

fn holder() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system has no random numbers: {error}"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
