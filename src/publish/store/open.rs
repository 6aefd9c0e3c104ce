//! Connects to a bucket with the credentials of the environment, under the names that the tools of the vendors use.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::connector::Connector;
use crate::model::place::StoreKind;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    FromEnvironment,
    /// As a visitor, to find out what everybody can read.
    None,
}

/// Returns the store of a bucket.
///
/// # Errors
///
/// If the environment has no credentials, or incomplete ones.
pub fn open(
    kind: StoreKind,
    bucket: &str,
    endpoint: Option<&str>,
    credentials: Credentials,
    connector: &Connector,
) -> anyhow::Result<Arc<dyn ObjectStore>> {
    if credentials == Credentials::FromEnvironment {
        check_credentials(kind)?;
    }
    let anonymous = credentials == Credentials::None;
    let store: Arc<dyn ObjectStore> = match kind {
        StoreKind::S3 => Arc::new(s3(bucket, endpoint, anonymous, connector)?),
        StoreKind::Gcs => {
            let mut builder = GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(bucket)
                .with_skip_signature(anonymous)
                .with_client_options(ClientOptions::new().with_allow_http(true))
                .with_retry(retry())
                .with_http_connector(connector.clone());
            if let Some(endpoint) = endpoint.map(str::to_owned).or_else(|| env::var("STORAGE_EMULATOR_HOST").ok()) {
                builder = builder.with_base_url(&endpoint);
            }
            // An emulator needs no credentials, and without a token the client would look for one on the network.
            if env::var_os("STORAGE_EMULATOR_HOST").is_some() {
                builder = builder.with_bearer_token("emulator");
            }
            Arc::new(builder.build()?)
        }
        StoreKind::Azure => {
            let mut builder = MicrosoftAzureBuilder::from_env()
                .with_container_name(bucket)
                .with_skip_signature(anonymous)
                .with_allow_http(true)
                .with_retry(retry())
                .with_http_connector(connector.clone());
            if let Some(endpoint) = endpoint {
                builder = builder.with_endpoint(endpoint.to_owned());
            }
            Arc::new(builder.build()?)
        }
    };
    Ok(store)
}

fn s3(
    bucket: &str,
    endpoint: Option<&str>,
    anonymous: bool,
    connector: &Connector,
) -> object_store::Result<object_store::aws::AmazonS3> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_allow_http(true)
        .with_skip_signature(anonymous)
        .with_retry(retry())
        .with_http_connector(connector.clone());
    let from_environment = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].into_iter().find_map(|name| env::var(name).ok());
    if let Some(endpoint) = endpoint.map(str::to_owned).or(from_environment) {
        builder = builder.with_endpoint(endpoint);
    }
    if env::var_os("AWS_REGION").is_none()
        && let Ok(region) = env::var("AWS_DEFAULT_REGION")
    {
        builder = builder.with_region(region);
    }
    builder.build()
}

/// A minute of attempts in all, with growing pauses. The first is short, because most faults are.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(10),
            base: 2.0,
        },
        max_retries: 8,
        retry_timeout: Duration::from_secs(90),
    }
}

/// Without this, the client would look for a role of the machine, and report minutes later that there is none.
fn check_credentials(kind: StoreKind) -> anyhow::Result<()> {
    let has = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match kind {
        StoreKind::S3 => {
            let by_role = [
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            ];
            match (has("AWS_ACCESS_KEY_ID"), has("AWS_SECRET_ACCESS_KEY")) {
                (true, true) => Ok(()),
                (false, false) if by_role.into_iter().any(has) => Ok(()),
                (true, false) => bail!("`AWS_ACCESS_KEY_ID` is set, and `AWS_SECRET_ACCESS_KEY` is not"),
                (false, true) => bail!("`AWS_SECRET_ACCESS_KEY` is set, and `AWS_ACCESS_KEY_ID` is not"),
                (false, false) => bail!(
                    "there are no credentials for S3: set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or sign in by \
                     `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE`"
                ),
            }
        }
        StoreKind::Gcs => {
            let names = [
                "GOOGLE_SERVICE_ACCOUNT",
                "GOOGLE_SERVICE_ACCOUNT_PATH",
                "GOOGLE_SERVICE_ACCOUNT_KEY",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "GOOGLE_BEARER_TOKEN",
                "STORAGE_EMULATOR_HOST",
            ];
            anyhow::ensure!(
                names.into_iter().any(has),
                "there are no credentials for Google Cloud Storage: set `GOOGLE_APPLICATION_CREDENTIALS` to the file of a service \
                 account, or `GOOGLE_BEARER_TOKEN` to an access token"
            );
            Ok(())
        }
        StoreKind::Azure => {
            anyhow::ensure!(
                ["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_USE_EMULATOR"].into_iter().any(has),
                "`AZURE_STORAGE_ACCOUNT_NAME` is not set: it is the name of the storage account of the container"
            );
            let names = [
                "AZURE_STORAGE_ACCOUNT_KEY",
                "AZURE_STORAGE_ACCESS_KEY",
                "AZURE_STORAGE_SAS_TOKEN",
                "AZURE_STORAGE_SAS_KEY",
                "AZURE_STORAGE_TOKEN",
                "AZURE_STORAGE_CLIENT_SECRET",
                "AZURE_CLIENT_SECRET",
                "AZURE_FEDERATED_TOKEN_FILE",
                "AZURE_STORAGE_USE_EMULATOR",
                "AZURE_USE_AZURE_CLI",
            ];
            anyhow::ensure!(
                names.into_iter().any(has),
                "there are no credentials for Azure: set `AZURE_STORAGE_ACCOUNT_KEY` or `AZURE_STORAGE_SAS_TOKEN`, or sign in by \
                 `AZURE_CLIENT_ID`, `AZURE_TENANT_ID` and `AZURE_FEDERATED_TOKEN_FILE`"
            );
            Ok(())
        }
    }
}
