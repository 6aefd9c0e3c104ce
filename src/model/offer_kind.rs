pub use super::cta::CtaKind;
