//! What the pages of a site may load, and from where: the directives and sources of a Content-Security-Policy
//! (<https://www.w3.org/TR/CSP3/>).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::Url;

/// A directive that a site may have sources for, in the order of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Directive {
    Script,
    Style,
    Image,
    Font,
    Connect,
    Media,
    Frame,
    Worker,
    Manifest,
    FormAction,
    FrameAncestors,
}

/// Sources by what they are for.
pub type Sources = BTreeMap<Directive, BTreeSet<Source>>;

/// What a directive lets in, as the policy has it: `https://widget.example`, `data:`, `'sha256-…'`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source(String);

/// Why a text cannot be a source of a site's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotASource {
    /// `'unsafe-inline'` and its like.
    Unsafe,
    /// `*`, or a whole scheme.
    Everywhere,
    /// `'self'`, which is there anyway, and `'none'`, which would take it away.
    Given,
    /// Plain http, for visitors.
    Insecure,
    /// A host without its scheme.
    NoScheme,
    Unreadable,
}

impl Directive {
    pub const ALL: [Directive; 11] = [
        Directive::Script,
        Directive::Style,
        Directive::Image,
        Directive::Font,
        Directive::Connect,
        Directive::Media,
        Directive::Frame,
        Directive::Worker,
        Directive::Manifest,
        Directive::FormAction,
        Directive::FrameAncestors,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Directive::Script => "script-src",
            Directive::Style => "style-src",
            Directive::Image => "img-src",
            Directive::Font => "font-src",
            Directive::Connect => "connect-src",
            Directive::Media => "media-src",
            Directive::Frame => "frame-src",
            Directive::Worker => "worker-src",
            Directive::Manifest => "manifest-src",
            Directive::FormAction => "form-action",
            Directive::FrameAncestors => "frame-ancestors",
        }
    }

    pub fn of_name(name: &str) -> Option<Directive> {
        Directive::ALL.into_iter().find(|directive| directive.name() == name)
    }
}

impl Source {
    /// The site's own host.
    pub fn own() -> Source {
        Source("'self'".to_owned())
    }

    /// The content of a `<style>` or `<script>`, by its hash. Browsers read every line end as a line feed before.
    pub fn of_content(content: &str) -> Source {
        let content = content.replace("\r\n", "\n").replace('\r', "\n");
        Source(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content))))
    }

    /// One that is known to be good.
    pub fn fixed(source: &'static str) -> Source {
        Source(source.to_owned())
    }

    /// The place that an address of a page is loaded from; none where browsers would not load it.
    ///
    /// `base` is the site's own address, whose host is `'self'`.
    pub fn of_url(address: &str, base: &Url) -> Option<Source> {
        let url = base.join(address).ok()?;
        match url.scheme() {
            "data" | "blob" => Some(Source(format!("{}:", url.scheme()))),
            "https" | "http" if url.origin() == base.origin() => Some(Source::own()),
            "https" | "http" => Some(Source(url.origin().ascii_serialization())),
            _ => None,
        }
    }

    /// Reads what a site lists: an address without path, perhaps with `*.` before its host; a hash; `data:` or `blob:`.
    pub fn parse(text: &str) -> Result<Source, NotASource> {
        let bare = text.trim_matches('\'');
        if let Some((algorithm, digest)) =
            bare.split_once('-').filter(|(name, _)| matches!(*name, "sha256" | "sha384" | "sha512"))
        {
            return if is_digest(algorithm, digest) {
                Ok(Source(format!("'{bare}'")))
            } else {
                Err(NotASource::Unreadable)
            };
        }
        match bare.to_ascii_lowercase().as_str() {
            "data:" | "blob:" => return Ok(Source(bare.to_ascii_lowercase())),
            "self" | "none" => return Err(NotASource::Given),
            "*" | "https:" | "http:" | "ws:" | "wss:" | "https://*" => return Err(NotASource::Everywhere),
            keyword if keyword.starts_with("unsafe-") || keyword.starts_with("nonce-") => {
                return Err(NotASource::Unsafe);
            }
            "strict-dynamic" | "wasm-unsafe-eval" | "inline-speculation-rules" => return Err(NotASource::Unsafe),
            _ => {}
        }
        let Some((scheme, place)) = text.split_once("://") else { return Err(no_scheme(text)) };
        let (host, port) = host_and_port(place).ok_or(NotASource::Unreadable)?;
        let is_local = matches!(host, "localhost" | "127.0.0.1");
        match scheme.to_ascii_lowercase().as_str() {
            "https" | "wss" => {}
            "http" | "ws" if is_local => {}
            "http" | "ws" => return Err(NotASource::Insecure),
            _ => return Err(NotASource::Unreadable),
        }
        Ok(Source(format!("{scheme}://{host}{port}").to_ascii_lowercase()))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Of base 64 without a line end, as long as the algorithm's digests are.
fn is_digest(algorithm: &str, digest: &str) -> bool {
    let length = match algorithm {
        "sha256" => 44,
        "sha384" => 64,
        _ => 88,
    };
    let text = digest.trim_end_matches('=');
    digest.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn no_scheme(text: &str) -> NotASource {
    let place = text.strip_prefix("//").unwrap_or(text);
    let is_host = host_and_port(place).is_some_and(|(host, _)| host.contains('.'));
    if is_host { NotASource::NoScheme } else { NotASource::Unreadable }
}

/// The host of `*.widget.example:8443`, and its port with the colon before it. A `/` may stand at the end, and no path.
fn host_and_port(place: &str) -> Option<(&str, &str)> {
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = place.split_at(place.find(':').unwrap_or(place.len()));
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let named = host.strip_prefix("*.").unwrap_or(host);
    let is_host = named.split('.').all(is_label);
    let is_wide = named.len() < host.len() && !named.contains('.');
    let is_port = port.is_empty() || port[1..].parse::<u16>().is_ok();
    (is_host && !is_wide && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_one_place_and_no_more() {
        let hash = format!("sha256-{}=", "a".repeat(43));
        for (text, source) in [
            ("https://widget.example", "https://widget.example".to_owned()),
            ("HTTPS://Widget.example/", "https://widget.example".to_owned()),
            ("https://*.widget.example:8443", "https://*.widget.example:8443".to_owned()),
            ("wss://chat.example", "wss://chat.example".to_owned()),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000".to_owned()),
            ("data:", "data:".to_owned()),
            (&hash, format!("'{hash}'")),
            (&format!("'{hash}'"), format!("'{hash}'")),
        ] {
            assert_eq!(Source::parse(text).map(|source| source.to_string()), Ok(source), "{text}");
        }
        for (text, why) in [
            ("'unsafe-inline'", NotASource::Unsafe),
            ("unsafe-eval", NotASource::Unsafe),
            ("'nonce-abc'", NotASource::Unsafe),
            ("'strict-dynamic'", NotASource::Unsafe),
            ("*", NotASource::Everywhere),
            ("https:", NotASource::Everywhere),
            ("'self'", NotASource::Given),
            ("http://widget.example", NotASource::Insecure),
            ("widget.example", NotASource::NoScheme),
            ("//widget.example", NotASource::NoScheme),
            ("https://*.example", NotASource::Unreadable),
            ("https://a.example; script-src *", NotASource::Unreadable),
            ("https://a.example\" $host", NotASource::Unreadable),
            ("https://a.example/path", NotASource::Unreadable),
            ("sha256-abc", NotASource::Unreadable),
            ("", NotASource::Unreadable),
        ] {
            assert_eq!(Source::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_content_is_let_in_by_its_hash() {
        // `printf %s "$text" | openssl dgst -sha256 -binary | base64`
        let hash = "'sha256-K7dMPLiKDDDmX2T5yurh9VbGi+8BiAEe6jIA1E50+g0='";
        for content in ["a {\n}\n", "a {\r\n}\r\n", "a {\r}\r"] {
            assert_eq!(Source::of_content(content).to_string(), hash);
        }
    }

    #[test]
    fn an_address_is_loaded_from_its_origin() {
        let base = Url::parse("https://kazi.example/base/").unwrap();
        for (address, source) in [
            ("team.jpg", Some("'self'")),
            ("/team.jpg", Some("'self'")),
            ("https://kazi.example/team.jpg", Some("'self'")),
            ("//cdn.example/team.jpg?a=1&amp;b", Some("https://cdn.example")),
            (" https://cdn.example:8443/team.jpg", Some("https://cdn.example:8443")),
            ("data:image/png;base64,AAAA", Some("data:")),
            ("mailto:a@b.example", None),
        ] {
            assert_eq!(Source::of_url(address, &base).map(|source| source.to_string()).as_deref(), source, "{address}");
        }
    }
}
