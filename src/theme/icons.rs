//! The icons of a theme, `icons/<name>.svg`, as templates put them into pages: `{{ icon(name="clock") }}`.

use std::collections::BTreeMap;

use super::files::FilesByPath;
use crate::diagnostics::Diagnostic;
use crate::html::entities::decoded;
use crate::html::escape::escaped;
use crate::html::tags::Tags;
use crate::load::ThemeFile;
use crate::rules::Rule;

/// The `<svg>` elements of icons, by the names of the icons.
pub type Icons = BTreeMap<String, String>;

/// The attributes of an icon's `<svg>` that pages have too. Its size is in the stylesheet.
const KEPT: [&str; 7] = ["viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-rule"];

/// Reads the icons of a theme. One that is no SVG is reported, and empty.
pub fn read(files: &FilesByPath, theme: &str, diagnostics: &mut Vec<Diagnostic>) -> Icons {
    let mut icons = Icons::new();
    for (name, file) in files {
        let text = match file {
            ThemeFile::Text(source) => source.text.as_str(),
            ThemeFile::Binary(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
        };
        let svg = inline(text);
        if svg.is_none() {
            diagnostics.push(
                Diagnostic::error(Rule::WrongFileFormat, format!("the icon `{name}` is no SVG"))
                    .in_file(format!("themes/{theme}/icons/{name}.svg"))
                    .help("an icon is one `<svg viewBox=\"0 0 24 24\">` with its paths"),
            );
        }
        icons.insert(name.clone(), svg.unwrap_or_default());
    }
    icons
}

/// Returns an icon for a page: nobody needs to hear it, because its text is beside it.
fn inline(text: &str) -> Option<String> {
    let svg = text.get(text.find("<svg")?..=text.rfind("</svg>")? + "</svg".len())?;
    let mut tags = Tags::of(svg);
    let tag = tags.next_start_tag()?;
    let kept = KEPT.iter().filter_map(|name| Some((name, tags.attribute(name)?)));
    let attributes: String = kept.map(|(name, value)| format!(" {name}=\"{}\"", escaped(&decoded(value)))).collect();
    Some(format!("<svg class=\"icon\" aria-hidden=\"true\"{attributes}>{}", svg.get(tag.range.end..)?))
}
