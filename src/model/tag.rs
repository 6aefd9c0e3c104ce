//! Lead tags, `campaign_cta_channel` or `campaign_cta_channel_variant`: the format, its parser and its sort order.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use crate::model::slug::{MAX_ID, NotASlug, Slug};
use crate::model::variant::{NotAVariant, Variant};

/// The channel of visitors whose source is unknown.
pub const DIRECT: &str = "direct";

/// The channel of visitors whose source is known but belongs to no channel of the site.
pub const OTHER: &str = "other";

static DIRECT_SLUG: LazyLock<Slug> = LazyLock::new(|| Slug::parse(DIRECT).expect("`direct` is a slug"));
static OTHER_SLUG: LazyLock<Slug> = LazyLock::new(|| Slug::parse(OTHER).expect("`other` is a slug"));

/// Returns [`DIRECT`] as a slug.
pub fn direct() -> Slug {
    direct_ref().clone()
}

/// Returns [`DIRECT`] as a slug that is never dropped.
pub fn direct_ref() -> &'static Slug {
    &DIRECT_SLUG
}

/// Returns [`OTHER`] as a slug.
pub fn other() -> Slug {
    OTHER_SLUG.clone()
}

/// Returns true for `direct` and `other`. Every site has them without declaring them, and they have no share links.
pub fn is_reserved(channel: &Slug) -> bool {
    matches!(channel.as_str(), DIRECT | OTHER)
}

/// The source of one lead: a call to action of a campaign, the channel that the visitor came from, and the variant of the
/// page that the visitor saw. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeadTag {
    pub campaign: Slug,
    pub cta: Slug,
    pub channel: Slug,
    /// `None` for the page as written, in the site's main language.
    pub variant: Option<Variant>,
}

/// One of the parts of a lead tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPart {
    Campaign,
    Cta,
    Channel,
    Variant,
}

/// Why a text is not a lead tag.
#[derive(Debug, PartialEq, Eq)]
pub enum NotALeadTag {
    /// The number of parts is neither three nor four.
    Parts {
        count: usize,
    },
    /// The fourth part is no variant.
    BadVariant {
        text: String,
        problem: NotAVariant,
    },
    BadPart {
        part: TagPart,
        text: String,
        problem: NotASlug,
    },
}

impl LeadTag {
    pub fn new(campaign: &Slug, cta: &Slug, channel: &Slug, variant: Option<&Variant>) -> LeadTag {
        LeadTag { campaign: campaign.clone(), cta: cta.clone(), channel: channel.clone(), variant: variant.cloned() }
    }

    /// Returns the lead tag of the same call to action on another channel.
    pub fn with_channel(&self, channel: &Slug) -> LeadTag {
        LeadTag { channel: channel.clone(), ..self.clone() }
    }

    /// Parses `campaign_cta_channel`, with or without a variant. Invalid parts are errors, never corrected.
    pub fn parse(text: &str) -> Result<LeadTag, NotALeadTag> {
        LeadTag::parse_with(text, Slug::parse)
    }

    /// Parses a lead tag with `slug` as the parser of its parts. A parser that caches slugs saves allocations.
    pub fn parse_with(
        text: &str,
        mut slug: impl FnMut(&str) -> Result<Slug, NotASlug>,
    ) -> Result<LeadTag, NotALeadTag> {
        let mut parts = text.split('_');
        let (Some(campaign), Some(cta), Some(channel), variant, None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotALeadTag::Parts { count: text.split('_').count() });
        };
        let mut parse = |part, text: &str| {
            slug(text).map_err(|problem| NotALeadTag::BadPart { part, text: text.to_owned(), problem })
        };
        Ok(LeadTag {
            campaign: parse(TagPart::Campaign, campaign)?,
            cta: parse(TagPart::Cta, cta)?,
            channel: parse(TagPart::Channel, channel)?,
            variant: match variant {
                None => None,
                Some(text) => Some(
                    Variant::parse_with(text, slug)
                        .map_err(|problem| NotALeadTag::BadVariant { text: text.to_owned(), problem })?,
                ),
            },
        })
    }
}

impl fmt::Display for LeadTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeadTag { campaign, cta, channel, variant } = self;
        for text in [campaign.as_str(), "_", cta.as_str(), "_", channel.as_str()] {
            f.write_str(text)?;
        }
        match variant {
            None => Ok(()),
            Some(variant) => {
                f.write_str("_")?;
                f.write_str(variant.as_str())
            }
        }
    }
}

/// Sorts lead tags as their texts sort. This differs from sorting by parts: `_` sorts after `-` and digits, so `a-b_…`
/// comes before `a_…`.
impl Ord for LeadTag {
    fn cmp(&self, other: &LeadTag) -> Ordering {
        compare_as_parts(&self.campaign, &other.campaign)
            .then_with(|| compare_as_parts(&self.cta, &other.cta))
            .then_with(|| {
                let (one, two) = ((&self.channel, self.variant.as_ref()), (&other.channel, other.variant.as_ref()));
                compare_channels(one, two)
            })
    }
}

impl PartialOrd for LeadTag {
    fn partial_cmp(&self, other: &LeadTag) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two channels with their variants as the end of a lead tag.
pub fn compare_channels(a: (&Slug, Option<&Variant>), b: (&Slug, Option<&Variant>)) -> Ordering {
    match (a, b) {
        ((a, None), (b, None)) => a.cmp(b),
        ((a, variant_a), (b, variant_b)) if a == b => variant_a.cmp(&variant_b),
        ((a, variant_a), (b, variant_b)) => {
            let (one, two) = (a.as_str().as_bytes(), b.as_str().as_bytes());
            let shared = one.len().min(two.len());
            // What follows the shorter one: the `_` before its variant, or nothing.
            let after = |slug: &[u8], variant: Option<&Variant>| slug.get(shared).copied().or(variant.map(|_| b'_'));
            one[..shared].cmp(&two[..shared]).then_with(|| after(one, variant_a).cmp(&after(two, variant_b)))
        }
    }
}

/// Compares two slugs as the first or second part of a lead tag: as if each were followed by `_`.
pub fn compare_as_parts(a: &Slug, b: &Slug) -> Ordering {
    let (a, b) = (a.as_str().as_bytes(), b.as_str().as_bytes());
    let shared = a.len().min(b.len());
    let after = |slug: &[u8]| slug.get(shared).copied().unwrap_or(b'_');
    a[..shared].cmp(&b[..shared]).then_with(|| after(a).cmp(&after(b)))
}

impl serde::Serialize for LeadTag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for TagPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TagPart::Campaign => "campaign",
            TagPart::Cta => "CTA",
            TagPart::Channel => "channel",
            TagPart::Variant => "variant",
        })
    }
}

/// Completes the message "`…` is not a lead tag: ".
impl fmt::Display for NotALeadTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotALeadTag::Parts { count } if *count < 3 => {
                write!(f, "expected three parts, `campaign_cta_channel`, found {count}")
            }
            NotALeadTag::Parts { count } => {
                write!(f, "expected `campaign_cta_channel`, and at most a variant after it, found {count} parts")
            }
            NotALeadTag::BadVariant { text, problem: NotAVariant::Other } => {
                write!(f, "the variant `{text}` is neither a language, a version nor both, as in `de`, `b` or `de-b`")
            }
            NotALeadTag::BadVariant { text: _, problem: NotAVariant::VersionA { rest: None } } => {
                f.write_str("version `a` has no fourth part: remove `_a`")
            }
            NotALeadTag::BadVariant { text, problem: NotAVariant::VersionA { rest: Some(rest) } } => {
                write!(f, "version `a` is left out: write `{rest}` instead of `{text}`")
            }
            NotALeadTag::BadPart { part, text, problem } => match problem {
                NotASlug::Empty => write!(f, "the {part} is empty"),
                NotASlug::TooLong { characters } => {
                    write!(f, "the {part} has {characters} characters, at most {MAX_ID} are allowed")
                }
                NotASlug::BadCharacters { suggestion: Some(suggestion) } => {
                    write!(f, "the {part} `{text}` must be written `{suggestion}`")
                }
                NotASlug::BadCharacters { suggestion: None } => {
                    write!(f, "the {part} `{text}` must consist of lower-case letters, digits and hyphens")
                }
            },
        }
    }
}

impl std::error::Error for NotALeadTag {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parsed_lead_tag_displays_as_the_same_text() {
        let longest = [&*"x".repeat(40), &*"y".repeat(40), &*"z".repeat(40)].join("_");
        for text in
            ["spring-hiring_save_newsletter", "a_b_c", "0_1_2", "a_b_c_de", "a_b_c_b", "a_b_c_pt-br-c", &longest]
        {
            let tag = LeadTag::parse(text).unwrap();
            assert_eq!(tag.to_string(), text);
            assert_eq!(serde_json::to_string(&tag).unwrap(), format!("\"{text}\""), "serialized as text");
        }
        assert_eq!(longest.len(), 122);
    }

    #[test]
    fn invalid_lead_tag_names_the_wrong_part() {
        for (text, reason) in [
            ("", "expected three parts, `campaign_cta_channel`, found 1"),
            ("spring_save", "expected three parts, `campaign_cta_channel`, found 2"),
            ("a_b_c_de_e", "expected `campaign_cta_channel`, and at most a variant after it, found 5 parts"),
            ("a_b_c_a", "version `a` has no fourth part: remove `_a`"),
            ("a_b_c_de-a", "version `a` is left out: write `de` instead of `de-a`"),
            (
                "a_b_c_deutsch",
                "the variant `deutsch` is neither a language, a version nor both, as in `de`, `b` or `de-b`",
            ),
            ("a_b_c_", "the variant `` is neither a language, a version nor both, as in `de`, `b` or `de-b`"),
            ("_save_acme", "the campaign is empty"),
            ("spring__acme", "the CTA is empty"),
            ("spring_save_", "the channel is empty"),
            ("spring_Save_acme", "the CTA `Save` must be written `save`"),
            ("spring_save_-", "the channel `-` must consist of lower-case letters, digits and hyphens"),
            (&format!("{}_save_acme", "x".repeat(41)), "the campaign has 41 characters, at most 40 are allowed"),
        ] {
            let error = LeadTag::parse(text).unwrap_err();
            assert_eq!(error.to_string(), reason, "{text}");
        }
    }

    #[test]
    fn direct_and_other_are_the_reserved_channels() {
        assert_eq!((direct().as_str(), other().as_str()), (DIRECT, OTHER));
        assert!(is_reserved(&direct()) && is_reserved(&other()));
        assert!(!is_reserved(&Slug::parse("newsletter").unwrap()));
    }

    proptest! {
        #[test]
        fn lead_tags_are_read_as_they_are_written(
            campaign in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}",
            cta in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}",
            channel in "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}",
        ) {
            let text = format!("{campaign}_{cta}_{channel}");
            let tag = LeadTag::parse(&text).unwrap();
            prop_assert_eq!(tag.to_string(), text);
            prop_assert_eq!((tag.campaign.as_str(), tag.cta.as_str(), tag.channel.as_str()), (&*campaign, &*cta, &*channel));
        }

        #[test]
        fn lead_tags_sort_as_their_texts_do(
            a in "[ab0]{1,2}(-[ab0]{1,2})?_[ab0]{1,2}(-[ab0])?_[ab0]{1,2}(-[ab0])?(_(b|c|ab|ab-b|aa))?",
            b in "[ab0]{1,2}(-[ab0]{1,2})?_[ab0]{1,2}(-[ab0])?_[ab0]{1,2}(-[ab0])?(_(b|c|ab|ab-b|aa))?",
        ) {
            let tags = (LeadTag::parse(&a).unwrap(), LeadTag::parse(&b).unwrap());
            prop_assert_eq!(tags.0.cmp(&tags.1), a.cmp(&b));
            prop_assert_eq!(tags.0 == tags.1, a == b);
        }
    }
}
