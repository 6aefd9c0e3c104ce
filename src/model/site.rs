//! `site.yaml` as a value.

use std::sync::Arc;

use indexmap::IndexMap;
use url::Url;

use super::address::{BaseUrl, WebUrl};
use super::channel::Channel;
use super::cta::Cta;
use super::destination::Destination;
use super::policy::Sources;
use crate::diagnostics::Levels;
use crate::model::slug::Slug;
use crate::source::{Located, SourceText};

#[derive(Debug)]
pub struct SiteConfig {
    /// The file that it was read from.
    pub source: Arc<SourceText>,
    pub title: String,
    pub base_url: BaseUrl,
    pub language: Located<String>,
    pub timezone: jiff::tz::TimeZone,
    pub theme: Located<Slug>,
    pub theme_options: Vec<ThemeOption>,
    pub organization: Option<Organization>,
    pub navigation: Vec<NavigationItem>,
    pub channels: IndexMap<Slug, Channel>,
    pub destinations: IndexMap<Slug, Destination>,
    pub leads: Leads,
    pub attribution: Attribution,
    pub analytics: Option<Analytics>,
    pub raw_html: bool,
    pub levels: Levels,
    /// What the site adds to its Content-Security-Policy.
    pub policy: Sources,
    /// What `check --external` does not ask.
    pub unasked: Vec<Unasked>,
}

/// An entry of `theme_options`, as written. The theme defines what it means.
#[derive(Debug)]
pub struct ThemeOption {
    pub name: Located<String>,
    /// The text of a scalar; `None` for a list, a map or nothing.
    pub text: Option<String>,
    pub value: Located<serde_json::Value>,
}

#[derive(Debug)]
pub struct Organization {
    pub name: String,
    /// A path as the author wrote it.
    pub logo: Option<Located<String>>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

#[derive(Debug)]
pub struct NavigationItem {
    pub label: String,
    pub to: NavigationTarget,
}

#[derive(Debug)]
pub enum NavigationTarget {
    /// A page's file, as the author wrote it, perhaps with an anchor.
    Page(Located<String>),
    Url(Located<WebUrl>),
}

/// Addresses that are taken for good without being asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Unasked {
    /// Those of a host and of all below it, in lower case: `linkedin.com`.
    Host(String),
    /// Those that begin with this one.
    Below(WebUrl),
}

#[derive(Debug, Default)]
pub struct Leads {
    pub deliver_to: Option<Located<Slug>>,
    /// Who follows up unless a campaign says otherwise.
    pub owner: Option<String>,
    pub respond_within: Option<RespondWithin>,
    /// Where `sales/` is deployed.
    pub desk_url: Option<WebUrl>,
    pub consent: Option<Consent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RespondWithin {
    pub amount: u32,
    pub unit: TimeUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Minutes,
    Hours,
    Days,
}

#[derive(Debug)]
pub struct Consent {
    pub text: String,
    pub version: Option<String>,
}

#[derive(Debug, Default)]
pub struct Attribution {
    pub storage: Storage,
    pub require_consent: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    #[default]
    None,
    Session,
    Local,
}

impl SiteConfig {
    /// Where a form's leads go: to its own destination, else to that of all forms.
    pub fn destination_of(&self, cta: &Cta) -> Option<&Destination> {
        let named = cta.deliver_to.as_ref().or(self.leads.deliver_to.as_ref())?;
        self.destinations.get(&named.value)
    }
}

/// What measures visits, and is told of each lead that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Analytics {
    /// The site's domain there.
    Plausible(String),
    /// A container of Google Tag Manager: `GTM-ABC1234`.
    Gtm(String),
}

impl Unasked {
    /// `linkedin.com`, or `https://kazi.example/app/`.
    pub fn parse(text: &str) -> Option<Unasked> {
        if text.contains("://") {
            return WebUrl::parse(text).ok().map(Unasked::Below);
        }
        let is_label =
            |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_host = text.contains('.') && text.split('.').all(is_label);
        is_host.then(|| Unasked::Host(text.to_ascii_lowercase()))
    }

    pub fn covers(&self, url: &Url) -> bool {
        match self {
            Unasked::Host(own) => {
                let host = url.host_str().unwrap_or_default();
                host.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Unasked::Below(start) => url.as_str().starts_with(start.url().as_str()),
        }
    }
}

impl RespondWithin {
    /// `45m`, `1h`, `2d`.
    pub fn parse(text: &str) -> Option<RespondWithin> {
        let unit = match text.chars().last()? {
            'm' => TimeUnit::Minutes,
            'h' => TimeUnit::Hours,
            'd' => TimeUnit::Days,
            _ => return None,
        };
        let amount = text[..text.len() - 1].parse().ok().filter(|&amount| amount > 0)?;
        Some(RespondWithin { amount, unit })
    }
}

impl std::fmt::Display for RespondWithin {
    /// For people: `1 hour`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            TimeUnit::Minutes => "minute",
            TimeUnit::Hours => "hour",
            TimeUnit::Days => "day",
        };
        write!(f, "{} {unit}{}", self.amount, if self.amount == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_unasked_with_all_below_it_and_an_address_with_what_begins_like_it() {
        for (unasked, url, expected) in [
            ("linkedin.com", "https://linkedin.com/kazi", true),
            ("LinkedIn.com", "https://www.linkedin.com/", true),
            ("linkedin.com", "https://notlinkedin.com/", false),
            ("https://a.example/app/", "https://a.example/app/login", true),
            ("https://a.example/app/", "https://a.example/", false),
            ("127.0.0.1", "http://127.0.0.1:4000/", true),
        ] {
            let parsed = Unasked::parse(unasked).unwrap();
            assert_eq!(parsed.covers(&Url::parse(url).unwrap()), expected, "{unasked} for {url}");
        }
        for bad in ["linkedin", "*.linkedin.com", "linkedin.com/in", "mailto:a@b.example", ""] {
            assert_eq!(Unasked::parse(bad), None, "{bad}");
        }
    }
}
