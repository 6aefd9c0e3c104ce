//! Problems of a site as data: a rule, a message, locations and help. [`printer`](crate::printer) formats them.

mod diagnostic;
mod findings;
mod levels;
mod mask;
mod wording;

pub use self::diagnostic::{DeniedBy, Diagnostic, Label, Severity};
pub use self::findings::Findings;
pub use self::levels::{Level, Levels};
pub use self::mask::Mask;
pub use self::wording::{count, first_few, list, nearest};

/// The rules, each with the id that people read and the reason why it stands; `advice` before the reason where a
/// build can do without it.
macro_rules! rules {
    ($($name:ident $id:literal $($advice:ident)? $why:literal,)*) => {
        /// A kind of problem. Its id is stable; `docs/problems.md` has a section for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($name,)* }

        impl Rule {
            pub const ALL: &[Rule] = &[$(Rule::$name,)*];

            pub fn id(self) -> &'static str {
                match self { $(Rule::$name => $id,)* }
            }

            pub fn of_id(id: &str) -> Option<Rule> {
                Rule::ALL.iter().copied().find(|rule| rule.id() == id)
            }

            /// Why the rule exists, in one sentence.
            pub fn why(self) -> &'static str {
                match self { $(Rule::$name => $why,)* }
            }

            /// Whether a site may allow what the rule finds, or let it be a warning. The others find what cannot be
            /// read or drawn, and leave nothing that could be built.
            pub fn is_advice(self) -> bool {
                match self { $(Rule::$name => !stringify!($($advice)?).is_empty(),)* }
            }
        }
    };
}

rules! {
    // Files
    NotUtf8 "not-utf8" "text in another encoding would reach visitors as garbage",
    ForbiddenCharacter "forbidden-character" "control characters and Unicode noncharacters have no meaning on a page",
    LinkLeavesSite "link-leaves-site" "a symbolic link out of the site could publish any file of the machine",
    FileTooLarge "file-too-large" "a limit keeps every build's time and memory bounded",
    PathClash "path-clash" "two sources of one output path would overwrite each other",
    ReservedName "reserved-name" "the name is kept for several languages of one campaign",
    BadFileName "bad-file-name" "an address has to come from somewhere",
    MissingSite "missing-site" "a site begins with a `site.yaml`",
    // YAML
    Yaml "yaml" "what YAML reads differently from what it looks like has to be quoted",
    YamlTab "yaml-tab" "YAML does not allow tabs for indentation",
    YamlAlias "yaml-alias" "anchors and aliases hide where a value comes from, and a few lines of them can fill the memory",
    YamlDepth "yaml-depth" "a limit keeps every build's time and memory bounded",
    DuplicateKey "duplicate-key" "of two values for one key only one could count",
    UnknownKey "unknown-key" "a misspelt key would silently do nothing",
    MissingKey "missing-key" "the page or site cannot be drawn without it",
    EmptyValue "empty-value" "in YAML `key:` alone is null, and so is `key: # text`",
    WrongType "wrong-type" "the value has another shape than the key takes",
    FrontMatter "front-matter" "a page begins with front matter between two lines of `---`",
    // Values
    BadId "bad-id" "ids become lead tags and addresses, so they are slugs of at most 40 characters",
    ReservedChannel "reserved-channel" "`direct` and `other` always exist and are not declared",
    BadDate "bad-date" "dates are written 2027-03-31, so that nobody takes a day for a month",
    BadDuration "bad-duration" "durations are written as a number and a unit",
    BadTimezone "bad-timezone" "starts and ends are days of a real time zone",
    BadLanguage "bad-language" "browsers and screen readers go by the language tag",
    BadUrl "bad-url" "an address that browsers cannot follow loses the lead",
    UnsafeScheme "unsafe-scheme" "only https, http, mailto and tel addresses are safe to click",
    InsecureUrl "insecure-url" advice "over plain http anyone between can read and change what a visitor sends",
    BadEmail "bad-email" "answers have to arrive",
    BadPrice "bad-price" "search engines take a price only as a plain number with the code of its currency",
    DatesReversed "dates-reversed" "a campaign that ends before it starts never runs",
    OwnUtmContent "own-utm-content" "`utm_content` carries the lead tag out, so there is no room for another value",
    OwnLeadTag "own-lead-tag" "a scheduler's or checkout's own place for the lead tag has no room for another value",
    ProviderDrops "provider-drops" "what a scheduler or checkout drops without a word never reaches sales",
    // Site
    UnknownChannel "unknown-channel" "a lead from a channel that site.yaml does not list has no source",
    UnknownDestination "unknown-destination" "a form's leads have to arrive somewhere",
    MissingDestination "missing-destination" "a form's leads have to arrive somewhere",
    DestinationKind "destination-kind" "a destination is exactly one of endpoint, netlify, hubspot and salesforce",
    InsecureEndpoint "insecure-endpoint" "over plain http anyone between can read people's addresses",
    DestinationAccount "destination-account" "leads that are sent to an account that does not exist are lost",
    DestinationField "destination-field" "what a destination has no place for, or cannot do without, is lost there without a word",
    UnknownTheme "unknown-theme" "without a theme nothing can be drawn",
    ChannelOverlap "channel-overlap" "a lead that could be from two channels has no source",
    BadReferrer "bad-referrer" "browsers tell the host that a visitor came from, and nothing else would ever match",
    UnknownClickId "unknown-click-id" "a misspelt click id would never match",
    BadAnalytics "bad-analytics" "visits that are reported under another name are counted nowhere",
    PolicySource "policy-source" "a source that lets in everything leaves nothing of the policy",
    Ga4Unassigned "ga4-unassigned" advice "visits that no group of GA4 fits are missing from its reports by channel",
    EssentialRule "essential-rule" "what cannot be read or drawn cannot be built either, whatever it is called",
    // Calls to action
    CtaKind "cta-kind" "a call to action is exactly one of coupon, download, booking and contact",
    BadPhone "bad-phone" "a number without its country's code reaches nobody from abroad, and nobody on WhatsApp",
    ContactText "contact-text" "a visitor's message has to fit into a link, with the short code at its end",
    FormFields "form-fields" "without an e-mail address or a telephone number nobody can answer the lead",
    UnknownCta "unknown-cta" "a button that leads nowhere loses the lead",
    CtaEnded "cta-ended" advice "a page still offers what its campaign no longer does",
    DuplicateCampaign "duplicate-campaign" "two campaigns of one id would share their lead tags",
    DuplicateCta "duplicate-cta" "an old lead tag leads to one call to action only",
    CodeClash "code-clash" "two short links of one code could lead to one place only",
    GatedFileLinked "gated-file-linked" advice "a file behind a form that is also linked openly needs no form",
    // Leads
    PrimaryCta "primary-cta" advice "what a page is there for has to be on it",
    UnusedCta "unused-cta" advice "an offer that nobody sees brings no lead",
    CouponExpiry "coupon-expiry" advice "a campaign whose coupon is over promises what nobody gets",
    CampaignEndsSoon "campaign-ends-soon" advice "what is prepared before the end loses no visitor after it",
    CampaignEnded "campaign-ended" advice "visitors still come by links in the market, and want to be led on",
    MissingOwner "missing-owner" advice "a lead that nobody follows up is lost",
    MissingConsent "missing-consent" advice "who may be written to has to have said so",
    MissingNotes "missing-notes" advice "who calls a lead has to know what that person was promised",
    // Sources
    Ga4Group "ga4-group" advice "visits that stand under another heading than people look for are not found there",
    SourceSpelling "source-spelling" advice "two spellings of one name split every report in two",
    UtmWithinSite "utm-within-site" advice "`utm_*` on a link within the site begins a new visit and forgets where the first came from",
    OwnUtm "own-utm" advice "Tagline writes `utm_*` itself, so those that are written by hand never arrive",
    UnusedChannel "unused-channel" advice "a channel without a campaign is a mistake or a thing of the past",
    // Body
    UnknownBlock "unknown-block" "the theme has no template to draw it",
    UnclosedBlock "unclosed-block" "what follows would silently become part of the block",
    StrayClose "stray-close" "a close without an open block means that one was closed too early",
    BlockAttribute "block-attribute" "an attribute that cannot be read would silently do nothing",
    OfferTwice "offer-twice" "two forms or cards of one call to action on a page confuse visitors and share one id",
    TooDeep "too-deep" "a limit keeps every build's time and memory bounded",
    RawHtml "raw-html" advice "HTML in a page is shown as text unless the site allows it",
    MissingTarget "missing-target" "a link that leads nowhere loses the visitor",
    MissingAnchor "missing-anchor" "the link would lead to the top of the page instead",
    NotPublished "not-published" advice "a link to a page that is not there yet is drawn as its text",
    BrokenImage "broken-image" "a picture that browsers cannot draw leaves a hole in the page",
    ImageTooLarge "image-too-large" "a limit keeps every build's time and memory bounded",
    UnsafeSvg "unsafe-svg" advice "what an SVG runs or loads has no place in a picture, so it is left out",
    FootnoteMissing "footnote-missing" "a footnote is defined in the block that uses it",
    UnusedNotes "unused-notes" advice "notes for sales that belong to no page reach nobody",
    // Pages
    MissingSummary "missing-summary" advice "search results and shared links show a summary, and make one up where there is none",
    TwinPages "twin-pages" advice "pages that call themselves the same cannot be told apart in search results",
    CutOff "cut-off" advice "what does not fit into a search result is cut off in the middle of a sentence",
    HeadingLevels "heading-levels" advice "screen readers read a page out by its headings, and a level that is left out seems to be missing",
    MissingAlt "missing-alt" advice "whoever cannot see a picture gets its text instead",
    HeavyImage "heavy-image" advice "visitors leave before a picture is there that is far larger than it is shown",
    LinkText "link-text" advice "a link's text says where it leads, also to who hears nothing else",
    Contrast "contrast" advice "text that hardly differs from its ground cannot be read by many",
    Placeholder "placeholder" advice "text that was meant to be replaced tells visitors that nobody has looked",
    // Safety
    Secret "secret" advice "a secret that was published once has to be replaced, for nobody can say who has it",
    ForeignScript "foreign-script" advice "a script of another place can read and change everything on a page, forms included",
    BlockedByPolicy "blocked-by-policy" advice "what the site's own policy forbids does nothing in browsers",
    LongPolicy "long-policy" advice "a header that is too long for a host is not sent, and then nothing holds",
    // Outside
    DeadAddress "dead-address" advice "a link or a call to action that leads nowhere loses whoever follows it",
    UnclearAddress "unclear-address" advice "an address that could not be looked at may be dead all the same",
    // Theme
    Template "template" "a page cannot be drawn with a broken template",
    MissingTemplate "missing-template" "the theme has no template for a page",
    MissingAsset "missing-asset" "a theme file that is not there leaves a page without its looks",
    Css "css" "a style sheet that cannot be read would not work in browsers either",
    ThemeOption "theme-option" "an option that the theme does not have would silently change nothing",
    ThemeWords "theme-words" "words under a name that the theme does not have are never said",
    MissingWords "missing-words" advice "visitors should not find English words on a page in their language",
    // Register
    LeadTagsClosed "lead-tags-closed" advice "links with these lead tags are in the market, and leads still come from them",
    CampaignRerun "campaign-rerun" advice "with one id for two years nobody can tell this year's leads from last year's",
    RegisterOutdated "register-outdated" advice "lead tags that are handed out before they are registered have no history",
    Register "register" "the tag register is what sales trusts, so a damaged one is never guessed at",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_ids_are_unique() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
