//! What every page of a site is rendered with: the site, the theme, and values that are built once for all pages.

use tera::Value;

use super::consents;
use super::slots::VIA_MARK;
use super::view::{FooterColumnView, FooterView, IconView, LabelledLink, OrganizationView, SiteView};
use crate::headers::page_sources::SourceCollector;
use crate::model::phone::PhoneNumber;
use crate::model::site::{LegalPage, SiteLink};
use crate::model::site_path::SitePath;
use crate::resolve::{IconFiles, Site, Target};
use crate::scripts::Scripts;
use crate::theme::Theme;
use crate::theme::value::value;

/// The inputs of rendering that are the same for all pages. Passed down by reference.
pub struct RenderContext<'s> {
    pub site: &'s Site,
    pub theme: &'s Theme,
    /// `site` in templates.
    pub site_view: Value,
    /// `strings` in templates.
    pub strings_view: Value,
    /// The sentence of each consent, as HTML.
    pub consents: Vec<String>,
    pub scripts: Scripts,
    /// Collects what pages contain inline and load, for the Content-Security-Policy.
    pub collector: &'s SourceCollector<'s>,
}

impl<'s> RenderContext<'s> {
    pub fn new(site: &'s Site, theme: &'s Theme, collector: &'s SourceCollector<'s>) -> RenderContext<'s> {
        RenderContext {
            site,
            theme,
            site_view: site_view(site, theme),
            strings_view: theme.strings.value(),
            consents: site.consents.iter().map(|text| consents::html(site, text)).collect(),
            scripts: Scripts::of(site),
            collector,
        }
    }
}

fn site_view(site: &Site, theme: &Theme) -> Value {
    let config = &site.config;
    let organization = config.organization.as_ref();
    let phone = organization.and_then(|organization| organization.phone.as_ref());
    let logo_url = site.logo.as_ref().map(|path| config.base_url.rooted(path)).unwrap_or_default();
    let view = SiteView {
        title: &config.title,
        language: &config.language.value,
        direction: text_direction(&config.language.value),
        home_url: format!("{}{VIA_MARK}", config.base_url.rooted(&SitePath::home())),
        navigation: published_links(site, site.navigation()),
        footer: footer(site),
        icons: icons(site),
        organization: OrganizationView {
            name: organization.map_or(&config.title, |organization| &organization.name),
            logo_url: &logo_url,
            email: organization.and_then(|organization| organization.email.as_deref()).unwrap_or_default(),
            phone: phone.map(PhoneNumber::written).unwrap_or_default(),
            phone_url: phone.map(PhoneNumber::link).unwrap_or_default(),
        },
        theme_options: &theme.options,
        respond_within: config.leads.respond_within.map(|time| theme.strings.duration(time)).unwrap_or_default(),
        preview: site.options.preview,
        requires_consent: config.requires_consent(),
        privacy_url: privacy_url(site),
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

fn footer(site: &Site) -> FooterView<'_> {
    let footer = &site.config.footer;
    let mut links = site.linked().skip(site.config.navigation.len());
    let columns = footer.columns.iter().map(|column| FooterColumnView {
        title: &column.title,
        links: published_links(site, links.by_ref().take(column.links.len())),
    });
    // A column whose pages are not published yet is left out.
    let columns = columns.filter(|column| !column.links.is_empty()).collect();
    let social =
        footer.social.iter().map(|profile| LabelledLink { label: profile.name, url: profile.url.value.to_string() });
    FooterView {
        columns,
        legal: published_links(site, links),
        social: social.collect(),
        address: footer.address.as_deref().unwrap_or_default().lines().map(str::trim).collect(),
    }
}

/// Returns the address of the first link of `site.yaml` that is named as the privacy page.
fn privacy_url(site: &Site) -> String {
    let named = site.linked().filter(|(link, _)| LegalPage::Privacy.is_named_in(&link.label));
    published_links(site, named).into_iter().next().map(|link| link.url).unwrap_or_default()
}

/// Returns the links that lead to a published page or another site.
fn published_links<'s>(
    site: &'s Site,
    links: impl Iterator<Item = (&'s SiteLink, &'s Target)>,
) -> Vec<LabelledLink<'s>> {
    let with_urls = links.filter_map(|(link, target)| {
        let url = match target {
            Target::Web(url) => url.to_string(),
            Target::Page { page, anchor, .. } => {
                let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                format!("{}{VIA_MARK}{anchor}", site.config.base_url.rooted(&site.pages[*page].path))
            }
            _ => return None,
        };
        Some(LabelledLink { label: &link.label, url })
    });
    with_urls.collect()
}

/// Returns `rtl` for languages that are written from right to left, by the first part of the language tag.
fn text_direction(language: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.iter().any(|other| other.eq_ignore_ascii_case(primary)) { "rtl" } else { "ltr" }
}
