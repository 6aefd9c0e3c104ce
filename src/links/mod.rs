//! Share links: one for each campaign and channel of a resolved site, as a table, as CSV, as JSON or as QR codes.

pub mod duration;
mod export;
mod ga4;
pub mod qr;
mod qr_caption;
mod share_link;
mod table;

pub use export::{json, write_csv};
pub use ga4::{is_offline, unassigned, unassigned_channel};
pub use share_link::{CampaignLinks, NoCampaign, ShareLink, all, of_campaign};
pub use table::table;
