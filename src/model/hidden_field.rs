//! The hidden fields of every lead form, and the other names that forms use themselves.

/// The consent checkbox of `leads.consent`, and the beginning of the names of `leads.consents`.
pub const CONSENT: &str = "consent";

/// The CRM's own name for the channel of a lead. A form has this field only if its destination accepts it.
pub const CRM_SOURCE: &str = "crm_source";

/// A field that visitors do not see. If it is filled in, the sender is a machine.
pub const HONEYPOT: &str = "leave_empty";

/// Names that the fields of a site cannot have. The last two would hide properties of the form's element from scripts,
/// because browsers find fields there by their names.
const RESERVED: [&str; 6] = [CONSENT, CRM_SOURCE, HONEYPOT, "hs_context", "dataset", "elements"];

/// Returns true if forms use a name themselves, so that no field of a site can have it.
pub fn is_reserved(name: &str) -> bool {
    let is_of_consent = name.strip_prefix(CONSENT).is_some_and(|rest| rest.starts_with('_'));
    is_of_consent || RESERVED.contains(&name) || HiddenField::ALL.into_iter().any(|field| field.name() == name)
}

/// A hidden field, sent with every lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenField {
    LeadTag,
    LeadSummary,
    Campaign,
    Cta,
    Channel,
    Offer,
    Page,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmContent,
    UtmTerm,
    ClickId,
    ClickIdType,
    FirstChannel,
    FirstCampaign,
    FirstPage,
    Referrer,
    ConsentVersion,
    Redirect,
    Language,
    Version,
}

impl HiddenField {
    /// All hidden fields, in their documented order.
    pub const ALL: [HiddenField; 22] = [
        HiddenField::LeadTag,
        HiddenField::LeadSummary,
        HiddenField::Campaign,
        HiddenField::Cta,
        HiddenField::Channel,
        HiddenField::Offer,
        HiddenField::Page,
        HiddenField::UtmSource,
        HiddenField::UtmMedium,
        HiddenField::UtmCampaign,
        HiddenField::UtmContent,
        HiddenField::UtmTerm,
        HiddenField::ClickId,
        HiddenField::ClickIdType,
        HiddenField::FirstChannel,
        HiddenField::FirstCampaign,
        HiddenField::FirstPage,
        HiddenField::Referrer,
        HiddenField::ConsentVersion,
        HiddenField::Redirect,
        HiddenField::Language,
        HiddenField::Version,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            HiddenField::LeadTag => "lead_tag",
            HiddenField::LeadSummary => "lead_summary",
            HiddenField::Campaign => "campaign",
            HiddenField::Cta => "cta",
            HiddenField::Channel => "channel",
            HiddenField::Offer => "offer",
            HiddenField::Page => "page",
            HiddenField::UtmSource => "utm_source",
            HiddenField::UtmMedium => "utm_medium",
            HiddenField::UtmCampaign => "utm_campaign",
            HiddenField::UtmContent => "utm_content",
            HiddenField::UtmTerm => "utm_term",
            HiddenField::ClickId => "click_id",
            HiddenField::ClickIdType => "click_id_type",
            HiddenField::FirstChannel => "first_channel",
            HiddenField::FirstCampaign => "first_campaign",
            HiddenField::FirstPage => "first_page",
            HiddenField::Referrer => "referrer",
            HiddenField::ConsentVersion => "consent_version",
            HiddenField::Redirect => "redirect",
            HiddenField::Language => "language",
            HiddenField::Version => "version",
        }
    }
}
