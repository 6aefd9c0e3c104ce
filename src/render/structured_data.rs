//! JSON-LD in schema.org's words. Every text goes through the JSON writer, and `<` never stands in it as
//! itself, so no text can end the script element.

use serde_json::{Value, json};

use super::images;
use crate::model::address::SitePath;
use crate::resolve::{Site, SitePage, State};

/// The JSON-LD of a page; empty for one that is over.
pub fn of_page(site: &Site, page: &SitePage) -> String {
    if page.state == State::Ended {
        return String::new();
    }
    let base_url = &site.config.base_url;
    let front = &page.page.front;
    let url = base_url.absolute(&page.path);
    let mut data = match page.layout.as_str() {
        "article" => json!({ "@type": "Article", "headline": front.title.value, "mainEntityOfPage": url }),
        _ if page.path.as_str().is_empty() => json!({ "@type": "WebSite", "name": site.config.title }),
        _ => json!({ "@type": "WebPage", "name": front.title.value }),
    };
    data["@context"] = json!("https://schema.org");
    data["url"] = json!(url);
    data["inLanguage"] = json!(site.config.language);
    data["publisher"] = organization(site);
    let image = page.image.as_ref().map(|picture| base_url.absolute(images::shared(picture).0));
    let optional = [
        ("description", front.summary().map(Value::from)),
        ("image", image.map(Value::from)),
        ("datePublished", front.date.map(|date| json!(date.to_string()))),
        ("author", front.author.as_ref().map(|author| json!({ "@type": "Person", "name": author }))),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            data[key] = value;
        }
    }
    script_safe(&data)
}

fn organization(site: &Site) -> Value {
    let base_url = &site.config.base_url;
    let name = site.config.organization.as_ref().map_or(&site.config.title, |organization| &organization.name);
    let mut data = json!({ "@type": "Organization", "name": name, "url": base_url.absolute(&SitePath::home()) });
    if let Some(logo) = &site.logo {
        data["logo"] = json!(base_url.absolute(logo));
    }
    data
}

/// JSON for the inside of a script element.
fn script_safe(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_script() {
        let json = script_safe(&json!({ "name": "</script><script>alert(1)</script> & <!--" }));
        assert!(!json.contains('<') && !json.contains('&'), "{json}");
        assert_eq!(
            serde_json::from_str::<Value>(&json)
                .ok()
                .and_then(|data| data["name"].as_str().map(str::to_owned))
                .as_deref(),
            Some("</script><script>alert(1)</script> & <!--")
        );
    }
}
