//! Lead tags, `campaign_cta_channel`: each names where one lead comes from.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use crate::model::slug::{MAX_ID, NotASlug, Slug};

/// The channel of visitors who come from no known place.
pub const DIRECT: &str = "direct";

/// The channel of visitors who come from a place that is on no channel.
pub const OTHER: &str = "other";

/// [`DIRECT`] as a slug.
pub fn direct() -> Slug {
    static SLUG: LazyLock<Slug> = LazyLock::new(|| Slug::parse(DIRECT).expect("a slug"));
    SLUG.clone()
}

/// [`OTHER`] as a slug.
pub fn other() -> Slug {
    static SLUG: LazyLock<Slug> = LazyLock::new(|| Slug::parse(OTHER).expect("a slug"));
    SLUG.clone()
}

/// Whether a channel always exists, is never declared, and so has no link to hand out.
pub fn is_reserved(channel: &Slug) -> bool {
    matches!(channel.as_str(), DIRECT | OTHER)
}

/// Names where one lead comes from. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeadTag {
    pub campaign: Slug,
    pub cta: Slug,
    pub channel: Slug,
}

/// One of the three parts of a lead tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Campaign,
    Cta,
    Channel,
}

/// Why a text is no lead tag.
#[derive(Debug, PartialEq, Eq)]
pub enum NotALeadTag {
    /// Anything but three or four.
    Parts {
        count: usize,
    },
    FourthPart,
    BadPart {
        part: Part,
        text: String,
        problem: NotASlug,
    },
}

impl LeadTag {
    /// Reads `campaign_cta_channel`; nothing is repaired.
    pub fn parse(text: &str) -> Result<LeadTag, NotALeadTag> {
        LeadTag::parse_with(text, Slug::parse)
    }

    /// The same, with a way to make slugs that may share those it has already made.
    pub fn parse_with(
        text: &str,
        mut slug: impl FnMut(&str) -> Result<Slug, NotASlug>,
    ) -> Result<LeadTag, NotALeadTag> {
        let mut parts = text.split('_');
        let (Some(campaign), Some(cta), Some(channel), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(match text.split('_').count() {
                4 => NotALeadTag::FourthPart,
                count => NotALeadTag::Parts { count },
            });
        };
        let mut read = |part, text: &str| {
            slug(text).map_err(|problem| NotALeadTag::BadPart { part, text: text.to_owned(), problem })
        };
        Ok(LeadTag {
            campaign: read(Part::Campaign, campaign)?,
            cta: read(Part::Cta, cta)?,
            channel: read(Part::Channel, channel)?,
        })
    }
}

impl fmt::Display for LeadTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeadTag { campaign, cta, channel } = self;
        for text in [campaign.as_str(), "_", cta.as_str(), "_", channel.as_str()] {
            f.write_str(text)?;
        }
        Ok(())
    }
}

/// In the order of the texts, as `sort` has it. It differs from the order of the parts: `_` comes
/// after `-` and digits, so `a-b_…` stands before `a_…`.
impl Ord for LeadTag {
    fn cmp(&self, other: &LeadTag) -> Ordering {
        compare_closed(&self.campaign, &other.campaign)
            .then_with(|| compare_closed(&self.cta, &other.cta))
            .then_with(|| self.channel.cmp(&other.channel))
    }
}

impl PartialOrd for LeadTag {
    fn partial_cmp(&self, other: &LeadTag) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two slugs as if each had the `_` behind it that ends it in a lead tag.
pub fn compare_closed(a: &Slug, b: &Slug) -> Ordering {
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

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Campaign => "campaign",
            Part::Cta => "CTA",
            Part::Channel => "channel",
        })
    }
}

/// Completes the sentence "`…` is no lead tag: ".
impl fmt::Display for NotALeadTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotALeadTag::Parts { count } => {
                write!(f, "it has three parts, `campaign_cta_channel`, and not {count}")
            }
            NotALeadTag::FourthPart => f.write_str("a fourth part is reserved for variants"),
            NotALeadTag::BadPart { part, text, problem } => match problem {
                NotASlug::Empty => write!(f, "its {part} is empty"),
                NotASlug::TooLong { characters } => {
                    write!(f, "its {part} has {characters} characters, {MAX_ID} are the most")
                }
                NotASlug::BadCharacters { suggestion: Some(meant) } => {
                    write!(f, "its {part} `{text}` would have to be `{meant}`")
                }
                NotASlug::BadCharacters { suggestion: None } => {
                    write!(f, "its {part} `{text}` is not made of lower-case letters, digits and hyphens")
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
    fn a_lead_tag_reads_back_as_it_was_written() {
        let longest = [&*"x".repeat(40), &*"y".repeat(40), &*"z".repeat(40)].join("_");
        for text in ["spring-hiring_save_newsletter", "a_b_c", "0_1_2", &longest] {
            let tag = LeadTag::parse(text).unwrap();
            assert_eq!(tag.to_string(), text);
            assert_eq!(serde_json::to_string(&tag).unwrap(), format!("\"{text}\""), "serialized as text");
        }
        assert_eq!(longest.len(), 122);
    }

    #[test]
    fn a_refused_lead_tag_says_which_part_is_wrong() {
        for (text, reason) in [
            ("", "it has three parts, `campaign_cta_channel`, and not 1"),
            ("spring_save", "it has three parts, `campaign_cta_channel`, and not 2"),
            ("a_b_c_d_e", "it has three parts, `campaign_cta_channel`, and not 5"),
            ("a_b_c_d", "a fourth part is reserved for variants"),
            ("_save_acme", "its campaign is empty"),
            ("spring__acme", "its CTA is empty"),
            ("spring_save_", "its channel is empty"),
            ("spring_Save_acme", "its CTA `Save` would have to be `save`"),
            ("spring_save_-", "its channel `-` is not made of lower-case letters, digits and hyphens"),
            (&format!("{}_save_acme", "x".repeat(41)), "its campaign has 41 characters, 40 are the most"),
        ] {
            let refused = LeadTag::parse(text).unwrap_err();
            assert_eq!(refused.to_string(), reason, "{text}");
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
        fn lead_tags_sort_as_their_texts_do(
            a in "[ab0]{1,2}(-[ab0]{1,2})?_[ab0]{1,2}(-[ab0])?_[ab0](-[ab0])?",
            b in "[ab0]{1,2}(-[ab0]{1,2})?_[ab0]{1,2}(-[ab0])?_[ab0](-[ab0])?",
        ) {
            let tags = (LeadTag::parse(&a).unwrap(), LeadTag::parse(&b).unwrap());
            prop_assert_eq!(tags.0.cmp(&tags.1), a.cmp(&b));
            prop_assert_eq!(tags.0 == tags.1, a == b);
        }
    }
}
