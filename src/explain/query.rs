//! What a person asks about: a lead tag, a short code, an address or a campaign, told apart as they are pasted from a
//! CRM, a browser or a poster.

use percent_encoding::percent_decode_str;
use url::Url;

use super::Known;
use crate::model::channel::CLICK_IDS;
use crate::model::code::{NotACode, ShortCode};
use crate::model::provider::Provider;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::resolve::Site;

/// What a text asks about. Nothing is looked up yet, but for the site's own address and the ids of campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Tag(LeadTag),
    Code(ShortCode),
    Campaign(Slug),
    /// On the site itself: the path below the base path, decoded, and what the query says.
    Page {
        path: String,
        query: Query,
    },
    /// On another host, without a lead tag.
    Elsewhere {
        host: String,
        query: Query,
    },
    /// Looks like a code and is none.
    BadCode {
        typed: String,
        why: NotACode,
    },
    /// Nothing of these; with `_`, a lead tag with something wrong.
    Unclear,
}

/// The parameters of an address that name a source, as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub via: Option<String>,
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    /// The first parameter by which an ad platform knows a click again.
    pub click_id: Option<&'static str>,
}

impl Query {
    /// Whether it says where the visitor comes from, be it known or not.
    pub fn names_a_source(&self) -> bool {
        let Query { via, source, medium: _, campaign: _, click_id } = self;
        via.is_some() || source.is_some() || click_id.is_some()
    }
}

/// Tells apart what is asked. Spaces, quotes and capital letters around it don't count.
pub fn read(known: &Known, text: &str) -> Asked {
    let site = known.site;
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '“' | '”'));
    if let Some(url) = as_url(site, text) {
        return of_url(site, &url);
    }
    // A card of the lead desk that is opened from the file system is a path, `#` and its lead tag.
    let lower = text.rsplit('#').next().unwrap_or_default().to_lowercase();
    if let Ok(tag) = LeadTag::parse(&lower) {
        return Asked::Tag(tag);
    }
    if let Some(campaign) = Slug::parse(&lower).ok().filter(|id| known.has_campaign(id)) {
        return Asked::Campaign(campaign);
    }
    // Ten characters are read and typed in groups.
    let typed: String = lower.split_whitespace().collect();
    match ShortCode::parse(&typed) {
        Ok(code) => Asked::Code(code),
        // Words of ten letters together are no code.
        Err(_) if typed != lower && !typed.contains(|c: char| c.is_ascii_digit()) => Asked::Unclear,
        Err(why) if looks_like_code(&typed, why) => Asked::BadCode { typed, why },
        Err(_) => Asked::Unclear,
    }
}

/// One word of about a code's length with a digit in it, or one of the right length.
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

/// An address as people paste it: whole, from its host on, or from the path on.
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
        // The register and the content have addresses without the base path.
        let is_below = joined.path().starts_with(base.path());
        return if is_below { Some(joined) } else { base.join(text.trim_start_matches('/')).ok() };
    }
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let is_host = host.contains('.') && text.len() > host.len() || base.host_str() == Some(host);
    if is_host { Url::parse(&format!("https://{text}")).ok() } else { None }
}

fn of_url(site: &Site, url: &Url) -> Asked {
    let first = |name: &str| {
        url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    };
    // The lead tag as a parameter, or behind the `#` of the lead desk.
    let providers = Provider::ALL.into_iter().filter_map(Provider::lead_tag).map(first);
    let ours = [first("utm_content"), first("via"), first("lead_tag"), url.fragment().map(str::to_owned)];
    if let Some(tag) =
        ours.into_iter().chain(providers).flatten().find_map(|text| LeadTag::parse(&text.trim().to_lowercase()).ok())
    {
        return Asked::Tag(tag);
    }
    let query = Query {
        via: first("via"),
        source: first("utm_source"),
        medium: first("utm_medium"),
        campaign: first("utm_campaign"),
        click_id: CLICK_IDS.into_iter().find(|id| first(id).is_some_and(|value| !value.is_empty())),
    };
    let path = percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
    match site.config.base_url.same_host(url).then(|| below_base(site, &path)).flatten() {
        Some(path) => of_path(path, query),
        None => Asked::Elsewhere { host: url.host_str().unwrap_or_default().to_owned(), query },
    }
}

/// The path below the site's base path; without `index.html`.
fn below_base<'p>(site: &Site, path: &'p str) -> Option<&'p str> {
    let base = Url::parse(&site.config.base_url.to_string()).ok()?;
    let base = percent_decode_str(base.path()).decode_utf8_lossy().into_owned();
    let below = path.strip_prefix(&base).or_else(|| (format!("{path}/") == base).then_some(""))?;
    Some(below.strip_suffix("index.html").unwrap_or(below))
}

fn of_path(path: &str, query: Query) -> Asked {
    let lower = path.to_lowercase();
    let code = lower.strip_prefix("go/").map(|rest| rest.trim_end_matches('/'));
    match code.map(|typed| (typed, ShortCode::parse(typed))) {
        Some((_, Ok(code))) => Asked::Code(code),
        Some((typed, Err(why))) => Asked::BadCode { typed: typed.to_owned(), why },
        None => Asked::Page { path: path.to_owned(), query },
    }
}
