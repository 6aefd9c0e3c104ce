//! Keys of other programs (Hugo, Jekyll, Zola, Astro, Eleventy, WordPress exports), and what to write here.

use crate::yaml::Instead::{self, Help, Key, Same};

const NO_ORDER: Instead = Help("pages have no order: the menu is `navigation` in site.yaml");
const NOT_HERE: Instead = Help("there is no such key: values for your own theme go below `extra`");
const ALWAYS_LISTED: Instead = Help("there is no such key: a page that is no `draft` is published and in the sitemap");
const IN_SITE: Instead = Help("the language is set for the whole site: `language` in site.yaml");
const SLUG: Instead =
    Help("did you mean `slug`? It is the last part of the address; the folders are those of the file");
const OF_DATE: Instead =
    Help("there is no such key: `date` is the date of an article, `starts` the first day of a page");

/// For front matter.
pub const PAGE: &[(&str, Instead)] = &[
    ("description", Same("summary")),
    ("excerpt", Same("summary")),
    ("abstract", Same("summary")),
    ("subtitle", Key("summary")),
    ("teaser", Key("summary")),
    ("meta_description", Same("summary")),
    ("seo_description", Same("summary")),
    ("seo_title", Key("title")),
    ("meta_title", Key("title")),
    ("linkTitle", Key("title")),
    ("name", Key("title")),
    ("heading", Key("title")),
    ("tags", Same("topics")),
    ("tag", Key("topics")),
    ("categories", Key("topics")),
    ("category", Key("topics")),
    ("keywords", Key("topics")),
    ("taxonomies", Key("topics")),
    ("post_tag", Key("topics")),
    ("permalink", SLUG),
    ("url", SLUG),
    ("path", SLUG),
    ("link", SLUG),
    ("post_name", Same("slug")),
    ("redirect_from", Same("aliases")),
    ("redirects", Key("aliases")),
    ("redirect_to", Help("there is no such key: the page at the new address lists the old one in `aliases`")),
    ("publishDate", Same("starts")),
    ("publish_date", Same("starts")),
    ("start", Same("starts")),
    ("start_date", Same("starts")),
    ("pubDate", Same("date")),
    ("pubDatetime", Same("date")),
    ("published_at", Same("date")),
    ("post_date", Same("date")),
    ("expiryDate", Same("ends")),
    ("expires", Key("ends")),
    ("end", Same("ends")),
    ("end_date", Same("ends")),
    ("unpublishdate", Key("ends")),
    ("published", Help("write `draft: true` to hide a page: every other page is published")),
    ("publish", Help("write `draft: true` to hide a page: every other page is published")),
    ("status", Help("write `draft: true` to hide a page: every other page is published")),
    ("post_status", Help("write `draft: true` to hide a page: every other page is published")),
    ("lastmod", OF_DATE),
    ("updated", OF_DATE),
    ("updatedDate", OF_DATE),
    ("modified", OF_DATE),
    ("modDatetime", OF_DATE),
    ("last_modified_at", OF_DATE),
    ("post_modified", OF_DATE),
    ("weight", NO_ORDER),
    ("order", NO_ORDER),
    ("nav_order", NO_ORDER),
    ("menu_order", NO_ORDER),
    ("sidebar_position", NO_ORDER),
    ("menu", NO_ORDER),
    ("menus", NO_ORDER),
    ("eleventyNavigation", NO_ORDER),
    ("template", Key("layout")),
    ("page_template", Key("layout")),
    ("type", Key("layout")),
    ("post_type", Key("layout")),
    ("authors", Key("author")),
    ("by", Key("author")),
    ("post_author", Key("author")),
    ("cover", Same("image")),
    ("banner", Same("image")),
    ("thumbnail", Same("image")),
    ("images", Key("image")),
    ("hero_image", Same("image")),
    ("featured_image", Same("image")),
    ("feature_image", Same("image")),
    ("og_image", Same("image")),
    ("social_image", Same("image")),
    ("post_thumbnail", Key("image")),
    ("alt", Same("image_alt")),
    ("params", Key("extra")),
    ("custom", Key("extra")),
    ("data", Key("extra")),
    ("cta", Same("ctas")),
    ("lang", IN_SITE),
    ("language", IN_SITE),
    ("locale", IN_SITE),
    ("noindex", ALWAYS_LISTED),
    ("robots", ALWAYS_LISTED),
    ("sitemap", ALWAYS_LISTED),
    ("hidden", ALWAYS_LISTED),
    ("unlisted", ALWAYS_LISTED),
    ("private", ALWAYS_LISTED),
    ("eleventyExcludeFromCollections", ALWAYS_LISTED),
    ("utm_campaign", Key("campaign")),
    ("toc", NOT_HERE),
    ("comments", NOT_HERE),
    ("comment_status", NOT_HERE),
    ("math", NOT_HERE),
    ("mermaid", NOT_HERE),
    ("series", NOT_HERE),
    ("cascade", NOT_HERE),
    ("outputs", NOT_HERE),
    ("pagination", NOT_HERE),
    ("sort_by", NOT_HERE),
    ("id", NOT_HERE),
    ("post_id", NOT_HERE),
    ("guid", NOT_HERE),
    ("featured", NOT_HERE),
    ("sticky", NOT_HERE),
];

const NOT_IN_SITE: Instead = Help("there is no such setting");
const FIXED_FOLDERS: Instead = Help("folders are options of the command: `tagline build --help` lists them");
const BY_FILE: Instead =
    Help("there is no such setting: the address of a page comes from its file, or from its `slug`");

/// For `site.yaml`.
pub const SITE: &[(&str, Instead)] = &[
    ("url", Same("base_url")),
    ("site_url", Same("base_url")),
    ("site", Key("base_url")),
    ("root_url", Same("base_url")),
    ("domain", Key("base_url")),
    ("host", Key("base_url")),
    ("name", Key("title")),
    ("site_name", Same("title")),
    ("site_title", Same("title")),
    ("lang", Same("language")),
    ("locale", Same("language")),
    ("languageCode", Same("language")),
    ("default_language", Same("language")),
    ("defaultContentLanguage", Same("language")),
    ("tz", Same("timezone")),
    ("menu", Key("navigation")),
    ("menus", Key("navigation")),
    ("nav", Same("navigation")),
    ("params", Key("theme_options")),
    ("extra", Key("theme_options")),
    ("theme_config", Key("theme_options")),
    ("author", Key("organization")),
    ("company", Key("organization")),
    ("publisher", Key("organization")),
    ("google_analytics", Key("analytics")),
    ("googleAnalytics", Key("analytics")),
    ("markup", Key("markdown")),
    ("goldmark", Key("markdown")),
    ("kramdown", Key("markdown")),
    ("lint", Key("rules")),
    ("description", Help("there is no such setting: each page has its own `summary`")),
    ("permalinks", BY_FILE),
    ("permalink", BY_FILE),
    ("publishDir", FIXED_FOLDERS),
    ("output_dir", FIXED_FOLDERS),
    ("outDir", FIXED_FOLDERS),
    ("destination", FIXED_FOLDERS),
    ("plugins", Help("there are no plugins: templates and files of a theme are the only extension")),
    ("integrations", Help("there are no plugins: templates and files of a theme are the only extension")),
    ("taxonomies", NOT_IN_SITE),
    ("collections", NOT_IN_SITE),
    ("paginate", NOT_IN_SITE),
    ("pagination", NOT_IN_SITE),
    ("minify", Help("there is no such setting: pages are always minified")),
    ("generate_feed", Help("there is no such setting: the feed lists the articles with a `date`")),
    ("enableRobotsTXT", Help("there is no such setting: `robots.txt` is always written")),
];

/// For a call to action.
pub const CTA: &[(&str, Instead)] = &[
    ("text", Same("label")),
    ("title", Same("label")),
    ("button", Same("label")),
    ("code", Help("the code of a coupon goes into `coupon`: `coupon: { code: …, url: … }`")),
    ("url", Help("an address goes into its kind: `booking: { url: … }`, or `coupon: { code: …, url: … }`")),
    ("link", Help("an address goes into its kind: `booking: { url: … }`, or `coupon: { code: …, url: … }`")),
    ("href", Help("an address goes into its kind: `booking: { url: … }`, or `coupon: { code: …, url: … }`")),
    ("file", Help("a file goes into `download`: `download: { file: … }`")),
    ("webinar", Key("event")),
    ("starts", Help("the start of an event goes into `event`: `event: { starts: …, ends: … }`")),
    ("form", Help("a form goes into its kind: `download`, `booking`, `contact` or `event`")),
    ("phone", Help("a number goes into `contact`: `contact: { phone: … }`")),
    ("whatsapp", Help("a number goes into `contact`: `contact: { whatsapp: … }`")),
    ("email", Help("a question goes into `contact`: `contact: { form: [email, message] }`")),
];

/// For an event.
pub const EVENT: &[(&str, Instead)] = &[
    ("title", Key("name")),
    ("summary", Key("name")),
    ("start", Key("starts")),
    ("begins", Key("starts")),
    ("date", Key("starts")),
    ("when", Key("starts")),
    ("dtstart", Key("starts")),
    ("start_date", Key("starts")),
    ("end", Key("ends")),
    ("until", Key("ends")),
    ("dtend", Key("ends")),
    ("end_date", Key("ends")),
    ("duration", Help("write the end: `ends: 2027-03-18 11:00`")),
    ("times", Key("dates")),
    ("sessions", Key("dates")),
    ("tz", Key("timezone")),
    ("zone", Key("timezone")),
    ("location", Key("place")),
    ("venue", Key("place")),
    ("where", Key("place")),
    ("virtual", Key("online")),
    ("meeting", Key("join")),
    ("link", Help("the address of the meeting is `join`, the page of a service is `url`")),
    ("replay", Key("recording")),
    ("video", Key("recording")),
    ("status", Key("state")),
    ("cancelled", Help("write `state: cancelled`")),
    ("canceled", Help("write `state: cancelled`")),
    ("sold_out", Help("write `state: sold_out`")),
    ("moved", Help("write the new day as `starts`, and the old one as `moved_from`")),
    ("rescheduled", Help("write the new day as `starts`, and the old one as `moved_from`")),
    ("previous_start", Key("moved_from")),
];

/// For one date of an event.
pub const EVENT_DATE: &[(&str, Instead)] = &[
    ("start", Key("starts")),
    ("begins", Key("starts")),
    ("date", Key("starts")),
    ("end", Key("ends")),
    ("until", Key("ends")),
    ("status", Key("state")),
    ("cancelled", Help("write `state: cancelled`")),
    ("sold_out", Help("write `state: sold_out`")),
    ("place", Help("all dates of an event have its `place`: write two calls to action for two places")),
    ("timezone", Help("all dates of an event are in its `timezone`")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cta::{event, event_date};
    use crate::model::{cta, page, site};
    use crate::yaml::Mapping;

    #[test]
    fn tables_lead_to_keys_that_exist() {
        let tables: [(&Mapping, _); 5] = [
            (&page::KEYS, PAGE),
            (&site::KEYS, SITE),
            (&cta::KEYS, CTA),
            (&event::KEYS, EVENT),
            (&event_date::KEYS, EVENT_DATE),
        ];
        for (mapping, elsewhere) in tables {
            for (name, instead) in elsewhere {
                assert!(mapping.key(name).is_none(), "`{name}` is a key of {}", mapping.what);
                if let Key(ours) | Same(ours) = instead {
                    assert!(mapping.key(ours).is_some(), "{} has no `{ours}`", mapping.what);
                }
            }
        }
    }
}
