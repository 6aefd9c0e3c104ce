//! The icon in browser tabs of a site without one of its own: the first letter of its title in the accent colour.

use super::palette::{self, Accent};
use crate::html::escape::escaped;

/// The icon's path in `assets/`.
pub const FILE: &str = "favicon.svg";

/// Returns the icon. `None` if the title has no letter or digit, or if the accent is no colour.
pub fn svg(title: &str, accent: &str) -> Option<String> {
    let letter: String = title.chars().find(|c| c.is_alphanumeric())?.to_uppercase().collect();
    let (background, text) = palette::icon(Accent::parse(accent)?);
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"8\" fill=\"{background}\"/>\
         <text x=\"16\" y=\"23\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"20\" font-weight=\"700\" \
         fill=\"{text}\">{}</text></svg>\n",
        escaped(&letter)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icon_has_the_first_letter_of_the_title() {
        for (title, letter) in [("kazi", "K"), ("„Über uns“", "Ü"), ("3 Bäume", "3"), ("株式会社", "株"), ("ß", "SS")]
        {
            let icon = svg(title, "#0b6e4f").unwrap();
            assert!(icon.contains(&format!(">{letter}</text>")), "{icon}");
        }
        assert_eq!(svg("…", "#0b6e4f"), None);
        assert!(svg("Kazi", "#ffee00").unwrap().contains("fill=\"#ff"));
    }
}
