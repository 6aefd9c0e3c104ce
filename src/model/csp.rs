//! Directives and sources of a Content-Security-Policy (<https://www.w3.org/TR/CSP3/>).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::Url;

use crate::model::host::Host;
use crate::rules::Rule;
use crate::yaml::values::{list, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// A directive for which a site may list sources, in the order of the policy.
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

/// The sources of each directive.
pub type Sources = BTreeMap<Directive, BTreeSet<Source>>;

/// A source as the policy writes it: `https://widget.example`, `data:`, `'sha256-…'`. It is made of a literal, a digest or a
/// [`Host`], so it has no character that ends a directive, a header or a line of a host's configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source(String);

/// Why a site cannot list a text as a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotASource {
    /// `'unsafe-inline'` and similar keywords.
    Unsafe,
    /// `*`, or a whole scheme.
    Everywhere,
    /// `'self'`, which the policy always contains, and `'none'`, which would remove it.
    AlwaysPresent,
    /// Plain http.
    Insecure,
    /// A host without a scheme.
    NoScheme,
    Unreadable,
}

const SOURCE: Shape = Shape::value("source", |_| {
    let host = "(?:\\*\\.[a-zA-Z0-9\\-]+\\.)?[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*(?::[0-9]+)?/?";
    let local = "(?:[hH][tT][tT][pP]|[wW][sS])://(?:localhost|127\\.0\\.0\\.1)(?::[0-9]+)?/?";
    let hash = "'?sha(?:256|384|512)-[a-zA-Z0-9+/]+={0,2}'?";
    let pattern = format!(
        "^(?:(?:[hH][tT][tT][pP][sS]|[wW][sS][sS])://{host}|{local}|{hash}|[dD][aA][tT][aA]:|[bB][lL][oO][bB]:)$"
    );
    serde_json::json!({ "type": "string", "pattern": pattern })
});
const SOURCES: Shape = Shape::list("list of sources", &SOURCE);

/// `security` in `site.yaml`.
pub static KEYS: Mapping = Mapping::new(
    "`security`",
    &[Key::optional(
        "content_security_policy",
        Shape::mapping(&DIRECTIVE_KEYS),
        "[Sources](hosting.md#more-sources) that Tagline cannot find in the pages, such as those of your own scripts.",
    )
    .rules(&[Rule::BadPolicySource])],
);

pub static DIRECTIVE_KEYS: Mapping = Mapping::new(
    "`content_security_policy`",
    &[
        Key::optional("script-src", SOURCES, "Scripts: `[https://widget.example]`."),
        Key::optional("style-src", SOURCES, "Stylesheets."),
        Key::optional("img-src", SOURCES, "Images."),
        Key::optional("font-src", SOURCES, "Fonts."),
        Key::optional("connect-src", SOURCES, "Addresses that scripts send requests to."),
        Key::optional("media-src", SOURCES, "Video and audio."),
        Key::optional("frame-src", SOURCES, "Pages in frames."),
        Key::optional("worker-src", SOURCES, "Scripts in the background."),
        Key::optional("manifest-src", SOURCES, "The manifest of a web app."),
        Key::optional("form-action", SOURCES, "Addresses that forms are sent to."),
        Key::optional("frame-ancestors", SOURCES, "Sites that may show this site in a frame."),
    ],
);

/// Reads `security: { content_security_policy: { script-src: [https://widget.example] } }`.
pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Sources> {
    let mut entries = Entries::of(reader, node, &KEYS)?;
    let policy = entries.read(reader, "content_security_policy", read_directives);
    entries.finish(reader);
    policy
}

fn read_directives(reader: &mut YamlReader, node: &Node) -> Option<Sources> {
    let mut entries = Entries::of(reader, node, &DIRECTIVE_KEYS)?;
    let mut sources = Sources::new();
    for directive in Directive::ALL {
        let listed = entries.read(reader, directive.name(), |reader, node| list(reader, node, Source::read));
        sources.entry(directive).or_default().extend(listed.into_iter().flatten());
    }
    entries.finish(reader);
    sources.retain(|_, sources| !sources.is_empty());
    Some(sources)
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
    /// Returns the source for the site's own host.
    pub fn own() -> Source {
        Source("'self'".to_owned())
    }

    /// Returns the source that allows nothing.
    pub fn none() -> Source {
        Source("'none'".to_owned())
    }

    /// Returns the hash of the content of a `<style>` or `<script>`. Browsers convert line ends to line feeds before hashing.
    pub fn of_content(content: &str) -> Source {
        let content = content.replace("\r\n", "\n").replace('\r', "\n");
        Source(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content))))
    }

    /// Restores a source from its text in a policy.
    pub fn recorded(text: &str) -> Source {
        Source(text.to_owned())
    }

    /// Makes a source from a valid literal.
    pub fn fixed(source: &'static str) -> Source {
        Source(source.to_owned())
    }

    /// Returns the source of an address in a page, or `None` if browsers would not load it. `base` is the site's own
    /// address.
    pub fn of_url(address: &str, base: &Url) -> Option<Source> {
        let url = base.join(address).ok()?;
        match url.scheme() {
            "data" | "blob" => Some(Source(format!("{}:", url.scheme()))),
            "https" | "http" if url.origin() == base.origin() => Some(Source::own()),
            _ => Source::of_origin(&url),
        }
    }

    /// Returns the source of a web address's origin, also where that is the site's own: `https://kazi.example`.
    pub fn of_origin(url: &Url) -> Option<Source> {
        let scheme = Some(url.scheme()).filter(|scheme| matches!(*scheme, "https" | "http"))?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(Source(format!("{scheme}://{}{port}", Host::of_url(url)?)))
    }

    /// Parses a source that a site lists: an address without a path, optionally with `*.` before the host; a hash;
    /// `data:` or `blob:`.
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
            "self" | "none" => return Err(NotASource::AlwaysPresent),
            "*" | "https:" | "http:" | "ws:" | "wss:" | "https://*" => return Err(NotASource::Everywhere),
            keyword if keyword.starts_with("unsafe-") || keyword.starts_with("nonce-") => {
                return Err(NotASource::Unsafe);
            }
            "strict-dynamic" | "wasm-unsafe-eval" | "inline-speculation-rules" => return Err(NotASource::Unsafe),
            _ => {}
        }
        let Some((scheme, authority)) = text.split_once("://") else { return Err(no_scheme(text)) };
        let (host, port) = host_and_port(authority).ok_or(NotASource::Unreadable)?;
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

impl Source {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<Source> {
        let text = text(reader, node)?;
        let error = match Source::parse(&text) {
            Ok(source) => return Some(source),
            Err(error) => error,
        };
        let (label, help) = error.explain(&text);
        reader.error_with_help(
            Rule::BadPolicySource,
            node.span,
            format!("`{text}` is not allowed as a source"),
            label,
            help,
        );
        None
    }
}

impl NotASource {
    /// Returns a label, and what to write instead.
    fn explain(self, text: &str) -> (&'static str, String) {
        let help = |text: &str| text.to_owned();
        match self {
            NotASource::Unsafe => (
                "would allow what the policy should prevent",
                help("put scripts and styles into files, or list the hash that browsers report: `sha256-…`"),
            ),
            NotASource::Everywhere => ("would allow everything", help("name the hosts: `https://widget.example`")),
            NotASource::AlwaysPresent => ("the site's own host is always allowed", help("leave it out")),
            NotASource::Insecure => ("plain http", help("write `https://`")),
            NotASource::NoScheme => {
                ("a host without `https://`", format!("write `https://{}`", text.trim_start_matches('/')))
            }
            NotASource::Unreadable => (
                "a scheme and a host without a path are expected here",
                help("write it as in `https://widget.example`"),
            ),
        }
    }
}

impl Source {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns true if a text is Base64 with the length of the algorithm's digests.
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
    let authority = text.strip_prefix("//").unwrap_or(text);
    let is_host = host_and_port(authority).is_some_and(|(host, _)| host.contains('.'));
    if is_host { NotASource::NoScheme } else { NotASource::Unreadable }
}

/// Splits `*.widget.example:8443` into the host and the port with its colon. A final `/` is allowed, a path is not.
fn host_and_port(authority: &str) -> Option<(&str, &str)> {
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
    let named = host.strip_prefix("*.").unwrap_or(host);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_host = named.split('.').all(is_label) && Host::parse(named).is_some();
    let is_too_wide = named.len() < host.len() && !named.contains('.');
    let is_port = port.is_empty() || port[1..].parse::<u16>().is_ok();
    (is_host && !is_too_wide && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_a_single_origin() {
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
        for (text, error) in [
            ("'unsafe-inline'", NotASource::Unsafe),
            ("unsafe-eval", NotASource::Unsafe),
            ("'nonce-abc'", NotASource::Unsafe),
            ("'strict-dynamic'", NotASource::Unsafe),
            ("*", NotASource::Everywhere),
            ("https:", NotASource::Everywhere),
            ("'self'", NotASource::AlwaysPresent),
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
            assert_eq!(Source::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn content_has_a_hash() {
        // `printf %s "$text" | openssl dgst -sha256 -binary | base64`
        let hash = "'sha256-K7dMPLiKDDDmX2T5yurh9VbGi+8BiAEe6jIA1E50+g0='";
        for content in ["a {\n}\n", "a {\r\n}\r\n", "a {\r}\r"] {
            assert_eq!(Source::of_content(content).to_string(), hash);
        }
    }

    #[test]
    fn source_of_an_address_is_its_origin() {
        let base = Url::parse("https://kazi.example/base/").unwrap();
        for (address, source) in [
            ("team.jpg", Some("'self'")),
            ("/team.jpg", Some("'self'")),
            ("https://kazi.example/team.jpg", Some("'self'")),
            ("//cdn.example/team.jpg?a=1&amp;b", Some("https://cdn.example")),
            (" https://cdn.example:8443/team.jpg", Some("https://cdn.example:8443")),
            ("data:image/png;base64,AAAA", Some("data:")),
            ("mailto:a@b.example", None),
            ("https://a;sandbox;b.example/i.png", None),
            ("https://a$x.example/", None),
            ("https://a{x}.example/", None),
            ("//a,b.example/i.png", None),
        ] {
            assert_eq!(Source::of_url(address, &base).map(|source| source.to_string()).as_deref(), source, "{address}");
        }
    }
}
