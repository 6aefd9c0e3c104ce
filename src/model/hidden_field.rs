//! The hidden fields of every lead form.

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
}

impl HiddenField {
    /// All hidden fields, in their documented order.
    pub const ALL: [HiddenField; 20] = [
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
        }
    }
}
