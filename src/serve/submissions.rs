//! Leads that were tried: what a form would have sent, kept in memory for the page that shows it. None goes anywhere.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

use jiff::Zoned;
use serde::Deserialize;
use url::form_urlencoded;

use crate::model::destination::Destination;
use crate::model::tag::LeadTag;
use crate::pipeline::session::ServedSite;
use crate::sync;

/// How many are kept; the oldest goes first.
const MAX_SUBMISSIONS: usize = 100;

/// A request that a page of the site would have made to send its lead.
#[derive(Clone, Debug, Deserialize)]
pub struct Tried {
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub content_type: String,
    pub body: String,
    pub page: PagePath,
    /// As the form has it; empty where there is none.
    #[serde(default)]
    pub lead_tag: String,
}

/// The address of a page on this server. Whoever follows it stays here, whatever a stranger has sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct PagePath(String);

impl PagePath {
    /// None where a browser could read another host or a script in it: `//host/`, `/\host/`, `javascript:`.
    pub fn parse(path: &str) -> Option<PagePath> {
        let is_rooted = path.starts_with('/') && !path.starts_with("//");
        let is_plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        (is_rooted && is_plain).then(|| PagePath(path.to_owned()))
    }
}

impl TryFrom<String> for PagePath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<PagePath, &'static str> {
        PagePath::parse(&path).ok_or("`page` is no address of this server")
    }
}

impl fmt::Display for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One that is kept.
#[derive(Clone, Debug)]
pub struct StoredLead {
    pub number: usize,
    /// `14:03:09`
    pub time: String,
    pub tried: Tried,
}

/// The last leads that were tried.
#[derive(Default)]
pub struct Leads {
    stored: Mutex<(usize, VecDeque<StoredLead>)>,
}

impl Leads {
    pub fn keep(&self, tried: Tried) -> usize {
        let mut stored = sync::lock(&self.stored);
        let (count, leads) = &mut *stored;
        *count += 1;
        if leads.len() >= MAX_SUBMISSIONS {
            leads.pop_back();
        }
        leads.push_front(StoredLead { number: *count, time: Zoned::now().strftime("%H:%M:%S").to_string(), tried });
        *count
    }

    /// The last one first.
    pub fn all(&self) -> Vec<StoredLead> {
        sync::lock(&self.stored).1.iter().cloned().collect()
    }
}

impl Tried {
    /// What a browser posts that runs no script.
    pub fn posted(page: PagePath, content_type: String, body: String) -> Tried {
        let lead_tag = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "lead_tag");
        let lead_tag = lead_tag.map(|(_, value)| value.into_owned()).unwrap_or_default();
        Tried { method: "POST".to_owned(), url: page.to_string(), content_type, body, page, lead_tag }
    }

    /// The fields as they would have been sent; none where it is no form.
    pub fn fields(&self) -> Vec<(String, String)> {
        if !self.content_type.starts_with("application/x-www-form-urlencoded") {
            return Vec::new();
        }
        form_urlencoded::parse(self.body.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    /// JSON for people: with its lines.
    pub fn json(&self) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(&self.body).ok().filter(|_| self.is_json())?;
        serde_json::to_string_pretty(&value).ok()
    }

    fn is_json(&self) -> bool {
        self.content_type.starts_with("application/json")
    }

    /// The destination's kind, for people, where the lead tag leads to one.
    pub fn destination(&self, built: &ServedSite) -> Option<&'static str> {
        let tag: LeadTag = LeadTag::parse(&self.lead_tag).ok()?;
        let page = &built.site.pages[built.site.campaign_page(&tag.campaign)?];
        built.site.config.destination_of(page.present_cta(&tag.cta)?).map(Destination::title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_lead_is_on_this_server() {
        for (path, expected) in [
            ("/", true),
            ("/spring-hiring/via/acme/", true),
            ("/caf%C3%A9/", true),
            ("", false),
            ("spring/", false),
            ("//evil.example/", false),
            ("/\\evil.example/", false),
            ("/\t/evil.example/", false),
            ("javascript:alert(1)", false),
            ("https://evil.example/", false),
            ("/a\r\nset-cookie: a=b", false),
        ] {
            assert_eq!(PagePath::parse(path).is_some(), expected, "{path:?}");
        }
    }

    #[test]
    fn the_oldest_lead_goes_first_and_numbers_go_on() {
        let leads = Leads::default();
        let page = || PagePath::parse("/spring/").unwrap();
        for number in 1..=MAX_SUBMISSIONS + 3 {
            let posted = Tried::posted(page(), String::new(), format!("lead_tag=a_b_c{number}"));
            assert_eq!(leads.keep(posted), number);
        }
        let stored = leads.all();
        assert_eq!(stored.len(), MAX_SUBMISSIONS);
        assert_eq!((stored[0].number, &*stored[0].tried.lead_tag), (MAX_SUBMISSIONS + 3, "a_b_c103"));
        assert_eq!(stored.last().unwrap().number, 4);
    }
}
