//! Where leads come from: what would put one visit under two names, or under none.
