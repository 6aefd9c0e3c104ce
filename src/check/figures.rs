//! Rules about what became of the leads.

use super::context::CheckContext;
use crate::diagnostics::Diagnostic;
use crate::model::figures::TagFigures;
use crate::resolve::State;
use crate::rules::Rule;

/// With fewer leads, a campaign may just be new.
const MIN_LEADS: u64 = 30;
/// The share of leads that has to be closed: open ones may still be won.
const MIN_CLOSED: f64 = 0.5;

/// Reports live campaigns that brought many leads and no win, although other campaigns have wins.
pub fn campaigns_without_wins(context: &CheckContext) -> Vec<Diagnostic> {
    let figures = &context.site.figures;
    if figures.tags.values().all(|of_tag| of_tag.won == 0) {
        return Vec::new();
    }
    let mut diagnostics = Vec::new();
    for (id, &index) in &context.site.campaigns {
        let page = &context.site.pages[index];
        let mut sum = TagFigures::default();
        figures.tags.iter().filter(|(tag, _)| tag.campaign == *id).for_each(|(_, of_tag)| sum.merge(of_tag));
        let is_closed = sum.lost as f64 >= sum.leads as f64 * MIN_CLOSED;
        if page.state != State::Live || sum.leads < MIN_LEADS || sum.won > 0 || !is_closed {
            continue;
        }
        let day = figures.made_on.map(|day| format!(" until {day}")).unwrap_or_default();
        let message = format!("`{id}` brought {} leads{day}, and none was won; {} were lost", sum.leads, sum.lost);
        let help = match sum.reasons.first() {
            Some((reason, leads)) => {
                format!("most often for “{reason}” ({leads}): change the offer, or whom it is for")
            }
            None => "ask sales why, and change the offer, or whom it is for".to_owned(),
        };
        let title = page.page.front.title.span;
        let diagnostic = Diagnostic::warning(Rule::CampaignWithoutWins, message);
        diagnostics.push(diagnostic.at(&page.page.source, title, "this campaign").help(help));
    }
    diagnostics
}
