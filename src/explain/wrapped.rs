//! Takes a lead tag or a link out of what mail scanners, redirects and exports wrap around it.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::base_url::BaseUrl;
use crate::model::tag::LeadTag;

/// The parameters that carry a lead tag, as people copy them: `utm_content=spring_save_acme`.
const LEAD_TAG_PARAMETERS: [&str; 3] = ["utm_content", "lead_tag", "via"];

/// Returns what a text is wrapped around: the lead tag of `utm_content=…`, a percent-encoded link as plain text, or the link
/// in the address of a mail scanner or of a redirect. Returns `None` for a text that is wrapped around nothing.
pub fn unwrap(base: &BaseUrl, text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) {
        return None;
    }
    let Some(url) = text.contains("://").then(|| Url::parse(text).ok()).flatten() else {
        return lead_tag_of_parameter(text).or_else(|| decoded(text));
    };
    if base.same_host(&url) || has_lead_tag(&url) {
        return None;
    }
    by_proofpoint(&url).or_else(|| link_in_parameter(&url))
}

/// Whether a link to another site has a lead tag of its own.
fn has_lead_tag(url: &Url) -> bool {
    url.query_pairs().any(|(_, value)| LeadTag::parse(&value.trim().to_lowercase()).is_ok())
}

fn lead_tag_of_parameter(text: &str) -> Option<String> {
    text.split(['?', '&', ';', ',', '{']).find_map(|pair| {
        let (name, value) = pair.split_once(['=', ':']).filter(|(name, _)| !name.contains('/'))?;
        let name = name.trim_matches('"');
        LEAD_TAG_PARAMETERS.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        let value = percent_decode_str(value).decode_utf8().ok()?;
        let value = value.trim_matches(|c: char| !c.is_alphanumeric());
        LeadTag::parse(&value.to_lowercase()).is_ok().then(|| value.to_owned())
    })
}

/// Returns a percent-encoded link or lead tag as plain text.
fn decoded(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let is_encoded =
        lower.contains("%3a%2f%2f") || lower.contains("%253a%252f") || lower.contains("%5f") || lower.contains("%3d");
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|_| is_encoded)?;
    (decoded != text).then(|| decoded.into_owned())
}

/// Returns the link in a parameter: Outlook's Safe Links and Slack have it in `url`, Google in `q` or `url`, Facebook in `u`.
fn link_in_parameter(url: &Url) -> Option<String> {
    let mut values = url.query_pairs().map(|(_, value)| value.into_owned());
    values.find(|value| value.starts_with("https://") || value.starts_with("http://"))
}

/// Returns the link in an address of Proofpoint: between `__` and `__;` in the path of version 3, and in the parameter `u` of
/// version 2, which writes `-3A` for `%3A` and `_` for `/`.
fn by_proofpoint(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    if !["urldefense.com", "urldefense.us", "urldefense.proofpoint.com"].contains(&host) {
        return None;
    }
    if let Some((_, rest)) = url.as_str().split_once("/v3/__") {
        let link = rest.split("__;").next()?;
        // Some clients make one slash of two.
        return Some(if link.contains("://") { link.to_owned() } else { link.replacen(":/", "://", 1) });
    }
    let (_, value) = url.query_pairs().find(|(name, _)| name == "u")?;
    let encoded = value.replace('_', "/").replace('-', "%");
    Some(percent_decode_str(&encoded).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_is_found_in_other_addresses() {
        let base = BaseUrl::parse("https://kazi.example/").unwrap();
        let link = "https://kazi.example/spring/?utm_content=spring_save_acme";
        for text in [
            "https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme",
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme&data=05%7C02&reserved=0",
            "https://www.google.com/url?q=https://kazi.example/spring/?utm_content%3Dspring_save_acme&sa=D",
            "https://slack-redir.net/link?url=https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme",
            "https://urldefense.com/v3/__https://kazi.example/spring/?utm_content=spring_save_acme__;!!abc$",
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__kazi.example_spring_-3Futm-5Fcontent-3Dspring-5Fsave-5Facme&d=Dw",
        ] {
            assert_eq!(unwrap(&base, text).as_deref(), Some(link), "{text}");
        }
        for text in [
            "utm_content=spring_save_acme",
            "?utm_content=spring_save_acme&utm_source=news",
            "\"lead_tag\":\"spring_save_acme\"",
            "spring%5Fsave%5Facme",
        ] {
            assert_eq!(unwrap(&base, text).as_deref(), Some("spring_save_acme"), "{text}");
        }
        for text in
            [link, "spring_save_acme", "spring", "https://cal.example.com/?utm_content=spring_save_acme", "50%25 off"]
        {
            assert_eq!(unwrap(&base, text), None, "{text}");
        }
    }
}
