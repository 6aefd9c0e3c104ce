//! Parses what a person typed or pasted from a CRM, a browser or a poster: a lead tag, a short code, a URL or a
//! campaign.

use percent_encoding::percent_decode_str;
use url::Url;

use super::context::ExplainContext;
use super::wrapped::unwrap;
use crate::characters::{Spaces, first_hidden, without_hidden};
use crate::model::channel::{CLICK_IDS, GOOGLE_ADS_MARKS};
use crate::model::code::{self, NotACode, ShortCode};
use crate::model::provider::Provider;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::resolve::Site;

/// A parsed query. Only the site's own address and the ids of campaigns are looked up here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    Tag(LeadTag),
    Code(ShortCode),
    Campaign(Slug),
    /// A URL on the site: the decoded path below the base path, and the parameters.
    Page {
        path: String,
        parameters: UrlParameters,
    },
    /// A URL on another host, without a lead tag.
    OtherSite {
        host: String,
        parameters: UrlParameters,
    },
    /// Looks like a code, but is not valid.
    BadCode {
        typed: String,
        why: NotACode,
    },
    /// None of these. With `_`, an invalid lead tag.
    Unclear,
}

/// The parameters of a URL that name a source, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlParameters {
    pub via: Option<String>,
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    /// The name of the first click id of an ad platform.
    pub click_id: Option<&'static str>,
    /// One of [`GOOGLE_ADS_MARKS`], which are no click ids.
    pub is_google_ad: bool,
}

impl UrlParameters {
    /// Whether the URL says where the visitor comes from, even if the source is unknown.
    pub fn names_a_source(&self) -> bool {
        let UrlParameters { via, source, medium: _, campaign: _, click_id, is_google_ad } = self;
        via.is_some() || source.is_some() || click_id.is_some() || *is_google_ad
    }
}

/// Parses a query. Ignores case, and spaces and quotes around the text.
pub fn parse(context: &ExplainContext, text: &str) -> Query {
    // Chats and documents add characters that nobody sees.
    if first_hidden(text, Spaces::Plain).is_some() {
        return parse(context, &without_hidden(text, Spaces::Plain));
    }
    let site = context.site;
    let text = text.trim_matches(is_decoration);
    if let Some(inner) = unwrap(&site.config.base_url, text) {
        return parse(context, &inner);
    }
    if let Some(url) = as_url(site, text) {
        return parse_url(site, &url);
    }
    // A lead card opened from the file system is a path, `#` and the lead tag.
    let lower = text.rsplit('#').next().unwrap_or_default().to_lowercase();
    if let Ok(tag) = LeadTag::parse(&lower) {
        return Query::Tag(tag);
    }
    if let Some(campaign) = Slug::parse(&lower).ok().filter(|id| context.has_campaign(id)) {
        return Query::Campaign(campaign);
    }
    // People type ten characters in groups.
    let typed: String = lower.split_whitespace().collect();
    match ShortCode::parse(&typed) {
        Ok(code) => Query::Code(code),
        // Several words with ten letters in total.
        Err(_) if typed != lower && !typed.contains(|c: char| c.is_ascii_digit()) => Query::Unclear,
        Err(why) if looks_like_code(&typed, why) => Query::BadCode { typed, why },
        Err(_) => Query::Unclear,
    }
}

/// Spaces, quotes, brackets, and the marks of bold text. No query begins or ends with one, except that an address may end
/// with `_` or `*`.
fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\''
                | '`'
                | '<'
                | '>'
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '‘'
                | '’'
                | '*'
                | '_'
                | '~'
                | '['
                | ']'
                | '('
                | ')'
        )
}

/// Returns how an answer names a query that was found in a longer text.
pub fn name(site: &Site, query: &Query) -> Option<String> {
    match query {
        Query::Tag(tag) => Some(tag.to_string()),
        Query::Code(code) => Some(code.to_string()),
        Query::Page { path, .. } => Some(format!("{}{path}", site.config.base_url)),
        Query::Campaign(_) | Query::OtherSite { .. } | Query::BadCode { .. } | Query::Unclear => None,
    }
}

/// Whether a word has a digit and about the length of a code, or the right characters and length.
fn looks_like_code(text: &str, why: NotACode) -> bool {
    let characters = text.chars().filter(|&c| c != '-').count();
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match why {
        NotACode::Length { .. } => {
            is_word && (8..=12).contains(&characters) && text.contains(|c: char| c.is_ascii_digit())
        }
        NotACode::Character(_) => is_word && text.contains(|c: char| c.is_ascii_digit()),
        NotACode::TypingError => true,
    }
}

/// Returns the codes with a right check character anywhere in a text, also in groups of characters: `hbwfe ka2zh`.
pub fn codes_in(text: &str) -> Vec<ShortCode> {
    let is_separator = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    let text = without_hidden(text, Spaces::Plain);
    let words: Vec<&str> = text.split(is_separator).filter(|word| !word.is_empty()).collect();
    let mut codes = Vec::new();
    for length in 1..=code::LENGTH {
        let groups = words.windows(length).map(<[&str]>::concat);
        codes.extend(groups.filter_map(|group| ShortCode::parse(&group).ok()));
    }
    codes
}

/// Accepts a whole URL, one without a scheme, and a path.
fn as_url(site: &Site, text: &str) -> Option<Url> {
    if text.contains(char::is_whitespace) {
        return None;
    }
    if text.contains("://") {
        return Url::parse(text).ok().filter(Url::has_host);
    }
    let base = Url::parse(&site.config.base_url.to_string()).ok()?;
    if text.starts_with(['/', '?']) {
        let joined = base.join(text).ok()?;
        // The register and the content have paths without the base path.
        let is_below = joined.path().starts_with(base.path());
        return if is_below { Some(joined) } else { base.join(text.trim_start_matches('/')).ok() };
    }
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let is_host = host.contains('.') && text.len() > host.len() || base.host_str() == Some(host);
    if is_host { Url::parse(&format!("https://{text}")).ok() } else { None }
}

fn parse_url(site: &Site, url: &Url) -> Query {
    let first = |name: &str| {
        url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    };
    // The lead tag is in a parameter, or after the `#` of a lead card.
    let providers = Provider::ALL.into_iter().filter_map(Provider::lead_tag).map(first);
    let ours = [first("utm_content"), first("via"), first("lead_tag"), url.fragment().map(str::to_owned)];
    if let Some(tag) = ours.into_iter().chain(providers).flatten().find_map(|text| lead_tag(&text)) {
        return Query::Tag(tag);
    }
    let parameters = UrlParameters {
        via: first("via"),
        source: first("utm_source"),
        medium: first("utm_medium"),
        campaign: first("utm_campaign"),
        click_id: CLICK_IDS.into_iter().find(|id| first(id).is_some_and(|value| !value.is_empty())),
        is_google_ad: GOOGLE_ADS_MARKS.iter().any(|mark| first(mark).is_some_and(|value| !value.is_empty())),
    };
    let path = percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
    match site.config.base_url.same_host(url).then(|| below_base(site, &path)).flatten() {
        Some(path) => parse_path(path, parameters),
        None => Query::OtherSite { host: url.host_str().unwrap_or_default().to_owned(), parameters },
    }
}

/// Parses the value of a parameter, which some programs encode twice.
fn lead_tag(text: &str) -> Option<LeadTag> {
    let decoded = percent_decode_str(text.trim()).decode_utf8().ok()?;
    LeadTag::parse(&decoded.to_lowercase()).ok()
}

/// Returns the path below the site's base path, without `index.html`.
fn below_base<'p>(site: &Site, path: &'p str) -> Option<&'p str> {
    let base = Url::parse(&site.config.base_url.to_string()).ok()?;
    let base = percent_decode_str(base.path()).decode_utf8_lossy().into_owned();
    let below = path.strip_prefix(&base).or_else(|| (format!("{path}/") == base).then_some(""))?;
    Some(below.strip_suffix("index.html").unwrap_or(below))
}

fn parse_path(path: &str, parameters: UrlParameters) -> Query {
    let lower = path.to_lowercase();
    let code = lower.strip_prefix("go/").map(|rest| rest.trim_end_matches('/'));
    match code.map(|typed| (typed, ShortCode::parse(typed))) {
        Some((_, Ok(code))) => Query::Code(code),
        Some((typed, Err(why))) => Query::BadCode { typed: typed.to_owned(), why },
        None => Query::Page { path: path.to_owned(), parameters },
    }
}
