//! A Markdown file as its author wrote it: front matter and body. References to other files are not checked yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock};

use super::cta::{self, CTAS, Cta};
use super::date::When;
use super::elsewhere;
use super::per_channel::{PER_CHANNEL, PerChannel, per_channel};
use super::product::{self, Product};
use super::tag;
use super::theme_option::{LOOK, THEME_OPTIONS, WrittenLook};
use super::values::{ANY_CHANNEL, CAMPAIGN_CHANNEL, DATE, ID, IDS, LAYOUT, date, file_path, id, ids};
use super::variant::{Language, Version};
use super::versions::{self, SPLIT, VERSIONS, Versions, WINNER};
use crate::diagnostics::Diagnostic;
use crate::model::slug::{ById, Slug};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::shape::{ANYTHING, EMAIL, FILE, FLAG, NAMES, PAGE, TEXT, TEXTS};
use crate::yaml::values::{email, flag, json, located_text, located_texts, text, texts};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Clone, Debug)]
pub struct Page {
    pub source: Arc<SourceText>,
    /// Relative to `content/`: `spring-hiring/index.md`.
    pub file: String,
    pub front: FrontMatter,
    /// A hash of the text above the body. Two versions of a file with the same hash have the same front matter.
    pub front_hash: u64,
    /// What the page translates. `None` for a page in the site's main language.
    pub translation: Option<Box<Translation>>,
    /// The version that the page is. `a` is the page at its own address, also after another version won.
    pub version: Version,
    /// A hash of the blocks that only this version shows, for pages that are tested. It is only valid within one run.
    pub blocks_hash: u64,
    /// The file has errors, which are already reported. Its content is still checked against the site, but a value that
    /// seems to be missing may only be unreadable.
    pub broken: bool,
}

/// A page that translates another one. Its front matter is that of the original, with what the translation says itself.
#[derive(Clone, Debug)]
pub struct Translation {
    pub language: Language,
    /// The file of the original, relative to `content/`.
    pub original: String,
    /// The text that was translated, if the author keeps its digest.
    pub translated: Option<TranslatedText>,
    /// The keys whose texts are those of the original: `summary`, `ctas.save.label`.
    pub untranslated: Vec<String>,
}

impl Page {
    /// The language that it is translated into. `None` for a page in the site's main language.
    pub fn language(&self) -> Option<&Language> {
        self.translation.as_deref().map(|translation| &translation.language)
    }
}

/// The digests of an original: when it was translated, and today.
#[derive(Clone, Debug)]
pub struct TranslatedText {
    pub translated: Located<String>,
    pub today: String,
}

#[derive(Clone, Debug)]
pub struct FrontMatter {
    pub title: Located<String>,
    pub summary: Option<Located<String>>,
    /// The campaign's id, if the author sets it.
    pub campaign: Option<Located<Slug>>,
    pub draft: bool,
    pub starts: Option<Located<When>>,
    pub ends: Option<Located<When>>,
    pub image: Option<Located<String>>,
    pub image_alt: Option<String>,
    pub date: Option<When>,
    pub owner: Option<String>,
    pub channels: Vec<Located<Slug>>,
    pub product: Option<Box<Located<Product>>>,
    pub ctas: ById<Cta>,
    /// The key `ctas`, for diagnostics about the campaign as a whole.
    pub ctas_span: Option<Span>,
    /// The versions that are tested against each other.
    pub versions: Option<Box<Versions>>,
    /// `None` if the page has none of them.
    rare: Option<Box<RareKeys>>,
}

/// The keys that few pages have. Together they would be half of the memory of a page.
#[derive(Clone, Debug, Default)]
pub struct RareKeys {
    /// Former ids of the campaign.
    pub was: Vec<Located<Slug>>,
    pub slug: Option<Located<Slug>>,
    pub aliases: Vec<Located<String>>,
    pub after_end: Option<Located<String>>,
    pub layout: Option<Located<Slug>>,
    /// `look` and `theme_options`.
    pub look: WrittenLook,
    pub author: Option<String>,
    pub counts_as: Option<Located<Slug>>,
    pub topics: Vec<String>,
    pub per_channel: ById<Located<PerChannel>>,
    pub extra: serde_json::Value,
}

static NO_RARE_KEYS: LazyLock<RareKeys> = LazyLock::new(|| RareKeys { extra: no_values(), ..RareKeys::default() });

const CAMPAIGN_CHANNELS: Shape = Shape::set("list of channels", &CAMPAIGN_CHANNEL);

/// The keys of every page.
const PAGE_KEYS: [Key; 19] = [
    Key::required("title", TEXT, "The text of `<title>` and of links, and the `h1` if the body has none."),
    Key::optional(
        "summary",
        TEXT,
        "One or two sentences for search results and shared links. Required on campaigns.",
    )
    .rules(&[Rule::MissingKey]),
    Key::optional("draft", FLAG, "`true`: the page is not published, and has no lead tags.")
        .default("false")
        .rules(&[Rule::WrongType]),
    Key::optional("starts", DATE, "The first day on which the page is published: `2027-03-01`.")
        .rules(&[Rule::BadDate]),
    Key::optional("ends", DATE, "The last day. After it the page says that it is over and offers nothing: `2027-03-31`.")
        .rules(&[Rule::BadDate, Rule::DatesReversed]),
    Key::optional(
        "after_end",
        PAGE,
        "The page that an ended page points visitors to: `next-offer.md`, `/free-trial/index.md`.",
    )
    .rules(&[Rule::BrokenLink]),
    Key::optional(
        "image",
        FILE,
        "The image of shared links, and for themes: a file beside the page, or with a leading `/` from `content/`.",
    )
    .rules(&[Rule::BrokenLink, Rule::BrokenImage, Rule::HeavyImage]),
    Key::optional("image_alt", TEXT, "The text alternative of the image.").rules(&[Rule::MissingAlt]),
    Key::optional("layout", LAYOUT, "A template of the theme. `launch` has `landing`, `page` and `article`.")
        .default_text("`landing` on campaigns, else `page`")
        .rules(&[Rule::MissingTemplate]),
    Key::optional("look", LOOK, "[The look](looks.md) of this page, its channel pages and its thank-you pages.")
        .default_text("that of the site")
        .rules(&[Rule::BadThemeOption]),
    Key::optional("theme_options", THEME_OPTIONS, "[Options of the theme](looks.md#options) that differ from the site's.")
        .rules(&[Rule::BadThemeOption]),
    Key::optional("author", TEXT, "The author of an article."),
    Key::optional(
        "date",
        DATE,
        "The date of an article. The feed lists only articles with a date. A future date does not hide the page.",
    )
    .rules(&[Rule::BadDate]),
    Key::optional("slug", ID, "The last part of the page's address.")
        .default_text("from the file's name")
        .rules(&[Rule::BadId, Rule::BadFileName]),
    Key::optional("aliases", NAMES, "Old addresses that redirect to the page: `[/old-offer/]`.")
        .rules(&[Rule::BadUrl, Rule::PathClash]),
    Key::optional(
        "counts_as",
        ANY_CHANNEL,
        "The channel of leads from other campaigns' calls to action on this page.",
    )
    .default_text("`direct`")
    .rules(&[Rule::UnknownChannel]),
    Key::optional("owner", EMAIL, "The e-mail address of whoever follows up on leads.")
        .default_text("`leads.owner`")
        .rules(&[Rule::BadEmail]),
    Key::optional(
        "topics",
        TEXTS,
        "Topics of the page, such as `[Hiring, Salaries]`. [The lead desk](sales.md#what-to-send) lists the page and its \
         materials under them; the site does not show them.",
    )
    .default_text("the title of the folder's `index.md`")
    .rules(&[Rule::WrongType]),
    Key::optional("extra", ANYTHING, "Any values for your own theme."),
];

/// The keys that only campaigns have.
const CAMPAIGN_KEYS: [Key; 9] = [
    Key::optional("ctas", CTAS, "[What the campaign offers](ctas.md). The first one is the primary call to action.")
        .rules(&[Rule::EmptyValue, Rule::BadCtaKind]),
    Key::optional(
        "campaign",
        ID,
        "The campaign's id, the first part of its lead tags. Never change it once published.",
    )
    .default_text("the last part of the address")
    .rules(&[Rule::BadId, Rule::DuplicateCampaign]),
    Key::optional(
        "was",
        IDS,
        "[Ids that the campaign had before](channels.md#renaming): their lead tags, codes and short links still work.",
    )
    .rules(&[Rule::DuplicateCampaign]),
    Key::optional("channels", CAMPAIGN_CHANNELS, "The channels on which the campaign runs.")
        .rules(&[Rule::UnknownChannel, Rule::ReservedChannel]),
    Key::optional(
        "product",
        Shape::mapping(&product::KEYS),
        "[What the campaign sells](#structured-data), for search engines.",
    )
    .rules(&[Rule::BadPrice, Rule::MissingKey]),
    Key::optional("per_channel", PER_CHANNEL, "What differs on the pages of single channels.")
        .rules(&[Rule::UnknownChannel]),
    Key::optional("versions", VERSIONS, "[Versions of the campaign](versions.md), tested against the page as written.")
        .rules(&[Rule::BadVersion]),
    Key::optional("split", SPLIT, "The share of new visitors that each version gets: `{ b: 50 }`.")
        .rules(&[Rule::BadVersion]),
    Key::optional("winner", WINNER, "The version that becomes the page, once the test is decided.")
        .rules(&[Rule::BadVersion, Rule::DecidedTest]),
];

static ALL_KEYS: [Key; 28] = {
    let mut all = [PAGE_KEYS[0]; 28];
    let mut index = 0;
    while index < all.len() {
        let campaign_keys_from = PAGE_KEYS.len();
        all[index] = match index < campaign_keys_from {
            true => PAGE_KEYS[index],
            false => CAMPAIGN_KEYS[index - campaign_keys_from],
        };
        index += 1;
    }
    all
};

/// Front matter.
pub static KEYS: Mapping = Mapping::new("a page", &ALL_KEYS).elsewhere(elsewhere::PAGE).needs(&[
    ("ctas", "summary"),
    ("campaign", "ctas"),
    ("was", "ctas"),
    ("channels", "ctas"),
    ("per_channel", "ctas"),
    ("product", "ctas"),
    ("versions", "ctas"),
]);

/// The two halves of [`KEYS`], for the docs.
pub static KEYS_OF_PAGES: Mapping = Mapping::new("a page", &PAGE_KEYS);
pub static KEYS_OF_CAMPAIGNS: Mapping = Mapping::new("a campaign", &CAMPAIGN_KEYS);

impl FrontMatter {
    /// Returns `None` if the front matter is not a mapping. All errors are reported.
    pub fn read(reader: &mut YamlReader, root: &Node) -> Option<FrontMatter> {
        let mut entries = Entries::of(reader, root, &KEYS)?;
        let title = entries.read(reader, "title", located_text);
        if entries.has("ctas") {
            entries.check_given(reader, "summary");
        }
        let mut front = FrontMatter {
            title: title.unwrap_or_else(|| Located { value: String::new(), span: entries.span }),
            summary: entries.read(reader, "summary", located_text),
            campaign: entries.read(reader, "campaign", id),
            draft: entries.read(reader, "draft", flag).unwrap_or(false),
            starts: entries.read(reader, "starts", date),
            ends: entries.read(reader, "ends", date),
            image: entries.read(reader, "image", file_path),
            image_alt: entries.read(reader, "image_alt", text),
            date: entries.read(reader, "date", date).map(|date| date.value),
            owner: entries.read(reader, "owner", email),
            channels: entries.read(reader, "channels", ids).unwrap_or_default(),
            product: entries.read(reader, "product", Product::read).map(Box::new),
            ctas: entries.read(reader, "ctas", cta::read_all).unwrap_or_default(),
            ctas_span: entries.key_span("ctas"),
            versions: versions::read(reader, &mut entries),
            rare: RareKeys::read(reader, &mut entries).map(Box::new),
        };
        if let Some(versions) = &mut front.versions {
            versions.front_hash = versions::front_hash(root);
        }
        entries.finish(reader);
        check_dates(reader, &front);
        front.channels = each_channel_once(reader, front.channels);
        Some(front)
    }

    pub fn summary(&self) -> Option<&str> {
        self.summary.as_ref().map(|summary| summary.value.as_str())
    }

    pub fn rare(&self) -> &RareKeys {
        self.rare.as_deref().unwrap_or(&NO_RARE_KEYS)
    }
}

impl RareKeys {
    /// Returns `None` if there are none of these keys.
    fn read(reader: &mut YamlReader, entries: &mut Entries) -> Option<RareKeys> {
        let rare = RareKeys {
            was: entries.read(reader, "was", ids).unwrap_or_default(),
            slug: entries.read(reader, "slug", id),
            aliases: entries.read(reader, "aliases", located_texts).unwrap_or_default(),
            after_end: entries.read(reader, "after_end", file_path),
            layout: entries.read(reader, "layout", id),
            look: WrittenLook::read(reader, entries),
            author: entries.read(reader, "author", text),
            counts_as: entries.read(reader, "counts_as", id),
            topics: entries.read(reader, "topics", texts).unwrap_or_default(),
            per_channel: entries.read(reader, "per_channel", per_channel).unwrap_or_default(),
            extra: entries.read(reader, "extra", |_, node| Some(json(node))).unwrap_or_else(no_values),
        };
        (!rare.is_empty()).then_some(rare)
    }

    fn is_empty(&self) -> bool {
        let RareKeys { was, slug, aliases, after_end, layout, look, author, counts_as, topics, per_channel, extra } =
            self;
        let has_list = !was.is_empty() || !aliases.is_empty() || !topics.is_empty() || !per_channel.is_empty();
        let has_id = slug.is_some() || layout.is_some() || counts_as.is_some();
        let has_text = after_end.is_some() || author.is_some();
        !has_list && !has_id && !has_text && look.is_empty() && *extra == no_values()
    }
}

/// The `extra` of a page without.
fn no_values() -> serde_json::Value {
    serde_json::json!({})
}

fn check_dates(reader: &mut YamlReader, front: &FrontMatter) {
    let (Some(starts), Some(ends)) = (front.starts, front.ends) else {
        return;
    };
    // If only one has a time, only the days are compared: `ends: 2027-03-31` lasts until midnight.
    let reversed = match (starts.value.time, ends.value.time) {
        (Some(_), Some(_)) => ends.value < starts.value,
        _ => ends.value.day < starts.value.day,
    };
    if reversed {
        let diagnostic = Diagnostic::error(Rule::DatesReversed, "this campaign ends before it starts")
            .at(reader.source, ends.span, "ends here")
            .at(reader.source, starts.span, "starts here")
            .help("is one of the two from another year?");
        reader.diagnostics.push(diagnostic);
    }
}

/// Returns the channels without duplicates. Reports those, and reserved channels. Whether a channel exists is checked against
/// the site later.
fn each_channel_once(reader: &mut YamlReader, mut channels: Vec<Located<Slug>>) -> Vec<Located<Slug>> {
    let mut spans: HashMap<Slug, Span> = HashMap::new();
    channels.retain(|channel| {
        if tag::is_reserved(&channel.value) {
            let message = format!("`{}` always exists and is not listed", channel.value);
            reader.error(Rule::ReservedChannel, channel.span, message, "leave this one out");
        }
        match spans.entry(channel.value.clone()) {
            Entry::Vacant(first) => {
                first.insert(channel.span);
                true
            }
            Entry::Occupied(first) => {
                let diagnostic = Diagnostic::error(Rule::DuplicateKey, format!("`{}` is listed twice", channel.value))
                    .at(reader.source, channel.span, "listed again")
                    .at(reader.source, *first.get(), "listed first");
                reader.diagnostics.push(diagnostic);
                false
            }
        }
    });
    channels
}
