//! What a translation can change of the page that it translates.

/// The keys of a page that a translation may change.
pub const TRANSLATED: [&str; 14] = [
    "title",
    "summary",
    "slug",
    "aliases",
    "draft",
    "image",
    "image_alt",
    "owner",
    "topics",
    "product",
    "extra",
    "per_channel",
    "ctas",
    "versions",
];
/// The key with the digest of the translated original.
pub const ORIGINAL: &str = "original";
/// The keys of a page that are texts.
pub const TEXTS: [&str; 3] = ["title", "summary", "image_alt"];
/// The keys that a translation has of its own or not at all.
pub const NOT_INHERITED: [&str; 2] = ["aliases", "per_channel"];
/// The keys of a call to action that a translation may change, besides those of its kind.
pub const TRANSLATED_OF_CTA: [&str; 4] = ["label", "note", "deliver_to", "thanks"];
/// The keys of a call to action that are texts.
pub const TEXTS_OF_CTA: [&str; 3] = ["label", "note", "thanks"];
/// The keys of kinds that are texts.
pub const TEXTS_OF_KINDS: [(&str, &str); 4] =
    [("event", "name"), ("event", "place"), ("booking", "trial_length"), ("contact", "text")];
/// The keys of offers that are days, or decide about them.
pub const DAYS: [&str; 7] = ["expires", "starts", "ends", "moved_from", "state", "dates", "timezone"];
/// The ways of one offer, of which it has one.
pub const WAYS: [&str; 4] = ["url", "form", "whatsapp", "phone"];
