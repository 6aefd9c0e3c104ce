//! Leads that would be lost or late: nobody follows up, nothing is shown, the offer is over.

use super::Checked;
use crate::resolve::{Site, SitePage};
use crate::word::diagnostic::{Diagnostic, Rule};

/// A campaign's page that is whole and no draft.
fn campaigns(site: &Site) -> impl Iterator<Item = &SitePage> {
    let pages = site.campaigns.values().map(|&index| &site.pages[index]);
    pages.filter(|page| !page.page.broken && !page.page.front.draft)
}

/// Leads come in, and nobody is named who follows them up. One owner in `site.yaml` is owner of all.
pub fn owner(checked: &Checked) -> Vec<Diagnostic> {
    if checked.site.config.leads.owner.is_some() {
        return Vec::new();
    }
    let nobodys: Vec<&SitePage> = campaigns(checked.site).filter(|page| page.page.front.owner.is_none()).collect();
    let Some(first) = nobodys.first() else { return Vec::new() };
    let message = match nobodys.len() {
        1 => "nobody follows up this campaign's leads".to_owned(),
        count => format!("nobody follows up the leads of {count} campaigns"),
    };
    let place = first.page.front.ctas_place.as_ref().map_or(first.page.front.title.span, |place| place.span);
    let diagnostic = Diagnostic::warning(Rule::MissingOwner, message).at(&first.page.source, place, "has no `owner`");
    vec![diagnostic.help("name who does: `leads: { owner: … }` in site.yaml, or `owner: …` here")]
}
