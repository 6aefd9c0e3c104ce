//! The secrets that Tagline recognizes: one pattern for each kind, as its provider documents it.
//!
//! Left out are secrets that look like any other word, and JSON Web Tokens, many of which are made for browsers.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};

/// A kind of secret.
pub struct SecretPattern {
    /// For people: `an access key of Amazon Web Services`.
    pub name: &'static str,
    /// Who can revoke it and issue another one.
    pub provider: &'static str,
    /// The texts that a match can begin with: what the search looks for, and the only part of a secret that is shown.
    pub prefixes: &'static [&'static str],
    /// The whole secret, or in its first group the part that is secret.
    pattern: &'static str,
    /// Whether some of these are made for browsers, and limited to the site's address.
    pub may_be_public: bool,
    regex: OnceLock<Option<Regex>>,
}

/// The longest match in bytes: that of a private key up to the end of its first line.
pub const MAX_LENGTH: usize = 700;

static PATTERNS: [SecretPattern; 14] = [
    // `AKIA` is an access key, `ASIA` a temporary one, each with 16 more characters:
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>.
    secret("an access key of Amazon Web Services", "Amazon", &["AKIA", "ASIA"], "(?:AKIA|ASIA)[A-Z2-7]{16}"),
    // <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>.
    secret("a token of GitHub", "GitHub", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "gh[pousr]_[A-Za-z0-9]{36,251}"),
    // `github_pat_[0-9a-zA-Z_]{82}` in <https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml>.
    secret("a token of GitHub", "GitHub", &["github_pat_"], "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    // Secret and restricted keys of live mode. `pk_live_` is made for browsers: <https://docs.stripe.com/keys>.
    secret("a secret key of Stripe", "Stripe", &["sk_live_", "rk_live_"], "[rs]k_live_[A-Za-z0-9]{24,247}"),
    // <https://docs.stripe.com/webhooks/signature>.
    secret("a signing secret of Stripe's webhooks", "Stripe", &["whsec_"], "whsec_[A-Za-z0-9+/=]{32,64}"),
    // <https://docs.slack.dev/authentication/tokens>.
    secret(
        "a token of Slack",
        "Slack",
        &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"],
        "(?:xox[abprs]|xapp)-[A-Za-z0-9-]{40,255}",
    ),
    // <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>.
    secret(
        "a webhook of Slack",
        "Slack",
        &["hooks.slack.com/services/T"],
        "hooks\\.slack\\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24}",
    ),
    // `AIza[\w-]{35}` in the rules of gitleaks. A map in a page needs such a key, limited to the site's address:
    // <https://developers.google.com/maps/api-security-best-practices>.
    secret("an API key of Google", "Google", &["AIza"], "AIza[A-Za-z0-9_-]{35}").made_for_browsers(),
    // 69 characters (<https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys>), of which 22 and 43 are
    // between the dots.
    secret("an API key of SendGrid", "SendGrid", &["SG."], "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"),
    // `SK` and 32 hexadecimal digits: <https://www.twilio.com/docs/glossary/what-is-a-sid>.
    secret("an API key of Twilio", "Twilio", &["SK"], "SK[0-9a-f]{32}"),
    // <https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/>.
    secret("a token of npm", "npm", &["npm_"], "npm_[A-Za-z0-9]{36}"),
    // <https://docs.gitguardian.com/secrets-detection/secrets-detection-engine/detectors/specifics/hubspot_private_app_token>.
    secret(
        "a private app's token of HubSpot",
        "HubSpot",
        &["pat-"],
        "pat-[a-z]{2}[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
    // The id of the organization, `!` and 96 characters:
    // <https://github.com/praetorian-inc/noseyparker/blob/main/crates/noseyparker/data/default/builtin/rules/salesforce.yml>.
    secret("an access token of Salesforce", "Salesforce", &["00D"], "00D[A-Za-z0-9]{12}![A-Za-z0-9._]{80,128}"),
    // PEM: RFC 7468; RFC 1421 and OpenSSH for older keys; RFC 9580 for OpenPGP. Markdown turns the hyphens around the label
    // into dashes, so they are not part of the pattern. Lines such as `Proc-Type` and `Version` can come before the key,
    // whose first line has 40 characters or more.
    secret(
        "a private key",
        "its owner",
        &["BEGIN "],
        "BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY.{0,400}?([A-Za-z0-9+/=]{40,})",
    ),
];

const fn secret(
    name: &'static str,
    provider: &'static str,
    prefixes: &'static [&'static str],
    pattern: &'static str,
) -> SecretPattern {
    SecretPattern { name, provider, prefixes, pattern, may_be_public: false, regex: OnceLock::new() }
}

/// Finds the prefixes of patterns.
struct PrefixFinder {
    /// For the prefixes of three bytes or more, all in one pass. `None` if it cannot be built.
    long: Option<AhoCorasick>,
    /// The pattern of each long prefix, by its number.
    long_patterns: Vec<&'static SecretPattern>,
    /// A shorter prefix would slow the search for all others down, so each has its own.
    short: Vec<(memmem::Finder<'static>, &'static SecretPattern)>,
}

static PREFIXES: LazyLock<PrefixFinder> = LazyLock::new(|| {
    let prefixes_of = |pattern: &'static SecretPattern| pattern.prefixes.iter().map(move |prefix| (*prefix, pattern));
    let (long, short): (Vec<_>, Vec<_>) =
        PATTERNS.iter().flat_map(prefixes_of).partition(|(prefix, _)| prefix.len() >= 3);
    // Only leftmost searches use vector instructions, which are eight times as fast on pages, and twice as fast again with
    // at most 32 prefixes. No prefix begins with another one, so the kind of match makes no difference otherwise.
    let texts = long.iter().map(|(prefix, _)| prefix);
    PrefixFinder {
        long: AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(texts).ok(),
        long_patterns: long.into_iter().map(|(_, pattern)| pattern).collect(),
        short: short.into_iter().map(|(prefix, pattern)| (memmem::Finder::new(prefix), pattern)).collect(),
    }
});

/// Calls `visit` for each secret in `bytes`.
pub fn each_secret<'b>(bytes: &'b [u8], mut visit: impl FnMut(&'static SecretPattern, &'b [u8])) {
    let mut at = |pattern: &'static SecretPattern, start| {
        if let Some(secret) = pattern.secret_at(bytes, start) {
            visit(pattern, secret);
        }
    };
    let finder = &*PREFIXES;
    for prefix in finder.long.iter().flat_map(|long| long.find_iter(bytes)) {
        at(finder.long_patterns[prefix.pattern().as_usize()], prefix.start());
    }
    for (prefix, pattern) in &finder.short {
        prefix.find_iter(bytes).for_each(|start| at(pattern, start));
    }
}

impl SecretPattern {
    const fn made_for_browsers(mut self) -> SecretPattern {
        self.may_be_public = true;
        self
    }

    /// The secret that begins at an offset, if it is not part of a longer word and not a placeholder.
    fn secret_at<'b>(&self, bytes: &'b [u8], start: usize) -> Option<&'b [u8]> {
        let is_inside_word = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
        if is_inside_word {
            return None;
        }
        let captures = self.regex()?.captures(&bytes[start..])?;
        let secret = captures.get(1).or(captures.get(0))?;
        let is_cut = bytes.get(start + secret.end()).is_some_and(u8::is_ascii_alphanumeric);
        (!is_cut && is_random(&secret.as_bytes()[self.prefix_length(secret.as_bytes())..])).then(|| secret.as_bytes())
    }

    /// Compiles the pattern when its prefix is found for the first time, which is rare.
    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let anchored = format!("\\A(?:{})", self.pattern);
            RegexBuilder::new(&anchored).unicode(false).dot_matches_new_line(true).build().ok()
        };
        self.regex.get_or_init(compile).as_ref()
    }

    /// The prefix of a secret, which is the same for all of its kind.
    pub fn prefix<'t>(&self, secret: &'t str) -> &'t str {
        &secret[..self.prefix_length(secret.as_bytes())]
    }

    fn prefix_length(&self, secret: &[u8]) -> usize {
        let prefix = self.prefixes.iter().find(|prefix| secret.starts_with(prefix.as_bytes()));
        prefix.map_or(0, |prefix| prefix.len())
    }
}

/// Excludes placeholders such as `xxxxxxxx` and `AKIAIOSFODNN7EXAMPLE`. Of 16 random characters, hardly ever fewer than eight
/// are different.
fn is_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let contains = |word: &[u8]| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    seen.iter().filter(|&&seen| seen).count() >= 8 && !contains(b"example")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in &PATTERNS {
            assert!(pattern.regex().is_some(), "{}", pattern.pattern);
        }
    }
}
