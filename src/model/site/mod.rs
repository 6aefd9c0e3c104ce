//! The content of `site.yaml`, with its keys and its reader.

pub mod analytics;
pub mod announcement;
pub mod external;
pub mod footer;
pub mod hosts;
mod language;
pub mod languages;
pub mod leads;
mod legal;
pub mod link;
pub mod organization;
pub mod publish;
pub mod report;
mod scalars;
pub mod visits;

use std::sync::Arc;

pub use analytics::{Analytics, Matomo};
pub use announcement::Announcement;
pub use external::TrustedAddresses;
pub use footer::Footer;
pub use hosts::WebHost;
pub use languages::SiteLanguage;
pub use leads::{Leads, RespondWithin, TimeUnit};
pub use legal::LegalPage;
pub use link::{LinkTarget, SiteLink};
pub use organization::Organization;
pub use publish::{PublishTarget, PublishTargets};
pub use report::ReportSettings;
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
use super::theme_option::{LOOK, THEME_OPTIONS, WrittenLook};
use super::timezone::{TIMEZONE, timezone};
use super::values::{ID, id};
use super::variant::Variant;
use crate::diagnostics::{Diagnostic, Levels};
use crate::model::slug::{ById, Slug};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::shape::{FLAG, TEXT};
use crate::yaml::values::{flag, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

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
    /// `look` and `theme_options`.
    pub look: WrittenLook,
    pub organization: Option<Organization>,
    pub navigation: Vec<SiteLink>,
    pub footer: Footer,
    pub announcement: Option<Announcement>,
    pub channels: ById<Channel>,
    pub destinations: ById<Destination>,
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
    /// How `tagline report` reads exports.
    pub report: ReportSettings,
    /// Hosts whose header files are written. `None`: all.
    pub hosts: Option<Vec<WebHost>>,
    /// Where `tagline publish` sends the site.
    pub publish: PublishTargets,
}

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
            "look",
            LOOK,
            "[A look of the theme](looks.md): `product`, `editorial`, `bold`, `dark` or `local`.",
        )
        .default("product")
        .rules(&[Rule::BadThemeOption]),
        Key::optional(
            "theme_options",
            THEME_OPTIONS,
            "Options of the theme, [those of `launch`](looks.md#options) for example.",
        )
        .rules(&[Rule::BadThemeOption]),
        Key::optional("organization", Shape::mapping(&organization::KEYS), "Who publishes the site."),
        Key::optional("navigation", link::LINKS, "The links of the menu."),
        Key::optional("footer", Shape::mapping(&footer::KEYS), "What the footer of every page has."),
        Key::optional("announcement", Shape::mapping(&announcement::KEYS), "A line at the top of every page."),
        Key::optional("channels", CHANNELS, "Where visitors come from, each channel under an id."),
        Key::optional("destinations", DESTINATIONS, "Where forms send leads, each destination under an id."),
        Key::optional("fields", own::FIELDS, "Fields of your own for forms, each under an id.").rules(&[Rule::BadField]),
        Key::optional("leads", Shape::mapping(&leads::KEYS), "What happens with leads."),
        Key::optional("attribution", Shape::mapping(&visits::ATTRIBUTION_KEYS), "What a visitor's browser may store."),
        Key::optional("analytics", Shape::mapping(&analytics::KEYS), "What measures visits."),
        Key::optional("markdown", Shape::mapping(&MARKDOWN_KEYS), "What pages may contain."),
        Key::optional("check", Shape::mapping(&external::CHECK_KEYS), "Settings of `tagline check`."),
        Key::optional("report", Shape::mapping(&report::KEYS), "[How `tagline report` reads the exports of a CRM](report.md)."),
        Key::optional("security", Shape::mapping(&csp::KEYS), "Headers that hosts send with every page."),
        Key::optional("hosts", hosts::HOSTS, "The hosts for which a build writes [files with headers](hosting.md): `[netlify, nginx]`.")
            .default_text("`netlify`, `cloudflare`, `nginx` and `caddy`")
            .rules(&[Rule::WrongType]),
        Key::optional("publish", publish::TARGETS, "[Where the site is published to](publishing.md), each target under an id.")
            .rules(&[Rule::BadPublishTarget]),
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

impl SiteConfig {
    /// Reads `site.yaml`. `levels` is set even if the rest has errors.
    pub fn read(reader: &mut YamlReader, root: &Node, levels: &mut Levels) -> Option<SiteConfig> {
        let mut entries = Entries::of(reader, root, &KEYS)?;
        *levels = entries.read(reader, "rules", rule_levels::read).unwrap_or_default();
        let config = SiteConfig::read_values(reader, &mut entries, levels);
        let languages = entries.read(reader, "languages", |_, node| Some(node));
        entries.finish(reader);
        // They are compared with the rest, so they come after every error in it.
        let languages = languages.and_then(|node| languages::read(reader, node, config.as_ref()));
        let mut config = config?;
        config.languages = languages.unwrap_or_default();
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
        Some(SiteConfig {
            source: Arc::clone(reader.source),
            language,
            languages: Vec::new(),
            timezone: entries.read(reader, "timezone", timezone).unwrap_or(jiff::tz::TimeZone::UTC),
            look: WrittenLook::read(reader, entries),
            organization: entries.read(reader, "organization", Organization::read),
            navigation: entries.read(reader, "navigation", link::read_all).unwrap_or_default(),
            footer: entries.read(reader, "footer", Footer::read).unwrap_or_default(),
            announcement: entries.read(reader, "announcement", Announcement::read),
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
            report: entries.read(reader, "report", ReportSettings::read).unwrap_or_default(),
            hosts: entries.read(reader, "hosts", hosts::read),
            publish: entries.read(reader, "publish", publish::read).unwrap_or_default(),
            fields,
            // The required values are last, so that the errors of all other keys are reported before a `?` returns.
            title: title?,
            base_url: base_url?,
            theme: theme?,
        })
    }

    /// Returns the links of the navigation, then those of the footer and of the announcement, then those of each language.
    pub fn links(&self) -> impl Iterator<Item = &SiteLink> {
        let announced = self.announcement.iter().filter_map(|announcement| announcement.link.as_ref());
        let main = self.navigation.iter().chain(self.footer.links()).chain(announced);
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

    /// Returns the announcement in a language.
    pub fn announcement_in<'s>(&'s self, language: Option<&'s SiteLanguage>) -> Option<&'s Announcement> {
        language.and_then(|language| language.announcement.as_ref()).or(self.announcement.as_ref())
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

fn check_destination(reader: &mut YamlReader, named: &Located<Slug>, known: &ById<Destination>) {
    if known.contains_key(&named.value) {
        return;
    }
    let diagnostic = Diagnostic::error(Rule::UnknownDestination, format!("unknown destination `{}`", named.value))
        .at(reader.source, named.span, "not among `destinations`")
        .suggest(named.value.as_str(), known.keys().map(Slug::as_str))
        .or_help(format!("add it: `destinations: {{ {}: {{ endpoint: https://… }} }}`", named.value));
    reader.diagnostics.push(diagnostic);
}
