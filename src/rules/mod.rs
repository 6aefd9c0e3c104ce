//! The rules: what Tagline checks, with the reason, an explanation and examples for each. One file holds one family.
//!
//! `docs/problems.md` and `check --why` are generated from these files. This layer only describes rules, because
//! `rules` in `site.yaml` names them before anything is checked. Errors in files are found in `load`, `parse` and
//! `resolve`; lint rules are found in `check/`, in files with the names of the families.

mod body;
mod ctas;
mod definition;
mod external;
mod files;
mod leads;
mod pages;
mod register;
mod renamed;
mod safety;
mod site;
mod sources;
mod theme;
mod values;
mod yaml;

use definition::Family;
pub use definition::{Class, Definition, ExamplesIn};

macro_rules! rules {
    ($($family:ident { $($rule:ident $definition:ident,)* })*) => {
        /// A kind of problem. Rules are ordered as in `docs/problems.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($($rule,)*)* }

        impl Rule {
            pub const ALL: &[Rule] = &[$($(Rule::$rule,)*)*];

            pub fn definition(self) -> &'static Definition {
                match self { $($(Rule::$rule => &$family::$definition,)*)* }
            }
        }

        const FAMILIES: &[(Family, &[Rule])] = &[$(($family::FAMILY, &[$(Rule::$rule,)*]),)*];
    };
}

rules! {
    files {
        NotUtf8 NOT_UTF8,
        ForbiddenCharacter FORBIDDEN_CHARACTER,
        BadSymlink BAD_SYMLINK,
        FileTooLarge FILE_TOO_LARGE,
        PathClash PATH_CLASH,
        ReservedName RESERVED_NAME,
        BadFileName BAD_FILE_NAME,
        PrivateFile PRIVATE_FILE,
        MissingContent MISSING_CONTENT,
        WrongFileFormat WRONG_FILE_FORMAT,
        UnsafeFileName UNSAFE_FILE_NAME,
        RobotsWithoutSitemap ROBOTS_WITHOUT_SITEMAP,
        HiddenFromSearch HIDDEN_FROM_SEARCH,
        MissingSite MISSING_SITE,
    }
    yaml {
        YamlSyntax YAML_SYNTAX,
        YamlTab YAML_TAB,
        YamlAlias YAML_ALIAS,
        YamlTooDeep YAML_TOO_DEEP,
        DuplicateKey DUPLICATE_KEY,
        UnknownKey UNKNOWN_KEY,
        MissingKey MISSING_KEY,
        EmptyValue EMPTY_VALUE,
        WrongType WRONG_TYPE,
        BadFrontMatter BAD_FRONT_MATTER,
    }
    values {
        BadId BAD_ID,
        ReservedChannel RESERVED_CHANNEL,
        BadDate BAD_DATE,
        BadDuration BAD_DURATION,
        BadTimezone BAD_TIMEZONE,
        BadLanguage BAD_LANGUAGE,
        BadUrl BAD_URL,
        UnsafeScheme UNSAFE_SCHEME,
        InsecureUrl INSECURE_URL,
        BadEmail BAD_EMAIL,
        BadPrice BAD_PRICE,
        DatesReversed DATES_REVERSED,
        BadTranslation BAD_TRANSLATION,
        BadVersion BAD_VERSION,
        ReservedUtmContent RESERVED_UTM_CONTENT,
        ReservedLeadTagParameter RESERVED_LEAD_TAG_PARAMETER,
        DroppedByProvider DROPPED_BY_PROVIDER,
        HiddenCharacter HIDDEN_CHARACTER,
        LookalikeCharacters LOOKALIKE_CHARACTERS,
        ReadAsAnotherValue READ_AS_ANOTHER_VALUE,
    }
    site {
        UnknownChannel UNKNOWN_CHANNEL,
        UnknownDestination UNKNOWN_DESTINATION,
        MissingDestination MISSING_DESTINATION,
        BadDestinationKind BAD_DESTINATION_KIND,
        InsecureEndpoint INSECURE_ENDPOINT,
        BadDestinationAccount BAD_DESTINATION_ACCOUNT,
        BadDestinationField BAD_DESTINATION_FIELD,
        BadField BAD_FIELD,
        BadConsent BAD_CONSENT,
        UnknownTheme UNKNOWN_THEME,
        ChannelOverlap CHANNEL_OVERLAP,
        BadReferrer BAD_REFERRER,
        UnknownClickId UNKNOWN_CLICK_ID,
        BadAnalytics BAD_ANALYTICS,
        BadGateKey BAD_GATE_KEY,
        BadPolicySource BAD_POLICY_SOURCE,
        BadPublishTarget BAD_PUBLISH_TARGET,
        EndedAnnouncement ENDED_ANNOUNCEMENT,
        EssentialRule ESSENTIAL_RULE,
    }
    ctas {
        BadCtaKind BAD_CTA_KIND,
        BadPhone BAD_PHONE,
        BadContactText BAD_CONTACT_TEXT,
        BadEvent BAD_EVENT,
        BadFormFields BAD_FORM_FIELDS,
        BadThanks BAD_THANKS,
        BadSignup BAD_SIGNUP,
        UnknownCta UNKNOWN_CTA,
        EndedCta ENDED_CTA,
        DuplicateCampaign DUPLICATE_CAMPAIGN,
        DuplicateCta DUPLICATE_CTA,
        CodeClash CODE_CLASH,
        GatedFileLinked GATED_FILE_LINKED,
        GateWithoutKey GATE_WITHOUT_KEY,
    }
    leads {
        MissingPrimaryCta MISSING_PRIMARY_CTA,
        UnusedCta UNUSED_CTA,
        CouponExpiresEarly COUPON_EXPIRES_EARLY,
        CampaignEndsSoon CAMPAIGN_ENDS_SOON,
        CampaignEnded CAMPAIGN_ENDED,
        MissingOwner MISSING_OWNER,
        MissingConsent MISSING_CONSENT,
        MissingNotes MISSING_NOTES,
        CampaignWithoutWins CAMPAIGN_WITHOUT_WINS,
        BadFigures BAD_FIGURES,
    }
    sources {
        Ga4Unassigned GA4_UNASSIGNED,
        Ga4UnexpectedGroup GA4_UNEXPECTED_GROUP,
        InconsistentSpelling INCONSISTENT_SPELLING,
        UtmOnInternalLink UTM_ON_INTERNAL_LINK,
        OverriddenUtm OVERRIDDEN_UTM,
        UnusedChannel UNUSED_CHANNEL,
        MissingConsentBanner MISSING_CONSENT_BANNER,
        MissingPrivacyPage MISSING_PRIVACY_PAGE,
        MissingImprint MISSING_IMPRINT,
    }
    body {
        UnknownBlock UNKNOWN_BLOCK,
        UnclosedBlock UNCLOSED_BLOCK,
        UnopenedBlock UNOPENED_BLOCK,
        BadBlockAttribute BAD_BLOCK_ATTRIBUTE,
        IncompleteBlock INCOMPLETE_BLOCK,
        MisplacedBlock MISPLACED_BLOCK,
        FailedMarkup FAILED_MARKUP,
        DuplicateOffer DUPLICATE_OFFER,
        NestingTooDeep NESTING_TOO_DEEP,
        RawHtml RAW_HTML,
        BrokenLink BROKEN_LINK,
        AbsoluteInternalLink ABSOLUTE_INTERNAL_LINK,
        MissingAnchor MISSING_ANCHOR,
        LinkToUnpublishedPage LINK_TO_UNPUBLISHED_PAGE,
        BrokenImage BROKEN_IMAGE,
        ImageTooLarge IMAGE_TOO_LARGE,
        UnsafeSvg UNSAFE_SVG,
        PicturePosition PICTURE_POSITION,
        MissingFootnote MISSING_FOOTNOTE,
        UnusedNotes UNUSED_NOTES,
    }
    pages {
        MissingSummary MISSING_SUMMARY,
        DuplicateTitle DUPLICATE_TITLE,
        TruncatedInResults TRUNCATED_IN_RESULTS,
        OutdatedTranslation OUTDATED_TRANSLATION,
        UnseenVersion UNSEEN_VERSION,
        DecidedTest DECIDED_TEST,
        UntranslatedPage UNTRANSLATED_PAGE,
        HeadingOrder HEADING_ORDER,
        MissingAlt MISSING_ALT,
        HeavyImage HEAVY_IMAGE,
        UnsuitableIcon UNSUITABLE_ICON,
        VagueLinkText VAGUE_LINK_TEXT,
        LowContrast LOW_CONTRAST,
        Placeholder PLACEHOLDER,
    }
    safety {
        ExposedSecret EXPOSED_SECRET,
        ThirdPartyScript THIRD_PARTY_SCRIPT,
        BlockedByPolicy BLOCKED_BY_POLICY,
        PolicyTooLong POLICY_TOO_LONG,
    }
    external {
        BrokenExternalLink BROKEN_EXTERNAL_LINK,
        UnverifiedExternalLink UNVERIFIED_EXTERNAL_LINK,
    }
    theme {
        TemplateError TEMPLATE_ERROR,
        MissingTemplate MISSING_TEMPLATE,
        MissingAsset MISSING_ASSET,
        CssSyntax CSS_SYNTAX,
        BadThemeOption BAD_THEME_OPTION,
        BadThemeString BAD_THEME_STRING,
        BadBlockDeclaration BAD_BLOCK_DECLARATION,
        MissingTranslation MISSING_TRANSLATION,
    }
    register {
        ClosedLeadTags CLOSED_LEAD_TAGS,
        ReusedCampaignId REUSED_CAMPAIGN_ID,
        OutdatedRegister OUTDATED_REGISTER,
        BadRegister BAD_REGISTER,
        LostRows LOST_ROWS,
        FutureRows FUTURE_ROWS,
    }
}

impl Rule {
    /// The stable id that people read and write.
    pub fn id(self) -> &'static str {
        self.definition().id
    }

    pub fn of_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// The rule that had this id before version 0.1.0.
    pub fn of_former_id(id: &str) -> Option<Rule> {
        renamed::RENAMED.iter().find(|(former, _)| *former == id).and_then(|(_, id)| Rule::of_id(id))
    }

    /// Why the rule exists: one sentence, without a capital or a full stop.
    pub fn why(self) -> &'static str {
        self.definition().why
    }

    /// Whether a site can allow the rule, or change its severity. The other rules report what makes a build impossible.
    pub fn is_configurable(self) -> bool {
        self.definition().class != Class::Essential
    }
}

/// The generated part of `docs/problems.md`: a chapter for each family, with a section for each rule.
pub fn markdown() -> String {
    let chapters = FAMILIES.iter().map(|(family, rules)| {
        let sections = rules.iter().map(|rule| rule.definition().markdown());
        std::iter::once(family.markdown()).chain(sections).collect::<Vec<_>>().join("\n")
    });
    chapters.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rule_ids_are_unique() {
        let ids: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
    }

    #[test]
    fn former_ids_lead_to_rules_and_are_not_used_again() {
        for (former, id) in renamed::RENAMED {
            assert_eq!(Rule::of_former_id(former).map(Rule::id), Some(*id), "{former}");
            assert_eq!(Rule::of_id(former), None, "{former}");
        }
    }

    #[test]
    fn every_definition_is_complete() {
        for rule in Rule::ALL {
            let definition = rule.definition();
            let [(_, failing), (_, passing)] = definition.examples();
            assert!(!definition.explanation().is_empty() && !passing.is_empty() && failing != passing, "{}", rule.id());
            assert!(!definition.why.ends_with('.'), "{}", rule.id());
        }
    }
}
