//! Whom a new site is for. The answers are checked as `site.yaml` would be.

use super::SiteTemplate;
use crate::diagnostics::{Diagnostic, Severity};
use crate::load::Sources;
use crate::parse::site_yaml;
use crate::source::SourceText;
use crate::theme;

/// The company of the example.
pub const EXAMPLE_COMPANY: &str = "Harbour Bikes";

/// What the author answered or passed as options. `None`: the default.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub company: Option<String>,
    /// The domain of the published site, or its whole address.
    pub domain: Option<String>,
    /// A colour as in CSS.
    pub accent: Option<String>,
    /// A look of the theme.
    pub look: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
}

/// Valid values for a new `site.yaml`.
#[derive(Clone, Debug)]
pub struct Identity {
    pub company: String,
    pub base_url: String,
    pub accent: String,
    pub look: String,
    pub email: String,
    pub language: String,
}

impl Identity {
    /// Completes the answers with the defaults of a template.
    ///
    /// # Errors
    ///
    /// What is wrong with the first answer that cannot be used, and what to write instead.
    pub fn new(answers: &Answers, template: SiteTemplate) -> Result<Identity, String> {
        let (company, domain) = match template {
            SiteTemplate::Example => (EXAMPLE_COMPANY, "harbour-bikes.example"),
            SiteTemplate::Bare => ("Our campaigns", "campaigns.example"),
        };
        let or = |answer: &Option<String>, default: &str| answer.as_deref().unwrap_or(default).trim().to_owned();
        let base_url = base_url(&or(&answers.domain, domain));
        let identity = Identity {
            company: or(&answers.company, company),
            email: or(&answers.email, &format!("hello@{}", mail_host(&base_url))),
            accent: or(&answers.accent, "#0b5c8a"),
            look: or(&answers.look, "product"),
            language: or(&answers.language, "en"),
            base_url,
        };
        match identity.first_problem() {
            Some(problem) => Err(problem),
            None => Ok(identity),
        }
    }

    /// The values of placeholders.
    pub fn values(&self) -> [(&'static str, String); 10] {
        let Identity { company, base_url, accent, look, email, language } = self;
        [
            ("company", scalar(company)),
            ("company-markdown", markdown(company)),
            ("base-url", base_url.clone()),
            ("accent", accent.clone()),
            ("look", look.clone()),
            ("email", email.clone()),
            ("language", language.clone()),
            ("consent", scalar(&format!("I agree that {company} may contact me about this offer."))),
            ("home-title", scalar(&format!("{company}, the workshop by the water"))),
            ("whatsapp", quoted(&format!("Hello {company}, I have a question about a first service. My code is"))),
        ]
    }

    fn first_problem(&self) -> Option<String> {
        if self.company.is_empty() {
            return Some("the name of the company is empty".to_owned());
        }
        let Identity { company, base_url, accent, look, email, language } = self;
        let text = format!(
            "title: {company}\nbase_url: {}\nlanguage: {}\nlook: {}\ntheme_options: {{ accent: {} }}\norganization: {{ name: {company}, email: {} }}\n",
            quoted(base_url),
            quoted(language),
            quoted(look),
            quoted(accent),
            quoted(email),
            company = quoted(company),
        );
        let (read, mut diagnostics) = site_yaml::site(&SourceText::new("site.yaml", text));
        if let Some(config) = read.config {
            diagnostics.extend(theme::load(&config, &Sources::default()).1);
        }
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        diagnostics.iter().find(is_error).map(sentence)
    }
}

/// Returns the message and the help of a problem in one line.
fn sentence(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.labels.first().map(|label| label.text.as_str()).filter(|text| !text.is_empty());
    let parts =
        std::iter::once(diagnostic.message.as_str()).chain(label).chain(diagnostic.help.iter().map(String::as_str));
    parts.collect::<Vec<_>>().join("; ")
}

/// Returns the address of a site for a domain or an address: `kazi.example`, `https://kazi.example/offers/`.
fn base_url(domain: &str) -> String {
    match domain.contains("://") {
        true => domain.to_owned(),
        false => format!("https://{}/", domain.trim_end_matches('/')),
    }
}

fn mail_host(base_url: &str) -> &str {
    let host = base_url.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// Returns a text as a YAML value, in quotes if it needs them.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '&' | '-' | '/' | '(' | ')');
    let has_letters = text.starts_with(|c: char| c.is_alphabetic()) && text.chars().all(is_plain);
    // In `{ name: … }` a comma ends a value, and one word may be read as another type: `yes`, `null`.
    let is_word = !text.contains(' ') && text.len() < 6;
    if has_letters && !is_word && !text.contains(',') { text.to_owned() } else { quoted(text) }
}

/// Quotes a text for YAML. JSON strings are valid YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Escapes the characters with a meaning in Markdown.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#~|{}&!".contains(c) && !(c == '&' && text.contains(" & ")) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_answers_are_explained() {
        let with = |change: fn(&mut Answers)| {
            let mut answers = Answers::default();
            change(&mut answers);
            Identity::new(&answers, SiteTemplate::Example).unwrap_err()
        };
        for (error, expected) in [
            (with(|answers| answers.company = Some(" ".to_owned())), "empty"),
            (with(|answers| answers.domain = Some("kazi campaigns".to_owned())), "cannot be the site's address"),
            (with(|answers| answers.accent = Some("bluish".to_owned())), "colour"),
            (with(|answers| answers.look = Some("edtorial".to_owned())), "did you mean `editorial`?"),
            (with(|answers| answers.email = Some("rosa".to_owned())), "`rosa` is not an e-mail address"),
            (with(|answers| answers.language = Some("english".to_owned())), "`english` is not a language tag"),
        ] {
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn email_follows_from_the_domain() {
        for (domain, email) in [
            ("kazi.co.ke", "hello@kazi.co.ke"),
            ("www.kazi.co.ke/", "hello@kazi.co.ke"),
            ("https://offers.kazi.co.ke/spring/", "hello@offers.kazi.co.ke"),
        ] {
            let answers = Answers { domain: Some(domain.to_owned()), ..Answers::default() };
            assert_eq!(Identity::new(&answers, SiteTemplate::Bare).unwrap().email, email);
        }
    }
}
