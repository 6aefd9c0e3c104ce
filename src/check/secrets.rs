//! Secrets of well-known shapes on their way into `public/`: looked for in every byte that would be published, told
//! where they stand in the site, and shown to nobody a second time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::Context;

use crate::diagnostics::{Diagnostic, Mask};
use crate::images::plan::{DerivedImage, Recipe};
use crate::load::{self, Scan};
use crate::model::address::SitePath;
use crate::rules::Rule;
use crate::sink::Sink;
use crate::source::{SourceText, Span};
use crate::sync;

/// What a kind of secret looks like.
struct Shape {
    /// For people: `an access key of Amazon Web Services`.
    what: &'static str,
    /// Who made it, and can make another one.
    maker: &'static str,
    starts: &'static [&'static str],
    parts: &'static [Part],
    /// Some of these are meant to be seen by browsers, and are limited to a site's address.
    may_be_public: bool,
}

/// What follows the start of a secret; nothing where it has to be looked for.
enum Part {
    /// So many characters of an alphabet, at least and at most.
    Run(fn(u8) -> bool, usize, usize),
    Mark(u8),
}

use Part::{Mark, Run};

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

const fn is_url_safe(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'_')
}

const fn is_base64(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'+' | b'/' | b'=')
}

const fn is_base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

const fn is_hexadecimal(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

const fn is_upper_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

const fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase()
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

const fn is_dashed_word(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

const fn is_dotted_word(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'_')
}

/// The shapes that their makers, or those who look for leaks, have published. A kind whose secrets look like any other
/// word is not among them, nor are JSON Web Tokens, many of which are made for browsers.
static SHAPES: [Shape; 14] = [
    // `AKIA` is an access key, `ASIA` a temporary one, each with 16 characters behind it:
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>.
    Shape {
        what: "an access key of Amazon Web Services",
        maker: "Amazon",
        starts: &["AKIA", "ASIA"],
        parts: &[Run(is_base32, 16, 16)],
        may_be_public: false,
    },
    // <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>.
    Shape {
        what: "a token of GitHub",
        maker: "GitHub",
        starts: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        parts: &[Run(is_word, 36, 251)],
        may_be_public: false,
    },
    // As `github_pat_[0-9a-zA-Z_]{82}` in <https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml>.
    Shape {
        what: "a token of GitHub",
        maker: "GitHub",
        starts: &["github_pat_"],
        parts: &[Run(is_word, 22, 22), Mark(b'_'), Run(is_word, 59, 59)],
        may_be_public: false,
    },
    // Secret and restricted keys of live mode; `pk_live_` is made for browsers: <https://docs.stripe.com/keys>.
    Shape {
        what: "a secret key of Stripe",
        maker: "Stripe",
        starts: &["sk_live_", "rk_live_"],
        parts: &[Run(is_word, 24, 247)],
        may_be_public: false,
    },
    // <https://docs.stripe.com/webhooks/signature>.
    Shape {
        what: "a signing secret of Stripe's webhooks",
        maker: "Stripe",
        starts: &["whsec_"],
        parts: &[Run(is_base64, 32, 64)],
        may_be_public: false,
    },
    // <https://docs.slack.dev/authentication/tokens>.
    Shape {
        what: "a token of Slack",
        maker: "Slack",
        starts: &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"],
        parts: &[Run(is_dashed_word, 40, 255)],
        may_be_public: false,
    },
    // <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>.
    Shape {
        what: "a webhook of Slack",
        maker: "Slack",
        starts: &["hooks.slack.com/services/T"],
        parts: &[
            Run(is_upper_or_digit, 8, 12),
            Mark(b'/'),
            Mark(b'B'),
            Run(is_upper_or_digit, 8, 12),
            Mark(b'/'),
            Run(is_word, 24, 24),
        ],
        may_be_public: false,
    },
    // As `AIza[\w-]{35}` in the rules of gitleaks. Maps in pages have one, limited to the site's address:
    // <https://developers.google.com/maps/api-security-best-practices>.
    Shape {
        what: "an API key of Google",
        maker: "Google",
        starts: &["AIza"],
        parts: &[Run(is_url_safe, 35, 35)],
        may_be_public: true,
    },
    // 69 characters (<https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys>), of which 22 and 43 are
    // between the dots.
    Shape {
        what: "an API key of SendGrid",
        maker: "SendGrid",
        starts: &["SG."],
        parts: &[Run(is_url_safe, 22, 22), Mark(b'.'), Run(is_url_safe, 43, 43)],
        may_be_public: false,
    },
    // `SK` and 32 hexadecimal digits: <https://www.twilio.com/docs/glossary/what-is-a-sid>. Starts of three bytes are
    // looked for much faster than of two.
    Shape {
        what: "an API key of Twilio",
        maker: "Twilio",
        starts: &[
            "SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd", "SKe",
            "SKf",
        ],
        parts: &[Run(is_hexadecimal, 31, 31)],
        may_be_public: false,
    },
    // <https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/>.
    Shape {
        what: "a token of npm",
        maker: "npm",
        starts: &["npm_"],
        parts: &[Run(is_word, 36, 36)],
        may_be_public: false,
    },
    // <https://docs.gitguardian.com/secrets-detection/secrets-detection-engine/detectors/specifics/hubspot_private_app_token>.
    Shape {
        what: "a private app's token of HubSpot",
        maker: "HubSpot",
        starts: &["pat-"],
        parts: &[
            Run(is_lower, 2, 2),
            Run(is_digit, 1, 1),
            Mark(b'-'),
            Run(is_hexadecimal, 8, 8),
            Mark(b'-'),
            Run(is_hexadecimal, 4, 4),
            Mark(b'-'),
            Run(is_hexadecimal, 4, 4),
            Mark(b'-'),
            Run(is_hexadecimal, 4, 4),
            Mark(b'-'),
            Run(is_hexadecimal, 12, 12),
        ],
        may_be_public: false,
    },
    // The id of the organization, `!` and 96 characters, as in
    // <https://github.com/praetorian-inc/noseyparker/blob/main/crates/noseyparker/data/default/builtin/rules/salesforce.yml>.
    Shape {
        what: "an access token of Salesforce",
        maker: "Salesforce",
        starts: &["00D"],
        parts: &[Run(is_word, 12, 12), Mark(b'!'), Run(is_dotted_word, 80, 128)],
        may_be_public: false,
    },
    // In the form of PEM: RFC 7468, RFC 1421 and OpenSSH for the older ones, RFC 9580 for OpenPGP. In running text
    // Markdown makes longer dashes of the hyphens around the label, so these are not asked for.
    Shape { what: "a private key", maker: "its owner", starts: &["PRIVATE KEY"], parts: &[], may_be_public: false },
];

/// How far from its first line a private key begins, in bytes: `Proc-Type`, `DEK-Info` and `Version` stand between.
const KEY_WITHIN: usize = 400;
/// The shortest line of a private key, in characters; the usual ones have 64 and more.
const KEY_LINE: usize = 40;

/// The shape that the number of a start belongs to.
static STARTS: LazyLock<(Option<AhoCorasick>, Vec<&'static Shape>)> = LazyLock::new(|| {
    let of_shape = |shape: &'static Shape| shape.starts.iter().map(move |start| (*start, shape));
    let starts: Vec<(&str, &Shape)> = SHAPES.iter().flat_map(of_shape).collect();
    // Of this kind alone are searches with vector instructions, which are eight times as fast on pages: every build takes
    // one. No start begins as another does, so which match is told is the same.
    let words = starts.iter().map(|(start, _)| start);
    let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok();
    (finder, starts.into_iter().map(|(_, shape)| shape).collect())
});

/// Bytes on either side of a place that decide whether a secret stands there.
const REACH: usize = KEY_WITHIN + 300;

/// Calls `tell` with the secrets in some bytes.
fn each_secret<'b>(bytes: &'b [u8], mut tell: impl FnMut(&'static Shape, &'b [u8])) {
    let (Some(finder), shapes) = &*STARTS else { return };
    for start in finder.find_iter(bytes) {
        let shape = shapes[start.pattern().as_usize()];
        let secret = match shape.parts {
            [] => private_key(bytes, start.start(), start.end()),
            parts => whole(bytes, start.start(), start.end(), parts),
        };
        if let Some(secret) = secret {
            tell(shape, secret);
        }
    }
}

/// The secret that begins at a place, if it is whole and no part of a longer word.
fn whole<'b>(bytes: &'b [u8], start: usize, mut at: usize, parts: &[Part]) -> Option<&'b [u8]> {
    let is_inside = start > 0 && is_url_safe(bytes[start - 1]);
    if is_inside {
        return None;
    }
    let random = at;
    for part in parts {
        match part {
            Mark(mark) => {
                if bytes.get(at) != Some(mark) {
                    return None;
                }
                at += 1;
            }
            Run(is_of, least, most) => {
                let length = bytes[at..].iter().take(most + 1).take_while(|&&byte| is_of(byte)).count();
                if !(*least..=*most).contains(&length) {
                    return None;
                }
                at += length;
            }
        }
    }
    let is_cut = bytes.get(at).is_some_and(|&byte| is_word(byte));
    (!is_cut && is_random(&bytes[random..at])).then(|| &bytes[start..at])
}

/// No placeholder, such as `xxxxxxxx` and `AKIAIOSFODNN7EXAMPLE`: of 16 random characters hardly ever fewer than eight
/// are different.
fn is_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    seen.iter().filter(|&&seen| seen).count() >= 8 && !has(b"example")
}

/// The first line of a private key whose label stands at a place.
fn private_key(bytes: &[u8], start: usize, end: usize) -> Option<&[u8]> {
    let before = &bytes[start.saturating_sub(32)..start];
    if !before.windows(6).any(|window| window == b"BEGIN ") {
        return None;
    }
    let after = &bytes[end..bytes.len().min(end + KEY_WITHIN)];
    let mut lines = after.split(|&byte| !is_base64(byte));
    lines.find(|line| line.len() >= KEY_LINE && is_random(line))
}

/// Looks through what is published on its way into a sink.
pub struct Watched<'s> {
    to: &'s dyn Sink,
    seen: Mutex<BTreeMap<String, Seen>>,
}

struct Seen {
    shape: &'static Shape,
    /// Of several paths the first, whatever the order in which they were drawn.
    path: SitePath,
}

impl<'s> Watched<'s> {
    pub fn new(to: &'s dyn Sink) -> Watched<'s> {
        Watched { to, seen: Mutex::new(BTreeMap::new()) }
    }

    pub fn secrets(self) -> Secrets {
        Secrets(sync::into_inner(self.seen))
    }

    fn look(&self, path: &SitePath, bytes: &[u8]) {
        each_secret(bytes, |shape, secret| {
            let text = String::from_utf8_lossy(secret).into_owned();
            let mut seen = sync::lock(&self.seen);
            let seen = seen.entry(text).or_insert_with(|| Seen { shape, path: path.clone() });
            if *path < seen.path {
                seen.path = path.clone();
            }
        });
    }

    /// A file piece by piece, for it may be larger than the memory. Pieces overlap, so that none cuts a secret in two.
    fn look_through(&self, path: &SitePath, from: &Path) -> std::io::Result<()> {
        let mut file = File::open(from)?;
        let mut buffer = vec![0; 256 * 1024];
        let mut cache_dir = 0;
        loop {
            let length = file.read(&mut buffer[cache_dir..])?;
            if length == 0 {
                return Ok(());
            }
            let filled = cache_dir + length;
            self.look(path, &buffer[..filled]);
            cache_dir = filled.min(2 * REACH);
            buffer.copy_within(filled - cache_dir..filled, 0);
        }
    }
}

impl Sink for Watched<'_> {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.look(path, &bytes);
        self.to.put(path, bytes)
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.look_through(path, from).with_context(|| format!("cannot read `{}`", from.display()))?;
        self.to.copy(path, from)
    }

    fn put_image(&self, path: &SitePath, making: &DerivedImage) -> anyhow::Result<()> {
        // Of a picture's pixels nothing else is left.
        if making.recipe == Recipe::SanitizedSvg {
            let from = making.source.display();
            self.look_through(path, &making.source).with_context(|| format!("cannot read `{from}`"))?;
        }
        self.to.put_image(path, making)
    }
}

/// The secrets that a site would publish.
pub struct Secrets(BTreeMap<String, Seen>);

/// The largest file that is looked through for the place of a secret, in bytes.
const MAX_TEXT: u64 = 4 * 1024 * 1024;
/// The most places that one problem points at.
const MAX_PLACES: usize = 5;

impl Secrets {
    /// Tells of each secret, where it stands in the site's own files if that can be found. Reads them only if there is a
    /// secret at all.
    pub fn diagnostics(&self, scan: &Scan) -> anyhow::Result<Vec<Diagnostic>> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let texts = self.texts(scan)?;
        Ok(self.0.iter().map(|(secret, seen)| self.problem(secret, seen, &texts)).collect())
    }

    /// The secrets, to be masked in all diagnostics.
    pub fn mask(&self) -> Mask {
        Mask::new(self.0.iter().map(|(secret, seen)| (secret.clone(), seen.start(secret).len())))
    }

    /// The texts of the site that have a secret in them, and could be published.
    fn texts(&self, scan: &Scan) -> anyhow::Result<Vec<Arc<SourceText>>> {
        let mut texts = Vec::new();
        for (path, entry) in &scan.files {
            if entry.length > MAX_TEXT || load::is_sales_note(path) || path == load::REGISTER_FILE {
                continue;
            }
            let bytes =
                fs::read(&entry.absolute).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            if self.0.keys().any(|secret| text.contains(secret.as_str())) {
                texts.push(SourceText::new(path.clone(), text));
            }
        }
        Ok(texts)
    }

    fn problem(&self, secret: &str, seen: &Seen, texts: &[Arc<SourceText>]) -> Diagnostic {
        let Seen { shape, path } = seen;
        let message = format!("{} would be published", shape.what);
        let mut diagnostic = match shape.may_be_public {
            true => Diagnostic::warning(Rule::ExposedSecret, message),
            false => Diagnostic::error(Rule::ExposedSecret, message),
        };
        let places = texts.iter().flat_map(|source| source.text.match_indices(secret).map(move |(at, _)| (source, at)));
        for (source, at) in places.take(MAX_PLACES) {
            diagnostic = diagnostic.at(source, Span::new(at, at + secret.len()), "for everyone to read");
        }
        if diagnostic.labels.is_empty() {
            diagnostic = diagnostic.in_file(format!("public/{}", path.file()));
        }
        let maker = shape.maker;
        diagnostic.help(match shape.may_be_public {
            true => format!(
                "if it is for browsers, let {maker} take it from this site's address alone, and allow this rule"
            ),
            false => {
                format!("take it out, and have {maker} replace it: who can read the site's files knows it already")
            }
        })
    }
}

impl Seen {
    /// What may be shown of a secret: the start that all of its kind have.
    fn start<'t>(&self, secret: &'t str) -> &'t str {
        let start = self.shape.starts.iter().find(|start| secret.starts_with(**start));
        &secret[..start.map_or(0, |start| start.len())]
    }
}
