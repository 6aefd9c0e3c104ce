//! What every page of a site is rendered with: the site, the theme, and values that are built once for all pages.

use std::borrow::Cow;
use std::sync::Arc;

use tera::Value;
use tera::value::Key;

use super::consents;
use super::slots::VIA_MARK;
use super::view::{
    AnnouncementView, FooterColumnView, FooterView, IconView, LabelledLink, OrganizationView, SiteView, UntilView,
};
use crate::headers::page_sources::SourceCollector;
use crate::model::phone::PhoneNumber;
use crate::model::site::{LegalPage, SiteLanguage, SiteLink};
use crate::resolve::{IconFiles, Site, SitePage, Target};
use crate::scripts::Scripts;
use crate::theme::value::value;
use crate::theme::{Appearance, Theme, ThemeTexts};

/// The inputs of rendering that are the same for all pages of a language and a look. Passed down by reference.
#[derive(Clone)]
pub struct RenderContext<'s> {
    pub site: &'s Site,
    pub theme: &'s Theme,
    /// The language of the pages; `None` for the site's main language.
    pub language: Option<&'s SiteLanguage>,
    /// The templates and strings of the theme in this language.
    pub texts: &'s ThemeTexts,
    /// How the pages look.
    pub appearance: Cow<'s, Appearance>,
    /// `site` in templates.
    pub site_view: Value,
    /// `strings` in templates.
    pub strings_view: Value,
    /// The sentence of each consent, as HTML.
    pub consents: Vec<String>,
    pub scripts: Arc<Scripts>,
    /// Collects what pages contain inline and load, for the Content-Security-Policy.
    pub collector: &'s SourceCollector<'s>,
}

impl<'s> RenderContext<'s> {
    /// Returns the context of pages in the site's main language.
    pub fn new(site: &'s Site, theme: &'s Theme, collector: &'s SourceCollector<'s>) -> RenderContext<'s> {
        RenderContext::of_language(site, theme, collector, &Arc::new(Scripts::of(site)), None)
    }

    /// Returns the contexts of pages in the other languages, in the order of `languages`.
    pub fn translated(&self) -> Vec<RenderContext<'s>> {
        let positions = 0..self.site.config.languages.len();
        let context =
            |position| RenderContext::of_language(self.site, self.theme, self.collector, &self.scripts, Some(position));
        positions.map(context).collect()
    }

    /// Returns the tags that preload fonts. The fonts of a theme have Latin letters.
    pub fn font_preloads(&self) -> String {
        let config = &self.site.config;
        let tag = self.language.map_or(&config.language.value, |language| &language.tag.value);
        match has_latin_letters(tag) {
            true => self.theme.stylesheets.font_preloads(&self.appearance),
            false => String::new(),
        }
    }

    /// Returns the same context for pages that look otherwise than the site.
    pub fn in_appearance(&self, appearance: Appearance) -> RenderContext<'s> {
        let mut site_view = self.site_view.clone().into_map().unwrap_or_default();
        site_view.insert(Key::Str("look"), Value::from(appearance.look.clone()));
        site_view.insert(Key::Str("theme_options"), value(&appearance.options));
        RenderContext { appearance: Cow::Owned(appearance), site_view: Value::from(site_view), ..self.clone() }
    }

    /// Returns the name of a page's language, in that language.
    pub fn language_label(&self, page: &SitePage) -> &'s str {
        let config = &self.site.config;
        match self.site.language_of(page) {
            Some(language) => &language.label,
            None => {
                let name = self.theme.texts(None).strings.text(&["page", "language"]);
                let english = config.language.value.get(..2).is_some_and(|primary| primary.eq_ignore_ascii_case("en"));
                // Without strings in the site's language, the name would be that of English.
                if name == "English" && !english { &config.language.value } else { name }
            }
        }
    }

    fn of_language(
        site: &'s Site,
        theme: &'s Theme,
        collector: &'s SourceCollector<'s>,
        scripts: &Arc<Scripts>,
        position: Option<usize>,
    ) -> RenderContext<'s> {
        let language = position.map(|position| &site.config.languages[position]);
        let texts = theme.texts(position);
        let consents = site.targets_in(language).map_or(&site.consents, |targets| &targets.consents);
        RenderContext {
            site,
            theme,
            language,
            texts,
            appearance: Cow::Borrowed(&theme.appearance),
            site_view: site_view(site, theme, texts, language),
            strings_view: texts.strings.value(),
            consents: consents.iter().map(|text| consents::html(site, text)).collect(),
            scripts: Arc::clone(scripts),
            collector,
        }
    }
}

fn site_view(site: &Site, theme: &Theme, texts: &ThemeTexts, language: Option<&SiteLanguage>) -> Value {
    let config = &site.config;
    let tag = language.map_or(&config.language.value, |language| &language.tag.value);
    // Without a home page of its own, a language has that of the site.
    let home = site.home_in(language);
    let organization = config.organization.as_ref();
    let phone = organization.and_then(|organization| organization.phone.as_ref());
    let navigation_lang = language_of_texts(site, language, |own| own.navigation.is_some());
    let logo_url = site.logo.as_ref().map(|path| config.base_url.rooted(path)).unwrap_or_default();
    let view = SiteView {
        title: config.title_in(language),
        language: tag,
        direction: text_direction(tag),
        home_url: format!("{}{VIA_MARK}", config.base_url.rooted(&home)),
        navigation: published_links(site, language, navigation_lang, site.navigation(language)),
        footer: footer(site, language),
        announcement: announcement(site, language),
        icons: icons(site),
        organization: OrganizationView {
            name: organization.map_or(&config.title, |organization| &organization.name),
            logo_url: &logo_url,
            email: organization.and_then(|organization| organization.email.as_deref()).unwrap_or_default(),
            phone: phone.map(PhoneNumber::written).unwrap_or_default(),
            phone_url: phone.map(PhoneNumber::link).unwrap_or_default(),
        },
        look: &theme.appearance.look,
        theme_options: &theme.appearance.options,
        respond_within: config.leads.respond_within.map(|time| texts.strings.duration(time)).unwrap_or_default(),
        preview: site.options.preview,
        requires_consent: config.requires_consent(),
        privacy_url: privacy_url(site, language),
    };
    value(&view)
}

fn icons(site: &Site) -> Vec<IconView> {
    let url = |path| site.config.base_url.rooted(path);
    match site.icon.as_ref().map(|icon| &icon.files) {
        Some(IconFiles::Svg(path)) => {
            vec![IconView { rel: "icon", url: url(path), media_type: "image/svg+xml", sizes: "any".to_owned() }]
        }
        Some(IconFiles::Png(files)) => {
            let icons = files.iter().map(|(width, path)| IconView {
                // iPhones take only this one, in this size.
                rel: if *width == 180 { "apple-touch-icon" } else { "icon" },
                url: url(path),
                media_type: "image/png",
                sizes: format!("{width}x{width}"),
            });
            icons.collect()
        }
        None => Vec::new(),
    }
}

fn footer<'s>(site: &'s Site, language: Option<&'s SiteLanguage>) -> FooterView<'s> {
    let footer = site.config.footer_in(language);
    let lang = language_of_texts(site, language, |own| own.footer.is_some());
    let mut links = site.linked(language).skip(site.config.navigation_in(language).len());
    let columns = footer.columns.iter().map(|column| FooterColumnView {
        title: &column.title,
        lang,
        links: published_links(site, language, lang, links.by_ref().take(column.links.len())),
    });
    // A column whose pages are not published yet is left out.
    let columns = columns.filter(|column| !column.links.is_empty()).collect();
    let social = footer.social.iter().map(|profile| LabelledLink {
        label: profile.name,
        lang: "",
        url: profile.url.value.to_string(),
        hreflang: "",
    });
    FooterView {
        columns,
        legal: published_links(site, language, lang, links.take(footer.legal.len())),
        social: social.collect(),
        address: footer.address.as_deref().unwrap_or_default().lines().map(str::trim).collect(),
    }
}

fn announcement<'s>(site: &'s Site, language: Option<&'s SiteLanguage>) -> Option<AnnouncementView<'s>> {
    let (announcement, link) = site.announcement(language)?;
    let lang = language_of_texts(site, language, |own| own.announcement.is_some());
    let link = published_links(site, language, lang, link.into_iter()).into_iter().next();
    let (url, hreflang) = link.map(|link| (link.url, link.hreflang)).unwrap_or_default();
    let until = site.announcement_ends().and_then(|ends| UntilView::of(ends.value, &site.config.timezone));
    Some(AnnouncementView { text: &announcement.text.value, lang, url, hreflang, until })
}

/// Returns the address of the first link of `site.yaml` that is named as the privacy page.
fn privacy_url(site: &Site, language: Option<&SiteLanguage>) -> String {
    let named = site.linked(language).filter(|(link, _)| LegalPage::Privacy.is_named_in(&link.label));
    published_links(site, language, "", named).into_iter().next().map(|link| link.url).unwrap_or_default()
}

/// Returns the language of texts of `site.yaml`, if a language does not have its own and shows those of the site. Empty otherwise.
pub fn language_of_texts<'s>(
    site: &'s Site,
    language: Option<&SiteLanguage>,
    has_own: impl Fn(&SiteLanguage) -> bool,
) -> &'s str {
    if language.is_some_and(|language| !has_own(language)) { &site.config.language.value } else { "" }
}

/// Returns the links that lead to a published page or another site. `lang` is the language of their labels.
fn published_links<'s>(
    site: &'s Site,
    language: Option<&SiteLanguage>,
    lang: &'s str,
    links: impl Iterator<Item = (&'s SiteLink, &'s Target)>,
) -> Vec<LabelledLink<'s>> {
    let with_urls = links.filter_map(|(link, target)| {
        let (url, hreflang) = match target {
            Target::Web(url) => (url.to_string(), ""),
            Target::Page { page, after } => {
                let anchor = after.anchor().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let page = &site.pages[*page];
                let url = format!("{}{VIA_MARK}{anchor}", site.config.base_url.rooted(&page.path));
                (url, other_language(site, language, page))
            }
            _ => return None,
        };
        Some(LabelledLink { label: &link.label, lang, url, hreflang })
    });
    with_urls.collect()
}

/// Returns the language of a linked page, if it is another one than that of the page with the link.
pub fn other_language<'s>(site: &'s Site, language: Option<&SiteLanguage>, page: &SitePage) -> &'s str {
    let of_page = site.language_of(page);
    let is_same = of_page.map(|of_page| &of_page.language) == language.map(|language| &language.language);
    if is_same { "" } else { site.language_tag(page) }
}

/// Returns whether a language is written with Latin letters, by the language tag: `sr-Latn` and `sw` are.
fn has_latin_letters(language: &str) -> bool {
    const OTHERS: [&str; 49] = [
        "am", "ar", "as", "be", "bg", "bn", "bo", "ckb", "dv", "dz", "el", "fa", "gu", "he", "hi", "hy", "iu", "ja",
        "ka", "kk", "km", "kn", "ko", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "ps", "ru", "sd",
        "si", "sr", "ta", "te", "tg", "th", "ti", "ug", "uk", "ur", "yi", "yue", "zh",
    ];
    let mut parts = language.split('-');
    let primary = parts.next().unwrap_or_default();
    !OTHERS.iter().any(|other| other.eq_ignore_ascii_case(primary))
        || parts.any(|part| part.eq_ignore_ascii_case("latn"))
}

/// Returns `rtl` for languages that are written from right to left, by the first part of the language tag.
fn text_direction(language: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.iter().any(|other| other.eq_ignore_ascii_case(primary)) { "rtl" } else { "ltr" }
}
