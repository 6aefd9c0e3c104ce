//! The content of `site.yaml`, with its keys and its reader.

pub mod analytics;
pub mod external;
pub mod footer;
mod language;
pub mod languages;
pub mod leads;
mod legal;
pub mod link;
pub mod organization;
mod scalars;
pub mod visits;

use std::sync::Arc;

use indexmap::IndexMap;

pub use analytics::{Analytics, Matomo};
pub use external::TrustedAddresses;
pub use footer::Footer;
pub use languages::SiteLanguage;
pub use leads::{Leads, RespondWithin, TimeUnit};
pub use legal::LegalPage;
pub use link::{LinkTarget, SiteLink};
pub use organization::Organization;
pub use scalars::base_url_help;
pub use visits::{Attribution, Storage};

use super::base_url::BaseUrl;
use super::channel::{CHANNELS, Channel};
use super::channel_overlap;
use super::consent::{self, Consent};
use super::csp::{self, Sources};
use super::cta::Cta;
use super::destination::{self, DESTINATIONS, Destination, OwnNames};
use super::elsewhere;
use super::field::own::{self, OwnFields};
use super::rule_levels::{self, LEVELS};
use super::timezone::{TIMEZONE, timezone};
use super::values::{ID, id};
use super::variant::Variant;
use crate::diagnostics::{Diagnostic, Levels};
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::shape::{FLAG, TEXT};
use crate::yaml::values::{flag, json, text};
use crate::yaml::{Entries, Key, MapKey, Mapping, Node, Shape, Value, YamlReader};

#[derive(Debug)]
pub struct SiteConfig {
    pub source: Arc<SourceText>,
    pub title: String,
    pub base_url: BaseUrl,
    pub language: Located<String>,
    /// The languages besides the main one, in the author's order.
    pub languages: Vec<SiteLanguage>,
    pub timezone: jiff::tz::TimeZone,
    pub theme: Located<Slug>,
    pub theme_options: Vec<ThemeOption>,
    pub organization: Option<Organization>,
    pub navigation: Vec<SiteLink>,
    pub footer: Footer,
    pub channels: IndexMap<Slug, Channel>,
    pub destinations: IndexMap<Slug, Destination>,
    /// The site's own fields for forms.
    pub fields: OwnFields,
    pub leads: Leads,
    pub attribution: Attribution,
    pub analytics: Option<Analytics>,
    pub raw_html: bool,
    pub levels: Levels,
    /// Sources that the site adds to its Content-Security-Policy.
    pub policy: Sources,
    /// Addresses that `check --external` does not request.
    pub trusted: Vec<TrustedAddresses>,
}

/// An entry of `theme_options`, as written. The theme defines what it means.
#[derive(Debug)]
pub struct ThemeOption {
    pub name: Located<String>,
    /// The text of a scalar; `None` for a list, a map or nothing.
    pub text: Option<String>,
    pub value: Located<serde_json::Value>,
}

const THEME_OPTIONS: Shape = Shape::text(
    "options of the theme",
    |_| serde_json::json!({ "type": "object", "examples": [{ "accent": "#0b6e4f" }] }),
);

pub static KEYS: Mapping = Mapping::new(
    "a site",
    &[
        Key::required("title", TEXT, "The name of the site."),
        Key::required(
            "base_url",
            scalars::BASE_URL,
            "Where the built site will be: `https://kazi.example/`, optionally with a folder. Plain http is only allowed \
             on `localhost`, `127.0.0.1` and `[::1]`.",
        )
        .rules(&[Rule::BadUrl]),
        Key::optional("language", scalars::LANGUAGE, "The language of the pages: `en`, `de`, `pt-BR`.")
            .default("en")
            .rules(&[Rule::BadLanguage]),
        Key::optional("languages", languages::LANGUAGES, "[The languages that pages are translated into](languages.md).")
            .rules(&[Rule::BadLanguage]),
        Key::optional("timezone", TIMEZONE, "The zone of dates without a time: `Africa/Nairobi`.")
            .default("UTC")
            .rules(&[Rule::BadTimezone]),
        Key::optional("theme", ID, "A built-in theme, or a folder in `themes/`.")
            .default("launch")
            .rules(&[Rule::UnknownTheme]),
        Key::optional(
            "theme_options",
            THEME_OPTIONS,
            "Options of the theme, [those of `launch`](themes.md#change-a-colour) for example.",
        )
        .rules(&[Rule::BadThemeOption]),
        Key::optional("organization", Shape::mapping(&organization::KEYS), "Who publishes the site."),
        Key::optional("navigation", link::LINKS, "The links of the menu."),
        Key::optional("footer", Shape::mapping(&footer::KEYS), "What the footer of every page has."),
        Key::optional("channels", CHANNELS, "Where visitors come from, each channel under an id."),
        Key::optional("destinations", DESTINATIONS, "Where forms send leads, each destination under an id."),
        Key::optional("fields", own::FIELDS, "Fields of your own for forms, each under an id.").rules(&[Rule::BadField]),
        Key::optional("leads", Shape::mapping(&leads::KEYS), "What happens with leads."),
        Key::optional("attribution", Shape::mapping(&visits::ATTRIBUTION_KEYS), "What a visitor's browser may store."),
        Key::optional("analytics", Shape::mapping(&analytics::KEYS), "What measures visits."),
        Key::optional("markdown", Shape::mapping(&MARKDOWN_KEYS), "What pages may contain."),
        Key::optional("check", Shape::mapping(&external::CHECK_KEYS), "Settings of `tagline check`."),
        Key::optional("security", Shape::mapping(&csp::KEYS), "Headers that hosts send with every page."),
        Key::optional("rules", LEVELS, "Whether a rule is ignored, a warning or an error.")
            .rules(&[Rule::EssentialRule]),
    ],
)
.elsewhere(elsewhere::SITE);

pub static MARKDOWN_KEYS: Mapping = Mapping::new(
    "`markdown`",
    &[Key::optional(
        "raw_html",
        FLAG,
        "`true`: HTML in the text of pages is published as HTML. `false`: it is shown as text.",
    )
    .default("false")
    .rules(&[Rule::RawHtml])],
);

/// Any key is allowed; the theme checks them.
static THEME_OPTION_KEYS: Mapping = Mapping::new("`theme_options`", &[]);

impl SiteConfig {
    /// Reads `site.yaml`. `levels` is set even if the rest has errors.
    pub fn read(reader: &mut YamlReader, root: &Node, levels: &mut Levels) -> Option<SiteConfig> {
        let mut entries = Entries::of(reader, root, &KEYS)?;
        *levels = entries.read(reader, "rules", rule_levels::read).unwrap_or_default();
        let config = SiteConfig::read_values(reader, &mut entries, levels);
        entries.finish(reader);
        let config = config?;
        // After an error, a destination that seems to be missing may only be unreadable.
        if let Some(deliver_to) = config.leads.deliver_to.as_ref().filter(|_| !reader.has_errors()) {
            check_destination(reader, deliver_to, &config.destinations);
        }
        Some(config)
    }

    fn read_values(reader: &mut YamlReader, entries: &mut Entries, levels: &Levels) -> Option<SiteConfig> {
        let title = entries.read(reader, "title", text);
        let base_url = entries.read(reader, "base_url", scalars::base_url);
        let (mut own_names, mut consent_ids) = (Vec::new(), Vec::new());
        let fields = entries.read(reader, "fields", |reader, node| {
            own_names.extend(own::declared_names(node).map(str::to_owned));
            own::read_all(reader, node)
        });
        let leads = entries.read(reader, "leads", |reader, node| {
            consent_ids.extend(consent::declared_ids(node).map(str::to_owned));
            Leads::read(reader, node)
        });
        let fields = fields.unwrap_or_default();
        own_names.extend(consent_ids.iter().flat_map(|id| consent::sent_names(id)));
        let own = OwnNames { fields: &fields, declared: own_names, consents: consent_ids };
        let theme = entries.read(reader, "theme", id).or_else(|| Slug::parse("launch").ok().map(default_value));
        let language = entries.read(reader, "language", language::read);
        let language = language.unwrap_or_else(|| default_value("en".to_owned()));
        let consents = leads.as_ref().map_or(&[][..], |leads: &Leads| &leads.consents);
        let languages =
            entries.read(reader, "languages", |reader, node| languages::read(reader, node, &language, consents));
        Some(SiteConfig {
            source: Arc::clone(reader.source),
            language,
            languages: languages.unwrap_or_default(),
            timezone: entries.read(reader, "timezone", timezone).unwrap_or(jiff::tz::TimeZone::UTC),
            theme_options: entries.read(reader, "theme_options", theme_options).unwrap_or_default(),
            organization: entries.read(reader, "organization", Organization::read),
            navigation: entries.read(reader, "navigation", link::read_all).unwrap_or_default(),
            footer: entries.read(reader, "footer", Footer::read).unwrap_or_default(),
            channels: entries.read(reader, "channels", channel_overlap::read).unwrap_or_default(),
            destinations: entries
                .read(reader, "destinations", |reader, node| destination::read_all(reader, node, &own))
                .unwrap_or_default(),
            leads: leads.unwrap_or_default(),
            attribution: entries.read(reader, "attribution", Attribution::read).unwrap_or_default(),
            analytics: entries.read(reader, "analytics", Analytics::read),
            raw_html: entries.read(reader, "markdown", raw_html).unwrap_or(false),
            levels: levels.clone(),
            policy: entries.read(reader, "security", csp::read).unwrap_or_default(),
            trusted: entries.read(reader, "check", external::read_check).unwrap_or_default(),
            fields,
            // The required values are last, so that the errors of all other keys are reported before a `?` returns.
            title: title?,
            base_url: base_url?,
            theme: theme?,
        })
    }

    /// Returns the links of the navigation, then those of the footer, then those of each language.
    pub fn links(&self) -> impl Iterator<Item = &SiteLink> {
        let main = self.navigation.iter().chain(self.footer.links());
        main.chain(self.languages.iter().flat_map(SiteLanguage::own_links))
    }

    /// Returns the language of a page in a variant. `None` for the main language.
    pub fn language_of(&self, variant: Option<&Variant>) -> Option<&SiteLanguage> {
        let language = variant?.language()?;
        self.languages.iter().find(|other| other.language.as_str() == language)
    }

    /// Returns the tag of the language of a page in a variant, for `lang`.
    pub fn language_tag(&self, variant: Option<&Variant>) -> &str {
        self.language_of(variant).map_or(&self.language.value, |language| &language.tag.value)
    }

    /// Returns the links of the menu in a language.
    pub fn navigation_in<'s>(&'s self, language: Option<&'s SiteLanguage>) -> &'s [SiteLink] {
        language.and_then(|language| language.navigation.as_deref()).unwrap_or(&self.navigation)
    }

    /// Returns the footer in a language.
    pub fn footer_in<'s>(&'s self, language: Option<&'s SiteLanguage>) -> &'s Footer {
        language.and_then(|language| language.footer.as_ref()).unwrap_or(&self.footer)
    }

    /// Returns the name of the site in a language.
    pub fn title_in<'s>(&'s self, language: Option<&'s SiteLanguage>) -> &'s str {
        language.and_then(|language| language.title.as_deref()).unwrap_or(&self.title)
    }

    /// Returns the consents in a language.
    pub fn consents_in<'s>(&'s self, language: Option<&'s SiteLanguage>) -> &'s [Consent] {
        let own = language.map_or(&[][..], |language| &language.consents);
        if own.is_empty() { &self.leads.consents } else { own }
    }

    /// Returns true if something waits for consent: `require_consent` is set, and the site has analytics or stores something.
    pub fn requires_consent(&self) -> bool {
        self.attribution.require_consent && (self.analytics.is_some() || self.attribution.storage != Storage::None)
    }

    /// Returns the destination of a form: its own, else the default one.
    pub fn destination_of(&self, cta: &Cta) -> Option<&Destination> {
        let named = cta.deliver_to.as_ref().or(self.leads.deliver_to.as_ref())?;
        self.destinations.get(&named.value)
    }
}

/// A default value, which has no location in the file.
fn default_value<T>(value: T) -> Located<T> {
    Located { value, span: Span::new(0, 0) }
}

fn raw_html(reader: &mut YamlReader, node: &Node) -> Option<bool> {
    let mut entries = Entries::of(reader, node, &MARKDOWN_KEYS)?;
    let raw_html = entries.read(reader, "raw_html", flag);
    entries.finish(reader);
    raw_html
}

fn theme_options(reader: &mut YamlReader, node: &Node) -> Option<Vec<ThemeOption>> {
    Entries::of(reader, node, &THEME_OPTION_KEYS)?;
    let Value::Map(entries) = &node.value else { return None };
    let is_comment = |(key, node): &&(MapKey, Node)| matches!(node.value, Value::Null) && reader.is_before_comment(key);
    let commented: Vec<&MapKey> = entries.iter().filter(is_comment).map(|(key, _)| key).collect();
    if !commented.is_empty() {
        // An unquoted colour: `accent: #0b6e4f`.
        commented.into_iter().for_each(|key| reader.empty_value(key));
        return None;
    }
    let options = entries.iter().map(|(key, node)| ThemeOption {
        name: Located { value: key.text.clone(), span: key.span },
        text: match &node.value {
            Value::Scalar { text, .. } => Some(text.clone()),
            Value::List(_) | Value::Map(_) | Value::Null => None,
        },
        value: Located { value: json(node), span: node.span },
    });
    Some(options.collect())
}

fn check_destination(reader: &mut YamlReader, named: &Located<Slug>, known: &IndexMap<Slug, Destination>) {
    if known.contains_key(&named.value) {
        return;
    }
    let diagnostic = Diagnostic::error(Rule::UnknownDestination, format!("unknown destination `{}`", named.value))
        .at(reader.source, named.span, "not among `destinations`")
        .suggest(named.value.as_str(), known.keys().map(Slug::as_str))
        .or_help(format!("add it: `destinations: {{ {}: {{ endpoint: https://… }} }}`", named.value));
    reader.diagnostics.push(diagnostic);
}
