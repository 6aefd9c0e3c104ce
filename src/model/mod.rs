//! What a site is made of: values that were parsed once and need no further checks. Each type that authors write in YAML
//! has its table of keys and its reader beside it. No I/O, no templates.

pub mod address;
pub mod bad_address;
pub mod block;
pub mod body;
pub mod channel;
pub mod channel_overlap;
mod character_reference;
pub mod code;
pub mod content;
pub mod csp;
pub mod cta;
pub mod date;
pub mod destination;
mod elsewhere;
pub mod file;
pub mod file_format;
pub mod form;
pub mod ga4;
pub mod gate;
pub mod hidden_field;
pub mod host;
pub mod lead_fields;
pub mod offer;
pub mod page;
pub mod phone;
pub mod picture;
pub mod product;
pub mod provider;
pub mod rule_levels;
pub mod site;
pub mod slug;
pub mod tag;
pub mod values;
pub mod variant;
