pub use super::cta::contact::{ContactBy, RegisteredContact as ContactMade, *};
pub use super::phone::PhoneNumber;

impl ContactMade<'_> {
    pub fn quotes_a_code(kind: super::cta::CtaKind, offer: &str) -> bool {
        kind.quotes_a_code(offer)
    }
}
