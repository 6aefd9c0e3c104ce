//! Outcomes of leads: what the words of CRMs mean.

use std::collections::HashMap;

use crate::model::site::ReportSettings;

/// What became of a lead. Each lead has exactly one outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    #[default]
    Open,
    Lost,
    Won,
}

/// An outcome, and whether sales accepted the lead before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub outcome: Outcome,
    pub qualified: bool,
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Won,
    /// Lost as a deal, after sales had accepted it.
    LostDeal,
    /// Lost. Whether sales had accepted it is not said.
    Lost,
    /// Refused as a lead: the word is the reason.
    Refused,
    Qualified,
    Open,
}

impl State {
    /// Returns the furthest of two states: won before lost before open, qualified if one is.
    pub fn max(self, other: State) -> State {
        State { outcome: self.outcome.max(other.outcome), qualified: self.qualified || other.qualified }
    }

    pub fn of(meaning: Meaning) -> State {
        match meaning {
            Meaning::Won => State { outcome: Outcome::Won, qualified: true },
            Meaning::LostDeal => State { outcome: Outcome::Lost, qualified: true },
            Meaning::Lost | Meaning::Refused => State { outcome: Outcome::Lost, qualified: false },
            Meaning::Qualified => State { outcome: Outcome::Open, qualified: true },
            Meaning::Open => State::default(),
        }
    }
}

/// Words by their meaning, normalized by [`normal`]. Where to compare those of vendors:
/// HubSpot's lifecycle stages, lead statuses and default deal stages
/// (<https://knowledge.hubspot.com/records/use-lifecycle-stages>, <https://knowledge.hubspot.com/object-settings/set-up-and-customize-pipelines>),
/// Salesforce's standard lead statuses and opportunity stages (<https://help.salesforce.com/s/articleView?id=sales.forecasts3_understanding_field_history.htm>),
/// Pipedrive's deal statuses (<https://developers.pipedrive.com/docs/api/v1/Deals>), Zoho's lead statuses and deal stages
/// (<https://help.zoho.com/portal/en/kb/crm/sales-force-automation/leads/articles/standard-fields-leads>).
const WORDS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Won,
        &[
            "won",
            "closed won",
            "closedwon",
            "deal won",
            "customer",
            "evangelist",
            "sold",
            "purchased",
            "paid",
            "signed",
            "kunde",
            "gewonnen",
            "abgeschlossen und gewonnen",
            "abgeschlossen gewonnen",
            "verkauft",
            "client",
            "gagné",
            "gagne",
            "conclu gagné",
            "cliente",
            "ganado",
            "ganada",
            "cerrada ganada",
            "cerrado ganado",
            "ganho",
            "fechado ganho",
            "vinto",
            "klant",
            "gewonnen deal",
            "mteja",
            "imeshinda",
        ],
    ),
    (
        Meaning::LostDeal,
        &[
            "closed lost",
            "closedlost",
            "deal lost",
            "closed lost to competition",
            "abgeschlossen und verloren",
            "abgeschlossen verloren",
            "conclu perdu",
            "cerrada perdida",
            "cerrado perdido",
            "fechado perdido",
        ],
    ),
    (
        Meaning::Lost,
        &[
            "lost",
            "verloren",
            "perdu",
            "perdue",
            "perdido",
            "perdida",
            "perso",
            "imepotea",
            "lost lead",
            "closed not converted",
        ],
    ),
    (
        Meaning::Refused,
        &[
            "unqualified",
            "not qualified",
            "disqualified",
            "junk",
            "junk lead",
            "spam",
            "bad fit",
            "not interested",
            "unqualifiziert",
            "nicht qualifiziert",
            "non qualifié",
            "no calificado",
            "não qualificado",
            "rejected",
            "abgelehnt",
        ],
    ),
    (
        Meaning::Qualified,
        &[
            "qualified",
            "sales qualified lead",
            "salesqualifiedlead",
            "sql",
            "opportunity",
            "open deal",
            "converted",
            "closed converted",
            "qualifiziert",
            "qualifié",
            "calificado",
            "qualificado",
            "konvertiert",
            "opportunité",
            "oportunidad",
            "oportunidade",
            "verkaufschance",
            "sales accepted lead",
            "qualification",
            "needs analysis",
            "value proposition",
            "id decision makers",
            "identify decision makers",
            "perception analysis",
            "proposal price quote",
            "proposal",
            "negotiation review",
            "negotiation",
            "appointment scheduled",
            "qualified to buy",
            "presentation scheduled",
            "decision maker bought in",
            "contract sent",
            "appointmentscheduled",
            "qualifiedtobuy",
            "presentationscheduled",
            "decisionmakerboughtin",
            "contractsent",
        ],
    ),
    (
        Meaning::Open,
        &[
            "",
            "open",
            "new",
            "lead",
            "subscriber",
            "other",
            "marketing qualified lead",
            "marketingqualifiedlead",
            "mql",
            "working",
            "working contacted",
            "contacted",
            "attempted to contact",
            "attempting contact",
            "connected",
            "in progress",
            "nurturing",
            "bad timing",
            "contact in future",
            "pre qualified",
            "open not contacted",
            "not contacted",
            "offen",
            "neu",
            "in bearbeitung",
            "kontaktiert",
            "ouvert",
            "nouveau",
            "en cours",
            "abierto",
            "nuevo",
            "en curso",
            "aberto",
            "novo",
            "em andamento",
            "none",
            "lead contacted",
            "prospecting",
            "verified",
            "received",
            "mpya",
            "wazi",
        ],
    ),
];

/// The meanings of statuses, the site's own words first.
pub struct Vocabulary {
    meanings: HashMap<String, Meaning>,
}

impl Vocabulary {
    pub fn new(settings: &ReportSettings) -> Vocabulary {
        let known = WORDS.iter().flat_map(|(meaning, words)| words.iter().map(|word| ((*word).to_owned(), *meaning)));
        let own =
            [(&settings.won, Meaning::Won), (&settings.lost, Meaning::Lost), (&settings.qualified, Meaning::Qualified)];
        let own = own.into_iter().flat_map(|(words, meaning)| words.iter().map(move |word| (normal(word), meaning)));
        Vocabulary { meanings: known.chain(own).collect() }
    }

    /// Returns the meaning of a status. `None` if no list has it.
    pub fn meaning(&self, status: &str) -> Option<Meaning> {
        self.meanings.get(&normal(status)).copied()
    }
}

/// Returns a status in lower case, with single spaces between its words: `Closed - Won` is `closed won`. HubSpot adds the
/// pipeline in brackets, as in `Closed won (Sales Pipeline)`, which is left out.
pub fn normal(status: &str) -> String {
    let status = match status.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((stage, _)) => stage,
        None => status,
    };
    let lower = status.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_vendors_have_a_meaning() {
        let own = ReportSettings {
            lost: vec!["Customer".to_owned()],
            won: vec!["Unterschrieben!".to_owned()],
            ..ReportSettings::default()
        };
        let (vocabulary, own) = (Vocabulary::new(&ReportSettings::default()), Vocabulary::new(&own));
        for (status, meaning) in [
            ("Closed Won", Meaning::Won),
            ("Closed won (Sales Pipeline)", Meaning::Won),
            ("closedlost", Meaning::LostDeal),
            ("Closed-Lost to Competition", Meaning::LostDeal),
            ("Closed - Not Converted", Meaning::Lost),
            ("Junk Lead", Meaning::Refused),
            ("Marketing Qualified Lead", Meaning::Open),
            ("SALES_QUALIFIED_LEAD", Meaning::Qualified),
            ("Gewonnen", Meaning::Won),
        ] {
            assert_eq!(vocabulary.meaning(status), Some(meaning), "{status}");
        }
        assert_eq!(vocabulary.meaning("unterschrieben"), None);
        assert_eq!(own.meaning("unterschrieben"), Some(Meaning::Won));
        assert_eq!(own.meaning("customer"), Some(Meaning::Lost));
    }

    #[test]
    fn furthest_state_is_won_and_keeps_that_it_was_qualified() {
        let lost = State::of(Meaning::LostDeal);
        assert_eq!(lost.max(State::default()), lost);
        assert_eq!(lost.max(State::of(Meaning::Won)).outcome, Outcome::Won);
        assert!(State::of(Meaning::Qualified).max(State::of(Meaning::Lost)).qualified);
    }
}
