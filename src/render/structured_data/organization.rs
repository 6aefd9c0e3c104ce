//! The organization behind a site: complete on the home page, referred to by `@id` on all other pages.

use serde_json::{Value, json};

use super::json::set;
use crate::model::site_path::SitePath;
use crate::resolve::Site;

/// Returns the complete organization. Search results show its `logo` and `url`:
/// <https://developers.google.com/search/docs/appearance/structured-data/organization>.
pub fn complete(site: &Site) -> Value {
    let base_url = &site.config.base_url;
    let organization = site.config.organization.as_ref();
    let mut data = json!({
        "@type": "Organization",
        "@id": id(site),
        "name": name(site),
        "url": base_url.absolute(&SitePath::home()),
    });
    set(&mut data, "logo", site.logo.as_ref().map(|logo| base_url.absolute(logo).into()));
    set(&mut data, "email", organization.and_then(|organization| organization.email.as_deref()).map(Value::from));
    set(
        &mut data,
        "telephone",
        organization.and_then(|organization| organization.phone.as_ref()).map(|phone| Value::from(phone.written())),
    );
    let profiles: Vec<_> = site.config.footer.social.iter().map(|profile| profile.url.value.to_string()).collect();
    set(&mut data, "sameAs", (!profiles.is_empty()).then(|| profiles.into()));
    data
}

pub fn reference(site: &Site) -> Value {
    json!({ "@id": id(site) })
}

/// Returns a reference with the name, for readers that read only this page.
pub fn named_reference(site: &Site) -> Value {
    json!({ "@type": "Organization", "@id": id(site), "name": name(site) })
}

fn id(site: &Site) -> String {
    format!("{}#organization", site.config.base_url.absolute(&SitePath::home()))
}

fn name(site: &Site) -> &str {
    site.config.organization.as_ref().map_or(&site.config.title, |organization| &organization.name)
}
