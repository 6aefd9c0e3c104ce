//! The HTTP client of all commands that send requests: certificates of this machine, proxies of the environment.

use std::sync::Arc;
use std::time::Duration;

use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

/// Returns the root certificates of this machine, including those that a company has added.
pub fn certificates() -> Vec<Certificate<'static>> {
    let loaded = rustls_native_certs::load_native_certs();
    loaded.certs.iter().map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned()).collect()
}

/// Returns settings with these certificates and the proxy of the environment: every status is an answer, and redirects are
/// answers too.
pub fn config(certificates: &[Certificate<'static>], timeout: Duration) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .proxy(Proxy::try_from_env())
        .tls_config(tls(certificates))
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .http_status_as_error(false)
}

fn tls(certificates: &[Certificate<'static>]) -> TlsConfig {
    TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(certificates))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}
