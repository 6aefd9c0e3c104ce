//! Name resolution that keeps requests out of private networks.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ureq::Error;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Resolves names, and returns only public addresses unless the site itself names the host.
#[derive(Debug)]
pub struct GuardedResolver {
    pub named: Arc<HashSet<String>>,
    pub resolver: DefaultResolver,
}

/// Why a name has no address that may be requested.
#[derive(Debug)]
pub enum ResolveError {
    NoHost,
    /// The look-up failed, which says nothing about the name.
    NameService,
    Private,
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResolveError::NoHost => "the host does not exist",
            ResolveError::NameService => "the look-up of the name failed",
            ResolveError::Private => "the address is not public",
        })
    }
}

impl StdError for ResolveError {}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.resolver.resolve(uri, config, timeout).map_err(resolve_error)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let is_named = self.named.contains(&format!("{}:{port}", uri.host().unwrap_or_default()));
        let mut allowed = self.empty();
        addresses
            .iter()
            .filter(|address| is_named || is_public(address.ip()))
            .for_each(|address| allowed.push(*address));
        if allowed.is_empty() { Err(Error::Other(Box::new(ResolveError::Private))) } else { Ok(allowed) }
    }
}

/// Classifies an error of a look-up. The standard library has no kind for a failed look-up (`EAI_AGAIN`), only the system's
/// text with the word "temporary".
fn resolve_error(error: Error) -> Error {
    match error {
        Error::Io(error) if error.to_string().contains("emporary failure") => {
            Error::Other(Box::new(ResolveError::NameService))
        }
        Error::Io(_) | Error::HostNotFound => Error::Other(Box::new(ResolveError::NoHost)),
        other => other,
    }
}

/// Whether everyone can reach an address: it is not of this machine, a private network or a special use (IANA's registries
/// of special-purpose addresses, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let is_special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || matches!((a, b, c), (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _) | (224.., ..));
    !is_special
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    // All addresses assigned today begin with the bits 001 (RFC 4291, 2.4). 2001:db8::/32 is for documentation.
    let [first, second, ..] = v6.segments();
    first & 0xe000 == 0x2000 && (first, second) != (0x2001, 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_and_private_addresses_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
