//! Test leads: forms that were submitted on the preview server. They are stored in memory for the page "Test leads" and
//! sent nowhere.

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

/// Submissions that are stored. The oldest is removed first.
const MAX_SUBMISSIONS: usize = 100;

/// The request that a published page would have sent to a destination. `live.js` sends it as JSON.
#[derive(Clone, Debug, Deserialize)]
pub struct TestSubmission {
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub content_type: String,
    pub body: String,
    pub page: PagePath,
    /// The form's lead tag, or empty.
    #[serde(default)]
    pub lead_tag: String,
}

/// The path of a page on this server. Clients choose it, so it must not lead a browser to another host.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct PagePath(String);

impl PagePath {
    /// Rejects what a browser could take for another host or a script: `//host/`, `/\host/`, `javascript:`.
    pub fn parse(path: &str) -> Option<PagePath> {
        let is_rooted = path.starts_with('/') && !path.starts_with("//");
        let is_plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        (is_rooted && is_plain).then(|| PagePath(path.to_owned()))
    }
}

impl TryFrom<String> for PagePath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<PagePath, &'static str> {
        PagePath::parse(&path).ok_or("`page` is not a path on this server")
    }
}

impl fmt::Display for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Debug)]
pub struct StoredSubmission {
    pub number: usize,
    /// `14:03:09`
    pub time: String,
    pub submission: TestSubmission,
}

/// The latest submissions.
#[derive(Default)]
pub struct Submissions {
    state: Mutex<SubmissionsState>,
}

#[derive(Default)]
struct SubmissionsState {
    /// Number of submissions so far, including removed ones.
    count: usize,
    newest_first: VecDeque<StoredSubmission>,
}

impl Submissions {
    /// Stores a submission and returns its number.
    pub fn add(&self, submission: TestSubmission) -> usize {
        let mut state = sync::lock(&self.state);
        state.count += 1;
        if state.newest_first.len() >= MAX_SUBMISSIONS {
            state.newest_first.pop_back();
        }
        let number = state.count;
        let time = Zoned::now().strftime("%H:%M:%S").to_string();
        state.newest_first.push_front(StoredSubmission { number, time, submission });
        number
    }

    pub fn newest_first(&self) -> Vec<StoredSubmission> {
        sync::lock(&self.state).newest_first.iter().cloned().collect()
    }
}

impl TestSubmission {
    /// Creates a submission from a form that was posted without JavaScript.
    pub fn from_post(page: PagePath, content_type: String, body: String) -> TestSubmission {
        let lead_tag = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "lead_tag");
        let lead_tag = lead_tag.map(|(_, value)| value.into_owned()).unwrap_or_default();
        TestSubmission { method: "POST".to_owned(), url: page.to_string(), content_type, body, page, lead_tag }
    }

    /// Returns the form fields, or nothing if the body is not a form.
    pub fn fields(&self) -> Vec<(String, String)> {
        if !self.content_type.starts_with("application/x-www-form-urlencoded") {
            return Vec::new();
        }
        form_urlencoded::parse(self.body.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    /// Returns the body with line breaks and indentation, if it is JSON.
    pub fn pretty_json(&self) -> Option<String> {
        if !self.content_type.starts_with("application/json") {
            return None;
        }
        let value: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        serde_json::to_string_pretty(&value).ok()
    }

    /// Returns the name of the destination's kind, if the lead tag is known.
    pub fn destination(&self, built: &ServedSite) -> Option<&'static str> {
        let tag: LeadTag = LeadTag::parse(&self.lead_tag).ok()?;
        let original = built.site.campaign_page(&tag.campaign)?;
        let page = &built.site.pages[built.site.in_variant(original, tag.variant.as_ref())?];
        built.site.config.destination_of(page.present_cta(&tag.cta)?).map(Destination::title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_path_never_leads_to_another_host() {
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
    fn oldest_submission_is_removed_and_numbers_continue() {
        let submissions = Submissions::default();
        let page = || PagePath::parse("/spring/").unwrap();
        for number in 1..=MAX_SUBMISSIONS + 3 {
            let posted = TestSubmission::from_post(page(), String::new(), format!("lead_tag=a_b_c{number}"));
            assert_eq!(submissions.add(posted), number);
        }
        let stored = submissions.newest_first();
        assert_eq!(stored.len(), MAX_SUBMISSIONS);
        assert_eq!((stored[0].number, &*stored[0].submission.lead_tag), (MAX_SUBMISSIONS + 3, "a_b_c103"));
        assert_eq!(stored.last().unwrap().number, 4);
    }
}
