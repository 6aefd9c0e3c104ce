//! What every page of a site is rendered with: the site, the theme, and values that are built once for all pages.

use tera::Value;

use super::consents;
use super::slots::VIA_MARK;
use super::view::{NavigationView, OrganizationView, SiteView};
use crate::headers::page_sources::SourceCollector;
use crate::model::phone::PhoneNumber;
use crate::model::site_path::SitePath;
use crate::resolve::{Site, Target};
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
        navigation: navigation(site),
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
    };
    value(&view)
}

fn navigation(site: &Site) -> Vec<NavigationView<'_>> {
    let base_url = &site.config.base_url;
    let entries = site.config.navigation.iter().zip(&site.navigation).filter_map(|(item, target)| {
        let url = match target {
            Target::Web(url) => url.to_string(),
            Target::Page { page, anchor, .. } => {
                let anchor = anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                format!("{}{VIA_MARK}{anchor}", base_url.rooted(&site.pages[*page].path))
            }
            _ => return None,
        };
        Some(NavigationView { label: &item.label, url })
    });
    entries.collect()
}

/// Returns `rtl` for languages that are written from right to left, by the first part of the language tag.
fn text_direction(language: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.iter().any(|other| other.eq_ignore_ascii_case(primary)) { "rtl" } else { "ltr" }
}
