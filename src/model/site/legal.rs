//! Privacy pages and imprints, recognized by the words of their labels and addresses.

/// A page that the law requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegalPage {
    Privacy,
    /// Who is responsible for the site, with an address.
    Imprint,
}

impl LegalPage {
    /// Returns true if a label, a title or an address names such a page, in one of the languages of the theme or another
    /// common one.
    pub fn is_named_in(self, text: &str) -> bool {
        let text = text.to_lowercase().replace(['-', '_'], " ");
        self.names().iter().any(|name| text.contains(name))
    }

    /// Names in lower case, some without their endings.
    fn names(self) -> &'static [&'static str] {
        match self {
            LegalPage::Privacy => &[
                "privacy",
                "data protection",
                "gdpr",
                "datenschutz",
                "dsgvo",
                "confidentialit",
                "données personnelles",
                "rgpd",
                "privacidad",
                "protección de datos",
                "privacidade",
                "faragha",
                "integritet",
                "personvern",
                "tietosuoja",
                "gizlilik",
                "prywatno",
            ],
            LegalPage::Imprint => &[
                "imprint",
                "impressum",
                "legal notice",
                "anbieterkennzeichnung",
                "offenlegung",
                "mentions légales",
                "mentions legales",
                "aviso legal",
                "note legali",
                "colofon",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LegalPage::{Imprint, Privacy};

    #[test]
    fn pages_are_recognized_by_their_names() {
        for name in ["Privacy notice", "/privacy.md", "Datenschutzerklärung", "Politique de confidentialité", "Faragha"]
        {
            assert!(Privacy.is_named_in(name) && !Imprint.is_named_in(name), "{name}");
        }
        for name in ["Impressum", "/legal-notice.md", "Mentions légales", "IMPRINT", "Aviso legal"] {
            assert!(Imprint.is_named_in(name) && !Privacy.is_named_in(name), "{name}");
        }
        for name in ["Prices", "Private lessons", "Terms", "Contact"] {
            assert!(!Imprint.is_named_in(name) && !Privacy.is_named_in(name), "{name}");
        }
    }
}
