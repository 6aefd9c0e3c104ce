//! `leads` in `site.yaml`: where leads go, who answers them, and by when.

use std::fmt;

use serde_json::json;

use crate::diagnostics::count;
use crate::model::address::WebUrl;
use crate::model::consent::{self, Consent};
use crate::model::gate::{self, GateKey};
use crate::model::slug::Slug;
use crate::model::values::{EXAMPLE_DESTINATION, WEB_URL, id, web_url};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::schema::of_shape;
use crate::yaml::shape::{EMAIL, with};
use crate::yaml::values::{email, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug, Default)]
pub struct Leads {
    pub deliver_to: Option<Located<Slug>>,
    /// Who follows up, unless the campaign names somebody else.
    pub owner: Option<String>,
    pub respond_within: Option<RespondWithin>,
    /// Where `sales/` is deployed.
    pub desk_url: Option<WebUrl>,
    /// The checkboxes of every form, in the author's order.
    pub consents: Vec<Consent>,
    /// From which the addresses of files behind forms are derived.
    pub gate_key: Option<GateKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RespondWithin {
    pub amount: u32,
    pub unit: TimeUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Minutes,
    Hours,
    Days,
}

const DURATION: Shape =
    Shape::value("duration", |_| json!({ "type": "string", "pattern": "^\\+?0*[1-9][0-9]*[mhd]$" }));
const DESK_URL: Shape =
    Shape::value("address", |names| with(of_shape(&WEB_URL, names), json!({ "not": { "pattern": "#" } })));

pub static KEYS: Mapping = Mapping::new(
    "`leads`",
    &[
        Key::optional("deliver_to", EXAMPLE_DESTINATION, "The destination of every form that names no other.")
            .rules(&[Rule::UnknownDestination]),
        Key::optional("owner", EMAIL, "The e-mail address of whoever follows up, unless a campaign names another.")
            .rules(&[Rule::BadEmail]),
        Key::optional("respond_within", DURATION, "The promise on thank-you pages: `45m`, `1h`, `2d`.")
            .rules(&[Rule::BadDuration]),
        Key::optional(
            "desk_url",
            DESK_URL,
            "Where `sales/` is deployed, [behind a sign-in](sales.md#where-to-put-the-lead-desk): \
             `https://desk.kazi.example/`. With `#` and a lead tag it is the address of a lead card, used on the \
             cards, in `explain` and in [`lead-sources.csv`](lead-sources.md).",
        )
        .rules(&[Rule::BadUrl]),
        Key::optional(
            "consent",
            Shape::mapping(&consent::KEYS),
            "A required checkbox in every form. Left out: no checkbox.",
        )
        .rules(&[Rule::BadConsent]),
        Key::optional("consents", consent::CONSENTS, "Several checkboxes in every form, instead of `consent`.")
            .rules(&[Rule::BadConsent]),
        Key::optional(
            "gate_key",
            gate::KEY,
            "A secret of the site, from which the [addresses of files behind forms](ctas.md#what-a-form-protects) are derived. \
             With another key they have other addresses.",
        )
        .rules(&[Rule::BadGateKey]),
    ],
);

impl Leads {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Leads> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let deliver_to = entries.read(reader, "deliver_to", id);
        let owner = entries.read(reader, "owner", email);
        let respond_within = entries.read(reader, "respond_within", RespondWithin::read);
        let desk_url = entries.read(reader, "desk_url", desk_url);
        let consents = consent::read(reader, &mut entries);
        let gate_key = entries.read(reader, "gate_key", GateKey::read);
        entries.finish(reader);
        Some(Leads { deliver_to, owner, respond_within, desk_url, consents, gate_key })
    }
}

impl RespondWithin {
    /// Parses `45m`, `1h` or `2d`.
    pub fn parse(text: &str) -> Option<RespondWithin> {
        let unit = match text.chars().last()? {
            'm' => TimeUnit::Minutes,
            'h' => TimeUnit::Hours,
            'd' => TimeUnit::Days,
            _ => return None,
        };
        let amount = text[..text.len() - 1].parse().ok().filter(|&amount| amount > 0)?;
        Some(RespondWithin { amount, unit })
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<RespondWithin> {
        let text = value(reader, node)?;
        let duration = RespondWithin::parse(&text);
        if duration.is_none() {
            let message = format!("`{text}` is not a duration");
            reader.error(Rule::BadDuration, node.span, message, "write it as in `45m`, `1h` or `2d`");
        }
        duration
    }
}

impl fmt::Display for RespondWithin {
    /// For people: `1 hour`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TimeUnit::Minutes => "minute",
            TimeUnit::Hours => "hour",
            TimeUnit::Days => "day",
        };
        f.write_str(&count(self.amount as usize, unit))
    }
}

fn desk_url(reader: &mut YamlReader, node: &Node) -> Option<WebUrl> {
    let url = web_url(reader, node)?;
    if url.url().fragment().is_some() {
        let label = "Tagline adds a `#` and the lead tag";
        reader.error(Rule::BadUrl, node.span, "this address has a `#`", label);
        return None;
    }
    Some(url)
}
