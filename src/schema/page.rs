//! The schema of a page's front matter.

use serde_json::{Value, json};

use super::shape::{
    Key, anything, by_id, by_name, date, email, flag, form, id, known_id, list, object, one_of, one_word_of, optional,
    outward_url, phone, price, required, set, text, with,
};
use super::{DIALECT, Names};
use crate::model::product::Currency;
use crate::model::slug::Slug;
use crate::model::tag;

/// The schema of front matter; in a site, with the names that the site has.
pub fn page(names: Option<&Names>) -> Value {
    let whole = json!({
        "$schema": DIALECT,
        "title": "A page of Tagline",
        "description": "What stands between the two lines of `---` at the top of a page. A page that has `ctas` is a campaign.",
        // What only a campaign has, and what every campaign needs.
        "dependentRequired": {
            "ctas": ["summary"],
            "campaign": ["ctas"],
            "was": ["ctas"],
            "channels": ["ctas"],
            "per_channel": ["ctas"],
            "product": ["ctas"],
        },
    });
    let keys = words().into_iter().chain(dates_and_files(names)).chain(of_people(names)).chain(of_campaigns(names));
    with(whole, object(keys))
}

fn words() -> [Key; 6] {
    [
        required(
            "title",
            "The title in browsers, search results and links, and the heading where the text has none.",
            text(),
        ),
        optional("summary", "One or two sentences for search results and shared links. A campaign needs them.", text()),
        optional("draft", "true: not published, and no lead tags.", with(flag(), json!({ "default": false }))),
        optional("slug", "The last part of the address, in place of the file's name.", id()),
        optional("aliases", "Old addresses that lead here: [/old-offer/].", list(text())),
        optional("topics", "What the page is about, for the lead desk: [Hiring, Salaries].", list(text())),
    ]
}

fn dates_and_files(names: Option<&Names>) -> [Key; 7] {
    let layouts = names.map(|names| &names.layouts).filter(|layouts| !layouts.is_empty());
    let layout = layouts.map_or_else(id, |layouts| one_word_of(layouts.iter().map(String::as_str)));
    [
        optional("starts", "Before that day the page is not published: 2027-03-01.", date()),
        optional("ends", "After that day the page says that it is over, and offers nothing: 2027-03-31.", date()),
        optional("after_end", "The page that visitors are pointed to then: /next-offer/index.md.", text()),
        optional(
            "image",
            "The picture of shared links: a file beside the page, or from content/ on with a `/`.",
            text(),
        ),
        optional("image_alt", "What the picture shows, for those who don't see it.", text()),
        optional("layout", "The template of the theme. Left out: `landing` on campaigns, else `page`.", layout),
        optional("date", "The day of an article; the feed needs it.", date()),
    ]
}

fn of_people(names: Option<&Names>) -> [Key; 4] {
    let channel = known_id(names.map(|names| &names.channels[..]), &RESERVED);
    [
        optional("author", "Who wrote an article.", text()),
        optional("owner", "Who follows up, in place of `leads.owner`: an e-mail address.", email()),
        optional("counts_as", "The channel of leads from other campaigns' calls to action on this page.", channel),
        optional("extra", "Whatever a theme of your own reads.", anything()),
    ]
}

/// The channels that always exist.
const RESERVED: [&str; 2] = [tag::DIRECT, tag::OTHER];

/// Where a campaign can run: the channels of the site, and never the two that always exist.
fn channel(names: Option<&Names>) -> Value {
    match names {
        Some(names) => known_id(Some(&names.channels), &[]),
        None => with(id(), json!({ "not": { "enum": RESERVED } })),
    }
}

fn of_campaigns(names: Option<&Names>) -> [Key; 6] {
    let own_page = object([optional("title", "The title on the page of this channel.", text())]);
    let ctas = with(by_id(cta(names)), json!({ "minProperties": 1 }));
    [
        optional("campaign", "The campaign's id, the first part of lead tags. Never change it once published.", id()),
        optional("was", "Ids that the campaign had before: their lead tags and links still lead here.", list(id())),
        optional("channels", "Where the campaign runs: ids of channels in site.yaml.", set(channel(names))),
        optional("per_channel", "What the page of a channel says in its own way.", by_name(channel(names), own_page)),
        optional("product", "What the campaign sells, for search engines.", product()),
        optional("ctas", "What the campaign offers, each under an id of its own. The first is the main one.", ctas),
    ]
}

fn product() -> Value {
    object([
        required("name", "What it is called.", text()),
        required("price", "A number alone: 12500, or 49.90.", price()),
        required("currency", "Its code of ISO 4217: KES.", one_word_of(Currency::CODES.iter().copied())),
        optional("brand", "The name that it is sold under.", text()),
    ])
}

fn cta(names: Option<&Names>) -> Value {
    let destination = known_id(names.map(|names| &names.destinations[..] as &[Slug]), &[]);
    let keys = object([
        required("label", "What the button says.", text()),
        optional("note", "The small print beside the button.", text()),
        optional("was", "Ids that it had before: their lead tags lead to this one.", list(id())),
        optional("deliver_to", "The destination of its form, in place of `leads.deliver_to`.", destination),
        optional("coupon", "A code, and where it is used.", coupon(names)),
        optional("download", "A file, at once or for a filled-in form.", download()),
        optional("booking", "A time with you: a scheduler, or a form.", booking()),
        optional("contact", "A question: on WhatsApp, by telephone or in a form.", contact()),
    ]);
    with(keys, one_of(&["coupon", "download", "booking", "contact"]))
}

fn coupon(names: Option<&Names>) -> Value {
    let code = || json!({ "type": ["string", "number", "boolean"], "pattern": "^\\S+$" });
    let url = with(outward_url(), json!({ "allOf": [{ "pattern": "^(?:[^{}]|\\{code\\})*$" }] }));
    object([
        required("code", "The code as people type it, without spaces.", code()),
        optional("codes", "A channel's own code: { acme: ACME20 }.", by_name(channel(names), code())),
        required("url", "Where it is used. {code} is replaced by the code.", url),
        optional("expires", "The last day on which it is valid: 2027-03-31.", date()),
    ])
}

fn download() -> Value {
    object([
        required("file", "A file beside the page, or from content/ on with a `/`.", text()),
        optional("form", "What a visitor gives for it, with `email` or `phone`. Left out: a direct link.", form()),
    ])
}

fn booking() -> Value {
    let keys = object([
        optional("url", "The address of a scheduler.", outward_url()),
        optional("form", "Instead of a scheduler: what a visitor tells you, with `email` or `phone`.", form()),
        optional("trial_length", "For people: 14 days.", text()),
    ]);
    with(keys, one_of(&["url", "form"]))
}

fn contact() -> Value {
    let keys = object([
        optional("whatsapp", "A number on WhatsApp, in quotes: \"+254 700 000000\".", phone()),
        optional("text", "What the visitor's message says before the short code at its end.", text()),
        optional("phone", "A number to call, in quotes: \"+254 700 000000\".", phone()),
        optional("form", "Instead of a number: what a visitor tells you, with `email` or `phone`.", form()),
    ]);
    with(keys, with(one_of(&["whatsapp", "phone", "form"]), json!({ "dependentRequired": { "text": ["whatsapp"] } })))
}
