//! Helpers for JSON-LD values.

use serde_json::Value;

use crate::render::picture;
use crate::resolve::{Site, SitePage};

/// Sets a key, if there is a value for it.
pub fn set(data: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        data[key] = value;
    }
}

/// Returns the absolute address of a page's image.
pub fn image(site: &Site, page: &SitePage) -> Option<Value> {
    let (file, _) = picture::preview_file(page.image.as_ref()?);
    Some(site.config.base_url.absolute(file).into())
}

/// Returns JSON for the content of a script element. Without `<`, no text can end the element or begin a comment.
pub fn script_safe(data: &Value) -> String {
    // Unlike `to_string`, this does not go through a formatter. It cannot fail for a value without maps of other keys.
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_cannot_end_the_script_element() {
        let json = script_safe(&json!({ "name": "</script><script>alert(1)</script> & <!--" }));
        assert!(!json.contains('<'), "{json}");
        assert_eq!(
            serde_json::from_str::<Value>(&json)
                .ok()
                .and_then(|data| data["name"].as_str().map(str::to_owned))
                .as_deref(),
            Some("</script><script>alert(1)</script> & <!--")
        );
    }
}
