//! What templates can call besides the engine's own: `docs/themes.md` lists it for their authors.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::palette::{self, Accent, Neutral, Scheme};
use super::strings::{self, Strings};
use crate::diagnostics::nearest;
use crate::model::address::query_value;
use crate::model::date::When;
use crate::sync;

/// Makes them known to the engine. `addresses` are those of the theme's assets.
pub fn register(tera: &mut Tera, addresses: &BTreeMap<String, String>, strings: &Arc<Strings>) {
    let addresses = addresses.clone();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| asset(&addresses, &kwargs));
    // One site has one palette, and it is asked for on every page.
    let drawn = Mutex::new(HashMap::new());
    tera.register_function("palette", move |kwargs: Kwargs, _: &State| {
        let asked = Palette::asked(&kwargs)?;
        let mut drawn = sync::lock(&drawn);
        match drawn.get(&asked) {
            Some(css) => Ok(Value::clone(css)),
            None => asked.css().inspect(|css| drop(drawn.insert(asked, css.clone()))),
        }
    });
    let said = Arc::clone(strings);
    tera.register_filter("date", move |text: &str, _: Kwargs, _: &State| -> TeraResult<String> {
        let when = When::parse(text).map_err(|_| tera::Error::message(format!("`{text}` is no date")))?;
        Ok(said.date(when))
    });
    tera.register_filter("fill", strings::filter_fill);
    tera.register_filter("query_value", |text: &str, _: Kwargs, _: &State| query_value(text));
}

fn asset(addresses: &BTreeMap<String, String>, kwargs: &Kwargs) -> TeraResult<String> {
    let path: &str = kwargs.must_get("path")?;
    addresses.get(path).cloned().ok_or_else(|| {
        let near = nearest(path, addresses.keys().map(String::as_str)).map(|name| format!("; did you mean `{name}`?"));
        tera::Error::message(format!("the theme has no file `assets/{path}`{}", near.unwrap_or_default()))
    })
}

/// `palette(accent="#0b6e4f", neutral="warm", scheme="auto")`; the last two may be left out.
#[derive(PartialEq, Eq, Hash)]
struct Palette {
    accent: String,
    neutral: String,
    scheme: String,
}

impl Palette {
    fn asked(kwargs: &Kwargs) -> TeraResult<Palette> {
        let text = |name, default: &str| TeraResult::Ok(kwargs.get::<&str>(name)?.unwrap_or(default).to_owned());
        let accent = kwargs.must_get::<&str>("accent")?.to_owned();
        Ok(Palette { accent, neutral: text("neutral", "tinted")?, scheme: text("scheme", "auto")? })
    }

    fn css(&self) -> TeraResult<Value> {
        let unknown = |what: &str, text: &str| tera::Error::message(format!("there is no {what} `{text}`"));
        let accent = Accent::parse(&self.accent).ok_or_else(|| unknown("colour", &self.accent))?;
        let neutral = Neutral::parse(&self.neutral).ok_or_else(|| unknown("neutral tone", &self.neutral))?;
        let scheme = Scheme::parse(&self.scheme).ok_or_else(|| unknown("scheme", &self.scheme))?;
        Ok(Value::safe_string(&palette::custom_properties(accent, neutral, scheme)))
    }
}
