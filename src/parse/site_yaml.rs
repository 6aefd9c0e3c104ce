//! `site.yaml`: from its text to a [`SiteConfig`].

use std::sync::Arc;

use indexmap::IndexMap;

use super::shape::{self, Fields, Reader};
use super::yaml::{self, Node, Value};
use super::{channel, destination, levels, policy};
use crate::diagnostics::{Diagnostic, Levels, Severity};
use crate::model::address::{BaseUrl, NotABaseUrl, WebUrl};
use crate::model::destination::Destination;
use crate::model::site::{
    Analytics, Attribution, Consent, Leads, NavigationItem, NavigationTarget, Organization, RespondWithin, SiteConfig,
    Storage, ThemeOption, Unasked,
};
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

/// What could be read of `site.yaml`.
pub struct SiteRead {
    /// `None` where something in it is wrong.
    pub config: Option<SiteConfig>,
    /// What it makes of the rules, which holds for the pages of a site with mistakes too.
    pub levels: Levels,
}

/// Reads `site.yaml`.
pub fn site(source: &Arc<SourceText>) -> (SiteRead, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let tree = yaml::read(source, 0..source.text.len(), &mut found);
    let partial = tree.partial || !found.is_empty();
    let mut reader = Reader { source, found, partial };
    let mut levels = Levels::default();
    let config = match &tree.root {
        Some(root) => config(&mut reader, root, &mut levels),
        None if reader.found.is_empty() => {
            let diagnostic = Diagnostic::error(Rule::MissingKey, "`site.yaml` is empty").in_file(&source.path);
            reader.found.push(diagnostic.help("it needs at least a `title` and a `base_url`"));
            None
        }
        None => None,
    };
    let broken = reader.found.iter().any(|d| d.severity == Severity::Error);
    (SiteRead { config: config.filter(|_| !broken), levels }, reader.found)
}

fn config(reader: &mut Reader, root: &Node, levels: &mut Levels) -> Option<SiteConfig> {
    let mut fields = Fields::of(reader, root, "a site")?;
    let title = fields.required(reader, "title", shape::text);
    let base_url = fields.required(reader, "base_url", base_url);
    let language = fields.optional(reader, "language", language).unwrap_or_else(default_language);
    let timezone = fields.optional(reader, "timezone", timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let theme = fields.optional(reader, "theme", shape::id);
    let theme_options = fields.optional(reader, "theme_options", theme_options);
    let organization = fields.optional(reader, "organization", organization);
    let navigation = fields.optional(reader, "navigation", |reader, node| shape::list(reader, node, navigation_item));
    let channels = fields.optional(reader, "channels", channel::channels);
    let destinations = fields.optional(reader, "destinations", |reader, node| {
        shape::by_id(reader, node, "destination", |reader, _, node| destination::destination(reader, node))
    });
    let leads = fields.optional(reader, "leads", leads);
    let attribution = fields.optional(reader, "attribution", attribution);
    let analytics = fields.optional(reader, "analytics", analytics);
    let raw_html = fields.optional(reader, "markdown", raw_html);
    let unasked = fields.optional(reader, "check", check);
    let policy = fields.optional(reader, "security", policy::security);
    *levels = fields.optional(reader, "rules", levels::levels).unwrap_or_default();
    fields.finish(reader);
    let destinations: IndexMap<Slug, Destination> = destinations.unwrap_or_default();
    let all_read = !reader.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let leads = leads.unwrap_or_default();
    // A destination that seems to be missing may only be unreadable.
    if let Some(deliver_to) = leads.deliver_to.as_ref().filter(|_| all_read) {
        known_destination(reader, deliver_to, &destinations);
    }
    Some(SiteConfig {
        source: Arc::clone(reader.source),
        title: title?,
        base_url: base_url?,
        language,
        timezone,
        theme: theme.or_else(default_theme)?,
        theme_options: theme_options.unwrap_or_default(),
        organization,
        navigation: navigation.unwrap_or_default(),
        channels: channels.unwrap_or_default(),
        destinations,
        leads,
        attribution: attribution.unwrap_or_default(),
        analytics,
        raw_html: raw_html.unwrap_or(false),
        levels: levels.clone(),
        policy: policy.unwrap_or_default(),
        unasked: unasked.unwrap_or_default(),
    })
}

fn default_language() -> Located<String> {
    Located { value: "en".to_owned(), span: crate::source::Span::new(0, 0) }
}

fn default_theme() -> Option<Located<Slug>> {
    let span = crate::source::Span::new(0, 0);
    Slug::parse("launch").ok().map(|value| Located { value, span })
}

fn known_destination(reader: &mut Reader, named: &Located<Slug>, known: &IndexMap<Slug, Destination>) {
    if known.contains_key(&named.value) {
        return;
    }
    let diagnostic = Diagnostic::error(Rule::UnknownDestination, format!("there is no destination `{}`", named.value))
        .at(reader.source, named.span, "not among `destinations`")
        .suggest(named.value.as_str(), known.keys().map(Slug::as_str))
        .or_help(format!("add it: `destinations: {{ {}: {{ endpoint: https://… }} }}`", named.value));
    reader.found.push(diagnostic);
}

fn base_url(reader: &mut Reader, node: &Node) -> Option<BaseUrl> {
    let text = shape::text(reader, node)?;
    match BaseUrl::parse(&text) {
        Ok(url) => Some(url),
        Err(why) => {
            let (label, help) = base_url_cure(&why);
            reader.error_with_help(
                Rule::BadUrl,
                node.span,
                format!("`{text}` cannot be the site's address"),
                label,
                help,
            );
            None
        }
    }
}

/// What is wrong with a base URL, and what to write instead.
pub fn base_url_cure(why: &NotABaseUrl) -> (&'static str, &'static str) {
    match why {
        NotABaseUrl::Unreadable => ("not a whole address", "write it as in `https://kazi.example/`"),
        NotABaseUrl::Scheme => ("neither https nor http on this machine", "write `https://`"),
        NotABaseUrl::TooMuch => ("more than scheme, host and path", "leave out user, query and fragment"),
    }
}

/// A language tag's form, after RFC 5646: letters, then parts of up to eight letters or digits.
fn language(reader: &mut Reader, node: &Node) -> Option<Located<String>> {
    let text = shape::text(reader, node)?;
    let mut parts = text.split('-');
    let primary =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    if primary && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Some(Located { value: text, span: node.span });
    }
    reader.error(
        Rule::BadLanguage,
        node.span,
        format!("`{text}` is no language tag"),
        "write it as in `en`, `de` or `pt-BR`",
    );
    None
}

fn timezone(reader: &mut Reader, node: &Node) -> Option<jiff::tz::TimeZone> {
    let text = shape::text(reader, node)?;
    match jiff::tz::TimeZone::get(&text) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let diagnostic = Diagnostic::error(Rule::BadTimezone, format!("there is no time zone `{text}`"))
                .at(reader.source, node.span, "write it as in `Africa/Nairobi` or `UTC`")
                .suggest(&text, known.iter().map(String::as_str));
            let city =
                known.iter().find(|name| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&text)));
            reader.found.push(match city {
                Some(name) if diagnostic.help.is_empty() => diagnostic.help(format!("did you mean `{name}`?")),
                _ => diagnostic,
            });
            None
        }
    }
}

fn theme_options(reader: &mut Reader, node: &Node) -> Option<Vec<ThemeOption>> {
    Fields::of(reader, node, "`theme_options`")?;
    let Value::Map(entries) = &node.value else { return None };
    let options = entries.iter().map(|(key, node)| ThemeOption {
        name: Located { value: key.text.clone(), span: key.span },
        text: match &node.value {
            Value::Scalar { text, .. } => Some(text.clone()),
            Value::List(_) | Value::Map(_) | Value::Null => None,
        },
        value: Located { value: shape::json(node), span: node.span },
    });
    Some(options.collect())
}

fn organization(reader: &mut Reader, node: &Node) -> Option<Organization> {
    let mut fields = Fields::of(reader, node, "an organization")?;
    let name = fields.required(reader, "name", shape::text);
    let logo = fields.optional(reader, "logo", shape::located_text);
    let email = fields.optional(reader, "email", shape::email);
    let phone = fields.optional(reader, "phone", shape::text);
    fields.finish(reader);
    Some(Organization { name: name?, logo, email, phone })
}

fn navigation_item(reader: &mut Reader, node: &Node) -> Option<NavigationItem> {
    let mut fields = Fields::of(reader, node, "an entry of the navigation")?;
    let label = fields.required(reader, "label", shape::text);
    let page = fields.optional(reader, "page", shape::located_text);
    let url = fields.optional(reader, "url", |reader, node| {
        Some(Located { value: shape::web_url(reader, node)?, span: node.span })
    });
    let to = match (page, url) {
        (Some(page), None) => Some(NavigationTarget::Page(page)),
        (None, Some(url)) => Some(NavigationTarget::Url(url)),
        (None, None) if fields.has("page") || fields.has("url") => None,
        _ => {
            reader.error(
                Rule::MissingKey,
                fields.span,
                "an entry of the navigation leads to a `page` or a `url`",
                "exactly one of the two",
            );
            None
        }
    };
    fields.finish(reader);
    Some(NavigationItem { label: label?, to: to? })
}

fn leads(reader: &mut Reader, node: &Node) -> Option<Leads> {
    let mut fields = Fields::of(reader, node, "`leads`")?;
    let deliver_to = fields.optional(reader, "deliver_to", shape::id);
    let owner = fields.optional(reader, "owner", shape::email);
    let respond_within = fields.optional(reader, "respond_within", respond_within);
    let desk_url = fields.optional(reader, "desk_url", desk_url);
    let consent = fields.optional(reader, "consent", consent);
    fields.finish(reader);
    Some(Leads { deliver_to, owner, respond_within, desk_url, consent })
}

fn desk_url(reader: &mut Reader, node: &Node) -> Option<WebUrl> {
    let url = shape::web_url(reader, node)?;
    if url.url().fragment().is_some() {
        reader.error(Rule::BadUrl, node.span, "this address has a `#`", "the lead tag stands behind a `#` of its own");
        return None;
    }
    Some(url)
}

fn respond_within(reader: &mut Reader, node: &Node) -> Option<RespondWithin> {
    let text = shape::text(reader, node)?;
    let duration = RespondWithin::parse(&text);
    if duration.is_none() {
        reader.error(
            Rule::BadDuration,
            node.span,
            format!("`{text}` is no duration"),
            "write it as in `45m`, `1h` or `2d`",
        );
    }
    duration
}

fn consent(reader: &mut Reader, node: &Node) -> Option<Consent> {
    let mut fields = Fields::of(reader, node, "`consent`")?;
    let text = fields.required(reader, "text", shape::text);
    let version = fields.optional(reader, "version", shape::text);
    fields.finish(reader);
    Some(Consent { text: text?, version })
}

fn attribution(reader: &mut Reader, node: &Node) -> Option<Attribution> {
    let mut fields = Fields::of(reader, node, "`attribution`")?;
    let storage = fields.optional(reader, "storage", storage);
    let require_consent = fields.optional(reader, "require_consent", shape::flag);
    fields.finish(reader);
    Some(Attribution { storage: storage.unwrap_or_default(), require_consent: require_consent.unwrap_or(false) })
}

fn storage(reader: &mut Reader, node: &Node) -> Option<Storage> {
    let text = shape::text(reader, node)?;
    match text.as_str() {
        "none" => Some(Storage::None),
        "session" => Some(Storage::Session),
        "local" => Some(Storage::Local),
        _ => {
            let diagnostic = Diagnostic::error(Rule::WrongType, format!("there is no storage `{text}`"))
                .at(reader.source, node.span, "`none`, `session` or `local` is expected here")
                .suggest(&text, ["none", "session", "local"]);
            reader.found.push(diagnostic);
            None
        }
    }
}

fn analytics(reader: &mut Reader, node: &Node) -> Option<Analytics> {
    let mut fields = Fields::of(reader, node, "`analytics`")?;
    let plausible = fields.optional(reader, "plausible", plausible_domain);
    let gtm = fields.optional(reader, "gtm", gtm_container);
    let analytics = match (fields.has("plausible"), fields.has("gtm")) {
        (true, false) => plausible.map(Analytics::Plausible),
        (false, true) => gtm.map(Analytics::Gtm),
        (both, _) => {
            let message = if both { "two kinds of analytics at once" } else { "this names no analytics" };
            reader.error(Rule::BadAnalytics, fields.span, message, "`plausible` or `gtm`, one of the two");
            None
        }
    };
    fields.finish(reader);
    analytics
}

/// The site's domain as Plausible knows it: a host, or several with commas between them for a roll-up.
fn plausible_domain(reader: &mut Reader, node: &Node) -> Option<String> {
    let domain = shape::text(reader, node)?;
    let in_domain = |c: char| c.is_ascii_alphanumeric() || ".-,/".contains(c);
    if domain.contains('.') && domain.chars().all(in_domain) {
        return Some(domain);
    }
    let help = "write it as Plausible's settings have it: `kazi.example`, without `https://`";
    reader.error_with_help(
        Rule::BadAnalytics,
        node.span,
        format!("`{domain}` is no domain"),
        "a domain is expected here",
        help,
    );
    None
}

/// A container's id: `GTM-` and capitals and digits.
fn gtm_container(reader: &mut Reader, node: &Node) -> Option<String> {
    let id = shape::text(reader, node)?;
    let is_id = id.strip_prefix("GTM-").is_some_and(|rest| {
        (4..=12).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    if is_id {
        return Some(id);
    }
    let help = match id.starts_with("G-") || id.starts_with("UA-") || id.starts_with("AW-") {
        true => "this is the id of a property: name the container that has it, as in `GTM-ABC1234`",
        false => "write it as Tag Manager shows it: `GTM-ABC1234`",
    };
    reader.error_with_help(
        Rule::BadAnalytics,
        node.span,
        format!("`{id}` is no container of Tag Manager"),
        "an id such as `GTM-ABC1234` is expected here",
        help,
    );
    None
}

fn raw_html(reader: &mut Reader, node: &Node) -> Option<bool> {
    let mut fields = Fields::of(reader, node, "`markdown`")?;
    let raw_html = fields.optional(reader, "raw_html", shape::flag);
    fields.finish(reader);
    raw_html
}

/// `check: { external: { allow: [linkedin.com] } }`
fn check(reader: &mut Reader, node: &Node) -> Option<Vec<Unasked>> {
    let mut fields = Fields::of(reader, node, "`check`")?;
    let unasked = fields.optional(reader, "external", |reader, node| {
        let mut fields = Fields::of(reader, node, "`external`")?;
        let unasked = fields.optional(reader, "allow", |reader, node| shape::list(reader, node, self::unasked));
        fields.finish(reader);
        unasked
    });
    fields.finish(reader);
    unasked
}

fn unasked(reader: &mut Reader, node: &Node) -> Option<Unasked> {
    let text = shape::text(reader, node)?;
    let unasked = Unasked::parse(&text);
    if unasked.is_none() {
        let help = "write a host, `linkedin.com`, or the beginning of an address, `https://kazi.example/app/`";
        reader.error_with_help(
            Rule::BadUrl,
            node.span,
            format!("`{text}` is neither a host nor an address"),
            "would match nothing",
            help,
        );
    }
    unasked
}
