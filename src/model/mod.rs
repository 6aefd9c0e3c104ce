//! What a site is made of, once it has been read: types that cannot be wrong. No I/O, no templates.

pub mod address;
pub mod body;
pub mod channel;
pub mod code;
pub mod contact;
pub mod cta;
pub mod date;
pub mod destination;
pub mod file;
pub mod ga4;
pub mod hidden_field;
pub mod offer;
pub mod offer_kind;
pub mod page;
pub mod picture;
pub mod policy;
pub mod product;
pub mod provider;
pub mod site;
pub mod slug;
pub mod tag;
pub mod variant;
