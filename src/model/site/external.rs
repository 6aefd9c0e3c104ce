//! `check` in `site.yaml`: which addresses `check --external` trusts without a request.

use serde_json::json;
use url::Url;

use crate::model::address::WebUrl;
use crate::model::host::Host;
use crate::rules::Rule;
use crate::yaml::values::{list, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// Addresses that are not requested.
#[derive(Debug, PartialEq, Eq)]
pub enum TrustedAddresses {
    /// All addresses of a host and its subdomains: `linkedin.com`.
    Host(Host),
    /// All addresses that begin with this one.
    Prefix(WebUrl),
}

const TRUSTED: Shape = Shape::value("host or address", |_| {
    let label = "[a-zA-Z0-9\\-]+";
    json!({ "type": "string", "pattern": format!("^(?:{label}(?:\\.{label})+|https?://.+)$") })
});
const TRUSTED_LIST: Shape = Shape::list("list of hosts and addresses", &TRUSTED);

pub static CHECK_KEYS: Mapping = Mapping::new(
    "`check`",
    &[Key::optional("external", Shape::mapping(&EXTERNAL_KEYS), "External links, for `check --external`.")],
);

pub static EXTERNAL_KEYS: Mapping = Mapping::new(
    "`external`",
    &[Key::optional(
        "allow",
        TRUSTED_LIST,
        "Addresses that [`check --external`](commands.md#check-external-links) does not request: a host with its \
         subdomains, or the beginning of an address. `[linkedin.com, https://kazi.co.ke/app/]`.",
    )
    .rules(&[Rule::BadUrl])],
);

/// Reads `check: { external: { allow: [linkedin.com] } }`.
pub(super) fn read_check(reader: &mut YamlReader, node: &Node) -> Option<Vec<TrustedAddresses>> {
    let mut entries = Entries::of(reader, node, &CHECK_KEYS)?;
    let trusted = entries.read(reader, "external", |reader, node| {
        let mut entries = Entries::of(reader, node, &EXTERNAL_KEYS)?;
        let trusted = entries.read(reader, "allow", |reader, node| list(reader, node, TrustedAddresses::read));
        entries.finish(reader);
        trusted
    });
    entries.finish(reader);
    trusted
}

impl TrustedAddresses {
    /// Parses `linkedin.com` or `https://kazi.example/app/`.
    pub fn parse(text: &str) -> Option<TrustedAddresses> {
        if text.contains("://") {
            return WebUrl::parse(text).ok().map(TrustedAddresses::Prefix);
        }
        let is_label =
            |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_domain = text.contains('.') && text.split('.').all(is_label);
        Host::parse(text).filter(|_| is_domain).map(TrustedAddresses::Host)
    }

    /// Returns true if an address is trusted.
    pub fn covers(&self, url: &Url) -> bool {
        match self {
            TrustedAddresses::Host(own) => Host::of_url(url).is_some_and(|host| host.is_in(own.as_str())),
            TrustedAddresses::Prefix(start) => url.as_str().starts_with(start.url().as_str()),
        }
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<TrustedAddresses> {
        let text = value(reader, node)?;
        let trusted = TrustedAddresses::parse(&text);
        if trusted.is_none() {
            let help = "write a host, `linkedin.com`, or the beginning of an address, `https://kazi.example/app/`";
            let message = format!("`{text}` is neither a host nor an address");
            reader.error_with_help(Rule::BadUrl, node.span, message, "would match nothing", help);
        }
        trusted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_host_covers_subdomains_and_trusted_address_is_a_prefix() {
        for (trusted, url, expected) in [
            ("linkedin.com", "https://linkedin.com/kazi", true),
            ("LinkedIn.com", "https://www.linkedin.com/", true),
            ("linkedin.com", "https://notlinkedin.com/", false),
            ("https://a.example/app/", "https://a.example/app/login", true),
            ("https://a.example/app/", "https://a.example/", false),
            ("127.0.0.1", "http://127.0.0.1:4000/", true),
        ] {
            let parsed = TrustedAddresses::parse(trusted).unwrap();
            assert_eq!(parsed.covers(&Url::parse(url).unwrap()), expected, "{trusted} for {url}");
        }
        for bad in ["linkedin", "*.linkedin.com", "linkedin.com/in", "mailto:a@b.example", ""] {
            assert_eq!(TrustedAddresses::parse(bad), None, "{bad}");
        }
    }
}
