//! The schema of `site.yaml`.

use serde_json::{Value, json};

use super::shape::{
    Key, by_id, by_name, email, flag, id, list, object, one_of, one_word_of, optional, required, secure_url, set, text,
    web_url, with,
};
use super::{DIALECT, Names};
use crate::model::channel::CLICK_IDS;
use crate::model::destination::{Hubspot, Region, Salesforce};
use crate::model::policy::Directive;
use crate::model::tag;
use crate::rules::Rule;

/// The schema of `site.yaml`; in a site, with its destinations offered where one is named. They are examples and
/// nothing more: a new one is declared in the same file, and an editor would call it wrong.
pub fn site(names: Option<&Names>) -> Value {
    let whole = json!({
        "$schema": DIALECT,
        "title": "site.yaml of Tagline",
        "description": "Settings for the whole site: who you are, where visitors come from, and where leads go.",
    });
    with(whole, object(of_the_site().into_iter().chain(of_leads(names))))
}

fn of_the_site() -> [Key; 8] {
    let local = "http://(?:(?:[a-z0-9-]+\\.)*localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?";
    let base_url = json!({ "type": "string", "pattern": format!("^(?:https://[^/?#@]+|{local})(?:/[^?#]*)?$") });
    let language = json!({ "type": "string", "pattern": "^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*$", "default": "en" });
    let options = with(by_name(json!({}), json!({})), json!({ "examples": [{ "accent": "#0b6e4f" }] }));
    [
        required("title", "The name of the site.", text()),
        required("base_url", "Where the built site will be: https://kazi.example/, perhaps with a folder.", base_url),
        optional("language", "The language of the pages: en, de, pt-BR.", language),
        optional("timezone", "Dates are days of this zone: Africa/Nairobi. Left out: UTC.", text()),
        optional(
            "theme",
            "A built-in theme (launch), or a folder in themes/.",
            with(id(), json!({ "default": "launch" })),
        ),
        optional("theme_options", "What the theme can be told; `launch` has `accent`, a colour.", options),
        optional("organization", "Who the site is by.", organization()),
        optional("navigation", "The menu, entry by entry.", list(navigation_item())),
    ]
}

fn of_leads(names: Option<&Names>) -> [Key; 9] {
    let markdown = object([optional(
        "raw_html",
        "true: HTML in the text of pages is drawn as HTML.",
        with(flag(), json!({ "default": false })),
    )]);
    let ids = with(id(), json!({ "not": { "enum": [tag::DIRECT, tag::OTHER] } }));
    [
        optional(
            "channels",
            "The one list of places that visitors come from, each under an id.",
            by_name(ids, channel()),
        ),
        optional("destinations", "Where forms deliver leads, each under an id.", by_id(destination())),
        optional("leads", "What happens with leads.", leads(names)),
        optional("attribution", "What a visitor's browser may store.", attribution()),
        optional("analytics", "What measures visits: one of the two.", analytics()),
        optional("markdown", "What pages may hold.", markdown),
        optional("check", "What `tagline check` looks at.", check()),
        optional("security", "What hosts are told to send with every page.", security()),
        optional("rules", "What a rule makes of a problem: tell it, don't, or stop the build.", levels()),
    ]
}

fn check() -> Value {
    let label = "[a-zA-Z0-9\\-]+";
    let pattern = format!("^(?:{label}(?:\\.{label})+|https?://.+)$");
    let external = object([optional(
        "allow",
        "Hosts, and beginnings of addresses, that `--external` takes for good without asking: [linkedin.com].",
        list(json!({ "type": "string", "pattern": pattern })),
    )]);
    object([optional("external", "The addresses that lead out of the site.", external)])
}

fn security() -> Value {
    let host = "(?:\\*\\.[a-zA-Z0-9\\-]+\\.)?[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*(?::[0-9]+)?/?";
    let local = "(?:[hH][tT][tT][pP]|[wW][sS])://(?:localhost|127\\.0\\.0\\.1)(?::[0-9]+)?/?";
    let hash = "'?sha(?:256|384|512)-[a-zA-Z0-9+/]+={0,2}'?";
    let pattern = format!(
        "^(?:(?:[hH][tT][tT][pP][sS]|[wW][sS][sS])://{host}|{local}|{hash}|[dD][aA][tT][aA]:|[bB][lL][oO][bB]:)$"
    );
    let sources = list(json!({ "type": "string", "pattern": pattern }));
    let keys = Directive::ALL.map(|directive| optional(directive.name(), described(directive), sources.clone()));
    object([optional("content_security_policy", "Sources beyond what pages load themselves.", object(keys))])
}

fn described(directive: Directive) -> &'static str {
    match directive {
        Directive::Script => "Scripts: [https://widget.example].",
        Directive::Style => "Style sheets.",
        Directive::Image => "Pictures.",
        Directive::Font => "Fonts.",
        Directive::Connect => "What scripts may ask.",
        Directive::Media => "Films and sounds.",
        Directive::Frame => "Pages within pages.",
        Directive::Worker => "Scripts in the background.",
        Directive::Manifest => "The manifest of an app.",
        Directive::FormAction => "Where forms may go.",
        Directive::FrameAncestors => "Whose pages may show this site within them.",
    }
}

/// Which rules a build cannot do without, `check` says.
fn levels() -> Value {
    by_name(one_word_of(Rule::ALL.iter().map(|rule| rule.id())), one_word_of(["allow", "warn", "deny"]))
}

fn organization() -> Value {
    object([
        required("name", "Its name.", text()),
        optional("logo", "A picture: a file in content/, else in static/.", text()),
        optional("email", "Where people can write to.", email()),
        optional("phone", "As people read it, in quotes: \"+254 700 000000\".", text()),
    ])
}

fn navigation_item() -> Value {
    let keys = object([
        required("label", "The text of the entry.", text()),
        optional("page", "A page from content/ on: /articles/index.md.", text()),
        optional("url", "An address in another place.", web_url()),
    ]);
    with(keys, one_of(&["page", "url"]))
}

fn channel() -> Value {
    let label = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?";
    let host = json!({ "type": "string", "pattern": format!("^{label}(?:\\.{label})+$") });
    object([
        required("label", "What people read on a lead: Monthly newsletter.", text()),
        required("source", "`utm_source` of its links.", text()),
        required("medium", "`utm_medium` of its links: email, social, cpc, referral, print.", text()),
        optional("sources", "Other values of `utm_source` that mean this channel.", list(text())),
        optional("referrers", "Hosts whose visitors come by this channel: [linkedin.com, lnkd.in].", set(host)),
        optional("click_ids", "The marks that its ads put into an address: [gclid].", set(one_word_of(CLICK_IDS))),
        optional("crm_source", "What your CRM calls the channel.", text()),
    ])
}

fn destination() -> Value {
    let keys = object([
        optional("endpoint", "An address that takes a plain form by POST.", secure_url()),
        optional("netlify", "true: Netlify Forms, where the site is published there.", json!({ "const": true })),
        optional("hubspot", "A form of HubSpot's.", hubspot()),
        optional("salesforce", "Salesforce's Web-to-Lead.", salesforce()),
    ]);
    with(keys, one_of(&["endpoint", "netlify", "hubspot", "salesforce"]))
}

/// A number above 0 of an account, with or without quotes.
fn account_number() -> Value {
    json!({ "type": ["string", "integer"], "pattern": "^[0-9]*[1-9][0-9]*$", "minimum": 1 })
}

fn hubspot() -> Value {
    let guid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
    let region = with(one_word_of(Region::ALL.map(Region::name)), json!({ "default": Region::default().name() }));
    let property = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,99}$", "not": { "const": "hs_context" } });
    object([
        required("portal", "The number of the account.", account_number()),
        required(
            "form",
            "The id of the form, from its address in HubSpot.",
            json!({ "type": "string", "pattern": guid }),
        ),
        optional("region", "Where the account lies.", region),
        optional("subscription", "The type of subscription that the checkbox agrees to.", account_number()),
        optional(
            "fields",
            "Our field to the internal name of a property.",
            by_name(one_word_of(Hubspot::own_fields()), property),
        ),
    ])
}

fn salesforce() -> Value {
    let org = json!({ "type": "string", "pattern": "^00D[a-zA-Z0-9]{12}(?:[a-zA-Z0-9]{3})?$" });
    let field = json!({ "type": "string", "pattern": "^[a-zA-Z0-9_]+$" });
    let fields = by_name(one_word_of(Salesforce::own_fields()), field);
    object([
        required("org", "The id of the organization: Setup, Company Information.", org),
        optional("lead_source", "The lead source of channels without a `crm_source`.", text()),
        // Without a field for the lead tag nobody could say where a lead came from.
        required(
            "fields",
            "Our field to the id of a custom field (00N…) or the name of a standard one. With `lead_tag`.",
            with(fields, json!({ "required": ["lead_tag"] })),
        ),
    ])
}

fn leads(names: Option<&Names>) -> Value {
    let known: Vec<&str> = names.iter().flat_map(|names| &names.destinations).map(|id| id.as_str()).collect();
    let deliver_to = if known.is_empty() { id() } else { with(id(), json!({ "examples": known })) };
    let within = json!({ "type": "string", "pattern": "^\\+?0*[1-9][0-9]*[mhd]$" });
    let desk_url = with(web_url(), json!({ "not": { "pattern": "#" } }));
    let consent = object([
        required("text", "The sentence beside the checkbox.", text()),
        optional("version", "Sent along; change it whenever the sentence changes.", text()),
    ]);
    object([
        optional("deliver_to", "The destination of every form that names no other.", deliver_to),
        optional("owner", "Who follows up, unless a campaign says otherwise: an e-mail address.", email()),
        optional("respond_within", "What thank-you pages promise: 45m, 1h, 2d.", within),
        optional("desk_url", "Where the folder sales/ is, behind a sign-in.", desk_url),
        optional("consent", "A checkbox in every form. Left out: none.", consent),
    ])
}

fn attribution() -> Value {
    let storage = with(one_word_of(["none", "session", "local"]), json!({ "default": "none" }));
    let consent = with(flag(), json!({ "default": false }));
    object([
        optional("storage", "What is kept from page to page: nothing, for a visit, or for longer.", storage),
        optional("require_consent", "true: store nothing and load no analytics until the page says so.", consent),
    ])
}

fn analytics() -> Value {
    let domain = json!({ "type": "string", "pattern": "^[a-zA-Z0-9.,/\\-]*\\.[a-zA-Z0-9.,/\\-]*$" });
    let container = json!({ "type": "string", "pattern": "^GTM-[A-Z0-9]{4,12}$" });
    let keys = object([
        optional("plausible", "The site's domain in Plausible: kazi.example.", domain),
        optional("gtm", "A container of Google Tag Manager: GTM-ABC1234.", container),
    ]);
    with(keys, one_of(&["plausible", "gtm"]))
}
