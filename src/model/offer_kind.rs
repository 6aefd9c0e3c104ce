//! The kinds of call to action, by the names that front matter and the tag register give them.

use std::fmt;

/// What a call to action offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CtaKind {
    Coupon,
    Download,
    Booking,
    Contact,
}

impl CtaKind {
    pub const ALL: [CtaKind; 4] = [CtaKind::Coupon, CtaKind::Download, CtaKind::Booking, CtaKind::Contact];

    pub fn as_str(self) -> &'static str {
        match self {
            CtaKind::Coupon => "coupon",
            CtaKind::Download => "download",
            CtaKind::Booking => "booking",
            CtaKind::Contact => "contact",
        }
    }

    /// The kind of exactly this name.
    pub fn parse(text: &str) -> Option<CtaKind> {
        CtaKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for CtaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_by_the_name_it_is_written_with() {
        for kind in CtaKind::ALL {
            assert_eq!(CtaKind::parse(kind.as_str()), Some(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
        }
        for other in ["", "Coupon", "coupons", "form"] {
            assert_eq!(CtaKind::parse(other), None, "{other}");
        }
    }
}
