//! The headers of columns in the exports of CRMs, form services and sheets, in several languages.
//!
//! Where to compare them: HubSpot's default properties (<https://knowledge.hubspot.com/properties/hubspots-default-contact-properties>,
//! <https://knowledge.hubspot.com/properties/hubspots-default-deal-properties>), Salesforce's fields of leads and
//! opportunities
//! (<https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_lead.htm>,
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunity.htm>),
//! Pipedrive's exports (<https://support.pipedrive.com/en/article/exporting-data-from-pipedrive>), Zoho's fields
//! (<https://help.zoho.com/portal/en/kb/crm/sales-force-automation/leads/articles/standard-fields-leads>) and Netlify's
//! submissions (<https://docs.netlify.com/manage/forms/submissions/>).

use crate::model::site::report::ColumnRole;

/// Headers by what the column contains, in lower case, with single spaces between words. Earlier ones are preferred.
const HEADERS: &[(ColumnRole, &[&str])] = &[
    (
        ColumnRole::LeadTag,
        &["lead tag", "leadtag", "tagline lead tag", "lead tag c", "tag", "lead source tag", "kampagnen kennung"],
    ),
    (
        ColumnRole::Id,
        &[
            "record id",
            "lead id",
            "opportunity id",
            "deal id",
            "contact id",
            "person id",
            "id",
            "vid",
            "record id contact",
            "datensatz id",
            "id de registro",
            "identifiant",
            "number",
            "nummer",
        ],
    ),
    (
        ColumnRole::Contact,
        &[
            "associated contact ids",
            "associated deal ids",
            "associated contact id",
            "associated deal id",
            "converted opportunity id",
            "convertedopportunityid",
            "contact name id",
            "contact names id",
            "deal contact id",
            "deal person id",
            "contact ids",
            "deal ids",
            "zugeordnete kontakt ids",
            "zugeordnete deal ids",
        ],
    ),
    (
        ColumnRole::Created,
        &[
            "create date",
            "created date",
            "createdate",
            "createddate",
            "created time",
            "created at",
            "created",
            "created on",
            "date created",
            "creation date",
            "lead created",
            "deal created",
            "lead created time",
            "add time",
            "deal add time",
            "submitted at",
            "submission date",
            "timestamp",
            "date",
            "day",
            "erstellungsdatum",
            "erstellt am",
            "erstellt",
            "datum",
            "angelegt am",
            "deal erstellt",
            "date de création",
            "créé le",
            "date",
            "fecha de creación",
            "creado el",
            "fecha",
            "data de criação",
            "criado em",
            "data",
            "tarehe",
            "aangemaakt op",
            "eingang",
            "zeitstempel",
        ],
    ),
    (
        ColumnRole::Closed,
        &[
            "won time",
            "closed time",
            "deal closed on",
            "closing date",
            "close date",
            "closedate",
            "closed date",
            "date closed",
            "closed",
            "closed on",
            "closed at",
            "converted date",
            "converteddate",
            "won on",
            "lost time",
            "deal won time",
            "abschlussdatum",
            "abgeschlossen am",
            "deal abgeschlossen am",
            "date de clôture",
            "date de fermeture",
            "fecha de cierre",
            "data de fechamento",
            "tarehe ya kufunga",
            "geschlossen am",
        ],
    ),
    (
        ColumnRole::Status,
        &[
            "status",
            "deal status",
            "lead status",
            "stage",
            "deal stage",
            "stagename",
            "stage name",
            "lifecycle stage",
            "opportunity stage",
            "outcome",
            "result",
            "state",
            "converted",
            "isconverted",
            "is converted",
            "won",
            "iswon",
            "is won",
            "is closed won",
            "phase",
            "deal phase",
            "lifecycle phase",
            "leadstatus",
            "ergebnis",
            "statut",
            "étape",
            "phase du deal",
            "estado",
            "etapa",
            "fase",
            "situação",
            "hali",
            "lead status c",
            "zustand",
        ],
    ),
    (
        ColumnRole::Amount,
        &[
            "amount",
            "deal value",
            "deal size",
            "value",
            "deal amount",
            "opportunity amount",
            "revenue",
            "price",
            "total",
            "betrag",
            "auftragswert",
            "deal wert",
            "wert",
            "umsatz",
            "summe",
            "montant",
            "valeur",
            "importe",
            "valor",
            "monto",
            "kiasi",
            "bedrag",
        ],
    ),
    (
        ColumnRole::Currency,
        &[
            "currency",
            "deal currency of value",
            "amount currency",
            "currencyisocode",
            "currency iso code",
            "deal currency",
            "opportunity currency",
            "deal value currency",
            "währung",
            "deal währung",
            "devise",
            "moneda",
            "moeda",
            "sarafu",
            "valuta",
        ],
    ),
    (
        ColumnRole::LostReason,
        &[
            "closed lost reason",
            "lost reason",
            "deal lost reason",
            "loss reason",
            "reason for loss",
            "reason lost",
            "reason for loss s",
            "reason",
            "disqualification reason",
            "unqualified reason",
            "grund",
            "verlustgrund",
            "grund der absage",
            "absagegrund",
            "deal verlustgrund",
            "grund für verlust",
            "raison de la perte",
            "motif de perte",
            "motivo de pérdida",
            "motivo da perda",
            "sababu",
        ],
    ),
    (
        ColumnRole::Owner,
        &[
            "contact owner",
            "deal owner",
            "lead owner",
            "opportunity owner",
            "owner",
            "owner name",
            "ownerid",
            "assigned to",
            "sales rep",
            "salesperson",
            "zuständiger mitarbeiter",
            "besitzer",
            "deal besitzer",
            "inhaber",
            "propriétaire",
            "propietario",
            "proprietário",
            "mmiliki",
            "eigenaar",
            "verantwortlich",
        ],
    ),
    (
        ColumnRole::Email,
        &[
            "email",
            "e mail",
            "email address",
            "e mail address",
            "person email",
            "person email work",
            "work email",
            "contact email",
            "deal person email",
            "e mail adresse",
            "adresse e mail",
            "correo electrónico",
            "correo",
            "endereço de e mail",
            "barua pepe",
            "lead email",
        ],
    ),
    (
        ColumnRole::Phone,
        &[
            "phone",
            "phone number",
            "mobile",
            "mobile phone",
            "mobile phone number",
            "telephone",
            "person phone",
            "person phone work",
            "telefon",
            "telefonnummer",
            "téléphone",
            "teléfono",
            "telefone",
            "simu",
            "telefoon",
        ],
    ),
];

/// How much worse a name with something in brackets fits than one without.
const IN_BRACKETS: usize = 1000;

/// Returns what a column with a header contains, and how well the name fits: 0 is best. `Deal value (EUR)` is a deal value.
pub fn role_of(header: &str) -> Option<(ColumnRole, usize)> {
    let of_name = |header: &str| {
        let name = normal(header);
        let position = |names: &[&str]| names.iter().position(|known| *known == name);
        HEADERS.iter().find_map(|(role, names)| Some((*role, position(names)?)))
    };
    let without_brackets = || of_name(brackets(header)?.0).map(|(role, fit)| (role, fit + IN_BRACKETS));
    of_name(header).or_else(without_brackets)
}

/// Splits `Deal value (EUR)` into the name and what is in the brackets at its end.
pub fn brackets(header: &str) -> Option<(&str, &str)> {
    let (name, inside) = header.trim_end().strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    Some((name.trim_end(), inside.trim()))
}

/// Returns a header in lower case with single spaces between its words, without repeated words: Pipedrive's
/// `Deal - Deal created` is `deal created`.
pub fn normal(header: &str) -> String {
    let lower = header.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    words.dedup();
    words.join(" ")
}

/// Whether a header could be a value of a person: an e-mail address or a number. Such headers are not shown.
pub fn is_personal(header: &str) -> bool {
    header.contains('@') || header.contains(|c: char| c.is_numeric()) && !header.contains(char::is_alphabetic)
}

/// Whether a row is a header for certain: it has the name of a column. Words for statuses could be values too.
pub fn is_header(cells: &[String]) -> bool {
    cells.iter().filter_map(|cell| role_of(cell)).any(|(role, _)| role != ColumnRole::Status)
}

/// Returns a header for a message, or its place if it could be personal.
pub fn shown(headers: &[String], index: usize) -> String {
    match headers.get(index) {
        Some(header) if !is_personal(header) => format!("`{header}`"),
        _ => format!("column {}", index + 1),
    }
}

/// Whether the header of a status is that of a deal: a deal that was lost had been accepted by sales.
pub fn is_of_deals(header: &str) -> bool {
    let name = normal(header);
    ["deal", "opportunity", "stage", "phase"].iter().any(|word| name.split(' ').any(|part| part == *word))
        && !name.contains("lifecycle")
}

/// Whether a column of outcomes says `true` or `1` instead of a word, and what that means.
pub fn flag_of(header: &str) -> Option<super::Flag> {
    match &*normal(header) {
        "converted" | "isconverted" | "is converted" => Some(super::Flag::Converted),
        "won" | "iswon" | "is won" | "is closed won" => Some(super::Flag::Won),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_vendors_have_a_role() {
        for (header, role) in [
            ("Deal - Lost reason", ColumnRole::LostReason),
            ("Deal - Currency of Value", ColumnRole::Currency),
            ("Person - Email - Work", ColumnRole::Email),
            ("Associated Contact IDs", ColumnRole::Contact),
            ("Record ID", ColumnRole::Id),
            ("Erstellungsdatum", ColumnRole::Created),
            ("E-Mail-Adresse", ColumnRole::Email),
            ("created_at", ColumnRole::Created),
            ("Lead_Tag__c", ColumnRole::LeadTag),
            ("ConvertedOpportunityId", ColumnRole::Contact),
        ] {
            assert_eq!(role_of(header).map(|(role, _)| role), Some(role), "{header}");
        }
        assert_eq!(role_of("First Name"), None);
    }

    #[test]
    fn values_of_people_are_not_shown_as_names_of_columns() {
        let headers = ["Email 2", "ada@x.example", "+254 700 000", "2027", "Größe"].map(str::to_owned);
        let shown: Vec<String> = (0..5).map(|index| shown(&headers, index)).collect();
        assert_eq!(shown, ["`Email 2`", "column 2", "column 3", "column 4", "`Größe`"]);
    }

    #[test]
    fn every_name_is_normal() {
        for (_, names) in HEADERS {
            for name in *names {
                assert_eq!(normal(name), *name);
            }
        }
    }
}
