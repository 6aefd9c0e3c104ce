//! The functions and filters that templates can call besides Tera's own. `docs/themes.md` lists them for theme authors.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::icons::Icons;
use super::palette::{self, Accent, Ground, Neutral, Palette, Scheme};
use super::strings::Strings;
use crate::diagnostics::nearest;
use crate::model::date::When;
use crate::model::url_encoding::query_value;
use crate::sync;

/// The names that [`register`] adds, for suggestions.
pub const NAMES: [&str; 6] = ["asset", "icon", "palette", "date", "fill", "query_value"];

/// Adds the functions and filters to the engine. `addresses` are those of the theme's assets by path.
pub fn register(tera: &mut Tera, addresses: &BTreeMap<String, String>, icons: &Arc<Icons>, strings: &Arc<Strings>) {
    let icons = Arc::clone(icons);
    tera.register_function("icon", move |kwargs: Kwargs, _: &State| icon(&icons, &kwargs));
    let addresses = addresses.clone();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| asset(&addresses, &kwargs));
    // A site has one palette, and every page requests it.
    let cache = Mutex::new(HashMap::new());
    tera.register_function("palette", move |kwargs: Kwargs, _: &State| {
        let arguments = PaletteArguments::read(&kwargs)?;
        let mut cache = sync::lock(&cache);
        match cache.get(&arguments) {
            Some(css) => Ok(Value::clone(css)),
            None => arguments.css().inspect(|css| drop(cache.insert(arguments, css.clone()))),
        }
    });
    let strings = Arc::clone(strings);
    tera.register_filter("date", move |text: &str, _: Kwargs, _: &State| -> TeraResult<String> {
        let when = When::parse(text).map_err(|_| tera::Error::message(format!("`{text}` is not a date")))?;
        Ok(strings.date(when))
    });
    tera.register_filter("fill", fill);
    tera.register_filter("query_value", |text: &str, _: Kwargs, _: &State| query_value(text));
}

/// `asset(path="favicon.svg")` returns the address of a published asset.
fn asset(addresses: &BTreeMap<String, String>, kwargs: &Kwargs) -> TeraResult<String> {
    let path: &str = kwargs.must_get("path")?;
    addresses.get(path).cloned().ok_or_else(|| {
        let suggestion = nearest(path, addresses.keys().map(String::as_str));
        let suggestion = suggestion.map(|name| format!(". did you mean `{name}`?")).unwrap_or_default();
        tera::Error::message(format!("the theme has no file `assets/{path}`{suggestion}"))
    })
}

/// `icon(name="clock")` returns an icon of the theme as an `<svg>`.
fn icon(icons: &Icons, kwargs: &Kwargs) -> TeraResult<Value> {
    let name: &str = kwargs.must_get("name")?;
    icons.get(name).map(|svg| Value::safe_string(svg)).ok_or_else(|| {
        let suggestion = nearest(name, icons.keys().map(String::as_str));
        let suggestion = suggestion.map(|name| format!(". did you mean `{name}`?")).unwrap_or_default();
        tera::Error::message(format!("the theme has no file `icons/{name}.svg`{suggestion}"))
    })
}

/// `{{ strings.cta.ended | fill(date=…) }}` replaces placeholders. The text is escaped; a value is escaped unless it is
/// marked as safe.
fn fill(text: &str, kwargs: Kwargs, state: &State) -> TeraResult<Value> {
    let mut parts = text.split('{');
    let mut html = state.escape(parts.next().unwrap_or_default())?;
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                let value: Value = kwargs.must_get(name)?;
                html.push_str(&state.escape_if_needed(&value)?);
                html.push_str(&state.escape(rest)?);
            }
            None => html.push_str(&state.escape(&format!("{{{part}"))?),
        }
    }
    Ok(Value::safe_string(&html))
}

/// The arguments of `palette(accent="#0b6e4f", second="#ffd400", neutral="warm", scheme="auto", ground="paper")`; all but the
/// first are optional.
#[derive(PartialEq, Eq, Hash)]
struct PaletteArguments {
    accent: String,
    /// Empty: none.
    second: String,
    neutral: String,
    scheme: String,
    ground: String,
}

impl PaletteArguments {
    fn read(kwargs: &Kwargs) -> TeraResult<PaletteArguments> {
        let text = |name, default: &str| TeraResult::Ok(kwargs.get::<&str>(name)?.unwrap_or(default).to_owned());
        let accent = kwargs.must_get::<&str>("accent")?.to_owned();
        Ok(PaletteArguments {
            accent,
            second: text("second", "")?,
            neutral: text("neutral", "tinted")?,
            scheme: text("scheme", "auto")?,
            ground: text("ground", "plain")?,
        })
    }

    fn css(&self) -> TeraResult<Value> {
        let unknown = |what: &str, text: &str| tera::Error::message(format!("unknown {what} `{text}`"));
        let colour = |text: &str| Accent::parse(text).ok_or_else(|| unknown("colour", text));
        let palette = Palette {
            accent: colour(&self.accent)?,
            second: if self.second.is_empty() { None } else { Some(colour(&self.second)?) },
            neutral: Neutral::parse(&self.neutral).ok_or_else(|| unknown("neutral tone", &self.neutral))?,
            ground: Ground::parse(&self.ground).ok_or_else(|| unknown("ground", &self.ground))?,
        };
        let scheme = Scheme::parse(&self.scheme).ok_or_else(|| unknown("scheme", &self.scheme))?;
        Ok(Value::safe_string(&palette::custom_properties(palette, scheme)))
    }
}
