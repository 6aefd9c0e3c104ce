//! All lead tags of a site, sorted, each with one offer.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::codes::{CampaignCode, all_codes, link_codes};
use super::issued::{Issued, issued_after};
use crate::diagnostics::Diagnostic;
use crate::model::offer::Offer;
use crate::model::slug::Slug;
use crate::model::tag::{compare_as_parts, compare_channels};
use crate::model::variant::Variant;
use crate::resolve::Site;
use crate::rules::Rule;

/// The offers of a site, sorted by lead tag. Each lead tag has one offer.
pub struct LeadTags<'s> {
    offers: Vec<&'s Offer>,
    site: &'s Site,
}

/// The offers of a campaign, at least one, sorted by lead tag.
pub struct CampaignOffers<'s, 'o> {
    offers: &'o [&'s Offer],
    site: &'s Site,
}

impl CampaignOffers<'_, '_> {
    pub fn campaign(&self) -> &Slug {
        &self.offers[0].campaign
    }

    pub fn count(&self) -> usize {
        self.offers.len()
    }

    /// Returns what each lead tag offers today, sorted by lead tag. Derives each code once for all calls to action, because
    /// it takes a SHA-256 hash.
    pub fn issued(&self) -> Vec<Issued> {
        let codes = link_codes(self.offers);
        let code = |offer: &Offer| {
            let of_offer = (&offer.channel, offer.variant.as_ref());
            let found =
                codes.binary_search_by(|(.., channel, variant)| compare_channels((channel, *variant), of_offer));
            found.ok().map(|at| codes[at].0)
        };
        let mut issued: Vec<Issued> = Vec::with_capacity(self.count());
        for offer in self.offers {
            let next = issued_after(self.site, offer, code(offer), issued.last());
            issued.extend(next);
        }
        issued
    }
}

impl<'s> LeadTags<'s> {
    /// Collects the lead tags of a site. If several pages offer the same lead tag, the first page counts.
    pub fn of(site: &'s Site) -> (LeadTags<'s>, Vec<Diagnostic>) {
        let mut offers: Vec<&Offer> = site.offers.iter().collect();
        offers.par_sort_by(|a, b| compare_tags(a, b));
        offers.dedup_by(|later, first| compare_tags(later, first).is_eq());
        let lead_tags = LeadTags { offers, site };
        let diagnostics = lead_tags.code_clashes();
        (lead_tags, diagnostics)
    }

    pub fn len(&self) -> usize {
        self.offers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// Returns the offers of each campaign, sorted by the texts of their lead tags.
    pub fn campaigns(&self) -> Vec<CampaignOffers<'s, '_>> {
        let by_campaign = self.offers.chunk_by(|a, b| a.campaign == b.campaign);
        by_campaign.map(|offers| CampaignOffers { offers, site: self.site }).collect()
    }

    /// Returns an error for each two campaigns and channels with the same short code: about 1 in 3.5 × 10¹³ pairs.
    fn code_clashes(&self) -> Vec<Diagnostic> {
        let mut codes: Vec<CampaignCode> =
            self.campaigns().par_iter().flat_map_iter(|campaign| all_codes(self.site, campaign.offers)).collect();
        codes.par_sort();
        codes.dedup();
        let pairs = codes.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        pairs.map(|pair| code_clash(&pair[0], &pair[1])).collect()
    }
}

/// Compares two offers as the texts of their lead tags sort.
fn compare_tags(a: &Offer, b: &Offer) -> Ordering {
    compare_as_parts(&a.campaign, &b.campaign)
        .then_with(|| compare_as_parts(&a.cta, &b.cta))
        .then_with(|| compare_channels((&a.channel, a.variant.as_ref()), (&b.channel, b.variant.as_ref())))
}

fn code_clash(a: &CampaignCode, b: &CampaignCode) -> Diagnostic {
    let ((code, campaign, channel, variant), (_, other_campaign, other_channel, other_variant)) = (a, b);
    let within = |variant: &Option<&Variant>| variant.map(|variant| format!(" (`{variant}`)")).unwrap_or_default();
    let message = format!(
        "`{campaign}` on `{channel}`{} and `{other_campaign}` on `{other_channel}`{} have the same short code `{code}`",
        within(variant),
        within(other_variant)
    );
    Diagnostic::error(Rule::CodeClash, message).help("give one of the campaigns another `campaign: …` id")
}
